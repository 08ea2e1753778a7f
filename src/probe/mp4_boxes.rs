//! Boxes of MP4 and QuickTime (ISO/IEC 14496-12 §4.2): headers are read, and contents are skipped.

use super::bytes::Fields;
use super::source::Source;
use super::{Result, Unreadable, damaged};

/// Most children of one box; a movie has a handful, and its largest parent some dozens.
const MOST_CHILDREN: usize = 4096;

/// The position of a box in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mp4Box {
    /// Its four-letter type.
    pub(super) kind: [u8; 4],
    /// Position of its first byte, the header.
    pub(super) start: u64,
    /// Position of its contents.
    pub(super) body: u64,
    /// Position after its last byte.
    pub(super) end: u64,
    /// Whether the box has no size and extends to the end of the file (§4.2.2).
    pub(super) open_ended: bool,
}

impl Mp4Box {
    /// Length of the contents.
    pub(super) fn length(&self) -> u64 {
        self.end.saturating_sub(self.body)
    }

    /// The contents, or their first `most` bytes.
    pub(super) fn contents<'s>(&self, source: &'s mut Source, most: usize) -> Result<&'s [u8]> {
        source.between(self.body, self.end, most)
    }

    /// The child boxes, the first of which begins `offset` bytes into the contents.
    ///
    /// # Errors
    /// `Damaged` when a child is larger than its parent, `TooLarge` when there are more than are looked at.
    pub(super) fn children(&self, source: &mut Source, offset: u64) -> Result<Vec<Mp4Box>> {
        let mut children = Vec::new();
        let mut at = self.body.saturating_add(offset);
        // Some writers end a parent with four zero bytes; fewer bytes than a header are no child.
        while self.end.saturating_sub(at) >= 8 {
            if children.len() == MOST_CHILDREN {
                return Err(Unreadable::TooLarge);
            }
            let Some(child) = header(source, at, self.end)? else {
                break;
            };
            if child.end > self.end {
                return damaged("a box is larger than the box around it");
            }
            at = child.end;
            children.push(child);
        }
        Ok(children)
    }

    /// The first child of type `kind`.
    ///
    /// # Errors
    /// As [`Mp4Box::children`].
    pub(super) fn child(&self, source: &mut Source, kind: &[u8; 4]) -> Result<Option<Mp4Box>> {
        let children = self.children(source, 0)?;
        Ok(of_kind(&children, kind).next().copied())
    }

    /// The descendant at the end of `path`.
    ///
    /// # Errors
    /// As [`Mp4Box::children`].
    pub(super) fn descendant(
        &self,
        source: &mut Source,
        path: &[&[u8; 4]],
    ) -> Result<Option<Mp4Box>> {
        let mut inner = *self;
        for kind in path {
            let Some(child) = inner.child(source, kind)? else {
                return Ok(None);
            };
            inner = child;
        }
        Ok(Some(inner))
    }

    /// The contents of the descendant at the end of `path`, or their first `most` bytes; empty when it is missing.
    ///
    /// # Errors
    /// As [`Mp4Box::children`].
    pub(super) fn contents_of<'s>(
        &self,
        source: &'s mut Source,
        path: &[&[u8; 4]],
        most: usize,
    ) -> Result<&'s [u8]> {
        match self.descendant(source, path)? {
            Some(found) => found.contents(source, most),
            None => Ok(&[]),
        }
    }
}

/// The boxes of type `kind`.
pub(super) fn of_kind<'b>(boxes: &'b [Mp4Box], kind: &[u8; 4]) -> impl Iterator<Item = &'b Mp4Box> {
    boxes.iter().filter(move |one| one.kind == *kind)
}

/// The box that begins at `at`, inside a parent that ends at `limit`; `None` when there is no box: too few bytes for a header, a
/// size smaller than the header, or a type that is not four characters.
///
/// The box may claim to end after `limit`; the caller handles that.
pub(super) fn header(source: &mut Source, at: u64, limit: u64) -> Result<Option<Mp4Box>> {
    let mut fields = Fields(source.up_to(at, 16)?);
    let (Some(size), Some(kind)) = (fields.be32(), fields.array::<4>()) else {
        return Ok(None);
    };
    // QuickTime writes © as 0xA9 in the types of its user data.
    if !kind
        .iter()
        .all(|letter| (0x20..0x7f).contains(letter) || *letter == 0xa9)
    {
        return Ok(None);
    }
    let open_ended = size == 0;
    let (header_length, size) = match size {
        0 => (8, limit.saturating_sub(at)),
        1 => match fields.be64() {
            Some(large) => (16, large),
            None => return Ok(None),
        },
        size => (8, u64::from(size)),
    };
    if size < header_length {
        return Ok(None);
    }
    Ok(Some(Mp4Box {
        kind,
        start: at,
        body: at + header_length,
        end: at.saturating_add(size),
        open_ended,
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn first(bytes: &[u8]) -> Option<Mp4Box> {
        let size = u64::try_from(bytes.len()).unwrap();
        header(&mut Source::new(Cursor::new(bytes), size), 0, size).unwrap()
    }

    #[test]
    fn a_box_has_three_ways_to_state_its_size() {
        assert_eq!(first(b"\0\0\0\x10mdat\0\0\0\0\0\0\0\0").unwrap().end, 16);
        let large = first(b"\0\0\0\x01mdat\0\0\0\x01\0\0\0\0").unwrap();
        assert_eq!((large.body, large.end), (16, 1 << 32));
        let open = first(b"\0\0\0\0mdat1234").unwrap();
        assert!(open.open_ended && open.end == 12);
    }

    #[test]
    fn rubbish_is_no_box() {
        assert_eq!(first(b"\0\0\0\x04mdat"), None);
        assert_eq!(first(b"\0\0\0\x10\0\x01\x02\x03"), None);
        assert_eq!(first(b"\0\0\0"), None);
        assert_eq!(first(b"\0\0\0\x01mdat\0\0"), None);
    }

    #[test]
    fn a_child_stays_inside_its_parent() {
        let bytes = b"\0\0\0\x18moov\0\0\0\x20trak\0\0\0\0\0\0\0\0";
        let mut source = Source::new(Cursor::new(bytes), 24);
        let parent = header(&mut source, 0, 24).unwrap().unwrap();
        assert!(matches!(
            parent.children(&mut source, 0),
            Err(Unreadable::Damaged(_))
        ));
    }
}
