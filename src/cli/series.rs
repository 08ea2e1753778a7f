//! `terugkijken series …`: lists and publishes series.

use clap::Subcommand;

use crate::app::App;
use crate::archive;
use crate::catalogue::recording::Visibility;
use crate::catalogue::{recording::stored, series};
use crate::error::{Error, Result};
use crate::scan::full_scan;
use crate::sidecar::SeriesSidecar;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a series public: writes it into the series.toml of its folder
    Publish {
        /// The last part of its address, as `terugkijken series list` shows it
        slug: String,
    },
    /// List every series with its recordings and who may see them
    List,
}

/// Runs a command on series.
pub async fn run(app: &App, command: Command) -> Result<()> {
    match command {
        Command::Publish { slug } => publish(app, &slug).await,
        Command::List => list(app).await,
    }
}

async fn publish(app: &App, slug: &str) -> Result<()> {
    // A scan comes first, so that the current files are published even when no server has scanned them.
    full_scan::scan(app, std::sync::Arc::new(|_| {})).await?;
    let all = app.db.read(series::all).await?;
    let found = all.into_iter().find(|series| series.slug == slug);
    let Some(series) = found else {
        return Err(Error::internal(format!(
            "there is no series \"{slug}\"; `terugkijken series list` shows them"
        )));
    };
    let change = |sidecar: &mut SeriesSidecar| sidecar.visibility = Some(Visibility::Public);
    archive::edit_series(app, "command line", "publish", series.id, change).await?;
    tell(app, &series).await
}

/// Prints which recordings of a series are public now, and why others are not.
async fn tell(app: &App, series: &series::Series) -> Result<()> {
    let id = series.id;
    let recordings = app
        .db
        .read(move |conn| stored::of_series(conn, id, None))
        .await?;
    let (public, other): (Vec<_>, Vec<_>) = recordings
        .iter()
        .filter(|recording| !recording.deleted)
        .partition(|recording| recording.entry.metadata.visibility() == Visibility::Public);
    println!(
        "{}: now public: {} of {} recordings",
        series.title(),
        public.len(),
        public.len() + other.len()
    );
    for recording in other {
        let (metadata, stem) = (&recording.entry.metadata, &recording.entry.stem);
        let (title, visibility) = (metadata.title(), metadata.visibility().as_str());
        println!("{title} stays {visibility}, because {stem}.toml says so");
    }
    println!("{}/series/{}", app.config.base(), series.slug);
    Ok(())
}

async fn list(app: &App) -> Result<()> {
    let all = app.db.read(|conn| {
        let of = |series: series::Series| Ok((stored::of_series(conn, series.id, None)?, series));
        series::all(conn)?
            .into_iter()
            .map(of)
            .collect::<Result<Vec<_>>>()
    });
    for (recordings, series) in all.await? {
        println!("{}  {}", series.slug, series.title());
        for recording in recordings.iter().filter(|recording| !recording.deleted) {
            let (id, metadata) = (&recording.public_id, &recording.entry.metadata);
            let (title, visibility) = (metadata.title(), metadata.visibility().as_str());
            println!("    {id}  {visibility:9} {title}");
        }
    }
    Ok(())
}
