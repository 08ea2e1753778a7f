//! The catalogue inside other people's pages. In: an address they were handed. Out: what may stand there.

pub mod embed;
