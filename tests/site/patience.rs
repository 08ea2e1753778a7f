//! How long a connection is waited for: a head, a body, the next request, a reader who pauses.
//!
//! The clock stands still in these stories and jumps to the next timer when nobody has anything left to do, so minutes
//! pass at once and seconds are exact.

use crate::accept::{assert_closed, secs};
use crate::support::wire::{LARGE, Portal, in_no_time};
use axum::body::Bytes;
use tokio::io::AsyncReadExt;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn half_a_head_is_closed_after_ten_seconds() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    let began = Instant::now();
    visitor.say("GET / HTTP/1.1\r\nHost: a\r\n").await;
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 10..12);
}

#[tokio::test(start_paused = true)]
async fn dripping_a_head_buys_no_time() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor.get("/").await;
    visitor.answer().await;
    sleep(secs(30)).await;
    let began = Instant::now();
    for byte in ["G", "E", "T", " "] {
        visitor.say(byte).await;
        sleep(secs(3)).await;
    }
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 12..13);
    assert_eq!(portal.asked("/"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_never_asks_is_closed_after_ten_seconds() {
    let portal = Portal::open().await;
    let began = Instant::now();
    assert_eq!(portal.visitor().await.rest().await, "");
    assert_closed(began, 10..12);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_kept_for_a_minute() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    for _ in 0..3 {
        visitor.get("/").await;
        assert!(visitor.answer().await.ends_with("hello"));
        sleep(secs(55)).await;
    }
    visitor.get("/").await;
    visitor.answer().await;
    let began = Instant::now();
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 60..62);
}

#[tokio::test(start_paused = true)]
async fn empty_lines_do_not_keep_a_connection() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor.get("/").await;
    visitor.answer().await;
    let began = Instant::now();
    for _ in 0..3 {
        sleep(secs(19)).await;
        visitor.say("\r\n").await;
    }
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 60..62);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_not_idle() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor.get("/four-minutes").await;
    assert!(visitor.answer().await.ends_with("thought about it"));

    visitor.get("/stream").await;
    visitor.head().await;
    for piece in ["one", "two", "three"] {
        sleep(secs(290)).await;
        portal
            .feed
            .send(Bytes::from_static(piece.as_bytes()))
            .await
            .unwrap();
    }
    drop(portal.feed);
    assert_eq!(
        visitor.rest().await,
        "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_player_may_pause_for_ten_minutes() {
    let portal = Portal::open().await;
    let mut player = portal.visitor().await;
    player.get("/large").await;
    let head = player.head().await;
    assert!(head.contains(&format!("content-length: {LARGE}")));
    let mut film = vec![0; LARGE];
    in_no_time(player.0.read_exact(&mut film[..1 << 20]))
        .await
        .unwrap();
    sleep(secs(600)).await;
    in_no_time(player.0.read_exact(&mut film[1 << 20..]))
        .await
        .unwrap();
    let began = Instant::now();
    assert_eq!(player.rest().await, "");
    assert_closed(began, 60..62);
}

#[tokio::test(start_paused = true)]
async fn a_player_that_pauses_for_longer_asks_again_by_range() {
    let portal = Portal::open().await;
    let mut player = portal.visitor().await;
    player.get("/large").await;
    player.head().await;
    sleep(secs(910)).await;
    let came = player.rest().await.len();
    assert!(0 < came && came < LARGE, "{came}");
}

#[tokio::test(start_paused = true)]
async fn half_a_head_behind_a_long_answer_has_its_ten_seconds_afterwards() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor
        .say("GET /four-minutes HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
        .await;
    visitor.answer().await;
    sleep(secs(8)).await;
    visitor.say("TP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(visitor.answer().await.ends_with("hello"));
}

#[tokio::test(start_paused = true)]
async fn half_a_head_that_came_during_an_answer_is_closed_ten_seconds_after_it() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    visitor.get("/four-minutes").await;
    sleep(secs(60)).await;
    visitor.say("GET / HT").await;
    visitor.answer().await;
    let began = Instant::now();
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 10..12);
}

#[tokio::test(start_paused = true)]
async fn half_a_head_in_one_piece_with_the_request_before_it_has_its_time_from_its_next_byte() {
    let portal = Portal::open().await;
    for (drip, closed) in [(false, 60..62), (true, 14..16)] {
        let mut visitor = portal.visitor().await;
        visitor
            .say("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT")
            .await;
        visitor.answer().await;
        let began = Instant::now();
        if drip {
            for byte in ["T", "P", "/"] {
                sleep(secs(4)).await;
                visitor.say(byte).await;
            }
        }
        assert_eq!(visitor.rest().await, "");
        assert_closed(began, closed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_stops_anywhere_goes_on_where_it_was() {
    let portal = Portal::open().await;
    let mut visitor = portal.visitor().await;
    let whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    // What stands behind a request, until the next one is complete.
    for cut in 0..whole.len() {
        visitor.say([whole, "\r\n", &whole[..cut]].concat()).await;
        assert!(visitor.answer().await.ends_with("hello"));
        for _ in 0..2 {
            sleep(secs(5)).await;
            visitor.say("").await;
        }
        visitor.say(&whole[cut..]).await;
        assert!(visitor.answer().await.ends_with("hello"), "{cut}");
        sleep(secs(50)).await;
    }
    assert_eq!(portal.asked("/"), 2 * whole.len());
    let began = Instant::now();
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 10..12);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_coming_is_waited_for_five_minutes_and_one_that_drips_is_not_cut() {
    let portal = Portal::open().await;
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    let mut visitor = portal.visitor().await;
    visitor.say(head).await;
    for byte in ["h", "e"] {
        sleep(secs(290)).await;
        visitor.say(byte).await;
    }
    let began = Instant::now();
    assert_eq!(visitor.rest().await, "");
    assert_closed(began, 300..302);

    let mut visitor = portal.visitor().await;
    visitor.say(head).await;
    for byte in ["h", "e", "l", "l", "o"] {
        sleep(secs(290)).await;
        visitor.say(byte).await;
    }
    assert!(visitor.answer().await.ends_with("5 bytes"));
}
