//! Bounds how long a question may take. In: queries that somebody outside has shaped. Out: their answer, or [`Error::Busy`].

use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::error::Result;

/// Steps of SQLite's virtual machine between two looks at the clock: about a tenth of a millisecond.
const STEPS: i32 = 2000;

/// Runs queries that end with [`crate::error::Error::Busy`] when they have taken this long.
pub fn within<T>(
    conn: &Connection,
    time: Duration,
    question: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let until = Instant::now() + time;
    conn.progress_handler(STEPS, Some(move || Instant::now() > until))?;
    let _unbounded_again = Unbounded(conn);
    question()
}

/// Takes the bound away, also when a question panics: its connection is used again.
struct Unbounded<'a>(&'a Connection);

impl Drop for Unbounded<'_> {
    fn drop(&mut self) {
        if let Err(problem) = self.0.progress_handler(0, None::<fn() -> bool>) {
            tracing::error!(%problem, "the next questions to the database may end too early");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::query::Query;
    use crate::error::Error;

    #[test]
    fn a_question_without_end_ends_and_the_next_has_its_own_time() {
        let conn = crate::db::fresh_in_memory().unwrap();
        let endless =
            "WITH RECURSIVE number (it) AS (VALUES (1) UNION ALL SELECT it + 1 FROM number)
                       SELECT max(it) FROM number";
        let asked = within(&conn, Duration::from_millis(20), || {
            conn.value::<i64>(endless, [])
        });
        assert!(matches!(asked, Err(Error::Busy)), "{asked:?}");
        let some = endless.replace("FROM number)", "FROM number LIMIT 100000)");
        assert_eq!(conn.value::<i64>(&some, []).unwrap(), 100_000);
    }
}
