//! `/desk/links`: the names under which links were handed out, that with the newest link first. A mailing of thirteen sessions is one
//! row, which opens its links.

use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::link_name::{self, LinkName};
use crate::desk::kit::{Context, Page};
use crate::desk::links::{named, page};
use crate::error::Result;
use crate::web::components::name;
use crate::web::{Texts, format, parts, urls};

/// `GET /desk/links`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let (cursor, now) = (parts::cursor(context.query()), context.now());
    let found = context.read(move |conn| link_name::slice(conn, &cursor, now));
    let found = found.await?;
    let rows = parts::draw(&found, |one| row(texts, one, &state(&context, one)));
    let main = html! {
        @if rows.items.is_empty() { (none(texts)) } @else {
            p { (texts.t("links-lead")) }
            ul.desk-rows { @for (row, _) in &rows.items { li { (row) } } }
        }
        (parts::links(texts, &urls::desk("links"), &rows, |(_, one)| link_name::in_list(one)))
    };
    let page = Page::new("links", texts.t("desk-links"));
    Ok(page.with(&context, &main))
}

/// How many links have a name, and when the newest was created; of one alone all that is known.
fn state(context: &Context, one: &LinkName) -> String {
    let (app, texts) = (&context.app, &context.texts);
    if let Some(link) = &one.only {
        return page::state(app, texts, link, context.now());
    }
    let count = |key: &str, count: u32| texts.t_args(key, &[("count", count.into())]);
    let ended = one.links - one.open;
    let when = format::moment(texts.lang(), one.created_at, &app.config.zone());
    let facts = [
        Some(count("links-count", one.links)),
        (ended > 0).then(|| count("links-ended", ended)),
        Some(texts.t_args("link-given", &[("when", when.into())])),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A name with what its links lead to.
fn row(texts: &Texts, one: &LinkName, state: &str) -> Markup {
    html! {
        div.words {
            strong { a href=(texts.to(named::address(&one.name))) { (name(&one.name)) } }
            span {
                (name(&one.title))
                @if one.others > 0 { " " (texts.t_args("links-others", &[("count", one.others.into())])) }
            }
            span { (state) }
        }
    }
}

/// Where links are made.
fn none(texts: &Texts) -> Markup {
    html! {
        p { (texts.t("links-none")) }
        p { (texts.t("links-where")) }
        p.actions {
            a.button data-kind="quiet" href=(texts.to(urls::desk("recordings"))) { (texts.t("links-to-recordings")) }
            a.button data-kind="quiet" href=(texts.to(urls::desk("series"))) { (texts.t("links-to-series")) }
        }
    }
}
