//! Makes renditions for weak lines. In: an original. Out: a picture of 360 pixels and the sound alone, in one decoding; of a recording
//! without a picture, or with a small one, what is of use.

use super::encode::{self, P360, P720, SPEECH, STEREO, words};
use super::making::{Making, Output};
use super::problem;
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::rendition::{Recipe, RenditionKind};
use crate::error::Result;

/// The version of these steps.
pub const RECIPE: u32 = 1;

/// Queries for originals without their small renditions, for [`crate::catalogue::job::plan`]. The number is [`RECIPE`].
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready' AND width IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'small' AND recipe = 1)";
pub const WANTED_720P: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready' AND min(width, height) > 720
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'medium' AND recipe = 1)";

/// Makes 360p and the sound alone.
pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let outputs = making.on_file(|making, input| {
        let streams = making.streams_to_decode(input)?;
        let mut all = Vec::new();
        let mut outputs = Vec::new();
        if let Some(video) = streams.video.as_ref().filter(|video| P360.is_of_use(video)) {
            let path = making.path("360p.mp4");
            all.extend(P360.arguments(video));
            all.extend(SPEECH.arguments(&streams));
            all.extend(encode::output(&path));
            outputs.push(Output {
                path,
                recipe: of(RenditionKind::P360),
            });
        }
        if streams.audio.is_some() && streams.video.is_some() {
            let path = making.path("sound.m4a");
            all.extend(words(&["-vn"]));
            all.extend(SPEECH.arguments(&streams));
            all.extend(encode::output(&path));
            outputs.push(Output {
                path,
                recipe: of(RenditionKind::Sound),
            });
        }
        if !outputs.is_empty() {
            making
                .convert(input, &streams, all, P360.kbit_s + SPEECH.kbit_s)
                .map_err(problem)?;
        }
        for output in &outputs {
            making.examine(&output.path, &streams)?;
        }
        Ok(outputs)
    });
    let outputs = outputs.await?;
    making.keep(outputs, "small", RECIPE).await
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
        making.examine(&path, &streams)?;
        Ok(vec![Output {
            path,
            recipe: of(RenditionKind::P720),
        }])
    });
    let outputs = outputs.await?;
    making.keep(outputs, "medium", RECIPE).await
}

fn of(kind: RenditionKind) -> Recipe {
    Recipe {
        kind,
        number: RECIPE,
    }
}
