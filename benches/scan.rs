//! Reading a media folder of 10,000 recordings: the first time, and again with nothing changed.
//!
//!     cargo bench --bench scan
//!
//! Prints how long `terugkijken scan` took, what it says it opened, and the most memory it held (VmHWM). Needs ffmpeg for one
//! clip, and about 400 MB in the temporary folder. Targets: flat memory, and no media file opened the second time.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself is what is measured"
)]

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const FOLDERS: u32 = 20;
const EACH: u32 = 500;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fill(folder.path());
    for what in ["first scan", "second scan"] {
        let began = Instant::now();
        let (said, memory) = scan(folder.path());
        println!(
            "{what}: {} ms, {memory} at most; {said}",
            began.elapsed().as_millis()
        );
    }
}

/// The same clip ten thousand times, each told apart by a box at its end that players skip (ISO 14496-12 §8.1.2).
fn fill(folder: &Path) {
    let clip = folder.join("clip.mp4");
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-nostdin",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x180:rate=10:duration=2",
        ])
        .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
        .arg(&clip)
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "ffmpeg makes the clip"
    );
    let clip = std::fs::read(clip).expect("the clip");
    for series in 0..FOLDERS {
        let series = folder.join(format!("media/reeks-{series:02}"));
        std::fs::create_dir_all(&series).expect("a folder");
        for number in 0..EACH {
            let mut bytes = clip.clone();
            bytes.extend(16u32.to_be_bytes());
            bytes.extend(b"free");
            bytes.extend(u64::from(number).to_be_bytes());
            bytes.extend(12u32.to_be_bytes());
            bytes.extend(b"skip");
            bytes.extend_from_slice(
                &series.as_os_str().as_encoded_bytes()[series.as_os_str().len() - 4..],
            );
            std::fs::write(series.join(format!("{number:03}-opname.mp4")), bytes)
                .expect("a recording");
        }
    }
}

/// Runs `terugkijken scan`; answers its line of counts and the most memory it held.
fn scan(folder: &Path) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
        .arg("scan")
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let status = format!("/proc/{}/status", child.id());
    let mut said = String::new();
    let mut memory = String::new();
    let mut output = child.stdout.take().expect("its output");
    let mut piece = [0; 4096];
    while let Ok(read) = output.read(&mut piece) {
        // The mark only rises, so the last look before the end is the highest.
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        if let Some(line) = now.lines().find(|line| line.starts_with("VmHWM")) {
            memory = line["VmHWM:".len()..].trim().to_owned();
        }
        if read == 0 {
            break;
        }
        said.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    child.wait().expect("the end of the program");
    let counts = said.lines().find(|line| line.contains(" opened"));
    (counts.unwrap_or("it said nothing").to_owned(), memory)
}
