//! What someone typed about a recording. In: a form. Out: values that can be kept, or what is wrong with them; put into the
//! sidecar so that what nobody touched stays as it is written there.

use super::chapters;
use super::posted::{Errors, Posted};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::speaker::Credit;
use crate::catalogue::timecode;
use crate::error::Text;
use crate::sidecar::{LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, MOST_ENTRIES, RecordingSidecar};
use crate::text;

/// What someone typed, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub title: String,
    pub number: Option<i64>,
    pub date: String,
    pub language: String,
    pub summary: String,
    pub description: String,
    pub speakers: Vec<Credit>,
    pub chapters: Vec<Chapter>,
    pub download: bool,
}

impl Typed {
    /// Reads the form. What is wrong lands in `errors`. `duration_ms`: of the recording, when it is known.
    pub fn parse(posted: &Posted, duration_ms: Option<u64>, errors: &mut Errors) -> Self {
        let number = posted.line("number", 4, errors);
        let date = posted.line("date", 10, errors);
        let language = posted.line("language", 35, errors).to_lowercase();
        let is_number = number
            .parse::<i64>()
            .is_ok_and(|number| (0..=999).contains(&number));
        if !number.is_empty() && !is_number {
            errors.insert("number", text!("number-odd"));
        }
        if !date.is_empty() && (date.len() != 10 || date.parse::<jiff::civil::Date>().is_err()) {
            errors.insert("date", text!("date-odd"));
        }
        if crate::intake::name::language(&language).is_none() {
            errors.insert("language", text!("language-odd"));
        }
        let chapters = match chapters::parse(
            &posted.lines("chapters", LONGEST_PROSE_CHARS, errors),
            duration_ms,
        ) {
            Ok(chapters) => chapters,
            Err(why) => {
                errors.insert("chapters", why);
                Vec::new()
            }
        };
        Self {
            title: posted.needed("title", LONGEST_LINE_CHARS, errors),
            number: number.parse().ok(),
            date,
            language,
            summary: posted.lines("summary", 1000, errors),
            description: posted.lines("description", LONGEST_PROSE_CHARS, errors),
            speakers: speakers(posted, errors),
            chapters,
            download: posted.get("download") == "yes",
        }
    }

    /// Puts it into the sidecar. What is as it was (`before`) stays as it is written there: said, or left to the series and to
    /// the name of the file.
    pub fn put(self, said: &mut RecordingSidecar, before: &Self) {
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        if self.title != before.title {
            said.title = text(self.title);
        }
        if self.number != before.number {
            said.number = self.number;
        }
        if self.date != before.date {
            said.date = text(self.date);
        }
        if self.language != before.language {
            said.language = text(self.language);
        }
        if self.summary != before.summary {
            said.summary = text(self.summary);
        }
        if self.description != before.description {
            said.description = text(self.description);
        }
        if self.speakers != before.speakers {
            said.speakers = self.speakers;
        }
        if self.chapters != before.chapters {
            said.chapters = self.chapters;
        }
        if self.download != before.download {
            said.download = Some(self.download);
        }
    }

    /// What is there now, for each field in which it differs from what was typed.
    pub fn differences(&self, now: &Self) -> Errors {
        let mut errors = Errors::new();
        let mut differ = |name: &'static str, is_same: bool, now: String| {
            if !is_same {
                errors.insert(name, changed(now));
            }
        };
        differ("title", self.title == now.title, now.title.clone());
        differ(
            "number",
            self.number == now.number,
            now.number.map(|it| it.to_string()).unwrap_or_default(),
        );
        differ("date", self.date == now.date, now.date.clone());
        differ(
            "language",
            self.language == now.language,
            now.language.clone(),
        );
        differ("summary", self.summary == now.summary, now.summary.clone());
        differ(
            "description",
            self.description == now.description,
            now.description.clone(),
        );
        let names: Vec<String> = now
            .speakers
            .iter()
            .map(|it| match &it.role {
                Some(role) => format!("{} ({role})", it.name),
                None => it.name.clone(),
            })
            .collect();
        differ("speakers", self.speakers == now.speakers, names.join(", "));
        let lines: Vec<String> = now
            .chapters
            .iter()
            .map(|it| format!("{} {}", timecode::exact(it.start_ms), it.title))
            .collect();
        differ("chapters", self.chapters == now.chapters, lines.join(" · "));
        if self.download != now.download {
            let now = if now.download {
                "changed-to-on"
            } else {
                "changed-to-off"
            };
            errors.insert(
                "download",
                Text {
                    key: now,
                    args: Vec::new(),
                },
            );
        }
        errors
    }
}

/// What another made of a field.
pub fn changed(now: String) -> Text {
    match now.is_empty() {
        true => text!("field-emptied"),
        false => text!("field-changed", now = now),
    }
}

fn speakers(posted: &Posted, errors: &mut Errors) -> Vec<Credit> {
    let mut speakers: Vec<Credit> = Vec::new();
    for (name, role) in posted
        .all("speaker_name")
        .zip(posted.all("speaker_role").chain(std::iter::repeat("")))
    {
        let (name, role) = (name.trim(), role.trim());
        if name.is_empty() {
            if !role.is_empty() {
                errors.insert(
                    "speakers",
                    text!("speaker-nameless", role = role.to_owned()),
                );
            }
            continue;
        }
        for text in [name, role] {
            Posted::of([("speakers", text.to_owned())]).line(
                "speakers",
                LONGEST_LINE_CHARS,
                errors,
            );
        }
        speakers.push(Credit {
            name: name.to_owned(),
            role: Some(role.to_owned()).filter(|role| !role.is_empty()),
        });
    }
    speakers.truncate(MOST_ENTRIES);
    speakers
}
