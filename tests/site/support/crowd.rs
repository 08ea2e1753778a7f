//! A hundred visitors who ask for one recording without a pause, each on a connection of its own, as players do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::rfc9110::Asked;
use super::talk::{Heard, Talk};

const VISITORS: usize = 100;

/// Requests of each visitor that begin after what they waited for.
const AFTER: usize = 3;

/// Real seconds after which a story in which somebody waits for ever has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Crowd {
    is_over: Arc<AtomicBool>,
    visitors: Vec<JoinHandle<Vec<Heard>>>,
}

/// What one of them asks for: a part, its head, whether what it has is current, or all of it.
fn request(number: usize, address: &str) -> Asked {
    let etag = format!("\"{}\"", address.split('/').nth(3).unwrap());
    let range = |text: &str| ("range", format!("bytes={text}").into_bytes());
    let (method, lines) = match number % 6 {
        0 => ("GET", vec![range("0-1")]),
        1 => (
            "GET",
            vec![range("1000-30000"), ("if-range", etag.into_bytes())],
        ),
        2 => ("GET", vec![range("5-9,-7")]),
        3 => ("HEAD", Vec::new()),
        4 => ("GET", vec![("if-none-match", etag.into_bytes())]),
        _ => ("GET", Vec::new()),
    };
    Asked { method, lines }
}

impl Crowd {
    /// Comes once each of them had an answer with this status, or one that means the same to what it asks.
    pub async fn gather(host: &str, address: &str, statuses: &'static [u16]) -> Self {
        let is_over = Arc::<AtomicBool>::default();
        let answered = Arc::new(Semaphore::new(0));
        let visitors = (0..VISITORS).map(|number| {
            let (is_over, answered) = (Arc::clone(&is_over), Arc::clone(&answered));
            let (host, address) = (host.to_owned(), address.to_owned());
            let asked = request(number, &address);
            tokio::spawn(async move {
                let mut talk = Talk::to(&host).await;
                let (mut before, mut after) = (0, Vec::new());
                while after.len() < AFTER {
                    let begins_after = is_over.load(Ordering::SeqCst);
                    talk.ask(&asked, &address).await;
                    let Some(heard) = talk.hear(asked.method).await else {
                        // An answer under way ends with a file that is changed in place.
                        assert!(!begins_after, "{asked:?} is not answered");
                        talk = Talk::to(&host).await;
                        continue;
                    };
                    if begins_after {
                        after.push(heard);
                    } else if before == 0 {
                        assert!(statuses.contains(&heard.status), "{}", heard.head);
                        answered.add_permits(1);
                        before += 1;
                    }
                }
                after
            })
        });
        let visitors = visitors.collect();
        let all = answered.acquire_many(u32::try_from(VISITORS).unwrap());
        let all = timeout(PATIENCE, all).await;
        all.expect("a visitor gets no answer").unwrap().forget();
        Self { is_over, visitors }
    }

    /// From now on what they ask counts. Answers what was answered to requests that began later.
    pub async fn after(self) -> Vec<Heard> {
        self.is_over.store(true, Ordering::SeqCst);
        let heard = timeout(PATIENCE, join_all(self.visitors)).await;
        let heard = heard.expect("a visitor gets no answer").into_iter();
        let heard: Vec<Heard> = heard.flat_map(Result::unwrap).collect();
        assert_eq!(heard.len(), VISITORS * AFTER);
        heard
    }
}
