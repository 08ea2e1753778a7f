//! The pages of one recording: its metadata, visibility, files and versions.

pub mod captions;
pub mod companions;
pub mod corrections;
pub mod cue_form;
pub mod cue_lines;
pub mod cues;
pub mod edit;
pub mod erase;
pub mod files;
pub mod handouts;
pub mod made;
pub mod page;
pub mod player;
pub mod poster;
pub mod publish;
pub mod stored_cues;
pub mod timing;
pub mod versions;
pub mod visibility;
