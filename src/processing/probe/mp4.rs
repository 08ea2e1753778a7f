//! MP4, QuickTime and their kin: the row of boxes a file consists of, and the movie box that describes it.
//!
//! Strict decoders give up a whole movie over one odd box that players ignore, so only the boxes that matter are
//! opened, each by hand, and sample tables of hours of video are never read.

use super::bytes::{Fields, moment, ticks_to_ms};
use super::codecs::VideoCodec;
use super::mp4_boxes::{Mp4Box, header, of_kind};
use super::mp4_track::Track;
use super::source::Source;
use super::{Container, Found, Result, Unreadable, mp4_chapters, mp4_fragments, mp4_track};

/// A browser loads the index before it plays, so a larger one would be of no use. A day of video stays below it.
const LARGEST_INDEX: u64 = 64 * 1024 * 1024;
/// A recording made in one-second fragments has two boxes per second; this covers half a day.
const MOST_BOXES: usize = 90_000;
/// More tracks than any tool writes.
const MOST_TRACKS: usize = 64;
/// QuickTime and MP4 count seconds from 1 January 1904.
const EPOCH_1904: i64 = -2_082_844_800;

/// The boxes of a file, as far as the probe needs them.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The index.
    pub(super) moov: Option<Mp4Box>,
    /// The first media data.
    pub(super) mdat: Option<Mp4Box>,
    /// Summaries of segments, in order.
    pub(super) sidx: Vec<Mp4Box>,
    /// The last fragment.
    pub(super) last_moof: Option<Mp4Box>,
    /// The index of fragments that closes a finished file.
    pub(super) has_mfra: bool,
    /// Some box goes on to the end, wherever that is.
    pub(super) open_ended: bool,
}

/// The movie header: the clock of the movie.
#[derive(Debug, Clone, Copy)]
pub(super) struct MovieHeader {
    /// Ticks per second.
    pub(super) timescale: u32,
    duration: u64,
    recorded_at: Option<i64>,
}

/// Reads a file that [`super::container`] found to be of this family.
///
/// # Errors
/// `Incomplete` without an index, without media data, or when a box runs past the end; `TooLarge` for an absurd index.
pub(super) fn read(source: &mut Source, container: Container) -> Result<Found> {
    let layout = lay_out(source)?;
    let (Some(moov), Some(mdat)) = (layout.moov, layout.mdat) else {
        return Err(Unreadable::Incomplete);
    };
    if moov.length() > LARGEST_INDEX {
        return Err(Unreadable::TooLarge);
    }
    let movie = movie_header(source, &moov)?;
    let tracks = tracks(source, &moov, container)?;
    let mvex = moov.child(source, b"mvex")?;
    let duration_ms = match mvex {
        Some(mvex) => mp4_fragments::duration_ms(source, &layout, &mvex, &movie, &tracks)?,
        None => whole_duration_ms(&movie, &tracks),
    };
    Ok(Found {
        duration_ms,
        chapters: mp4_chapters::read(source, &moov, &tracks)?,
        video: picture(&tracks).and_then(|track| track.video.clone()),
        audio: tracks.iter().find_map(|track| track.audio.clone()),
        index_first: Some(moov.start < mdat.start),
        recorded_at: movie.recorded_at,
        self_delimiting: !layout.open_ended && (mvex.is_none() || layout.has_mfra),
    })
}

/// Walks the outermost boxes from header to header.
fn lay_out(source: &mut Source) -> Result<Layout> {
    let mut layout = Layout::default();
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= source.size() {
            return Ok(layout);
        }
        let whole = layout.moov.is_some() && layout.mdat.is_some();
        let next = match header(source, at, source.size())? {
            Some(next) if next.end <= source.size() => next,
            // Cameras and upload tools leave rubbish behind the last box; players do not mind.
            None if whole => return Ok(layout),
            Some(next) if whole && !next.is_media() => return Ok(layout),
            Some(_) => return Err(Unreadable::Incomplete),
            None if source.size() - at < 16 => return Err(Unreadable::Incomplete),
            None => {
                return Err(Unreadable::Damaged(
                    "there is no box where one should begin",
                ));
            }
        };
        layout.add(next);
        at = next.end;
    }
    // The rest was not looked at, so nobody can say that it is whole.
    layout.open_ended = true;
    Ok(layout)
}

impl Layout {
    fn add(&mut self, next: Mp4Box) {
        self.open_ended |= next.open_ended;
        match &next.kind {
            b"moov" => drop(self.moov.get_or_insert(next)),
            b"mdat" => drop(self.mdat.get_or_insert(next)),
            b"moof" => self.last_moof = Some(next),
            b"mfra" => self.has_mfra = true,
            b"sidx" => self.sidx.push(next),
            _ => {}
        }
    }
}

impl Mp4Box {
    /// Without this box the recording has a hole: it must not run past the end of the file.
    fn is_media(&self) -> bool {
        matches!(
            &self.kind,
            b"moov" | b"mdat" | b"moof" | b"mfra" | b"sidx" | b"styp"
        )
    }
}

/// §8.2.2: `mvhd`, whose moments are four bytes wide in version 0 and eight in version 1.
fn movie_header(source: &mut Source, moov: &Mp4Box) -> Result<MovieHeader> {
    let Some(mvhd) = moov.child(source, b"mvhd")? else {
        return Err(Unreadable::Damaged("the index has no movie header"));
    };
    let (recorded, timescale, duration) = clock(mvhd.contents(source, 64)?)
        .ok_or(Unreadable::Damaged("the movie header is too short"))?;
    Ok(MovieHeader {
        timescale,
        duration,
        recorded_at: moment(recorded, EPOCH_1904),
    })
}

/// The fields `mvhd` and `mdhd` begin with: moment of creation, ticks per second, length in ticks (0 when unknown).
pub(super) fn clock(contents: &[u8]) -> Option<(u64, u32, u64)> {
    let mut fields = Fields(contents);
    let is_wide = fields.version()? == 1;
    let created = fields.be64_or_32(is_wide)?;
    fields.be64_or_32(is_wide)?;
    let timescale = fields.be32()?;
    let duration = fields.be64_or_32(is_wide)?;
    let unknown = if is_wide {
        u64::MAX
    } else {
        u64::from(u32::MAX)
    };
    Some((
        created,
        timescale,
        if duration == unknown { 0 } else { duration },
    ))
}

fn tracks(source: &mut Source, moov: &Mp4Box, container: Container) -> Result<Vec<Track>> {
    let boxes = moov.children(source, 0)?;
    let mut tracks = Vec::new();
    for trak in of_kind(&boxes, b"trak").take(MOST_TRACKS) {
        tracks.extend(mp4_track::read(source, trak, container)?);
    }
    Ok(tracks)
}

/// The first picture that moves; cover images are tracks of a single JPEG.
fn picture(tracks: &[Track]) -> Option<&Track> {
    let moving = |track: &&Track| {
        track
            .video
            .as_ref()
            .is_some_and(|video| video.codec != VideoCodec::Mjpeg)
    };
    tracks
        .iter()
        .find(moving)
        .or_else(|| tracks.iter().find(|track| track.video.is_some()))
}

/// The movie's own length, or that of its longest track where the movie header leaves it out.
fn whole_duration_ms(movie: &MovieHeader, tracks: &[Track]) -> Option<u64> {
    let stated = ticks_to_ms(movie.duration, u64::from(movie.timescale)).filter(|ms| *ms > 0);
    stated.or_else(|| tracks.iter().filter_map(Track::duration_ms).max())
}
