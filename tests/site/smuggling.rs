//! Nothing a visitor sends is taken for another visitor's request.

use crate::smuggling_cases::MALFORMED;
use crate::support::wire::{Portal, statuses};

const SECOND: &str = "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn two_well_formed_requests_are_two() {
    let portal = Portal::open().await;
    let bodies = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    ];
    for (asked, first) in bodies.iter().enumerate() {
        let answers = portal.exchange(&[first, SECOND]).await;
        assert_eq!(statuses(&answers), [200, 200], "{first:?}");
        assert_eq!(portal.asked("/second"), asked + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_request_is_refused_and_the_last_of_its_connection() {
    assert!(MALFORMED.len() >= 40);
    let portal = Portal::open().await;
    for (why, first) in MALFORMED {
        let answers = portal.exchange(&[first, SECOND]).await;
        assert!(
            matches!(statuses(&answers)[..], [] | [400]),
            "{why}: {answers:?}"
        );
        assert_eq!(portal.asked("/second"), 0, "{why}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_request_behind_a_good_one_spoils_only_itself() {
    let portal = Portal::open().await;
    for (why, second) in MALFORMED {
        let answers = portal
            .exchange(&["GET / HTTP/1.1\r\nHost: a\r\n\r\n", second, SECOND])
            .await;
        assert!(
            matches!(statuses(&answers)[..], [200] | [200, 400]),
            "{why}: {answers:?}"
        );
        assert_eq!(portal.asked("/second"), 0, "{why}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunked_request_is_answered_and_the_last_of_its_connection() {
    let portal = Portal::open().await;
    let chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let answers = portal.exchange(&[chunked, SECOND]).await;
    assert_eq!(statuses(&answers), [200]);
    assert!(
        answers.contains("connection: close") && answers.ends_with("5 bytes"),
        "{answers}"
    );
    assert_eq!(portal.asked("/second"), 0);
}

#[tokio::test(start_paused = true)]
async fn empty_lines_before_a_request_are_passed_over() {
    let portal = Portal::open().await;
    let lines = "\r\n".repeat(20_000);
    let answers = portal
        .exchange(&["\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", &lines, SECOND])
        .await;
    assert_eq!(statuses(&answers), [200, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_head_beyond_the_limit_is_answered_431() {
    let portal = Portal::open().await;
    for length in [32 * 1024, 64 * 1024] {
        let endless = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "x".repeat(length));
        let answers = portal.exchange(&[&endless]).await;
        assert!(matches!(statuses(&answers)[..], [] | [431]), "{answers:?}");
    }
    let long = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(31 * 1024)
    );
    assert_eq!(
        statuses(&portal.exchange(&[&long, SECOND]).await),
        [200, 200]
    );
}
