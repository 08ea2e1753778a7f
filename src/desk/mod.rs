//! The pages for coordinators. In: requests of people who are signed in. Out: pages with forms that work without script, and
//! changes to the catalogue, each with its audit line. Pages for visitors are not drawn here.
//!
//! Each folder is about one noun, and each file is one of its pages: what it loads, draws and changes.

pub mod kit;
pub mod routes;

mod association;
mod home;
mod links;
pub mod messages;
pub mod notices;
pub mod people;
mod problems;
mod queue;
mod recording;
mod recordings;
mod series;
mod uploads;
