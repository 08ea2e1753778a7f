//! Writes sidecars after the transaction that made them due: the id and the moment of publication, so that address and place in
//! feeds survive a lost catalogue, and the name of the media file. All other text in a sidecar is kept, comments included.

use rusqlite::Connection;

use super::apply::DueSidecar;
use super::metadata::{self, Defaults};
use super::report::Report;
use crate::catalogue::audit::{self, Act, SCAN};
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::name::is_same;
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::stored::{self, StoredRecording};
use crate::catalogue::recording::timing;
use crate::catalogue::timed_line;
use crate::catalogue::{PublicId, address, attachment, chapter, field, recording, speaker};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::sidecar::{self, Attachment, RecordingSidecar};

/// A sidecar that is due, with the content to write.
#[derive(Debug)]
pub struct Ready {
    due: DueSidecar,
    id: PublicId,
    /// The full content, when the file is rebuilt from the catalogue.
    whole: Option<RecordingSidecar>,
}

/// A sidecar that was written, with the BLAKE3 hash of its bytes.
#[derive(Debug)]
pub struct Written {
    recording_id: i64,
    file: Option<String>,
    /// Names of the hand-outs that it names from now on.
    hand_outs: Vec<String>,
    hash: String,
}

/// Loads the content of the due sidecars, in one closure.
pub fn gather(conn: &Connection, dues: Vec<DueSidecar>, defaults: &Defaults) -> Result<Vec<Ready>> {
    dues.into_iter()
        .map(|due| {
            let whole = due.whole.then(|| whole(conn, due.recording_id, defaults));
            Ok(Ready {
                id: recording::public_id(conn, due.recording_id)?,
                whole: whole.transpose()?,
                due,
            })
        })
        .collect()
}

/// Writes the sidecars. One that cannot be written is reported and stays due: the next scan tries again.
pub fn write(
    library: &Library,
    folder: &str,
    ready: Vec<Ready>,
    report: &mut Report,
) -> Vec<Written> {
    let mut written = Vec::new();
    for one in ready {
        match write_one(library, folder, &one) {
            Ok(hash) => written.push(Written {
                recording_id: one.due.recording_id,
                file: one.due.file,
                hand_outs: one.due.hand_outs.into_iter().map(|it| it.file).collect(),
                hash,
            }),
            Err(problem) => report.note(
                format!("{folder}/{}", sidecar::file_of(&one.due.stem)),
                format!("could not be written: {problem}"),
            ),
        }
    }
    written
}

/// Records in the catalogue that the sidecars were written.
pub fn record(conn: &Connection, written: &[Written], now: i64) -> Result<()> {
    written.iter().try_for_each(|one| {
        stored::mark_written(conn, one.recording_id, one.file.as_deref(), &one.hash)?;
        if one.hand_outs.is_empty() {
            return Ok(());
        }
        attachment::mark_named(conn, one.recording_id, &one.hand_outs)?;
        let subject = format!(
            "recording {}",
            recording::public_id(conn, one.recording_id)?
        );
        let act = Act {
            after: Some(&one.hand_outs.join("\n")),
            ..Act::of(SCAN, "keep hand-out", &subject)
        };
        audit::note(conn, &act, now)
    })
}

fn write_one(library: &Library, folder: &str, ready: &Ready) -> Result<String> {
    let name = sidecar::file_of(&ready.due.stem);
    let current = sidecar::read_text(library, folder, &name)?;
    // When a recording moved without its sidecar, the text of the old sidecar is kept in the new one.
    let left_behind = match (&current, &ready.due.left_behind) {
        (None, Some((from, stem))) => sidecar::read_text(library, from, &sidecar::file_of(stem))?,
        _ => None,
    };
    let is_made_again = current.is_none() && left_behind.is_none();
    let text = sidecar::edit_recording(current.as_deref().or(left_behind.as_deref()), |fields| {
        if let Some(whole) = ready.whole.as_ref().filter(|_| is_made_again) {
            fields.clone_from(whole);
        }
        fields.id = Some(ready.id.to_string());
        fields.file.clone_from(&ready.due.file);
        if let Some(published) = &ready.due.published {
            fields.published = Some(published.clone());
        }
        for hand_out in &ready.due.hand_outs {
            let mut named = fields.attachments.iter();
            let is_named = named.any(|it| is_same(&it.file, &hand_out.file));
            if !is_named {
                fields.attachments.push(hand_out.clone());
            }
        }
        fields.timing = ready.due.timing.or(fields.timing);
    })
    .map_err(Error::internal)?;
    library.write(folder, &name, text.as_bytes())?;
    if let (Some(_), Some((from, stem))) = (left_behind, &ready.due.left_behind) {
        // The old sidecar is removed last: a power cut before this leaves two sidecars, of which the known one keeps the id.
        library.remove(from, &sidecar::file_of(stem))?;
    }
    Ok(blake3::hash(text.as_bytes()).to_hex().to_string())
}

/// A link in the form that a sidecar uses.
fn to_sidecar(link: &Link) -> sidecar::Link {
    let moment = |at: i64| {
        jiff::Timestamp::from_second(at)
            .ok()
            .map(|at| at.to_string())
    };
    sidecar::Link {
        token: link.token.to_string(),
        name: link.name.clone(),
        created: moment(link.created_at),
        expires: link.expires_at.and_then(moment),
        withdrawn: link.withdrawn_at.and_then(moment),
        password_hash: link.password_hash.clone(),
    }
}

/// The full sidecar of a recording from the catalogue, without metadata that its series or file name already gives it.
fn whole(conn: &Connection, id: i64, defaults: &Defaults) -> Result<RecordingSidecar> {
    let StoredRecording {
        public_id, entry, ..
    } = stored::by_id(conn, id)?;
    let mut metadata = entry.metadata;
    let speakers = speaker::of_recording(conn, id)?;
    metadata.speakers = speakers.iter().map(Into::into).collect();
    metadata.chapters = chapter::of_recording(conn, id)?;
    let length_ms = timing::length_ms(conn, id)?;
    let described = timed_line::chapters(metadata.description.as_deref(), length_ms);
    let mut inherited = metadata::of_name(&entry.stem);
    // Chapters of the description go on following it.
    inherited.chapters = described;
    inherited.inherit(&defaults.metadata);
    field::leave_out(FIELDS, &mut metadata, &inherited);
    let titled = attachment::of_recording(conn, id)?.into_iter();
    Ok(RecordingSidecar {
        id: Some(public_id.to_string()),
        metadata,
        file: entry.file,
        deleted: None,
        former_ids: address::of_recording(conn, id)?
            .into_iter()
            .filter(|former| former != public_id.as_str())
            .collect(),
        attachments: titled
            .map(|attachment| Attachment {
                file: attachment.place.file,
                title: attachment.title,
            })
            .collect(),
        links: link::of(conn, Target::Recording(id))?
            .iter()
            .map(to_sidecar)
            .collect(),
    })
}
