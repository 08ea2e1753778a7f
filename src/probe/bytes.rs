//! Parses numbers and texts from bytes without reading past their end.

/// Longest text that is kept from a file (the title of a chapter), in characters.
const LONGEST_TEXT: usize = 500;
/// Longest plausible duration in milliseconds, about fourteen months; a longer one is a broken counter.
const LONGEST_MS: u64 = 10_000 * 3_600_000;
/// Unix seconds of 1990 to 2100; moments outside come from clocks that were never set.
const PLAUSIBLE_MOMENTS: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// Bytes that are parsed field by field from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    /// Steps over `length` bytes.
    pub(super) fn skip(&mut self, length: usize) -> Option<()> {
        self.take(length).map(drop)
    }

    /// The next `N` bytes as an array.
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// The next byte.
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Two bytes, most significant first.
    pub(super) fn be16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// Three bytes, most significant first.
    pub(super) fn be24(&mut self) -> Option<u32> {
        self.array()
            .map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// Four bytes, most significant first.
    pub(super) fn be32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Eight bytes, most significant first.
    pub(super) fn be64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Eight bytes or four, most significant first.
    pub(super) fn be64_or_32(&mut self, is_wide: bool) -> Option<u64> {
        match is_wide {
            true => self.be64(),
            false => self.be32().map(u64::from),
        }
    }

    /// The version of an MP4 box; the flags after it are skipped (ISO/IEC 14496-12 §4.2.2).
    pub(super) fn version(&mut self) -> Option<u8> {
        self.array().map(|[version, _, _, _]| version)
    }

    /// Two bytes, least significant first.
    pub(super) fn le16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Four bytes, least significant first.
    pub(super) fn le32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Eight bytes, least significant first.
    pub(super) fn le64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

/// Milliseconds of `ticks` of a clock with `per_second` ticks; `None` for a stopped clock or an implausible duration.
pub(super) fn ticks_to_ms(ticks: u64, per_second: u64) -> Option<u64> {
    let ms = (u128::from(ticks) * 1000).checked_div(u128::from(per_second))?;
    u64::try_from(ms).ok().filter(|ms| *ms <= LONGEST_MS)
}

/// The duration of a recording in milliseconds; `None` also for 0, which means unknown.
pub(super) fn length_ms(ticks: u64, per_second: u64) -> Option<u64> {
    ticks_to_ms(ticks, per_second).filter(|ms| *ms > 0)
}

/// Milliseconds of a duration in seconds; `None` when it is zero, negative, infinite or implausible.
pub(super) fn seconds_to_ms(seconds: f64) -> Option<u64> {
    let duration = std::time::Duration::try_from_secs_f64(seconds).ok()?;
    let ms = u64::try_from(duration.as_millis()).ok()?;
    (1..=LONGEST_MS).contains(&ms).then_some(ms)
}

/// Unix seconds of a moment in seconds since `epoch` (in Unix seconds); `None` when it is implausible.
pub(super) fn moment(seconds: u64, epoch: i64) -> Option<i64> {
    let moment = i64::try_from(seconds).ok()?.checked_add(epoch)?;
    PLAUSIBLE_MOMENTS.contains(&moment).then_some(moment)
}

/// A text from a file that is safe to show: valid UTF-8 without control and direction characters, trimmed and limited in length.
pub(super) fn clean_text(bytes: &[u8]) -> String {
    // A character has at most four bytes, so a long text can be cut before it is copied.
    let bytes = &bytes[..bytes.len().min(LONGEST_TEXT * 4)];
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}'))
        .take(LONGEST_TEXT)
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stop_at_the_end() {
        let mut fields = Fields(&[0, 1, 2, 3]);
        assert_eq!(fields.be16(), Some(1));
        assert_eq!(fields.be32(), None);
        assert_eq!(fields.le16(), Some(0x0302));
        assert_eq!(fields.u8(), None);
    }

    #[test]
    fn absurd_lengths_and_moments_are_not_believed() {
        assert_eq!(ticks_to_ms(90_000, 90_000), Some(1000));
        assert_eq!(ticks_to_ms(1, 0), None);
        assert_eq!(ticks_to_ms(u64::MAX, 1), None);
        assert_eq!(seconds_to_ms(f64::NAN), None);
        assert_eq!(moment(0, -2_082_844_800), None);
        assert_eq!(moment(3_800_000_000, -2_082_844_800), Some(1_717_155_200));
    }

    #[test]
    fn texts_lose_what_could_hurt_a_page() {
        assert_eq!(clean_text("  Deel\t1\u{202e}!\0 ".as_bytes()), "Deel 1!");
        assert_eq!(clean_text(&[b'a'; 9000]).len(), LONGEST_TEXT);
        assert_eq!(clean_text(b"caf\xc3"), "caf");
    }
}
