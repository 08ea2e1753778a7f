//! `terugkijken [serve]`: runs the portal. It listens at once, and scans the media folder while it serves.

use std::collections::HashSet;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{debug, info, warn};

use super::keep_running::run_for_ever;
use crate::app::App;
use crate::archive::erase;
use crate::archive::purge::purge;
use crate::catalogue::series::{self, listed};
use crate::catalogue::{Viewer, coordinator, job, mail_address, recording, welcome};
use crate::config::{Config, Flags};
use crate::db;
use crate::desk::{messages, notices};
use crate::error::{Error, Result};
use crate::library::server::ServerLock;
use crate::people::address;
use crate::scan::report::Report;
use crate::scan::{full_scan, moves, portal};
use crate::server::{self, Limits, Stop};
use crate::uploads::finish;
use crate::web::urls;
use crate::{logging, memory, router, search};

/// Pause before the next scan while a file is still arriving.
const ARRIVING: Duration = Duration::from_secs(10);

/// Pause after a scan before the next one that a visitor's request causes: while a disk is away, each request for a film asks for
/// one.
const APART: Duration = Duration::from_secs(10);

/// Serves until a signal to stop.
pub async fn run(flags: &Flags) -> Result<()> {
    let mut config = Config::load(flags)?;
    logging::set_up(config.log_format, &config.log).map_err(Error::internal)?;
    let stop = Stop::at_signals()?;
    // The lock is taken before the database is opened, which a newer version of the program would change under an older one.
    let library = super::library(&config)?;
    let lock = library.lock_for_server()?;
    let listen = config.listen;
    let listener = TcpListener::bind(listen).await.map_err(|problem| {
        Error::internal(format!(
            "setting listen: cannot listen on {listen}: {problem}"
        ))
    })?;
    // Port 0 selects a free port, which absolute addresses must contain.
    config.listen = listener.local_addr()?;
    say_who(&lock, &config);
    // What was begun before a kill is not gone on with.
    library.sweep_leftovers(true);
    let app = super::open_with(config, library).await?;
    let (media, listen) = (app.library.media().display(), app.config.listen);
    println!("Terugkijken serves {media} on http://{listen}");
    advise(&app);
    for email in app.db.read(mail_address::other_spellings).await? {
        println!("  {}", super::other_spelling(&email));
    }
    match prepare(&app).await {
        Err(Error::DiskFull) => println!(
            "  the disk of {} is full: visitors can watch, and nothing can be saved until there is room",
            app.library.data().display()
        ),
        prepared => prepared?,
    }
    let background = in_background(&app);
    let workers = super::worker::beside_server(&app, &stop);
    let most = Limits::of_this_machine();
    let limits = Limits {
        connections: most.connections.min(app.config.connections),
        per_address: app.config.connections_per_address,
        proxies: address::may_be_proxies(&app.config.proxies()),
        ..most
    };
    let (streams, ends) = (app.streams.clone(), stop.clone());
    tokio::spawn(async move {
        ends.asked().await;
        // Their readers never have all of the answer, so they would not be through before the time to drain is over.
        streams.end();
    });
    let drained = server::serve(listener, router::answers(&app), limits, stop).await;
    for worker in workers {
        // It puts its job back; without that the job is taken again when its lease ends.
        let _ = timeout(LAST_WORDS, worker).await;
    }
    // These tasks can be aborted anywhere: they record their work in transactions, and every step may run twice.
    for task in &background {
        task.abort();
    }
    // What was saved is on the disk without it.
    match timeout(LAST_WORDS, close(&app)).await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => warn!(%problem, "the database could not be tidied up"),
        Err(_) => warn!("the disk does not answer, and the database was not tidied up"),
    }
    info!(streams_cut = drained.streams_cut, "stopped");
    drop(lock);
    Ok(())
}

/// Starts what runs beside the answers.
fn in_background(app: &App) -> Vec<JoinHandle<()>> {
    let app = || app.clone();
    vec![
        tokio::spawn(write_again(app())),
        tokio::spawn(index_again(app())),
        tokio::spawn(run_for_ever(app(), "heartbeat", beat_for_ever)),
        tokio::spawn(run_for_ever(app(), "look", look_for_ever)),
        tokio::spawn(run_for_ever(app(), "revision", follow_for_ever)),
        tokio::spawn(run_for_ever(app(), "closing of files", close_for_ever)),
        tokio::spawn(run_for_ever(app(), "scan", scan_for_ever)),
        tokio::spawn(run_for_ever(app(), "portal", portal::follow_for_ever)),
        tokio::spawn(memory::give_back_for_ever()),
    ]
}

/// How long the last writes may take when the program ends.
const LAST_WORDS: Duration = Duration::from_secs(10);

async fn close(app: &App) -> Result<()> {
    if app.db.is_read_only() {
        return Ok(());
    }
    app.beat().await?;
    app.db.checkpoint().await.map(drop)
}

/// Cues that are indexed in one transaction, between which others can save.
const CUES_AT_ONCE: usize = 500;

/// Pause after the index was complete, or could not be written.
const INDEX_AGAIN: Duration = Duration::from_secs(30);

/// Pause after a round in which some could not be indexed.
const INDEX_FAILED: Duration = Duration::from_secs(60 * 60);

/// Indexes what another version of the program indexed in another way, and what one change had too much of, while visitors search what
/// is done.
async fn index_again(app: App) {
    // The row id of the last one, whether only one is tried because some of the next could not be indexed, and those that could not.
    let (mut before, mut is_alone, mut failed) = (i64::MAX, false, 0);
    loop {
        let next = match app.db.read(move |conn| search::next(conn, before)).await {
            Ok(next) => next,
            Err(_) => {
                tokio::time::sleep(INDEX_AGAIN).await;
                continue;
            }
        };
        let Some(id) = next else {
            if before < i64::MAX {
                while let Ok(true) = app.db.write(|conn| search::merge(conn)).await {}
                if failed == 0 {
                    info!("the search index is complete again");
                }
            }
            // What fails once fails again until somebody changes it.
            tokio::time::sleep(if failed == 0 {
                INDEX_AGAIN
            } else {
                INDEX_FAILED
            })
            .await;
            (before, failed) = (i64::MAX, 0);
            continue;
        };
        let cues = if is_alone { 0 } else { CUES_AT_ONCE };
        let indexed = app
            .db
            .write(move |conn| search::catch_up(conn, before, cues));
        match indexed.await {
            Ok(last) => (before, is_alone) = (last.unwrap_or(id), false),
            Err(Error::Internal(problem)) if is_alone => {
                warn!(%problem, recording = id, "a recording could not be indexed");
                (before, is_alone) = (id, false);
                failed += 1;
            }
            Err(Error::Internal(_)) => is_alone = true,
            // The disk is full, or too many wait.
            Err(_) => tokio::time::sleep(INDEX_AGAIN).await,
        }
    }
}

/// Pause between two attempts to write again after the disk was too full at the start.
const WRITE_AGAIN: Duration = Duration::from_secs(1);

/// Opens the database for writing as soon as there is room for it again.
async fn write_again(app: App) {
    let mut pause = WRITE_AGAIN;
    while app.db.is_read_only() {
        tokio::time::sleep(pause).await;
        let has_room = app.library.run(|library| library.has_room_for_rows()).await;
        if has_room.is_err() {
            continue;
        }
        match app.db.open_for_writing().await {
            Ok(()) => {
                info!("there is room again, and the portal saves what is done");
                if let Err(problem) = set_up(&app, &app.config.base()).await {
                    warn!(%problem, "no link for the first account could be made");
                }
                app.notifier.notify_scan();
            }
            Err(problem) => {
                debug!(%problem, "the database cannot be written yet");
                pause = (2 * pause).min(LONGEST_PAUSE);
            }
        }
    }
}

/// The longest of those pauses, while writing fails although there is room.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Writes into the lock files who holds them, for the sentence of a second server.
fn say_who(lock: &ServerLock, config: &Config) {
    let now = jiff::Timestamp::now().to_zoned(config.zone());
    lock.write_holder(
        &format!("http://{}", config.listen),
        &now.strftime("%F %T %Z").to_string(),
    );
    for warning in &lock.warnings {
        warn!("{warning}");
    }
}

/// Prints settings that a public portal should change.
fn advise(app: &App) {
    let branding = app.branding();
    if app.config.base_url.is_none() {
        println!("  base_url is not set: links in feeds and embeds work on this machine only");
    }
    if branding.contact.is_none() {
        println!(
            "  contact is not set: visitors can only leave a message, which waits at the desk"
        );
    }
    if let Some(accent) = crate::web::theme::adjusted(branding.accent_rgb()) {
        println!(
            "  accent {} is hard to read on the page; {accent} is used for text",
            branding.accent
        );
    }
}

/// What comes before the first request.
async fn prepare(app: &App) -> Result<()> {
    set_up(app, &app.config.base()).await?;
    if let Err(problem) = moves::complete_all(app).await {
        warn!(%problem, "moves that were cut off could not be completed");
    }
    app.db.write(|conn| job::abandon(conn)).await?;
    // Uploads that a crash interrupted.
    finish::finish_all(app).await
}

/// Prints a set-up link at each start while no administrator can sign in.
async fn set_up(app: &App, base: &str) -> Result<()> {
    let now = app.clock.now();
    let token = app
        .db
        .write(move |conn| match coordinator::is_anyone_there(conn)? {
            true => Ok(None),
            false => welcome::make(conn, None, now).map(Some),
        });
    if let Some(token) = token.await? {
        println!(
            "  nobody can sign in yet; make the first account with this link, which works once: {base}{}",
            urls::welcome(&token)
        );
    }
    Ok(())
}

/// Scans the media folder at start, every few minutes, on SIGHUP and when the notifier requests it.
async fn scan_for_ever(app: App) {
    let mut hang_up = match signal(SignalKind::hangup()) {
        Ok(hang_up) => hang_up,
        Err(problem) => {
            warn!(%problem, "SIGHUP cannot be heard, so the media folder is not read");
            return;
        }
    };
    let pause = Duration::from_secs(60 * u64::from(app.config.scan_minutes));
    let mut is_first = true;
    let mut told = Told::default();
    // What a kill cut off is finished before anything that takes long.
    if let Err(problem) = purge(&app).await {
        warn!(%problem, "the database file could not be written anew after a wipe");
    }
    loop {
        let is_waiting = match full_scan::scan(&app, std::sync::Arc::new(|_| {})).await {
            Ok(report) => {
                told.report(&report);
                report.waiting
            }
            Err(problem) => {
                told.failure(super::sentence(&problem));
                false
            }
        };
        app.notifier.first_scan_is_done();
        if std::mem::take(&mut is_first) {
            count(&app).await;
        }
        if let Err(problem) = finish::finish_all(&app).await {
            warn!(%problem, "uploads that are whole could not get their places");
        }
        if let Err(problem) = destroy_by_age(&app).await {
            warn!(%problem, "what was given up could not be swept away");
        }
        tokio::select! {
            () = tokio::time::sleep(if is_waiting { ARRIVING } else { pause }) => {}
            () = scan_requested(&app) => {}
            _ = hang_up.recv() => {}
        }
    }
}

/// Removes uploads that nobody goes on with, and old messages, empties the trash, and takes the last bytes of all that from the
/// database.
pub async fn destroy_by_age(app: &App) -> Result<()> {
    app.beat().await?;
    finish::sweep(app).await?;
    erase::empty_trash(app).await?;
    messages::sweep(app).await?;
    // What the trash wiped, what was put off, and once a day what was corrected.
    purge(app).await.map(drop)
}

/// Pause between two looks at whether everything works, for the desk, its feed and the log.
const LOOK: Duration = Duration::from_secs(5 * 60);

async fn look_for_ever(app: App) {
    let mut before = Vec::new();
    loop {
        let problems = app.readiness.problems(app.clock.now()).await;
        if problems != before {
            for problem in &problems {
                warn!(
                    problem = problem.why,
                    "{} is not well",
                    problem.subject.name()
                );
            }
            if problems.is_empty() {
                info!("everything works again");
            }
            before = problems;
        }
        if let Err(problem) = notices::note_trouble(&app).await {
            debug!(%problem, "what needs attention could not be noted");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Reads the number of the revision again and again, so that what is known of it is nearly always new enough to go by.
async fn follow_for_ever(app: App) {
    loop {
        if let Err(problem) = app.db.read_revision(|_| Ok(())).await {
            debug!(%problem, "the number of the revision could not be read");
        }
        tokio::time::sleep(db::LEASE / 4).await;
    }
}

/// Pause between two looks at whether the open files still have their names, and looks between two at which of them nobody asks for.
const CLOSE_MOVED: Duration = Duration::from_secs(2);
const CLOSE_IDLE: u32 = 30;

/// Closes files that nobody asks for any more, so that their disk can be taken away.
async fn close_for_ever(app: App) {
    loop {
        for _ in 0..CLOSE_IDLE {
            tokio::time::sleep(CLOSE_MOVED).await;
            let closed = app.library.run(|library| {
                library.close_moved_files();
                Ok(())
            });
            closed.await.unwrap_or_default();
        }
        app.library.close_idle_files();
    }
}

/// Pause between two heartbeats: what runs longer is counted as running time, also when the machine loses its power afterwards.
const BEAT: Duration = Duration::from_secs(10 * 60);

async fn beat_for_ever(app: App) {
    loop {
        if let Err(problem) = app.beat().await {
            warn!(%problem, "the time could not be noted");
        }
        tokio::time::sleep(BEAT).await;
    }
}

/// Waits until a request asks for a scan, and until [`APART`] has passed. A request that comes meanwhile is kept.
async fn scan_requested(app: &App) {
    tokio::time::sleep(APART).await;
    app.notifier.scan_requested().await;
}

/// What the last scan told the log: what is still so is not told again.
#[derive(Default)]
struct Told {
    findings: HashSet<String>,
    failure: Option<String>,
}

impl Told {
    fn report(&mut self, report: &Report) {
        if self.failure.take().is_some() {
            info!("the media folder can be read again");
        }
        let mut now = HashSet::with_capacity(report.findings.len());
        for finding in &report.findings {
            let line = finding.to_string();
            if !self.findings.contains(&line) {
                match finding.wants_attention() {
                    true => warn!("{line}"),
                    false => info!("{line}"),
                }
            }
            now.insert(line);
        }
        self.findings = now;
    }

    fn failure(&mut self, problem: String) {
        if self.failure.as_ref() != Some(&problem) {
            warn!(%problem, "the media folder could not be read");
            self.failure = Some(problem);
        }
    }
}

/// Prints how many series and recordings there are, after the first scan.
async fn count(app: &App) {
    let viewer = app.visitor();
    let counted = app.db.read(move |conn| {
        let all = listed::count(conn, &Viewer::coordinator(viewer.now()))?;
        let public = listed::count(conn, &viewer)?;
        let has_demonstration = series::has_demonstration(conn)?;
        Ok((all, public, has_demonstration, recording::counts(conn)?))
    });
    let Ok((series, public, has_demonstration, (recordings, drafts))) = counted.await else {
        return;
    };
    println!(
        "  {series} series with {recordings} recordings; visitors find {public} of the series"
    );
    if drafts > 0 {
        println!(
            "  drafts, which visitors do not see: {drafts}; publish a series with: terugkijken series publish SLUG"
        );
    }
    if has_demonstration {
        println!("  the demonstration series is here; take it out with: terugkijken demo remove");
    }
}
