//! The options of a share page, from the query of an address: width, language, recordings, look of the preview, moments, and mailing.
//! An unknown value counts as absent; only of the moments, which people type, the page says what is wrong.

use crate::catalogue::PublicId;
use crate::catalogue::slice::Cursor;
use crate::sharing::newsletter::Width;
use crate::web::{Lang, Texts, fragment, parts, urls};

/// Most recordings in a block: mail programs cut off a longer mail.
pub const MOST: usize = 60;

/// The value of `form` for a block of titles and links.
pub const SHORT: &str = "short";

/// The parameters that [`ShareOptions::of`] reads.
pub const PARAMETERS: [&str; 10] = [
    "w", "in", "look", "form", "r", "label", "t", "end", "after", "before",
];

/// The longest moment that somebody typed, in characters; what is behind it is not shown again.
const LONGEST_MOMENT: usize = 40;

/// The longest name of a mailing, in characters.
pub const LONGEST_LABEL: usize = 120;

/// The look of a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviewMode {
    Light,
    /// With inverted colours, as in the dark mode of some mail programs.
    Dark,
    /// With pictures blocked.
    Blocked,
}

impl PreviewMode {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Blocked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Blocked => "blocked",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareOptions {
    /// Language of the snippet.
    pub lang: Lang,
    pub width: Width,
    pub mode: PreviewMode,
    /// Whether a block of several recordings has titles and links only.
    pub short: bool,
    /// Chosen recordings of a series; all when empty.
    pub chosen: Vec<PublicId>,
    /// Begin and end of the fragment to share, as typed.
    pub moments: [String; 2],
    /// The part of the list of recordings to choose from.
    pub cursor: Cursor,
    /// The mailing whose named links are used as addresses; only coordinators may ask for one.
    pub label: Option<String>,
}

impl ShareOptions {
    /// Parses a query: `w`, `in`, `look`, `form`, `r` for each recording, `label`, `t`, `end`, and the part of the list.
    pub fn of(query: Option<&str>, texts: &Texts) -> Self {
        let parameter = |name: &str| urls::parameter(query, name).unwrap_or_default();
        let mut modes = PreviewMode::ALL.into_iter();
        let mode = modes.find(|one| one.as_str() == parameter("look"));
        let chosen = urls::parameters(query, "r").filter_map(|id| PublicId::parse(&id));
        let label = parameter("label").trim().to_owned();
        Self {
            lang: Lang::from_tag(&parameter("in")).unwrap_or(texts.lang()),
            width: Width::parse(&parameter("w")),
            mode: mode.unwrap_or(PreviewMode::Light),
            short: parameter("form") == SHORT,
            chosen: chosen.take(MOST).collect(),
            moments: fragment::PARAMETERS.map(|name| typed(&parameter(name))),
            cursor: parts::cursor(query),
            label: Some(label)
                .filter(|label| !label.is_empty() && label.chars().count() <= LONGEST_LABEL),
        }
    }

    /// An address with these options as its query.
    pub fn behind(&self, address: &str) -> String {
        let width = self.width.pixels().to_string();
        let mut parameters = vec![
            ("w", width.as_str()),
            ("in", self.lang.tag()),
            ("look", self.mode.as_str()),
        ];
        parameters.extend(self.short.then_some(("form", SHORT)));
        parameters.extend(self.chosen.iter().map(|id| ("r", id.as_str())));
        let moments = fragment::PARAMETERS.into_iter().zip(&self.moments);
        parameters.extend(
            moments
                .filter(|(_, typed)| !typed.is_empty())
                .map(|(name, typed)| (name, typed.as_str())),
        );
        parameters.extend(self.label.as_deref().map(|label| ("label", label)));
        let with = |address: String, (name, value)| urls::with(&address, name, value);
        parameters.into_iter().fold(address.to_owned(), with)
    }
}

/// What somebody typed as a moment, in a form that a page can show again.
fn typed(text: &str) -> String {
    let seen = text.trim().chars().filter(|letter| !letter.is_control());
    seen.take(LONGEST_MOMENT).collect()
}
