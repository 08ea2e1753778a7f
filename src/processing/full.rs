//! Makes a recording playable in every browser. In: an original that some browsers refuse. Out: nothing where all play it; its streams in
//! another container where only that stood in the way, without touching a picture; otherwise a new encoding, as large as the original.

use std::ffi::OsString;

use super::encode::{self, FULL, STEREO, words};
use super::making::{Making, Output};
use super::problem;
use super::streams::Streams;
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::rendition::{Recipe, RenditionKind};
use crate::error::Result;

/// The version of this step.
pub const RECIPE: u32 = 1;

/// Query for originals that some browsers refuse, for [`crate::catalogue::job::plan`]. The number is [`RECIPE`].
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
       AND verdict NOT IN ('verdict-plays', 'verdict-nothing', 'verdict-encrypted')
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'full' AND recipe = 1)";

/// Bytes of an index in front for each second of a film: sizes, times and places of 60 pictures and 50 pieces of sound.
const INDEX_PER_S: u64 = 60 * 24 + 50 * 16;

pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let outputs = making.on_file(|making, input| {
        let streams = making.streams_to_decode(input)?;
        if streams.video.is_none() && streams.audio.is_none() {
            return Ok(Vec::new());
        }
        let mut refused = None;
        for way in Way::of(&streams) {
            let path = making.path(&format!("full.{}", way.ending(&streams)));
            let mut all = way.arguments(&streams);
            all.push(encode::file(&path));
            let made = making.convert(input, &streams, all, FULL.kbit_s + STEREO.kbit_s);
            let recipe = Recipe {
                kind: RenditionKind::Full,
                number: RECIPE,
            };
            let output = Output { path, recipe };
            let made = made
                .map_err(problem)
                .and_then(|()| making.examine(&output, &streams));
            match made {
                Ok(()) => return Ok(vec![output]),
                Err(problem) if making.is_stopped() => return Err(problem),
                Err(problem) => refused = Some(problem),
            }
        }
        refused.map_or_else(|| Ok(Vec::new()), Err)
    });
    let outputs = outputs.await?;
    making.keep(outputs, "full", RECIPE).await
}

/// A way to make it, from the one that costs the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The streams as they are, in WebM.
    WebM,
    /// The streams that every browser plays as they are, in MP4, with room for the index in front: gigabytes are written once.
    Mp4,
    /// The same, written a second time to bring the index to the front, where the room did not suffice.
    Mp4Twice,
    /// A new encoding of picture and sound.
    Encoded,
}

impl Way {
    /// The ways that may do, the cheapest first. The next is tried when a player would refuse what one made.
    fn of(streams: &Streams) -> Vec<Self> {
        let (video, audio) = (streams.video.as_ref(), streams.audio.as_ref());
        let is_webm = video.is_some_and(|it| {
            matches!(it.codec.as_str(), "vp8" | "vp9") && is_plain(&it.pixel_format)
        }) && audio
            .is_none_or(|it| matches!(it.codec.as_str(), "opus" | "vorbis") && it.channels <= 2);
        let keeps_any = keeps_picture(streams) || keeps_sound(streams);
        match (is_webm, keeps_any) {
            (true, _) => vec![Self::WebM, Self::Encoded],
            (false, true) => vec![Self::Mp4, Self::Mp4Twice, Self::Encoded],
            (false, false) => vec![Self::Encoded],
        }
    }

    fn ending(self, streams: &Streams) -> &'static str {
        match (self, &streams.video) {
            (Self::WebM, _) => "webm",
            (_, Some(_)) => "mp4",
            (_, None) => "m4a",
        }
    }

    /// The arguments up to the name of the file.
    fn arguments(self, streams: &Streams) -> Vec<OsString> {
        let mut all = Vec::new();
        let is_copy = self != Self::Encoded;
        if let Some(video) = &streams.video {
            match is_copy && (self == Self::WebM || keeps_picture(streams)) {
                true => all.extend(words(&[
                    "-map",
                    &format!("0:{}", video.index),
                    "-c:v",
                    "copy",
                ])),
                false => all.extend(FULL.arguments(video)),
            }
        }
        match &streams.audio {
            Some(audio) if is_copy && (self == Self::WebM || keeps_sound(streams)) => {
                all.extend(words(&[
                    "-map",
                    &format!("0:{}", audio.index),
                    "-c:a",
                    "copy",
                ]));
            }
            _ => all.extend(STEREO.arguments(streams)),
        }
        all.extend(words(&[
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-sn",
            "-dn",
        ]));
        match self {
            Self::WebM => all.extend(words(&["-cues_to_front", "1", "-f", "webm"])),
            Self::Mp4 => {
                let seconds = streams.duration_ms.unwrap_or(0).div_ceil(1000);
                let room = 100_000 + seconds.saturating_mul(INDEX_PER_S);
                all.extend(words(&[
                    "-moov_size",
                    &room.min(64_000_000).to_string(),
                    "-f",
                    "mp4",
                ]));
            }
            Self::Mp4Twice | Self::Encoded => {
                all.extend(words(&["-movflags", "+faststart", "-f", "mp4"]))
            }
        }
        all
    }
}

/// Whether the picture can stay as it is. Level 5.1 is what phones of the last ten years decode.
fn keeps_picture(streams: &Streams) -> bool {
    streams.video.as_ref().is_some_and(|it| {
        it.codec == "h264"
            && is_plain(&it.pixel_format)
            && !it.is_interlaced
            && it.level <= 51
            && it.profile != "Extended"
    })
}

fn keeps_sound(streams: &Streams) -> bool {
    streams
        .audio
        .as_ref()
        .is_some_and(|it| it.codec == "aac" && it.profile == "LC" && it.channels <= 2)
}

/// Eight bits, with half the colour in each direction: what every decoder in hardware knows.
fn is_plain(pixel_format: &str) -> bool {
    matches!(pixel_format, "yuv420p" | "yuvj420p")
}
