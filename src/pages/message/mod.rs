//! `/message`: the forms with which a visitor writes to the people at the desk, also where no mail address is set. In: what was typed,
//! and the recording it is about. Out: a page that says what happens now, or the form as it was filled in with what is wrong.
//!
//! They tell of a recording only what this visitor may see of it: an address that is hidden, locked, gone or was never given out looks
//! the same. Instead of a puzzle, a field that people do not see catches programs.

mod asked;
mod correction;
mod general;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::message::{KEPT_DAYS, MessageKind};
use crate::catalogue::{Viewer, timecode};
use crate::error::Result;
use crate::people::Sender;
use crate::web::head::Head;
use crate::web::posted::Posted;
use crate::web::sign_in::Origin;
use crate::web::{Texts, layout, reply, urls};

use asked::Asked;
use correction::{Lines, Wanted};

/// `GET /message`, with `?about=` the id of a recording, `?t=` a moment in it, and `?kind=`; with `?kind=captions` the form for one line
/// of the captions in `?language=`, when the visitor may see them.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let query = query.as_deref();
    let (asked, lines) = load(&app, viewer, query, &texts).await?;
    Ok(match lines {
        Some(lines) => lines.page(&app, &texts, &asked),
        None => general::show(&app, &texts, &asked, query),
    })
}

/// `POST /message`
pub async fn send(
    State(app): State<App>,
    Origin(from): Origin,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let (asked, lines) = load(&app, viewer, query.as_deref(), &texts).await?;
    let sender = Sender::at(from);
    match lines {
        Some(lines) => lines.send(&app, sender, &texts, (&asked, posted)).await,
        None => general::send(&app, sender, &texts, (&asked, posted)).await,
    }
}

/// What a message is about, and the lines of captions when it is about one of these.
async fn load(
    app: &App,
    viewer: Viewer,
    query: Option<&str>,
    texts: &Texts,
) -> Result<(Asked, Option<Lines>)> {
    let wanted = Wanted::of(query, texts.lang());
    let loaded = Asked::load(app, viewer, query, move |conn, row| match wanted {
        Some(wanted) => Lines::load(conn, row, wanted),
        None => Ok(None),
    });
    let (asked, lines) = loaded.await?;
    Ok((asked, lines.flatten()))
}

/// `GET /message/sent`
pub async fn sent(
    State(app): State<App>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let query = query.as_deref();
    let (asked, _) = Asked::load(&app, viewer, query, |_, _| Ok(())).await?;
    let is_of_captions =
        urls::parameter(query, "kind").is_some_and(|kind| kind == MessageKind::Captions.as_str());
    let at = urls::parameter(query, "t").and_then(|text| timecode::parse_seconds(&text));
    let main = html! {
        article.about {
            h1.series-title { (texts.t("message-sent")) }
            p.lead role="status" { (texts.t("message-sent-text")) }
            div.prose {
                @if is_of_captions { p { (texts.t("correction-sent")) } }
                @else {
                    p { (texts.t("message-sent-picture")) }
                    p { (texts.t("message-sent-answer")) }
                }
                p { (texts.t_args("message-sent-kept", &[("days", KEPT_DAYS.into())])) }
                p.actions {
                    @match (&asked.about, at) {
                        (Some(about), Some(at)) => a.button href=(texts.to(urls::watch_at(&about.id, at))) { (texts.t("message-back")) },
                        (Some(about), None) => a.button href=(texts.to(urls::watch(&about.id))) { (texts.t("message-back")) },
                        (None, _) => a.button href=(texts.to(urls::home())) { (texts.t("error-home")) },
                    }
                }
            }
        }
    };
    let head = Head {
        title: texts.t("message-sent"),
        hidden: true,
        scripts: vec!["search.js"],
        ..Head::default()
    };
    let page = layout::page(&app, &texts, "message", &head, &main);
    Ok(reply::page(page))
}
