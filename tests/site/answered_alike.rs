//! A range of a public recording is answered from what was decided and opened before; any other request asks the catalogue. Both say
//! the same, header by header, whatever is asked for and however it is written.

use crate::support::Site;
use crate::support::chance::Chance;
use crate::support::requests::kept;
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, shelf};
use crate::support::talk::{Heard, Shelved, Talk};

const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z

/// Lines that other requests carry, and that change nothing of what a visitor gets.
const CARRIED: [&[(&str, &str)]; 9] = [
    &[("cookie", "voorkeur=nl")],
    &[("cookie", "session=0123456789abcdef0123456789abcdef")],
    &[("authorization", "Bearer nietsdaarvan")],
    &[("authorization", "Basic bWlyYTp4")],
    &[("accept-encoding", "gzip, br"), ("accept", "*/*")],
    &[("accept-language", "nl"), ("user-agent", "speler/1.0")],
    &[
        ("origin", "https://elders.example"),
        ("sec-fetch-mode", "cors"),
    ],
    &[
        ("x-forwarded-for", "192.0.2.7"),
        ("x-forwarded-proto", "http"),
    ],
    &[("cache-control", "no-cache"), ("pragma", "no-cache")],
];

/// What is put after an address, and changes nothing either.
const QUERIES: [&str; 4] = ["?", "?utm_source=mail", "?lang=nl", "?link="];

/// Status and header of an answer in one order, without the moment and without what is drawn by chance.
fn told(heard: &Heard) -> Vec<String> {
    let lines = heard.head.lines().filter(|line| !line.is_empty());
    let lines = lines.filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
    let mut lines: Vec<String> = lines
        .map(|line| match line.split_once("boundary=") {
            Some((before, _)) => before.to_ascii_lowercase(),
            None => line.to_owned(),
        })
        .collect();
    lines.sort();
    lines
}

/// The body of an answer, without the boundaries between its parts.
fn body(heard: &Heard) -> Vec<u8> {
    let kind = heard.header("content-type").unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return heard.body.clone();
    };
    let mut body = heard.body.clone();
    for at in 0..body.len().saturating_sub(boundary.len()) {
        if body[at..].starts_with(boundary.as_bytes()) {
            body[at..at + boundary.len()].fill(b'=');
        }
    }
    body
}

async fn hears(talk: &mut Talk, asked: &Asked, address: &str) -> Heard {
    talk.ask(asked, address).await;
    let heard = talk.hear(asked.method).await;
    heard.unwrap_or_else(|| panic!("no answer to {asked:?}"))
}

/// Asks for the file as plainly as can be, twice, and in ways that ask the catalogue.
async fn compares(
    site: &Site,
    talk: &mut Talk,
    file: &Shelved,
    asked: &Asked,
    chance: &mut Chance,
) {
    let plain = hears(talk, asked, &file.address).await;
    file.check(asked, &plain);
    if !matches!(asked.method, "GET" | "HEAD") {
        return;
    }
    let mut carried = asked.clone();
    for (name, value) in chance.pick(&CARRIED) {
        carried.lines.push((name, value.as_bytes().to_vec()));
    }
    let elsewhere = format!("{}{}", file.address, chance.pick(&QUERIES));
    let whole = format!("http://{}{}", site.host(), file.address);
    let (stem, _) = file.address.rsplit_once('/').unwrap();
    let renamed = format!("{stem}/anders.bin");
    let others = [
        (asked, &file.address),
        (&carried, &file.address),
        (asked, &elsewhere),
        (asked, &whole),
        (asked, &renamed),
    ];
    for (asked, address) in others {
        let other = hears(talk, asked, address).await;
        assert_eq!(told(&plain), told(&other), "{asked:?} {address}");
        assert!(body(&plain) == body(&other), "{asked:?} {address}");
    }
}

#[tokio::test]
async fn an_answer_from_what_was_kept_is_that_of_the_catalogue_header_by_header() {
    for way in WAYS {
        let (site, files) = shelf(way, 100_000).await;
        site.app.clock.hold(NOW);
        let mut talk = Talk::to(site.host()).await;
        let mut chance = Chance::new(5);
        for file in &files {
            for one in kept() {
                // Each of them in its turn is asked of one file, and of the film.
                if file.bytes.len() != 100_000 && !chance.one_in(4) {
                    continue;
                }
                let asked = one.asked;
                compares(&site, &mut talk, file, &asked, &mut chance).await;
            }
            for _ in 0..60 {
                let asked = chance.request(&file.known());
                compares(&site, &mut talk, file, &asked, &mut chance).await;
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_request_for_a_file_is_refused_alike_before_and_after_it_was_played() {
    for way in WAYS {
        let (site, files) = shelf(way, 100_000).await;
        site.app.clock.hold(NOW);
        let film = &files[0].address;
        let parts: Vec<&str> = film.split('/').collect();
        let [_, _, id, version, name] = parts[..] else {
            panic!("{film}");
        };
        let odd = [
            format!("/media/{id}/{version}"),
            format!("/media/{id}/{version}/"),
            format!("/media/{id}/{version}/{name}/"),
            format!("/media/{id}/{version}/{name}/meer"),
            format!("/media//{id}/{version}/{name}"),
            format!("//media/{id}/{version}/{name}"),
            format!("/Media/{id}/{version}/{name}"),
            format!("/media/{}/{version}/{name}", id.to_uppercase()),
            format!("/media/{id}/{}/{name}", version.to_uppercase()),
            format!("/media/{id}x/{version}/{name}"),
            format!("/media/{id}/{version}x/{name}"),
            format!("/media/{id}%20/{version}/{name}"),
            format!(
                "/media/%{:02x}{}/{version}/{name}",
                id.as_bytes()[0],
                &id[1..]
            ),
            format!("/media/{id}/{version}/%ff"),
            format!("/media/{id}/{version}/%00"),
            format!("/media/{id}/{version}/%zz"),
            format!("/media/{id}/../{id}/{version}/{name}"),
            format!("/media/{version}/{id}/{name}"),
            format!("{film};x=1"),
            format!("{film}#begin"),
        ];
        let methods = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get",
        ];
        let mut before: Vec<(u16, Vec<String>)> = Vec::new();
        for round in 0..2 {
            let mut at = 0;
            for address in odd.iter().chain([film]) {
                for method in methods {
                    if address == film && matches!(method, "GET" | "HEAD") {
                        continue;
                    }
                    let mut talk = Talk::to(site.host()).await;
                    let lines = vec![("range", b"bytes=0-9".to_vec())];
                    let asked = Asked { method, lines };
                    let heard = hears(&mut talk, &asked, address).await;
                    let heard = (heard.status, told(&heard));
                    match round {
                        0 => before.push(heard),
                        _ => assert_eq!(before[at], heard, "{method} {address}"),
                    }
                    at += 1;
                }
            }
            // From here on it is kept.
            for file in &files {
                for _ in 0..2 {
                    site.get(&file.address).await.is(200);
                }
            }
        }
    }
}

#[tokio::test]
async fn an_odd_head_is_answered_alike_whether_the_file_is_kept_or_not() {
    for way in WAYS {
        let (site, files) = shelf(way, 100_000).await;
        site.app.clock.hold(NOW);
        let film = &files[0].address;
        for _ in 0..2 {
            site.get(film).await.is(200);
        }
        let host = format!("Host: {}", site.host());
        for (version, lines) in [
            ("1.1", vec![&*host]),
            ("1.1", vec![]),
            ("1.1", vec![&*host, &*host]),
            ("1.1", vec![&*host, "Host: elders.example"]),
            ("1.1", vec!["Host: "]),
            ("1.1", vec!["Host: a b"]),
            ("1.0", vec![]),
            ("1.0", vec![&*host]),
            ("1.1", vec![&*host, "Content-Length: 0"]),
            ("1.1", vec![&*host, "Content-Length: 3"]),
            ("1.1", vec![&*host, "Content-Length: x"]),
            ("1.1", vec![&*host, "Transfer-Encoding: chunked"]),
            ("1.1", vec![&*host, "Transfer-Encoding: gzip"]),
            (
                "1.1",
                vec![&*host, "Content-Length: 3", "Transfer-Encoding: chunked"],
            ),
            ("1.1", vec![&*host, "Expect: 100-continue"]),
            (
                "1.1",
                vec![&*host, "Upgrade: websocket", "Connection: upgrade"],
            ),
        ] {
            let mut answers = Vec::new();
            // What stands behind a question mark is asked of the router.
            for address in [film.clone(), format!("{film}?x=1")] {
                let mut talk = Talk::to(site.host()).await;
                let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
                let close = "Range: bytes=0-99999\r\nConnection: close\r\n";
                let head = format!("GET {address} HTTP/{version}\r\n{lines}{close}\r\n0\r\n\r\n");
                talk.say(head.as_bytes()).await;
                let answer = String::from_utf8_lossy(&talk.rest(1 << 20).await).into_owned();
                let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
                let kept = head.lines().filter(|line| !line.starts_with("date:"));
                let mut kept: Vec<String> = kept.map(str::to_owned).collect();
                kept.sort();
                answers.push((kept, body.len()));
            }
            assert_eq!(answers[0], answers[1], "{version} {lines:?}");
            assert!(!answers[0].0.is_empty(), "{version} {lines:?}");
        }
    }
}
