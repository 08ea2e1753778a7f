//! Searches every byte of the two folders for words, in whatever form a program may write them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::Site;

/// Letters of a word that betray it: an index of words may leave out the first letters, or the last ones. Five stood together by
/// chance at times, where one row of the database ends and the next begins.
const LETTERS: usize = 6;

type Piece = [u8; LETTERS];

/// Whether a piece of this word is among what was found.
pub fn has(found: &BTreeSet<String>, word: &str) -> bool {
    let pieces = pieces(&[word]);
    let is_of_it = |line: &String| pieces.iter().any(|piece| line.ends_with(&*text(piece)));
    found.iter().any(is_of_it)
}

impl Site {
    /// Where any piece of these words stands in `data` or `media`, in a file or in a name. The words have ASCII letters alone, and no
    /// piece in common with any other word of the program.
    pub fn traces(&self, words: &[&str]) -> BTreeSet<String> {
        let (pieces, mut found) = (pieces(words), BTreeSet::new());
        for folder in [self.media(), self.app.library.data()] {
            look(folder, &pieces, &mut found);
        }
        found
    }
}

/// All files of a folder and those below it.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let below = entries.flat_map(|entry| {
        let path = entry.unwrap().path();
        match path.symlink_metadata().unwrap().is_dir() {
            true => files(&path),
            false => vec![path],
        }
    });
    below.collect()
}

fn pieces(words: &[&str]) -> HashSet<Piece> {
    let windows = words
        .iter()
        .flat_map(|word| word.as_bytes().windows(LETTERS));
    let piece = |window: &[u8]| {
        Piece::try_from(window)
            .unwrap()
            .map(|it| it.to_ascii_lowercase())
    };
    windows.map(piece).collect()
}

fn text(piece: &Piece) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(piece)
}

fn look(folder: &Path, pieces: &HashSet<Piece>, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut note = |bytes: &[u8], where_it_is: &str| {
            let there = in_bytes(bytes, pieces);
            found.extend(
                there
                    .iter()
                    .map(|piece| format!("{} {where_it_is} {}", path.display(), text(piece))),
            );
        };
        note(path.file_name().unwrap().as_encoded_bytes(), "is called");
        if path.symlink_metadata().unwrap().is_dir() {
            look(&path, pieces, found);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        note(&bytes, "holds");
        // UTF-16, of either order and from either byte on: each letter has a zero beside it.
        for from in 0..=1 {
            for letter in 0..=1 {
                let pairs = bytes.get(from..).unwrap_or_default().chunks_exact(2);
                let narrow = pairs.map(|pair| {
                    if pair[1 - letter] == 0 {
                        pair[letter]
                    } else {
                        0
                    }
                });
                note(&narrow.collect::<Vec<u8>>(), "holds");
            }
        }
    }
}

/// The pieces that stand in these bytes, in small letters or capitals.
fn in_bytes(bytes: &[u8], pieces: &HashSet<Piece>) -> HashSet<Piece> {
    let begins: HashSet<u8> = pieces.iter().map(|piece| piece[0]).collect();
    let mut is_begin = [false; 256];
    for (byte, is_begin) in (0..=u8::MAX).zip(&mut is_begin) {
        *is_begin = begins.contains(&byte.to_ascii_lowercase());
    }
    let mut there = HashSet::new();
    for (at, byte) in bytes.iter().enumerate() {
        if is_begin[usize::from(*byte)]
            && let Some(window) = bytes.get(at..at + LETTERS)
        {
            let piece = Piece::try_from(window)
                .unwrap()
                .map(|it| it.to_ascii_lowercase());
            if pieces.contains(&piece) {
                there.insert(piece);
            }
        }
    }
    there
}

#[test]
fn a_word_is_found_in_whatever_form_it_is_written_and_not_where_it_is_not() {
    let wide = |bytes: [u8; 2], at: usize| -> Vec<u8> {
        let letters = b"WendelMoed".iter().flat_map(|letter| {
            let mut pair = bytes;
            pair[at] = *letter;
            pair
        });
        letters.collect()
    };
    for (form, is_there) in [
        (b"x wendelMOED y".to_vec(), true),
        (wide([0, 0], 0), true),
        (wide([0, 0], 1), true),
        ([b"x".to_vec(), wide([0, 0], 0)].concat(), true),
        ([b"x".to_vec(), wide([0, 0], 1)].concat(), true),
        (b"wen\0delmo\0ed".to_vec(), false),
        (wide([1, 1], 0), false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), &form).unwrap();
        let mut found = BTreeSet::new();
        look(folder.path(), &pieces(&["Wendelmoed"]), &mut found);
        assert_eq!(has(&found, "Wendelmoed"), is_there, "{form:?}");
    }
}
