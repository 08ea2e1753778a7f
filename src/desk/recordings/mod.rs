//! Pages about many recordings: the table, actions on several, and the trash.

pub mod bulk;
pub mod bulk_act;
pub mod list;
pub mod trash;
