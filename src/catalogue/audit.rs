//! Who did what, when. Written in the transaction of the act, so that the list never says more or less than happened.

use rusqlite::{Connection, named_params};

use crate::error::Result;

/// One act. `who` is a coordinator, or the program's own hand (`scan`, `command line`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act<'a> {
    pub who: &'a str,
    /// A verb: `add`, `move`, `replace`, `publish` …
    pub act: &'a str,
    /// What it was done to, in words that stay true: `series online-jongerenwerk`, `recording 7k2m…`.
    pub subject: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
}

/// Adds an act to the list.
pub fn note(conn: &Connection, act: &Act<'_>, now: i64) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO audit (at, who, act, subject, before, after)
         VALUES (:now, :who, :act, :subject, :before, :after)",
    )?
    .execute(named_params! {
        ":now": now,
        ":who": act.who,
        ":act": act.act,
        ":subject": act.subject,
        ":before": act.before,
        ":after": act.after,
    })?;
    Ok(())
}
