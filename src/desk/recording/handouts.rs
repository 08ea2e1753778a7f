//! The hand-outs of a recording. In: a posted file that a person chose. Out: a file of the recording that its sidecar names with its
//! title, or the reason for a refusal: what would run on the computer of who opens it, and what a program left behind.

use maud::{Markup, html};

use super::companions::CompanionPlace;
use super::page::RecordingPage;
use crate::catalogue::attachment::Attachment;
use crate::catalogue::hand_out::{self, Unfit};
use crate::catalogue::id;
use crate::catalogue::name::of_file;
use crate::desk::kit::multipart::Chosen;
use crate::desk::kit::{Field, Form, act, field, helped};
use crate::error::{Error, Result};
use crate::scan::file_name::{self, FileKind};
use crate::scan::folder::{Companion, Unclaimed};
use crate::sidecar::{self, RecordingSidecar};
use crate::text;
use crate::web::components::name;
use crate::web::{format, urls};

pub const FILE: Field<'_> = helped("handout-file", "handout-file-label", "handout-file-help");
pub const TITLE: Field<'_> = field("title", "handout-name");

/// Most files that are listed as no hand-outs; whoever takes some away sees the next ones.
const MOST_UNCLAIMED: usize = 50;

/// The section on the page. `unclaimed`: files of the recording that are no hand-outs by themselves.
pub fn section(
    form: &Form<'_>,
    (page, attachments): (&RecordingPage, &[Attachment]),
    unclaimed: &[Unclaimed],
) -> Markup {
    let texts = form.texts;
    let named = &page.current.sidecar.attachments;
    let is_one = |it: &&Unclaimed| {
        let is_named = named.iter().any(|named| named.file == it.place.file);
        let is_shown = attachments
            .iter()
            .any(|shown| shown.place.file == it.place.file);
        is_shown || (is_named && it.unfit.may_be_named())
    };
    let others = unclaimed.iter().filter(|it| !is_one(it));
    let others: Vec<&Unclaimed> = others.take(MOST_UNCLAIMED).collect();
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
            @if !others.is_empty() {
                h3 { (texts.t("handouts-unclaimed")) }
                p { (texts.t("handouts-unclaimed-text")) }
                ul.plain-list {
                    @for other in others {
                        li {
                            span { (name(&of_file(&other.place.file))) }
                            span { (texts.t(why(other.unfit))) }
                            @if may_be_taken(other) {
                                (act(texts, &page.path("/handouts/take"), "handout-take", &other.place.file, &[("file", &other.place.file)]))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Why a file is no hand-out, for a coordinator.
fn why(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Kind => "handout-unfit-kind",
        Unfit::People => "handout-unfit-people",
        Unfit::Chat => "handout-unfit-chat",
        Unfit::Leftover => "handout-unfit-leftover",
        Unfit::Sidecar => "handout-unfit-sidecar",
    }
}

/// Whether the desk offers to make a file a hand-out: by the same rules as for a file that is sent.
fn may_be_taken(unclaimed: &Unclaimed) -> bool {
    let file = unclaimed.place.file.to_lowercase();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    match unclaimed.unfit {
        Unfit::Kind | Unfit::People | Unfit::Chat => !hand_out::runs(ending),
        Unfit::Leftover | Unfit::Sidecar => false,
    }
}

/// Makes a file beside the recording a hand-out: its sidecar names it from now on.
pub async fn take(place: &CompanionPlace, file: &str) -> Result<()> {
    let unclaimed = place.unclaimed().iter();
    let mut chosen = unclaimed.filter(|it| may_be_taken(it));
    let chosen = chosen.find(|it| it.place.file == file).cloned();
    let Unclaimed {
        words, place: at, ..
    } = chosen.ok_or(Error::NotFound)?;
    let entry = sidecar::Attachment {
        title: match words.as_str() {
            "" => at.file.clone(),
            words => file_name::title(words),
        },
        file: at.file,
    };
    let current = &place.page.current;
    let change = current.edited("add hand-out", move |sidecar| {
        sidecar.attachments.retain(|it| it.file != entry.file);
        sidecar.attachments.push(entry);
    })?;
    place.archive.commit(vec![change]).await.map(drop)
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
