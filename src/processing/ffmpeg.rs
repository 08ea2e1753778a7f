//! The only place where another program is started: ffmpeg, when it is installed. In: fixed arguments, never a visitor's text. Out:
//! its version. Nothing in the portal depends on it.

use std::process::Stdio;
use std::time::Duration;

/// The name under which the system finds ffmpeg.
const PROGRAM: &str = "ffmpeg";

/// How long ffmpeg may take to print its version; after that it counts as absent.
const PATIENCE: Duration = Duration::from_secs(5);

/// The version that ffmpeg prints (`5.1.9-0+deb12u1`); `None` when it is not installed or does not answer.
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
