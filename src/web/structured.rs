//! What search engines read besides the page (schema.org, as JSON-LD): a recording as a video and a lesson, a series as a course.
//! In: rows that visitors find. Out: the text of a data block, which can never close its element.

use serde_json::{Map, Value, json};

use super::{format, markdown, urls};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::original::Original;
use crate::catalogue::recording::{Recording, State};
use crate::catalogue::series::Series;
use crate::catalogue::speaker::Speaker;
use crate::config::Config;

/// Characters of a description.
const DESCRIPTION: usize = 2000;

/// What is known of a recording.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    pub recording: &'a Recording,
    pub series: &'a Series,
    pub speakers: &'a [Speaker],
    pub chapters: &'a [Chapter],
    pub source: Option<&'a Original>,
}

impl Lesson<'_> {
    /// `VideoObject` (`AudioObject` without a picture) and `LearningResource`; `None` while there is nothing to watch.
    pub fn data(&self, config: &Config) -> Option<String> {
        let (one, base) = (self.recording, config.base());
        let source = self.source.filter(|_| one.state == State::Ready)?;
        let page = format!("{base}{}", urls::watch(&one.public_id));
        let kind = if one.sound_only {
            "AudioObject"
        } else {
            "VideoObject"
        };
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": [kind, "LearningResource"],
            "@id": page,
            "url": page,
            "name": one.title(),
            "thumbnailUrl": [format!("{base}{}", urls::poster_play(&one.public_id, 1200, None)), format!("{base}{}", urls::poster(&one.public_id))],
            "contentUrl": format!("{base}{}", urls::media(&one.public_id, &source.version, &source.place.file)),
            "embedUrl": format!("{base}{}", urls::embed(&one.public_id)),
            "inLanguage": one.language(),
            "isAccessibleForFree": true,
            "learningResourceType": "recorded training session",
            "isPartOf": course(&base, self.series),
        });
        if let Some(data) = data.as_object_mut() {
            data.extend(self.facts(config, &page));
            if !one.download() {
                data.remove("contentUrl");
            }
        }
        Some(block(&data))
    }

    /// What not every recording has.
    fn facts(&self, config: &Config, page: &str) -> Map<String, Value> {
        let (one, base, zone) = (self.recording, config.base(), config.zone());
        let described = one.description.as_deref();
        let text = described.map(|text| markdown::plain(text, DESCRIPTION));
        let day = one
            .date
            .as_deref()
            .and_then(|date| format::noon(date, &zone));
        let people = self.speakers.iter().map(|speaker| {
            json!({ "@type": "Person", "name": speaker.name, "url": format!("{base}{}", urls::speaker(&speaker.slug)) })
        });
        let people: Vec<Value> = people.collect();
        let seek = || {
            json!({
                "@type": "SeekToAction",
                "target": format!("{page}?t={{seek_to_second_number}}"),
                "startOffset-input": "required name=seek_to_second_number",
            })
        };
        let has_chapters = !self.chapters.is_empty();
        let facts = [
            (
                "description",
                text.or_else(|| one.summary.clone()).map(Value::from),
            ),
            ("uploadDate", day.map(Value::from)),
            (
                "duration",
                one.duration_ms.map(|ms| format::iso_length(ms).into()),
            ),
            (
                "license",
                one.licence.map(|it| match it.address() {
                    Some(address) => address.into(),
                    // Schema.org has no word for it, and a work by that name says what it is.
                    None => json!({ "@type": "CreativeWork", "name": "All rights reserved" }),
                }),
            ),
            ("position", one.number.map(Value::from)),
            ("actor", (!people.is_empty()).then(|| people.into())),
            ("hasPart", has_chapters.then(|| self.clips(&base))),
            ("potentialAction", (!has_chapters).then(seek)),
        ];
        let said = facts
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        said.collect()
    }

    /// Chapters as `Clip`, each to the beginning of the next.
    fn clips(&self, base: &str) -> Value {
        let ends = self.chapters.iter().skip(1).map(|next| Some(next.start_ms));
        let ends = ends.chain([self.recording.duration_ms]);
        let clips = self.chapters.iter().zip(ends).map(|(chapter, end)| {
            let start = chapter.start_ms / 1000;
            let mut clip = json!({
                "@type": "Clip",
                "name": chapter.title,
                "startOffset": start,
                "url": format!("{base}{}", urls::watch_at(&self.recording.public_id, start)),
            });
            let end = end.map(|end| end / 1000).filter(|end| *end > start);
            if let (Some(clip), Some(end)) = (clip.as_object_mut(), end) {
                clip.insert("endOffset".to_owned(), end.into());
            }
            clip
        });
        clips.collect::<Vec<_>>().into()
    }
}

/// A series as a `Course`, with its recordings in order.
pub fn series(config: &Config, series: &Series, recordings: &[Recording]) -> String {
    let base = config.base();
    let mut data = course(&base, series);
    let parts = recordings.iter().map(|one| {
        json!({ "@type": "LearningResource", "name": one.title(), "url": format!("{base}{}", urls::watch(&one.public_id)) })
    });
    let parts: Vec<Value> = parts.collect();
    if let Some(data) = data.as_object_mut() {
        data.insert("@context".to_owned(), "https://schema.org".into());
        data.insert("inLanguage".to_owned(), series.language().to_owned().into());
        data.insert("hasPart".to_owned(), parts.into());
        let text = series
            .description
            .as_deref()
            .map(|text| markdown::plain(text, DESCRIPTION));
        data.insert(
            "description".to_owned(),
            text.unwrap_or_else(|| series.title().to_owned()).into(),
        );
    }
    block(&data)
}

fn course(base: &str, series: &Series) -> Value {
    let page = format!("{base}{}", urls::series(&series.slug));
    let mut data = json!({ "@type": "Course", "@id": page, "url": page, "name": series.title() });
    if let (Some(data), Some(organiser)) = (data.as_object_mut(), &series.organiser) {
        data.insert(
            "provider".to_owned(),
            json!({ "@type": "Organization", "name": organiser }),
        );
    }
    data
}

/// JSON in which nothing can end the element it stands in, or begin a comment there (HTML §4.12.1.3).
fn block(data: &Value) -> String {
    data.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
}
