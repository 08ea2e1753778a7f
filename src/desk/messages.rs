//! `/desk/messages`: what visitors wrote, the newest first, to handle and to wipe.

use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::archive::purge::purge;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::message::{self, CaptionLine, Message, MessageKind, Reader};
use crate::catalogue::timecode;
use crate::desk::kit::{Context, Page, Posted};
use crate::error::Result;
use crate::web::components::name;
use crate::web::{Lang, Texts, format, parts, urls};

/// Messages on a page: each may be some thousands of characters long.
const LINES: usize = 50;

/// `GET /desk/messages`, with `?which=handled`, and `?after=` or `?before=` the message on which the part of the list borders.
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let is_handled = context.parameter("which").is_some_and(|it| it == "handled");
    let (reader, cursor) = (reader(&context), parts::cursor(context.query()));
    let found = context.read(move |conn| {
        let slice = message::slice(conn, reader, is_handled, &cursor, LINES)?;
        Ok((slice, message::counts(conn, reader)?))
    });
    let (messages, (open, handled)) = found.await?;
    let rows = parts::draw(&messages, |message| row(&context, message));
    let list = address(is_handled);
    let acts = match is_handled {
        false => [("handled", "messages-handled"), ("wipe", "messages-wipe")],
        true => [("open", "messages-open"), ("wipe", "messages-wipe")],
    };
    let main = html! {
        p { (texts.t_args("messages-text", &[("days", message::KEPT_DAYS.into())])) }
        @if context.app.branding().contact.is_none() { p { (texts.t("attention-contact")) } }
        nav.tabs aria-label=(texts.t("desk-messages")) {
            ul {
                li { a href=(texts.to(address(false))) aria-current=[(!is_handled).then_some("page")] { (texts.t_args("messages-to-handle", &[("count", open.into())])) } }
                li { a href=(texts.to(address(true))) aria-current=[is_handled.then_some("page")] { (texts.t_args("messages-were-handled", &[("count", handled.into())])) } }
            }
        }
        @if rows.items.is_empty() { p { (texts.t("messages-none")) } }
        @else {
            form.stack.wide method="post" action=(texts.to(list.clone())) {
                ul.plain-list { @for (row, _) in &rows.items { (row) } }
                fieldset {
                    legend { (texts.t("messages-ticked")) }
                    p.actions {
                        @for (act, label) in acts { button.button type="submit" name="ticked" value=(act) data-kind="quiet" { (texts.t(label)) } }
                    }
                }
            }
        }
        (parts::links(texts, &list, &rows, |(_, message)| message.id.to_string()))
    };
    let page = Page::new("messages", texts.t("desk-messages"));
    Ok(page.with(&context, &main))
}

/// `POST /desk/messages`: `handled`, `open` or `wipe` with the id of one message, or `ticked` with the name of one of these and an `id` for each
/// message that was ticked.
pub async fn act(context: Context, posted: Posted) -> Result<Response> {
    let ticked = || posted.all("id").filter_map(|id| id.parse().ok()).collect();
    let one = |name: &str| posted.get(name).parse().ok().map(|id| vec![id]);
    let wanted = |name: &str| match posted.get("ticked") == name {
        true => Some(ticked()),
        false => one(name),
    };
    let list = address(context.parameter("which").is_some_and(|it| it == "handled"));
    let me = context.me.coordinator.id;
    if let Some(ids) = wanted("wipe") {
        return wipe(&context, ids, list).await;
    }
    let (ids, by, name, done): (Vec<i64>, _, _, _) = match (wanted("handled"), wanted("open")) {
        (Some(ids), _) => (ids, Some(me), "handle message", "done-messages-handled"),
        (None, Some(ids)) => (ids, None, "reopen message", "done-messages-open"),
        (None, None) => (Vec::new(), None, "", ""),
    };
    if ids.is_empty() {
        return context.go(list, "done-messages-none");
    }
    let (reader, now, email) = (reader(&context), context.now(), context.email().to_owned());
    let changed = context.write(move |conn| {
        let count = message::set_handled(conn, reader, &ids, by, now)?;
        note(conn, &email, name, count, now)
    });
    changed.await?;
    context.go(list, done)
}

async fn wipe(context: &Context, ids: Vec<i64>, list: String) -> Result<Response> {
    if ids.is_empty() {
        return context.go(list, "done-messages-none");
    }
    let (reader, now, email) = (reader(context), context.now(), context.email().to_owned());
    let removed = context.write(move |conn| {
        let count = message::remove(conn, reader, &ids)?;
        note(conn, &email, "wipe message", count, now)
    });
    removed.await?;
    leave_no_byte(&context.app).await;
    context.go(list, "done-messages-wiped")
}

/// Removes messages that are older than visitors were told. Returns how many.
pub async fn sweep(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let removed = app
        .db
        .write(move |conn| message::remove_old(conn, now))
        .await?;
    if removed > 0 {
        leave_no_byte(app).await;
    }
    Ok(removed)
}

/// Takes the words of what was removed from the database file. What cannot be done now is done later: a mark says so.
async fn leave_no_byte(app: &App) {
    if let Err(problem) = purge(app).await {
        tracing::warn!(%problem, "the database file could not be written anew after a wipe");
    }
}

/// Which messages the coordinator may read.
pub fn reader(context: &Context) -> Reader {
    match context.me.is_administrator() {
        true => Reader::Administrator,
        false => Reader::Editor,
    }
}

/// The audit list says how many, and nothing of what they said.
pub fn note(
    conn: &rusqlite::Connection,
    actor: &str,
    act: &str,
    count: usize,
    now: i64,
) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let count = count.to_string();
    let act = Act {
        after: Some(&count),
        ..Act::of(actor, act, "message")
    };
    audit::note(conn, &act, now)
}

fn address(is_handled: bool) -> String {
    match is_handled {
        true => urls::with(&urls::desk("messages"), "which", "handled"),
        false => urls::desk("messages"),
    }
}

fn row(context: &Context, message: &Message) -> Markup {
    let (texts, zone) = (&context.texts, context.app.config.zone());
    let when = format::moment(texts.lang(), message.received_at, &zone);
    let what = format!("{}, {when}", texts.t(kind(message.kind)));
    let acts = match message.handled {
        None => [("handled", "messages-handled"), ("wipe", "messages-wipe")],
        Some(_) => [("open", "messages-open"), ("wipe", "messages-wipe")],
    };
    html! {
        li {
            div.words {
                label.ticked {
                    input type="checkbox" name="id" value=(message.id) autocomplete="off";
                    strong { (what) }
                }
                (about(texts, message))
                @let foreign = Lang::from_tag(&message.language).filter(|lang| *lang != texts.lang());
                @match &message.line {
                    Some(line) => (correction(texts, message, line)),
                    None => {
                        p.letter dir="auto" lang=[foreign.map(Lang::tag)] { (message.text) }
                        p { (answer(texts, message)) }
                    }
                }
                @if let Some((who, at)) = &message.handled {
                    p { (texts.t_args("messages-handled-by", &[("name", who.as_str().into()), ("when", format::moment(texts.lang(), *at, &zone).into())])) }
                }
                div.acts {
                    @for (act, label) in acts {
                        button.button type="submit" name=(act) value=(message.id) data-kind="quiet" { (texts.t(label)) span.unseen { ": " (what) } }
                    }
                }
            }
        }
    }
}

/// The recording at the desk, and the moment on its page.
fn about(texts: &Texts, message: &Message) -> Markup {
    let Some((id, title)) = &message.recording else {
        return html! { p { (texts.t("messages-of-portal")) } };
    };
    let moment = message.at_s.map(|at| (at, timecode::short(at * 1000)));
    html! {
        p {
            a href=(texts.to(urls::desk_recording(id))) { (name(title)) }
            @if let Some((at, words)) = moment {
                " · "
                @if message.is_trashed { (words) }
                @else { a href=(texts.to(urls::watch_at(id, at))) { (texts.t_args("messages-at", &[("moment", words.into())])) } }
            }
        }
    }
}

/// The line as the visitor read it, how it should be, and the way to where that is accepted.
fn correction(texts: &Texts, message: &Message, line: &CaptionLine) -> Markup {
    let recording = message.recording.as_ref().map(|(id, _)| id);
    let is_open = message.handled.is_none() && message.has_captions && !message.is_trashed;
    html! {
        dl.versions-of-line {
            div { dt { (texts.t("correction-was")) } dd.letter lang=(line.language) dir="auto" { (line.text) } }
            div { dt { (texts.t("correction-proposed")) } dd.letter lang=(line.language) dir="auto" { (message.text) } }
        }
        @if let Some(id) = recording.filter(|_| is_open) {
            p { a href=(texts.to(urls::desk_correction(id, &line.language, message.id))) { (texts.t("correction-to-line")) } }
        }
    }
}

/// How the sender wants to be reached: a link when it is plainly a mail address.
fn answer(texts: &Texts, message: &Message) -> Markup {
    let Some(reply_to) = &message.reply_to else {
        return html! { (texts.t("messages-no-answer")) };
    };
    html! {
        (texts.t("messages-answer-to")) " "
        @if is_mail(reply_to) { a href={ "mailto:" (reply_to) } { (reply_to) } } @else { (name(reply_to)) }
    }
}

fn is_mail(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    let parts = text.split_once('@');
    parts.is_some_and(|(before, after)| {
        !before.is_empty()
            && after.contains('.')
            && (before.chars().chain(after.chars())).all(is_plain)
    })
}

/// The key of the words for a kind of message.
pub fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Picture => "message-kind-picture",
        MessageKind::Playing => "message-kind-playing",
        MessageKind::Question => "message-kind-question",
        MessageKind::Captions => "message-kind-captions",
    }
}
