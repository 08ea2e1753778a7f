//! The player beside a form of the desk. In: a recording. Out: what its visitors are given to play, so that a file which no browser
//! plays is seen and heard through what was made of it; or the sentence that says why there is none.

use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::recording::{Recording, RecordingState};
use crate::catalogue::source::{self, Source, Unplayable};
use crate::error::Result;
use crate::web::player::Player;
use crate::web::{Texts, plays};

/// What the desk plays of a recording.
pub struct DeskPlayer {
    sources: Vec<Source>,
    unplayable: Option<Unplayable>,
}

impl DeskPlayer {
    pub fn load(conn: &Connection, recording: &Recording) -> Result<Self> {
        Ok(Self {
            sources: source::of_recording(conn, recording.id)?,
            unplayable: source::unplayable(conn, &[recording.id])?.remove(&recording.id),
        })
    }

    /// The element that plays; `None` when there is nothing that a browser may try. `label`: the key of its name.
    pub fn draw(&self, texts: &Texts, recording: &Recording, label: &str) -> Option<Markup> {
        let player = self.of(recording);
        let is_there = recording.state == RecordingState::Ready && player.offers();
        is_there.then(|| {
            let sources = player.source_list(texts);
            html! {
                @if !recording.sound_only {
                    video controls preload="metadata" playsinline aria-label=(texts.t(label)) { (sources) }
                } @else {
                    audio controls preload="metadata" aria-label=(texts.t(label)) { (sources) }
                }
            }
        })
    }

    /// Why there is no player, or for whom it does not play; nothing when it plays for all.
    pub fn sentence(&self, texts: &Texts) -> Option<String> {
        match (&self.unplayable, self.sources.is_empty()) {
            (Some(why), _) => Some(plays::sentence(texts, why)),
            (None, true) => Some(texts.t("cues-no-file")),
            (None, false) => None,
        }
    }

    fn of<'a>(&'a self, recording: &'a Recording) -> Player<'a> {
        Player {
            recording,
            sources: &self.sources,
            captions: &[],
            start: None,
            end: None,
            elsewhere: None,
            series: "",
            next: None,
        }
    }
}
