//! Runs the command line and returns its exit code.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use terugkijken::cli::{self, Arguments};
use terugkijken::memory;

/// How long threads that wait for a disk may keep the program from ending.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    memory::keep_little();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(problem) => {
            eprintln!("terugkijken: no threads can be started: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(cli::run(arguments));
    runtime.shutdown_timeout(PATIENCE);
    code
}
