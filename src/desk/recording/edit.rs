//! `/desk/recordings/{id}`: the metadata and the owner of a recording. No typed text is lost: errors are shown beside the fields,
//! and after a conflicting edit the other values are shown too.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::owner::Reassignment;
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::credit::Credit;
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::metadata::{
    DATE, DESCRIBED, DESCRIPTION, LANGUAGE, Metadata, NUMBER, SUMMARY, TITLE,
};
use crate::catalogue::source::{self, Unplayable};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::timed_line;
use crate::desk::kit::fields::{self, FieldsForm};
use crate::desk::kit::published::DONE;
use crate::desk::kit::{
    Choice, Context, Errors, Field, Form, FormState, Posted, Tab, form, helped,
};
use crate::desk::recording::page::RecordingPage;
use crate::desk::recording::publish;
use crate::error::{Error, Result};
use crate::text;
use crate::web::{Texts, markdown};

const OWNER: Field<'static> = helped("keeper", "recording-keeper", "recording-keeper-help");

/// How many fields have a fixed place on the page; the others follow.
const LAID_OUT: usize = 7;

/// Empty lines for more speakers.
const MORE_SPEAKERS: usize = 2;

/// `GET /desk/recordings/{id}`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = RecordingPage::load_with(&context, &id, TextPage::load).await?;
    let state = FormState::filled(page.form(&context.app).filled);
    Ok(page.show(&context, &state))
}

/// `POST /desk/recordings/{id}`
pub async fn save(context: Context, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let (archive, page) = RecordingPage::locked_with(&context, &id, TextPage::load).await?;
    let (form, mut errors) = (page.form(&context.app), Errors::new());
    let typed = form.parse(&posted, &mut errors);
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(page.show(&context, &state));
    }
    // A preview shows the description and saves nothing.
    if posted.has("preview") {
        return Ok(page.show(&context, &FormState::filled(posted)));
    }
    if form.is_conflict(&posted) || !posted.has("base") {
        let mut state = form.by_another(&context.texts, posted);
        if state.posted.get(OWNER.name) != form.filled.get(OWNER.name) {
            let now = page.owner_name().unwrap_or_default();
            state.errors.insert("keeper", fields::changed_to(now));
        }
        return Ok(page.show(&context, &state));
    }
    // The button that publishes saves what was typed with it.
    let is_published = posted.has("publish");
    if form.is_untouched(&posted) && !is_published {
        return context.go(page.page.path(""), "done-saved");
    }
    let reassigned = page.reassigned(&context.app, &posted).await?;
    let act = match is_published {
        true => "publish",
        false => "edit",
    };
    let mut change = page.page.current.edited(act, move |sidecar| {
        form.change(&mut sidecar.metadata, &typed);
        if is_published {
            sidecar.set_visibility(Some(Visibility::Public));
        }
    })?;
    if let Some(owner) = reassigned {
        let (actor, now) = (context.email().to_owned(), context.now());
        change = change.with_rows(move |conn| owner.perform(conn, &actor, now));
    }
    archive.commit(vec![change]).await?;
    let done = match is_published {
        true => DONE,
        false => "done-saved",
    };
    context.go(page.page.path(""), done)
}

/// The content of the page.
struct TextPage {
    page: RecordingPage,
    speakers: Vec<Speaker>,
    chapters: Vec<Chapter>,
    has_captions: bool,
    /// Why not every visitor can play it.
    unplayable: Option<Unplayable>,
    /// Names of all speakers, as suggestions.
    names: Vec<String>,
    /// The accounts that can own the recording.
    people: Choice,
    /// The account of the owner.
    owner: Option<Coordinator>,
}

impl TextPage {
    fn load(conn: &Connection, page: RecordingPage) -> Result<Self> {
        let (row, owner) = (page.recording.id, page.current.stored.owner_id);
        let can_own = |one: &Coordinator| !one.disabled || Some(one.id) == owner;
        Ok(Self {
            speakers: speaker::of_recording(conn, row)?,
            chapters: chapter::of_recording(conn, row)?,
            has_captions: !caption::of_recording(conn, row)?
                .iter()
                .all(Caption::is_forced),
            unplayable: source::unplayable(conn, &[row])?.remove(&row),
            names: speaker::names(conn)?,
            people: Choice::of_people(conn, can_own)?,
            owner: owner.map(|id| coordinator::by_id(conn, id)).transpose()?,
            page,
        })
    }

    /// The fields of the page.
    fn form(&self, app: &App) -> FieldsForm<Metadata> {
        let mut now = self.page.metadata();
        now.speakers = self.speakers.iter().map(Credit::from).collect();
        now.chapters = self.own_chapters();
        let owner = self.owner.as_ref().map(|one| match self.people {
            Choice::Listed(_) => one.id.to_string(),
            Choice::Typed(_) => one.email.clone(),
        });
        let owner = owner.unwrap_or_default();
        let (base, scope) = (self.page.current.base(), self.page.scope(app));
        FieldsForm::of(DESCRIBED, now, &base, scope).and(OWNER.name, &owner)
    }

    /// Its chapters, but for those that its description gives by itself: the form would keep them when the description changes.
    fn own_chapters(&self) -> Vec<Chapter> {
        let recording = &self.page.recording;
        let described =
            timed_line::chapters(recording.description.as_deref(), recording.duration_ms);
        let has_own = !self.page.current.sidecar.metadata.chapters.is_empty();
        match has_own || self.chapters != described {
            true => self.chapters.clone(),
            false => Vec::new(),
        }
    }

    /// The mail address of the owner.
    fn owner_name(&self) -> Option<String> {
        self.owner.as_ref().map(|one| one.email.clone())
    }

    /// The reassignment that the form asks for, if any. Owners exist only in the catalogue, because visitors have nothing to do
    /// with them.
    async fn reassigned(&self, app: &App, posted: &Posted) -> Result<Option<Reassignment>> {
        let words = posted.get("keeper").trim().to_owned();
        let wanted = match words.as_str() {
            "" => None,
            _ => {
                let found = app.db.read(move |conn| coordinator::meant(conn, &words));
                let found = found.await?;
                Some(found.ok_or(Error::Refused(text!("bulk-no-keeper")))?)
            }
        };
        let before = self.page.current.stored.owner_id;
        let to = wanted.as_ref().map(|one| one.id);
        if !posted.has("keeper") || to == before {
            return Ok(None);
        }
        Ok(Some(Reassignment {
            id: self.page.recording.public_id.clone(),
            to,
            before: self.owner_name(),
            after: wanted.map(|one| one.email),
        }))
    }

    fn show(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let path = self.page.path("");
        let owners = self.people.clone();
        let owners = owners.or_none(texts.t("recording-keeper-nobody"));
        let mut labels = form::labels(DESCRIBED);
        labels.push(OWNER);
        let main = html! {
            (form.summary(&labels))
            (publish::to_publish(context, &self.page, self.has_captions, self.unplayable.as_ref()))
            form.stack #(publish::FORM) method="post" action=(texts.to(path.clone())) data-guard {
                input type="hidden" name="base" value=(state.posted.get("base"));
                (form.was(&self.form(&context.app).filled))
                (form.field(&TITLE))
                div.pair { (form.field(&NUMBER)) (form.field(&DATE)) (form.field(&LANGUAGE)) }
                (form.field(&SUMMARY))
                (form.field(&DESCRIPTION))
                @if state.posted.has("preview") {
                    section.preview aria-labelledby="preview" { h2 #preview { (texts.t("preview")) } div.prose { (markdown::html(state.posted.get("description"))) } }
                }
                p.actions { button.button type="submit" name="preview" value="yes" data-kind="quiet" formnovalidate formaction={ (texts.to(path.clone())) "#preview" } { (texts.t("preview-button")) } }
                (self.speaker_fields(texts, &form))
                @for field in DESCRIBED.iter().skip(LAID_OUT) { (form.field(field)) }
                (owners.draw(&form, OWNER))
                p.actions.save { button.button type="submit" { (texts.t("save")) } }
            }
            section aria-labelledby="remove" {
                h2 #remove { (texts.t("trash-title")) }
                p { (texts.t("trash-text")) }
                (form::act(texts, &format!("{path}/trash"), "trash-button", "", &[]))
            }
        };
        self.page.framed(context, (Tab::Text, state.status), &main)
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
