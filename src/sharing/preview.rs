//! What a mail program would make of a snippet: in the light, in the dark, and without pictures. In: a snippet. Out: a page that
//! holds nothing else, and the policy it is shown under.

use maud::{Markup, html};

use super::newsletter::Snippet;
use super::share_options::PreviewMode;

/// A page that holds nothing but the snippet, as a mail program would show it. `icon`: the address of the portal's own, because a
/// browser otherwise asks for one that this page may not show.
pub fn page(snippet: &Snippet, mode: PreviewMode, icon: &str) -> Markup {
    html! {
        (maud::DOCTYPE)
        html lang=(snippet.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (snippet.lang.t("share-preview")) }
                base target="_blank";
                link rel="icon" type="image/svg+xml" href=(icon);
                style { (maud::PreEscaped(style(mode))) }
            }
            body { main { (maud::PreEscaped(snippet.html())) } }
        }
    }
}

fn style(mode: PreviewMode) -> &'static str {
    match mode {
        PreviewMode::Light | PreviewMode::Blocked => {
            "html{background:#fff;color-scheme:light}body{margin:0;padding:8px}\
             :focus-visible{outline:3px solid #1a56c4;outline-offset:3px}"
        }
        // As mail programs do that turn colours round and leave pictures alone.
        PreviewMode::Dark => {
            "html{background:#1b1b1b;color-scheme:dark}body{margin:0;padding:8px}\
             main>table{filter:invert(.92) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}\
             :focus-visible{outline:3px solid #1a56c4;outline-offset:3px}"
        }
    }
}

/// The policy of a preview: the snippet's inline styles, the portal's pictures unless they are blocked, and nothing else. The one
/// exception to "no inline style" (Content Security Policy Level 3 §6).
pub fn policy(mode: PreviewMode, base: &str) -> String {
    let pictures = match mode {
        PreviewMode::Blocked => "'none'".to_owned(),
        PreviewMode::Light | PreviewMode::Dark => format!("'self' {base}"),
    };
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
}
