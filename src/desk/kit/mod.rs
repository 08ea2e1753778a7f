//! Shared parts of the desk's pages. In: a request by a coordinator. Out: its context, the posted form, and the layout of each
//! page. This folder knows no page.

pub mod chapters;
pub mod context;
pub mod fields;
pub mod form;
pub mod form_state;
pub mod gate;
pub mod layout;
pub mod moment;
pub mod multipart;
pub mod options;
pub mod posted;
pub mod try_again;
pub mod way_back;

pub use context::{Administrator, Context, InBrowser};
pub use form::{Field, Form, Options, act, field, helped};
pub use form_state::FormState;
pub use layout::{Page, Tab};
pub use options::Choice;
pub use posted::{Errors, Posted};
