//! What coordinators see. In: requests of people who are signed in. Out: pages with forms that work without script, and
//! changes to the catalogue, each with its line in the audit list. What a visitor sees is never drawn here.
//!
//! One file is one page or one form: `noun_verb`.

mod bulk_act;
mod chapters;
mod chosen;
mod embed_sites;
mod form;
mod frame;
mod moment;
mod owner;
mod recording_page;
mod recording_publish;
mod series_lock;
mod series_page;
mod try_again;

pub use chosen::LARGEST as LARGEST_FILE;

pub mod fields;
pub mod gate;
pub mod posted;
pub mod routes;
pub mod sign_in;
mod way_back;
pub mod welcome;

pub mod account;
pub mod audit_list;
pub mod caption_edit;
pub mod home;
pub mod link_list;
pub mod links;
pub mod people;
pub mod people_hand_on;
pub mod problems;
pub mod recording_beside;
pub mod recording_bulk;
pub mod recording_edit;
pub mod recording_erase;
pub mod recording_files;
pub mod recording_list;
pub mod recording_trash;
pub mod recording_versions;
pub mod recording_visibility;
pub mod series_edit;
pub mod series_list;
pub mod series_order;
pub mod share;
pub mod upload;
pub mod upload_form;
