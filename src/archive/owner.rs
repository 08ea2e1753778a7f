//! Who looks after recordings, handed to someone else. In: ids and an account. Out: rows with their lines in the audit list; no file
//! says it, since no visitor and no other catalogue has anything to do with it.

use rusqlite::Connection;

use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::audit::{self, Act};
use crate::catalogue::recording::owner;
use crate::error::Result;

/// One handing over: whose, to which account (`None`: nobody), and what the audit list says of before and after.
pub struct Reassignment {
    pub id: PublicId,
    pub to: Option<i64>,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Reassignment {
    /// Does it, with its line in the audit list.
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

/// Hands recordings over. `actor`: for the audit list.
pub async fn reassign(app: &App, actor: &str, all: Vec<Reassignment>) -> Result<()> {
    let (actor, now) = (actor.to_owned(), app.clock.now());
    app.db
        .write(move |conn| {
            all.into_iter()
                .try_for_each(|one| one.perform(conn, &actor, now))
        })
        .await
}
