//! The poster of a recording. In: a posted picture, or a frame that script captured. Out: a picture file of the recording, or the
//! reason for a refusal.

use std::io::Cursor;

use image::ImageFormat;
use maud::{Markup, html};

use super::companions::CompanionPlace;
use super::page::RecordingPage;
use crate::app::App;
use crate::catalogue::original::Original;
use crate::desk::kit::multipart::Chosen;
use crate::desk::kit::{Field, Form, act, field};
use crate::error::{Error, Result};
use crate::processing::poster::decoder;
use crate::text;
use crate::web::urls;

pub const FILE: Field<'_> = field("poster-file", "poster-file-label");

/// The section on the page. `originals`: a frame can be captured from one of them.
pub fn section(form: &Form<'_>, (page, originals): (&RecordingPage, &[Original])) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="poster" {
            h2 #poster { (texts.t("poster-title")) }
            img.poster-now src=(urls::poster_sized(&page.recording.public_id, 480, page.recording.poster_version.as_deref())) width="320" height="180" alt=(texts.t("poster-alt"));
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(page.path("/poster"))) data-poster-form {
                (form.file(FILE, "image/jpeg,image/png,image/webp"))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("poster-set")) } }
            }
            @if let Some(source) = originals.iter().find(|source| source.facts.playable && source.facts.width.is_some()) {
                // Only script can capture a frame, so script shows this part.
                div.frame-picker hidden data-frame-picker {
                    p { (texts.t("poster-frame")) }
                    video controls muted preload="metadata" playsinline aria-label=(texts.t("poster-frame-label")) src=(urls::media(&page.recording.public_id, &source.version, &source.place.file)) {}
                    p.actions { button.button type="button" data-kind="quiet" { (texts.t("poster-take")) } }
                    p.field-error role="status" data-frame-none=(texts.t("poster-frame-none")) {}
                }
            }
            @if page.recording.poster_version.is_some() { (act(texts, &page.path("/poster/remove"), "poster-remove", "", &[])) }
        }
    }
}

/// Stores a posted picture. Its format is determined from its bytes.
pub async fn store(app: &App, place: &CompanionPlace, chosen: Chosen) -> Result<()> {
    let (mut chosen, ending) = app.library.run(move |_| picture(chosen)).await?;
    let file = format!("{}.{ending}", place.page.stem());
    let others = place.files_that(|it| it.is_poster());
    let new = (file, chosen.file.take());
    place.put("set poster", new, others).await
}

/// Removes the poster.
pub async fn remove(place: &CompanionPlace) -> Result<()> {
    let found = place.files_that(|it| it.is_poster());
    place.take_away("remove poster", found).await
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
