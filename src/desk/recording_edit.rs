//! `/desk/recordings/{id}`: what a recording says about itself, who may see it, and what lies beside it. Nothing typed is
//! lost: errors stand beside the fields, and who saves second is shown what the first one made of it.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::form::{Field, Form, field, helped};
use super::frame::{self, Desk};
use super::posted::{Errors, Posted};
use super::recording_typed::Typed;
use super::save::{self, Here, Saved};
use super::{chapters, links, recording_beside, recording_visibility};
use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::link::{self, Link, Target};
use crate::catalogue::original::{self, Original};
use crate::catalogue::recording::{self, Recording};
use crate::catalogue::series::{self, Series};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::sidecar::{self, RecordingSidecar};
use crate::web::sign_in::Me;
use crate::web::{Texts, markdown, urls};

const TITLE: Field<'_> = field("title", "recording-title");
const NUMBER: Field<'_> = helped("number", "recording-number", "recording-number-help");
const DATE: Field<'_> = field("date", "recording-date");
const LANGUAGE: Field<'_> = helped("language", "recording-language", "recording-language-help");
const SUMMARY: Field<'_> = helped("summary", "recording-summary", "recording-summary-help");
const DESCRIPTION: Field<'_> = helped(
    "description",
    "recording-description",
    "recording-description-help",
);
const SPEAKERS: Field<'_> = field("speakers", "recording-speakers");
const CHAPTERS: Field<'_> = helped("chapters", "recording-chapters", "recording-chapters-help");
const DOWNLOAD: Field<'_> = field("download", "recording-download");
const FIELDS: [Field<'_>; 9] = [
    TITLE,
    NUMBER,
    DATE,
    LANGUAGE,
    SUMMARY,
    DESCRIPTION,
    SPEAKERS,
    CHAPTERS,
    DOWNLOAD,
];

/// The names under which a browser sends them.
const SENT: [&str; 10] = [
    "title",
    "number",
    "date",
    "language",
    "summary",
    "description",
    "speaker_name",
    "speaker_role",
    "chapters",
    "download",
];

/// Empty lines for speakers that are still to be named.
const MORE_SPEAKERS: usize = 2;

/// `GET /desk/recordings/{id}`
pub async fn show(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let posted = page.as_form();
    let done = frame::done(&texts, query.as_deref());
    Ok(page.show(
        &app,
        &texts,
        &me,
        done,
        &Shown {
            status: StatusCode::OK,
            posted,
            errors: Errors::new(),
        },
    ))
}

/// `POST /desk/recordings/{id}`
pub async fn save(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let mut errors = Errors::new();
    let typed = Typed::parse(&posted, page.recording.duration_ms, &mut errors);
    // Only looking at the description as it will be.
    if posted.has("preview") || !errors.is_empty() {
        let status = if errors.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return Ok(page.show(
            &app,
            &texts,
            &me,
            None,
            &Shown {
                status,
                posted,
                errors,
            },
        ));
    }
    let (before, base) = (page.as_typed(), posted.get("base").to_owned());
    let wanted = typed.clone();
    let change = move |said: &mut RecordingSidecar| wanted.put(said, &before);
    match save::recording(
        &app,
        &me,
        "edit",
        &page.recording.public_id,
        Some(&base),
        change,
    )
    .await?
    {
        Saved::Done => frame::go(&texts, desk(&page.recording.public_id), Some("done-saved")),
        Saved::Changed(here) => {
            // What the other one made of it, beside what was typed; saving again takes what is typed.
            let page = RecordingPage::load(&app, &id).await?;
            let posted = posted
                .untouched_as(&page.as_form(), &SENT)
                .with("base", &here.base);
            let mut errors = Errors::new();
            let typed = Typed::parse(&posted, page.recording.duration_ms, &mut errors);
            errors.extend(typed.differences(&page.as_typed()));
            Ok(page.show(
                &app,
                &texts,
                &me,
                Some(texts.t("saved-by-another")),
                &Shown {
                    status: StatusCode::CONFLICT,
                    posted,
                    errors,
                },
            ))
        }
    }
}

/// The address of a recording's page on the desk.
pub fn desk(id: &PublicId) -> String {
    urls::desk(&format!("recordings/{id}"))
}

/// How the form is shown.
pub struct Shown {
    pub status: StatusCode,
    pub posted: Posted,
    pub errors: Errors,
}

/// What the page shows.
pub struct RecordingPage {
    pub here: Here,
    pub recording: Recording,
    pub series: Series,
    pub speakers: Vec<Speaker>,
    pub chapters: Vec<Chapter>,
    pub captions: Vec<Caption>,
    pub attachments: Vec<Attachment>,
    pub links: Vec<Link>,
    pub originals: Vec<Original>,
    /// Names of all files in the folder of its series.
    pub files: Vec<String>,
    /// Names of all speakers, to choose from.
    names: Vec<String>,
}

impl RecordingPage {
    /// Loads what is there now.
    ///
    /// [`Error::NotFound`] also for what is in the trash.
    pub async fn load(app: &App, id: &str) -> Result<Self> {
        let id = PublicId::parse(id).ok_or(Error::NotFound)?;
        let here = Here::find(app, &id).await?;
        let (library, folder) = (app.library.clone(), here.folder.clone());
        let files =
            tokio::task::spawn_blocking(move || library.folder(&folder).unwrap_or_default());
        let files = files
            .await
            .map_err(Error::internal)?
            .into_iter()
            .map(|entry| entry.name)
            .collect();
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
                    files,
                    recording,
                    here,
                })
            })
            .await
    }

    fn as_typed(&self) -> Typed {
        let recording = &self.recording;
        Typed {
            title: recording.title.clone(),
            number: recording.number,
            date: recording.date.clone().unwrap_or_default(),
            language: recording.language.clone(),
            summary: recording
                .summary
                .clone()
                .unwrap_or_default()
                .trim_end()
                .to_owned(),
            description: recording
                .description
                .clone()
                .unwrap_or_default()
                .trim_end()
                .to_owned(),
            speakers: self
                .speakers
                .iter()
                .map(|speaker| sidecar::Speaker {
                    name: speaker.name.clone(),
                    role: speaker.role.clone(),
                })
                .collect(),
            chapters: self
                .chapters
                .iter()
                .map(|chapter| sidecar::Chapter {
                    start_ms: chapter.start_ms,
                    title: chapter.title.clone(),
                })
                .collect(),
            download: recording.download,
        }
    }

    /// The form as it is filled in at first.
    pub fn as_form(&self) -> Posted {
        let now = self.as_typed();
        let mut posted = Posted::of([
            ("base", self.here.base.clone()),
            ("title", now.title),
            (
                "number",
                now.number
                    .map(|number| number.to_string())
                    .unwrap_or_default(),
            ),
            ("date", now.date),
            ("language", now.language),
            ("summary", now.summary),
            ("description", now.description),
            ("chapters", chapters::lines(&self.chapters)),
            ("download", if now.download { "yes" } else { "" }.to_owned()),
        ]);
        for speaker in now.speakers {
            posted = posted
                .and("speaker_name", &speaker.name)
                .and("speaker_role", speaker.role.as_deref().unwrap_or_default());
        }
        posted
    }

    /// The page.
    pub fn show(
        &self,
        app: &App,
        texts: &Texts,
        me: &Me,
        done: Option<String>,
        shown: &Shown,
    ) -> Response {
        let form = Form {
            texts,
            posted: &shown.posted,
            errors: &shown.errors,
        };
        let id = &self.recording.public_id;
        let was = match shown.posted.get("was") {
            "" => self.as_form().packed(),
            was => was.to_owned(),
        };
        let main = html! {
            p.facts-line {
                (self.series.title) " · " (recording_visibility::now_seen(app, texts, self)) " "
                a href=(texts.to(urls::watch(id))) { (texts.t("to-page")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
            (form.summary(&FIELDS))
            form.stack method="post" action=(texts.to(desk(id))) data-guard {
                input type="hidden" name="base" value=(shown.posted.get("base"));
                input type="hidden" name="was" value=(was);
                (form.input(TITLE, "text", None, true))
                div.pair { (form.input(NUMBER, "number", None, false)) (form.input(DATE, "date", None, false)) (form.input(LANGUAGE, "text", None, true)) }
                (form.area(SUMMARY, 2))
                (form.area(DESCRIPTION, 8))
                @if shown.posted.has("preview") {
                    section.preview aria-labelledby="preview" { h2 #preview { (texts.t("preview")) } div.prose { (markdown::html(shown.posted.get("description"))) } }
                }
                p.actions { button.button type="submit" name="preview" value="yes" data-kind="quiet" formnovalidate { (texts.t("preview-button")) } }
                (self.speaker_fields(texts, &form))
                (form.area(CHAPTERS, 6))
                (form.check(DOWNLOAD))
                p.actions.save { button.button type="submit" { (texts.t("save")) } }
            }
            (recording_visibility::section(app, texts, self, shown))
            (links::section(app, texts, &desk(id), &self.links, recording_visibility::link_hint(self)))
            (recording_beside::sections(texts, self))
            section aria-labelledby="remove" {
                h2 #remove { (texts.t("trash-title")) }
                p { (texts.t("trash-text")) }
                (super::form::act(texts, &format!("{}/trash", desk(id)), "trash-button", &[]))
            }
        };
        let desk = Desk {
            app,
            texts,
            me,
            place: "recordings",
            title: self.recording.title.clone(),
            done,
        };
        desk.show_with(shown.status, &main)
    }

    fn speaker_fields(&self, texts: &Texts, form: &Form<'_>) -> Markup {
        let roles = form.posted.all("speaker_role").chain(std::iter::repeat(""));
        let typed = form
            .posted
            .all("speaker_name")
            .zip(roles)
            .filter(|(name, role)| !name.is_empty() || !role.is_empty());
        let empty = std::iter::repeat_n(("", ""), MORE_SPEAKERS);
        html! {
            fieldset #field-speakers {
                legend { (texts.t("recording-speakers")) }
                @if let Some(error) = form.errors.get("speakers") { p.field-error { (crate::web::texts::sentence(texts.lang(), error)) } }
                datalist #names { @for name in &self.names { option value=(name) {} } }
                @for (name, role) in typed.chain(empty) {
                    div.pair {
                        input type="text" name="speaker_name" value=(name) list="names" aria-label=(texts.t("speaker-name")) placeholder=(texts.t("speaker-name")) autocomplete="off";
                        input type="text" name="speaker_role" value=(role) aria-label=(texts.t("speaker-role")) placeholder=(texts.t("speaker-role")) autocomplete="off";
                    }
                }
            }
        }
    }
}
