//! Recordings of two seconds, made once by the real ffmpeg and kept beside the build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The bytes of a small recording in the format of the name's ending; each `seed` gives other bytes.
pub fn bytes(name: &str, seed: u32) -> Vec<u8> {
    let ending = Path::new(name).extension().unwrap().to_str().unwrap();
    std::fs::read(clip(ending, seed)).unwrap()
}

/// A recording of so many bytes, an MP4, that differs from every other.
pub fn padded(number: u64, end: usize) -> Vec<u8> {
    let mut bytes = bytes("a.mp4", 1);
    // A box that players pass over (ISO/IEC 14496-12 §8.1.2), full of noise.
    let size = u32::try_from(end - bytes.len()).unwrap();
    bytes.extend(size.to_be_bytes());
    bytes.extend(b"free");
    let mut word = number + 1;
    while bytes.len() < end {
        word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend(word.to_le_bytes());
    }
    bytes.truncate(end);
    bytes
}

/// The same recording without its first second.
pub fn without_begin(name: &str, seed: u32) -> Vec<u8> {
    let ending = Path::new(name).extension().unwrap().to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (whole, cut) = (clip(ending, seed), folder.path().join(name));
    let whole = whole.to_str().unwrap();
    ffmpeg(
        &["-ss", "1", "-i", whole, "-threads", "1"].map(str::to_owned),
        &cut,
    );
    std::fs::read(cut).unwrap()
}

fn clip(ending: &str, seed: u32) -> PathBuf {
    // One at a time: two stories may want the same clip, and a half-made one is no clip.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clips");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{seed}.{ending}"));
    if !path.exists() {
        let temporary = folder.join(format!("making-{}.{ending}", std::process::id()));
        ffmpeg(&arguments(ending, seed), &temporary);
        std::fs::rename(&temporary, &path).unwrap();
    }
    path
}

fn arguments(ending: &str, seed: u32) -> Vec<String> {
    let picture = format!(
        "testsrc2=size=320x180:rate=10:duration=2,hue=h={}",
        seed * 17 % 360
    );
    let sound = format!("sine=frequency={}:duration=2", 300 + seed * 10);
    let coding: &[&str] = match ending {
        "mp4" | "mov" | "m4v" => &[
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-movflags",
            "+faststart",
        ],
        // As cameras and web recorders write: an index, then one fragment for each half second; or the index behind all.
        "fragments" => &[
            "-c:v",
            "libx264",
            "-g",
            "5",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-movflags",
            "frag_keyframe+empty_moov",
            "-f",
            "mp4",
        ],
        "tail" => &[
            "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mp4",
        ],
        "wav" => &["-vn", "-c:a", "pcm_s16le"],
        "webm" => &["-c:v", "libvpx", "-b:v", "100k", "-c:a", "libopus"],
        "mkv" => &["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"],
        "avi" => &["-c:v", "mpeg4", "-c:a", "mp3"],
        "mp3" => &["-vn", "-c:a", "libmp3lame"],
        "m4a" => &["-vn", "-c:a", "aac"],
        other => panic!("no clip is made as {other}"),
    };
    let mut arguments: Vec<String> = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound]
        .map(str::to_owned)
        .to_vec();
    arguments.extend(coding.iter().map(|argument| (*argument).to_owned()));
    arguments.extend([
        "-metadata".to_owned(),
        format!("comment=clip {seed}"),
        "-threads".to_owned(),
        "1".to_owned(),
    ]);
    arguments
}
fn ffmpeg(arguments: &[String], target: &Path) {
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-y"])
        .args(arguments)
        .arg(target)
        .status();
    assert!(
        made.expect("the tests need ffmpeg; tests/run installs it")
            .success(),
        "ffmpeg {arguments:?}"
    );
}
