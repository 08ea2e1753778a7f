//! The pages of one recording on the desk: what it says about itself, who may see it, its links, the files beside it. Each has
//! its own address, so that what is typed on one is never lost by a button of another. In: an id. Out: the frame around each.

use std::collections::HashSet;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Current};
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
use crate::catalogue::{PublicId, Viewer};
use crate::desk::kit::fields::Scope;
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::recording::visibility as recording_visibility;
use crate::error::{Error, Result};
use crate::intake::folder::Folder;
use crate::intake::look;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, urls};

/// One of the pages of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Text,
    Visibility,
    Links,
    Files,
    Share,
}

/// The pages: what stands behind the address of the first, and the key of the name.
const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Text, "", "tab-text"),
    (Tab::Visibility, "/visibility", "visibility-title"),
    (Tab::Links, "/links", "desk-links"),
    (Tab::Files, "/files", "tab-files"),
    (Tab::Share, "/share", "tab-share"),
];

/// The address of a recording's page on the desk.
pub fn desk(id: &PublicId) -> String {
    urls::desk(&format!("recordings/{id}"))
}

/// How a form is shown.
pub struct Shown {
    pub status: StatusCode,
    pub posted: Posted,
    pub errors: Errors,
}

impl Shown {
    /// As it is filled in at first.
    pub fn first(posted: Posted) -> Self {
        Self {
            status: StatusCode::OK,
            posted,
            errors: Errors::new(),
        }
    }

    /// Of someone who comes second: what they typed, with what is there now (`filled`) beside it.
    pub fn by_another(posted: Posted, filled: &Posted, mut errors: Errors) -> Self {
        errors.insert("", text!("saved-by-another"));
        Self {
            status: StatusCode::CONFLICT,
            posted: posted.with("base", filled.get("base")),
            errors,
        }
    }

    /// With what is wrong beside its fields.
    pub fn wrong(posted: Posted, errors: Errors) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            posted,
            errors,
        }
    }
}

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
    pub async fn load(app: &App, id: &str) -> Result<Self> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        Self::of(app, Current::find(app, &id).await?).await
    }

    /// The same while nobody else changes its series: what is compared with it is compared with what will be overwritten.
    pub async fn locked(app: &App, me: &Me, id: &str) -> Result<(Archive, Self)> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        let who = &me.coordinator.email;
        let archive = Archive::of_recordings(app, who, std::slice::from_ref(&id)).await?;
        let page = Self::of(app, archive.recording(&id).await?).await?;
        Ok((archive, page))
    }

    async fn of(app: &App, here: Current) -> Result<Self> {
        let (place, id) = (here.folder.clone(), here.known.public_id.clone());
        let stem = here.known.said.stem.clone();
        let listed = app.library.run(move |library| {
            let (mut folder, files) = look::sorted(library, &place, &[&stem]).unwrap_or_default();
            // Also when neither its file nor its sidecar is there.
            folder.groups.entry(stem).or_default();
            Ok((folder, files))
        });
        let (folder, files) = listed.await?;
        let viewer = Viewer::coordinator(app.clock.now());
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

    /// One of the pages. `done`: what just happened, in words.
    pub fn framed(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        (tab, status): (Tab, StatusCode),
        done: Option<String>,
        content: &Markup,
    ) -> Response {
        let id = &self.recording.public_id;
        let tabs = TABS.map(|(one, rest, name)| (format!("{}{rest}", desk(id)), name, one == tab));
        let main = html! {
            p.facts-line {
                (self.series.title()) " · " (recording_visibility::now_seen(app, texts, self)) " "
                a href=(texts.to(urls::watch(id))) { (texts.t("to-page")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
            (layout::tabs(texts, self.recording.title(), &tabs))
            (content)
        };
        let desk = Desk {
            app,
            texts,
            me,
            place: "recordings",
            title: self.recording.title().to_owned(),
            done,
        };
        let scripts: &[&str] = match tab {
            Tab::Share => &["desk.js", "share.js"],
            _ => &["desk.js"],
        };
        desk.show_with_scripts(status, &main, scripts)
    }
}
