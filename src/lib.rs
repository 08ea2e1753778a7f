//! Terugkijken, room by room in the order in which a recording walks through them.
//!
//! ```text
//! bytes arrive → facts → what people say → rows → markup, streams, XML
//! uploads scan   probe    sidecar archive   catalogue  pages desk playback sharing
//!                processing
//! ```
//!
//! Four files are the index of the whole: `schema.sql` (what is true), `router.rs` and `desk/routes.rs` (every URL) and this one
//! (the rooms).
//! Which room may import which is held by `tests/site/architecture.rs`.

// What everything stands on: what can go wrong, every setting, SQLite, the two folders, who guesses, who sends, who shows us.
pub mod config;
pub mod db;
pub mod embed_sites;
pub mod error;
pub mod library;
pub mod people;
pub mod transfer;

// The nouns: one file is one type and all its SQL.
pub mod catalogue;

// Formats beside the media files, read and written: what a file says about itself, and what is said in it.
pub mod sidecar;
pub mod timed_text;

// What a handler may reach.
pub mod app;

// A file that lies in the folder: what it is, the rows it becomes, and what is made of it.
pub mod probe;
pub mod processing;
pub mod scan;

// The one way we change the folder, and the files that are sent into it.
pub mod archive;
pub mod uploads;

// What leaves: the kit of every page, bytes to a player, pages, and the catalogue inside other people's pages.
pub mod desk;
pub mod pages;
pub mod playback;
pub mod sharing;
pub mod web;

// Every URL, the accept loop, the log and the command line.
pub mod cli;
pub mod logging;
pub mod router;
pub mod server;
