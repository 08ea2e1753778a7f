//! Bytes to a player. In: the address of a file, a caption or a picture, and what the client says about ranges and caches.
//! Out: exactly those bytes. Who may have them is asked of the catalogue each time; nothing here changes anything.

mod byteranges;
pub mod caption;
mod forgotten;
pub mod media;
pub mod poster;
pub mod poster_play;
mod preconditions;
pub mod range;
pub mod representation;
pub mod source;
