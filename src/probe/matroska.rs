//! Reads Matroska and WebM (RFC 9559): the elements before the first cluster, and those after it that the seek head points to.
//!
//! Clusters hold the media and are stepped over. A browser that records writes neither duration nor seek head; then the last cluster
//! is asked (`matroska_end`).

use std::collections::BTreeMap;

use super::bytes::{clean_text, moment, seconds_to_ms};
use super::codec_strings::{
    aac_object_type, from_av1_record, from_avc_record, from_hevc_record, from_vp_record,
};
use super::codecs::{self, Audio, AudioCodec, Video, VideoCodec};
use super::ebml::{self, Element};
use super::matroska_end::{self, CLUSTER, Clock};
use super::source::Source;
use super::{Container, Result, Tracks, Unreadable, damaged, verdict};

/// Most elements before the first cluster; real files have fewer than ten.
const MOST_ELEMENTS: usize = 256;
/// Largest info, tracks or chapters element, which are read completely; a thousand chapters stay far below.
const LONGEST_PART: usize = 1024 * 1024;
/// Longest time in nanoseconds that one of the pictures of a film is shown.
const LONGEST_MOVING_NS: u64 = 250_000_000;
/// The epoch of Matroska times, 1 January 2001, in Unix seconds; they count nanoseconds.
const EPOCH_2001: i64 = 978_307_200;

const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const CHAPTERS: u32 = 0x1043_a770;

/// The elements that describe a segment, as bytes.
#[derive(Default)]
struct Parts {
    seek_heads: Vec<u8>,
    info: Option<Vec<u8>>,
    tracks: Option<Vec<u8>>,
    chapters: Option<Vec<u8>>,
    /// Position of the first cluster.
    first_cluster: Option<u64>,
}

/// Reads a file that [`super::container`] recognised as Matroska or WebM.
///
/// # Errors
/// `Incomplete` when the segment is longer than the file, or the file stops before its tracks.
pub(super) fn read(source: &mut Source, container: Container) -> Result<Tracks> {
    let segment = segment(source)?;
    if segment.end.is_some_and(|end| end > source.size()) {
        source.stops_early()?;
    }
    let mut parts = Parts::default();
    let limit = segment.end.unwrap_or(u64::MAX).min(source.size());
    front(source, &segment, limit, &mut parts)?;
    behind(source, &segment, limit, &mut parts)?;
    let Some(tracks) = parts.tracks else {
        return Err(cut_off(&segment, "the segment has no tracks"));
    };
    let info = parts.info.unwrap_or_default();
    let of_kind = |kind| {
        let entries = ebml::elements(&tracks).filter(|(id, _)| *id == 0xae);
        let entries = entries.map(|(_, entry)| entry);
        entries.filter(move |entry| ebml::number(entry, 0x83) == Some(kind))
    };
    // The length that is stated counts what is missing.
    let stated = duration_ms(&info).filter(|_| !source.is_broken_off());
    let duration_ms = match (stated, parts.first_cluster) {
        (None, Some(first)) => {
            let clock = Clock {
                tick_ns: tick_ns(&info),
                frame_ns: frames_ns(&tracks),
            };
            matroska_end::length_ms(source, first, limit, &clock)?.filter(|ms| *ms > 0)
        }
        (stated, _) => stated,
    };
    let pictures: Vec<Video> = of_kind(1).filter_map(picture).collect();
    let sounds: Vec<Audio> = of_kind(2).filter_map(sound).collect();
    let video = verdict::best_picture(container, pictures.iter());
    Ok(Tracks {
        duration_ms,
        audio: verdict::best_sound(container, sounds.iter(), video.is_some()),
        video,
        chapters: chapters(&parts.chapters.unwrap_or_default()),
        // The index of Matroska only serves seeking, and playback starts without it.
        index_first: None,
        recorded_at: ebml::number(&info, 0x4461)
            .and_then(|nanoseconds| moment(nanoseconds / 1_000_000_000, EPOCH_2001)),
        self_delimiting: segment.end.is_some(),
    })
}

/// The error for a segment that lacks an element: a segment with a size is damaged, and one without may be incomplete.
fn cut_off(segment: &Element, flaw: &'static str) -> Unreadable {
    match segment.end {
        Some(_) => Unreadable::Damaged(flaw),
        None => Unreadable::Incomplete,
    }
}

/// Finds the segment, which follows the EBML header and holds everything else.
fn segment(source: &mut Source) -> Result<Element> {
    let mut at = 0;
    for _ in 0..8 {
        if at >= source.size() {
            return Err(Unreadable::Incomplete);
        }
        let Some(element) = ebml::element(source, at)? else {
            break;
        };
        match (element.id, element.end) {
            (SEGMENT, _) => return Ok(element),
            (_, Some(end)) => at = end,
            (_, None) => break,
        }
    }
    damaged("there is no segment")
}

/// Reads the elements before the first cluster.
fn front(source: &mut Source, segment: &Element, limit: u64, parts: &mut Parts) -> Result<()> {
    let mut at = segment.body;
    for _ in 0..MOST_ELEMENTS {
        if at >= limit {
            return Ok(());
        }
        let Some(element) = ebml::element(source, at)? else {
            return damaged("there is no element where one should begin");
        };
        if element.id == CLUSTER {
            parts.first_cluster = Some(at);
            return Ok(());
        }
        let Some(end) = element.end else {
            return Ok(());
        };
        if end > limit {
            return Err(cut_off(segment, "an element is larger than its segment"));
        }
        parts.add(source, &element)?;
        at = end;
    }
    Ok(())
}

/// Reads missing elements after the clusters, at the positions in the seek head.
fn behind(source: &mut Source, segment: &Element, limit: u64, parts: &mut Parts) -> Result<()> {
    let seek_heads = std::mem::take(&mut parts.seek_heads);
    // RFC 9559 §6.3: id (0x53ab) and position (0x53ac), counted from the start of the segment's contents.
    for (_, entry) in ebml::elements(&seek_heads)
        .filter(|(id, _)| *id == 0x4dbb)
        .take(MOST_ELEMENTS)
    {
        let place = ebml::number(entry, 0x53ac).and_then(|at| segment.body.checked_add(at));
        let place = place.filter(|at| *at < limit);
        let (Some(wanted), Some(at)) = (ebml::number(entry, 0x53ab), place) else {
            continue;
        };
        if let Some(element) = ebml::element(source, at)?
            && u64::from(element.id) == wanted
            && element.id != SEEK_HEAD
            && element.end.is_some_and(|end| end <= limit)
        {
            parts.add(source, &element)?;
        }
    }
    Ok(())
}

impl Parts {
    /// Keeps the element when it describes the segment and is the first of its kind.
    fn add(&mut self, source: &mut Source, element: &Element) -> Result<()> {
        let part = match element.id {
            INFO => &mut self.info,
            TRACKS => &mut self.tracks,
            CHAPTERS => &mut self.chapters,
            SEEK_HEAD => {
                self.seek_heads
                    .extend_from_slice(contents(source, element)?);
                return Ok(());
            }
            _ => return Ok(()),
        };
        if part.is_none() {
            *part = Some(contents(source, element)?.to_vec());
        }
        Ok(())
    }
}

fn contents<'s>(source: &'s mut Source, element: &Element) -> Result<&'s [u8]> {
    let end = element.end.unwrap_or(element.body);
    source.between(element.body, end, LONGEST_PART)
}

/// Duration in milliseconds (RFC 9559 §5.1.2): a fractional number of ticks, of a million nanoseconds by default.
fn duration_ms(info: &[u8]) -> Option<u64> {
    let nanoseconds_per_tick = f64::from(u32::try_from(tick_ns(info)).ok()?);
    seconds_to_ms(ebml::fraction(info, 0x4489)? * nanoseconds_per_tick / 1e9)
}

/// Nanoseconds of a tick.
fn tick_ns(info: &[u8]) -> u64 {
    ebml::number(info, 0x2a_d7b1).unwrap_or(1_000_000)
}

/// How long a frame of each track lasts in nanoseconds, by the number of the track (§5.1.4.1.13).
fn frames_ns(tracks: &[u8]) -> BTreeMap<u64, u64> {
    let entries = ebml::elements(tracks).filter(|(id, _)| *id == 0xae);
    entries
        .filter_map(|(_, entry)| Some((ebml::number(entry, 0xd7)?, frame_ns(entry)?)))
        .collect()
}

fn frame_ns(entry: &[u8]) -> Option<u64> {
    ebml::number(entry, 0x23_e383).filter(|ns| *ns > 0)
}

/// The picture of a track; `None` for pictures that stand still, as covers and chapters have them.
fn picture(entry: &[u8]) -> Option<Video> {
    let shape = ebml::find(entry, 0xe0)?;
    let video = video_codec(entry, shape);
    let is_moving = frame_ns(entry).is_some_and(|ns| ns <= LONGEST_MOVING_NS);
    if video.codec.is_still() && !is_moving {
        return None;
    }
    let side = |id| {
        ebml::number(shape, id)
            .and_then(|side| u32::try_from(side).ok())
            .filter(|side| *side > 0)
    };
    // RFC 9559 §5.1.4.1.28: what is cropped is not shown.
    let shown = |side_id, from, to| {
        let cropped = [from, to].map(|id| side(id).unwrap_or(0));
        let cropped = cropped[0].saturating_add(cropped[1]);
        side(side_id).unwrap_or(0).saturating_sub(cropped)
    };
    let width = shown(0xb0, 0x54cc, 0x54dd);
    let height = shown(0xba, 0x54bb, 0x54aa);
    // The display size may be in pixels or only a ratio; either way it changes only the width.
    let shape_of_screen = side(0x54b0).zip(side(0x54ba));
    let reckoned = shape_of_screen
        .map(|(across, down)| u64::from(height) * u64::from(across) / u64::from(down))
        .filter(|wide| wide.abs_diff(u64::from(width)) > 1);
    let shown = Video::shown_width(width, reckoned);
    Some(match is_turned(shape) {
        true => video.sized(height, shown),
        false => video.sized(shown, height),
    })
}

/// Whether the picture is shown turned by a quarter (RFC 9559 §5.1.4.1.28.41 and on): a flat projection that is rolled by 90° or
/// 270°.
fn is_turned(shape: &[u8]) -> bool {
    let projection = ebml::find(shape, 0x7670).unwrap_or_default();
    let is_flat = ebml::number(projection, 0x7671).unwrap_or(0) == 0;
    let roll = ebml::fraction(projection, 0x7675).unwrap_or(0.0);
    is_flat && (roll.rem_euclid(180.0) - 90.0).abs() < 1.0
}

/// The video codec. RFC 9559 §5.1.4.1.21 names codecs by a path; their records are those of MP4.
fn video_codec(entry: &[u8], shape: &[u8]) -> Video {
    let private = ebml::find(entry, 0x63a2).unwrap_or_default();
    let depth = ebml::find(shape, 0x55b0)
        .and_then(|colour| ebml::number(colour, 0x55b2))
        .and_then(|bits| u8::try_from(bits).ok());
    let named = |codec, name: &str| Video {
        bit_depth: depth.filter(|bits| *bits > 0),
        ..Video::named(codec, name)
    };
    let codec = match ebml::find(entry, 0x86).unwrap_or_default() {
        _ if is_encrypted(entry) => VideoCodec::Encrypted,
        b"V_MPEG4/ISO/AVC" => return from_avc_record("avc1", private),
        b"V_MPEGH/ISO/HEVC" => return from_hevc_record(VideoCodec::Hevc, "hvc1", private),
        b"V_AV1" => return from_av1_record(private),
        b"V_VP8" => return named(VideoCodec::Vp8, "vp8"),
        b"V_VP9" => return vp9(private).unwrap_or_else(|| named(VideoCodec::Vp9, "vp9")),
        b"V_THEORA" => return named(VideoCodec::Theora, "theora"),
        b"V_MPEG1" => VideoCodec::Mpeg1,
        b"V_MPEG2" => VideoCodec::Mpeg2,
        b"V_PRORES" => VideoCodec::ProRes,
        b"V_MJPEG" => VideoCodec::Mjpeg,
        b"V_PNG" | b"V_GIF" | b"V_BMP" | b"V_WEBP" => VideoCodec::Still("picture".to_owned()),
        [b'V', b'_', b'M', b'P', b'E', b'G', b'4', ..] => VideoCodec::Mpeg4,
        // "Video for Windows" has a BITMAPINFOHEADER with the four-letter code at byte 16.
        b"V_MS/VFW/FOURCC" => {
            let code = private.get(16..).and_then(<[u8]>::first_chunk);
            VideoCodec::from_windows(code.copied().unwrap_or_default())
        }
        other => VideoCodec::Other(codecs::printable(other)),
    };
    Video::plain(codec, 0, 0)
}

/// The VP9 features of WebM: rows of an id, a length of one, and a value: profile (1), level (2), depth (3) or colour (4).
fn vp9(private: &[u8]) -> Option<Video> {
    let feature = |wanted| {
        let mut rows = private.chunks_exact(3);
        Some(rows.find(|row| row[..2] == [wanted, 1])?[2])
    };
    let record = [feature(1)?, feature(2)?, feature(3)? << 4];
    Some(from_vp_record("vp09", &record))
}

fn sound(entry: &[u8]) -> Option<Audio> {
    ebml::find(entry, 0xe1)?;
    Some(Audio::new(audio_codec(entry)))
}

fn audio_codec(entry: &[u8]) -> AudioCodec {
    let private = ebml::find(entry, 0x63a2).unwrap_or_default();
    if is_encrypted(entry) {
        return AudioCodec::Encrypted;
    }
    match ebml::find(entry, 0x86).unwrap_or_default() {
        b"A_OPUS" => AudioCodec::Opus,
        b"A_VORBIS" => AudioCodec::Vorbis,
        b"A_FLAC" => AudioCodec::Flac,
        b"A_MPEG/L3" => AudioCodec::Mp3,
        b"A_MPEG/L2" => AudioCodec::Mp2,
        b"A_AC3" => AudioCodec::Ac3,
        b"A_EAC3" => AudioCodec::Eac3,
        b"A_ALAC" => AudioCodec::Alac,
        [b'A', b'_', b'A', b'A', b'C', ..] => AudioCodec::Aac(aac_object_type(private)),
        [b'A', b'_', b'D', b'T', b'S', ..] => AudioCodec::Dts,
        [b'A', b'_', b'P', b'C', b'M', ..] => AudioCodec::Pcm,
        // "Audio Compression Manager" has a WAVEFORMATEX, which begins with the format tag.
        b"A_MS/ACM" => AudioCodec::from_windows(
            private
                .first_chunk()
                .map_or(0, |tag| u16::from_le_bytes(*tag)),
        ),
        other => AudioCodec::Other(codecs::printable(other)),
    }
}

/// Whether any content encoding of the track is an encryption (RFC 9559 §5.1.4.1.31).
fn is_encrypted(entry: &[u8]) -> bool {
    let encodings = ebml::find(entry, 0x6d80).unwrap_or_default();
    ebml::elements(encodings)
        .any(|(id, encoding)| id == 0x6240 && ebml::find(encoding, 0x5035).is_some())
}

/// Start in milliseconds and title of the chapters in the first edition, without nested ones (RFC 9559 §5.1.7).
fn chapters(chapters: &[u8]) -> Vec<(u64, String)> {
    let edition = ebml::find(chapters, 0x45b9).unwrap_or_default();
    ebml::elements(edition)
        .filter(|(id, atom)| *id == 0xb6 && ebml::number(atom, 0x98) != Some(1))
        .filter_map(|(_, atom)| {
            let start_ms = ebml::number(atom, 0x91)? / 1_000_000;
            let title = ebml::find(atom, 0x80)
                .and_then(|display| ebml::find(display, 0x85))
                .unwrap_or_default();
            Some((start_ms, clean_text(title)))
        })
        .take(super::MOST_CHAPTERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vp9_features_become_its_name() {
        let details = vp9(&[1, 1, 2, 2, 1, 10, 3, 1, 10, 4, 1, 1]).unwrap();
        assert_eq!(details.codec_string.unwrap(), "vp09.02.10.10");
        assert_eq!(details.bit_depth, Some(10));
    }

    #[test]
    fn hidden_chapters_stay_hidden() {
        let atom = |hidden: u8| [0xb6, 0x87, 0x91, 0x82, 0x1e, 0x84, 0x98, 0x81, hidden];
        let mut edition = vec![0x45, 0xb9, 0x92];
        edition.extend(atom(0));
        edition.extend(atom(1));
        assert_eq!(chapters(&edition), [(0, String::new())]);
    }
}
