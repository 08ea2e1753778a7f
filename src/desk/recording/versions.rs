//! The versions of a recording's file on the desk: a new one is uploaded, an earlier one restored, and one removed for good. Shows
//! also the chapters and captions after the end of the current file.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::archive::versions;
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::chapter;
use crate::catalogue::name::of_file;
use crate::catalogue::original::{self, Original, Past};
use crate::catalogue::recording::Recording;
use crate::catalogue::source::{self, Unplayable};
use crate::catalogue::{PublicId, timecode};
use crate::desk::kit::{Administrator, Context, Tab, act};
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result};
use crate::library::versions::Kept;
use crate::web::components::name;
use crate::web::{format, plays, urls};

/// Most lines after the end that are shown.
const SHOWN: usize = 20;

/// The data of this section.
pub struct Versions {
    /// The kept files; empty until the folder was listed.
    pub kept: Vec<Kept>,
    /// Why not every visitor can play the recording.
    unplayable: Option<Unplayable>,
    /// The replaced versions in the catalogue.
    past: Vec<Past>,
    /// Start and text of the chapters and cues after the end.
    beyond: Vec<(u64, String)>,
}

impl Versions {
    /// Loads the data in the catalogue.
    pub fn load(conn: &Connection, recording: &Recording, captions: &[Caption]) -> Result<Self> {
        Ok(Self {
            kept: Vec::new(),
            unplayable: source::unplayable(conn, &[recording.id])?.remove(&recording.id),
            past: original::past(conn, recording.id)?,
            beyond: beyond(conn, recording, captions)?,
        })
    }

    /// The kept files with their replaced versions; the last replaced one first.
    fn earlier(&self) -> Vec<(&Kept, Option<&Past>)> {
        let past_of = |kept: &Kept| self.past.iter().find(|past| past.version == kept.version);
        let mut all: Vec<_> = self.kept.iter().map(|kept| (kept, past_of(kept))).collect();
        all.sort_by_key(|(_, past)| std::cmp::Reverse(past.map(|past| past.superseded_at)));
        all
    }

    /// The section on the page. `now`: the file that is played.
    pub fn section(
        &self,
        context: &Context,
        page: &RecordingPage,
        now: Option<&Original>,
    ) -> Markup {
        let texts = &context.texts;
        let id = &page.recording.public_id;
        let path = |rest: &str| format!("{}/versions/{rest}", urls::desk_recording(id));
        html! {
            section aria-labelledby="file" {
                h2 #file { (texts.t("versions-title")) }
                @if let Some(now) = now {
                    p { (texts.t("versions-now")) " " span { (name(&of_file(&now.place.file))) } " · " (format::size(texts.lang(), now.place.size_bytes)) }
                }
                @if now.is_some_and(|now| now.facts.broken_off) { p.beyond { (texts.t("broken-off")) " " (texts.t("broken-off-help")) } }
                @if let Some(why) = &self.unplayable { p.beyond { (plays::sentence(texts, why)) } }
                p { a.button data-kind="quiet" href=(texts.to(urls::with(&urls::desk("upload"), "replaces", id.as_str()))) { (texts.t("versions-replace")) } }
                p.field-help { (texts.t("versions-help")) }
                @if !self.beyond.is_empty() {
                    div.beyond {
                        p { strong { (texts.t_args("versions-beyond", &[("count", self.beyond.len().into())])) } }
                        ul { @for (start, words) in self.beyond.iter().take(SHOWN) { li { (timecode::exact(*start)) " " (words) } } }
                    }
                }
                @if !self.kept.is_empty() {
                    h3 { (texts.t("versions-earlier")) }
                    ul.plain-list {
                        @for (kept, past) in self.earlier() {
                            @let name = format!("{} {}", format::size(texts.lang(), kept.size_bytes), kept.ending.to_uppercase());
                            li {
                                div.words {
                                    a href=(urls::media(id, &kept.version, &format!("versie.{}", kept.ending))) { (name) }
                                    @if let Some(past) = past {
                                        span.field-help {
                                            (texts.t_args("versions-replaced-at", &[("when", format::moment(texts.lang(), past.superseded_at, &context.app.config.zone()).into())]))
                                            @if let Some(email) = &past.replaced_by { " · " (email) }
                                        }
                                    }
                                }
                                div.acts {
                                    (act(texts, &path(&kept.version), "versions-back", &name, &[]))
                                    @if context.me.is_administrator() { (act(texts, &path(&format!("{}/remove", kept.version)), "versions-remove", &name, &[])) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Start and text of the chapters and cues that begin after the end of the current file.
fn beyond(
    conn: &Connection,
    recording: &Recording,
    captions: &[Caption],
) -> Result<Vec<(u64, String)>> {
    let end = recording.duration_ms.unwrap_or(u64::MAX);
    let chapters = chapter::of_recording(conn, recording.id)?.into_iter();
    let mut all: Vec<(u64, String)> = chapters.map(|one| (one.start_ms, one.title)).collect();
    for caption in captions {
        let cues = caption::cues(conn, caption.id)?;
        all.extend(cues.into_iter().map(|cue| (cue.start_ms, cue.text)));
    }
    all.retain(|(start, _)| *start >= end);
    all.sort();
    Ok(all)
}

/// `POST /desk/recordings/{id}/versions/{version}`: restores a version as the current one.
pub async fn put_back(
    context: Context,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    let id = &page.recording.public_id;
    versions::put_back(&context.app, context.email(), id, &wanted).await?;
    context.go(page.path(Tab::Files.path()), "done-version-back")
}

/// `POST /desk/recordings/{id}/versions/{version}/remove`: removes a version for good.
pub async fn remove(
    Administrator(context): Administrator,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    versions::remove(&context.app, context.email(), &id, &wanted).await?;
    context.go(
        urls::desk_recording(&id) + Tab::Files.path(),
        "done-removed",
    )
}
