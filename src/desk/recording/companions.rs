//! What lies beside a recording: captions, a still picture, hand-outs. In: a file someone chose, whatever it is. Out: a file
//! of ours in the folder, named after the recording, or the sentence why not.

use crate::app::App;
use crate::archive::{Archive, Change};
use crate::catalogue::caption::Cue;
use crate::catalogue::id;
use crate::desk::kit::multipart::{Chosen, choose};
use crate::desk::kit::{Context, Errors, FormState, Posted};
use crate::desk::recording::files;
use crate::desk::recording::page::RecordingPage;
use crate::error::{Error, Result, Text};
use crate::intake::folder::Companion;
use crate::intake::name::{self, Kind};
use crate::library::Library;
use crate::processing::poster::LARGEST_SIDE;
use crate::sidecar::{Attachment, LONGEST_LINE_CHARS, RecordingSidecar};
use crate::text;
use crate::timed_text::{self, Warning};
use axum::extract::{Multipart, Path};
use axum::response::Response;
use image::ImageFormat;

/// What may be put beside a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Captions,
    Poster,
    Handout,
}

impl Beside {
    /// The field next to the file: its name, and the most characters that are kept of it.
    fn words(self) -> &'static str {
        match self {
            Self::Captions => "language",
            Self::Poster => "",
            Self::Handout => "title",
        }
    }

    /// The field of the file, and what to say when it was put there.
    fn field(self) -> (&'static str, &'static str) {
        match self {
            Self::Captions => ("captions-file", "done-captions"),
            Self::Poster => ("poster-file", "done-poster"),
            Self::Handout => ("handout-file", "done-handout"),
        }
    }
}

/// `POST /desk/recordings/{id}/captions`: `file` and `language`. Captions of that language are replaced; they are kept as
/// WebVTT in UTF-8, whatever they came as.
pub async fn add_captions(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Beside::Captions).await
}

/// `POST /desk/recordings/{id}/poster`: `file`. What it is, is decided by its bytes.
pub async fn set_poster(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Beside::Poster).await
}

/// `POST /desk/recordings/{id}/handouts`: `file` and `title`.
pub async fn add_handout(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Beside::Handout).await
}

/// Puts it there, and goes back to the page, which says so, or why not.
async fn add(context: &Context, id: &str, form: Multipart, beside: Beside) -> Result<Response> {
    let mut chosen = Chosen::default();
    let read = choose(form, beside.words(), &mut chosen).await;
    // Looked at under the lock: while the file came in, the recording may have been moved.
    let (archive, page) = RecordingPage::locked(context, id).await?;
    let typed = Posted::of([(beside.words(), chosen.words.clone())]);
    let mut errors = Errors::new();
    typed.line(beside.words(), LONGEST_LINE_CHARS, &mut errors);
    if !errors.is_empty() {
        let state = FormState::wrong(typed, errors);
        return files::draw(context, &page, state, &[]).await;
    }
    let mut warnings = Vec::new();
    let done = match (read, beside) {
        (Err(refused), _) => Err(refused),
        (Ok(()), Beside::Captions) => captions(&archive, &page, chosen, &mut warnings).await,
        (Ok(()), Beside::Poster) => poster(&context.app, &archive, &page, chosen).await,
        (Ok(()), Beside::Handout) => handout(&archive, &page, chosen).await,
    };
    let (field, said) = beside.field();
    match done {
        Ok(()) => context.go(files::address_after(&page, &warnings), said),
        Err(Error::Refused(why)) => {
            let field = if why.key == "language-odd" {
                "language"
            } else {
                field
            };
            let state = FormState::wrong(typed, Errors::from([(field, why)]));
            files::draw(context, &page, state, &[]).await
        }
        Err(other) => Err(other),
    }
}

async fn captions(
    archive: &Archive,
    page: &RecordingPage,
    chosen: Chosen,
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let language = name::language(&chosen.words).ok_or(Error::Refused(text!("language-odd")))?;
    let read = timed_text::read(&chosen.bytes).map_err(refusal)?;
    if read.cues.is_empty() {
        return Err(Error::Refused(text!("captions-empty")));
    }
    *warnings = read.warnings;
    put_captions(archive, page, &language, &read.cues).await
}

fn refusal(broken: timed_text::Broken) -> Error {
    let line = broken.line.to_string();
    Error::Refused(Text {
        key: broken.reason.key(),
        args: vec![("line", line.into())],
    })
}

/// Writes the captions of a language, in place of those there are. `archive`: taken before `page` was loaded.
pub async fn put_captions(
    archive: &Archive,
    page: &RecordingPage,
    language: &str,
    cues: &[Cue],
) -> Result<()> {
    let stem = &page.here.known.said.stem;
    let are_these = |it: &Companion<'_>| it.is_captions(language, page.recording.language());
    // A recording may be called as the captions of another: then capitals, which a scan reads as the same language.
    let names = [language.to_owned(), language.to_uppercase()];
    let file = names
        .map(|language| format!("{stem}.{language}.vtt"))
        .into_iter()
        .find(|file| would_be(page, file, are_these))
        .ok_or(Error::Refused(text!(
            "captions-name-taken",
            name = format!("{stem}.{language}")
        )))?;
    let text = timed_text::write_vtt(cues.iter());
    // What would not be read again must not take the place of what can be. Written, they may be larger than they came.
    timed_text::read(text.as_bytes()).map_err(refusal)?;
    let others = others(page, are_these);
    let new = (file, text.into_bytes());
    put(archive, page, "set captions", new, others).await
}

/// `POST /desk/recordings/{id}/captions/{language}/remove`
pub async fn remove_captions(
    context: Context,
    Path((id, language)): Path<(String, String)>,
) -> Result<Response> {
    let (archive, page) = RecordingPage::locked(&context, &id).await?;
    let found = others(&page, |it| {
        it.is_captions(&language, page.recording.language())
    });
    take_away(&archive, &page, "remove captions", found).await?;
    context.go(files::address(&page), "done-removed")
}

async fn poster(app: &App, archive: &Archive, page: &RecordingPage, chosen: Chosen) -> Result<()> {
    let (chosen, ending) = app.library.run(move |_| picture(chosen)).await?;
    let file = format!("{}.{ending}", page.here.known.said.stem);
    let others = others(page, |it| it.is_poster());
    let new = (file, chosen.bytes);
    put(archive, page, "set poster", new, others).await
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
pub async fn remove_poster(context: Context, Path(id): Path<String>) -> Result<Response> {
    let (archive, page) = RecordingPage::locked(&context, &id).await?;
    let found = others(&page, |it| it.is_poster());
    take_away(&archive, &page, "remove poster", found).await?;
    context.go(files::address(&page), "done-removed")
}

async fn handout(archive: &Archive, page: &RecordingPage, chosen: Chosen) -> Result<()> {
    let (before, kind) = name::kind(&chosen.name);
    let ending: String = chosen.name[before.len()..]
        .trim_start_matches('.')
        .to_lowercase();
    let fits =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits || !matches!(kind, Kind::Other | Kind::Picture) {
        return Err(Error::Refused(text!("handout-odd")));
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
    let stem = &page.here.known.said.stem;
    let others = (2_u32..).map(|again| format!("{stem}.{words}-{again}.{ending}"));
    let file = std::iter::once(format!("{stem}.{words}.{ending}"))
        .chain(others)
        .find(|file| {
            let is_one = |it: &Companion<'_>| it.words.starts_with(words);
            would_be(page, file, is_one) && !page.files.contains(file)
        })
        .ok_or(Error::NotFound)?;
    let entry = Attachment {
        file: file.clone(),
        title,
    };
    // The file before the sidecar that gives it its title: a name without a file would be a promise.
    let bytes = chosen.bytes;
    let named = move |said: &mut RecordingSidecar| {
        said.attachments.retain(|known| known.file != entry.file);
        said.attachments.push(entry);
    };
    let change = page
        .here
        .edited_after("add hand-out", named, move |library, folder| {
            library.write(folder, &file, &bytes)
        })?;
    archive.commit(vec![change]).await.map(drop)
}

/// `POST /desk/recordings/{id}/handouts/remove`: `file`, the name of the hand-out.
pub async fn remove_handout(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let (archive, page) = RecordingPage::locked(&context, &id).await?;
    let wanted = posted.get("file");
    let known = page
        .attachments
        .iter()
        .find(|known| known.place.file == wanted)
        .ok_or(Error::NotFound)?;
    let file = known.place.file.clone();
    let (gone, unnamed) = (file.clone(), move |said: &mut RecordingSidecar| {
        said.attachments.retain(|known| known.file != file);
    });
    let change = page
        .here
        .edited_after("remove hand-out", unnamed, move |library, folder| {
            library.remove(folder, &gone)
        })?;
    archive.commit(vec![change]).await?;
    context.go(files::address(&page), "done-removed")
}

/// Files of the recording that are of a kind.
fn others(page: &RecordingPage, is_meant: impl Fn(&Companion<'_>) -> bool) -> Vec<String> {
    let is_meant = |file: &&String| is_ours(page, file, &is_meant);
    page.files.iter().filter(is_meant).cloned().collect()
}

/// Whether a scan takes a file of that name for this recording's, and as what is meant.
fn is_ours(page: &RecordingPage, file: &str, is_meant: impl Fn(&Companion<'_>) -> bool) -> bool {
    let stem = &page.here.known.said.stem;
    let found = page.folder.companion(file);
    found.is_some_and(|found| found.stem == stem && is_meant(&found))
}

/// Whether a file of that name, once written, is this recording's and takes the place of no other recording's. On some disks
/// capitals make no other name.
fn would_be(page: &RecordingPage, file: &str, is_meant: impl Fn(&Companion<'_>) -> bool) -> bool {
    let alike = page.files.iter().filter(|it| it.eq_ignore_ascii_case(file));
    alike
        .map(String::as_str)
        .chain([file])
        .all(|file| is_ours(page, file, &is_meant))
}

/// Puts a file beside the recording and takes away those it replaces.
async fn put(
    archive: &Archive,
    page: &RecordingPage,
    act: &'static str,
    (file, bytes): (String, Vec<u8>),
    mut others: Vec<String>,
) -> Result<()> {
    others.retain(|other| *other != file);
    let folder = page.here.folder.clone();
    let (before, after) = (others.join("\n"), file.clone());
    let files = move |library: &Library| {
        // The new one first: a full disk must not take the old one along.
        library.write(&folder, &file, &bytes)?;
        others
            .iter()
            .try_for_each(|other| library.remove(&folder, other))
    };
    let change = Change::of_recording(act, page.here.subject(), page.here.place(), files);
    let change = change.saying(Some(before).filter(|it| !it.is_empty()), Some(after));
    archive.commit(vec![change]).await.map(drop)
}

async fn take_away(
    archive: &Archive,
    page: &RecordingPage,
    act: &'static str,
    gone: Vec<String>,
) -> Result<()> {
    let (folder, before) = (page.here.folder.clone(), gone.join("\n"));
    let files = move |library: &Library| {
        gone.iter()
            .try_for_each(|file| library.remove(&folder, file))
    };
    let change = Change::of_recording(act, page.here.subject(), page.here.place(), files);
    let change = change.saying(Some(before).filter(|it| !it.is_empty()), None);
    archive.commit(vec![change]).await.map(drop)
}
