//! `/desk/recordings/{id}`: what a recording says about itself, who may see it, and what lies beside it. Nothing typed is
//! lost: errors stand beside the fields, and who saves second is shown what the first one made of it.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::form::{Field, Form, field, helped};
use super::frame;
use super::posted::{Errors, Posted};
use super::recording_page::{RecordingPage, Shown, Tab, desk};
use super::recording_typed::Typed;
use super::save::{self, Saved};
use super::{chapters, recording_publish};
use crate::app::App;
use crate::archive::owner::{self, Reassignment};
use crate::catalogue::speaker::Credit;
use crate::error::{Error, Result};
use crate::sidecar::RecordingSidecar;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, markdown};

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
const KEEPER: Field<'_> = helped("keeper", "recording-keeper", "recording-keeper-help");
const FIELDS: [Field<'_>; 10] = [
    TITLE,
    NUMBER,
    DATE,
    LANGUAGE,
    SUMMARY,
    DESCRIPTION,
    SPEAKERS,
    CHAPTERS,
    DOWNLOAD,
    KEEPER,
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
    let done = frame::done(&texts, query.as_deref());
    Ok(page.show((&app, &texts, &me), done, &Shown::first(page.as_form())))
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
        let shown = Shown {
            status,
            posted,
            errors,
        };
        return Ok(page.show((&app, &texts, &me), None, &shown));
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
        Saved::Done => {
            page.set_keeper(&app, &me, &posted).await?;
            frame::go(&texts, desk(&page.recording.public_id), Some("done-saved"))
        }
        Saved::Changed(here) => {
            // What the other one made of it, beside what was typed; saving again takes what is typed.
            let page = RecordingPage::load(&app, &id).await?;
            let posted = posted
                .untouched_as(&page.as_form(), &SENT)
                .with("base", &here.base());
            let mut errors = Errors::new();
            let typed = Typed::parse(&posted, page.recording.duration_ms, &mut errors);
            errors.extend(typed.differences(&page.as_typed()));
            errors.insert("", text!("saved-by-another"));
            let shown = Shown {
                status: StatusCode::CONFLICT,
                posted,
                errors,
            };
            Ok(page.show((&app, &texts, &me), None, &shown))
        }
    }
}

impl RecordingPage {
    /// Who looks after it: kept in the catalogue, since no visitor and no other catalogue has anything to do with it.
    async fn set_keeper(&self, app: &App, me: &Me, posted: &Posted) -> Result<()> {
        let wanted: Option<i64> = posted.get("keeper").parse().ok();
        if !posted.has("keeper") || wanted == self.keeper {
            return Ok(());
        }
        let name = |id: Option<i64>| {
            let found = self.people.iter().find(|one| Some(one.id) == id);
            found.map(|one| one.email.clone()).unwrap_or_default()
        };
        if wanted.is_some() && name(wanted).is_empty() {
            return Err(Error::Refused(text!("form-unreadable")));
        }
        let change = Reassignment {
            id: self.recording.public_id.clone(),
            to: wanted,
            before: Some(name(self.keeper)).filter(|name| !name.is_empty()),
            after: Some(name(wanted)).filter(|name| !name.is_empty()),
        };
        owner::reassign(app, &me.coordinator.email, vec![change]).await
    }

    fn keepers(&self, texts: &Texts) -> Vec<(String, String)> {
        let nobody = (String::new(), texts.t("recording-keeper-nobody"));
        let people = self
            .people
            .iter()
            .filter(|one| !one.disabled || Some(one.id) == self.keeper)
            .map(|one| (one.id.to_string(), one.name.clone()));
        std::iter::once(nobody).chain(people).collect()
    }

    fn as_typed(&self) -> Typed {
        let recording = &self.recording;
        Typed {
            title: recording.title().to_owned(),
            number: recording.number,
            date: recording.date.clone().unwrap_or_default(),
            language: recording.language().to_owned(),
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
                .map(|speaker| Credit {
                    name: speaker.name.clone(),
                    role: speaker.role.clone(),
                })
                .collect(),
            chapters: self.chapters.clone(),
            download: recording.download(),
        }
    }

    /// The form as it is filled in at first.
    pub fn as_form(&self) -> Posted {
        let now = self.as_typed();
        let mut posted = Posted::of([
            ("base", self.here.base()),
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
            (
                "keeper",
                self.keeper.map(|id| id.to_string()).unwrap_or_default(),
            ),
            ("download", if now.download { "yes" } else { "" }.to_owned()),
        ]);
        for speaker in now.speakers {
            posted = posted
                .and("speaker_name", &speaker.name)
                .and("speaker_role", speaker.role.as_deref().unwrap_or_default());
        }
        posted
    }

    fn show(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        done: Option<String>,
        shown: &Shown,
    ) -> Response {
        let form = Form {
            texts,
            posted: &shown.posted,
            errors: &shown.errors,
        };
        let path = desk(&self.recording.public_id);
        let was = match shown.posted.get("was") {
            "" => self.as_form().packed(),
            was => was.to_owned(),
        };
        let main = html! {
            (form.summary(&FIELDS))
            (recording_publish::to_publish(app, texts, self))
            form.stack method="post" action=(texts.to(path.clone())) data-guard {
                input type="hidden" name="base" value=(shown.posted.get("base"));
                input type="hidden" name="was" value=(was);
                (form.input(TITLE, "text", None, true))
                div.pair { (form.input(NUMBER, "number", None, false)) (form.input(DATE, "date", None, false)) (form.input(LANGUAGE, "text", None, true)) }
                (form.area(SUMMARY, 2))
                (form.area(DESCRIPTION, 8))
                @if shown.posted.has("preview") {
                    section.preview aria-labelledby="preview" { h2 #preview { (texts.t("preview")) } div.prose { (markdown::html(shown.posted.get("description"))) } }
                }
                p.actions { button.button type="submit" name="preview" value="yes" data-kind="quiet" formnovalidate formaction={ (texts.to(path.clone())) "#preview" } { (texts.t("preview-button")) } }
                (self.speaker_fields(texts, &form))
                (form.area(CHAPTERS, 6))
                (form.check(DOWNLOAD))
                (form.select(KEEPER, &self.keepers(texts)))
                p.actions.save { button.button type="submit" { (texts.t("save")) } }
            }
            section aria-labelledby="remove" {
                h2 #remove { (texts.t("trash-title")) }
                p { (texts.t("trash-text")) }
                (super::form::act(texts, &format!("{path}/trash"), "trash-button", "", &[]))
            }
        };
        self.framed((app, texts, me), (Tab::Text, shown.status), done, &main)
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
