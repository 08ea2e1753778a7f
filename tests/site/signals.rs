//! The program as a process: the first signal asks, the second insists.

use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, Stdio};

use rustix::process::Signal;

use crate::support::clips;
use crate::support::program::{PROGRAM, Program, key};
use crate::support::wire::Visitor;

/// The finished program on a portal of its own, with one recording far larger than any socket buffer.
struct Portal {
    program: Program,
    warns: BufReader<ChildStderr>,
    folder: tempfile::TempDir,
}

impl Portal {
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
        let words = "1 series with 1 recordings";
        let mut program = Program::start_until(folder.path(), &[PROGRAM], Stdio::piped(), words);
        let warns = BufReader::new(program.child.stderr.take().unwrap());
        Self {
            program,
            warns,
            folder,
        }
    }

    /// Somebody who has heard that it is there, and no more yet.
    async fn ask(&self, path: &str) -> Visitor {
        let mut visitor = Visitor::to(self.program.client.host()).await.unwrap();
        visitor.get(path).await;
        let head = visitor.head().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        visitor
    }

    /// A player that has taken the first bytes of a recording and then pauses.
    async fn watch(&self) -> Visitor {
        let client = &self.program.client;
        let found = client.recordings("/api/search?q=begin").await;
        let id = found[0]["id"].as_str().unwrap();
        let recording = client.json(&format!("/api/recordings/{id}")).await;
        let media = recording["sources"][0]["url"].as_str().unwrap();
        self.ask(&media[media.find("/media/").unwrap()..]).await
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

#[tokio::test]
async fn one_signal_ends_it_in_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut portal = Portal::start();
        let _idle = portal.ask("/").await;
        portal.program.signal(signal);
        portal.until_log_says("stopped streams_cut=0");
        assert_eq!(portal.program.child.wait().unwrap().code(), Some(0));
    }
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once_also_while_someone_watches() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut portal = Portal::start();
        let _watching = portal.watch().await;
        portal.program.signal(Signal::TERM);
        portal.until_log_says("stopping");
        portal.program.signal(signal);
        assert_eq!(portal.program.child.wait().unwrap().code(), Some(code));
    }
}

#[tokio::test]
async fn coordinators_who_look_on_at_the_queue_do_not_hold_up_its_end() {
    let mut portal = Portal::start();
    let eva = portal.program.client.with_key(&key(portal.folder.path()));
    let mut looks_on = eva.events("/desk/queue/events").await.unwrap();
    looks_on.next().await.unwrap();
    portal.program.signal(Signal::TERM);
    portal.until_log_says("stopped streams_cut=0");
    while looks_on.next().await.is_some() {}
    assert_eq!(portal.program.child.wait().unwrap().code(), Some(0));
}
