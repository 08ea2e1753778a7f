//! Reads one table of a sidecar key by key: checks types and limits, and finds unknown keys.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Datetime, Document, Item, TableLike, Value};

use super::{
    Broken, LARGEST_TEXT_BYTES, LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, MOST_ENTRIES,
    MOST_FINDINGS, Note, Read, Unknown, is_id,
};
use crate::catalogue::field::Choice;
use crate::catalogue::name::composed;
use crate::embed_sites::EmbedSites;

/// Unknown keys and notes, which do not refuse the file.
#[derive(Default)]
pub(super) struct Findings {
    unknown: Vec<Unknown>,
    notes: Vec<Note>,
}

/// Parses a whole file, whose keys `read` takes.
pub(super) fn document<T>(
    text: &str,
    read: impl FnOnce(&mut Section<'_, '_>) -> Result<T, Broken>,
) -> Result<Read<T>, Broken> {
    let text = unix_text(text)?;
    let document = Document::parse(text.as_str()).map_err(|error| {
        let span = error.span().unwrap_or_default();
        broken(
            &text,
            &span,
            format!("This is not TOML: {}.", error.message().replace('\n', "; ")),
        )
    })?;
    let mut findings = Findings::default();
    let mut section = Section {
        text: &text,
        table: document.as_table(),
        span: 0..0,
        prefix: String::new(),
        read_keys: Vec::new(),
        findings: &mut findings,
    };
    let value = read(&mut section)?;
    section.finish();
    findings.unknown.sort_by_key(|unknown| unknown.line);
    Ok(Read {
        value,
        unknown: findings.unknown,
        notes: findings.notes,
    })
}

/// The text without byte order mark and carriage returns, which does not change line numbers.
pub(super) fn unix_text(text: &str) -> Result<String, Broken> {
    if text.len() > LARGEST_TEXT_BYTES {
        return Err(broken(
            "",
            &(0..0),
            "The file is too large to be a sidecar.".into(),
        ));
    }
    Ok(text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n"))
}

/// An error at a position; line and column are counted from 1, columns in characters.
pub(super) fn broken(text: &str, span: &Range<usize>, message: String) -> Broken {
    let before = text.get(..span.start).unwrap_or(text);
    let start_of_line = before.rfind('\n').map_or(0, |at| at + 1);
    Broken {
        line: before.matches('\n').count() + 1,
        column: before[start_of_line..].chars().count() + 1,
        message,
    }
}

/// A table that is being read.
pub(super) struct Section<'a, 'f> {
    text: &'a str,
    table: &'a dyn TableLike,
    span: Range<usize>,
    /// `chapters.` for a table of that list; empty for the file itself.
    prefix: String,
    read_keys: Vec<&'static str>,
    findings: &'f mut Findings,
}

/// An element of a list: a table or a text.
pub(super) enum Entry<'a, 'f> {
    Table(Section<'a, 'f>),
    Text(String),
}

impl<'a> Section<'a, '_> {
    fn item(&mut self, key: &'static str) -> Option<&'a Item> {
        self.read_keys.push(key);
        self.table.get(key).filter(|item| !item.is_none())
    }

    fn span_of(&self, key: &str) -> Range<usize> {
        let of_key = self.table.key(key).and_then(toml_edit::Key::span);
        let of_item = || self.table.get(key).and_then(Item::span);
        of_key.or_else(of_item).unwrap_or_else(|| self.span.clone())
    }

    /// The error that refuses the file because of this key.
    pub(super) fn refuse(&self, key: &str, what: &str) -> Broken {
        broken(
            self.text,
            &self.span_of(key),
            format!("`{}{key}` {what}.", self.prefix),
        )
    }

    fn wrong_type(&self, key: &str, wanted: &str, item: &Item) -> Broken {
        self.refuse(
            key,
            &format!("must be {wanted}, not a value of type {}", item.type_name()),
        )
    }

    /// Reads the value of a key that must have one type.
    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a Item) -> Option<T>,
    ) -> Result<Option<T>, Broken> {
        let Some(item) = self.item(key) else {
            return Ok(None);
        };
        let value = read(item).ok_or_else(|| self.wrong_type(key, wanted, item))?;
        Ok(Some(value))
    }

    fn text(&mut self, key: &'static str, most_chars: usize) -> Result<Option<String>, Broken> {
        let text = self.typed(key, "text in quotes", Item::as_str)?;
        let text = text.map(|text| self.check(key, text, most_chars).map(|()| composed(text)));
        Ok(text.transpose()?.map(Cow::into_owned))
    }

    /// Reads the name of a file, with the bytes that it may have on the disk.
    pub(super) fn name_of_file(&mut self, key: &'static str) -> Result<Option<String>, Broken> {
        let name = self.typed(key, "text in quotes", Item::as_str)?;
        let name = name.map(|name| self.check(key, name, LONGEST_LINE_CHARS).map(|()| name));
        Ok(name.transpose()?.map(str::to_owned))
    }

    fn check(&self, key: &str, text: &str, most_chars: usize) -> Result<(), Broken> {
        if text.contains('\0') {
            return Err(self.refuse(key, "contains a NUL character"));
        }
        if text.chars().count() > most_chars {
            return Err(self.refuse(key, &format!("is longer than {most_chars} characters")));
        }
        Ok(())
    }

    /// Reads a title, name or language: at most [`LONGEST_LINE_CHARS`].
    pub(super) fn line(&mut self, key: &'static str) -> Result<Option<String>, Broken> {
        self.text(key, LONGEST_LINE_CHARS)
    }

    /// Reads a line that its table must have.
    pub(super) fn required_line(&mut self, key: &'static str) -> Result<String, Broken> {
        self.line(key)?
            .ok_or_else(|| self.refuse(key, "is missing here"))
    }

    /// Reads Markdown or plain text of several lines: at most [`LONGEST_PROSE_CHARS`].
    pub(super) fn prose(&mut self, key: &'static str) -> Result<Option<String>, Broken> {
        self.text(key, LONGEST_PROSE_CHARS)
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Result<Option<bool>, Broken> {
        self.typed(key, "true or false", Item::as_bool)
    }

    pub(super) fn whole_number(&mut self, key: &'static str) -> Result<Option<i64>, Broken> {
        self.typed(key, "a whole number", Item::as_integer)
    }

    /// Reads a word of a choice. An unknown word is refused, so that a misspelling makes nothing public.
    pub(super) fn choice(
        &mut self,
        key: &'static str,
        of: &[Choice],
    ) -> Result<Option<String>, Broken> {
        let Some(word) = self.line(key)? else {
            return Ok(None);
        };
        if of.iter().any(|choice| choice.word == word) {
            return Ok(Some(word));
        }
        let words: Vec<&str> = of.iter().map(|choice| choice.word).collect();
        let (last, others) = words.split_last().unwrap_or((&"", &[]));
        let form = format!("must be {} or {last}", others.join(", "));
        Err(self.refuse(key, &form))
    }

    /// Reads embed sites. An invalid text is refused, so that a misspelling shows nothing on other sites.
    pub(super) fn embed_sites(&mut self, key: &'static str) -> Result<Option<EmbedSites>, Broken> {
        let Some(words) = self.line(key)? else {
            return Ok(None);
        };
        let form =
            "must be everywhere, nowhere or addresses of sites such as https://vereniging.nl";
        let sites = EmbedSites::parse(&words);
        sites.map(Some).ok_or_else(|| self.refuse(key, form))
    }

    /// Reads a date or moment, as TOML or as text of the same form.
    pub(super) fn moment(
        &mut self,
        key: &'static str,
        form: &str,
    ) -> Result<Option<Datetime>, Broken> {
        let Some(item) = self.item(key) else {
            return Ok(None);
        };
        let moment = match item.as_value() {
            Some(Value::Datetime(moment)) => Some(*moment.value()),
            Some(Value::String(text)) => text.value().trim().parse().ok(),
            _ => return Err(self.wrong_type(key, form, item)),
        };
        moment
            .map(Some)
            .ok_or_else(|| self.refuse(key, &format!("must be {form}")))
    }

    /// Reads a value of any type.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.item(key).and_then(Item::as_value)
    }

    /// Reads an id; an invalid one is skipped with a note.
    pub(super) fn id(&mut self, key: &'static str) -> Result<Option<String>, Broken> {
        let written = self.line(key)?;
        let span = self.span_of(key);
        Ok(written.filter(|written| self.is_id(key, written, &span)))
    }

    /// Reads a list of ids; invalid ones are skipped with a note.
    pub(super) fn ids(&mut self, key: &'static str) -> Result<Vec<String>, Broken> {
        let mut ids = self.lines(key)?;
        let span = self.span_of(key);
        ids.retain(|written| self.is_id(key, written, &span));
        Ok(ids)
    }

    fn is_id(&mut self, key: &str, written: &str, span: &Range<usize>) -> bool {
        let valid = is_id(written);
        if !valid && self.findings.notes.len() < MOST_FINDINGS {
            self.findings.notes.push(Note {
                key: format!("{}{key}", self.prefix),
                written: written.to_owned(),
                line: broken(self.text, span, String::new()).line,
            });
        }
        valid
    }

    /// Reads a list of lines.
    pub(super) fn lines(&mut self, key: &'static str) -> Result<Vec<String>, Broken> {
        let refusal = self.refuse(key, "must be a list of texts in quotes");
        self.list(key, |entry| match entry {
            Entry::Text(text) => Ok(text),
            Entry::Table(_) => Err(refusal.clone()),
        })
    }

    /// Reads a list of tables or texts, at most [`MOST_ENTRIES`].
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(Entry<'_, '_>) -> Result<T, Broken>,
    ) -> Result<Vec<T>, Broken> {
        let of_value = |value: &'a Value| {
            let table = value.as_inline_table();
            (table.map(|table| table as &dyn TableLike), Some(value))
        };
        let tables: Vec<(Option<&dyn TableLike>, Option<&Value>)> = match self.item(key) {
            None => return Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => tables
                .iter()
                .map(|table| (Some(table as &dyn TableLike), None))
                .collect(),
            Some(Item::Value(Value::Array(values))) => values.iter().map(of_value).collect(),
            Some(item) => return Err(self.wrong_type(key, "a list", item)),
        };
        if tables.len() > MOST_ENTRIES {
            return Err(self.refuse(key, &format!("has more than {MOST_ENTRIES} entries")));
        }
        tables
            .into_iter()
            .map(|(table, value)| read(self.entry(key, table, value)?))
            .collect()
    }

    fn entry(
        &mut self,
        key: &str,
        table: Option<&'a dyn TableLike>,
        value: Option<&'a Value>,
    ) -> Result<Entry<'_, '_>, Broken> {
        let span = value
            .and_then(Value::span)
            .unwrap_or_else(|| self.span_of(key));
        if let Some(table) = table {
            // A table under `[[…]]` has no span, so that of its first key is used.
            let first_key = table
                .iter()
                .next()
                .and_then(|(first, _)| table.key(first))
                .and_then(toml_edit::Key::span);
            return Ok(Entry::Table(Section {
                text: self.text,
                table,
                span: first_key.unwrap_or(span),
                prefix: format!("{}{key}.", self.prefix),
                read_keys: Vec::new(),
                findings: self.findings,
            }));
        }
        let Some(text) = value.and_then(Value::as_str) else {
            return Err(broken(
                self.text,
                &span,
                format!("An entry of `{key}` must be text in quotes or a table."),
            ));
        };
        self.check(key, text, LONGEST_LINE_CHARS)?;
        Ok(Entry::Text(composed(text).into_owned()))
    }

    /// Reports the unknown keys.
    pub(super) fn finish(&mut self) {
        let strangers = self
            .table
            .iter()
            .filter(|(key, _)| !self.read_keys.contains(key));
        let room = MOST_FINDINGS.saturating_sub(self.findings.unknown.len());
        for (key, _) in strangers.take(room) {
            self.findings.unknown.push(Unknown {
                key: format!("{}{key}", self.prefix),
                line: broken(self.text, &self.span_of(key), String::new()).line,
            });
        }
    }
}
