//! The pages of one recording on the desk: what it says about itself, who may see it, its links, the files beside it. Each has
//! its own address, so that what is typed on one is never lost by a button of another. In: an id. Out: the frame around each.

use std::collections::HashSet;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Current};
use crate::catalogue::PublicId;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::metadata::FIELDS;
use crate::catalogue::recording::{self, Metadata, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::speaker::{self, Credit, Speaker};
use crate::desk::kit::fields::Scope;
use crate::desk::kit::{Context, Page, Tab, layout};
use crate::desk::recording::visibility;
use crate::error::{Error, Result};
use crate::intake::folder::Folder;
use crate::intake::look;
use crate::web::urls;

/// The pages, with the key of the name of each.
const TABS: [(Tab, &str); 5] = [
    (Tab::Text, "tab-text"),
    (Tab::Visibility, "visibility-title"),
    (Tab::Links, "desk-links"),
    (Tab::Files, "tab-files"),
    (Tab::Share, "tab-share"),
];

/// What the page shows.
pub struct RecordingPage {
    pub here: Current,
    pub recording: Recording,
    pub series: Series,
    pub speakers: Vec<Speaker>,
    pub chapters: Vec<Chapter>,
    pub captions: Vec<Caption>,
    pub attachments: Vec<Attachment>,
    pub links: Vec<Link>,
    pub originals: Vec<Original>,
    /// Names of all files in the folder of its series, and whose each is.
    pub files: HashSet<String>,
    pub folder: Folder,
    /// Names of all speakers, to choose from.
    pub names: Vec<String>,
    /// The account that looks after it, and all there are.
    pub keeper: Option<i64>,
    pub people: Vec<Coordinator>,
}

impl RecordingPage {
    /// Loads what is there now.
    ///
    /// [`Error::NotFound`] also for what is in the trash.
    pub async fn load(context: &Context, id: &str) -> Result<Self> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        Self::of(context, Current::find(&context.app, &id).await?).await
    }

    /// The same while nobody else changes its series: what is compared with it is compared with what will be overwritten.
    pub async fn locked(context: &Context, id: &str) -> Result<(Archive, Self)> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        let (app, who) = (&context.app, context.email());
        let archive = Archive::of_recordings(app, who, std::slice::from_ref(&id)).await?;
        let page = Self::of(context, archive.recording(&id).await?).await?;
        Ok((archive, page))
    }

    async fn of(context: &Context, here: Current) -> Result<Self> {
        let app = &context.app;
        let (place, id) = (here.folder.clone(), here.known.public_id.clone());
        let stem = here.known.said.stem.clone();
        let listed = app.library.run(move |library| {
            let (mut folder, files) = look::sorted(library, &place, &[&stem]).unwrap_or_default();
            // Also when neither its file nor its sidecar is there.
            folder.groups.entry(stem).or_default();
            Ok((folder, files))
        });
        let (folder, files) = listed.await?;
        let viewer = context.viewer();
        app.db
            .read(move |conn: &Connection| {
                let recording =
                    recording::by_public_id(conn, &viewer, &id)?.ok_or(Error::NotFound)?;
                Ok(Self {
                    series: series::by_id(conn, recording.series_id)?,
                    speakers: speaker::of_recording(conn, recording.id)?,
                    chapters: chapter::of_recording(conn, recording.id)?,
                    captions: caption::of_recording(conn, recording.id)?,
                    attachments: attachment::of_recording(conn, recording.id)?,
                    originals: original::sources(conn, recording.id)?,
                    links: link::of(conn, Target::Recording(recording.id))?,
                    names: speaker::names(conn)?,
                    keeper: here.known.owner_id,
                    people: coordinator::all(conn)?,
                    files,
                    folder,
                    recording,
                    here,
                })
            })
            .await
    }

    /// What its forms are filled in with: what holds now, and where it may be left to the series, what it states itself.
    pub fn metadata(&self) -> Metadata {
        let mut now = self.recording.metadata.clone();
        now.speakers = self.speakers.iter().map(Credit::from).collect();
        now.chapters = self.chapters.clone();
        for field in FIELDS.iter().filter(|field| field.may_be_left()) {
            (field.set)(&mut now, (field.get)(&self.here.said.metadata));
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
        let (title, address) = (self.recording.title(), urls::desk_recording(id));
        let main = html! {
            p.facts-line {
                (self.series.title()) " · " (visibility::now_seen(context, self)) " "
                a href=(texts.to(urls::watch(id))) { (texts.t("to-page")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
            (layout::tabs(texts, (title, &address), &TABS, tab))
            (content)
        };
        let page = Page::new("recordings", title.to_owned());
        page.status(status)
            .scripts(tab.scripts())
            .with(context, &main)
    }
}
