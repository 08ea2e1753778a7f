//! Who looks after recordings, handed to someone else. In: ids and an account. Out: rows with their lines in the audit list; no file
//! says it, since no visitor and no other catalogue has anything to do with it.

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

/// Hands recordings over. `who`: for the audit list.
pub async fn reassign(app: &App, who: &str, all: Vec<Reassignment>) -> Result<()> {
    let (who, now) = (who.to_owned(), app.clock.now());
    app.db
        .write(move |conn| {
            for one in all {
                owner::set(conn, std::slice::from_ref(&one.id), one.to)?;
                let act = Act {
                    who: &who,
                    act: "set keeper",
                    subject: &format!("recording {}", one.id),
                    before: one.before.as_deref(),
                    after: one.after.as_deref(),
                };
                audit::note(conn, &act, now)?;
            }
            Ok(())
        })
        .await
}
