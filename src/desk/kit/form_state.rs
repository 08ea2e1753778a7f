//! How a form is shown: with what in its fields, with what is wrong, and under which status.

use axum::http::StatusCode;

use super::form::Form;
use super::posted::{Errors, Posted};
use crate::text;
use crate::web::Texts;

/// A form as a page shows it.
#[derive(Debug)]
pub struct FormState {
    pub status: StatusCode,
    pub posted: Posted,
    pub errors: Errors,
}

impl FormState {
    /// With nothing in it.
    pub fn empty() -> Self {
        Self::filled(Posted::default())
    }

    /// As it is filled in at first.
    pub fn filled(posted: Posted) -> Self {
        Self {
            status: StatusCode::OK,
            posted,
            errors: Errors::new(),
        }
    }

    /// With what is wrong beside its fields.
    pub fn wrong(posted: Posted, errors: Errors) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            posted,
            errors,
        }
    }

    /// Of someone who comes second: what they typed, with what is there now (`filled`) beside it.
    pub fn by_another(posted: Posted, filled: &Posted, mut errors: Errors) -> Self {
        errors.insert("", text!("saved-by-another"));
        Self {
            status: StatusCode::CONFLICT,
            posted: posted.with("base", filled.get("base")),
            errors,
        }
    }

    /// Its parts, ready to be drawn.
    pub fn form<'a>(&'a self, texts: &'a Texts) -> Form<'a> {
        Form {
            texts,
            posted: &self.posted,
            errors: &self.errors,
        }
    }
}
