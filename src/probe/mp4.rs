//! Reads MP4, QuickTime and related files: the properties of the tracks in the movie box, and of the whole file.
//!
//! Strict decoders refuse a whole movie because of one odd box that players ignore, so only the boxes that matter are parsed, and
//! sample tables of hours of video are never read.

use super::bytes::moment;
use super::codecs::{Video, VideoCodec};
use super::mp4_boxes::{Mp4Box, of_kind};
use super::mp4_layout::lay_out;
use super::mp4_track::{Clock, Track};
use super::source::Source;
use super::{
    Container, Result, Tracks, Unreadable, damaged, mp4_chapters, mp4_fragments, mp4_track,
};

/// Largest index in bytes; a browser loads it before playback, so a larger one would be useless. A day of video stays below it.
const LARGEST_INDEX: u64 = 64 * 1024 * 1024;
/// Most tracks that are read; no tool writes more.
const MOST_TRACKS: usize = 64;
/// The epoch of QuickTime and MP4 times, 1 January 1904, in Unix seconds.
const EPOCH_1904: i64 = -2_082_844_800;

/// Reads a file that [`super::container`] recognised as MP4 or QuickTime.
///
/// # Errors
/// `Incomplete` without an index, without media data, or when a box runs past the end; `TooLarge` for an absurd index.
pub(super) fn read(source: &mut Source, container: Container) -> Result<Tracks> {
    let layout = lay_out(source)?;
    let (Some(moov), Some(mdat)) = (layout.moov, layout.mdat) else {
        return Err(Unreadable::Incomplete);
    };
    if moov.length() > LARGEST_INDEX {
        return Err(Unreadable::TooLarge);
    }
    let movie = movie_clock(source, &moov)?;
    let tracks = tracks(source, &moov, container)?;
    let mvex = moov.child(source, b"mvex")?;
    let duration_ms = match mvex {
        Some(mvex) => mp4_fragments::duration_ms(source, &layout, &mvex, &movie, &tracks)?,
        // The duration of the movie, or that of its longest track when the movie header does not state it.
        None => movie.duration_ms().or_else(|| {
            tracks
                .iter()
                .filter_map(|track| track.clock.duration_ms())
                .max()
        }),
    };
    Ok(Tracks {
        duration_ms,
        chapters: mp4_chapters::read(source, &moov, &tracks)?,
        video: picture(&tracks).cloned(),
        audio: tracks.iter().find_map(|track| track.audio.clone()),
        index_first: Some(moov.start < mdat.start),
        recorded_at: moment(movie.created, EPOCH_1904),
        self_delimiting: !layout.open_ended && (mvex.is_none() || layout.has_mfra),
    })
}

/// The clock of the movie in `mvhd` (§8.2.2).
fn movie_clock(source: &mut Source, moov: &Mp4Box) -> Result<Clock> {
    let Some(mvhd) = moov.child(source, b"mvhd")? else {
        return damaged("the index has no movie header");
    };
    Clock::read(mvhd.contents(source, 64)?)
        .ok_or(Unreadable::Damaged("the movie header is too short"))
}

fn tracks(source: &mut Source, moov: &Mp4Box, container: Container) -> Result<Vec<Track>> {
    let boxes = moov.children(source, 0)?;
    let mut tracks = Vec::new();
    for trak in of_kind(&boxes, b"trak").take(MOST_TRACKS) {
        tracks.extend(mp4_track::read(source, trak, container)?);
    }
    Ok(tracks)
}

/// The first moving picture; cover images are tracks of a single JPEG.
fn picture(tracks: &[Track]) -> Option<&Video> {
    let pictures = tracks.iter().filter_map(|track| track.video.as_ref());
    pictures.min_by_key(|video| video.codec == VideoCodec::Mjpeg)
}
