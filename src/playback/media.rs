//! `GET|HEAD /media/{id}/{version}/{file}`: an original or a hand-out. The version selects the bytes; the file name is for people
//! who save the file, and an address with an old name keeps working.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, RANGE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use rusqlite::Connection;

use super::caching::Caching;
use super::decisions::Decisions;
use super::forgotten;
use super::sendable::Sendable;
use super::source::Way;
use crate::app::App;
use crate::catalogue::attachment;
use crate::catalogue::original::{self, FilePlace, Original};
use crate::catalogue::recording;
use crate::catalogue::rendition::{self, Rendition, RenditionKind};
use crate::catalogue::{PublicId, Viewer, address, id};
use crate::error::{Error, Gone, Result};
use crate::library::Opened;
use crate::web::reply;
use crate::web::urls;
use crate::zero_copy::Pieces;

/// Sends a file or a part of it, or the reason why not.
pub async fn show(
    State(app): State<App>,
    Extension(decisions): Extension<Decisions>,
    pieces: Option<Extension<Pieces>>,
    viewer: Viewer,
    method: Method,
    headers: HeaderMap,
    Path((id, version, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let is_known = id::is_version(&version) || rendition::parse_version(&version).is_some();
    let (Some(id), true) = (PublicId::parse(&id), is_known) else {
        return Err(Error::NotFound);
    };
    let way = pieces.map_or(Way::default(), |Extension(pieces)| {
        Way::by(pieces, app.config.zero_copy)
    });
    let (now, asked) = (viewer.now(), (&method, &headers));
    let found = app
        .db
        .read_revision(move |conn| find(conn, &viewer, (&id, &version), &name));
    let (found, revision) = found.await?;
    match found {
        Requested::Forgotten(address) => lead_on(&headers, &address),
        Requested::Current {
            file,
            address,
            until,
        } => {
            let file = Arc::new(file);
            let opened = open(&app, &file.place).await?;
            if viewer.is_visitor() {
                decisions.keep(address, revision, now..until, &file);
            }
            file.answer(asked, &opened, way)
        }
        Requested::Superseded { address, id, old } => {
            // Coordinators may watch a replaced version; nobody else ever gets it.
            if viewer.sees_all()
                && let Some(opened) = open_kept(&app, id, &old).await?
            {
                return old.answer(asked, &opened, way);
            }
            lead_on(&headers, &address.ok_or(Error::NotFound)?)
        }
    }
}

async fn open(app: &App, place: &FilePlace) -> Result<Arc<Opened>> {
    if let Some(opened) = app.library.open_file(place) {
        return Ok(opened);
    }
    let wanted = place.clone();
    let opened = app
        .library
        .run(move |library| library.open_to_send(&wanted));
    opened.await.inspect_err(|problem| {
        if matches!(problem, Error::Changed) && app.notifier.notify_scan() {
            let (folder, file) = (&place.folder, &place.file);
            tracing::warn!(
                "{folder}/{file} is not the file that was read; the media folder is read again"
            );
        }
    })
}

/// Opens a replaced version; `None` when it was not kept.
async fn open_kept(app: &App, id: PublicId, old: &Sendable) -> Result<Option<Arc<Opened>>> {
    let (folder, version) = (old.place.folder.clone(), old.version.clone());
    let opened = app.library.run(move |library| {
        let kept = library.version_kept(&folder, &id, &version)?;
        let file = library.open_version(&folder, &id, &kept)?;
        let metadata = file.metadata()?;
        Ok(Arc::new(Opened::new(file, &metadata)))
    });
    match opened.await {
        Ok(file) => Ok(Some(file)),
        Err(Error::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The file that an address asks for.
enum Requested {
    Current {
        file: Sendable,
        /// Its address as the portal writes it.
        address: String,
        /// Until when visitors get the same answer in this revision (UTC seconds).
        until: i64,
    },
    /// The version was replaced by other bytes of the recording, at this address.
    Superseded {
        address: Option<String>,
        id: PublicId,
        old: Sendable,
    },
    /// The catalogue never knew this version of a file that now has this address, because it was rebuilt; or a rendition is not there
    /// any more.
    Forgotten(String),
}

/// Resolves an address. `name`: the file name in it.
fn find(
    conn: &Connection,
    viewer: &Viewer,
    (id, version): (&PublicId, &str),
    name: &str,
) -> Result<Requested> {
    let row = address::follow_recording(conn, viewer, id)?.found()?;
    let sharing = recording::sharing(conn, viewer, row)?;
    let (caching, until) = (
        Caching::of(&sharing, viewer.now()),
        Caching::same_until(&sharing),
    );
    if let Some((of, recipe)) = rendition::parse_version(version) {
        let original = original::by_version(conn, row, of)?.ok_or(Error::NotFound)?;
        let found = rendition::of_recording(conn, row)?;
        return match found.iter().find(|one| one.version == version) {
            Some(found) => Ok(Requested::Current {
                address: urls::media(id, version, &found.file_name(&original.place.file)),
                file: Sendable::rendition(found.clone(), &caching)?,
                until,
            }),
            None => Ok(Requested::Forgotten(instead(
                conn,
                row,
                (&original, recipe.kind),
                &found,
            )?)),
        };
    }
    let at = |next: &str, file: &str| -> Result<String> {
        Ok(urls::media(&recording::public_id(conn, row)?, next, file))
    };
    if let Some(original) = original::by_version(conn, row, version)? {
        if !original.missing && original.facts.problem.is_none() && !original.superseded {
            return Ok(Requested::Current {
                address: urls::media(id, version, &original.place.file),
                file: Sendable::original(original, &caching)?,
                until,
            });
        }
        let next = original::successor(conn, &original)?.filter(|next| next.version != version);
        let next = next.map(|next| at(&next.version, &next.place.file));
        return Ok(Requested::Superseded {
            address: next.transpose()?,
            old: Sendable::original(original, &Caching::none())?,
            id: recording::public_id(conn, row)?,
        });
    }
    let Some(attachment) = attachment::by_version(conn, row, version)? else {
        let address = forgotten::lead(conn, row, name)?.ok_or(Error::NotFound)?;
        return Ok(Requested::Forgotten(address));
    };
    if !attachment.missing && !attachment.superseded {
        return Ok(Requested::Current {
            address: urls::media(id, version, &attachment.place.file),
            file: Sendable::hand_out(attachment, &caching)?,
            until,
        });
    }
    let next = attachment::successor(conn, &attachment)?;
    let next = next.ok_or_else(|| Error::Gone(Gone::default()))?;
    Ok(Requested::Superseded {
        address: Some(at(&next.version, &next.place.file)?),
        old: Sendable::hand_out(attachment, &Caching::none())?,
        id: recording::public_id(conn, row)?,
    })
}

/// The address of what takes the place of a rendition that is not there any more: one of its kind, or the file that a player would take.
fn instead(
    conn: &Connection,
    row: i64,
    (original, kind): (&Original, RenditionKind),
    renditions: &[Rendition],
) -> Result<String> {
    let id = recording::public_id(conn, row)?;
    let of_kind = renditions.iter().find(|one| one.recipe.kind == kind);
    if let Some(one) = of_kind {
        let of = original::by_id(conn, one.original_id)?;
        return Ok(urls::media(
            &id,
            &one.version,
            &one.file_name(&of.place.file),
        ));
    }
    let next = original::successor(conn, original)?.ok_or_else(|| Error::Gone(Gone::default()))?;
    Ok(urls::media(&id, &next.version, &next.place.file))
}

/// Redirects (308) to the current bytes when the client has none of the old ones; otherwise 410, because the rest of one version
/// after the beginning of another is broken in a way that no player notices. This holds with If-Range too: Chromium follows the
/// redirect with the range and without the condition.
fn lead_on(headers: &HeaderMap, address: &str) -> Result<Response> {
    let from_the_start = match headers.get(RANGE).map(HeaderValue::to_str) {
        None => true,
        Some(Ok(ranges)) => ranges
            .to_ascii_lowercase()
            .replace(' ', "")
            .starts_with("bytes=0-"),
        Some(Err(_)) => false,
    };
    if !from_the_start {
        return Err(Error::Gone(Gone {
            reason: None,
            successor: Some(address.to_owned()),
        }));
    }
    // A permanent redirect must not be cached for long, because the next version may come at any time.
    let mut response = reply::moved(address)?;
    let headers_out = response.headers_mut();
    headers_out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
