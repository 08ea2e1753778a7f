//! Uploads through a real nginx with its default settings and the lines of the README. Only with `tests/run --long`, because nginx
//! takes a minute to lose its patience; `TERUGKIJKEN_PATIENCE` says that there is time.

use crate::support::nginx::Nginx;
use crate::support::program::{Program, key};
use crate::support::sending::recording;

#[tokio::test]
async fn a_sender_who_falls_silent_behind_nginx_loses_nothing_and_goes_on() {
    if std::env::var_os("TERUGKIJKEN_PATIENCE").is_none() {
        println!("not waited for: the silence behind nginx takes a minute (tests/run --long)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path()).await;
    let proxy = Nginx::of_readme(program.client.host()).await;
    let mira = program.client.at(proxy.address()).with_key(&key);
    let bytes = recording(1);
    let location = mira
        .announce(bytes.len(), &[("filename", "stil.mp4")])
        .await;
    let path = location
        .split_once("://")
        .map_or(location.as_str(), |(_, rest)| {
            &rest[rest.find('/').unwrap()..]
        });
    let sent = 10_000_000;
    let mut silent = mira.begin(path, 0, bytes.len(), &bytes[..sent]).await;
    // Nothing more comes. The connection ends when nginx has had enough of that.
    silent.rest().await;
    let at = mira.offset(path).await;
    assert_eq!(at, sent, "all that was sent before the silence counts");
    let answer = mira.piece(path, at, bytes[at..].to_vec()).await.is(204);
    assert_eq!(answer.offset(), bytes.len());
    let there = std::fs::read(folder.path().join("media/inbox/stil.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    mira.get("/healthz").await.is(200);
    drop(proxy);
    program.kill();
}
