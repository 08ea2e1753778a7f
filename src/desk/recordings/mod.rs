//! Many recordings on the desk: the table, what is done to several at once, the trash.

pub mod bulk;
pub mod bulk_act;
pub mod list;
pub mod trash;
