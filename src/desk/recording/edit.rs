//! `/desk/recordings/{id}`: what a recording says about itself, who may see it, and what lies beside it. Nothing typed is
//! lost: errors stand beside the fields, and who saves second is shown what the first one made of it.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::Archive;
use crate::archive::owner::Reassignment;
use crate::catalogue::caption;
use crate::catalogue::chapter::{self, Chapter};
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::recording::Recording;
use crate::catalogue::recording::metadata::{
    DATE, DESCRIBED, DESCRIPTION, LANGUAGE, Metadata, NUMBER, SUMMARY, TITLE,
};
use crate::catalogue::speaker::{self, Credit, Speaker};
use crate::desk::kit::{
    Context, Errors, Field, Form, FormState, Posted, Tab, fields, form, helped,
};
use crate::desk::recording::page::RecordingPage;
use crate::desk::recording::publish;
use crate::error::{Error, Result};
use crate::text;
use crate::web::{Texts, markdown};

const KEEPER: Field<'_> = helped("keeper", "recording-keeper", "recording-keeper-help");

/// How many of the fields have a place of their own on the page; those behind them follow.
const LAID_OUT: usize = 7;

/// Empty lines for speakers that are still to be named.
const MORE_SPEAKERS: usize = 2;

/// `GET /desk/recordings/{id}`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = TextPage::load(&context, &id).await?;
    let state = FormState::filled(page.as_form(&context.app));
    Ok(page.show(&context, &state))
}

/// `POST /desk/recordings/{id}`
pub async fn save(context: Context, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let texts = &context.texts;
    let (archive, page) = TextPage::locked(&context, &id).await?;
    let (scope, mut errors) = (page.page.scope(&context.app), Errors::new());
    let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
    // Only looking at the description as it will be.
    if posted.has("preview") || !errors.is_empty() {
        let state = match errors.is_empty() {
            true => FormState::filled(posted),
            false => FormState::wrong(posted, errors),
        };
        return Ok(page.show(&context, &state));
    }
    let filled = page.as_form(&context.app);
    if fields::is_conflict(&page.sent(), &posted, &filled) || !posted.has("base") {
        // What the other one made of it, beside what was typed; saving again takes what is typed.
        let posted = posted.untouched_as(&filled, &page.sent());
        let typed: Metadata = fields::parse(DESCRIBED, &posted, &scope, &mut errors);
        let now = fields::untouched(DESCRIBED, &page.metadata(), &scope);
        errors.extend(fields::differences(
            texts,
            &scope,
            DESCRIBED,
            (&typed, &now),
        ));
        if posted.get("keeper") != filled.get("keeper") {
            errors.insert(
                "keeper",
                fields::changed_to(page.keeper_name(page.keeper())),
            );
        }
        let state = FormState::by_another(posted, &filled, errors);
        return Ok(page.show(&context, &state));
    }
    let before = fields::untouched(DESCRIBED, &page.metadata(), &scope);
    let mut change = page.page.here.edited("edit", move |sidecar| {
        fields::change(DESCRIBED, &mut sidecar.metadata, &typed, &before);
    })?;
    if let Some(owner) = page.reassigned(&posted)? {
        let (who, now) = (context.email().to_owned(), context.now());
        change = change.with_rows(move |conn| owner.perform(conn, &who, now));
    }
    archive.commit(vec![change]).await?;
    context.go(page.page.path(""), "done-saved")
}

/// What the page shows.
struct TextPage {
    page: RecordingPage,
    shown: Shown,
}

/// What only this page shows.
struct Shown {
    speakers: Vec<Speaker>,
    chapters: Vec<Chapter>,
    has_captions: bool,
    /// Names of all speakers, to choose from.
    names: Vec<String>,
    /// All accounts that can look after it.
    people: Vec<Coordinator>,
}

impl Shown {
    fn load(conn: &Connection, recording: &Recording) -> Result<Self> {
        Ok(Self {
            speakers: speaker::of_recording(conn, recording.id)?,
            chapters: chapter::of_recording(conn, recording.id)?,
            has_captions: !caption::of_recording(conn, recording.id)?.is_empty(),
            names: speaker::names(conn)?,
            people: coordinator::all(conn)?,
        })
    }
}

impl TextPage {
    async fn load(context: &Context, id: &str) -> Result<Self> {
        let (page, shown) = RecordingPage::load_with(context, id, Shown::load).await?;
        Ok(Self { page, shown })
    }

    async fn locked(context: &Context, id: &str) -> Result<(Archive, Self)> {
        let loaded = RecordingPage::locked_with(context, id, Shown::load).await?;
        let (archive, page, shown) = loaded;
        Ok((archive, Self { page, shown }))
    }

    /// What its form is filled in with.
    fn metadata(&self) -> Metadata {
        let mut now = self.page.metadata();
        now.speakers = self.shown.speakers.iter().map(Credit::from).collect();
        now.chapters = self.shown.chapters.clone();
        now
    }

    /// The account that looks after it.
    fn keeper(&self) -> Option<i64> {
        self.page.here.known.owner_id
    }

    /// The names under which a browser sends the fields of this page.
    fn sent(&self) -> Vec<&'static str> {
        let mut sent = fields::names(DESCRIBED);
        sent.push("keeper");
        sent
    }

    fn keeper_name(&self, id: Option<i64>) -> String {
        let found = self.shown.people.iter().find(|one| Some(one.id) == id);
        found.map(|one| one.email.clone()).unwrap_or_default()
    }

    /// Who looks after it from now on, when that is someone else: kept in the catalogue, since no visitor and no other catalogue
    /// has anything to do with it.
    fn reassigned(&self, posted: &Posted) -> Result<Option<Reassignment>> {
        let wanted: Option<i64> = posted.get("keeper").parse().ok();
        if !posted.has("keeper") || wanted == self.keeper() {
            return Ok(None);
        }
        let stated = |name: String| Some(name).filter(|name| !name.is_empty());
        let after = stated(self.keeper_name(wanted));
        if wanted.is_some() && after.is_none() {
            return Err(Error::Refused(text!("form-unreadable")));
        }
        Ok(Some(Reassignment {
            id: self.page.recording.public_id.clone(),
            to: wanted,
            before: stated(self.keeper_name(self.keeper())),
            after,
        }))
    }

    fn keepers(&self, texts: &Texts) -> Vec<(String, String)> {
        let nobody = (String::new(), texts.t("recording-keeper-nobody"));
        let people = self
            .shown
            .people
            .iter()
            .filter(|one| !one.disabled || Some(one.id) == self.keeper())
            .map(|one| (one.id.to_string(), one.name.clone()));
        std::iter::once(nobody).chain(people).collect()
    }

    /// The form as it is filled in at first.
    fn as_form(&self, app: &App) -> Posted {
        let keeper = self.keeper().map(|id| id.to_string()).unwrap_or_default();
        fields::fill(DESCRIBED, &self.metadata(), &self.page.scope(app))
            .and("base", &self.page.here.base())
            .and("keeper", &keeper)
    }

    fn show(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let path = self.page.path("");
        let mut labels = form::labels(DESCRIBED);
        labels.push(KEEPER);
        let main = html! {
            (form.summary(&labels))
            (publish::to_publish(&context.app, texts, &self.page, self.shown.has_captions))
            form.stack method="post" action=(texts.to(path.clone())) data-guard {
                input type="hidden" name="base" value=(state.posted.get("base"));
                (form.was(&self.as_form(&context.app)))
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
                (form.select(KEEPER, &self.keepers(texts)))
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
                datalist #names { @for name in &self.shown.names { option value=(name) {} } }
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
