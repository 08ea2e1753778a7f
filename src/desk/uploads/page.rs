//! `/desk/upload`: uploads recordings and lists the uploads. With script it sends several files at once, in pieces, and resumes
//! interrupted ones; without script one form streams a file to the disk and says that it cannot be resumed.

use std::collections::BTreeMap;

use axum::extract::{Multipart, Path};
use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::recording::metadata::{Metadata, NUMBER};
use crate::catalogue::upload::{self, Upload, UploadState};
use crate::catalogue::{PublicId, recording, source};
use crate::desk::kit::{
    Choice, Context, Errors, Field, FormState, Page, Posted, act, fields, helped, multipart,
};
use crate::desk::uploads::form_file;
use crate::error::{Error, Result};
use crate::scan::file_name;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::uploads::report::Report;
use crate::uploads::{announce, finish, tus};
use crate::web::components::name;
use crate::web::{Texts, format, parts, texts, urls};

/// Most bytes of the list of uploads; each has a form of its own.
const ROWS_BYTES: usize = 700 * 1024;

const SERIES: Field<'_> = helped("series", "list-series", "upload-series-help");
const TITLE: Field<'_> = helped("title", "recording-title", "upload-title-help");
const FILE: Field<'_> = helped("file", "upload-file", "upload-file-help");

/// `GET /desk/upload`, with `?replaces=` the recording whose file is to be replaced.
pub async fn show(context: Context) -> Result<Response> {
    let replaces = context.parameter("replaces");
    let series = context.parameter("series").unwrap_or_default();
    let page = UploadPage::load(&context, replaces.as_deref()).await?;
    let posted = Posted::of([("series", series)]);
    Ok(page.draw(&context, &FormState::filled(posted)))
}

/// `POST /desk/upload`: a file from a form, streamed to the disk. `series`, `title` and `replaces` precede `file` in the form.
pub async fn send(context: Context, mut form: Multipart) -> Result<Response> {
    let mut posted = Posted::default();
    let mut errors = Errors::new();
    let mut sent = 0;
    let mut fields = multipart::TextFields::default();
    while let Some(part) = form.next_field().await.map_err(multipart::unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name != "file" {
            posted = posted.and(&name, &fields.read(part).await?);
            continue;
        }
        let file = announce::plain_name(part.file_name().unwrap_or_default());
        if file.is_empty() {
            errors.insert("file", text!("file-none"));
            continue;
        }
        posted.line("title", LONGEST_LINE_CHARS, &mut errors);
        if !errors.is_empty() {
            break;
        }
        match form_file::take(&context, &posted, file, part).await {
            Ok(()) => sent += 1,
            Err(Error::Refused(why) | Error::Status(_, why)) => {
                errors.insert("file", why);
                break;
            }
            Err(other) => return Err(other),
        }
    }
    let replaces = Some(posted.get("replaces").to_owned()).filter(|id| !id.is_empty());
    if errors.is_empty() && sent > 0 {
        let address = match &replaces {
            Some(id) => urls::with(&urls::desk("upload"), "replaces", id),
            None => urls::desk("upload"),
        };
        return context.go(address, "done-uploaded");
    }
    if errors.is_empty() {
        errors.insert("file", text!("file-none"));
    }
    let page = UploadPage::load(&context, replaces.as_deref()).await?;
    let state = FormState::wrong(posted, errors);
    Ok(page.draw(&context, &state))
}

/// `POST /desk/uploads/{upload}`: sets the values of the form for an upload, also while its bytes arrive.
pub async fn describe(
    context: Context,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let before = announce::own(&context.app, &context.me, &id).await?;
    let mut errors = Errors::new();
    let title = posted.line("title", LONGEST_LINE_CHARS, &mut errors);
    let scope = fields::Scope::of(&context.app);
    let typed: Metadata = fields::parse(&[&NUMBER], &posted, &scope, &mut errors);
    if !errors.is_empty() {
        let mut page = UploadPage::load(&context, None).await?;
        page.wrong = Some(Wrong { id, posted, errors });
        // The errors are shown in the row of the upload.
        let state = FormState::wrong(Posted::default(), Errors::new());
        return Ok(page.draw(&context, &state));
    }
    let series = match posted.has("series") {
        true => announce::existing_series(&context.app, posted.get("series")).await?,
        false => before.series_id,
    };
    let described = context.write(move |conn| {
        let title = Some(title).filter(|title| !title.is_empty());
        upload::describe(conn, &id, title.as_deref(), typed.number, series)
    });
    described.await?;
    context.go(urls::desk("upload"), "done-saved")
}

/// `POST /desk/uploads/{upload}/remove`: cancels an upload, or removes it from the list.
pub async fn remove(context: Context, Path(id): Path<String>) -> Result<Response> {
    if announce::own(&context.app, &context.me, &id).await?.state == UploadState::Finishing {
        return Err(Error::Busy);
    }
    // Taking the turn stops the request that is sending the upload.
    drop(context.app.transfers.take(&id).await.ok_or(Error::Busy)?);
    finish::throw_away(&context.app, &id).await?;
    context.go(urls::desk("upload"), "done-removed")
}

/// A posted form for an upload that has errors.
struct Wrong {
    /// Id of the upload.
    id: String,
    posted: Posted,
    errors: Errors,
}

/// The content of the page.
pub struct UploadPage {
    series: Choice,
    uploads: Vec<(Upload, Report)>,
    /// Id and title of the recording whose file is to be replaced.
    replaces: Option<(PublicId, String)>,
    wrong: Option<Wrong>,
}

impl UploadPage {
    pub async fn load(context: &Context, replaces: Option<&str>) -> Result<Self> {
        let texts = &context.texts;
        let replaces = replaces.map(|id| PublicId::parse(id).ok_or(Error::NotFound));
        let replaces = replaces.transpose()?;
        let (coordinator, viewer) = (context.me.coordinator.id, context.viewer());
        let found = context.read(move |conn| {
            let replaced = match replaces {
                Some(id) => {
                    let found = recording::by_public_id(conn, &viewer, &id)?;
                    let title = found.ok_or(Error::NotFound)?.title().to_owned();
                    Some((id, title))
                }
                None => None,
            };
            let series = Choice::of_series(conn)?;
            let all = upload::of_coordinator(conn, coordinator, viewer.now())?;
            let became: Vec<i64> = all.iter().filter_map(|one| one.recording_id).collect();
            let unplayable = source::unplayable(conn, &became)?;
            Ok((replaced, series, all, unplayable))
        });
        let (replaces, series, all, unplayable) = found.await?;
        let series = series.or_none(texts.t("upload-no-series"));
        let uploads = all
            .into_iter()
            .map(|upload| {
                let became = upload.recording_id;
                let unplayable = became.and_then(|id| unplayable.get(&id));
                let report = Report::of(texts, &upload, unplayable);
                (upload, report)
            })
            .collect();
        Ok(Self {
            series,
            uploads,
            replaces,
            wrong: None,
        })
    }

    pub fn draw(&self, context: &Context, state: &FormState) -> Response {
        let texts = &context.texts;
        let form = state.form(texts);
        let replaces = self.replaces.as_ref().map(|(id, _)| id.as_str());
        let title = match &self.replaces {
            Some((_, title)) => {
                texts.t_args("upload-replace-title", &[("title", title.as_str().into())])
            }
            None => texts.t("upload-page"),
        };
        let uploads = self.uploads.iter();
        let rows = uploads.map(|(upload, report)| self.row(context, upload, report));
        // What was typed wrongly comes back whole, and is bounded by the form that was sent.
        let most = self.wrong.as_ref().map_or(ROWS_BYTES, |_| usize::MAX);
        let (rows, is_all) = parts::fitting(rows, most);
        let main = html! {
            p { (texts.t(if replaces.is_some() { "upload-replace-lead" } else { "upload-lead" })) }
            (form.summary(&[SERIES, TITLE, FILE]))
            @if let Some(wrong) = &self.wrong { (wrong.summary(texts)) }
            // Script replaces this form with an area for dropping files.
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(urls::desk("upload")))
                data-upload=(words(texts)) data-lang=(texts.lang().tag()) data-replaces=[replaces] {
                @if let Some(id) = replaces { input type="hidden" name="replaces" value=(id); }
                @else {
                    (self.series.draw(&form, SERIES))
                    div data-plain { (form.input(TITLE, "text", Some("off"), false)) }
                }
                (form.file(FILE, &file_name::accept_media()))
                p.actions data-plain { button.button type="submit" { (texts.t("upload-send")) } }
            }
            div.uploads aria-labelledby="uploads" role="group" {
                h2 #uploads { (texts.t("upload-list")) }
                p.upload-all data-all hidden {}
                ul.desk-rows data-uploads { @for row in &rows { (row) } }
                @if !is_all { p { (texts.t_args("and-more", &[("count", (self.uploads.len() - rows.len()).into())])) } }
                @if self.uploads.is_empty() { p data-none { (texts.t("upload-none")) } }
                div.unseen role="status" data-said {}
            }
        };
        let scripts = &["desk.js", "upload.js"];
        let page = Page::new("upload", title).status(state.status);
        page.scripts(scripts).with(context, &main)
    }

    fn row(&self, context: &Context, upload: &Upload, report: &Report) -> Markup {
        let (app, texts) = (&context.app, &context.texts);
        let path = |rest: &str| urls::desk(&format!("uploads/{}{rest}", upload.id));
        let is_open = upload.state == UploadState::Arriving;
        // Script goes on with what has the same metadata, in which other programs have no fingerprint.
        let begun = tus::metadata(&upload.metadata).unwrap_or_default();
        let again = match begun.contains_key("fingerprint") {
            true => "upload-again",
            false => "upload-again-elsewhere",
        };
        let removing = match is_open {
            true => "upload-give-up",
            false => "upload-forget",
        };
        html! {
            li data-upload-id=(upload.id) data-state=(report.state) data-name=(upload.name) data-size=[upload.size_bytes] data-metadata=(upload.metadata) {
                div.words {
                    strong { (name(&upload.name)) }
                    @if let (false, Some(title)) = (is_open, &upload.title) { span { (name(title)) } }
                    span data-sentence {
                        (report.sentence)
                        @if is_open { " " (texts.t_args(again, &[("when", format::moment(texts.lang(), upload.expires_at, &app.config.zone()).into())])) }
                    }
                    @if is_open && upload.replaces_id.is_none() { (self.description(texts, upload, report, &path(""))) }
                }
                div.acts {
                    @if let Some(address) = &report.desk_url { a.button href=(texts.to(address.clone())) { (texts.t("upload-open")) span.unseen { ": " (name(&upload.name)) } } }
                    (act(texts, &path("/remove"), removing, &upload.name, &[]))
                }
            }
        }
    }

    fn description(&self, texts: &Texts, upload: &Upload, report: &Report, path: &str) -> Markup {
        let label = |rest: &str| format!("{rest}-{}", upload.id);
        let wrong = self.wrong.as_ref().filter(|wrong| wrong.id == upload.id);
        let value = |name: &str, now: String| match wrong {
            Some(wrong) => wrong.posted.get(name).to_owned(),
            None => now,
        };
        let is_wrong = |name: &str| wrong.is_some_and(|wrong| wrong.errors.contains_key(name));
        let invalid = |name: &str| is_wrong(name).then_some("true");
        let number = report.number.map(|it| it.to_string()).unwrap_or_default();
        let series = report.series.map(|id| id.to_string()).unwrap_or_default();
        let series = value("series", series);
        html! {
            form.describe method="post" action=(texts.to(path.to_owned())) {
                label for=(label("title")) { (texts.t("recording-title")) }
                input #(label("title")) type="text" name="title" value=(value("title", report.title.clone())) maxlength="500" autocomplete="off" aria-invalid=[invalid("title")];
                label for=(label("number")) { (texts.t("recording-number")) }
                input #(label("number")) type="number" name="number" min="0" max="999" value=(value("number", number)) aria-invalid=[invalid("number")];
                @if let Choice::Listed(options) = &self.series {
                    label for=(label("series")) { (texts.t("list-series")) }
                    select #(label("series")) name="series" autocomplete="off" { @for (value, words) in options { option value=(value) selected[*value == series] { (words) } } }
                }
                button.button type="submit" data-kind="quiet" { (texts.t("save")) }
            }
        }
    }
}

impl Wrong {
    /// The summary of the errors, with a link to each field in the row of the upload.
    fn summary(&self, texts: &Texts) -> Markup {
        html! {
            div.form-errors role="alert" tabindex="-1" autofocus {
                h2 { (texts.t_args("form-errors", &[("count", self.errors.len().into())])) }
                ul { @for (name, why) in &self.errors { li { a href={ "#" (name) "-" (self.id) } { (texts::sentence(texts.lang(), why)) } } } }
            }
        }
    }
}

/// The texts for script as JSON; a name between ‹ and › marks a placeholder.
fn words(texts: &Texts) -> String {
    const PUT_IN: [&str; 10] = [
        "name", "percent", "done", "size", "speed", "left", "hours", "minutes", "seconds", "status",
    ];
    const WORDS: [&str; 31] = [
        "upload-drop",
        "upload-choose",
        "upload-choose-folder",
        "upload-waiting",
        "upload-sending",
        "upload-still",
        "upload-paused",
        "upload-pause",
        "upload-go-on",
        "upload-give-up",
        "upload-lost-connection",
        "upload-in-between",
        "upload-proxy-limit",
        "upload-changed",
        "upload-anew",
        "upload-not-saved",
        "upload-signed-out",
        "upload-retry",
        "upload-open",
        "upload-all",
        "upload-at",
        "upload-skipped",
        "upload-beside-added",
        "upload-beside-failed",
        "upload-whole",
        "upload-finishing",
        "upload-forget",
        "recording-number",
        "length-seconds",
        "length-minutes",
        "length-hours-minutes",
    ];
    let marks = PUT_IN.map(|name| (name, ::std::format!("‹{name}›").into()));
    let words: BTreeMap<&str, String> = WORDS
        .iter()
        .map(|key| {
            let name = key.split_once('-').map_or(*key, |(_, name)| name);
            (name, texts.t_args(key, &marks))
        })
        .collect();
    serde_json::to_string(&words).unwrap_or_default()
}
