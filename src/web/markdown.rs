//! Descriptions as coordinators write them → markup. Raw HTML is dropped, links that run something are dropped, headings
//! stay below those of the page.

use comrak::Options;
use maud::{Markup, PreEscaped};

/// Draws Markdown. comrak is safe as it comes: it drops raw HTML and addresses such as `javascript:`.
pub fn draw(text: &str) -> Markup {
    PreEscaped(comrak::markdown_to_html(&below_the_page(text), &options()))
}

/// The first sentences as plain text, for lists and previews; at most `length` characters, cut at a word.
pub fn plain(text: &str, length: usize) -> String {
    let html = comrak::markdown_to_html(text, &options());
    let mut plain = String::new();
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if is_tag => {}
            c if c.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            c => plain.push(c),
        }
    }
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let plain = plain.trim();
    if plain.chars().count() <= length {
        return plain.to_owned();
    }
    let cut: String = plain.chars().take(length).collect();
    let at_word = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..at_word].trim_end_matches([',', '.', ';', ':']))
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options
}

/// The page has an h1 and h2s of its own: every heading goes two levels down.
fn below_the_page(text: &str) -> String {
    let lower = |line: &str| match line.starts_with('#') {
        true => format!("##{line}"),
        false => line.to_owned(),
    };
    // Markdown knows six levels; deeper ones would become text.
    text.lines()
        .map(lower)
        .map(|line| cap(&line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn cap(line: &str) -> String {
    let marks = line.chars().take_while(|c| *c == '#').count();
    if marks > 6 {
        format!("######{}", &line[marks..])
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_coordinator_writes_never_runs() {
        for hostile in [
            "<script>alert(1)</script>",
            "[klik](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](data:text/html;base64,PHNjcmlwdD4=)",
            "<a href=\"javascript:alert(1)\">x</a>",
        ] {
            let drawn = draw(hostile).into_string().to_lowercase();
            for sign in ["<script", "javascript:", "onerror=", "data:text"] {
                assert!(!drawn.contains(sign), "{hostile}: {drawn}");
            }
        }
    }

    #[test]
    fn headings_stay_below_those_of_the_page() {
        assert_eq!(
            draw("# Kop\n\ntekst").into_string().trim(),
            "<h3>Kop</h3>\n<p>tekst</p>"
        );
        assert!(draw("###### Diep").into_string().contains("<h6>"));
    }

    #[test]
    fn a_preview_is_plain_and_ends_at_a_word() {
        assert_eq!(
            plain("Over **alles** & [meer](https://example.org).", 100),
            "Over alles & meer."
        );
        assert_eq!(plain("een twee drie vier", 12), "een twee…");
    }
}
