//! Derives the metadata of a series and of a recording: from the sidecar first, then the series, then the file name and the
//! container; chapters that none of them has from the description. The same files always give the same metadata, so a rebuilt catalogue equals the old one.

use jiff::tz::TimeZone;
use uuid::Uuid;

use super::file_name;
use super::report::Report;
use crate::catalogue::chapter::Chapter;
use crate::catalogue::field::Moment;
use crate::catalogue::link::{Link, Target, Token};
use crate::catalogue::name::{is_same, is_visible};
use crate::catalogue::original::Facts;
use crate::catalogue::recording::stored::FolderEntry;
use crate::catalogue::recording::{Metadata, Visibility};
use crate::catalogue::series;
use crate::catalogue::timed_line;
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
    metadata.organiser = not_blank(metadata.organiser);
    metadata.language = language(metadata.language);
    metadata.podcast_guid = metadata
        .podcast_guid
        .filter(|guid| Uuid::parse_str(guid).is_ok());
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
    if metadata
        .title
        .as_deref()
        .is_some_and(|title| !title.is_empty() && !is_visible(title))
    {
        report.note(
            format!("{stem}.toml"),
            "nobody can see anything of the title; that of the file name is shown",
        );
    }
    metadata.title = not_blank(metadata.title);
    metadata.language = language(metadata.language);
    metadata
        .speakers
        .retain(|speaker| is_visible(&speaker.name));
    for speaker in &mut metadata.speakers {
        speaker.role = not_blank(speaker.role.take());
    }
    metadata
        .chapters
        .retain(|chapter| is_visible(&chapter.title));
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
    if metadata.chapters.is_empty() {
        metadata.chapters = described_chapters(&metadata, facts);
    }
    FolderEntry {
        stem: stem.to_owned(),
        metadata,
        file: sidecar.file.clone(),
        sidecar_hash: hash,
    }
}

/// The chapters in a description, for a recording that has no others.
pub fn described_chapters(metadata: &Metadata, facts: Option<&Facts>) -> Vec<Chapter> {
    let length_ms = facts.and_then(|facts| facts.duration_ms);
    timed_line::chapters(metadata.description.as_deref(), length_ms)
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
    let mut chapters = facts.chapters.clone();
    chapters.retain(|chapter| is_visible(&chapter.title));
    Metadata {
        date: facts.recorded_at.and_then(|at| date_of(at, zone)),
        chapters,
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
                name: link_name(&link.name)?,
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

/// The name of a link; a dash when nobody can see anything of it, because the link was handed out all the same.
fn link_name(name: &str) -> Option<String> {
    match is_visible(name) {
        true => Some(name.to_owned()),
        false => (!name.trim().is_empty()).then(|| "-".to_owned()),
    }
}

/// The title of a hand-out, from the sidecar or from the part of its file name after the stem.
pub fn attachment_title(sidecar: &RecordingSidecar, file: &str, stated: &str) -> String {
    let titled = sidecar
        .attachments
        .iter()
        .find(|attachment| is_same(&attachment.file, file) && is_visible(&attachment.title));
    titled
        .map(|attachment| attachment.title.clone())
        .unwrap_or_else(|| match stated {
            "" => file.to_owned(),
            stated => file_name::title(stated),
        })
}

/// `None` for a line of which nobody sees anything.
fn not_blank(line: Option<String>) -> Option<String> {
    line.filter(|line| is_visible(line))
}

fn language(tag: Option<String>) -> Option<String> {
    tag.and_then(|tag| file_name::language(&tag))
}

/// A moment with a UTC offset as UTC seconds; `None` when the text is none.
pub fn moment(text: &str) -> Option<i64> {
    let moment = text.parse::<jiff::Timestamp>().ok()?;
    Some(moment.as_second())
}

/// The calendar date of a moment in the time zone of the portal.
fn date_of(at: i64, zone: &TimeZone) -> Option<String> {
    let moment = jiff::Timestamp::from_second(at).ok()?;
    Some(moment.to_zoned(zone.clone()).date().to_string())
}
