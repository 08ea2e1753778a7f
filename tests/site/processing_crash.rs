//! The server or ffmpeg is killed while recordings are processed: everything finishes, nothing half-made is offered, and nothing runs on.
//! `TERUGKIJKEN_KILLS` says how often (`tests/run --long`: 50).

use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use tokio::task::yield_now;

use crate::processing::{SOUND, make, probed, renditions, site, site_with};
use crate::support::program::{PROGRAM, Program};

/// Large enough that a smaller picture is of use.
const LARGE: &str = "-f lavfi -i testsrc2=size=960x540:rate=10:duration=4";

fn kills() -> usize {
    std::env::var("TERUGKIJKEN_KILLS").map_or(2, |kills| kills.parse().unwrap())
}

/// The processes that were started for a portal in this folder, but the server.
fn converters(folder: &Path) -> Vec<i32> {
    let work = folder.join("data/work").to_str().unwrap().to_owned();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&command).contains(&work) {
            found.extend(
                entry
                    .file_name()
                    .to_str()
                    .and_then(|pid| pid.parse::<i32>().ok()),
            );
        }
    }
    found
}

/// The jobs that are under way, by the folders in which they work.
fn jobs(folder: &Path) -> HashSet<String> {
    let work = std::fs::read_dir(folder.join("data/work"))
        .into_iter()
        .flatten()
        .flatten();
    let names = work.map(|entry| entry.file_name().into_string().unwrap());
    names
        .filter_map(|name| Some(name.split('-').next()?.to_owned()))
        .collect()
}

#[tokio::test]
async fn killed_while_recordings_are_processed_the_server_finishes_them() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media/reeks");
    std::fs::create_dir_all(&media).unwrap();
    std::fs::write(
        media.join("series.toml"),
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    )
    .unwrap();
    // A kill may hit a job once, so that there are more jobs than kills: each recording has three.
    let count = kills().div_ceil(3) + 2;
    for number in 1..=count {
        let film =
            format!("{LARGE} {SOUND} -filter_complex hue=h={number} -c:v mpeg4 -c:a libmp3lame");
        make(&media.join(format!("{number:02}-les.avi")), &film);
    }
    let command = [
        "env",
        "TERUGKIJKEN_FFMPEG=ffmpeg",
        "TERUGKIJKEN_NICENESS=0",
        PROGRAM,
    ];
    let mut program = Program::start_as(folder.path(), &command).await;
    let mut hit = HashSet::new();
    while hit.len() < kills() {
        // Another job is under way, with its converter.
        let busy = jobs(folder.path());
        let Some(fresh) = busy.iter().find(|job| !hit.contains(*job)) else {
            yield_now().await;
            continue;
        };
        if converters(folder.path()).is_empty() {
            continue;
        }
        hit.insert(fresh.clone());
        program.kill();
        // The converter ends with the thread that started it.
        while !converters(folder.path()).is_empty() {
            yield_now().await;
        }
        program = Program::start_as(folder.path(), &command).await;
    }
    for number in 1..=count {
        let sidecar = std::fs::read_to_string(media.join(format!("{number:02}-les.toml"))).unwrap();
        let id = sidecar
            .lines()
            .find_map(|line| line.strip_prefix("id = \""))
            .unwrap()
            .trim_end_matches('"');
        let made = loop {
            let made = renditions(&program.client, id).await;
            if made.len() == 4 {
                break made;
            }
        };
        for (kind, address) in made {
            let path = &address[address.find("/media/").unwrap()..];
            let bytes = program.client.get(path).await.is(200).body;
            assert!(
                probed(&bytes).ends_with("4 s"),
                "{number} {kind}: {}",
                probed(&bytes)
            );
        }
    }
    program.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_converter_that_is_killed_is_started_again_twice_and_then_waits_for_a_coordinator() {
    let site = site().await;
    let folder = site.folder().to_owned();
    make(
        &site.path("reeks/01-les.avi"),
        &format!("-f lavfi -i testsrc2=size=960x540:rate=30:duration=60 {SOUND} -c:v mpeg4"),
    );
    site.scan().await;
    let id = site.id_in("reeks/01-les.toml");
    let now = site.app.clock.now();
    for attempt in 0..3 {
        site.app.clock.hold(now + attempt * 3600);
        let working = tokio::spawn({
            let app = site.app.clone();
            async move { terugkijken::processing::worker::work_until_idle(&app).await }
        });
        // Whatever ffmpeg is asked to make of it, it is killed.
        while !working.is_finished() {
            for pid in converters(&folder) {
                let _ = kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL);
            }
            yield_now().await;
        }
        working.await.unwrap().unwrap();
        assert_eq!(renditions(&site, &id).await, Vec::new());
    }
    // It is not tried again by itself.
    site.app.clock.hold(now + 100 * 3600);
    site.work_until_idle().await;
    assert_eq!(renditions(&site, &id).await, Vec::new());
    assert_eq!(converters(&folder), Vec::<i32>::new());
    assert_eq!(jobs(&folder), HashSet::new(), "no folder is left");
    // Other work went on, and the recording is there as it came.
    site.get(&format!("/watch/{id}")).await.is(200);
    // A coordinator lets it be tried again.
    let parked = site.app.db.write(move |conn| {
        let parked = terugkijken::catalogue::job::parked(conn, 10)?;
        for job in &parked {
            terugkijken::catalogue::job::unpark(conn, job.id, now)?;
        }
        Ok(parked.len())
    });
    assert!(parked.await.unwrap() > 0);
    site.work_until_idle().await;
    assert_eq!(renditions(&site, &id).await.len(), 4);
}

/// A worker beside the server of a folder.
fn worker(folder: &Path) -> Child {
    Command::new(PROGRAM)
        .arg("worker")
        .current_dir(folder)
        .env("TERUGKIJKEN_FREE_MB", "0")
        .env("TERUGKIJKEN_NICENESS", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_worker_beside_the_server_does_the_work_and_gives_back_what_it_had_begun() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media/reeks");
    std::fs::create_dir_all(&media).unwrap();
    std::fs::write(
        media.join("series.toml"),
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    )
    .unwrap();
    let long = format!("-f lavfi -i testsrc2=size=960x540:rate=25:duration=40 {SOUND} -c:v mpeg4");
    make(&media.join("01-les.avi"), &long);
    let program =
        Program::start_as(folder.path(), &["env", "TERUGKIJKEN_WORKERS=0", PROGRAM]).await;
    let id = loop {
        let sidecar = std::fs::read_to_string(media.join("01-les.toml")).unwrap_or_default();
        let id = sidecar
            .lines()
            .find_map(|line| line.strip_prefix("id = \""));
        if let Some(id) = id {
            break id.trim_end_matches('"').to_owned();
        }
        yield_now().await;
    };
    // Told to stop in the middle of a job, it puts the job back, and nothing of it runs any more.
    let mut first = worker(folder.path());
    while converters(folder.path()).is_empty() {
        yield_now().await;
    }
    kill_process(Pid::from_child(&first), Signal::TERM).unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(converters(folder.path()), Vec::<i32>::new());
    let catalogue = Connection::open(folder.path().join("data/catalogue.db")).unwrap();
    let held = "SELECT count(*) FROM job WHERE lease_until IS NOT NULL OR attempts > 0";
    assert_eq!(
        catalogue
            .query_row(held, [], |row| row.get::<_, i64>(0))
            .unwrap(),
        0
    );
    // The next one does all of it at once.
    let mut second = worker(folder.path());
    while renditions(&program.client, &id).await.len() < 4 {}
    second.kill().unwrap();
    second.wait().unwrap();
    program.kill();
}

#[tokio::test]
async fn a_film_that_is_replaced_meanwhile_is_made_anew_and_without_room_jobs_wait() {
    let site = site().await;
    let folder = site.folder().to_owned();
    let path = site.path("reeks/01-les.avi");
    make(
        &path,
        &format!("-f lavfi -i testsrc2=size=960x540:rate=25:duration=60 {SOUND} -c:v mpeg4"),
    );
    site.scan().await;
    let id = site.id_in("reeks/01-les.toml");
    let working = tokio::spawn({
        let app = site.app.clone();
        async move { terugkijken::processing::worker::work_until_idle(&app).await }
    });
    while converters(&folder).is_empty() {
        yield_now().await;
    }
    make(&path, &format!("{LARGE} {SOUND} -c:v mpeg4"));
    site.scan().await;
    working.await.unwrap().unwrap();
    site.work_until_idle().await;
    let made = renditions(&site, &id).await;
    assert_eq!(made.len(), 4, "{made:?}");
    let version = |address: &str| address.split('/').rev().nth(1).unwrap()[..12].to_owned();
    let versions: HashSet<String> = made.iter().map(|(_, address)| version(address)).collect();
    assert_eq!(versions.len(), 1, "all are of one file");
    for (_, address) in &made {
        let bytes = site
            .get(&address[address.find("/media/").unwrap()..])
            .await
            .is(200)
            .body;
        assert!(probed(&bytes).ends_with("4 s"));
    }
    // An address of the film of before leads on; what was made of it is not there any more.
    let full = made
        .iter()
        .find(|(kind, _)| kind == "full")
        .unwrap()
        .1
        .clone();
    let path = full[full.find("/media/").unwrap()..].to_owned();
    let gone = path.replace(&version(&full), "000000000000");
    site.get(&gone).await.is(404);
}

#[tokio::test]
async fn without_room_jobs_wait_and_do_not_fail() {
    let site = site_with(|config| config.free_mb = 1_000_000_000_000).await;
    make(
        &site.path("reeks/01-les.avi"),
        &format!("{LARGE} {SOUND} -c:v mpeg4"),
    );
    site.scan().await;
    let now = site.app.clock.now();
    for hour in 0..5 {
        site.app.clock.hold(now + hour * 3600);
        site.work_until_idle().await;
    }
    let id = site.id_in("reeks/01-les.toml");
    assert_eq!(renditions(&site, &id).await, Vec::new());
    let waiting = site.app.db.read(move |conn| {
        Ok((
            terugkijken::catalogue::job::parked(conn, 10)?,
            terugkijken::catalogue::job::counts(conn, i64::MAX)?.0,
        ))
    });
    let (parked, waiting) = waiting.await.unwrap();
    assert_eq!((parked.len(), waiting > 0), (0, true));
}

#[tokio::test]
async fn what_is_made_takes_so_much_room_and_no_more_and_all_else_goes_on() {
    let site = site_with(|config| config.renditions_mb = 1).await;
    let film = "-f lavfi -i testsrc2=size=1280x720:rate=25:duration=4 -c:v mpeg4 -q:v 2";
    for name in ["01-een.avi", "02-twee.avi"] {
        make(
            &site.path(&format!("reeks/{name}")),
            &format!("{film} -metadata title={name}"),
        );
        site.scan().await;
        site.work_until_idle().await;
    }
    let found = site.app.db.read(|conn| {
        let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        Ok([
            count("SELECT count(*) FROM rendition")?,
            count("SELECT count(*) FROM step_done WHERE step = 'inspect'")?,
            count("SELECT count(*) FROM step_done WHERE step = 'picture'")?,
            count("SELECT count(*) FROM job WHERE step = 'full' AND parked_at IS NULL")?,
        ])
    });
    let [renditions, inspected, with_pictures, waiting] = found.await.unwrap();
    assert_eq!(
        (renditions, inspected, with_pictures, waiting),
        (1, 2, 2, 1)
    );
}
