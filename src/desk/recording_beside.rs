//! The forms for what lies beside a recording: captions, its picture, hand-outs. Each works without script; with it a frame of
//! the recording can be its picture.

use maud::{Markup, html};

use super::form::act;
use super::recording_edit::{RecordingPage, desk};
use crate::web::{Texts, format, urls};

/// The forms, below the text of the recording.
pub fn sections(texts: &Texts, page: &RecordingPage) -> Markup {
    html! { (captions(texts, page)) (poster(texts, page)) (handouts(texts, page)) }
}

fn path(page: &RecordingPage, rest: &str) -> String {
    format!("{}/{rest}", desk(&page.recording.public_id))
}

fn captions(texts: &Texts, page: &RecordingPage) -> Markup {
    html! {
        section aria-labelledby="captions" {
            h2 #captions { (texts.t("captions-title")) }
            @if page.captions.is_empty() { p { (texts.t("captions-none")) } }
            @else {
                ul.plain-list {
                    @for caption in &page.captions {
                        li {
                            a href=(texts.to(path(page, &format!("captions/{}", caption.language)))) { (format::language_name(&caption.language)) ": " (texts.t("cues-edit")) }
                            (act(texts, &path(page, &format!("captions/{}/remove", caption.language)), "remove", &[]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "captions"))) {
                (file_field(texts, "captions-file", "captions-file-label", ".vtt,.srt,text/vtt", Some("captions-file-help")))
                div.field {
                    label for="captions-language" { (texts.t("recording-language")) }
                    input #captions-language type="text" name="language" value=(page.recording.language) required maxlength="35" autocomplete="off";
                }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("captions-add")) } }
            }
        }
    }
}

fn poster(texts: &Texts, page: &RecordingPage) -> Markup {
    html! {
        section aria-labelledby="poster" {
            h2 #poster { (texts.t("poster-title")) }
            img.poster-now src=(urls::poster_sized(&page.recording.public_id, 480, page.recording.poster_version.as_deref())) width="320" height="180" alt=(texts.t("poster-alt"));
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "poster"))) data-poster-form {
                (file_field(texts, "poster-file", "poster-file-label", "image/jpeg,image/png,image/webp", None))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("poster-set")) } }
            }
            @if let Some(source) = page.originals.iter().find(|source| source.facts.playable && source.facts.width.is_some()) {
                // Only script can take a frame, so it shows this itself.
                div.frame-picker hidden data-frame-picker {
                    p { (texts.t("poster-frame")) }
                    video controls muted preload="metadata" playsinline src=(urls::media(&page.recording.public_id, &source.version, &source.place.file)) {}
                    p.actions { button.button type="button" data-kind="quiet" { (texts.t("poster-take")) } }
                }
            }
            @if page.recording.poster_version.is_some() { (act(texts, &path(page, "poster/remove"), "poster-remove", &[])) }
        }
    }
}

fn handouts(texts: &Texts, page: &RecordingPage) -> Markup {
    html! {
        section aria-labelledby="handouts" {
            h2 #handouts { (texts.t("handouts-title")) }
            @if !page.attachments.is_empty() {
                ul.plain-list {
                    @for attachment in &page.attachments {
                        li {
                            a href=(urls::media(&page.recording.public_id, &attachment.version, &attachment.place.file)) { (attachment.title) }
                            span { (format::size(texts.lang(), attachment.place.size_bytes)) }
                            (act(texts, &path(page, "handouts/remove"), "remove", &[("file", &attachment.place.file)]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(path(page, "handouts"))) {
                (file_field(texts, "handout-file", "handout-file-label", "", None))
                div.field {
                    label for="handout-title" { (texts.t("handout-name")) }
                    input #handout-title type="text" name="title" maxlength="500" autocomplete="off";
                }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("handout-add")) } }
            }
        }
    }
}

fn file_field(texts: &Texts, id: &str, label: &str, accept: &str, help: Option<&str>) -> Markup {
    html! {
        div.field {
            label for={ "field-" (id) } { (texts.t(label)) }
            input #{ "field-" (id) } type="file" name="file" required accept=[Some(accept).filter(|accept| !accept.is_empty())]
                aria-describedby=[help.map(|_| format!("help-{id}"))];
            @if let Some(help) = help { p.field-help #{ "help-" (id) } { (texts.t(help)) } }
        }
    }
}
