//! The sites that may embed the player of a recording or a series. In: a form on the share page. Out: the setting in the sidecar,
//! or the errors.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::field::Field;
use crate::catalogue::recording::metadata::EMBED_SITES as OF_RECORDING;
use crate::catalogue::series::metadata::EMBED_SITES as OF_SERIES;
use crate::desk::kit::fields::{FieldsForm, Scope};
use crate::desk::kit::{Context, Errors, Form, FormState, Posted, Tab, fields, form};
use crate::desk::links::owner::{Owner, OwnerId};
use crate::error::Result;
use crate::sharing::share_options::ShareOptions;
use crate::sharing::share_page::SharePage;
use crate::text;

/// The verb for the audit list.
const ACT: &str = "set embed sites";

/// The names of the form fields.
const SENT: [&str; 2] = ["embed", "sites"];

/// The form filled in with the current values.
pub fn as_form(app: &App, owner: &Owner) -> Posted {
    match owner {
        Owner::Recording(page) => {
            let (base, scope) = (page.current.base(), page.scope(app));
            FieldsForm::of(&[&OF_RECORDING], page.metadata(), &base, scope).filled
        }
        Owner::Series(page) => {
            let (base, scope) = (page.current.base(), Scope::of(app));
            FieldsForm::of(&[&OF_SERIES], page.series.metadata.clone(), &base, scope).filled
        }
    }
}

/// The section on the share page.
pub fn section(app: &App, form: &Form<'_>, owner: &Owner) -> Markup {
    match owner {
        Owner::Recording(_) => drawn(app, form, owner, &OF_RECORDING),
        Owner::Series(_) => drawn(app, form, owner, &OF_SERIES),
    }
}

fn drawn<M>(app: &App, form: &Form<'_>, owner: &Owner, field: &Field<M>) -> Markup {
    let texts = form.texts;
    let place = form::Field {
        name: "embed",
        ..form::of(field)
    };
    html! {
        section.share-sites aria-labelledby="embed-title" {
            h2 #embed-title { (texts.t("embed-title")) }
            p { (texts.t("embed-text")) }
            (form.summary(&[place, form::SITES]))
            form.stack method="post" action=(texts.to(owner.path(Tab::Share))) data-guard {
                input type="hidden" name="base" value=(form.posted.get("base"));
                (form.was(&as_form(app, owner)))
                (form.field(field))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("save")) } }
            }
        }
    }
}

/// Saves the chosen sites.
pub(super) async fn save(context: &Context, id: &OwnerId, posted: Posted) -> Result<Response> {
    let (archive, owner) = id.locked(context).await?;
    let (filled, mut errors) = (as_form(&context.app, &owner), Errors::new());
    let sites = fields::sites(&posted, &mut errors);
    let status = match errors.is_empty() {
        false => StatusCode::UNPROCESSABLE_ENTITY,
        true if fields::is_conflict(&SENT, &posted, &filled) => {
            errors.insert("", text!("embed-by-another"));
            StatusCode::CONFLICT
        }
        true => StatusCode::OK,
    };
    if !errors.is_empty() {
        let posted = posted
            .with("base", filled.get("base"))
            .with("was", &filled.packed());
        let options = ShareOptions::of(None, &context.texts);
        let state = FormState {
            status,
            posted,
            errors,
        };
        let (viewer, target) = (context.viewer(), owner.target());
        let page = move |conn: &Connection| SharePage::load(conn, &viewer, target, options);
        let page = context.read(page).await?;
        return Ok(owner.draw_shared(context, &page, &state));
    }
    if SENT.iter().all(|name| posted.is_filled_as(&filled, name)) {
        return context.go(owner.path(Tab::Share), "done-saved");
    }
    let change = match &owner {
        Owner::Recording(page) => page
            .current
            .edited(ACT, |sidecar| sidecar.embed_sites = sites)?,
        Owner::Series(page) => page
            .current
            .edited(ACT, |sidecar| sidecar.embed_sites = sites)?,
    };
    archive.commit(vec![change]).await?;
    context.go(owner.path(Tab::Share), "done-saved")
}
