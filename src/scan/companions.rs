//! Applies the companions of a recording: captions, poster, links and hand-outs. In: the inspected files. Out: their rows.

use rusqlite::Connection;

use super::folder::{PassedOver, Unclaimed};
use super::inspected::Inspected;
use super::metadata;
use super::report::{FindingKind, Report};
use crate::catalogue::attachment::{self, Attachment, NewAttachment};
use crate::catalogue::audit::{self, Act, SCAN};
use crate::catalogue::link::{self, Target};
use crate::catalogue::original::FilePlace;
use crate::catalogue::{caption, poster, recording};
use crate::error::Result;
use crate::sidecar::{self, MOST_ENTRIES};

/// What the scan says of a file of no kind that was a hand-out before there were kinds.
const KEPT: &str = "of no kind that is a hand-out by itself, but was one: it keeps its address, and its sidecar names it under \
                    [[attachments]] once that can be written";

/// What the scan says of such a file that cannot be read.
const UNREAD: &str = "cannot be read; it was a hand-out, and stays one until a scan can read it";

/// What the scan says of a file that was public before there were kinds, and was never meant to be.
const ENDED: &str = "was a hand-out that everybody could download, and is none any more: it was left by a program, or is a sidecar under another \
                     name or the chat of a meeting";

/// Replaces the captions, poster, links and hand-outs of a recording by those that were inspected. Returns the hand-outs that the
/// sidecar has to name, and whether anything changed that visitors see.
pub fn take(
    conn: &Connection,
    id: i64,
    inspected: &Inspected,
    report: &mut Report,
    now: i64,
) -> Result<(Vec<sidecar::Attachment>, bool)> {
    // A sidecar that is gone or unreadable removes no link.
    if inspected.sidecar_hash().is_some() {
        let links = metadata::links(&inspected.stated().links, Target::Recording(id), now);
        link::replace(conn, Target::Recording(id), &links, now)?;
    }
    let (attachments, due) = hand_outs(conn, id, inspected, report, now)?;
    let before = conn.total_changes();
    if let Some(captions) = &inspected.captions {
        caption::replace(conn, id, captions)?;
    }
    match (&inspected.poster, poster::of_recording(conn, id)?) {
        (Some((place, version)), before) => {
            let is_same = before.as_ref().is_some_and(|before| {
                place.is_same_file(&before.place) && before.version == *version
            });
            if !is_same {
                poster::replace(conn, id, place, version)?;
            }
        }
        (None, Some(before)) if !before.is_frame => poster::remove(conn, id)?,
        (None, _) => {}
    }
    attachment::replace(conn, id, &attachments, now)?;
    let is_changed = conn.total_changes() != before;
    // The marks are for the scan alone.
    let unnamed = attachments.iter().filter(|it| it.unnamed);
    let unnamed: Vec<&str> = unnamed.map(|it| it.place.file.as_str()).collect();
    attachment::keep_unnamed(conn, id, &unnamed)?;
    Ok((due, is_changed))
}

/// The hand-outs of a recording: those of a kind, and those that the sidecar names. Those of no kind that were hand-outs before there
/// were kinds stay as well, and are returned for the sidecar.
fn hand_outs(
    conn: &Connection,
    id: i64,
    inspected: &Inspected,
    report: &mut Report,
    now: i64,
) -> Result<(Vec<NewAttachment>, Vec<sidecar::Attachment>)> {
    let new = |words: &str, place: &FilePlace, version: &str, unnamed| NewAttachment {
        place: place.clone(),
        title: metadata::attachment_title(inspected.stated(), &place.file, words),
        version: version.to_owned(),
        media_type: mime_guess::from_path(&place.file)
            .first_or_octet_stream()
            .to_string(),
        unnamed,
    };
    let claimed = inspected.attachments.iter();
    let mut attachments: Vec<NewAttachment> = claimed
        .map(|(words, place, version)| new(words, place, version, false))
        .collect();
    let before = match inspected.unclaimed.is_empty() {
        true => Vec::new(),
        false => attachment::current(conn, id)?,
    };
    let mut due = Vec::new();
    for (unclaimed, version) in &inspected.unclaimed {
        let place = &unclaimed.place;
        let name = format!("{}/{}", place.folder, place.file);
        let stays = match version {
            Some(version) => stays(&before, (unclaimed, version), inspected),
            None => Stays::No,
        };
        if let (None, Some(unread)) = (version, unread(&before, unclaimed)) {
            attachments.push(unread);
            report.note(name, UNREAD);
            continue;
        }
        match (stays, version) {
            (Stays::Unnamed, Some(version)) => {
                let kept = new(&unclaimed.words, place, version, true);
                due.push(sidecar::Attachment {
                    file: place.file.clone(),
                    title: kept.title.clone(),
                });
                attachments.push(kept);
                report.note(name, KEPT);
            }
            (Stays::AsBefore, Some(version)) => {
                attachments.push(new(&unclaimed.words, place, version, false));
            }
            (Stays::Ends, _) => {
                report.note(&name, ENDED);
                let subject = format!("recording {}", recording::public_id(conn, id)?);
                let act = Act {
                    before: Some(&place.file),
                    ..Act::of(SCAN, "end hand-out", &subject)
                };
                audit::note(conn, &act, now)?;
            }
            (Stays::No | Stays::Unnamed | Stays::AsBefore, _) => {
                let why = PassedOver::NoHandOut(unclaimed.unfit);
                report.find(name, FindingKind::PassedOver(why));
            }
        }
    }
    due.truncate(MOST_ENTRIES.saturating_sub(inspected.stated().attachments.len()));
    Ok((attachments, due))
}

/// The row of a hand-out from before there were kinds whose file cannot be read: it stays as it is, with its mark and the version of
/// its address, until a scan reads the bytes.
fn unread(before: &[Attachment], unclaimed: &Unclaimed) -> Option<NewAttachment> {
    let place = &unclaimed.place;
    let traits = |it: &FilePlace| (it.size_bytes, it.modified_ns, it.inode);
    let mut marked = before.iter().filter(|it| it.unnamed);
    // A file that was renamed with its recording is known by its size and time, since its bytes are not.
    let of_name = marked.clone().find(|it| it.place.file == place.file);
    let row = of_name.or_else(|| marked.find(|it| traits(&it.place) == traits(place)))?;
    unclaimed.unfit.keeps_address().then(|| NewAttachment {
        place: row.place.clone(),
        title: row.title.clone(),
        version: row.version.clone(),
        media_type: row.media_type.clone(),
        unnamed: true,
    })
}

/// Whether a file that the sidecar does not name stays a hand-out.
enum Stays {
    No,
    /// It was one before there were kinds, and the sidecar does not name it yet.
    Unnamed,
    /// It was one before there were kinds, and was never meant as one.
    Ends,
    /// The sidecar that named it is gone or cannot be read.
    AsBefore,
}

fn stays(
    before: &[Attachment],
    (unclaimed, version): (&Unclaimed, &str),
    inspected: &Inspected,
) -> Stays {
    let file = &unclaimed.place.file;
    let of_name = before.iter().find(|it| it.place.file == *file);
    // A file that was renamed with its recording is known by its bytes.
    let row = of_name.or_else(|| before.iter().find(|it| it.version == version));
    let is_stated = inspected.sidecar_hash().is_some();
    match row {
        Some(row) if row.unnamed && unclaimed.unfit.keeps_address() => Stays::Unnamed,
        Some(row) if row.unnamed => Stays::Ends,
        Some(row) if !is_stated && !row.missing && unclaimed.unfit.may_be_named() => {
            Stays::AsBefore
        }
        Some(_) | None => Stays::No,
    }
}
