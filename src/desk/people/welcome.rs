//! `/welcome/{token}`: a link that works once, with which the first administrator creates an account, and an invited coordinator or
//! one who forgot the password chooses a password.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::coordinator::{self, Role};
use crate::catalogue::welcome::{self, Welcome};
use crate::catalogue::{access_key, audit};
use crate::desk::kit::{Errors, Field, FormState, Posted, field, helped};
use crate::desk::people::account::{KEEP_KEYS, end_keys};
use crate::desk::people::sign_in;
use crate::error::{Error, Gone, Result};
use crate::people::{Sender, password};
use crate::text;
use crate::web::plain_http::{self, InTheClear};
use crate::web::sign_in::Origin;
use crate::web::{Texts, reply, urls};

/// The longest name of a coordinator, in characters.
pub const LONGEST_NAME: usize = 120;

const EMAIL: Field<'_> = field("email", "email");
const NAME: Field<'_> = field("name", "name");
const PASSWORD: Field<'_> = helped("password", "password-new", "password-help");

/// `GET /welcome/{token}`
pub async fn show(
    State(app): State<App>,
    InTheClear(is_clear): InTheClear,
    Path(token): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let (welcome, has_keys) = find(&app, &token).await?;
    if is_clear {
        return Ok(choose_there(&app, &texts, &token, StatusCode::OK));
    }
    let state = FormState::empty();
    Ok(page((&app, &texts), &token, (&welcome, has_keys), &state))
}

/// `POST /welcome/{token}`: uses the link up and signs the browser in.
pub async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    (Origin(from), InTheClear(is_clear)): (Origin, InTheClear),
    headers: HeaderMap,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let (welcome, has_keys) = find(&app, &token).await?;
    if is_clear {
        // The link is not used up by a browser that would not be signed in.
        return Ok(choose_there(&app, &texts, &token, StatusCode::FORBIDDEN));
    }
    let mut errors = Errors::new();
    let (email, name) = match &welcome {
        Welcome::Of(person) => (person.email.clone(), person.name.clone()),
        Welcome::SetUp => {
            let email = email(&posted, &mut errors).unwrap_or_default();
            (email, posted.needed("name", LONGEST_NAME, &mut errors))
        }
    };
    if let Some(why) = password::weakness(
        posted.get("password"),
        &[&email, &name, &app.branding().name],
    ) {
        errors.insert("password", why);
    }
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(page((&app, &texts), &token, (&welcome, has_keys), &state));
    }
    let hash = app
        .people
        .hash(Sender::at(from), posted.get("password"), app.clock.now())
        .await?;
    let now = app.clock.now();
    let person = app.db.write(move |conn| {
        // The link is checked again in the transaction, because two people may have opened it.
        let id = match welcome::by_token(conn, &token, now)?.ok_or(Error::Gone(Gone::default()))? {
            Welcome::Of(person) => person.id,
            // An account without a password may have this address already.
            Welcome::SetUp => match coordinator::by_email(conn, &email)? {
                Some(person) => person.id,
                None => coordinator::add(conn, &email, &name, Role::Administrator)?,
            },
        };
        welcome::end(conn, &token)?;
        let is_first = coordinator::by_id(conn, id)?.password_hash.is_none();
        coordinator::set_password(conn, id, &hash, None)?;
        let person = coordinator::by_id(conn, id)?;
        let email = &person.email;
        audit::note_account(conn, (email, "choose password"), email, None, now)?;
        let done = end_keys(conn, &person, &posted, now)?;
        // Who never signed in has no other device.
        Ok((person, if is_first { "done-welcome" } else { done }))
    });
    let (person, done) = person.await?;
    let to = urls::with(&urls::desk(""), "done", done);
    let response = sign_in::enter_at(&app, &headers, &texts, to)?;
    sign_in::begin(&app, &headers, person, response).await
}

/// The page for who opens the link without TLS.
fn choose_there(app: &App, texts: &Texts, token: &str, status: StatusCode) -> Response {
    let page = urls::welcome(token);
    plain_http::way_out(app, texts, ("welcome-password", &page), status)
}

/// The typed mail address; an invalid one adds to `errors`.
pub fn email(posted: &Posted, errors: &mut Errors) -> Option<String> {
    let email = coordinator::email(&posted.needed("email", 254, errors));
    if email.is_none() {
        errors.entry("email").or_insert(text!("email-odd"));
    }
    email
}

/// The purpose of a link, and whether scripts work with keys of that account; a used link gets the same answer as one that never
/// existed.
async fn find(app: &App, token: &str) -> Result<(Welcome, bool)> {
    let (token, now) = (token.to_owned(), app.clock.now());
    let db = &app.db;
    let found = db.read(move |conn| {
        let Some(welcome) = welcome::by_token(conn, &token, now)? else {
            return Ok(None);
        };
        let has_keys = match &welcome {
            Welcome::SetUp => false,
            Welcome::Of(person) => !access_key::of_coordinator(conn, person.id)?.is_empty(),
        };
        Ok(Some((welcome, has_keys)))
    });
    let over = || Error::Refused(text!("welcome-over"));
    found.await?.ok_or_else(over)
}

fn page(
    (app, texts): (&App, &Texts),
    token: &str,
    (welcome, has_keys): (&Welcome, bool),
    state: &FormState,
) -> Response {
    let form = state.form(texts);
    let title = texts.t(match welcome {
        Welcome::SetUp => "welcome-first",
        Welcome::Of(_) => "welcome-password",
    });
    let main: Markup = html! {
        div.entrance {
            h1 { (title) }
            (form.summary(&[EMAIL, NAME, PASSWORD]))
            form.stack method="post" action=(texts.to(urls::welcome(token))) {
                @match welcome {
                    Welcome::SetUp => {
                        p { (texts.t("welcome-first-text")) }
                        (form.input(NAME, "text", Some("name"), true))
                        (form.input(EMAIL, "email", Some("username"), true))
                    }
                    Welcome::Of(person) => {
                        p { (texts.t_args("welcome-for", &[("name", person.name.as_str().into())])) }
                        // The field tells a password manager which account this is.
                        input type="email" name="email" value=(person.email) autocomplete="username" readonly aria-label=(texts.t("email"));
                    }
                }
                div data-reveal=(texts.t("password-show")) data-hide=(texts.t("password-hide")) {
                    (form.input(PASSWORD, "password", Some("new-password"), true))
                }
                @if has_keys { (form.check(KEEP_KEYS)) }
                p.actions { button.button type="submit" { (texts.t("welcome-button")) } }
            }
        }
    };
    reply::entrance(app, texts, title, &main, state.status)
}
