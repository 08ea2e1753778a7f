//! What recordings are asked for apart from words, and what of it a list of results can be narrowed to. In: results. Out: the values
//! that some of them have.

use rusqlite::{Connection, named_params};

use crate::caption_for_visitors;
use crate::catalogue::query::{self, Query};
use crate::error::Result;

/// Most values of a kind that are offered.
const OFFERED: u32 = 8;

/// How an address asks for recordings with captions.
pub const CAPTIONED_ONLY: &str = "yes";

/// What recordings are asked for apart from words; nothing leaves all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// The slug of the series.
    pub series: Option<String>,
    /// The slug of a speaker.
    pub speaker: Option<String>,
    /// Of its date, four digits.
    pub year: Option<String>,
    /// The tag of its own language.
    pub language: Option<String>,
    pub length: Option<Length>,
    /// Whether it has captions.
    pub has_captions: bool,
}

impl Filters {
    /// Those that an address names. `parameter` gives the value of a name; a value that says nothing is no filter.
    pub fn named(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let parameter = |name| parameter(name).filter(|value: &String| !value.is_empty());
        Self {
            series: parameter("series"),
            speaker: parameter("speaker"),
            year: parameter("year"),
            language: parameter("language"),
            length: parameter("length").as_deref().and_then(Length::parse),
            has_captions: parameter("captions").as_deref() == Some(CAPTIONED_ONLY),
        }
    }
}

/// How long a recording is, as somebody with little time sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Less than ten minutes.
    Short,
    /// Less than half an hour.
    Medium,
    Long,
}

impl Length {
    pub const ALL: [Self; 3] = [Self::Short, Self::Medium, Self::Long];

    /// As an address writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Medium => "medium",
            Self::Long => "long",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|length| length.as_str() == word)
    }

    /// The first and the last millisecond of it.
    pub fn range_ms(self) -> (i64, i64) {
        const MINUTE: i64 = 60_000;
        match self {
            Self::Short => (0, 10 * MINUTE - 1),
            Self::Medium => (10 * MINUTE, 30 * MINUTE - 1),
            Self::Long => (30 * MINUTE, i64::MAX),
        }
    }
}

/// The values that some results have, with how many of them do: by the value in an address, and by what it is called.
#[derive(Debug, Default)]
pub struct Facets {
    /// How many results there are.
    pub results: u32,
    /// Whether these are not all results, so that the counts say nothing.
    pub is_part: bool,
    pub series: Vec<Facet>,
    pub speakers: Vec<Facet>,
    pub years: Vec<Facet>,
    pub languages: Vec<Facet>,
    pub lengths: Vec<Facet>,
    /// How many results have captions.
    pub captioned: u32,
}

/// A value that some results have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// As an address writes it.
    pub value: String,
    /// As people call it; the same as the value where that depends on the language of the page.
    pub name: String,
    pub count: u32,
}

const SERIES: &str = "SELECT series.slug, series.title, count(*)
                      FROM json_each(:ids) AS found
                      JOIN recording ON recording.id = found.value
                      JOIN series ON series.id = recording.series_id
                      GROUP BY series.id
                      ORDER BY count(*) DESC, series.id
                      LIMIT :most";

const SPEAKERS: &str = "SELECT speaker.slug, speaker.name, count(*)
                        FROM json_each(:ids) AS found
                        JOIN recording_speaker ON recording_speaker.recording_id = found.value
                        JOIN speaker ON speaker.id = recording_speaker.speaker_id
                        GROUP BY speaker.id
                        ORDER BY count(*) DESC, speaker.name
                        LIMIT :most";

const YEARS: &str =
    "SELECT substr(recording.date, 1, 4) AS year, substr(recording.date, 1, 4), count(*)
                     FROM json_each(:ids) AS found
                     JOIN recording ON recording.id = found.value
                     WHERE recording.date IS NOT NULL
                     GROUP BY year
                     ORDER BY year DESC
                     LIMIT :most";

const LANGUAGES: &str = "SELECT recording.language, recording.language, count(*)
                         FROM json_each(:ids) AS found
                         JOIN recording ON recording.id = found.value
                         GROUP BY recording.language
                         ORDER BY count(*) DESC, recording.language
                         LIMIT :most";

const OF_LENGTH: &str = "SELECT count(*)
                         FROM json_each(:ids) AS found
                         WHERE (SELECT max(duration_ms) FROM original
                                WHERE original.recording_id = found.value AND superseded_at IS NULL) BETWEEN :shortest AND :longest";

const CAPTIONED: &str = concat!(
    "SELECT count(*)
     FROM json_each(:ids) AS found
     JOIN recording ON recording.id = found.value
     WHERE EXISTS (SELECT 1 FROM caption WHERE caption.recording_id = recording.id AND caption.kind IS NOT 'forced' AND ",
    caption_for_visitors!(),
    ")"
);

impl Facets {
    /// Of the best results, by their row ids, of so many in total.
    pub fn of(conn: &Connection, ids: &[i64], total: u32) -> Result<Self> {
        let results = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let ids = query::json(ids)?;
        let facets = |sql: &str| -> Result<Vec<Facet>> {
            let params = named_params! { ":ids": ids, ":most": OFFERED };
            conn.rows(sql, params, |row| {
                Ok(Facet {
                    value: row.get(0)?,
                    name: row.get(1)?,
                    count: row.get(2)?,
                })
            })
        };
        let of_length = |length: Length| {
            let (shortest, longest) = length.range_ms();
            let params = named_params! { ":ids": ids, ":shortest": shortest, ":longest": longest };
            let count: u32 = conn.value(OF_LENGTH, params)?;
            Ok(Facet {
                value: length.as_str().to_owned(),
                name: length.as_str().to_owned(),
                count,
            })
        };
        let lengths: Result<Vec<Facet>> = Length::ALL.into_iter().map(of_length).collect();
        Ok(Self {
            results,
            is_part: results < total,
            series: facets(SERIES)?,
            speakers: facets(SPEAKERS)?,
            years: facets(YEARS)?,
            languages: facets(LANGUAGES)?,
            lengths: lengths?.into_iter().filter(|one| one.count > 0).collect(),
            captioned: conn.value(CAPTIONED, named_params! { ":ids": ids })?,
        })
    }
}
