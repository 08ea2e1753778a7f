//! `GET|HEAD /posters/{id}.jpg`: the still picture of a recording, always a JPEG, at an address that never changes. A
//! recording without a picture of its own has a neutral one, so that no page or mail ever shows a broken image.

use std::io::Cursor;

use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use super::media;
use crate::app::App;
use crate::catalogue::poster::{self, Poster, WIDTHS};
use crate::catalogue::recording::{self, Sharing};
use crate::catalogue::{PublicId, Viewer};

use crate::error::{Error, Result};
use crate::library::Library;
use crate::web::texts::Parameters;

/// The largest file that is sent as it lies when its sizes have not been made yet.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Seconds a picture may be kept under its permanent address: a replaced one is seen the same day.
const KEEP: &str = "public, max-age=600";

/// A picture that stands in for another is asked about each time.
const SOON: &str = "no-cache";

/// What is not public is kept by the browser that asked, and by nobody else.
const PRIVATE: &str = "private, max-age=600";

/// Sends the picture of a recording, at least `?w=` pixels across; with `?v=` of today's version it may be kept for ever.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(file): Path<String>,
    Query(parameters): Parameters,
) -> Result<Response> {
    let id = file
        .strip_suffix(".jpg")
        .and_then(PublicId::parse)
        .ok_or(Error::NotFound)?;
    let asked = id.clone();
    let found = app.db.read(move |conn| {
        match poster::by_public_id(conn, &viewer, &asked)? {
            Some(Some(poster)) => {
                let sharing = recording::sharing(conn, poster.recording_id)?;
                Ok((Some(poster), Some(sharing)))
            }
            Some(None) => Ok((None, None)),
            // A mail that was sent cannot be changed: what was visible once keeps a picture.
            None => match recording::gone(conn, &viewer, &asked)? {
                Some(_) => Ok((None, None)),
                None => Err(Error::NotFound),
            },
        }
    });
    let (found, sharing) = found.await?;
    let width = parameters
        .get("w")
        .and_then(|w| w.parse().ok())
        .unwrap_or(u32::MAX);
    let size = WIDTHS
        .into_iter()
        .find(|size| *size >= width)
        .unwrap_or(WIDTHS[WIDTHS.len() - 1]);
    let library = app.library.clone();
    let accent = app.config.accent_rgb();
    let picture =
        tokio::task::spawn_blocking(move || picture(&library, &id, found.as_ref(), size, accent))
            .await
            .map_err(Error::internal)??;
    let lasting = picture.version.is_some() && parameters.get("v") == picture.version.as_ref();
    let cache = match sharing {
        // Its own picture is still being made.
        Some(_) if picture.version.is_none() => SOON.to_owned(),
        Some(sharing) if lasting => media::cache(&sharing, viewer.now()),
        Some(Sharing {
            is_public: true, ..
        }) => KEEP.to_owned(),
        Some(_) | None => PRIVATE.to_owned(),
    };
    answer(&headers, picture, &cache)
}

/// The bytes of a JPEG and a name for exactly these bytes.
struct Picture {
    bytes: Vec<u8>,
    etag: String,
    /// Of the poster it was made from; `None` for the neutral one.
    version: Option<String>,
}

fn picture(
    library: &Library,
    id: &PublicId,
    poster: Option<&Poster>,
    size: u32,
    accent: [u8; 3],
) -> Result<Picture> {
    if let Some(poster) = poster {
        if poster.rendered
            && let Some(bytes) =
                library.read_picture(&poster::file_name(id, &poster.version, size))?
        {
            return Ok(Picture {
                bytes,
                etag: format!("\"{}-{size}\"", poster.version),
                version: Some(poster.version.clone()),
            });
        }
        // Not made yet: the file itself, when it is a JPEG of bearable size.
        let is_small = poster.place.size_bytes <= LARGEST;
        let bytes = if is_small {
            library
                .read(&poster.place.folder, &poster.place.file, LARGEST)
                .ok()
                .flatten()
        } else {
            None
        };
        if let Some(bytes) = bytes
            && matches!(image::guess_format(&bytes), Ok(image::ImageFormat::Jpeg))
            // Place and camera stay with the coordinator: such a picture waits until its sizes have been made.
            && !bytes.windows(6).take(256 * 1024).any(|piece| piece == b"Exif\0\0")
        {
            return Ok(Picture {
                bytes,
                etag: format!("\"{}\"", poster.version),
                version: None,
            });
        }
    }
    let [red, green, blue] = accent;
    Ok(Picture {
        bytes: neutral(accent)?,
        etag: format!("\"neutral-{red:02x}{green:02x}{blue:02x}\""),
        version: None,
    })
}

fn answer(headers: &HeaderMap, picture: Picture, cache: &str) -> Result<Response> {
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|etags| etags.to_str().ok())
        .is_some_and(|etags| {
            etags
                .split(',')
                .any(|etag| etag.trim().trim_start_matches("W/") == picture.etag)
        });
    let said = [
        (
            ETAG,
            HeaderValue::try_from(picture.etag).map_err(Error::internal)?,
        ),
        (
            CACHE_CONTROL,
            HeaderValue::try_from(cache).map_err(Error::internal)?,
        ),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
    ];
    match known {
        true => Ok((StatusCode::NOT_MODIFIED, said).into_response()),
        false => Ok((said, picture.bytes).into_response()),
    }
}

/// A quiet picture in the accent colour: a ground that darkens downwards and the triangle of a player. No text: text in
/// a picture is read by nobody who cannot see it.
fn neutral(accent: [u8; 3]) -> Result<Vec<u8>> {
    let (width, height) = (640u32, 360u32);
    let canvas = RgbImage::from_fn(width, height, |x, y| {
        // The triangle points right, its centre of weight in the middle of the picture.
        let (from_left, from_middle) = (f64::from(x) - 286.0, (f64::from(y) - 180.0).abs());
        let edge = (60.0 - from_left * 0.577) - from_middle;
        let inside = edge.min(from_left).clamp(0.0, 1.0);
        let ground = 0.86 - 0.22 * f64::from(y) / f64::from(height);
        Rgb(accent
            .map(|channel| shade(f64::from(channel) * ground * (1.0 - inside) + 245.0 * inside)))
    });
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, 85)
        .encode_image(&canvas)
        .map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a byte on the line itself"
)]
fn shade(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}
