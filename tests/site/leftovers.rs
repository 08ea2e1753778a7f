//! What a kill leaves behind is gone after the next start, and what somebody is writing stays.

use std::fs::{File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::support::program::{PROGRAM, Program};
use crate::support::{Site, clips};

/// All temporary files below a folder.
fn temporary(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(".terugkijken-") {
            found.push(path);
        } else if path.is_dir() {
            found.extend(temporary(&path));
        }
    }
    found
}

/// The number of a process that runs no more.
fn a_dead_process() -> u32 {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    child.id()
}

fn make_old(path: &Path) {
    let old = SystemTime::now() - Duration::from_secs(3 * 60 * 60);
    let file = File::options().write(true).open(path).unwrap();
    file.set_times(FileTimes::new().set_modified(old)).unwrap();
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_replaced_file_leaves_nothing_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let series = folder.path().join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    for number in 1..=40 {
        let file = format!("{number:02}-deel.mp4");
        std::fs::write(series.join(file), clips::bytes("a.mp4", 1 + number % 3)).unwrap();
    }
    // The program is stopped at each rename of the first one that writes a sidecar, and killed there.
    let trace = folder.path().join("trace");
    let command = format!(
        "exec strace -f -qq -o {} -e trace=rename,renameat,renameat2 -e inject=rename,renameat,renameat2:signal=KILL:when=1 {PROGRAM} scan",
        trace.display()
    );
    let killed = std::process::Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder.path())
        .output();
    let left = temporary(folder.path());
    if killed.is_err() || left.is_empty() {
        // Without strace on this machine such a file is put there by hand.
        let name = format!(".terugkijken-{}-0", a_dead_process());
        std::fs::write(series.join(name), "half").unwrap();
    }
    assert_eq!(temporary(folder.path()).len(), 1, "the premise");
    let words = "1 series with 40 recordings";
    let log = std::process::Stdio::null();
    Program::start_until(folder.path(), &[PROGRAM], log, words).kill();
    assert_eq!(temporary(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn leftovers_go_from_every_folder_and_what_is_being_written_stays() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    std::fs::create_dir_all(site.path("reeks/.versions")).unwrap();
    std::fs::create_dir_all(site.path(".uploads")).unwrap();
    let data = site.folder().join("data");
    let folders = [
        site.media().to_owned(),
        site.path("reeks"),
        site.path("reeks/.versions"),
        site.path(".uploads"),
        data.clone(),
        data.join("posters"),
    ];
    let (dead, alive) = (a_dead_process(), std::process::id());
    let mut locked = Vec::new();
    let mut stay = Vec::new();
    for folder in &folders {
        for number in [1, 2] {
            std::fs::write(folder.join(format!(".terugkijken-{dead}-{number}")), "x").unwrap();
        }
        let old = folder.join(format!(".terugkijken-{alive}-100001"));
        std::fs::write(&old, "x").unwrap();
        make_old(&old);
        // Of a process that runs, and not old; and of one that holds it although its number says nothing here.
        let young = folder.join(format!(".terugkijken-{alive}-100002"));
        std::fs::write(&young, "x").unwrap();
        let held = folder.join(format!(".terugkijken-{dead}-100003"));
        let file = File::create(&held).unwrap();
        file.lock().unwrap();
        make_old(&held);
        locked.push(file);
        stay.extend([young, held]);
    }
    let mine = site.path("reeks/.iets-van-mij");
    std::fs::write(&mine, "x").unwrap();
    site.scan().await;
    let mut left = temporary(site.folder());
    left.sort();
    stay.sort();
    assert_eq!(left, stay);
    assert!(mine.exists());
    drop(locked);
    site.scan().await;
    assert_eq!(temporary(site.folder()).len(), folders.len());
}

/// A folder with a series in it, and the place of the series.
fn with_a_series() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let series = folder.path().join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    std::fs::write(series.join("01-begin.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    (folder, series)
}

#[track_caller]
fn run(folder: &Path, command: &str) {
    let mut shell = std::process::Command::new("sh");
    let done = shell.args(["-c", command]).current_dir(folder).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[tokio::test]
async fn what_a_process_of_the_same_number_is_writing_in_another_container_stays() {
    let (folder, series) = with_a_series();
    let names = "media/reeks/.terugkijken-$$-$number data/.terugkijken-$$-$number";
    run(
        folder.path(),
        &format!(
            "mkdir data; for number in $(seq 0 99); do touch {names}; done; exec {PROGRAM} scan"
        ),
    );
    assert!(series.join("01-begin.toml").exists(), "the premise");
    assert_eq!(temporary(folder.path()).len(), 200);
}

#[tokio::test]
async fn where_a_drive_knows_no_locks_the_age_alone_tells() {
    let (folder, series) = with_a_series();
    let dead = a_dead_process();
    let [young, old] = [1, 2].map(|number| series.join(format!(".terugkijken-{dead}-{number}")));
    std::fs::write(&young, "x").unwrap();
    std::fs::write(&old, "x").unwrap();
    make_old(&old);
    let strace = std::process::Command::new("strace").arg("-V").output();
    if strace.is_err() {
        return;
    }
    let (one, other) = (young.display(), old.display());
    run(
        folder.path(),
        &format!(
            "exec strace -f -qq -o trace -P {one} -P {other} -e inject=flock:error=ENOLCK {PROGRAM} scan"
        ),
    );
    let trace = std::fs::read_to_string(folder.path().join("trace")).unwrap();
    assert!(trace.contains("ENOLCK"), "the premise: {trace}");
    assert!(young.exists() && !old.exists());
}

#[tokio::test]
async fn leftovers_go_where_the_two_folders_are_links() {
    let (folder, _) = with_a_series();
    let path = |name: &str| folder.path().join(name);
    std::fs::rename(path("media"), path("schijf")).unwrap();
    std::fs::create_dir(path("gegevens")).unwrap();
    std::os::unix::fs::symlink("schijf", path("media")).unwrap();
    std::os::unix::fs::symlink("gegevens", path("data")).unwrap();
    let dead = a_dead_process();
    for place in ["schijf", "gegevens", "schijf/reeks"] {
        let name = format!("{place}/.terugkijken-{dead}-1");
        std::fs::write(path(&name), "x").unwrap();
    }
    run(folder.path(), &format!("exec {PROGRAM} scan"));
    assert_eq!(temporary(folder.path()), Vec::<PathBuf>::new());
}
