//! Taking what was seen into the catalogue, in one transaction and without touching a file. In: a [`Seen`] and [`Who`] it
//! is of. Out: rows, queued jobs, and the sidecars that now say less than the catalogue.

use std::collections::HashSet;

use rusqlite::Connection;

use super::companions;
use super::identify::{Decision, Who};
use super::inspected::{Look, Seen, Sidecar};
use super::metadata;
use super::missing;
use super::report::{Found, Report};
use super::series::SeriesFolder;
use super::trash;
use crate::catalogue::address::{self, Kind};
use crate::catalogue::audit::{self, Act};
use crate::catalogue::job::{self, Step};
use crate::catalogue::original::{self, Facts, Original, Place};
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::stored::{self, FolderEntry, Known};
use crate::catalogue::{PublicId, chapter, field, library_file, recording, search, speaker};
use crate::error::Result;

/// How the scan signs the audit list.
const SCAN: &str = "scan";

/// Where and when the recordings of a batch are taken over.
pub struct Here<'a> {
    pub series: &'a SeriesFolder,
    /// Folders that are there.
    pub folders: &'a HashSet<String>,
    pub now: i64,
}

/// A sidecar that has to be written after the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub recording_id: i64,
    pub stem: String,
    /// Where the sidecar of a recording that moved was left behind (folder and stem).
    pub left_behind: Option<(String, String)>,
    /// The media file it should name.
    pub file: Option<String>,
    /// Write everything the catalogue says, because the sidecar is gone; else only id and file.
    pub whole: bool,
}

/// One recording that is taken over.
pub struct Acceptance<'a> {
    pub conn: &'a Connection,
    pub here: &'a Here<'a>,
    pub seen: &'a Seen,
    /// The change has its own line in the audit list.
    pub is_ours: bool,
    /// Which series a recording left for which.
    pub left: &'a mut Vec<(i64, i64)>,
    pub report: &'a mut Report,
}

impl Acceptance<'_> {
    /// Takes it over. Answers the sidecar that is to be written, if any.
    pub fn perform(mut self, decision: Decision) -> Result<Option<Due>> {
        let (conn, here, seen) = (self.conn, self.here, self.seen);
        for place in &seen.places {
            library_file::note(conn, place)?;
        }
        let (known, from, wanted) = match decision.who {
            Who::Nobody => return Ok(None),
            Who::Joins { id, stem } => {
                return self.join(id, stem, &decision.moved);
            }
            Who::Known { id, from } => (Some(stored::known(conn, id)?), from, None),
            Who::New { wanted } => (None, None, wanted),
        };
        if let Some(known) = known.as_ref().filter(|known| known.deleted)
            && !trash::comes_back(conn, &here.series.folder, seen, known, self.report)?
        {
            return Ok(None);
        }
        let facts = self.first_facts()?;
        let (mut what, sidecar_lost) = self.entry(known.as_ref(), facts.as_ref());
        // They have rows of their own.
        let speakers = std::mem::take(&mut what.metadata.speakers);
        let chapters = std::mem::take(&mut what.metadata.chapters);
        let is_described = known.as_ref().is_none_or(|known| {
            known.said != what || known.lost || known.series_id != here.series.id
        });
        let id = match &known {
            Some(known) if is_described => self.describe(known, &what)?,
            Some(known) => known.id,
            None => self.add(wanted, &what)?,
        };
        self.take_addresses(id)?;
        let is_changed = self.take_media(id, &decision.moved)?;
        if (is_described || is_changed) && !sidecar_lost {
            speaker::replace(conn, id, &speakers, here.now)?;
            chapter::replace(conn, id, &chapters)?;
        }
        if let Some(since) = metadata::deleted_since(seen.said(), here.now) {
            stored::delete(conn, id, since)?;
        }
        companions::take(conn, id, seen, here.now)?;
        if is_described || is_changed {
            search::reindex(conn, id)?;
        }
        self.tell(known.as_ref(), from.as_ref())?;
        let public_id = recording::public_id(conn, id)?;
        let due = self.due((id, &public_id), known.as_ref(), from, &what);
        if due.is_some() {
            stored::mark_stale(conn, id)?;
        }
        Ok(due)
    }

    /// A media file that was renamed while its sidecar, and with it captions and poster, kept their stem.
    fn join(&mut self, id: i64, stem: String, moved: &[(String, i64)]) -> Result<Option<Due>> {
        let (conn, here, seen) = (self.conn, self.here, self.seen);
        self.take_media(id, moved)?;
        let from = (here.series.folder.clone(), stem.clone());
        let known = stored::known(conn, id)?;
        // Nobody announced it: a hand renamed the file.
        self.is_ours = false;
        self.tell(Some(&known), Some(&from))?;
        if !here.series.is_writable {
            return Ok(None);
        }
        stored::name_file(conn, id, &seen.name())?;
        stored::mark_stale(conn, id)?;
        Ok(Some(Due {
            recording_id: id,
            stem,
            left_behind: None,
            file: Some(seen.name()),
            whole: false,
        }))
    }

    /// The facts of the recording's first readable file, new or known.
    fn first_facts(&self) -> Result<Option<Facts>> {
        for medium in &self.seen.media {
            match &medium.look {
                Look::Arrived { facts, .. } => return Ok(Some(facts.as_ref().clone())),
                Look::Same => {
                    let (folder, file) = (&self.here.series.folder, &medium.place.file);
                    if let Some(known) = original::at_place(self.conn, folder, file)? {
                        return Ok(Some(known.facts));
                    }
                }
                Look::Unusable => {}
            }
        }
        Ok(None)
    }

    /// What the folder now says of the recording, and whether its sidecar is lost: gone or unreadable. What a person entered
    /// is still in the catalogue then, and stays.
    fn entry(&mut self, known: Option<&Known>, facts: Option<&Facts>) -> (FolderEntry, bool) {
        let (here, seen) = (self.here, self.seen);
        let hash = seen.sidecar_hash();
        let had_one = known.filter(|known| known.said.sidecar_hash.is_some());
        let (mut what, sidecar_lost) = match (hash, had_one) {
            (None, Some(known)) => {
                let stem = seen.stem.clone();
                let known = known.said.clone();
                (FolderEntry { stem, ..known }, true)
            }
            (hash, _) => {
                let (stem, sidecar, around) = (&seen.stem, seen.said(), &here.series.around);
                let said = metadata::recording(stem, sidecar, hash, facts, around, self.report);
                (said, false)
            }
        };
        let is_here = |file: &str| seen.media.iter().any(|medium| medium.place.file == file);
        if !what.file.as_deref().is_some_and(is_here) {
            let first = seen
                .media
                .iter()
                .find(|medium| medium.is_usable())
                .map(|medium| medium.place.file.clone());
            // While the sidecar is due the catalogue knows better, as after a file that was renamed without it.
            let known = known
                .filter(|known| known.sidecar_stale)
                .and_then(|known| known.said.file.clone());
            what.file = first.or(known).or(what.file);
        }
        (what, sidecar_lost)
    }

    /// Writes down what the folder now says of a recording that the catalogue has. Answers its row.
    fn describe(&mut self, known: &Known, what: &FolderEntry) -> Result<i64> {
        let (conn, here) = (self.conn, self.here);
        stored::describe(conn, known.id, here.series.id, what, here.now)?;
        if known.series_id != here.series.id {
            missing::leave(conn, known.series_id, here.series.id, here.folders)?;
            self.left.push((known.series_id, here.series.id));
        }
        // A hand changed its sidecar, or a crash came between writing and noting: who did it is not known, that it was done is.
        if !self.is_ours
            && known.said.sidecar_hash.is_some()
            && known.said.sidecar_hash != what.sidecar_hash
        {
            let (before, after) = field::difference(FIELDS, &known.said.metadata, &what.metadata);
            let subject = format!("recording {}", known.public_id);
            let act = Act {
                before: before.as_deref(),
                after: after.as_deref(),
                ..Act::of(SCAN, "edit", &subject)
            };
            audit::note(conn, &act, here.now)?;
        }
        Ok(known.id)
    }

    /// Other ids that lead to it, as its sidecar says.
    fn take_addresses(&self, id: i64) -> Result<()> {
        let (conn, now) = (self.conn, self.here.now);
        for former in &self.seen.said().former_ids {
            if !address::is_given(conn, Kind::Recording, former)? {
                address::give(conn, Kind::Recording, former, id, now)?;
            }
        }
        Ok(())
    }

    /// Makes a recording, under the id its sidecar asks for or a new one.
    fn add(&self, wanted: Option<PublicId>, what: &FolderEntry) -> Result<i64> {
        let (conn, here) = (self.conn, self.here);
        let public_id = match wanted {
            Some(wanted) => wanted,
            None => address::free_id(conn)?,
        };
        let id = stored::add(conn, here.series.id, &public_id, what, here.now)?;
        address::give(conn, Kind::Recording, public_id.as_str(), id, here.now)?;
        Ok(id)
    }

    /// Files that arrived, went on or were lost. Answers whether anything about them changed.
    fn take_media(&mut self, id: i64, moved: &[(String, i64)]) -> Result<bool> {
        let (conn, here) = (self.conn, self.here);
        let mut changed = false;
        for medium in &self.seen.media {
            let before = original::at_place(conn, &here.series.folder, &medium.place.file)?;
            changed |= match (&medium.look, before) {
                (Look::Same, Some(before)) if before.recording_id == id => false,
                (Look::Same, Some(before)) => {
                    // The stem changed hands, not the bytes.
                    original::found_at(conn, before.id, id, &medium.place)?;
                    true
                }
                (Look::Same, None) => false,
                (Look::Arrived { version, facts }, before) => {
                    let place = &medium.place;
                    let is_replaced = original::is_replaced(conn, id, place)?;
                    let is_same = |it: &Original| it.samples == *version && !is_replaced;
                    let before = self.supersede(place, version, (before, is_same))?;
                    let moved = moved
                        .iter()
                        .find(|(file, _)| *file == place.file && !is_replaced)
                        .map(|(_, original)| *original);
                    self.arrive(id, place, (version, facts), before.or(moved))?;
                    true
                }
                (Look::Unusable, Some(before)) if !before.missing => {
                    // Other bytes lie there, which cannot be sent yet; the old ones are gone.
                    original::lose(conn, before.id, here.now)?;
                    true
                }
                (Look::Unusable, _) => false,
            };
        }
        Ok(changed)
    }

    /// Ends the version that lay at a place when other bytes lie there now. Answers its row when the bytes are the same: a
    /// file that was touched, or copied over by itself.
    fn supersede(
        &mut self,
        place: &Place,
        version: &str,
        (before, is_same): (Option<Original>, impl Fn(&Original) -> bool),
    ) -> Result<Option<i64>> {
        let (conn, now) = (self.conn, self.here.now);
        let Some(before) = before else {
            return Ok(None);
        };
        if is_same(&before) {
            return Ok(Some(before.id));
        }
        original::supersede(conn, before.id, now)?;
        let subject = format!("{}/{}", place.folder, place.file);
        let act = Act {
            before: Some(&before.version),
            after: Some(version),
            ..Act::of(SCAN, "replace", &subject)
        };
        audit::note(conn, &act, now)?;
        self.report.find(subject, Found::Changed);
        Ok(None)
    }

    /// Records the bytes at a place: those of a known original of this recording, or new ones.
    fn arrive(
        &self,
        id: i64,
        place: &Place,
        (version, facts): (&str, &Facts),
        known: Option<i64>,
    ) -> Result<()> {
        let conn = self.conn;
        if let Some(known) = known {
            let known = original::by_id(conn, known)?;
            if known.recording_id == id {
                library_file::forget_moved(conn, &known.place, place)?;
                return original::found_at(conn, known.id, id, place);
            }
        }
        let original_id = original::add(conn, id, place, version, facts)?;
        match facts.problem {
            Some(_) => Ok(()),
            None => job::queue(conn, Step::Hash, id, Some(original_id), self.here.now),
        }
    }

    /// Says what happened, in the report and in the audit list.
    fn tell(&mut self, known: Option<&Known>, from: Option<&(String, String)>) -> Result<()> {
        let place = format!("{}/{}", self.here.series.folder, self.seen.name());
        let from = from.map(|(folder, stem)| format!("{folder}/{stem}"));
        let act = match (known, &from) {
            (None, _) => "add",
            (Some(_), Some(_)) => "move",
            (Some(_), None) => return Ok(()),
        };
        if !self.is_ours {
            let act = Act {
                before: from.as_deref(),
                ..Act::of(SCAN, act, &place)
            };
            audit::note(self.conn, &act, self.here.now)?;
        }
        self.report
            .find(place, from.map_or(Found::New, Found::Moved));
        Ok(())
    }

    /// The sidecar to write: when it carries no id or another, names another file, or is gone.
    fn due(
        &self,
        (id, public_id): (i64, &PublicId),
        known: Option<&Known>,
        from: Option<(String, String)>,
        what: &FolderEntry,
    ) -> Option<Due> {
        let (here, seen) = (self.here, self.seen);
        let is_broken = matches!(seen.sidecar, Sidecar::Broken);
        if !here.series.is_writable || is_broken {
            return None;
        }
        let is_gone = matches!(seen.sidecar, Sidecar::None)
            && known.is_some_and(|known| known.said.sidecar_hash.is_some());
        let left_behind = from.filter(|_| is_gone);
        let says_id = seen.said().id.as_deref() == Some(public_id.as_str());
        let says_file = seen.said().file == what.file;
        let is_stale = known.is_some_and(|known| known.sidecar_stale);
        (!says_id || !says_file || is_gone || is_stale).then(|| Due {
            recording_id: id,
            stem: seen.stem.clone(),
            left_behind,
            file: what.file.clone(),
            whole: is_gone,
        })
    }
}
