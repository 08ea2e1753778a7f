//! A clock that jumps, or a machine that was off for long, destroys nothing: what is erased by age waits until the server has run
//! for a day, and the desk says so.

use rustix::process::Signal;
use terugkijken::archive::erase;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::heartbeat;
use terugkijken::db::Db;
use terugkijken::uploads::finish;
use tokio::time::{Duration, advance, pause, resume};

use crate::support::desk::{Desk, site};
use crate::support::people::PASSWORD;
use crate::support::program::Program;
use crate::support::{Site, clips};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// The program runs for a while, and its clock goes on with it.
async fn run(site: &Site, seconds: i64) {
    // Only for this step: what waits for the database would see hours pass.
    pause();
    advance(Duration::from_secs(seconds.unsigned_abs())).await;
    resume();
    site.app.clock.hold(site.app.clock.now() + seconds);
    site.app.beat().await.unwrap();
}

async fn jump(site: &Site, seconds: i64) {
    site.app.clock.hold(site.app.clock.now() + seconds);
    site.app.beat().await.unwrap();
}

async fn destroyed(site: &Site) -> usize {
    finish::sweep(&site.app).await.unwrap();
    erase::empty_trash(&site.app).await.unwrap()
}

/// Somebody who threw a recording away, and who is in the middle of an upload.
async fn with_trash_and_an_upload() -> (Site, Desk, String) {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.app.clock.hold(site.app.clock.now());
    mira.does(&format!("/desk/recordings/{id}/trash"), &[])
        .await;
    let upload = mira.announce(10, &[("filename", "a.mp4")]).await;
    mira.piece(&upload, 0, "12345").await.is(204);
    (site, mira, upload)
}

#[tokio::test]
async fn a_clock_that_jumps_destroys_nothing_for_a_day_of_running_time() {
    let (site, mira, upload) = with_trash_and_an_upload().await;
    // A portal that has just been installed waits as well.
    site.app.beat().await.unwrap();
    // It says so only when there is something that would be destroyed otherwise.
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .hides("De klok van de server");
    for _ in 0..24 {
        run(&site, HOUR).await;
    }
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .hides("De klok van de server");

    for days in [40, -40, 400] {
        jump(&site, days * DAY).await;
        assert_eq!(destroyed(&site).await, 0);
        run(&site, 23 * HOUR).await;
        assert_eq!(destroyed(&site).await, 0, "after {days} days and 23 hours");
    }
    assert!(site.path("reeks/01-begin.mp4").exists());
    // The sign-in is over, as after any month.
    let mira = site.sign_in(&mira.email, PASSWORD).await.unwrap();
    assert_eq!(
        mira.offset(&upload).await,
        5,
        "it can still be gone on with"
    );
    for page in ["/desk?lang=nl", "/desk/trash?lang=nl"] {
        let words = "dat wacht tot de server nog één uur heeft gedraaid";
        mira.get(page).await.is(200).shows(words);
    }
    run(&site, HOUR).await;
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .hides("De klok van de server");
    assert_eq!(destroyed(&site).await, 1);
    assert!(!site.path("reeks/01-begin.mp4").exists());
    assert_eq!(std::fs::read_dir(site.path(".uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_machine_that_is_switched_off_still_empties_its_trash() {
    // Off each night, which is no jump; and on for some hours once a week, which adds up.
    for (off, on, rounds) in [(14, 10, 3), (7 * 24, 9, 3)] {
        let (site, _, _) = with_trash_and_an_upload().await;
        let mut now = site.app.clock.now() + 31 * DAY;
        let beat = async |now: i64, ran: Option<i64>| {
            let beaten = site
                .app
                .db
                .write(move |conn| heartbeat::beat(conn, now, ran));
            beaten.await.unwrap();
        };
        for round in 0..rounds {
            site.app.clock.hold(now);
            beat(now, None).await;
            assert_eq!(destroyed(&site).await, 0, "{round}");
            now += on * HOUR;
            beat(now, Some(on * HOUR)).await;
            now += off * HOUR;
        }
        assert_eq!(destroyed(&site).await, 1, "off for {off} hours");
    }
}

async fn heartbeat_of(folder: &std::path::Path) -> (i64, i64) {
    let db = Db::open(&folder.join("data/catalogue.db")).await.unwrap();
    let row = db.read(|conn| {
        let sql = "SELECT at, wait_s FROM heartbeat";
        Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    });
    row.await.unwrap()
}

async fn set_heartbeat(folder: &std::path::Path, at: i64, wait_s: i64) {
    let db = Db::open(&folder.join("data/catalogue.db")).await.unwrap();
    let set = db.write(move |conn| {
        conn.execute("UPDATE heartbeat SET at = ?1, wait_s = ?2", [at, wait_s])?;
        Ok(())
    });
    set.await.unwrap();
}

/// Runs the program until it has scanned its folder and done what comes after that.
async fn run_once(folder: &std::path::Path, time: &str) {
    let mut program = Program::start(folder).await;
    // The last thing it does after a scan is emptying the trash, and the next scan comes after that.
    for name in ["Kwartelei", "Zonnedauw"] {
        let name = &format!("{name}-{time}");
        let sidecar = folder.join(format!("media/reeks/{name}.toml"));
        std::fs::write(
            sidecar,
            format!("title = \"{name}\"\nvisibility = \"public\"\n"),
        )
        .unwrap();
        program.signal(Signal::HUP);
        while !program
            .client
            .get("/series/reeks")
            .await
            .text()
            .contains(name)
        {
            tokio::task::yield_now().await;
        }
        std::fs::remove_file(folder.join(format!("media/reeks/{name}.toml"))).unwrap();
    }
    program.signal(Signal::TERM);
    assert!(program.child.wait().unwrap().success());
}

#[tokio::test]
async fn a_server_that_starts_after_forty_days_keeps_what_lies_in_the_trash() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir_all(folder.join("media/reeks")).unwrap();
    let file = |name: &str| folder.join("media/reeks").join(name);
    std::fs::write(file("series.toml"), "visibility = \"public\"\n").unwrap();
    std::fs::write(file("01-oud.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    std::fs::write(
        file("01-oud.toml"),
        "title = \"Oud\"\ndeleted = 2020-01-01T00:00:00Z\n",
    )
    .unwrap();
    run_once(folder, "eerst").await;
    let (at, wait_s) = heartbeat_of(folder).await;
    assert!(
        file("01-oud.mp4").exists() && wait_s > 0,
        "it has just been installed"
    );
    set_heartbeat(folder, at - 40 * DAY, 0).await;
    run_once(folder, "later").await;
    let (at, wait_s) = heartbeat_of(folder).await;
    assert!(file("01-oud.mp4").exists() && wait_s > DAY - HOUR);
    set_heartbeat(folder, at, 0).await;
    run_once(folder, "ten-slotte").await;
    assert!(!file("01-oud.mp4").exists());
}
