//! Derives the metadata of a series and of a recording: from the sidecar first, then the series, then the file name and the
//! container. The same files always give the same metadata, so a rebuilt catalogue equals the old one.

use jiff::tz::TimeZone;

use super::file_name;
use super::report::Report;
use crate::catalogue::field::Moment;
use crate::catalogue::link::{Link, Target, Token};
use crate::catalogue::original::Facts;
use crate::catalogue::recording::stored::FolderEntry;
use crate::catalogue::recording::{Metadata, Visibility};
use crate::catalogue::series;
use crate::sidecar::{self, RecordingSidecar};

/// The language of a series whose file states none.
const LANGUAGE: &str = "nl";

/// The metadata that a recording inherits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Metadata of the series, completed by the settings.
    pub metadata: Metadata,
    pub zone: TimeZone,
}

/// Metadata of a series from its file, otherwise from the name of its folder.
pub fn series(folder: &str, stated: &series::Metadata) -> series::Metadata {
    let mut metadata = stated.clone();
    metadata.title = not_blank(metadata.title);
    metadata.language = language(metadata.language);
    metadata.inherit(&series::Metadata {
        title: Some(file_name::title(folder)),
        language: Some(LANGUAGE.to_owned()),
        demonstration: Some(false),
        ..series::Metadata::default()
    });
    metadata
}

/// The defaults that a series and the settings give to recordings. Recordings in the inbox, where uploads arrive, start as drafts.
pub fn defaults(
    series: &series::Metadata,
    folder: &str,
    settings: &Metadata,
    zone: TimeZone,
) -> Defaults {
    let mut metadata = series.for_recordings();
    if folder == series::INBOX {
        metadata.visibility = Some(Visibility::Draft);
    }
    metadata.inherit(settings);
    Defaults { metadata, zone }
}

/// The entry of a recording from its sidecar, completed by its name, by the facts of its first file and by its defaults.
pub fn recording(
    stem: &str,
    sidecar: &RecordingSidecar,
    hash: Option<String>,
    facts: Option<&Facts>,
    defaults: &Defaults,
    report: &mut Report,
) -> FolderEntry {
    let mut metadata = sidecar.metadata.clone();
    // Values that a row cannot hold count as absent.
    metadata.number = metadata.number.filter(|number| *number >= 0);
    metadata.title = not_blank(metadata.title);
    metadata.language = language(metadata.language);
    let is_named = |text: &str| !text.trim().is_empty();
    metadata.speakers.retain(|speaker| is_named(&speaker.name));
    metadata.chapters.retain(|chapter| is_named(&chapter.title));
    // An unreadable moment hides the recording, because it must never become public too early.
    for (key, moment, never) in [
        ("visible_from", &mut metadata.visible_from, i64::MAX),
        ("visible_until", &mut metadata.visible_until, 0),
    ] {
        if let Some(moment) = moment
            && moment.at == Moment::UNREADABLE
        {
            report.note(
                format!("{stem}.toml"),
                format!("\"{moment}\" is no moment for {key}; until it is mended nobody but coordinators see it"),
            );
            *moment = Moment::at(never);
        }
    }
    metadata.inherit(&of_name(stem));
    if let Some(facts) = facts {
        metadata.inherit(&of_file(facts, &defaults.zone));
    }
    metadata.inherit(&defaults.metadata);
    FolderEntry {
        stem: stem.to_owned(),
        metadata,
        file: sidecar.file.clone(),
        sidecar_hash: hash,
    }
}

/// Metadata in a file name: number and title.
pub fn of_name(stem: &str) -> Metadata {
    Metadata {
        number: file_name::number(stem),
        title: Some(file_name::title(stem)),
        ..Metadata::default()
    }
}

/// Metadata in the container: date and chapters.
fn of_file(facts: &Facts, zone: &TimeZone) -> Metadata {
    Metadata {
        date: facts.recorded_at.and_then(|at| date_of(at, zone)),
        chapters: facts.chapters.clone(),
        ..Metadata::default()
    }
}

/// When the recording was put in the trash, in UTC seconds; now, when the sidecar states an unreadable moment. `None`: it is not
/// deleted.
pub fn deleted_since(sidecar: &RecordingSidecar, now: i64) -> Option<i64> {
    let since = sidecar.deleted.as_deref()?;
    Some(moment(since).unwrap_or(now))
}

/// The named links of a sidecar. A link without a valid token is left out.
pub fn links(links: &[sidecar::Link], target: Target, now: i64) -> Vec<Link> {
    let at = |text: &Option<String>| text.as_deref().map(moment);
    links
        .iter()
        .filter_map(|link| {
            Some(Link {
                token: Token::parse(&link.token)?,
                name: not_blank(Some(link.name.clone()))?,
                target,
                created_at: at(&link.created).flatten().unwrap_or(now),
                // A link with an unreadable moment counts as expired or withdrawn, so that it opens nothing.
                expires_at: at(&link.expires).map(|expires| expires.unwrap_or(0)),
                withdrawn_at: at(&link.withdrawn).map(|withdrawn| withdrawn.unwrap_or(0)),
                password_hash: link.password_hash.clone(),
            })
        })
        .collect()
}

/// The title of a hand-out, from the sidecar or from the part of its file name after the stem.
pub fn attachment_title(sidecar: &RecordingSidecar, file: &str, stated: &str) -> String {
    let titled = sidecar
        .attachments
        .iter()
        .find(|attachment| attachment.file == file);
    titled
        .map(|attachment| attachment.title.clone())
        .unwrap_or_else(|| match stated {
            "" => file.to_owned(),
            stated => file_name::title(stated),
        })
}

/// `None` for a line that is empty or blank.
fn not_blank(line: Option<String>) -> Option<String> {
    line.filter(|line| !line.trim().is_empty())
}

fn language(tag: Option<String>) -> Option<String> {
    tag.and_then(|tag| file_name::language(&tag))
}

/// A moment with a UTC offset as UTC seconds; `None` when the text is none.
fn moment(text: &str) -> Option<i64> {
    let moment = text.parse::<jiff::Timestamp>().ok()?;
    Some(moment.as_second())
}

/// The calendar date of a moment in the time zone of the portal.
fn date_of(at: i64, zone: &TimeZone) -> Option<String> {
    let moment = jiff::Timestamp::from_second(at).ok()?;
    Some(moment.to_zoned(zone.clone()).date().to_string())
}
