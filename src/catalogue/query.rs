//! Helpers for the common shapes of a query. In: one SQL literal and its parameters. Out: rows as types.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use rusqlite::types::FromSql;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};
use serde::Serialize;

use crate::error::{Error, Result};

/// Runs queries on a connection.
pub trait Query {
    /// The prepared statement, which the connection caches.
    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>>;

    /// All rows, each read by `read`.
    fn rows<T, All, F>(&self, sql: &str, params: impl Params, read: F) -> Result<All>
    where
        All: FromIterator<T>,
        F: FnMut(&Row<'_>) -> rusqlite::Result<T>,
    {
        let mut statement = self.statement(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<All>>()?)
    }

    /// Looks at each row; none of them is kept.
    fn each<F>(&self, sql: &str, params: impl Params, mut look: F) -> Result<()>
    where
        F: FnMut(&Row<'_>) -> rusqlite::Result<()>,
    {
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            look(row)?;
        }
        Ok(())
    }

    /// All rows grouped by the key that `read` returns, each group in the order of the query.
    fn groups<K, T, F>(&self, sql: &str, params: impl Params, read: F) -> Result<HashMap<K, Vec<T>>>
    where
        K: Eq + Hash,
        F: FnMut(&Row<'_>) -> rusqlite::Result<(K, T)>,
    {
        let rows: Vec<(K, T)> = self.rows(sql, params, read)?;
        let mut groups: HashMap<K, Vec<T>> = HashMap::new();
        for (key, row) in rows {
            groups.entry(key).or_default().push(row);
        }
        Ok(groups)
    }

    /// The only row. [`Error::NotFound`] when there is none.
    fn row<T, F>(&self, sql: &str, params: impl Params, read: F) -> Result<T>
    where
        F: FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    {
        self.find(sql, params, read)?.ok_or(Error::NotFound)
    }

    /// The first row, if any.
    fn find<T, F>(&self, sql: &str, params: impl Params, read: F) -> Result<Option<T>>
    where
        F: FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    {
        let found = self.statement(sql)?.query_row(params, read);
        Ok(found.optional()?)
    }

    /// The first column of every row.
    fn values<T: FromSql, All: FromIterator<T>>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<All> {
        self.rows(sql, params, |row| row.get(0))
    }

    /// The first column of the only row. [`Error::NotFound`] when there is none.
    fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<T> {
        self.row(sql, params, |row| row.get(0))
    }

    /// The first column of the first row, if any.
    fn find_value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<Option<T>> {
        self.find(sql, params, |row| row.get(0))
    }

    /// Changes any number of rows.
    fn write(&self, sql: &str, params: impl Params) -> Result<()> {
        self.change(sql, params).map(drop)
    }

    /// Changes rows. Returns how many.
    fn change(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.statement(sql)?.execute(params)?)
    }

    /// Inserts one row. Returns its id.
    fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.statement(sql)?.insert(params)?)
    }
}

impl Query for Connection {
    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.prepare_cached(sql)?)
    }
}

/// Implements the SQL conversions for a type with `as_str` and `parse`, which is stored as its word.
macro_rules! sql_word {
    ($type:ty) => {
        impl ::rusqlite::types::ToSql for $type {
            fn to_sql(&self) -> ::rusqlite::Result<::rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl ::rusqlite::types::FromSql for $type {
            fn column_result(
                value: ::rusqlite::types::ValueRef<'_>,
            ) -> ::rusqlite::types::FromSqlResult<Self> {
                Self::parse(value.as_str()?).ok_or(::rusqlite::types::FromSqlError::InvalidType)
            }
        }
    };
}

pub(crate) use sql_word;

/// A JSON list for `json_each`.
pub fn json(list: &[impl Serialize]) -> Result<String> {
    serde_json::to_string(list).map_err(Error::internal)
}

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
