//! A file becomes watchable. In: files in the library and rows that wait. Out: facts about the files, and what is made of
//! them in the data folder. Every step may run twice, and none is needed before a visitor can watch.

pub mod ffmpeg;
pub mod hash;
pub mod poster;
pub mod worker;

use crate::app::App;
use crate::catalogue::job::{Job, Step};
use crate::error::Result;

/// Runs one job to its end. A new step is a file and a line here.
async fn run(app: &App, job: &Job) -> Result<()> {
    match job.step {
        Step::Hash => hash::run(app, job).await,
        Step::Poster => poster::run(app, job).await,
    }
}
