//! Determines the duration of a fragmented MP4: a recording in pieces, whose index does not describe the whole.
//!
//! What the fragments hold counts: every track ends where its last fragment ends, and the recording with the last of them. Where
//! fragments do not tell their time, all their samples are added up. Summaries (`sidx`) may speak of one track or one part, so
//! they are not asked; the header of the extension (`mehd`) is, when there are more fragments than can be looked at.

use std::collections::BTreeMap;

use super::bytes::Fields;
use super::mp4_boxes::{Mp4Box, header, of_kind};
use super::mp4_layout::Layout;
use super::mp4_track::{Clock, Track};
use super::source::Source;
use super::{Result, Unreadable};

/// Largest run in bytes; a fragment of a minute at 60 pictures per second has 3600 samples of at most 16 bytes.
const LONGEST_RUN: usize = 1024 * 1024;
/// Bytes at the end in which the last fragments are searched when the way there was too long.
const TAIL: usize = 1024 * 1024;

/// A recording in fragments, with what is needed to understand one of them.
pub(super) struct Fragments<'a> {
    pub(super) layout: &'a Layout,
    pub(super) mvex: &'a Mp4Box,
    /// The clock of the movie.
    pub(super) clock: &'a Clock,
    pub(super) tracks: &'a [Track],
}

/// The samples of one track in one fragment, in ticks of its clock.
struct Piece {
    track: u32,
    /// When it begins, if it says so.
    begin: Option<u64>,
    /// `None` when a run is longer than is read, or states no duration.
    length: Option<u64>,
}

impl Fragments<'_> {
    /// Duration in milliseconds; `None` when no box tells it.
    ///
    /// # Errors
    /// Only when the disk fails: boxes that contradict themselves leave the duration unknown.
    pub(super) fn duration_ms(&self, source: &mut Source) -> Result<Option<u64>> {
        match self.measured(source) {
            Err(error @ Unreadable::Io(_)) => Err(error),
            Ok(Some(ms)) => Ok(Some(ms)),
            Ok(None) | Err(_) => self.stated(source),
        }
    }

    /// The duration in `mehd` (§8.8.2).
    fn stated(&self, source: &mut Source) -> Result<Option<u64>> {
        match self.mvex.contents_of(source, &[b"mehd"], 12) {
            Err(error @ Unreadable::Io(_)) => Err(error),
            Err(_) => Ok(None),
            Ok(contents) => Ok(time(contents)
                .and_then(|ticks| self.clock.at_ms(ticks))
                .filter(|ms| *ms > 0)),
        }
    }

    fn measured(&self, source: &mut Source) -> Result<Option<u64>> {
        let Some(begins) = self.begins(source)? else {
            return if self.layout.is_cut {
                Ok(None)
            } else {
                self.added_up(source)
            };
        };
        let last: Vec<Mp4Box> = match self.layout.is_cut {
            true => last_of_all(source)?,
            false => self.layout.last.iter().copied().collect(),
        };
        let mut ends = BTreeMap::new();
        for moof in last.iter().rev() {
            for piece in self.pieces(source, moof)? {
                let (Some(begin), Some(length)) = (piece.begin, piece.length) else {
                    return Ok(None);
                };
                ends.entry(piece.track)
                    .or_insert(begin.saturating_add(length));
            }
            if begins.keys().all(|track| ends.contains_key(track)) {
                break;
            }
        }
        if self.layout.is_cut && begins.keys().any(|track| !ends.contains_key(track)) {
            return Ok(None);
        }
        let begin = begins
            .iter()
            .filter_map(|(id, at)| self.at_ms(*id, *at))
            .min();
        let end = ends
            .iter()
            .filter_map(|(id, at)| self.at_ms(*id, *at))
            .max();
        let length = end
            .zip(begin)
            .and_then(|(end, begin)| end.checked_sub(begin));
        Ok(length.filter(|ms| *ms > 0))
    }

    /// When each track begins; `None` when a fragment does not tell.
    fn begins(&self, source: &mut Source) -> Result<Option<BTreeMap<u32, u64>>> {
        let mut begins = BTreeMap::new();
        // Before the fragments there may be samples in the index, which begin at 0.
        for track in self.tracks.iter().filter(|track| track.is_heard_or_seen()) {
            if track.samples.is_some_and(|count| count > 0) {
                begins.insert(track.id, 0);
            }
        }
        for moof in &self.layout.first {
            for piece in self.pieces(source, moof)? {
                let Some(begin) = piece.begin else {
                    return Ok(None);
                };
                begins.entry(piece.track).or_insert(begin);
            }
        }
        Ok(Some(begins).filter(|begins| !begins.is_empty()))
    }

    /// The samples of all fragments together.
    fn added_up(&self, source: &mut Source) -> Result<Option<u64>> {
        let mut lengths = BTreeMap::new();
        for track in self.tracks.iter().filter(|track| track.is_heard_or_seen()) {
            if track.samples.is_some_and(|count| count > 0) {
                lengths.insert(track.id, track.clock.ticks());
            }
        }
        let (mut at, end) = (0, source.size());
        while at < end
            && let Some(next) = header(source, at, end)?
            && next.end <= end
        {
            if &next.kind == b"moof" {
                for piece in self.pieces(source, &next)? {
                    let Some(length) = piece.length else {
                        return Ok(None);
                    };
                    let sum = lengths.entry(piece.track).or_insert(0_u64);
                    *sum = sum.saturating_add(length);
                }
            }
            at = next.end;
        }
        let lengths = lengths.iter();
        let longest = lengths
            .filter_map(|(id, ticks)| self.at_ms(*id, *ticks))
            .max();
        Ok(longest.filter(|ms| *ms > 0))
    }

    fn at_ms(&self, track: u32, ticks: u64) -> Option<u64> {
        let track = self.tracks.iter().find(|one| one.id == track)?;
        track.clock.at_ms(ticks)
    }

    /// What a fragment holds of the tracks that are heard or seen (§8.8.6 to §8.8.12).
    fn pieces(&self, source: &mut Source, moof: &Mp4Box) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        for traf in of_kind(&moof.children(source, 0)?, b"traf") {
            let boxes = traf.children(source, 0)?;
            let Some(tfhd) = of_kind(&boxes, b"tfhd").next() else {
                continue;
            };
            let Some((id, own_default)) = fragment_header(tfhd.contents(source, 64)?) else {
                continue;
            };
            let wanted = |track: &&Track| track.id == id && track.is_heard_or_seen();
            if self.tracks.iter().find(wanted).is_none() {
                continue;
            }
            let begin = match of_kind(&boxes, b"tfdt").next() {
                Some(tfdt) => time(tfdt.contents(source, 12)?),
                None => None,
            };
            let default = match own_default {
                Some(duration) => duration,
                None => default_duration(source, self.mvex, id)?,
            };
            let mut length = Some(0_u64);
            for trun in of_kind(&boxes, b"trun") {
                let run = run_length(trun.contents(source, LONGEST_RUN)?, default);
                length = length.zip(run).map(|(sum, run)| sum.saturating_add(run));
            }
            pieces.push(Piece {
                track: id,
                begin,
                length,
            });
        }
        Ok(pieces)
    }
}

/// The fragments in the last stretch of the file: those from which boxes follow each other up to its very end.
fn last_of_all(source: &mut Source) -> Result<Vec<Mp4Box>> {
    let size = source.size();
    let tail = source.tail(TAIL)?;
    let start = size - u64::try_from(tail.len()).unwrap_or(size);
    let found: Vec<u64> = tail
        .windows(4)
        .enumerate()
        .filter(|(_, kind)| *kind == b"moof")
        .filter_map(|(offset, _)| (start + u64::try_from(offset).ok()?).checked_sub(4))
        .take(4)
        .collect();
    for first in found {
        let mut fragments = Vec::new();
        let mut at = first;
        while at < size
            && let Some(next) = header(source, at, size)?
            && next.end <= size
        {
            if &next.kind == b"moof" {
                fragments.push(next);
            }
            at = next.end;
        }
        if at == size {
            return Ok(fragments);
        }
    }
    Ok(Vec::new())
}

/// The time in `mehd` (§8.8.2), the duration of the whole, or `tfdt` (§8.8.12), the begin of a fragment: a version, and a time
/// whose width depends on it.
fn time(contents: &[u8]) -> Option<u64> {
    let mut fields = Fields(contents);
    let is_wide = fields.version()? == 1;
    fields.be64_or_32(is_wide)
}

/// Track id in `tfhd`, and its default sample duration.
fn fragment_header(contents: &[u8]) -> Option<(u32, Option<u32>)> {
    let mut fields = Fields(contents);
    let flags = fields.be32()?;
    let track_id = fields.be32()?;
    fields.skip(if flags & 0x1 != 0 { 8 } else { 0 })?;
    fields.skip(if flags & 0x2 != 0 { 4 } else { 0 })?;
    let default = if flags & 0x8 != 0 {
        Some(fields.be32()?)
    } else {
        None
    };
    Some((track_id, default))
}

/// Default sample duration of a track for the whole movie (`trex`).
fn default_duration(source: &mut Source, mvex: &Mp4Box, track_id: u32) -> Result<u32> {
    for trex in of_kind(&mvex.children(source, 0)?, b"trex") {
        let mut fields = Fields(trex.contents(source, 16)?);
        if fields.skip(4).and_then(|()| fields.be32()) == Some(track_id) {
            return Ok(fields.skip(4).and_then(|()| fields.be32()).unwrap_or(0));
        }
    }
    Ok(0)
}

/// Total duration of the samples in a `trun`, in ticks; `None` when it does not tell, or is longer than these bytes.
fn run_length(contents: &[u8], default: u32) -> Option<u64> {
    let mut fields = Fields(contents);
    let flags = fields.be32()?;
    let samples = fields.be32()?;
    if flags & 0x100 == 0 {
        // Recorders do not know how long the very last sample lasts.
        let is_known = default > 0 || samples <= 1;
        return is_known.then(|| u64::from(samples) * u64::from(default));
    }
    fields.skip(if flags & 0x1 != 0 { 4 } else { 0 })?;
    fields.skip(if flags & 0x4 != 0 { 4 } else { 0 })?;
    let other_fields = (flags & 0xe00).count_ones();
    let mut length = 0_u64;
    for _ in 0..samples {
        length = length.checked_add(u64::from(fields.be32()?))?;
        fields.skip(usize::try_from(other_fields).ok()? * 4)?;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_adds_its_own_durations_or_multiplies_the_default() {
        let own = [
            0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 99, 0, 0, 0, 7, 0, 0, 0, 99,
        ];
        assert_eq!(run_length(&own, 1), Some(12));
        assert_eq!(run_length(&own[..20], 1), None);
        assert_eq!(run_length(&[0, 0, 0, 0, 0, 0, 0, 9], 40), Some(360));
        assert_eq!(run_length(&[0, 0, 0, 0, 0, 0, 0, 9], 0), None);
    }
}
