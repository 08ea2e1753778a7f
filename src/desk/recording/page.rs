//! The shared parts of a recording's pages. Each tab has its own address, so that a button on one never discards what was typed on
//! another. In: an id. Out: the data and the layout of each tab.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Current};
use crate::catalogue::PublicId;
use crate::catalogue::field::Moment;
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::{self, Metadata, Recording, Visibility};
use crate::catalogue::series::{self, Series};
use crate::desk::kit::fields::Scope;
use crate::desk::kit::{Context, Page, Tab, published};
use crate::error::{Error, Result};
use crate::web::components::name;
use crate::web::components::who_can_see;
use crate::web::{format, urls};

/// The tabs, with the key of each label.
const TABS: [(Tab, &str); 5] = [
    (Tab::Text, "tab-text"),
    (Tab::Visibility, "visibility-title"),
    (Tab::Links, "desk-links"),
    (Tab::Files, "tab-files"),
    (Tab::Share, "tab-share"),
];

/// The data that all tabs show.
pub struct RecordingPage {
    pub current: Current,
    pub recording: Recording,
    pub series: Series,
}

impl RecordingPage {
    /// Loads the recording.
    ///
    /// [`Error::NotFound`] also for a recording in the trash.
    pub async fn load(context: &Context, id: &str) -> Result<Self> {
        Self::load_with(context, id, |_, page| Ok(page)).await
    }

    /// Loads the recording and the data of one tab, in one visit to the catalogue.
    pub async fn load_with<T: Send + 'static>(
        context: &Context,
        id: &str,
        whole: impl FnOnce(&Connection, Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        Self::of(context, Current::find(&context.app, &id).await?, whole).await
    }

    /// Loads the recording under its lock, so that the state that an edit is compared with is the one it overwrites.
    pub async fn locked(context: &Context, id: &str) -> Result<(Archive, Self)> {
        Self::locked_with(context, id, |_, page| Ok(page)).await
    }

    /// Loads the recording under its lock, with the data of one tab.
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

    /// The stem of its files.
    pub fn stem(&self) -> &str {
        &self.current.stored.entry.stem
    }

    /// The address of a tab or of something below it. `rest`: the part after the recording, with its slash.
    pub fn path(&self, rest: &str) -> String {
        urls::desk_recording(&self.recording.public_id) + rest
    }

    /// The values that fill in its forms, without speakers and chapters: those in force, but for a field that can be unset by
    /// choice the one set by the recording itself.
    pub fn metadata(&self) -> Metadata {
        let mut now = self.recording.metadata.clone();
        for field in FIELDS.iter().filter(|field| field.may_be_left()) {
            (field.set)(&mut now, (field.get)(&self.current.sidecar.metadata));
        }
        now
    }

    /// The settings for parsing its forms.
    pub fn scope(&self, app: &App) -> Scope {
        Scope {
            zone: app.config.zone(),
            duration_ms: self.recording.duration_ms,
        }
    }

    /// Draws one of its tabs.
    pub fn framed(
        &self,
        context: &Context,
        (tab, status): (Tab, StatusCode),
        content: &Markup,
    ) -> Response {
        let (texts, id) = (&context.texts, &self.recording.public_id);
        let above = html! {
            p.facts-line {
                (name(self.series.title())) " · " (visibility_now(context, self)) " "
                a href=(texts.to(urls::watch(id))) { (texts.t("to-page")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
        };
        let published = match self.recording.visibility() {
            Visibility::Public => published::block(context, &urls::watch(id), &self.path("")),
            _ => html! {},
        };
        let above = html! { (above) (published) (timing_notice(context, self)) };
        let page = Page::new("recordings", self.recording.title().to_owned()).status(status);
        page.tabbed(context, (&self.path(""), &TABS, tab), &above, content)
    }
}

/// That the file was replaced by one of another length, with the way to what has to be chosen.
fn timing_notice(context: &Context, page: &RecordingPage) -> Markup {
    let texts = &context.texts;
    let address = format!("{}#timing", texts.to(page.path(Tab::Files.path())));
    html! {
        @if page.recording.timing.is_some() {
            p.beyond { a href=(address) { (texts.t("timing-notice")) } }
        }
    }
}

/// Who can see the recording now, in one sentence.
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
