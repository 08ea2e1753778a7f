//! What coordinators see. In: requests of people who are signed in. Out: pages with forms that work without script, and
//! changes to the catalogue, each with its line in the audit list. What a visitor sees is never drawn here.
//!
//! One folder is one thing that is worked on, one file is one page of it: what it loads, draws and changes.

pub mod kit;
pub mod routes;

mod home;
mod links;
pub mod people;
mod problems;
mod recording;
mod recordings;
mod series;
mod uploads;
