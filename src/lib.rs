//! Terugkijken: an association's recorded training sessions, online and findable for years.
//!
//! A recording passes through the rooms (the folders of `src`) in this order:
//!
//! ```text
//! bytes arrive  what a file is  what people say of it  rows in SQLite  HTML, bytes, XML
//! uploads       probe           sidecar                catalogue       pages desk sharing
//! scan          processing      archive                                playback
//! ```
//!
//! Four files are the index of the program: `schema.sql` (every table), `router.rs` and `desk/routes.rs` (every URL) and this one.
//! The README says where a field, a page and a step are added. `tests/site/architecture.rs` checks which room may import which.

// Foundations: errors, settings, SQLite, the two folders, memory, passwords, bodies of requests, uploads under way, whether all of that
// works, embed sites, what the association says of itself, calls of the system that are unsafe, and pieces of files that are sent without being read.
pub mod branding;
pub mod config;
pub mod db;
pub mod embed_sites;
pub mod error;
pub mod library;
pub mod memory;
pub mod people;
pub mod readiness;
pub mod request_body;
pub mod system;
pub mod transfer;
pub mod zero_copy;

// The nouns: one file is one type and all its SQL.
pub mod catalogue;

// Text formats beside the media files: TOML that describes a recording, and captions.
pub mod sidecar;
pub mod timed_text;

// What a question finds: titles, speakers, descriptions and everything that is said.
pub mod search;

// The application state of the handlers: settings, database, library, clock, notifier.
pub mod app;

// Processing of files in the media folder: probing, scanning, and background work.
pub mod probe;
pub mod scan;

pub mod processing;

// Changes to the media folder, and uploads into it.
pub mod archive;
pub mod uploads;

// Answers: shared parts of pages, the pages for visitors and coordinators, media, and content for other sites.
pub mod web;

pub mod desk;
pub mod pages;
pub mod playback;
pub mod sharing;

// All URLs, the server, the access log and the command line.
pub mod cli;
pub mod logging;
pub mod router;
pub mod server;
