//! Series on the desk: all of them, and for one its recordings in their order, what it says about itself, its password.

pub mod edit;
pub mod list;
pub mod lock;
pub mod order;
pub mod page;
