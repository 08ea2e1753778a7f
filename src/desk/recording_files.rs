//! What lies beside a recording: captions, a still picture, hand-outs. In: a file someone chose, whatever it is. Out: a file
//! of ours in the folder, named after the recording, or the sentence why not.

use super::frame;
use super::posted::Errors;
use super::recording_edit::{RecordingPage, Shown, desk};
use super::save;
use crate::app::App;
use crate::catalogue::caption::Cue;
use crate::catalogue::id;
use crate::error::{Error, Result, Text};
use crate::intake::name::{self, Kind};
use crate::intake::scan;
use crate::text;
use crate::timed_text;
use crate::web::Texts;
use crate::web::sign_in::Me;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use image::ImageFormat;

/// Bytes of a hand-out, a picture or captions; what is larger is put into the folder by hand.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// The longest side of a picture, in pixels (as when it is drawn).
const LARGEST_SIDE: u32 = 12_000;

/// A file that was chosen, with the fields around it.
#[derive(Default)]
struct Chosen {
    name: String,
    bytes: Vec<u8>,
    words: String,
}

/// Reads `file` and one more field.
async fn chosen(mut form: Multipart, field: &str) -> Result<Chosen> {
    let mut chosen = Chosen::default();
    let unreadable = |_| Error::Refused(text!("file-large", most = "32 MB"));
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("file") => {
                chosen.name = part.file_name().unwrap_or_default().to_owned();
                chosen.bytes = part.bytes().await.map_err(unreadable)?.to_vec();
            }
            Some(name) if name == field => {
                let text = part.bytes().await.map_err(unreadable)?;
                chosen.words = String::from_utf8_lossy(&text)
                    .trim()
                    .chars()
                    .take(500)
                    .collect();
            }
            _ => {}
        }
    }
    if chosen.bytes.is_empty() {
        return Err(Error::Refused(text!("file-none")));
    }
    Ok(chosen)
}

/// `POST /desk/recordings/{id}/captions`: `file` and `language`. Captions of that language are replaced; they are kept as
/// WebVTT in UTF-8, whatever they came as.
pub async fn add_captions(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    form: Multipart,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let done = captions(&app, &me, &page, form).await;
    answer(
        &app,
        &me,
        &texts,
        &page,
        done,
        ("captions-file", "done-captions"),
    )
}

async fn captions(app: &App, me: &Me, page: &RecordingPage, form: Multipart) -> Result<()> {
    let chosen = chosen(form, "language").await?;
    let language = name::language(&chosen.words).ok_or(Error::Refused(text!("language-odd")))?;
    let read = timed_text::read(&chosen.bytes).map_err(|broken| {
        let line = broken.line.to_string();
        Error::Refused(Text {
            key: broken.reason.key(),
            args: vec![("line", line.into())],
        })
    })?;
    if read.cues.is_empty() {
        return Err(Error::Refused(text!("captions-empty")));
    }
    put_captions(app, me, page, &language, &read.cues).await
}

/// Writes the captions of a language, in place of those there are.
pub async fn put_captions(
    app: &App,
    me: &Me,
    page: &RecordingPage,
    language: &str,
    cues: &[Cue],
) -> Result<()> {
    let stem = &page.here.known.said.stem;
    let file = format!("{stem}.{language}.vtt");
    let text = timed_text::write_vtt(cues.iter());
    // What would not be read again must not take the place of what can be.
    if timed_text::read(text.as_bytes()).is_err() {
        return Err(Error::Refused(text!("captions-empty")));
    }
    let others = others(page, |kind, said| {
        kind == Kind::Caption && is_language(page, said, language)
    });
    put(
        app,
        me,
        page,
        "set captions",
        (file, text.into_bytes()),
        others,
    )
    .await
}

fn is_language(page: &RecordingPage, said: &str, language: &str) -> bool {
    match said {
        "" => page.recording.language == language,
        said => name::language(said).as_deref() == Some(language),
    }
}

/// `POST /desk/recordings/{id}/captions/{language}/remove`
pub async fn remove_captions(
    State(app): State<App>,
    me: Me,
    Path((id, language)): Path<(String, String)>,
    texts: Texts,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let found = others(&page, |kind, said| {
        kind == Kind::Caption && is_language(&page, said, &language)
    });
    take_away(&app, &me, &page, "remove captions", found).await?;
    frame::go(
        &texts,
        desk(&page.recording.public_id),
        Some("done-removed"),
    )
}

/// `POST /desk/recordings/{id}/poster`: `file`. What it is, is decided by its bytes.
pub async fn set_poster(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    form: Multipart,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let done = poster(&app, &me, &page, form).await;
    answer(
        &app,
        &me,
        &texts,
        &page,
        done,
        ("poster-file", "done-poster"),
    )
}

async fn poster(app: &App, me: &Me, page: &RecordingPage, form: Multipart) -> Result<()> {
    let chosen = chosen(form, "").await?;
    let (chosen, ending) = tokio::task::spawn_blocking(move || picture(chosen))
        .await
        .map_err(Error::internal)??;
    let file = format!("{}.{ending}", page.here.known.said.stem);
    let others = others(page, |kind, said| kind == Kind::Picture && said.is_empty());
    put(app, me, page, "set poster", (file, chosen.bytes), others).await
}

/// A picture that can be drawn, and the ending it should have.
fn picture(chosen: Chosen) -> Result<(Chosen, &'static str)> {
    let odd = || Error::Refused(text!("poster-odd"));
    let format = image::guess_format(&chosen.bytes).map_err(|_| odd())?;
    let ending = match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        ImageFormat::WebP => "webp",
        _ => return Err(odd()),
    };
    let reader = image::ImageReader::with_format(std::io::Cursor::new(&chosen.bytes), format);
    let (width, height) = reader.into_dimensions().map_err(|_| odd())?;
    match width.max(height) > LARGEST_SIDE || width.min(height) == 0 {
        true => Err(odd()),
        false => Ok((chosen, ending)),
    }
}

/// `POST /desk/recordings/{id}/poster/remove`
pub async fn remove_poster(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let found = others(&page, |kind, said| kind == Kind::Picture && said.is_empty());
    take_away(&app, &me, &page, "remove poster", found).await?;
    frame::go(
        &texts,
        desk(&page.recording.public_id),
        Some("done-removed"),
    )
}

/// `POST /desk/recordings/{id}/handouts`: `file` and `title`.
pub async fn add_handout(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    form: Multipart,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let done = handout(&app, &me, &page, form).await;
    answer(
        &app,
        &me,
        &texts,
        &page,
        done,
        ("handout-file", "done-handout"),
    )
}

async fn handout(app: &App, me: &Me, page: &RecordingPage, form: Multipart) -> Result<()> {
    let chosen = chosen(form, "title").await?;
    let (before, kind) = name::kind(&chosen.name);
    let ending: String = chosen.name[before.len()..]
        .trim_start_matches('.')
        .to_lowercase();
    let fits =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits || !matches!(kind, Kind::Other | Kind::Picture) {
        return Err(Error::Refused(text!("handout-odd")));
    }
    if chosen.words.contains(char::is_control) {
        return Err(Error::Refused(text!("field-control")));
    }
    let title = match chosen.words.as_str() {
        "" => name::title(before),
        title => title.to_owned(),
    };
    let mut words = id::slug(&title);
    words.truncate(60);
    let words = words.trim_matches('-');
    let words = if words.is_empty() || name::language(words).is_some() {
        "bijlage"
    } else {
        words
    };
    let file = format!("{}.{words}.{ending}", page.here.known.said.stem);
    let public_id = page.recording.public_id.clone();
    let entry = crate::sidecar::Attachment {
        file: file.clone(),
        title,
    };
    put(
        app,
        me,
        page,
        "add hand-out",
        (file, chosen.bytes),
        Vec::new(),
    )
    .await?;
    save::recording(app, me, "name hand-out", &public_id, None, move |said| {
        said.attachments.retain(|known| known.file != entry.file);
        said.attachments.push(entry);
    })
    .await?;
    Ok(())
}

/// Back to the page, which says what was done, or why not.
fn answer(
    app: &App,
    me: &Me,
    texts: &Texts,
    page: &RecordingPage,
    done: Result<()>,
    (field, said): (&'static str, &'static str),
) -> Result<Response> {
    match done {
        Ok(()) => frame::go(texts, desk(&page.recording.public_id), Some(said)),
        Err(Error::Refused(why)) => {
            let shown = Shown {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                posted: page.as_form(),
                errors: Errors::from([(field, why)]),
            };
            Ok(page.show(app, texts, me, None, &shown))
        }
        Err(other) => Err(other),
    }
}

/// `POST /desk/recordings/{id}/handouts/remove`: `file`, the name of the hand-out.
pub async fn remove_handout(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: super::posted::Posted,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let wanted = posted.get("file");
    let known = page
        .attachments
        .iter()
        .find(|known| known.place.file == wanted)
        .ok_or(Error::NotFound)?;
    let file = known.place.file.clone();
    take_away(&app, &me, &page, "remove hand-out", vec![file.clone()]).await?;
    let public_id = page.recording.public_id.clone();
    save::recording(
        &app,
        &me,
        "remove hand-out",
        &public_id,
        None,
        move |said| said.attachments.retain(|known| known.file != file),
    )
    .await?;
    frame::go(&texts, desk(&public_id), Some("done-removed"))
}

/// Files of the recording that are of a kind; `said`: what stands between stem and ending.
fn others(page: &RecordingPage, is_meant: impl Fn(Kind, &str) -> bool) -> Vec<String> {
    let stem = &page.here.known.said.stem;
    page.files
        .iter()
        .filter(|file| {
            let (before, kind) = name::kind(file);
            before
                .strip_prefix(stem.as_str())
                .filter(|rest| rest.is_empty() || rest.starts_with('.'))
                .is_some_and(|rest| is_meant(kind, rest.trim_start_matches('.')))
        })
        .cloned()
        .collect()
}

/// Puts a file beside the recording and takes away those it replaces.
async fn put(
    app: &App,
    me: &Me,
    page: &RecordingPage,
    act: &'static str,
    (file, bytes): (String, Vec<u8>),
    mut others: Vec<String>,
) -> Result<()> {
    others.retain(|other| *other != file);
    let lock = scan::lock(app).await?;
    let subject = format!("recording {}", page.recording.public_id);
    let (before, after) = (others.join("\n"), file.clone());
    remove(app, &page.here.folder, others).await?;
    save::bytes(app, &lock, &page.here.folder, file, bytes).await?;
    save::note(app, me, act, subject, &before, &after).await
}

async fn take_away(
    app: &App,
    me: &Me,
    page: &RecordingPage,
    act: &'static str,
    files: Vec<String>,
) -> Result<()> {
    let lock = scan::lock(app).await?;
    let subject = format!("recording {}", page.recording.public_id);
    let before = files.join("\n");
    remove(app, &page.here.folder, files).await?;
    scan::scan_folder(app, &lock, &page.here.folder).await?;
    save::note(app, me, act, subject, &before, "").await
}

async fn remove(app: &App, folder: &str, files: Vec<String>) -> Result<()> {
    let (library, folder) = (app.library.clone(), folder.to_owned());
    let removed = tokio::task::spawn_blocking(move || {
        files
            .iter()
            .try_for_each(|file| library.remove(&folder, file))
    });
    removed.await.map_err(Error::internal)?
}
