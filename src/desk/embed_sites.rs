//! On which other sites the player of a recording or of a whole series may stand. In: a form on the page with what is shared.
//! Out: what the sidecar says, or what is wrong with it.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::form::{Field, Form, field, helped};
use super::frame;
use super::owner::{Owner, Part};
use super::posted::{Errors, Posted};
use super::recording_page::RecordingPage;
use super::save::{self, Saved};
use super::series_page::SeriesPage;
use crate::app::App;
use crate::archive::Archive;
use crate::embed_sites::EmbedSites;
use crate::error::Result;
use crate::sidecar::{LONGEST_LINE_CHARS, RecordingSidecar};
use crate::text;
use crate::web::Texts;
use crate::web::sign_in::Me;

const PLACE: Field<'_> = field("embed", "embed-place");
const SITES: Field<'_> = helped("sites", "embed-sites", "embed-sites-help");

/// The verb for the audit list.
const ACT: &str = "set embed sites";

/// What the choice says when a list of sites follows.
const LISTED: &str = "listed";

/// The form as it is filled in at first.
pub fn as_form(own: Option<&EmbedSites>) -> Posted {
    let (choice, sites) = match own {
        None => ("", String::new()),
        Some(EmbedSites::Everywhere) => ("everywhere", String::new()),
        Some(EmbedSites::Nowhere) => ("nowhere", String::new()),
        Some(EmbedSites::Listed(sites)) => (LISTED, sites.replace(' ', "\n")),
    };
    Posted::of([
        ("embed", choice.to_owned()),
        ("sites", sites),
        ("base", base(own)),
    ])
}

/// The section on the page. `path`: of that page. `otherwise`: the key of what holds when nothing is chosen.
pub fn section(form: &Form<'_>, path: &str, otherwise: &str) -> Markup {
    let texts = form.texts;
    let choices = [
        ("", otherwise),
        ("everywhere", "embed-everywhere"),
        (LISTED, "embed-listed"),
        ("nowhere", "embed-nowhere"),
    ]
    .map(|(choice, key)| (choice.to_owned(), texts.t(key)));
    html! {
        section.share-sites aria-labelledby="embed-title" {
            h2 #embed-title { (texts.t("embed-title")) }
            p { (texts.t("embed-text")) }
            (form.summary(&[PLACE, SITES]))
            form.stack method="post" action=(texts.to(path.to_owned())) data-guard {
                input type="hidden" name="base" value=(form.posted.get("base"));
                (form.select(PLACE, &choices))
                (form.area(SITES, 3))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("save")) } }
            }
        }
    }
}

/// What was chosen; `None`: nothing of its own.
fn parse(posted: &Posted, errors: &mut Errors) -> Option<EmbedSites> {
    // A line of the sidecar in which white space stands for the ends of lines.
    let sites = posted.lines("sites", LONGEST_LINE_CHARS, errors);
    match posted.get("embed") {
        "" => None,
        LISTED => {
            let listed = EmbedSites::parse(&sites);
            if !matches!(listed, Some(EmbedSites::Listed(_))) {
                let odd = match sites.trim().is_empty() {
                    true => text!("embed-sites-none"),
                    false => text!("embed-sites-odd"),
                };
                errors.entry("sites").or_insert(odd);
            }
            listed
        }
        word => {
            let known = EmbedSites::parse(word);
            if known.is_none() {
                errors.insert("embed", text!("form-unreadable"));
            }
            known
        }
    }
}

/// Keeps what was chosen for a recording.
pub(super) async fn of_recording(
    (app, texts, me): (&App, &Texts, &Me),
    id: &str,
    posted: Posted,
) -> Result<Response> {
    let page = Box::new(RecordingPage::load(app, id).await?);
    let (id, seen) = (page.recording.public_id.clone(), page.here.base());
    let owner = Owner::Recording(page);
    let sites = match checked(&owner, &posted) {
        Ok(sites) => sites,
        Err(wrong) => return owner.again((app, texts, me), posted, wrong).await,
    };
    // Held against the file once more, under the lock.
    let change = move |said: &mut RecordingSidecar| said.embed_sites = sites;
    match save::recording(app, me, ACT, &id, Some(&seen), change).await? {
        Saved::Done => frame::go(texts, owner.path(Part::Share), Some("done-saved")),
        Saved::Changed(_) => {
            let owner = Owner::Recording(Box::new(RecordingPage::load(app, id.as_str()).await?));
            owner.again((app, texts, me), posted, by_another()).await
        }
    }
}

/// The same for a series.
pub(super) async fn of_series(
    (app, texts, me): (&App, &Texts, &Me),
    id: i64,
    posted: Posted,
) -> Result<Response> {
    // Compared under the lock: two who save at the same moment must not both be the first.
    let archive = Archive::of_series(app, &me.coordinator.email, id).await?;
    let owner = Owner::Series(Box::new(SeriesPage::load(app, id).await?));
    let sites = match checked(&owner, &posted) {
        Ok(sites) => sites,
        Err(wrong) => return owner.again((app, texts, me), posted, wrong).await,
    };
    let series = archive.series(id).await?;
    let change = series.edited(ACT, |said| said.embed_sites = sites)?;
    archive.commit(vec![change]).await?;
    frame::go(texts, owner.path(Part::Share), Some("done-saved"))
}

/// What is wrong with a form, and the status that says so.
pub type Wrong = (StatusCode, Errors);

/// What was chosen, when it can be kept and nobody was first.
fn checked(owner: &Owner, posted: &Posted) -> std::result::Result<Option<EmbedSites>, Wrong> {
    let mut errors = Errors::new();
    let sites = parse(posted, &mut errors);
    if !errors.is_empty() {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, errors));
    }
    match posted.get("base") == base(owner.embed_sites()) {
        true => Ok(sites),
        false => Err(by_another()),
    }
}

fn by_another() -> Wrong {
    let errors = Errors::from([("", text!("embed-by-another"))]);
    (StatusCode::CONFLICT, errors)
}

/// Names what is there now.
fn base(own: Option<&EmbedSites>) -> String {
    own.map(ToString::to_string).unwrap_or_default()
}
