//! The two recordings that are asked for: a real film of two seconds each, and random bytes behind it that players pass over.

use std::fs::File;
use std::io::Write;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Film {
    Long,
    Short,
}

impl Film {
    pub fn file(self) -> &'static str {
        match self {
            Self::Long => "01-lang.mp4",
            Self::Short => "02-kort.mp4",
        }
    }

    pub fn size(self) -> u64 {
        match self {
            Self::Long => 512 << 20,
            Self::Short => 64 << 20,
        }
    }
}

/// Both, in a folder that all servers serve.
pub struct Films {
    pub folder: PathBuf,
}

impl Films {
    pub fn make(folder: &Path) -> Self {
        let films = Self {
            folder: folder.to_owned(),
        };
        std::fs::create_dir_all(films.media()).expect("a folder");
        for film in [Film::Long, Film::Short] {
            make(&films.path(film), film.size());
        }
        films
    }

    pub fn media(&self) -> PathBuf {
        self.folder.join("films")
    }

    pub fn path(&self, film: Film) -> PathBuf {
        self.media().join(film.file())
    }

    /// Into the page cache, wholly.
    pub fn heat(&self) {
        for film in [Film::Long, Film::Short] {
            let mut file = File::open(self.path(film)).expect("the film");
            std::io::copy(&mut file, &mut std::io::sink()).expect("the film");
        }
    }

    /// Out of the page cache, as far as nobody reads it.
    pub fn cool(&self, film: Film) {
        let file = File::open(self.path(film)).expect("the film");
        let advice = rustix::fs::Advice::DontNeed;
        rustix::fs::fadvise(&file, 0, NonZeroU64::new(film.size()), advice).expect("an advice");
    }
}

fn make(path: &Path, size: u64) {
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i"])
        .arg("testsrc2=size=320x180:rate=10:duration=2")
        .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
        .arg(path)
        .status();
    assert!(made.expect("ffmpeg").success());
    let begun = std::fs::metadata(path).expect("the film").len();
    let mut file = File::options().append(true).open(path).expect("the film");
    let mut left = size - begun;
    // ISO/IEC 14496-12 §8.1.2: a box of free space.
    let length = u32::try_from(left).expect("a box of 32 bits");
    file.write_all(&length.to_be_bytes()).expect("a box");
    file.write_all(b"free").expect("a box");
    left -= 8;
    let mut piece = vec![0; 1 << 20];
    while left > 0 {
        getrandom::fill(&mut piece).expect("random bytes");
        let part = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        file.write_all(&piece[..part]).expect("the film");
        left -= part as u64;
    }
    // What is not on the disk yet is not dropped from the page cache.
    file.sync_all().expect("the film on the disk");
}
