//! Terugkijken, room by room in reading order.
pub mod app;
pub mod catalogue;
pub mod config;
pub mod db;
pub mod error;
pub mod intake;
pub mod library;
pub mod processing;
pub mod sidecar;
pub mod timed_text;
