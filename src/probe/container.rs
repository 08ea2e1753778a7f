//! Recognises the container of a file by its first bytes, and gives its media type.

use super::source::Source;
use super::{Result, Unreadable, adts, damaged, ebml, id3, mp3};

/// Bytes that suffice to recognise a file, including several transport packets.
const HEAD: usize = 4096;
/// Length of a packet of a transport stream (ISO/IEC 13818-1 §2.4.3.2).
const PACKET: usize = 188;
/// The first byte of every packet.
const SYNC: u8 = 0x47;
/// Number of packets in sequence that make a transport stream; text could contain the sync byte `G` by chance.
const ENOUGH: usize = 5;

/// The endings of each container's files, of which there is no other list. The first ending is given to a file that arrived with
/// none of them; the bytes, not the ending, decide what a file is.
const ENDINGS: &[(Container, &[&str])] = &[
    (
        Container::Mp4,
        &["mp4", "m4v", "mov", "f4v", "qt", "m4a", "m4b", "3gp", "3g2"],
    ),
    (Container::Mov, &["mov", "mp4", "m4v", "qt", "m4a", "m4b"]),
    (
        Container::M4a,
        &["m4a", "m4b", "f4a", "f4b", "mp4", "m4v", "mov", "aac"],
    ),
    (Container::ThreeGp, &["3gp", "3g2", "3gpp", "3gpp2", "mp4"]),
    (Container::WebM, &["webm", "weba", "mkv", "mka"]),
    (Container::Matroska, &["mkv", "mka", "mk3d", "webm", "weba"]),
    (Container::Avi, &["avi", "divx"]),
    (Container::Asf, &["wmv", "wma", "asf"]),
    (Container::MpegPs, &["mpg", "mpeg", "vob"]),
    (Container::MpegTs, &["ts", "mts", "m2ts", "m2t"]),
    (Container::Flv, &["flv", "f4v"]),
    (Container::Mp3, &["mp3", "mp2", "mpga"]),
    (Container::Adts, &["aac"]),
    (Container::Flac, &["flac"]),
    (Container::Ogg, &["ogg", "oga", "ogv", "ogx", "opus", "spx"]),
    (Container::Wav, &["wav", "wave"]),
];

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
    /// AAC in a stream of its own (ADTS, ISO/IEC 14496-3 §1.A.2.2).
    Adts,
    /// FLAC in a file of its own (RFC 9639).
    Flac,
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
            Container::Ogg => ("video/ogg", "audio/ogg"),
            Container::Avi => return "video/x-msvideo",
            Container::Asf => return "video/x-ms-asf",
            Container::MpegPs => return "video/mpeg",
            Container::MpegTs => return "video/mp2t",
            Container::Flv => return "video/x-flv",
            Container::Mp3 => return "audio/mpeg",
            Container::Adts => return "audio/aac",
            Container::Flac => return "audio/flac",
            Container::Wav => return "audio/wav",
        };
        if has_video { video } else { audio }
    }

    /// The endings of its files, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        let fitting = ENDINGS.iter().find(|(container, _)| *container == self);
        fitting.map_or(&["mp4"], |(_, endings)| endings)
    }

    /// Every ending of a recording; some occur more than once.
    pub fn all_endings() -> impl Iterator<Item = &'static str> {
        ENDINGS
            .iter()
            .flat_map(|(_, endings)| endings.iter().copied())
    }
}

/// Recognises a container by its first bytes, or by those behind a tag or zeros that some programs put before a sound.
///
/// # Errors
/// `NotMedia` for everything unknown; `Incomplete` for an empty file and for one that begins with zeros, with which copying
/// programs reserve the space of an arriving file.
pub(super) fn recognise(source: &mut Source) -> Result<Container> {
    let head = source.up_to(0, HEAD)?;
    if let Some(container) = by_signature(head) {
        return Ok(container);
    }
    if head.starts_with(&ebml::EBML_SIGNATURE) {
        return matroska(head);
    }
    let start = id3::start_of_sound(source)?;
    if source.up_to(start, 4)? == b"fLaC" {
        return Ok(Container::Flac);
    }
    if adts::begins(source, start)? {
        return Ok(Container::Adts);
    }
    if mp3::begins(source, start)? {
        return Ok(Container::Mp3);
    }
    match source.up_to(start, 1)?.first() {
        // Nothing but zeros, or a tag and nothing behind it.
        None | Some(0) => Err(Unreadable::Incomplete),
        Some(_) => Err(Unreadable::NotMedia),
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
        _ => is_transport(head).then_some(Container::MpegTs),
    }
}

/// Whether packets follow each other. Cameras put four bytes before each packet.
fn is_transport(head: &[u8]) -> bool {
    [(PACKET, 0), (PACKET + 4, 4)].iter().any(|(step, first)| {
        let mut syncs = head.iter().skip(*first).step_by(*step);
        syncs.len() >= ENOUGH && syncs.all(|byte| *byte == SYNC)
    })
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
