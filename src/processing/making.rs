//! What all steps that make files have in common: the open original, a folder of their own, a converter at its limits, and the way of what
//! was made among the renditions. In: a job. Out: whole files under their final names, and the rows for them.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::ffmpeg::{self, Failed, Run, Tools};
use super::streams::{self, MOST_PIXELS, Streams, VideoStream};
use super::work::{Rows, Work};
use super::{encode, problem};
use crate::app::App;
use crate::catalogue::frame::{self, Frame};
use crate::catalogue::original::{self, Original};
use crate::catalogue::rendition::{self, Made, Recipe};
use crate::catalogue::{PublicId, id, job, recording};
use crate::error::{Error, Result};
use crate::library::{self, Library};
use crate::probe;

const MB: u64 = 1_000_000;

/// How long making one picture may take, where key frames lie far apart, and how large one may be, in MB.
const PATIENCE: Duration = Duration::from_secs(60);
const PICTURE_MB: u64 = 8;

/// What the pictures of a recording take at most while the best are sought, in MB.
const FRAMES_MB: u64 = 100;

/// A step that makes files, under way.
#[derive(Clone)]
pub struct Making {
    app: App,
    work: Work,
    tools: Arc<Tools>,
    original: Arc<Original>,
    public_id: PublicId,
    demuxer: &'static str,
    folder: Arc<WorkFolder>,
    /// By which recipes an older version of the step made what there is.
    before: Arc<[Recipe]>,
}

/// A file that was made.
#[derive(Debug)]
pub struct Output {
    pub path: PathBuf,
    pub recipe: Recipe,
}

/// The folder of a job, which goes with it.
struct WorkFolder {
    library: Library,
    name: String,
    path: PathBuf,
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // What stays is removed by the next sweep.
        let _ = self.library.remove_work_folder(&self.name);
    }
}

/// Bytes that must be free for a step beside the floor. A remux is as large as the original, and a new encoding rarely larger; what is
/// made for weak lines is as large as its rate, and the other steps keep frames and captions.
fn room(step: &str, original: &Original) -> u64 {
    let size = original.place.size_bytes;
    let at = |picture: encode::Picture, sound: encode::Sound| {
        let kbit_s = picture.kbit_s + sound.kbit_s;
        encode::file_mb(original.facts.duration_ms, kbit_s).saturating_mul(MB)
    };
    match step {
        "small" => at(encode::P360, encode::SPEECH).min(size),
        "medium" => at(encode::P720, encode::STEREO).min(size),
        "full" => size,
        _ => (FRAMES_MB * MB).min(size),
    }
}

impl Making {
    /// Begins the job; `None` when there is nothing to make: the original is gone, or ffmpeg does not get such a file.
    ///
    /// [`Error::DiskFull`] when there is no room.
    pub async fn begin(app: &App, work: &Work) -> Result<Option<Self>> {
        let (Some(original_id), Some(tools)) = (work.job.original_id, work.tools.clone()) else {
            return Ok(None);
        };
        let (recording_id, step) = (work.job.recording_id, work.job.step.clone());
        let found = app.db.read(move |conn| {
            let original = original::by_id(conn, original_id)?;
            Ok((
                original,
                recording::public_id(conn, recording_id)?,
                rendition::total_bytes(conn)?,
                rendition::made_by_older(conn, original_id, &step)?,
            ))
        });
        let (original, public_id, total, before) = found.await?;
        let demuxer = streams::demuxer(original.media_type());
        let Some(demuxer) = demuxer.filter(|_| !original.missing && !original.superseded) else {
            return Ok(None);
        };
        let most = app.config.renditions_mb.saturating_mul(MB);
        let makes_renditions = matches!(work.job.step.as_str(), "full" | "small" | "medium");
        if makes_renditions && most > 0 && total >= most {
            return Err(Error::DiskFull);
        }
        let floor = app.config.free_mb.saturating_mul(MB);
        let room = room(&work.job.step, &original);
        let name = format!("{}-{}", work.job.id, id::random::<8>()?);
        let folder = app.library.run(move |library| {
            if library
                .free_bytes()
                .is_some_and(|free| free < floor.saturating_add(room))
            {
                return Err(Error::DiskFull);
            }
            let path = library.make_work_folder(&name)?;
            let library = library.clone();
            Ok(WorkFolder {
                library,
                name,
                path,
            })
        });
        Ok(Some(Self {
            app: app.clone(),
            work: work.clone(),
            tools,
            original: Arc::new(original),
            public_id,
            demuxer,
            folder: Arc::new(folder.await?),
            before: before.into(),
        }))
    }

    /// Runs work on the open original, on a thread of its own that may take hours.
    pub async fn on_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self, &File) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let making = self.clone();
        // Not one of the library's threads: those are few, and answer visitors.
        let done = tokio::task::spawn_blocking(move || {
            let file = making.app.library.open_unchanged(&making.original.place)?;
            work(&making, &file)
        });
        done.await.map_err(Error::internal)?
    }

    /// Path of a file to be made.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path.join(name)
    }

    pub fn original(&self) -> &Original {
        &self.original
    }

    pub fn public_id(&self) -> &PublicId {
        &self.public_id
    }

    /// Whether an older version of the step made this, so that it need not be made again.
    pub fn has(&self, recipe: Recipe) -> bool {
        self.before.contains(&recipe)
    }

    /// Whether ffmpeg encodes by the library of this name. Waits for its answer.
    pub fn encodes_with(&self, library: &str) -> Result<bool> {
        let answer = self.tools.encodes_with(library, &self.folder.path);
        answer.map_err(problem)
    }

    pub fn is_stopped(&self) -> bool {
        self.work.is_stopped()
    }

    /// What ffprobe says of the original.
    pub fn streams(&self, input: &File) -> Result<Streams> {
        let stopped = || self.work.is_stopped();
        let found = streams::read(
            &self.tools,
            (self.demuxer, input),
            &self.folder.path,
            stopped,
        );
        let mut found = found.map_err(problem)?;
        found.duration_ms = found.duration_ms.or(self.original.facts.duration_ms);
        Ok(found)
    }

    /// The same, for a step that decodes the original.
    ///
    /// Errors when that would take more than a recording of a training needs.
    pub fn streams_to_decode(&self, input: &File) -> Result<Streams> {
        let found = self.streams(input)?;
        if found.duration_ms.is_some_and(|ms| ms > encode::A_DAY_MS) {
            return Err(Error::internal(
                "a recording that says to be longer than a day is not converted",
            ));
        }
        let pixels = found
            .video
            .as_ref()
            .map(|it| u64::from(it.stored.0) * u64::from(it.stored.1));
        match pixels.is_some_and(|pixels| pixels > MOST_PIXELS) {
            true => Err(Error::internal(format!(
                "a picture of more than {MOST_PIXELS} pixels is not decoded"
            ))),
            false => Ok(found),
        }
    }

    /// Converts the original: `arguments` name the outputs. `kbit_s`: bits a second that they may take together, in thousands.
    pub fn convert(
        &self,
        input: &File,
        streams: &Streams,
        arguments: Vec<OsString>,
        kbit_s: u32,
    ) -> Result<(), Failed> {
        let mut all = encode::beginning();
        all.extend(streams::opened(self.demuxer));
        all.extend(arguments);
        // What is copied is as large as it is.
        let copied_mb = self.original.place.size_bytes / MB * 5 / 4;
        let run = Run {
            program: &self.tools.ffmpeg,
            arguments: all,
            input: Some(input),
            work: &self.folder.path,
            longest: encode::longest(streams.duration_ms),
            file_mb: encode::file_mb(streams.duration_ms, kbit_s) + copied_mb,
        };
        let whole = streams.duration_ms.unwrap_or(0);
        self.tools.run(
            &run,
            || self.work.is_stopped(),
            |line| {
                if let Some(part) = ffmpeg::out_time_ms(line) {
                    self.work.progress(part, whole);
                }
            },
        )
    }

    /// Makes a picture of the frame at a moment. A moment after the end gives no file.
    pub fn picture(
        &self,
        input: &File,
        (video, at_ms): (&VideoStream, u64),
        path: &Path,
    ) -> Result<(), Failed> {
        let mut all = encode::beginning();
        let at = format!("{}.{:03}", at_ms / 1000, at_ms % 1000);
        // Before the input: it goes to the last key frame before the moment, and decodes from there.
        all.extend(encode::words(&["-ss", &at]));
        all.extend(streams::opened(self.demuxer));
        all.extend(encode::P720.frame(video, path));
        let run = Run {
            program: &self.tools.ffmpeg,
            arguments: all,
            input: Some(input),
            work: &self.folder.path,
            longest: PATIENCE,
            file_mb: PICTURE_MB,
        };
        self.tools.run(&run, || self.work.is_stopped(), |_| ())
    }

    /// Gives a picture its place among the frames. Waits for the disk.
    pub fn keep_frame(&self, made: &Path, at_ms: u64) -> Result<Frame> {
        let mut file = File::open(made)?;
        let size = file.metadata()?.len();
        let run = id::random::<6>()?;
        let name = frame::file_of(&self.public_id, &self.original.version, at_ms, &run);
        Ok(Frame {
            original_id: self.original.id,
            at_ms,
            version: library::version(&mut file, size)?,
            place: self.app.library.keep_frame(made, &name)?,
        })
    }

    /// Examines a file that was made: it has to play where its kind is offered, and to be as long as the original.
    pub fn examine(&self, output: &Output, streams: &Streams) -> Result<()> {
        let file = File::open(&output.path)?;
        let size = file.metadata()?.len();
        let made = probe::probe(file, size).map_err(Error::internal)?;
        let plays = match made.verdict.plays {
            probe::Plays::Yes => true,
            probe::Plays::Some => !output.recipe.kind.plays_everywhere(),
            probe::Plays::No => false,
        };
        if !plays {
            return Err(Error::internal(format!(
                "what was made does not play: {}",
                made.verdict.reason.key()
            )));
        }
        // A second, or a hundredth of a long one, may be missing where the file was broken off.
        let is_short = streams
            .duration_ms
            .zip(made.duration_ms)
            .is_some_and(|(of, made)| made + 1000 + of / 100 < of);
        if is_short {
            tracing::warn!(recording = %self.public_id, of = streams.duration_ms, made = made.duration_ms, "a rendition is shorter than its original");
        }
        Ok(())
    }

    /// Gives what was made its place, and returns the rows for it.
    pub async fn keep(self, outputs: Vec<Output>, step: &'static str, recipe: u32) -> Result<Rows> {
        let making = self.clone();
        let kept = tokio::task::spawn_blocking(move || {
            let one = |output: &Output| making.keep_one(output);
            outputs.iter().map(one).collect::<Result<Vec<Made>>>()
        });
        let made = kept.await.map_err(Error::internal)??;
        let original_id = self.original.id;
        Ok(Box::new(move |conn, now| {
            for one in &made {
                rendition::add(conn, one, now)?;
            }
            job::mark_done(conn, original_id, step, recipe)
        }))
    }

    fn keep_one(&self, output: &Output) -> Result<Made> {
        let file = File::open(&output.path)?;
        let size = file.metadata()?.len();
        let found = probe::probe(file, size).map_err(Error::internal)?;
        let ending = output
            .path
            .extension()
            .unwrap_or_default()
            .to_string_lossy();
        // No two runs make a file of one name, so that a late one never replaces what the catalogue knows.
        let ending = format!("{}.{ending}", id::random::<6>()?);
        let name = rendition::file_of(
            &self.public_id,
            &self.original.version,
            output.recipe,
            &ending,
        );
        Ok(Made {
            original_id: self.original.id,
            recipe: output.recipe,
            place: self.app.library.keep_rendition(&output.path, &name)?,
            media_type: found.media_type().to_owned(),
            codecs: found.codecs,
            duration_ms: found.duration_ms.or(self.original.facts.duration_ms),
            width: found.video.as_ref().map(|video| video.width),
            height: found.video.as_ref().map(|video| video.height),
        })
    }
}
