//! Edits a sidecar so that only the keys that changed are touched.
//!
//! The caller edits the parsed value, so that fields are listed only once and need no language for changes. The new text is parsed
//! again before it is returned, so that no unreadable sidecar is ever written.

use toml_edit::{DocumentMut, Table};

use super::entries::{put, put_or_remove, set_tables, set_texts, set_value};
use super::fields::{self, moment};
use super::recording::{Attachment, Link, RecordingSidecar, read_recording};
use super::section::{broken, unix_text};
use super::series::{SeriesSidecar, read_series};
use super::{Broken, Read};
use crate::catalogue::field::{Field, FieldKind, Value};
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::series::metadata as series;

/// Edits the sidecar of a recording; `None` creates one.
///
/// ```text
/// let text = edit_recording(Some(&text), |recording| recording.title = Some("Een goede mix".into()))?;
/// ```
///
/// # Errors
/// [`Broken`] when the text cannot be parsed, or a new value could not be read back (too long, no id, a path as file).
pub fn edit_recording(
    text: Option<&str>,
    change: impl FnOnce(&mut RecordingSidecar),
) -> Result<String, Broken> {
    edit(text, read_recording, write_recording, |recording| {
        change(recording);
        unix_lines(FIELDS, &mut recording.metadata);
    })
}

/// Edits the sidecar of a series; `None` creates one.
///
/// # Errors
/// As [`edit_recording`].
pub fn edit_series(
    text: Option<&str>,
    change: impl FnOnce(&mut SeriesSidecar),
) -> Result<String, Broken> {
    edit(text, read_series, write_series, |series| {
        change(series);
        unix_lines(series::FIELDS, &mut series.metadata);
    })
}

/// Edits a text, and checks that the result reads back as the edited value.
pub(super) fn edit<T: Clone + PartialEq>(
    text: Option<&str>,
    read: fn(&str) -> Result<Read<T>, Broken>,
    write: fn(&mut DocumentMut, &T, &T),
    change: impl FnOnce(&mut T),
) -> Result<String, Broken> {
    let text = text.unwrap_or_default();
    let before = read(text)?.value;
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return Ok(text.to_owned());
    }
    let written = rewrite(text, |document| write(document, &before, &after))?;
    if read(&written)?.value == after {
        return Ok(written);
    }
    let why = "A new value has not the form its key needs (an id, a date, a chapter's time).";
    Err(broken("", &(0..0), why.into()))
}

/// Replaces the CRLF line ends that browsers send.
fn unix_lines<M>(fields: &[&Field<M>], metadata: &mut M) {
    for field in fields {
        if let (FieldKind::Prose { .. }, Some(Value::Text(text))) =
            (field.kind, (field.get)(metadata))
        {
            (field.set)(metadata, Some(Value::Text(text.replace("\r\n", "\n"))));
        }
    }
}

/// Edits the parsed text, and restores its byte order mark and line ends.
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
    let mut written = document.to_string();
    if text.contains("\r\n") {
        written = written.replace('\n', "\r\n");
    }
    if text.starts_with('\u{feff}') {
        written.insert(0, '\u{feff}');
    }
    Ok(written)
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
        put_or_remove(table, key, at.as_ref().map(moment));
    }
    let hash = link.password_hash.as_ref().map(Into::into);
    put_or_remove(table, "password_hash", hash);
}
