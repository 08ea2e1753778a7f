//! Uploads through a real nginx with its default settings and the lines of the README. Only with `tests/run --long`, because nginx
//! takes a minute to lose its patience; `TERUGKIJKEN_PATIENCE` says that there is time.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::program::{Program, key};
use crate::support::sending::recording;
use crate::support::wire::Visitor;

/// nginx, until it is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    async fn start(folder: &Path, behind: &str) -> Self {
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
        while Visitor::to(&address).await.is_none() {}
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

#[tokio::test]
async fn a_sender_who_falls_silent_behind_nginx_loses_nothing_and_goes_on() {
    if std::env::var_os("TERUGKIJKEN_PATIENCE").is_none() {
        println!("not waited for: the silence behind nginx takes a minute (tests/run --long)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("media")).unwrap();
    std::fs::create_dir_all(folder.path().join("nginx")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path()).await;
    let proxy = Proxy::start(&folder.path().join("nginx"), program.client.host()).await;
    let mira = program.client.at(&proxy.address).with_key(&key);
    let bytes = recording(1);
    let location = mira
        .announce(bytes.len(), &[("filename", "stil.mp4")])
        .await;
    let path = location
        .split_once("://")
        .map_or(location.as_str(), |(_, rest)| {
            &rest[rest.find('/').unwrap()..]
        });
    let sent = 10_000_000;
    let mut silent = mira.begin(path, 0, bytes.len(), &bytes[..sent]).await;
    // Nothing more comes. The connection ends when nginx has had enough of that.
    silent.rest().await;
    let at = mira.offset(path).await;
    assert_eq!(at, sent, "all that was sent before the silence counts");
    let answer = mira.piece(path, at, bytes[at..].to_vec()).await.is(204);
    assert_eq!(answer.offset(), bytes.len());
    let there = std::fs::read(folder.path().join("media/inbox/stil.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    mira.get("/healthz").await.is(200);
    drop(proxy);
    program.kill();
}
