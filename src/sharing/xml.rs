//! Cleans text for XML, in addition to the escaping by maud: text comes from files and forms, and XML 1.0 cannot express most
//! control characters (§2.2).

use std::borrow::Cow;

pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The text without characters that XML cannot contain.
pub fn text(text: &str) -> Cow<'_, str> {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    match text.chars().all(fits) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().filter(|c| fits(*c)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_all_else_stays() {
        assert_eq!(text("a\u{0}b\u{b}\u{1f}c\u{fffe}\td\n"), "abc\td\n");
        assert_eq!(text("🦊 \u{202e}é ]]>"), "🦊 \u{202e}é ]]>");
    }
}
