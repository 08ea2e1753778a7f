//! Takes the demonstration series out when an association has recordings of its own. Its addresses then answer 410.

use super::Archive;
use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::stored;
use crate::catalogue::series::{self, Series};
use crate::error::Result;
use crate::library::Library;
use crate::scan::full_scan;
use crate::sidecar::SERIES_FILE;

/// The folder of the demonstration series.
pub const FOLDER: &str = "online-jongerenwerk";

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

/// What was taken out.
#[derive(Debug)]
pub struct TakenOut {
    pub title: String,
    /// Files that a person added, which stay in its folder.
    pub stayed: Vec<String>,
}

/// Whether this is the demonstration series: another one in its folder is of the association.
pub fn is_delivered(series: &Series) -> bool {
    series.folder == FOLDER && series.demonstration()
}

/// Takes it out; `None` when it is not here. `actor`: who wants that, for the audit list.
pub async fn take_out(app: &App, actor: &str) -> Result<Option<TakenOut>> {
    full_scan::scan(app, std::sync::Arc::new(|_| {})).await?;
    let archive = Archive::of_folders(app, actor, [FOLDER.to_owned()]).await?;
    let (now, actor) = (app.clock.now(), actor.to_owned());
    let found = app.db.write(move |conn| {
        let delivered = series::by_folder(conn, FOLDER)?.filter(is_delivered);
        let Some(series) = delivered else {
            return Ok(None);
        };
        for recording in stored::of_series(conn, series.id, None)? {
            if STEMS.contains(&recording.entry.stem.as_str()) {
                stored::delete(conn, recording.id, now)?;
            }
        }
        let subject = format!("series {}", series.slug);
        audit::note(conn, &Act::of(&actor, "remove", &subject), now)?;
        Ok(Some(series))
    });
    let Some(series) = found.await? else {
        return Ok(None);
    };
    // Rows are removed first: a file without a row returns with the next scan, while a row without a file does no harm.
    let stayed = app.library.run(remove).await?;
    drop(archive);
    Ok(Some(TakenOut {
        title: series.title().to_owned(),
        stayed,
    }))
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
