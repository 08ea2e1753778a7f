//! One recording on the desk: what it says about itself, who may see it, the files beside it, its versions.

pub mod captions;
pub mod companions;
pub mod cues;
pub mod edit;
pub mod erase;
pub mod files;
pub mod handouts;
pub mod page;
pub mod poster;
pub mod publish;
pub mod versions;
pub mod visibility;
