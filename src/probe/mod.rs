//! Examines a media file by its bytes. In: a stream and its size. Out: a [`Probe`], or the reason why there is none
//! ([`Unreadable`]).
//!
//! Every byte is untrusted. So the container is recognised from its first bytes and never from the file name; every read goes
//! through `source::Source`, which has a budget; media data is skipped; and no allocation has the size that a file claims.
//!
//! What is found is right, or it is not there: where a limit is reached, or the file does not tell, the answer is "not known" and
//! never a smaller value. Only what browsers open is read; of everything else the signature says what it is.
//!
//! No parser crate is used. Those there are take the first piece of a recording for the whole, refuse files that browsers play, read
//! a file to its end, or believe the lengths it claims: a probe needs some thirty fields, and must end on files on which they do not.
//!
//! The scan uses the probe to fill in the facts of an original; `verdict` says on the watch page which browsers play it.

mod adts;
mod bytes;
mod codec_strings;
mod codecs;
mod comments;
mod container;
mod ebml;
mod flac;
mod frames;
mod h264;
mod id3;
mod matroska;
mod matroska_end;
mod mp3;
mod mp4;
mod mp4_boxes;
mod mp4_chapters;
mod mp4_entry;
mod mp4_fragments;
mod mp4_layout;
mod mp4_track;
mod ogg;
mod source;
mod verdict;
mod wav;

use std::io::{Read, Seek};

pub use codecs::{Audio, AudioCodec, Chroma, Video, VideoCodec};
pub use container::Container;
use source::Source;
pub use verdict::{Plays, Reason, Verdict};

/// Most chapters of one recording; further ones are left out.
const MOST_CHAPTERS: usize = 1000;

/// The properties of a media file.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The container, recognised by content.
    pub container: Container,
    /// Duration in milliseconds; `None` when it is not known: never a guess.
    pub duration_ms: Option<u64>,
    /// The picture a browser would show: of the video tracks that are no covers and no pictures of chapters the first of those that
    /// play best. `None` also in containers that no browser opens.
    pub video: Option<Video>,
    /// The sound a browser would play: the first of the audio tracks that play best.
    pub audio: Option<Audio>,
    /// The codecs of picture and sound as an RFC 6381 list (`avc1.64001f, mp4a.40.2`) for `<source type>`; `None` when one of them
    /// has none that browsers list.
    pub codecs: Option<String>,
    /// Start in milliseconds and title (at most 500 characters) of each chapter, in order of time.
    pub chapters: Vec<(u64, String)>,
    /// Whether the index (`moov`) precedes the media data, so that playback starts without fetching the end; `None` where this does
    /// not apply.
    pub index_first: Option<bool>,
    /// When the recording was made according to the container, in Unix seconds UTC; implausible moments are `None`.
    pub recorded_at: Option<i64>,
    /// Whether the container states its end and the file reaches it, so that the file is known to be complete. Otherwise it may
    /// still be growing, and only waiting can tell.
    pub self_delimiting: bool,
    /// Whether it stops before the end that it states, see [`probe_broken_off`].
    pub is_broken_off: bool,
    /// Which browsers play the file, and why.
    pub verdict: Verdict,
}

impl Probe {
    /// The media type with which the file is served.
    pub fn media_type(&self) -> &'static str {
        self.container.media_type(self.video.is_some())
    }
}

/// Why a file could not be described.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file begins like media but ends early: it may still be arriving.
    #[error("the file stops before its end; it may still be arriving")]
    Incomplete,
    /// The first bytes belong to no known media format: a web page, a playlist, a picture, an archive.
    #[error("this is not a media file")]
    NotMedia,
    /// The file contradicts itself; the text says where, for the log.
    #[error("the media file is damaged: {0}")]
    Damaged(&'static str),
    /// The index is larger than any real recording needs, or exceeds the reading budget.
    #[error("the index of the media file is too large")]
    TooLarge,
    /// The disk or the stream failed.
    #[error("the media file could not be read")]
    Io(#[from] std::io::Error),
}

/// The result of the container readers.
type Result<T, E = Unreadable> = std::result::Result<T, E>;

/// The error for a file that contradicts itself; `flaw` says where.
fn damaged<T>(flaw: &'static str) -> Result<T> {
    Err(Unreadable::Damaged(flaw))
}

/// The result of a container reader; [`probe`] derives the rest from it.
#[derive(Debug, Default)]
struct Tracks {
    duration_ms: Option<u64>,
    video: Option<Video>,
    audio: Option<Audio>,
    chapters: Vec<(u64, String)>,
    index_first: Option<bool>,
    recorded_at: Option<i64>,
    self_delimiting: bool,
}

/// Examines the media in `file`, whose length is `size_bytes`.
///
/// Reads at most 96 MiB in at most 120,000 reads, and holds at most a few MiB at once; a usual recording needs a few kilobytes.
/// Starts at position 0, whatever the position of the stream.
///
/// # Errors
/// See [`Unreadable`]; only `Io` is about the disk, all others are about the file.
pub fn probe<R: Read + Seek>(file: R, size_bytes: u64) -> Result<Probe> {
    examine(&mut Source::new(file, size_bytes))
}

/// Examines a file of which the end will not come any more: recorders write so that what was there before a power cut plays.
/// Otherwise as [`probe`]; where the length is stated and not there, it is not known.
///
/// # Errors
/// `Incomplete` when nothing of it can play.
pub fn probe_broken_off<R: Read + Seek>(file: R, size_bytes: u64) -> Result<Probe> {
    let mut source = Source::new(file, size_bytes);
    source.give_up_the_end();
    examine(&mut source)
}

fn examine(source: &mut Source) -> Result<Probe> {
    let container = container::recognise(source)?;
    let mut found = match container {
        Container::Mp4 | Container::Mov | Container::M4a | Container::ThreeGp => {
            mp4::read(source, container)?
        }
        Container::WebM | Container::Matroska => matroska::read(source, container)?,
        Container::Adts => adts::read(source)?,
        Container::Flac => flac::read(source)?,
        // No browser opens these, so nothing of them is shown.
        Container::Avi => wav::avi(source)?,
        Container::Asf | Container::MpegPs | Container::MpegTs | Container::Flv => {
            Tracks::default()
        }
        Container::Mp3 => mp3::read(source)?,
        Container::Ogg => ogg::read(source)?,
        Container::Wav => wav::read(source)?,
    };
    // A chapter without a title is of no use to visitors.
    found.chapters.retain(|(_, title)| !title.trim().is_empty());
    found.chapters.sort_by_key(|(start_ms, _)| *start_ms);
    found.chapters.truncate(MOST_CHAPTERS);
    Ok(Probe {
        is_broken_off: source.is_broken_off(),
        ..describe(container, found)
    })
}

fn describe(container: Container, found: Tracks) -> Probe {
    Probe {
        codecs: codec_strings::list(container, found.video.as_ref(), found.audio.as_ref()),
        verdict: verdict::judge(container, found.video.as_ref(), found.audio.as_ref()),
        container,
        duration_ms: found.duration_ms,
        video: found.video,
        audio: found.audio,
        chapters: found.chapters,
        index_first: found.index_first,
        recorded_at: found.recorded_at,
        self_delimiting: found.self_delimiting,
        is_broken_off: false,
    }
}
