//! A changed sidecar → its text, in which only the keys that changed are touched.
//!
//! The caller changes the value it would have read, so there is one list of fields and no second language of changes.
//! What was written is read again before it is handed out: a sidecar that we could not read ourselves never leaves here.

use toml_edit::{Datetime, DocumentMut, Table, Value};

use super::Broken;
use super::entries::{put, set_tables, set_texts, set_value};
use super::recording::{
    Attachment, Chapter, Link, RecordingSidecar, Speaker, read_recording, rfc_3339,
};
use super::section::{broken, unix_text};
use super::series::{SeriesSidecar, read_series};
use crate::catalogue::recording::Visibility;
use crate::catalogue::timecode;
use crate::embed_sites::EmbedSites;

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
    let proses = [
        &mut after.summary,
        &mut after.description,
        &mut after.withdrawn_reason,
    ];
    proses.into_iter().flatten().for_each(unix_lines);
    [
        &mut after.visible_from,
        &mut after.visible_until,
        &mut after.deleted,
    ]
    .into_iter()
    .flatten()
    .for_each(complete_instant);
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
    after.description.iter_mut().for_each(unix_lines);
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
fn unix_lines(prose: &mut String) {
    *prose = prose.replace("\r\n", "\n");
}

fn complete_instant(instant: &mut String) {
    let parsed: Option<Datetime> = instant.trim().parse().ok();
    if let Some(complete) = parsed.and_then(rfc_3339) {
        *instant = complete;
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
    set_value(document, "title", (&was.title, &now.title), text);
    set_value(
        document,
        "organiser",
        (&was.organiser, &now.organiser),
        text,
    );
    set_value(
        document,
        "description",
        (&was.description, &now.description),
        text,
    );
    set_value(document, "language", (&was.language, &now.language), text);
    set_value(
        document,
        "visibility",
        (&was.visibility, &now.visibility),
        word,
    );
    set_value(
        document,
        "demonstration",
        (&was.demonstration, &now.demonstration),
        |&flag| flag.into(),
    );
    set_value(document, "order", (&was.order, &now.order), |&order| {
        order.into()
    });
    set_texts(
        document,
        "former_slugs",
        &was.former_slugs,
        &now.former_slugs,
    );
    set_value(
        document,
        "password_hash",
        (&was.password_hash, &now.password_hash),
        text,
    );
    set_value(
        document,
        "embed_sites",
        (&was.embed_sites, &now.embed_sites),
        sites,
    );
    set_texts(document, "deleted", &was.deleted, &now.deleted);
    set_tables(document, "links", &was.links, &now.links, write_link);
}

fn write_recording(document: &mut DocumentMut, was: &RecordingSidecar, now: &RecordingSidecar) {
    write_what_it_is(document, was, now);
    write_who_may_see_it(document, was, now);
    set_texts(document, "former_ids", &was.former_ids, &now.former_ids);
    set_tables(
        document,
        "speakers",
        &was.speakers,
        &now.speakers,
        write_speaker,
    );
    set_tables(
        document,
        "chapters",
        &was.chapters,
        &now.chapters,
        write_chapter,
    );
    set_tables(
        document,
        "attachments",
        &was.attachments,
        &now.attachments,
        write_attachment,
    );
    set_tables(document, "links", &was.links, &now.links, write_link);
}

fn write_what_it_is(document: &mut DocumentMut, was: &RecordingSidecar, now: &RecordingSidecar) {
    set_value(document, "id", (&was.id, &now.id), text);
    set_value(document, "number", (&was.number, &now.number), |&number| {
        number.into()
    });
    set_value(document, "title", (&was.title, &now.title), text);
    set_value(document, "date", (&was.date, &now.date), moment);
    set_value(document, "language", (&was.language, &now.language), text);
    set_value(document, "summary", (&was.summary, &now.summary), text);
    set_value(
        document,
        "description",
        (&was.description, &now.description),
        text,
    );
    set_value(document, "file", (&was.file, &now.file), text);
}

fn write_who_may_see_it(
    document: &mut DocumentMut,
    was: &RecordingSidecar,
    now: &RecordingSidecar,
) {
    set_value(
        document,
        "visibility",
        (&was.visibility, &now.visibility),
        word,
    );
    set_value(
        document,
        "visible_from",
        (&was.visible_from, &now.visible_from),
        moment,
    );
    set_value(
        document,
        "visible_until",
        (&was.visible_until, &now.visible_until),
        moment,
    );
    set_value(
        document,
        "withdrawn_reason",
        (&was.withdrawn_reason, &now.withdrawn_reason),
        text,
    );
    set_value(
        document,
        "replaced_by",
        (&was.replaced_by, &now.replaced_by),
        text,
    );
    set_value(document, "deleted", (&was.deleted, &now.deleted), moment);
    set_value(
        document,
        "download",
        (&was.download, &now.download),
        |&flag| flag.into(),
    );
    set_value(
        document,
        "embed_sites",
        (&was.embed_sites, &now.embed_sites),
        sites,
    );
}

fn write_speaker(table: &mut Table, speaker: &Speaker) {
    put(table, "name", text(&speaker.name));
    match &speaker.role {
        Some(role) => put(table, "role", text(role)),
        None => {
            table.remove("role");
        }
    }
}

fn write_chapter(table: &mut Table, chapter: &Chapter) {
    put(table, "start", timecode::exact(chapter.start_ms).into());
    put(table, "title", text(&chapter.title));
}

fn write_attachment(table: &mut Table, attachment: &Attachment) {
    put(table, "file", text(&attachment.file));
    put(table, "title", text(&attachment.title));
}

fn write_link(table: &mut Table, link: &Link) {
    put(table, "token", text(&link.token));
    put(table, "name", text(&link.name));
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
        Some(hash) => put(table, "password_hash", text(hash)),
        None => {
            table.remove("password_hash");
        }
    }
}

fn text(text: &String) -> Value {
    text.into()
}

fn sites(sites: &EmbedSites) -> Value {
    sites.to_string().into()
}

fn word(visibility: &Visibility) -> Value {
    visibility.as_str().into()
}

/// As TOML's own date or moment; what is none is written as text and refused when it is read back.
fn moment(written: &String) -> Value {
    written
        .parse::<Datetime>()
        .map_or_else(|_| text(written), Value::from)
}
