//! Named links: "teamoverleg mei". Each opens one recording or one series, may expire, and is withdrawn by itself. The list
//! says what was handed out when. They stand in the sidecar, so that they go on answering for a catalogue made again.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use super::form::{Field, Form, act, field, helped};
use super::frame;
use super::posted::{Errors, Posted};
use super::recording_page::{self, RecordingPage};
use super::recording_trash::rfc_3339;
use super::series_page::{self, SeriesPage};
use super::{recording_visibility, save, series_lock};
use crate::app::App;
use crate::catalogue::link::{Link, Token};
use crate::error::{Result, Text};
use crate::sidecar;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, format, texts, urls};

const NAME: Field<'_> = helped("link_name", "link-name", "link-name-hint");
const UNTIL: Field<'_> = field("link_until", "link-until");
const PASSWORD: Field<'_> = field("link_password", "link-password");

/// The longest name of a link, in characters.
const LONGEST_NAME: usize = 120;

/// What a link leads to, with the page on which it is handed out.
enum Owner {
    Recording(Box<RecordingPage>),
    Series(Box<SeriesPage>),
}

impl Owner {
    async fn recording(app: &App, id: &str) -> Result<Self> {
        let page = RecordingPage::load(app, id).await?;
        Ok(Self::Recording(Box::new(page)))
    }

    async fn series(app: &App, id: i64) -> Result<Self> {
        let page = SeriesPage::load(app, id).await?;
        Ok(Self::Series(Box::new(page)))
    }

    fn path(&self) -> String {
        match self {
            Self::Recording(page) => {
                format!("{}/links", recording_page::desk(&page.recording.public_id))
            }
            Self::Series(page) => format!("{}/links", series_page::desk(page.series.id)),
        }
    }

    /// Changes the links that its sidecar names.
    async fn change(
        &self,
        app: &App,
        me: &Me,
        act: &'static str,
        change: impl FnOnce(&mut Vec<sidecar::Link>) + Send + 'static,
    ) -> Result<()> {
        match self {
            Self::Recording(page) => {
                let id = &page.recording.public_id;
                save::recording(app, me, act, id, None, |said| change(&mut said.links)).await?;
                Ok(())
            }
            Self::Series(page) => {
                let id = page.series.id;
                save::series(app, me, act, id, |said| change(&mut said.links)).await
            }
        }
    }

    fn show(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        done: Option<String>,
        (status, posted, errors): (StatusCode, &Posted, &Errors),
    ) -> Response {
        let form = Form {
            texts,
            posted,
            errors,
        };
        let (links, hint) = match self {
            Self::Recording(page) => (&page.links, recording_visibility::link_hint(page)),
            Self::Series(page) => (&page.links, None),
        };
        let links = section(app, &form, &self.path(), links, hint);
        match self {
            Self::Recording(page) => page.framed(
                (app, texts, me),
                (recording_page::Tab::Links, status),
                done,
                &links,
            ),
            Self::Series(page) => {
                let main = html! { (links) (series_lock::section(&form, page)) };
                page.framed(
                    (app, texts, me),
                    (series_page::Tab::Links, status),
                    done,
                    &main,
                )
            }
        }
    }
}

/// `GET /desk/recordings/{id}/links`
pub async fn of_recording(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let owner = Owner::recording(&app, &id).await?;
    Ok(first((&app, &texts, &me), &owner, query.as_deref()))
}

/// `GET /desk/series/{id}/links`
pub async fn of_series(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let owner = Owner::series(&app, id).await?;
    Ok(first((&app, &texts, &me), &owner, query.as_deref()))
}

fn first(at: (&App, &Texts, &Me), owner: &Owner, query: Option<&str>) -> Response {
    let done = frame::done(at.1, query);
    owner.show(
        at,
        done,
        (StatusCode::OK, &Posted::default(), &Errors::new()),
    )
}

/// `POST /desk/recordings/{id}/links`
pub async fn add_to_recording(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let owner = Owner::recording(&app, &id).await?;
    add((&app, &texts, &me), &owner, &posted).await
}

/// `POST /desk/series/{id}/links`
pub async fn add_to_series(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let owner = Owner::series(&app, id).await?;
    add((&app, &texts, &me), &owner, &posted).await
}

async fn add(at: (&App, &Texts, &Me), owner: &Owner, posted: &Posted) -> Result<Response> {
    let (app, texts, me) = at;
    match new(app, posted).await? {
        Ok(link) => {
            owner
                .change(app, me, "hand out link", |links| links.push(link))
                .await?;
            frame::go(texts, owner.path(), Some("done-link"))
        }
        Err(errors) => Ok(owner.show(
            at,
            None,
            (StatusCode::UNPROCESSABLE_ENTITY, posted, &errors),
        )),
    }
}

/// `POST /desk/recordings/{id}/links/withdraw`: `token`.
pub async fn withdraw_from_recording(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let owner = Owner::recording(&app, &id).await?;
    end((&app, &texts, &me), &owner, &posted).await
}

/// `POST /desk/series/{id}/links/withdraw`: `token`.
pub async fn withdraw_from_series(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let owner = Owner::series(&app, id).await?;
    end((&app, &texts, &me), &owner, &posted).await
}

async fn end(
    (app, texts, me): (&App, &Texts, &Me),
    owner: &Owner,
    posted: &Posted,
) -> Result<Response> {
    let (token, now) = (posted.get("token").to_owned(), rfc_3339(app.clock.now())?);
    owner
        .change(app, me, "withdraw link", move |links| {
            withdraw(links, &token, &now)
        })
        .await?;
    frame::go(texts, owner.path(), Some("done-link-withdrawn"))
}

/// `POST /desk/series/{id}/password`: sets the password of the whole series, or takes it away when it is empty.
pub async fn set_password(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let owner = Owner::series(&app, id).await?;
    match hashed(&app, posted.get("password")).await? {
        Ok(hash) => {
            save::series(&app, &me, "set password", id, |said| {
                said.password_hash = hash
            })
            .await?;
            frame::go(&texts, owner.path(), Some("done-saved"))
        }
        Err(why) => {
            let errors = Errors::from([("password", why)]);
            Ok(owner.show(
                (&app, &texts, &me),
                None,
                (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors),
            ))
        }
    }
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
async fn new(app: &App, posted: &Posted) -> Result<Result<sidecar::Link, Errors>> {
    let mut errors = Errors::new();
    let name = posted.needed("link_name", LONGEST_NAME, &mut errors);
    let last = posted.line("link_until", 10, &mut errors);
    let expires = match last.as_str() {
        "" => None,
        last => {
            let midnight = midnight_after(app, last);
            if midnight.is_none() {
                errors.insert("link_until", text!("date-odd"));
            }
            midnight
        }
    };
    let password_hash = match hashed(app, posted.get("link_password")).await? {
        Ok(hash) => hash,
        Err(why) => {
            errors.insert("link_password", why);
            None
        }
    };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    Ok(Ok(sidecar::Link {
        token: Token::random()?.to_string(),
        name,
        created: Some(rfc_3339(app.clock.now())?),
        expires,
        withdrawn: None,
        password_hash,
    }))
}

/// The hash of a password that visitors are asked for; `None` when none was typed. It is given to many and told on the phone,
/// so it may be shorter than a coordinator's.
async fn hashed(app: &App, password: &str) -> Result<Result<Option<String>, Text>> {
    match password.chars().count() {
        0 => Ok(Ok(None)),
        SHORTEST_PASSWORD..=LONGEST_PASSWORD => {
            let hash = app.people.hashing.hash(password.to_owned()).await?;
            Ok(Ok(Some(hash)))
        }
        1..SHORTEST_PASSWORD => Ok(Err(text!(
            "door-short",
            least = SHORTEST_PASSWORD.to_string()
        ))),
        _ => Ok(Err(text!("password-long"))),
    }
}

/// Characters of a password that visitors are asked for, at least.
const SHORTEST_PASSWORD: usize = 8;

/// Characters of it, at most.
const LONGEST_PASSWORD: usize = 200;

fn midnight_after(app: &App, day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let end = day.tomorrow().ok()?.to_zoned(app.config.zone()).ok()?;
    let at: Timestamp = end.timestamp();
    Some(at.to_string())
}

/// What the address of a link says of itself, and what became of it.
pub fn state(app: &App, texts: &Texts, link: &Link, now: i64) -> String {
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

/// The links there are, and the form for another.
fn section(app: &App, form: &Form<'_>, path: &str, links: &[Link], hint: Option<Text>) -> Markup {
    let (texts, now) = (form.texts, app.clock.now());
    html! {
        (form.summary(&[NAME, UNTIL, PASSWORD]))
        section aria-labelledby="links" {
            h2 #links { (texts.t("links-title")) }
            p { (texts.t("links-text")) }
            @if let Some(hint) = hint { p.field-help { (texts::sentence(texts.lang(), &hint)) } }
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
                            @if link.is_open(now) { (act(texts, &format!("{path}/withdraw"), "link-withdraw", &link.name, &[("token", link.token.as_str())])) }
                        }
                    }
                }
            }
            form.stack method="post" action=(texts.to(path.to_owned())) data-guard {
                (form.input(NAME, "text", Some("off"), true))
                div.pair { (form.input(UNTIL, "date", None, false)) (form.input(PASSWORD, "text", Some("off"), false)) }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("link-add")) } }
            }
        }
    }
}
