//! Files that coordinators upload, in pieces and over connections that break. In: requests of the tus protocol and of a plain form.
//! Out: a recording in the media folder, or the reason for a refusal. No byte is acknowledged before it is durable.

pub mod tus;

pub mod announce;
mod batch;
pub mod finish;
pub mod receive;
pub mod report;
pub mod routes;
mod write;
