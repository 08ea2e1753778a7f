//! `/desk/people`: all accounts. An administrator invites people with a link to copy, since there may be no mail server, creates a
//! link for a forgotten password, and disables accounts.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::audit::{self, Act};
use crate::catalogue::coordinator::{self, Coordinator, Role};
use crate::catalogue::slice::{PAGE, Slice};
use crate::catalogue::{mail_address, recording::owner, welcome};
use crate::desk::kit::{
    Administrator, Context, Errors, Field, FormState, Page, Posted, act, field,
};
use crate::desk::people::welcome::{LONGEST_NAME, email};
use crate::error::{Error, Result};
use crate::text;
use crate::web::components::name;
use crate::web::{Texts, parts, urls};

const EMAIL: Field<'_> = field("email", "email");
const NAME: Field<'_> = field("name", "name");
const ROLE: Field<'_> = field("role", "role");

/// `GET /desk/people`
pub async fn show(Administrator(context): Administrator) -> Result<Response> {
    page(&context, None, &FormState::empty()).await
}

/// `POST /desk/people`: creates an account, and shows its welcome link once.
pub async fn invite(Administrator(context): Administrator, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("name", LONGEST_NAME, &mut errors);
    let email = email(&posted, &mut errors);
    let role = Role::parse(posted.get("role")).unwrap_or(Role::Editor);
    let Some(email) = email.filter(|_| errors.is_empty()) else {
        return page(&context, None, &FormState::wrong(posted, errors)).await;
    };
    let (actor, now) = (context.email().to_owned(), context.now());
    let made = context.write(move |conn| {
        let id = coordinator::add(conn, &email, &name, role)?;
        audit::note_account(conn, (&actor, "invite"), &email, Some(role.as_str()), now)?;
        welcome::make(conn, Some(id), now)
    });
    match made.await {
        Ok(token) => page(&context, Some(token), &FormState::empty()).await,
        Err(Error::Refused(why)) => {
            errors.insert("email", why);
            page(&context, None, &FormState::wrong(posted, errors)).await
        }
        Err(other) => Err(other),
    }
}

/// `POST /desk/people/{id}/link`: creates a new welcome link; earlier ones end.
pub async fn make_link(
    Administrator(context): Administrator,
    Path(id): Path<i64>,
) -> Result<Response> {
    let (actor, now) = (context.email().to_owned(), context.now());
    let token = context.write(move |conn| {
        let person = coordinator::by_id(conn, id)?;
        if person.disabled {
            return Err(Error::Refused(text!("coordinator-disabled")));
        }
        audit::note_account(
            conn,
            (&actor, "make password link"),
            &person.email,
            None,
            now,
        )?;
        welcome::make(conn, Some(id), now)
    });
    page(&context, Some(token.await?), &FormState::empty()).await
}

/// `POST /desk/people/{id}/disable`: disables an account and ends its sign-ins and keys at once.
pub async fn disable(
    Administrator(context): Administrator,
    Path(id): Path<i64>,
) -> Result<Response> {
    change(&context, id, "disable", move |conn, now| {
        coordinator::disable(conn, id, now)
    })
    .await?;
    // The recordings of a disabled account need a new owner.
    let keeps = context.read(owner::counts).await?.contains_key(&id);
    let next = match keeps {
        true => format!("people/{id}/hand-on"),
        false => "people".to_owned(),
    };
    context.go(urls::desk(&next), "done-disabled")
}

/// `POST /desk/people/{id}/enable`
pub async fn enable(
    Administrator(context): Administrator,
    Path(id): Path<i64>,
) -> Result<Response> {
    change(&context, id, "enable", move |conn, _| {
        coordinator::enable(conn, id)
    })
    .await?;
    context.go(urls::desk("people"), "done-enabled")
}

/// `POST /desk/people/{id}/role`
pub async fn set_role(
    Administrator(context): Administrator,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response> {
    let role = Role::parse(posted.get("role")).ok_or(Error::Refused(text!("form-unreadable")))?;
    change(&context, id, role.as_str(), move |conn, _| {
        coordinator::set_role(conn, id, role)
    })
    .await?;
    context.go(urls::desk("people"), "done-role")
}

/// Changes an account, and writes the audit line.
pub async fn change<F>(context: &Context, id: i64, act: &'static str, work: F) -> Result<()>
where
    F: FnOnce(&rusqlite::Connection, i64) -> Result<()> + Send + 'static,
{
    let (actor, now) = (context.email().to_owned(), context.now());
    context
        .write(move |conn| {
            let person = coordinator::by_id(conn, id)?;
            work(conn, now)?;
            let subject = format!("coordinator {}", person.email);
            let before = if person.disabled {
                "disabled"
            } else {
                person.role.as_str()
            };
            audit::note(
                conn,
                &Act {
                    actor: &actor,
                    act,
                    subject: &subject,
                    before: Some(before),
                    after: None,
                },
                now,
            )
        })
        .await
}

/// Draws the page. `token`: of the welcome link that was just created.
async fn page(context: &Context, token: Option<String>, state: &FormState) -> Result<Response> {
    let people = People::load(context).await?;
    Ok(people.page(context, token.as_deref(), state))
}

/// The content of the page.
struct People {
    all: Slice<Coordinator>,
    /// The number of recordings that each account owns.
    kept: HashMap<i64, u32>,
}

impl People {
    async fn load(context: &Context) -> Result<Self> {
        let cursor = parts::cursor(context.query());
        let loaded = context.read(move |conn| {
            Ok(Self {
                all: coordinator::slice(conn, &cursor, PAGE)?,
                kept: owner::counts(conn)?,
            })
        });
        loaded.await
    }

    fn page(&self, context: &Context, token: Option<&str>, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let roles = Role::ALL.map(|role| (role.as_str().to_owned(), role_name(texts, role)));
        let rows = parts::draw(&self.all, |person| self.person(context, person));
        let main = html! {
            @if let Some(token) = token {
                div.secret role="status" {
                    p { (texts.t("people-link-made")) }
                    input type="text" readonly value={ (context.app.config.base()) (urls::welcome(token)) } aria-label=(texts.t("people-link-made")) size="80";
                    p { (texts.t("people-link-keys")) }
                }
            }
            ul.people {
                @for (row, _) in &rows.items { li { (row) } }
            }
            (parts::links(texts, &urls::desk("people"), &rows, |(_, one)| one.id.to_string()))
            section aria-labelledby="invite" {
                h2 #invite { (texts.t("people-invite")) }
                (form.summary(&[NAME, EMAIL, ROLE]))
                form.stack method="post" action=(texts.to(urls::desk("people"))) {
                    (form.input(NAME, "text", Some("off"), true))
                    (form.input(EMAIL, "email", Some("off"), true))
                    (form.select(ROLE, &roles))
                    p.actions { button.button type="submit" { (texts.t("people-invite-button")) } }
                }
            }
        };
        let page = Page::new("people", texts.t("desk-people"));
        page.status(state.status).with(context, &main)
    }

    fn person(&self, context: &Context, person: &Coordinator) -> Markup {
        let texts = &context.texts;
        let path = |act: &str| urls::desk(&format!("people/{}/{act}", person.id));
        let kept = self.kept.get(&person.id).copied().unwrap_or(0);
        let other = match person.role {
            Role::Editor => (Role::Administrator, "people-make-administrator"),
            Role::Administrator => (Role::Editor, "people-make-editor"),
        };
        html! {
            div.words {
                strong { (name(&person.name)) }
                span { (person.email) " · " (role_name(texts, person.role))
                    @if mail_address::is_other_spelling(&person.email) && !person.disabled { " · " strong { (texts.t("people-other-spelling")) } }
                    @if person.disabled { " · " (texts.t("people-disabled")) }
                    @else if person.password_hash.is_none() { " · " (texts.t("people-invited")) }
                    @if kept > 0 { " · " a href=(texts.to(urls::with(&urls::desk("recordings"), "keeper", &person.id.to_string()))) { (texts.t_args("people-keeps", &[("count", kept.into())])) } }
                }
            }
            div.acts {
                @if kept > 0 && (self.all.items.len() > 1 || self.all.has_before) { a.button data-kind="quiet" href=(texts.to(path("hand-on"))) { (texts.t("hand-on-link")) span.unseen { ": " (name(&person.name)) } } }
                @if person.disabled { (act(texts, &path("enable"), "people-enable", &person.name, &[])) }
                @else {
                    (act(texts, &path("link"), "people-link", &person.name, &[]))
                    @if person.id != context.me.coordinator.id {
                        (act(texts, &path("role"), other.1, &person.name, &[("role", other.0.as_str())]))
                        (act(texts, &path("disable"), "people-disable", &person.name, &[]))
                    }
                }
            }
        }
    }
}

fn role_name(texts: &Texts, role: Role) -> String {
    texts.t(&format!("role-{}", role.as_str()))
}
