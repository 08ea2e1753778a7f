//! `/sign-in`: signs a coordinator in by mail address and password, and redirects to the page they wanted. A form that was sent
//! after a sign-in had ended is kept in a hidden field, and can be sent again. Nobody stands before a door that takes the right password
//! and stays shut without a word: who comes without TLS, and whose browser keeps no cookie, is told so.

use std::future::ready;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::{audit, device_mark, sign_in};
use crate::desk::kit::{Errors, FormState, InBrowser, Posted, context, field, form};
use crate::error::{Error, Result};
use crate::people::{Sender, password};
use crate::text;
use crate::web::plain_http::{self, InTheClear};
use crate::web::sign_in::{self as web, Me, Origin, Via, way_back};
use crate::web::{Texts, reply, urls};

/// The parameter of this page, and the field of a kept form, after a right password: the browser should have its cookie by now.
const ENTERED: &str = "entered";

/// `GET /sign-in`, with `?to=` the page to redirect to.
pub async fn show(
    State(app): State<App>,
    InTheClear(is_clear): InTheClear,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    texts: Texts,
) -> Result<Response> {
    let to = way_back(urls::parameter(query.as_deref(), "to").as_deref());
    if let Some(Me {
        via: Via::Browser(_),
        ..
    }) = web::identify(&app, &headers).await?
    {
        return context::go(&texts, to.unwrap_or_else(|| urls::desk("")));
    }
    if is_clear {
        return Ok(sign_in_there(&app, &texts, to.as_deref(), StatusCode::OK));
    }
    let has_entered = urls::parameter(query.as_deref(), ENTERED).is_some();
    let page = SignInPage {
        texts: &texts,
        to: to.as_deref(),
        kept: None,
        done: context::flash_message(&texts, query.as_deref()),
        keeps_no_cookie: has_entered && !keeps_cookies(&app, &headers),
    };
    Ok(page.render(&app, &FormState::empty()))
}

/// Whether the browser that sends these headers is known to keep cookies: it has one of ours.
fn keeps_cookies(app: &App, headers: &HeaderMap) -> bool {
    let config = &app.config;
    web::token(config, headers).is_some() || web::mark(config, headers).is_some()
}

/// The page for who wants to sign in without TLS.
fn sign_in_there(app: &App, texts: &Texts, to: Option<&str>, status: StatusCode) -> Response {
    let page = to.map_or_else(urls::sign_in, urls::sign_in_to);
    plain_http::way_out(app, texts, ("sign-in", &page), status)
}

/// The sign-in page in answer to a form whose sender is no longer signed in. `kept`: the form, when it can be kept.
pub fn page_that_keeps(
    app: &App,
    (texts, headers): (&Texts, &HeaderMap),
    to: &str,
    kept: Option<&Posted>,
) -> Response {
    let has_entered = kept.is_some_and(|kept| kept.has(ENTERED));
    let page = SignInPage {
        texts,
        to: Some(to),
        kept,
        done: Some(match kept {
            Some(_) => texts.t("sign-in-kept"),
            None => texts.t("sign-in-lost"),
        }),
        keeps_no_cookie: has_entered && !keeps_cookies(app, headers),
    };
    let status = StatusCode::UNAUTHORIZED;
    let empty = FormState::empty();
    page.render(app, &FormState { status, ..empty })
}

/// `POST /sign-in`: `email` and `password`.
pub async fn enter(
    State(app): State<App>,
    (Origin(from), InTheClear(is_clear)): (Origin, InTheClear),
    headers: HeaderMap,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let to = way_back(Some(posted.get("to")).filter(|to| !to.is_empty()));
    if is_clear {
        let status = StatusCode::FORBIDDEN;
        return Ok(sign_in_there(&app, &texts, to.as_deref(), status));
    }
    let kept =
        Posted::parse(posted.get("kept").as_bytes()).filter(|kept| !kept.fields().is_empty());
    let (typed, now) = (posted.get("password"), app.clock.now());
    let email = coordinator::email(posted.get("email"));
    // An invalid address is treated like an unknown one.
    let account = email.clone().unwrap_or_else(|| "?".to_owned());
    let (person, mark) = match email {
        Some(email) => find(&app, email, &headers).await?,
        None => (None, None),
    };
    let sender = mark.map_or_else(|| Sender::at(from), Sender::Device);
    let hash = person.as_ref().and_then(|it| it.password_hash.clone());
    let verified = app
        .people
        .verify((&account, sender), typed, ready(Ok(hash)), now);
    let is_right = verified.await?;
    let Some(person) = person.filter(|_| is_right) else {
        let why = password::too_long(typed).unwrap_or_else(|| text!("sign-in-wrong"));
        let state = FormState {
            status: StatusCode::UNAUTHORIZED,
            errors: Errors::from([("password", why)]),
            posted,
        };
        let page = SignInPage {
            texts: &texts,
            to: to.as_deref(),
            kept: kept.as_ref(),
            done: None,
            keeps_no_cookie: false,
        };
        return Ok(page.render(&app, &state));
    };
    let response = match kept {
        Some(kept) => send_again(&app, &texts, to.as_deref().unwrap_or("/desk"), &kept),
        None => enter_at(&app, &headers, &texts, to.unwrap_or_else(|| urls::desk("")))?,
    };
    begin(&app, &headers, person, response).await
}

/// Leads a browser that is just signed in to a page of the desk: past the sign-in page when nothing says yet that it keeps cookies, so
/// that the page can say so.
pub fn enter_at(app: &App, headers: &HeaderMap, texts: &Texts, to: String) -> Result<Response> {
    match keeps_cookies(app, headers) {
        true => context::go(texts, to),
        false => context::go(texts, urls::with(&urls::sign_in_to(&to), ENTERED, "yes")),
    }
}

/// The coordinator with this address, unless the account is disabled, and the row id of the mark that the browser has of them.
async fn find(
    app: &App,
    email: String,
    headers: &HeaderMap,
) -> Result<(Option<Coordinator>, Option<i64>)> {
    let (mark, now) = (web::mark(&app.config, headers), app.clock.now());
    let found = app.db.read(move |conn| {
        let person = coordinator::by_email(conn, &email)?.filter(|person| !person.disabled);
        let mark = match (&person, mark) {
            (Some(person), Some(mark)) => device_mark::by_token(conn, person.id, &mark, now)?,
            (None, _) | (_, None) => None,
        };
        Ok((person, mark))
    });
    found.await
}

/// Signs the browser in with a new token and ends its earlier sign-in. `person`: the account when its password was checked.
///
/// [`Error::SignInNeeded`] when the account was disabled or its password changed meanwhile.
pub async fn begin(
    app: &App,
    headers: &HeaderMap,
    person: Coordinator,
    response: Response,
) -> Result<Response> {
    let (device, before, now) = (
        web::device(headers),
        web::token(&app.config, headers),
        app.clock.now(),
    );
    let mark = web::mark(&app.config, headers);
    let begun = app.db.write(move |conn| {
        let current = coordinator::by_id(conn, person.id)?;
        if current.disabled || current.password_hash != person.password_hash {
            return Err(Error::SignInNeeded);
        }
        if let Some(before) = before
            && let Some((old, _)) = sign_in::by_token(conn, &before, now)?
        {
            sign_in::end(conn, old.coordinator_id, old.id)?;
        }
        let email = &person.email;
        audit::note_account(conn, (email, "sign in"), email, None, now)?;
        let mark = device_mark::mark(conn, person.id, mark, now)?;
        Ok((sign_in::add(conn, person.id, &device, now)?, mark))
    });
    let (token, mark) = begun.await?;
    let response = web::with_cookie(response, web::cookie(&app.config, token)?);
    // Sent again each time, because the browser forgets it as long after it was sent as the catalogue does.
    Ok(web::with_cookie(
        response,
        web::mark_cookie(&app.config, mark)?,
    ))
}

/// `POST /sign-out`
pub async fn leave(State(app): State<App>, headers: HeaderMap, texts: Texts) -> Result<Response> {
    if let Some(Me {
        coordinator,
        via: Via::Browser(id),
        ..
    }) = web::identify(&app, &headers).await?
    {
        app.db
            .write(move |conn| sign_in::end(conn, coordinator.id, id))
            .await?;
    }
    let gone = context::go(
        &texts,
        urls::with(&urls::sign_in(), "done", "done-signed-out"),
    )?;
    Ok(web::with_cookie(gone, web::no_cookie(&app.config)?))
}

/// `POST /desk/account/sign-out-everywhere`
pub async fn leave_everywhere(InBrowser(context): InBrowser) -> Result<Response> {
    let (id, email) = (context.me.coordinator.id, context.email().to_owned());
    let now = context.now();
    let changed = context.write(move |conn| {
        audit::note_account(conn, (&email, "sign out everywhere"), &email, None, now)?;
        sign_in::end_all(conn, id)
    });
    changed.await?;
    let gone = context.go(urls::sign_in(), "done-signed-out-everywhere")?;
    Ok(web::with_cookie(gone, web::no_cookie(&context.app.config)?))
}

/// The sign-in page.
struct SignInPage<'a> {
    texts: &'a Texts,
    to: Option<&'a str>,
    kept: Option<&'a Posted>,
    done: Option<String>,
    /// Whether the password was right, and the browser came back without its cookie.
    keeps_no_cookie: bool,
}

impl SignInPage<'_> {
    fn render(&self, app: &App, state: &FormState) -> Response {
        let texts = self.texts;
        let form = state.form(texts);
        let (email, password) = (field("email", "email"), field("password", "password"));
        let main = html! {
            div.entrance {
                h1 { (texts.t("sign-in")) }
                @if let Some(done) = &self.done { p.done role="status" { (done) } }
                @if self.keeps_no_cookie { p.form-errors role="alert" { (texts.t("sign-in-no-cookie")) } }
                (form.summary(&[email, password]))
                form.stack method="post" action=(texts.to(urls::sign_in())) {
                    (form.input(email, "email", Some("username"), true))
                    div data-reveal=(texts.t("password-show")) data-hide=(texts.t("password-hide")) {
                        (form.input(password, "password", Some("current-password"), true))
                    }
                    @if let Some(to) = self.to { input type="hidden" name="to" value=(to); }
                    @if let Some(kept) = self.kept { input type="hidden" name="kept" value=(kept.packed()); }
                    p.actions { button.button type="submit" { (texts.t("sign-in-button")) } }
                }
                p.field-help { (texts.t("sign-in-help")) }
            }
        };
        let title = texts.t("sign-in");
        reply::entrance(app, texts, title, &main, state.status)
    }
}

/// The page after signing in again, with the kept form and a button that sends it.
fn send_again(app: &App, texts: &Texts, to: &str, kept: &Posted) -> Response {
    let main = html! {
        div.entrance {
            h1 { (texts.t("send-again-title")) }
            p { (texts.t("send-again-text")) }
            (form::kept(texts, to, &kept.clone().with(ENTERED, "yes"), "send-again"))
        }
    };
    let title = texts.t("send-again-title");
    reply::entrance(app, texts, title, &main, StatusCode::OK)
}
