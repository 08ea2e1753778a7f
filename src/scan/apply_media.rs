//! Applies the media files of a recording. In: its inspected files and the originals in the catalogue. Out: rows of originals that
//! are added, found at another place, superseded or missing.

use super::apply::Apply;
use super::inspected::MediaChange;
use super::report::FindingKind;
use crate::catalogue::audit::{self, Act, SCAN};
use crate::catalogue::original::{self, Facts, FilePlace, Original};
use crate::catalogue::{frame, library_file};
use crate::error::Result;
use crate::search;
use crate::search::index::Extent;

impl Apply<'_> {
    /// The facts of the recording's first usable file, whether it is new or known.
    pub(super) fn first_facts(&self) -> Result<Option<Facts>> {
        for medium in &self.inspected.media {
            match &medium.change {
                MediaChange::Arrived { facts, .. } => return Ok(Some(facts.as_ref().clone())),
                MediaChange::Same => {
                    let (folder, file) = (&self.context.series.folder, &medium.place.file);
                    if let Some(existing) = original::at_place(self.conn, folder, file)? {
                        return Ok(Some(existing.facts));
                    }
                }
                MediaChange::Unusable => {}
            }
        }
        Ok(None)
    }

    /// Length in milliseconds of the recording's longest usable file, whether it is new or known.
    pub(super) fn longest_ms(&self) -> Result<Option<u64>> {
        let mut longest = None;
        for medium in &self.inspected.media {
            let length = match &medium.change {
                MediaChange::Arrived { facts, .. } => facts.duration_ms,
                MediaChange::Same => {
                    let (folder, file) = (&self.context.series.folder, &medium.place.file);
                    let known = original::at_place(self.conn, folder, file)?;
                    known.and_then(|known| known.facts.duration_ms)
                }
                MediaChange::Unusable => None,
            };
            longest = longest.max(length);
        }
        Ok(longest)
    }

    /// Applies files that arrived, moved to this recording or were lost. Returns whether any original changed.
    pub(super) fn take_media(&mut self, id: i64, moved: &[(String, i64)]) -> Result<bool> {
        let (conn, context) = (self.conn, self.context);
        let mut changed = false;
        for medium in &self.inspected.media {
            let before = original::at_place(conn, &context.series.folder, &medium.place.file)?;
            changed |= match (&medium.change, before) {
                (MediaChange::Same, Some(before)) if before.recording_id == id => false,
                (MediaChange::Same, Some(before)) => {
                    // The file now belongs to another recording; its bytes are the same.
                    original::found_at(conn, before.id, id, &medium.place)?;
                    // What is said in the other one may not be for visitors without it.
                    search::index::reindex(conn, before.recording_id, Extent::All)?;
                    true
                }
                (MediaChange::Same, None) => false,
                (MediaChange::Arrived { version, facts }, before) => {
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
                (MediaChange::Unusable, Some(before)) if !before.missing => {
                    // The file was replaced by bytes that cannot be played yet, so the old original is missing.
                    original::lose(conn, before.id, context.now)?;
                    true
                }
                (MediaChange::Unusable, _) => false,
            };
        }
        Ok(changed)
    }

    /// Ends the version at a place when its bytes were replaced. Returns the row id of the original when the bytes are the same,
    /// because the file was only touched or copied over itself.
    fn supersede(
        &mut self,
        place: &FilePlace,
        version: &str,
        (before, is_same): (Option<Original>, impl Fn(&Original) -> bool),
    ) -> Result<Option<i64>> {
        let (conn, now) = (self.conn, self.context.now);
        let Some(before) = before else {
            return Ok(None);
        };
        if is_same(&before) {
            return Ok(Some(before.id));
        }
        original::supersede(conn, before.id, now)?;
        frame::delete_of_original(conn, before.id)?;
        let subject = format!("{}/{}", place.folder, place.file);
        let act = Act {
            before: Some(&before.version),
            after: Some(version),
            ..Act::of(SCAN, "replace", &subject)
        };
        audit::note(conn, &act, now)?;
        self.report.find(subject, FindingKind::Changed);
        Ok(None)
    }

    /// Records the bytes at a place, as a known original of this recording or as a new one.
    fn arrive(
        &self,
        id: i64,
        place: &FilePlace,
        (version, facts): (&str, &Facts),
        existing: Option<i64>,
    ) -> Result<()> {
        let conn = self.conn;
        if let Some(existing) = existing {
            let existing = original::by_id(conn, existing)?;
            if existing.recording_id == id {
                library_file::forget_moved(conn, &existing.place, place)?;
                return original::found_at(conn, existing.id, id, place);
            }
        }
        original::add(conn, id, place, version, facts).map(drop)
    }
}
