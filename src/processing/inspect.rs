//! Holds what ffprobe says of an original against what the program read by itself. In: an original. Out: its facts, corrected where
//! ffprobe knows better: the length, the size as shown, and the chapters where none were found.

use super::making::Making;
use super::streams::Streams;
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::job;
use crate::catalogue::original::{self, Facts};
use crate::error::Result;

/// The name of this step, and its version.
pub const NAME: &str = "inspect";
pub const RECIPE: u32 = 1;

/// Query for originals that were not inspected, for [`job::plan`]. The number is [`RECIPE`].
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'inspect' AND recipe = 1)";

/// By how many milliseconds two readers of one file may differ: one counts to the last frame, the other to its end.
const NEAR_MS: u64 = 500;

pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let streams = making
        .on_file(|making, input| making.streams(input))
        .await?;
    let original = making.original();
    let (id, facts) = (original.id, corrected(&original.facts, &streams));
    if let Some(facts) = &facts {
        let before = &original.facts;
        tracing::info!(
            recording = %making.public_id(), file = original.place.file,
            duration_ms = ?(before.duration_ms, facts.duration_ms), width = ?(before.width, facts.width), height = ?(before.height, facts.height),
            chapters = ?(before.chapters.len(), facts.chapters.len()), "ffprobe corrects what was read of a file"
        );
    }
    Ok(Box::new(move |conn, _| {
        if let Some(facts) = facts {
            original::correct(conn, id, &facts)?;
        }
        job::mark_done(conn, id, NAME, RECIPE)
    }))
}

/// The facts as they are, where they are not those that were read.
fn corrected(read: &Facts, streams: &Streams) -> Option<Facts> {
    let mut facts = read.clone();
    let is_near = |ms: u64| {
        read.duration_ms
            .is_some_and(|read| read.abs_diff(ms) <= NEAR_MS)
    };
    if let Some(ms) = streams.duration_ms.filter(|ms| !is_near(*ms)) {
        facts.duration_ms = Some(ms);
    }
    match &streams.video {
        Some(video) => (facts.width, facts.height) = (Some(video.width), Some(video.height)),
        None if streams.audio.is_some() => (facts.width, facts.height) = (None, None),
        None => {}
    }
    if facts.chapters.is_empty() {
        facts.chapters.clone_from(&streams.chapters);
    }
    (facts != *read).then_some(facts)
}

#[cfg(test)]
mod tests {
    use super::super::streams::AudioStream;
    use super::*;
    use crate::catalogue::chapter::Chapter;

    #[test]
    fn only_what_differs_is_corrected() {
        let read = Facts {
            duration_ms: Some(10_000),
            width: None,
            ..Facts::default()
        };
        let sound = Some(AudioStream {
            index: 0,
            codec: "aac".to_owned(),
            profile: "LC".to_owned(),
            channels: 1,
        });
        let of = |ms| Streams {
            duration_ms: ms,
            audio: sound.clone(),
            ..Streams::default()
        };
        for same in [Some(10_400), Some(9_600), None] {
            assert_eq!(corrected(&read, &of(same)), None, "{same:?}");
        }
        assert_eq!(
            corrected(&read, &of(Some(12_000))).unwrap().duration_ms,
            Some(12_000)
        );
        let chapters = vec![Chapter {
            start_ms: 0,
            title: "Welkom".to_owned(),
        }];
        let with = Streams {
            chapters: chapters.clone(),
            ..of(None)
        };
        assert_eq!(corrected(&read, &with).unwrap().chapters, chapters);
    }
}
