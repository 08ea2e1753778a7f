//! The choice of a series or of a colleague in a form: a select while there are few, otherwise a line in which their name is typed,
//! because thousands of options would be a page of megabytes that nobody can scroll through. In: the catalogue. Out: a
//! [`Choice`] to draw, and what a posted one means.

use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::name::isolated;
use crate::catalogue::series;
use crate::desk::kit::form::{Field, Form, Options};
use crate::error::Result;
use crate::web::Texts;

/// Most options of a select.
pub const MOST: u32 = 200;

/// How a series or a colleague is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// From these, by row id.
    Listed(Options),
    /// By a typed name; the key of the help that says which.
    Typed(&'static str),
}

impl Choice {
    /// Of all series, in the order of their titles.
    pub fn of_series(conn: &Connection) -> Result<Self> {
        let Some(mut few) = series::few(conn, MOST)? else {
            return Ok(Self::Typed("series-typed"));
        };
        few.sort_by_key(|(_, title)| title.to_lowercase());
        let options = few.into_iter();
        let options = options.map(|(id, title)| (id.to_string(), isolated(&title).into_owned()));
        Ok(Self::Listed(options.collect()))
    }

    /// Of the colleagues whom `can` accepts.
    pub fn of_people(conn: &Connection, can: impl Fn(&Coordinator) -> bool) -> Result<Self> {
        let Some(few) = coordinator::few(conn, MOST)? else {
            return Ok(Self::Typed("colleague-typed"));
        };
        let options = few.into_iter().filter(can);
        let options = options.map(|one| (one.id.to_string(), isolated(&one.name).into_owned()));
        Ok(Self::Listed(options.collect()))
    }

    /// The same choice with an option for none, first.
    pub fn or_none(self, label: String) -> Self {
        match self {
            Self::Listed(mut options) => {
                options.insert(0, (String::new(), label));
                Self::Listed(options)
            }
            typed @ Self::Typed(_) => typed,
        }
    }

    /// Draws it as a field of a form.
    pub fn draw(&self, form: &Form<'_>, field: Field<'_>) -> Markup {
        match self {
            Self::Listed(options) => form.select(field, options),
            Self::Typed(help) => {
                let help = Some(*help);
                form.input(Field { help, ..field }, "text", Some("off"), false)
            }
        }
    }

    /// Draws it within a filter. `any`: the key of the option for all; `chosen`: the value in the address.
    pub fn filter(&self, texts: &Texts, name: &str, any: &str, chosen: &str) -> Markup {
        match self {
            Self::Listed(options) => html! {
                select name=(name) {
                    option value="" { (texts.t(any)) }
                    @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
                }
            },
            Self::Typed(help) => html! {
                input type="text" name=(name) value=(chosen) autocomplete="off" placeholder=(texts.t(help));
            },
        }
    }
}
