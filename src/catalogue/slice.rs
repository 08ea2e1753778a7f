//! A slice of a long list, found by keyset: it borders on an element that its address names, so that nothing shifts when an element is
//! added before it. What a slice costs is for its list to say: the recordings of a series are read from an index, wherever the slice
//! is; the list of series is ranked whole for each slice, because its order depends on the viewer. In: a [`Cursor`]. Out: a [`Slice`].

use crate::error::{Error, Result};

/// Elements on a page of a list.
pub const PAGE: usize = 200;

/// The element on which a slice borders, by its name in an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cursor {
    #[default]
    First,
    After(String),
    Before(String),
}

/// In which order rows are read from the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Forward,
    /// From the border towards the beginning of the list.
    Backward,
}

/// Why a slice is the beginning of its list, although its cursor asked for another part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// The cursor names nothing in this list.
    Unknown,
    /// Nothing is beyond it.
    Beyond,
}

/// A part of a list in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    pub items: Vec<T>,
    /// Whether the list may have elements before these.
    pub has_before: bool,
    /// Whether the list has elements after these.
    pub has_after: bool,
    /// Whether the slice was found from its end; one that has to be shortened then loses its first elements.
    pub from_end: bool,
    pub missed: Option<Missed>,
}

impl<T> Default for Slice<T> {
    /// Of a list without elements.
    fn default() -> Self {
        Self {
            items: Vec::new(),
            has_before: false,
            has_after: false,
            from_end: false,
            missed: None,
        }
    }
}

impl<T> Slice<T> {
    /// Finds a slice of at most `most` elements. `key`: the sort key of the element with a name, when there is one; `rows`: up to a
    /// number of elements beyond a key (`None`: of the whole list), in a direction.
    ///
    /// A cursor that names nothing, or has nothing beyond it, gives the beginning of the list: the address was copied wrongly, or the
    /// list has become shorter.
    pub fn find<K>(
        cursor: &Cursor,
        most: usize,
        key: impl FnOnce(&str) -> Result<Option<K>>,
        rows: impl Fn(Option<&K>, Direction, usize) -> Result<Vec<T>>,
    ) -> Result<Self> {
        let (name, direction) = match cursor {
            Cursor::First => (None, Direction::Forward),
            Cursor::After(name) => (Some(name), Direction::Forward),
            Cursor::Before(name) => (Some(name), Direction::Backward),
        };
        let key = name.map(|name| key(name)).transpose()?;
        let missed = key.as_ref().map(|key| match key {
            Some(_) => Missed::Beyond,
            None => Missed::Unknown,
        });
        if let Some(key) = key.flatten() {
            let (mut items, goes_on) = cut(rows(Some(&key), direction, most + 1)?, most);
            match direction {
                Direction::Forward if !items.is_empty() => {
                    return Ok(Self {
                        items,
                        has_before: true,
                        has_after: goes_on,
                        from_end: false,
                        missed: None,
                    });
                }
                // The first elements end at the border, even when they are few: a list of heavy rows would otherwise leave some out.
                Direction::Backward if !items.is_empty() => {
                    items.reverse();
                    return Ok(Self {
                        items,
                        has_before: goes_on,
                        has_after: true,
                        from_end: true,
                        missed: None,
                    });
                }
                Direction::Forward | Direction::Backward => {}
            }
        }
        let (items, has_after) = cut(rows(None, Direction::Forward, most + 1)?, most);
        Ok(Self {
            items,
            has_before: false,
            has_after,
            from_end: false,
            missed,
        })
    }

    /// The slice without the fallback of [`Slice::find`], for a script that follows the cursors until the end: [`Error::NotFound`] when
    /// the cursor names nothing, and no elements when nothing is beyond it.
    pub fn exact(self) -> Result<Self> {
        match self.missed {
            Some(Missed::Unknown) => Err(Error::NotFound),
            Some(Missed::Beyond) => Ok(Self::default()),
            None => Ok(self),
        }
    }

    /// The slice without its last elements (its first, when it was found from its end) that together with the others weigh more
    /// than `most`; one element always stays.
    pub fn fitting(mut self, most: usize, weigh: impl Fn(&T) -> usize) -> Self {
        let mut left = most;
        let mut fits = |item: &&T| {
            let weight = weigh(item);
            let is_within = weight <= left;
            left = left.saturating_sub(weight);
            is_within
        };
        let whole = self.items.len();
        let fitting = match self.from_end {
            false => self.items.iter().take_while(&mut fits).count(),
            true => self.items.iter().rev().take_while(&mut fits).count(),
        };
        let kept = fitting.max(1).min(whole);
        match self.from_end {
            false => self.items.truncate(kept),
            true => drop(self.items.drain(..whole - kept)),
        }
        self.has_before |= self.from_end && kept < whole;
        self.has_after |= !self.from_end && kept < whole;
        self
    }

    /// How many elements of `whole` precede this shortened form of it.
    pub fn lost_before<Whole>(&self, whole: &Slice<Whole>) -> u32 {
        let lost = whole.items.len().saturating_sub(self.items.len());
        match self.from_end {
            true => u32::try_from(lost).unwrap_or(u32::MAX),
            false => 0,
        }
    }

    /// The slice with something made of each element.
    pub fn map<Made>(self, make: impl FnMut(T) -> Made) -> Slice<Made> {
        Slice {
            items: self.items.into_iter().map(make).collect(),
            has_before: self.has_before,
            has_after: self.has_after,
            from_end: self.from_end,
            missed: self.missed,
        }
    }

    /// The slice without its first element, which a page shows apart from the list.
    pub fn without_first(&self) -> Slice<&T> {
        let mut others = self.borrowed();
        others.items = others.items.split_off(1.min(others.items.len()));
        others
    }

    /// The slice with its elements borrowed.
    pub fn borrowed(&self) -> Slice<&T> {
        Slice {
            items: self.items.iter().collect(),
            has_before: self.has_before,
            has_after: self.has_after,
            from_end: self.from_end,
            missed: self.missed,
        }
    }
}

impl<T> Slice<Option<T>> {
    /// The slice without absent elements.
    pub fn flatten(self) -> Slice<T> {
        Slice {
            items: self.items.into_iter().flatten().collect(),
            has_before: self.has_before,
            has_after: self.has_after,
            from_end: self.from_end,
            missed: self.missed,
        }
    }
}

fn cut<T>(mut items: Vec<T>, most: usize) -> (Vec<T>, bool) {
    let goes_on = items.len() > most;
    items.truncate(most);
    (items, goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers below ten, by three.
    fn slice(cursor: &Cursor) -> Slice<u32> {
        let key = |name: &str| Ok(name.parse::<u32>().ok());
        Slice::find(cursor, 3, key, |key, direction, most| {
            let all = 0..10;
            Ok(match (key, direction) {
                (None, _) => all.take(most).collect(),
                (Some(key), Direction::Forward) => all.filter(|it| it > key).take(most).collect(),
                (Some(key), Direction::Backward) => {
                    all.rev().filter(|it| it < key).take(most).collect()
                }
            })
        })
        .unwrap()
    }

    #[test]
    fn a_slice_borders_on_the_named_element() {
        let after = |name: &str| Cursor::After(name.to_owned());
        let before = |name: &str| Cursor::Before(name.to_owned());
        for (cursor, expected) in [
            (Cursor::First, (vec![0, 1, 2], false, true)),
            (after("2"), (vec![3, 4, 5], true, true)),
            (after("7"), (vec![8, 9], true, false)),
            (before("6"), (vec![3, 4, 5], true, true)),
            (before("3"), (vec![0, 1, 2], false, true)),
            (before("2"), (vec![0, 1], false, true)),
            (before("0"), (vec![0, 1, 2], false, true)),
            (after("9"), (vec![0, 1, 2], false, true)),
            (after("?"), (vec![0, 1, 2], false, true)),
        ] {
            let found = slice(&cursor);
            let found = (found.items, found.has_before, found.has_after);
            assert_eq!(found, expected, "{cursor:?}");
        }
    }

    #[test]
    fn a_slice_that_is_too_heavy_is_shortened_at_its_far_end() {
        let forward = slice(&Cursor::After("2".to_owned()));
        let fitting = forward.fitting(2, |_| 1);
        assert_eq!(fitting.items, [3, 4]);
        assert!(fitting.has_before && fitting.has_after);
        let backward = slice(&Cursor::Before("6".to_owned()));
        assert_eq!(backward.clone().fitting(2, |_| 1).items, [4, 5]);
        assert_eq!(backward.fitting(0, |_| 1).items, [5], "never nothing");
        assert_eq!(slice(&Cursor::First).fitting(3, |_| 1).items.len(), 3);
    }
}
