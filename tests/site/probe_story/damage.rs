//! How much the probe reads, and how it ends on damaged files.

use std::cell::Cell;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use terugkijken::probe::{Probe, Unreadable, probe};

use super::clips::{CLIPS, clips};

/// Counts what is read from it.
struct Counting {
    inner: Cursor<Vec<u8>>,
    bytes: Rc<Cell<u64>>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}

impl Seek for Counting {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

fn bytes_read(bytes: Vec<u8>) -> (u64, Result<Probe, Unreadable>) {
    let size = bytes.len() as u64;
    let count = Rc::new(Cell::new(0));
    let answer = probe(
        Counting {
            inner: Cursor::new(bytes),
            bytes: Rc::clone(&count),
        },
        size,
    );
    (count.get(), answer)
}

#[test]
fn media_data_is_stepped_over() {
    let folder = clips();
    let mut whole = std::fs::read(folder.join("fast.mp4")).unwrap();
    // A gigabyte of film would be the same: the box is only longer. Here it is 30 MiB.
    let at = whole.windows(4).position(|kind| kind == b"mdat").unwrap() - 4;
    let length = (whole.len() - at + 30 * 1024 * 1024) as u32;
    whole[at..at + 4].copy_from_slice(&length.to_be_bytes());
    whole.resize(whole.len() + 30 * 1024 * 1024, 0x55);
    let (read, answer) = bytes_read(whole);
    assert!(
        answer.is_ok() && read < 32 * 1024,
        "{read} bytes, {answer:?}"
    );
}

/// Numbers that look random and are the same in every run.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Damages a file: some bytes, a number set to an extreme, a stretch cut out or doubled, or the end cut off.
fn mutate(bytes: &[u8], random: &mut Xorshift) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    // Most of what a parser believes stands at the front or, for an index, at the end.
    let near = |random: &mut Xorshift, length: usize| match random.below(4) {
        0 => random.below(length),
        1 => length - 1 - random.below(length.min(4096)),
        _ => random.below(length.min(2048)),
    };
    for _ in 0..1 + random.below(6) {
        let at = near(random, damaged.len());
        match random.below(6) {
            0 => damaged[at] = random.below(256) as u8,
            1 => damaged[at] ^= 1 << random.below(8),
            2 => {
                let end = (at + 4).min(damaged.len());
                let extreme = [0, 0xff, 0x7f, 0x80][random.below(4)];
                damaged[at..end].fill(extreme);
            }
            3 => {
                let end = (at + random.below(64)).min(damaged.len());
                damaged.drain(at..end);
            }
            4 => {
                let end = (at + random.below(64)).min(damaged.len());
                let again = damaged[at..end].to_vec();
                damaged.splice(at..at, again);
            }
            _ if random.below(3) == 0 => damaged.truncate(at),
            _ => {}
        }
        if damaged.is_empty() {
            return damaged;
        }
    }
    damaged
}

/// Every clip, chapters included.
fn all() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let extra = ["chapters.mov", "chapters.mkv", "chapters.m4a", "turned.mp4"];
    let names = CLIPS.iter().map(|(name, _)| *name).chain(extra);
    names.map(|name| (name, std::fs::read(clips().join(name)).unwrap()))
}

/// What holds for every file, however damaged: it ends, having read little more than there is, with nothing of boundless size.
fn ends_quietly(what: &str, bytes: Vec<u8>) {
    let size = bytes.len() as u64;
    let (read, answer) = bytes_read(bytes);
    // Some places are looked at more than once, and each look takes a stretch of the file.
    assert!(
        read <= 12 * size + 2 * 1024 * 1024,
        "{what}: {read} bytes of {size}"
    );
    let Ok(known) = answer else {
        return;
    };
    assert!(known.chapters.len() <= 1000, "{what}");
    let titles = known.chapters.iter().map(|(_, title)| title);
    assert!(titles.clone().all(|title| !title.trim().is_empty()));
    assert!(titles.clone().all(|title| title.chars().count() <= 500));
    // Ten thousand hours, as no recording lasts.
    assert!(
        known.duration_ms.is_none_or(|ms| ms <= 36_000_000_000),
        "{what}"
    );
}

#[test]
fn two_hundred_damaged_copies_of_each_clip_end_quietly() {
    let mut random = Xorshift(0x5eed_0123_4567_89ab);
    for (name, whole) in all() {
        for round in 0..200 {
            let damaged = mutate(&whole, &mut random);
            ends_quietly(&format!("{name}, round {round}"), damaged);
        }
    }
}

#[test]
fn a_file_that_breaks_off_anywhere_ends_quietly_and_is_never_longer() {
    for (name, whole) in all() {
        let (_, entire) = bytes_read(whole.clone());
        let entire = entire.unwrap().duration_ms.unwrap_or(0);
        let stretch = whole.len() / 60 + 1;
        for length in (0..whole.len().min(600)).chain((600..whole.len()).step_by(stretch)) {
            let part = whole[..length].to_vec();
            ends_quietly(&format!("{name}, {length} bytes"), part.clone());
            let (_, answer) = bytes_read(part);
            let found = answer.ok().and_then(|known| known.duration_ms);
            assert!(
                found.is_none_or(|ms| ms <= entire + 60),
                "{name}, {length} bytes: {found:?}, whole {entire}"
            );
        }
    }
}
