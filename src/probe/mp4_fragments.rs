//! Determines the duration of a fragmented MP4: a recording in pieces, whose index does not describe the whole.
//!
//! The sources in order of trust: the header of the extension (`mehd`), the segment indexes (`sidx`), and at last the last
//! fragment, whose time and samples tell its end.

use super::Result;
use super::bytes::{Fields, ticks_to_ms};
use super::mp4_boxes::{Mp4Box, of_kind};
use super::mp4_layout::Layout;
use super::mp4_track::{Clock, Track};
use super::source::Source;

/// Largest run in bytes; a fragment of a minute at 60 pictures per second has 3600 samples of at most 16 bytes.
const LONGEST_RUN: usize = 256 * 1024;
/// Largest segment index in bytes; enough for a day of one-second segments.
const LONGEST_SIDX: usize = 1024 * 1024;

/// Duration in milliseconds; `None` when no box tells it. `clock`: that of the movie.
///
/// # Errors
/// When the boxes contradict themselves or the file ends in them.
pub(super) fn duration_ms(
    source: &mut Source,
    layout: &Layout,
    mvex: &Mp4Box,
    clock: &Clock,
    tracks: &[Track],
) -> Result<Option<u64>> {
    let stated = time(mvex.contents_of(source, &[b"mehd"], 12)?).and_then(|it| clock.at_ms(it));
    if stated.is_some_and(|ms| ms > 0) {
        return Ok(stated);
    }
    if let Some(summed) = from_summaries(source, &layout.sidx)? {
        return Ok(Some(summed));
    }
    let Some(moof) = layout.last_moof else {
        return Ok(None);
    };
    let mut longest = None;
    for traf in of_kind(&moof.children(source, 0)?, b"traf") {
        longest = longest.max(end_of_fragment(source, traf, mvex, tracks)?);
    }
    Ok(longest)
}

/// The time in `mehd` (§8.8.2), the duration of the whole, or `tfdt` (§8.8.12), the begin of a fragment: a version, and a time
/// whose width depends on it.
fn time(contents: &[u8]) -> Option<u64> {
    let mut fields = Fields(contents);
    let is_wide = fields.version()? == 1;
    fields.be64_or_32(is_wide)
}

/// End of the last segment in the indexes of the first track, minus the start of the first (§8.16.3).
fn from_summaries(source: &mut Source, summaries: &[Mp4Box]) -> Result<Option<u64>> {
    let (Some(first), Some(last)) = (summaries.first(), summaries.last()) else {
        return Ok(None);
    };
    let first = summary(first.contents(source, LONGEST_SIDX)?);
    let last = summary(last.contents(source, LONGEST_SIDX)?);
    let Some((track, begin, first_end)) = first else {
        return Ok(None);
    };
    let end = match last {
        Some((same, _, last_end)) if same == track => first_end.max(last_end),
        _ => first_end,
    };
    Ok(end.checked_sub(begin).filter(|ms| *ms > 0))
}

/// Track of a `sidx`, and start and end of its segments in milliseconds.
fn summary(contents: &[u8]) -> Option<(u32, u64, u64)> {
    let mut fields = Fields(contents);
    let is_wide = fields.version()? != 0;
    let track = fields.be32()?;
    let timescale = u64::from(fields.be32()?);
    let begin = fields.be64_or_32(is_wide)?;
    fields.be64_or_32(is_wide)?;
    fields.skip(2)?;
    let segments = fields.be16()?;
    let mut end = begin;
    for _ in 0..segments {
        fields.skip(4)?;
        end = end.checked_add(u64::from(fields.be32()?))?;
        fields.skip(4)?;
    }
    Some((
        track,
        ticks_to_ms(begin, timescale)?,
        ticks_to_ms(end, timescale)?,
    ))
}

/// End of one track's samples in the last fragment, in milliseconds (§8.8.7, §8.8.8, §8.8.12).
fn end_of_fragment(
    source: &mut Source,
    traf: &Mp4Box,
    mvex: &Mp4Box,
    tracks: &[Track],
) -> Result<Option<u64>> {
    let header = fragment_header(traf.contents_of(source, &[b"tfhd"], 64)?);
    let begin = time(traf.contents_of(source, &[b"tfdt"], 12)?);
    let (Some((track_id, own_default)), Some(begin)) = (header, begin) else {
        return Ok(None);
    };
    let Some(track) = tracks.iter().find(|track| track.id == track_id) else {
        return Ok(None);
    };
    let default = match own_default {
        Some(duration) => duration,
        None => default_duration(source, mvex, track_id)?,
    };
    let mut end = begin;
    for trun in of_kind(&traf.children(source, 0)?, b"trun") {
        let length = run_length(trun.contents(source, LONGEST_RUN)?, default).unwrap_or(0);
        end = end.saturating_add(length);
    }
    Ok(track.clock.at_ms(end).filter(|ms| *ms > 0))
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

/// Total duration of the samples in a `trun`, in ticks.
fn run_length(contents: &[u8], default: u32) -> Option<u64> {
    let mut fields = Fields(contents);
    let flags = fields.be32()?;
    let samples = fields.be32()?;
    if flags & 0x100 == 0 {
        return Some(u64::from(samples) * u64::from(default));
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
    }

    #[test]
    fn a_summary_knows_where_its_segments_end() {
        let mut sidx = vec![
            0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0xe8, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1,
        ];
        sidx.extend([0, 0, 1, 0, 0, 0, 7, 0xd0, 0, 0, 0, 0]);
        assert_eq!(summary(&sidx), Some((1, 10, 2010)));
    }
}
