//! Checks that a draft has what visitors need (a title, a date, captions) before offering to publish it.

use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::recording::{self, Visibility};
use crate::desk::kit::act;
use crate::desk::recording::page::RecordingPage;
use crate::desk::recording::visibility::fields_of;
use crate::web::Texts;

/// For a draft: the missing parts, or when there are none, the button that publishes it.
pub fn to_publish(app: &App, texts: &Texts, page: &RecordingPage, has_captions: bool) -> Markup {
    let one = &page.recording;
    if one.visibility() != Visibility::Draft || one.state != recording::RecordingState::Ready {
        return html! {};
    }
    let captions = page.path("/files#captions");
    let needed = [
        (true, "publish-title", page.path("#field-title")),
        (one.date.is_some(), "publish-date", page.path("#field-date")),
        (has_captions, "publish-captions", captions),
    ];
    let is_ready = needed.iter().all(|(is_there, _, _)| *is_there);
    // The form keeps the moments and all other fields unchanged.
    let filled = fields_of(page, app).filled;
    let was = filled.packed();
    let now = filled.with("visibility", Visibility::Public.as_str());
    let now = now.and("was", &was);
    let fields = now.fields().iter();
    let fields: Vec<(&str, &str)> = fields.map(|(name, value)| (&**name, &**value)).collect();
    html! {
        section.ready aria-labelledby="publish" {
            h2 #publish { (texts.t("publish-heading")) }
            ul {
                @for (is_there, key, address) in needed {
                    li {
                        span aria-hidden="true" { (if is_there { "✓ " } else { "○ " }) }
                        @if is_there { (texts.t(key)) span.unseen { " (" (texts.t("publish-there")) ")" } }
                        @else { a href=(texts.to(address)) { (texts.t(key)) } " " (texts.t("publish-missing")) }
                    }
                }
            }
            @if is_ready { (act(texts, &page.path("/visibility"), "publish-now", "", &fields)) }
            @else { p.field-help { (texts.t("publish-first")) } }
        }
    }
}
