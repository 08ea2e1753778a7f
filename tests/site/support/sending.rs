//! Senders who go on with whichever program answers, keeping a journal of what was acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::Method;
use tokio::task::JoinHandle;

use super::{Client, clips};

/// Bytes of a piece: small, so that a kill falls into many of them.
const PIECE: usize = 3 * 1024 * 1024;
/// Uploads at the same time.
pub const PARALLEL: usize = 3;

/// A recording of some megabytes that differs from every other.
pub fn recording(number: usize) -> Vec<u8> {
    clips::padded(number as u64, 20 * 1024 * 1024 + number)
}

/// What the sender knows: written before the next request goes out.
#[derive(Default)]
pub struct Journal {
    pub upload: Option<String>,
    pub acknowledged: usize,
}

/// What all senders share.
#[derive(Clone)]
pub struct Senders {
    client: Client,
    /// Host and port of the program that answers now.
    pub host: Arc<Mutex<String>>,
    /// What was acknowledged and is not there any more.
    pub lost: Arc<Mutex<Vec<String>>>,
    /// Nobody will answer any more.
    pub over: Arc<AtomicBool>,
}

/// One of them, at work.
pub struct Sender {
    pub task: JoinHandle<()>,
    pub journal: Arc<Mutex<Journal>>,
}

impl Senders {
    pub fn new(client: Client) -> Self {
        let host = Arc::new(Mutex::new(client.host().to_owned()));
        Self {
            client,
            host,
            lost: Arc::default(),
            over: Arc::default(),
        }
    }

    /// Lets one of them send the recording of this number.
    pub fn begin(&self, number: usize) -> Sender {
        let journal = Arc::<Mutex<Journal>>::default();
        let (senders, kept) = (self.clone(), Arc::clone(&journal));
        let task = tokio::spawn(async move { senders.send(number, &kept).await });
        Sender { task, journal }
    }

    /// Sends one recording until it is whole, over however many programs, or until it is over.
    async fn send(&self, number: usize, journal: &Mutex<Journal>) {
        let bytes = recording(number);
        let name = format!("{number:02}-opname.mp4");
        while !self.over.load(Ordering::Relaxed) {
            let host = self.host.lock().unwrap().clone();
            let client = self.client.at(&host);
            let upload = journal.lock().unwrap().upload.clone();
            let Some(upload) = upload else {
                let announcing = client.announcing(bytes.len(), &[("filename", &name)]);
                let made = client.attempt(announcing).await;
                let made = made.map(|answer| answer.is(201).location().to_owned());
                journal.lock().unwrap().upload = made;
                continue;
            };
            let Some(answer) = client.attempt(client.tus(Method::HEAD, &upload)).await else {
                continue;
            };
            let at = answer.is(200).offset();
            let acknowledged = journal.lock().unwrap().acknowledged;
            if at < acknowledged {
                let line = format!("{name}: {acknowledged} was acknowledged, {at} is there");
                self.lost.lock().unwrap().push(line);
            }
            journal.lock().unwrap().acknowledged = at;
            if at == bytes.len() {
                return;
            }
            let end = (at + PIECE).min(bytes.len());
            let piece = client.sending(&upload, at, bytes[at..end].to_vec());
            if let Some(answer) = client.attempt(piece).await
                && answer.status == 204
            {
                journal.lock().unwrap().acknowledged = answer.offset();
            }
        }
    }
}
