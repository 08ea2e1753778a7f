//! Sends bytes to players. In: the address of a file, caption or picture, and the client's range and cache headers. Out: exactly
//! those bytes. Who may have them is decided by the catalogue, at each request or for as long as it stays the same; nothing here
//! changes anything.

pub mod at_once;
mod buffers;
mod byteranges;
mod caching;
pub mod caption;
pub mod decisions;
mod forgotten;
pub mod media;
pub mod poster;
pub mod poster_play;
mod poster_title;
mod preconditions;
pub mod range;
pub mod representation;
mod sendable;
pub mod source;
