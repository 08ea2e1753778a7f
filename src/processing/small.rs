//! Makes renditions for weak lines. In: an original. Out: a picture of 360 pixels and the sound alone, in one decoding; of a recording
//! without a picture, or with a small one, what is of use.

use std::fs::File;

use super::encode::{self, OPUS_LIBRARY, P360, P720, SPEECH, SPEECH_IN_OPUS, STEREO, words};
use super::making::{Making, Output};
use super::problem;
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::rendition::{Recipe, RenditionKind};
use crate::error::Result;

/// The version of the ways in which these files are made.
const RECIPE: u32 = 1;

/// The versions of the steps. A newer one makes what was not made before; since the second the sound is made as Opus as well.
const SMALL: u32 = 2;
const MEDIUM: u32 = 1;

/// Queries for originals without their small renditions, for [`crate::catalogue::job::plan`]. The numbers are [`SMALL`] and [`MEDIUM`].
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready' AND width IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'small' AND recipe = 2)";
pub const WANTED_720P: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready' AND min(width, height) > 720
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'medium' AND recipe = 1)";

/// Makes 360p and the sound alone.
pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let outputs = making.on_file(make_small).await?;
    making.keep(outputs, "small", SMALL).await
}

/// Makes those of them that are of use and were not made before.
fn make_small(making: &Making, input: &File) -> Result<Vec<Output>> {
    let streams = making.streams_to_decode(input)?;
    let (mut all, mut outputs) = (Vec::new(), Vec::new());
    let mut add = |kind, name: &str, arguments| {
        let (path, recipe) = (making.path(name), of(kind));
        if !making.has(recipe) {
            all.extend(arguments);
            all.extend(encode::output(&path));
            outputs.push(Output { path, recipe });
        }
    };
    if let Some(video) = streams.video.as_ref().filter(|video| P360.is_of_use(video)) {
        let arguments = [P360.arguments(video), SPEECH.arguments(&streams)];
        add(RenditionKind::P360, "360p.mp4", arguments.concat());
    }
    if streams.audio.is_some() && streams.video.is_some() {
        let alone = |sound: encode::Sound| [words(&["-vn"]), sound.arguments(&streams)].concat();
        add(RenditionKind::Sound, "sound.m4a", alone(SPEECH));
        if making.encodes_with(OPUS_LIBRARY)? {
            add(RenditionKind::Opus, "opus.m4a", alone(SPEECH_IN_OPUS));
        }
    }
    if !outputs.is_empty() {
        let kbit_s = P360.kbit_s + SPEECH.kbit_s;
        making
            .convert(input, &streams, all, kbit_s)
            .map_err(problem)?;
    }
    for output in &outputs {
        making.examine(output, &streams)?;
    }
    Ok(outputs)
}

/// Makes 720p.
pub async fn run_720p(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let outputs = making.on_file(|making, input| {
        let streams = making.streams_to_decode(input)?;
        let Some(video) = streams.video.as_ref().filter(|video| P720.is_of_use(video)) else {
            return Ok(Vec::new());
        };
        let path = making.path("720p.mp4");
        let mut all = P720.arguments(video);
        all.extend(STEREO.arguments(&streams));
        all.extend(encode::output(&path));
        making
            .convert(input, &streams, all, P720.kbit_s + STEREO.kbit_s)
            .map_err(problem)?;
        let output = Output {
            path,
            recipe: of(RenditionKind::P720),
        };
        making.examine(&output, &streams)?;
        Ok(vec![output])
    });
    let outputs = outputs.await?;
    making.keep(outputs, "medium", MEDIUM).await
}

fn of(kind: RenditionKind) -> Recipe {
    Recipe {
        kind,
        number: RECIPE,
    }
}
