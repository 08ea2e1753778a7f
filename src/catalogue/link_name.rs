//! The links of one name: those of one mailing, or the one that a team was given. In: a name, or nothing. Out: names with the numbers
//! for a list, and the links of one of them.

use rusqlite::{Connection, Row, named_params};

use super::PublicId;
use super::link::{Link, Listed, from_row, listed_from_row};
use super::query::{self, Query};
use super::slice::{Cursor, Direction, PAGE, Slice};
use crate::error::Result;
use crate::open_link;

/// A name with the numbers of its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkName {
    pub name: String,
    /// All its links, and those that still open something.
    pub links: u32,
    pub open: u32,
    /// Creation of the newest in UTC seconds.
    pub created_at: i64,
    /// The link itself, where there is one alone.
    pub only: Option<Link>,
    /// The title that its only link leads to, or that of a series of its links, and how many other series there are.
    pub title: String,
    pub others: u32,
}

fn name_from_row(row: &Row<'_>) -> rusqlite::Result<LinkName> {
    let places: u32 = row.get("places")?;
    let links = row.get("links")?;
    Ok(LinkName {
        name: row.get("name")?,
        links,
        only: (links == 1).then(|| from_row(row)).transpose()?,
        open: row.get("open")?,
        created_at: row.get("newest")?,
        title: row.get("title")?,
        others: places.saturating_sub(1),
    })
}

/// SQL: all names, on one side of a border. Links to what was erased lead nowhere and are left out.
macro_rules! names {
    ($compare:literal, $direction:literal) => {
        concat!(
            "SELECT link.*, count(*) AS links, count(*) FILTER (WHERE ",
            open_link!(),
            ") AS open, max(link.created_at) AS newest,
                    CASE count(*) WHEN 1 THEN coalesce(recording.title, series.title) ELSE min(series.title) END AS title,
                    count(DISTINCT series.id) AS places
             FROM link
             LEFT JOIN recording ON recording.id = link.recording_id
             JOIN series ON series.id = coalesce(link.series_id, recording.series_id)
             GROUP BY link.name
             HAVING (newest, link.name) ",
            $compare,
            " (:newest, :name)
             ORDER BY newest ",
            $direction,
            ", link.name ",
            $direction,
            " LIMIT :most"
        )
    };
}

/// The element of the list of names in an address.
pub fn in_list(name: &LinkName) -> String {
    format!("{}.{}", name.created_at, name.name)
}

/// A part of the names, that with the newest link first.
pub fn slice(conn: &Connection, cursor: &Cursor, now: i64) -> Result<Slice<LinkName>> {
    let border = |element: &str| {
        let border = element.split_once('.');
        Ok(border.and_then(|(at, name)| Some((at.parse::<i64>().ok()?, name.to_owned()))))
    };
    Slice::find(cursor, PAGE, border, |border, direction, most| {
        let sql = match direction {
            Direction::Forward => names!("<", "DESC"),
            Direction::Backward => names!(">", "ASC"),
        };
        let (newest, name) = border.cloned().unwrap_or((i64::MAX, String::new()));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let params = named_params! { ":now": now, ":newest": newest, ":name": name, ":most": most };
        conn.rows(sql, params, name_from_row)
    })
}

/// SQL: the links of a name, ranked as their recordings stand in their series, each after the series itself.
macro_rules! ranked {
    () => {
        "WITH ranked AS (
             SELECT link.*, coalesce(recording.title, series.title) AS target_title, recording.public_id AS target_id,
                    row_number() OVER (
                        ORDER BY series.title, series.id, recording.id IS NOT NULL,
                                 coalesce(recording.number, 9223372036854775807), coalesce(recording.date, ''), recording.id,
                                 link.created_at DESC, link.token
                    ) AS rank
             FROM link
             LEFT JOIN recording ON recording.id = link.recording_id
             JOIN series ON series.id = coalesce(link.series_id, recording.series_id)
             WHERE link.name = :name
         )"
    };
}

/// A part of the links with a name, in the order of their series.
pub fn links(conn: &Connection, name: &str, cursor: &Cursor) -> Result<Slice<Listed>> {
    let rank = |element: &str| {
        // An address of a list holds the beginning of a token, which is looked for literally.
        let sql = concat!(
            ranked!(),
            " SELECT rank FROM ranked WHERE substr(token, 1, length(:element)) = :element AND :element <> ''"
        );
        conn.find_value::<u32>(sql, named_params! { ":name": name, ":element": element })
    };
    Slice::find(cursor, PAGE, rank, |rank, direction, most| {
        let sql = match direction {
            Direction::Forward => concat!(
                ranked!(),
                " SELECT * FROM ranked WHERE rank > :rank ORDER BY rank LIMIT :most"
            ),
            Direction::Backward => concat!(
                ranked!(),
                " SELECT * FROM ranked WHERE rank < :rank ORDER BY rank DESC LIMIT :most"
            ),
        };
        let rank = rank.copied().unwrap_or(0);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let params = named_params! { ":name": name, ":rank": rank, ":most": most };
        conn.rows(sql, params, listed_from_row)
    })
}

/// The links with these tokens that lead to something, at most a page of them, each with the public id when that is a recording.
pub fn among(conn: &Connection, tokens: &[String]) -> Result<Vec<(Link, Option<PublicId>)>> {
    let tokens: Vec<&String> = tokens.iter().take(PAGE).collect();
    let sql = "SELECT link.*, recording.public_id AS target_id
               FROM json_each(:tokens) AS wanted
               JOIN link ON link.token = wanted.value
               LEFT JOIN recording ON recording.id = link.recording_id
               WHERE link.recording_id IS NOT NULL OR link.series_id IS NOT NULL
               ORDER BY wanted.key";
    let tokens = query::json(&tokens)?;
    conn.rows(sql, named_params! { ":tokens": tokens }, |row| {
        Ok((from_row(row)?, row.get("target_id")?))
    })
}
