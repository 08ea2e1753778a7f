//! `GET|HEAD /posters/{id}.jpg`: the still picture of a recording, always a JPEG, at an address that never changes, and
//! `/posters/{id}-play.jpg`, the same for mails. A recording without a picture of its own has a neutral one, so that no page
//! or mail ever shows a broken image.

use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use image::{Rgb, RgbImage};

use super::{media, poster_play};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::catalogue::address::{self, Resolved};
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

/// Sends the picture of a recording: the plain one at least `?w=` pixels across, the one for mails in the width nearest above;
/// with `?v=` of today's version it may be kept for ever.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(file): Path<String>,
    Query(parameters): Parameters,
) -> Result<Response> {
    let (id, shape) = Shape::parse(&file, parameters.get("w")).ok_or(Error::NotFound)?;
    let asked = id.clone();
    let found = app.db.read(move |conn| {
        let row = match address::follow_recording(conn, &viewer, &asked)? {
            // A mail that was sent cannot be changed: what was visible once keeps a picture.
            Resolved::Gone(_) => return Ok(None),
            found => found.here()?,
        };
        let Some(poster) = poster::of_recording(conn, row)? else {
            return Ok(None);
        };
        let (id, now) = (recording::public_id(conn, row)?, viewer.now());
        Ok(Some((id, poster, recording::sharing(conn, row, now)?)))
    });
    let (id, found, sharing) = match found.await? {
        Some((id, poster, sharing)) => (id, Some(poster), Some(sharing)),
        None => (id, None, None),
    };
    let library = app.library.clone();
    let accent = app.config.accent_rgb();
    let known: Vec<String> = known(&headers).map(str::to_owned).collect();
    // Whoever asks for many pictures waits; whoever watches does not.
    let turn = DRAWING.acquire().await.map_err(Error::internal)?;
    let picture = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        match shape {
            Shape::Plain(size) => picture(&library, &id, found.as_ref(), size, accent),
            Shape::Play(width) => with_badge(&library, &id, found.as_ref(), width, accent),
            Shape::Cover => cover(&library, &id, found.as_ref(), (accent, &known)),
        }
    })
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

/// Pictures that are read or drawn at once.
static DRAWING: Semaphore = Semaphore::const_new(4);

/// The pictures that a client says it has (RFC 9110 §13.1.2).
fn known(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let etags = headers.get(IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let etags = etags.into_iter().flat_map(|etags| etags.split(','));
    etags.map(|etag| etag.trim().trim_start_matches("W/"))
}

/// Which picture of a recording.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// In one of the sizes that pages show.
    Plain(u32),
    /// For a mail, in one of its widths.
    Play(u32),
    /// For podcast programs, which want it square and large.
    Cover,
}

impl Shape {
    fn parse(file: &str, width: Option<&String>) -> Option<(PublicId, Self)> {
        let name = file.strip_suffix(".jpg")?;
        let wanted = width
            .and_then(|width| width.parse().ok())
            .unwrap_or(u32::MAX);
        let nearest = |widths: &[u32]| {
            let fits = widths.iter().find(|width| **width >= wanted);
            fits.or(widths.last()).copied()
        };
        match name.strip_suffix("-play") {
            Some(id) => Some((
                PublicId::parse(id)?,
                Self::Play(nearest(&poster_play::WIDTHS)?),
            )),
            None => match name.strip_suffix("-cover") {
                Some(id) => Some((PublicId::parse(id)?, Self::Cover)),
                None => Some((PublicId::parse(name)?, Self::Plain(nearest(&WIDTHS)?))),
            },
        }
    }
}

/// The picture for mails: as it was drawn before, or drawn now from the largest size and kept.
fn with_badge(
    library: &Library,
    id: &PublicId,
    poster: Option<&Poster>,
    width: u32,
    accent: [u8; 3],
) -> Result<Picture> {
    if let Some(poster) = poster.filter(|poster| poster.rendered) {
        let kept = poster::file_name_played(id, &poster.version, width, poster_play::RECIPE);
        let largest = poster::file_name(id, &poster.version, WIDTHS[WIDTHS.len() - 1]);
        let bytes = match library.read_picture(&kept)? {
            Some(bytes) => Some(bytes),
            None => match library.read_picture(&largest)? {
                Some(largest) => Some(drawn(library, &kept, &largest, width)?),
                None => None,
            },
        };
        if let Some(bytes) = bytes {
            return Ok(Picture {
                bytes,
                etag: format!(
                    "\"{}-play-{width}-{}\"",
                    poster.version,
                    poster_play::RECIPE
                ),
                version: Some(poster.version.clone()),
            });
        }
    }
    let [red, green, blue] = accent;
    Ok(Picture {
        bytes: poster_play::encode(&neutral(accent, (width, poster_play::height(width))))?,
        etag: format!("\"neutral-{red:02x}{green:02x}{blue:02x}-{width}\""),
        version: None,
    })
}

/// The picture as a square: the whole of it on the accent colour, which darkens downwards.
fn cover(
    library: &Library,
    id: &PublicId,
    poster: Option<&Poster>,
    (accent, known): ([u8; 3], &[String]),
) -> Result<Picture> {
    let side = poster_play::COVER;
    let [red, green, blue] = accent;
    let colour = format!("{red:02x}{green:02x}{blue:02x}");
    if let Some(poster) = poster.filter(|poster| poster.rendered)
        && let Some(largest) = library.read_picture(&poster::file_name(
            id,
            &poster.version,
            WIDTHS[WIDTHS.len() - 1],
        ))?
    {
        let etag = format!("\"{}-cover-{colour}\"", poster.version);
        return Ok(Picture {
            // Not drawn for whoever has it.
            bytes: match known.contains(&etag) {
                true => Vec::new(),
                false => poster_play::cover(&largest, neutral(accent, (side, side)))?,
            },
            etag,
            version: Some(poster.version.clone()),
        });
    }
    Ok(Picture {
        bytes: poster_play::encode(&neutral(accent, (side, side)))?,
        etag: format!("\"neutral-{colour}-{side}\""),
        version: None,
    })
}

/// Draws the picture for mails and keeps it.
fn drawn(library: &Library, name: &str, largest: &[u8], width: u32) -> Result<Vec<u8>> {
    let drawn = poster_play::draw(largest, width)?;
    // A full disk must not take the picture out of a mail.
    if let Err(problem) = library.write_picture(name, &drawn) {
        tracing::warn!(%problem, "a picture for mails could not be kept");
    }
    Ok(drawn)
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
        bytes: poster_play::encode(&neutral(accent, (640, 360)))?,
        etag: format!("\"neutral-{red:02x}{green:02x}{blue:02x}\""),
        version: None,
    })
}

fn answer(headers: &HeaderMap, picture: Picture, cache: &str) -> Result<Response> {
    let known = known(headers).any(|etag| etag == picture.etag);
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
fn neutral(accent: [u8; 3], (width, height): (u32, u32)) -> RgbImage {
    let half = f64::from(height) / 6.0;
    let (left, middle) = (
        f64::from(width) / 2.0 - half * 0.567,
        f64::from(height) / 2.0,
    );
    RgbImage::from_fn(width, height, |x, y| {
        // The triangle points right, its centre of weight in the middle of the picture.
        let (from_left, from_middle) = (f64::from(x) - left, (f64::from(y) - middle).abs());
        let edge = (half - from_left * 0.577) - from_middle;
        let inside = edge.min(from_left).clamp(0.0, 1.0);
        let ground = 0.86 - 0.22 * f64::from(y) / f64::from(height);
        Rgb(accent
            .map(|channel| shade(f64::from(channel) * ground * (1.0 - inside) + 245.0 * inside)))
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a byte on the line itself"
)]
fn shade(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}
