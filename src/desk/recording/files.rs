//! `/desk/recordings/{id}/files`: the media file of a recording with all versions, its captions, poster and hand-outs. Each form
//! works without script; with script a frame of the recording can become its poster.

use axum::extract::{Multipart, Path};
use axum::response::Response;
use maud::html;

use super::companions::CompanionPlace;
use super::made::Made;
use super::page::RecordingPage;
use super::player::DeskPlayer;
use super::timing::{self, TimingSection};
use super::versions::Versions;
use super::{captions, handouts, poster};
use crate::app::App;
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::language;
use crate::catalogue::original::{self, Original};
use crate::desk::kit::context;
use crate::desk::kit::multipart::{Chosen, choose};
use crate::desk::kit::{Context, Errors, FormState, Posted, Tab, form};
use crate::desk::queue::rows;
use crate::error::{Error, Result};
use crate::scan::file_name;
use crate::scan::folder::Unclaimed;
use crate::scan::list;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::timed_text::Warning;

/// The content of the page.
struct FilesPage {
    page: RecordingPage,
    captions: captions::Captions,
    attachments: Vec<Attachment>,
    unclaimed: Vec<Unclaimed>,
    originals: Vec<Original>,
    frames: poster::Frames,
    versions: Versions,
    made: Made,
    player: DeskPlayer,
    timing: Option<TimingSection>,
}

impl FilesPage {
    async fn load(context: &Context, id: &str) -> Result<Self> {
        let now = context.now();
        let loaded = RecordingPage::load_with(context, id, move |conn, page| {
            let row = page.recording.id;
            let captions = captions::Captions::load(conn, row)?;
            Ok(Self {
                versions: Versions::load(conn, &page.recording, captions.all())?,
                made: Made::load(conn, row, now)?,
                timing: TimingSection::load(conn, &page, captions.all())?,
                attachments: attachment::first_of_recording(conn, row)?,
                unclaimed: Vec::new(),
                originals: original::sources(conn, row)?,
                frames: poster::Frames::load(conn, row)?,
                player: DeskPlayer::load(conn, &page.recording)?,
                captions,
                page,
            })
        });
        let mut files = loaded.await?;
        let (current, recording) = (&files.page.current, &files.page.recording);
        let (folder, id) = (current.folder.clone(), recording.public_id.clone());
        let stem = files.page.stem().to_owned();
        let found = context.app.library.run(move |library| {
            // Without its folder the page shows what the catalogue knows.
            let group = list::group(library, &folder, &stem).unwrap_or_default();
            Ok((library.versions(&folder, &id)?, group.unclaimed))
        });
        (files.versions.kept, files.unclaimed) = found.await?;
        files.made.has_tools = rows::has_tools(&context.app).await?;
        Ok(files)
    }

    fn draw(&self, context: &Context, mut state: FormState, warnings: &[Warning]) -> Response {
        let page = &self.page;
        for field in [captions::LANGUAGE, captions::TYPED] {
            if !state.posted.has(field.name) {
                state.posted = state.posted.and(field.name, page.recording.language());
            }
        }
        let form = state.form(&context.texts);
        let labels = [
            timing::AT,
            captions::FILE,
            captions::LANGUAGE,
            captions::TYPED,
            poster::FRAME,
            poster::FILE,
            handouts::FILE,
            handouts::TITLE,
        ];
        let main = html! {
            (form.summary(&labels))
            @if let Some(timing) = &self.timing { (timing.section(&form, page, &self.player)) }
            (self.versions.section(context, page, self.originals.first()))
            (self.made.section(context, page, &self.originals))
            (captions::section(&form, page, &self.captions, warnings))
            (poster::section(&form, (page, &self.player), &self.frames))
            (handouts::section(&form, (page, &self.attachments), &self.unclaimed))
        };
        page.framed(context, (Tab::Files, state.status), &main)
    }
}

/// `GET /desk/recordings/{id}/files`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = FilesPage::load(&context, &id).await?;
    let warnings = captions::warnings(context.query());
    Ok(page.draw(&context, FormState::empty(), &warnings))
}

/// The page again, with what was typed and what is wrong with it.
async fn again(context: &Context, id: &str, typed: Posted, wrong: Errors) -> Result<Response> {
    let page = FilesPage::load(context, id).await?;
    Ok(page.draw(context, FormState::wrong(typed, wrong), &[]))
}

/// `POST /desk/recordings/{id}/timing`, with the form of [`timing::change`].
pub async fn set_timing(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    // A colleague may have chosen first.
    if place.page.recording.timing.is_some() {
        let change = match timing::change(&context, &place, &posted).await {
            Err(Error::Refused(why)) => {
                let wrong = Errors::from([(timing::AT.name, why)]);
                return again(&context, &id, posted, wrong).await;
            }
            change => change?,
        };
        place.archive.commit(vec![change]).await?;
    }
    context.go(place.page.path(Tab::Files.path()), "done-timing")
}

/// The kinds of companion file that can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Companion {
    Captions,
    Poster,
    Handout,
}

impl Companion {
    /// The form field of the file, the field beside it, and the key of the flash message.
    fn fields(self) -> (&'static str, &'static str, &'static str) {
        let (captions, language) = (captions::FILE.name, captions::LANGUAGE.name);
        match self {
            Self::Captions => (captions, language, "done-captions"),
            Self::Poster => (poster::FILE.name, "", "done-poster"),
            Self::Handout => (handouts::FILE.name, handouts::TITLE.name, "done-handout"),
        }
    }

    /// Stores the file; returns warnings about what was left out or corrected.
    async fn store(
        self,
        app: &App,
        place: &CompanionPlace,
        chosen: Chosen,
    ) -> Result<Vec<Warning>> {
        match self {
            Self::Captions => return captions::store(place, chosen).await,
            Self::Poster => poster::store(app, place, chosen).await?,
            Self::Handout => handouts::store(place, chosen).await?,
        }
        Ok(Vec::new())
    }
}

/// `POST /desk/recordings/{id}/captions`, with `file` and `language`: replaces the captions of that language.
pub async fn add_captions(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Companion::Captions).await
}

/// `POST /desk/recordings/{id}/captions/begin`, with `typed_language`: the page where captions are typed. It writes nothing.
pub async fn begin_captions(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let field = captions::TYPED;
    let typed = posted.get(&form::other(field.name)).trim();
    let meant = match typed {
        "" => posted.get(field.name).trim(),
        typed => typed,
    };
    let mut wrong = Errors::new();
    let line = Posted::of([(field.name, meant.to_owned())]);
    let meant = line.line(field.name, LONGEST_LINE_CHARS, &mut wrong);
    match file_name::language(&meant) {
        Some(language) => {
            let page = RecordingPage::load(&context, &id).await?;
            context::go(&context.texts, page.path(&captions::lines_path(&language)))
        }
        None => {
            wrong.entry(field.name).or_insert(text!("language-odd"));
            again(&context, &id, posted, wrong).await
        }
    }
}

/// `POST /desk/recordings/{id}/poster`: `file`.
pub async fn set_poster(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Companion::Poster).await
}

/// `POST /desk/recordings/{id}/handouts`: `file` and `title`.
pub async fn add_handout(
    context: Context,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response> {
    add(&context, &id, form, Companion::Handout).await
}

/// Stores a posted file and redirects to the page, or draws the page with the error.
async fn add(context: &Context, id: &str, form: Multipart, what: Companion) -> Result<Response> {
    let mut chosen = Chosen::nothing(&context.app);
    let (field, words_field, done) = what.fields();
    let read = choose(form, words_field, &mut chosen).await;
    // The recording is loaded under the lock, because it may have moved while the file arrived.
    let place = CompanionPlace::locked(context, id).await?;
    if what == Companion::Captions && chosen.meant().is_empty() {
        // Script sends what the name of the file says, which may be nothing.
        place
            .page
            .recording
            .language()
            .clone_into(&mut chosen.words);
    }
    let mut errors = Errors::new();
    Posted::of([(words_field, chosen.meant().to_owned())]).line(
        words_field,
        LONGEST_LINE_CHARS,
        &mut errors,
    );
    let typed = Posted::of([(words_field, chosen.words.clone())])
        .and(&form::other(words_field), &chosen.other);
    if errors.is_empty() {
        let stored = match read {
            Ok(()) => what.store(&context.app, &place, chosen).await,
            Err(refused) => Err(refused),
        };
        match stored {
            Ok(warnings) => {
                return context.go(captions::address_after(&place.page, &warnings), done);
            }
            Err(Error::Refused(why)) if why.key == "language-odd" => {
                errors.insert(captions::LANGUAGE.name, why);
            }
            Err(Error::Refused(why)) => {
                errors.insert(field, why);
            }
            Err(other) => return Err(other),
        }
    }
    again(context, id, typed, errors).await
}

/// `POST /desk/recordings/{id}/captions/{language}/remove`
pub async fn remove_captions(
    context: Context,
    Path((id, language)): Path<(String, String)>,
) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    let language = language::tag(&language).unwrap_or(language);
    captions::remove(&place, &language).await?;
    removed(&context, &place)
}

/// `POST /desk/recordings/{id}/poster/remove`
pub async fn remove_poster(context: Context, Path(id): Path<String>) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    poster::remove(&place).await?;
    removed(&context, &place)
}

/// `POST /desk/recordings/{id}/poster/frame`, with `frame`: the moment of one of the frames, in milliseconds.
pub async fn choose_frame(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    match poster::choose(&context.app, &place, &posted).await {
        Ok(()) => context.go(place.page.path(Tab::Files.path()), "done-poster"),
        Err(Error::Refused(why)) => {
            drop(place);
            again(
                &context,
                &id,
                posted,
                Errors::from([(poster::FRAME.name, why)]),
            )
            .await
        }
        Err(other) => Err(other),
    }
}

/// `GET /desk/recordings/{id}/frames/{file}`: a frame that visitors may not see yet.
pub async fn frame(context: Context, Path((id, file)): Path<(String, String)>) -> Result<Response> {
    poster::frame(&context, &id, &file).await
}

/// `POST /desk/recordings/{id}/handouts/remove`, with `file`: the name of the hand-out.
pub async fn remove_handout(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    let (row, file) = (place.page.recording.id, posted.get("file").to_owned());
    let attachments = context.read(move |conn| attachment::of_recording(conn, row));
    let mut attachments = attachments.await?.into_iter();
    if !attachments.any(|attachment| attachment.place.file == file) {
        return Err(Error::NotFound);
    }
    handouts::remove(&place, file).await?;
    removed(&context, &place)
}

/// `POST /desk/recordings/{id}/handouts/take`, with `file`: the name of a file beside the recording that becomes a hand-out.
pub async fn take_handout(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let place = CompanionPlace::locked(&context, &id).await?;
    handouts::take(&place, posted.get("file")).await?;
    context.go(place.page.path(Tab::Files.path()), "done-handout")
}

fn removed(context: &Context, place: &CompanionPlace) -> Result<Response> {
    context.go(place.page.path(Tab::Files.path()), "done-removed")
}
