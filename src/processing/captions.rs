//! Takes captions out of a file. In: an original with streams of timed text, as recorders of meetings write them. Out: one WebVTT file for
//! each language beside it, where the recording has no captions in that language yet. From then on it is a file of the folder like any
//! other: a person may correct it or take it away, and it is not taken out again.

use std::path::{Path, PathBuf};

use tracing::warn;

use super::encode::{file, words};
use super::making::Making;
use super::problem;
use super::streams::{Streams, TextStream};
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::archive::{Archive, Change};

use crate::catalogue::recording::{self, Recording};
use crate::catalogue::{caption, job, language};
use crate::error::Result;
use crate::library::Library;
use crate::timed_text;

/// The name of this step, and its version.
const NAME: &str = "captions";
pub const RECIPE: u32 = 1;

/// Query for originals whose captions were not looked for, for [`job::plan`]. Not those that were there before the portal made files:
/// nothing that visitors see of them changes by itself. The number is [`RECIPE`].
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM original
     WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
       AND id > (SELECT backlog FROM processing)
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE original_id = original.id AND step = 'captions' AND recipe = 1)";

/// Codecs of timed text in words; captions of discs are pictures.
const TEXT: [&str; 6] = ["subrip", "ass", "ssa", "webvtt", "mov_text", "text"];

/// Most streams that are taken out of one file.
const MOST: usize = 20;

/// The largest captions, in MB.
const LARGEST_MB: u32 = 8;

/// Who did it, in the list of who did what.
const ACTOR: &str = "portal";

pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let recording_id = work.job.recording_id;
    let found = app.db.read(move |conn| {
        Ok((
            recording::by_id(conn, recording_id)?,
            caption::of_recording(conn, recording_id)?,
        ))
    });
    let (recording, captions) = found.await?;
    let (main, there) = (
        recording.language().to_owned(),
        captions
            .into_iter()
            .filter(|it| !it.is_forced())
            .map(|it| it.language)
            .collect::<Vec<_>>(),
    );
    let taken = making.on_file(move |making, input| {
        let streams = making.streams(input)?;
        let wanted = wanted(&streams, &main, &there);
        let mut taken = Vec::new();
        for (stream, language) in wanted {
            let path = making.path(&format!("{}.vtt", stream.index));
            let mut all = words(&[
                "-map",
                &format!("0:{}", stream.index),
                "-c:s",
                "webvtt",
                "-f",
                "webvtt",
            ]);
            all.push(file(&path));
            making.convert(input, &streams, all, 0).map_err(problem)?;
            taken.extend(text(&path, stream)?.map(|text| (language, text)));
        }
        Ok(taken)
    });
    let taken = taken.await?;
    let original = making.original();
    let (id, folder) = (original.id, original.place.folder.clone());
    if !taken.is_empty() {
        put(app, &recording, &folder, taken).await?;
    }
    Ok(Box::new(move |conn, _| {
        job::mark_done(conn, id, NAME, RECIPE)
    }))
}

/// Puts captions beside a recording: a language and the text of the file each.
async fn put(
    app: &App,
    recording: &Recording,
    folder: &str,
    taken: Vec<(String, Vec<u8>)>,
) -> Result<()> {
    let id = &recording.public_id;
    let archive = Archive::of_recordings(app, ACTOR, std::slice::from_ref(id)).await?;
    let changes = taken.into_iter().map(|(language, text)| {
        let name = format!("{}.{language}.vtt", recording.stem);
        let (place, named) = (folder.to_owned(), name.clone());
        let files = move |library: &Library| match library.stat(&place, &named)? {
            // Somebody brought them meanwhile.
            Some(_) => Ok(()),
            None => library.write(&place, &named, &text),
        };
        let subject = format!("recording {id}");
        let change =
            Change::of_recording("set captions", subject, (folder, &recording.stem), files);
        change.saying(None, Some(name))
    });
    archive.commit(changes.collect()).await.map(drop)
}

/// The streams to take out, with the language of each: the first of every language that the recording has no captions in. One that does
/// not say its language is in that of the recording.
fn wanted<'a>(streams: &'a Streams, main: &str, there: &[String]) -> Vec<(&'a TextStream, String)> {
    let mut wanted: Vec<(&TextStream, String)> = Vec::new();
    for stream in streams
        .text
        .iter()
        .filter(|it| TEXT.contains(&it.codec.as_str()))
    {
        let said = stream.language.as_deref().filter(|said| *said != "und");
        let Some(language) = language::tag(said.unwrap_or(main)) else {
            continue;
        };
        let is_there =
            there.contains(&language) || wanted.iter().any(|(_, other)| *other == language);
        if !is_there && wanted.len() < MOST {
            wanted.push((stream, language));
        }
    }
    wanted
}

/// The captions that were taken out, as this program writes them; `None` when nothing in them can be read. Where something in them is
/// odd the file keeps it, so that what reads it names the line at the desk as of any other file.
fn text(path: &Path, stream: &TextStream) -> Result<Option<Vec<u8>>> {
    let index = stream.index;
    if path.metadata()?.len() > u64::from(LARGEST_MB) * 1_000_000 {
        warn!(index, "the captions in the file are too large");
        return Ok(None);
    }
    let bytes = std::fs::read(PathBuf::from(path))?;
    match timed_text::read(&bytes) {
        Ok(read) if read.cues.is_empty() => Ok(None),
        Ok(read) if read.warnings.is_empty() => {
            Ok(Some(timed_text::write_vtt(read.cues.iter()).into_bytes()))
        }
        Ok(_) => Ok(Some(bytes)),
        Err(broken) => {
            warn!(index, %broken, "the captions in the file cannot be read");
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_each_language_is_taken_that_is_not_there_yet() {
        let text = |index, codec: &str, language: Option<&str>| TextStream {
            index,
            codec: codec.to_owned(),
            language: language.map(str::to_owned),
        };
        let streams = Streams {
            text: vec![
                text(2, "subrip", Some("dut")),
                text(3, "mov_text", Some("und")),
                text(4, "dvd_subtitle", Some("fre")),
                text(5, "ass", Some("eng")),
                text(6, "subrip", Some("not a tag")),
                text(7, "webvtt", Some("deu")),
            ],
            ..Streams::default()
        };
        let taken = |there: &[&str]| {
            let there: Vec<String> = there.iter().map(|it| (*it).to_owned()).collect();
            let wanted = wanted(&streams, "nl", &there);
            wanted
                .into_iter()
                .map(|(stream, language)| (stream.index, language))
                .collect::<Vec<_>>()
        };
        let all =
            [(2, "nl"), (5, "en"), (7, "de")].map(|(index, language)| (index, language.to_owned()));
        assert_eq!(taken(&[]), all);
        assert_eq!(taken(&["nl"]), all[1..]);
    }
}
