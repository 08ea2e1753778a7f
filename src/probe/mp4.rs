//! Reads MP4, QuickTime and related files: the properties of the tracks in the movie box, and of the whole file.
//!
//! Strict decoders refuse a whole movie because of one odd box that players ignore, so only the boxes that matter are parsed, and
//! sample tables of hours of video are never read.

use super::bytes::moment;
use super::codecs::Video;
use super::mp4_boxes::{Mp4Box, of_kind};
use super::mp4_fragments::Fragments;
use super::mp4_layout::lay_out;
use super::mp4_track::{Clock, Track};
use super::source::Source;
use super::{Container, Result, Tracks, Unreadable, damaged, mp4_chapters, mp4_track, verdict};

/// Largest index in bytes; a browser loads it before playback, so a larger one would be useless. A day of video stays below it.
const LARGEST_INDEX: u64 = 64 * 1024 * 1024;
/// Most tracks that are read; no tool writes more.
const MOST_TRACKS: usize = 256;
/// Difference in milliseconds that comes from clocks of different fineness.
const ROUNDING_MS: u64 = 500;
/// The epoch of QuickTime and MP4 times, 1 January 1904, in Unix seconds.
const EPOCH_1904: i64 = -2_082_844_800;

/// Reads a file that [`super::container`] recognised as MP4 or QuickTime.
///
/// # Errors
/// `Incomplete` without an index, without media data, or when a box runs past an end that is awaited; `TooLarge` for an absurd index.
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
    let chapters = mp4_chapters::read(source, &moov, &tracks)?;
    let mvex = moov.child(source, b"mvex")?;
    let duration_ms = match &mvex {
        // The index states a length that is not there.
        _ if source.is_broken_off() => None,
        Some(mvex) => {
            let fragments = Fragments {
                layout: &layout,
                mvex,
                clock: &movie,
                tracks: &tracks,
            };
            fragments.duration_ms(source)?
        }
        None => length_ms(&movie, &tracks),
    };
    let video = picture(container, &tracks);
    let sounds = tracks.iter().filter_map(|track| track.audio.as_ref());
    Ok(Tracks {
        duration_ms,
        chapters,
        audio: verdict::best_sound(container, sounds, video.is_some()),
        video,
        index_first: Some(moov.start < mdat.start),
        recorded_at: moment(movie.created, EPOCH_1904),
        self_delimiting: !layout.open_ended && (mvex.is_none() || layout.has_mfra),
    })
}

/// The length of the longest track that is heard or seen. The header of the movie says more exactly how long that is; where it
/// says something else, it counts another track or was never filled in.
fn length_ms(movie: &Clock, tracks: &[Track]) -> Option<u64> {
    let played = tracks
        .iter()
        .filter(|track| track.audio.is_some() || track.is_film(tracks));
    let longest = played.filter_map(|track| track.length_ms(movie)).max();
    let stated = movie.duration_ms();
    match (stated, longest) {
        (Some(stated), Some(longest)) if stated.abs_diff(longest) > ROUNDING_MS => Some(longest),
        _ => stated.or(longest),
    }
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
    if of_kind(&boxes, b"trak").count() > MOST_TRACKS {
        return Err(Unreadable::TooLarge);
    }
    for trak in of_kind(&boxes, b"trak") {
        tracks.extend(mp4_track::read(source, trak, container)?);
    }
    Ok(tracks)
}

/// The film. A single picture is one only when there is nothing else.
fn picture(container: Container, tracks: &[Track]) -> Option<Video> {
    let films = tracks.iter().filter(|track| track.is_film(tracks));
    let film = verdict::best_picture(container, films.filter_map(|track| track.video.as_ref()));
    let is_silent = tracks.iter().all(|track| track.audio.is_none());
    let single = tracks.iter().filter_map(|track| track.video.as_ref());
    let single = single.filter(|video| is_silent && !video.codec.is_still());
    film.or_else(|| verdict::best_picture(container, single))
}
