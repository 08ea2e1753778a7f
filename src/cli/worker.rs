//! `terugkijken worker`: does the background work beside the server of the same folders. Any number may run: a
//! job is one worker's for as long as it renews its lease.

use tokio::task::{JoinHandle, JoinSet};

use super::keep_running::broke_down;
use crate::app::App;
use crate::catalogue::job::Worker;
use crate::config::{Config, Flags};
use crate::error::{Error, Result};
use crate::logging;
use crate::processing::worker;
use crate::server::Stop;

/// Works until a signal to stop. What it is busy with goes back into the queue.
pub async fn run(flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    logging::set_up(config.log_format, &config.log).map_err(Error::internal)?;
    let stop = Stop::at_signals()?;
    let app = super::open(config).await?;
    println!(
        "Terugkijken works beside the server of {}",
        app.library.media().display()
    );
    worker::work_until(&app, Worker::Beside, stop.asked()).await;
    Ok(())
}

/// Starts the workers, which stop with the server. One that breaks down is started again.
pub fn beside_server(app: &App, stop: &Stop) -> Vec<JoinHandle<()>> {
    let one = |_| {
        let (app, stop) = (app.clone(), stop.clone());
        tokio::spawn(async move {
            loop {
                let mut one = JoinSet::new();
                let (to_work, to_stop) = (app.clone(), stop.clone());
                one.spawn(async move {
                    worker::work_until(&to_work, Worker::Server, to_stop.asked()).await
                });
                if matches!(one.join_next().await, Some(Ok(()))) {
                    return;
                }
                broke_down(&app, "worker").await;
            }
        })
    };
    (0..app.config.workers).map(one).collect()
}
