//! The catalogue inside other people's pages. In: the address of a recording. Out: what a site of others can show.

pub mod embed;
pub mod feed;
pub mod newsletter;
pub mod oembed;
mod preview;
mod qr;
pub mod share;
pub mod share_options;
pub mod share_page;
mod share_site;
pub mod sitemap;
mod xml;
