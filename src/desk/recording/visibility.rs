//! Who may see a recording, in words: the state, a moment from and until, and what stands at the address of one that was
//! withdrawn. In: what a coordinator chose. Out: the sidecar; what is shown is always judged at the moment of asking.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::field::{self};
use crate::catalogue::recording::metadata::{
    Metadata, REPLACED_BY, VISIBILITIES, VISIBILITY, VISIBLE_FROM, VISIBLE_UNTIL, WITHDRAWN_REASON,
};
use crate::catalogue::recording::{self, Visibility};
use crate::catalogue::{PublicId, Viewer};
use crate::desk::kit::{Context, Errors, FormState, Posted, Tab, fields, form};
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result, Text};
use crate::text;
use crate::web::urls;

/// The fields of the page.
const FIELDS: &[&field::Field<Metadata>] = &[
    &VISIBILITY,
    &VISIBLE_FROM,
    &VISIBLE_UNTIL,
    &WITHDRAWN_REASON,
    &REPLACED_BY,
];

/// The words for a visibility.
pub fn label(visibility: Visibility) -> &'static str {
    let mut all = VISIBILITIES.iter();
    let one = all.find(|choice| choice.word == visibility.as_str());
    one.map_or("visibility-draft", |choice| choice.label)
}

/// `GET /desk/recordings/{id}/visibility`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    let state = FormState::filled(as_form(&context.app, &page));
    Ok(draw(&context, &page, &state))
}

/// `POST /desk/recordings/{id}/visibility`
pub async fn save(context: Context, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let texts = &context.texts;
    let (archive, page) = RecordingPage::locked(&context, &id).await?;
    let mut errors = Errors::new();
    let typed = typed(&context.app, &page, &posted, &mut errors).await?;
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(draw(&context, &page, &state));
    }
    let (filled, scope, names) = (
        as_form(&context.app, &page),
        page.scope(&context.app),
        fields::names(FIELDS),
    );
    let now = fields::untouched(FIELDS, &page.metadata(), &scope);
    if fields::is_conflict(&names, &posted, &filled) {
        let posted = posted.untouched_as(&filled, &names);
        let typed: Metadata = fields::parse(FIELDS, &posted, &scope, &mut errors);
        let errors = fields::differences(texts, &scope, FIELDS, (&typed, &now));
        let state = FormState::by_another(posted, &filled, errors);
        return Ok(draw(&context, &page, &state));
    }
    let change = page.here.edited("set visibility", move |sidecar| {
        fields::change(FIELDS, &mut sidecar.metadata, &typed, &now);
        // Who may see it is said outright from now on, also where it is what the series says today.
        sidecar.visibility = typed.visibility;
    })?;
    archive.commit(vec![change]).await?;
    let desk = urls::desk_recording(&page.recording.public_id);
    context.go(format!("{desk}/visibility"), "done-saved")
}

/// What was chosen, checked.
async fn typed(
    app: &App,
    page: &RecordingPage,
    posted: &Posted,
    errors: &mut Errors,
) -> Result<Metadata> {
    let mut typed: Metadata = fields::parse(FIELDS, posted, &page.scope(app), errors);
    if errors.contains_key(VISIBILITY.name) {
        return Err(Error::Refused(text!("form-unreadable")));
    }
    if let (Some(from), Some(until)) = (&typed.visible_from, &typed.visible_until)
        && from.at >= until.at
    {
        errors.insert(VISIBLE_UNTIL.name, text!("until-before-from"));
    }
    typed.replaced_by = match successor(app, typed.replaced_by).await? {
        Ok(successor) => successor,
        Err(why) => {
            errors.insert(REPLACED_BY.name, why);
            None
        }
    };
    Ok(typed)
}

/// What took its place: an address of ours or an id, of a recording that is there.
async fn successor(app: &App, typed: Option<String>) -> Result<Result<Option<String>, Text>> {
    let Some(typed) = typed else {
        return Ok(Ok(None));
    };
    let last = typed
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let last = last.rsplit('/').next().unwrap_or_default();
    let Some(id) = PublicId::parse(last) else {
        return Ok(Err(text!("replaced-by-odd")));
    };
    let (viewer, asked) = (Viewer::coordinator(app.clock.now()), id.clone());
    let found = app
        .db
        .read(move |conn| recording::by_public_id(conn, &viewer, &asked))
        .await?;
    Ok(match found {
        Some(_) => Ok(Some(id.to_string())),
        None => Err(text!("replaced-by-odd")),
    })
}

/// What a link does for a recording that is not meant for links.
pub fn link_hint(page: &RecordingPage) -> Option<Text> {
    match page.recording.visibility() {
        Visibility::Draft => Some(text!("link-hint-draft")),
        Visibility::Withdrawn => Some(text!("link-hint-withdrawn")),
        Visibility::Link | Visibility::Unlisted | Visibility::Public => None,
    }
}

/// The form as it is filled in at first.
pub fn as_form(app: &App, page: &RecordingPage) -> Posted {
    fields::fill(FIELDS, &page.metadata(), &page.scope(app)).and("base", &page.here.base())
}

fn draw(context: &Context, page: &RecordingPage, state: &FormState) -> Response {
    let texts = &context.texts;
    let form = state.form(texts);
    let desk = urls::desk_recording(&page.recording.public_id);
    let main = html! {
        (form.summary(&form::labels(FIELDS)))
        form.stack method="post" action=(texts.to(format!("{desk}/visibility"))) data-guard {
            input type="hidden" name="base" value=(state.posted.get("base"));
            (form.was(&as_form(&context.app, page)))
            (form.field(&VISIBILITY))
            div.pair { (form.field(&VISIBLE_FROM)) (form.field(&VISIBLE_UNTIL)) }
            (form.field(&WITHDRAWN_REASON))
            (form.field(&REPLACED_BY))
            p.actions { button.button type="submit" { (texts.t("visibility-save")) } }
        }
        p { (texts.t("visibility-links")) " " a href=(texts.to(format!("{desk}/links"))) { (texts.t("links-title")) } }
    };
    page.framed(context, (Tab::Visibility, state.status), &main)
}
