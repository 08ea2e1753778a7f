//! What a coordinator takes along for a newsletter, a site or print: the same as visitors find under "Delen", and for one mailing
//! links of its own. Each address in the snippet is then a named link, so that the list of links says what was handed out where.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::archive::{self, Edit};
use crate::catalogue::link::{Target, Token};
use crate::catalogue::recording::Recording;
use crate::catalogue::{PublicId, Viewer};
use crate::desk::kit::form::{Field, Form, helped};
use crate::desk::kit::layout;
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::links::embed_sites;
use crate::desk::links::owner::{Kind, Owner, Part};
use crate::error::Result;
use crate::sharing::kit::Kit;
use crate::sharing::wish::{LONGEST_LABEL, Wish};
use crate::sidecar;
use crate::web::Texts;
use crate::web::sign_in::Me;

const LABEL: Field<'_> = helped("label", "share-label-field", "share-label-help");

impl Owner {
    /// The page with what was typed about those sites, and what is wrong with it.
    pub(super) async fn again(
        &self,
        at: (&App, &Texts, &Me),
        posted: Posted,
        (status, errors): (StatusCode, Errors),
    ) -> Result<Response> {
        let wish = Wish::of(None, at.1);
        self.show(at, (wish, None), (status, &posted, &errors))
            .await
    }

    async fn kit(&self, app: &App, wish: Wish) -> Result<Kit> {
        let viewer = Viewer::coordinator(app.clock.now());
        let shared = match self {
            Self::Recording(page) => Target::Recording(page.recording.id),
            Self::Series(page) => Target::Series(page.series.id),
        };
        let found = app
            .db
            .read(move |conn| Kit::load(conn, &viewer, shared, wish));
        found.await
    }

    async fn show(
        &self,
        (app, texts, me): (&App, &Texts, &Me),
        (wish, done): (Wish, Option<String>),
        (status, posted, errors): (StatusCode, &Posted, &Errors),
    ) -> Result<Response> {
        let kit = self.kit(app, wish).await?;
        // Two forms on one page: what is wrong with the one is not said of the other.
        let (nothing, none) = (Posted::of([]), Errors::new());
        let sites = embed_sites::as_form(app, self);
        let (label, sites) = match posted.has("embed") {
            true => ((&nothing, &none), (posted, errors)),
            false => ((posted, errors), (&sites, &none)),
        };
        let form = |(posted, errors)| Form {
            texts,
            posted,
            errors,
        };
        let label = self.label(app, &form(label), &kit);
        let content = html! {
            (kit.render((app, texts), &self.path(Part::Share), &label))
            (embed_sites::section(app, &form(sites), self))
        };
        Ok(self.framed((app, texts, me), (Part::Share, status), done, &content))
    }

    /// The form for the name of a mailing.
    fn label(&self, app: &App, form: &Form<'_>, kit: &Kit) -> Markup {
        let texts = form.texts;
        let path = self.path(Part::Share);
        html! {
            @if app.config.base_url.is_none() { p.notice role="note" { (texts.t("share-no-base")) } }
            @if let Some(key) = hint(kit) { p.notice role="note" { (texts.t(key)) } }
            section.share-label aria-labelledby="share-label" {
                h2 #share-label { (texts.t("share-label")) }
                @if let Some(name) = &kit.wish.label {
                    p { (texts.t_args("share-label-now", &[("name", name.as_str().into())])) " " a href=(texts.to(path.clone())) { (texts.t("share-label-none")) } }
                }
                (form.summary(&[LABEL]))
                form.stack method="post" action=(texts.to(path)) {
                    input type="hidden" name="w" value=(kit.wish.width.pixels());
                    input type="hidden" name="in" value=(kit.wish.lang.tag());
                    @for id in &kit.wish.chosen { input type="hidden" name="r" value=(id); }
                    (form.input(LABEL, "text", Some("off"), true))
                    p.actions { button.button type="submit" data-kind="quiet" { (texts.t("share-label-make")) } }
                }
            }
        }
    }
}

/// What stands in the way of whoever gets the snippet.
fn hint(kit: &Kit) -> Option<&'static str> {
    match &kit.recording {
        Some(one) if !one.visibility().is_for_visitors() => Some("share-nobody"),
        Some(_) if !kit.opens && kit.wish.label.is_none() => Some("share-not-public"),
        None if kit.leaves_out => Some("share-left-out"),
        None if kit.chosen().is_empty() => Some("share-nobody"),
        Some(_) | None => None,
    }
}

/// `GET /desk/recordings/{id}/share`, `GET /desk/series/{id}/share`
pub async fn show<K: Kind>(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let owner = K::load(&app, &id).await?;
    let wish = Wish::of(query.as_deref(), &texts);
    let done = layout::done(&texts, query.as_deref());
    let posted = Posted::of([("label", wish.label.clone().unwrap_or_default())]);
    let shown = (StatusCode::OK, &posted, &Errors::new());
    owner.show((&app, &texts, &me), (wish, done), shown).await
}

/// `POST` to the same: `label`, the name of a mailing, whose links are made where they are not there yet (for a series those of
/// the recordings that were chosen, `r`); or `embed`, where the player may stand.
pub async fn change<K: Kind>(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    if posted.has("embed") {
        return embed_sites::save::<K>((&app, &texts, &me), &id, posted).await;
    }
    let owner = K::load(&app, &id).await?;
    label((&app, &texts, &me), &owner, &posted).await
}

async fn label(
    (app, texts, me): (&App, &Texts, &Me),
    owner: &Owner,
    posted: &Posted,
) -> Result<Response> {
    let mut errors = Errors::new();
    let name = posted.needed("label", LONGEST_LABEL, &mut errors);
    // The rest of the form is what the page was asked with.
    let wish = Wish::of(Some(posted.packed().as_str()), texts);
    if !errors.is_empty() {
        let shown = (StatusCode::UNPROCESSABLE_ENTITY, posted, &errors);
        let wish = Wish {
            label: None,
            ..wish
        };
        return owner.show((app, texts, me), (wish, None), shown).await;
    }
    let wish = Wish {
        label: Some(name.clone()),
        ..wish
    };
    let kit = owner.kit(app, wish).await?;
    let unlabelled: Vec<&Recording> = kit
        .chosen()
        .into_iter()
        .filter(|one| !kit.has_link(one))
        .collect();
    let mut changes: Vec<(PublicId, Edit)> = Vec::with_capacity(unlabelled.len());
    for one in unlabelled {
        let link = new_link(app, &name)?;
        let change: Edit = Box::new(move |said| said.links.push(link));
        changes.push((one.public_id.clone(), change));
    }
    archive::edit_all(app, &me.coordinator.email, "hand out link", changes).await?;
    if kit.recording.is_none() && !kit.has_series_link() {
        let link = new_link(app, &name)?;
        owner
            .change_links(app, me, "hand out link", |links| links.push(link))
            .await?;
    }
    layout::go(
        texts,
        kit.wish.behind(&owner.path(Part::Share)),
        Some("done-labels"),
    )
}

fn new_link(app: &App, name: &str) -> Result<sidecar::Link> {
    Ok(sidecar::Link {
        token: Token::random()?.to_string(),
        name: name.to_owned(),
        created: Some(rfc_3339(app.clock.now())?),
        expires: None,
        withdrawn: None,
        password_hash: None,
    })
}
