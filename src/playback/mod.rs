//! Sends bytes to players. In: the address of a file, caption or picture, and the client's range and cache headers. Out: exactly
//! those bytes. Each request checks in the catalogue who may have them; nothing here changes anything.

mod byteranges;
mod caching;
pub mod caption;
mod forgotten;
pub mod media;
pub mod poster;
pub mod poster_play;
mod preconditions;
pub mod range;
pub mod representation;
pub mod source;
