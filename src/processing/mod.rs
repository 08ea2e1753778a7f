//! A file becomes watchable. In: files in the library and rows that wait. Out: facts about the files, and what is made of
//! them in the data folder. Every step may run twice, and none is needed before a visitor can watch.

pub mod probe;

pub mod ffmpeg;
pub mod hash;
pub mod poster;
pub mod worker;

use crate::app::App;
use crate::catalogue::job::Job;
use crate::error::{Error, Result};

/// Every step a job can name. A new one is a file and a line here.
pub const STEPS: [&str; 2] = [hash::STEP, poster::STEP];

/// Runs one job to its end.
async fn run(app: &App, job: &Job) -> Result<()> {
    match job.step.as_str() {
        hash::STEP => hash::run(app, job).await,
        poster::STEP => poster::run(app, job).await,
        other => Err(Error::internal(format!("no step is called {other}"))),
    }
}
