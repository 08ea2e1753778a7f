//! What ffprobe says of a file: its streams, its length and its chapters. In: an original in the library. Out: what a player would show
//! and play of it. ffprobe is told the container, which the program recognised by itself, and takes no other: a playlist that is called
//! `les.mp4` would make it open whatever stands in it.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::ffmpeg::{self, Failed, Run, Tools};
use crate::catalogue::chapter::Chapter;

/// The longest answer that is read, in bytes: a thousand chapters take 200 kB.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// How long reading the streams of a file may take, and reading all of it.
const PATIENCE: Duration = Duration::from_secs(60);
const READING: Duration = Duration::from_secs(30 * 60);

/// Most chapters of one recording; further ones are left out.
const MOST_CHAPTERS: usize = 1000;

/// The longest title of a chapter, in characters.
const LONGEST_TITLE: usize = 500;

/// A frame of more pixels is not decoded: 8K has 33 million.
pub const MOST_PIXELS: u64 = 40_000_000;

/// Codecs of still pictures: a cover, or the pictures of chapters.
const STILL: [&str; 8] = ["mjpeg", "png", "bmp", "gif", "webp", "tiff", "ppm", "ljpeg"];

/// The streams of a file that a player would take.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Streams {
    pub duration_ms: Option<u64>,
    pub video: Option<VideoStream>,
    pub audio: Option<AudioStream>,
    /// Streams of timed text, with their languages (ISO 639-2, as the file says).
    pub text: Vec<TextStream>,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoStream {
    pub index: u32,
    pub codec: String,
    pub profile: String,
    pub level: i64,
    pub pixel_format: String,
    /// Pixels as shown, after rotation, with square pixels.
    pub width: u32,
    pub height: u32,
    /// Pixels as stored.
    pub stored: (u32, u32),
    pub is_turned: bool,
    pub is_interlaced: bool,
    /// Whether its brightness goes beyond that of a usual screen (PQ or HLG).
    pub is_hdr: bool,
    /// Frames a second, rounded up; 0: not stated.
    pub frames_per_s: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudioStream {
    pub index: u32,
    pub codec: String,
    pub profile: String,
    pub channels: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextStream {
    pub index: u32,
    pub codec: String,
    pub language: Option<String>,
}

/// The demuxer of a media type, which the program found in the bytes of the file; `None`: ffmpeg does not get this file.
pub fn demuxer(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "video/mp4" | "audio/mp4" => "mov",
        "video/webm" | "audio/webm" | "video/x-matroska" | "audio/x-matroska" => "matroska",
        "video/ogg" | "audio/ogg" => "ogg",
        "video/x-msvideo" => "avi",
        "video/x-ms-asf" => "asf",
        "video/mpeg" => "mpeg",
        "video/mp2t" => "mpegts",
        "video/x-flv" => "flv",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "audio/flac" => "flac",
        "audio/wav" => "wav",
        _ => return None,
    })
}

/// The arguments with which a file is opened, and nothing else.
pub fn opened(demuxer: &str) -> Vec<OsString> {
    [
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        demuxer,
        "-f",
        demuxer,
        "-i",
        ffmpeg::INPUT,
    ]
    .map(OsString::from)
    .into()
}

/// Asks ffprobe. `work`: a folder in which it may write, which it does not. Waits for the answer.
pub fn read(
    tools: &Tools,
    (demuxer, input): (&str, &File),
    work: &Path,
    is_stopped: impl Fn() -> bool + Send + Copy,
) -> Result<Streams, Failed> {
    let shown = "format=duration:stream=index,codec_type,codec_name,profile,level,pix_fmt,width,height,sample_aspect_ratio,field_order,\
                 color_transfer,avg_frame_rate,r_frame_rate,channels,duration:stream_tags=language,rotate:stream_disposition=attached_pic,default:\
                 stream_side_data=rotation:chapter=start_time:chapter_tags=title";
    let mut arguments: Vec<OsString> = [
        "-v",
        "error",
        "-show_streams",
        "-show_format",
        "-show_chapters",
        "-show_entries",
    ]
    .map(OsString::from)
    .into();
    arguments.extend([OsString::from(shown), "-of".into(), "json=compact=1".into()]);
    arguments.extend(opened(demuxer));
    let run = Run {
        program: &tools.ffprobe,
        arguments,
        input: Some(input),
        work,
        longest: PATIENCE,
        file_mb: 0,
    };
    let mut answer = String::new();
    tools.run(&run, is_stopped, |line| {
        if answer.len() < LONGEST_ANSWER {
            answer.push_str(line);
        }
    })?;
    let answer: Answer = serde_json::from_str(&answer).map_err(std::io::Error::other)?;
    let mut streams = answer.streams();
    if is_guessed(demuxer) || streams.duration_ms.is_none() {
        let measured = measure(tools, (demuxer, input), work, is_stopped)?;
        streams.duration_ms = measured.or(streams.duration_ms);
    }
    Ok(streams)
}

/// Whether the length of such a file stands nowhere and is computed from the rate of its beginning.
fn is_guessed(demuxer: &str) -> bool {
    matches!(demuxer, "mp3" | "aac")
}

/// The length of a file that does not state it, in milliseconds: where its last packet ends. Reads all of it and decodes nothing.
fn measure(
    tools: &Tools,
    (demuxer, input): (&str, &File),
    work: &Path,
    is_stopped: impl Fn() -> bool + Send,
) -> Result<Option<u64>, Failed> {
    let mut arguments: Vec<OsString> = ["-nostdin", "-v", "error"].map(OsString::from).into();
    arguments.extend(opened(demuxer));
    let rest = [
        "-map",
        "0:V:0?",
        "-map",
        "0:a:0?",
        "-c",
        "copy",
        "-f",
        "null",
        "-progress",
        "pipe:1",
        "-",
    ];
    arguments.extend(rest.map(OsString::from));
    let run = Run {
        program: &tools.ffmpeg,
        arguments,
        input: Some(input),
        work,
        longest: READING,
        file_mb: 0,
    };
    let mut last = None;
    tools.run(&run, is_stopped, |line| {
        last = ffmpeg::out_time_ms(line).or(last)
    })?;
    Ok(last)
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    format: Format,
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    chapters: Vec<FileChapter>,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    index: u32,
    codec_type: String,
    codec_name: String,
    profile: String,
    level: i64,
    pix_fmt: String,
    width: u32,
    height: u32,
    sample_aspect_ratio: String,
    field_order: String,
    color_transfer: String,
    avg_frame_rate: String,
    channels: u32,
    duration: Option<String>,
    tags: Tags,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tags {
    language: Option<String>,
    rotate: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
    default: u8,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SideData {
    rotation: Option<f64>,
}

#[derive(Deserialize)]
struct FileChapter {
    start_time: String,
    #[serde(default)]
    tags: Tags,
}

impl Answer {
    fn streams(&self) -> Streams {
        let of = |kind: &'static str| {
            self.streams
                .iter()
                .filter(move |one| one.codec_type == kind)
        };
        let is_film = |one: &&Stream| {
            one.disposition.attached_pic == 0
                && one.width > 0
                && !STILL.contains(&one.codec_name.as_str())
        };
        // The default track is played, and of several the first.
        let first_of = |streams: Vec<&Stream>| -> Option<usize> {
            let default = streams.iter().position(|one| one.disposition.default == 1);
            default.or((!streams.is_empty()).then_some(0))
        };
        let films: Vec<&Stream> = of("video").filter(is_film).collect();
        let sounds: Vec<&Stream> = of("audio").filter(|one| one.channels > 0).collect();
        let video = first_of(films.clone())
            .and_then(|at| films.get(at))
            .map(|one| one.video());
        let audio = first_of(sounds.clone())
            .and_then(|at| sounds.get(at))
            .map(|one| AudioStream {
                index: one.index,
                codec: one.codec_name.clone(),
                profile: one.profile.clone(),
                channels: one.channels,
            });
        let of_streams = self
            .streams
            .iter()
            .filter_map(|one| milliseconds(one.duration.as_deref()?));
        let text = of("subtitle").map(|one| TextStream {
            index: one.index,
            codec: one.codec_name.clone(),
            language: one.tags.language.clone(),
        });
        Streams {
            duration_ms: self
                .format
                .duration
                .as_deref()
                .and_then(milliseconds)
                .or(of_streams.max()),
            video,
            audio,
            text: text.collect(),
            chapters: self.chapters(),
        }
    }

    fn chapters(&self) -> Vec<Chapter> {
        let titled = self.chapters.iter().filter_map(|one| {
            let title = one.tags.title.as_deref()?.trim();
            Some(Chapter {
                start_ms: milliseconds(&one.start_time)?,
                title: title
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(LONGEST_TITLE)
                    .collect(),
            })
        });
        let mut chapters: Vec<Chapter> = titled
            .filter(|one| !one.title.is_empty())
            .take(MOST_CHAPTERS)
            .collect();
        chapters.sort_by_key(|one| one.start_ms);
        chapters
    }
}

impl Stream {
    fn video(&self) -> VideoStream {
        let turned = self.side_data_list.iter().find_map(|data| data.rotation);
        let turned = turned
            .or_else(|| self.tags.rotate.as_deref()?.parse().ok())
            .unwrap_or(0.0);
        // Quarter turns, of which an odd number makes a lying picture stand.
        let is_turned = (turned / 90.0).round().rem_euclid(2.0) == 1.0;
        let (across, down) = ratio(&self.sample_aspect_ratio, ':').unwrap_or((1, 1));
        let shown = u64::from(self.width) * u64::from(across) / u64::from(down);
        let (width, height) = (
            u32::try_from(shown).unwrap_or(self.width).max(1),
            self.height,
        );
        let (width, height) = match is_turned {
            true => (height, width),
            false => (width, height),
        };
        VideoStream {
            index: self.index,
            codec: self.codec_name.clone(),
            profile: self.profile.clone(),
            level: self.level,
            pixel_format: self.pix_fmt.clone(),
            width,
            height,
            stored: (self.width, self.height),
            is_turned,
            is_interlaced: matches!(self.field_order.as_str(), "tt" | "bb" | "tb" | "bt"),
            is_hdr: matches!(self.color_transfer.as_str(), "smpte2084" | "arib-std-b67"),
            frames_per_s: ratio(&self.avg_frame_rate, '/')
                .map_or(0, |(frames, seconds)| frames.div_ceil(seconds)),
        }
    }

    #[cfg(test)]
    fn of(json: serde_json::Value) -> Self {
        serde_json::from_value(json).unwrap()
    }
}

/// Two numbers above zero; `None` for anything else, such as 0:1 or N/A.
fn ratio(text: &str, between: char) -> Option<(u32, u32)> {
    let (one, other) = text.split_once(between)?;
    let (one, other) = (one.parse().ok()?, other.parse().ok()?);
    (one > 0 && other > 0).then_some((one, other))
}

/// Seconds with a fraction, as ffprobe prints them, in milliseconds; `None` for N/A and what is below zero.
fn milliseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.parse().ok()?;
    let ms = (seconds * 1000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "compared with both ends on the line itself"
    )]
    (0.0..1e15).contains(&ms).then_some(ms as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_picture_is_as_large_as_it_is_shown() {
        let phone = json!({"width": 1920, "height": 1080, "side_data_list": [{"rotation": -90}]});
        let old_phone = json!({"width": 1920, "height": 1080, "tags": {"rotate": "270"}});
        let upside_down =
            json!({"width": 1920, "height": 1080, "side_data_list": [{}, {"rotation": 180}]});
        let wide = json!({"width": 720, "height": 576, "sample_aspect_ratio": "64:45"});
        let unknown = json!({"width": 320, "height": 180, "sample_aspect_ratio": "0:1"});
        let shapes = [phone, old_phone, upside_down, wide, unknown].map(|stream| {
            let video = Stream::of(stream).video();
            (video.width, video.height)
        });
        assert_eq!(
            shapes,
            [
                (1080, 1920),
                (1080, 1920),
                (1920, 1080),
                (1024, 576),
                (320, 180)
            ]
        );
    }

    #[test]
    fn the_track_that_is_meant_is_taken() {
        let answer: Answer = serde_json::from_value(json!({
            "format": {"duration": "12.0005"},
            "streams": [
                {"index": 0, "codec_type": "video", "codec_name": "png", "width": 300, "height": 300},
                {"index": 1, "codec_type": "video", "codec_name": "h264", "width": 320, "height": 180, "avg_frame_rate": "30000/1001"},
                {"index": 2, "codec_type": "audio", "codec_name": "aac", "channels": 2},
                {"index": 3, "codec_type": "audio", "codec_name": "ac3", "channels": 6, "disposition": {"default": 1}},
                {"index": 4, "codec_type": "video", "codec_name": "hevc", "width": 3, "height": 2, "disposition": {"attached_pic": 1}},
            ],
            "chapters": [{"start_time": "10.0", "tags": {"title": " Vragen "}}, {"start_time": "0.0"}],
        }))
        .unwrap();
        let streams = answer.streams();
        assert_eq!(streams.duration_ms, Some(12001));
        let video = streams.video.unwrap();
        assert_eq!((video.index, video.frames_per_s), (1, 30));
        assert_eq!(streams.audio.unwrap().index, 3);
        assert_eq!(streams.chapters.len(), 1);
        assert_eq!(streams.chapters[0].title, "Vragen");
    }

    #[test]
    fn what_is_no_number_is_not_known() {
        for odd in ["N/A", "", "-1", "inf", "nan", "1e300"] {
            assert_eq!(milliseconds(odd), None, "{odd}");
        }
        assert_eq!(milliseconds("0.0004"), Some(0));
    }
}
