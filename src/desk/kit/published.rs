//! After publishing: that it is online, the address to share with a button that copies it, and the way to the share page.

use maud::{Markup, html};

use super::{Context, Tab};

/// The flash message that the block stands for.
pub const DONE: &str = "done-published";

/// The block, on the page that a change led to when it made something public. `address`: what visitors open; `desk`: the subject's
/// page at the desk, whose share tab has newsletters and embeds.
pub fn block(context: &Context, address: &str, desk: &str) -> Markup {
    let texts = &context.texts;
    if context.parameter("done").as_deref() != Some(DONE) {
        return html! {};
    }
    let whole = format!("{}{address}", context.app.config.base());
    let copy = texts.t("share-copy");
    html! {
        section.ready aria-labelledby="published" {
            h2 #published { (texts.t("published-heading")) }
            div.field {
                label for="published-link" { (texts.t("published-link")) }
                input #published-link type="text" readonly value=(whole) spellcheck="false";
                p.actions data-copy="published-link" hidden { button.button type="button" data-kind="quiet" { (copy) } }
            }
            p role="status" data-copied=(texts.t("copied")) data-failed=(texts.t("copy-by-hand")) {}
            p { a href=(texts.to(format!("{desk}{}", Tab::Share.path()))) { (texts.t("published-share")) } }
        }
    }
}
