//! Reassigns recordings to another owner. In: ids and an account. Out: rows with their audit lines; owners exist only in the
//! catalogue, because visitors have nothing to do with them.

use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::owner;
use crate::error::Result;

/// One reassignment: the recording, the new account (`None`: no owner), and the values before and after for the audit list.
pub struct Reassignment {
    pub id: PublicId,
    pub to: Option<i64>,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Reassignment {
    /// Sets the owner and writes the audit line.
    pub fn perform(self, conn: &Connection, actor: &str, now: i64) -> Result<()> {
        owner::set(conn, std::slice::from_ref(&self.id), self.to)?;
        let act = Act {
            actor,
            act: "set keeper",
            subject: &format!("recording {}", self.id),
            before: self.before.as_deref(),
            after: self.after.as_deref(),
        };
        audit::note(conn, &act, now)
    }
}

/// Reassigns recordings in one transaction. `actor`: for the audit list.
pub async fn reassign(app: &App, actor: &str, all: Vec<Reassignment>) -> Result<()> {
    let (actor, now) = (actor.to_owned(), app.clock.now());
    app.db
        .write(move |conn| {
            all.into_iter()
                .try_for_each(|one| one.perform(conn, &actor, now))
        })
        .await
}
