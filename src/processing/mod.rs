//! Background work on files. In: files in the library and queued jobs. Out: hashes of whole files, pictures, and files for playing in the
//! data folder. Every step may run twice, and a visitor can watch before any of them ran.

mod captions;
pub mod confined;
pub mod encode;
pub mod estimate;
pub mod ffmpeg;
mod full;
pub mod hash;
pub mod inspect;
mod making;
mod picture;
pub mod poster;
mod small;
pub mod streams;
pub mod work;
pub mod worker;

use futures_util::future::BoxFuture;

use self::ffmpeg::Failed;
use self::work::{Rows, Work};
use crate::app::App;
use crate::catalogue;
use crate::config::{Config, Pictures, Renditions};
use crate::error::{Error, Result};

/// A kind of background work.
pub struct Step {
    /// The name in jobs and in the log; `step-{name}` is the text for coordinators, and `problem-{name}-step` the one when it fails.
    pub name: &'static str,
    /// The SQL that selects what the step still has to be done for, see [`catalogue::job::plan`].
    pub wanted: &'static str,
    /// The step with the lowest number runs first.
    pub priority: i64,
    /// Whether the settings want it; those that need ffmpeg are left out where it is not installed.
    pub is_wanted: fn(&Config) -> bool,
    pub needs_ffmpeg: bool,
    /// Runs the step for one job. A job that succeeds is removed from the queue, in one transaction with what the step writes.
    pub run: for<'a> fn(&'a App, &'a Work) -> BoxFuture<'a, Result<Rows>>,
}

/// All steps.
pub const STEPS: &[Step] = &[
    Step {
        name: inspect::NAME,
        wanted: inspect::WANTED,
        // What the others do depends on what it finds.
        priority: 0,
        is_wanted: |_| true,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(inspect::run(app, work)),
    },
    Step {
        name: "poster",
        wanted: catalogue::poster::UNRENDERED,
        // Pages show posters, so this step runs before what takes long.
        priority: 1,
        is_wanted: |_| true,
        needs_ffmpeg: false,
        run: |app, work| Box::pin(poster::run(app, work)),
    },
    Step {
        name: "captions",
        wanted: captions::WANTED,
        priority: 2,
        is_wanted: |_| true,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(captions::run(app, work)),
    },
    Step {
        name: "picture",
        wanted: picture::WANTED,
        // It takes seconds, and a page without a picture looks unfinished.
        priority: 2,
        is_wanted: |config| config.pictures != Pictures::None,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(picture::run(app, work)),
    },
    Step {
        name: "full",
        wanted: full::WANTED,
        // Without it nobody can watch.
        priority: 3,
        is_wanted: |config| config.renditions != Renditions::None,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(full::run(app, work)),
    },
    Step {
        name: "small",
        wanted: small::WANTED,
        priority: 4,
        is_wanted: |config| config.renditions != Renditions::None,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(small::run(app, work)),
    },
    Step {
        name: "medium",
        wanted: small::WANTED_720P,
        priority: 6,
        is_wanted: |config| config.renditions == Renditions::All,
        needs_ffmpeg: true,
        run: |app, work| Box::pin(small::run_720p(app, work)),
    },
    Step {
        name: "hash",
        wanted: catalogue::original::UNHASHED,
        // Nobody waits for this step.
        priority: 9,
        is_wanted: |_| true,
        needs_ffmpeg: false,
        run: |app, work| Box::pin(hash::run(app, work)),
    },
];

/// Why a program gave nothing, as an error of the job.
fn problem(failed: Failed) -> Error {
    Error::internal(failed)
}
