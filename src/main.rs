//! Runs the command line and returns its exit code.

use std::process::ExitCode;

use clap::Parser;
use terugkijken::cli::{self, Arguments};
use terugkijken::memory;

fn main() -> ExitCode {
    memory::keep_little();
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    cli::run(Arguments::parse()).await
}
