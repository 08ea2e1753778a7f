//! `/notices.xml`: what needs attention, as a private feed for the reader of a coordinator, because without a mail server nobody
//! looks at the desk for it. In: a key in the address. Out: RSS 2.0.
//!
//! An item says what kind of thing it is and where at the desk: feed readers belong to others, so no word of a message, title or
//! name leaves. It never changes and stays for some weeks after it was solved, so that it is told once to a reader that comes rarely.

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, VARY};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use rusqlite::Connection;
use tokio::time::timeout;

use super::home::LITTLE;
use super::messages::kind;
use crate::app::App;
use crate::catalogue::access_key::{self, Opens};
use crate::catalogue::coordinator::{Coordinator, Role};
use crate::catalogue::message::{self, MessageKind, Reader};
use crate::catalogue::notice::{self, Notice, NoticeKind, Trouble};
use crate::catalogue::{library_file, token};
use crate::error::{Error, Result};
use crate::readiness::Problem;
use crate::sharing::feed::{document, linked};
use crate::sharing::xml;
use crate::text;
use crate::web::{Texts, sign_in, urls};

/// Items in the feed.
const MOST: usize = 100;

/// How long a disk may take to say how much is free.
const PATIENCE: Duration = Duration::from_secs(3);

/// The address of the feed, with the key that opens it.
pub fn address(app: &App, texts: &Texts, key: &str) -> String {
    let address = format!("{}/notices.xml", app.config.base());
    urls::with(
        &urls::with(&address, "key", key),
        "lang",
        texts.lang().tag(),
    )
}

/// `GET /notices.xml?key=…`
pub async fn feed(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    texts: Texts,
) -> Result<Response> {
    let person = identify(&app, query.as_deref(), &headers).await?;
    let (trouble, problems) = look(&app).await;
    let now = app.clock.now();
    let reader = match person.role {
        Role::Administrator => Reader::Administrator,
        Role::Editor => Reader::Editor,
    };
    let of = (person.role == Role::Editor).then_some(person.id);
    // What cannot be written down is told all the same: a full disk is one of the reasons for this feed.
    let noted = app.db.write(move |conn| {
        note(conn, trouble, now)?;
        load(conn, reader, of)
    });
    let mut items = match noted.await {
        Ok(items) => items,
        Err(_) => app.db.read(move |conn| load(conn, reader, of)).await?,
    };
    for problem in problems {
        let is_told = |item: &Item| matches!(&item.what, What::Trouble(_, subject) if *subject == problem.text());
        if !items.iter().any(is_told) {
            items.push(Item::of_problem(&problem, now));
        }
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.at));
    items.truncate(MOST);
    Ok(answer(&app, &texts, &items))
}

/// Looks for trouble and writes it down, so that its moment is known although nobody asks for the feed.
pub async fn note_trouble(app: &App) -> Result<()> {
    let (trouble, _) = look(app).await;
    let now = app.clock.now();
    app.db.write(move |conn| note(conn, trouble, now)).await
}

/// The coordinator whose key is in the address; for a script that of its header, and in a browser the one who is signed in.
async fn identify(app: &App, query: Option<&str>, headers: &HeaderMap) -> Result<Coordinator> {
    let Some(key) = urls::parameter(query, "key") else {
        let me = sign_in::identify(app, headers).await?;
        return me.map(|me| me.coordinator).ok_or(Error::SignInNeeded);
    };
    let now = app.clock.now();
    let found = app
        .db
        .read(move |conn| access_key::by_key(conn, &key, Opens::Notices));
    // RFC 9110 §15.5.11: a reader that is told "gone" stops asking.
    let (key, person) = found
        .await?
        .ok_or_else(|| Error::Over(text!("notices-over")))?;
    if key.is_to_be_touched(now) {
        let touched = app
            .db
            .write(move |conn| access_key::touch(conn, key.id, now));
        // When it was used last is told to the hour; the feed matters more.
        if let Err(problem) = touched.await {
            tracing::debug!(%problem, "the use of a key could not be noted");
        }
    }
    Ok(person)
}

/// The trouble outside the database, and the checks that failed when they were last made: nobody waits for this.
async fn look(app: &App) -> (Vec<Trouble>, Vec<Problem>) {
    let problems = app.readiness.last_problems();
    let told = problems
        .iter()
        .map(|problem| (NoticeKind::Readiness, problem.text().to_owned()));
    let mut trouble: Vec<Trouble> = told.collect();
    let free = app.library.run(|library| Ok(library.free_bytes()));
    if let Ok(Ok(Some(free))) = timeout(PATIENCE, free).await
        && free < LITTLE
    {
        trouble.push((NoticeKind::Space, String::new()));
    }
    (trouble, problems)
}

fn note(conn: &Connection, mut trouble: Vec<Trouble>, now: i64) -> Result<()> {
    trouble.extend(notice::failed(conn)?);
    let files = library_file::refused(conn, notice::OPEN)?.into_iter();
    trouble.extend(files.map(|(folder, file, _)| {
        let hash = token::hash(&format!("{folder}/{file}"));
        (NoticeKind::File, hash)
    }));
    notice::note(conn, &trouble, now)
}

fn load(conn: &Connection, reader: Reader, of: Option<i64>) -> Result<Vec<Item>> {
    let messages = message::newest(conn, reader, MOST)?.into_iter();
    let messages = messages.map(|(id, kind, at)| Item {
        // The database may give the id of an old row again.
        name: format!("message-{id}-{at}"),
        what: What::Message(kind),
        at,
    });
    let notices = notice::newest(conn, of, MOST)?
        .into_iter()
        .map(Item::of_notice);
    Ok(messages.chain(notices).collect())
}

/// An item of the feed.
struct Item {
    /// The guid, which is never given to another.
    name: String,
    what: What,
    /// UTC seconds.
    at: i64,
}

enum What {
    Message(MessageKind),
    /// A notice, and which one of its kind.
    Trouble(NoticeKind, String),
}

impl Item {
    fn of_notice(notice: Notice) -> Self {
        Self {
            name: format!("notice-{}", notice.name),
            what: What::Trouble(notice.kind, notice.subject),
            at: notice.noticed_at,
        }
    }

    /// Of a problem that could not be written down: once a day the same.
    fn of_problem(problem: &Problem, now: i64) -> Self {
        let day = now - now.rem_euclid(24 * 60 * 60);
        Self {
            name: format!("{}-{day}", problem.text()),
            what: What::Trouble(NoticeKind::Readiness, problem.text().to_owned()),
            at: day,
        }
    }

    fn draw(&self, app: &App, texts: &Texts) -> Markup {
        let (title, text, place) = self.words(texts);
        html! {
            item {
                title { (title) }
                (linked(&format!("{}{}", app.config.base(), urls::desk(place))))
                guid isPermaLink="false" { "terugkijken:" (self.name) }
                @if let Some(moment) = moment(self.at) { pubDate { (moment) } }
                // HTML in XML: escaped once as text of the markup, and once more as that of the document.
                description { (html! { p { (text) } }.0) }
            }
        }
    }

    /// Title, sentence, and the page of the desk.
    fn words(&self, texts: &Texts) -> (String, String, &'static str) {
        match &self.what {
            What::Message(about) => (
                texts.t_args("notice-message", &[("kind", texts.t(kind(*about)).into())]),
                texts.t("notice-message-text"),
                "messages",
            ),
            What::Trouble(NoticeKind::Job, _) => (
                texts.t("notice-job"),
                texts.t("notice-problems-text"),
                "problems",
            ),
            What::Trouble(NoticeKind::File, _) => (
                texts.t("notice-file"),
                texts.t("notice-problems-text"),
                "problems",
            ),
            What::Trouble(NoticeKind::Timing, _) => (
                texts.t("notice-timing"),
                texts.t("notice-problems-text"),
                "problems",
            ),
            What::Trouble(NoticeKind::Upload, _) => (
                texts.t("notice-upload"),
                texts.t("notice-upload-text"),
                "upload",
            ),
            What::Trouble(NoticeKind::Space, _) => {
                (texts.t("notice-space"), texts.t("notice-space-text"), "")
            }
            What::Trouble(NoticeKind::Readiness, subject) => {
                // A check of a later version has no words here.
                let sentence = texts.lang().find(subject).unwrap_or_default();
                (texts.t("notice-readiness"), sentence, "")
            }
        }
    }
}

fn answer(app: &App, texts: &Texts, items: &[Item]) -> Response {
    let branding = app.branding();
    let name = branding.name.as_str();
    let channel = html! {
        title { (xml::text(&texts.t_args("notices-title", &[("name", name.into())]))) }
        (linked(&format!("{}{}", app.config.base(), urls::desk(""))))
        description { (texts.t("notices-text")) }
        language { (texts.lang().tag()) }
        // Minutes: as often as is looked.
        ttl { "5" }
        @if let Some(moment) = items.first().and_then(|item| moment(item.at)) { lastBuildDate { (moment) } }
        @for item in items { (item.draw(app, texts)) }
    };
    // The address is a secret, so the feed does not name it (`atom:link rel="self"`).
    let body = document("", &channel);
    let headers = [
        (CONTENT_TYPE, "application/rss+xml; charset=utf-8"),
        (CACHE_CONTROL, "private, no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (ROBOTS, "noindex, nofollow"),
        (VARY, "Accept-Language"),
    ];
    (headers, body).into_response()
}

const ROBOTS: axum::http::HeaderName = axum::http::HeaderName::from_static("x-robots-tag");

/// A moment in the format of RSS (RFC 2822 §3.3).
fn moment(at: i64) -> Option<String> {
    let moment = Timestamp::from_second(at).ok()?;
    jiff::fmt::rfc2822::to_string(&moment.to_zoned(jiff::tz::TimeZone::UTC)).ok()
}
