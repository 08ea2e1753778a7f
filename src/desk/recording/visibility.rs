//! The visibility of a recording: its state, its begin and end moments, and the reason and successor of a withdrawn one. In: a
//! posted form. Out: the sidecar; visibility is always evaluated at the moment of a request.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::field::Field;
use crate::catalogue::recording::metadata::{
    Metadata, PUBLISHED, REPLACED_BY, VISIBILITIES, VISIBILITY, VISIBLE_FROM, VISIBLE_UNTIL,
    WITHDRAWN_REASON,
};
use crate::catalogue::recording::{self, Visibility};
use crate::desk::kit::fields::FieldsForm;
use crate::desk::kit::published::DONE;
use crate::desk::kit::{Context, Errors, FormState, Posted, Tab, form};
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result, Text};
use crate::text;
use crate::web::format;

/// The fields of the page.
const FIELDS: &[&Field<Metadata>] = &[
    &VISIBILITY,
    &VISIBLE_FROM,
    &VISIBLE_UNTIL,
    &WITHDRAWN_REASON,
    &REPLACED_BY,
];

/// The key of the label of a visibility.
pub fn label(visibility: Visibility) -> &'static str {
    let mut all = VISIBILITIES.iter();
    let one = all.find(|choice| choice.word == visibility.as_str());
    one.map_or("visibility-draft", |choice| choice.label)
}

/// `GET /desk/recordings/{id}/visibility`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    let state = FormState::filled(fields_of(&page, &context.app).filled);
    Ok(draw(&context, &page, &state))
}

/// `POST /desk/recordings/{id}/visibility`
pub async fn save(context: Context, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let (archive, page) = RecordingPage::locked(&context, &id).await?;
    let (form, mut errors) = (fields_of(&page, &context.app), Errors::new());
    let mut typed = form.parse(&posted, &mut errors);
    if errors.contains_key(VISIBILITY.name) {
        return Err(Error::Refused(text!("form-unreadable")));
    }
    if typed.visibility != Some(Visibility::Withdrawn) {
        // These are asked of who withdraws; the form does not show them otherwise.
        for field in [&WITHDRAWN_REASON, &REPLACED_BY] {
            errors.remove(field.name);
            (field.set)(&mut typed, None);
        }
    }
    if let (Some(from), Some(until)) = (&typed.visible_from, &typed.visible_until)
        && from.at >= until.at
    {
        errors.insert(VISIBLE_UNTIL.name, text!("until-before-from"));
    }
    if let Some(successor) = typed.replaced_by {
        typed.replaced_by = found(&context, &successor).await?;
        if typed.replaced_by.is_none() {
            errors.insert(REPLACED_BY.name, text!("replaced-by-odd"));
        }
    }
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(draw(&context, &page, &state));
    }
    if form.is_conflict(&posted) {
        let state = form.by_another(&context.texts, posted);
        return Ok(draw(&context, &page, &state));
    }
    // Also an inherited visibility stays inherited.
    if form.is_untouched(&posted) {
        return context.go(page.path(Tab::Visibility.path()), "done-saved");
    }
    let is_public = typed.visibility == Some(Visibility::Public);
    let change = page.current.edited("set visibility", move |sidecar| {
        form.change(&mut sidecar.metadata, &typed);
        // From now on the recording sets its own visibility, even when it equals that of the series.
        sidecar.set_visibility(typed.visibility);
    })?;
    archive.commit(vec![change]).await?;
    let becomes_public = is_public && page.recording.visibility() != Visibility::Public;
    let done = match becomes_public {
        true => DONE,
        false => "done-saved",
    };
    context.go(page.path(Tab::Visibility.path()), done)
}

/// The id of an existing recording, from an id or an address of this portal.
async fn found(context: &Context, typed: &str) -> Result<Option<String>> {
    let path = typed.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next();
    let Some(id) = last.and_then(PublicId::parse) else {
        return Ok(None);
    };
    let (viewer, asked) = (context.viewer(), id.clone());
    let found = context.read(move |conn| recording::by_public_id(conn, &viewer, &asked));
    Ok(found.await?.map(|_| id.to_string()))
}

/// A hint about links to a recording that visitors cannot see.
pub fn link_hint(page: &RecordingPage) -> Option<Text> {
    match page.recording.visibility() {
        Visibility::Draft => Some(text!("link-hint-draft")),
        Visibility::Withdrawn => Some(text!("link-hint-withdrawn")),
        Visibility::Link | Visibility::Unlisted | Visibility::Public => None,
    }
}

/// The fields of the page.
pub fn fields_of(page: &RecordingPage, app: &App) -> FieldsForm<Metadata> {
    FieldsForm::of(
        FIELDS,
        page.metadata(),
        &page.current.base(),
        page.scope(app),
    )
}

fn draw(context: &Context, page: &RecordingPage, state: &FormState) -> Response {
    let texts = &context.texts;
    let form = state.form(texts);
    let main = html! {
        (form.summary(&form::labels(FIELDS)))
        form.stack method="post" action=(texts.to(page.path(Tab::Visibility.path()))) data-guard {
            input type="hidden" name="base" value=(state.posted.get("base"));
            (form.was(&fields_of(page, &context.app).filled))
            (form.field(&VISIBILITY))
            @if let Some(published) = &page.recording.published {
                p.field-help { (texts.t(PUBLISHED.label)) ": " (format::moment(texts.lang(), published.at, &context.app.config.zone())) }
            }
            div.pair { (form.field(&VISIBLE_FROM)) (form.field(&VISIBLE_UNTIL)) }
            div.when-withdrawn { (form.field(&WITHDRAWN_REASON)) (form.field(&REPLACED_BY)) }
            p.actions { button.button type="submit" { (texts.t("visibility-save")) } }
        }
        p { (texts.t("visibility-links")) " " a href=(texts.to(page.path(Tab::Links.path()))) { (texts.t("links-title")) } }
    };
    page.framed(context, (Tab::Visibility, state.status), &main)
}
