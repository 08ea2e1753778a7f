//! Limits of the readers: where one is reached the answer is "not known", never a smaller length in silence.

use std::io::{Read, Seek, SeekFrom};

use super::boxes::{boxes, fragment};
use super::clips::clips;
use super::kinds_cases::{answer, lasts, made};
use terugkijken::probe::probe;

/// The front of a recording in fragments: its picture is track 1 with 12,800 ticks a second, its sound track 2 with 48,000.
fn front() -> Vec<u8> {
    let whole = std::fs::read(clips().join("fragmented.mp4")).unwrap();
    boxes(&whole)
        .into_iter()
        .filter(|(kind, ..)| matches!(kind, b"ftyp" | b"moov"))
        .flat_map(|(_, from, to)| whole[from..to].to_vec())
        .collect()
}

#[test]
fn more_fragments_than_are_looked_at_are_counted_from_the_end() {
    let mut bytes = front();
    let count = 700_000;
    for number in 0..count {
        bytes.extend(fragment(2, Some(number * 1024), 1, 1024));
    }
    lasts(&bytes, count * 1024 / 48);
    // The picture ended long before the end, where nobody looks any more: no length rather than one of the two.
    let mut bytes = front();
    bytes.extend(fragment(1, Some(0), 9_000_000, 512));
    for number in 0..count {
        bytes.extend(fragment(2, Some(number * 1024), 1, 1024));
    }
    assert_eq!(answer(&bytes).unwrap().duration_ms, None);
    // Without a time in the fragments only all of them together would tell.
    let mut bytes = front();
    for _ in 0..count {
        bytes.extend(fragment(2, None, 1, 1024));
    }
    assert_eq!(answer(&bytes).unwrap().duration_ms, None);
}

#[test]
fn a_run_that_is_longer_than_is_read_leaves_the_length_open() {
    let mut bytes = front();
    let at = bytes.len();
    bytes.extend(fragment(2, Some(0), 300_000, 1024));
    // The run promises a duration for each sample, which would take more than a megabyte.
    let trun = at + bytes[at..].windows(4).position(|it| it == b"trun").unwrap();
    bytes[trun + 6] = 1;
    assert_eq!(answer(&bytes).unwrap().duration_ms, None);
}

/// A huge file: these bytes at its front, the second at its end, and one byte over and over between.
struct Huge {
    front: Vec<u8>,
    end: Vec<u8>,
    size: u64,
    at: u64,
    read: u64,
}

impl Read for &mut Huge {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end_at = self.size - self.end.len() as u64;
        let count = buffer
            .len()
            .min((self.size.saturating_sub(self.at)) as usize);
        for (place, slot) in buffer[..count].iter_mut().enumerate() {
            let at = self.at + place as u64;
            *slot = match at {
                at if (at as usize) < self.front.len() => self.front[at as usize],
                at if at >= end_at => self.end[(at - end_at) as usize],
                _ => 0x55,
            };
        }
        self.at += count as u64;
        self.read += count as u64;
        Ok(count)
    }
}

impl Seek for &mut Huge {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if let SeekFrom::Start(at) = to {
            self.at = at;
        }
        Ok(self.at)
    }
}

#[test]
fn of_a_hundred_gigabytes_a_few_are_read_and_nothing_is_guessed() {
    let clip = |name: &str| std::fs::read(clips().join(name)).unwrap();
    let mut film = clip("fast.mp4");
    // Media data up to the end of the file.
    let at = film
        .windows(8)
        .position(|it| it == b"\0\0\0\x08free")
        .unwrap();
    film.truncate(at);
    film.extend(b"\0\0\0\0mdat");
    let aac = made(&["fast.mp4"], "-vn -c:a aac -f adts", "a.aac");
    let noted = made(&["fast.mp4"], "-vn -c:a libmp3lame -q:a 4", "a.mp3");
    for (name, front, length) in [
        ("a film", film, Some(2000)),
        ("a recording of a browser", clip("live.webm"), None),
        ("MPEG sound", clip("constant.mp3"), None),
        ("MPEG sound with a note about its first part", noted, None),
        ("AAC", aac, None),
        ("zeros", vec![0; 10_000_000], None),
    ] {
        let size = 100 << 30;
        let mut huge = Huge {
            front,
            end: vec![0x55],
            size,
            at: 0,
            read: 0,
        };
        let found = probe(&mut huge, size);
        let found = found.ok().and_then(|known| known.duration_ms);
        assert!(
            found.is_none_or(|ms| Some(ms / 10) == length.map(|ms| ms / 10)),
            "{name}: {found:?}"
        );
        assert!(huge.read < 32 << 20, "{name}: {} bytes", huge.read);
    }
}
