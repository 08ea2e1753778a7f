//! What floods take of the memory, and what is given back: own memory (`RssAnon`) of one process before, at most meanwhile, and
//! within 30 s after each of them. Fails when one takes more than it may.
//!
//!     cargo bench --bench abuse
//!     cargo bench --bench abuse -- readers    # those whose name has the word
//!
//! The program has 1 GB of memory at most, where the machine lets it be put into a cgroup (as root). Over loopback, as somebody without an account unless it says otherwise. Needs ffmpeg.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself is what is measured"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// MB that a flood may take meanwhile, and that may be left of it.
const MOST: u64 = 256;
const LEFT: u64 = 20;
/// Bytes of memory of a small machine.
const SMALL: u64 = 1 << 30;
/// Time within which memory is given back.
const SOON: Duration = Duration::from_secs(30);
const MAIL: &str = "a@example.org";
const PASSWORD: &str = "vier losse woorden hier";

/// The program; it ends with this.
struct Portal {
    child: Child,
    port: u16,
    /// Its access key and its browser's cookie.
    key: String,
    cookie: String,
    film: String,
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Portal {
    /// Own memory in MB.
    fn memory(&self) -> u64 {
        memory(self.child.id())
    }

    async fn connect(&self) -> Option<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).await.ok()
    }

    async fn sign_in(&self) -> String {
        let (mail, password) = (MAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let form = format!("email={mail}&password={password}");
        let head = "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
        self.ask(head, form.as_bytes()).await
    }

    /// The address of its film.
    async fn film(&self) -> String {
        let series = self.ask("GET /api/series/reeks HTTP/1.1", b"").await;
        let id = series.split("\"id\":\"").nth(1);
        let id = id.and_then(|rest| rest.split('"').next());
        let address = format!("GET /api/recordings/{} HTTP/1.1", id.unwrap_or_default());
        let recording = self.ask(&address, b"").await;
        let film = recording.split("/media/").nth(1);
        let film = film.and_then(|rest| rest.split('"').next());
        format!("/media/{}", film.expect("a film"))
    }

    /// Sends a request and hears the first bytes of what is answered.
    async fn ask(&self, head: &str, body: &[u8]) -> String {
        let Some(mut stream) = self.connect().await else {
            return String::new();
        };
        let request = format!(
            "{head}\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        // What is refused in the middle is refused all the same.
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.write_all(body).await;
        let mut answer = vec![0; 64 * 1024];
        let mut length = 0;
        while length < answer.len() {
            match stream.read(&mut answer[length..]).await {
                Ok(0) | Err(_) => break,
                Ok(read) => length += read,
            }
        }
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }
}

/// A memory cgroup for the program, which goes with this.
struct SmallMachine(Option<PathBuf>);

impl SmallMachine {
    /// `process`: the program.
    fn of(process: u32) -> Self {
        let (old, new) = ("/sys/fs/cgroup/memory", "/sys/fs/cgroup");
        let (groups, limit) = match Path::new(old).is_dir() {
            true => (old, "memory.limit_in_bytes"),
            false => (new, "memory.max"),
        };
        let group = Path::new(groups).join(format!("terugkijken-{process}"));
        let made = std::fs::create_dir(&group)
            .and_then(|()| std::fs::write(group.join(limit), SMALL.to_string()))
            .and_then(|()| std::fs::write(group.join("cgroup.procs"), process.to_string()));
        match made {
            Ok(()) => Self(Some(group)),
            Err(problem) => {
                println!("the memory of the program is not limited here: {problem}");
                let _ = std::fs::remove_dir(&group);
                Self(None)
            }
        }
    }
}

impl Drop for SmallMachine {
    fn drop(&mut self) {
        if let Some(group) = &self.0 {
            let _ = std::fs::remove_dir(group);
        }
    }
}

fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let words = line.and_then(|line| line.split_whitespace().nth(1));
    words.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

type Flood<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on a disk");
    raise_the_limit_of_descriptors();
    let portal = Arc::new(open(folder.path()).await);
    let small_machine = SmallMachine::of(portal.child.id());
    println!(
        "{:58} {:>6} {:>6} {:>6} {:>6}",
        "MB", "before", "most", "after", "within"
    );
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with('-'))
        .collect();
    let floods = floods(&portal, folder.path());
    let mut is_good = true;
    for (what, flood) in floods {
        if !wanted.is_empty() && !wanted.iter().any(|word| what.contains(word)) {
            continue;
        }
        let (before, most, after, seconds) = watched(&portal, flood).await;
        let is_kept = most <= MOST && after <= before + LEFT;
        is_good &= is_kept;
        let verdict = if is_kept { "" } else { "  TOO MUCH" };
        println!("{what:58} {before:6} {most:6} {after:6} {seconds:4} s{verdict}");
    }
    println!(
        "limits: at most {MOST} meanwhile, {LEFT} more than before within {} s",
        SOON.as_secs()
    );
    drop(portal);
    drop(small_machine);
    if !is_good {
        std::process::exit(1);
    }
}

fn floods<'a>(portal: &'a Arc<Portal>, folder: &'a Path) -> Vec<(&'static str, Flood<'a>)> {
    let film = vec![format!("GET {} HTTP/1.1", portal.film)];
    let pages = [
        "GET /series/lang HTTP/1.1",
        "GET /series/lang HTTP/1.1\r\nAccept-Encoding: gzip",
        "GET /api/series/lang HTTP/1.1",
        "GET /share/series/lang HTTP/1.1\r\nAccept-Encoding: gzip",
    ]
    .map(str::to_owned)
    .to_vec();
    vec![
        ("900 wrong sign-ins", Box::pin(wrong_sign_ins(portal))),
        (
            "200 uploads of ten bytes a second, for 30 s",
            Box::pin(slow_uploads(portal)),
        ),
        (
            "150 sign-ins of 4 MB that never end",
            Box::pin(unfinished(portal, "/sign-in")),
        ),
        (
            "150 welcomes of 4 MB that never end",
            Box::pin(unfinished(portal, "/welcome/geen")),
        ),
        (
            "200 text fields of 4 MB in one form of an editor",
            Box::pin(large_fields(portal)),
        ),
        (
            "a PNG of 12,000 x 12,000 at 16 bit, in the folder and sent",
            Box::pin(large_picture(portal, folder)),
        ),
        (
            "4,000 readers of one byte a second of a film, for 15 s",
            Box::pin(slow_readers(portal, film)),
        ),
        (
            "4,000 of pages of 200 recordings, half of them compressed",
            Box::pin(slow_readers(portal, pages)),
        ),
    ]
}

/// For this process and the program, which inherits it.
fn raise_the_limit_of_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).expect("as many descriptors as the system gives");
}

/// Memory before, at most during and after a flood, and after how many seconds it was given back.
async fn watched(portal: &Arc<Portal>, flood: impl Future<Output = ()>) -> (u64, u64, u64, u64) {
    let before = portal.memory();
    let (most, over) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let watching = {
        let (most, over, process) = (Arc::clone(&most), Arc::clone(&over), portal.child.id());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(memory(process), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        })
    };
    flood.await;
    over.store(true, Ordering::Relaxed);
    watching.join().expect("the watcher");
    let began = Instant::now();
    while portal.memory() > before + LEFT && began.elapsed() < SOON {
        sleep(Duration::from_millis(200)).await;
    }
    (
        before,
        most.load(Ordering::Relaxed),
        portal.memory(),
        began.elapsed().as_secs(),
    )
}

async fn wrong_sign_ins(portal: &Arc<Portal>) {
    let next = Arc::new(AtomicU64::new(0));
    let mut guessers = JoinSet::new();
    for _ in 0..40 {
        let (portal, next) = (Arc::clone(portal), Arc::clone(&next));
        guessers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= 900 {
                    return;
                }
                let form =
                    format!("email=naam{number}%40example.org&password=geen+van+mijn+woorden");
                let head =
                    "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
                portal.ask(head, form.as_bytes()).await;
            }
        });
    }
    guessers.join_all().await;
}

async fn slow_uploads(portal: &Arc<Portal>) {
    let mut senders = JoinSet::new();
    for _ in 0..200 {
        let portal = Arc::clone(portal);
        senders.spawn(async move {
            let key = &portal.key;
            let head = format!(
                "POST /uploads HTTP/1.1\r\nAuthorization: Bearer {key}\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 5000000\r\n\
                 Upload-Metadata: filename YS5tcDQ="
            );
            let answer = portal.ask(&head, b"").await;
            let upload = answer.split("location: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let upload = upload.unwrap_or_default().to_owned();
            let mut stream = portal.connect().await.expect("a connection");
            let head = format!(
                "PATCH {upload} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
                 Content-Type: application/offset+octet-stream\r\nContent-Length: 5000000\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.expect("a request");
            for _ in 0..30 {
                if stream.write_all(&[0; 10]).await.is_err() {
                    return;
                }
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    senders.join_all().await;
}

async fn unfinished(portal: &Arc<Portal>, path: &'static str) {
    let mut senders = JoinSet::new();
    for _ in 0..150 {
        let portal = Arc::clone(portal);
        senders.spawn(async move {
            let mut stream = portal.connect().await.expect("a connection");
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000000\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = timeout(Duration::from_secs(5), stream.write_all(&vec![b'a'; 3_999_000])).await;
            sleep(Duration::from_secs(5)).await;
        });
    }
    senders.join_all().await;
}

async fn large_fields(portal: &Arc<Portal>) {
    let mut stream = portal.connect().await.expect("a connection");
    let head = format!(
        "POST /desk/upload HTTP/1.1\r\nHost: a\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: 1000000000\r\n\r\n",
        portal.cookie
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let field = [
        "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n",
        &"a".repeat(3_900_000),
        "\r\n",
    ]
    .concat();
    for _ in 0..200 {
        let sent = timeout(Duration::from_secs(5), stream.write_all(field.as_bytes())).await;
        if !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

async fn large_picture(portal: &Arc<Portal>, folder: &Path) {
    let picture = folder.join("media/reeks/01-film.png");
    let made = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=red:size=12000x12000",
            "-frames:v",
            "1",
            "-pix_fmt",
            "rgba64be",
        ])
        .arg(&picture)
        .status();
    assert!(made.expect("ffmpeg").success());
    let process = i32::try_from(portal.child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    let hang_up = rustix::process::Signal::HUP;
    let _ = process.map(|process| rustix::process::kill_process(process, hang_up));
    let id = portal.film.split('/').nth(2).unwrap_or_default();
    let bytes = std::fs::read(&picture).expect("the picture");
    let file = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    let body = [&file[..], &bytes, b"\r\n--x--\r\n"].concat();
    let head = format!(
        "POST /desk/recordings/{id}/poster HTTP/1.1\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=x",
        portal.cookie
    );
    let answer = portal.ask(&head, &body).await;
    assert!(
        answer.starts_with("HTTP/1.1 422"),
        "{}",
        answer.lines().next().unwrap_or_default()
    );
    // The worker takes the one in the folder.
    sleep(Duration::from_secs(15)).await;
}

async fn slow_readers(portal: &Arc<Portal>, heads: Vec<String>) {
    let mut readers = JoinSet::new();
    for number in 0..4000 {
        let (portal, head) = (Arc::clone(portal), heads[number % heads.len()].clone());
        readers.spawn(async move {
            let socket = TcpSocket::new_v4().expect("a socket");
            let _ = socket.set_recv_buffer_size(4096);
            let address = ([127, 0, 0, 1], portal.port).into();
            let Ok(mut stream) = socket.connect(address).await else {
                return;
            };
            let head = format!("{head}\r\nHost: a\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).await;
            for _ in 0..15 {
                let _ = stream.read_u8().await;
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    // The next visitor, meanwhile.
    sleep(Duration::from_secs(8)).await;
    let began = Instant::now();
    let answer = portal.ask("GET / HTTP/1.1", b"").await;
    assert!(
        answer.starts_with("HTTP/1.1 200"),
        "the next visitor gets a page"
    );
    println!(
        "    the next visitor beside the readers waits {} ms",
        began.elapsed().as_millis()
    );
    readers.join_all().await;
}

/// A series whose pages are large.
fn long_series(long: &Path) {
    std::fs::create_dir_all(long).expect("a folder");
    std::fs::write(long.join("series.toml"), "visibility = \"public\"\n").expect("a series");
    for number in 1..=200 {
        let title = format!(
            "title = \"Bijeenkomst {number} over risico's en kansen\"\nsummary = \"{}\"\n",
            "Wat jongeren online zoeken. ".repeat(10)
        );
        std::fs::write(long.join(format!("{number:03}-les.toml")), title).expect("a plan");
    }
}

async fn open(folder: &Path) -> Portal {
    let media = folder.join("media/reeks");
    std::fs::create_dir_all(&media).expect("a folder");
    std::fs::write(media.join("series.toml"), "visibility = \"public\"\n").expect("a series");
    film(&media.join("01-film.mp4"));
    long_series(&folder.join("media/lang"));
    let command = [
        "coordinator",
        "add",
        MAIL,
        "--name",
        "A",
        "--role",
        "editor",
        "--password-stdin",
    ];
    run(folder, &command, &format!("{PASSWORD}\n"));
    let key = run(
        folder,
        &["coordinator", "key", "add", MAIL, "--name", "bench"],
        "",
    );
    let key = key.lines().last().unwrap_or_default().to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
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
    let (cookie, film) = (String::new(), String::new());
    let mut portal = Portal {
        child,
        port,
        key,
        cookie,
        film,
    };
    let signed_in = portal.sign_in().await;
    let cookie = signed_in.split("set-cookie: ").nth(1);
    let cookie = cookie.and_then(|rest| rest.split(';').next());
    portal.cookie = cookie.expect("a cookie").to_owned();
    portal.film = portal.film().await;
    portal
}

/// What a command beside the program prints.
fn run(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).expect("input");
    drop(stdin);
    let done = child.wait_with_output().expect("the program");
    String::from_utf8(done.stdout).expect("text")
}

/// A recording long enough to be read slowly: bytes behind one of two seconds that players pass over.
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
