//! What a folder says of a series and of a recording: the sidecar first, then the series, then the name of the file and
//! the container. The same files always say the same, so a catalogue made again from the folder is the same catalogue.

use jiff::tz::TimeZone;

use super::name;
use super::report::Report;
use crate::catalogue::chapter::Chapter;
use crate::catalogue::link::{Link, Target, Token};
use crate::catalogue::original::Facts;
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::stored::Said;
use crate::catalogue::{series, speaker};
use crate::config::NewRecordings;
use crate::sidecar::{self, RecordingSidecar, SeriesSidecar};

/// The language of a series that does not say it.
const LANGUAGE: &str = "nl";

/// What a recording takes from around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    pub language: String,
    /// What its series says, else the setting.
    pub visibility: Visibility,
    pub zone: TimeZone,
}

/// A series by its file, else by the name of its folder.
pub fn series(folder: &str, sidecar: &SeriesSidecar) -> series::Said {
    series::Said {
        title: words(sidecar.title.as_ref()).unwrap_or_else(|| name::title(folder)),
        organiser: sidecar.organiser.clone(),
        description: sidecar.description.clone(),
        language: language(sidecar.language.as_deref()).unwrap_or_else(|| LANGUAGE.to_owned()),
        visibility: sidecar.visibility,
        demonstration: sidecar.demonstration.unwrap_or(false),
        position: sidecar.order,
        password_hash: sidecar.password_hash.clone(),
        embed_sites: sidecar.embed_sites.clone(),
    }
}

/// What the catalogue knows a series to have said.
pub fn known_series(known: &series::Series) -> series::Said {
    series::Said {
        title: known.title.clone(),
        organiser: known.organiser.clone(),
        description: known.description.clone(),
        language: known.language.clone(),
        visibility: known.visibility,
        demonstration: known.demonstration,
        position: known.position,
        password_hash: known.password_hash.clone(),
        embed_sites: known.embed_sites.clone(),
    }
}

/// A new series whose file cannot be read: what the name of its folder says, and nothing public.
pub fn unreadable_series(folder: &str) -> series::Said {
    let said = SeriesSidecar {
        visibility: Some(Visibility::Draft),
        ..SeriesSidecar::default()
    };
    series(folder, &said)
}

/// What the series' file and the settings say to its recordings. The inbox is where uploads wait: never public by itself.
pub fn around(said: &series::Said, folder: &str, setting: NewRecordings, zone: TimeZone) -> Around {
    let from_setting = match setting {
        NewRecordings::Draft => Visibility::Draft,
        NewRecordings::Public => Visibility::Public,
    };
    let visibility = match folder {
        series::INBOX => Visibility::Draft,
        _ => said.visibility.unwrap_or(from_setting),
    };
    Around {
        language: said.language.clone(),
        visibility,
        zone,
    }
}

/// A recording by its sidecar, else by its name and `facts`, those of its first file.
pub fn recording(
    stem: &str,
    sidecar: &RecordingSidecar,
    hash: Option<String>,
    facts: Option<&Facts>,
    around: &Around,
    report: &mut Report,
) -> Said {
    let mut moment = |key: &str, text: &Option<String>| {
        let text = text.as_deref()?;
        let moment = moment(text, &around.zone);
        if moment.is_none() {
            report.note(format!("{stem}.toml"), format!("\"{text}\" is no moment for {key}; until it is mended nobody but coordinators see it"));
        }
        // What cannot be read must not make anything public too early: never, rather than always.
        Some(moment.unwrap_or(i64::MAX))
    };
    let visible_from = moment("visible_from", &sidecar.visible_from);
    let visible_until = moment("visible_until", &sidecar.visible_until)
        .map(|until| if until == i64::MAX { 0 } else { until });
    let recorded = facts
        .and_then(|facts| facts.recorded_at)
        .and_then(|at| date_of(at, &around.zone));
    Said {
        stem: stem.to_owned(),
        number: sidecar
            .number
            .filter(|number| *number >= 0)
            .or_else(|| name::number(stem)),
        title: words(sidecar.title.as_ref()).unwrap_or_else(|| name::title(stem)),
        summary: sidecar.summary.clone(),
        description: sidecar.description.clone(),
        date: sidecar.date.clone().or(recorded),
        language: language(sidecar.language.as_deref()).unwrap_or_else(|| around.language.clone()),
        visibility: sidecar.visibility.unwrap_or(around.visibility),
        visible_from,
        visible_until,
        withdrawn_reason: sidecar.withdrawn_reason.clone(),
        replaced_by: sidecar.replaced_by.clone(),
        download: sidecar.download.unwrap_or(true),
        embed_sites: sidecar.embed_sites.clone(),
        file: sidecar.file.clone(),
        sidecar_hash: hash,
    }
}

/// Since when it is in the trash, UTC seconds; now, when it does not say a moment we can read. `None`: it is not.
pub fn deleted_since(sidecar: &RecordingSidecar, now: i64) -> Option<i64> {
    let since = sidecar.deleted.as_deref()?;
    Some(moment(since, &TimeZone::UTC).unwrap_or(now))
}

/// The named links of a sidecar. One without a token that can be one is passed over.
pub fn links(links: &[sidecar::Link], target: Target, now: i64) -> Vec<Link> {
    let at = |text: &Option<String>| text.as_deref().map(|text| moment(text, &TimeZone::UTC));
    links
        .iter()
        .filter_map(|link| {
            Some(Link {
                token: Token::parse(&link.token)?,
                name: words(Some(&link.name))?,
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

/// Chapters of the sidecar, else those inside the file.
pub fn chapters(sidecar: &RecordingSidecar, facts: Option<&Facts>) -> Vec<Chapter> {
    if sidecar.chapters.is_empty() {
        return facts
            .map(|facts| facts.chapters.clone())
            .unwrap_or_default();
    }
    let said = sidecar
        .chapters
        .iter()
        .filter(|chapter| !chapter.title.trim().is_empty());
    said.map(|chapter| Chapter {
        start_ms: chapter.start_ms,
        title: chapter.title.clone(),
    })
    .collect()
}

pub fn speakers(sidecar: &RecordingSidecar) -> Vec<speaker::Said> {
    let said = sidecar
        .speakers
        .iter()
        .filter(|speaker| !speaker.name.trim().is_empty());
    said.map(|speaker| speaker::Said {
        name: speaker.name.clone(),
        role: speaker.role.clone(),
    })
    .collect()
}

/// The title of a hand-out: from the sidecar, else from what its name says after the stem.
pub fn attachment_title(sidecar: &RecordingSidecar, file: &str, said: &str) -> String {
    let titled = sidecar
        .attachments
        .iter()
        .find(|attachment| attachment.file == file);
    titled
        .map(|attachment| attachment.title.clone())
        .unwrap_or_else(|| match said {
            "" => file.to_owned(),
            said => name::title(said),
        })
}

/// An empty line says nothing.
fn words(line: Option<&String>) -> Option<String> {
    line.filter(|line| !line.trim().is_empty()).cloned()
}

fn language(tag: Option<&str>) -> Option<String> {
    tag.and_then(name::language)
}

/// A moment with its offset, or a time of day in the portal's zone, in UTC seconds.
fn moment(text: &str, zone: &TimeZone) -> Option<i64> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_second());
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    civil
        .to_zoned(zone.clone())
        .ok()
        .map(|zoned| zoned.timestamp().as_second())
}

/// The calendar date of a moment in the portal's zone.
fn date_of(at: i64, zone: &TimeZone) -> Option<String> {
    let moment = jiff::Timestamp::from_second(at).ok()?;
    Some(moment.to_zoned(zone.clone()).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_their_offset_or_in_the_zone_of_the_portal() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        for (text, expected) in [
            ("2026-07-01T12:00:00+02:00", Some(1_782_900_000)),
            ("2026-07-01T12:00:00", Some(1_782_900_000)),
            ("2026-07-01", Some(1_782_856_800)),
            ("morgen", None),
        ] {
            assert_eq!(moment(text, &zone), expected, "{text}");
        }
    }
}
