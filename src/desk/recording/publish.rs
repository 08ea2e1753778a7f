//! Checks that a draft has what visitors need (a title, a date, captions, a file that plays) before offering to publish it.

use maud::{Markup, html};

use crate::catalogue::recording::{self, Visibility};
use crate::catalogue::source::Unplayable;
use crate::desk::kit::Context;
use crate::desk::recording::captions;
use crate::desk::recording::page::RecordingPage;
use crate::web::plays;

/// The id of the form with the texts: the button belongs to it, so that publishing saves what was typed.
pub const FORM: &str = "texts";

/// For a draft: the missing parts, or when there are none, the button that publishes it. For any other: the way to captions that are
/// missing.
pub fn to_publish(
    context: &Context,
    page: &RecordingPage,
    has_captions: bool,
    unplayable: Option<&Unplayable>,
) -> Markup {
    let (texts, one) = (&context.texts, &page.recording);
    let typing = texts.to(page.path(&captions::lines_path(one.language())));
    let typing = html! { a href=(typing) { (texts.t("captions-type-go")) } };
    if one.state != recording::RecordingState::Ready {
        return html! {};
    }
    if one.visibility() != Visibility::Draft {
        return html! { @if !has_captions { p.field-help { (texts.t("captions-none")) " " (typing) } } };
    }
    let needed = [
        (true, "publish-title", page.path("#field-title")),
        (one.date.is_some(), "publish-date", page.path("#field-date")),
        (
            has_captions,
            "publish-captions",
            page.path("/files#captions"),
        ),
        (unplayable.is_none(), "publish-plays", page.path("/files")),
    ];
    let is_ready = needed.iter().all(|(is_there, _, _)| *is_there);
    html! {
        section.ready aria-labelledby="publish" {
            h2 #publish { (texts.t("publish-heading")) }
            ul {
                @for (is_there, key, address) in needed {
                    li {
                        span aria-hidden="true" { (if is_there { "✓ " } else { "○ " }) }
                        @if is_there { (texts.t(key)) span.unseen { " (" (texts.t("publish-there")) ")" } }
                        @else { a href=(texts.to(address)) { (texts.t(key)) } " " (texts.t("publish-missing")) @if key == "publish-captions" { " · " (typing) } }
                    }
                }
            }
            @if let Some(why) = unplayable { p { (plays::sentence(texts, why)) } }
            @if is_ready {
                p.actions { button.button type="submit" form=(FORM) name="publish" value="yes" { (texts.t("publish-now")) } }
                p.field-help { (texts.t("publish-saves")) }
            } @else { p.field-help { (texts.t("publish-first")) } }
        }
    }
}
