//! The queue at the desk: what coordinators see of the work that goes on by itself, and what they can do about it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use terugkijken::app::App;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::job;
use terugkijken::processing::worker;
use terugkijken::server::{Stop, Stopper};
use tokio::task::JoinHandle;

use crate::processing::site;
use crate::support::Site;
use crate::support::desk::Desk;
use crate::support::events::Events;
use crate::support::people::PASSWORD;

const EVENTS: &str = "/desk/queue/events?lang=nl";
const PAGE: &str = "/desk/queue?lang=nl";

/// A film of so many seconds, made in one: its pictures are those of two seconds, again and again.
fn film(path: &Path, seconds: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let short = folder.path().join("kort.mp4");
    let run = |arguments: &str, from: Option<&Path>, to: &Path| {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-y", "-nostdin"]);
        if let Some(from) = from {
            let again = (seconds / 2).saturating_sub(1).to_string();
            command.args(["-stream_loop", &again, "-i"]).arg(from);
        }
        command.args(arguments.split_whitespace()).arg(to);
        assert!(command.status().unwrap().success(), "{arguments}");
    };
    let pictures = "-f lavfi -i testsrc2=size=1280x720:rate=25:duration=2";
    let sound = "-f lavfi -i sine=frequency=440:duration=2";
    let codecs = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";
    run(&format!("{pictures} {sound} {codecs}"), None, &short);
    run("-c copy", Some(&short), path);
    // A file that changed a moment ago may still be arriving.
    let earlier = SystemTime::now() - Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(earlier).unwrap();
}

/// A worker beside the portal, until it is told to stop.
struct Worker(Stopper, JoinHandle<()>);

impl Worker {
    fn of(app: &App) -> Self {
        let ((stopper, stop), app) = (Stop::by_hand(), app.clone());
        let working = tokio::spawn(async move {
            worker::work_until(&app, job::Worker::Server, stop.asked()).await
        });
        Self(stopper, working)
    }

    async fn stop(self) {
        self.0.stop();
        self.1.await.unwrap();
    }
}

/// The row of the job that runs and of which something is done.
fn under_way(event: &Value) -> Option<i64> {
    let mut running = event["running"].as_array().unwrap().iter();
    let one = running.find(|one| one["done"].as_i64().unwrap() > 0)?;
    one["id"].as_i64()
}

/// Reads on until the job that makes the small renditions is under way. Answers its row and the event.
async fn until_small(site: &Site, events: &mut Events) -> (i64, Value) {
    loop {
        let event = events
            .until("a job is under way", |event| under_way(event).is_some())
            .await;
        let row = under_way(&event).unwrap();
        let sql = "SELECT count(*) FROM job WHERE step = 'small' AND id = ?1";
        let found = site.app.db.read(move |conn| {
            let count: u32 = conn.query_row(sql, [row], |one| one.get(0))?;
            Ok(count == 1)
        });
        if found.await.unwrap() {
            return (row, event);
        }
    }
}

/// How many jobs there are, by the mark of an event.
fn left(event: &Value) -> u32 {
    let mark = event["mark"].as_str().unwrap();
    mark.split('-').next().unwrap().parse().unwrap()
}

/// The kinds of what was made, as visitors get them.
async fn made(site: &Site, id: &str) -> Vec<String> {
    let said = site.json(&format!("/api/recordings/{id}")).await;
    let all = said["renditions"].as_array().unwrap().iter();
    let mut kinds: Vec<String> = all
        .map(|one| one["kind"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds
}

/// The names of all files that were made.
async fn files_made(site: &Site) -> Vec<String> {
    let read = site.app.db.read(|conn| {
        let sql = "SELECT file FROM rendition ORDER BY kind";
        let mut statement = conn.prepare(sql)?;
        let files = statement.query_map([], |row| row.get(0))?;
        Ok(files.collect::<Result<Vec<String>, _>>()?)
    });
    read.await.unwrap()
}

async fn change(site: &Site, sql: &'static str) {
    let changed = site.app.db.write(move |conn| Ok(conn.execute(sql, [])?));
    changed.await.unwrap();
}

fn files_page(id: &str) -> String {
    format!("/desk/recordings/{id}/files?lang=nl")
}

#[tokio::test]
async fn a_coordinator_sees_how_far_a_job_is_until_it_is_done() {
    let site = site().await;
    film(&site.path("reeks/01-lang.mp4"), 120);
    site.scan().await;
    let id = site.id_in("reeks/01-lang.toml");
    let eva = site.colleague("eva", Role::Editor).await;
    eva.get(PAGE).await.is(200).shows("Er is nu niets bezig.");
    let mut events = eva.events(EVENTS).await.unwrap();
    let worker = Worker::of(&site.app);
    let (row, event) = until_small(&site, &mut events).await;
    let page = eva.get(PAGE).await.is(200);
    let page = page
        .shows("Kleine versie en alleen het geluid maken")
        .shows("Nagaan of het bestand heel is")
        .shows(&format!("action=\"/desk/queue/{row}/stop?lang=nl\""));
    let (_, far) = page
        .text()
        .split_once("<progress max=\"1000\" value=\"")
        .map(|(_, rest)| ((), rest.to_owned()))
        .unwrap();
    let done: i64 = far.split('"').next().unwrap().parse().unwrap();
    assert!(done > 0, "{done}");
    // The same stands with the recording, and visitors can watch it meanwhile.
    eva.get(&files_page(&id))
        .await
        .is(200)
        .shows("<progress max=\"1000\"")
        .shows("Er is nog niets van deze opname gemaakt.");
    assert!(made(&site, &id).await.is_empty());
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("01-lang.mp4");
    // It moves on.
    let far = |event: &Value| {
        let running = event["running"].as_array().unwrap();
        let one = running.iter().find(|one| one["id"] == row);
        one.map(|one| one["done"].as_i64().unwrap())
    };
    let before = far(&event).unwrap();
    events
        .until("it is further", |event| {
            far(event).is_none_or(|now| now > before)
        })
        .await;
    events.until("all is done", |event| left(event) == 0).await;
    worker.stop().await;
    assert_eq!(made(&site, &id).await, ["360p", "opus", "sound"]);
    eva.get(PAGE)
        .await
        .is(200)
        .shows("Er is nu niets bezig.")
        .hides("<progress");
    let files = eva.get(&files_page(&id)).await.is(200);
    let files = files
        .shows("Klein, voor een zwakke verbinding")
        .shows("640 × 360")
        .shows("Alleen het geluid")
        .shows("Alleen het geluid, klein")
        .hides("<progress");
    let page = files.page();
    let links = page.links();
    let media: Vec<_> = links
        .iter()
        .filter(|link| link.contains("-360p") || link.contains("-sound"))
        .collect();
    assert_eq!(media.len(), 2, "{links:?}");
    for link in media {
        eva.get(link).await.is(200);
    }
}

#[tokio::test]
async fn a_job_that_is_stopped_ends_its_program_and_runs_again_when_asked() {
    let site = site().await;
    film(&site.path("reeks/01-lang.mp4"), 900);
    site.scan().await;
    let id = site.id_in("reeks/01-lang.toml");
    let eva = site.colleague("eva", Role::Editor).await;
    let mut events = eva.events(EVENTS).await.unwrap();
    let worker = Worker::of(&site.app);
    let (row, _) = until_small(&site, &mut events).await;
    let stop = format!("/desk/queue/{row}/stop?lang=nl");
    eva.does(&stop, &[])
        .await
        .shows("Het is gestopt.")
        .shows("Gestopt of mislukt")
        .shows("Gestopt door ")
        .shows("eva@example.org");
    // The worker goes on with the next job when the program of this one has ended.
    events
        .until("the other job is done", |event| left(event) == 1)
        .await;
    assert!(site.app.library.work_folders().unwrap().is_empty());
    assert!(made(&site, &id).await.is_empty());
    // Twice it cannot be stopped, and what was stopped is no problem.
    eva.does(&stop, &[])
        .await
        .shows("Dat was net klaar, of een collega was je voor.");
    eva.get("/desk/problems?lang=nl")
        .await
        .is(200)
        .hides("Werk dat mislukte");
    // From the page of the recording one comes back there.
    let again = format!("/desk/queue/{row}/again?lang=nl");
    let answer = eva.post(&again, &[("recording", &id)]).await;
    assert!(
        answer
            .location()
            .starts_with(&format!("/desk/recordings/{id}/files"))
    );
    events
        .until("it is under way again", |event| {
            under_way(event) == Some(row)
        })
        .await;
    eva.does(&again, &[])
        .await
        .shows("Dat was net klaar, of een collega was je voor.");
    worker.stop().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    mira.get("/desk/audit?lang=nl")
        .await
        .is(200)
        .shows("verwerking gestopt")
        .shows("verwerking opnieuw geprobeerd")
        .shows("Kleine versie en alleen het geluid maken");
}

#[tokio::test]
async fn a_button_of_a_page_that_was_opened_earlier_stops_no_other_job() {
    let site = site().await;
    film(&site.path("reeks/01-lang.mp4"), 900);
    site.scan().await;
    let eva = site.colleague("eva", Role::Editor).await;
    let mut events = eva.events(EVENTS).await.unwrap();
    let worker = Worker::of(&site.app);
    let (earlier, _) = until_small(&site, &mut events).await;
    worker.stop().await;
    // As if they were done, and the same work is there once more.
    change(&site, "DELETE FROM job").await;
    let worker = Worker::of(&site.app);
    let (now, _) = until_small(&site, &mut events).await;
    let stop = format!("/desk/queue/{earlier}/stop?lang=nl");
    eva.does(&stop, &[])
        .await
        .shows("Dat was net klaar, of een collega was je voor.")
        .hides("Gestopt door ");
    assert_ne!(earlier, now);
    worker.stop().await;
}

#[tokio::test]
async fn what_was_there_before_waits_while_it_is_paused_and_new_recordings_go_on() {
    let site = site().await;
    film(&site.path("reeks/01-oud.mp4"), 4);
    site.scan().await;
    change(
        &site,
        "UPDATE processing SET backlog = (SELECT max(id) FROM original)",
    )
    .await;
    let eva = site.colleague("eva", Role::Editor).await;
    eva.does("/desk/queue/backlog?lang=nl", &[("to", "pause")])
        .await
        .shows("De opnamen van eerder wachten.");
    film(&site.path("reeks/02-nieuw.mp4"), 6);
    site.scan().await;
    site.work_until_idle().await;
    let ids = ["01-oud", "02-nieuw"].map(|name| site.id_in(&format!("reeks/{name}.toml")));
    assert!(made(&site, &ids[0]).await.is_empty());
    assert_eq!(made(&site, &ids[1]).await, ["360p", "opus", "sound"]);
    eva.get(PAGE)
        .await
        .is(200)
        .shows("Eén opname stond er al en is nog niet helemaal verwerkt.")
        .shows("Ze staan stil")
        .shows("Naar schatting kost dat ")
        .shows("rekentijd")
        .shows("value=\"start\"");
    eva.get(&files_page(&ids[0]))
        .await
        .is(200)
        .shows("de opnamen van eerder staan stil");
    eva.does("/desk/queue/backlog?lang=nl", &[("to", "start")])
        .await
        .shows("Ze komen aan de beurt als er niets nieuws is.")
        .shows("value=\"pause\"");
    site.work_until_idle().await;
    assert_eq!(made(&site, &ids[0]).await, ["360p", "opus", "sound"]);
    eva.get(PAGE).await.is(200).hides("Opnamen van eerder");
    eva.post("/desk/queue/backlog", &[("to", "nothing")])
        .await
        .is(404);
    let mira = site.colleague("mira", Role::Administrator).await;
    mira.get("/desk/audit?lang=nl")
        .await
        .shows("opnamen van eerder laten wachten")
        .shows("opnamen van eerder laten doorgaan");
}

#[tokio::test]
async fn what_was_made_is_made_anew_when_a_coordinator_asks_also_while_the_others_wait() {
    let site = site().await;
    for name in ["reeks/01-een.mp4", "reeks/02-twee.mp4"] {
        film(&site.path(name), if name.contains("een") { 4 } else { 6 });
    }
    site.scan().await;
    let ids = ["reeks/01-een.toml", "reeks/02-twee.toml"].map(|it| site.id_in(it));
    site.work_until_idle().await;
    change(
        &site,
        "UPDATE processing SET backlog = (SELECT max(id) FROM original), paused = 1",
    )
    .await;
    change(&site, "DELETE FROM rendition").await;
    change(&site, "DELETE FROM step_done").await;
    let eva = site.colleague("eva", Role::Editor).await;
    let again = format!("/desk/recordings/{}/renditions?lang=nl", ids[0]);
    eva.get(&files_page(&ids[0]))
        .await
        .shows(&format!("action=\"{again}\""));
    eva.does(&again, &[])
        .await
        .shows("We maken alles opnieuw.")
        .shows("Er is nog niets van deze opname gemaakt.")
        .shows("Staat in de rij.");
    site.work_until_idle().await;
    assert_eq!(made(&site, &ids[0]).await, ["360p", "opus", "sound"]);
    assert!(made(&site, &ids[1]).await.is_empty());
    // Until the new ones are there visitors get those of before.
    let before = files_made(&site).await;
    eva.does(&again, &[]).await.shows("Staat in de rij.");
    assert_eq!(made(&site, &ids[0]).await, ["360p", "opus", "sound"]);
    assert_eq!(files_made(&site).await, before);
    site.work_until_idle().await;
    let after = files_made(&site).await;
    assert_eq!((before.len(), after.len()), (3, 3));
    assert!(after.iter().all(|file| !before.contains(file)), "{after:?}");
    let mira = site.colleague("mira", Role::Administrator).await;
    mira.get("/desk/audit?lang=nl")
        .await
        .shows("opnieuw laten maken wat ervan gemaakt was");
}

#[tokio::test]
async fn a_recording_can_be_public_while_it_is_made_and_visitors_get_what_is_ready() {
    let site = site().await;
    film(&site.path("reeks/01-lang.mkv"), 900);
    site.scan().await;
    let id = site.id_in("reeks/01-lang.toml");
    let eva = site.colleague("eva", Role::Editor).await;
    let mut events = eva.events(EVENTS).await.unwrap();
    let worker = Worker::of(&site.app);
    // The one for every browser needs no new encoding and is there first.
    until_small(&site, &mut events).await;
    assert_eq!(made(&site, &id).await, ["full"]);
    let files = eva.get(&files_page(&id)).await.is(200);
    files
        .shows("Voor elke browser")
        .shows("<progress max=\"1000\"");
    let page = site.get(&format!("/watch/{id}")).await.is(200).page();
    let links: Vec<String> = page.links().iter().map(|it| (*it).to_owned()).collect();
    assert!(
        site.get(&format!("/watch/{id}"))
            .await
            .text()
            .contains("-full"),
        "{links:?}"
    );
    worker.stop().await;
}

#[tokio::test]
async fn only_so_many_look_on_at_once_and_only_coordinators() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Editor).await;
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(eva.events(EVENTS).await.unwrap());
    }
    assert_eq!(eva.events(EVENTS).await.err(), Some(503));
    // The page works for them too.
    eva.get(PAGE).await.is(200);
    // Who is signed out learns no more, and their places are free again.
    let bo = site.sign_in("eva@example.org", PASSWORD).await.unwrap();
    eva.post("/sign-out", &[]).await.is(303);
    for mut one in open {
        while one.next().await.is_some() {}
    }
    let mut last = bo.events(EVENTS).await.unwrap();
    last.next().await.unwrap();
    change(&site, "UPDATE coordinator SET disabled_at = 1").await;
    while last.next().await.is_some() {}
    for path in [PAGE, EVENTS] {
        let answer = site.get(path).await.is(303);
        assert!(answer.location().starts_with("/sign-in"), "{path}");
    }
}

/// A sentence about what is missing stands where work would be made by it.
async fn sees(desk: &Desk, id: &str, words: &str) {
    for page in [PAGE.to_owned(), files_page(id)] {
        desk.get(&page).await.is(200).shows(words);
    }
}

#[tokio::test]
async fn without_ffmpeg_the_desk_says_what_is_missing_and_what_it_would_do() {
    for (program, words) in [
        ("/nowhere/ffmpeg", "ffmpeg staat niet op de computer"),
        ("", "ffmpeg is in de instellingen uitgezet"),
    ] {
        let site = Site::open_with(|config| program.clone_into(&mut config.ffmpeg)).await;
        site.put_clip("reeks/01-begin.mp4", 1);
        site.scan().await;
        site.work_until_idle().await;
        let id = site.id_in("reeks/01-begin.toml");
        let eva = site.colleague("eva", Role::Editor).await;
        sees(&eva, &id, words).await;
        sees(&eva, &id, "kleine versies voor zwakke verbindingen").await;
        let again = format!("/desk/recordings/{id}/renditions?lang=nl");
        eva.get(&files_page(&id)).await.hides(&again);
        eva.post(&again, &[])
            .await
            .shows("Zonder ffmpeg kunnen we niets opnieuw maken.");
        eva.get("/desk?lang=nl").await.is(200).hides("ffmpeg");
    }
}

#[tokio::test]
async fn a_job_that_failed_too_often_says_why_and_is_tried_again() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    change(
        &site,
        "INSERT INTO job (step, recording_id, original_id, version, priority, run_after, problem, parked_at, attempts)
         SELECT 'small', recording_id, id, version, 4, 0, 'exit status: 1: Invalid data', 1, 3 FROM original",
    )
    .await;
    let eva = site.colleague("eva", Role::Editor).await;
    let places = [
        PAGE.to_owned(),
        files_page(&id),
        "/desk/problems?lang=nl".to_owned(),
    ];
    for place in &places {
        eva.get(place)
            .await
            .is(200)
            .shows("De kleine versie en het losse geluid zijn niet gelukt.")
            .shows("exit status: 1: Invalid data");
    }
    eva.does("/desk/queue/1/again?lang=nl", &[])
        .await
        .shows("We proberen het opnieuw.")
        .shows("Hierna")
        .hides("id=\"ended\"");
}
