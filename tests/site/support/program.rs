//! The finished program, started as a process on folders of its own, and its command line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::Client;
use super::people::PASSWORD;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terugkijken");

/// The program, which serves until it is killed.
pub struct Program {
    pub child: Child,
    /// Any visitor.
    pub client: Client,
    /// What it printed when it started.
    pub printed: String,
}

impl Program {
    pub async fn start(folder: &Path) -> Self {
        Self::start_as(folder, &[PROGRAM]).await
    }

    /// `command`: what ends in the program.
    pub async fn start_as(folder: &Path, command: &[&str]) -> Self {
        let program = Self::start_until(folder, command, Stdio::null(), " on http://");
        // It answers once what was cut off has been completed.
        program.client.get("/healthz").await.is(200);
        program
    }

    /// Waits until it has printed these words, which the address does not come after.
    pub fn start_until(folder: &Path, command: &[&str], log: Stdio, words: &str) -> Self {
        let mut child = Command::new(command[0])
            .args(&command[1..])
            .current_dir(folder)
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .env("TERUGKIJKEN_FREE_MB", "0")
            .env("TERUGKIJKEN_FFMPEG", "")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains(words) {
            let length = output.read_line(&mut printed).unwrap();
            assert_ne!(length, 0, "the program ended: {printed}");
        }
        // Nobody reads the rest; a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let (_, address) = printed.split_once(" on http://").unwrap();
        let client = Client::new(address.lines().next().unwrap().trim());
        Self {
            child,
            client,
            printed,
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub fn kill(mut self) {
        // SIGKILL: nothing of it runs any more.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The command line in this folder, also while the portal runs: whether it went well, what it printed, what it warned of.
pub fn command(folder: &Path, arguments: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

/// Makes an account. Answers an access key of it.
pub fn key(folder: &Path) -> String {
    let add = "coordinator add mira@example.org --name Mira --role editor --password-stdin";
    let make = "coordinator key add mira@example.org --name proef";
    let run = |line: &str, input: &str| {
        let arguments: Vec<&str> = line.split(' ').collect();
        let (is_well, printed, warned) = command(folder, &arguments, input);
        assert!(is_well, "{warned}");
        printed
    };
    run(add, &format!("{PASSWORD}\n"));
    run(make, "").lines().last().unwrap().to_owned()
}
