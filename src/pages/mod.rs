//! What visitors see: one file per page. In: an address and a reader. Out: a page, drawn from one closure on the catalogue.
//! Nothing here changes anything.

pub mod about;
pub mod home;
pub mod search;
pub mod series;
pub mod speaker;
pub mod watch;

pub mod api;
pub mod health;
