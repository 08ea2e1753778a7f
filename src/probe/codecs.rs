//! Picture and sound of a media file: codec, shape and RFC 6381 name.

/// Chroma sampling; browsers decode little but [`Chroma::Half`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// Greyscale (4:0:0).
    None,
    /// 4:2:0, what cameras and meeting tools deliver.
    Half,
    /// 4:2:2, from studio equipment.
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
    /// H.263, from early phones.
    H263,
    /// Windows Media Video, VC-1 included.
    Wmv,
    /// Apple ProRes.
    ProRes,
    /// Theora.
    Theora,
    /// A sequence of JPEG pictures (Motion JPEG).
    Mjpeg,
    /// Pictures that stand still (PNG, BMP, GIF), by their name in the container.
    Still(String),
    /// Encrypted by digital rights management.
    Encrypted,
    /// Another codec, by its name in the container.
    Other(String),
}

impl VideoCodec {
    /// Whether it stores each picture for itself, as covers and the pictures of chapters are.
    pub(super) fn is_still(&self) -> bool {
        matches!(self, VideoCodec::Mjpeg | VideoCodec::Still(_))
    }

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
            b"MPNG" | [0, 0, 0, 0] => VideoCodec::Still(printable(&code)),
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
    /// Uncompressed samples.
    Pcm,
    /// AMR, telephone speech.
    Amr,
    /// Windows Media Audio.
    Wma,
    /// Encrypted by digital rights management.
    Encrypted,
    /// Another codec, by its name in the container.
    Other(String),
}

impl AudioCodec {
    /// The codec behind a WAVE format tag (RFC 2361), used by WAV, AVI, ASF and Matroska's "ACM" mode.
    pub(super) fn from_windows(tag: u16) -> Self {
        match tag {
            // 0xfffe refers to an extension, which in practice means uncompressed samples.
            // 6 and 7 are those of telephones (G.711).
            0x0001 | 0x0003 | 0x0006 | 0x0007 | 0xfffe => AudioCodec::Pcm,
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

    /// The name in RFC 6381 §3.3: `mp4a` with the MPEG-4 object type, or the name of the sample entry. What only some browsers
    /// list has none here, because the others refuse the whole file for it.
    fn name(&self) -> Option<String> {
        let name = match self {
            AudioCodec::Aac(object_type) => {
                return Some(format!("mp4a.40.{}", object_type.unwrap_or(2)));
            }
            AudioCodec::Mp3 => "mp3",
            AudioCodec::Opus => "opus",
            AudioCodec::Vorbis => "vorbis",
            AudioCodec::Flac => "flac",
            AudioCodec::Mp2
            | AudioCodec::Alac
            | AudioCodec::Ac3
            | AudioCodec::Eac3
            | AudioCodec::Amr
            | AudioCodec::Dts
            | AudioCodec::Pcm
            | AudioCodec::Wma
            | AudioCodec::Encrypted
            | AudioCodec::Other(_) => return None,
        };
        Some(name.to_owned())
    }
}

/// A picture track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    /// Width in pixels as shown: after rotation, with square pixels. 0 when the file does not state it.
    pub width: u32,
    /// Height in pixels as shown, like `width`.
    pub height: u32,
    /// Codec of the picture.
    pub codec: VideoCodec,
    /// RFC 6381 name (`avc1.64001f`), if any.
    pub codec_string: Option<String>,
    /// Bits per sample when the file states it: 8, 10 or 12.
    pub bit_depth: Option<u8>,
    /// Chroma sampling when the file states it.
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

    /// A picture of which only codec and name are known.
    pub(super) fn named(codec: VideoCodec, name: &str) -> Self {
        Video {
            codec_string: Some(name.to_owned()),
            ..Video::plain(codec, 0, 0)
        }
    }

    /// The displayed width that was computed from the aspect ratio; `width` when it differs by more than a factor of four, which
    /// means a damaged record.
    pub(super) fn shown_width(width: u32, reckoned: Option<u64>) -> u32 {
        reckoned
            .and_then(|wide| u32::try_from(wide).ok())
            .filter(|wide| *wide > width / 4 && *wide / 4 <= width)
            .unwrap_or(width)
    }

    /// The picture with the size that its container states.
    pub(super) fn sized(self, width: u32, height: u32) -> Self {
        Video {
            width,
            height,
            ..self
        }
    }
}

/// A sound track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audio {
    /// Codec of the sound.
    pub codec: AudioCodec,
    /// RFC 6381 name (`mp4a.40.2`), if any.
    pub codec_string: Option<String>,
}

impl Audio {
    /// A sound with the name of its codec.
    pub(super) fn new(codec: AudioCodec) -> Self {
        Audio {
            codec_string: codec.name(),
            codec,
        }
    }
}

/// A code from a file as a short name without unsafe characters.
pub(super) fn printable(code: &[u8]) -> String {
    let letters = code.iter().take(24).filter(|byte| byte.is_ascii_graphic());
    letters
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}
