//! From the start of the finished program to its first answered request, with the demonstration series.
//!
//!     cargo bench --bench start
//!
//! Each round starts it twice: on an empty data folder, and on the one it then left behind. Target: under 300 ms for both.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself is what is measured"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;

fn main() {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        first.push(start(folder.path()));
        again.push(start(folder.path()));
    }
    for (what, mut times) in [("first run", first), ("second run", again)] {
        times.sort();
        let median = times[ROUNDS / 2].as_micros();
        let (least, most) = (times[0].as_micros(), times[ROUNDS - 1].as_micros());
        println!("{what}: median {median} us [{least}-{most}] over {ROUNDS} rounds");
    }
}

/// Starts the program and answers how long its first answer took.
fn start(folder: &Path) -> Duration {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a free port")
        .port();
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
        .args([
            "--media",
            concat!(env!("CARGO_MANIFEST_DIR"), "/media"),
            "--data",
        ])
        .arg(folder.join("data"))
        .env("TERUGKIJKEN_LISTEN", format!("127.0.0.1:{port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let took = loop {
        if let Some(answer) = ask(port) {
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            break began.elapsed();
        }
        assert!(began.elapsed() < Duration::from_secs(10), "no answer");
    };
    child
        .kill()
        .and_then(|()| child.wait())
        .expect("the end of the program");
    took
}

fn ask(port: u16) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    (!answer.is_empty()).then_some(answer)
}
