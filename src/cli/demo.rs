//! `terugkijken demo remove`: removes the demonstration series when an association has recordings of its own.

use clap::Subcommand;

use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::{recording::stored, series};
use crate::error::Result;
use crate::library::Library;
use crate::scan::full_scan;
use crate::sidecar::SERIES_FILE;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Remove the demonstration series: its folder and its pages
    Remove,
}

/// The folder of the demonstration series.
const FOLDER: &str = "online-jongerenwerk";

/// The stems of its files. A file with another stem was added by a person and is never removed.
const STEMS: [&str; 13] = [
    "01-waarom-online-jongerenwerk",
    "02-zijn-waar-de-jeugd-is",
    "03-wat-doe-je-wel-en-niet-online",
    "04-de-risicos-van-online-werken",
    "05-de-meerwaarde-van-online-contact",
    "06-een-goede-mix-van-online-en-offline",
    "07-visie-op-online-werken",
    "08-goed-materiaal-laptop-en-telefoon",
    "09-tijd-om-online-te-werken",
    "10-laagdrempelig-contact-leggen-en-houden",
    "11-je-informatiepositie-versterken",
    "12-online-werken-in-je-team-en-bij-sollicitaties",
    "13-terugkomdag-hoe-gaat-het-nu",
];

/// Removes the demonstration series, whose addresses then answer 410.
pub async fn run(app: &App, command: Command) -> Result<()> {
    let Command::Remove = command;
    full_scan::scan(app, std::sync::Arc::new(|_| {})).await?;
    let now = app.clock.now();
    let found = app.db.write(move |conn| {
        let delivered = series::by_folder(conn, FOLDER)?.filter(|series| series.demonstration());
        let Some(series) = delivered else {
            return Ok(None);
        };
        for recording in stored::of_series(conn, series.id, None)? {
            if STEMS.contains(&recording.entry.stem.as_str()) {
                stored::delete(conn, recording.id, now)?;
            }
        }
        let subject = format!("series {}", series.slug);
        audit::note(conn, &Act::of("command line", "remove", &subject), now)?;
        Ok(Some(series))
    });
    let Some(series) = found.await? else {
        println!("the demonstration series is not here");
        return Ok(());
    };
    // Rows are removed first: a file without a row returns with the next scan, while a row without a file does no harm.
    let stayed = app.library.run(remove).await?;
    println!("removed: {}", series.title());
    for file in stayed {
        println!("not ours, so it stays: {FOLDER}/{file}");
    }
    Ok(())
}

/// Removes the files of the demonstration series, and the folder when it is empty then. Returns the names of files that stay.
fn remove(library: &Library) -> Result<Vec<String>> {
    let mut stayed = Vec::new();
    if !library.has_folder(FOLDER) {
        return Ok(stayed);
    }
    for entry in library.folder(FOLDER)? {
        let is_delivered = STEMS.iter().any(|stem| {
            let rest = entry.name.strip_prefix(stem);
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        match is_delivered {
            true => library.remove(FOLDER, &entry.name)?,
            false if entry.name != SERIES_FILE => stayed.push(entry.name),
            false => {}
        }
    }
    if stayed.is_empty() {
        library.remove(FOLDER, SERIES_FILE)?;
        library.remove_empty_folder(FOLDER)?;
    }
    Ok(stayed)
}
