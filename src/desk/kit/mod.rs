//! Shared parts of the desk's pages. In: a request by a coordinator. Out: its context, the posted form, and the layout of each
//! page. This folder knows no page.

pub mod chapters;
pub mod context;
pub mod fields;
pub mod gate;
pub mod layout;
pub mod moment;
pub mod multipart;
pub mod options;
pub mod published;
pub mod try_again;
pub mod way_back;

pub use context::{Administrator, Context, InBrowser};
pub use layout::{Page, Tab};
pub use options::Choice;

// Forms of visitors are drawn and read in the same way.
pub use crate::web::form::{self, Field, Form, Options, act, field, helped};
pub use crate::web::form_state::{self, FormState};
pub use crate::web::posted::{self, Errors, Posted};
