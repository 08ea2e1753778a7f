//! What is handed out: named links, and the pictures, links and frames for other people's pages.

pub mod embed_sites;
pub mod list;
pub mod owner;
pub mod page;
pub mod share;
