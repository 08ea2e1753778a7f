//! The forms for what lies beside a recording: captions, its picture, hand-outs. Each works without script; with it a frame of
//! the recording can be its picture.

use maud::{Markup, html};

use axum::extract::Path;
use axum::response::Response;

use crate::desk::kit::{Context, Field, Form, FormState, Tab, act, field, helped};
use crate::desk::recording::page::RecordingPage;
use crate::desk::recording::versions::Versions;
use crate::error::Result;
use crate::timed_text::{MOST_WARNINGS, Warning, WarningKind};
use crate::web::{format, urls};

const CAPTIONS: Field<'_> = helped("captions-file", "captions-file-label", "captions-file-help");
const LANGUAGE: Field<'_> = field("language", "recording-language");
const POSTER: Field<'_> = field("poster-file", "poster-file-label");
const HANDOUT: Field<'_> = field("handout-file", "handout-file-label");
const TITLE: Field<'_> = field("title", "handout-name");

/// `GET /desk/recordings/{id}/files`
pub async fn show(context: Context, Path(id): Path<String>) -> Result<Response> {
    let page = RecordingPage::load(&context, &id).await?;
    let warnings = warnings(context.query());
    draw(&context, &page, FormState::empty(), &warnings).await
}

/// The page with its forms, and what was left out of captions or put right.
pub async fn draw(
    context: &Context,
    page: &RecordingPage,
    mut state: FormState,
    warnings: &[Warning],
) -> Result<Response> {
    let texts = &context.texts;
    let versions = Versions::load(&context.app, page).await?;
    if !state.posted.has("language") {
        state.posted = state.posted.and("language", page.recording.language());
    }
    let form = state.form(texts);
    let main = html! {
        (form.summary(&[CAPTIONS, LANGUAGE, POSTER, HANDOUT, TITLE]))
        (versions.section(context, page)) (captions(&form, page, warnings)) (poster(&form, page)) (handouts(&form, page))
    };
    Ok(page.framed(context, (Tab::Files, state.status), &main))
}

/// The address of that page.
pub fn address(page: &RecordingPage) -> String {
    path(page, "files")
}

/// The same after captions were put there, with what was left out or put right: `12.5-14.0`, line and kind.
pub fn address_after(page: &RecordingPage, warnings: &[Warning]) -> String {
    let place = |kind| WarningKind::ALL.iter().position(|one| *one == kind);
    let said: Vec<String> = warnings
        .iter()
        .filter_map(|one| Some(format!("{}.{}", one.line, place(one.kind)?)))
        .collect();
    match said.is_empty() {
        true => address(page),
        false => urls::with(&address(page), "warnings", &said.join("-")),
    }
}

/// What such an address says.
fn warnings(query: Option<&str>) -> Vec<Warning> {
    let said = urls::parameter(query, "warnings").unwrap_or_default();
    let read = |one: &str| {
        let (line, place) = one.split_once('.')?;
        let kind = *WarningKind::ALL.get(place.parse::<usize>().ok()?)?;
        let line = line.parse().ok()?;
        Some(Warning { line, kind })
    };
    said.split('-')
        .filter_map(read)
        .take(MOST_WARNINGS)
        .collect()
}

fn path(page: &RecordingPage, rest: &str) -> String {
    format!("{}/{rest}", urls::desk_recording(&page.recording.public_id))
}

fn captions(form: &Form<'_>, page: &RecordingPage, warnings: &[Warning]) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="captions" {
            h2 #captions { (texts.t("captions-title")) }
            @if !warnings.is_empty() {
                div.beyond {
                    p { strong { (texts.t("captions-warnings")) } }
                    ul { @for one in warnings { li { (texts.t_args(one.kind.key(), &[("line", one.line.to_string().into())])) } } }
                }
            }
            @if page.captions.is_empty() { p { (texts.t("captions-none")) } }
            @else {
                ul.plain-list {
                    @for caption in &page.captions {
                        li {
                            a href=(texts.to(path(page, &format!("captions/{}", caption.language)))) { (format::language_name(&caption.language)) ": " (texts.t("cues-edit")) }
                            (act(texts, &path(page, &format!("captions/{}/remove", caption.language)), "remove", &format::language_name(&caption.language), &[]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "captions"))) {
                (form.file(CAPTIONS, ".vtt,.srt,text/vtt"))
                (form.input(LANGUAGE, "text", Some("off"), true))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("captions-add")) } }
            }
        }
    }
}

fn poster(form: &Form<'_>, page: &RecordingPage) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="poster" {
            h2 #poster { (texts.t("poster-title")) }
            img.poster-now src=(urls::poster_sized(&page.recording.public_id, 480, page.recording.poster_version.as_deref())) width="320" height="180" alt=(texts.t("poster-alt"));
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "poster"))) data-poster-form {
                (form.file(POSTER, "image/jpeg,image/png,image/webp"))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("poster-set")) } }
            }
            @if let Some(source) = page.originals.iter().find(|source| source.facts.playable && source.facts.width.is_some()) {
                // Only script can take a frame, so it shows this itself.
                div.frame-picker hidden data-frame-picker {
                    p { (texts.t("poster-frame")) }
                    video controls muted preload="metadata" playsinline aria-label=(texts.t("poster-frame-label")) src=(urls::media(&page.recording.public_id, &source.version, &source.place.file)) {}
                    p.actions { button.button type="button" data-kind="quiet" { (texts.t("poster-take")) } }
                    p.field-error role="status" data-frame-none=(texts.t("poster-frame-none")) {}
                }
            }
            @if page.recording.poster_version.is_some() { (act(texts, &path(page, "poster/remove"), "poster-remove", "", &[])) }
        }
    }
}

fn handouts(form: &Form<'_>, page: &RecordingPage) -> Markup {
    let texts = form.texts;
    html! {
        section aria-labelledby="handouts" {
            h2 #handouts { (texts.t("handouts-title")) }
            @if !page.attachments.is_empty() {
                ul.plain-list {
                    @for attachment in &page.attachments {
                        li {
                            a href=(urls::media(&page.recording.public_id, &attachment.version, &attachment.place.file)) { (attachment.title) }
                            span { (format::size(texts.lang(), attachment.place.size_bytes)) }
                            (act(texts, &path(page, "handouts/remove"), "remove", &attachment.title, &[("file", &attachment.place.file)]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "handouts"))) {
                (form.file(HANDOUT, ""))
                (form.input(TITLE, "text", Some("off"), false))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("handout-add")) } }
            }
        }
    }
}
