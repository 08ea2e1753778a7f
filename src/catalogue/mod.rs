//! The nouns of the domain: each file holds one type and all its SQL. In: a connection, a [`Viewer`] and parameters. Out: rows as
//! types. This room opens no database, touches no file and draws no page.

pub mod field;
pub mod heartbeat;
pub mod id;
pub mod language;
pub mod licence;
pub mod mail_address;
pub mod name;
pub mod query;
pub mod slice;
pub mod timecode;
pub mod upload;
pub mod viewer;

pub mod access_grant;
pub mod address;
pub mod attachment;
pub mod caption;
pub mod chapter;
pub mod credit;
pub mod frame;
pub mod hand_out;
pub mod link;
pub mod link_name;
pub mod original;
pub mod poster;
pub mod recording;
pub mod rendition;
pub mod series;
pub mod source;
pub mod speaker;
pub mod timed_line;

pub mod access_key;
pub mod coordinator;
pub mod device_mark;
pub mod sign_in;
pub mod token;
pub mod welcome;

pub mod audit;
pub mod correction;
pub mod desk_list;
pub mod job;
pub mod library_file;
pub mod message;
pub mod notice;
pub mod purge;

pub use id::PublicId;
pub use viewer::Viewer;
