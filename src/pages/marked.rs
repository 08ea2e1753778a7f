//! A sentence in which the words of a search are marked.

use maud::{Markup, html};

use crate::search::Marks;

/// A sentence with the words of a search marked; at most about `most` characters of it, around the first of them.
pub fn marked(text: &str, marks: &Marks, most: usize) -> Markup {
    let places = marks.places(text);
    let first = places.first().map_or(0, |place| place.start);
    let before = text.get(..first).unwrap_or_default();
    // A third of what is shown stands before the first mark.
    let cut = before.char_indices().rev().nth(most / 3).map(|(at, _)| at);
    let start = cut.map_or(0, |cut| {
        before
            .get(cut..)
            .and_then(|rest| rest.find(' '))
            .map_or(cut, |space| cut + space + 1)
    });
    let rest = text.get(start..).unwrap_or_default();
    let end = rest
        .char_indices()
        .nth(most)
        .map_or(text.len(), |(at, _)| start + at);
    let mut at = start;
    html! {
        @if start > 0 { "… " }
        @for place in places.iter().filter(|place| place.end <= end) {
            (text.get(at..place.start).unwrap_or_default())
            mark { (text.get(place.clone()).unwrap_or_default()) }
            @let () = at = place.end;
        }
        (text.get(at..end).unwrap_or_default())
        @if end < text.len() { " …" }
    }
}
