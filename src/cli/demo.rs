//! `terugkijken demo remove`: takes the demonstration series out when an association has recordings of its own.

use clap::Subcommand;

use crate::app::App;
use crate::archive::demonstration::{self, FOLDER};
use crate::error::Result;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Remove the demonstration series: its folder and its pages
    Remove,
}

pub async fn run(app: &App, command: Command) -> Result<()> {
    let Command::Remove = command;
    let Some(out) = demonstration::take_out(app, "command line").await? else {
        println!("the demonstration series is not here");
        return Ok(());
    };
    println!("removed: {}", out.title);
    for file in out.stayed {
        println!("not ours, so it stays: {FOLDER}/{file}");
    }
    Ok(())
}
