//! The poster of a recording. In: a posted picture, a frame that script captured, or one of the frames that the program found. Out: a
//! picture file of the recording, or the reason for a refusal.

use std::io::Cursor;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use image::ImageFormat;
use maud::{Markup, html};
use rusqlite::Connection;

use super::companions::CompanionPlace;
use super::page::RecordingPage;
use super::player::DeskPlayer;
use crate::app::App;
use crate::catalogue::frame::{self, Frame};
use crate::catalogue::poster::{self, Poster};
use crate::catalogue::timecode;
use crate::desk::kit::multipart::Chosen;
use crate::desk::kit::{Context, Field, Form, Posted, act, field};
use crate::error::{Error, Result};
use crate::processing::poster::decoder;
use crate::text;
use crate::web::urls;

pub const FILE: Field<'_> = field("poster-file", "poster-file-label");

pub const FRAME: Field<'_> = field("frame", "frame-legend");

/// The largest frame that is read, in bytes.
const LARGEST_FRAME: u64 = 8 * 1024 * 1024;

/// The frames from which a picture is chosen, and what became of them.
pub struct Frames {
    frames: Vec<Frame>,
    poster: Option<Poster>,
    is_declined: bool,
}

impl Frames {
    pub fn load(conn: &Connection, recording_id: i64) -> Result<Self> {
        Ok(Self {
            frames: frame::of_recording(conn, recording_id)?,
            poster: poster::of_recording(conn, recording_id)?,
            is_declined: frame::is_declined(conn, recording_id)?,
        })
    }

    /// Whether the first one waits for somebody to say whether it becomes the picture.
    fn is_proposed(&self) -> bool {
        self.poster.is_none() && !self.is_declined && !self.frames.is_empty()
    }

    /// The sentence about the picture of now.
    fn sentence(&self) -> &'static str {
        match &self.poster {
            Some(poster) if poster.is_frame => "frame-by-itself",
            Some(_) => "frame-instead",
            None if self.is_declined => "frame-declined",
            None => "frame-proposed",
        }
    }

    /// The form in which one is chosen.
    fn form(&self, form: &Form<'_>, page: &RecordingPage) -> Markup {
        let texts = form.texts;
        let is_used = |frame: &Frame| {
            (self.poster.as_ref()).is_some_and(|poster| poster.version == frame.version)
        };
        let chosen = self.frames.iter().position(is_used);
        let checked = chosen.or_else(|| self.is_proposed().then_some(0));
        html! {
            form.stack.wide method="post" action=(texts.to(page.path("/poster/frame"))) {
                fieldset.frames aria-describedby="frames-said" {
                    legend { (texts.t("frame-legend")) }
                    p #frames-said { (texts.t(self.sentence())) }
                    (form.error(FRAME))
                    @for (index, frame) in self.frames.iter().enumerate() {
                        @let moment = timecode::short(frame.at_ms);
                        label.frame {
                            input type="radio" name="frame" value=(frame.at_ms) required checked[checked == Some(index)] autocomplete="off";
                            img src=(page.path(&format!("/frames/{}.jpg?v={}", frame.at_ms, frame.version))) width="320" height="180" loading="lazy" alt=(texts.t_args("frame-alt", &[("moment", moment.clone().into())]));
                            span {
                                (moment)
                                @if chosen == Some(index) { " · " strong { (texts.t("frame-in-use")) } }
                                @else if index == 0 && self.is_proposed() { " · " strong { (texts.t("frame-first")) } }
                            }
                        }
                    }
                }
                p.actions { button.button type="submit" { (texts.t("frame-choose")) } }
            }
        }
    }
}

/// The section on the page. `player`: a frame can be captured from what it shows.
pub fn section(
    form: &Form<'_>,
    (page, player): (&RecordingPage, &DeskPlayer),
    frames: &Frames,
) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="poster" {
            h2 #poster { (texts.t("poster-title")) }
            img.poster-now src=(urls::poster_sized(&page.recording.public_id, 480, page.recording.poster_version.as_deref())) width="320" height="180" alt=(texts.t("poster-alt"));
            @if !frames.frames.is_empty() { (frames.form(form, page)) }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(page.path("/poster"))) data-poster-form {
                (form.file(FILE, "image/jpeg,image/png,image/webp"))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("poster-set")) } }
            }
            @if let Some(element) = player.draw(texts, &page.recording, "poster-frame-label").filter(|_| !page.recording.sound_only) {
                // Only script can capture a frame, so script shows this part.
                div.frame-picker hidden data-frame-picker {
                    p { (texts.t("poster-frame")) }
                    (element)
                    p.actions { button.button type="button" data-kind="quiet" { (texts.t("poster-take")) } }
                    p.field-error role="status" data-frame-none=(texts.t("poster-frame-none")) {}
                }
            }
            @if frames.poster.is_some() { (act(texts, &page.path("/poster/remove"), "poster-remove", "", &[])) }
            @else if frames.is_proposed() { (act(texts, &page.path("/poster/remove"), "frame-none-of-them", "", &[])) }
        }
    }
}

/// Stores a posted picture. Its format is determined from its bytes.
pub async fn store(app: &App, place: &CompanionPlace, chosen: Chosen) -> Result<()> {
    let (mut chosen, ending) = app.library.run(move |_| picture(chosen)).await?;
    let file = format!("{}.{ending}", place.page.stem());
    put(place, (file, chosen.file.take())).await
}

async fn put(place: &CompanionPlace, new: (String, Vec<u8>)) -> Result<()> {
    let (others, row) = (
        place.files_that(|it| it.is_poster()),
        place.page.recording.id,
    );
    let rows = move |conn: &Connection| frame::forget_declined(conn, row);
    place.put_with("set poster", new, others, rows).await
}

/// Makes a frame the picture that a person chose: it is written beside the media file, so that it stays when that is replaced.
pub async fn choose(app: &App, place: &CompanionPlace, posted: &Posted) -> Result<()> {
    let at_ms = posted.get(FRAME.name);
    if at_ms.is_empty() {
        return Err(Error::Refused(text!("frame-unchosen")));
    }
    match read(app, place.page.recording.id, at_ms).await {
        Ok(bytes) => put(place, (format!("{}.jpg", place.page.stem()), bytes)).await,
        // They were found anew while the page was open.
        Err(Error::NotFound) => Err(Error::Refused(text!("frame-gone"))),
        Err(other) => Err(other),
    }
}

/// Sends a frame to a coordinator. `file`: its moment in milliseconds, with `.jpg`.
pub async fn frame(context: &Context, id: &str, file: &str) -> Result<Response> {
    let at_ms = file.strip_suffix(".jpg").ok_or(Error::NotFound)?;
    let page = RecordingPage::load(context, id).await?;
    let bytes = read(&context.app, page.recording.id, at_ms).await?;
    Ok(([(CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}

async fn read(app: &App, recording_id: i64, at_ms: &str) -> Result<Vec<u8>> {
    let at_ms: u64 = at_ms.parse().map_err(|_| Error::NotFound)?;
    let frames = app
        .db
        .read(move |conn| frame::of_recording(conn, recording_id));
    let mut frames = frames.await?.into_iter();
    let frame = frames.find(|it| it.at_ms == at_ms).ok_or(Error::NotFound)?;
    let bytes = app
        .library
        .run(move |library| library.read(&frame.place.folder, &frame.place.file, LARGEST_FRAME));
    bytes.await?.ok_or(Error::NotFound)
}

/// Takes the poster away. None comes in its place by itself.
pub async fn remove(place: &CompanionPlace) -> Result<()> {
    let (found, row) = (
        place.files_that(|it| it.is_poster()),
        place.page.recording.id,
    );
    let rows = move |conn: &Connection| {
        poster::remove_frame(conn, row)?;
        frame::decline(conn, row)
    };
    place.take_away_with("remove poster", found, rows).await
}

/// A picture that can be decoded, and the ending for its file name.
fn picture(chosen: Chosen) -> Result<(Chosen, &'static str)> {
    let odd = || Error::Refused(text!("poster-odd"));
    let format = image::guess_format(chosen.file.bytes()).map_err(|_| odd())?;
    let ending = match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        ImageFormat::WebP => "webp",
        _ => return Err(odd()),
    };
    let reader = image::ImageReader::with_format(Cursor::new(chosen.file.bytes()), format);
    let (width, height) = reader.into_dimensions().map_err(|_| odd())?;
    if width.min(height) == 0 {
        return Err(odd());
    }
    match decoder(chosen.file.bytes()).map(drop) {
        Ok(()) => Ok((chosen, ending)),
        Err(_) => Err(Error::Refused(text!("poster-large"))),
    }
}
