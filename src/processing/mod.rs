//! A file becomes watchable. In: files in the library and rows that wait. Out: what is known of the whole of a file, and what is
//! made of it in the data folder. Every step may run twice, and none is needed before a visitor can watch.

pub mod ffmpeg;
pub mod hash;
pub mod poster;
pub mod worker;

use futures_util::future::BoxFuture;

use crate::app::App;
use crate::catalogue;
use crate::catalogue::job::Job;
use crate::error::Result;

/// A kind of work.
pub struct Step {
    /// As jobs and the log name it; `problem-{name}-step` is what coordinators read when it fails, where there is such a text.
    pub name: &'static str,
    /// What it is still to be done for, see [`catalogue::job::plan`].
    pub wanted: &'static str,
    /// The lowest goes first.
    pub priority: i64,
    /// Does it, for one job. What ends well is no longer wanted.
    pub run: for<'a> fn(&'a App, &'a Job) -> BoxFuture<'a, Result<()>>,
}

/// Every kind of work there is.
pub const STEPS: &[Step] = &[
    Step {
        name: "poster",
        wanted: catalogue::poster::UNRENDERED,
        // The pictures of a page are wanted before anything else a worker does.
        priority: 1,
        run: |app, job| Box::pin(poster::run(app, job)),
    },
    Step {
        name: "hash",
        wanted: catalogue::original::UNHASHED,
        // Nobody waits for it.
        priority: 9,
        run: |app, job| Box::pin(hash::run(app, job)),
    },
];
