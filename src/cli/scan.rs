//! `terugkijken scan`: scans the media folder, also while a server runs, and prints all findings.

use std::io::IsTerminal;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::App;
use crate::error::Result;
use crate::library::{EntryKind, Library};
use crate::scan::file_name;
use crate::scan::full_scan::{self, Progress};

#[derive(Debug, Args)]
pub struct Options {
    /// The media folder is meant to be another one than before: what it does not hold is missing from now on
    #[arg(long)]
    new_media_folder: bool,
}

/// Runs a scan and prints one line per finding. On a terminal a bar shows the progress.
pub async fn run(app: &App, options: &Options) -> Result<()> {
    if options.new_media_folder {
        // A running server takes the folder from here as well.
        let remembered = app
            .library
            .run(|library| library.remember_media_folder(&library.media_folder()?));
        remembered.await?;
    }
    let bar = bar(media_files(&app.library));
    let moving = bar.clone();
    let progress: Progress = Arc::new(move |files| moving.inc(files));
    let report = full_scan::scan(app, progress).await?;
    bar.finish_and_clear();
    for finding in &report.findings {
        println!("{finding}");
    }
    let (recordings, drafts) = app.db.read(crate::catalogue::recording::counts).await?;
    println!(
        "{} media files, {} opened; {recordings} recordings, {drafts} of them drafts",
        report.media_files, report.opened
    );
    if drafts > 0 {
        println!(
            "drafts are seen by coordinators only; publish a series with: terugkijken series publish SLUG"
        );
    }
    app.db.checkpoint().await.map(drop)
}

/// Number of media files for the progress bar; folders that cannot be read count as empty.
fn media_files(library: &Library) -> u64 {
    let folders = library
        .top()
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Folder);
    let files = folders.flat_map(|folder| library.folder(&folder.name).unwrap_or_default());
    let media = files.filter(|entry| file_name::kind(&entry.name).1 == file_name::FileKind::Media);
    u64::try_from(media.count()).unwrap_or(0)
}

fn bar(files: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {eta} left");
    ProgressBar::new(files).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
