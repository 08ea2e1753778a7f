//! `GET|HEAD /posters/{id}.jpg`: the poster of a recording, always a JPEG at a permanent address, and `/posters/{id}-play.jpg`, the
//! poster with a play badge for mails. A recording without a poster gets a picture of its number and title, and what may not be shown
//! the accent colour alone, so that no page or mail shows a broken image.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::caching::Caching;
use super::poster_play;
use super::poster_title::{self, PosterTitle};
use crate::app::App;
use crate::catalogue::address::{self, Destination, Resolved};
use crate::catalogue::poster::{self, Poster, WIDTHS};
use crate::catalogue::recording::{self, RecordingState};
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::web::reply::header;
use crate::web::texts::Parameters;
use crate::web::theme;

/// The largest picture file that is sent unchanged while its sizes are not rendered, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Sends the poster of a recording: the plain one at least `?w=` pixels wide, the one for mails in the next larger width. `?v=`
/// makes a replaced poster another address, so that no browser shows the one of before.
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
        let row = match address::follow_recording(conn, &viewer, &asked) {
            // A mail that was sent cannot be changed, so a recording that was visible once keeps a picture, also when a password was
            // put before it or its link ended since.
            Ok(Resolved::Gone(_) | Resolved::Locked(_)) => return Ok(None),
            Err(Error::NotFound) => {
                let place = Destination::Recording(asked);
                let link = address::closed_link(conn, &viewer, &place)?;
                return link.map_or(Err(Error::NotFound), |_| Ok(None));
            }
            resolved => resolved?.found()?,
        };
        let poster = poster::of_recording(conn, row)?;
        let sharing = recording::sharing(conn, &viewer, row)?;
        Ok(Some((recording::by_id(conn, row)?, poster, sharing)))
    });
    let (found, sharing) = match found.await? {
        Some((recording, poster, sharing)) => (Some((recording, poster)), Some(sharing)),
        None => (None, None),
    };
    let mut caching = sharing.map_or_else(Caching::neutral, |it| Caching::of(&it, viewer.now()));
    let is_awaited = matches!(&found, Some((_, Some(_))));
    let accent = app.branding().accent_rgb();
    let etags: Vec<String> = etags(&headers).map(str::to_owned).collect();
    let for_client = caching.clone();
    let is_at_client = move |name: &str| etags.contains(&for_client.etag(name));
    // Requests for pictures wait here, so that they do not slow down playback.
    let turn = timeout(PATIENCE, DRAWING.acquire()).await;
    let turn = turn.map_err(|_| Error::Busy)?.map_err(Error::internal)?;
    let picture = app.library.run(move |library| {
        let _turn = turn;
        let Some((recording, poster)) = &found else {
            return shape.neutral(library, accent);
        };
        let id = &recording.public_id;
        if let Some(poster) = poster
            && let Some(picture) = shape.of(library, (id, poster), accent, &is_at_client)?
        {
            return Ok(picture);
        }
        let title = PosterTitle {
            number: recording.number,
            title: recording.title().to_owned(),
            is_ready: recording.state == RecordingState::Ready,
        };
        shape.titled(library, (id, &title), accent)
    });
    let picture = picture.await?;
    if is_awaited && picture.version.is_none() {
        caching = caching.soon();
    }
    answer(&headers, picture, &caching)
}

/// How many pictures are read or drawn at once.
static DRAWING: Semaphore = Semaphore::const_new(4);

/// How long a request waits for those before it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The entity tags of the pictures that a client has (RFC 9110 §13.1.2).
fn etags(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let etags = headers.get(IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let etags = etags.into_iter().flat_map(|etags| etags.split(','));
    etags.map(|etag| etag.trim().trim_start_matches("W/"))
}

/// The shape of the requested picture.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// A plain poster in one of the sizes for pages.
    Plain(u32),
    /// A poster for a mail, in one of its widths.
    Play(u32),
    /// A large square cover for podcast apps.
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
        let (id, shape) = if let Some(id) = name.strip_suffix("-play") {
            (id, Self::Play(nearest(&poster_play::WIDTHS)?))
        } else if let Some(id) = name.strip_suffix("-cover") {
            (id, Self::Cover)
        } else {
            (name, Self::Plain(nearest(&WIDTHS)?))
        };
        Some((PublicId::parse(id)?, shape))
    }

    /// The picture made from a poster; `None` when the poster is not rendered yet. `is_at_client`: whether the client
    /// has the picture of this name, which need not be drawn then.
    fn of(
        self,
        library: &Library,
        (id, poster): (&PublicId, &Poster),
        accent: [u8; 3],
        is_at_client: &impl Fn(&str) -> bool,
    ) -> Result<Option<Picture>> {
        let read = |name: &str| match poster.rendered {
            true => library.read_picture(name),
            false => Ok(None),
        };
        let in_size = |size| read(&poster::file_name(id, &poster.version, size));
        let largest = WIDTHS[WIDTHS.len() - 1];
        match self {
            Self::Plain(size) => match in_size(size)? {
                Some(bytes) => Ok(Some(Picture::of(poster, bytes, &format!("-{size}")))),
                None => Ok(as_it_lies(library, poster)),
            },
            Self::Play(width) => {
                let recipe = poster_play::RECIPE;
                let name = poster::file_name_played(id, &poster.version, width, recipe);
                let bytes = match read(&name)? {
                    Some(bytes) => bytes,
                    None => match in_size(largest)? {
                        Some(largest) => {
                            kept_or(library, &name, || poster_play::draw(&largest, width))?
                        }
                        None => return Ok(None),
                    },
                };
                let kind = format!("-play-{width}-{recipe}");
                Ok(Some(Picture::of(poster, bytes, &kind)))
            }
            Self::Cover => {
                let Some(largest) = in_size(largest)? else {
                    return Ok(None);
                };
                let kind = format!("-cover-{}", colour(accent));
                let mut picture = Picture::of(poster, Vec::new(), &kind);
                // Neither read nor drawn for a client that has it.
                if !is_at_client(&picture.name) {
                    let all = format!("{id}-{}-cover-", poster.version);
                    let name = format!("{all}{}.jpg", colour(accent));
                    picture.bytes = kept_or(library, &name, || {
                        let side = poster_play::COVER;
                        let cover = poster_play::cover(
                            &largest,
                            poster_title::ground(accent, (side, side)),
                        )?;
                        // Of the covers in several colours, one is kept.
                        library.keep_pictures(&all, &name)?;
                        Ok(cover)
                    })?;
                }
                Ok(Some(picture))
            }
        }
    }

    /// Width and height in pixels of what is drawn in this shape.
    fn size(self) -> (u32, u32) {
        match self {
            Self::Plain(width) | Self::Play(width) => (width, poster_play::height(width)),
            Self::Cover => (poster_play::COVER, poster_play::COVER),
        }
    }

    /// The picture of what may not be shown, or is gone. It invites to nothing, and all share the one in each size and colour.
    fn neutral(self, library: &Library, accent: [u8; 3]) -> Result<Picture> {
        let (width, height) = self.size();
        let name = format!("neutral-{width}x{height}-{}", colour(accent));
        let draw = || poster_play::encode(&poster_title::ground(accent, (width, height)));
        Ok(Picture {
            bytes: kept_or(library, &format!("{name}.jpg"), draw)?,
            name,
            version: None,
        })
    }

    /// The picture of a recording without a poster, or whose poster is not rendered yet: its number and title. Of one whose words or
    /// colour changed, the new one is kept.
    fn titled(
        self,
        library: &Library,
        (id, title): (&PublicId, &PosterTitle),
        accent: [u8; 3],
    ) -> Result<Picture> {
        let (width, height) = self.size();
        let is_played = matches!(self, Self::Play(_)) && title.is_ready;
        let recipe = (poster_title::RECIPE, poster_play::RECIPE);
        let words = format!("{title:?} {is_played} {} {recipe:?}", colour(accent));
        let words = &blake3::hash(words.as_bytes()).to_hex()[..12];
        let kind = match self {
            Self::Play(_) => "play",
            Self::Plain(_) | Self::Cover => "title",
        };
        let all = format!("{id}-{kind}-{width}x{height}-");
        let name = format!("{all}{words}.jpg");
        let bytes = kept_or(library, &name, || {
            let mut canvas = poster_title::draw(title, accent, (width, height))?;
            if is_played {
                poster_play::lay_badge(&mut canvas)?;
            }
            library.keep_pictures(&all, &name)?;
            poster_play::encode(&canvas)
        })?;
        Ok(Picture {
            bytes,
            name: format!("{kind}-{width}x{height}-{words}"),
            version: None,
        })
    }
}

/// The accent colour as six hexadecimal digits.
fn colour(accent: [u8; 3]) -> String {
    theme::hex(accent).split_off(1)
}

/// A picture of the data folder, which is drawn and stored there when it is first asked for.
fn kept_or(
    library: &Library,
    name: &str,
    draw: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    if let Some(kept) = library.read_picture(name)? {
        return Ok(kept);
    }
    let drawn = draw()?;
    // A full disk must not remove the picture from a mail.
    if let Err(problem) = library.write_picture(name, &drawn) {
        tracing::warn!(%problem, "a drawn picture could not be kept");
    }
    Ok(drawn)
}

/// The picture file itself while its sizes are not rendered, when it is a JPEG of moderate size without Exif data.
fn as_it_lies(library: &Library, poster: &Poster) -> Option<Picture> {
    let place = &poster.place;
    if place.size_bytes > LARGEST {
        return None;
    }
    let bytes = library.read(&place.folder, &place.file, LARGEST).ok()??;
    let is_jpeg = matches!(image::guess_format(&bytes), Ok(image::ImageFormat::Jpeg));
    // Exif data may reveal place and camera, so such a picture waits until its sizes are rendered.
    let mut pieces = bytes.windows(6).take(256 * 1024);
    let tells_more = pieces.any(|piece| piece == b"Exif\0\0");
    (is_jpeg && !tells_more).then(|| Picture {
        version: None,
        ..Picture::of(poster, bytes, "")
    })
}

/// The bytes of a JPEG and what names them in an entity tag.
struct Picture {
    bytes: Vec<u8>,
    name: String,
    /// Version of the poster it was made from; `None` when there is none to show.
    version: Option<String>,
}

impl Picture {
    /// A picture made from a poster; `kind` distinguishes the pictures made from the same poster.
    fn of(poster: &Poster, bytes: Vec<u8>, kind: &str) -> Self {
        Self {
            bytes,
            name: format!("{}{kind}", poster.version),
            version: Some(poster.version.clone()),
        }
    }
}

fn answer(headers: &HeaderMap, picture: Picture, caching: &Caching) -> Result<Response> {
    let etag = caching.etag(&picture.name);
    let is_unchanged = etags(headers).any(|known| known == etag);
    let headers_out = [
        (ETAG, header(&etag)?),
        (CACHE_CONTROL, header(&caching.control)?),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
    ];
    match is_unchanged {
        true => Ok((StatusCode::NOT_MODIFIED, headers_out).into_response()),
        false => Ok((headers_out, picture.bytes).into_response()),
    }
}
