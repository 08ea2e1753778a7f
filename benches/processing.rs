//! What processing costs, and what it costs those who watch.
//!
//!     cargo bench --bench processing            # --quick: smaller files, fewer viewers; remux, decode, watch: that figure alone
//!
//! Three figures, each beside what it is compared with in one run: bringing a film into another container beside `cp` and `sync` of it;
//! picture, sound and everything else of a long film beside a plain decoding of it; and 1,000 paced viewers and the latency of a page
//! while a film is encoded, beside the same in quiet. Needs ffmpeg. The disk takes 6 GB.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself, beside others, is what is measured"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// Bytes that a viewer asks for at once, and how often: 2.5 Mbit/s.
const PIECE: u64 = 312_500;
const PERIOD: Duration = Duration::from_secs(1);

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film.mp4");
    let (seconds, copies, viewers, turns) = if quick {
        (60, 20, 200, 10)
    } else {
        (300, 20, 1000, 30)
    };
    println!("a film of {seconds} s, 1080p, H.264 and AAC …");
    let source = format!("testsrc2=size=1920x1080:rate=25:duration={seconds},noise=alls=12:allf=t");
    let tone = format!("sine=duration={seconds}");
    run(Command::new("ffmpeg")
        .args([
            "-v", "error", "-y", "-f", "lavfi", "-i", &source, "-f", "lavfi", "-i", &tone,
        ])
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-b:v",
            "3M",
            "-maxrate",
            "3M",
            "-bufsize",
            "6M",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-movflags",
            "+faststart",
        ])
        .arg(&film));
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with('-'))
        .collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|it| it == name);
    if is_asked("remux") {
        remux(&film, copies);
    }
    if is_asked("decode") {
        decode(&film);
    }
    if is_asked("watch") {
        watch(&film, viewers, turns);
    }
}

/// Bringing a long film into another container, beside copying it.
fn remux(film: &Path, copies: u32) {
    let portal = tempfile::tempdir().expect("a folder");
    let long = media(portal.path()).join("01-lang.mkv");
    let looped = copies.to_string();
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-stream_loop", &looped, "-i"])
        .arg(film)
        .args(["-c", "copy"])
        .arg(&long));
    let size = long.metadata().expect("a file").len();
    let copy = portal.path().join("copy");
    let begun = Instant::now();
    std::fs::copy(&long, &copy).expect("a copy");
    std::fs::File::open(&copy)
        .and_then(|file| file.sync_all())
        .expect("on the disk");
    let copied = begun.elapsed();
    std::fs::remove_file(&copy).expect("removed");
    let begun = Instant::now();
    let server = Server::start(portal.path(), true, "none");
    server.wait_for("\"kind\":\"full\"");
    let remuxed = begun.elapsed();
    let ratio = remuxed.as_secs_f64() / copied.as_secs_f64();
    println!(
        "another container, {:.2} GB: {:.1} s, cp {:.1} s, ratio {ratio:.2} (goal ≤ 2; with start, scan and inspection)",
        gigabytes(size),
        remuxed.as_secs_f64(),
        copied.as_secs_f64()
    );
}

/// Everything that is made of a film that plays already, beside decoding it.
fn decode(film: &Path) {
    let begun = Instant::now();
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(film)
        .args(["-f", "null", "-"]));
    let decoded = begun.elapsed();
    let portal = tempfile::tempdir().expect("a folder");
    std::fs::copy(film, media(portal.path()).join("01-film.mp4")).expect("a copy");
    let begun = Instant::now();
    let server = Server::start(portal.path(), true, "automatic");
    server.wait_for("\"kind\":\"360p\"");
    let made = begun.elapsed();
    let ratio = made.as_secs_f64() / decoded.as_secs_f64();
    println!(
        "pictures, 360p and sound: {:.1} s, plain decoding {:.1} s, ratio {ratio:.2} (goal ≤ 1.3; encoding, start and scan are in it)",
        made.as_secs_f64(),
        decoded.as_secs_f64()
    );
}

/// Viewers and a page while a film is encoded, beside the same while its encoder stands still: in turns of two seconds, so that what
/// else changes on the machine touches both.
fn watch(film: &Path, viewers: usize, turns: usize) {
    let portal = tempfile::tempdir().expect("a folder");
    let folder = media(portal.path());
    std::fs::copy(film, folder.join("01-film.mp4")).expect("a copy");
    // No browser plays it; a long one keeps the worker busy for as long as is measured.
    run(Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-stream_loop", "1", "-i"])
        .arg(film)
        .args(["-c:v", "mpeg4", "-q:v", "3", "-c:a", "copy"])
        .arg(folder.join("02-film.avi")));
    let server = Server::start(portal.path(), true, "automatic");
    let path = server.film();
    let encoder = server.encoder();
    let watching = Watching::default();
    std::thread::scope(|scope| {
        for number in 0..viewers {
            let (watching, path, port) = (&watching, path.as_str(), server.port);
            std::thread::Builder::new()
                .stack_size(128 * 1024)
                .spawn_scoped(scope, move || viewer(number, port, path, watching))
                .expect("a thread");
        }
        std::thread::sleep(Duration::from_secs(5));
        let mut times = [Vec::new(), Vec::new()];
        for turn in 0..turns {
            let works = turn % 2 == 1;
            watching.is_encoding.store(works, Ordering::Relaxed);
            let signal = if works { Signal::CONT } else { Signal::STOP };
            if kill_process_group(encoder, signal).is_err() {
                println!("the film was done after {turn} of {turns} turns");
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
            times[usize::from(works)].extend((0..40).map(|_| server.time_of_a_page()));
        }
        let _ = kill_process_group(encoder, Signal::CONT);
        watching.is_over.store(true, Ordering::Relaxed);
        let of = ["quiet", "a film is encoded"];
        let mut figures = [(0.0, 0.0); 2];
        for (which, times) in times.iter_mut().enumerate() {
            times.sort();
            let ms = |place: usize| times[place].as_secs_f64() * 1000.0;
            figures[which] = (ms(times.len() / 2), ms(times.len() * 99 / 100));
            println!(
                "{}: {viewers} viewers, {} pieces, {} late by more than a second; {} pages, p50 {:.2} ms, p99 {:.2} ms",
                of[which],
                watching.pieces[which].load(Ordering::Relaxed),
                watching.late[which].load(Ordering::Relaxed),
                times.len(),
                figures[which].0,
                figures[which].1
            );
        }
        let more = |encoding: f64, quiet: f64| (encoding / quiet - 1.0) * 100.0;
        println!(
            "latency of a page while a film is encoded: p50 {:+.0} %, p99 {:+.0} % (goal ≤ +15 %)",
            more(figures[1].0, figures[0].0),
            more(figures[1].1, figures[0].1)
        );
    });
}

/// What viewers meet, in quiet and while a film is encoded.
#[derive(Default)]
struct Watching {
    is_over: AtomicBool,
    is_encoding: AtomicBool,
    pieces: [AtomicU64; 2],
    late: [AtomicU64; 2],
}

impl Watching {
    fn count(&self, what: &[AtomicU64; 2]) {
        let which = usize::from(self.is_encoding.load(Ordering::Relaxed));
        what[which].fetch_add(1, Ordering::Relaxed);
    }
}

/// Asks for a piece each period; a piece that comes more than a period late is a player that stands still.
fn viewer(number: usize, port: u16, path: &str, watching: &Watching) {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        watching.count(&watching.late);
        return;
    };
    std::thread::sleep(PERIOD * u32::try_from(number % 100).unwrap_or(0) / 100);
    let mut offset = 0;
    let mut body = vec![0; 64 * 1024];
    while !watching.is_over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nRange: bytes={offset}-{}\r\n\r\n",
            offset + PIECE - 1
        );
        if stream.write_all(request.as_bytes()).is_err() || !take(&mut stream, &mut body) {
            watching.count(&watching.late);
            return;
        }
        watching.count(&watching.pieces);
        offset = (offset + PIECE) % (PIECE * 20);
        match PERIOD.checked_sub(begun.elapsed()) {
            Some(rest) => std::thread::sleep(rest),
            None if begun.elapsed() > PERIOD * 2 => watching.count(&watching.late),
            None => {}
        }
    }
}

/// Reads one answer; whether it was whole.
fn take(stream: &mut TcpStream, body: &mut [u8]) -> bool {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_exact(&mut byte).is_err() {
            return false;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut left: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    while left > 0 {
        let most = left.min(body.len());
        if stream.read_exact(&mut body[..most]).is_err() {
            return false;
        }
        left -= most;
    }
    true
}

fn media(portal: &Path) -> std::path::PathBuf {
    let folder = portal.join("media/reeks");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(
        folder.join("series.toml"),
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    )
    .expect("written");
    folder
}

fn run(command: &mut Command) {
    assert!(
        command
            .stdin(Stdio::null())
            .status()
            .expect("ffmpeg")
            .success(),
        "{command:?}"
    );
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// The program, until it is dropped.
struct Server {
    child: Child,
    port: u16,
    portal: std::path::PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(portal: &Path, with_ffmpeg: bool, pictures: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
            .current_dir(portal)
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .env("TERUGKIJKEN_FREE_MB", "0")
            .env("TERUGKIJKEN_LOG", "error")
            .env("TERUGKIJKEN_PICTURES", pictures)
            .env(
                "TERUGKIJKEN_FFMPEG",
                if with_ffmpeg { "ffmpeg" } else { "" },
            )
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            output.read_line(&mut line).expect("a line");
            if let Some((_, address)) = line.trim().split_once(" on http://") {
                break address
                    .rsplit(':')
                    .next()
                    .and_then(|port| port.parse().ok())
                    .expect("a port");
            }
        };
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self {
            child,
            port,
            portal: portal.to_owned(),
        }
    }

    /// The body of an answer.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// How long the first page takes; a moment passes after it.
    fn time_of_a_page(&self) -> Duration {
        let begun = Instant::now();
        self.get("/");
        let took = begun.elapsed();
        std::thread::sleep(Duration::from_millis(40));
        took
    }

    /// What the catalogue says of the first recording, once it is there.
    fn recording(&self) -> String {
        loop {
            let names = std::fs::read_dir(self.portal.join("media/reeks"))
                .expect("a folder")
                .flatten();
            let mut sidecars: Vec<_> = names
                .map(|it| it.path())
                .filter(|it| {
                    it.extension().is_some_and(|it| it == "toml") && !it.ends_with("series.toml")
                })
                .collect();
            sidecars.sort();
            let text = sidecars
                .first()
                .map(|path| std::fs::read_to_string(path).unwrap_or_default())
                .unwrap_or_default();
            if let Some(id) = text.lines().find_map(|line| line.strip_prefix("id = \"")) {
                return self.get(&format!("/api/recordings/{}", id.trim_end_matches('"')));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn wait_for(&self, words: &str) {
        while !self.recording().contains(words) {
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The group of processes of the converter that encodes, once there is one.
    fn encoder(&self) -> Pid {
        loop {
            for process in std::fs::read_dir("/proc").expect("processes").flatten() {
                let read = |file: &str| std::fs::read(process.path().join(file));
                let (Ok(arguments), Ok(status)) = (read("cmdline"), read("status")) else {
                    continue;
                };
                let is_ours = String::from_utf8_lossy(&status)
                    .contains(&format!("\nPPid:\t{}\n", self.child.id()));
                if is_ours && String::from_utf8_lossy(&arguments).contains("full.mp4") {
                    let id = process.file_name().to_string_lossy().parse().ok();
                    return id.and_then(Pid::from_raw).expect("a process");
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The path of the first film.
    fn film(&self) -> String {
        loop {
            let said = self.recording();
            if let Some((_, rest)) = said.split_once("/media/") {
                let end = rest.find('"').unwrap_or(rest.len());
                return format!("/media/{}", &rest[..end]);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
