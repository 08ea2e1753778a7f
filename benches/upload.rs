//! A file of 1 GiB to the disk, beside what people would use instead, and viewers meanwhile.
//!
//!     cargo bench --bench upload
//!
//! One sender for all: 1 MiB at a time over loopback. Beside ours (one PATCH, BLAKE3, fdatasync each 8 MiB) stands nginx with a
//! DAV PUT and the same cadence (someone else syncs its file each 8 MiB, and at the end before it counts), and @tus/server with
//! its file store. Rounds are interleaved, the first is thrown away; medians of the ratios. Then 1,000 viewers at 2.5 Mbit/s
//! watch while 2 GiB arrive. Needs nginx, node and npm; what is missing is said and left out.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself, beside others, is what is measured"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const GIB: u64 = 1 << 30;
const ROUNDS: usize = 5;
const VIEWERS: usize = 1000;
/// Bytes a second of a viewer: 2.5 Mbit/s.
const PACE: u64 = 312_500;

/// A server that runs until it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked first: nginx takes its workers along then.
        let id = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let _ = id.map(|id| rustix::process::kill_process(id, rustix::process::Signal::TERM));
        std::thread::sleep(Duration::from_millis(300));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Resident bytes that are its own (`RssAnon`), in MB.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        let words = line.and_then(|line| line.split_whitespace().nth(1));
        words.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on a disk");
    let (ours, key) = ours(&folder.path().join("ours"));
    let nginx = nginx(&folder.path().join("nginx"));
    let tus = tus_server(&folder.path().join("tus"));
    let (mut to_nginx, mut to_tus, mut most) = (Vec::new(), Vec::new(), 0);
    for round in 0..=ROUNDS {
        let (mine, memory) = watched(&ours, || patch(ours.port, &key, "/uploads", GIB));
        let theirs = nginx
            .as_ref()
            .map(|(server, store)| put_synced(server.port, store, GIB));
        let others = tus
            .as_ref()
            .map(|server| patch(server.port, "", "/files", GIB));
        if round == 0 {
            continue;
        }
        most = most.max(memory);
        let seconds = mine.as_secs_f64();
        println!(
            "round {round}: ours {seconds:.2} s, nginx {theirs:.2?}, @tus/server {others:.2?}"
        );
        to_nginx.extend(theirs.map(|other| other.as_secs_f64() / seconds));
        to_tus.extend(others.map(|other| other.as_secs_f64() / seconds));
    }
    told(
        "speed beside nginx DAV PUT with the same syncs (must: 0.8)",
        to_nginx,
    );
    told("speed beside @tus/server (must: 4)", to_tus);
    println!("own memory while 1 GiB arrived: at most {most} MB");
    drop((nginx, tus));
    viewers(
        &ours,
        &key,
        &folder.path().join("ours/media/reeks/01-film.mp4"),
    );
}

fn told(what: &str, mut ratios: Vec<f64>) {
    ratios.sort_by(f64::total_cmp);
    match ratios.get(ratios.len() / 2) {
        Some(median) => println!(
            "{what}: median {median:.2} [{:.2}-{:.2}]",
            ratios[0],
            ratios[ratios.len() - 1]
        ),
        None => println!("{what}: not measured, because it is not here"),
    }
}

/// How long something took, and the most memory meanwhile.
fn watched(server: &Server, work: impl FnOnce() -> Duration + Send) -> (Duration, u64) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(server.memory());
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        let took = work();
        over.store(true, Ordering::Relaxed);
        (took, watcher.join().expect("the watcher"))
    })
}

fn ours(folder: &Path) -> (Server, String) {
    std::fs::create_dir_all(folder.join("media/reeks")).expect("a folder");
    std::fs::write(
        folder.join("media/reeks/series.toml"),
        "visibility = \"public\"\n",
    )
    .expect("a series");
    film(&folder.join("media/reeks/01-film.mp4"));
    let key = key(folder);
    let program = env!("CARGO_BIN_EXE_terugkijken");
    let mut child = Command::new(program)
        .current_dir(folder)
        .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
        .env("TERUGKIJKEN_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let said = BufReader::new(child.stdout.take().expect("what it says"));
    let mut port = 0;
    for line in said.lines().map_while(Result::ok) {
        if let Some((_, after)) = line.split_once(" on http://127.0.0.1:") {
            port = after.trim().parse().expect("a port");
        }
        if line.contains("recordings") {
            break;
        }
    }
    (Server { child, port }, key)
}

/// A recording long enough to be watched: bytes behind one of two seconds that players pass over.
fn film(film: &Path) {
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x180:rate=10:duration=2",
            "-pix_fmt",
            "yuv420p",
        ])
        .args(["-movflags", "+faststart"])
        .arg(film)
        .status();
    assert!(made.expect("ffmpeg").success());
    let mut bytes = std::fs::read(film).expect("a film");
    bytes.extend(200_000_000_u32.to_be_bytes());
    bytes.extend(b"free");
    bytes.resize(bytes.len() + 200_000_000 - 8, 1);
    std::fs::write(film, bytes).expect("a film");
}

/// An access key.
fn key(folder: &Path) -> String {
    let program = env!("CARGO_BIN_EXE_terugkijken");
    let run = |arguments: &[&str]| {
        let done = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .output()
            .expect("the program");
        String::from_utf8(done.stdout).expect("text")
    };
    run(&[
        "coordinator",
        "add",
        "a@example.org",
        "--name",
        "A",
        "--role",
        "editor",
    ]);
    let made = run(&[
        "coordinator",
        "key",
        "add",
        "a@example.org",
        "--name",
        "bench",
    ]);
    made.lines().last().unwrap_or_default().to_owned()
}

/// nginx with a folder for PUT, and that folder.
fn nginx(folder: &Path) -> Option<(Server, PathBuf)> {
    let store = folder.join("store");
    std::fs::create_dir_all(&store).ok()?;
    let port = free_port();
    let here = folder.display();
    let settings = format!(
        "daemon off; worker_processes 2; pid {here}/pid; error_log {here}/error.log; events {{}}\n\
         http {{ access_log off; client_body_temp_path {here}/store/temp; client_body_buffer_size 1m; client_max_body_size 0;\n\
         server {{ listen 127.0.0.1:{port}; root {here}/store; location / {{ dav_methods PUT; }} }} }}\n"
    );
    std::fs::write(folder.join("nginx.conf"), settings).ok()?;
    let child = Command::new("nginx")
        .args([
            "-p",
            &here.to_string(),
            "-c",
            "nginx.conf",
            "-g",
            "user root;",
        ])
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    wait_for(port)?;
    Some((Server { child, port }, store))
}

fn tus_server(folder: &Path) -> Option<Server> {
    std::fs::create_dir_all(folder).ok()?;
    let port = free_port();
    std::fs::write(folder.join("package.json"), "{\"type\": \"module\"}").ok()?;
    let installed = Command::new("npm")
        .args([
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "@tus/server@2.4.5",
            "@tus/file-store@2.1.0",
        ])
        .current_dir(folder)
        .status()
        .ok()?;
    if !installed.success() {
        return None;
    }
    let program = format!(
        "import {{ Server }} from '@tus/server'; import {{ FileStore }} from '@tus/file-store';\n\
         new Server({{ path: '/files', datastore: new FileStore({{ directory: './store' }}) }}).listen({{ host: '127.0.0.1', port: {port} }});"
    );
    std::fs::write(folder.join("server.mjs"), program).ok()?;
    std::fs::create_dir_all(folder.join("store")).ok()?;
    let child = Command::new("node")
        .arg("server.mjs")
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    wait_for(port)?;
    Some(Server { child, port })
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    free.expect("a free port").port()
}

fn wait_for(port: u16) -> Option<()> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

/// Sends a head and so many bytes. Answers the head of the answer.
fn send(port: u16, head: &str, bytes: u64) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    write!(stream, "{head}\r\nHost: a\r\nConnection: close\r\nTus-Resumable: 1.0.0\r\nContent-Length: {bytes}\r\n\r\n").expect("a head");
    let piece = vec![7_u8; 1 << 20];
    let mut left = bytes;
    while left > 0 {
        let part = usize::try_from(left.min(1 << 20)).unwrap_or(0);
        stream.write_all(&piece[..part]).expect("bytes");
        left -= u64::try_from(part).unwrap_or(0);
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn header(answer: &str, name: &str) -> String {
    let found = answer.lines().find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    });
    found.expect("a header")
}

/// Announces a file and sends it in one piece; thrown away afterwards.
fn patch(port: u16, key: &str, uploads: &str, bytes: u64) -> Duration {
    let may = format!("Authorization: Bearer {key}");
    // One byte more than is sent: what arrives is measured, not what is made of it.
    let length = bytes + 1;
    let made = send(
        port,
        &format!("POST {uploads} HTTP/1.1\r\n{may}\r\nUpload-Length: {length}"),
        0,
    );
    let address = header(&made, "location");
    let path = match address.split_once("://") {
        Some((_, rest)) => format!("/{}", rest.split_once('/').expect("a path").1),
        None => address,
    };
    let head = format!(
        "PATCH {path} HTTP/1.1\r\n{may}\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
    );
    let began = Instant::now();
    let answer = send(port, &head, bytes);
    let took = began.elapsed();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    send(port, &format!("DELETE {path} HTTP/1.1\r\n{may}"), 0);
    took
}

/// A PUT to nginx; each 8 MiB of its file are synced as they come, and the whole before it counts.
fn put_synced(port: u16, store: &Path, bytes: u64) -> Duration {
    let over = Arc::new(AtomicBool::new(false));
    let (stop, folder) = (Arc::clone(&over), store.join("temp"));
    let syncing = std::thread::spawn(move || {
        let mut synced = 0;
        while !stop.load(Ordering::Relaxed) {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let file = files
                .map(|entry| entry.path())
                .find_map(|path| std::fs::File::open(path).ok());
            let length = file
                .as_ref()
                .and_then(|file| file.metadata().ok())
                .map_or(0, |it| it.len());
            match file {
                Some(file) if length >= synced + (8 << 20) => {
                    let _ = file.sync_data();
                    synced = length;
                }
                Some(_) | None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    });
    let began = Instant::now();
    let answer = send(port, "PUT /file HTTP/1.1", bytes);
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    let file = std::fs::File::open(store.join("file")).expect("the file");
    file.sync_data().expect("a sync");
    let took = began.elapsed();
    over.store(true, Ordering::Relaxed);
    syncing.join().expect("the syncs");
    std::fs::remove_file(store.join("file")).expect("the file");
    took
}

/// What a player has in store before it begins: who is further behind stands still.
const STORE_MS: u64 = 3000;

/// Viewers who read at their pace while a file arrives.
fn viewers(ours: &Server, key: &str, film: &Path) {
    let page = send(ours.port, "GET /api/series/reeks HTTP/1.1", 0);
    let id = page.split("\"id\":\"").nth(1).expect("a recording")[..10].to_owned();
    let one = send(ours.port, &format!("GET /api/recordings/{id} HTTP/1.1"), 0);
    let media = one
        .split("\"url\":\"")
        .find(|rest| rest.contains("/media/"))
        .expect("a film");
    let media = media[media.find("/media/").expect("a film")..]
        .split('"')
        .next()
        .expect("a film")
        .to_owned();
    assert!(film.is_file());
    let (over, stalls, behind) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let (took, memory) = std::thread::scope(|scope| {
        for _ in 0..VIEWERS {
            let watch = || watch(ours.port, &media, &over, &stalls, &behind);
            std::thread::Builder::new()
                .stack_size(128 * 1024)
                .spawn_scoped(scope, watch)
                .expect("a viewer");
            std::thread::sleep(Duration::from_millis(3));
        }
        std::thread::sleep(Duration::from_secs(2));
        let (before, stood) = (
            behind.swap(0, Ordering::Relaxed),
            stalls.load(Ordering::Relaxed),
        );
        println!(
            "{VIEWERS} viewers before: {stood} stood still, at most {before} ms behind, {} MB",
            ours.memory()
        );
        let done = watched(ours, || patch(ours.port, key, "/uploads", 2 * GIB));
        over.store(true, Ordering::Relaxed);
        done
    });
    let (stalls, behind) = (
        stalls.load(Ordering::Relaxed),
        behind.load(Ordering::Relaxed),
    );
    println!(
        "{VIEWERS} viewers at 2.5 Mbit/s while 2 GiB arrived in {:.1} s: {stalls} stood still, at most {behind} ms behind, {memory} MB",
        took.as_secs_f64()
    );
}

fn watch(port: u16, media: &str, over: &AtomicBool, stalls: &AtomicU64, behind: &AtomicU64) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    write!(
        stream,
        "GET {media} HTTP/1.1\r\nHost: a\r\nRange: bytes=0-\r\n\r\n"
    )
    .expect("a head");
    let (began, mut read, mut buffer) = (Instant::now(), 0_u64, vec![0; 64 * 1024]);
    while !over.load(Ordering::Relaxed) {
        let due = Duration::from_micros(read * 1_000_000 / PACE);
        match due.checked_sub(began.elapsed()) {
            Some(early) => std::thread::sleep(early),
            None => {
                let late = u64::try_from((began.elapsed() - due).as_millis()).unwrap_or(u64::MAX);
                behind.fetch_max(late, Ordering::Relaxed);
                if late > STORE_MS {
                    stalls.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
        }
        let got = stream.read(&mut buffer).unwrap_or(0);
        if read == 0 && !buffer.starts_with(b"HTTP/1.1 206") || got == 0 {
            // Refused, or cut: as bad as one that stands still.
            stalls.fetch_add(1, Ordering::Relaxed);
            return;
        }
        read += u64::try_from(got).unwrap_or(0);
    }
}
