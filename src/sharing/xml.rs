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

/// Plain text where readers expect HTML, such as an RSS `description`: what looks like markup in it is shown, not carried out. It
/// still has to be escaped as XML.
pub fn html(plain: &str) -> String {
    let plain = text(plain);
    let (mut html, mut rest) = (String::with_capacity(plain.len()), plain.as_ref());
    while let Some(at) = rest.find(['&', '<', '>']) {
        let (before, special) = rest.split_at(at);
        html.push_str(before);
        html.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &special[1..];
    }
    html.push_str(rest);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_html_is_shown_as_it_was_written() {
        assert_eq!(
            html("a <b> & &nbsp; 3 > 2\u{b}"),
            "a &lt;b&gt; &amp; &amp;nbsp; 3 &gt; 2"
        );
        assert_eq!(html(""), "");
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_all_else_stays() {
        assert_eq!(text("a\u{0}b\u{b}\u{1f}c\u{fffe}\td\n"), "abc\td\n");
        assert_eq!(text("🦊 \u{202e}é ]]>"), "🦊 \u{202e}é ]]>");
    }
}
