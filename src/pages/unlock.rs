//! The unlock page for the password of a series or a link. In: the typed password. Out: a redirect to the wanted page with an
//! access grant in its address; no cookie is set, and the page reveals nothing about what it protects.

use std::collections::HashMap;
use std::future::ready;
use std::net::IpAddr;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::access_grant::{self, Lock};
use crate::catalogue::address::{self, Destination, Resolved};
use crate::catalogue::link::Token;
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result, Text};
use crate::people::{Sender, password};
use crate::text;
use crate::web::sign_in::{Origin, way_back};
use crate::web::texts::{self, Texts};
use crate::web::{reply, urls};

/// The posted form.
type Typed = HashMap<String, String>;

/// `POST /series/{slug}/unlock`, with `password`, and `to`, the wanted page.
///
/// A series that has no password, that holds nothing or that never was answers like one with another password, so that a guess
/// tells nothing of what is there.
pub async fn unlock_series(
    State(app): State<App>,
    Origin(from): Origin,
    Path(slug): Path<String>,
    texts: Texts,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let page = urls::series(&slug);
    // The redirect leads only to pages of recordings, or to this series.
    let to = way_back(typed.get("to").map(String::as_str))
        .filter(|to| to.starts_with("/watch/") || *to == page);
    let to = to.unwrap_or(page);
    let (visitor, asked, wanted) = (app.visitor(), slug.clone(), to.clone());
    let found = app
        .db
        .read(move |conn| wanted_of(conn, &visitor, &asked, &wanted));
    // Without a password nothing is tried, and the page itself says what it needs.
    let (Wanted::Locked(lock), true) = (found.await?, typed.contains_key("password")) else {
        return go(&texts, &to);
    };
    let hash = lock.as_ref().map(|(_, hash)| hash.clone());
    let what = format!(
        "series {}",
        slug.chars().take(LONGEST_SLUG).collect::<String>()
    );
    match (is_right(&app, from, &typed, &what, hash).await?, lock) {
        (Ok(()), Some((id, hash))) => enter(&app, &texts, Lock::Series(id), hash, &to).await,
        (wrong, _) => {
            let wrong = wrong.err().unwrap_or_else(|| text!("unlock-wrong"));
            let action = unlock(&slug);
            Ok(page_of(&app, &texts, &action, Some(&to), Some(&wrong)))
        }
    }
}

/// Characters of a slug by which wrong passwords are counted; longer ones are no slugs of ours.
const LONGEST_SLUG: usize = 80;

/// The page that somebody wants to open with a password.
enum Wanted {
    /// Visitors see it.
    Open,
    /// Row id and password hash of the series that locks it; `None` when there is no password that opens it.
    Locked(Option<(i64, String)>),
}

fn wanted_of(conn: &Connection, visitor: &Viewer, slug: &str, to: &str) -> Result<Wanted> {
    if let Some(lock) = access_grant::of_series(conn, slug)? {
        return Ok(Wanted::Locked(Some(lock)));
    }
    let path = to.split('?').next().unwrap_or(to);
    let locked = match path.strip_prefix("/watch/").map(PublicId::parse) {
        Some(Some(id)) => address::follow_recording(conn, visitor, &id).and_then(Resolved::locked),
        Some(None) => Err(Error::NotFound),
        None => address::follow_series(conn, visitor, slug).and_then(Resolved::locked),
    };
    match locked {
        Ok(None) => Ok(Wanted::Open),
        // It was renamed since the form was drawn.
        Ok(Some(slug)) => Ok(Wanted::Locked(access_grant::of_series(conn, &slug)?)),
        Err(Error::NotFound | Error::Gone(_)) => Ok(Wanted::Locked(None)),
        Err(problem) => Err(problem),
    }
}

/// `POST /l/{link}`: `password`.
pub async fn unlock_link(
    State(app): State<App>,
    Origin(from): Origin,
    Path(token): Path<String>,
    texts: Texts,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let token = Token::parse(&token).ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let db = &app.db;
    let found = db.read(move |conn| address::resolve_link(conn, &token, now));
    let (place, hash) = found.await?;
    let to = match place {
        Destination::Recording(id) => urls::watch(&id),
        Destination::Series(slug) => urls::series(&slug),
    };
    let Some(hash) = hash else {
        return go(&texts, &urls::link(&token));
    };
    let what = format!("link {token}");
    match is_right(&app, from, &typed, &what, Some(hash.clone())).await? {
        Ok(()) => enter(&app, &texts, Lock::Link(token), hash, &to).await,
        Err(wrong) => Ok(page_of(
            &app,
            &texts,
            &urls::link(&token),
            None,
            Some(&wrong),
        )),
    }
}

/// Whether the typed password is right, or what is wrong with it. `what`: the protected object, by which failures are counted; `hash`: of the right password; with
/// `None` none is.
async fn is_right(
    app: &App,
    from: Option<IpAddr>,
    typed: &Typed,
    what: &str,
    hash: Option<String>,
) -> Result<Result<(), Text>> {
    // Failures are counted per address, so that somebody who guesses does not lock out everyone else with the password.
    let sender = Sender::at(from);
    let account = format!("{what} from {sender:?}");
    let password = typed.get("password").map_or("", String::as_str);
    let (hash, now) = (ready(Ok(hash)), app.clock.now());
    let (people, sender) = (&app.people, Sender::at(from));
    let is_right = people.verify((&account, sender), password, hash, now);
    Ok(match is_right.await? {
        true => Ok(()),
        false => Err(password::too_long(password).unwrap_or_else(|| text!("unlock-wrong"))),
    })
}

async fn enter(app: &App, texts: &Texts, lock: Lock, proof: String, to: &str) -> Result<Response> {
    let now = app.clock.now();
    let db = &app.db;
    let grant = db.write(move |conn| access_grant::give(conn, lock, &proof, now));
    // An address carries one grant at a time, so others are removed.
    let page = to.split('?').next().unwrap_or(to);
    go(texts, &urls::with(page, "link", grant.await?.as_str()))
}

fn go(texts: &Texts, to: &str) -> Result<Response> {
    let to = match texts.chosen() {
        Some(lang) => urls::with(to, "lang", lang.tag()),
        None => to.to_owned(),
    };
    reply::redirect(StatusCode::SEE_OTHER, &to, "no-store")
}

/// The address to which the form of a series posts.
pub fn unlock(slug: &str) -> String {
    format!("{}/unlock", urls::series(slug))
}

/// The unlock page: a password field, a button, and nothing about what it protects. `to`: the wanted page; `wrong`: what was wrong
/// with the password that was typed.
pub fn page_of(
    app: &App,
    texts: &Texts,
    action: &str,
    to: Option<&str>,
    wrong: Option<&Text>,
) -> Response {
    let about = to.and_then(urls::recording_in);
    let main = html! {
        div.entrance {
            h1 { (texts.t("unlock-title")) }
            p { (texts.t("unlock-text")) }
            form.stack method="post" action=(texts.to(action.to_owned())) {
                div data-reveal=(texts.t("password-show")) data-hide=(texts.t("password-hide")) {
                    div.field data-wrong[wrong.is_some()] {
                        label for="field-password" { (texts.t("password")) }
                        input #field-password type="password" name="password" required autocomplete="current-password"
                            aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "error-password")];
                        @if let Some(wrong) = wrong { p.field-error #error-password role="alert" { (texts::sentence(texts.lang(), wrong)) } }
                    }
                }
                @if let Some(to) = to { input type="hidden" name="to" value=(to); }
                p.actions { button.button type="submit" { (texts.t("unlock-button")) } }
            }
            p { (texts.t("unlock-ask")) " " a href=(texts.to(urls::message(None, about.as_ref()))) { (texts.t("message-write")) } }
        }
    };
    let (title, status) = (texts.t("unlock-title"), StatusCode::UNAUTHORIZED);
    reply::entrance(app, texts, title, &main, status)
}
