//! A real nginx in front of a portal, with its own defaults, the lines of the README, and a clock that a story moves.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::wire::Visitor;

/// nginx, until it is dropped.
pub struct Nginx {
    child: Child,
    address: String,
    folder: TempDir,
}

/// The lines for nginx in the README, in front of a portal at this host and port.
pub fn lines_of_readme(behind: &str) -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let readme = readme.unwrap();
    let (_, lines) = readme.split_once("Behind nginx: `").unwrap();
    let (first, rest) = lines.split_once('`').unwrap();
    let for_uploads = rest.split('`').nth(1).unwrap();
    format!("{first} {for_uploads}").replace("127.0.0.1:8080", behind)
}

/// The lines for a cache in the README: those of `http`, and those of `server`.
fn cache_of_readme(behind: &str) -> [String; 2] {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let readme = readme.unwrap();
    let (_, lines) = readme.split_once("    # in http { }\n").unwrap();
    let (http, rest) = lines.split_once("    # in server { }\n").unwrap();
    let (server, _) = rest.split_once("\n\n").unwrap();
    [http, server].map(|lines| {
        lines
            .replace("127.0.0.1:8080", behind)
            .replace("/var/cache/nginx/terugkijken", "cache")
    })
}

/// The library that moves the clock of a program; Debian keeps it in a folder of each architecture.
fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let paths = folders.map(|folder| folder.unwrap().path().join("faketime/libfaketime.so.1"));
    let mut there = paths.filter(|path| path.exists());
    there
        .next()
        .expect("the tests need faketime; tests/run installs it")
}

/// A host and port of this machine that nobody listens on.
pub fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().to_string()
}

impl Nginx {
    /// With the lines of the README.
    pub async fn of_readme(behind: &str) -> Self {
        Self::start(&free_address(), "", &lines_of_readme(behind)).await
    }

    /// With the lines of the README for a cache too; `X-Cache` says whether an answer came from there.
    pub async fn with_cache(behind: &str) -> Self {
        let [http, cache] = cache_of_readme(behind);
        let others = lines_of_readme(behind);
        let server = format!(
            "add_header X-Cache $upstream_cache_status always;\n{cache}\nlocation / {{ {others} }}"
        );
        Self::run(&free_address(), &http, &server).await
    }

    /// `address`: the host and port it listens on; `around`: settings of `http`; `lines`: of the one location.
    pub async fn start(address: &str, around: &str, lines: &str) -> Self {
        Self::run(address, around, &format!("location / {{ {lines} }}")).await
    }

    async fn run(address: &str, http: &str, server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display();
        // nginx takes all variables from its workers, and these read their clock by them.
        let settings = format!(
            "daemon off; pid {here}/pid; error_log {here}/error.log; events {{}}\n\
             env FAKETIME_TIMESTAMP_FILE; env FAKETIME_NO_CACHE; env FAKETIME_DONT_FAKE_MONOTONIC;\n\
             http {{ access_log off; client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;\n\
             {http}\nserver {{ listen {address};\n{server}\n}} }}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), settings).unwrap();
        std::fs::write(folder.path().join("clock"), "+0").unwrap();
        let mut child = Command::new("nginx")
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .args(["-p", here.to_string().as_str()])
            .env("LD_PRELOAD", faketime())
            .env("FAKETIME_TIMESTAMP_FILE", folder.path().join("clock"))
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It writes its number once the address is its own: another program may answer there.
        let number = folder.path().join("pid");
        while !number.exists() || Visitor::to(address).await.is_none() {
            if let Some(status) = child.try_wait().unwrap() {
                let why = std::fs::read_to_string(folder.path().join("error.log"));
                panic!("nginx ended ({status}): {}", why.unwrap_or_default());
            }
        }
        Self {
            child,
            address: address.to_owned(),
            folder,
        }
    }

    /// From now on its clock is ahead by these seconds.
    pub fn ahead(&self, seconds: u32) {
        let fresh = self.folder.path().join("fresh");
        std::fs::write(&fresh, format!("+{seconds}")).unwrap();
        std::fs::rename(fresh, self.folder.path().join("clock")).unwrap();
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}
