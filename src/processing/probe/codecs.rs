//! Picture and sound: which codec, in which shape, read from the small records that containers carry about them.
//!
//! The same record describes H.264 in MP4 (`avcC`), Matroska (`CodecPrivate`) and Flash, so the readers of containers
//! hand theirs over here. A record that is missing or short costs its details, never the whole file.

use super::bytes::Fields;
use super::h264;

/// How colour is sampled; browsers decode little but [`Chroma::Half`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// No colour at all (4:0:0).
    None,
    /// 4:2:0, what cameras and meeting tools deliver.
    Half,
    /// 4:2:2, from studios.
    Two,
    /// 4:4:4, from some screen recorders.
    Full,
}

/// The codec of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VideoCodec {
    /// H.264 / AVC.
    H264,
    /// H.265 / HEVC, with its parameters in the index (`hvc1`).
    Hevc,
    /// H.265 / HEVC, with its parameters among the pictures (`hev1`), which Safari does not accept.
    HevcInBand,
    /// AV1.
    Av1,
    /// VP8.
    Vp8,
    /// VP9.
    Vp9,
    /// MPEG-1 part 2.
    Mpeg1,
    /// MPEG-2 part 2 (DVD).
    Mpeg2,
    /// MPEG-4 part 2 (DivX, Xvid).
    Mpeg4,
    /// H.263, the early phones.
    H263,
    /// Windows Media Video, VC-1 included.
    Wmv,
    /// Apple ProRes.
    ProRes,
    /// Theora.
    Theora,
    /// A row of JPEG pictures.
    Mjpeg,
    /// Locked by digital rights management.
    Encrypted,
    /// Something else, by the name its container gives it.
    Other(String),
}

impl VideoCodec {
    /// The codec behind a four-letter code of AVI, ASF or Matroska's "Video for Windows" mode.
    pub(super) fn from_windows(code: [u8; 4]) -> Self {
        match &code.map(|letter| letter.to_ascii_uppercase()) {
            b"H264" | b"X264" | b"AVC1" | b"DAVC" => VideoCodec::H264,
            b"HEVC" | b"H265" | b"HVC1" | b"X265" => VideoCodec::Hevc,
            b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"M4S2" | b"MP4S" | b"DIV3"
            | b"MP43" | b"MP42" => VideoCodec::Mpeg4,
            [b'W', b'M', b'V', _] | b"WVC1" | b"WVP2" | b"MSS1" | b"MSS2" => VideoCodec::Wmv,
            b"MPG1" | b"PIM1" => VideoCodec::Mpeg1,
            b"MPG2" | b"MPEG" => VideoCodec::Mpeg2,
            b"MJPG" | b"AVRN" | b"DMB1" => VideoCodec::Mjpeg,
            b"VP80" => VideoCodec::Vp8,
            b"VP90" => VideoCodec::Vp9,
            b"AV01" => VideoCodec::Av1,
            b"H263" | b"S263" | b"U263" => VideoCodec::H263,
            _ => VideoCodec::Other(printable(&code)),
        }
    }
}

/// The codec of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AudioCodec {
    /// AAC, with its MPEG-4 audio object type (2 is the usual Low Complexity) where the file states it.
    Aac(Option<u8>),
    /// MPEG audio layer III.
    Mp3,
    /// MPEG audio layer II.
    Mp2,
    /// Opus.
    Opus,
    /// Vorbis.
    Vorbis,
    /// FLAC.
    Flac,
    /// Apple Lossless.
    Alac,
    /// Dolby Digital.
    Ac3,
    /// Dolby Digital Plus.
    Eac3,
    /// DTS.
    Dts,
    /// Bare samples.
    Pcm,
    /// AMR, telephone speech.
    Amr,
    /// Windows Media Audio.
    Wma,
    /// Locked by digital rights management.
    Encrypted,
    /// Something else, by the name its container gives it.
    Other(String),
}

impl AudioCodec {
    /// The codec behind a WAVE format tag (RFC 2361), used by WAV, AVI, ASF and Matroska's "ACM" mode.
    pub(super) fn from_windows(tag: u16) -> Self {
        match tag {
            // 0xfffe says "see the extension", which for everything people record means bare samples.
            0x0001 | 0x0003 | 0xfffe => AudioCodec::Pcm,
            0x0050 => AudioCodec::Mp2,
            0x0055 => AudioCodec::Mp3,
            0x00ff | 0x1600 | 0x1602 | 0x1610 | 0x4143 | 0x706d => AudioCodec::Aac(None),
            0x0160..=0x0163 => AudioCodec::Wma,
            0x2000 => AudioCodec::Ac3,
            0x2001 => AudioCodec::Dts,
            0xf1ac => AudioCodec::Flac,
            0x566f | 0x674f..=0x6751 | 0x676f..=0x6771 => AudioCodec::Vorbis,
            _ => AudioCodec::Other(format!("0x{tag:04x}")),
        }
    }
}

/// A picture track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// Width in pixels as shown: after rotation, with square pixels. 0 when the file does not say.
    pub width: u32,
    /// Height in pixels as shown, like `width`.
    pub height: u32,
    /// Which codec.
    pub codec: VideoCodec,
    /// Its RFC 6381 name (`avc1.64001f`), where it has one.
    pub codec_string: Option<String>,
    /// Bits per sample, where the file states it: 8, 10 or 12.
    pub bit_depth: Option<u8>,
    /// Colour sampling, where the file states it.
    pub chroma: Option<Chroma>,
}

impl Video {
    /// A picture of which only codec and size are known.
    pub(super) fn plain(codec: VideoCodec, width: u32, height: u32) -> Self {
        Video {
            width,
            height,
            codec,
            codec_string: None,
            bit_depth: None,
            chroma: None,
        }
    }

    /// Adds what `details` knows beyond the codec.
    pub(super) fn with(self, details: Details) -> Self {
        Video {
            codec_string: details.codec_string,
            bit_depth: details.bit_depth,
            chroma: details.chroma,
            ..self
        }
    }
}

/// A sound track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audio {
    /// Which codec.
    pub codec: AudioCodec,
    /// Its RFC 6381 name (`mp4a.40.2`), where it has one.
    pub codec_string: Option<String>,
}

impl Audio {
    /// A sound whose name follows from its codec alone.
    pub(super) fn new(codec: AudioCodec) -> Self {
        Audio {
            codec_string: super::codec_strings::of_audio(&codec),
            codec,
        }
    }
}

/// What a codec's own record tells about a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// RFC 6381 name.
    pub(super) codec_string: Option<String>,
    /// Bits per sample.
    pub(super) bit_depth: Option<u8>,
    /// Colour sampling.
    pub(super) chroma: Option<Chroma>,
}

impl Details {
    /// Of a picture of which only the name is known.
    pub(super) fn named(name: &str) -> Self {
        Details {
            codec_string: Some(name.to_owned()),
            ..Details::default()
        }
    }
}

/// ISO/IEC 14496-15 §5.3.3: `avcC`; profile, constraints and level are its bytes 1 to 3.
pub(super) fn from_avc_record(name: &str, record: &[u8]) -> Details {
    let mut fields = Fields(record);
    let Some([_, profile, constraints, level, _, _]) = fields.array() else {
        return Details::named(name);
    };
    // The first parameter set knows depth and colour; the record's own copy of them is often left out.
    let parameters = fields
        .be16()
        .and_then(|length| fields.take(usize::from(length)))
        .and_then(h264::parameters);
    Details {
        codec_string: Some(format!("{name}.{profile:02x}{constraints:02x}{level:02x}")),
        bit_depth: parameters.as_ref().map(|known| known.bit_depth),
        chroma: parameters.as_ref().map(|known| known.chroma),
    }
}

/// ISO/IEC 14496-15 §8.3.3 (`hvcC`), and annex E for the name.
pub(super) fn from_hevc_record(name: &str, record: &[u8]) -> Details {
    let Some(codec_string) = super::codec_strings::of_hevc(name, record) else {
        return Details::named(name);
    };
    Details {
        codec_string: Some(codec_string),
        bit_depth: record.get(17).map(|byte| 8 + (byte & 0b111)),
        chroma: record.get(16).map(|byte| chroma_of(byte & 0b11)),
    }
}

/// AV1 in ISOBMFF §2.3.3 (`av1C`) and §5 for the name.
pub(super) fn from_av1_record(record: &[u8]) -> Details {
    let Some([_, profile_level, flags, _]) = record.first_chunk().copied() else {
        return Details::named("av01");
    };
    let bit_depth = match (flags & 0x40 != 0, flags & 0x20 != 0) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    };
    let tier = if flags & 0x80 != 0 { 'H' } else { 'M' };
    let chroma = match (flags & 0x10 != 0, flags & 0x08 != 0, flags & 0x04 != 0) {
        (true, _, _) => Chroma::None,
        (false, true, true) => Chroma::Half,
        (false, true, false) => Chroma::Two,
        (false, false, _) => Chroma::Full,
    };
    Details {
        codec_string: Some(format!(
            "av01.{}.{:02}{tier}.{bit_depth:02}",
            profile_level >> 5,
            profile_level & 0x1f
        )),
        bit_depth: Some(bit_depth),
        chroma: Some(chroma),
    }
}

/// VP Codec ISO Media File Format Binding (`vpcC`, after its version and flags).
pub(super) fn from_vp_record(name: &str, record: &[u8]) -> Details {
    let Some([profile, level, depth_chroma]) = record.first_chunk().copied() else {
        return Details::named(name);
    };
    let bit_depth = depth_chroma >> 4;
    Details {
        codec_string: Some(format!("{name}.{profile:02}.{level:02}.{bit_depth:02}")),
        bit_depth: Some(bit_depth),
        chroma: Some(match (depth_chroma >> 1) & 0b111 {
            0 | 1 => Chroma::Half,
            2 => Chroma::Two,
            _ => Chroma::Full,
        }),
    }
}

/// The codec's object type in an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).
pub(super) fn aac_object_type(config: &[u8]) -> Option<u8> {
    let [first, second] = config.first_chunk().copied()?;
    match first >> 3 {
        0 => None,
        31 => Some(32 + ((first & 0b111) << 3 | second >> 5)),
        object_type => Some(object_type),
    }
}

/// H.264 and HEVC number colour samplings alike.
pub(super) fn chroma_of(idc: u8) -> Chroma {
    match idc {
        0 => Chroma::None,
        1 => Chroma::Half,
        2 => Chroma::Two,
        _ => Chroma::Full,
    }
}

/// A code from a file as a short name that is safe to show.
pub(super) fn printable(code: &[u8]) -> String {
    let letters = code.iter().take(24).filter(|byte| byte.is_ascii_graphic());
    letters
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}
