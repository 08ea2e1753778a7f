//! `/desk/account`: the coordinator's own password, signed-in browsers, and access keys for scripts.

use std::future::ready;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::access_key::{self, AccessKey, Opens};
use crate::catalogue::audit;
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::sign_in::{self, SignIn};
use crate::desk::kit::{
    Context, Errors, Field, Form, FormState, InBrowser, Page, Posted, act, field, helped,
};
use crate::desk::notices;
use crate::error::{Error, Result};
use crate::people::{Sender, password};
use crate::text;
use crate::web::components::name;
use crate::web::{Texts, format, urls};

const OLD: Field<'_> = field("password", "password-old");
const NEW: Field<'_> = helped("new_password", "password-new", "password-help");
const KEY_NAME: Field<'_> = helped("name", "key-name", "key-name-help");
const FEED_NAME: Field<'_> = helped("feed_name", "feed-name", "feed-name-help");

/// The choice to go on with the access keys after another password; without it they end.
pub const KEEP_KEYS: Field<'_> = helped("keep_keys", "keys-keep", "keys-keep-help");

/// The longest name of a key, in characters.
pub const LONGEST_KEY_NAME: usize = 80;

/// `GET /desk/account`
pub async fn show(InBrowser(context): InBrowser) -> Result<Response> {
    page(&context, None, &FormState::empty()).await
}

/// Ends the access keys of a coordinator whose password changes, unless they are kept. Answers the key of the message about it.
pub fn end_keys(
    conn: &Connection,
    person: &Coordinator,
    posted: &Posted,
    now: i64,
) -> Result<&'static str> {
    if posted.get(KEEP_KEYS.name) == "yes" {
        return Ok("done-password");
    }
    let ended = access_key::revoke_all(conn, person.id, now)?;
    if ended.is_empty() {
        return Ok("done-password");
    }
    note(conn, person, "revoke key", Some(&ended.join(", ")), now)?;
    Ok("done-password-keys")
}

/// `POST /desk/account/password`: sets the password and ends all other sign-ins, and the access keys unless they are kept.
pub async fn change_password(InBrowser(context): InBrowser, posted: Posted) -> Result<Response> {
    let person = context.me.coordinator.clone();
    let mut errors = Errors::new();
    if let Some(why) = password::weakness(
        posted.get("new_password"),
        &[&person.email, &person.name, &context.app.branding().name],
    ) {
        errors.insert("new_password", why);
    }
    // The throttled check keeps somebody at an unattended laptop from guessing the old password.
    let (old, hash) = (posted.get("password"), person.password_hash.clone());
    let people = &context.app.people;
    let sender = Sender::Coordinator(person.id);
    let verified = people.verify((&person.email, sender), old, ready(Ok(hash)), context.now());
    if !verified.await? {
        let why = password::too_long(old).unwrap_or_else(|| text!("password-not-this"));
        errors.insert("password", why);
    }
    if !errors.is_empty() {
        return page(&context, None, &FormState::wrong(posted, errors)).await;
    }
    let hash = people
        .hash(sender, posted.get("new_password"), context.now())
        .await?;
    let (this_sign_in, now) = (context.me.sign_in(), context.now());
    let changed = context.write(move |conn| {
        note(conn, &person, "choose password", None, now)?;
        coordinator::set_password(conn, person.id, &hash, this_sign_in)?;
        end_keys(conn, &person, &posted, now)
    });
    let done = changed.await?;
    context.go(urls::desk("account"), done)
}

/// `POST /desk/account/sign-ins/{id}`: signs another browser out.
pub async fn end_sign_in(InBrowser(context): InBrowser, Path(id): Path<i64>) -> Result<Response> {
    let (person, now) = (context.me.coordinator.clone(), context.now());
    let changed = context.write(move |conn| {
        note(conn, &person, "end sign-in", None, now)?;
        sign_in::end(conn, person.id, id)
    });
    changed.await?;
    context.go(urls::desk("account"), "done-signed-out")
}

/// `POST /desk/account/keys`: shows the key once.
pub async fn add_key(InBrowser(context): InBrowser, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("name", LONGEST_KEY_NAME, &mut errors);
    if !errors.is_empty() {
        return page(&context, None, &FormState::wrong(posted, errors)).await;
    }
    let (person, now) = (context.me.coordinator.clone(), context.now());
    let key = context.write(move |conn| {
        note(conn, &person, "add key", Some(&name), now)?;
        access_key::add(conn, person.id, &name, Opens::Everything)
    });
    let made = Some((Opens::Everything, key.await?));
    page(&context, made, &FormState::empty()).await
}

/// `POST /desk/account/feed`: shows the address of a private feed once.
pub async fn add_feed(InBrowser(context): InBrowser, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("feed_name", LONGEST_KEY_NAME, &mut errors);
    if !errors.is_empty() {
        return page(&context, None, &FormState::wrong(posted, errors)).await;
    }
    let (person, now) = (context.me.coordinator.clone(), context.now());
    let key = context.write(move |conn| {
        note(conn, &person, "add feed", Some(&name), now)?;
        access_key::add(conn, person.id, &name, Opens::Notices)
    });
    let address = notices::address(&context.app, &context.texts, &key.await?);
    let made = Some((Opens::Notices, address));
    page(&context, made, &FormState::empty()).await
}

/// `POST /desk/account/keys/{id}`: revokes a key.
pub async fn revoke_key(InBrowser(context): InBrowser, Path(id): Path<i64>) -> Result<Response> {
    let (person, now) = (context.me.coordinator.clone(), context.now());
    let changed = context.write(move |conn| {
        let name = access_key::revoke(conn, person.id, id, now)?.ok_or(Error::NotFound)?;
        note(conn, &person, "revoke key", Some(&name), now)
    });
    changed.await?;
    context.go(urls::desk("account"), "done-key-revoked")
}

fn note(
    conn: &Connection,
    person: &Coordinator,
    act: &str,
    after: Option<&str>,
    now: i64,
) -> Result<()> {
    audit::note_account(conn, (&person.email, act), &person.email, after, now)
}

/// Draws the page. `made`: the key that was just created, or the address that has it.
async fn page(
    context: &Context,
    made: Option<(Opens, String)>,
    state: &FormState,
) -> Result<Response> {
    let (id, now) = (context.me.coordinator.id, context.now());
    let account = context.read(move |conn| {
        Ok(Account {
            sign_ins: sign_in::of_coordinator(conn, id, now)?,
            keys: access_key::of_coordinator(conn, id)?,
            made,
        })
    });
    Ok(account.await?.page(context, state))
}

/// The content of the page.
struct Account {
    sign_ins: Vec<SignIn>,
    keys: Vec<AccessKey>,
    /// The key that was just created, or the address that has it.
    made: Option<(Opens, String)>,
}

impl Account {
    fn page(&self, context: &Context, state: &FormState) -> Response {
        let (texts, person) = (&context.texts, &context.me.coordinator);
        let form = state.form(texts);
        let main = html! {
            p.lead { (name(&person.name)) " · " (person.email) }
            (form.summary(&[OLD, NEW, FEED_NAME, KEY_NAME]))
            section aria-labelledby="password" {
                h2 #password { (texts.t("account-password")) }
                form.stack method="post" action=(texts.to(urls::desk("account/password"))) {
                    input type="email" name="email" value=(person.email) autocomplete="username" hidden;
                    (form.input(OLD, "password", Some("current-password"), true))
                    div data-reveal=(texts.t("password-show")) data-hide=(texts.t("password-hide")) {
                        (form.input(NEW, "password", Some("new-password"), true))
                    }
                    @if !self.keys.is_empty() { (form.check(KEEP_KEYS)) }
                    p.actions { button.button type="submit" { (texts.t("account-password-button")) } }
                }
            }
            (self.browsers(context))
            (self.feeds(context, &form))
            (self.scripts(context, &form))
        };
        let page = Page::new("account", texts.t("desk-account"));
        page.status(state.status).with(context, &main)
    }

    fn browsers(&self, context: &Context) -> Markup {
        let (app, texts) = (&context.app, &context.texts);
        html! {
            section aria-labelledby="sign-ins" {
                h2 #sign-ins { (texts.t("account-sign-ins")) }
                ul.plain-list {
                    @for one in &self.sign_ins {
                        li {
                            span { (one.device) " · " (texts.t_args("account-seen", &[("when", format::moment(texts.lang(), one.seen_at, &app.config.zone()).into())])) }
                            @if Some(one.id) == context.me.sign_in() { strong { (texts.t("account-here")) } }
                            @else { (act(texts, &urls::desk(&format!("account/sign-ins/{}", one.id)), "account-end", &one.device, &[])) }
                        }
                    }
                }
                (act(texts, &urls::desk("account/sign-out-everywhere"), "account-end-all", "", &[]))
            }
        }
    }

    fn feeds(&self, context: &Context, form: &Form<'_>) -> Markup {
        let texts = &context.texts;
        html! {
            section aria-labelledby="feeds" {
                h2 #feeds { (texts.t("account-feeds")) }
                p { (texts.t("account-feeds-text")) }
                (self.made(texts, Opens::Notices, "feed-made"))
                (self.list(context, Opens::Notices))
                form.stack method="post" action=(texts.to(urls::desk("account/feed"))) {
                    (form.input(FEED_NAME, "text", Some("off"), true))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("feed-add")) } }
                }
            }
        }
    }

    fn scripts(&self, context: &Context, form: &Form<'_>) -> Markup {
        let texts = &context.texts;
        html! {
            section aria-labelledby="keys" {
                h2 #keys { (texts.t("account-keys")) }
                p { (texts.t("account-keys-text")) }
                (self.made(texts, Opens::Everything, "key-made"))
                (self.list(context, Opens::Everything))
                form.stack method="post" action=(texts.to(urls::desk("account/keys"))) {
                    (form.input(KEY_NAME, "text", Some("off"), true))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("key-add")) } }
                }
            }
        }
    }

    /// The secret that is shown once, when it is of this kind.
    fn made(&self, texts: &Texts, opens: Opens, label: &str) -> Markup {
        let made = self.made.as_ref().filter(|(made, _)| *made == opens);
        html! {
            @if let Some((_, secret)) = made {
                div.secret role="status" {
                    p { (texts.t(label)) }
                    input type="text" readonly value=(secret) aria-label=(texts.t(label)) size="68";
                }
            }
        }
    }

    /// The keys of this kind, each to revoke.
    fn list(&self, context: &Context, opens: Opens) -> Markup {
        let (app, texts) = (&context.app, &context.texts);
        let keys = self.keys.iter().filter(|key| key.opens == opens);
        let rows = keys.map(|key| html! {
            li {
                span { (name(&key.name)) " · "
                    @match key.used_at {
                        Some(used) => (texts.t_args("account-seen", &[("when", format::moment(texts.lang(), used, &app.config.zone()).into())])),
                        None => (texts.t("key-unused")),
                    }
                }
                (act(texts, &urls::desk(&format!("account/keys/{}", key.id)), "key-revoke", &key.name, &[]))
            }
        });
        let rows: Vec<Markup> = rows.collect();
        html! { @if !rows.is_empty() { ul.plain-list { @for row in &rows { (row) } } } }
    }
}
