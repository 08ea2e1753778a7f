//! Previews of a snippet as mail programs show it: in light mode, in dark mode, and without pictures. In: a snippet. Out: a page
//! that contains nothing else, and its content security policy.

use maud::{Markup, html};

use super::newsletter::Snippet;
use super::share_options::PreviewMode;

/// The page with the snippet. `icon`: the address of the portal's icon, because a browser would otherwise request one that the
/// policy forbids.
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
        // The style imitates mail programs that invert colours but not pictures.
        PreviewMode::Dark => {
            "html{background:#1b1b1b;color-scheme:dark}body{margin:0;padding:8px}\
             main>table{filter:invert(.92) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}\
             :focus-visible{outline:3px solid #1a56c4;outline-offset:3px}"
        }
    }
}

/// The content security policy of a preview: the snippet's inline styles, the portal's pictures unless they are blocked, and
/// nothing else. Only this page allows inline styles (Content Security Policy Level 3 §6).
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
