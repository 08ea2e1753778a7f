//! The catalogue on other sites. In: the address of a recording or series. Out: feeds, frames and snippets that other sites and
//! programs show.

pub mod embed;
pub mod feed;
pub mod newsletter;
pub mod oembed;
mod preview;
mod qr;
pub mod share;
mod share_fragment;
pub mod share_options;
pub mod share_page;
mod share_site;
pub mod sitemap;
pub mod xml;
