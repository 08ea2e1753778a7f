//! Recognises the container of a file by its first bytes, and gives its media type.

use super::source::Source;
use super::{Result, Unreadable, damaged, ebml, mp3};

/// Bytes that suffice to recognise a file, including several transport packets.
const HEAD: usize = 4096;

/// The containers that the portal knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// MP4 (ISO/IEC 14496-12 and -14), `.m4v` included.
    Mp4,
    /// QuickTime, the ancestor of MP4.
    Mov,
    /// MP4 with an audio brand.
    M4a,
    /// MP4 variant of phones (3GPP, 3GPP2).
    ThreeGp,
    /// WebM, the subset of Matroska for browsers.
    WebM,
    /// Any other Matroska.
    Matroska,
    /// Audio Video Interleave.
    Avi,
    /// Windows Media: `.wmv`, `.wma`, `.asf`.
    Asf,
    /// MPEG program stream: `.mpg`, `.vob`.
    MpegPs,
    /// MPEG transport stream: `.ts`, `.mts`, `.m2ts`.
    MpegTs,
    /// Flash Video.
    Flv,
    /// MPEG audio (layer II or III), with or without tags.
    Mp3,
    /// Ogg: Opus, Vorbis, FLAC, sometimes with Theora pictures.
    Ogg,
    /// RIFF WAVE.
    Wav,
}

impl Container {
    /// The media type for `Content-Type` and `<source type>`.
    ///
    /// QuickTime and 3GPP files are served as MP4: browsers parse all three alike, but refuse `video/quicktime`. Whether it is a
    /// video or audio type depends on `has_video`.
    pub fn media_type(&self, has_video: bool) -> &'static str {
        let (video, audio) = match self {
            Container::Mp4 | Container::Mov | Container::M4a | Container::ThreeGp => {
                ("video/mp4", "audio/mp4")
            }
            Container::WebM => ("video/webm", "audio/webm"),
            // RFC 9559 §27.3 also registers `video/matroska`, but software knows the older name.
            Container::Matroska => ("video/x-matroska", "audio/x-matroska"),
            Container::Asf => ("video/x-ms-wmv", "audio/x-ms-wma"),
            Container::Ogg => ("video/ogg", "audio/ogg"),
            Container::Avi => return "video/x-msvideo",
            Container::MpegPs => return "video/mpeg",
            Container::MpegTs => return "video/mp2t",
            Container::Flv => return "video/x-flv",
            Container::Mp3 => return "audio/mpeg",
            Container::Wav => return "audio/wav",
        };
        if has_video { video } else { audio }
    }
}

/// Recognises a container by its first bytes.
///
/// # Errors
/// `NotMedia` for everything unknown; `Incomplete` for an empty file and for one that begins with zeros, with which copying
/// programs reserve the space of an arriving file.
pub(super) fn recognise(source: &mut Source) -> Result<Container> {
    let head = source.up_to(0, HEAD)?;
    if head.iter().all(|byte| *byte == 0) {
        return Err(Unreadable::Incomplete);
    }
    if let Some(container) = by_signature(head) {
        return Ok(container);
    }
    if head.starts_with(&ebml::EBML_SIGNATURE) {
        return matroska(head);
    }
    if mp3::begins(source)? {
        Ok(Container::Mp3)
    } else {
        Err(Unreadable::NotMedia)
    }
}

fn by_signature(head: &[u8]) -> Option<Container> {
    match (head.get(..4), head.get(8..12)) {
        (Some(b"RIFF"), Some(b"AVI ")) => return Some(Container::Avi),
        (Some(b"RIFF" | b"RF64"), Some(b"WAVE")) => return Some(Container::Wav),
        _ if head.get(4..8) == Some(b"ftyp") => return by_brand(head.get(8..12)),
        _ => {}
    }
    match head {
        // QuickTime files older than `ftyp` begin with any of these boxes.
        [0, _, _, _, b'm', b'o', b'o', b'v', ..]
        | [_, _, _, _, b'm', b'd', b'a', b't', ..]
        | [0, 0, 0, 8, b'w', b'i', b'd', b'e', ..]
        | [0, 0, _, _, b'f', b'r', b'e', b'e', ..]
        | [0, 0, _, _, b's', b'k', b'i', b'p', ..] => Some(Container::Mov),
        [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, ..] => Some(Container::Asf),
        [b'F', b'L', b'V', 1, ..] => Some(Container::Flv),
        [b'O', b'g', b'g', b'S', 0, ..] => Some(Container::Ogg),
        [0, 0, 1, 0xba, ..] => Some(Container::MpegPs),
        _ => super::mpeg_ts::stride(head).map(|_| Container::MpegTs),
    }
}

/// The container by the brand after `ftyp`. Still pictures use the same boxes (HEIC, AVIF), and are no recordings.
fn by_brand(brand: Option<&[u8]>) -> Option<Container> {
    match brand {
        Some(b"qt  ") => Some(Container::Mov),
        Some(b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B ") => Some(Container::M4a),
        Some([b'3', b'g', ..]) => Some(Container::ThreeGp),
        Some(
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" | b"avif"
            | b"avis" | b"crx " | b"jp2 ",
        ) => None,
        Some(_) | None => Some(Container::Mp4),
    }
}

fn matroska(head: &[u8]) -> Result<Container> {
    match ebml::document_type(head) {
        Some(b"webm") => Ok(Container::WebM),
        Some(b"matroska") => Ok(Container::Matroska),
        Some(_) => Err(Unreadable::NotMedia),
        None if head.len() < HEAD => Err(Unreadable::Incomplete),
        None => damaged("the EBML header names no document type"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn kind(bytes: &[u8]) -> Result<Container, Unreadable> {
        recognise(&mut Source::new(
            Cursor::new(bytes),
            u64::try_from(bytes.len()).unwrap(),
        ))
    }

    #[test]
    fn what_is_no_media_is_refused_whatever_it_is_called() {
        let strangers: [&[u8]; 8] = [
            b"<!DOCTYPE html><title>mp4</title>",
            b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd",
            b"ffconcat version 1.0\nfile x",
            b"PK\x03\x04aaaaaaaaaaaaaa",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0",
            b"\xff\xfeh\0e\0l\0l\0o\0",
            b"\0\0\0\x1cftypheic\0\0\0\0",
            b"\x1a\x45\xdf\xa3\x87\x42\x82\x84mkvx",
        ];
        for bytes in strangers {
            assert!(
                matches!(kind(bytes), Err(Unreadable::NotMedia)),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn an_empty_or_reserved_file_is_still_arriving() {
        assert!(matches!(kind(b""), Err(Unreadable::Incomplete)));
        assert!(matches!(kind(&[0; 5000]), Err(Unreadable::Incomplete)));
    }

    #[test]
    fn the_brand_tells_the_dialects_of_mp4_apart() {
        assert_eq!(kind(b"\0\0\0\x18ftypisom\0\0\0\0").unwrap(), Container::Mp4);
        assert_eq!(kind(b"\0\0\0\x18ftypqt  \0\0\0\0").unwrap(), Container::Mov);
        assert_eq!(kind(b"\0\0\0\x18ftypM4A \0\0\0\0").unwrap(), Container::M4a);
        assert_eq!(
            kind(b"\0\0\0\x18ftyp3gp4\0\0\0\0").unwrap(),
            Container::ThreeGp
        );
        assert_eq!(kind(b"\0\0\0\x08wide\0\0\0\0mdat").unwrap(), Container::Mov);
    }

    #[test]
    fn quicktime_is_served_under_the_name_browsers_try() {
        assert_eq!(Container::Mov.media_type(true), "video/mp4");
        assert_eq!(Container::M4a.media_type(false), "audio/mp4");
    }
}
