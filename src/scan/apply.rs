//! Applies the inspected files of a recording to the catalogue, in one transaction and without touching a file. In: an
//! [`Inspected`] and its [`Identified`] recording. Out: rows, queued jobs, and the sidecars that now say less than the catalogue.

use std::collections::HashSet;

use rusqlite::Connection;

use super::companions;
use super::identify::{Identified, Identity};
use super::inspected::{Inspected, Sidecar};
use super::metadata;
use super::missing;
use super::published;
use super::report::{FindingKind, Report};
use super::series::SeriesFolder;
use super::trash;
use crate::catalogue::address::{self, AddressKind};
use crate::catalogue::audit::{self, Act, SCAN};
use crate::catalogue::chapter::Chapter;
use crate::catalogue::credit::Credit;
use crate::catalogue::field::Moment;
use crate::catalogue::original::Facts;
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::publication;
use crate::catalogue::recording::stored::{self, FolderEntry, StoredRecording};
use crate::catalogue::recording::timing::{self, Timing};
use crate::catalogue::{
    PublicId, caption, chapter, field, library_file, recording, speaker, timed_line,
};
use crate::error::Result;
use crate::search;
use crate::sidecar::Attachment;

/// The series and the moment that all recordings of a batch share.
pub struct ApplyContext<'a> {
    pub series: &'a SeriesFolder,
    /// Series folders that exist in the media folder now.
    pub folders: &'a HashSet<String>,
    pub now: i64,
}

/// A sidecar that has to be written after the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSidecar {
    pub recording_id: i64,
    pub stem: String,
    /// Folder and stem of the old sidecar, when the recording moved without it.
    pub left_behind: Option<(String, String)>,
    /// The media file that the sidecar should name.
    pub file: Option<String>,
    /// The moment of publication that the sidecar should state; `None`: what it states.
    pub published: Option<Moment>,
    /// Hand-outs that the sidecar should name as well.
    pub hand_outs: Vec<Attachment>,
    /// Whether the sidecar should state that the times of captions and chapters may not fit the file any more.
    pub timing: Option<Timing>,
    /// Whether the sidecar is gone and is written in full from the catalogue; otherwise only what is missing of the above is written.
    pub whole: bool,
}

/// The application of one recording's files to the catalogue.
pub struct Apply<'a> {
    pub conn: &'a Connection,
    pub context: &'a ApplyContext<'a>,
    pub inspected: &'a Inspected,
    /// Whether a coordinator made the change through the portal, which writes its own line in the audit list.
    pub is_ours: bool,
    /// Pairs of series rows: the one that a recording left, and the one it moved to.
    pub left: &'a mut Vec<(i64, i64)>,
    pub report: &'a mut Report,
}

impl Apply<'_> {
    /// Applies the files of the recording. Returns the sidecar that has to be written, if any.
    pub fn perform(mut self, decision: Identified) -> Result<Option<DueSidecar>> {
        let (conn, context, inspected) = (self.conn, self.context, self.inspected);
        for place in &inspected.places {
            library_file::note(conn, place)?;
        }
        let (existing, from, wanted) = match decision.identity {
            Identity::Unknown => return Ok(None),
            Identity::Joins { id, stem } => {
                return self.join(id, stem, &decision.moved);
            }
            Identity::Existing { id, from } => (Some(stored::by_id(conn, id)?), from, None),
            Identity::New { wanted } => (None, None, wanted),
        };
        if let Some(existing) = existing.as_ref().filter(|existing| existing.deleted)
            && !trash::comes_back(
                conn,
                &context.series.folder,
                inspected,
                existing,
                self.report,
            )?
        {
            return Ok(None);
        }
        self.update(existing.as_ref(), from, wanted, &decision.moved)
    }

    /// Applies the files to a known recording, or to a new one. Returns the sidecar that has to be written, if any.
    fn update(
        &mut self,
        existing: Option<&StoredRecording>,
        from: Option<(String, String)>,
        wanted: Option<PublicId>,
        moved: &[(String, i64)],
    ) -> Result<Option<DueSidecar>> {
        let (conn, context, inspected) = (self.conn, self.context, self.inspected);
        let facts = self.first_facts()?;
        let (mut what, sidecar_lost) = self.entry(existing, facts.as_ref());
        // Speakers and chapters have tables of their own, so the entry is compared and stored without them.
        let speakers = std::mem::take(&mut what.metadata.speakers);
        let chapters = std::mem::take(&mut what.metadata.chapters);
        what.metadata.published =
            self.published(existing, wanted.as_ref(), what.metadata.published);
        what.metadata.timing = what
            .metadata
            .timing
            .or_else(|| self.unwritten_timing(existing));
        let is_described =
            existing.is_none_or(|existing| {
                existing.entry != what || existing.lost || existing.series_id != context.series.id
            }) || self.lacks_described(existing, &what, (facts.as_ref(), &chapters))?;
        let is_said = match existing {
            Some(existing) if is_described => {
                self.says_otherwise(existing, &what, (&speakers, &chapters))?
            }
            Some(_) | None => false,
        };
        let id = match existing {
            Some(existing) if is_described => self.describe(existing, &what)?,
            Some(existing) => existing.id,
            None => self.add(wanted, &what)?,
        };
        self.take_addresses(id)?;
        let length_before = timing::length_ms(conn, id)?;
        let is_changed = self.take_media(id, moved)?;
        if (is_described || is_changed) && !sidecar_lost {
            speaker::replace(conn, id, &speakers, context.now)?;
            chapter::replace(conn, id, &chapters)?;
        }
        if let Some(since) = metadata::deleted_since(inspected.stated(), context.now) {
            stored::delete(conn, id, since)?;
        }
        if is_changed && self.is_other_cut(id, length_before, sidecar_lost)? {
            timing::uncheck(conn, id)?;
            what.metadata.timing = what.metadata.timing.or(Some(Timing::Unchecked));
        }
        let (hand_outs, has_others) =
            companions::take(conn, id, inspected, self.report, context.now)?;
        if existing.is_some() && (is_said || is_changed || has_others) {
            publication::change(conn, id, context.now)?;
        }
        if what.metadata.published.is_none() {
            what.metadata.published = self.publish(id, existing.is_none(), &what)?;
        }
        if is_described || is_changed || has_others {
            search::index::reindex(conn, id, search::index::Extent::All)?;
        }
        self.note_in_audit(existing, from.as_ref())?;
        let public_id = recording::public_id(conn, id)?;
        let due = self.due((id, &public_id), existing, from, (&what, hand_outs));
        if due.is_some() {
            stored::mark_stale(conn, id)?;
        }
        Ok(due)
    }

    /// Whether the catalogue does not have the chapters that the description now gives, because they were read before descriptions had
    /// any, or with a file of another length.
    fn lacks_described(
        &self,
        existing: Option<&StoredRecording>,
        what: &FolderEntry,
        (facts, chapters): (Option<&Facts>, &[Chapter]),
    ) -> Result<bool> {
        let is_described =
            !chapters.is_empty() && metadata::described_chapters(&what.metadata, facts) == chapters;
        match existing.filter(|_| is_described) {
            Some(existing) => Ok(chapter::of_recording(self.conn, existing.id)? != chapters),
            None => Ok(false),
        }
    }

    /// Adds a renamed media file to the recording whose sidecar, captions and poster kept the old stem.
    fn join(
        &mut self,
        id: i64,
        stem: String,
        moved: &[(String, i64)],
    ) -> Result<Option<DueSidecar>> {
        let (conn, context, inspected) = (self.conn, self.context, self.inspected);
        self.take_media(id, moved)?;
        search::index::reindex(conn, id, search::index::Extent::All)?;
        let from = (context.series.folder.clone(), stem.clone());
        let existing = stored::by_id(conn, id)?;
        // Nobody announced this change: somebody renamed the file in the media folder.
        self.is_ours = false;
        self.note_in_audit(Some(&existing), Some(&from))?;
        if !context.series.is_writable {
            return Ok(None);
        }
        stored::name_file(conn, id, &inspected.name())?;
        stored::mark_stale(conn, id)?;
        Ok(Some(DueSidecar {
            recording_id: id,
            stem,
            left_behind: None,
            file: Some(inspected.name()),
            published: None,
            hand_outs: Vec::new(),
            timing: None,
            whole: false,
        }))
    }

    /// The timing that no sidecar states yet, because it could not be written.
    fn unwritten_timing(&self, existing: Option<&StoredRecording>) -> Option<Timing> {
        let existing = existing?;
        let is_unwritten = existing.sidecar_stale || !self.context.series.is_writable;
        existing.entry.metadata.timing.filter(|_| is_unwritten)
    }

    /// Whether a file of another length took the place of the one for which captions and chapters were made. `before`: its length in
    /// milliseconds.
    fn is_other_cut(&self, id: i64, before: Option<u64>, sidecar_lost: bool) -> Result<bool> {
        let (conn, inspected) = (self.conn, self.inspected);
        let mut usable = inspected.media.iter().filter(|medium| medium.is_usable());
        if usable.next().is_none() || !timing::is_other_length(before, self.longest_ms()?) {
            return Ok(false);
        }
        // Chapters of the file itself come with it.
        let has_chapters = match sidecar_lost {
            true => !chapter::of_recording(conn, id)?.is_empty(),
            false => {
                let stated = &inspected.stated().metadata;
                let described = timed_line::chapters(stated.description.as_deref(), None);
                !stated.chapters.is_empty() || !described.is_empty()
            }
        };
        Ok(has_chapters || !caption::of_recording(conn, id)?.is_empty())
    }

    /// The moment of publication that is known: that of the sidecar, unless it is a copy of another recording's, or the stored one.
    fn published(
        &mut self,
        existing: Option<&StoredRecording>,
        wanted: Option<&PublicId>,
        stated: Option<Moment>,
    ) -> Option<Moment> {
        let own = existing.map(|existing| &existing.public_id).or(wanted);
        let id = self.inspected.stated().id.as_deref();
        let is_own = id.is_none_or(|id| own.is_some_and(|own| own.as_str() == id));
        let before = existing.and_then(|existing| existing.entry.metadata.published.as_ref());
        let read = (self.inspected, self.context.now);
        published::stated(stated.filter(|_| is_own), before, read, self.report)
    }

    /// Publishes a recording that visitors can find and play by now.
    fn publish(&self, id: i64, is_new: bool, what: &FolderEntry) -> Result<Option<Moment>> {
        let (conn, context) = (self.conn, self.context);
        if what.metadata.visibility() != Visibility::Public
            || !publication::is_out(conn, id, context.now)?
        {
            return Ok(None);
        }
        let at = match is_new {
            true => {
                let public_id = recording::public_id(conn, id)?;
                let moment = (&context.series.defaults.zone, context.now);
                published::of_new(self.inspected, &public_id, &what.metadata, moment)
            }
            false => context.now,
        };
        publication::set(conn, &[(id, at)])?;
        Ok(Some(Moment::at(at)))
    }

    /// Whether the folder now states something else about a known recording that visitors see.
    fn says_otherwise(
        &self,
        existing: &StoredRecording,
        what: &FolderEntry,
        (speakers, chapters): (&[Credit], &[Chapter]),
    ) -> Result<bool> {
        if existing.entry.metadata != what.metadata
            || existing.lost
            || existing.series_id != self.context.series.id
        {
            return Ok(true);
        }
        let before = speaker::of_recording(self.conn, existing.id)?;
        let before: Vec<Credit> = before.iter().map(Into::into).collect();
        let mut chapters = chapters.to_vec();
        chapters.sort_by_key(|chapter| chapter.start_ms);
        Ok(before != speakers || chapter::of_recording(self.conn, existing.id)? != chapters)
    }

    /// The entry that the folder now states, and whether the sidecar is gone or unreadable. In that case the metadata in the
    /// catalogue is kept.
    fn entry(
        &mut self,
        existing: Option<&StoredRecording>,
        facts: Option<&Facts>,
    ) -> (FolderEntry, bool) {
        let (context, inspected) = (self.context, self.inspected);
        let hash = inspected.sidecar_hash();
        let had_one = existing.filter(|existing| existing.entry.sidecar_hash.is_some());
        let (mut what, sidecar_lost) = match (hash, had_one) {
            (None, Some(existing)) => {
                let stem = inspected.stem.clone();
                let existing = existing.entry.clone();
                (FolderEntry { stem, ..existing }, true)
            }
            (hash, _) => {
                let (stem, sidecar, defaults) = (
                    &inspected.stem,
                    inspected.stated(),
                    &context.series.defaults,
                );
                let stated = metadata::recording(stem, sidecar, hash, facts, defaults, self.report);
                (stated, false)
            }
        };
        let is_here = |file: &str| {
            inspected
                .media
                .iter()
                .any(|medium| medium.place.file == file)
        };
        if !what.file.as_deref().is_some_and(is_here) {
            let first = inspected
                .media
                .iter()
                .find(|medium| medium.is_usable())
                .map(|medium| medium.place.file.clone());
            // While a sidecar is stale the catalogue holds the newer file name, for example after the file was renamed without its
            // sidecar.
            let existing = existing
                .filter(|existing| existing.sidecar_stale)
                .and_then(|existing| existing.entry.file.clone());
            what.file = first.or(existing).or(what.file);
        }
        (what, sidecar_lost)
    }

    /// Stores what the folder now states of a known recording. Returns its row id.
    fn describe(&mut self, existing: &StoredRecording, what: &FolderEntry) -> Result<i64> {
        let (conn, context) = (self.conn, self.context);
        stored::describe(conn, existing.id, context.series.id, what, context.now)?;
        if existing.series_id != context.series.id {
            missing::leave(conn, existing.series_id, context.series.id, context.folders)?;
            self.left.push((existing.series_id, context.series.id));
        }
        // Somebody edited the sidecar, or a crash came between writing and noting it; the audit list records the change without its
        // author.
        if !self.is_ours
            && existing.entry.sidecar_hash.is_some()
            && existing.entry.sidecar_hash != what.sidecar_hash
        {
            let (before, after) =
                field::difference(FIELDS, &existing.entry.metadata, &what.metadata);
            let subject = format!("recording {}", existing.public_id);
            let act = Act {
                before: before.as_deref(),
                after: after.as_deref(),
                ..Act::of(SCAN, "edit", &subject)
            };
            audit::note(conn, &act, context.now)?;
        }
        Ok(existing.id)
    }

    /// Registers the former ids that the sidecar lists, so that they lead to the recording.
    fn take_addresses(&self, id: i64) -> Result<()> {
        let (conn, now) = (self.conn, self.context.now);
        for former in &self.inspected.stated().former_ids {
            if !address::is_given(conn, AddressKind::Recording, former)? {
                address::give(conn, AddressKind::Recording, former, id, now)?;
            }
        }
        Ok(())
    }

    /// Adds a recording under the id that its sidecar asks for, or under a new one. Returns its row id.
    fn add(&self, wanted: Option<PublicId>, what: &FolderEntry) -> Result<i64> {
        let (conn, context) = (self.conn, self.context);
        let public_id = match wanted {
            Some(wanted) => wanted,
            None => address::free_id(conn)?,
        };
        let id = stored::add(conn, context.series.id, &public_id, what, context.now)?;
        address::give(
            conn,
            AddressKind::Recording,
            public_id.as_str(),
            id,
            context.now,
        )?;
        Ok(id)
    }

    /// Notes an added or moved recording in the report and in the audit list.
    fn note_in_audit(
        &mut self,
        existing: Option<&StoredRecording>,
        from: Option<&(String, String)>,
    ) -> Result<()> {
        let place = format!("{}/{}", self.context.series.folder, self.inspected.name());
        let from = from.map(|(folder, stem)| format!("{folder}/{stem}"));
        let act = match (existing, &from) {
            (None, _) => "add",
            (Some(_), Some(_)) => "move",
            (Some(_), None) => return Ok(()),
        };
        if !self.is_ours {
            let act = Act {
                before: from.as_deref(),
                ..Act::of(SCAN, act, &place)
            };
            audit::note(self.conn, &act, self.context.now)?;
        }
        self.report
            .find(place, from.map_or(FindingKind::New, FindingKind::Moved));
        Ok(())
    }

    /// The sidecar to write, when it lacks the right id or a hand-out, names another file, is gone or is stale.
    fn due(
        &self,
        (id, public_id): (i64, &PublicId),
        existing: Option<&StoredRecording>,
        from: Option<(String, String)>,
        (what, hand_outs): (&FolderEntry, Vec<Attachment>),
    ) -> Option<DueSidecar> {
        let (context, inspected) = (self.context, self.inspected);
        let is_broken = matches!(inspected.sidecar, Sidecar::Broken);
        if !context.series.is_writable || is_broken {
            return None;
        }
        let is_gone = matches!(inspected.sidecar, Sidecar::None)
            && existing.is_some_and(|existing| existing.entry.sidecar_hash.is_some());
        let left_behind = from.filter(|_| is_gone);
        let says_id = inspected.stated().id.as_deref() == Some(public_id.as_str());
        let says_file = inspected.stated().file == what.file;
        let published = &what.metadata.published;
        let says_published = published.is_none() || inspected.stated().published == *published;
        let timing = what.metadata.timing;
        let says_timing = timing.is_none() || inspected.stated().timing == timing;
        let is_stale = existing.is_some_and(|existing| existing.sidecar_stale);
        let says_all =
            says_id && says_file && says_published && says_timing && hand_outs.is_empty();
        (!says_all || is_gone || is_stale).then(|| DueSidecar {
            recording_id: id,
            stem: inspected.stem.clone(),
            left_behind,
            file: what.file.clone(),
            published: published.clone(),
            hand_outs,
            timing,
            whole: is_gone,
        })
    }
}
