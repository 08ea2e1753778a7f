//! The arguments with which ffmpeg makes files for playing. In: the streams of an original. Out: one or more outputs of one run, for
//! every browser (H.264 High with 8 bits and AAC) or for those that take Opus, in MP4, the index first.
//!
//! A plain MP4 and not one in fragments: Chromium asks for the end of a file in fragments before it shows anything, and up to fifteen
//! times when one jumps in it; with the index in front it asks once. Key frames stand every two seconds, so that parts can be cut at
//! them.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::streams::{Streams, VideoStream};

/// Frames a second at most: what level 4.1 of H.264 has for 1920 × 1080 (ITU-T H.264, table A-1).
const MOST_FRAMES_PER_S: u32 = 30;

/// The shortest time between two pictures, in seconds: somewhat less than a thirtieth, because files round their times.
const SHORTEST_S: &str = "0.03";

/// The longest side and the shortest one of a picture that level 4.1 has.
const LONGEST_SIDE: u32 = 1920;
const SHORTEST_SIDE: u32 = 1080;

/// The longest recording that is converted, and the length of one that does not state it, for limits.
pub const A_DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A picture to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// The shortest side in pixels at most.
    pub side: u32,
    /// Constant rate factor of x264: lower is better.
    pub crf: u32,
    /// Bits a second at most, in thousands.
    pub kbit_s: u32,
}

/// A picture as large as the original, one for a weak line and one between them.
pub const FULL: Picture = Picture {
    side: SHORTEST_SIDE,
    crf: 21,
    kbit_s: 4500,
};
pub const P720: Picture = Picture {
    side: 720,
    crf: 24,
    kbit_s: 1800,
};
pub const P360: Picture = Picture {
    side: 360,
    crf: 27,
    kbit_s: 400,
};

/// Sound to be made: how, bits a second, in thousands, and how many channels at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    coding: Coding,
    pub kbit_s: u32,
    channels: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// AAC-LC, which every browser plays.
    Aac,
    /// Opus, tuned for speech: as clear as AAC at half the bits.
    Opus,
}

/// Speech and music as they came; speech for a weak line, and the same for browsers that take Opus.
pub const STEREO: Sound = Sound {
    coding: Coding::Aac,
    kbit_s: 128,
    channels: 2,
};
pub const SPEECH: Sound = Sound {
    coding: Coding::Aac,
    kbit_s: 48,
    channels: 1,
};
pub const SPEECH_IN_OPUS: Sound = Sound {
    coding: Coding::Opus,
    kbit_s: 28,
    channels: 1,
};

/// The library with which ffmpeg encodes Opus. Its own encoder is experimental, and worse at these rates.
pub const OPUS_LIBRARY: &str = "libopus";

impl Picture {
    /// Width and height of the picture made of a stream, in even numbers and never enlarged.
    pub fn size(self, video: &VideoStream) -> (u32, u32) {
        let (width, height) = (u64::from(video.width), u64::from(video.height));
        let (long, short) = (width.max(height), width.min(height));
        let most_long = u64::from(LONGEST_SIDE) * u64::from(self.side) / u64::from(SHORTEST_SIDE);
        // The scale as a fraction: that of the side which has to shrink the most.
        let by_short = (u64::from(self.side).min(short), short);
        let by_long = (most_long.min(long), long);
        let (of, all) = match by_short.0 * by_long.1 <= by_long.0 * by_short.1 {
            true => by_short,
            false => by_long,
        };
        let even = |side: u64| u32::try_from((side * of / all / 2 * 2).max(2)).unwrap_or(2);
        (even(width), even(height))
    }

    /// Whether the picture of a stream is so much larger that a smaller one is of use.
    pub fn is_of_use(self, video: &VideoStream) -> bool {
        let (width, height) = self.size(video);
        u64::from(width) * u64::from(height) * 5
            <= u64::from(video.width) * u64::from(video.height) * 4
    }

    /// The arguments of one frame as a JPEG, in the colours and the shape in which players show it.
    pub fn frame(self, video: &VideoStream, path: &Path) -> Vec<OsString> {
        let mut all = words(&["-map", &format!("0:{}", video.index)]);
        all.extend(words(&[
            "-frames:v",
            "1",
            "-vf",
            &self.filters(video),
            "-map_metadata",
            "-1",
        ]));
        // Not the muxer for pictures, which takes the path for a pattern.
        all.extend(words(&["-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg"]));
        all.push(file(path));
        all
    }

    /// What is done to each frame.
    fn filters(self, video: &VideoStream) -> String {
        let (width, height) = self.size(video);
        let mut filters: Vec<String> = Vec::new();
        if video.is_interlaced {
            filters.push("bwdif=deint=interlaced".to_owned());
        }
        if !(1..=MOST_FRAMES_PER_S).contains(&video.frames_per_s) {
            // Pictures that come too fast are left out. None is shown twice, so that a file which claims to last for years stays small.
            filters.push(format!(
                r"select=isnan(prev_selected_t)+gte(t-prev_selected_t\,{SHORTEST_S})"
            ));
        }
        if video.is_hdr {
            // To linear light, into the brightness of a usual screen (Hable), and to its colours (BT.709).
            filters.push(
                "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv".to_owned(),
            );
        }
        filters.push(format!(
            "scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p"
        ));
        filters.join(",")
    }

    /// The arguments of the picture in an output.
    pub fn arguments(self, video: &VideoStream) -> Vec<OsString> {
        let filters = self.filters(video);
        let (rate, buffer) = (format!("{}k", self.kbit_s), format!("{}k", self.kbit_s * 2));
        let mut all = words(&[
            "-map",
            &format!("0:{}", video.index),
            "-vf",
            &filters,
            "-fps_mode",
            "vfr",
        ]);
        all.extend(words(&[
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-profile:v",
            "high",
            "-crf",
            &self.crf.to_string(),
        ]));
        all.extend(words(&["-maxrate", &rate, "-bufsize", &buffer]));
        // A key frame every two seconds, and no other, so that parts are of one length.
        all.extend(words(&[
            "-force_key_frames",
            "expr:gte(t,n_forced*2)",
            "-g",
            "60",
            "-sc_threshold",
            "0",
        ]));
        if video.is_hdr {
            all.extend(words(&[
                "-color_primaries",
                "bt709",
                "-color_trc",
                "bt709",
                "-colorspace",
                "bt709",
            ]));
        }
        all
    }
}

impl Sound {
    /// The arguments of the sound in an output, at 48 kHz. More channels than wanted are mixed by their places.
    pub fn arguments(self, streams: &Streams) -> Vec<OsString> {
        let Some(audio) = &streams.audio else {
            return words(&["-an"]);
        };
        let channels = self.channels.min(audio.channels).max(1).to_string();
        let rate = format!("{}k", self.kbit_s);
        let mut all = words(&["-map", &format!("0:{}", audio.index), "-c:a"]);
        all.extend(match self.coding {
            Coding::Aac => words(&["aac", "-profile:a", "aac_low"]),
            Coding::Opus => words(&[OPUS_LIBRARY, "-application", "voip", "-vbr", "on"]),
        });
        all.extend(words(&["-b:a", &rate, "-ac", &channels, "-ar", "48000"]));
        all
    }
}

/// What ends the arguments of an output: no word of the original's metadata, which may name places, and where it is written.
pub fn output(path: &Path) -> Vec<OsString> {
    let mut all = words(&[
        "-map_metadata",
        "-1",
        "-map_chapters",
        "-1",
        "-sn",
        "-dn",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ]);
    all.push(file(path));
    all
}

/// A path as ffmpeg takes it: whole, so that no part of it is taken for an option or another protocol.
pub fn file(path: &Path) -> OsString {
    let mut named = OsString::from("file:");
    named.push(path);
    named
}

/// What begins the arguments of each run: no questions, errors alone, and its progress once a second.
pub fn beginning() -> Vec<OsString> {
    words(&[
        "-nostdin",
        "-hide_banner",
        "-y",
        "-v",
        "error",
        "-stats_period",
        "1",
        "-progress",
        "pipe:1",
        "-nostats",
    ])
}

pub fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

/// How long a run over a recording of this length may take: twenty times as long, half an hour at least and a day at most.
pub fn longest(duration_ms: Option<u64>) -> Duration {
    let ms = duration_ms.unwrap_or(A_DAY_MS).saturating_mul(20);
    Duration::from_millis(ms.clamp(30 * 60 * 1000, A_DAY_MS))
}

/// The largest file in MB that a run at this rate may write for a recording of this length, with room for what no rate foresees.
pub fn file_mb(duration_ms: Option<u64>, kbit_s: u32) -> u64 {
    let seconds = duration_ms.unwrap_or(A_DAY_MS) / 1000;
    seconds.saturating_mul(u64::from(kbit_s)) / 8000 * 3 / 2 + 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(width: u32, height: u32) -> VideoStream {
        VideoStream {
            index: 0,
            codec: "hevc".to_owned(),
            profile: String::new(),
            level: 0,
            pixel_format: String::new(),
            width,
            height,
            stored: (width, height),
            is_turned: false,
            is_interlaced: false,
            is_hdr: false,
            frames_per_s: 25,
        }
    }

    #[test]
    fn a_picture_keeps_its_shape_is_even_and_never_grows() {
        for (of, full, small) in [
            ((1920, 1080), (1920, 1080), (640, 360)),
            ((3840, 2160), (1920, 1080), (640, 360)),
            ((1080, 1920), (1080, 1920), (360, 640)),
            ((321, 181), (320, 180), (320, 180)),
            ((1440, 1080), (1440, 1080), (480, 360)),
            ((7680, 1080), (1920, 270), (640, 90)),
            ((1, 1), (2, 2), (2, 2)),
        ] {
            let video = video(of.0, of.1);
            assert_eq!(
                (FULL.size(&video), P360.size(&video)),
                (full, small),
                "{of:?}"
            );
        }
        assert!(P360.is_of_use(&video(1280, 720)) && !P360.is_of_use(&video(640, 360)));
        assert!(!P360.is_of_use(&video(700, 394)) && !P720.is_of_use(&video(1280, 720)));
    }

    #[test]
    fn limits_follow_the_length() {
        assert_eq!(longest(Some(60_000)), Duration::from_secs(1800));
        assert_eq!(longest(Some(u64::MAX)), Duration::from_secs(86_400));
        assert_eq!(file_mb(Some(3_600_000), 400), 100 + 270);
    }
}
