//! Files that coordinators send, in pieces and over connections that drop. In: requests of the tus protocol and of a plain form.
//! Out: a file that lies in the media folder as a recording, or the sentence why not. No byte is acknowledged before it is durable.

pub mod tus;

pub mod announce;
mod batch;
pub mod finish;
pub mod receive;
pub mod report;
pub mod routes;
mod write;
