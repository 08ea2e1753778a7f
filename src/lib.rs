//! Terugkijken: an association's recorded training sessions, online and findable for years.
//!
//! A recording walks through the rooms (the folders of `src`) like this:
//!
//! ```text
//! bytes arrive  what a file is  what people say of it  rows in SQLite  HTML, bytes, XML
//! uploads       probe           sidecar                catalogue       pages desk sharing
//! scan          processing      archive                                playback
//! ```
//!
//! Four files are the index of the whole: `schema.sql` (every table), `router.rs` and `desk/routes.rs` (every URL) and this one. The
//! README says where a field, a page and a step are added. Which room may import which is held by `tests/site/architecture.rs`.

// Below everything: errors, settings, SQLite, the two folders, passwords, transfers under way, which sites may embed.
pub mod config;
pub mod db;
pub mod embed_sites;
pub mod error;
pub mod library;
pub mod people;
pub mod transfer;

// The nouns: one file is one type and all its SQL.
pub mod catalogue;

// The formats of files beside a recording: TOML that describes it, and captions.
pub mod sidecar;
pub mod timed_text;

// What a handler may reach: settings, database, library, clock, notifier.
pub mod app;

// A file that lies in the folder: what it is, the rows it becomes, and what is made of it afterwards.
pub mod probe;
pub mod scan;

pub mod processing;

// How people's changes get into the folder, and the files that they send.
pub mod archive;
pub mod uploads;

// What leaves: what all pages share, the pages of visitors and of coordinators, bytes to players, the catalogue in other people's pages.
pub mod web;

pub mod desk;
pub mod pages;
pub mod playback;
pub mod sharing;

// Around it: every URL, the accept loop, the access log, the commands.
pub mod cli;
pub mod logging;
pub mod router;
pub mod server;
