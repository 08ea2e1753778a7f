//! Makes stems for new recordings: readable, in the order of the series, and free.

use crate::catalogue::id;
use crate::catalogue::name::composed;

/// The largest part of a stem that comes from the title, in bytes.
const LONGEST: usize = 80;

/// A stem like `07-visie-op-online-werken`, with a number appended when a file of the folder has that stem. `taken`: names of the
/// files in the folder.
pub fn free(taken: &[String], number: Option<i64>, title: &str) -> String {
    let mut words = id::slug(title);
    words.truncate(LONGEST);
    let words = match words.trim_matches('-') {
        "" => "bijeenkomst",
        words => words,
    };
    let stem = match number {
        Some(number) => format!("{number:02}-{words}"),
        None => words.to_owned(),
    };
    free_like(taken, &stem)
}

/// The stem itself, with a number appended when a file of the folder has it already.
pub fn free_like(taken: &[String], stem: &str) -> String {
    let is_free = |stem: &String| {
        let begins = |name: &String| {
            composed(name)
                .strip_prefix(&*composed(stem))
                .is_some_and(|rest| rest.starts_with('.'))
        };
        !taken.iter().any(begins)
    };
    let others = (2_u32..).map(|again| format!("{stem}-{again}"));
    std::iter::once(stem.to_owned())
        .chain(others)
        .find(is_free)
        .unwrap_or_else(|| stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_and_free() {
        let taken = ["07-visie.mp4", "07-visie-2.toml", "07-visie-extra.mp4"].map(str::to_owned);
        for (number, title, expected) in [
            (Some(7), "Visie", "07-visie-3"),
            (Some(8), "Visie", "08-visie"),
            (None, "Wat doe je online?", "wat-doe-je-online"),
            (Some(1), "\u{202e}///\0", "01-bijeenkomst"),
            (Some(1), "CON", "01-con"),
            (
                None,
                "E\u{301}e\u{301}n nai\u{308}ef cafe\u{301}",
                "een-naief-cafe",
            ),
        ] {
            assert_eq!(free(&taken, number, title), expected);
        }
        assert!(free(&[], Some(1), &"lang ".repeat(100)).len() < 100);
    }
}
