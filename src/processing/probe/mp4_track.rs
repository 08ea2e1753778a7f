//! One track of a movie: what plays in it, how large and how long (ISO/IEC 14496-12 §8.3 to §8.5).

use super::bytes::{Fields, ticks_to_ms};
use super::codecs::{Audio, Video};
use super::mp4_boxes::Mp4Box;
use super::source::Source;
use super::{Container, Result, mp4, mp4_entry};

/// A track, with the boxes in which chapters may look further.
#[derive(Debug, Clone)]
pub(super) struct Track {
    /// Its number, by which other tracks and fragments refer to it.
    pub(super) id: u32,
    /// Ticks per second.
    pub(super) timescale: u32,
    duration: u64,
    /// Its picture.
    pub(super) video: Option<Video>,
    /// Its sound.
    pub(super) audio: Option<Audio>,
    /// Its sample tables.
    pub(super) stbl: Mp4Box,
    /// Tracks that hold the chapters of this one.
    pub(super) chapter_tracks: Vec<u32>,
}

impl Track {
    /// Length in milliseconds, when stated.
    pub(super) fn duration_ms(&self) -> Option<u64> {
        ticks_to_ms(self.duration, u64::from(self.timescale)).filter(|ms| *ms > 0)
    }
}

/// Reads a `trak`; `None` for one that lacks what every track needs: players leave it out, and so do we.
pub(super) fn read(
    source: &mut Source,
    trak: &Mp4Box,
    container: Container,
) -> Result<Option<Track>> {
    let (Some(tkhd), Some(mdia)) = (trak.child(source, b"tkhd")?, trak.child(source, b"mdia")?)
    else {
        return Ok(None);
    };
    let (Some(mdhd), Some(stbl)) = (
        mdia.child(source, b"mdhd")?,
        mdia.descendant(source, &[b"minf", b"stbl"])?,
    ) else {
        return Ok(None);
    };
    let (Some(header), Some((_, timescale, duration))) = (
        track_header(tkhd.contents(source, 128)?),
        mp4::clock(mdhd.contents(source, 64)?),
    ) else {
        return Ok(None);
    };
    let handler = handler(source, &mdia)?;
    let mut track = Track {
        id: header.id,
        timescale,
        duration,
        video: None,
        audio: None,
        stbl,
        chapter_tracks: chapter_tracks(source, trak)?,
    };
    if let Some(entry) = sample_entry(source, &stbl)? {
        match &handler {
            b"vide" => {
                track.video = mp4_entry::picture(source, &entry)?.map(|video| header.turn(video))
            }
            b"soun" => track.audio = mp4_entry::sound(source, &entry, container)?,
            _ => {}
        }
    }
    Ok(Some(track))
}

/// What `tkhd` says: the track's number, the size it is shown at, whether it is turned a quarter.
struct TrackHeader {
    id: u32,
    width: u32,
    height: u32,
    quarter_turn: bool,
}

impl TrackHeader {
    /// The picture as it is shown.
    fn turn(&self, video: Video) -> Video {
        let (width, height) = match (video.width, video.height) {
            (0, _) | (_, 0) => (self.width, self.height),
            known => known,
        };
        let (width, height) = match self.quarter_turn {
            true => (height, width),
            false => (width, height),
        };
        Video {
            width,
            height,
            ..video
        }
    }
}

/// §8.3.2. The matrix of a picture turned by 90° or 270° has zeros on its diagonal.
fn track_header(contents: &[u8]) -> Option<TrackHeader> {
    let mut fields = Fields(contents);
    let wide = fields.u8()? == 1;
    fields.skip(if wide { 19 } else { 11 })?;
    let id = fields.be32()?;
    fields.skip(if wide { 12 } else { 8 } + 16)?;
    let [a, b, _, c, d, _, _, _, _] = {
        let mut matrix = [0; 9];
        for cell in &mut matrix {
            *cell = fields.be32()?;
        }
        matrix
    };
    let width = fields.be32()? >> 16;
    let height = fields.be32()? >> 16;
    Some(TrackHeader {
        id,
        width,
        height,
        quarter_turn: a == 0 && d == 0 && b != 0 && c != 0,
    })
}

fn handler(source: &mut Source, mdia: &Mp4Box) -> Result<[u8; 4]> {
    let Some(hdlr) = mdia.child(source, b"hdlr")? else {
        return Ok([0; 4]);
    };
    let contents = hdlr.contents(source, 12)?;
    Ok(contents
        .get(8..12)
        .and_then(|kind| kind.try_into().ok())
        .unwrap_or_default())
}

/// §8.3.3: `tref`, of which only the reference to chapters matters.
fn chapter_tracks(source: &mut Source, trak: &Mp4Box) -> Result<Vec<u32>> {
    let Some(chap) = trak.descendant(source, &[b"tref", b"chap"])? else {
        return Ok(Vec::new());
    };
    let mut fields = Fields(chap.contents(source, 64)?);
    Ok(std::iter::from_fn(|| fields.be32()).collect())
}

/// §8.5.2: the first sample description; a track with several is shown by browsers as the first says.
fn sample_entry(source: &mut Source, stbl: &Mp4Box) -> Result<Option<Mp4Box>> {
    let Some(stsd) = stbl.child(source, b"stsd")? else {
        return Ok(None);
    };
    Ok(stsd.children(source, 8)?.into_iter().next())
}
