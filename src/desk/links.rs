//! Named links: "teamoverleg mei". Each opens one recording or one series, may expire, and is withdrawn by itself. The list
//! says what was handed out when. They stand in the sidecar, so that they go on answering for a catalogue made again.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use super::frame::{self, Desk};
use super::posted::{Errors, Posted};
use super::recording_trash::rfc_3339;
use super::{recording_edit, save};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::link::{self, Link, Target, Token};
use crate::error::{Error, Result, Text};
use crate::sidecar;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// Links of the list; older ones stand with their recording.
const LISTED: u32 = 500;

/// The longest name of a link, in characters.
const LONGEST_NAME: usize = 120;

/// `GET /desk/links`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let found = app.db.read(|conn| link::all(conn, LISTED)).await?;
    let now = app.clock.now();
    let main = html! {
        p { (texts.t("links-lead")) }
        @if found.is_empty() { p { (texts.t("links-none")) } }
        ul.desk-rows {
            @for (link, title, id) in &found {
                @let place = match (id, link.target) {
                    (Some(id), _) => recording_edit::desk(id),
                    (None, Target::Series(series) | Target::Recording(series)) => urls::desk(&format!("series/{series}")),
                };
                li { div.words {
                    strong { (link.name) }
                    span { a href=(texts.to(place)) { (title) } " · " (state(&app, &texts, link, now)) }
                } }
            }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "links",
        title: texts.t("desk-links"),
        done: frame::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

/// `POST /desk/recordings/{id}/links`
pub async fn add_to_recording(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let link = new(&app, &posted).await?;
    save::recording(&app, &me, "hand out link", &id, None, move |said| {
        said.links.push(link)
    })
    .await?;
    frame::go(
        &texts,
        format!("{}#links", recording_edit::desk(&id)),
        Some("done-link"),
    )
}

/// `POST /desk/series/{id}/links`
pub async fn add_to_series(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let link = new(&app, &posted).await?;
    save::series(&app, &me, "hand out link", id, move |said| {
        said.links.push(link)
    })
    .await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}#links")),
        Some("done-link"),
    )
}

/// `POST /desk/recordings/{id}/links/withdraw`: `token`.
pub async fn withdraw_from_recording(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    let (token, now) = (posted.get("token").to_owned(), rfc_3339(app.clock.now())?);
    save::recording(&app, &me, "withdraw link", &id, None, move |said| {
        withdraw(&mut said.links, &token, &now)
    })
    .await?;
    frame::go(
        &texts,
        format!("{}#links", recording_edit::desk(&id)),
        Some("done-link-withdrawn"),
    )
}

/// `POST /desk/series/{id}/links/withdraw`: `token`.
pub async fn withdraw_from_series(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let (token, now) = (posted.get("token").to_owned(), rfc_3339(app.clock.now())?);
    save::series(&app, &me, "withdraw link", id, move |said| {
        withdraw(&mut said.links, &token, &now)
    })
    .await?;
    frame::go(
        &texts,
        urls::desk(&format!("series/{id}#links")),
        Some("done-link-withdrawn"),
    )
}

fn withdraw(links: &mut [sidecar::Link], token: &str, now: &str) {
    for link in links
        .iter_mut()
        .filter(|link| link.token == token && link.withdrawn.is_none())
    {
        link.withdrawn = Some(now.to_owned());
    }
}

/// A link as the form asks for it. The day it expires is its last: it works until midnight.
async fn new(app: &App, posted: &Posted) -> Result<sidecar::Link> {
    let mut errors = Errors::new();
    let name = posted.needed("link_name", LONGEST_NAME, &mut errors);
    let last = posted.line("link_until", 10, &mut errors);
    if let Some(why) = errors.into_values().next() {
        return Err(Error::Refused(why));
    }
    let password_hash = hashed(app, posted.get("link_password")).await?;
    let expires = match last.as_str() {
        "" => None,
        last => Some(midnight_after(app, last).ok_or_else(|| Error::Refused(text!("date-odd")))?),
    };
    Ok(sidecar::Link {
        token: Token::random()?.to_string(),
        name,
        created: Some(rfc_3339(app.clock.now())?),
        expires,
        withdrawn: None,
        password_hash,
    })
}

/// The hash of a password that visitors are asked for; `None` when none was typed. It is given to many and told on the phone,
/// so it may be shorter than a coordinator's.
pub async fn hashed(app: &App, password: &str) -> Result<Option<String>> {
    match password.chars().count() {
        0 => Ok(None),
        SHORTEST_PASSWORD..=200 => app.people.hashing.hash(password.to_owned()).await.map(Some),
        _ => Err(Error::Refused(text!(
            "door-short",
            least = SHORTEST_PASSWORD.to_string()
        ))),
    }
}

/// Characters of a password that visitors are asked for, at least.
const SHORTEST_PASSWORD: usize = 8;

fn midnight_after(app: &App, day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let end = day.tomorrow().ok()?.to_zoned(app.config.zone()).ok()?;
    let at: Timestamp = end.timestamp();
    Some(at.to_string())
}

/// What the address of a link says of itself, and what became of it.
fn state(app: &App, texts: &Texts, link: &Link, now: i64) -> String {
    let when = |at: i64| format::moment(texts.lang(), at, &app.config.zone());
    let given = texts.t_args("link-given", &[("when", when(link.created_at).into())]);
    let rest = match (link.withdrawn_at, link.expires_at) {
        (Some(at), _) => Some(texts.t_args("link-withdrawn", &[("when", when(at).into())])),
        (None, Some(at)) if at <= now => {
            Some(texts.t_args("link-expired", &[("when", when(at).into())]))
        }
        (None, Some(at)) => Some(texts.t_args("link-expires", &[("when", when(at).into())])),
        (None, None) => None,
    };
    let locked = link.password_hash.as_ref().map(|_| texts.t("link-locked"));
    std::iter::once(given)
        .chain(locked)
        .chain(rest)
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The section on the page of a recording or series. `path`: the address of that page.
pub fn section(app: &App, texts: &Texts, path: &str, links: &[Link], hint: Option<Text>) -> Markup {
    let now = app.clock.now();
    html! {
        section aria-labelledby="links" {
            h2 #links { (texts.t("links-title")) }
            p { (texts.t("links-text")) }
            @if let Some(hint) = hint { p.field-help { (crate::web::texts::sentence(texts.lang(), &hint)) } }
            @if !links.is_empty() {
                ul.plain-list {
                    @for link in links {
                        li {
                            div.words {
                                strong { (link.name) }
                                @if link.is_open(now) {
                                    div.secret { input type="text" readonly value={ (app.config.base()) (urls::link(&link.token)) } aria-label={ (texts.t("link-address")) ": " (link.name) }; }
                                }
                                span.field-help { (state(app, texts, link, now)) }
                            }
                            @if link.is_open(now) { (super::form::act(texts, &format!("{path}/links/withdraw"), "link-withdraw", &[("token", link.token.as_str())])) }
                        }
                    }
                }
            }
            form.stack method="post" action=(texts.to(format!("{path}/links"))) {
                div.pair {
                    div.field {
                        label for="link-name" { (texts.t("link-name")) }
                        input #link-name type="text" name="link_name" required maxlength=(LONGEST_NAME) placeholder=(texts.t("link-name-hint")) autocomplete="off";
                    }
                    div.field {
                        label for="link-until" { (texts.t("link-until")) }
                        input #link-until type="date" name="link_until";
                    }
                    div.field {
                        label for="link-password" { (texts.t("link-password")) }
                        input #link-password type="text" name="link_password" maxlength="200" autocomplete="off";
                    }
                }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("link-add")) } }
            }
        }
    }
}
