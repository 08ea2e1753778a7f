//! The queue of background work at the desk.

pub mod acts;
pub mod events;
pub mod page;
pub mod rows;
