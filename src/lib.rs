//! Terugkijken: the rooms of the program, in the order in which a recording passes through them.
//!
//! ```text
//! bytes arrive → facts → what people say → rows → markup, streams, XML
//! uploads scan   probe    sidecar archive   catalogue  pages desk playback sharing
//!                processing
//! ```
//!
//! Four files are the index of the program: `schema.sql` (the data), `router.rs` and `desk/routes.rs` (all URLs) and this one (the
//! rooms). `tests/site/architecture.rs` checks which room may import which.

// Foundations: errors, settings, SQLite, the two folders, passwords, uploads under way, and embed sites.
pub mod config;
pub mod db;
pub mod embed_sites;
pub mod error;
pub mod library;
pub mod people;
pub mod transfer;

// The nouns: one file is one type and all its SQL.
pub mod catalogue;

// Text formats beside the media files: sidecars, and captions.
pub mod sidecar;
pub mod timed_text;

// The application state of the handlers.
pub mod app;

// Processing of files in the media folder: probing, scanning and background work.
pub mod probe;
pub mod processing;
pub mod scan;

// Changes to the media folder, and uploads into it.
pub mod archive;
pub mod uploads;

// Answers: shared parts of pages, media, pages, the desk, and content for other sites.
pub mod desk;
pub mod pages;
pub mod playback;
pub mod sharing;
pub mod web;

// All URLs, the server, the log and the command line.
pub mod cli;
pub mod logging;
pub mod router;
pub mod server;
