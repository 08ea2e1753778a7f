//! The command line: one file per command. In: arguments. Out: lines for the person who typed them, and an exit code.

pub mod check;
pub mod config;
pub mod coordinator;
pub mod demo;
mod keep_running;
pub mod scan;
pub mod series;
pub mod serve;
pub mod worker;

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::{App, Clock, Notifier, Parts, Streams};
use crate::branding::CurrentBranding;
use crate::catalogue::mail_address;
use crate::config::{Config, Flags};
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::people::People;
use crate::processing::confined::{self, Confinement};
use crate::readiness::Readiness;
use crate::scan::portal;
use crate::sidecar::PORTAL_FILE;

/// Puts recorded training sessions online and keeps them findable, playable and linkable for years.
#[derive(Debug, Parser)]
#[command(
    name = "terugkijken",
    version,
    about,
    after_help = "Every setting can also be given as a TERUGKIJKEN_… variable or in terugkijken.toml; `terugkijken config` prints them all. Name, logo, colour, contact and footer of the association can be set at the desk instead."
)]
pub struct Arguments {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal (this is what happens without a command)
    Serve,
    /// Do the background work beside a server, until it is stopped
    Worker,
    /// Read the media folder now and say what was found
    Scan(scan::Options),
    /// Check settings, database, folders and helpers; exits non-zero when something is wrong
    Check,
    /// Print a commented template of terugkijken.toml
    Config,
    /// Work with a series
    #[command(subcommand)]
    Series(series::Command),
    /// Work with accounts and access keys
    #[command(subcommand)]
    Coordinator(coordinator::Command),
    /// The demonstration series
    #[command(subcommand)]
    Demo(demo::Command),
    /// Become another program that may do little
    #[command(hide = true)]
    Confined(Confinement),
}

/// Runs a command. Returns the exit code.
pub async fn run(arguments: Arguments) -> ExitCode {
    let flags = arguments.flags;
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&flags).await,
        Command::Worker => worker::run(&flags).await,
        Command::Scan(options) => {
            beside_a_server(&flags, async |app| scan::run(app, &options).await).await
        }
        Command::Check => return check::run(&flags).await,
        Command::Config => config::run(),
        Command::Series(command) => {
            beside_a_server(&flags, async |app| series::run(app, command).await).await
        }
        Command::Coordinator(command) => coordinator::run(&flags, command).await,
        Command::Demo(command) => {
            beside_a_server(&flags, async |app| demo::run(app, command).await).await
        }
        // It never gets here: `main` confines itself before it has threads.
        Command::Confined(confinement) => Err(Error::internal(confined::enter(&confinement))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("terugkijken: {}", sentence(&problem));
            ExitCode::FAILURE
        }
    }
}

/// The text of an error for a terminal, with its cause, because the user owns the machine.
fn sentence(problem: &Error) -> String {
    match problem {
        Error::Internal(cause) => cause.to_string(),
        Error::Refused(text) | Error::Over(text) | Error::Status(_, text) => {
            crate::web::texts::english(text)
        }
        Error::NotFound
        | Error::Gone(_)
        | Error::SignInNeeded
        | Error::Forbidden
        | Error::TooOften(_)
        | Error::Changed
        | Error::DiskFull
        | Error::Busy => problem.to_string(),
    }
}

/// Runs a command that may change what visitors see. A server beside it goes by what it read for a moment, and the command ends
/// when that is over.
async fn beside_a_server(
    flags: &Flags,
    command: impl AsyncFnOnce(&App) -> Result<()>,
) -> Result<()> {
    let app = open(Config::load(flags)?).await?;
    let done = command(&app).await;
    if app.db.has_changed() {
        tokio::time::sleep(db::LEASE).await;
    }
    done
}

/// What is said of an account whose address is another spelling of that of another account.
fn other_spelling(email: &str) -> String {
    format!(
        "{email} is another spelling of the address of another account: nobody can sign in with it; hand its recordings on and disable it"
    )
}

/// Opens the portal with these settings, without a listener.
pub async fn open(config: Config) -> Result<App> {
    let library = library(&config)?;
    open_with(config, library).await
}

/// The media folder and the data folder of these settings, which are created when they are missing.
fn library(config: &Config) -> Result<Library> {
    let library = Library::new(&config.media, &config.data);
    let closed = library.make_folders().map_err(|problem| {
        let (media, data, why) = (
            config.media.display(),
            config.data.display(),
            sentence(&problem),
        );
        Error::internal(format!(
            "the folders {media} and {data} cannot be made: {why}"
        ))
    })?;
    if let Some(closed) = closed {
        tracing::warn!("{closed}");
    }
    Ok(library)
}

/// Opens the portal on these folders.
async fn open_with(config: Config, library: Library) -> Result<App> {
    let path = library.database();
    let db = match Db::open(&path).await {
        // What is there can still be watched. SQLite has several names for a full disk here.
        Err(_) if library.has_room_for_rows().is_err() => Db::open_read_only(&path).await,
        opened => opened,
    };
    let db = db.map_err(|problem| {
        let (path, why) = (path.display(), sentence(&problem));
        Error::internal(format!("the catalogue {path} cannot be opened: {why}"))
    })?;
    if db.read(mail_address::is_to_be_written).await? {
        match db.write(|conn| mail_address::write_alike(conn)).await {
            // What is there can still be watched.
            Ok(()) | Err(Error::DiskFull) => {}
            Err(problem) => return Err(problem),
        }
    }
    let transfers = crate::transfer::Transfers::default();
    let app = App::from(Parts {
        readiness: Readiness::new(&db, &library, &transfers),
        transfers,
        form_memory: crate::request_body::FormMemory::default(),
        people: People::default(),
        branding: CurrentBranding::new(config.branding()),
        config: Arc::new(config),
        db,
        library,
        clock: Clock::default(),
        notifier: Notifier::default(),
        streams: Streams::default(),
    });
    // What the association says of itself is known before the first answer. What is wrong with it stops nobody: the scan says so too.
    if let Ok(files) = app.library.run(portal::read).await {
        for problem in files.put_into_force(&app) {
            tracing::warn!("{PORTAL_FILE}: {problem}");
        }
    }
    Ok(app)
}
