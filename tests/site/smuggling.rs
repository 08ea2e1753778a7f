//! Nothing a visitor sends is taken for another visitor's request.

use crate::smuggling_cases::AMBIGUOUS;
use crate::support::wire::{Portal, in_no_time, statuses};

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
async fn each_ambiguous_head_has_one_meaning_and_one_answer() {
    assert!(AMBIGUOUS.len() >= 80);
    let portal = Portal::open().await;
    let good = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (why, first, answers, second) in AMBIGUOUS {
        for before in [&[][..], &[good], &[good, good]] {
            let asked = portal.asked("/second");
            let sent = [before, &[first, SECOND]].concat();
            let came = portal.exchange(&sent).await;
            let expected = [&[200][..]].repeat(before.len()).concat();
            assert_eq!(
                statuses(&came),
                [&expected, *answers].concat(),
                "{why}: {came}"
            );
            assert_eq!(portal.asked("/second") - asked, *second, "{why}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_head_means_the_same_when_it_arrives_byte_by_byte() {
    let portal = Portal::open().await;
    for (why, first, answers, second) in AMBIGUOUS {
        let asked = portal.asked("/second");
        let mut visitor = portal.visitor().await;
        let answers_to_bytes = async {
            for byte in [first, SECOND].concat().bytes() {
                visitor.say([byte]).await;
                tokio::task::yield_now().await;
            }
            visitor.rest().await
        };
        let came = statuses(&in_no_time(answers_to_bytes).await);
        let asked = portal.asked("/second") - asked;
        let (answers, second) = match *why {
            // Its 24 bytes are known together; before they are there it is a wrong version.
            "HTTP/2 without having agreed on it" => (&[400][..], 0),
            _ => (*answers, *second),
        };
        assert_eq!(came, answers, "{why}");
        assert_eq!(asked, second, "{why}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_no_request_however_long_it_is_and_whoever_reads_it() {
    let portal = Portal::open().await;
    let request = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";
    let last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for method in ["GET", "POST", "CONNECT", "PUT"] {
        for host in ["Host: a", "Host: a\r\nHost: a"] {
            for requests in [1, 100, 1_000, 30_000] {
                let body = request.repeat(requests);
                let length = body.len();
                let head =
                    format!("{method} / HTTP/1.1\r\n{host}\r\nContent-Length: {length}\r\n\r\n");
                let came = portal.exchange(&[&head, &body, last]).await;
                assert!(statuses(&came).len() <= 2, "{method}: {came}");
            }
        }
    }
    assert_eq!(portal.asked("/second"), 0);
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
    let lines = "\r\n".repeat(16_000);
    let answers = portal
        .exchange(&["\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", &lines, SECOND])
        .await;
    assert_eq!(statuses(&answers), [200, 200]);
}

#[tokio::test(start_paused = true)]
async fn empty_lines_count_as_part_of_a_head_and_more_than_its_limit_are_answered_431() {
    let portal = Portal::open().await;
    let lines = "\r\n".repeat(17_000);
    let answers = portal
        .exchange(&["GET / HTTP/1.1\r\nHost: a\r\n\r\n", &lines, SECOND])
        .await;
    assert!(
        matches!(statuses(&answers)[..], [200] | [200, 431]),
        "{answers}"
    );
    assert_eq!(portal.asked("/second"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_head_of_more_than_a_hundred_fields_is_answered_431() {
    let portal = Portal::open().await;
    for (fields, answers) in [(99, &[200, 200][..]), (100, &[431])] {
        let many = format!(
            "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n",
            "X: y\r\n".repeat(fields)
        );
        let came = portal.exchange(&[&many, SECOND]).await;
        assert_eq!(statuses(&came), answers, "{came}");
    }
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
