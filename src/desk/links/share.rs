//! The share page of the desk: the same content for newsletters, sites and print that visitors find under "Delen", and links for
//! one mailing. Each address in the snippet is then a named link, so that the list of links shows where it was used.

use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::{self, Edit};
use crate::catalogue::PublicId;
use crate::desk::kit::{Context, Errors, Field, Form, FormState, Posted, Tab, helped};
use crate::desk::links::owner::{Owner, OwnerId};
use crate::desk::links::{embed_sites, page};
use crate::error::Result;
use crate::sharing::share_options::{LONGEST_LABEL, ShareOptions};
use crate::sharing::share_page::SharePage;
use crate::web::fragment;

const LABEL: Field<'_> = helped("label", "share-label-field", "share-label-help");

impl Owner {
    /// Draws the page. `state`: of the form that was sent.
    pub(super) fn draw_shared(
        &self,
        context: &Context,
        page: &SharePage,
        state: &FormState,
    ) -> Response {
        let (app, texts) = (&context.app, &context.texts);
        // The page has two forms, and errors of one are not shown in the other.
        let filled = FormState::filled(embed_sites::as_form(app, self));
        let (label, sites) = match state.posted.has("embed") {
            true => (&FormState::empty(), state),
            false => (state, &filled),
        };
        let label = self.label(app, &label.form(texts), page);
        let content = html! {
            (page.render((app, texts), &self.path(Tab::Share), &label))
            (embed_sites::section(app, &sites.form(texts), self))
        };
        self.framed(context, (Tab::Share, state.status), &content)
    }

    /// The form for the name of a mailing.
    fn label(&self, app: &App, form: &Form<'_>, page: &SharePage) -> Markup {
        let texts = form.texts;
        let path = self.path(Tab::Share);
        html! {
            @if app.config.base_url.is_none() { p.notice role="note" { (texts.t("share-no-base")) } }
            @if let Some(key) = hint(page) { p.notice role="note" { (texts.t(key)) } }
            section.share-label aria-labelledby="share-label" {
                h2 #share-label { (texts.t("share-label")) }
                @if let Some(name) = &page.options.label {
                    p { (texts.t_args("share-label-now", &[("name", name.as_str().into())])) " " a href=(texts.to(path.clone())) { (texts.t("share-label-none")) } }
                }
                (form.summary(&[LABEL]))
                form.stack method="post" action=(texts.to(path)) {
                    input type="hidden" name="w" value=(page.options.width.pixels());
                    input type="hidden" name="in" value=(page.options.lang.tag());
                    @for (name, moment) in fragment::PARAMETERS.into_iter().zip(&page.options.moments) { @if !moment.is_empty() { input type="hidden" name=(name) value=(moment); } }
                    @for id in &page.options.chosen { input type="hidden" name="r" value=(id); }
                    (form.input(LABEL, "text", Some("off"), true))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("share-label-make")) } }
                }
            }
        }
    }
}

/// Why recipients of the snippet may be unable to open it.
fn hint(page: &SharePage) -> Option<&'static str> {
    match &page.recording {
        Some(one) if !one.visibility().is_for_visitors() => Some("share-nobody"),
        Some(_) if !page.opens && page.options.label.is_none() => Some("share-not-public"),
        None if page.leaves_out => Some("share-left-out"),
        None if page.chosen().is_empty() => Some("share-nobody"),
        Some(_) | None => None,
    }
}

/// `GET /desk/recordings/{id}/share`, `GET /desk/series/{id}/share`
pub async fn show(context: Context, id: OwnerId) -> Result<Response> {
    let options = ShareOptions::of(context.query(), &context.texts);
    let posted = Posted::of([("label", options.label.clone().unwrap_or_default())]);
    let (owner, page) = load(&context, &id, options).await?;
    Ok(owner.draw_shared(&context, &page, &FormState::filled(posted)))
}

/// Loads the owner and the content to share.
async fn load(
    context: &Context,
    id: &OwnerId,
    options: ShareOptions,
) -> Result<(Owner, SharePage)> {
    let viewer = context.viewer();
    let whole = move |conn: &Connection, owner: Owner| {
        let page = SharePage::load(conn, &viewer, owner.target(), options)?;
        Ok((owner, page))
    };
    id.load_with(context, whole).await
}

/// `POST` to the same addresses: with `label`, the name of a mailing, creates its missing links (in a series for the chosen
/// recordings, `r`); with `embed`, sets the embed sites.
pub async fn change(context: Context, id: OwnerId, posted: Posted) -> Result<Response> {
    match posted.has("embed") {
        true => embed_sites::save(&context, &id, posted).await,
        false => label(&context, &id, posted).await,
    }
}

async fn label(context: &Context, id: &OwnerId, posted: Posted) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("label", LONGEST_LABEL, &mut errors);
    let options = ShareOptions {
        label: Some(name.clone()).filter(|_| errors.is_empty()),
        // The rest of the form holds the options of the page.
        ..ShareOptions::of(Some(posted.packed().as_str()), &context.texts)
    };
    let (owner, page) = load(context, id, options).await?;
    if !errors.is_empty() {
        let state = FormState::wrong(posted, errors);
        return Ok(owner.draw_shared(context, &page, &state));
    }
    let mut changes: Vec<(PublicId, Edit)> = Vec::new();
    for one in page.chosen().iter().filter(|one| !page.has_link(one)) {
        let link = page::named(&context.app, name.clone())?;
        let change: Edit = Box::new(move |sidecar| sidecar.links.push(link));
        changes.push((one.public_id.clone(), change));
    }
    archive::edit_all(&context.app, context.email(), "hand out link", changes).await?;
    if page.recording.is_none() && page.series_link.is_none() {
        let link = page::named(&context.app, name.clone())?;
        owner
            .change_links(context, "hand out link", |links| links.push(link))
            .await?;
    }
    context.go(page.options.behind(&owner.path(Tab::Share)), "done-labels")
}
