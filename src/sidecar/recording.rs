//! `<stem>.toml`: what a recording says about itself, beside its media file or in place of one that is still to come.

use std::time::Duration;

use toml_edit::{Datetime, Value};

use super::section::{Entry, Section, document};
use super::{Broken, Read};
use crate::catalogue::recording::Visibility;
use crate::catalogue::timecode;
use crate::embed_sites::EmbedSites;

/// What a recording's sidecar may say; every key may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingSidecar {
    /// The public id, see [`super::is_id`].
    pub id: Option<String>,
    /// Its number in the series.
    pub number: Option<i64>,
    /// Without it the file's name is shown.
    pub title: Option<String>,
    /// The day of the session, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// BCP 47, as written.
    pub language: Option<String>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// RFC 3339; hidden before this moment.
    pub visible_from: Option<String>,
    /// RFC 3339; hidden from this moment on.
    pub visible_until: Option<String>,
    /// Two sentences, plain text.
    pub summary: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// In the order they are named on the page.
    pub speakers: Vec<Speaker>,
    /// In the order of the file, which need not be that of their times.
    pub chapters: Vec<Chapter>,
    /// The bare name of the media file it had last.
    pub file: Option<String>,
    /// Ids that led here and go on answering.
    pub former_ids: Vec<String>,
    /// Shown at the address of a withdrawn recording.
    pub withdrawn_reason: Option<String>,
    /// What took its place: an id or an address, as written.
    pub replaced_by: Option<String>,
    /// Whether visitors are offered the file.
    pub download: Option<bool>,
    /// Sites that may show the player in a frame.
    pub embed_sites: Option<EmbedSites>,
    /// Titles for hand-outs.
    pub attachments: Vec<Attachment>,
    /// RFC 3339; in the trash since this moment.
    pub deleted: Option<String>,
    /// Named links that were handed out.
    pub links: Vec<Link>,
}

/// A named link; kept when it expired or was withdrawn, since its address was given out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The last part of its address.
    pub token: String,
    /// To whom it was given.
    pub name: String,
    /// RFC 3339.
    pub created: Option<String>,
    /// RFC 3339; opens nothing from this moment on.
    pub expires: Option<String>,
    /// RFC 3339; opens nothing since this moment.
    pub withdrawn: Option<String>,
    /// argon2id of the password it asks for, as a PHC string.
    pub password_hash: Option<String>,
}

/// Who talks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    /// As shown.
    pub name: String,
    /// "Trainer", "Gast".
    pub role: Option<String>,
}

/// A titled start time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Milliseconds from the start of the recording.
    pub start_ms: u64,
    /// As shown.
    pub title: String,
}

/// The title of a hand-out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The bare name of the file.
    pub file: String,
    /// As shown.
    pub title: String,
}

/// Hours; a chapter behind them is a slip of the pen.
const LATEST_CHAPTER_HOURS: u64 = 1_000;
/// What Linux allows a file name.
const LONGEST_FILE_NAME_BYTES: usize = 255;

/// Reads a recording's sidecar.
///
/// # Errors
/// [`Broken`] where it is not TOML, a known key has the wrong type, form or too long a value, or the visibility is unknown.
pub fn read_recording(text: &str) -> Result<Read<RecordingSidecar>, Broken> {
    document(text, |keys| {
        Ok(RecordingSidecar {
            id: keys.id("id")?,
            number: keys.whole_number("number")?,
            title: keys.line("title")?,
            date: date(keys)?,
            language: keys.line("language")?,
            visibility: keys.visibility("visibility")?,
            visible_from: instant(keys, "visible_from")?,
            visible_until: instant(keys, "visible_until")?,
            summary: keys.prose("summary")?,
            description: keys.prose("description")?,
            speakers: keys.list("speakers", speaker)?,
            chapters: chapters(keys)?,
            file: file_name(keys, "file")?,
            former_ids: keys.ids("former_ids")?,
            withdrawn_reason: keys.prose("withdrawn_reason")?,
            replaced_by: keys.line("replaced_by")?,
            download: keys.flag("download")?,
            embed_sites: keys.embed_sites("embed_sites")?,
            attachments: attachments(keys)?,
            deleted: instant(keys, "deleted")?,
            links: links(keys)?,
        })
    })
}

fn date(keys: &mut Section<'_, '_>) -> Result<Option<String>, Broken> {
    let form = "a date such as 2021-01-24";
    let Some(moment) = keys.moment("date", form)? else {
        return Ok(None);
    };
    // The day as it was written down, in whatever zone: that is the day people came.
    let date = moment.date.map(|date| date.to_string());
    date.map(Some)
        .ok_or_else(|| keys.refuse("date", &format!("must be {form}")))
}

fn instant(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Option<String>, Broken> {
    let form = "a moment with its zone such as 2021-01-24T19:30:00+01:00";
    let Some(moment) = keys.moment(key, form)? else {
        return Ok(None);
    };
    let instant = rfc_3339(moment);
    instant
        .map(Some)
        .ok_or_else(|| keys.refuse(key, &format!("must be {form}")))
}

/// TOML 1.1 lets seconds be left out; RFC 3339 §5.6 does not. Without a zone it would be another moment on another server.
pub(super) fn rfc_3339(mut moment: Datetime) -> Option<String> {
    let complete = moment.date.is_some() && moment.offset.is_some();
    let time = moment.time.as_mut().filter(|_| complete)?;
    time.second.get_or_insert(0);
    Some(moment.to_string())
}

fn speaker(entry: Entry<'_, '_>) -> Result<Speaker, Broken> {
    let mut keys = match entry {
        Entry::Text(name) => return Ok(Speaker { name, role: None }),
        Entry::Table(keys) => keys,
    };
    let speaker = Speaker {
        name: keys.required_line("name")?,
        role: keys.line("role")?,
    };
    keys.finish();
    Ok(speaker)
}

fn chapters(keys: &mut Section<'_, '_>) -> Result<Vec<Chapter>, Broken> {
    let refusal = keys.refuse(
        "chapters",
        "must be a list of tables with `start` and `title`",
    );
    keys.list("chapters", |entry| {
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

fn start_ms(value: &Value) -> Option<u64> {
    let milliseconds = match value {
        Value::String(text) => timecode::parse(text.value().trim())?,
        Value::Integer(seconds) => u64::try_from(*seconds.value()).ok()?.checked_mul(1000)?,
        Value::Float(seconds) => {
            let duration = Duration::try_from_secs_f64(*seconds.value()).ok()?;
            u64::try_from(duration.as_millis()).ok()?
        }
        Value::Boolean(_) | Value::Datetime(_) | Value::Array(_) | Value::InlineTable(_) => {
            return None;
        }
    };
    (milliseconds <= LATEST_CHAPTER_HOURS * 3_600_000).then_some(milliseconds)
}

/// A bare name: a sidecar must not point out of its folder, nor at the files that begin with a dot, which are ours.
fn file_name(keys: &mut Section<'_, '_>, key: &'static str) -> Result<Option<String>, Broken> {
    let Some(name) = keys.line(key)? else {
        return Ok(None);
    };
    let outside = name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']);
    if outside || name.len() > LONGEST_FILE_NAME_BYTES || name.contains(char::is_control) {
        return Err(keys.refuse(
            key,
            "must be the bare name of a file, without folder and leading dot",
        ));
    }
    Ok(Some(name))
}

fn attachments(keys: &mut Section<'_, '_>) -> Result<Vec<Attachment>, Broken> {
    let refusal = keys.refuse(
        "attachments",
        "must be a list of tables with `file` and `title`",
    );
    keys.list("attachments", |entry| {
        let Entry::Table(mut keys) = entry else {
            return Err(refusal.clone());
        };
        let file = file_name(&mut keys, "file")?;
        let attachment = Attachment {
            file: file.ok_or_else(|| keys.refuse("file", "is missing here"))?,
            title: keys.required_line("title")?,
        };
        keys.finish();
        Ok(attachment)
    })
}

/// The list of links of a recording or a series.
pub(super) fn links(keys: &mut Section<'_, '_>) -> Result<Vec<Link>, Broken> {
    let refusal = keys.refuse("links", "must be a list of tables with `token` and `name`");
    keys.list("links", |entry| {
        let Entry::Table(mut keys) = entry else {
            return Err(refusal.clone());
        };
        let link = Link {
            token: keys.required_line("token")?,
            name: keys.required_line("name")?,
            created: instant(&mut keys, "created")?,
            expires: instant(&mut keys, "expires")?,
            withdrawn: instant(&mut keys, "withdrawn")?,
            password_hash: keys.line("password_hash")?,
        };
        keys.finish();
        Ok(link)
    })
}
