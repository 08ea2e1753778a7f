//! Sets and removes single keys of a TOML document without changing the text around them.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

/// Sets or removes a key of the file if its value changed.
pub(super) fn set_value<T: PartialEq>(
    document: &mut DocumentMut,
    key: &str,
    (was, now): (&Option<T>, &Option<T>),
    to_value: impl FnOnce(&T) -> Value,
) {
    match now {
        _ if was == now => {}
        Some(now) => put_below_heading(document, key, to_value(now)),
        None => remove(document, key),
    }
}

/// Sets a list of texts if it changed. Texts appended at its end leave the others as they were written, including invalid ones that
/// reading skipped.
pub(super) fn set_texts(document: &mut DocumentMut, key: &str, was: &[String], now: &[String]) {
    if was == now {
        return;
    }
    if now.is_empty() {
        return remove(document, key);
    }
    let existing = document.get_mut(key).and_then(Item::as_array_mut);
    if let (Some(array), Some(added)) = (existing, now.strip_prefix(was)) {
        return array.extend(added);
    }
    put_below_heading(document, key, Value::Array(now.iter().collect()));
}

/// Sets a list of tables if it changed. An unchanged entry keeps its comments and unknown keys, also at another position; an entry
/// that changed at its position is edited in place.
pub(super) fn set_tables<T: PartialEq>(
    document: &mut DocumentMut,
    key: &str,
    was: &[T],
    now: &[T],
    write: impl Fn(&mut Table, &T),
) {
    if was == now {
        return;
    }
    if now.is_empty() {
        return remove(document, key);
    }
    match document.get_mut(key) {
        Some(Item::Value(Value::Array(array))) => rebuild_array(array, was, now, write),
        Some(Item::ArrayOfTables(tables)) => rebuild_tables(tables, was, now, write),
        _ => {
            let mut tables = ArrayOfTables::new();
            rebuild_tables(&mut tables, &[], now, write);
            document.insert(key, Item::ArrayOfTables(tables));
        }
    }
}

fn rebuild_tables<T: PartialEq>(
    tables: &mut ArrayOfTables,
    was: &[T],
    now: &[T],
    write: impl Fn(&mut Table, &T),
) {
    let mut old: Vec<Option<Table>> = tables.iter().cloned().map(Some).collect();
    tables.clear();
    for (index, wanted) in now.iter().enumerate() {
        let unchanged = slot_of(wanted, was, &old);
        let slot = unchanged.or_else(|| slot_to_edit(index, was, now));
        let mut table = slot
            .and_then(|slot| old.get_mut(slot)?.take())
            .unwrap_or_default();
        forget_positions(&mut table);
        if unchanged.is_none() {
            write(&mut table, wanted);
        }
        tables.push(table);
    }
}

/// Clears the positions of tables: they are printed by their original position, and without one in order.
fn forget_positions(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(below) => forget_positions(below),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_positions),
            Item::Value(_) | Item::None => {}
        }
    }
}

fn rebuild_array<T: PartialEq>(
    array: &mut Array,
    was: &[T],
    now: &[T],
    write: impl Fn(&mut Table, &T),
) {
    let mut old: Vec<Option<Value>> = array.iter().cloned().map(Some).collect();
    array.clear();
    for (index, wanted) in now.iter().enumerate() {
        let unchanged = slot_of(wanted, was, &old).and_then(|slot| old.get_mut(slot)?.take());
        if let Some(value) = unchanged {
            array.push_formatted(value);
            continue;
        }
        let replaced = slot_to_edit(index, was, now).and_then(|slot| old.get_mut(slot)?.take());
        let decor = replaced.as_ref().map(|value| value.decor().clone());
        let mut table = match replaced {
            Some(Value::InlineTable(inline)) => inline.into_table(),
            _ => Table::new(),
        };
        write(&mut table, wanted);
        let mut value = Value::InlineTable(table.into_inline_table());
        match decor {
            Some(decor) => {
                *value.decor_mut() = decor;
                array.push_formatted(value);
            }
            None => array.push(value),
        }
    }
}

/// Position of an equal entry that was not used yet.
fn slot_of<T: PartialEq, O>(wanted: &T, was: &[T], old: &[Option<O>]) -> Option<usize> {
    was.iter()
        .zip(old)
        .position(|(was, old)| old.is_some() && was == wanted)
}

/// Position of the old entry to edit, unless it is used at another position.
fn slot_to_edit<T: PartialEq>(index: usize, was: &[T], now: &[T]) -> Option<usize> {
    let was = was.get(index)?;
    (!now.contains(was)).then_some(index)
}

/// Sets the value of a key, keeping the comment after it, or adds the key at the end of the table.
pub(super) fn put(table: &mut Table, key: &str, mut value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(existing)) => {
            *value.decor_mut() = existing.decor().clone();
            *existing = value;
        }
        _ => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Sets the value of a key, or removes the key.
pub(super) fn put_or_remove(table: &mut Table, key: &str, value: Option<Value>) {
    match value {
        Some(value) => put(table, key, value),
        None => drop(table.remove(key)),
    }
}

/// Adds a key; in a file with only comments it goes below them, because they are its heading.
fn put_below_heading(document: &mut DocumentMut, key: &str, value: Value) {
    let heading = if document.is_empty() {
        raw(document.trailing())
    } else {
        String::new()
    };
    put(document.as_table_mut(), key, value);
    if !heading.is_empty() {
        document.set_trailing("");
        prefix_onto(document.as_table_mut(), key, &heading);
    }
}

/// Removes a key. The comment above it is often the heading of the file, so it moves to the next key.
fn remove(document: &mut DocumentMut, key: &str) {
    let comment = comment_above(document.as_table(), key);
    let next = document
        .iter()
        .map(|(name, _)| name.to_owned())
        .skip_while(|name| name != key)
        .nth(1);
    document.remove(key);
    match (comment, next) {
        (None, _) => {}
        (Some(comment), Some(next)) => prefix_onto(document.as_table_mut(), &next, &comment),
        (Some(comment), None) => {
            let trailing = format!("{comment}{}", raw(document.trailing()));
            document.set_trailing(trailing);
        }
    }
}

fn raw(text: &RawString) -> String {
    text.as_str().unwrap_or_default().to_owned()
}

fn comment_above(table: &Table, key: &str) -> Option<String> {
    let prefix = match table.get(key)? {
        Item::Table(below) => below.decor().prefix(),
        Item::ArrayOfTables(tables) => tables.get(0)?.decor().prefix(),
        Item::Value(_) | Item::None => table.key(key)?.leaf_decor().prefix(),
    };
    prefix.map(raw).filter(|prefix| prefix.contains('#'))
}

fn prefix_onto(table: &mut Table, key: &str, comment: &str) {
    let in_front =
        |prefix: Option<&RawString>| format!("{comment}{}", prefix.map(raw).unwrap_or_default());
    match table.get_mut(key) {
        Some(Item::Table(below)) => {
            let prefix = in_front(below.decor().prefix());
            below.decor_mut().set_prefix(prefix);
        }
        Some(Item::ArrayOfTables(tables)) => {
            if let Some(first) = tables.get_mut(0) {
                let prefix = in_front(first.decor().prefix());
                first.decor_mut().set_prefix(prefix);
            }
        }
        _ => {
            if let Some(mut key) = table.key_mut(key) {
                let prefix = in_front(key.leaf_decor().prefix());
                key.leaf_decor_mut().set_prefix(prefix);
            }
        }
    }
}
