//! A changed sidecar → its text, in which only the keys that changed are touched.
//!
//! The caller changes the value it would have read, so there is one list of fields and no second language of changes.
//! What was written is read again before it is handed out: a sidecar that we could not read ourselves never leaves here.

use toml_edit::{DocumentMut, Table};

use super::Broken;
use super::entries::{put, set_tables, set_texts, set_value};
use super::fields::{self, moment};
use super::recording::{Attachment, Link, RecordingSidecar, read_recording};
use super::section::{broken, unix_text};
use super::series::{SeriesSidecar, read_series};
use crate::catalogue::field::{Field, Kind, Value};
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::series::metadata as series;

/// Changes a recording's sidecar; `None` begins a new one.
///
/// ```text
/// let text = edit_recording(Some(&text), |recording| recording.title = Some("Een goede mix".into()))?;
/// ```
///
/// # Errors
/// [`Broken`] where the text cannot be read, or a new value could not be read back (too long, no id, a path as file).
pub fn edit_recording(
    text: Option<&str>,
    change: impl FnOnce(&mut RecordingSidecar),
) -> Result<String, Broken> {
    let text = text.unwrap_or_default();
    let before = read_recording(text)?.value;
    let mut after = before.clone();
    change(&mut after);
    unix_lines(FIELDS, &mut after.metadata);
    if after == before {
        return Ok(text.to_owned());
    }
    let written = rewrite(text, |document| write_recording(document, &before, &after))?;
    let read = read_recording(&written)?.value;
    if read == after {
        Ok(written)
    } else {
        Err(changed_on_the_way())
    }
}

/// Changes a series' sidecar; `None` begins a new one.
///
/// # Errors
/// As [`edit_recording`].
pub fn edit_series(
    text: Option<&str>,
    change: impl FnOnce(&mut SeriesSidecar),
) -> Result<String, Broken> {
    let text = text.unwrap_or_default();
    let before = read_series(text)?.value;
    let mut after = before.clone();
    change(&mut after);
    unix_lines(series::FIELDS, &mut after.metadata);
    if after == before {
        return Ok(text.to_owned());
    }
    let written = rewrite(text, |document| write_series(document, &before, &after))?;
    let read = read_series(&written)?.value;
    if read == after {
        Ok(written)
    } else {
        Err(changed_on_the_way())
    }
}

fn changed_on_the_way() -> Broken {
    broken(
        "",
        &(0..0),
        "A new value has not the form its key needs (an id, a date, a chapter's time).".into(),
    )
}

/// Browsers send the lines of a form with CRLF.
fn unix_lines<M>(fields: &[&Field<M>], metadata: &mut M) {
    for field in fields {
        if let (Kind::Prose { .. }, Some(Value::Text(text))) = (field.kind, (field.get)(metadata)) {
            (field.set)(metadata, Some(Value::Text(text.replace("\r\n", "\n"))));
        }
    }
}

/// Edits the parsed text and gives it back with the byte order mark and the line ends it came with.
fn rewrite(text: &str, edit: impl FnOnce(&mut DocumentMut)) -> Result<String, Broken> {
    let unix = unix_text(text)?;
    let mut document: DocumentMut = unix.parse().map_err(|error: toml_edit::TomlError| {
        let span = error.span().unwrap_or_default();
        broken(
            &unix,
            &span,
            format!("This is not TOML: {}.", error.message()),
        )
    })?;
    edit(&mut document);
    let written = document.to_string();
    let written = if text.contains("\r\n") {
        written.replace('\n', "\r\n")
    } else {
        written
    };
    let mark = if text.starts_with('\u{feff}') {
        "\u{feff}"
    } else {
        ""
    };
    Ok(format!("{mark}{written}"))
}

fn write_series(document: &mut DocumentMut, was: &SeriesSidecar, now: &SeriesSidecar) {
    fields::write(document, series::FIELDS, &was.metadata, &now.metadata);
    set_texts(
        document,
        "former_slugs",
        &was.former_slugs,
        &now.former_slugs,
    );
    set_texts(document, "deleted", &was.deleted, &now.deleted);
    set_tables(document, "links", &was.links, &now.links, write_link);
}

fn write_recording(document: &mut DocumentMut, was: &RecordingSidecar, now: &RecordingSidecar) {
    set_value(document, "id", (&was.id, &now.id), |id| id.into());
    fields::write(document, FIELDS, &was.metadata, &now.metadata);
    set_value(document, "file", (&was.file, &now.file), |file| file.into());
    set_value(document, "deleted", (&was.deleted, &now.deleted), moment);
    set_texts(document, "former_ids", &was.former_ids, &now.former_ids);
    set_tables(
        document,
        "attachments",
        &was.attachments,
        &now.attachments,
        write_attachment,
    );
    set_tables(document, "links", &was.links, &now.links, write_link);
}

fn write_attachment(table: &mut Table, attachment: &Attachment) {
    put(table, "file", (&attachment.file).into());
    put(table, "title", (&attachment.title).into());
}

fn write_link(table: &mut Table, link: &Link) {
    put(table, "token", (&link.token).into());
    put(table, "name", (&link.name).into());
    for (key, at) in [
        ("created", &link.created),
        ("expires", &link.expires),
        ("withdrawn", &link.withdrawn),
    ] {
        match at {
            Some(at) => put(table, key, moment(at)),
            None => {
                table.remove(key);
            }
        }
    }
    match &link.password_hash {
        Some(hash) => put(table, "password_hash", hash.into()),
        None => {
            table.remove("password_hash");
        }
    }
}
