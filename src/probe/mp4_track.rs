//! One track of a movie: its codec, size and duration (ISO/IEC 14496-12 §8.3 to §8.5).

use super::bytes::{Fields, length_ms, ticks_to_ms};
use super::codecs::{Audio, Video};
use super::mp4_boxes::Mp4Box;
use super::source::Source;
use super::{Container, Result, mp4_entry};

/// Longest edit list in bytes; real ones have one to three entries of at most 20.
const LONGEST_EDITS: usize = 64 * 1024;
/// Pictures per second from which on a film is meant. Chapters and slides change every few seconds at most.
const MOVING_PER_SECOND: u64 = 4;

/// The clock of a movie (`mvhd`, §8.2.2) or of a track (`mdhd`, §8.4.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// Moment of creation, in seconds since 1904.
    pub(super) created: u64,
    ticks_per_second: u64,
    /// Duration in ticks, 0 when unknown.
    ticks: u64,
}

impl Clock {
    /// Parses a clock; moments have four bytes in version 0 and eight in version 1.
    pub(super) fn read(contents: &[u8]) -> Option<Self> {
        let mut fields = Fields(contents);
        let is_wide = fields.version()? == 1;
        let created = fields.be64_or_32(is_wide)?;
        fields.be64_or_32(is_wide)?;
        let ticks_per_second = u64::from(fields.be32()?);
        let ticks = fields.be64_or_32(is_wide)?;
        let unknown = match is_wide {
            true => u64::MAX,
            false => u64::from(u32::MAX),
        };
        Some(Clock {
            created,
            ticks_per_second,
            ticks: if ticks == unknown { 0 } else { ticks },
        })
    }

    /// Duration in ticks, 0 when unknown.
    pub(super) fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Duration in milliseconds, when stated.
    pub(super) fn duration_ms(&self) -> Option<u64> {
        length_ms(self.ticks, self.ticks_per_second)
    }

    /// Milliseconds of this number of ticks.
    pub(super) fn at_ms(&self, ticks: u64) -> Option<u64> {
        ticks_to_ms(ticks, self.ticks_per_second)
    }
}

/// A track, with the boxes for reading chapters.
#[derive(Debug, Clone)]
pub(super) struct Track {
    /// Its id, by which other tracks and fragments refer to it.
    pub(super) id: u32,
    /// The clock of its times.
    pub(super) clock: Clock,
    /// Its picture.
    pub(super) video: Option<Video>,
    /// Its sound.
    pub(super) audio: Option<Audio>,
    /// Its sample tables.
    pub(super) stbl: Mp4Box,
    /// Number of its samples, when stated; those in fragments are not among them.
    pub(super) samples: Option<u32>,
    /// Tracks that hold the chapters of this one.
    pub(super) chapter_tracks: Vec<u32>,
    edits: Edits,
}

/// What an edit list says of the length of its track (§8.6.6).
#[derive(Debug, Clone, Copy)]
enum Edits {
    /// There is none, so all samples are shown.
    None,
    /// The parts that are shown have this length together, in ticks of the movie.
    Shown(u64),
    /// The list is longer than is read.
    Many,
}

impl Track {
    /// Whether it holds picture or sound.
    pub(super) fn is_heard_or_seen(&self) -> bool {
        self.video.is_some() || self.audio.is_some()
    }

    /// How long it lasts, in a movie with this clock; `None` when that is not stated.
    pub(super) fn length_ms(&self, movie: &Clock) -> Option<u64> {
        match self.edits {
            Edits::None => self.clock.duration_ms(),
            Edits::Shown(ticks) => movie.at_ms(ticks).filter(|ms| *ms > 0),
            Edits::Many => None,
        }
    }

    /// Whether it is a film: neither the pictures of chapters of `others` nor pictures that stand still.
    pub(super) fn is_film(&self, others: &[Track]) -> bool {
        let Some(video) = &self.video else {
            return false;
        };
        let is_called = |other: &Track| other.chapter_tracks.contains(&self.id);
        if self.samples == Some(1) || others.iter().any(is_called) {
            return false;
        }
        !video.codec.is_still() || self.is_moving()
    }

    /// Whether it has so many pictures that they move.
    fn is_moving(&self) -> bool {
        let pictures = u64::from(self.samples.unwrap_or(0));
        let ms = self.clock.duration_ms();
        ms.is_some_and(|ms| pictures * 1000 >= ms * MOVING_PER_SECOND)
    }
}

/// Reads a `trak`; `None` for one that lacks a required box, because players ignore it.
pub(super) fn read(
    source: &mut Source,
    trak: &Mp4Box,
    container: Container,
) -> Result<Option<Track>> {
    let Some(header) = track_header(trak.contents_of(source, &[b"tkhd"], 128)?) else {
        return Ok(None);
    };
    let Some(clock) = Clock::read(trak.contents_of(source, &[b"mdia", b"mdhd"], 64)?) else {
        return Ok(None);
    };
    let Some(stbl) = trak.descendant(source, &[b"mdia", b"minf", b"stbl"])? else {
        return Ok(None);
    };
    let hdlr = trak.contents_of(source, &[b"mdia", b"hdlr"], 12)?;
    let handler = hdlr.get(8..12).unwrap_or_default().to_owned();
    let (mut video, mut audio) = (None, None);
    if let Some(entry) = sample_entry(source, &stbl)? {
        match handler.as_slice() {
            b"vide" => video = mp4_entry::picture(source, &entry)?.map(|it| header.turn(it)),
            b"soun" => audio = mp4_entry::sound(source, &entry, container)?,
            _ => {}
        }
    }
    Ok(Some(Track {
        id: header.id,
        clock,
        video,
        audio,
        stbl,
        samples: samples(source, &stbl)?,
        edits: edits(source, trak)?,
        chapter_tracks: chapter_tracks(source, trak)?,
    }))
}

/// The fields of `tkhd`: id, displayed size, and whether the picture is turned by a quarter.
struct TrackHeader {
    id: u32,
    width: u32,
    height: u32,
    quarter_turn: bool,
}

impl TrackHeader {
    /// The picture as it is displayed.
    fn turn(&self, video: Video) -> Video {
        let (width, height) = match (video.width, video.height) {
            (0, _) | (_, 0) => (self.width, self.height),
            other => other,
        };
        match self.quarter_turn {
            true => video.sized(height, width),
            false => video.sized(width, height),
        }
    }
}

/// Parses `tkhd` (§8.3.2). The matrix of a picture turned by 90° or 270° has zeros on its diagonal.
fn track_header(contents: &[u8]) -> Option<TrackHeader> {
    let mut fields = Fields(contents);
    let wide = fields.u8()? == 1;
    fields.skip(if wide { 19 } else { 11 })?;
    let id = fields.be32()?;
    fields.skip(if wide { 12 } else { 8 } + 16)?;
    let mut matrix = [0; 9];
    for cell in &mut matrix {
        *cell = fields.be32()?;
    }
    let [a, b, _, c, d, ..] = matrix;
    let width = fields.be32()? >> 16;
    let height = fields.be32()? >> 16;
    Some(TrackHeader {
        id,
        width,
        height,
        quarter_turn: a == 0 && d == 0 && b != 0 && c != 0,
    })
}

/// Number of samples (§8.7.3: `stsz` or `stz2`, which have it in the same place).
fn samples(source: &mut Source, stbl: &Mp4Box) -> Result<Option<u32>> {
    let boxes = stbl.children(source, 0)?;
    let mut sizes = boxes
        .iter()
        .filter(|one| matches!(&one.kind, b"stsz" | b"stz2"));
    let Some(table) = sizes.next() else {
        return Ok(None);
    };
    let mut fields = Fields(table.contents(source, 12)?);
    Ok(fields.skip(8).and_then(|()| fields.be32()))
}

fn edits(source: &mut Source, trak: &Mp4Box) -> Result<Edits> {
    let Some(elst) = trak.descendant(source, &[b"edts", b"elst"])? else {
        return Ok(Edits::None);
    };
    if elst.length() > LONGEST_EDITS as u64 {
        return Ok(Edits::Many);
    }
    let mut fields = Fields(elst.contents(source, LONGEST_EDITS)?);
    let is_wide = fields.version() == Some(1);
    let count = fields.be32().unwrap_or(0);
    let mut shown = 0_u64;
    for _ in 0..count {
        let Some(length) = fields.be64_or_32(is_wide) else {
            break;
        };
        shown = shown.saturating_add(length);
        fields.skip(if is_wide { 12 } else { 8 });
    }
    // A list that only says where the samples begin leaves the length open.
    Ok(if shown > 0 {
        Edits::Shown(shown)
    } else {
        Edits::None
    })
}

/// The tracks with chapters that `tref` refers to (§8.3.3).
fn chapter_tracks(source: &mut Source, trak: &Mp4Box) -> Result<Vec<u32>> {
    let mut fields = Fields(trak.contents_of(source, &[b"tref", b"chap"], 64)?);
    Ok(std::iter::from_fn(|| fields.be32()).collect())
}

/// The first sample description (§8.5.2); browsers show a track with several as the first one says.
fn sample_entry(source: &mut Source, stbl: &Mp4Box) -> Result<Option<Mp4Box>> {
    let Some(stsd) = stbl.child(source, b"stsd")? else {
        return Ok(None);
    };
    Ok(stsd.children(source, 8)?.into_iter().next())
}
