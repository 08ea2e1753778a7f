//! Reads and writes catalogue fields as keys of a sidecar: the format of each kind of value, and which values are invalid.

use std::time::Duration;

use toml_edit::{Datetime, DocumentMut, Table, Value as Item};

use super::Broken;
use super::entries::{put, put_or_remove, set_tables, set_value};
use super::section::{Entry, Section};
use crate::catalogue::chapter::{Chapter, LATEST_HOURS};
use crate::catalogue::credit::Credit;
use crate::catalogue::field::{Field, FieldKind, Moment, Value};
use crate::catalogue::timecode;

/// Reads the key of each field.
pub(super) fn read<M: Default>(
    keys: &mut Section<'_, '_>,
    fields: &[&Field<M>],
) -> Result<M, Broken> {
    let mut metadata = M::default();
    for field in fields {
        (field.set)(&mut metadata, value(keys, field.name, field.kind)?);
    }
    Ok(metadata)
}

fn value(
    keys: &mut Section<'_, '_>,
    key: &'static str,
    kind: FieldKind,
) -> Result<Option<Value>, Broken> {
    Ok(match kind {
        FieldKind::Line | FieldKind::Language | FieldKind::Secret => {
            keys.line(key)?.map(Value::Text)
        }
        FieldKind::Prose { .. } => keys.prose(key)?.map(Value::Text),
        FieldKind::Number { .. } => keys.whole_number(key)?.map(Value::Number),
        FieldKind::Date => date(keys, key)?.map(Value::Text),
        FieldKind::Flag => keys.flag(key)?.map(Value::Flag),
        FieldKind::Moment => instant(keys, key)?.map(|text| Value::Moment(Moment::written(text))),
        FieldKind::Choice { of, .. } => keys.choice(key, of)?.map(Value::Text),
        FieldKind::Sites { .. } => keys
            .embed_sites(key)?
            .map(|sites| Value::Text(sites.to_string())),
        FieldKind::Speakers => Some(Value::Speakers(keys.list(key, speaker)?)),
        FieldKind::Chapters => Some(Value::Chapters(chapters(keys, key)?)),
    })
}

/// Writes the key of each field that changed.
pub(super) fn write<M>(document: &mut DocumentMut, fields: &[&Field<M>], was: &M, now: &M) {
    for field in fields {
        let (was, now) = ((field.get)(was), (field.get)(now));
        match field.kind {
            FieldKind::Speakers => {
                let of = |value: Option<Value>| value.and_then(Value::speakers).unwrap_or_default();
                set_tables(document, field.name, &of(was), &of(now), write_speaker);
            }
            FieldKind::Chapters => {
                let of = |value: Option<Value>| value.and_then(Value::chapters).unwrap_or_default();
                set_tables(document, field.name, &of(was), &of(now), write_chapter);
            }
            FieldKind::Date => set_value(document, field.name, (&was, &now), |value| match value {
                Value::Text(text) => moment(text),
                other => item(other),
            }),
            _ => set_value(document, field.name, (&was, &now), item),
        }
    }
}

fn item(value: &Value) -> Item {
    match value {
        Value::Text(text) => text.into(),
        Value::Number(number) => (*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Moment(at) => moment(&at.to_string()),
        // Speakers and chapters are written as tables of their own.
        Value::Speakers(_) | Value::Chapters(_) => Item::Array(toml_edit::Array::new()),
    }
}

/// A moment as TOML's own date or time; an invalid one is written as text and refused when it is read back.
pub(super) fn moment(written: &String) -> Item {
    written
        .parse::<Datetime>()
        .map_or_else(|_| written.into(), Item::from)
}

fn write_speaker(table: &mut Table, speaker: &Credit) {
    put(table, "name", (&speaker.name).into());
    put_or_remove(table, "role", speaker.role.as_ref().map(Into::into));
}

fn write_chapter(table: &mut Table, chapter: &Chapter) {
    put(table, "start", timecode::exact(chapter.start_ms).into());
    put(table, "title", (&chapter.title).into());
}

fn date(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Option<String>, Broken> {
    let form = "a date such as 2021-01-24";
    let Some(moment) = keys.moment(key, form)? else {
        return Ok(None);
    };
    // The date is kept as it was written, whatever the zone, because it is the day of the recording.
    let date = moment.date.map(|date| date.to_string());
    date.map(Some)
        .ok_or_else(|| keys.refuse(key, &format!("must be {form}")))
}

/// Reads a moment in RFC 3339.
pub(super) fn instant(
    keys: &mut Section<'_, '_>,
    key: &'static str,
) -> Result<Option<String>, Broken> {
    let form = "a moment with its zone such as 2021-01-24T19:30:00+01:00";
    let Some(moment) = keys.moment(key, form)? else {
        return Ok(None);
    };
    let instant = rfc_3339(moment);
    instant
        .map(Some)
        .ok_or_else(|| keys.refuse(key, &format!("must be {form}")))
}

/// The moment in RFC 3339; `None` without date or zone, because it would depend on the server. TOML 1.1 allows omitting seconds and
/// RFC 3339 §5.6 does not, so they are added.
pub(super) fn rfc_3339(mut moment: Datetime) -> Option<String> {
    let complete = moment.date.is_some() && moment.offset.is_some();
    let time = moment.time.as_mut().filter(|_| complete)?;
    time.second.get_or_insert(0);
    Some(moment.to_string())
}

fn speaker(entry: Entry<'_, '_>) -> Result<Credit, Broken> {
    let mut keys = match entry {
        Entry::Text(name) => return Ok(Credit { name, role: None }),
        Entry::Table(keys) => keys,
    };
    let speaker = Credit {
        name: keys.required_line("name")?,
        role: keys.line("role")?,
    };
    keys.finish();
    Ok(speaker)
}

fn chapters(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Vec<Chapter>, Broken> {
    let refusal = keys.refuse(key, "must be a list of tables with `start` and `title`");
    keys.list(key, |entry| {
        let Entry::Table(mut keys) = entry else {
            return Err(refusal.clone());
        };
        let start_ms = keys.value("start").and_then(start_ms);
        let form = "must be a time such as \"12:30\", \"1:02:30\" or a number of seconds";
        let chapter = Chapter {
            start_ms: start_ms.ok_or_else(|| keys.refuse("start", form))?,
            title: keys.required_line("title")?,
        };
        keys.finish();
        Ok(chapter)
    })
}

fn start_ms(value: &Item) -> Option<u64> {
    let milliseconds = match value {
        Item::String(text) => timecode::parse(text.value().trim())?,
        Item::Integer(seconds) => u64::try_from(*seconds.value()).ok()?.checked_mul(1000)?,
        Item::Float(seconds) => {
            let duration = Duration::try_from_secs_f64(*seconds.value()).ok()?;
            u64::try_from(duration.as_millis()).ok()?
        }
        Item::Boolean(_) | Item::Datetime(_) | Item::Array(_) | Item::InlineTable(_) => {
            return None;
        }
    };
    (milliseconds <= LATEST_HOURS * 3_600_000).then_some(milliseconds)
}
