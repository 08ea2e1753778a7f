//! `terugkijken config`: every setting with its meaning and default, made from the doc comments in `config.rs`.

use crate::config::Config;
use crate::error::Result;

/// Prints the template.
pub fn run() -> Result<()> {
    print!("{}", Config::template());
    Ok(())
}
