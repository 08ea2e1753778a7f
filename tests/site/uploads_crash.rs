//! The program is killed in the middle of uploads, and the disk fails: what was acknowledged is there afterwards, every upload
//! completes, and whoever watches notices nothing. `TERUGKIJKEN_KILLS` says how often (`tests/run --long`: 50).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::support::clips;

/// Bytes of a piece: small, so that a kill falls into many of them.
const PIECE: usize = 3 * 1024 * 1024;
/// Uploads at the same time.
const PARALLEL: usize = 3;

/// The finished program on folders of its own; started again after each kill.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(folder: &Path) -> Self {
        Self::start_as(folder, &[env!("CARGO_BIN_EXE_terugkijken")])
    }

    /// `command`: what ends in the program.
    fn start_as(folder: &Path, command: &[&str]) -> Self {
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

    fn kill(mut self) {
        // SIGKILL: nothing of it runs any more.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An access key for the portal in this folder.
fn key(folder: &Path) -> String {
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
fn ask(address: &str, key: &str, head: &str, body: &[u8]) -> Option<(u16, String)> {
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

fn header(answer: &str, name: &str) -> Option<String> {
    let mut lines = answer.lines();
    lines.find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

fn announce(address: &str, key: &str, name: &str, length: usize) -> Option<String> {
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
fn offset(address: &str, key: &str, upload: &str) -> Option<usize> {
    let (status, answer) = ask(address, key, &format!("HEAD {upload} HTTP/1.1"), b"")?;
    assert_eq!(status, 200, "{answer}");
    header(&answer, "upload-offset")?.parse().ok()
}

fn piece(address: &str, key: &str, upload: &str, at: usize, bytes: &[u8]) -> Option<(u16, String)> {
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: {at}"
    );
    ask(address, key, &head, bytes)
}

/// A recording of some megabytes that differs from every other.
fn recording(number: usize) -> Vec<u8> {
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
struct Journal {
    upload: Option<String>,
    acknowledged: usize,
}

/// Sends one recording until it is whole, over however many programs.
fn send(
    number: usize,
    key: &str,
    address: &Mutex<String>,
    journal: &Mutex<Journal>,
    lost: &Mutex<Vec<String>>,
) {
    let bytes = recording(number);
    let name = format!("{number:02}-opname.mp4");
    loop {
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

fn kills() -> usize {
    std::env::var("TERUGKIJKEN_KILLS").map_or(6, |kills| kills.parse().unwrap())
}

#[test]
fn killed_in_the_middle_of_uploads_it_loses_no_byte_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path());
    let address = Arc::new(Mutex::new(program.address.clone()));
    let lost = Arc::new(Mutex::new(Vec::new()));
    let (mut program, mut done, mut killed) = (Some(program), 0, 0);
    let mut number = 0;
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    while killed < kills() {
        let senders: Vec<_> = (0..PARALLEL)
            .map(|_| {
                number += 1;
                let (key, address, lost, number) =
                    (key.clone(), Arc::clone(&address), Arc::clone(&lost), number);
                std::thread::spawn(move || send(number, &key, &address, &Mutex::default(), &lost))
            })
            .collect();
        // A moment somewhere within the time a few pieces take, counted in what arrives and not in seconds.
        while killed < kills() && !senders.iter().all(std::thread::JoinHandle::is_finished) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let wanted = random % (8 * 1024 * 1024);
            wait_for(&folder.path().join("media/.uploads"), wanted, &senders);
            program.take().unwrap().kill();
            killed += 1;
            let next = Program::start(folder.path());
            address.lock().unwrap().clone_from(&next.address);
            program = Some(next);
        }
        for sender in senders {
            sender.join().unwrap();
            done += 1;
        }
    }
    assert_eq!(
        *lost.lock().unwrap(),
        Vec::<String>::new(),
        "acknowledged and lost"
    );
    // Started once more, so that whatever was cut off on its way to its place is there.
    program.take().unwrap().kill();
    let last = Program::start(folder.path());
    for number in 1..=done {
        let path = folder
            .path()
            .join(format!("media/inbox/{number:02}-opname.mp4"));
        let there =
            std::fs::read(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        assert_eq!(
            blake3::hash(&there),
            blake3::hash(&recording(number)),
            "{number}"
        );
    }
    let left = std::fs::read_dir(folder.path().join("media/.uploads"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "files that belong to nothing");
    last.kill();
    println!("{killed} kills, {done} uploads, 0 acknowledged bytes lost");
}

/// Waits until so many more bytes lie in a folder, or all have been sent.
fn wait_for(folder: &Path, bytes: u64, senders: &[std::thread::JoinHandle<()>]) {
    let lie = || -> u64 {
        let entries =
            std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>());
        entries
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| entry.metadata().ok())
            .map(|it| it.len())
            .sum()
    };
    let from = lie();
    while lie() >= from
        && lie() < from + bytes
        && !senders.iter().all(std::thread::JoinHandle::is_finished)
    {
        std::thread::yield_now();
    }
}

/// A program whose media folder is a small disk of its own, in a namespace that goes with it. Answers the way to that disk
/// from here.
fn on_a_small_disk(folder: &Path, megabytes: u32) -> (Program, String) {
    let media = folder.join("media");
    let mount = format!(
        "mount -t tmpfs -o size={megabytes}m none {} && exec {}",
        media.display(),
        env!("CARGO_BIN_EXE_terugkijken")
    );
    let program = Program::start_as(folder, &["unshare", "-rm", "sh", "-c", &mount]);
    let there = format!("/proc/{}/root{}", program.child.id(), media.display());
    (program, there)
}

#[test]
fn a_full_disk_stops_the_upload_and_nothing_else_and_it_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let (program, disk) = on_a_small_disk(folder.path(), 60);
    let here = program.address.clone();
    let ballast = format!("{disk}/ballast");
    let bytes = recording(1);
    let upload = announce(&here, &key, "vol.mp4", bytes.len()).unwrap();
    // The rest of the disk fills up after the announcement was accepted.
    std::fs::write(&ballast, vec![1; 50 * 1024 * 1024]).unwrap();
    let (status, answer) = piece(&here, &key, &upload, 0, &bytes).unwrap();
    assert_eq!(status, 507, "{answer}");
    let words = answer.rsplit("\r\n\r\n").next().unwrap();
    assert!(
        words.contains("MB free and") || words.contains("MB vrij en"),
        "{words}"
    );
    let at = offset(&here, &key, &upload).unwrap();
    assert!(at > 0 && at < bytes.len(), "what fitted is kept: {at}");
    // Watching and signing in go on; a new file is refused before its first byte.
    for path in ["/", "/sign-in", "/healthz"] {
        assert_eq!(
            ask(&here, &key, &format!("GET {path} HTTP/1.1"), b"")
                .unwrap()
                .0,
            200,
            "{path}"
        );
    }
    let form = b"email=mira%40example.org&password=vier+losse+woorden+hier";
    let head = "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    assert_eq!(ask(&here, &key, head, form).unwrap().0, 303, "signing in");
    let head = format!(
        "POST /uploads HTTP/1.1\r\nUpload-Length: {}",
        30 * 1024 * 1024
    );
    assert_eq!(ask(&here, &key, &head, b"").unwrap().0, 507);
    // Again and again while it is full: nothing acknowledged goes away.
    for _ in 0..3 {
        let now = offset(&here, &key, &upload).unwrap();
        assert!(now >= at, "{now} < {at}");
        assert_eq!(
            piece(&here, &key, &upload, now, &bytes[now..]).unwrap().0,
            507
        );
    }
    std::fs::remove_file(&ballast).unwrap();
    let now = offset(&here, &key, &upload).unwrap();
    let (status, answer) = piece(&here, &key, &upload, now, &bytes[now..]).unwrap();
    assert_eq!(status, 204, "{answer}");
    let there = std::fs::read(format!("{disk}/inbox/vol.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    program.kill();
}

fn faults() -> usize {
    std::env::var("TERUGKIJKEN_FAULTS").map_or(2, |faults| faults.parse().unwrap())
}

/// Each of the first writes, syncs and renames of an upload fails once: the client is told, nothing acknowledged is lost, and
/// trying again succeeds. `TERUGKIJKEN_FAULTS` says how many of each (`tests/run --long`: 100).
#[test]
fn whichever_call_to_the_disk_fails_nothing_acknowledged_is_lost_and_trying_again_succeeds() {
    let bytes = recording(2);
    let mut seen = std::collections::BTreeMap::new();
    for (call, error) in [
        ("pwrite64", "ENOSPC"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("rename,renameat2", "EIO"),
        ("openat", "EMFILE"),
    ] {
        for when in 1..=faults() {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("media")).unwrap();
            let key = key(folder.path());
            let program = Program::start(folder.path());
            let here = program.address.clone();
            // From here on, so that the start itself is not what fails.
            let fault = format!("inject={call}:error={error}:when={when}");
            let tracer = Tracer::attach(program.child.id(), &["-e", &fault], call);
            let mut told = Vec::new();
            let mut upload = None;
            let mut acknowledged = 0;
            for round in 0..20 {
                assert!(round < 19, "{call} {when}: it never succeeds: {told:?}");
                let Some(known) = upload.clone() else {
                    let head = format!(
                        "POST /uploads HTTP/1.1\r\nUpload-Length: {}\r\nUpload-Metadata: filename Zm91dC5tcDQ=",
                        bytes.len()
                    );
                    let (status, answer) = ask(&here, &key, &head, b"").unwrap();
                    told.push(status);
                    upload = header(&answer, "location");
                    continue;
                };
                let Some((200, answer)) = ask(&here, &key, &format!("HEAD {known} HTTP/1.1"), b"")
                else {
                    continue;
                };
                let at: usize = header(&answer, "upload-offset").unwrap().parse().unwrap();
                assert!(
                    at >= acknowledged,
                    "{call} {when}: {acknowledged} was acknowledged, {at} is there"
                );
                if at == bytes.len() {
                    break;
                }
                let end = (at + 9 * 1024 * 1024).min(bytes.len());
                if let Some((status, answer)) = piece(&here, &key, &known, at, &bytes[at..end]) {
                    told.push(status);
                    if status == 204 {
                        acknowledged = header(&answer, "upload-offset").unwrap().parse().unwrap();
                    }
                }
            }
            drop(tracer);
            let said = format!("{call} {when}: {told:?}");
            let is_fine = |status: &u16| matches!(status, 201 | 204 | 409 | 423 | 503 | 507);
            assert!(told.iter().all(is_fine), "{call} {when}: {told:?}");
            for status in told {
                *seen.entry(status).or_insert(0) += 1;
            }
            // What could not get its place then gets it at the next start.
            program.kill();
            let program = Program::start(folder.path());
            let there = std::fs::read(folder.path().join("media/inbox/fout.mp4"));
            let there = there.unwrap_or_else(|problem| panic!("{said}: {problem}"));
            assert_eq!(blake3::hash(&there), blake3::hash(&bytes), "{call} {when}");
            program.kill();
        }
    }
    println!(
        "{} calls of 5 kinds failed; answers by status: {seen:?}",
        5 * faults()
    );
}

/// strace on a running program, until it is dropped.
struct Tracer(Child);

impl Tracer {
    fn attach(pid: u32, arguments: &[&str], calls: &str) -> Self {
        let mut child = Command::new("strace")
            .args(["-f", "-qq", "-e", &format!("trace={calls}")])
            .args(arguments)
            .args(["-p", &pid.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It holds the program as soon as the kernel says who traces it.
        while !std::fs::read_to_string(format!("/proc/{pid}/status"))
            .unwrap()
            .lines()
            .any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
        {
            std::thread::yield_now();
        }
        let said = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut BufReader::new(said), &mut std::io::sink()));
        Self(child)
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // Lets go of the program, which runs on.
        let pid = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        let _ = self.0.wait();
    }
}
