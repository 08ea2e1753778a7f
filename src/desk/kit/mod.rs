//! What the pages of the desk share. In: a request that a coordinator sent. Out: who asks and in which language, the form that was
//! sent, the frame around each page. Knows no page.

pub mod chapters;
pub mod fields;
pub mod form;
pub mod gate;
pub mod layout;
pub mod moment;
pub mod multipart;
pub mod posted;
pub mod try_again;
pub mod way_back;
