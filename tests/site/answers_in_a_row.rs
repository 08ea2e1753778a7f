//! Many answers on one connection, asked for one by one or all at once: whole files, parts, several parts, heads, refusals, pages and
//! pictures. No byte of one gets into another, wherever somebody stops listening.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::support::chance::Chance;
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, Way, shelf};
use crate::support::talk::{Heard, Shelved, Talk};
use crate::support::{Site, desk::picture};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// Where ranges begin and how long they are: around what programs read in one go.
const EDGES: [u64; 13] = [
    1,
    2,
    16 * KIB - 1,
    16 * KIB,
    16 * KIB + 1,
    64 * KIB - 1,
    64 * KIB,
    64 * KIB + 1,
    128 * KIB + 1,
    256 * KIB,
    MIB - 1,
    MIB,
    MIB + 1,
];

/// What is asked for: a file, or something that is no file and has these bytes each time.
#[derive(Clone)]
enum Thing {
    File(usize),
    Other(String, u16, Vec<u8>),
}

struct Portal {
    site: Site,
    files: Vec<Shelved>,
    others: Vec<Thing>,
}

/// Files, and what is served from memory: a picture, captions, the API, what is not there.
async fn portal(way: Way) -> Portal {
    let (site, files) = shelf(way, 5 << 20).await;
    site.put("reeks/01-begin.png", picture(640));
    site.put(
        "reeks/01-begin.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nEerste regel\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    let id = site.id_in("reeks/01-begin.toml");
    let mut others = Vec::new();
    for path in [
        format!("/posters/{id}.jpg"),
        format!("/captions/{id}/nl.vtt"),
        format!("/api/recordings/{id}"),
        "/media/0000000000/000000000000/a.mp4".to_owned(),
        "/healthz".to_owned(),
    ] {
        let answer = site.get(&path).await;
        others.push(Thing::Other(path, answer.status, answer.body));
    }
    Portal {
        site,
        files,
        others,
    }
}

impl Portal {
    fn address<'a>(&'a self, thing: &'a Thing) -> &'a str {
        match thing {
            Thing::File(at) => &self.files[*at].address,
            Thing::Other(path, _, _) => path,
        }
    }

    /// Something to ask.
    fn request(&self, chance: &mut Chance) -> (Thing, Asked) {
        if chance.one_in(6) {
            let at = chance.below(self.others.len() as u64);
            let thing = self.others[usize::try_from(at).unwrap()].clone();
            let method = if chance.one_in(3) { "HEAD" } else { "GET" };
            let lines = Vec::new();
            return (thing, Asked { method, lines });
        }
        let at = match chance.one_in(2) {
            true => 0,
            false => usize::try_from(chance.below(self.files.len() as u64)).unwrap(),
        };
        let asked = of_a_file(chance, &self.files[at]);
        (Thing::File(at), asked)
    }

    fn check(&self, thing: &Thing, asked: &Asked, heard: &Heard) {
        match thing {
            Thing::File(at) => self.files[*at].check(asked, heard),
            Thing::Other(path, status, body) => {
                assert_eq!(heard.status, *status, "{path}");
                let is_right = asked.method == "HEAD" || heard.body == *body;
                assert!(is_right, "{path}: {}", heard.head);
            }
        }
    }
}

/// A request for this file: 200, 206 of one or several parts, 304, 412 or 416, with a body or its head alone.
fn of_a_file(chance: &mut Chance, file: &Shelved) -> Asked {
    let size = file.known().size;
    let one = |chance: &mut Chance| {
        if size == 0 {
            return chance.pick(&["0-", "-1"]).to_owned();
        }
        let length = chance.pick(&EDGES).min(size);
        let first = match chance.below(3) {
            0 => size - length,
            1 => chance.pick(&EDGES).min(size - 1),
            _ => chance.below(size),
        };
        format!("{first}-{}", first + length - 1)
    };
    let range = |text: String| ("range", format!("bytes={text}").into_bytes());
    let own = file.etag.clone().into_bytes();
    let lines = match chance.below(12) {
        0 if size < MIB || chance.one_in(8) => Vec::new(),
        1 => vec![range(format!("{size}-"))],
        2 => vec![("if-none-match", own)],
        3 => vec![("if-match", b"\"other\"".to_vec())],
        4 => vec![range(format!("-{}", chance.pick(&EDGES)))],
        5 | 6 => vec![range(format!("{},{}", one(chance), one(chance)))],
        7 => vec![range(format!("0-0,{},-1", one(chance)))],
        _ => vec![range(one(chance)), ("if-range", own)],
    };
    let method = if chance.one_in(5) { "HEAD" } else { "GET" };
    Asked { method, lines }
}

/// Requests, and their bytes one after another.
fn batch(
    portal: &Portal,
    talk: &Talk,
    chance: &mut Chance,
    count: u64,
) -> (Vec<(Thing, Asked)>, Vec<u8>) {
    let requests: Vec<_> = (0..count).map(|_| portal.request(chance)).collect();
    let written = requests
        .iter()
        .flat_map(|(thing, asked)| talk.written(asked, portal.address(thing)));
    let written = written.collect();
    (requests, written)
}

/// Hears these answers, and holds each against what it must be.
async fn hears(portal: &Portal, talk: &mut Talk, requests: &[(Thing, Asked)]) {
    for (thing, asked) in requests {
        let heard = talk.hear(asked.method).await;
        let heard = heard.unwrap_or_else(|| panic!("no whole answer: {}", portal.address(thing)));
        portal.check(thing, asked, &heard);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_of_every_kind_in_any_order_on_one_connection_never_mix() {
    for way in WAYS {
        let portal = Arc::new(portal(way).await);
        let asking = (0..8_u64).map(|seed| {
            let portal = Arc::clone(&portal);
            tokio::spawn(async move {
                let mut chance = Chance::new(seed);
                // Every other one takes little at a time, so that answers wait in the middle of themselves.
                let mut talk = match seed % 2 {
                    0 => Talk::to(portal.site.host()).await,
                    _ => Talk::slowly(portal.site.host(), 8 * 1024).await,
                };
                for _ in 0..12 {
                    let count = 1 + chance.below(10);
                    let (requests, written) = batch(&portal, &talk, &mut chance, count);
                    talk.say(&written).await;
                    hears(&portal, &mut talk, &requests).await;
                }
            })
        });
        for asked in join_all(asking).await {
            asked.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_come_in_pieces_are_answered_like_those_that_come_at_once() {
    for way in WAYS {
        let portal = portal(way).await;
        let mut chance = Chance::new(99);
        let mut talk = Talk::to(portal.site.host()).await;
        for _ in 0..20 {
            let (requests, written) = batch(&portal, &talk, &mut chance, 4);
            let mut rest = &written[..];
            while !rest.is_empty() {
                let count = 1 + chance.below(rest.len().min(200) as u64);
                let (piece, after) = rest.split_at(usize::try_from(count).unwrap());
                talk.say(piece).await;
                tokio::task::yield_now().await;
                rest = after;
            }
            hears(&portal, &mut talk, &requests).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_listening_in_the_middle_of_an_answer_takes_nothing_from_others() {
    for way in WAYS {
        let portal = Arc::new(portal(way).await);
        let ends = (0..60_u64).map(|seed| {
            let portal = Arc::clone(&portal);
            tokio::spawn(async move {
                let mut chance = Chance::new(seed);
                let mut talk = Talk::slowly(portal.site.host(), 8 * 1024).await;
                let (requests, written) = batch(&portal, &talk, &mut chance, 3);
                talk.say(&written).await;
                // One large answer, of which a part is heard, with others behind it.
                let large = Asked {
                    method: "GET",
                    lines: Vec::new(),
                };
                talk.ask(&large, &portal.files[0].address).await;
                let (_, written) = batch(&portal, &talk, &mut chance, 3);
                talk.say(&written).await;
                hears(&portal, &mut talk, &requests).await;
                let head = talk.head().await.unwrap();
                assert_eq!(head.length, portal.files[0].bytes.len());
                let heard = usize::try_from(chance.below(MIB)).unwrap();
                let heard = talk.take(heard).await;
                assert!(heard == portal.files[0].bytes[..heard.len()]);
                drop(talk);
                // Another connection right after it, which the kernel may give the same number.
                let mut next = Talk::to(portal.site.host()).await;
                let (requests, written) = batch(&portal, &next, &mut chance, 4);
                next.say(&written).await;
                hears(&portal, &mut next, &requests).await;
            })
        });
        for ended in join_all(ends).await {
            ended.unwrap();
        }
    }
}

#[tokio::test]
async fn the_last_answer_of_a_connection_is_whole_and_nothing_follows_it() {
    for way in WAYS {
        let portal = portal(way).await;
        let file = &portal.files[0];
        for (closing, count) in [("Connection: close", 1), ("Transfer-Encoding: chunked", 2)] {
            let mut talk = Talk::to(portal.site.host()).await;
            let lines = vec![("range", b"bytes=1-200000".to_vec())];
            let asked = Asked {
                method: "GET",
                lines,
            };
            let plain = talk.written(&asked, &file.address);
            let mut last = plain[..plain.len() - 2].to_vec();
            last.extend_from_slice(format!("{closing}\r\n\r\n").as_bytes());
            if count == 2 {
                last.extend_from_slice(b"0\r\n\r\n");
            }
            talk.say(&[&plain[..], &last, &plain].concat()).await;
            for _ in 0..2 {
                file.check(&asked, &talk.hear("GET").await.unwrap());
            }
            assert!(talk.hear("GET").await.is_none(), "{closing}");
        }
    }
}
