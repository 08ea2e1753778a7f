//! Starts a task again that broke down, so that one fault does not end what a server does beside answering.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::app::App;

/// Pause before a background task that broke down is started again.
const BEGIN_AGAIN: Duration = Duration::from_secs(10);

/// Runs a background task, and starts it again when it breaks down; `/readyz` says so meanwhile.
pub async fn run_for_ever<F>(app: App, name: &'static str, task: fn(App) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let mut one = JoinSet::new();
        // A set that is dropped ends its task, so that this one can be aborted.
        one.spawn(task(app.clone()));
        one.join_next().await;
        broke_down(&app, name).await;
    }
}

/// Says so, and waits before it is started again.
pub async fn broke_down(app: &App, name: &'static str) {
    tracing::error!("the {name} broke down and is started again");
    app.readiness
        .note_stopped(name, Some(format!("the {name} broke down")));
    tokio::time::sleep(BEGIN_AGAIN).await;
    app.readiness.note_stopped(name, None);
}
