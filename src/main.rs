//! Runs the command line and returns its exit code.

use std::process::ExitCode;

use clap::Parser;
use terugkijken::cli::{self, Arguments};

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(Arguments::parse()).await
}
