//! `/desk/links/named`: the links of one name, such as those of a mailing, with their addresses. They are withdrawn one by one or
//! together.

use std::collections::HashMap;

use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::archive::{self, Edit};
use crate::catalogue::PublicId;
use crate::catalogue::link::{Link, Listed, Target};
use crate::catalogue::link_name;
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::{Context, Page, Posted, Tab};
use crate::desk::links::page;
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::{Texts, parts, urls};

/// Where links are withdrawn.
const WITHDRAW: &str = "/desk/links/withdraw";

/// The address of the links with this name.
pub fn address(name: &str) -> String {
    urls::with(&urls::desk("links/named"), "name", name)
}

/// `GET /desk/links/named?name=`. 404 when there are none.
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let title = context.parameter("name").unwrap_or_default();
    let cursor = parts::cursor(context.query());
    let (wanted, place) = (title.clone(), cursor.clone());
    let found = context.read(move |conn| link_name::links(conn, &wanted, &place));
    let found = found.await?;
    if found.items.is_empty() {
        return Err(Error::NotFound);
    }
    let list = address(&title);
    let now = context.now();
    let mut form = vec![("name", title.as_str())];
    form.extend(parts::field(&cursor));
    let rows = parts::draw(&found, |listed| {
        row((&context.app, texts), listed, &form, now)
    });
    // What is withdrawn together is what one sees.
    let drawn = rows.items.iter().map(|(_, (link, ..))| link);
    let open: Vec<&Link> = drawn.filter(|link| link.is_open(now)).collect();
    let main = html! {
        p { a href=(texts.to(urls::desk("links"))) { (texts.t("links-all")) } }
        ul.plain-list { @for (row, _) in &rows.items { li { (row) } } }
        (page::copied(texts))
        (parts::links(texts, &list, &rows, |(_, (link, ..))| link.token.beginning().to_owned()))
        @if open.len() > 1 { (together(texts, &form, &open)) }
    };
    let page = Page::new("links", title.clone()).scripts(&["desk.js", "share.js"]);
    Ok(page.with(&context, &main))
}

/// `POST /desk/links/withdraw`, with a `token` for each link, at most a page of them: withdraws these links, and shows the part of the
/// list that the form was on (`name`, `after`, `before`).
pub async fn withdraw(context: Context, posted: Posted) -> Result<Response> {
    let tokens: Vec<String> = posted.all("token").map(str::to_owned).collect();
    let found = context.read(move |conn| link_name::among(conn, &tokens));
    let now = rfc_3339(context.now())?;
    let found = found.await?;
    let count = found.len();
    let mut of_recordings: HashMap<PublicId, Vec<String>> = HashMap::new();
    let mut of_series: HashMap<i64, Vec<String>> = HashMap::new();
    for (link, id) in found {
        let tokens = match (id, link.target) {
            (Some(id), _) => of_recordings.entry(id).or_default(),
            (None, Target::Series(id) | Target::Recording(id)) => of_series.entry(id).or_default(),
        };
        tokens.push(link.token.to_string());
    }
    let (app, actor) = (&context.app, context.email());
    let edits = of_recordings.into_iter().map(|(id, tokens)| {
        let end = page::end(tokens, now.clone());
        let edit: Edit = Box::new(move |sidecar| end(&mut sidecar.links));
        (id, edit)
    });
    archive::edit_all(app, actor, page::WITHDRAW, edits.collect()).await?;
    for (id, tokens) in of_series {
        let end = page::end(tokens, now.clone());
        archive::edit_series(app, actor, page::WITHDRAW, id, |sidecar| {
            end(&mut sidecar.links)
        })
        .await?;
    }
    let done = match count {
        0 => "done-links-none",
        1 => "done-link-withdrawn",
        _ => "done-links-withdrawn",
    };
    let cursor = parts::cursor(Some(&posted.packed()));
    context.go(parts::address(&address(posted.get("name")), &cursor), done)
}

/// A link with what it leads to, its address and the button that withdraws it.
fn row((app, texts): (&App, &Texts), listed: &Listed, form: &[(&str, &str)], now: i64) -> Markup {
    let (link, title, id) = listed;
    let place = match (id, link.target) {
        (Some(id), _) => urls::desk_recording(id),
        (None, Target::Series(series) | Target::Recording(series)) => urls::desk_series(series),
    };
    let heading =
        html! { a href=(texts.to(format!("{place}{}", Tab::Links.path()))) { (name(title)) } };
    let mut fields = vec![("token", link.token.as_str())];
    fields.extend(form);
    page::row(
        (app, texts),
        (link, title),
        &heading,
        (WITHDRAW, &fields),
        now,
    )
}

/// The form that withdraws all open links of the page, behind a sentence that says what it does.
fn together(texts: &Texts, form: &[(&str, &str)], open: &[&Link]) -> Markup {
    let count = || [("count", open.len().into())];
    html! {
        details.unfold.together {
            summary { (texts.t_args("links-withdraw", &count())) }
            form.stack method="post" action=(texts.to(WITHDRAW.to_owned())) {
                p { (texts.t("links-withdraw-sure")) }
                @for (name, value) in form { input type="hidden" name=(name) value=(value); }
                @for link in open { input type="hidden" name="token" value=(link.token); }
                p.actions { button.button type="submit" { (texts.t_args("links-withdraw", &count())) } }
            }
        }
    }
}
