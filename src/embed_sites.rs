//! The sites that may embed the player, as set for the portal, a series or a recording. The setting instructs browsers
//! (`frame-ancestors`, Content Security Policy Level 3 §6.4.2) and is no access control: everyone who knows an address can open it.

use std::fmt;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// Most sites in one list, because the list is in a header of every answer.
const MOST: usize = 40;

/// Who may embed the player in a frame. The portal's own pages always may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmbedSites {
    Everywhere,
    Nowhere,
    /// Origins such as `https://vereniging.nl` or `https://*.vereniging.nl`, separated by one space.
    Listed(String),
}

impl EmbedSites {
    /// Parses `everywhere`, `nowhere`, or site addresses separated by white space; a trailing slash is dropped. `None` when the
    /// text is invalid.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "everywhere" => return Some(Self::Everywhere),
            "nowhere" => return Some(Self::Nowhere),
            _ => {}
        }
        let sites: Vec<String> = text
            .split_whitespace()
            .map(|site| site.trim_end_matches('/').to_ascii_lowercase())
            .collect();
        let is_list = !sites.is_empty() && sites.len() <= MOST;
        (is_list && sites.iter().all(|site| is_site(site))).then(|| Self::Listed(sites.join(" ")))
    }

    pub fn is_everywhere(&self) -> bool {
        *self == Self::Everywhere
    }

    /// The value of `frame-ancestors`.
    pub fn ancestors(&self) -> String {
        match self {
            Self::Everywhere => "*".to_owned(),
            Self::Nowhere => "'self'".to_owned(),
            Self::Listed(sites) => format!("'self' {sites}"),
        }
    }
}

/// Whether the text is a scheme and a host with an optional port, without characters that could end the directive.
fn is_site(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(host) = host else { return false };
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let labels = name.strip_prefix("*.").unwrap_or(name);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && labels.split('.').all(is_label) && port.parse::<u16>().is_ok()
}

impl fmt::Display for EmbedSites {
    /// Formats the text that [`EmbedSites::parse`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Everywhere => "everywhere",
            Self::Nowhere => "nowhere",
            Self::Listed(sites) => sites,
        })
    }
}

impl ToSql for EmbedSites {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl FromSql for EmbedSites {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_what_browsers_read_and_nothing_else() {
        for (text, ancestors) in [
            ("everywhere", "*"),
            (" nowhere ", "'self'"),
            ("https://vereniging.nl", "'self' https://vereniging.nl"),
            (
                "https://Vereniging.nl/\r\n\thttp://*.partner.nl:8080",
                "'self' https://vereniging.nl http://*.partner.nl:8080",
            ),
        ] {
            let sites = EmbedSites::parse(text).unwrap();
            assert_eq!(sites.ancestors(), ancestors, "{text}");
            assert_eq!(EmbedSites::parse(&sites.to_string()), Some(sites));
        }
        let many = "https://a.nl ".repeat(MOST + 1);
        for text in [
            "",
            "overal",
            "vereniging.nl",
            "https://",
            "https://*",
            "https://a..nl",
            "https://a.nl/pad",
            "https://a.nl:poort",
            "https://a.nl; script-src *",
            "https://a.nl,https://b.nl",
            "https://a.nl nowhere",
            "javascript:alert(1)",
            &many,
        ] {
            assert_eq!(EmbedSites::parse(text), None, "{text}");
        }
    }
}
