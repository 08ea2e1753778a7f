//! The state of a form: its values, its errors, and the HTTP status of the page.

use axum::http::StatusCode;

use super::form::Form;
use super::posted::{Errors, Posted};
use super::texts::Texts;
use crate::text;

/// The state of a form on a page.
#[derive(Debug)]
pub struct FormState {
    pub status: StatusCode,
    pub posted: Posted,
    pub errors: Errors,
}

impl FormState {
    /// An empty form.
    pub fn empty() -> Self {
        Self::filled(Posted::default())
    }

    /// A form filled in with the current values.
    pub fn filled(posted: Posted) -> Self {
        Self {
            status: StatusCode::OK,
            posted,
            errors: Errors::new(),
        }
    }

    /// A form with errors beside its fields.
    pub fn wrong(posted: Posted, errors: Errors) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            posted,
            errors,
        }
    }

    /// A form after a conflicting edit: what was typed, with the current values (`filled`) beside it.
    pub fn by_another(posted: Posted, filled: &Posted, mut errors: Errors) -> Self {
        errors.insert("", text!("saved-by-another"));
        Self {
            status: StatusCode::CONFLICT,
            posted: posted.with("base", filled.get("base")),
            errors,
        }
    }

    /// The form, ready to be drawn.
    pub fn form<'a>(&'a self, texts: &'a Texts) -> Form<'a> {
        Form {
            texts,
            posted: &self.posted,
            errors: &self.errors,
        }
    }
}
