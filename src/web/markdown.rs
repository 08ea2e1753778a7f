//! Renders descriptions as safe HTML. In: Markdown from a sidecar. Out: markup without raw HTML, pictures or links that run script;
//! its headings are below those of the page.

use std::fmt::Write as _;

use comrak::html::ChildRendering;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, create_formatter, parse_document};
use maud::{Markup, PreEscaped};

use crate::catalogue::timed_line;

/// The longest description that is rendered, in bytes, about forty pages. The rest is cut, so that one sidecar cannot make a page
/// slow.
const LONGEST: usize = 64 * 1024;

/// The largest markup of a description, in bytes. Some texts grow tenfold in it, such as thousands of addresses or quotation marks.
const LARGEST: usize = 200 * 1024;

/// How many levels a heading is lowered: the page has an `h1` title and `h2` sections.
const LOWER: u8 = 2;

create_formatter!(Description, {
    NodeValue::Heading(ref heading) => |context, entering| {
        let level = (heading.level + LOWER).min(6);
        match entering {
            true => write!(context, "<h{level}>")?,
            false => writeln!(context, "</h{level}>")?,
        }
    },
    NodeValue::Link(ref link) => |context, entering| {
        if !leads_somewhere_safe(&link.url) {
            return Ok(ChildRendering::HTML);
        }
        if entering {
            context.write_str("<a href=\"")?;
            context.escape_href(&link.url)?;
            context.write_str("\" rel=\"nofollow noopener\">")?;
        } else {
            context.write_str("</a>")?;
        }
    },
    // The alternative text of a picture is shown, because the picture itself would be loaded from another site.
    NodeValue::Image(_) => |context| {
        let _ = &context;
    },
    // The tags of raw HTML are removed and its text is kept, so that pasted pages lose their layout only.
    NodeValue::HtmlBlock(ref block) => |context, entering| {
        let words = words_of(&block.literal);
        if entering && !words.is_empty() {
            context.write_str("<p>")?;
            context.escape(&words)?;
            context.write_str("</p>\n")?;
        }
    },
    NodeValue::HtmlInline(_) => |context| {
        let _ = &context;
    },
});

/// The moments of a recording that its description may name at the start of a line.
#[derive(Clone, Copy)]
pub struct Moments<'a> {
    /// The moments in milliseconds, in order.
    pub starts: &'a [u64],
    /// The address of one of them.
    pub address: &'a dyn Fn(u64) -> String,
}

/// Renders a description as HTML of at most 200 KiB; the rest of a longer one is cut.
pub fn html(markdown: &str) -> Markup {
    with_moments(markdown, None)
}

/// Renders a description, in which the times at the start of lines lead to these moments.
pub fn with_moments(markdown: &str, moments: Option<Moments<'_>>) -> Markup {
    let mut longest = LONGEST;
    loop {
        let html = rendered(cut(markdown, longest), moments);
        if html.0.len() <= LARGEST {
            return html;
        }
        longest /= 2;
    }
}

fn rendered(markdown: &str, moments: Option<Moments<'_>>) -> Markup {
    let arena = Arena::new();
    let options = options();
    let document = parse_document(&arena, markdown, &options);
    if let Some(moments) = moments {
        link_moments(&arena, document, moments);
    }
    let mut html = String::new();
    match Description::format_document(document, &options, &mut html) {
        Ok(()) => PreEscaped(html),
        // Writing to a string cannot fail; plain text would be the fallback.
        Err(_) => maud::html! { p { (plain(markdown, LONGEST)) } },
    }
}

/// Makes links of the times with which lines begin, and gives each of these lines a line of its own.
fn link_moments<'a>(arena: &'a Arena<'a>, document: &'a AstNode<'a>, moments: Moments<'_>) {
    let nodes: Vec<_> = document.descendants().collect();
    for node in nodes {
        let before = node.previous_sibling();
        let is_first = match before {
            Some(before) => matches!(
                before.data.borrow().value,
                NodeValue::SoftBreak | NodeValue::LineBreak
            ),
            None => node
                .parent()
                .is_some_and(|parent| matches!(parent.data.borrow().value, NodeValue::Paragraph)),
        };
        let text = match &node.data.borrow().value {
            NodeValue::Text(text) if is_first => text.to_string(),
            _ => continue,
        };
        let found = timed_line::time(&text);
        let found = found.filter(|(_, ms)| moments.starts.binary_search(ms).is_ok());
        let Some((time, ms)) = found else {
            continue;
        };
        let link =
            maud::html! { a href=((moments.address)(ms)) data-at=(ms) { (&text[time.clone()]) } };
        let new = |value: NodeValue| arena.alloc(AstNode::from(value));
        node.insert_before(new(NodeValue::Text(text[..time.start].to_owned().into())));
        node.insert_before(new(NodeValue::Raw(link.into_string())));
        node.data.borrow_mut().value = NodeValue::Text(text[time.end..].to_owned().into());
        if let Some(before) = before {
            before.data.borrow_mut().value = NodeValue::LineBreak;
        }
    }
}

/// The beginning of a description as plain text, at most about `limit` characters, cut at a word.
pub fn plain(markdown: &str, limit: usize) -> String {
    let arena = Arena::new();
    let document = parse_document(&arena, cut(markdown, LONGEST), &options());
    let mut text = String::new();
    for node in document.descendants() {
        push_words(node, &mut text);
        // There is enough text; the rest would be cut.
        if text.len() > limit * 4 {
            break;
        }
    }
    shorten(
        &text.split_whitespace().collect::<Vec<_>>().join(" "),
        limit,
    )
}

/// The first paragraph of a description as plain text, at most about `limit` characters.
pub fn lead(markdown: &str, limit: usize) -> String {
    let first = markdown.trim().split("\n\n").next().unwrap_or_default();
    plain(first, limit)
}

/// The options of the renderer: Markdown without raw HTML (CommonMark §6), and bare addresses become links.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options
}

fn push_words<'a>(node: &'a AstNode<'a>, text: &mut String) {
    match &node.data.borrow().value {
        NodeValue::Text(words) => text.push_str(words),
        NodeValue::Code(code) => text.push_str(&code.literal),
        NodeValue::HtmlBlock(block) => {
            text.push(' ');
            text.push_str(&words_of(&block.literal));
        }
        NodeValue::SoftBreak
        | NodeValue::LineBreak
        | NodeValue::Paragraph
        | NodeValue::Heading(_)
        | NodeValue::Item(_) => text.push(' '),
        _ => {}
    }
}

/// The text between the tags.
fn words_of(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let between = pieces.map(|(place, piece)| match piece.split_once('>') {
        Some((_, words)) if place > 0 => words,
        // The piece is text before the first tag, or a `<` that begins no tag.
        Some(_) | None => piece,
    });
    let words: Vec<&str> = between.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// Whether a link leads to a web page, a mail address, a telephone number or an own page, and not to script or a file.
fn leads_somewhere_safe(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:", "tel:", "/", "#"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// `text` up to `limit` characters, cut at a word with an ellipsis when there is more.
pub fn shorten(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let kept = &text[..end];
    let kept = kept.rsplit_once(' ').map_or(kept, |(before, _)| before);
    format!("{}…", kept.trim_end_matches([',', '.', ';', ':', ' ']))
}

/// At most `limit` bytes, cut between characters.
fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stand_below_those_of_the_page() {
        assert_eq!(
            html("# Een\n\n###### Zes").into_string(),
            "<h3>Een</h3>\n<h6>Zes</h6>\n"
        );
    }

    #[test]
    fn what_would_run_is_not_let_through() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "[x](java&#x0a;script:alert(1))",
            "![x](javascript:alert(1))",
            "![x](https://example.org/pixel.gif)",
            "<javascript:alert(1)>",
            "[x](//example.org\" onmouseover=\"alert(1))",
        ] {
            let html = html(hostile).into_string().to_ascii_lowercase();
            for sign in [
                "<script",
                "<img",
                "<a href=\"java",
                "<a href=\"data",
                "<a href=\"vb",
                " onmouseover=\"",
                "<!--",
            ] {
                assert!(!html.contains(sign), "{hostile} became {html}");
            }
        }
    }

    #[test]
    fn links_keep_nothing_for_those_they_lead_to() {
        assert_eq!(
            html("Zie [site](https://example.org/?a=1&b=2) of https://example.org").into_string(),
            "<p>Zie <a href=\"https://example.org/?a=1&amp;b=2\" rel=\"nofollow noopener\">site</a> of \
             <a href=\"https://example.org\" rel=\"nofollow noopener\">https://example.org</a></p>\n"
        );
        assert_eq!(html("[x](ftp://a)").into_string(), "<p>x</p>\n");
        assert_eq!(
            html("![Drie mensen](p.jpg)").into_string(),
            "<p>Drie mensen</p>\n"
        );
    }

    #[test]
    fn what_raw_html_says_is_kept_without_its_form() {
        assert_eq!(
            html("<div class=\"x\"><b>Hallo</b> jongerenwerkers &amp; co</div>\n\nEn verder.")
                .into_string(),
            "<p>Hallo jongerenwerkers &amp;amp; co</p>\n<p>En verder.</p>\n"
        );
        assert_eq!(html("<hr>\n").into_string(), "");
        assert_eq!(plain("<p>Eerst</p>\n\ndan", 80), "Eerst dan");
    }

    #[test]
    fn the_first_words_are_plain() {
        assert_eq!(
            plain(
                "# Titel\n\nEen *mooie* `reeks` van\n[twaalf](https://a.nl) <b>keer</b>",
                80
            ),
            "Titel Een mooie reeks van twaalf keer"
        );
        assert_eq!(plain("een twee, drie vier", 12), "een twee…");
        assert_eq!(shorten("één", 3), "één");
        assert_eq!(shorten("aaaaaaaa", 3), "aaa…");
    }

    #[test]
    fn a_description_of_any_size_is_drawn() {
        for hostile in [
            "[".repeat(100_000),
            "> ".repeat(50_000),
            "*a ".repeat(50_000),
            "é".repeat(70_000),
        ] {
            assert!(html(&hostile).into_string().len() < 4_000_000);
        }
    }
}
