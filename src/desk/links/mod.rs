//! Named links, and content for other sites.

pub mod embed_sites;
pub mod list;
pub mod named;
pub mod owner;
pub mod page;
pub mod share;
