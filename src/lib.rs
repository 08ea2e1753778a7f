//! Terugkijken, room by room in reading order.
pub mod app;
pub mod catalogue;
pub mod config;
pub mod db;
pub mod error;
pub mod library;
