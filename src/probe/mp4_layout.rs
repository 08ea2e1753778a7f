//! The sequence of outermost boxes of an MP4 or QuickTime file: positions of its index, media and fragments.

use super::mp4_boxes::{Mp4Box, header};
use super::source::Source;
use super::{Result, Unreadable, damaged};

/// Most outermost boxes; a recording in one-second fragments has two per second, so this covers half a day.
const MOST_BOXES: usize = 90_000;

/// The outermost boxes that the probe needs.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The index.
    pub(super) moov: Option<Mp4Box>,
    /// The first media data.
    pub(super) mdat: Option<Mp4Box>,
    /// Segment indexes, in order.
    pub(super) sidx: Vec<Mp4Box>,
    /// The last fragment.
    pub(super) last_moof: Option<Mp4Box>,
    /// Whether the file has the fragment index that ends a finished file.
    pub(super) has_mfra: bool,
    /// Whether a box extends to the end of the file, wherever that is.
    pub(super) open_ended: bool,
}

/// Reads the headers of the outermost boxes.
pub(super) fn lay_out(source: &mut Source) -> Result<Layout> {
    let mut layout = Layout::default();
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= source.size() {
            return Ok(layout);
        }
        let whole = layout.moov.is_some() && layout.mdat.is_some();
        let next = match header(source, at, source.size())? {
            Some(next) if next.end <= source.size() => next,
            // Cameras and upload tools leave invalid bytes after the last box, which players ignore.
            None if whole => return Ok(layout),
            Some(next) if whole && !next.is_media() => return Ok(layout),
            Some(_) => return Err(Unreadable::Incomplete),
            None if source.size() - at < 16 => return Err(Unreadable::Incomplete),
            None => return damaged("there is no box where one should begin"),
        };
        layout.add(next);
        at = next.end;
    }
    // The rest was not read, so the file cannot be known to be complete.
    layout.open_ended = true;
    Ok(layout)
}

impl Layout {
    fn add(&mut self, next: Mp4Box) {
        self.open_ended |= next.open_ended;
        match &next.kind {
            b"moov" => drop(self.moov.get_or_insert(next)),
            b"mdat" => drop(self.mdat.get_or_insert(next)),
            b"moof" => self.last_moof = Some(next),
            b"mfra" => self.has_mfra = true,
            b"sidx" => self.sidx.push(next),
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
