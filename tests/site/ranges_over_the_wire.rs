//! Twenty thousand requests by chance over loopback, on connections that are kept, some of them several at once: each answer is what
//! a second reading of RFC 9110 says, and each body is held against the file.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::support::chance::Chance;
use crate::support::requests::{TAG, kept};
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, shelf};
use crate::support::talk::{Shelved, Talk};

const CONNECTIONS: u64 = 32;
const REQUESTS: u64 = 20_000;

/// Requests that are sent before the first of their answers is read.
const TOGETHER: u64 = 6;

/// An answer of more bytes is large; only some of those are asked for, so that the story takes seconds.
const LARGE: u64 = 128 * 1024;

/// A request for one of the files.
fn request(chance: &mut Chance, files: &[Shelved]) -> (usize, Asked) {
    loop {
        let at = match chance.one_in(2) {
            true => 0,
            false => usize::try_from(chance.below(files.len() as u64)).unwrap(),
        };
        let asked = match chance.one_in(3) {
            true => chance.request(&files[at].known()),
            false => Asked {
                method: "GET",
                lines: vec![("range", chance.range(files[at].known().size))],
            },
        };
        if files[at].length(&asked) <= LARGE || chance.one_in(100) {
            return (at, asked);
        }
    }
}

/// One connection: asks so many times and holds each answer against the files. Answers how many were a 206.
async fn asks(host: String, files: Arc<Vec<Shelved>>, seed: u64, count: u64) -> usize {
    let mut chance = Chance::new(seed);
    let mut talk = Talk::to(&host).await;
    let (mut asked, mut parts) = (0, 0);
    while asked < count {
        let together = match chance.one_in(4) {
            true => 1 + chance.below(TOGETHER),
            false => 1,
        };
        let together = together.min(count - asked);
        let requests: Vec<_> = (0..together)
            .map(|_| request(&mut chance, &files))
            .collect();
        let written = requests
            .iter()
            .flat_map(|(at, asked)| talk.written(asked, &files[*at].address));
        let written: Vec<u8> = written.collect();
        talk.say(&written).await;
        for (at, request) in &requests {
            let heard = talk.hear(request.method).await;
            let heard = heard.unwrap_or_else(|| panic!("no whole answer to {request:?}"));
            files[*at].check(request, &heard);
            parts += usize::from(heard.status == 206);
        }
        asked += together;
    }
    parts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_requests_on_thirty_two_connections_get_the_bytes_of_the_file() {
    for way in WAYS {
        let (site, files) = shelf(way, 16 << 20).await;
        let files = Arc::new(files);
        let asking = (0..CONNECTIONS).map(|seed| {
            let (host, files) = (site.host().to_owned(), Arc::clone(&files));
            tokio::spawn(asks(host, files, seed, REQUESTS / CONNECTIONS))
        });
        let parts = join_all(asking).await.into_iter().map(Result::unwrap);
        let parts: usize = parts.sum();
        assert!(parts > 5_000, "{}: {parts} were a part", way.0);
    }
}

/// The fields that name the kept file name this one.
fn about(asked: &Asked, file: &Shelved) -> Asked {
    let lines = asked.lines.iter().map(|(name, value)| {
        let pieces: Vec<&[u8]> = split(value, TAG.as_bytes());
        (*name, pieces.join(file.etag.as_bytes()))
    });
    Asked {
        method: asked.method,
        lines: lines.collect(),
    }
}

fn split<'a>(text: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(by.len()).position(|window| window == by) {
        pieces.push(&rest[..at]);
        rest = &rest[at + by.len()..];
    }
    pieces.push(rest);
    pieces
}

#[tokio::test]
async fn every_kept_request_is_answered_over_the_wire_as_the_rfc_says() {
    for way in WAYS {
        let (site, files) = shelf(way, 100_000).await;
        let mut talk = Talk::to(site.host()).await;
        for one in kept() {
            for file in &files {
                let asked = about(&one.asked, file);
                talk.ask(&asked, &file.address).await;
                let heard = talk.hear(asked.method).await.unwrap();
                file.check(&asked, &heard);
                // The file of a hundred bytes is that of the fixture.
                if one.size == 100 && file.bytes.len() == 100 && heard.status != 405 {
                    assert!(
                        one.answer.starts_with(&heard.status.to_string()),
                        "{}",
                        one.line
                    );
                }
            }
        }
    }
}
