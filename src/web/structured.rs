//! Structured data for search engines (schema.org, JSON-LD): a recording as a video and a lesson, a series as a course. In: rows
//! that visitors see. Out: the text of a data block that cannot close its element.

use serde_json::{Value, json};

use super::{components, format, markdown, publication, urls};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::licence::Licence;
use crate::catalogue::recording::{Recording, RecordingState};
use crate::catalogue::series::Series;
use crate::catalogue::source::Source;
use crate::catalogue::speaker::Speaker;
use crate::config::Config;

/// Most characters of a description.
const DESCRIPTION: usize = 2000;

/// Most characters of a name within a list.
const NAME: usize = 150;

/// Most chapters and most speakers of a recording.
const MOST: usize = 100;

/// The data of a recording.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    pub recording: &'a Recording,
    pub series: &'a Series,
    pub speakers: &'a [Speaker],
    pub chapters: &'a [Chapter],
    pub source: Option<&'a Source>,
}

impl Lesson<'_> {
    /// `VideoObject` (`AudioObject` without a picture) and `LearningResource`; `None` when there is nothing to watch.
    /// `now`: UTC seconds.
    pub fn data(&self, config: &Config, now: i64) -> Option<String> {
        let (one, base) = (self.recording, config.base());
        let source = self.source.filter(|_| one.state == RecordingState::Ready)?;
        let kind = match one.sound_only {
            true => "AudioObject",
            false => "VideoObject",
        };
        let page = format!("{base}{}", urls::watch(&one.public_id));
        let file = urls::media(&one.public_id, &source.version, &source.file);
        let uploaded = publication::moment(one, &config.zone(), now);
        let has_chapters = !self.chapters.is_empty();
        Some(block(json!({
            "@context": "https://schema.org",
            "@type": [kind, "LearningResource"],
            "@id": page,
            "url": page,
            "name": one.title(),
            "description": components::description(one, DESCRIPTION),
            "thumbnailUrl": [format!("{base}{}", urls::poster_play(&one.public_id, 1200, None)), format!("{base}{}", urls::poster(&one.public_id))],
            "contentUrl": one.download().then(|| format!("{base}{file}")),
            "embedUrl": format!("{base}{}", urls::embed(&one.public_id)),
            "uploadDate": uploaded.as_ref().map(publication::iso),
            "duration": one.duration_ms.map(format::iso_length),
            "inLanguage": one.language(),
            "license": one.licence.map(licence),
            "isAccessibleForFree": true,
            "learningResourceType": "recorded training session",
            "isPartOf": course(&base, self.series),
            "position": one.number,
            "actor": self.actors(&base),
            "hasPart": has_chapters.then(|| self.clips(&base)),
            "potentialAction": (!has_chapters).then(|| json!({
                "@type": "SeekToAction",
                "target": format!("{page}?t={{seek_to_second_number}}"),
                "startOffset-input": "required name=seek_to_second_number",
            })),
        })))
    }

    fn actors(&self, base: &str) -> Option<Value> {
        let people = self.speakers.iter().take(MOST).map(|speaker| {
            json!({ "@type": "Person", "name": markdown::shorten(&speaker.name, NAME), "url": format!("{base}{}", urls::speaker(&speaker.slug)) })
        });
        (!self.speakers.is_empty()).then(|| people.collect())
    }

    /// Chapters as `Clip`, each ending where the next begins.
    fn clips(&self, base: &str) -> Value {
        let ends = self.chapters.iter().skip(1).map(|next| Some(next.start_ms));
        let ends = ends.chain([self.recording.duration_ms]);
        let clips = self
            .chapters
            .iter()
            .zip(ends)
            .take(MOST)
            .map(|(chapter, end)| {
                let start = chapter.start_ms / 1000;
                json!({
                    "@type": "Clip",
                    "name": markdown::shorten(&chapter.title, NAME),
                    "startOffset": start,
                    "endOffset": end.map(|end| end / 1000).filter(|end| *end > start),
                    "url": format!("{base}{}", urls::watch_at(&self.recording.public_id, start)),
                })
            });
        clips.collect()
    }
}

fn licence(licence: Licence) -> Value {
    match licence.address() {
        Some(address) => address.into(),
        // Schema.org has no term for this licence, so a work with that name stands for it.
        None => json!({ "@type": "CreativeWork", "name": "All rights reserved" }),
    }
}

/// A series as a `Course`, with the recordings that its page lists in order.
pub fn series<'a>(
    config: &Config,
    series: &Series,
    recordings: impl Iterator<Item = &'a Recording>,
) -> String {
    let base = config.base();
    let parts = recordings.map(|one| {
        json!({ "@type": "LearningResource", "name": markdown::shorten(one.title(), NAME), "url": format!("{base}{}", urls::watch(&one.public_id)) })
    });
    let description = series.description.as_deref();
    let description = description.map(|text| markdown::plain(text, DESCRIPTION));
    let mut data = course(&base, series);
    data["@context"] = "https://schema.org".into();
    data["inLanguage"] = series.language().into();
    data["hasPart"] = parts.collect();
    data["description"] = description
        .unwrap_or_else(|| series.title().to_owned())
        .into();
    block(data)
}

fn course(base: &str, series: &Series) -> Value {
    let page = format!("{base}{}", urls::series(&series.slug));
    let provider = series.organiser.as_ref();
    json!({
        "@type": "Course",
        "@id": page,
        "url": page,
        "name": series.title(),
        "provider": provider.map(|name| json!({ "@type": "Organization", "name": name })),
    })
}

/// The data without null fields.
fn without_nulls(data: Value) -> Value {
    match data {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(key, value)| (key, without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        plain => plain,
    }
}

/// The JSON text, escaped so that it can neither end its element nor begin a comment there (HTML §4.12.1.3).
fn block(data: Value) -> String {
    without_nulls(data)
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}
