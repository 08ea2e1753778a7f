//! The sequence of outermost boxes of an MP4 or QuickTime file: positions of its index, media and fragments.

use std::collections::VecDeque;

use super::mp4_boxes::{Mp4Box, header};
use super::source::Source;
use super::{Result, Unreadable, damaged};

/// Most fragments that are remembered from the front, where every track begins.
const FIRST: usize = 64;
/// Most fragments that are remembered from the end, where every track ends.
const LAST: usize = 4096;

/// The outermost boxes that the probe needs.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The index.
    pub(super) moov: Option<Mp4Box>,
    /// The first media data.
    pub(super) mdat: Option<Mp4Box>,
    /// The first fragments.
    pub(super) first: Vec<Mp4Box>,
    /// The last fragments.
    pub(super) last: VecDeque<Mp4Box>,
    /// Whether the file has the fragment index that ends a finished file.
    pub(super) has_mfra: bool,
    /// Whether a box extends to the end of the file, wherever that is.
    pub(super) open_ended: bool,
    /// Whether there are more boxes than were looked at, so that `last` is not the end.
    pub(super) is_cut: bool,
}

/// Reads the headers of the outermost boxes, with at most half of what may be read of a file.
pub(super) fn lay_out(source: &mut Source) -> Result<Layout> {
    let mut layout = Layout::default();
    let mut at = 0;
    while at < source.size() {
        let whole = layout.moov.is_some() && layout.mdat.is_some();
        if source.is_half_spent() {
            // The rest was not read, so the file cannot be known to be complete.
            layout.open_ended = true;
            layout.is_cut = true;
            break;
        }
        let next = match header(source, at, source.size())? {
            Some(next) if next.end <= source.size() => next,
            // Cameras and upload tools leave invalid bytes after the last box, which players ignore.
            None if whole => break,
            Some(next) if whole && !next.is_media() => break,
            Some(next) => {
                source.stops_early()?;
                // Without the index nothing of it plays; with it, what was written does.
                if layout.moov.is_none() || &next.kind == b"moov" {
                    return Err(Unreadable::Incomplete);
                }
                let end = source.size();
                layout.add(Mp4Box { end, ..next });
                break;
            }
            None if source.size() - at < 16 => return Err(Unreadable::Incomplete),
            None => return damaged("there is no box where one should begin"),
        };
        layout.add(next);
        at = next.end;
    }
    Ok(layout)
}

impl Layout {
    fn add(&mut self, next: Mp4Box) {
        self.open_ended |= next.open_ended;
        match &next.kind {
            b"moov" => drop(self.moov.get_or_insert(next)),
            b"mdat" => drop(self.mdat.get_or_insert(next)),
            b"moof" => {
                if self.first.len() < FIRST {
                    self.first.push(next);
                }
                if self.last.len() == LAST {
                    self.last.pop_front();
                }
                self.last.push_back(next);
            }
            b"mfra" => self.has_mfra = true,
            _ => {}
        }
    }
}

impl Mp4Box {
    /// Whether the recording needs this box completely, so that it must not extend past the end of the file.
    fn is_media(&self) -> bool {
        matches!(
            &self.kind,
            b"moov" | b"mdat" | b"moof" | b"mfra" | b"sidx" | b"styp"
        )
    }
}
