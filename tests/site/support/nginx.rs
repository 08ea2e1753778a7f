//! A real nginx in front of a portal, with its own defaults and the lines of the README.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::wire::Visitor;

/// nginx, until it is dropped.
pub struct Nginx {
    child: Child,
    address: String,
    _folder: TempDir,
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

    /// `address`: the host and port it listens on; `around`: settings of `http`; `lines`: of the one location.
    pub async fn start(address: &str, around: &str, lines: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().display();
        let settings = format!(
            "daemon off; pid {here}/pid; error_log {here}/error.log; events {{}}\n\
             http {{ access_log off; client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;\n\
             {around}\n\
             server {{ listen {address}; location / {{ {lines} }} }} }}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), settings).unwrap();
        let child = Command::new("nginx")
            .args(["-p", here.to_string().as_str(), "-c", "nginx.conf"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while Visitor::to(address).await.is_none() {}
        Self {
            child,
            address: address.to_owned(),
            _folder: folder,
        }
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
