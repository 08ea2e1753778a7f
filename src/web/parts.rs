//! A long list in parts: the links to the part before and after it, which work without script, and the words for the heading. In: a
//! [`Slice`]. Out: markup of a bounded size, whatever the rows contain.

use maud::{Markup, html};

use super::components::icon;
use super::texts::Texts;
use super::urls;
use crate::catalogue::name::isolated;
use crate::catalogue::slice::{Cursor, Slice};

/// Most bytes of all rows of a list: with its head and its other sections no page is above 1 MiB.
const HEAVIEST: usize = 600 * 1024;

/// The parameters of an address that name the element on which a part borders.
pub const PARAMETERS: [&str; 2] = ["after", "before"];

/// The cursor in the query of an address.
pub fn cursor(query: Option<&str>) -> Cursor {
    let [after, before] = PARAMETERS.map(|name| urls::parameter(query, name));
    match (after, before) {
        (Some(name), _) => Cursor::After(name),
        (None, Some(name)) => Cursor::Before(name),
        (None, None) => Cursor::First,
    }
}

/// The field of a form that keeps the part of a list.
pub fn field(cursor: &Cursor) -> Option<(&'static str, &str)> {
    let [after, before] = PARAMETERS;
    match cursor {
        Cursor::First => None,
        Cursor::After(name) => Some((after, name)),
        Cursor::Before(name) => Some((before, name)),
    }
}

/// An address of the part that a cursor names.
pub fn address(list: &str, cursor: &Cursor) -> String {
    let [after, before] = PARAMETERS;
    match cursor {
        Cursor::First => list.to_owned(),
        Cursor::After(name) => urls::with(list, after, name),
        Cursor::Before(name) => urls::with(list, before, name),
    }
}

/// Draws the rows of a list, as many as fit on a page.
pub fn draw<T>(slice: &Slice<T>, row: impl Fn(&T) -> Markup) -> Slice<(Markup, &T)> {
    let rows = slice.borrowed().map(|item| (row(item), item));
    rows.fitting(HEAVIEST, |(row, _)| row.0.len())
}

/// The rows of a list that has no further parts, and whether all of them fit.
pub fn fitting(rows: impl Iterator<Item = Markup>, most: usize) -> (Vec<Markup>, bool) {
    let (mut fitting, mut left) = (Vec::new(), most);
    for row in rows {
        if row.0.len() > left {
            return (fitting, false);
        }
        left -= row.0.len();
        fitting.push(row);
    }
    (fitting, true)
}

/// The links to the parts before and after this one. `list`: the address of the list with its other parameters and the place of the
/// list on the page; `name`: of an element in an address.
pub fn links<T>(
    texts: &Texts,
    list: &str,
    slice: &Slice<T>,
    name: impl Fn(&T) -> String,
) -> Markup {
    let (first, last) = (slice.items.first(), slice.items.last());
    let before = first.filter(|_| slice.has_before);
    let after = last.filter(|_| slice.has_after);
    let to = |cursor: Cursor| texts.to(address(list, &cursor));
    between(
        texts,
        before.map(|first| to(Cursor::Before(name(first)))),
        after.map(|last| to(Cursor::After(name(last)))),
    )
}

/// Draws the links to these addresses.
pub fn between(texts: &Texts, before: Option<String>, after: Option<String>) -> Markup {
    html! {
        @if before.is_some() || after.is_some() {
            nav.parts aria-label=(texts.t("parts")) {
                @if let Some(before) = before {
                    a.arrow rel="prev" href=(before) { (icon("previous")) (texts.t("previous")) }
                }
                @if let Some(after) = after {
                    a.arrow rel="next" href=(after) { (texts.t("next")) (icon("next")) }
                }
            }
        }
    }
}

/// The canonical address of a page with this part of its list.
pub fn own_address<T>(page: &str, slice: &Slice<T>, cursor: &Cursor) -> String {
    match slice.has_before {
        true => address(page, cursor),
        false => page.to_owned(),
    }
}

/// The title of a page, which says which part of its list it shows.
pub fn title(title: &str, range: Option<&str>) -> String {
    match range {
        Some(range) => format!("{} ({range})", isolated(title)),
        None => title.to_owned(),
    }
}

/// Which part of a list a page shows: "201–400 van 1000"; `None` when it shows the whole list. `from`: how many precede it.
pub fn range<T>(texts: &Texts, slice: &Slice<T>, from: u32, of: u32) -> Option<String> {
    if !slice.has_before && !slice.has_after {
        return None;
    }
    let shown = u32::try_from(slice.items.len()).unwrap_or(u32::MAX);
    let args = [
        ("from", (from + 1).into()),
        ("until", from.saturating_add(shown).into()),
        ("count", of.into()),
    ];
    Some(texts.t_args("part", &args))
}
