//! The log: which line an answer gets, and that no address, however it is written, puts what opens something into it.

use std::io::Read as _;
use std::process::Stdio;
use std::thread::JoinHandle;

use rustix::process::Signal;

use crate::support::clips;
use crate::support::program::{PROGRAM, Program};
use crate::support::wire::Visitor;

const TOKEN: &str = "0123456789abcdef";
const ID: &str = "q3a1gc8bxx";

/// A portal with a recording and a link to it, and a log that tells all it can.
fn start(folder: &std::path::Path, format: &str) -> (Program, JoinHandle<String>) {
    let series = folder.join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    std::fs::write(series.join("series.toml"), "visibility = \"public\"\n").unwrap();
    std::fs::write(series.join("01-begin.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    let sidecar =
        format!("id = \"{ID}\"\n[[links]]\ntoken = \"{TOKEN}\"\nname = \"nieuwsbrief\"\n");
    std::fs::write(series.join("01-begin.toml"), sidecar).unwrap();
    let settings = format!("log = \"trace\"\nlog_format = \"{format}\"\n");
    std::fs::write(folder.join("terugkijken.toml"), settings).unwrap();
    let words = "1 series with 1 recordings";
    let mut program = Program::start_until(folder, &[PROGRAM], Stdio::piped(), words);
    let mut lines = program.child.stderr.take().unwrap();
    // A full pipe would stop the program.
    let log = std::thread::spawn(move || {
        let mut log = String::new();
        lines.read_to_string(&mut log).unwrap();
        log
    });
    (program, log)
}

/// Everything it logged until it stopped.
fn log_of((mut program, log): (Program, JoinHandle<String>)) -> String {
    program.signal(Signal::TERM);
    program.child.wait().unwrap();
    log.join().unwrap()
}

/// The answer to a request line that no client would write like that.
async fn ask(program: &Program, method: &str, target: &str, body: &str) -> String {
    let mut visitor = Visitor::to(program.client.host()).await.unwrap();
    let host = program.client.host();
    let length = body.len();
    visitor
        .say(&format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nReferer: http://{host}/l/{TOKEN}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
        .await;
    visitor.rest().await
}

#[tokio::test]
async fn no_spelling_of_an_address_puts_what_opens_something_into_the_log() {
    let welcome = "f".repeat(64);
    let upload = "0123456789abcdefghjk";
    for format in ["human", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let (program, log) = start(folder.path(), format);
        let host = program.client.host().to_owned();
        for (secret, places) in [
            (
                TOKEN,
                vec![
                    "l",
                    "L",
                    "%6c",
                    "%6C",
                    "watch",
                    "series",
                    "embed",
                    "posters",
                    "speakers",
                    "share",
                    "nergens",
                    "api/recordings",
                    "assets",
                    "captions/q3a1gc8bxx",
                    "media/q3a1gc8bxx/000000000000",
                    "chapters",
                    "desk/recordings",
                ],
            ),
            (&welcome, vec!["welcome", "Welcome", "%77elcome"]),
            (upload, vec!["uploads", "Uploads", "desk/uploads"]),
        ] {
            for place in places {
                for target in [
                    format!("/{place}/{secret}"),
                    format!("//{place}/{secret}"),
                    format!("///{place}//{secret}"),
                    format!("/{place}//{secret}"),
                    format!("/{place}/{secret}/"),
                    format!("/{place}/{secret}/meer"),
                    format!("/{place}%2f{secret}"),
                    format!("/%2F{place}%2F{secret}"),
                    format!("/./{place}/{secret}"),
                    format!("/x/../{place}/{secret}"),
                    format!("/%2e/{place}/{secret}"),
                    format!("/{place};x/{secret}"),
                    format!("/{place}/{secret}.mp4"),
                    format!("/{place}\\{secret}"),
                    format!("/{place}/{secret}%00"),
                    format!("http://{host}/{place}/{secret}"),
                    format!("http://{host}//{place}/{secret}"),
                    format!("/{secret}"),
                    format!("/watch/{ID}?link={secret}"),
                    format!("/?{secret}"),
                    format!("/{place}/%ff{secret}"),
                ] {
                    for method in ["GET", "HEAD", "POST", "OPTIONS", secret] {
                        ask(&program, method, &target, &format!("password={secret}")).await;
                    }
                }
            }
        }
        let heard = ask(&program, "GET", &format!("/watch/{ID}"), "").await;
        assert!(heard.starts_with("HTTP/1.1 200"), "the premise: {heard}");
        let log = log_of((program, log));
        assert!(log.contains(&format!("/watch/{ID}")), "the premise: {log}");
        for secret in [TOKEN, &welcome, upload] {
            let lines: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
            assert_eq!(lines, Vec::<&str>::new(), "{format}");
        }
        assert!(
            !log.contains("link=") && !log.contains("password="),
            "{log}"
        );
    }
}
