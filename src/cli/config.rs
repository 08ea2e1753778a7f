//! `terugkijken config`: all settings with meaning and default, generated from the doc comments in `config.rs`.

use crate::config::Config;
use crate::error::Result;

/// Prints the template.
pub fn run() -> Result<()> {
    print!("{}", Config::template());
    Ok(())
}
