//! `/share/{id}` and `/share/series/{slug}`: the page "Delen", with which everyone can share a public recording or series; also the
//! preview of a snippet and the QR codes for this page and the desk.

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::preview;
use super::qr;
use super::share_options::{self, ShareOptions};
use super::share_page::SharePage;
use crate::app::App;
use crate::catalogue::address::{self, Destination};
use crate::catalogue::link::Target;
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::web::assets::Own;
use crate::web::components::name;
use crate::web::components::{foreign, icon};
use crate::web::head::Head;
use crate::web::{Texts, layout, reply, urls};

/// `GET /share/{id}`
pub async fn of_one(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let options = ShareOptions::of(query.as_deref(), &texts);
    let found = find(&app, app.visitor(), recording(&id)?, options).await?;
    page(&app, &texts, found, query.as_deref())
}

/// `GET /share/series/{slug}`
pub async fn of_all(
    State(app): State<App>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let options = ShareOptions::of(query.as_deref(), &texts);
    let found = find(&app, app.visitor(), Destination::Series(slug), options).await?;
    page(&app, &texts, found, query.as_deref())
}

/// `GET /share/{id}/{part}`: `preview`, `qr.svg` or `qr.png`.
pub async fn part_of_one(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, part)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let options = ShareOptions::of(query.as_deref(), &texts);
    let found = find(&app, viewer, recording(&id)?, options).await?;
    answer((&app, &texts), found, &part, query.as_deref())
}

/// `GET /share/series/{slug}/{part}`
pub async fn part_of_all(
    State(app): State<App>,
    viewer: Viewer,
    Path((slug, part)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let options = ShareOptions::of(query.as_deref(), &texts);
    let found = find(&app, viewer, Destination::Series(slug), options).await?;
    answer((&app, &texts), found, &part, query.as_deref())
}

fn recording(id: &str) -> Result<Destination> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    Ok(Destination::Recording(id))
}

/// The page, or its current address after a move.
type SharePageOrMoved = std::result::Result<Box<SharePage>, String>;

async fn find(
    app: &App,
    viewer: Viewer,
    place: Destination,
    options: ShareOptions,
) -> Result<SharePageOrMoved> {
    let found = app.db.read(move |conn| {
        let load = |target| SharePage::load(conn, &viewer, target, options).map(Box::new);
        match place {
            Destination::Recording(id) => {
                let found = address::resolve_recording(conn, &viewer, &id)?;
                let found = found
                    .load(|row| load(Target::Recording(row)))?
                    .here_or_moved()?;
                Ok(found.map_err(|today| urls::share(&today)))
            }
            Destination::Series(slug) => {
                let found = address::resolve_series(conn, &viewer, &slug)?;
                let found = found
                    .load(|row| load(Target::Series(row)))?
                    .here_or_moved()?;
                Ok(found.map_err(|today| urls::share_series(&today)))
            }
        }
    });
    found.await
}

/// Redirects to the current address, with the same options.
fn moved(texts: &Texts, address: &str, query: Option<&str>) -> Result<Response> {
    reply::moved(&texts.to(urls::keeping(address, query, &share_options::PARAMETERS)))
}

/// Draws the page for visitors, which exists for public recordings and series only.
fn page(
    app: &App,
    texts: &Texts,
    found: SharePageOrMoved,
    query: Option<&str>,
) -> Result<Response> {
    let page = match found {
        Ok(page) if page.is_public() => page,
        Ok(_) => return Err(Error::NotFound),
        Err(address) => return moved(texts, &address, query),
    };
    let series = &page.series;
    let (language, back) = match &page.recording {
        Some(one) => (one.language(), urls::watch(&one.public_id)),
        None => (series.language(), urls::series(&series.slug)),
    };
    let title = page.title();
    let head = Head {
        title: texts.t_args("share-of", &[("title", title.into())]),
        // Search engines should list the shared page instead.
        hidden: true,
        scripts: vec!["desk.js", "share.js", "search.js"],
        desk: true,
        demonstration: series.demonstration(),
        ..Head::default()
    };
    let main = html! {
        p.way-back { a.arrow href=(texts.to(back)) { (icon("previous")) span lang=[foreign(texts, language)] { (name(title)) } } }
        h1 { (texts.t("share")) }
        p.lead { (texts.t("share-lead")) }
        (page.render((app, texts), &page.public(), &html! {}))
    };
    let page = layout::page(app, texts, "share", &head, &main);
    Ok(reply::page(page))
}

fn answer(
    (app, texts): (&App, &Texts),
    found: SharePageOrMoved,
    part: &str,
    query: Option<&str>,
) -> Result<Response> {
    let page = match found {
        Ok(page) => page,
        Err(address) => return moved(texts, &format!("{address}/{part}"), query),
    };
    let base = app.config.base();
    let (kind, body) = match part {
        "preview" => {
            let (mode, icon) = (
                page.options.mode,
                Own::of(&app.branding()).favicon.address(),
            );
            let mut answer = reply::page(preview::page(&page.snippet(app), mode, &icon));
            let policy = reply::header(&preview::policy(mode, &base))?;
            answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            return Ok(answer);
        }
        "qr.svg" => {
            let code = qr::svg(&destination(&page, texts, &base))?;
            ("image/svg+xml", code.into_bytes())
        }
        "qr.png" => ("image/png", qr::png(&destination(&page, texts, &base))?),
        _ => return Err(Error::NotFound),
    };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")];
    Ok((headers, body).into_response())
}

/// The address in a QR code: the named link of the request, otherwise the page.
fn destination(page: &SharePage, texts: &Texts, base: &str) -> String {
    match texts.link() {
        Some(link) => format!("{base}{}", page.fragment.of_page(&urls::link(link))),
        None => page.page(base),
    }
}
