//! What the portal says of itself when something breaks: what visitors lose is red, what only coordinators lose is a warning, and
//! both end by themselves.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;
use terugkijken::catalogue::coordinator::Role;

use crate::support::people::PASSWORD;
use crate::support::program::{Program, command};
use crate::support::small_disk::SmallDisk;
use crate::support::{Site, clips};

/// The answer of `/readyz`, looked at anew.
async fn ready(site: &Site) -> (u16, Value) {
    site.app.clock.hold(site.app.clock.now() + 60);
    let answer = site.get("/readyz").await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

async fn is_red(site: &Site, subject: &str, why: &str) {
    let (status, ready) = ready(site).await;
    let said = ready["checks"][subject].as_str().unwrap();
    assert!(status == 503 && said.contains(why), "{status} {ready}");
    assert_eq!(ready["ready"], false);
}

async fn is_green(site: &Site) {
    let (status, ready) = ready(site).await;
    assert!(status == 200 && ready["ready"] == true, "{ready}");
    assert!(ready["warnings"].as_array().unwrap().is_empty(), "{ready}");
}

async fn a_film(site: &Site) {
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-les.mp4", 1);
    site.scan().await;
}

#[tokio::test]
async fn a_media_folder_that_is_gone_is_told_until_it_is_back() {
    let site = Site::open().await;
    a_film(&site).await;
    let mira = site.colleague("mira", Role::Editor).await;
    is_green(&site).await;
    let away = site.folder().join("away");
    std::fs::rename(site.media(), &away).unwrap();
    is_red(&site, "media", "cannot be read").await;
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .shows("Bezoekers kunnen de opnamen niet afspelen");
    // What is left where a disk was mounted.
    std::fs::create_dir(site.media()).unwrap();
    is_red(&site, "media", "is its disk mounted?").await;
    std::fs::remove_dir(site.media()).unwrap();
    std::fs::rename(&away, site.media()).unwrap();
    is_green(&site).await;
}

#[tokio::test]
async fn a_database_that_is_damaged_while_it_serves_is_told_until_it_is_whole() {
    let site = Site::open().await;
    a_film(&site).await;
    site.app.db.checkpoint().await.unwrap();
    is_green(&site).await;
    site.app.db.checkpoint().await.unwrap();
    let path = site.app.library.database();
    let whole = std::fs::read(&path).unwrap();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    for (what, from, bytes) in [
        ("its head", 0, 100),
        ("a page of tables", 4096, 4096),
        ("everything behind the head", 4096, whole.len() - 4096),
    ] {
        file.write_all_at(&vec![0xa5; bytes], from).unwrap();
        println!("{what}");
        is_red(&site, "database", "cannot be read").await;
        file.write_all_at(&whole, 0).unwrap();
        is_green(&site).await;
        site.app.db.checkpoint().await.unwrap();
    }
    // Cut off, and replaced by an empty one.
    file.set_len(8192).unwrap();
    is_red(&site, "database", "cannot be read").await;
    file.set_len(0).unwrap();
    is_red(&site, "database", "cannot be read").await;
    file.write_all_at(&whole, 0).unwrap();
    is_green(&site).await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_keeps_nobody_waiting() {
    let site = Site::open().await;
    a_film(&site).await;
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let held = site.app.db.clone();
    let holding = tokio::spawn(async move {
        held.write(move |_| {
            let _ = wait.recv();
            Ok(())
        })
        .await
    });
    is_red(&site, "database", "does not answer").await;
    // However often somebody asks, one check waits, also for who has left; and visitors watch.
    let before = site.app.db.handed_over();
    let _ = tokio::time::timeout(Duration::from_millis(1), ready(&site)).await;
    is_red(&site, "database", "does not answer").await;
    assert_eq!(site.app.db.handed_over(), before);
    site.get("/series/reeks").await.is(200);
    go_on.send(()).unwrap();
    holding.await.unwrap().unwrap();
    // The check that hung is over with what it waited for.
    let _ = ready(&site).await;
    is_green(&site).await;
}

#[tokio::test]
async fn a_full_media_disk_is_a_warning_and_told_at_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("media"), 4) else {
        return;
    };
    let media = disk.0.clone();
    let site = Site::open_with(|config| config.media = media).await;
    a_film(&site).await;
    let mira = site.colleague("mira", Role::Editor).await;
    disk.fill(0);
    let (status, answer) = ready(&site).await;
    assert_eq!((status, &answer["ready"]), (200, &true.into()), "{answer}");
    let warning = answer["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("media: cannot be written"), "{answer}");
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .shows("In de mediamap kan op dit moment niets worden opgeslagen");
    // Whatever is to be written there is refused with a sentence.
    let id = site.id_in("reeks/01-les.toml");
    let film = format!("/desk/recordings/{id}");
    let png = crate::support::desk::picture(1280);
    for (path, name, bytes) in [
        (format!("{film}/poster"), "a.png", png),
        (
            format!("{film}/captions"),
            "a.nl.vtt",
            b"WEBVTT\n\n00:01.000 --> 00:02.000\nHoi\n".to_vec(),
        ),
        (format!("{film}/handouts"), "a.pdf", b"%PDF-1.4".to_vec()),
    ] {
        let part = reqwest::multipart::Part::bytes(bytes).file_name(name);
        let form = reqwest::multipart::Form::new()
            .text("language", "nl")
            .text("title", "Werkblad")
            .part("file", part);
        let request = mira
            .ask(reqwest::Method::POST, &format!("{path}?lang=nl"))
            .multipart(form);
        let answer = mira.send(request).await.is(507);
        answer.shows("De schijf van de server is vol");
    }
    mira.post("/desk/series?lang=nl", &[("title", "Nieuw")])
        .await
        .is(507)
        .shows("De schijf van de server is vol");
    disk.free();
    is_green(&site).await;
}

#[tokio::test]
async fn a_full_data_disk_refuses_a_save_before_it_changes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("data"), 16) else {
        return;
    };
    let data = disk.0.clone();
    let site = Site::open_with(|config| config.data = data).await;
    a_film(&site).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let id = site.id_in("reeks/01-les.toml");
    let page = format!("/desk/recordings/{id}");
    let form = mira.form(&page).await;
    let before = site.read("reeks/01-les.toml");
    disk.fill(0);
    let form = form.with(&[("title", "Een andere titel")]);
    form.send(&mira, None)
        .await
        .is(507)
        .shows("De schijf van de server is vol")
        .shows("Een andere titel");
    assert_eq!(site.read("reeks/01-les.toml"), before);
    let (status, answer) = ready(&site).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer["warnings"].to_string().contains("cannot be written"),
        "{answer}"
    );
    // Reading and watching go on, at the desk too.
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .shows("Het portaal kan op dit moment niets opslaan");
    site.get(&format!("/watch/{id}")).await.is(200);
    disk.free();
    form.send(&mira, None).await.is(303);
    assert!(site.read("reeks/01-les.toml").contains("Een andere titel"));
    is_green(&site).await;
}

fn media(folder: &Path) {
    std::fs::create_dir_all(folder.join("media/reeks")).unwrap();
    std::fs::write(
        folder.join("media/reeks/series.toml"),
        "title = \"De reeks\"\nvisibility = \"public\"\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("media/reeks/01-les.mp4"),
        clips::bytes("a.mp4", 1),
    )
    .unwrap();
}

fn end(mut program: Program) {
    program.signal(Signal::TERM);
    assert!(program.child.wait().unwrap().success());
}

/// The database as a kill left it, with a log beside it.
fn is_killed_with_its_log(folder: &Path) -> bool {
    File::open(folder.join("data/catalogue.db-wal"))
        .is_ok_and(|log| log.metadata().unwrap().len() > 0)
}

#[tokio::test]
async fn with_no_room_at_all_it_starts_for_watching_and_saves_again_when_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("data"), 16) else {
        return;
    };
    media(folder.path());
    let add = [
        "coordinator",
        "add",
        "mira@example.org",
        "--name",
        "Mira",
        "--role",
        "editor",
        "--password-stdin",
    ];
    assert!(command(folder.path(), &add, &format!("{PASSWORD}\n")).0);
    for is_killed in [false, true] {
        let program = Program::start(folder.path()).await;
        let visitor = &program.client;
        while !visitor.get("/").await.text().contains("De reeks") {
            tokio::task::yield_now().await;
        }
        match is_killed {
            true => program.kill(),
            false => end(program),
        }
        assert_eq!(is_killed_with_its_log(folder.path()), is_killed);
        disk.fill(0);
        let program = Program::start(folder.path()).await;
        let visitor = &program.client;
        visitor.get("/series/reeks").await.is(200).shows("Les");
        let ready = visitor.get("/readyz").await.is(200);
        assert!(
            ready.text().contains("database: cannot be written"),
            "{}",
            ready.text()
        );
        let sign_in = [("email", "mira@example.org"), ("password", PASSWORD)];
        visitor
            .post("/sign-in?lang=nl", &sign_in)
            .await
            .is(507)
            .shows("De schijf van de server is vol");
        disk.free();
        let until = std::time::Instant::now() + Duration::from_secs(60);
        while visitor.post("/sign-in", &sign_in).await.status != 303 {
            assert!(std::time::Instant::now() < until, "it never writes again");
            tokio::task::yield_now().await;
        }
        end(program);
    }
}

/// Work that never ends until the answer is dropped.
fn hang(
    count: usize,
    begin: impl Fn(std::sync::mpsc::Receiver<()>),
) -> Vec<std::sync::mpsc::Sender<()>> {
    let hung = (0..count).map(|_| {
        let (go_on, wait) = std::sync::mpsc::channel();
        begin(wait);
        go_on
    });
    hung.collect()
}

#[tokio::test]
async fn a_disk_that_never_answers_costs_what_lies_on_it_and_nothing_else() {
    let site = Site::open().await;
    a_film(&site).await;
    let id = site.id_in("reeks/01-les.toml");
    let library = site.app.library.clone();
    let hung = hang(600, |wait| {
        let library = library.clone();
        tokio::spawn(async move {
            let read = library.run(move |_| {
                let _ = wait.recv();
                Ok(())
            });
            let _ = read.await;
        });
    });
    is_red(&site, "media", "does not answer").await;
    // Pages need no file, and threads are left for other work.
    site.get(&format!("/watch/{id}")).await.is(200);
    site.get("/search?q=les").await.is(200);
    let (_, ready_meanwhile) = ready(&site).await;
    assert_eq!(ready_meanwhile["checks"]["work"], "ok", "{ready_meanwhile}");
    assert_eq!(
        ready_meanwhile["checks"]["database"], "ok",
        "{ready_meanwhile}"
    );
    drop(hung);
    while ready(&site).await.0 != 200 {
        tokio::task::yield_now().await;
    }
    is_green(&site).await;
}

#[tokio::test]
async fn work_that_hangs_or_broke_down_is_told() {
    let site = Site::open().await;
    // All threads of tokio that may wait.
    let hung = hang(512, |wait| {
        tokio::task::spawn_blocking(move || {
            let _ = wait.recv();
        });
    });
    is_red(&site, "work", "does not answer").await;
    drop(hung);
    while ready(&site).await.0 != 200 {
        tokio::task::yield_now().await;
    }
    site.app
        .readiness
        .note_stopped("scan", Some("the scan broke down".into()));
    is_red(&site, "work", "the scan broke down").await;
    site.app.readiness.note_stopped("scan", None);
    is_green(&site).await;
}
