//! The licence under which others may use a recording: Creative Commons 4.0, CC0, or none.

use super::field::Choice;

/// One of [`Licence::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence(&'static Choice);

impl Licence {
    /// The choices: SPDX identifiers (spdx.org/licenses) in lower case, and all rights reserved, which also overrides the licence
    /// of the series.
    pub const ALL: &[Choice] = &[
        Choice::of("cc-by-4.0", "licence-by"),
        Choice::of("cc-by-sa-4.0", "licence-by-sa"),
        Choice::of("cc-by-nc-4.0", "licence-by-nc"),
        Choice::of("cc-by-nc-sa-4.0", "licence-by-nc-sa"),
        Choice::of("cc-by-nd-4.0", "licence-by-nd"),
        Choice::of("cc-by-nc-nd-4.0", "licence-by-nc-nd"),
        Choice::of("cc0-1.0", "licence-zero"),
        Choice::of("all-rights-reserved", "licence-none"),
    ];

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|choice| choice.word == word)
            .map(Self)
    }

    pub fn as_str(self) -> &'static str {
        self.0.word
    }

    /// Key of its name.
    pub fn label(self) -> &'static str {
        self.0.label
    }

    /// Address of the licence text at Creative Commons; `None` for all rights reserved.
    pub fn address(self) -> Option<String> {
        let (kind, version) = self.as_str().rsplit_once('-')?;
        let path = match (kind, kind.strip_prefix("cc-")) {
            ("cc0", _) => "publicdomain/zero",
            (_, Some(terms)) => &format!("licenses/{terms}"),
            _ => return None,
        };
        Some(format!("https://creativecommons.org/{path}/{version}/"))
    }
}
