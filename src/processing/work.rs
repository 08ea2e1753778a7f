//! One run of a job, as its step sees it: what it is about, whether it is to stop, and how far it is. The worker renews the lease from
//! it while the step runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use rusqlite::Connection;

use super::ffmpeg::Tools;
use crate::catalogue::job::Job;
use crate::error::Result;

/// What a step writes when it is done, in the transaction in which its job leaves the queue. Nothing is written when the job was stopped
/// or its file replaced meanwhile.
pub type Rows = Box<dyn FnOnce(&Connection, i64) -> Result<()> + Send>;

/// Nothing to write.
pub fn done() -> Rows {
    Box::new(|_, _| Ok(()))
}

/// One run of a job. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Work {
    pub job: Arc<Job>,
    /// The programs of this machine, for steps that need them.
    pub tools: Option<Arc<Tools>>,
    stopped: Arc<AtomicBool>,
    /// In thousandths.
    done: Arc<AtomicU32>,
}

impl Work {
    pub fn new(job: Job, tools: Option<Arc<Tools>>) -> Self {
        Self {
            job: Arc::new(job),
            tools,
            stopped: Arc::default(),
            done: Arc::default(),
        }
    }

    /// Whether nobody waits for the result any more.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Tells the step to stop.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// How far the step is, in thousandths.
    pub fn done(&self) -> u32 {
        self.done.load(Ordering::Relaxed)
    }

    /// Notes how far the step is: `part` of `whole`, in the same unit.
    pub fn progress(&self, part: u64, whole: u64) {
        let thousandths = part
            .saturating_mul(1000)
            .checked_div(whole)
            .unwrap_or(0)
            .min(1000);
        self.done.store(
            u32::try_from(thousandths).unwrap_or(1000),
            Ordering::Relaxed,
        );
    }
}
