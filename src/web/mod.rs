//! The kit every page shares. In: what a page has to say and who reads it. Out: HTML, headers and assets. Asks the
//! catalogue nothing; what is drawn here was gathered by a page.
//!
//! Nothing here is written into a page that the content security policy would have to make an exception for: no inline
//! style, no inline script, no address of another site.

pub mod urls;

pub mod format;
pub mod markdown;
pub mod texts;

pub mod assets;
pub mod theme;

pub mod components;
pub mod head;
pub mod layout;
pub mod player;

pub mod class;
pub mod reply;

pub mod failure;
pub mod freshness;
pub mod guard;
pub mod sign_in;
pub mod structured;

pub use texts::{Lang, Texts};
