//! `/desk/recordings/{id}/captions/{language}`: captions as lines beside the player, each with begin, end and text. They are corrected
//! here, and typed from nothing: in a language without captions the page has no lines yet, and nothing is written before the first is
//! saved. Emptied lines are removed. The result is stored like captions from a file.

use axum::extract::Path;
use axum::response::Response;

use super::captions;
use super::companions::CompanionPlace;
use super::corrections::Corrections;
use super::cue_form::{Form, Said};
use super::cue_lines::{CueLine, parse};
use super::page::RecordingPage;
use super::stored_cues::{MOST, Stored, fits};
use crate::catalogue::caption::Cue;
use crate::catalogue::language;
use crate::desk::kit::{Context, Posted};
use crate::error::{Error, Result};
use crate::text;
use crate::timed_text::{MOST_WARNINGS, Warning, WarningKind};

/// `GET /desk/recordings/{id}/captions/{language}`
pub async fn show(
    context: Context,
    Path((id, language)): Path<(String, String)>,
) -> Result<Response> {
    let language = language::tag(&language).ok_or(Error::NotFound)?;
    let asked = language.clone();
    let loaded = RecordingPage::load_with(&context, &id, move |conn, page| {
        let before = Stored::load(conn, &page, &asked)?;
        let row = page.recording.id;
        let corrections = Corrections::load(conn, row, &asked, &before.cues)?;
        Ok((page, before, corrections))
    });
    let (page, before, corrections) = loaded.await?;
    let too_long = before.too_long();
    if let Some(why) = too_long.clone().filter(|_| corrections.is_empty()) {
        return Err(Error::Refused(why));
    }
    let form = Form {
        page: &page,
        language: &language,
        lines: before.cues.iter().map(CueLine::of).collect(),
        before: &before,
        corrections: Some(&corrections),
        wrong: Vec::new(),
    };
    if let Some(why) = too_long {
        return Ok(form.show_corrections(&context, &why));
    }
    Ok(form.show(&context, Said::nothing()))
}

/// `POST /desk/recordings/{id}/captions/{language}`, with `start`, `end` and `text` for each line; with `more` the page comes again.
pub async fn save(
    context: Context,
    Path((id, language)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let language = language::tag(&language).ok_or(Error::NotFound)?;
    // The comparison runs under the lock, so that two coordinators who save at once do not both succeed.
    let (archive, (page, before)) = {
        let asked = language.clone();
        let loaded = RecordingPage::locked_with(&context, &id, move |conn, page| {
            let before = Stored::load(conn, &page, &asked)?;
            Ok((page, before))
        });
        loaded.await?
    };
    let place = CompanionPlace::of(&context, archive, page).await?;
    let lines = CueLine::posted(&posted);
    let mut form = Form {
        page: &place.page,
        language: &language,
        lines: lines.clone(),
        before: &before,
        corrections: None,
        wrong: Vec::new(),
    };
    if posted.get("base") != before.base {
        let said = form.after_another(posted.get("base"));
        return Ok(form.show(&context, said));
    }
    let left_out = left_out(&lines);
    let after = match posted.has("more") && left_out.is_empty() {
        true => place.page.path(&captions::lines_path(&language)) + "#next",
        false => captions::address_after(&place.page, &left_out),
    };
    let filled: Vec<CueLine> = before.cues.iter().map(CueLine::sent_back).collect();
    let typed = lines.iter().filter(|line| !line.is_unused());
    if !before.is_new && typed.eq(&filled) {
        return context.go(after, "done-cues");
    }
    let length_ms = place.page.recording.duration_ms;
    let stored = match parse(&lines, &before.cues, length_ms) {
        Ok(cues) => store(&place, &language, &cues).await,
        Err(wrong) => {
            form.wrong = wrong;
            return Ok(form.show(&context, Said::wrong()));
        }
    };
    match stored {
        Err(Error::Refused(why)) => return Ok(form.show(&context, Said::refused(&context, &why))),
        stored => stored?,
    }
    context.go(after, "done-cues")
}

/// Stores the lines, when they can come back in a form.
async fn store(place: &CompanionPlace, language: &str, cues: &[Cue]) -> Result<()> {
    if !fits(cues) {
        return Err(Error::Refused(text!("cues-full", most = MOST.to_string())));
    }
    captions::put(place, language, cues).await
}

/// The lines of which nothing is left without their markup.
fn left_out(lines: &[CueLine]) -> Vec<Warning> {
    let numbered = (1..).zip(lines);
    let left_out = numbered.filter(|(_, line)| !line.text.is_empty() && line.shows_nothing());
    let warning = |(line, _)| Warning {
        line,
        kind: WarningKind::EmptyCue,
    };
    left_out.map(warning).take(MOST_WARNINGS).collect()
}
