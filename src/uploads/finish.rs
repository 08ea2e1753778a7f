//! An upload that is whole gets its place. In: a row whose bytes are all here. Out: a draft recording under a readable name, or
//! a new version of one; or the sentence why its content is nothing we keep.
//!
//! Each step may run twice, and the place is written down before the file is moved: whatever was cut off is completed at the
//! next start. The sidecar is written first, so that the file never lies there as a recording nobody described.

use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Change, versions};
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::Visibility;
use crate::catalogue::upload::{self, Upload, UploadState};
use crate::catalogue::{
    PublicId, address, coordinator, id, original, recording::owner, recording::stored, series,
};
use crate::error::{Error, Result};
use crate::library::{self, Library};
use crate::probe::{self, Container, Unreadable};
use crate::processing::hash;
use crate::sidecar;

use super::tus;
use crate::scan::{file_name, stem};

/// What the bytes are.
enum Content {
    Media {
        container: Container,
        version: String,
    },
    /// Nothing we keep: the key of the sentence that says why.
    Useless(&'static str),
    /// At its place already; with the hash of the whole.
    Moved(blake3::Hash),
}

/// What is known of bytes that have arrived.
#[derive(Clone, Copy)]
struct Arrived {
    /// `None`: the file is at its place already.
    container: Option<Container>,
    /// Of the whole.
    hash: Option<blake3::Hash>,
}

/// Gives an upload its place. `hash`: BLAKE3 of its bytes, when this process saw them all.
///
/// Errors when the disk or the catalogue fail; then it is tried again at the next start.
pub async fn finish(app: &App, upload: &Upload, mut hash: Option<blake3::Hash>) -> Result<()> {
    let (id, size, place) = (upload.id.clone(), upload.offset_bytes, upload.place.clone());
    // What was cut off after the file was moved has nothing more to look at.
    let content = app
        .library
        .run(move |library| match (library.has_upload(&id), place) {
            (true, _) => content(library, &id, size),
            (false, Some((folder, file))) if library.stat(&folder, &file)?.is_some() => {
                let mut file = library.open(&folder, &file)?;
                Ok(Content::Moved(library::hash(&mut file)?))
            }
            (false, _) => Ok(Content::Useless("upload-lost")),
        });
    let container = match content.await? {
        Content::Moved(moved) => {
            hash = Some(moved);
            None
        }
        Content::Useless(why) => return refuse(app, upload, why, None).await,
        Content::Media { container, version } => {
            if let Some(same) = same_as(app, upload, version, &mut hash).await? {
                return refuse(app, upload, "upload-known", Some(same)).await;
            }
            Some(container)
        }
    };
    let arrived = Arrived { container, hash };
    let (archive, change) = match upload.replaces_id {
        Some(recording) => replace(app, upload, recording, arrived).await?,
        None => add(app, upload, arrived).await?,
    };
    archive.commit(vec![change]).await?;
    drop(archive);
    app.transfers.forget(&upload.id);
    app.notifier.notify_worker();
    Ok(())
}

/// Completes what a crash cut off; at each start.
pub async fn finish_all(app: &App) -> Result<()> {
    for upload in app.db.read(upload::unfinished).await? {
        if let Err(problem) = finish(app, &upload, None).await {
            tracing::warn!(%problem, upload = upload.id, "an upload could not get its place");
        }
    }
    Ok(())
}

/// Takes away what has expired: rows, and files that no row knows.
pub async fn sweep(app: &App) -> Result<()> {
    // Files first: one that is made meanwhile has its row before it, and is not among these.
    let files = app.library.run(Library::upload_ids).await?;
    let now = app.clock.now();
    let living = app.db.write(move |conn| {
        upload::remove_expired(conn, now)?;
        upload::living(conn, now)
    });
    let living = living.await?;
    let swept = app.library.run(move |library| {
        files
            .iter()
            .filter(|id| !living.contains(id))
            .try_for_each(|id| library.remove_upload(id))
    });
    swept.await
}

fn content(library: &Library, id: &str, size: u64) -> Result<Content> {
    let mut file = library.open_upload(id)?;
    // Bytes that were written and never acknowledged may lie behind the last one that was.
    if file.metadata()?.len() > size {
        file.set_len(size)?;
    }
    let why = match probe::probe(&mut file, size) {
        Ok(probed) => {
            let (container, version) = (probed.container, library::version(&mut file, size)?);
            return Ok(Content::Media { container, version });
        }
        Err(Unreadable::Io(problem)) => return Err(problem.into()),
        Err(Unreadable::NotMedia | Unreadable::TooLarge) => "upload-not-media",
        Err(Unreadable::Incomplete) => "upload-incomplete",
        Err(Unreadable::Damaged(_)) => "upload-damaged",
    };
    Ok(Content::Useless(why))
}

/// The recording that has these bytes already. What agrees in size and samples is held against the hash of the whole; a missing
/// one is reckoned.
async fn same_as(
    app: &App,
    upload: &Upload,
    version: String,
    hash: &mut Option<blake3::Hash>,
) -> Result<Option<i64>> {
    let alike = app.db.read(move |conn| original::alike(conn, &version));
    let alike = alike.await?;
    if alike.is_empty() {
        return Ok(None);
    }
    let id = upload.id.clone();
    let whole = match *hash {
        Some(hash) => hash,
        None => {
            let hashed = app
                .library
                .run(move |library| Ok(library::hash(&mut library.open_upload(&id)?)?));
            hashed.await?
        }
    };
    *hash = Some(whole);
    for same in alike.iter().filter(|it| !it.missing && !it.superseded) {
        if hash::of_original(app, same).await?.as_deref() == Some(&*whole.to_hex()) {
            return Ok(Some(same.recording_id));
        }
    }
    Ok(None)
}

/// Its content is nothing we keep.
async fn refuse(
    app: &App,
    upload: &Upload,
    why: &'static str,
    recording: Option<i64>,
) -> Result<()> {
    let row = upload.id.clone();
    let refused = app
        .db
        .write(move |conn| upload::refuse(conn, &row, why, recording));
    refused.await?;
    remove_bytes(app, &upload.id).await
}

/// Takes away the row and the bytes of an upload. The row first: a file that no row knows is swept away.
pub async fn throw_away(app: &App, id: &str) -> Result<()> {
    let row = id.to_owned();
    app.db.write(move |conn| upload::remove(conn, &row)).await?;
    remove_bytes(app, id).await
}

async fn remove_bytes(app: &App, id: &str) -> Result<()> {
    app.transfers.forget(id);
    let id = id.to_owned();
    let removed = app.library.run(move |library| library.remove_upload(&id));
    removed.await
}

/// A new recording: its sidecar, then its file.
async fn add(app: &App, upload: &Upload, arrived: Arrived) -> Result<(Archive, Change)> {
    let row = upload.series_id;
    let found = app.db.read(move |conn| {
        let folder = match row {
            Some(row) => series::by_id(conn, row)?.folder,
            None => series::INBOX.to_owned(),
        };
        Ok((folder, address::free_id(conn)?))
    });
    let (folder, public_id) = found.await?;
    // Decided before something was cut off.
    let folder = upload.place.clone().map_or(folder, |(folder, _)| folder);
    let archive = Archive::of_folders(app, "upload", [folder.clone()]).await?;
    let (title, number) = (title(upload), number(upload));
    let file = match (&upload.place, arrived.container) {
        (Some((_, file)), _) => file.clone(),
        (None, None) => return Err(Error::NotFound),
        (None, Some(container)) => {
            let (place, asked) = (folder.clone(), title.clone());
            let ending = file_name::media_ending(container, &upload.name);
            let free = app.library.run(move |library| {
                library.make_folder(&place)?;
                let taken = library.names(&place)?;
                Ok(format!("{}.{ending}", stem::free(&taken, number, &asked)))
            });
            free.await?
        }
    };
    let (place, name) = (folder.clone(), file.clone());
    let prepare =
        move |library: &Library| describe(library, (&place, &name), (title, number), &public_id);
    let place = (folder.as_str(), file_name::kind(&file).0, file.as_str());
    let change = change(app, upload, arrived, place, None, prepare).await?;
    Ok((archive, change))
}

/// Writes the sidecar of a new recording, unless it is there already.
fn describe(
    library: &Library,
    (folder, file): (&str, &str),
    (title, number): (String, Option<i64>),
    id: &PublicId,
) -> Result<()> {
    let sidecar = sidecar::file_of(file_name::kind(file).0);
    if library.stat(folder, &sidecar)?.is_some() {
        return Ok(());
    }
    let text = sidecar::edit_recording(None, |stated| {
        stated.id = Some(id.to_string());
        stated.title = Some(title);
        stated.number = number;
        // Nothing is public because someone forgot to say otherwise.
        stated.visibility = Some(Visibility::Draft);
        stated.file = Some(file.to_owned());
    })
    .map_err(Error::internal)?;
    library.write(folder, &sidecar, text.as_bytes())
}

/// A new version of a recording: what is there now is kept aside, under its version.
async fn replace(
    app: &App,
    upload: &Upload,
    recording: i64,
    arrived: Arrived,
) -> Result<(Archive, Change)> {
    let found = app.db.read(move |conn| stored::by_id(conn, recording));
    let public_id = found.await?.public_id;
    let archive = Archive::of_recordings(app, "upload", std::slice::from_ref(&public_id)).await?;
    let current = archive.recording(&public_id).await?;
    let originals = app
        .db
        .read(move |conn| original::current(conn, recording))
        .await?;
    let before = originals.first().map(|original| original.version.clone());
    let (folder, stem) = current.place();
    let file = match (&upload.place, arrived.container) {
        (Some((_, file)), _) => file.clone(),
        (None, Some(container)) => {
            format!(
                "{stem}.{}",
                file_name::media_ending(container, &upload.name)
            )
        }
        (None, None) => return Err(Error::NotFound),
    };
    let place = folder.to_owned();
    let prepare = move |library: &Library| {
        versions::set_aside(library, &place, &public_id, &originals).map(drop)
    };
    let place = (folder, stem, file.as_str());
    let change = change(app, upload, arrived, place, before, prepare).await?;
    Ok((archive, change))
}

/// What brings the file to its place: `prepare` is done there first, unless it lies there already. The place is written down
/// before. `before`: the version that was there, when it replaces one.
async fn change(
    app: &App,
    upload: &Upload,
    arrived: Arrived,
    (folder, stem, file): (&str, &str, &str),
    before: Option<String>,
    prepare: impl FnOnce(&Library) -> Result<()> + Send + 'static,
) -> Result<Change> {
    let (id, place) = (upload.id.clone(), (folder.to_owned(), file.to_owned()));
    let decided = app
        .db
        .write(move |conn| upload::finishing(conn, &id, &place.0, &place.1));
    decided.await?;
    let (id, modified) = (upload.id.clone(), modified(upload));
    let place = (folder.to_owned(), file.to_owned());
    let files = move |library: &Library| {
        if arrived.container.is_none() {
            return Ok(());
        }
        prepare(library)?;
        library.place_upload(&id, (&place.0, &place.1), modified)
    };
    let rows = taken_over(app, upload, (folder, file), before, arrived.hash);
    Ok(Change::of_files((folder, stem), files, rows))
}

/// The rows that follow: whose it is, what it was, and that the upload is done.
fn taken_over(
    app: &App,
    upload: &Upload,
    (folder, file): (&str, &str),
    before: Option<String>,
    hash: Option<blake3::Hash>,
) -> impl FnOnce(&Connection) -> Result<()> + Send + 'static {
    let (upload, now) = (upload.clone(), app.clock.now());
    let (folder, file) = (folder.to_owned(), file.to_owned());
    move |conn| {
        let mut arrived = versions::supersede_others(conn, &folder, &file, now)?;
        let recording = arrived.recording_id;
        if let Some(hash) = hash {
            // An address never leads to other bytes than before.
            if original::shares_version(conn, &arrived, &hash.to_hex())? {
                arrived.version = id::version_of(&hash);
                original::set_version(conn, &arrived, &arrived.version)?;
            }
            original::set_content_hash(conn, arrived.id, &hash.to_hex())?;
        }
        let same = stored::by_id(conn, recording)?;
        owner::set_new(conn, &folder, &same.entry.stem, upload.coordinator_id)?;
        let actor = coordinator::by_id(conn, upload.coordinator_id)?.email;
        let act = Act {
            actor: &actor,
            act: match upload.replaces_id {
                Some(_) => "replace file",
                None => "upload",
            },
            subject: &format!("recording {}", same.public_id),
            before: before.as_deref(),
            after: Some(&arrived.version),
        };
        // Once, also when this step runs twice.
        if upload.state != UploadState::Done {
            audit::note(conn, &act, now)?;
        }
        upload::done(conn, &upload.id, recording)
    }
}

/// What the form says, else what the name of the file says.
pub fn title(upload: &Upload) -> String {
    let stated = upload.title.as_deref().map(str::trim).unwrap_or_default();
    match stated {
        "" => file_name::title(file_name::kind(&upload.name).0),
        stated => stated.to_owned(),
    }
}

/// Likewise.
pub fn number(upload: &Upload) -> Option<i64> {
    let stem = file_name::kind(&upload.name).0;
    upload.number.or_else(|| file_name::number(stem))
}

/// When the file was last changed on the coordinator's machine, as its client says; else when it was announced. A file that
/// just arrived would count as one that is still growing.
fn modified(upload: &Upload) -> i64 {
    let stated = tus::metadata(&upload.metadata)
        .and_then(|stated| stated.get("lastmodified")?.parse::<i64>().ok())
        .map(|milliseconds| milliseconds / 1000);
    let latest = upload.created_at - 60;
    stated
        .filter(|stated| (0..latest).contains(stated))
        .unwrap_or(latest)
}
