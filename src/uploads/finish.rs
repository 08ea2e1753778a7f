//! Moves a complete upload into the media folder. In: a row whose bytes have all arrived. Out: a draft recording under a readable
//! name or a new version of a recording, or the reason why the content is refused.
//!
//! Each step may run twice, and the place is recorded before the file is moved, so that an interrupted finish is completed at the
//! next start. The sidecar is written first, so that the file never appears as a recording without metadata.

use rusqlite::Connection;

use crate::app::App;
use crate::archive::{Archive, Change, versions};
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::Visibility;
use crate::catalogue::upload::{self, Upload, UploadState};
use crate::catalogue::{
    PublicId, address, coordinator, id, library_file, original, recording::owner,
    recording::stored, series,
};
use crate::error::{Error, Result};
use crate::library::{self, Access, Library};
use crate::probe::{self, Container, Unreadable};
use crate::processing::hash;
use crate::sidecar;

use super::tus;
use crate::scan::{file_name, media, presence, stem};

/// The content of an upload.
enum Content {
    Media {
        container: Container,
        version: String,
        is_broken_off: bool,
    },
    /// Content that is refused: the text key of the reason.
    Useless(&'static str),
    /// Content that was moved to its place already, with the hash of the whole file.
    Moved(blake3::Hash),
}

/// What is known of an upload whose bytes have arrived.
#[derive(Clone, Copy)]
struct Arrived {
    /// `None`: the file was moved to its place already.
    container: Option<Container>,
    /// Whether it stops before the end that it states.
    is_broken_off: bool,
    /// The hash of the whole file.
    hash: Option<blake3::Hash>,
}

/// Moves an upload to its place. `hash`: BLAKE3 of its bytes, when this process received them all.
///
/// Errors when the disk or the catalogue fails; the next start tries again.
pub async fn finish(app: &App, upload: &Upload, mut hash: Option<blake3::Hash>) -> Result<()> {
    // Where the disk is away no upload is to be found either, and none is given up for that.
    presence::check(app).await?;
    let (id, size, place) = (upload.id.clone(), upload.offset_bytes, upload.place.clone());
    // An upload that was interrupted after its file was moved has no file left to examine.
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
    let (container, is_broken_off) = match content.await? {
        Content::Moved(moved) => {
            hash = Some(moved);
            (None, false)
        }
        Content::Useless(why) => return refuse(app, upload, why, None).await,
        Content::Media {
            container,
            version,
            is_broken_off,
        } => {
            if let Some(same) = same_as(app, upload, version, &mut hash).await? {
                return refuse(app, upload, "upload-known", Some(same)).await;
            }
            (Some(container), is_broken_off)
        }
    };
    let arrived = Arrived {
        container,
        is_broken_off,
        hash,
    };
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

/// Finishes uploads that a crash interrupted, at each start.
pub async fn finish_all(app: &App) -> Result<()> {
    for upload in app.db.read(upload::unfinished).await? {
        if let Err(problem) = finish(app, &upload, None).await {
            tracing::warn!(%problem, upload = upload::in_log(&upload.id), "an upload could not get its place");
        }
    }
    Ok(())
}

/// Removes expired rows, and files without a row.
pub async fn sweep(app: &App) -> Result<()> {
    // The files are listed first: a file that is created meanwhile is not in the list.
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
    // Bytes that were written but never acknowledged may follow the last acknowledged one.
    if file.metadata()?.len() > size {
        file.set_len(size)?;
    }
    // Every announced byte is here: an end that is missing was missing before.
    let probed = match probe::probe(&mut file, size) {
        Err(Unreadable::Incomplete) => probe::probe_broken_off(&mut file, size),
        probed => probed,
    };
    let why = match probed {
        Ok(probed) => {
            let (container, version) = (probed.container, library::version(&mut file, size)?);
            return Ok(Content::Media {
                container,
                version,
                is_broken_off: probed.is_broken_off,
            });
        }
        Err(Unreadable::Io(problem)) => return Err(problem.into()),
        Err(Unreadable::NotMedia | Unreadable::TooLarge) => "upload-not-media",
        Err(Unreadable::Incomplete) => "upload-incomplete",
        Err(Unreadable::Damaged(_)) => "upload-damaged",
    };
    Ok(Content::Useless(why))
}

/// The recording that has the same bytes already. Originals with the same size and samples are compared by the hash of the whole
/// file, which is computed when it is missing.
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

/// Marks an upload as refused and removes its bytes.
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

/// Removes the row and the bytes of an upload. The row goes first, because the sweep removes a file without a row.
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

/// The change that adds a new recording: its sidecar, then its file.
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
    // A place that was recorded before an interruption is used again.
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
    let prepare = move |library: &Library| {
        describe(library, (&place, &name), (title, number), &public_id)?;
        Ok(None)
    };
    let place = (folder.as_str(), file_name::kind(&file).0, file.as_str());
    let change = change(app, upload, arrived, place, None, prepare).await?;
    Ok((archive, change))
}

/// Writes the sidecar of a new recording, unless it exists already.
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
        // A new recording is a draft, so that none becomes public because somebody forgot a setting.
        stated.visibility = Some(Visibility::Draft);
        stated.file = Some(file.to_owned());
    })
    .map_err(Error::internal)?;
    library.write(folder, &sidecar, text.as_bytes())
}

/// The change that replaces the file of a recording, whose current file is kept as a version.
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
        let mut before = originals.iter().map(|it| it.place.file.as_str());
        let access = before.find_map(|file| library.access_to(&place, file));
        versions::set_aside(library, &place, &public_id, &originals)?;
        Ok(access)
    };
    let place = (folder, stem, file.as_str());
    let change = change(app, upload, arrived, place, before, prepare).await?;
    Ok((archive, change))
}

/// The change that moves the file to its place, which is recorded first. `prepare` runs there first, unless the file was moved
/// already, and says whose mode and group it gets. `before`: the version that is replaced.
async fn change(
    app: &App,
    upload: &Upload,
    arrived: Arrived,
    (folder, stem, file): (&str, &str, &str),
    before: Option<String>,
    prepare: impl FnOnce(&Library) -> Result<Option<Access>> + Send + 'static,
) -> Result<Change> {
    let (id, place) = (upload.id.clone(), (folder.to_owned(), file.to_owned()));
    let decided = app.db.write(move |conn| {
        // The file that comes may have the size and time of the one that it replaces, and is read all the same.
        library_file::forget(conn, &place.0, &place.1)?;
        upload::finishing(conn, &id, &place.0, &place.1)
    });
    decided.await?;
    let (id, mut modified) = (upload.id.clone(), modified(upload));
    if arrived.is_broken_off {
        modified = media::given_up(modified);
    }
    let place = (folder.to_owned(), file.to_owned());
    let files = move |library: &Library| {
        if arrived.container.is_none() {
            return Ok(());
        }
        let access = prepare(library)?;
        library.place_upload(&id, (&place.0, &place.1), modified, access)
    };
    let rows = taken_over(app, upload, (folder, file), before, arrived.hash);
    Ok(Change::of_files((folder, stem), files, rows))
}

/// The row changes that follow the move: owner, version, audit line and the state of the upload.
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
            // The address gets a new version when its samples equal those of other bytes, because an address never leads to other
            // bytes than before.
            if original::shares_version(conn, &arrived, &hash.to_hex())? {
                arrived.version = id::version_of(&hash);
                original::set_version(conn, &arrived, &arrived.version)?;
            }
            original::set_content_hash(conn, arrived.id, &hash.to_hex())?;
        }
        let stored = stored::by_id(conn, recording)?;
        owner::set_new(conn, &folder, &stored.entry.stem, upload.coordinator_id)?;
        let actor = coordinator::by_id(conn, upload.coordinator_id)?.email;
        let act = Act {
            actor: &actor,
            act: match upload.replaces_id {
                Some(_) => "replace file",
                None => "upload",
            },
            subject: &format!("recording {}", stored.public_id),
            before: before.as_deref(),
            after: Some(&arrived.version),
        };
        // The audit line is written once, even when this step runs twice.
        if upload.state != UploadState::Done {
            audit::note(conn, &act, now)?;
        }
        upload::done(conn, &upload.id, recording)
    }
}

/// The title from the form, otherwise from the file name.
pub fn title(upload: &Upload) -> String {
    let stated = upload.title.as_deref().map(str::trim).unwrap_or_default();
    match stated {
        "" => file_name::title(file_name::kind(&upload.name).0),
        stated => stated.to_owned(),
    }
}

/// The number from the form, otherwise from the file name.
pub fn number(upload: &Upload) -> Option<i64> {
    let stem = file_name::kind(&upload.name).0;
    upload.number.or_else(|| file_name::number(stem))
}

/// When the file was last changed on the coordinator's machine, in UTC seconds, at the latest a minute before the upload was
/// created. A newer time would make the scan treat the file as still growing.
fn modified(upload: &Upload) -> i64 {
    let stated = tus::metadata(&upload.metadata)
        .and_then(|stated| stated.get("lastmodified")?.parse::<i64>().ok())
        .map(|milliseconds| milliseconds / 1000);
    let latest = upload.created_at - 60;
    stated
        .filter(|stated| (0..latest).contains(stated))
        .unwrap_or(latest)
}
