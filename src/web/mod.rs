//! Shared parts of all pages. In: the content of a page and its reader. Out: HTML, headers and assets. This room reads nothing from
//! the catalogue; pages pass the data in.
//!
//! Nothing here needs an exception to the content security policy: no inline style, no inline script, no address of another site.

pub mod same_origin;
pub mod urls;
pub mod whole;

pub mod format;
pub mod fragment;
mod hyphens;
pub mod markdown;
pub mod texts;

pub mod assets;
pub mod theme;

pub mod components;
pub mod head;
pub mod layout;
pub mod parts;
pub mod player;
mod player_bar;
pub mod plays;
pub mod quality;

pub mod form;
pub mod form_state;
pub mod posted;

pub mod class;
pub mod publication;
pub mod reply;

pub mod failure;
pub mod freshness;
pub mod guard;
pub mod mangled;
pub mod plain_http;
pub mod sign_in;
pub mod structured;

pub use texts::{Lang, Texts};
