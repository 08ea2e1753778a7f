//! What a folder says of a series and of a recording: the sidecar first, then the series, then the name of the file and
//! the container. The same files always say the same, so a catalogue made again from the folder is the same catalogue.

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

/// The language of a series that does not say it.
const LANGUAGE: &str = "nl";

/// What a recording takes from around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// What its series says, else the settings.
    pub metadata: Metadata,
    pub zone: TimeZone,
}

/// A series by its file, else by the name of its folder.
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

/// What the series and the settings say to its recordings. The inbox is where uploads wait: never public by itself.
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

/// A recording by its sidecar, else by its name, by `facts`, those of its first file, and by what is around it.
pub fn recording(
    stem: &str,
    sidecar: &RecordingSidecar,
    hash: Option<String>,
    facts: Option<&Facts>,
    defaults: &Defaults,
    report: &mut Report,
) -> FolderEntry {
    let mut metadata = sidecar.metadata.clone();
    // What a row cannot hold counts as not stated.
    metadata.number = metadata.number.filter(|number| *number >= 0);
    metadata.title = not_blank(metadata.title);
    metadata.language = language(metadata.language);
    let is_named = |text: &str| !text.trim().is_empty();
    metadata.speakers.retain(|speaker| is_named(&speaker.name));
    metadata.chapters.retain(|chapter| is_named(&chapter.title));
    // What cannot be read must not make anything public too early: never, rather than always.
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

/// What the name of a file says.
pub fn of_name(stem: &str) -> Metadata {
    Metadata {
        number: file_name::number(stem),
        title: Some(file_name::title(stem)),
        ..Metadata::default()
    }
}

/// What the file itself says.
fn of_file(facts: &Facts, zone: &TimeZone) -> Metadata {
    Metadata {
        date: facts.recorded_at.and_then(|at| date_of(at, zone)),
        chapters: facts.chapters.clone(),
        ..Metadata::default()
    }
}

/// Since when it is in the trash, UTC seconds; now, when it does not say a moment we can read. `None`: it is not.
pub fn deleted_since(sidecar: &RecordingSidecar, now: i64) -> Option<i64> {
    let since = sidecar.deleted.as_deref()?;
    Some(moment(since).unwrap_or(now))
}

/// The named links of a sidecar. One without a token that can be one is passed over.
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
                // What cannot be read must not open anything.
                expires_at: at(&link.expires).map(|expires| expires.unwrap_or(0)),
                withdrawn_at: at(&link.withdrawn).map(|withdrawn| withdrawn.unwrap_or(0)),
                password_hash: link.password_hash.clone(),
            })
        })
        .collect()
}

/// The title of a hand-out: from the sidecar, else from what its name says after the stem.
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

/// An empty line says nothing.
fn not_blank(line: Option<String>) -> Option<String> {
    line.filter(|line| !line.trim().is_empty())
}

fn language(tag: Option<String>) -> Option<String> {
    tag.and_then(|tag| file_name::language(&tag))
}

/// A moment with its offset, in UTC seconds.
fn moment(text: &str) -> Option<i64> {
    let moment = text.parse::<jiff::Timestamp>().ok()?;
    Some(moment.as_second())
}

/// The calendar date of a moment in the portal's zone.
fn date_of(at: i64, zone: &TimeZone) -> Option<String> {
    let moment = jiff::Timestamp::from_second(at).ok()?;
    Some(moment.to_zoned(zone.clone()).date().to_string())
}
