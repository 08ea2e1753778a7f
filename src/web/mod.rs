//! The kit every page shares: the frame around it, its addresses, texts in two languages, and how an answer leaves. Nothing
//! here knows what a page is about.

pub mod components;
pub mod head;
pub mod layout;
pub mod player;

pub mod assets;
pub mod format;
pub mod markdown;
pub mod texts;
pub mod theme;
pub mod urls;

pub mod error_page;
pub mod reply;
