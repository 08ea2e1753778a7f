//! An upload that is whole gets its place. In: a row whose bytes are all here. Out: a draft recording under a readable name, or
//! a new version of one; or the sentence why its content is nothing we keep.
//!
//! Each step may run twice, and the place is written down before the file is moved: whatever was cut off is completed at the
//! next start. The sidecar is written first, so that the file never lies there as a recording nobody described.

use crate::app::App;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::Visibility;
use crate::catalogue::upload::{self, State, Upload};
use crate::catalogue::{
    PublicId, address, coordinator, job, original, recording::owner, recording::stored, series,
};
use crate::error::{Error, Result};
use crate::library::{self, Library};
use crate::processing::hash;
use crate::processing::probe::{self, Container, Unreadable};
use crate::sidecar;

use super::tus;
use crate::intake::{name, scan, stem, version};

/// The folder for what was uploaded without a series.
pub const INBOX: &str = "inbox";

/// What the bytes are.
enum Content {
    Media {
        container: Container,
        version: String,
    },
    /// Nothing we keep: the key of the sentence that says why.
    Useless(&'static str),
}

/// Where its bytes are.
enum Found {
    Here(Content),
    /// At its place already.
    Moved,
    Nowhere,
}

/// Gives an upload its place. `hash`: BLAKE3 of its bytes, when this process saw them all.
///
/// Errors when the disk or the catalogue fail; then it is tried again at the next start.
pub async fn finish(app: &App, upload: &Upload, hash: Option<blake3::Hash>) -> Result<()> {
    let (library, id, size) = (app.library.clone(), upload.id.clone(), upload.offset_bytes);
    let place = upload.place.clone();
    // What was cut off after the file was moved has nothing more to look at.
    let content = tokio::task::spawn_blocking(move || match (library.has_upload(&id), place) {
        (true, _) => content(&library, &id, size).map(Found::Here),
        (false, Some((folder, file))) if library.look(&folder, &file)?.is_some() => {
            Ok(Found::Moved)
        }
        (false, _) => Ok(Found::Nowhere),
    });
    let version = match content.await.map_err(Error::internal)?? {
        Found::Moved => None,
        Found::Nowhere => return refuse(app, upload, "upload-lost", None).await,
        Found::Here(Content::Useless(why)) => return refuse(app, upload, why, None).await,
        Found::Here(Content::Media { container, version }) => Some((container, version)),
    };
    if let Some((_, version)) = &version
        && let Some(known) = known_as(app, version).await?
    {
        return refuse(app, upload, "upload-known", Some(known)).await;
    }
    let lock = scan::lock(app).await?;
    let place = match upload.replaces_id {
        Some(recording) => replace(app, upload, recording, version).await?,
        None => add(app, upload, version).await?,
    };
    scan::scan_folder(app, &lock, &place.folder).await?;
    take_over(app, upload, &place, hash).await?;
    drop(lock);
    app.transfers.forget(&upload.id);
    app.bell.ring_work();
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
    let library = app.library.clone();
    let files = tokio::task::spawn_blocking(move || library.upload_ids());
    let files = files.await.map_err(Error::internal)??;
    let now = app.clock.now();
    let living = app.db.write(move |conn| {
        upload::remove_expired(conn, now)?;
        upload::living(conn, now)
    });
    let living = living.await?;
    let library = app.library.clone();
    let swept = tokio::task::spawn_blocking(move || {
        files
            .iter()
            .filter(|id| !living.contains(id))
            .try_for_each(|id| library.remove_upload(id))
    });
    swept.await.map_err(Error::internal)?
}

fn content(library: &Library, id: &str, size: u64) -> Result<Content> {
    let mut file = library.open_upload(id)?;
    let probed = match probe::probe(&mut file, size) {
        Ok(probed) => probed,
        Err(Unreadable::Io(problem)) => return Err(problem.into()),
        Err(Unreadable::NotMedia | Unreadable::TooLarge) => {
            return Ok(Content::Useless("upload-not-media"));
        }
        Err(Unreadable::Incomplete) => return Ok(Content::Useless("upload-incomplete")),
        Err(Unreadable::Damaged(_)) => return Ok(Content::Useless("upload-damaged")),
    };
    let version = library::version(&mut file, size)?;
    Ok(Content::Media {
        container: probed.container,
        version,
    })
}

/// The recording that has these bytes already.
async fn known_as(app: &App, version: &str) -> Result<Option<i64>> {
    let version = version.to_owned();
    app.db
        .read(move |conn| {
            for known in original::of_content(conn, &version)? {
                if !known.missing && !stored::known(conn, known.recording_id)?.deleted {
                    return Ok(Some(known.recording_id));
                }
            }
            Ok(None)
        })
        .await
}

/// Its content is nothing we keep.
async fn refuse(
    app: &App,
    upload: &Upload,
    why: &'static str,
    recording: Option<i64>,
) -> Result<()> {
    let id = upload.id.clone();
    app.db
        .write(move |conn| upload::refuse(conn, &id, why, recording))
        .await?;
    let (library, id) = (app.library.clone(), upload.id.clone());
    app.transfers.forget(&upload.id);
    tokio::task::spawn_blocking(move || library.remove_upload(&id))
        .await
        .map_err(Error::internal)?
}

/// Where it lies now.
struct Placed {
    folder: String,
    file: String,
    /// The version that was there before, when it replaced one.
    before: Option<String>,
}

/// A new recording: its sidecar, then its file.
async fn add(app: &App, upload: &Upload, content: Option<(Container, String)>) -> Result<Placed> {
    let Some((container, _)) = content else {
        let (folder, file) = upload.place.clone().ok_or(Error::NotFound)?;
        return Ok(Placed {
            folder,
            file,
            before: None,
        });
    };
    let row = upload.series_id;
    let found = app.db.read(move |conn| {
        let folder = match row {
            Some(row) => series::by_id(conn, row)?.folder,
            None => INBOX.to_owned(),
        };
        Ok((folder, address::free_id(conn)?))
    });
    let (folder, public_id) = found.await?;
    let title = title(upload);
    let number = number(upload);
    let (library, ending) = (app.library.clone(), ending(container, &upload.name));
    let (place, known, asked) = (upload.place.clone(), folder.clone(), title.clone());
    let file = tokio::task::spawn_blocking(move || match place {
        // Decided before something was cut off.
        Some((_, file)) => Ok(file),
        None => {
            library.make_folder(&known)?;
            let taken: Vec<String> = library
                .folder(&known)?
                .into_iter()
                .map(|entry| entry.name)
                .collect();
            Ok::<_, Error>(format!("{}.{ending}", stem::free(&taken, number, &asked)))
        }
    });
    let file = file.await.map_err(Error::internal)??;
    decide(app, upload, &folder, &file).await?;
    let (library, id, modified) = (app.library.clone(), upload.id.clone(), modified(upload));
    let placed = Placed {
        folder,
        file,
        before: None,
    };
    let (folder, name) = (placed.folder.clone(), placed.file.clone());
    tokio::task::spawn_blocking(move || {
        describe(&library, (&folder, &name), (title, number), &public_id)?;
        library.place_upload(&id, (&folder, &name), modified)
    })
    .await
    .map_err(Error::internal)??;
    Ok(placed)
}

/// Writes the sidecar of a new recording, unless it is there already.
fn describe(
    library: &Library,
    (folder, file): (&str, &str),
    (title, number): (String, Option<i64>),
    id: &PublicId,
) -> Result<()> {
    let beside = format!("{}.toml", name::kind(file).0);
    if library.look(folder, &beside)?.is_some() {
        return Ok(());
    }
    let text = sidecar::edit_recording(None, |said| {
        said.id = Some(id.to_string());
        said.title = Some(title);
        said.number = number;
        // Nothing is public because someone forgot to say otherwise.
        said.visibility = Some(Visibility::Draft);
        said.file = Some(file.to_owned());
    })
    .map_err(Error::internal)?;
    library.write(folder, &beside, text.as_bytes())
}

/// A new version of a recording: what is there now is kept aside, under its version.
async fn replace(
    app: &App,
    upload: &Upload,
    recording: i64,
    content: Option<(Container, String)>,
) -> Result<Placed> {
    let found = app.db.read(move |conn| {
        let known = stored::known(conn, recording)?;
        let folder = series::by_id(conn, known.series_id)?.folder;
        Ok((known, folder, original::current(conn, recording)?))
    });
    let (known, folder, current) = found.await?;
    let before = current.first().map(|original| original.version.clone());
    let file = match (&upload.place, &content) {
        (Some((_, file)), _) => file.clone(),
        (None, Some((container, _))) => {
            format!("{}.{}", known.said.stem, ending(*container, &upload.name))
        }
        (None, None) => return Err(Error::NotFound),
    };
    decide(app, upload, &folder, &file).await?;
    let placed = Placed {
        folder,
        file,
        before,
    };
    if content.is_none() {
        return Ok(placed);
    }
    let (library, id, modified) = (app.library.clone(), upload.id.clone(), modified(upload));
    let (folder, name) = (placed.folder.clone(), placed.file.clone());
    tokio::task::spawn_blocking(move || {
        version::set_aside(&library, &folder, &known.public_id, &current)?;
        library.place_upload(&id, (&folder, &name), modified)
    })
    .await
    .map_err(Error::internal)??;
    Ok(placed)
}

/// Writes down where it goes, before it goes there.
async fn decide(app: &App, upload: &Upload, folder: &str, file: &str) -> Result<()> {
    let (id, folder, file) = (upload.id.clone(), folder.to_owned(), file.to_owned());
    app.db
        .write(move |conn| upload::finishing(conn, &id, &folder, &file))
        .await
}

/// The rows that follow: whose it is, what it was, and that the upload is done.
async fn take_over(
    app: &App,
    upload: &Upload,
    place: &Placed,
    hash: Option<blake3::Hash>,
) -> Result<()> {
    let (upload, now) = (upload.clone(), app.clock.now());
    let Placed {
        folder,
        file,
        before,
    } = place;
    let (folder, file, before) = (folder.clone(), file.clone(), before.clone());
    app.db
        .write(move |conn| {
            let arrived = version::is_current(conn, &folder, &file, now)?;
            let recording = arrived.recording_id;
            if let Some(hash) = hash {
                original::set_content_hash(conn, arrived.id, &hash.to_hex())?;
                job::cancel(conn, hash::STEP, recording, arrived.id)?;
            }
            let known = stored::known(conn, recording)?;
            owner::set_new(conn, &folder, &known.said.stem, upload.coordinator_id)?;
            let who = coordinator::by_id(conn, upload.coordinator_id)?.email;
            let act = Act {
                who: &who,
                act: if upload.replaces_id.is_some() {
                    "replace file"
                } else {
                    "upload"
                },
                subject: &format!("recording {}", known.public_id),
                before: before.as_deref(),
                after: Some(&arrived.version),
            };
            // Once, also when this step runs twice.
            if upload.state != State::Done {
                audit::note(conn, &act, now)?;
            }
            upload::done(conn, &upload.id, recording)
        })
        .await
}

/// What the form says, else what the name of the file says.
pub fn title(upload: &Upload) -> String {
    let said = upload.title.as_deref().map(str::trim).unwrap_or_default();
    match said {
        "" => name::title(name::kind(&upload.name).0),
        said => said.to_owned(),
    }
}

/// Likewise.
pub fn number(upload: &Upload) -> Option<i64> {
    let stem = name::kind(&upload.name).0;
    upload.number.or_else(|| name::number(stem))
}

/// When the file was last changed on the coordinator's machine, as its client says; else when it was announced. A file that
/// just arrived would count as one that is still growing.
fn modified(upload: &Upload) -> i64 {
    let said = tus::metadata(&upload.metadata)
        .and_then(|said| said.get("lastmodified")?.parse::<i64>().ok())
        .map(|milliseconds| milliseconds / 1000);
    let latest = upload.created_at - 60;
    said.filter(|said| (0..latest).contains(said))
        .unwrap_or(latest)
}

/// The ending of its name: the one it came with when that fits what the bytes are.
fn ending(container: Container, name: &str) -> String {
    let endings: &[&str] = match container {
        Container::Mp4 => &["mp4", "m4v", "mov"],
        Container::Mov => &["mov", "mp4", "m4v"],
        Container::M4a => &["m4a", "mp4"],
        Container::ThreeGp => &["3gp", "mp4"],
        Container::WebM => &["webm", "mkv"],
        Container::Matroska => &["mkv", "webm"],
        Container::Avi => &["avi"],
        Container::Asf => &["wmv"],
        Container::MpegPs => &["mpg", "mpeg"],
        Container::MpegTs => &["ts", "mts", "m2ts"],
        Container::Flv => &["flv"],
        Container::Mp3 => &["mp3"],
        Container::Ogg => &["ogg", "oga", "ogv", "opus"],
        Container::Wav => &["wav"],
    };
    let came = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .filter(|ending| endings.contains(&ending.as_str()));
    came.unwrap_or_else(|| endings.first().copied().unwrap_or("mp4").to_owned())
}
