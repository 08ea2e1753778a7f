//! The words of the audit list, in the reader's language. In: a line as it is stored, with names of keys, versions and roles. Out: who,
//! what, whereof and both values as a person would say them; what has no words is said as it is stored.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::archive::portal;
use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Entry, Known};
use crate::catalogue::field::{Field, FieldKind, Value};
use crate::catalogue::recording::metadata as recording;
use crate::catalogue::series::metadata as series;
use crate::desk::kit::fields;
use crate::desk::queue::rows;
use crate::web::{Lang, Texts, format};

/// Words that stand in the list by themselves, each with the key of its text.
const STORED: [(&str, &str); 10] = [
    ("scan", "audit-who-scan"),
    ("trash", "audit-who-trash"),
    ("command line", "audit-who-command-line"),
    ("message", "audit-message"),
    ("queue", "desk-queue"),
    (portal::SUBJECT, "audit-association"),
    (audit::WIPED, "audit-wiped"),
    ("administrator", "role-administrator"),
    ("editor", "role-editor"),
    ("disabled", "audit-disabled"),
];

/// Keys of a sidecar, or of `portal.toml`, that are no field of the catalogue.
const OTHER_KEYS: [(&str, &str, FieldKind); 12] = [
    ("deleted", "desk-trash", FieldKind::Moment),
    ("file", "audit-file", FieldKind::Line),
    ("name", "audit-name", FieldKind::Line),
    ("role", "role", FieldKind::Line),
    ("logo", "association-logo", FieldKind::Line),
    ("accent", "association-accent", FieldKind::Line),
    ("contact", "association-contact", FieldKind::Line),
    ("footer", "association-footer", FieldKind::Line),
    ("start", "audit-start", FieldKind::Line),
    ("created", "audit-created", FieldKind::Moment),
    ("expires", "audit-until", FieldKind::Moment),
    ("withdrawn", "audit-withdrawn", FieldKind::Moment),
];

/// Keys that say nothing to a reader: by them the program finds things again.
const INNER: [&str; 5] = ["id", "token", "former_ids", "former_slugs", "podcast_guid"];

/// What the words are made with.
pub struct Words<'a> {
    pub texts: &'a Texts,
    pub zone: TimeZone,
    pub known: &'a Known,
}

/// What an act was about.
pub struct Subject {
    pub label: String,
    pub name: String,
    /// Of a recording that is still there.
    pub id: Option<PublicId>,
}

impl<'a> Words<'a> {
    pub fn new(app: &App, texts: &'a Texts, known: &'a Known) -> Self {
        Self {
            texts,
            zone: app.config.zone(),
            known,
        }
    }

    /// A coordinator, or a part of the program.
    pub fn actor(&self, actor: &str) -> String {
        self.stored(actor).unwrap_or_else(|| actor.to_owned())
    }

    pub fn act(&self, act: &str) -> String {
        self::act(self.texts.lang(), act)
    }

    /// The subject by the title that it has now. A recording without one was wiped.
    pub fn subject(&self, subject: &str) -> Subject {
        let plain = |label: String, name: &str| Subject {
            label,
            name: name.to_owned(),
            id: None,
        };
        if let Some(words) = self.stored(subject) {
            return plain(words, "");
        }
        let title = self.known.titles.get(subject);
        match (subject.split_once(' '), title) {
            (Some(("recording", id)), Some(title)) => Subject {
                id: PublicId::parse(id),
                ..plain(self.texts.t("audit-recording"), title)
            },
            (Some(("recording", _)), None) => plain(self.texts.t("audit-wiped"), ""),
            (Some(("series", folder)), title) => {
                let name = title.map_or(folder, String::as_str);
                plain(self.texts.t("audit-series"), name)
            }
            (Some(("coordinator", email)), _) => plain(self.texts.t("audit-coordinator"), email),
            // A place in the media folder.
            _ => plain(self.texts.t("audit-file"), subject),
        }
    }

    /// What it was before the act, line by line.
    pub fn before(&self, entry: &Entry) -> Vec<String> {
        self.value(entry, entry.before.as_deref())
    }

    /// What it is after the act, line by line.
    pub fn after(&self, entry: &Entry) -> Vec<String> {
        self.value(entry, entry.after.as_deref())
    }

    fn value(&self, entry: &Entry, value: Option<&str>) -> Vec<String> {
        let Some(value) = value else {
            return Vec::new();
        };
        // Of an account it is a role; elsewhere such a word is a person's.
        if entry.subject.starts_with("coordinator ")
            && let Some(words) = self.stored(value)
        {
            return vec![words];
        }
        let act = entry.act.as_str();
        match act {
            "stop job" | "retry job" => vec![rows::step(self.texts, value)],
            _ if audit::IS_OF_VERSIONS.contains(&act) => vec![self.version(value)],
            _ => value.lines().filter_map(|line| self.line(line)).collect(),
        }
    }

    /// A file by its name and size.
    fn version(&self, version: &str) -> String {
        match self.known.files.get(version) {
            Some((file, bytes)) => {
                format!("{file} ({})", format::size(self.texts.lang(), *bytes))
            }
            None => self.texts.t("audit-no-version"),
        }
    }

    /// A line of a sidecar, `key = value`; `None` when it says nothing to a reader.
    fn line(&self, line: &str) -> Option<String> {
        let line = line.trim();
        let is_bracket = matches!(line, "\"\"\"" | "'''" | "[" | "]");
        if line.is_empty() || is_bracket || line.starts_with("[[") {
            return None;
        }
        let Some((key, value)) = line.split_once(" = ") else {
            return Some(line.trim_end_matches("\"\"\"").to_owned());
        };
        if INNER.contains(&key) {
            return None;
        }
        let Some((label, kind)) = field(key) else {
            return Some(line.to_owned());
        };
        let label = self.texts.t(label);
        // The text of several lines follows.
        let value = value.trim_start_matches("\"\"\"").trim_start_matches("'''");
        match self.told(key, kind, value) {
            told if told.is_empty() => Some(format!("{label}:")),
            told => Some(format!("{label}: {told}")),
        }
    }

    /// A value as it stands in a sidecar, or as the scan says it.
    fn told(&self, key: &str, kind: FieldKind, written: &str) -> String {
        let parsed = written.parse::<toml_edit::Value>().ok();
        let text = match &parsed {
            Some(toml_edit::Value::String(text)) => text.value().clone(),
            Some(toml_edit::Value::Array(all)) if key == "deleted" => {
                let count = [("count", all.len().into())];
                return self.texts.t_args("audit-wiped-of-series", &count);
            }
            _ => written.to_owned(),
        };
        match kind {
            // The recording that took its place has a title, which may be gone.
            _ if key == "replaced_by" && PublicId::parse(&text).is_some() => {
                self.texts.t("audit-another")
            }
            FieldKind::Secret => self.texts.t("audit-secret"),
            FieldKind::Flag if text == "true" => self.texts.t("audit-yes"),
            FieldKind::Flag => self.texts.t("audit-no"),
            FieldKind::Date => format::date(self.texts.lang(), &text),
            FieldKind::Moment => match text.parse::<Timestamp>() {
                Ok(at) => format::moment(self.texts.lang(), at.as_second(), &self.zone),
                Err(_) => text,
            },
            FieldKind::Sites { .. } => {
                let words = self.texts.lang().find(&format!("embed-{text}"));
                words.unwrap_or(text)
            }
            kind => fields::words(self.texts, kind, Some(Value::Text(text))),
        }
    }

    fn stored(&self, word: &str) -> Option<String> {
        let found = STORED.iter().find(|(stored, _)| *stored == word);
        found.map(|(_, key)| self.texts.t(key))
    }
}

/// The act in the reader's language. An act of an older version without a text is shown as it is stored.
fn act(lang: Lang, act: &str) -> String {
    let words = lang.find(&format!("act-{}", act.replace(' ', "-")));
    words.unwrap_or_else(|| act.to_owned())
}

/// Those of the acts whose words hold this one, and the stored words that do. `word`: in small letters.
pub fn meant(lang: Lang, word: &str, acts: Vec<String>) -> Vec<String> {
    let holds = |words: &str| words.to_lowercase().contains(word);
    let acts = acts.into_iter().filter(|it| holds(&act(lang, it)));
    let is_meant = |key: &str| lang.find(key).is_some_and(|words| holds(&words));
    let stored = STORED.iter().filter(|(_, key)| is_meant(key));
    acts.chain(stored.map(|(stored, _)| (*stored).to_owned()))
        .collect()
}

/// The key of the label of a key in a sidecar, and its kind of value.
fn field(key: &str) -> Option<(&'static str, FieldKind)> {
    fn of<M>(fields: &[&'static Field<M>], key: &str) -> Option<(&'static str, FieldKind)> {
        let found = fields.iter().find(|field| field.name == key);
        found.map(|field| (field.label, field.kind))
    }
    let other = OTHER_KEYS.iter().find(|(name, ..)| *name == key);
    of(recording::FIELDS, key)
        .or_else(|| of(series::FIELDS, key))
        .or(other.map(|(_, label, kind)| (*label, *kind)))
}
