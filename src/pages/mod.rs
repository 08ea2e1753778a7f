//! The pages for visitors. In: an address and the viewer. Out: pages, complete without script, and the same catalogue as JSON. Each
//! page loads its data in one closure on a connection, with a number of queries that does not grow with the catalogue, and then
//! draws it.

pub mod home;
pub mod series;
pub mod watch;
pub mod watch_sidebar;

pub mod search;
pub mod speaker;

pub mod about;
pub mod message;

pub mod api;
mod find;
mod found_in;
pub mod health;
pub mod link;
mod marked;
mod narrow;
pub mod unlock;
