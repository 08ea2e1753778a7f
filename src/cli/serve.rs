//! `terugkijken [serve]`: runs the portal. It listens at once, and scans the media folder while it serves.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::app::App;
use crate::archive::erase;
use crate::catalogue::series::{self, listed};
use crate::catalogue::{Viewer, coordinator, recording, welcome};
use crate::config::{Config, Flags};
use crate::error::{Error, Result};
use crate::processing::worker;
use crate::scan::full_scan;
use crate::scan::report::Report;
use crate::server::{self, Limits, Stop};
use crate::uploads::finish;
use crate::web::urls;
use crate::{logging, memory, router};

/// Pause before the next scan while a file is still arriving.
const ARRIVING: Duration = Duration::from_secs(10);

/// Serves until a signal to stop.
pub async fn run(flags: &Flags) -> Result<()> {
    let mut config = Config::load(flags)?;
    logging::set_up(config.log_format, &config.log).map_err(Error::internal)?;
    let stop = Stop::at_signals()?;
    let listen = config.listen;
    let listener = TcpListener::bind(listen).await.map_err(|problem| {
        Error::internal(format!(
            "setting listen: cannot listen on {listen}: {problem}"
        ))
    })?;
    // Port 0 selects a free port, which absolute addresses must contain.
    config.listen = listener.local_addr()?;
    let app = super::open(config).await?;
    let (media, listen) = (app.library.media().display(), app.config.listen);
    println!("Terugkijken serves {media} on http://{listen}");
    advise(&app.config);
    set_up(&app, &app.config.base()).await?;
    // Uploads that a crash interrupted are finished before the first request.
    finish::finish_all(&app).await?;
    let scanning = tokio::spawn(scan_for_ever(app.clone()));
    let working = tokio::spawn(worker::work_for_ever(app.clone()));
    let giving_back = tokio::spawn(memory::give_back_for_ever());
    let most = Limits::of_this_machine();
    let limits = Limits {
        connections: most.connections.min(app.config.connections),
        ..most
    };
    let drained = server::serve(listener, router::router(&app), limits, stop).await;
    // These tasks can be aborted anywhere: they record their work in transactions, and every step may run twice.
    scanning.abort();
    working.abort();
    giving_back.abort();
    app.db.checkpoint().await?;
    info!(streams_cut = drained.streams_cut, "stopped");
    Ok(())
}

/// Prints settings that a public portal should change.
fn advise(config: &Config) {
    if config.base_url.is_none() {
        println!("  base_url is not set: links in feeds and embeds work on this machine only");
    }
    if config.contact.is_none() {
        println!("  contact is not set: visitors who are in a recording do not see whom to ask");
    }
    if let Some(accent) = crate::web::theme::adjusted(config.accent_rgb()) {
        println!(
            "  accent {} is hard to read on the page; {accent} is used for text",
            config.accent
        );
    }
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
    loop {
        let is_waiting = match full_scan::scan(&app, std::sync::Arc::new(|_| {})).await {
            Ok(report) => {
                tell(&report);
                report.waiting
            }
            Err(problem) => {
                warn!(%problem, "the media folder could not be read");
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
        if let Err(problem) = finish::sweep(&app).await {
            warn!(%problem, "uploads that were given up could not be swept away");
        }
        if let Err(problem) = erase::empty_trash(&app).await {
            warn!(%problem, "the trash could not be emptied");
        }
        tokio::select! {
            () = tokio::time::sleep(if is_waiting { ARRIVING } else { pause }) => {}
            () = app.notifier.scan_requested() => {}
            _ = hang_up.recv() => {}
        }
    }
}

fn tell(report: &Report) {
    for finding in &report.findings {
        match finding.wants_attention() {
            true => warn!("{finding}"),
            false => info!("{finding}"),
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
            "  {drafts} recordings are drafts, which visitors do not see; publish a series with: terugkijken series publish SLUG"
        );
    }
    if has_demonstration {
        println!("  the demonstration series is here; take it out with: terugkijken demo remove");
    }
}
