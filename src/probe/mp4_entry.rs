//! Sample entries: codec and shape of a track (ISO/IEC 14496-12 §12, ISO/IEC 14496-14 §5.6).

use super::bytes::Fields;
use super::codec_strings::{
    aac_object_type, from_av1_record, from_avc_record, from_hevc_record, from_vp_record,
};
use super::codecs::{self, Audio, AudioCodec, Video, VideoCodec};
use super::mp4_boxes::{Mp4Box, of_kind};
use super::source::Source;
use super::{Container, Result};

/// Largest codec record in bytes; most have a few hundred, and those of some cameras some thousands.
const LONGEST_RECORD: usize = 16 * 1024;
/// Offset of the boxes in a visual sample entry (§12.1.3).
const VISUAL_ENTRY: u64 = 78;
/// Size of the fields of an audio sample entry before its boxes (§12.2.3).
const SOUND_ENTRY: usize = 28;

/// The picture of a visual sample entry (§12.1.3) before rotation; `None` when the entry is too short.
pub(super) fn picture(source: &mut Source, entry: &Mp4Box) -> Result<Option<Video>> {
    let mut fields = Fields(entry.contents(source, 28)?);
    let size = fields
        .skip(24)
        .and_then(|()| Some((u32::from(fields.be16()?), u32::from(fields.be16()?))));
    let Some((mut width, height)) = size else {
        return Ok(None);
    };
    // QuickTime writers put invalid bytes after the records; the records before them are valid.
    let children = entry.children(source, VISUAL_ENTRY).unwrap_or_default();
    if let Some(pasp) = of_kind(&children, b"pasp").next() {
        width = square_pixels(width, pasp.contents(source, 8)?);
    }
    let video = video_codec(source, entry.kind, &children)?;
    Ok(Some(video.sized(width, height)))
}

/// The width with square pixels (§12.1.4): other pixels make the picture wider or narrower than its columns.
fn square_pixels(width: u32, pasp: &[u8]) -> u32 {
    let mut fields = Fields(pasp);
    let (Some(across), Some(down)) = (fields.be32(), fields.be32()) else {
        return width;
    };
    let stretched = u64::from(width) * u64::from(across) + u64::from(down / 2);
    Video::shown_width(width, stretched.checked_div(u64::from(down)))
}

/// The codec by the type of the sample entry, with the details of its record.
fn video_codec(source: &mut Source, kind: [u8; 4], children: &[Mp4Box]) -> Result<Video> {
    let name = codecs::printable(&kind);
    let unnamed = |codec| Video::plain(codec, 0, 0);
    let mut record = |wanted: &[u8; 4]| record(source, children, wanted);
    Ok(match &kind {
        b"avc1" | b"avc3" => from_avc_record(&name, &record(b"avcC")?),
        b"hvc1" => from_hevc_record(VideoCodec::Hevc, &name, &record(b"hvcC")?),
        b"hev1" => from_hevc_record(VideoCodec::HevcInBand, &name, &record(b"hvcC")?),
        b"av01" => from_av1_record(&record(b"av1C")?),
        // Dolby Vision has names of another kind, which only some devices list.
        b"dva1" | b"dvav" => without_name(from_avc_record(&name, &record(b"avcC")?)),
        b"dvh1" => unnamed(VideoCodec::Hevc),
        b"dvhe" => unnamed(VideoCodec::HevcInBand),
        b"dav1" => without_name(from_av1_record(&record(b"av1C")?)),
        b"vp08" | b"vp09" => from_vp_record(&name, record(b"vpcC")?.get(4..).unwrap_or_default()),
        b"mp4v" => match object_type(&record(b"esds")?) {
            Some((0x60..=0x65, _)) => unnamed(VideoCodec::Mpeg2),
            Some((0x6a, _)) => unnamed(VideoCodec::Mpeg1),
            _ => unnamed(VideoCodec::Mpeg4),
        },
        b"s263" | b"h263" | b"H263" => unnamed(VideoCodec::H263),
        [b'a', b'p', b'c' | b'4', _] => unnamed(VideoCodec::ProRes),
        b"jpeg" | b"mjpa" | b"mjpb" | b"mjpg" | b"AVDJ" | b"dmb1" => unnamed(VideoCodec::Mjpeg),
        b"png " | b"MPNG" | b"gif " | b"tiff" | b"WRLE" | b"bmp " | b"webp" | b"mjp2" => {
            unnamed(VideoCodec::Still(name))
        }
        b"m2v1"
        | [
            b'm' | b'x' | b'h',
            b'x' | b'd' | b'2',
            b'3'..=b'5' | b'v',
            _,
        ] => unnamed(VideoCodec::Mpeg2),
        b"encv" | b"drmi" => unnamed(VideoCodec::Encrypted),
        _ => unnamed(VideoCodec::Other(name.clone())),
    })
}

fn without_name(video: Video) -> Video {
    Video {
        codec_string: None,
        ..video
    }
}

/// The sound of an audio sample entry (§12.2.3); `None` when the entry is too short.
pub(super) fn sound(
    source: &mut Source,
    entry: &Mp4Box,
    container: Container,
) -> Result<Option<Audio>> {
    let contents = entry.contents(source, SOUND_ENTRY)?;
    if contents.len() < SOUND_ENTRY {
        return Ok(None);
    }
    // The version of the description; only QuickTime uses other values than 0.
    let version = u16::from_be_bytes([contents[8], contents[9]]);
    let children = sound_children(source, entry, version, container)?;
    let esds = object_type(&record(source, &children, b"esds")?);
    let mut audio = Audio::new(audio_codec(entry.kind, esds));
    if audio.codec == AudioCodec::Mp3 {
        // RFC 6381 §3.3 names the content of an `mp4a` entry by its object type, which Firefox does not list.
        audio.codec_string = None;
    }
    Ok(Some(audio))
}

/// The boxes in a sound description, whose length in QuickTime depends on the version, and whose record is in a box `wave`.
fn sound_children(
    source: &mut Source,
    entry: &Mp4Box,
    version: u16,
    container: Container,
) -> Result<Vec<Mp4Box>> {
    let offset = match (container, version) {
        (Container::Mov, 1) => 44,
        (Container::Mov, 2) => 64,
        _ => 28,
    };
    let mut children = entry.children(source, offset).unwrap_or_default();
    let wave = of_kind(&children, b"wave").next().copied();
    if let Some(wave) = wave {
        children.extend(wave.children(source, 0).unwrap_or_default());
    }
    Ok(children)
}

fn audio_codec(kind: [u8; 4], esds: Option<(u8, Option<u8>)>) -> AudioCodec {
    match &kind {
        b"mp4a" => match esds {
            Some((0x69 | 0x6b, _)) => AudioCodec::Mp3,
            Some((0xa5, _)) => AudioCodec::Ac3,
            Some((0xa6, _)) => AudioCodec::Eac3,
            Some((0xa9..=0xac, _)) => AudioCodec::Dts,
            Some((0xdd, _)) => AudioCodec::Vorbis,
            Some((0xad, _)) => AudioCodec::Opus,
            Some((_, object_type)) => AudioCodec::Aac(object_type),
            None => AudioCodec::Aac(None),
        },
        b".mp3" | [b'm', b's', 0, 0x55] => AudioCodec::Mp3,
        b"ac-3" | b"AC-3" | b"sac3" => AudioCodec::Ac3,
        b"ec-3" => AudioCodec::Eac3,
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" | b"dtsx" => AudioCodec::Dts,
        b"Opus" => AudioCodec::Opus,
        b"fLaC" => AudioCodec::Flac,
        b"alac" => AudioCodec::Alac,
        b"samr" | b"sawb" => AudioCodec::Amr,
        b"twos" | b"sowt" | b"lpcm" | b"in24" | b"in32" | b"ulaw" | b"alaw" | b"fl32" | b"fl64"
        | b"raw " | b"NONE" | b"ipcm" | b"fpcm" => AudioCodec::Pcm,
        b"enca" | b"drms" => AudioCodec::Encrypted,
        _ => AudioCodec::Other(codecs::printable(&kind)),
    }
}

/// The contents of the record `wanted`; empty when it is missing.
fn record(source: &mut Source, children: &[Mp4Box], wanted: &[u8; 4]) -> Result<Vec<u8>> {
    match of_kind(children, wanted).next() {
        Some(found) => Ok(found.contents(source, LONGEST_RECORD)?.to_vec()),
        None => Ok(Vec::new()),
    }
}

/// The object type in an `esds`, and for AAC the audio object type in its configuration (ISO/IEC 14496-1 §7.2.6).
fn object_type(esds: &[u8]) -> Option<(u8, Option<u8>)> {
    let mut fields = Fields(esds);
    fields.skip(4)?;
    descriptor(&mut fields, 3)?;
    fields.skip(2)?;
    let flags = fields.u8()?;
    fields.skip(if flags & 0x80 != 0 { 2 } else { 0 })?;
    if flags & 0x40 != 0 {
        let length = fields.u8()?;
        fields.skip(usize::from(length))?;
    }
    fields.skip(if flags & 0x20 != 0 { 2 } else { 0 })?;
    descriptor(&mut fields, 4)?;
    let object_type = fields.u8()?;
    let configuration = fields
        .skip(12)
        .and_then(|()| descriptor(&mut fields, 5))
        .and_then(|()| aac_object_type(fields.0));
    // 0x66 to 0x68 are MPEG-2 AAC, which has no such configuration.
    Some((object_type, configuration.filter(|_| object_type == 0x40)))
}

/// Reads a descriptor header (§8.3.3): a tag, and a length in groups of seven bits.
fn descriptor(fields: &mut Fields, tag: u8) -> Option<()> {
    if fields.u8()? != tag {
        return None;
    }
    for _ in 0..4 {
        if fields.u8()? & 0x80 == 0 {
            break;
        }
    }
    Some(())
}
