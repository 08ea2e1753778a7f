//! Background work on files. In: files in the library and queued jobs. Out: hashes of whole files, and pictures in the data folder.
//! Every step may run twice, and a visitor can watch before any of them ran.

pub mod ffmpeg;
pub mod hash;
pub mod poster;
pub mod worker;

use futures_util::future::BoxFuture;

use crate::app::App;
use crate::catalogue;
use crate::catalogue::job::Job;
use crate::error::Result;

/// A kind of background work.
pub struct Step {
    /// The name in jobs and in the log; `problem-{name}-step` is the text for coordinators when it fails, where that text exists.
    pub name: &'static str,
    /// The SQL that selects what the step still has to be done for, see [`catalogue::job::plan`].
    pub wanted: &'static str,
    /// The step with the lowest number runs first.
    pub priority: i64,
    /// Runs the step for one job. A job that succeeds is removed from the queue.
    pub run: for<'a> fn(&'a App, &'a Job) -> BoxFuture<'a, Result<()>>,
}

/// All steps.
pub const STEPS: &[Step] = &[
    Step {
        name: "poster",
        wanted: catalogue::poster::UNRENDERED,
        // Pages show posters, so this step runs before all others.
        priority: 1,
        run: |app, job| Box::pin(poster::run(app, job)),
    },
    Step {
        name: "hash",
        wanted: catalogue::original::UNHASHED,
        // Nobody waits for this step.
        priority: 9,
        run: |app, job| Box::pin(hash::run(app, job)),
    },
];
