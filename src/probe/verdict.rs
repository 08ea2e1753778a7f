//! Judges which browsers play a file: Chrome, Firefox and Safari of the last five years, including phones.
//!
//! Container, picture and sound are judged separately; the worst of the three is the verdict and gives the reason. The texts are in
//! the texts of the site, under [`Reason::key`].

use super::codecs::{Audio, AudioCodec, Chroma, Video, VideoCodec};
use super::container::Container;

/// Which browsers play a file, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plays {
    /// All browsers play it.
    Yes,
    /// Some browsers or devices play it, or play it without sound.
    Some,
    /// No common browser plays it.
    No,
}

/// The verdict with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Which browsers play the file.
    pub plays: Plays,
    /// Whether a player is offered: `plays` is not [`Plays::No`].
    pub playable: bool,
    /// The reason for the verdict.
    pub reason: Reason,
}

/// The reason for a verdict. Each has a text under its [`key`](Reason::key).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// All browsers play it.
    PlaysEverywhere,
    /// HEVC, which plays in Safari, and in Chrome on devices with support.
    Hevc,
    /// HEVC in the form that Safari refuses.
    HevcInBand,
    /// AV1, which older Apple devices do not play.
    Av1,
    /// VP9 with more than 8 bits.
    Vp9HighDepth,
    /// H.264 with more than 8 bits.
    H264HighDepth,
    /// H.264 with finer chroma sampling than 4:2:0.
    H264Chroma,
    /// MPEG-4 part 2 (DivX, Xvid).
    Mpeg4,
    /// MPEG-1 or MPEG-2.
    Mpeg2,
    /// H.263, from early phones.
    H263,
    /// Windows Media.
    WindowsMedia,
    /// ProRes.
    ProRes,
    /// Theora.
    Theora,
    /// A picture codec that no browser plays.
    UnknownPicture,
    /// Dolby sound.
    Dolby,
    /// Apple Lossless sound.
    Alac,
    /// A sound codec that only some browsers play, or none.
    UnknownSound,
    /// Vorbis or Opus in an Ogg file.
    Ogg,
    /// A combination of container and codec that some browsers refuse.
    UnusualMix,
    /// The Matroska container.
    Matroska,
    /// The AVI container.
    Avi,
    /// Flash Video.
    Flash,
    /// An MPEG program or transport stream.
    MpegStream,
    /// Encrypted content.
    Encrypted,
    /// The file has neither picture nor sound.
    Nothing,
}

impl Reason {
    /// The key of its text, which is also stored in rows.
    pub fn key(&self) -> &'static str {
        match self {
            Reason::PlaysEverywhere => "verdict-plays",
            Reason::Hevc => "verdict-hevc",
            Reason::HevcInBand => "verdict-hevc-in-band",
            Reason::Av1 => "verdict-av1",
            Reason::Vp9HighDepth => "verdict-vp9-high-depth",
            Reason::H264HighDepth => "verdict-h264-high-depth",
            Reason::H264Chroma => "verdict-h264-chroma",
            Reason::Mpeg4 => "verdict-mpeg4",
            Reason::Mpeg2 => "verdict-mpeg2",
            Reason::H263 => "verdict-h263",
            Reason::WindowsMedia => "verdict-windows-media",
            Reason::ProRes => "verdict-prores",
            Reason::Theora => "verdict-theora",
            Reason::UnknownPicture => "verdict-unknown-picture",
            Reason::Dolby => "verdict-dolby",
            Reason::Alac => "verdict-alac",
            Reason::UnknownSound => "verdict-unknown-sound",
            Reason::Ogg => "verdict-ogg",
            Reason::UnusualMix => "verdict-unusual-mix",
            Reason::Matroska => "verdict-matroska",
            Reason::Avi => "verdict-avi",
            Reason::Flash => "verdict-flash",
            Reason::MpegStream => "verdict-mpeg-stream",
            Reason::Encrypted => "verdict-encrypted",
            Reason::Nothing => "verdict-nothing",
        }
    }
}

/// Judges a file by its container, picture and sound.
///
/// Of a container that no browser opens nothing else is known.
pub(super) fn judge(container: Container, video: Option<&Video>, audio: Option<&Audio>) -> Verdict {
    let of_nothing = (video.is_none() && audio.is_none()).then_some((Plays::No, Reason::Nothing));
    let of_picture = video.map(|video| picture(container, video));
    let of_sound = audio.map(|audio| sound(container, audio, video.is_some()));
    let of_container = Some(self::container(container));
    let judged = [
        of_container.filter(|(plays, _)| *plays == Plays::No),
        of_nothing,
        of_picture,
        of_sound,
        of_container,
    ];
    // Among equally bad verdicts the first counts.
    let worst = judged
        .into_iter()
        .flatten()
        .rev()
        .max_by_key(|(plays, _)| *plays);
    let (plays, reason) = worst.unwrap_or((Plays::No, Reason::Nothing));
    Verdict {
        plays,
        playable: plays != Plays::No,
        reason,
    }
}

/// The picture that a browser shows of several: the first of those that it plays best.
pub(super) fn best_picture<'a>(
    container: Container,
    pictures: impl Iterator<Item = &'a Video>,
) -> Option<Video> {
    pictures
        .min_by_key(|video| picture(container, video).0)
        .cloned()
}

/// The sound that a browser lets hear of several: the first of those that it plays best.
pub(super) fn best_sound<'a>(
    container: Container,
    sounds: impl Iterator<Item = &'a Audio>,
    has_picture: bool,
) -> Option<Audio> {
    sounds
        .min_by_key(|audio| sound(container, audio, has_picture).0)
        .cloned()
}

fn container(container: Container) -> (Plays, Reason) {
    match container {
        Container::Mp4
        | Container::Mov
        | Container::M4a
        | Container::ThreeGp
        | Container::WebM
        | Container::Mp3
        | Container::Adts
        | Container::Flac
        | Container::Wav => (Plays::Yes, Reason::PlaysEverywhere),
        // Safari plays Ogg since 18.4 (2025); Chrome plays Matroska although it does not claim to.
        Container::Ogg => (Plays::Some, Reason::Ogg),
        Container::Matroska => (Plays::Some, Reason::Matroska),
        Container::Avi => (Plays::No, Reason::Avi),
        Container::Asf => (Plays::No, Reason::WindowsMedia),
        Container::Flv => (Plays::No, Reason::Flash),
        Container::MpegPs | Container::MpegTs => (Plays::No, Reason::MpegStream),
    }
}

fn picture(container: Container, video: &Video) -> (Plays, Reason) {
    let in_webm = matches!(container, Container::WebM | Container::Matroska);
    let deep = video.bit_depth.is_some_and(|bits| bits > 8);
    match &video.codec {
        VideoCodec::H264 if deep => (Plays::No, Reason::H264HighDepth),
        VideoCodec::H264 if matches!(video.chroma, Some(Chroma::Two | Chroma::Full)) => {
            (Plays::No, Reason::H264Chroma)
        }
        // Chrome records H.264 in files that claim to be WebM, which only Chrome plays.
        VideoCodec::H264 if in_webm => (Plays::Some, Reason::Matroska),
        VideoCodec::H264 => (Plays::Yes, Reason::PlaysEverywhere),
        VideoCodec::Hevc => (Plays::Some, Reason::Hevc),
        VideoCodec::HevcInBand => (Plays::Some, Reason::HevcInBand),
        VideoCodec::Av1 => (Plays::Some, Reason::Av1),
        VideoCodec::Vp9 if deep => (Plays::Some, Reason::Vp9HighDepth),
        VideoCodec::Vp8 | VideoCodec::Vp9 if in_webm => (Plays::Yes, Reason::PlaysEverywhere),
        VideoCodec::Vp8 | VideoCodec::Vp9 => (Plays::Some, Reason::UnusualMix),
        VideoCodec::Mpeg4 => (Plays::No, Reason::Mpeg4),
        VideoCodec::Mpeg1 | VideoCodec::Mpeg2 => (Plays::No, Reason::Mpeg2),
        VideoCodec::H263 => (Plays::No, Reason::H263),
        VideoCodec::Wmv => (Plays::No, Reason::WindowsMedia),
        VideoCodec::ProRes => (Plays::No, Reason::ProRes),
        VideoCodec::Theora => (Plays::No, Reason::Theora),
        VideoCodec::Encrypted => (Plays::No, Reason::Encrypted),
        VideoCodec::Mjpeg | VideoCodec::Still(_) | VideoCodec::Other(_) => {
            (Plays::No, Reason::UnknownPicture)
        }
    }
}

/// Judges a sound. An unknown codec leaves a silent picture, and without a picture nothing.
fn sound(container: Container, audio: &Audio, has_picture: bool) -> (Plays, Reason) {
    let unknown = (
        if has_picture { Plays::Some } else { Plays::No },
        Reason::UnknownSound,
    );
    let in_mp4 = matches!(
        container,
        Container::Mp4 | Container::Mov | Container::M4a | Container::ThreeGp
    );
    match &audio.codec {
        // xHE-AAC (42) plays on Apple devices and Android only.
        AudioCodec::Aac(Some(42)) => (Plays::Some, Reason::UnusualMix),
        AudioCodec::Aac(_) | AudioCodec::Mp3 if container == Container::WebM => {
            (Plays::Some, Reason::UnusualMix)
        }
        AudioCodec::Aac(_) | AudioCodec::Mp3 if container == Container::Wav => {
            (Plays::Some, Reason::UnusualMix)
        }
        AudioCodec::Aac(_) | AudioCodec::Mp3 => (Plays::Yes, Reason::PlaysEverywhere),
        AudioCodec::Flac => (Plays::Yes, Reason::PlaysEverywhere),
        AudioCodec::Opus | AudioCodec::Vorbis if in_mp4 => (Plays::Some, Reason::UnusualMix),
        AudioCodec::Opus | AudioCodec::Vorbis => (Plays::Yes, Reason::PlaysEverywhere),
        AudioCodec::Pcm if container == Container::Wav => (Plays::Yes, Reason::PlaysEverywhere),
        AudioCodec::Ac3 | AudioCodec::Eac3 => (Plays::Some, Reason::Dolby),
        AudioCodec::Alac => (Plays::Some, Reason::Alac),
        AudioCodec::Encrypted => (Plays::No, Reason::Encrypted),
        AudioCodec::Mp2
        | AudioCodec::Dts
        | AudioCodec::Pcm
        | AudioCodec::Amr
        | AudioCodec::Wma
        | AudioCodec::Other(_) => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h264() -> Video {
        Video {
            bit_depth: Some(8),
            chroma: Some(Chroma::Half),
            ..Video::plain(VideoCodec::H264, 1920, 1080)
        }
    }

    fn of(codec: AudioCodec) -> Audio {
        Audio::new(codec)
    }

    fn verdict(
        container: Container,
        video: Option<Video>,
        audio: Option<AudioCodec>,
    ) -> (Plays, Reason) {
        let verdict = judge(container, video.as_ref(), audio.map(of).as_ref());
        assert_eq!(verdict.playable, verdict.plays != Plays::No);
        (verdict.plays, verdict.reason)
    }

    #[test]
    fn h264_with_aac_plays_everywhere_from_mp4_and_quicktime() {
        for container in [Container::Mp4, Container::Mov, Container::ThreeGp] {
            assert_eq!(
                verdict(container, Some(h264()), Some(AudioCodec::Aac(Some(2)))),
                (Plays::Yes, Reason::PlaysEverywhere)
            );
        }
    }

    #[test]
    fn the_worst_part_decides() {
        let hevc = Video::plain(VideoCodec::Hevc, 1, 1);
        assert_eq!(
            verdict(Container::Mp4, Some(hevc.clone()), Some(AudioCodec::Ac3)),
            (Plays::Some, Reason::Hevc)
        );
        assert_eq!(
            verdict(Container::Avi, Some(hevc), None),
            (Plays::No, Reason::Avi)
        );
        assert_eq!(
            verdict(
                Container::Matroska,
                Some(Video::plain(VideoCodec::Mpeg4, 1, 1)),
                None
            ),
            (Plays::No, Reason::Mpeg4)
        );
        assert_eq!(
            verdict(
                Container::Matroska,
                Some(h264()),
                Some(AudioCodec::Aac(None))
            ),
            (Plays::Some, Reason::Matroska)
        );
        assert_eq!(
            verdict(Container::Mp4, Some(h264()), Some(AudioCodec::Eac3)),
            (Plays::Some, Reason::Dolby)
        );
    }

    #[test]
    fn studio_shapes_of_h264_play_nowhere() {
        let deep = Video {
            bit_depth: Some(10),
            ..h264()
        };
        let colourful = Video {
            chroma: Some(Chroma::Full),
            ..h264()
        };
        assert_eq!(
            verdict(Container::Mp4, Some(deep), None),
            (Plays::No, Reason::H264HighDepth)
        );
        assert_eq!(
            verdict(Container::Mp4, Some(colourful), None),
            (Plays::No, Reason::H264Chroma)
        );
    }

    #[test]
    fn unknown_sound_costs_the_sound_or_everything() {
        assert_eq!(
            verdict(Container::Mov, Some(h264()), Some(AudioCodec::Pcm)),
            (Plays::Some, Reason::UnknownSound)
        );
        assert_eq!(
            verdict(Container::M4a, None, Some(AudioCodec::Dts)),
            (Plays::No, Reason::UnknownSound)
        );
        assert_eq!(
            verdict(Container::Mp4, None, None),
            (Plays::No, Reason::Nothing)
        );
    }

    const ALL: [Reason; 25] = [
        Reason::PlaysEverywhere,
        Reason::Hevc,
        Reason::HevcInBand,
        Reason::Av1,
        Reason::Vp9HighDepth,
        Reason::H264HighDepth,
        Reason::H264Chroma,
        Reason::Mpeg4,
        Reason::Mpeg2,
        Reason::H263,
        Reason::WindowsMedia,
        Reason::ProRes,
        Reason::Theora,
        Reason::UnknownPicture,
        Reason::Dolby,
        Reason::Alac,
        Reason::UnknownSound,
        Reason::Ogg,
        Reason::UnusualMix,
        Reason::Matroska,
        Reason::Avi,
        Reason::Flash,
        Reason::MpegStream,
        Reason::Encrypted,
        Reason::Nothing,
    ];

    #[test]
    fn every_reason_has_a_key_of_its_own() {
        let mut keys: Vec<_> = ALL.iter().map(Reason::key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), ALL.len());
    }
}
