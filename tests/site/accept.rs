//! Connections: taken, limited and seen out.
//!
//! The clock stands still in these stories and jumps to the next timer when nobody has anything left to do, so minutes
//! pass at once and seconds are exact.

use std::ops::Range;
use std::sync::Arc;

use crate::support::wire::{Portal, Visitor, in_no_time, statuses};
use axum::body::Bytes;
use terugkijken::server::idle_timer::{Exchange, IdleTimer};
use terugkijken::server::socket::Socket;
use terugkijken::server::{Drained, Limits};
use terugkijken::zero_copy::Pieces;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::time::{Duration, Instant, sleep, timeout};

pub const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Seconds within which the portal closed a connection, from `began`.
pub fn assert_closed(began: Instant, within: Range<u64>) {
    let passed = began.elapsed();
    assert!(within.contains(&passed.as_secs()), "{passed:?}");
}

#[tokio::test]
async fn every_socket_sends_small_segments_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let _visitor = Visitor::to(listener.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    assert!(!accepted.nodelay().unwrap(), "the kernel's own choice");
    assert!(
        Socket::new(
            accepted,
            IdleTimer::new(),
            Arc::default(),
            Pieces::default(),
        )
        .unwrap()
        .nodelay()
        .unwrap()
    );
}

#[tokio::test]
async fn heads_are_read_in_small_pieces_so_that_nobody_makes_the_buffer_large() {
    const PIECE: usize = 4096;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut visitor = Visitor::to(listener.local_addr().unwrap()).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    let idle_timer = IdleTimer::new();
    let mut socket = Socket::new(
        accepted,
        Arc::clone(&idle_timer),
        Arc::default(),
        Pieces::default(),
    )
    .unwrap();
    visitor.say([b'x'; 20 * PIECE]).await;
    let mut room = vec![0; 10 * PIECE];
    let mut heads = 0;
    while heads < 2 * PIECE {
        let read = socket.read(&mut room).await.unwrap();
        assert!(read <= PIECE, "{read}");
        heads += read;
    }
    // Bodies are read in large ones.
    let _upload = Exchange::begin(&idle_timer, true);
    let mut most = 0;
    while heads < 20 * PIECE {
        let read = socket.read(&mut room).await.unwrap();
        heads += read;
        most = most.max(read);
    }
    assert!(most > PIECE, "{most}");
}

#[tokio::test(start_paused = true)]
async fn a_request_may_come_byte_by_byte_and_many_in_one_piece() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    for byte in "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".chars() {
        visitor.say(&byte.to_string()).await;
        tokio::task::yield_now().await;
    }
    assert!(visitor.answer().await.ends_with("5 bytes"));

    let many = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".repeat(200);
    let last = "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = portal.exchange(&[&many, last]).await;
    assert_eq!(statuses(&answers), [200; 201]);
    assert_eq!(answers.matches("3 bytes").count(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_large_body_arrives_whole_and_the_next_request_behind_it() {
    let portal = Portal::open().await;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
        3_000_001
    );
    let last = "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answers = portal
        .exchange(&[&head, &"\n".repeat(3_000_001), last])
        .await;
    assert_eq!(statuses(&answers), [200, 200]);
    assert!(
        answers.contains("3000001 bytes") && answers.ends_with("second"),
        "{answers}"
    );
}

#[tokio::test(start_paused = true)]
async fn beyond_the_cap_a_connection_waits_for_a_place() {
    let portal = Portal::with(Limits {
        connections: 2,
        ..Limits::default()
    })
    .await;
    let (mut first, mut second, mut third) = (
        portal.visitor().await,
        portal.visitor().await,
        portal.visitor().await,
    );
    for visitor in [&mut first, &mut second, &mut third] {
        visitor.get("/").await;
    }
    first.answer().await;
    second.answer().await;
    assert!(timeout(secs(30), third.head()).await.is_err());
    assert_eq!(portal.asked("/"), 2);
    drop(first);
    assert!(third.answer().await.ends_with("hello"));
    assert_eq!(portal.asked("/"), 3);
}

const ONE: [u8; 4] = [127, 0, 0, 2];
const OTHER: [u8; 4] = [127, 0, 0, 3];

async fn asking(portal: &Portal, address: [u8; 4]) -> Visitor {
    let mut visitor = Visitor::from(address, portal.address).await;
    visitor.get("/").await;
    visitor
}

#[tokio::test(start_paused = true)]
async fn one_address_has_its_share_of_the_connections_and_waits_for_more() {
    let portal = Portal::with(Limits {
        connections: 8,
        per_address: 3,
        proxies: Vec::new(),
        ..Limits::default()
    })
    .await;
    let mut taken = Vec::new();
    for _ in 0..3 {
        let mut visitor = asking(&portal, ONE).await;
        visitor.answer().await;
        taken.push(visitor);
    }
    let mut waiting = [asking(&portal, ONE).await, asking(&portal, ONE).await];
    // Two may wait on so small a portal; more of the same address are closed at once.
    assert_eq!(asking(&portal, ONE).await.rest().await, "");
    assert!(timeout(secs(20), waiting[0].head()).await.is_err());
    assert!(
        asking(&portal, OTHER)
            .await
            .answer()
            .await
            .ends_with("hello")
    );
    drop(taken.pop());
    assert!(waiting[0].answer().await.ends_with("hello"));
    // Nobody waits for ever.
    assert_eq!(waiting[1].rest().await, "");
    assert_eq!(portal.asked("/"), 5);
    // Whoever is gone has left its place.
    drop((taken, waiting));
    for _ in 0..10 {
        assert!(asking(&portal, ONE).await.answer().await.ends_with("hello"));
    }
}

#[tokio::test(start_paused = true)]
async fn one_address_never_has_all_connections_and_proxies_are_not_counted() {
    let limits = Limits {
        connections: 8,
        ..Limits::default()
    };
    for (proxies, most) in [(Vec::new(), 4), (limits.proxies.clone(), 8)] {
        let portal = Portal::with(Limits {
            proxies,
            ..limits.clone()
        })
        .await;
        let mut all = Vec::new();
        for _ in 0..most {
            let mut visitor = asking(&portal, ONE).await;
            visitor.answer().await;
            all.push(visitor);
        }
        let mut beyond = asking(&portal, ONE).await;
        assert!(timeout(secs(20), beyond.head()).await.is_err());
        assert_eq!(portal.asked("/"), most);
    }
}

#[tokio::test(start_paused = true)]
async fn little_waits_for_a_reader_that_takes_nothing() {
    let portal = Portal::open().await;
    let mut reader = portal.visitor().await;
    reader.get("/stream").await;
    reader.head().await;
    let piece = Bytes::from(vec![b'x'; 16 * 1024]);
    let mut given = 0;
    while let Ok(sent) = timeout(secs(30), portal.feed.send(piece.clone())).await {
        sent.unwrap();
        given += piece.len();
    }
    // Sixteen pieces wait in the channel; what the kernel and hyper take by themselves is above 3 MB.
    assert!(given > 16 * piece.len());
    assert!(given < 16 * piece.len() + 700_000, "{given}");
}

#[tokio::test(start_paused = true)]
async fn a_handlers_panic_takes_only_its_own_connection() {
    // One more than there are visitors, because a connection ends a moment before its place is free.
    let portal = Portal::with(Limits {
        connections: 3,
        ..Limits::default()
    })
    .await;
    let mut bystander = portal.visitor().await;
    bystander.get("/").await;
    bystander.answer().await;
    for _ in 0..5 {
        let mut visitor = portal.visitor().await;
        visitor.get("/panic").await;
        assert_eq!(visitor.rest().await, "");
    }
    bystander.get("/").await;
    assert!(bystander.answer().await.ends_with("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_stop_finishes_what_is_under_way_and_takes_nothing_new() {
    let portal = Portal::open().await;
    let mut idle = portal.visitor().await;
    idle.get("/").await;
    idle.answer().await;
    let mut half = portal.visitor().await;
    half.say("GET / HT").await;
    let mut behind = portal.visitor().await;
    behind
        .say("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
        .await;
    behind.answer().await;
    let mut asking = portal.visitor().await;
    asking.get("/slow").await;
    portal.handlers.waiting.notified().await;

    let began = Instant::now();
    portal.stopper.stop();
    assert_eq!(idle.rest().await, "");
    assert_eq!(half.rest().await, "");
    assert_eq!(behind.rest().await, "");
    assert!(
        Visitor::to(portal.address).await.is_none(),
        "the listener is closed"
    );
    assert!(!portal.serving.is_finished());
    portal.handlers.go_on.notify_one();
    let answer = asking.rest().await;
    assert!(
        answer.ends_with("at last") && answer.contains("connection: close"),
        "{answer}"
    );
    assert_eq!(portal.serving.await.unwrap(), Drained { streams_cut: 0 });
    assert_closed(began, 0..1);
}

#[tokio::test(start_paused = true)]
async fn a_stop_cuts_streams_that_do_not_end() {
    let portal = Portal::open().await;
    let mut listening = portal.visitor().await;
    listening.get("/stream").await;
    listening.head().await;
    let mut paused = portal.visitor().await;
    paused.get("/large").await;
    paused.head().await;

    let began = Instant::now();
    portal.stopper.stop();
    sleep(secs(15)).await;
    portal
        .feed
        .send(Bytes::from_static(b"still"))
        .await
        .unwrap();
    assert_eq!(portal.serving.await.unwrap(), Drained { streams_cut: 2 });
    assert_closed(began, 20..22);
    assert_eq!(listening.rest().await, "5\r\nstill\r\n");
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_heard_at_the_cap_too() {
    let portal = Portal::with(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut only = portal.visitor().await;
    only.get("/").await;
    only.answer().await;
    let _waiting = portal.visitor().await;
    portal.stopper.stop();
    assert_eq!(portal.serving.await.unwrap(), Drained { streams_cut: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_visitor_who_leaves_ends_the_work_for_them() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor.get("/stream").await;
    visitor.head().await;
    let began = Instant::now();
    drop(visitor);
    in_no_time(portal.feed.closed()).await;
    assert_closed(began, 0..1);
}
