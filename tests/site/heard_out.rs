//! Who is refused while still sending reads why: the connection ends only when everything was taken, or after half a minute.

use terugkijken::catalogue::coordinator::Role;
use terugkijken::server::Drained;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Duration, Instant, sleep};

use crate::accept::{assert_closed, secs};
use crate::support::shelf::{WAYS, shelf};
use crate::support::tus::PIECE;
use crate::support::wire::{Portal, Visitor, statuses};

/// Far more than the kernel holds for a connection that nobody reads.
const BODY: usize = 12_000_000;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const FILES: &str = "Content-Type: multipart/form-data; boundary=x";

/// A form in which no file is found.
const BAD: &[u16] = &[400, 413, 422];

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_reads_why_after_having_sent_everything() {
    let (site, files) = shelf(WAYS[0], 100_000).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let id = site.id_in("reeks/01-begin.toml");
    let (name, cookie) = mira.credential().unwrap();
    let known = format!("{name}: {cookie}");
    let piece = format!("Tus-Resumable: 1.0.0\r\nContent-Type: {PIECE}\r\nUpload-Offset: 0");
    let of_film = |page: &str| format!("/desk/recordings/{id}{page}");
    let refused = [
        ("POST", "/".into(), FORM.into(), &[405, 413][..]),
        ("POST", files[0].address.clone(), FORM.into(), &[405]),
        ("PUT", "/no-such-page".into(), FORM.into(), &[404, 405]),
        ("POST", "/sign-in".into(), FORM.into(), &[413]),
        ("POST", "/sign-in".into(), "Host: b".into(), &[400]),
        (
            "POST",
            "/".into(),
            format!("X: {}", "x".repeat(33_000)),
            &[431],
        ),
        ("POST", of_film(""), format!("{known}\r\n{FORM}"), &[413]),
        (
            "POST",
            of_film("/captions"),
            format!("{known}\r\n{FILES}"),
            BAD,
        ),
        (
            "POST",
            of_film("/handouts"),
            format!("{known}\r\n{FILES}"),
            BAD,
        ),
        (
            "POST",
            of_film("/poster"),
            format!("{known}\r\n{FILES}"),
            BAD,
        ),
        (
            "POST",
            "/desk/upload".into(),
            format!("{known}\r\n{FILES}"),
            BAD,
        ),
        (
            "POST",
            "/desk/upload".into(),
            FILES.into(),
            &[303, 401, 403],
        ),
        (
            "PATCH",
            "/uploads/unknown".into(),
            format!("{known}\r\n{piece}"),
            &[404],
        ),
        ("PATCH", "/uploads/unknown".into(), piece.clone(), &[401]),
        ("POST", "/uploads".into(), piece.clone(), &[401]),
    ];
    for (method, path, lines, expected) in &refused {
        for framing in [
            &format!("Content-Length: {BODY}"),
            "Transfer-Encoding: chunked",
        ] {
            let what = format!("{method} {path} {framing}");
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n{framing}",
                site.host()
            );
            let status = answer_after_sending(site.host(), &request, &what).await;
            assert!(expected.contains(&status), "{what}: {status}");
        }
    }
    // What is too much is known beforehand, or only when it comes.
    for framing in [
        &format!("Content-Length: {BODY}"),
        "Transfer-Encoding: chunked",
    ] {
        let upload = mira.announce(1000, &[("filename", "a.mp4")]).await;
        let request =
            format!("PATCH {upload} HTTP/1.1\r\nHost: a\r\n{known}\r\n{piece}\r\n{framing}");
        let status = answer_after_sending(site.host(), &request, framing).await;
        assert_eq!(status, 413, "{framing}");
    }
}

/// The status of the one answer, of which no byte is read before the last one of the body was sent.
async fn answer_after_sending(host: &str, request: &str, what: &str) -> u16 {
    let mut sender = Visitor::to(host).await.unwrap();
    sender.say(request).await;
    sender.say("\r\n\r\n").await;
    if request.ends_with("chunked") {
        sender.say(format!("{BODY:x}\r\n")).await;
    }
    let sent = sender.0.write_all(&vec![b'x'; BODY]).await;
    assert!(sent.is_ok(), "{what}: {sent:?}");
    sender.0.shutdown().await.unwrap();
    let mut heard = Vec::new();
    let ended = sender.0.read_to_end(&mut heard).await;
    assert!(ended.is_ok(), "{what}: {ended:?}");
    let heard = String::from_utf8(heard).unwrap();
    let statuses = statuses(&heard);
    assert_eq!(statuses.len(), 1, "{what}: {heard}");
    statuses[0]
}

#[tokio::test(start_paused = true)]
async fn what_nobody_reads_is_taken_for_half_a_minute() {
    let portal = Portal::open().await;
    let mut sender = portal.visitor().await;
    // Otherwise small pieces wait in real time.
    sender.0.set_nodelay(true).unwrap();
    let began = Instant::now();
    sender
        .say("POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n")
        .await;
    assert_eq!(statuses(&sender.rest().await), [405]);
    assert_eq!(began.elapsed(), Duration::ZERO);
    while sender.0.write_all(&[b'x'; 100]).await.is_ok() {
        sleep(secs(1)).await;
    }
    assert_closed(began, 30..33);
}

#[tokio::test(start_paused = true)]
async fn a_stop_hears_out_who_was_refused_and_waits_for_nobody_else() {
    let portal = Portal::open().await;
    let mut refused = portal.visitor().await;
    refused
        .say("POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n")
        .await;
    assert_eq!(statuses(&refused.rest().await), [405]);
    let mut idle = portal.visitor().await;
    idle.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        .await;
    assert!(idle.answer().await.ends_with("5 bytes"));
    let began = Instant::now();
    portal.stopper.stop();
    assert_eq!(idle.rest().await, "");
    assert_eq!(began.elapsed(), Duration::ZERO);
    refused.say([b'x'; 200]).await;
    refused.0.shutdown().await.unwrap();
    assert_eq!(portal.serving.await.unwrap(), Drained { streams_cut: 0 });
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_a_moment_for_who_goes_on_sending() {
    let portal = Portal::open().await;
    let mut refused = portal.visitor().await;
    refused
        .say("POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n")
        .await;
    assert_eq!(statuses(&refused.rest().await), [405]);
    let began = Instant::now();
    portal.stopper.stop();
    portal.serving.await.unwrap();
    assert_closed(began, 3..5);
}

#[tokio::test(start_paused = true)]
async fn who_was_read_to_the_end_is_not_waited_for_and_who_was_not_is_told_so() {
    let portal = Portal::open().await;
    let began = Instant::now();
    for framing in [
        "Connection: close\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ] {
        let mut read = portal.visitor().await;
        read.say(format!("POST / HTTP/1.1\r\nHost: a\r\n{framing}"))
            .await;
        let answer = read.rest().await;
        assert!(answer.contains("connection: close") && answer.contains("5 bytes"));
        // The connection is over although the visitor keeps it open: what is sent now is refused.
        let mut ends = 0;
        while ends < 100_000 && read.0.write_all(b"x").await.is_ok() {
            tokio::task::yield_now().await;
            ends += 1;
        }
        assert!(ends < 100_000);
    }
    for (method, path) in [("POST", "/second"), ("GET", "/second"), ("POST", "/none")] {
        let mut unread = portal.visitor().await;
        unread
            .say(format!(
                "{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
            ))
            .await;
        let answer = unread.rest().await;
        assert!(answer.contains("connection: close"), "{answer}");
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
}
