//! The program as a process: the first signal asks, the second insists.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

struct Program {
    child: Child,
    says: BufReader<ChildStdout>,
    warns: BufReader<std::process::ChildStderr>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let warns = BufReader::new(child.stderr.take().unwrap());
        let mut address = String::new();
        says.read_line(&mut address).unwrap();
        Self {
            child,
            says,
            warns,
            address: address.trim().to_owned(),
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

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Reads the log until it says this.
    fn until_log_says(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(
                self.warns.read_line(&mut line).unwrap(),
                0,
                "the log ended without {words}"
            );
        }
    }
}

#[test]
fn one_signal_ends_it_in_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut program = Program::start();
        let _idle = program.ask("/");
        program.signal(signal);
        assert_eq!(program.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        program.says.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("cut 0"), "{rest}");
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut program = Program::start();
        let _stream = program.ask("/stream");
        program.signal(Signal::TERM);
        program.until_log_says("stopping");
        program.signal(signal);
        assert_eq!(program.child.wait().unwrap().code(), Some(code));
    }
}
