//! An answer is under way until its last byte was sent, also when the kernel sends it by itself: until then a visitor behind a proxy
//! has no further place, and a stop waits for it.

use futures_util::future::{join_all, select_all};
use terugkijken::router;
use terugkijken::server::{Drained, Limits, Stop, serve};
use tokio::net::TcpListener;

use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, shelf};
use crate::support::talk::Talk;

const MIB: usize = 1 << 20;

fn asked(lines: &[(&'static str, &str)]) -> Asked {
    Asked {
        method: "GET",
        lines: lines
            .iter()
            .map(|(name, value)| (*name, value.as_bytes().to_vec()))
            .collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_its_reader_has_not_taken_keeps_its_place() {
    const MOST: usize = 2;
    const ONE: (&str, &str) = ("x-forwarded-for", "203.0.113.9");
    for (name, settings) in WAYS {
        let proxied = |config: &mut terugkijken::config::Config| {
            settings(config);
            config.trusted_proxies = vec!["127.0.0.1".into()];
            config.connections_per_address = MOST;
        };
        let (site, files) = shelf((name, proxied), 2 * MIB).await;
        let film = &files[0];
        let mut under_way = Vec::new();
        // The first is answered by the router, and the next at once.
        for _ in 0..MOST {
            let mut talk = Talk::slowly(site.host(), 8 * 1024).await;
            talk.ask(&asked(&[("range", "bytes=0-1048575"), ONE]), &film.address)
                .await;
            assert_eq!(talk.head().await.unwrap().status, 206, "{name}");
            under_way.push(talk);
        }
        // As many wait, and one more is refused.
        let mut waiting = Vec::new();
        for _ in 0..=MOST {
            let mut talk = Talk::to(site.host()).await;
            talk.ask(&asked(&[ONE]), &film.address).await;
            waiting.push(talk);
        }
        let heads = waiting.iter_mut().map(|talk| Box::pin(talk.head()));
        let (refused, at, _) = select_all(heads).await;
        assert_eq!(refused.unwrap().status, 503, "{name}");
        waiting.remove(at);
        for talk in &mut under_way {
            assert_eq!(talk.take(MIB).await, film.bytes[..MIB], "{name}");
        }
        for talk in &mut waiting {
            let answer = talk.hear("GET").await.unwrap();
            assert!(answer.body == film.bytes, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_the_last_byte_of_each_answer() {
    for (name, settings) in WAYS {
        let (site, files) = shelf((name, settings), 3 * MIB).await;
        let film = &files[0];
        for round in 0..30 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let host = listener.local_addr().unwrap().to_string();
            let (stopper, stop) = Stop::by_hand();
            let answers = router::answers(&site.app);
            let serving = tokio::spawn(serve(listener, answers, Limits::default(), stop));
            let mut talks = join_all((0..6).map(|_| Talk::to(&host))).await;
            for talk in &mut talks {
                talk.ask(&asked(&[]), &film.address).await;
                assert_eq!(talk.head().await.unwrap().status, 200);
            }
            stopper.stop();
            let bodies = talks.iter_mut().map(|talk| talk.rest(4 * MIB));
            for body in join_all(bodies).await {
                assert_eq!(body.len(), film.bytes.len(), "{name}, round {round}");
                assert!(body == film.bytes);
            }
            assert_eq!(serving.await.unwrap(), Drained { streams_cut: 0 });
        }
    }
}
