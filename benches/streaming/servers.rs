//! The servers that stand side by side: how each is started, what it takes, and that all of them send the bytes of the file.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::films::{Film, Films};

/// Who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Nginx,
    NginxAtOnce,
    NginxCopying,
    Caddy,
    ServeDir,
    Copying,
    ZeroCopy,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Nginx,
        Self::NginxAtOnce,
        Self::NginxCopying,
        Self::Caddy,
        Self::ServeDir,
        Self::Copying,
        Self::ZeroCopy,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::NginxAtOnce => "nginx, tcp_nopush off",
            Self::NginxCopying => "nginx, sendfile off",
            Self::Caddy => "Caddy",
            Self::ServeDir => "tower-http ServeDir",
            Self::Copying => "ours, copying",
            Self::ZeroCopy => "ours, zero copy",
        }
    }

    /// The program that must be installed for it.
    pub fn program(self) -> Option<&'static str> {
        match self {
            Self::Nginx | Self::NginxAtOnce | Self::NginxCopying => Some("nginx"),
            Self::Caddy => Some("caddy"),
            Self::ServeDir | Self::Copying | Self::ZeroCopy => None,
        }
    }

    /// nginx with sendfile, of which the better one counts.
    pub fn is_reference(self) -> bool {
        matches!(self, Self::Nginx | Self::NginxAtOnce)
    }
}

/// Threads that answer, of each server.
pub const WORKERS: &str = "2";
/// Connections that each server takes at least.
const CONNECTIONS: &str = "10000";

/// Names another build of the program, to compare with an older one.
const PROGRAM: &str = "STREAMING_PROGRAM";

/// A server that runs until it is dropped.
pub struct Server {
    pub kind: Kind,
    pub port: u16,
    /// Own memory after its start, with nobody there.
    pub rest_kib: u64,
    child: Child,
    paths: Paths,
    /// Kept, so that it may go on writing.
    _said: Option<BufReader<ChildStdout>>,
}

/// Where a server has the two films.
struct Paths {
    long: String,
    short: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked first: nginx takes its workers along then.
        let id = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let _ = id.map(|id| rustix::process::kill_process(id, rustix::process::Signal::TERM));
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(3) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it and waits until it rests. `None`: it is not here.
    pub fn start(kind: Kind, films: &Films) -> Option<Self> {
        let folder = films.folder.join(format!("{kind:?}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut server = match kind {
            Kind::Nginx | Kind::NginxAtOnce | Kind::NginxCopying => nginx(kind, &folder, films)?,
            Kind::Caddy => caddy(&folder, films)?,
            Kind::ServeDir => serve_dir(films)?,
            Kind::Copying | Kind::ZeroCopy => Ours::new(kind, films).start()?,
        };
        server.wait_for_rest();
        Some(server)
    }

    pub fn path(&self, film: Film) -> &str {
        match film {
            Film::Long => &self.paths.long,
            Film::Short => &self.paths.short,
        }
    }

    /// The entity tag of a film, where the server has such.
    pub fn etag(&self, film: Film) -> Option<String> {
        let (head, _) = self.ask(self.path(film), "Range: bytes=0-1\r\n");
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_it = name.eq_ignore_ascii_case("etag");
            is_it.then(|| value.trim().to_owned())
        })
    }

    /// Seconds of processor so far, of it and of its children.
    pub fn cpu(&self) -> f64 {
        let ticks: u64 = family(self.child.id()).into_iter().map(ticks).sum();
        ticks as f64 / rustix::param::clock_ticks_per_second() as f64
    }

    /// Own memory (`RssAnon`), with that of its children.
    pub fn memory_kib(&self) -> u64 {
        family(self.child.id()).into_iter().map(memory_kib).sum()
    }

    /// Waits until it does nothing any more: ours has read and hashed the films by then.
    fn wait_for_rest(&mut self) {
        let began = Instant::now();
        let mut before = self.cpu();
        while began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.cpu();
            if now - before < 0.02 {
                break;
            }
            before = now;
        }
        self.rest_kib = self.memory_kib();
    }

    /// What is wrong with the bytes that it sends.
    pub fn wrong_bytes(&self, films: &Films) -> Option<String> {
        for film in [Film::Long, Film::Short] {
            let file = std::fs::File::open(films.path(film)).expect("the film");
            let size = film.size();
            let ranges = [
                (0, 2),
                (1, 65_536),
                (size / 2 - 77, 1 << 20),
                (size / 3, 3_000_001),
                (size - 1000, 1000),
            ];
            for (first, length) in ranges {
                let last = first + length - 1;
                let lines = format!("Range: bytes={first}-{last}\r\n");
                let (head, body) = self.ask(self.path(film), &lines);
                let mut right = vec![0; usize::try_from(length).unwrap_or(0)];
                file.read_exact_at(&mut right, first).expect("the film");
                if !head.starts_with("HTTP/1.1 206") || body != right {
                    let status = head.lines().next().unwrap_or_default();
                    let name = self.kind.name();
                    return Some(format!("{name}: bytes {first}-{last}: {status}"));
                }
            }
        }
        None
    }

    /// One request on a connection of its own: head and body of the answer.
    pub fn ask(&self, path: &str, lines: &str) -> (String, Vec<u8>) {
        ask(self.port, path, lines)
    }
}

fn ask(port: u16, path: &str, lines: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let head = crate::load::head(path, &format!("Connection: close\r\n{lines}"));
    stream.write_all(&head).expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let body = answer.split_off(end.map_or(answer.len(), |end| end + 4));
    (String::from_utf8_lossy(&answer).into_owned(), body)
}

/// A process and all that came of it.
fn family(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten().flatten() {
        let children = std::fs::read_to_string(thread.path().join("children"));
        for child in children.unwrap_or_default().split_whitespace() {
            all.extend(child.parse().map(family).unwrap_or_default());
        }
    }
    all
}

/// utime and stime (proc_pid_stat(5), fields 14 and 15).
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before it may hold spaces and brackets.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

fn memory_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    free.expect("a free port").port()
}

/// A server of a program that listens on `port`, with the films at its root.
fn started(kind: Kind, port: u16, command: &mut Command) -> Option<Server> {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = quiet.spawn().ok()?;
    let mut server = Server {
        kind,
        port,
        rest_kib: 0,
        child,
        paths: Paths {
            long: format!("/{}", Film::Long.file()),
            short: format!("/{}", Film::Short.file()),
        },
        _said: None,
    };
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(server);
        }
        if matches!(server.child.try_wait(), Ok(Some(_))) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}

fn nginx(kind: Kind, folder: &Path, films: &Films) -> Option<Server> {
    let (port, here, root) = (
        free_port(),
        folder.display(),
        films.media().display().to_string(),
    );
    let on = |is_on: bool| if is_on { "on" } else { "off" };
    let sendfile = on(kind != Kind::NginxCopying);
    let nopush = on(kind != Kind::NginxAtOnce);
    let user = if rustix::process::geteuid().is_root() {
        "user root;"
    } else {
        ""
    };
    let settings = format!(
        "{user} daemon off; worker_processes {WORKERS}; worker_rlimit_nofile 20000; pid {here}/pid; error_log {here}/error.log;\n\
         events {{ worker_connections {CONNECTIONS}; multi_accept on; }}\n\
         http {{ types {{ }} default_type video/mp4; access_log off; server_tokens off;\n\
         sendfile {sendfile}; tcp_nopush {nopush}; tcp_nodelay on; keepalive_timeout 300s; keepalive_requests 100000000;\n\
         open_file_cache max=1000 inactive=300s; open_file_cache_valid 60s;\n\
         client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/fastcgi;\n\
         uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;\n\
         server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; }} }}\n"
    );
    std::fs::write(folder.join("nginx.conf"), settings).ok()?;
    let mut command = Command::new("nginx");
    command.arg("-p").arg(folder).args(["-c", "nginx.conf"]);
    started(kind, port, &mut command)
}

fn caddy(folder: &Path, films: &Films) -> Option<Server> {
    let (port, root) = (free_port(), films.media().display().to_string());
    let settings = format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n\troot * {root}\n\tfile_server\n}}\n"
    );
    let file = folder.join("Caddyfile");
    std::fs::write(&file, settings).ok()?;
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]);
    command
        .arg(&file)
        .env("HOME", folder)
        .env("GOMAXPROCS", WORKERS);
    started(Kind::Caddy, port, &mut command)
}

fn serve_dir(films: &Films) -> Option<Server> {
    let port = free_port();
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg("--serve-dir").arg(films.media());
    command.args(["--port", &port.to_string()]);
    started(Kind::ServeDir, port, &mut command)
}

/// The program itself, in a folder of its own.
pub struct Ours {
    kind: Kind,
    folder: PathBuf,
    connections: &'static str,
    descriptors: Option<u32>,
}

impl Ours {
    pub fn new(kind: Kind, films: &Films) -> Self {
        let folder = films.folder.join(format!("{kind:?}"));
        let media = folder.join("media/reeks");
        std::fs::create_dir_all(&media).expect("a folder");
        for film in [Film::Long, Film::Short] {
            // The same file for all, so that it is once in the page cache.
            let link = media.join(film.file());
            if !link.exists() {
                std::fs::hard_link(films.path(film), link).expect("a link");
            }
        }
        let series = "visibility = \"public\"\n";
        if !media.join("series.toml").exists() {
            std::fs::write(media.join("series.toml"), series).expect("a series");
        }
        Self {
            kind,
            folder,
            descriptors: None,
            connections: CONNECTIONS,
        }
    }

    /// With these most connections and descriptors.
    pub fn limited(self, connections: &'static str, descriptors: Option<u32>) -> Self {
        Self {
            connections,
            descriptors,
            ..self
        }
    }

    pub fn start_and_rest(&self) -> Option<Server> {
        let mut server = self.start()?;
        server.wait_for_rest();
        Some(server)
    }

    fn start(&self) -> Option<Server> {
        let another = std::env::var_os(PROGRAM);
        let program = another.unwrap_or_else(|| env!("CARGO_BIN_EXE_terugkijken").into());
        let mut command = match self.descriptors {
            None => Command::new(program),
            Some(most) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("ulimit -n {most}; exec \"$0\"")]);
                shell.arg(program);
                shell
            }
        };
        let mut child = command
            .current_dir(&self.folder)
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .env("TERUGKIJKEN_LOG", "error")
            .env("TERUGKIJKEN_CONNECTIONS", self.connections)
            .env(
                "TERUGKIJKEN_ZERO_COPY",
                (self.kind == Kind::ZeroCopy).to_string(),
            )
            .env("TOKIO_WORKER_THREADS", WORKERS)
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut said = BufReader::new(child.stdout.take()?);
        let (mut port, mut line) = (0, String::new());
        while said.read_line(&mut line).is_ok_and(|read| read > 0) {
            if let Some((_, after)) = line.split_once(" on http://127.0.0.1:") {
                port = after.trim().parse().expect("a port");
            }
            if line.contains("recordings") {
                break;
            }
            line.clear();
        }
        let paths = Paths {
            long: address(port, Film::Long)?,
            short: address(port, Film::Short)?,
        };
        Some(Server {
            kind: self.kind,
            port,
            rest_kib: 0,
            child,
            paths,
            _said: Some(said),
        })
    }
}

/// The address of a film, as the portal says it.
fn address(port: u16, film: Film) -> Option<String> {
    let text = |path: &str| String::from_utf8(ask(port, path, "").1).ok();
    let series: serde_json::Value = serde_json::from_str(&text("/api/series/reeks")?).ok()?;
    for recording in series["recordings"].as_array()? {
        let id = recording["id"].as_str()?;
        let said = text(&format!("/api/recordings/{id}"))?;
        let said: serde_json::Value = serde_json::from_str(&said).ok()?;
        let url = said["sources"][0]["url"].as_str()?;
        if url.ends_with(film.file()) {
            return url.find("/media/").map(|start| url[start..].to_owned());
        }
    }
    None
}
