//! `/desk/problems`: files that could not be used, times that may not fit any more, and jobs that failed, each with a remedy.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::job;
use crate::catalogue::library_file;
use crate::catalogue::name::of_file;
use crate::catalogue::recording::timing::{self, RecordingToCheck, Timing};
use crate::catalogue::source::{self, Unplayable};
use crate::catalogue::{PublicId, desk_list};
use crate::desk::kit::{Context, Page, Tab, act};
use crate::desk::queue::{acts, rows};
use crate::error::Result;
use crate::library::versions;
use crate::scan::file_name::{self, FileKind};
use crate::scan::folder::PassedOver;
use crate::scan::passwords;
use crate::sidecar::PORTAL_FILE;
use crate::web::components::name;
use crate::web::{Texts, markdown, parts, plays, urls};

/// Lines in each list, and the most bytes of all of them; what was solved makes room for others.
const LISTED: u32 = 200;
const LIST_BYTES: usize = 400 * 1024;

/// Most characters of a technical reason.
const REASON: usize = 1000;

/// `GET /desk/problems`
pub async fn show(context: Context) -> Result<Response> {
    let texts = &context.texts;
    let found = context.read(|conn| {
        let refused = library_file::refused(conn, LISTED + 1)?;
        let parked = job::parked(conn, LISTED + 1)?;
        let mute = desk_list::unplayable(conn, LISTED + 1)?;
        let rows: Vec<i64> = mute.iter().map(|(row, ..)| *row).collect();
        let mute = (mute, source::unplayable(conn, &rows)?);
        Ok((refused, parked, timing::to_check(conn, LISTED + 1)?, mute))
    });
    let (refused, parked, unchecked, (mute, why)) = found.await?;
    let files = refused.iter().take(LISTED as usize);
    let files = files.map(|(folder, file, why)| {
        html! {
            li { div.words {
                strong { (name(&of_file(&place(folder, file)))) }
                span { (texts.t(sentence(folder, file, why))) }
                // The technical reason, in English for the operator of the server.
                span lang="en" dir="ltr" { (markdown::shorten(why, REASON)) }
            } }
        }
    });
    let (files, _) = parts::fitting(files, LIST_BYTES);
    let are_all_files = files.len() == refused.len();
    let jobs = parked.iter().take(LISTED as usize);
    let jobs = jobs.map(|job| html! {
        li {
            div.words {
                a href=(texts.to(urls::desk_recording(&job.recording))) { strong { (name(&job.title)) } }
                span { (rows::failed(texts, &job.step)) }
                span lang="en" dir="ltr" { (markdown::shorten(&job.problem, REASON)) }
            }
            (act(texts, &urls::desk(&format!("problems/{}", job.id)), "problems-again", &job.title, &[]))
        }
    });
    let (jobs, _) = parts::fitting(jobs, LIST_BYTES);
    let are_all_jobs = jobs.len() == parked.len();
    let main = html! {
        @if refused.is_empty() && parked.is_empty() && unchecked.is_empty() && mute.is_empty() { p.lead { (texts.t("problems-none")) } }
        @if !unchecked.is_empty() { (times(texts, &unchecked)) }
        @if !mute.is_empty() { (unplayable(texts, &mute, &why)) }
        @if !refused.is_empty() {
            section aria-labelledby="files" {
                h2 #files { (texts.t("problems-files")) }
                p { (texts.t("problems-files-text")) }
                ul.desk-rows { @for row in &files { (row) } }
                @if !are_all_files { p { (texts.t("problems-more")) } }
            }
        }
        @if !parked.is_empty() {
            section aria-labelledby="jobs" {
                h2 #jobs { (texts.t("problems-jobs")) }
                ul.desk-rows { @for row in &jobs { (row) } }
                @if !are_all_jobs { p { (texts.t("problems-more")) } }
            }
        }
    };
    let page = Page::new("", texts.t("problems-title"));
    Ok(page.with(&context, &main))
}

/// The recordings whose captions and chapters may not fit their file any more.
fn times(texts: &Texts, unchecked: &[RecordingToCheck]) -> Markup {
    let rows = unchecked.iter().take(LISTED as usize).map(|one| html! {
        li { div.words {
            a href={ (texts.to(urls::desk_recording(&one.public_id) + Tab::Files.path())) "#timing" } { strong { (name(&one.title)) } }
            span { (texts.t(match one.timing { Timing::Unchecked => "timing-unchecked", Timing::Hidden => "timing-hidden" })) }
        } }
    });
    let (rows, _) = parts::fitting(rows, LIST_BYTES);
    html! {
        section aria-labelledby="times" {
            h2 #times { (texts.t("problems-times")) }
            ul.desk-rows { @for row in &rows { (row) } }
            @if rows.len() < unchecked.len() { p { (texts.t("problems-more")) } }
        }
    }
}

/// The recordings that no browser plays, each with the reason. `why`: by row.
fn unplayable(
    texts: &Texts,
    recordings: &[(i64, PublicId, String)],
    why: &HashMap<i64, Unplayable>,
) -> Markup {
    let rows = recordings.iter().take(LISTED as usize);
    let rows = rows.map(|(row, id, title)| html! {
        li { div.words {
            a href=(texts.to(urls::desk_recording(id) + Tab::Files.path())) { strong { (name(title)) } }
            @if let Some(why) = why.get(row) { span { (plays::sentence(texts, why)) } }
        } }
    });
    let (rows, _) = parts::fitting(rows, LIST_BYTES);
    html! {
        section aria-labelledby="plays" {
            h2 #plays { (texts.t("problems-plays")) }
            ul.desk-rows { @for row in &rows { (row) } }
            @if rows.len() < recordings.len() { p { (texts.t("problems-more")) } }
        }
    }
}

/// `POST /desk/problems/{id}`: runs a failed job again.
pub async fn again(context: Context, Path(id): Path<i64>) -> Result<Response> {
    let told = acts::retry(&context, id).await?;
    context.go(urls::desk("problems"), told)
}

/// The place of a file in the library; one beside the folders of the series stands in none.
fn place(folder: &str, file: &str) -> String {
    match folder.is_empty() {
        true => file.to_owned(),
        false => format!("{folder}/{file}"),
    }
}

/// The text about a file that could not be used. What stands beside the folders of the series belongs
/// to be a folder, like what stands in the place of the kept versions.
fn sentence(folder: &str, file: &str, why: &str) -> &'static str {
    if folder.is_empty() && file == PORTAL_FILE {
        return "problem-portal";
    }
    let no_folders = [PassedOver::Link, PassedOver::NoFile, PassedOver::NoFolder];
    let is_place_of_folder = folder.is_empty() || file == versions::FOLDER;
    if is_place_of_folder && no_folders.iter().any(|it| it.reason() == why) {
        return "problem-no-folder";
    }
    let no_files = [PassedOver::Link, PassedOver::NoFile, PassedOver::Folder];
    if no_files.iter().any(|no_file| no_file.reason() == why) {
        return "problem-no-file";
    }
    if why == passwords::UNUSABLE {
        return "problem-password";
    }
    match file_name::kind(file).1 {
        FileKind::Caption => "problem-caption",
        FileKind::Media => "problem-media",
        FileKind::Picture => "problem-picture",
        FileKind::Sidecar | FileKind::Other => "problem-file",
    }
}
