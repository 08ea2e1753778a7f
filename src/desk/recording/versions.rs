//! The versions of a recording's file on the desk: a new one is sent, an earlier one put back, one removed for good. And what of
//! chapters and captions lies beyond the end of the file that is there now.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::app::App;
use crate::archive::versions;
use crate::catalogue::caption::{self, Cue};
use crate::catalogue::original::{self, Past};
use crate::catalogue::{PublicId, timecode};
use crate::desk::kit::{Administrator, Context, act};
use crate::desk::recording::files;
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result};
use crate::library::versions::Kept;
use crate::web::{format, urls};

/// Lines beyond the end that are shown.
const SHOWN: usize = 20;

/// What the page shows of it.
pub struct Versions {
    /// What is kept, with what the catalogue knows of it.
    kept: Vec<(Kept, Option<Past>)>,
    /// Start and words of what lies beyond the end.
    beyond: Vec<(u64, String)>,
}

impl Versions {
    pub async fn load(app: &App, page: &RecordingPage) -> Result<Self> {
        let (folder, id) = (page.here.folder.clone(), page.recording.public_id.clone());
        let kept = app
            .library
            .run(move |library| library.versions(&folder, &id));
        let kept = kept.await?;
        let (row, end) = (page.recording.id, page.recording.duration_ms);
        let captions: Vec<i64> = page.captions.iter().map(|caption| caption.id).collect();
        let found = app.db.read(move |conn: &Connection| {
            let past = original::past(conn, row)?;
            let mut cues: Vec<Cue> = Vec::new();
            for caption in captions {
                cues.extend(caption::cues(conn, caption)?);
            }
            Ok((past, cues))
        });
        let (mut past, cues) = found.await?;
        let end = end.unwrap_or(u64::MAX);
        let chapters = page
            .chapters
            .iter()
            .map(|chapter| (chapter.start_ms, chapter.title.clone()));
        let lines = cues.into_iter().map(|cue| (cue.start_ms, cue.text));
        let mut beyond: Vec<(u64, String)> = chapters
            .chain(lines)
            .filter(|(start, _)| *start >= end)
            .collect();
        beyond.sort();
        let known = |kept: &Kept, past: &mut Vec<Past>| {
            let place = past.iter().position(|one| one.version == kept.version)?;
            Some(past.swap_remove(place))
        };
        let mut kept: Vec<(Kept, Option<Past>)> = kept
            .into_iter()
            .map(|kept| {
                let past = known(&kept, &mut past);
                (kept, past)
            })
            .collect();
        // The one that was replaced last stands first.
        kept.sort_by_key(|(_, past)| {
            std::cmp::Reverse(past.as_ref().map(|past| past.superseded_at))
        });
        Ok(Self { kept, beyond })
    }

    pub fn section(&self, context: &Context, page: &RecordingPage) -> Markup {
        let texts = &context.texts;
        let id = &page.recording.public_id;
        let path = |rest: &str| format!("{}/versions/{rest}", urls::desk_recording(id));
        html! {
            section aria-labelledby="file" {
                h2 #file { (texts.t("versions-title")) }
                @if let Some(now) = page.originals.first() {
                    p { (texts.t("versions-now")) " " span { (now.place.file) } " · " (format::size(texts.lang(), now.place.size_bytes)) }
                }
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
                        @for (kept, past) in &self.kept {
                            @let name = format!("{} {}", format::size(texts.lang(), kept.size_bytes), kept.ending.to_uppercase());
                            li {
                                div.words {
                                    a href=(urls::media(id, &kept.version, &format!("versie.{}", kept.ending))) { (name) }
                                    @if let Some(past) = past {
                                        span.field-help {
                                            (texts.t_args("versions-replaced-at", &[("when", format::moment(texts.lang(), past.superseded_at, &context.app.config.zone()).into())]))
                                            @if let Some(who) = &past.replaced_by { " · " (who) }
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

/// `POST /desk/recordings/{id}/versions/{version}`: makes it the current one again.
pub async fn put_back(
    context: Context,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    let (who, id) = (context.email(), &page.recording.public_id);
    versions::put_back(&context.app, who, id, &wanted).await?;
    context.go(files::address(&page), "done-version-back")
}

/// `POST /desk/recordings/{id}/versions/{version}/remove`: for good.
pub async fn remove(
    Administrator(context): Administrator,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    versions::remove(&context.app, context.email(), &id, &wanted).await?;
    context.go(
        format!("{}/files", urls::desk_recording(&id)),
        "done-removed",
    )
}
