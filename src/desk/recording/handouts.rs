//! The hand-outs of a recording. In: a posted file that a person chose. Out: a file of the recording that its sidecar names with its
//! title, or the reason for a refusal: what would run on the computer of who opens it, and what a program left behind.

use maud::{Markup, html};

use super::companions::CompanionPlace;
use super::page::RecordingPage;
use crate::catalogue::attachment::Attachment;
use crate::catalogue::hand_out::{self, Unfit};
use crate::catalogue::id;
use crate::desk::kit::multipart::Chosen;
use crate::desk::kit::{Field, Form, act, field, helped};
use crate::error::{Error, Result};
use crate::scan::file_name::{self, FileKind};
use crate::scan::folder::Companion;
use crate::sidecar::{self, RecordingSidecar};
use crate::text;
use crate::web::components::name;
use crate::web::{format, urls};

pub const FILE: Field<'_> = helped("handout-file", "handout-file-label", "handout-file-help");
pub const TITLE: Field<'_> = field("title", "handout-name");

/// The section on the page.
pub fn section(form: &Form<'_>, (page, attachments): (&RecordingPage, &[Attachment])) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="handouts" {
            h2 #handouts { (texts.t("handouts-title")) }
            @if !attachments.is_empty() {
                ul.plain-list {
                    @for attachment in attachments {
                        li {
                            a href=(urls::media(&page.recording.public_id, &attachment.version, &attachment.place.file)) { (name(&attachment.title)) }
                            span { (format::size(texts.lang(), attachment.place.size_bytes)) }
                            (act(texts, &page.path("/handouts/remove"), "remove", &attachment.title, &[("file", &attachment.place.file)]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(page.path("/handouts"))) {
                (form.file(FILE, ""))
                (form.input(TITLE, "text", Some("off"), false))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("handout-add")) } }
            }
        }
    }
}
/// Stores a posted file under the typed title, or otherwise under its own name.
pub async fn store(place: &CompanionPlace, mut chosen: Chosen) -> Result<()> {
    let (before, kind) = file_name::kind(&chosen.name);
    let ending: String = chosen.name[before.len()..]
        .trim_start_matches('.')
        .to_lowercase();
    let fits =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits || !matches!(kind, FileKind::Other | FileKind::Picture) {
        return Err(Error::Refused(text!("handout-odd")));
    }
    if hand_out::runs(&ending) {
        return Err(Error::Refused(text!("handout-runs", ending = ending)));
    }
    // A file of no kind is a hand-out because a person chose it; what a program left behind was chosen by mistake.
    if let Err(Unfit::Leftover | Unfit::Sidecar) = hand_out::judge(&chosen.name, before) {
        return Err(Error::Refused(text!("handout-left")));
    }
    let title = match chosen.words.as_str() {
        "" => file_name::title(before),
        title => title.to_owned(),
    };
    let mut words = id::slug(&title);
    words.truncate(60);
    let words = words.trim_matches('-');
    let stem = place.page.stem();
    let is_odd = |words: &str| {
        // The scan would never show a file of such a name.
        let unfit = hand_out::judge(&format!("{stem}.{words}.{ending}"), words).err();
        words.is_empty()
            || file_name::language(words).is_some()
            || unfit.is_some_and(|unfit| !unfit.may_be_named())
    };
    let words = match is_odd(words) {
        true => "bijlage",
        false => words,
    };
    let others = (2_u32..).map(|again| format!("{stem}.{words}-{again}.{ending}"));
    let file = std::iter::once(format!("{stem}.{words}.{ending}"))
        .chain(others)
        .find(|file| {
            let is_one = |it: &Companion<'_>| it.words.starts_with(words);
            place.would_be(file, is_one) && !place.has(file)
        })
        .ok_or(Error::NotFound)?;
    let entry = sidecar::Attachment {
        file: file.clone(),
        title,
    };
    // The file is written before the sidecar, because the sidecar must not name a file that does not exist.
    let bytes = chosen.file.take();
    let named = move |sidecar: &mut RecordingSidecar| {
        sidecar
            .attachments
            .retain(|attachment| attachment.file != entry.file);
        sidecar.attachments.push(entry);
    };
    let current = &place.page.current;
    let change = current.edited_after("add hand-out", named, move |library, folder| {
        library.write(folder, &file, &bytes)
    })?;
    place.archive.commit(vec![change]).await.map(drop)
}

/// Removes a hand-out.
pub async fn remove(place: &CompanionPlace, file: String) -> Result<()> {
    let gone = file.clone();
    let unnamed = move |sidecar: &mut RecordingSidecar| {
        sidecar
            .attachments
            .retain(|attachment| attachment.file != file);
    };
    let current = &place.page.current;
    let change = current.edited_after("remove hand-out", unnamed, move |library, folder| {
        library.remove(folder, &gone)
    })?;
    place.archive.commit(vec![change]).await.map(drop)
}
