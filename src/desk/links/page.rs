//! Named links such as "teamoverleg mei". Each opens one recording or one series, can expire, and can be withdrawn. The list shows
//! when each was created. They are stored in the sidecar, so that they also work in a rebuilt catalogue.

use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive;
use crate::catalogue::link::{self, Link, Listed, Token};
use crate::catalogue::name::isolated;
use crate::catalogue::slice::{Cursor, Slice};
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::{Context, Errors, Field, Form, FormState, Posted, Tab, act, field, helped};
use crate::desk::links::owner::{Owner, OwnerId};
use crate::desk::recording::visibility;
use crate::desk::series::lock;
use crate::error::{Error, Result, Text};
use crate::people::Sender;
use crate::sidecar::{self, SeriesSidecar};
use crate::text;
use crate::web::components::name;
use crate::web::{Texts, format, parts, texts, urls};

const NAME: Field<'_> = helped("link_name", "link-name", "link-name-hint");
const UNTIL: Field<'_> = field("link_until", "link-until");
const PASSWORD: Field<'_> = field("link_password", "link-password");

/// The verb for the audit list.
pub(super) const WITHDRAW: &str = "withdraw link";

/// The longest name of a link, in characters.
const LONGEST_NAME: usize = 120;

/// The content of the page.
struct LinksPage {
    owner: Owner,
    links: Slice<Listed>,
    cursor: Cursor,
}

impl LinksPage {
    async fn load(context: &Context, id: &OwnerId) -> Result<Self> {
        let cursor = parts::cursor(context.query());
        let whole = move |conn: &Connection, owner: Owner| {
            let links = link::slice(conn, owner.target(), &cursor)?;
            Ok(Self {
                owner,
                links,
                cursor,
            })
        };
        id.load_with(context, whole).await
    }

    fn draw(&self, context: &Context, state: &FormState) -> Response {
        let (owner, form) = (&self.owner, state.form(&context.texts));
        let hint = match owner {
            Owner::Recording(page) => visibility::link_hint(page),
            Owner::Series(_) => None,
        };
        let path = owner.path(Tab::Links);
        let main = html! {
            (section(&context.app, &form, &path, (&self.links, &self.cursor), hint))
            @if let Owner::Series(page) = owner { (lock::section(&form, page)) }
        };
        owner.framed(context, (Tab::Links, state.status), &main)
    }

    /// Redirects to the page with the flash message `done`.
    fn back(&self, context: &Context, done: &'static str) -> Result<Response> {
        context.go(self.owner.path(Tab::Links), done)
    }
}

/// `GET /desk/recordings/{id}/links`, `GET /desk/series/{id}/links`
pub async fn show(context: Context, id: OwnerId) -> Result<Response> {
    let page = LinksPage::load(&context, &id).await?;
    Ok(page.draw(&context, &FormState::empty()))
}

/// `POST` to the same addresses, with `link_name`, `link_until` and `link_password`: creates a link.
pub async fn add(context: Context, id: OwnerId, posted: Posted) -> Result<Response> {
    let page = LinksPage::load(&context, &id).await?;
    let mut errors = Errors::new();
    let link = new(&context, &posted, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(page.draw(&context, &FormState::wrong(posted, errors)));
    }
    let add = |links: &mut Vec<sidecar::Link>| links.push(link);
    let owner = &page.owner;
    owner.change_links(&context, "hand out link", add).await?;
    page.back(&context, "done-link")
}

/// `POST /desk/recordings/{id}/links/withdraw`, `POST /desk/series/{id}/links/withdraw`, with `token`: withdraws a link,
/// and shows the part of the list that the form was on.
pub async fn withdraw(context: Context, id: OwnerId, posted: Posted) -> Result<Response> {
    let page = LinksPage::load(&context, &id).await?;
    let cursor = parts::cursor(Some(&posted.packed()));
    let (token, now) = (posted.get("token").to_owned(), rfc_3339(context.now())?);
    page.owner
        .change_links(&context, WITHDRAW, end(vec![token], now))
        .await?;
    let list = parts::address(&page.owner.path(Tab::Links), &cursor);
    context.go(list, "done-link-withdrawn")
}

/// The change that withdraws the links with these tokens. `now`: the moment as in a sidecar.
pub(super) fn end(tokens: Vec<String>, now: String) -> impl FnOnce(&mut Vec<sidecar::Link>) + Send {
    move |links| {
        let meant =
            |link: &&mut sidecar::Link| link.withdrawn.is_none() && tokens.contains(&link.token);
        for link in links.iter_mut().filter(meant) {
            link.withdrawn = Some(now.clone());
        }
    }
}

/// `POST /desk/series/{id}/password`: sets the password of the series, or removes it when it is empty.
pub async fn set_password(context: Context, id: OwnerId, posted: Posted) -> Result<Response> {
    let page = LinksPage::load(&context, &id).await?;
    let Owner::Series(series) = &page.owner else {
        return Err(Error::NotFound);
    };
    let mut errors = Errors::new();
    let hash = hashed(&context, &posted, "password", &mut errors).await?;
    if !errors.is_empty() {
        return Ok(page.draw(&context, &FormState::wrong(posted, errors)));
    }
    let (app, actor, id) = (&context.app, context.email(), series.series.id);
    let change = |sidecar: &mut SeriesSidecar| sidecar.password_hash = hash;
    archive::edit_series(app, actor, "set password", id, change).await?;
    page.back(&context, "done-saved")
}

/// A link from the form. It works until midnight at the end of its last day. Errors are added to `errors`.
async fn new(context: &Context, posted: &Posted, errors: &mut Errors) -> Result<sidecar::Link> {
    let app = &context.app;
    let name = posted.needed("link_name", LONGEST_NAME, errors);
    let last = posted.line("link_until", 10, errors);
    let expires = midnight_after(app, &last);
    if expires.is_none() && !last.is_empty() {
        errors.insert("link_until", text!("date-odd"));
    }
    Ok(sidecar::Link {
        expires,
        password_hash: hashed(context, posted, "link_password", errors).await?,
        ..named(app, name)?
    })
}

/// A link of this name without password and expiry.
pub(super) fn named(app: &App, name: String) -> Result<sidecar::Link> {
    Ok(sidecar::Link {
        token: Token::random()?.to_string(),
        name,
        created: Some(rfc_3339(app.clock.now())?),
        ..sidecar::Link::default()
    })
}

/// The hash of a password for visitors; `None` when none was typed. It may be shorter than a coordinator's, because it is shared
/// with many people and told on the phone.
async fn hashed(
    context: &Context,
    posted: &Posted,
    name: &'static str,
    errors: &mut Errors,
) -> Result<Option<String>> {
    let password = posted.get(name);
    let why = match password.chars().count() {
        0 => return Ok(None),
        SHORTEST_PASSWORD..=LONGEST_PASSWORD => {
            let sender = Sender::Coordinator(context.me.coordinator.id);
            return context
                .app
                .people
                .hash(sender, password, context.now())
                .await
                .map(Some);
        }
        1..SHORTEST_PASSWORD => text!("unlock-short", least = SHORTEST_PASSWORD.to_string()),
        _ => text!("password-long", most = LONGEST_PASSWORD.to_string()),
    };
    errors.insert(name, why);
    Ok(None)
}

/// The least characters of a password for visitors.
const SHORTEST_PASSWORD: usize = 8;

/// The most characters of a password for visitors.
const LONGEST_PASSWORD: usize = 200;

fn midnight_after(app: &App, day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let end = day.tomorrow().ok()?.to_zoned(app.config.zone()).ok()?;
    let at: Timestamp = end.timestamp();
    Some(at.to_string())
}

/// When the link was created, and whether it was withdrawn or expires.
pub fn state(app: &App, texts: &Texts, link: &Link, now: i64) -> String {
    let when = |at: i64| format::moment(texts.lang(), at, &app.config.zone());
    let given = texts.t_args("link-given", &[("when", when(link.created_at).into())]);
    let rest = match (link.withdrawn_at, link.expires_at) {
        (Some(at), _) => Some(("link-withdrawn", at)),
        (None, Some(at)) if at <= now => Some(("link-expired", at)),
        (None, Some(at)) => Some(("link-expires", at)),
        (None, None) => None,
    };
    let rest = rest.map(|(key, at)| texts.t_args(key, &[("when", when(at).into())]));
    let locked = link.password_hash.as_ref().map(|_| texts.t("link-locked"));
    let facts: Vec<String> = [Some(given), locked, rest].into_iter().flatten().collect();
    facts.join(" · ")
}

/// The list of links, and the form for a new one.
fn section(
    app: &App,
    form: &Form<'_>,
    path: &str,
    (links, cursor): (&Slice<Listed>, &Cursor),
    hint: Option<Text>,
) -> Markup {
    let (texts, now) = (form.texts, app.clock.now());
    let withdraw = format!("{path}/withdraw");
    let rows = parts::draw(links, |(link, _, _)| {
        let mut fields = vec![("token", link.token.as_str())];
        fields.extend(parts::field(cursor));
        let heading = name(&link.name);
        row(
            (app, texts),
            (link, &link.name),
            &heading,
            (&withdraw, &fields),
            now,
        )
    });
    html! {
        (form.summary(&[NAME, UNTIL, PASSWORD]))
        section aria-labelledby="links" {
            h2 #links { (texts.t("links-title")) }
            p { (texts.t("links-text")) }
            @if let Some(hint) = hint { p.field-help { (texts::sentence(texts.lang(), &hint)) } }
            @if !rows.items.is_empty() {
                ul.plain-list { @for (row, _) in &rows.items { li { (row) } } }
                (copied(texts))
                (parts::links(texts, &format!("{path}#links"), &rows, |(_, (link, _, _))| link::name_in_list(link)))
            }
            form.stack method="post" action=(texts.to(path.to_owned())) data-guard {
                (form.input(NAME, "text", Some("off"), true))
                div.pair { (form.input(UNTIL, "date", None, false)) (form.input(PASSWORD, "text", Some("off"), false)) }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("link-add")) } }
            }
        }
    }
}

/// A link with its address and the buttons that copy and withdraw it. `called`: what tells it from the others, shown as `heading`;
/// `withdraw`: the action of the form and its fields.
pub(super) fn row(
    (app, texts): (&App, &Texts),
    (link, called): (&Link, &str),
    heading: &Markup,
    withdraw: (&str, &[(&str, &str)]),
    now: i64,
) -> Markup {
    let id = format!("link-{}", link.token);
    html! {
        div.words {
            strong { (heading) }
            @if link.is_open(now) {
                div.secret { input #(id) type="text" readonly value={ (app.config.base()) (urls::link(&link.token)) } spellcheck="false" aria-label={ (texts.t("link-address")) ": " (isolated(called)) }; }
            }
            span.field-help { (state(app, texts, link, now)) }
        }
        @if link.is_open(now) {
            div.actions {
                span data-copy=(id) hidden { button.button type="button" data-kind="quiet" aria-label={ (texts.t("share-copy")) ": " (isolated(called)) } { (texts.t("share-copy")) } }
                (act(texts, withdraw.0, "link-withdraw", called, withdraw.1))
            }
        }
    }
}

/// Where a press of a button that copies is answered in words.
pub(super) fn copied(texts: &Texts) -> Markup {
    html! { p role="status" data-copied=(texts.t("copied")) data-failed=(texts.t("copy-by-hand")) {} }
}
