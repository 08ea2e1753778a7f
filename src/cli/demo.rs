//! `terugkijken demo remove`: takes the demonstration series out, once an association has recordings of its own.

use clap::Subcommand;

use crate::catalogue::audit::{self, Act};
use crate::catalogue::{recording_known, series};
use crate::config::{Config, Flags};
use crate::error::{Error, Result};
use crate::intake::scan;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Remove the demonstration series: its folder and its pages
    Remove,
}

/// Removes every series that calls itself a demonstration. Its addresses answer "gone" from then on.
pub async fn run(flags: &Flags, command: Command) -> Result<()> {
    let Command::Remove = command;
    let app = super::open(Config::load(flags)?).await?;
    scan::scan(&app, std::sync::Arc::new(|_| {})).await?;
    let now = app.clock.now();
    let removed = app.db.write(move |conn| {
        let demonstrations: Vec<_> = series::all(conn)?
            .into_iter()
            .filter(|series| series.demonstration)
            .collect();
        for series in &demonstrations {
            for known in recording_known::known_of_series(conn, series.id)? {
                recording_known::delete(conn, known.id, now)?;
            }
            let subject = format!("series {}", series.slug);
            audit::note(
                conn,
                &Act {
                    who: "command line",
                    act: "remove",
                    subject: &subject,
                    before: None,
                    after: None,
                },
                now,
            )?;
        }
        Ok(demonstrations)
    });
    // Rows first: a folder without rows would come back with the next scan, rows without a folder do no harm.
    let removed: Vec<_> = removed
        .await?
        .into_iter()
        .filter(|series| app.library.has_folder(&series.folder))
        .collect();
    for series in &removed {
        let (library, folder) = (app.library.clone(), series.folder.clone());
        tokio::task::spawn_blocking(move || library.remove_folder(&folder))
            .await
            .map_err(Error::internal)??;
        println!("removed: {} ({})", series.title, series.folder);
    }
    if removed.is_empty() {
        println!("there is no demonstration series");
    }
    Ok(())
}
