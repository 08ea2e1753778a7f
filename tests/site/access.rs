//! Whoever may use the folders may go on using them: the data folder is the owner's alone, and in the media folder a file has the
//! mode and group of what it replaces, or else those that its folder gives, whatever the umask.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{CAPTIONS, picture};
use crate::support::program::{PROGRAM, Program, key};
use crate::support::{Site, clips};

/// A group that is nobody's; root may give files to it.
const VOLUNTEERS: u32 = 4242;

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A folder and all in it, itself first.
fn all(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![folder.to_owned()];
    if folder.symlink_metadata().unwrap().is_dir() {
        for entry in std::fs::read_dir(folder).unwrap() {
            found.extend(all(&entry.unwrap().path()));
        }
    }
    found
}

#[track_caller]
fn is_private(data: &Path) {
    let all = all(data);
    for path in &all {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path), expected, "{}", path.display());
    }
    for name in [
        "catalogue.db",
        "catalogue.db-wal",
        "catalogue.db-shm",
        "server.lock",
    ] {
        assert!(
            all.contains(&data.join(name)),
            "the premise: {name} in {all:?}"
        );
    }
}

async fn start(folder: &Path, umask: &str, log: Stdio) -> Program {
    let command = format!("umask {umask}; exec {PROGRAM}");
    let words = ["sh", "-c", command.as_str()];
    let program = Program::start_until(folder, &words, log, " series with ");
    program.client.get("/readyz").await.is(200);
    program
}

#[tokio::test]
async fn the_data_folder_is_the_owners_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "277"] {
        let folder = tempfile::tempdir().unwrap();
        let series = folder.path().join("media/reeks");
        std::fs::create_dir_all(&series).unwrap();
        std::fs::write(series.join("series.toml"), "visibility = \"public\"\n").unwrap();
        std::fs::write(series.join("01-begin.mp4"), clips::bytes("a.mp4", 1)).unwrap();
        std::fs::write(series.join("01-begin.jpg"), picture(640)).unwrap();
        let program = start(folder.path(), umask, Stdio::null()).await;
        is_private(&folder.path().join("data"));
        program.kill();
    }
}

#[tokio::test]
async fn a_data_folder_that_was_open_to_others_is_closed_at_the_start_and_that_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    start(folder.path(), "000", Stdio::null()).await.kill();
    for path in all(&data) {
        set_mode(&path, if path.is_dir() { 0o777 } else { 0o666 });
    }
    // A media folder in the data folder, and a link in it, are no part of what the program makes.
    let outside = folder.path().join("buiten");
    std::fs::write(&outside, "van iemand anders").unwrap();
    set_mode(&outside, 0o644);
    std::os::unix::fs::symlink(&outside, data.join("koppeling")).unwrap();
    for (start_number, lines) in [(1, 1), (2, 0)] {
        let mut program = start(folder.path(), "000", Stdio::piped()).await;
        std::fs::remove_file(data.join("koppeling")).unwrap();
        is_private(&data);
        std::os::unix::fs::symlink(&outside, data.join("koppeling")).unwrap();
        let mut log = program.child.stderr.take().unwrap();
        program.kill();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut log, &mut text).unwrap();
        let count = text.matches("was open to others").count();
        assert_eq!(count, lines, "start {start_number}: {text}");
    }
    assert_eq!(mode(&outside), 0o644);
}

#[tokio::test]
async fn a_media_folder_within_the_data_folder_keeps_its_modes() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("data/media");
    std::fs::create_dir_all(media.join("reeks")).unwrap();
    set_mode(&media, 0o775);
    set_mode(&media.join("reeks"), 0o775);
    let command = format!("umask 022; exec {PROGRAM} --media data/media");
    let words = ["sh", "-c", command.as_str()];
    Program::start_as(folder.path(), &words).await.kill();
    assert_eq!((mode(&media), mode(&media.join("reeks"))), (0o775, 0o775));
    assert_eq!(mode(&folder.path().join("data")), 0o700);
}

/// Whether files may be given to a group, which only root may.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn group(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().gid()
}

fn share(path: &Path, shared: u32) {
    if is_root() {
        chown(path, None, Some(VOLUNTEERS)).unwrap();
    }
    set_mode(path, shared);
}

#[track_caller]
fn is_shared(path: &Path, expected: u32) {
    assert_eq!(mode(path), expected, "{}", path.display());
    if is_root() {
        assert_eq!(group(path), VOLUNTEERS, "{}", path.display());
    }
}

#[tokio::test]
async fn what_comes_into_a_shared_folder_is_shared() {
    let site = Site::open().await;
    share(site.media(), 0o2775);
    std::fs::create_dir(site.path("reeks")).unwrap();
    share(&site.path("reeks"), 0o2775);
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let id = site.id_in("reeks/01-begin.toml");
    let page = format!("/desk/recordings/{id}");
    for (what, name, bytes, field) in [
        ("captions", "a.vtt", CAPTIONS.into(), ("language", "nl")),
        ("poster", "a.png", picture(640), ("x", "y")),
        (
            "handouts",
            "blad.pdf",
            b"%PDF-1.4".to_vec(),
            ("title", "Blad"),
        ),
    ] {
        let path = format!("{page}/{what}");
        mira.put_file(&path, name, bytes, field).await.is(303);
    }
    let begun = mira.announce(10, &[("filename", "b.mp4")]).await;
    let file = begun.rsplit('/').next().unwrap();
    is_shared(&site.path(".uploads"), 0o2775);
    // Until it is whole, nobody else has a use for it.
    assert_eq!(mode(&site.path(&format!(".uploads/{file}"))), 0o600);
    mira.upload(clips::bytes("a.mp4", 2), &[("filename", "02-nieuw.mp4")])
        .await;
    is_shared(&site.path("inbox"), 0o2775);
    mira.does("/desk/series", &[("title", "Verse reeks")]).await;
    is_shared(&site.path("verse-reeks"), 0o2775);
    is_shared(&site.path("verse-reeks/series.toml"), 0o664);
    is_shared(&site.path("inbox/02-nieuw.mp4"), 0o664);
    is_shared(&site.path("inbox/02-nieuw.toml"), 0o664);
    let ours = |name: &str| name.starts_with("01-begin.") && name != "01-begin.mp4";
    let names: Vec<String> = std::fs::read_dir(site.path("reeks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| ours(name))
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    for name in names {
        is_shared(&site.path(&format!("reeks/{name}")), 0o664);
    }
}

#[tokio::test]
async fn a_folder_of_one_person_stays_of_one_person() {
    let site = Site::open().await;
    set_mode(site.media(), 0o700);
    let mira = site.colleague("mira", Role::Administrator).await;
    mira.upload(clips::bytes("a.mp4", 2), &[("filename", "02-nieuw.mp4")])
        .await;
    for (name, expected) in [
        ("inbox", 0o700),
        (".uploads", 0o700),
        ("inbox/02-nieuw.mp4", 0o600),
        ("inbox/02-nieuw.toml", 0o600),
    ] {
        assert_eq!(mode(&site.path(name)), expected, "{name}");
    }
}

#[tokio::test]
async fn a_file_that_is_replaced_keeps_its_mode_and_group() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.nl.vtt", CAPTIONS);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let files = [
        ("01-begin.mp4", 0o640),
        ("01-begin.toml", 0o660),
        ("01-begin.nl.vtt", 0o604),
        ("series.toml", 0o606),
    ];
    for (name, mode) in files {
        share(&site.path(&format!("reeks/{name}")), mode);
    }
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = format!("/desk/recordings/{id}");
    mira.describe(&page, "Een ander begin").await;
    let captions = CAPTIONS.replace("Eerste", "Tweede");
    let (path, field) = (format!("{page}/captions"), ("language", "nl"));
    mira.put_file(&path, "a.vtt", captions, field).await.is(303);
    let series = mira.series("Reeks").await;
    let lock = format!("/desk/series/{series}/password");
    mira.does(&lock, &[("password", "acht tekens")]).await;
    let pairs = [("filename", "nieuw.mp4"), ("replaces", &*id)];
    mira.upload(clips::bytes("a.mp4", 9), &pairs).await;
    for (name, text) in [
        ("01-begin.toml", "Een ander begin"),
        ("01-begin.nl.vtt", "Tweede"),
        ("series.toml", "password_hash"),
    ] {
        let now = site.read(&format!("reeks/{name}"));
        assert!(now.contains(text), "the premise: {now}");
    }
    let now = std::fs::read(site.path("reeks/01-begin.mp4")).unwrap();
    assert!(now == clips::bytes("a.mp4", 9), "the premise");
    for (name, mode) in files {
        is_shared(&site.path(&format!("reeks/{name}")), mode);
    }
    // What was replaced is kept as it was.
    let versions = site.path("reeks/.versions");
    assert_eq!(mode(&versions), mode(&site.path("reeks")));
    let kept = std::fs::read_dir(&versions).unwrap().next().unwrap();
    is_shared(&kept.unwrap().path(), 0o640);
}

#[tokio::test]
async fn a_command_makes_no_file_that_others_can_read() {
    let folder = tempfile::tempdir().unwrap();
    key(folder.path());
    for path in all(&folder.path().join("data")) {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
}

#[tokio::test]
async fn what_was_meant_for_one_group_is_not_given_to_another() {
    // Only root can prepare what somebody else cannot keep.
    if !is_root() {
        return;
    }
    let nobody = 65534;
    let folder = tempfile::tempdir().unwrap();
    let reeks = folder.path().join("media/reeks");
    std::fs::create_dir_all(&reeks).unwrap();
    for (name, mode) in [
        ("01-a", 0o640),
        ("02-b", 0o660),
        ("03-c", 0o664),
        ("04-d", 0o604),
    ] {
        std::fs::write(reeks.join(format!("{name}.mp4")), clips::bytes("a.mp4", 1)).unwrap();
        let sidecar = reeks.join(format!("{name}.toml"));
        std::fs::write(&sidecar, format!("title = \"{name}\"\n")).unwrap();
        set_mode(&sidecar, mode);
    }
    std::fs::write(reeks.join("05-e.mp4"), clips::bytes("a.mp4", 2)).unwrap();
    let program = folder.path().join("terugkijken");
    std::fs::copy(PROGRAM, &program).unwrap();
    set_mode(&reeks, 0o770);
    for path in all(folder.path()) {
        chown(path, Some(nobody), Some(VOLUNTEERS)).unwrap();
    }
    let mut scan = std::process::Command::new(&program);
    scan.arg("scan").current_dir(folder.path());
    let done = scan.uid(nobody).gid(nobody).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    for (name, expected) in [
        ("01-a", 0o600),
        ("02-b", 0o600),
        ("03-c", 0o644),
        ("04-d", 0o604),
        ("05-e", 0o600),
    ] {
        let sidecar = reeks.join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&sidecar).unwrap();
        assert!(text.contains("id = "), "the premise: {text}");
        assert_eq!(group(&sidecar), nobody, "the premise: {name}");
        assert_eq!(mode(&sidecar), expected, "{name}");
    }
}
