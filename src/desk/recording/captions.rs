//! The captions of a recording, one file per language. In: a posted file, or edited lines. Out: a caption file of the recording, or
//! the reason for a refusal.

use maud::{Markup, html};
use rusqlite::Connection;

use super::companions::CompanionPlace;
use super::page::RecordingPage;
use crate::catalogue::caption::{Caption, CaptionFile, Cue};
use crate::catalogue::name::of_file;
use crate::catalogue::{caption, correction};
use crate::desk::kit::multipart::Chosen;
use crate::desk::kit::{Field, Form, Tab, act, field, helped};
use crate::error::{Error, Result, Text};
use crate::library::Library;
use crate::scan::file_name;
use crate::scan::folder::Companion;
use crate::text;
use crate::timed_text::{self, Warning};
use crate::web::components::name;
use crate::web::{Texts, format, urls};

pub const FILE: Field<'_> = helped("captions-file", "captions-file-label", "captions-file-help");
pub const LANGUAGE: Field<'_> = field("language", "recording-language");

/// The language of captions that are typed from nothing.
pub const TYPED: Field<'_> = field("typed_language", "recording-language");

/// What the section shows: how many corrections wait in each language, and the files of which something was left out or put right.
pub struct Captions {
    captions: Vec<Caption>,
    corrections: Vec<(String, u32)>,
    with_warnings: Vec<CaptionFile>,
}

impl Captions {
    pub fn load(conn: &Connection, recording_id: i64) -> Result<Self> {
        Ok(Self {
            captions: caption::of_recording(conn, recording_id)?,
            corrections: correction::counts(conn, recording_id)?,
            with_warnings: caption::with_warnings(conn, recording_id)?,
        })
    }

    pub fn all(&self) -> &[Caption] {
        &self.captions
    }
}

/// The section on the page, with the warnings about captions that were just stored.
pub fn section(
    form: &Form<'_>,
    page: &RecordingPage,
    found: &Captions,
    warnings: &[Warning],
) -> Markup {
    let (captions, corrections) = (&found.captions, &found.corrections);
    let texts = form.texts;
    let waiting = |caption: &Caption| {
        let of_these = |(language, _): &&(String, u32)| *language == caption.language;
        corrections.iter().find(of_these).map(|(_, count)| *count)
    };
    html! {
        section aria-labelledby="captions" {
            h2 #captions { (texts.t("captions-title")) }
            @if !warnings.is_empty() { (told(texts, None, warnings)) }
            @for file in &found.with_warnings { (told(texts, Some(&file.file), &Warning::of_word(&file.warnings))) }
            @if captions.iter().all(Caption::is_forced) { p { (texts.t("captions-none")) } }
            @if !captions.is_empty() {
                ul.plain-list {
                    @for caption in captions {
                        li {
                            a href=(texts.to(page.path(&lines_path(&caption.language)))) { (format::caption_name(texts, caption)) ": " (texts.t("cues-edit")) @if let Some(count) = waiting(caption) { " (" (texts.t_args("corrections-waiting", &[("count", count.into())])) ")" } }
                            (act(texts, &page.path(&format!("/captions/{}/remove", caption.language)), "remove", &format::caption_name(texts, caption), &[]))
                        }
                    }
                }
            }
            form.stack method="post" enctype="multipart/form-data" action=(texts.to(page.path("/captions"))) {
                (form.file(FILE, ".vtt,.srt,text/vtt"))
                (form.language(LANGUAGE))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("captions-add")) } }
            }
            form.stack method="post" action=(texts.to(page.path("/captions/begin"))) {
                h3 #captions-type { (texts.t("captions-type")) }
                p.field-help { (texts.t("captions-type-help")) }
                (form.language(TYPED))
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("captions-type-go")) } }
            }
        }
    }
}

/// Where the captions of a language are typed and corrected, below the address of the recording.
pub fn lines_path(language: &str) -> String {
    format!("/captions/{language}")
}

/// What was left out of a file or put right; without a name, of the one that was just stored.
fn told(texts: &Texts, file: Option<&str>, warnings: &[Warning]) -> Markup {
    html! {
        div.beyond {
            p { strong { @match file {
                Some(file) => { (texts.t("captions-warnings-in")) " " (name(&of_file(file))) ":" }
                None => (texts.t("captions-warnings")),
            } } }
            ul { @for one in warnings { li { (texts.t_args(one.kind.key(), &[("line", one.line.to_string().into())])) } } }
        }
    }
}

/// Stores posted captions as WebVTT in UTF-8, whatever their format. Returns warnings about what was left out or corrected.
pub async fn store(place: &CompanionPlace, chosen: Chosen) -> Result<Vec<Warning>> {
    let language =
        file_name::language(chosen.meant()).ok_or(Error::Refused(text!("language-odd")))?;
    let read = timed_text::read(chosen.file.bytes()).map_err(refusal)?;
    if read.cues.is_empty() {
        return Err(Error::Refused(text!("captions-empty")));
    }
    put(place, &language, &read.cues).await?;
    Ok(read.warnings)
}

fn refusal(broken: timed_text::Broken) -> Error {
    let line = broken.line.to_string();
    Error::Refused(Text {
        key: broken.reason.key(),
        args: vec![("line", line.into())],
    })
}

/// Writes the captions of a language, replacing existing ones.
pub async fn put(place: &CompanionPlace, language: &str, cues: &[Cue]) -> Result<()> {
    put_with(place, language, cues, |_| Ok(())).await
}

/// Writes the captions of a language, with row changes in the transaction that notes them.
pub async fn put_with(
    place: &CompanionPlace,
    language: &str,
    cues: &[Cue],
    rows: impl FnOnce(&Connection) -> Result<()> + Send + 'static,
) -> Result<()> {
    let Written { new, others } = written(place, language, cues)?;
    place.put_with("set captions", new, others, rows).await
}

/// The captions of a language as they will stand in the folder.
pub struct Written {
    /// Name and bytes of the file.
    new: (String, Vec<u8>),
    /// The files whose place it takes.
    others: Vec<String>,
}

impl Written {
    /// Writes the file into the folder of the series, and removes the others after that.
    pub fn store(&self, library: &Library, folder: &str) -> Result<()> {
        let (file, bytes) = &self.new;
        library.write(folder, file, bytes)?;
        let mut gone = self.others.iter().filter(|other| *other != file);
        gone.try_for_each(|other| library.remove(folder, other))
    }
}

/// Makes the captions of a language, in the place of existing ones.
pub fn written(place: &CompanionPlace, language: &str, cues: &[Cue]) -> Result<Written> {
    let stem = place.page.stem();
    let main_language = place.page.recording.language();
    // What is said in another language alone stays beside what is said.
    let are_these = |it: &Companion<'_>| it.is_captions(language, main_language) && !it.is_forced();
    // Another recording may have a name like this caption file; the language in capitals then gives another name that a scan reads
    // alike.
    let names = [language.to_owned(), language.to_uppercase()];
    let file = names
        .map(|language| format!("{stem}.{language}.vtt"))
        .into_iter()
        .find(|file| place.would_be(file, are_these))
        .ok_or(Error::Refused(text!(
            "captions-name-taken",
            name = format!("{stem}.{language}")
        )))?;
    let text = timed_text::write_vtt(cues.iter());
    // A file that could not be read again must not replace one that can; the written file may be larger than the posted one.
    timed_text::read(text.as_bytes()).map_err(refusal)?;
    Ok(Written {
        new: (file, text.into_bytes()),
        others: place.files_that(are_these),
    })
}

/// The text of a line without anything that would end a cue early: an empty line, or an arrow (WebVTT §4.1).
pub fn spoken(text: &str) -> String {
    timed_text::shown_lines(text).replace("-->", "→")
}

/// Removes the captions of a language.
pub async fn remove(place: &CompanionPlace, language: &str) -> Result<()> {
    let main_language = place.page.recording.language();
    let mut found =
        place.files_that(|it| it.is_captions(language, main_language) && !it.is_forced());
    if found.is_empty() {
        found = place.files_that(|it| it.is_captions(language, main_language));
    }
    place.take_away("remove captions", found).await
}

/// The address of the files page with the warnings after storing captions.
pub fn address_after(page: &RecordingPage, warnings: &[Warning]) -> String {
    let files = page.path(Tab::Files.path());
    match warnings {
        [] => files,
        warnings => urls::with(&files, "warnings", &Warning::word(warnings)),
    }
}

/// The warnings in such an address.
pub fn warnings(query: Option<&str>) -> Vec<Warning> {
    Warning::of_word(&urls::parameter(query, "warnings").unwrap_or_default())
}
