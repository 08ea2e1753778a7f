//! The program as a process: the first signal asks, the second insists.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::clips;

/// The finished program on a portal of its own, with one recording far larger than any socket buffer.
struct Program {
    child: Child,
    warns: BufReader<ChildStderr>,
    address: String,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let series = folder.path().join("media/reeks");
        std::fs::create_dir_all(&series).unwrap();
        std::fs::write(series.join("series.toml"), "visibility = \"public\"\n").unwrap();
        // A `free` box (ISO 14496-12 §8.1.2) behind the recording makes it 64 MiB without making it another one.
        let mut bytes = clips::bytes("a.mp4", 1);
        let padding = 64 * 1024 * 1024u32;
        bytes.extend(padding.to_be_bytes());
        bytes.extend(b"free");
        bytes.resize(bytes.len() + padding as usize - 8, 0);
        std::fs::write(series.join("01-begin.mp4"), bytes).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
            .current_dir(folder.path())
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let warns = BufReader::new(child.stderr.take().unwrap());
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        let mut line = String::new();
        // The address comes first, the count of recordings once the folder was read.
        while !line.contains("1 series with 1 recordings") {
            line.clear();
            assert_ne!(says.read_line(&mut line).unwrap(), 0, "the program ended");
            if let Some((_, after)) = line.split_once(" on http://") {
                after.trim().clone_into(&mut address);
            }
        }
        Self {
            child,
            warns,
            address,
            _folder: folder,
        }
    }

    fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        stream
    }

    /// A player that has taken the first bytes of a recording and then pauses.
    fn watch(&self) -> TcpStream {
        let mut api = TcpStream::connect(&self.address).unwrap();
        write!(
            api,
            "GET /api/search?q=begin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut found = String::new();
        api.read_to_string(&mut found).unwrap();
        let id = found.split("\"id\":\"").nth(1).unwrap()[..10].to_owned();
        let mut api = TcpStream::connect(&self.address).unwrap();
        write!(
            api,
            "GET /api/recordings/{id} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut found = String::new();
        api.read_to_string(&mut found).unwrap();
        let media = found
            .split("/media/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        self.ask(&format!("/media/{media}"))
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Reads the log until it says this.
    fn until_log_says(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(
                self.warns.read_line(&mut line).unwrap(),
                0,
                "the log ended without {words}"
            );
        }
        line
    }
}

#[test]
fn one_signal_ends_it_in_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut program = Program::start();
        let _idle = program.ask("/");
        program.signal(signal);
        program.until_log_says("stopped streams_cut=0");
        assert_eq!(program.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_second_signal_ends_it_at_once_also_while_someone_watches() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut program = Program::start();
        let _watching = program.watch();
        program.signal(Signal::TERM);
        program.until_log_says("stopping");
        program.signal(signal);
        assert_eq!(program.child.wait().unwrap().code(), Some(code));
    }
}
