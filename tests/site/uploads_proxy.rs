//! Uploads through a real nginx with its default settings and the lines of the README. Only with `tests/run --long`, because nginx
//! takes a minute to lose its patience; `TERUGKIJKEN_PATIENCE` says that there is time.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::sending::{Program, announce, ask, header, key, offset, piece, recording};

/// nginx, until it is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    fn start(folder: &Path, behind: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
        let readme = readme.unwrap();
        let (_, lines) = readme.split_once("Behind nginx: `").unwrap();
        let (first, rest) = lines.split_once('`').unwrap();
        let second = rest.split('`').nth(1).unwrap();
        let lines = format!("{first} {second}").replace("127.0.0.1:8080", behind);
        let here = folder.display();
        let settings = format!(
            "daemon off; pid {here}/pid; error_log {here}/error.log; events {{}}\n\
             http {{ access_log off; client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;\n\
             server {{ listen {address}; location / {{ {lines} }} }} }}\n"
        );
        std::fs::write(folder.join("nginx.conf"), settings).unwrap();
        let child = Command::new("nginx")
            .args(["-p", here.to_string().as_str(), "-c", "nginx.conf"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(&address).is_err() {
            std::thread::yield_now();
        }
        Self { child, address }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

#[test]
fn a_sender_who_falls_silent_behind_nginx_loses_nothing_and_goes_on() {
    if std::env::var_os("TERUGKIJKEN_PATIENCE").is_none() {
        println!("not waited for: the silence behind nginx takes a minute (tests/run --long)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("media")).unwrap();
    std::fs::create_dir_all(folder.path().join("nginx")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path());
    let proxy = Proxy::start(&folder.path().join("nginx"), &program.address);
    let bytes = recording(1);
    let location = announce(&proxy.address, &key, "stil.mp4", bytes.len()).unwrap();
    let path = location
        .split_once("://")
        .map_or(location.as_str(), |(_, rest)| {
            &rest[rest.find('/').unwrap()..]
        });
    let sent = 10_000_000;
    let mut stream = TcpStream::connect(&proxy.address).unwrap();
    write!(
        stream,
        "PATCH {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    )
    .unwrap();
    stream.write_all(&bytes[..sent]).unwrap();
    // Nothing more comes. The connection ends when nginx has had enough of that.
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let at = offset(&proxy.address, &key, path).unwrap();
    assert_eq!(at, sent, "all that was sent before the silence counts");
    let (status, answer) = piece(&proxy.address, &key, path, at, &bytes[at..]).unwrap();
    assert_eq!(status, 204, "{answer}");
    assert_eq!(
        header(&answer, "upload-offset"),
        Some(bytes.len().to_string())
    );
    let there = std::fs::read(folder.path().join("media/inbox/stil.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    let (status, _) = ask(&proxy.address, "", "GET /healthz HTTP/1.1", b"").unwrap();
    assert_eq!(status, 200);
    drop(proxy);
    program.kill();
}
