//! Reads Ogg (RFC 3533): the first page of each stream names its codec, and the last page contains the end time.

use super::bytes::{Fields, length_ms};
use super::codecs::{Audio, AudioCodec, Video, VideoCodec};
use super::source::Source;
use super::{Result, Tracks, Unreadable, comments};

/// Bytes at the end that contain the last page, which has at most 65,307 bytes.
const TAIL: usize = 66 * 1024;
/// Most streams in one file; real files have one to three.
const MOST_STREAMS: usize = 16;
/// Most pages up to the end of the comments.
const MOST_PAGES: usize = 64;
/// Seconds after which the first page of a recording is over, unless it is part of something longer.
const LATE_S: u64 = 20;
/// Flag of the first page of a stream (RFC 3533 §6).
const FIRST: u8 = 2;
/// Flag of the last page of a stream (RFC 3533 §6).
const LAST: u8 = 4;

/// A page's header and where its contents begin.
struct Page {
    flags: u8,
    granule: u64,
    stream: u32,
    header: usize,
    length: usize,
}

/// A sound, and the clock of its pages.
struct Sound {
    audio: Audio,
    stream: u32,
    ticks_per_second: u64,
    lead_in: u64,
    /// Bytes before the comments in the second packet of the stream, which holds them.
    comments_after: usize,
}

/// Reads a file that begins with an Ogg page.
///
/// # Errors
/// `Incomplete` when it stops within its first pages.
pub(super) fn read(source: &mut Source) -> Result<Tracks> {
    let (video, sound) = streams(source)?;
    let tail = source.tail(TAIL)?;
    let pages: Vec<Page> = (0..tail.len())
        .filter_map(|offset| page(&tail[offset..]))
        .collect();
    let is_ended = pages.last().is_some_and(|page| page.flags & LAST != 0);
    let duration_ms = match &sound {
        Some(sound) => {
            let last = pages.iter().rfind(|page| sound.is_timed_by(page));
            let last = last.map(|page| page.granule);
            length(source, sound, last)?
        }
        None => None,
    };
    let chapters = match &sound {
        Some(sound) => chapters(source, sound)?,
        None => Vec::new(),
    };
    Ok(Tracks {
        duration_ms,
        chapters,
        video,
        audio: sound.map(|sound| sound.audio),
        // A recording that was cut off, or is still arriving, has no last page.
        self_delimiting: is_ended,
        ..Tracks::default()
    })
}

/// Duration in milliseconds. Recordings that were put one behind the other (RFC 3533 §4: chained) each begin at 0 again, so all
/// pages are looked at; of a very large file the first ones, and `last`, the time of the last page.
fn length(source: &mut Source, sound: &Sound, last: Option<u64>) -> Result<Option<u64>> {
    let (mut first, mut now) = (None, 0);
    let mut at = 0;
    let mut is_within = false;
    while !source.is_half_spent() {
        let Some(page) = page(source.up_to(at, 27 + 255)?) else {
            break;
        };
        is_within |= page.flags & FIRST == 0;
        if is_within && page.flags & FIRST != 0 {
            // Another recording begins, perhaps at another rate.
            return Ok(None);
        }
        if sound.is_timed_by(&page) && page.flags & FIRST == 0 && page.granule > 0 {
            first = first.or(Some(page.granule));
            now = page.granule;
        }
        at += u64::try_from(page.header + page.length).unwrap_or(u64::MAX);
    }
    // Part of a broadcast counts from when that began.
    let begins_late = first.is_some_and(|first| first / LATE_S > sound.ticks_per_second);
    // Up to the end of the file, or to where no page follows the other any more.
    let end = match at < source.size() {
        true => last.max(Some(now)),
        false => Some(now),
    };
    let end = end.filter(|_| !begins_late);
    let ticks = end.map(|end| end.saturating_sub(sound.lead_in));
    Ok(ticks.and_then(|ticks| length_ms(ticks, sound.ticks_per_second)))
}

impl Sound {
    /// Whether this page tells a time of this sound.
    fn is_timed_by(&self, page: &Page) -> bool {
        page.stream == self.stream && page.granule != u64::MAX
    }
}

/// Picture and sound by the first pages of all streams, which precede all other pages (§4).
fn streams(source: &mut Source) -> Result<(Option<Video>, Option<Sound>)> {
    let (mut video, mut sound) = (None, None);
    let mut at = 0;
    for _ in 0..MOST_STREAMS {
        let bytes = source.up_to(at, 512)?;
        let Some(page) = page(bytes) else { break };
        if page.flags & FIRST == 0 {
            break;
        }
        let contents = bytes.get(page.header..).unwrap_or_default();
        video = video.or_else(|| theora(contents));
        sound = sound.or_else(|| self::sound(contents, page.stream));
        at += u64::try_from(page.header + page.length).unwrap_or(u64::MAX);
    }
    if video.is_none() && sound.is_none() && at >= source.size() {
        return Err(Unreadable::Incomplete);
    }
    Ok((video, sound))
}

/// The chapters in the comments, which may go on over several pages.
fn chapters(source: &mut Source, sound: &Sound) -> Result<Vec<(u64, String)>> {
    let mut packet = Vec::new();
    let mut at = 0;
    for _ in 0..MOST_PAGES {
        let bytes = source.up_to(at, 27 + 255 + 255 * 255)?;
        let Some(page) = page(bytes) else { break };
        if page.stream == sound.stream && page.flags & FIRST == 0 {
            let lacing = &bytes[27..page.header];
            // §6: a packet ends with the first segment that is shorter than 255 bytes.
            let last = lacing.iter().position(|length| *length < 255);
            let segments = &lacing[..last.map_or(lacing.len(), |last| last + 1)];
            let length: usize = segments.iter().map(|length| usize::from(*length)).sum();
            let contents = bytes.get(page.header..).unwrap_or_default();
            packet.extend_from_slice(&contents[..length.min(contents.len())]);
            if last.is_some() {
                let comments = packet.get(sound.comments_after..).unwrap_or_default();
                return Ok(comments::chapters(comments));
            }
            if packet.len() > comments::LARGEST {
                break;
            }
        }
        at += u64::try_from(page.header + page.length).unwrap_or(u64::MAX);
    }
    Ok(Vec::new())
}

fn page(bytes: &[u8]) -> Option<Page> {
    if !bytes.starts_with(b"OggS\0") {
        return None;
    }
    let mut fields = Fields(&bytes[5..]);
    let flags = fields.u8()?;
    let granule = fields.le64()?;
    let stream = fields.le32()?;
    fields.skip(8)?;
    let segments = usize::from(fields.u8()?);
    let length = fields
        .take(segments)?
        .iter()
        .map(|length| usize::from(*length))
        .sum();
    Some(Page {
        flags,
        granule,
        stream,
        header: 27 + segments,
        length,
    })
}

/// The identification headers of Opus (RFC 7845 §5.1), Vorbis (I §4.2.2) and FLAC (RFC 9639 §10.1).
fn sound(contents: &[u8], stream: u32) -> Option<Sound> {
    let mut fields = Fields(contents);
    let mut lead_in = 0;
    let mut comments_after = 7;
    let (codec, rate) = if contents.starts_with(b"OpusHead") {
        fields.skip(10)?;
        lead_in = u64::from(fields.le16()?);
        comments_after = 8;
        (AudioCodec::Opus, 48_000)
    } else if contents.starts_with(b"\x01vorbis") {
        fields.skip(12)?;
        (AudioCodec::Vorbis, fields.le32()?)
    } else if contents.starts_with(b"\x7fFLAC") {
        // The stream description begins after 17 bytes; the sample rate has 20 bits.
        fields.skip(27)?;
        comments_after = 4;
        (AudioCodec::Flac, fields.be32()? >> 12)
    } else if contents.starts_with(b"Speex   ") {
        fields.skip(36)?;
        comments_after = 0;
        (AudioCodec::Other("speex".to_owned()), fields.le32()?)
    } else {
        return None;
    };
    Some(Sound {
        audio: Audio::new(codec),
        stream,
        ticks_per_second: u64::from(rate),
        lead_in,
        comments_after,
    })
}

/// The size of the picture within the coded frame (Theora §6.2).
fn theora(contents: &[u8]) -> Option<Video> {
    let mut fields = Fields(contents);
    if fields.take(7)? != b"\x80theora" {
        return None;
    }
    fields.skip(7)?;
    let (width, height) = (fields.be24()?, fields.be24()?);
    Some(Video::named(VideoCodec::Theora, "theora").sized(width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opus_counts_from_its_lead_in() {
        let opus = sound(b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0", 7).unwrap();
        assert_eq!((opus.lead_in, opus.ticks_per_second), (312, 48_000));
    }

    #[test]
    fn a_page_that_breaks_off_is_none() {
        assert!(page(b"OggS\0\x02\0\0\0\0").is_none());
    }
}
