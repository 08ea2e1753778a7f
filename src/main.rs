//! Runs the command line and returns its exit code.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use terugkijken::cli::{self, Arguments, Command};
use terugkijken::memory;
use terugkijken::processing::confined;

/// How long threads that wait for a disk may keep the program from ending.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    memory::keep_little();
    let arguments = Arguments::parse();
    if let Some(Command::Confined(confinement)) = &arguments.command {
        let problem = confined::enter(confinement);
        eprintln!("terugkijken: {problem}");
        return ExitCode::FAILURE;
    }
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
