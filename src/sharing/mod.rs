//! The catalogue inside other people's pages. In: the address of a recording. Out: what a site of others can show.

pub mod embed;
pub mod feed;
pub mod kit;
mod kit_site;
pub mod newsletter;
pub mod oembed;
mod preview;
mod qr;
pub mod share;
pub mod sitemap;
pub mod wish;
mod xml;
