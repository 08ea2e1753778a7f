//! The one place where another program is started: ffmpeg, when the machine has it. In: arguments of our own making, never
//! a visitor's text. Out: what it says. Nothing in the portal needs it.

use std::process::Stdio;
use std::time::Duration;

/// The name under which the system finds it.
const PROGRAM: &str = "ffmpeg";

/// A program that does not say its version within this time is as good as none.
const PATIENCE: Duration = Duration::from_secs(5);

/// The version ffmpeg gives itself (`5.1.9-0+deb12u1`); `None` when it is not installed or does not answer.
pub async fn version() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where another program is started"
    )]
    let mut command = std::process::Command::new(PROGRAM);
    command
        .arg("-version")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let asked = tokio::task::spawn_blocking(move || command.output());
    let output = tokio::time::timeout(PATIENCE, asked)
        .await
        .ok()?
        .ok()?
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rest = text.strip_prefix("ffmpeg version ")?;
    let version = rest.split_whitespace().next()?.chars();
    Some(version.filter(|c| !c.is_control()).take(80).collect())
}
