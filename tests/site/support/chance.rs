//! Requests by chance: such as players send, such as nearly are, and plain noise. The same seed gives the same requests.

use std::io::Write;

use super::rfc9110::{Asked, FORMS, Known, date};

/// A sequence of numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// This many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let words = (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
        words.take(count).collect()
    }

    /// A request for this file.
    pub fn request(&mut self, file: &Known<'_>) -> Asked {
        let methods = ["GET", "GET", "GET", "GET", "GET", "HEAD", "POST"];
        let method = self.pick(&methods);
        let mut lines = Vec::new();
        if !self.one_in(8) {
            lines.push(("range", self.range(file.size)));
        }
        if self.one_in(30) {
            lines.push(("range", self.range(file.size)));
        }
        for _ in 0..self.below(4) {
            lines.push(self.condition(file));
        }
        Asked { method, lines }
    }

    /// The value of a Range for a file of this size.
    pub fn range(&mut self, size: u64) -> Vec<u8> {
        let mut value = Vec::new();
        self.put_range(size, &mut value);
        value
    }

    /// The same, put at the end of what is there.
    pub fn put_range(&mut self, size: u64, value: &mut Vec<u8>) {
        if self.one_in(24) {
            return self.put_noise(value);
        }
        let unit = match self.below(24) {
            0 => "BYTES=",
            1 => "bytes= ",
            2 => "bytes=,\t,",
            3 => self.pick(&[
                "bytes", "byte=", "items=", " bytes =", "=", "bytes==", "none=",
            ]),
            _ => "bytes=",
        };
        value.extend_from_slice(unit.as_bytes());
        let count = match self.below(8) {
            0 => 2,
            1 => 1 + self.below(4),
            2 => self.below(11),
            _ => 1,
        };
        for at in 0..count {
            if at > 0 {
                let between = [",", ",", ",", ", ", " ,\t", ",,", ", ,,", ";"];
                let between = self.pick(&between);
                value.extend_from_slice(between.as_bytes());
            }
            self.put_one_range(size, value);
        }
        if self.one_in(500) {
            // As long as a field may be, or a little longer.
            value.resize(1015 + usize::try_from(self.below(20)).unwrap(), b',');
        }
        if self.one_in(16) {
            self.spoil(value);
        }
    }

    fn put_one_range(&mut self, size: u64, value: &mut Vec<u8>) {
        match self.below(8) {
            0 => {
                value.push(b'-');
                self.put_position(size, value);
            }
            1 => {
                self.put_position(size, value);
                value.push(b'-');
            }
            2 | 3 => {
                self.put_position(size, value);
                value.push(b'-');
                self.put_position(size, value);
            }
            _ => {
                let first = self.below(size.max(1));
                let last = first.saturating_add(self.length() - 1);
                write!(value, "{first}-{last}").unwrap();
            }
        }
    }

    /// How many bytes somebody asks for: around what programs read in one go, and mostly few.
    pub fn length(&mut self) -> u64 {
        const EDGES: [u64; 6] = [1, 4096, 16_384, 65_536, 131_072, 1 << 20];
        match self.below(16) {
            0..8 => 1 + self.below(64),
            8..13 => 1 + self.below(65_536),
            _ => self.pick(&EDGES) + self.below(3) - 1,
        }
        .max(1)
    }

    /// A position: mostly near an end of the file, or far beyond it.
    fn put_position(&mut self, size: u64, value: &mut Vec<u8>) {
        let zeros = self.pick(&["", "", "", "", "", "", "0", "0000000000000000000000"]);
        value.extend_from_slice(zeros.as_bytes());
        let number = match self.below(16) {
            0 => 0,
            1 => 1,
            2 => size.saturating_sub(2),
            3 | 4 => size.saturating_sub(1),
            5 => size,
            6 => size.saturating_add(1),
            7 => u64::MAX,
            8 => {
                let beyond = [
                    "18446744073709551616",
                    "99999999999999999999999999999999999999999",
                    "",
                ];
                return value.extend_from_slice(self.pick(&beyond).as_bytes());
            }
            9 => self.next(),
            10..12 => self.below(24),
            _ => self.below(size.max(1)),
        };
        write!(value, "{number}").unwrap();
    }

    /// Changes, adds or takes away a byte.
    fn spoil(&mut self, value: &mut Vec<u8>) {
        let signs = *b"-=,; \t0123456789+./*\"_aWx\xe9\xa0";
        let at = usize::try_from(self.below(value.len() as u64 + 1)).unwrap();
        let sign = self.pick(&signs);
        match self.below(3) {
            0 if at < value.len() => value[at] = sign,
            1 if at < value.len() => drop(value.remove(at)),
            _ => value.insert(at, sign),
        }
    }

    /// Bytes that may stand in a header.
    fn put_noise(&mut self, value: &mut Vec<u8>) {
        let count = usize::try_from(self.below(40)).unwrap();
        let noise = self.bytes(count).into_iter();
        value.extend(noise.filter(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..)));
    }

    /// A line with one of the five conditions.
    fn condition(&mut self, file: &Known<'_>) -> (&'static str, Vec<u8>) {
        let fields = [
            "if-match",
            "if-none-match",
            "if-none-match",
            "if-range",
            "if-range",
            "if-modified-since",
            "if-unmodified-since",
        ];
        let field = self.pick(&fields);
        let by_date = match field {
            "if-match" | "if-none-match" => self.one_in(30),
            "if-range" => self.one_in(2),
            _ => !self.one_in(30),
        };
        let mut value = match by_date {
            true => self.date(file),
            false => self.tags(file, field == "if-range"),
        };
        if self.one_in(12) {
            self.spoil(&mut value);
        }
        if self.one_in(60) {
            value.clear();
            self.put_noise(&mut value);
        }
        (field, value)
    }

    fn date(&mut self, file: &Known<'_>) -> Vec<u8> {
        let modified = file.modified.unwrap_or(784_111_777);
        let moment = match self.below(8) {
            0 => modified.saturating_sub(1),
            1 => modified + 1,
            2 => self.below(4_000_000_000),
            3 => 253_402_300_799,
            _ => modified,
        };
        let form = self.pick(&FORMS);
        let mut text = date(moment, form);
        if self.one_in(20) {
            text = self
                .pick(&["0", "", "yesterday", "2026-11-29", "Sun, 06 Nov 1994"])
                .to_owned();
        }
        text.into_bytes()
    }

    fn tags(&mut self, file: &Known<'_>, mostly_one: bool) -> Vec<u8> {
        let count = match self.below(4) {
            0 if !mostly_one || self.one_in(4) => 2 + self.below(3),
            _ => 1,
        };
        let mut value = Vec::new();
        for at in 0..count {
            if at > 0 {
                let between = self.pick(&[", ", ",", " ,\t", ",,", " "]);
                value.extend_from_slice(between.as_bytes());
            }
            let own = file.etag;
            let tag = match self.below(12) {
                0..5 => own.to_owned(),
                5 => format!("W/{own}"),
                6 => "*".to_owned(),
                7 => own.trim_matches('"').to_owned(),
                8 => "\"a,b\"".to_owned(),
                9 => format!("{own}-private"),
                10 => "\"\"".to_owned(),
                _ => "\"other\"".to_owned(),
            };
            value.extend_from_slice(tag.as_bytes());
        }
        value
    }
}
