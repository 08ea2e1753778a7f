//! What was made of a recording, on its files page: each file with its size, what is under way, and the button that makes all anew.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::page::RecordingPage;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::job::{self, ListedJob};
use crate::catalogue::original::Original;
use crate::catalogue::rendition::{self, Rendition};
use crate::desk::kit::{Context, Tab, act};
use crate::desk::queue::rows::{self, Drawn};
use crate::error::{Error, Result};
use crate::processing::worker;
use crate::text;
use crate::web::{format, urls};

/// The data of this section.
pub struct Made {
    renditions: Vec<Rendition>,
    jobs: Vec<ListedJob>,
    is_paused: bool,
    mark: String,
    /// Whether more can be made; found out after the rest was loaded.
    pub has_tools: bool,
}

impl Made {
    /// Loads the data in the catalogue.
    pub fn load(conn: &Connection, recording: i64, now: i64) -> Result<Self> {
        Ok(Self {
            renditions: rendition::of_recording(conn, recording)?,
            jobs: job::of_recording(conn, recording, now)?,
            is_paused: job::is_paused(conn)?,
            mark: job::mark(conn)?,
            has_tools: false,
        })
    }

    pub fn section(
        &self,
        context: &Context,
        page: &RecordingPage,
        originals: &[Original],
    ) -> Markup {
        let texts = &context.texts;
        let id = &page.recording.public_id;
        let drawn = Drawn {
            context,
            is_paused: self.is_paused,
            of: Some(id),
        };
        let again = format!("{}/renditions", urls::desk_recording(id));
        html! {
            @if !originals.is_empty() {
                section aria-labelledby="made" {
                    h2 #made { (texts.t("made-title")) }
                    div.queue data-queue=(texts.to(urls::desk("queue/events"))) data-mark=(self.mark) {
                        @if self.renditions.is_empty() { p { (texts.t("made-none")) } }
                        @else { ul.plain-list { @for one in &self.renditions { (self.file(context, page, originals, one)) } } }
                        @if !self.jobs.is_empty() { (drawn.rows(&self.jobs)) }
                    }
                    div.unseen role="status" data-queue-said {}
                    @if self.has_tools {
                        p.field-help { (texts.t("made-again-help")) }
                        (act(texts, &again, "made-again", "", &[]))
                    } @else {
                        div.field-help { (rows::missing(texts, &context.app.config)) }
                    }
                }
            }
        }
    }

    /// A file: what it is for, how large it is, and the link to it.
    fn file(
        &self,
        context: &Context,
        page: &RecordingPage,
        originals: &[Original],
        one: &Rendition,
    ) -> Markup {
        let texts = &context.texts;
        let of = originals
            .iter()
            .find(|original| original.id == one.original_id);
        let original = of.map_or("", |original| original.place.file.as_str());
        let address = urls::media(
            &page.recording.public_id,
            &one.version,
            &one.file_name(original),
        );
        let pixels = one.width.zip(one.height);
        html! {
            li { div.words {
                a href=(address) { (texts.t(&format!("made-{}", one.recipe.kind.as_str()))) }
                span.field-help {
                    @if let Some((width, height)) = pixels { (width) " × " (height) " · " }
                    (format::size(texts.lang(), one.place.size_bytes))
                }
            } }
        }
    }
}

/// `POST /desk/recordings/{id}/renditions`: makes anew what was made of a recording.
pub async fn again(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    if !rows::has_tools(&context.app).await? {
        return Err(Error::Refused(text!("made-no-tools")));
    }
    let steps = worker::wanted(&context.app.config, true);
    let (row, id) = (page.recording.id, page.recording.public_id.clone());
    let (now, by) = (context.now(), context.email().to_owned());
    let queued = context.write(move |conn| {
        // What there is stays until each has its successor, so that a recording which plays by one of them goes on playing.
        job::forget_done(conn, row)?;
        for step in &steps {
            job::plan_at_once(conn, row, (step.name, step.wanted, step.priority), now)?;
        }
        audit::note(
            conn,
            &Act::of(&by, "make again", &format!("recording {id}")),
            now,
        )
    });
    queued.await?;
    context.app.notifier.notify_worker();
    context.go(page.path(Tab::Files.path()), "done-made-again")
}
