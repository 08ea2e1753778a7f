//! Creates an upload. In: the metadata from the client. Out: a row and an empty file, or a refusal that names the limit before any
//! byte is sent.

use rusqlite::Connection;

use super::receive;
use super::tus::Creation;
use crate::app::App;
use crate::catalogue::name::{composed, is_visible};
use crate::catalogue::upload::{self, Announced, Upload};
use crate::catalogue::{PublicId, recording::stored, series};
use crate::error::{Error, Result};
use crate::scan::presence;
use crate::text;
use crate::web::sign_in::Me;

/// How many uploads a coordinator may have under way.
const MOST_UNDER_WAY: u32 = 500;
/// The longest file name, in characters.
const LONGEST_NAME: usize = 300;

const MB: u64 = 1_000_000;

/// The largest upload in bytes.
pub fn largest(app: &App) -> u64 {
    app.config.upload_mb.saturating_mul(MB)
}

/// A number of bytes as text, in MB or GB.
pub fn amount(bytes: u64) -> String {
    match bytes {
        0..10_000_000_000 => format!("{} MB", bytes / MB),
        _ => format!("{} GB", bytes / (1000 * MB)),
    }
}

/// Reads the metadata of an upload: `filename`, and optionally `title`, `number`, `series` (row id) and `replaces` (public id of a
/// recording).
pub async fn announced(app: &App, creation: &Creation) -> Result<Announced> {
    let stated = |key: &str| {
        let value = creation.metadata.get(key).map(|value| value.trim());
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let name = stated("filename").or_else(|| stated("name"));
    let replaces_id = match stated("replaces") {
        Some(id) => Some(row_of(app, &id).await?),
        None => None,
    };
    let series_id = existing_series(app, &stated("series").unwrap_or_default()).await?;
    Ok(Announced {
        size_bytes: creation.size_bytes,
        metadata: creation.written.clone(),
        name: plain_name(&name.unwrap_or_default()),
        title: stated("title")
            .map(|title| line(&title))
            .filter(|title| is_visible(title)),
        number: stated("number")
            .and_then(|number| number.parse().ok())
            .filter(|number| (0..=999).contains(number)),
        series_id,
        replaces_id,
    })
}

/// The row id of a recording; [`Error::NotFound`] when the public id is unknown.
async fn row_of(app: &App, id: &str) -> Result<i64> {
    let id = PublicId::parse(id).ok_or(Error::NotFound)?;
    let found = app.db.read(move |conn| stored::place(conn, &id));
    Ok(found.await?.ok_or(Error::NotFound)?.0)
}

/// The row id of a series that exists, stated by that or by its name; `None` for no series and for one that was removed meanwhile.
///
/// [`Error::Refused`] when no series has that name: the recording would lie where nobody looks for it.
pub async fn existing_series(app: &App, stated: &str) -> Result<Option<i64>> {
    let stated = stated.to_owned();
    if stated.trim().is_empty() {
        return Ok(None);
    }
    let is_name = stated.trim().parse::<i64>().is_err();
    let found = app.db.read(move |conn| series::meant(conn, &stated, false));
    match found.await? {
        None if is_name => Err(Error::Refused(text!("upload-unknown-series"))),
        found => Ok(found),
    }
}

/// A file name without its folders and without invisible characters.
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    line(last).chars().take(LONGEST_NAME).collect()
}

/// One line of text in one spelling (NFC), without control characters and without marks that change its direction.
pub fn line(text: &str) -> String {
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = composed(text).chars().filter(is_shown).take(500).collect();
    text.trim().to_owned()
}

/// Creates the row and the empty file, unless a limit is exceeded.
///
/// [`Error::Status`] with 413, 429 or 507 and the numbers.
pub async fn announce(app: &App, me: &Me, announced: Announced) -> Result<Upload> {
    let (coordinator, now) = (me.coordinator.id, app.clock.now());
    let wanted = announced.size_bytes.unwrap_or(0);
    presence::check(app).await?;
    let free = free_bytes(app).await?.unwrap_or(u64::MAX);
    let floor = app.config.free_mb.saturating_mul(MB);
    if free < floor.saturating_add(wanted) {
        return Err(full(free, floor.saturating_add(wanted)));
    }
    let (expires, most) = (receive::expires_at(app), most_bytes(app));
    let made = app.db.write(move |conn| {
        let id = upload::add(conn, coordinator, &announced, now, expires)?;
        within_limits(conn, coordinator, now, (most, wanted))?;
        upload::by_id(conn, &id, coordinator, now)?.ok_or(Error::NotFound)
    });
    let made = made.await?;
    let id = made.id.clone();
    let file = app.library.run(move |library| library.create_upload(&id));
    if let Err(problem) = file.await {
        let id = made.id.clone();
        app.db.write(move |conn| upload::remove(conn, &id)).await?;
        return Err(unwritable(app, problem));
    }
    Ok(made)
}

/// What one coordinator may have under way, in bytes.
fn most_bytes(app: &App) -> u64 {
    app.config.uploads_mb.saturating_mul(MB)
}

/// Bytes that an upload without a length may still take: of the largest file, and of what its coordinator may have under way.
pub async fn room_for(app: &App, coordinator: i64, offset: u64) -> Result<u64> {
    let now = app.clock.now();
    let found = app
        .db
        .read(move |conn| upload::under_way(conn, coordinator, now));
    let (_, bytes) = found.await?;
    let of_file = largest(app).saturating_sub(offset);
    Ok(of_file.min(most_bytes(app).saturating_sub(bytes)))
}

/// Sets the length of an upload that was announced without one, unless a limit is exceeded.
///
/// [`Error::Status`] with 429 and the numbers.
pub async fn set_size(app: &App, upload: &Upload, size_bytes: u64) -> Result<()> {
    let (most, now) = (most_bytes(app), app.clock.now());
    let (id, coordinator) = (upload.id.clone(), upload.coordinator_id);
    // The bytes that arrived already are counted without it.
    let wanted = size_bytes.saturating_sub(upload.offset_bytes);
    app.db
        .write(move |conn| {
            upload::set_size(conn, &id, size_bytes)?;
            within_limits(conn, coordinator, now, (most, wanted))
        })
        .await
}

/// Counts what is under way with what was just added, of which `wanted` bytes are still to come. The error undoes the transaction
/// that added it, so that of two uploads that are announced at once only one gets the last place.
fn within_limits(
    conn: &Connection,
    coordinator: i64,
    now: i64,
    (most, wanted): (u64, u64),
) -> Result<()> {
    let (count, bytes) = upload::under_way(conn, coordinator, now)?;
    if count <= MOST_UNDER_WAY && bytes <= most {
        return Ok(());
    }
    let before = bytes.saturating_sub(wanted);
    let why = text!("upload-too-many", most = amount(most), now = amount(before));
    Err(Error::Status(429, why))
}

/// An upload of this coordinator; [`Error::NotFound`] for an unknown id and for uploads of others.
pub async fn own(app: &App, me: &Me, id: &str) -> Result<Upload> {
    let (id, coordinator, now) = (id.to_owned(), me.coordinator.id, app.clock.now());
    app.db
        .read(move |conn| upload::by_id(conn, &id, coordinator, now)?.ok_or(Error::NotFound))
        .await
}

/// Free bytes on the disk; `None` where the system cannot tell.
pub async fn free_bytes(app: &App) -> Result<Option<u64>> {
    app.library.run(|library| Ok(library.free_bytes())).await
}

/// Status 507 (RFC 4918 §11.5) with the free and the needed amount.
pub fn full(free: u64, needed: u64) -> Error {
    Error::Status(
        507,
        text!("upload-full", free = amount(free), needed = amount(needed)),
    )
}

fn unwritable(app: &App, problem: Error) -> Error {
    match problem {
        Error::DiskFull => full(app.library.free_bytes().unwrap_or(0), MB),
        problem => problem,
    }
}
