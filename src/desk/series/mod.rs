//! Pages of series: the list, and for each the order of its recordings, its metadata and its password.

pub mod demonstration;
pub mod edit;
pub mod list;
pub mod lock;
pub mod order;
pub mod page;
pub mod remove;
