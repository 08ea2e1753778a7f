//! The captions of a language as the form with their lines finds them. In: a recording and a language. Out: its cues, the tag by which a
//! form knows whether they are still the same, and whether they fit in a form.

use rusqlite::Connection;

use super::page::RecordingPage;
use super::player::DeskPlayer;
use crate::catalogue::caption::{self, Cue};
use crate::error::{Result, Text};
use crate::text;
use crate::timed_text;

/// Most lines in the form; longer captions have to be replaced by a file.
pub const MOST: usize = 2000;

/// Bytes of the form: those of a line without its text, and the most of all lines.
const LINE_BYTES: usize = 330;
const FORM_BYTES: usize = 950 * 1024;

/// The current captions of a language, and the player beside them.
pub struct Stored {
    pub cues: Vec<Cue>,
    /// The tag of the current state.
    pub base: String,
    /// Whether there are no captions in this language yet.
    pub is_new: bool,
    pub player: DeskPlayer,
}

impl Stored {
    pub fn load(conn: &Connection, page: &RecordingPage, language: &str) -> Result<Self> {
        let found = caption::by_language(conn, page.recording.id, language)?;
        let cues = found.map_or(Ok(Vec::new()), |caption| caption::cues(conn, caption))?;
        Ok(Self {
            base: base(&cues),
            cues,
            is_new: found.is_none(),
            player: DeskPlayer::load(conn, &page.recording)?,
        })
    }

    /// Why the lines do not fit in a form.
    pub fn too_long(&self) -> Option<Text> {
        if self.cues.len() > MOST {
            return Some(text!("cues-many", most = MOST.to_string()));
        }
        (weight(&self.cues) > FORM_BYTES).then(|| text!("cues-long"))
    }
}

/// The tag of cues, by which a form knows whether they are still the same.
pub fn base(cues: &[Cue]) -> String {
    let written = timed_text::write_vtt(cues.iter());
    blake3::hash(written.as_bytes()).to_hex()[..16].to_owned()
}

/// Whether lines can come back in a form.
pub fn fits(cues: &[Cue]) -> bool {
    cues.len() <= MOST && weight(cues) <= FORM_BYTES
}

/// How many bytes lines take in a page, where a quotation mark takes six.
fn weight(cues: &[Cue]) -> usize {
    let weight = |cue: &Cue| {
        LINE_BYTES + cue.text.len() + 5 * cue.text.matches(['"', '&', '<', '>']).count()
    };
    cues.iter().map(weight).sum()
}
