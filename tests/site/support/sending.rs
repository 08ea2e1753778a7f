//! The finished program, started and killed, and senders who go on with whichever program answers, keeping a journal of what
//! was acknowledged.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::clips;

/// Bytes of a piece: small, so that a kill falls into many of them.
pub const PIECE: usize = 3 * 1024 * 1024;
/// Uploads at the same time.
pub const PARALLEL: usize = 3;

/// The finished program on folders of its own; started again after each kill.
pub struct Program {
    pub child: Child,
    pub address: String,
}

impl Program {
    pub fn start(folder: &Path) -> Self {
        Self::start_as(folder, &[env!("CARGO_BIN_EXE_terugkijken")])
    }

    /// `command`: what ends in the program.
    pub fn start_as(folder: &Path, command: &[&str]) -> Self {
        let mut child = Command::new(command[0])
            .args(&command[1..])
            .current_dir(folder)
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .env("TERUGKIJKEN_FREE_MB", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(says.read_line(&mut line).unwrap(), 0, "the program ended");
            if let Some((_, after)) = line.split_once(" on http://") {
                break after.trim().to_owned();
            }
        };
        // Nobody reads the rest; a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut says, &mut std::io::sink()));
        let program = Self { child, address };
        // It answers once what was cut off has been completed.
        assert_eq!(
            ask(&program.address, "", "GET /healthz HTTP/1.1", b"")
                .unwrap()
                .0,
            200
        );
        program
    }

    pub fn kill(mut self) {
        // SIGKILL: nothing of it runs any more.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An access key for the portal in this folder.
pub fn key(folder: &Path) -> String {
    let run = |arguments: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "vier losse woorden hier").unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap()
    };
    run(&[
        "coordinator",
        "add",
        "mira@example.org",
        "--name",
        "Mira",
        "--role",
        "editor",
        "--password-stdin",
    ]);
    let made = run(&[
        "coordinator",
        "key",
        "add",
        "mira@example.org",
        "--name",
        "proef",
    ]);
    made.lines().last().unwrap().to_owned()
}

/// One request over a connection of its own: status and head of the answer, or nothing when the connection broke.
pub fn ask(address: &str, key: &str, head: &str, body: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let sent = write!(
        stream,
        "{head}\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nTus-Resumable: 1.0.0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    sent.ok()?;
    // What the program reads before it is killed counts only when it says so.
    let _ = stream.write_all(body);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.get(9..12)?.parse().ok()?;
    Some((status, answer))
}

pub fn header(answer: &str, name: &str) -> Option<String> {
    let mut lines = answer.lines();
    lines.find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

pub fn announce(address: &str, key: &str, name: &str, length: usize) -> Option<String> {
    use base64::Engine;
    let name = base64::engine::general_purpose::STANDARD.encode(name);
    let head = format!(
        "POST /uploads HTTP/1.1\r\nUpload-Length: {length}\r\nUpload-Metadata: filename {name}"
    );
    let (status, answer) = ask(address, key, &head, b"")?;
    assert_eq!(status, 201, "{answer}");
    header(&answer, "location")
}

/// Where an upload is.
pub fn offset(address: &str, key: &str, upload: &str) -> Option<usize> {
    let (status, answer) = ask(address, key, &format!("HEAD {upload} HTTP/1.1"), b"")?;
    assert_eq!(status, 200, "{answer}");
    header(&answer, "upload-offset")?.parse().ok()
}

pub fn piece(
    address: &str,
    key: &str,
    upload: &str,
    at: usize,
    bytes: &[u8],
) -> Option<(u16, String)> {
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: {at}"
    );
    ask(address, key, &head, bytes)
}

/// A recording of some megabytes that differs from every other.
pub fn recording(number: usize) -> Vec<u8> {
    let mut bytes = clips::bytes("a.mp4", 1);
    // A box that players pass over (ISO/IEC 14496-12 §8.1.2), full of noise.
    let end = bytes.len() + 20 * 1024 * 1024 + number;
    let size = u32::try_from(end - bytes.len()).unwrap();
    bytes.extend(size.to_be_bytes());
    bytes.extend(b"free");
    let mut word = u64::try_from(number).unwrap() + 1;
    while bytes.len() < end {
        word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend(word.to_le_bytes());
    }
    bytes.truncate(end);
    bytes
}

/// What the sender knows: written before the next request goes out.
#[derive(Default)]
pub struct Journal {
    pub upload: Option<String>,
    pub acknowledged: usize,
}

/// Sends one recording until it is whole, over however many programs, or until `over` says that nobody will answer any more.
pub fn send(
    number: usize,
    key: &str,
    address: &Mutex<String>,
    journal: &Mutex<Journal>,
    lost: &Mutex<Vec<String>>,
    over: &AtomicBool,
) {
    let bytes = recording(number);
    let name = format!("{number:02}-opname.mp4");
    while !over.load(Ordering::Relaxed) {
        let here = address.lock().unwrap().clone();
        let known = journal.lock().unwrap().upload.clone();
        let Some(upload) = known else {
            journal.lock().unwrap().upload = announce(&here, key, &name, bytes.len());
            continue;
        };
        let Some(at) = offset(&here, key, &upload) else {
            continue;
        };
        let acknowledged = journal.lock().unwrap().acknowledged;
        if at < acknowledged {
            lost.lock().unwrap().push(format!(
                "{name}: {acknowledged} was acknowledged, {at} is there"
            ));
        }
        journal.lock().unwrap().acknowledged = at;
        if at == bytes.len() {
            return;
        }
        let end = (at + PIECE).min(bytes.len());
        if let Some((204, answer)) = piece(&here, key, &upload, at, &bytes[at..end]) {
            journal.lock().unwrap().acknowledged =
                header(&answer, "upload-offset").unwrap().parse().unwrap();
        }
    }
}
