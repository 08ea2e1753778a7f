//! The pages of one recording on the desk: what it says about itself, who may see it, its links, the files beside it. Each has
//! its own address, so that what is typed on one is never lost by a button of another. In: an id. Out: the frame around each.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Current};
use crate::catalogue::PublicId;
use crate::catalogue::field::Moment;
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::{self, Metadata, Recording};
use crate::catalogue::series::{self, Series};
use crate::desk::kit::fields::Scope;
use crate::desk::kit::{Context, Page, Tab};
use crate::error::{Error, Result};
use crate::web::components::who_can_see;
use crate::web::{format, urls};

/// The pages, with the key of the name of each.
const TABS: [(Tab, &str); 5] = [
    (Tab::Text, "tab-text"),
    (Tab::Visibility, "visibility-title"),
    (Tab::Links, "desk-links"),
    (Tab::Files, "tab-files"),
    (Tab::Share, "tab-share"),
];

/// What every page of it shows.
pub struct RecordingPage {
    pub current: Current,
    pub recording: Recording,
    pub series: Series,
}

impl RecordingPage {
    /// Loads what is there now.
    ///
    /// [`Error::NotFound`] also for what is in the trash.
    pub async fn load(context: &Context, id: &str) -> Result<Self> {
        Self::load_with(context, id, |_, page| Ok(page)).await
    }

    /// The same with what only one of the pages shows, in one visit to the catalogue.
    pub async fn load_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        Self::of(context, Current::find(&context.app, &id).await?, whole).await
    }

    /// What is there while nobody else changes its series: what is compared with it is compared with what will be overwritten.
    pub async fn locked(context: &Context, id: &str) -> Result<(Archive, Self)> {
        Self::locked_with(context, id, |_, page| Ok(page)).await
    }

    /// The same with what only one of the pages shows.
    pub async fn locked_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<(Archive, T)> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        let (app, actor) = (&context.app, context.email());
        let archive = Archive::of_recordings(app, actor, std::slice::from_ref(&id)).await?;
        let current = archive.recording(&id).await?;
        Ok((archive, Self::of(context, current, whole).await?))
    }

    async fn of<T: Send + 'static>(
        context: &Context,
        current: Current,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (viewer, id) = (context.viewer(), current.stored.public_id.clone());
        let loaded = context.read(move |conn| {
            let recording = recording::by_public_id(conn, &viewer, &id)?.ok_or(Error::NotFound)?;
            let series = series::by_id(conn, recording.series_id)?;
            let page = Self {
                current,
                recording,
                series,
            };
            whole(conn, page)
        });
        loaded.await
    }

    /// What the names of its files begin with.
    pub fn stem(&self) -> &str {
        &self.current.stored.entry.stem
    }

    /// The address of a page of it, or of what lies below one: `rest`, with its slash.
    pub fn path(&self, rest: &str) -> String {
        urls::desk_recording(&self.recording.public_id) + rest
    }

    /// What its forms are filled in with, but for speakers and chapters: what holds now, and where it may be left to the series, what
    /// it states itself.
    pub fn metadata(&self) -> Metadata {
        let mut now = self.recording.metadata.clone();
        for field in FIELDS.iter().filter(|field| field.may_be_left()) {
            (field.set)(&mut now, (field.get)(&self.current.sidecar.metadata));
        }
        now
    }

    /// What is needed to read its forms.
    pub fn scope(&self, app: &App) -> Scope {
        Scope {
            zone: app.config.zone(),
            duration_ms: self.recording.duration_ms,
        }
    }

    /// One of the pages.
    pub fn framed(
        &self,
        context: &Context,
        (tab, status): (Tab, StatusCode),
        content: &Markup,
    ) -> Response {
        let (texts, id) = (&context.texts, &self.recording.public_id);
        let above = html! {
            p.facts-line {
                (self.series.title()) " · " (visibility_now(context, self)) " "
                a href=(texts.to(urls::watch(id))) { (texts.t("to-page")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
        };
        let page = Page::new("recordings", self.recording.title().to_owned()).status(status);
        page.tabbed(context, (&self.path(""), &TABS, tab), &above, content)
    }
}

/// Who can see it now, in one sentence.
fn visibility_now(context: &Context, page: &RecordingPage) -> Markup {
    let metadata = &page.current.stored.entry.metadata;
    let (texts, now, zone) = (&context.texts, context.now(), context.app.config.zone());
    let when = |key, at| {
        let when = format::moment(texts.lang(), at, &zone);
        texts.t_args(key, &[("when", when.into())])
    };
    let by = who_can_see(texts, metadata.visibility());
    let at = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.at);
    let is_bounded = metadata.visibility().is_for_visitors();
    let sentence = match (at(&metadata.visible_from), at(&metadata.visible_until)) {
        (Some(i64::MAX), _) if is_bounded => texts.t("seen-never"),
        (Some(from), _) if is_bounded && now < from => when("seen-from", from),
        (_, Some(until)) if is_bounded && now >= until => when("seen-over", until),
        (_, Some(until)) if is_bounded => format!("{by} {}", when("seen-end", until)),
        _ => by,
    };
    html! { strong.now-seen data-visibility=(metadata.visibility().as_str()) { (sentence) } }
}
