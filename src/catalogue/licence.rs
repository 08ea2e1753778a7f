//! Under which licence a recording may be used by others: those of Creative Commons, version 4.0, or none.

use super::field::Choice;

/// One of [`Licence::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence(&'static Choice);

impl Licence {
    /// What can be chosen: SPDX identifiers (spdx.org/licenses) in lower case, and the word that says that nothing is allowed, also
    /// against what the series allows.
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

    /// The key of its name.
    pub fn label(self) -> &'static str {
        self.0.label
    }

    /// Where Creative Commons says what it allows; `None` for all rights reserved.
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
