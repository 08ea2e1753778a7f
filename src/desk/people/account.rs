//! `/desk/account`: one's own password, the browsers that are signed in, and keys for scripts.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::access_key::{self, AccessKey};
use crate::catalogue::audit::{self, Act};
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::sign_in::{self, SignIn};
use crate::desk::kit::form::{Field, Form, act, field, helped};
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::{Errors, Posted};
use crate::error::{Error, Result};
use crate::people::password;
use crate::text;
use crate::web::sign_in::{InBrowser, Me};
use crate::web::{Texts, format, urls};

const OLD: Field<'_> = field("password", "password-old");
const NEW: Field<'_> = helped("new_password", "password-new", "password-help");
const KEY_NAME: Field<'_> = helped("name", "key-name", "key-name-help");

/// The longest name of a key, in characters.
pub const LONGEST_KEY_NAME: usize = 80;

/// `GET /desk/account`
pub async fn show(
    State(app): State<App>,
    here: InBrowser,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let account = Account::load(&app, here, None).await?;
    let done = layout::done(&texts, query.as_deref());
    Ok(account.page(
        &app,
        &texts,
        done,
        (StatusCode::OK, &Posted::default(), &Errors::new()),
    ))
}

/// `POST /desk/account/password`: ends every other sign-in.
pub async fn change_password(
    State(app): State<App>,
    here: InBrowser,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let person = here.me.coordinator.clone();
    let mut errors = Errors::new();
    if let Some(why) = password::weakness(
        posted.get("new_password"),
        &[&person.email, &person.name, &app.config.name],
    ) {
        errors.insert("new_password", why);
    }
    // Someone at an open laptop must not be able to try for ever.
    if let Ok(mut throttle) = app.people.throttle.lock() {
        throttle
            .attempt(&person.email, None, app.clock.now())
            .map_err(Error::TooOften)?;
    }
    let old = posted.get("password").to_owned();
    if !app
        .people
        .hashing
        .verify(old, person.password_hash.clone())
        .await?
    {
        errors.insert("password", text!("password-not-this"));
    } else if let Ok(mut throttle) = app.people.throttle.lock() {
        throttle.succeeded(&person.email, None);
    }
    if !errors.is_empty() {
        let account = Account::load(&app, here, None).await?;
        return Ok(account.page(
            &app,
            &texts,
            None,
            (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors),
        ));
    }
    let hash = app
        .people
        .hashing
        .hash(posted.get("new_password").to_owned())
        .await?;
    let (keep, now) = (here.sign_in, app.clock.now());
    app.db
        .write(move |conn| {
            note(conn, &person, "choose password", None, now)?;
            coordinator::set_password(conn, person.id, &hash, Some(keep))
        })
        .await?;
    layout::go(&texts, urls::desk("account"), Some("done-password"))
}

/// `POST /desk/account/sign-ins/{id}`: signs another browser out.
pub async fn end_sign_in(
    State(app): State<App>,
    Path(id): Path<i64>,
    InBrowser { me, .. }: InBrowser,
    texts: Texts,
) -> Result<Response> {
    let (person, now) = (me.coordinator, app.clock.now());
    app.db
        .write(move |conn| {
            note(conn, &person, "end sign-in", None, now)?;
            sign_in::end(conn, person.id, id)
        })
        .await?;
    layout::go(&texts, urls::desk("account"), Some("done-signed-out"))
}

/// `POST /desk/account/keys`: shows the key once.
pub async fn add_key(
    State(app): State<App>,
    here: InBrowser,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("name", LONGEST_KEY_NAME, &mut errors);
    if !errors.is_empty() {
        let account = Account::load(&app, here, None).await?;
        return Ok(account.page(
            &app,
            &texts,
            None,
            (StatusCode::UNPROCESSABLE_ENTITY, &posted, &errors),
        ));
    }
    let (person, now) = (here.me.coordinator.clone(), app.clock.now());
    let key = app.db.write(move |conn| {
        note(conn, &person, "add key", Some(&name), now)?;
        access_key::add(conn, person.id, &name)
    });
    let account = Account::load(&app, here, Some(key.await?)).await?;
    Ok(account.page(
        &app,
        &texts,
        None,
        (StatusCode::OK, &Posted::default(), &Errors::new()),
    ))
}

/// `POST /desk/account/keys/{id}`: the key opens nothing any more.
pub async fn revoke_key(
    State(app): State<App>,
    Path(id): Path<i64>,
    InBrowser { me, .. }: InBrowser,
    texts: Texts,
) -> Result<Response> {
    let (person, now) = (me.coordinator, app.clock.now());
    app.db
        .write(move |conn| {
            let name = access_key::revoke(conn, person.id, id, now)?.ok_or(Error::NotFound)?;
            note(conn, &person, "revoke key", Some(&name), now)
        })
        .await?;
    layout::go(&texts, urls::desk("account"), Some("done-key-revoked"))
}

fn note(
    conn: &Connection,
    person: &Coordinator,
    act: &str,
    after: Option<&str>,
    now: i64,
) -> Result<()> {
    let subject = format!("coordinator {}", person.email);
    audit::note(
        conn,
        &Act {
            who: &person.email,
            act,
            subject: &subject,
            before: None,
            after,
        },
        now,
    )
}

/// What the page shows.
struct Account {
    me: Me,
    /// This browser.
    here: i64,
    sign_ins: Vec<SignIn>,
    keys: Vec<AccessKey>,
    /// One that was made just now.
    key: Option<String>,
}

impl Account {
    async fn load(
        app: &App,
        InBrowser { me, sign_in }: InBrowser,
        key: Option<String>,
    ) -> Result<Self> {
        let (id, now) = (me.coordinator.id, app.clock.now());
        let found = app.db.read(move |conn| {
            Ok((
                sign_in::of_coordinator(conn, id, now)?,
                access_key::of_coordinator(conn, id)?,
            ))
        });
        let (sign_ins, keys) = found.await?;
        Ok(Self {
            me,
            here: sign_in,
            sign_ins,
            keys,
            key,
        })
    }

    fn page(
        &self,
        app: &App,
        texts: &Texts,
        done: Option<String>,
        (status, posted, errors): (StatusCode, &Posted, &Errors),
    ) -> Response {
        let form = Form {
            texts,
            posted,
            errors,
        };
        let main = html! {
            p.lead { (self.me.coordinator.name) " · " (self.me.coordinator.email) }
            (form.summary(&[OLD, NEW, KEY_NAME]))
            section aria-labelledby="password" {
                h2 #password { (texts.t("account-password")) }
                form.stack method="post" action=(texts.to(urls::desk("account/password"))) {
                    input type="email" name="email" value=(self.me.coordinator.email) autocomplete="username" hidden;
                    (form.input(OLD, "password", Some("current-password"), true))
                    div data-reveal=(texts.t("password-show")) data-hide=(texts.t("password-hide")) {
                        (form.input(NEW, "password", Some("new-password"), true))
                    }
                    p.actions { button.button type="submit" { (texts.t("account-password-button")) } }
                }
            }
            (self.browsers(app, texts))
            (self.scripts(app, texts, &form))
        };
        let desk = Desk {
            app,
            texts,
            me: &self.me,
            place: "account",
            title: texts.t("desk-account"),
            done,
        };
        desk.show_with(status, &main)
    }

    fn browsers(&self, app: &App, texts: &Texts) -> Markup {
        html! {
            section aria-labelledby="sign-ins" {
                h2 #sign-ins { (texts.t("account-sign-ins")) }
                ul.plain-list {
                    @for one in &self.sign_ins {
                        li {
                            span { (one.device) " · " (texts.t_args("account-seen", &[("when", format::moment(texts.lang(), one.seen_at, &app.config.zone()).into())])) }
                            @if one.id == self.here { strong { (texts.t("account-here")) } }
                            @else { (act(texts, &urls::desk(&format!("account/sign-ins/{}", one.id)), "account-end", &one.device, &[])) }
                        }
                    }
                }
                (act(texts, &urls::desk("account/sign-out-everywhere"), "account-end-all", "", &[]))
            }
        }
    }

    fn scripts(&self, app: &App, texts: &Texts, form: &Form<'_>) -> Markup {
        html! {
            section aria-labelledby="keys" {
                h2 #keys { (texts.t("account-keys")) }
                p { (texts.t("account-keys-text")) }
                @if let Some(key) = &self.key {
                    div.secret role="status" {
                        p { (texts.t("key-made")) }
                        input type="text" readonly value=(key) aria-label=(texts.t("key-made")) size="68";
                    }
                }
                @if !self.keys.is_empty() {
                    ul.plain-list {
                        @for key in &self.keys {
                            li {
                                span { (key.name) " · "
                                    @match key.used_at {
                                        Some(used) => (texts.t_args("account-seen", &[("when", format::moment(texts.lang(), used, &app.config.zone()).into())])),
                                        None => (texts.t("key-unused")),
                                    }
                                }
                                (act(texts, &urls::desk(&format!("account/keys/{}", key.id)), "key-revoke", &key.name, &[]))
                            }
                        }
                    }
                }
                form.stack method="post" action=(texts.to(urls::desk("account/keys"))) {
                    (form.input(KEY_NAME, "text", Some("off"), true))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("key-add")) } }
                }
            }
        }
    }
}
