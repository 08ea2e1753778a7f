//! The media files of a recording that is applied. In: what was inspected of them and what the catalogue has. Out: rows of originals:
//! added, found again at another place, superseded or lost.

use super::apply::{Apply, SCAN};
use super::inspected::MediaChange;
use super::report::FindingKind;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::library_file;
use crate::catalogue::original::{self, Facts, FilePlace, Original};
use crate::error::Result;

impl Apply<'_> {
    /// The facts of the recording's first readable file, new or known.
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

    /// Files that arrived, went on or were lost. Answers whether anything about them changed.
    pub(super) fn take_media(&mut self, id: i64, moved: &[(String, i64)]) -> Result<bool> {
        let (conn, context) = (self.conn, self.context);
        let mut changed = false;
        for medium in &self.inspected.media {
            let before = original::at_place(conn, &context.series.folder, &medium.place.file)?;
            changed |= match (&medium.change, before) {
                (MediaChange::Same, Some(before)) if before.recording_id == id => false,
                (MediaChange::Same, Some(before)) => {
                    // The stem changed hands, not the bytes.
                    original::found_at(conn, before.id, id, &medium.place)?;
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
                    // Other bytes lie there, which cannot be sent yet; the old ones are gone.
                    original::lose(conn, before.id, context.now)?;
                    true
                }
                (MediaChange::Unusable, _) => false,
            };
        }
        Ok(changed)
    }

    /// Ends the version that lay at a place when other bytes lie there now. Answers its row when the bytes are the same: a
    /// file that was touched, or copied over by itself.
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

    /// Records the bytes at a place: those of a known original of this recording, or new ones.
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
