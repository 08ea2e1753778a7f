//! A client of tus, one request at a time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Body, Method, RequestBuilder};

use super::wire::Visitor;
use super::{Answer, Client};

/// The type of a piece.
pub const PIECE: &str = "application/offset+octet-stream";

/// `Upload-Metadata` of these pairs.
pub fn metadata(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter();
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{key} {}", STANDARD.encode(value)))
        .collect();
    pairs.join(",")
}

impl Client {
    /// A request of tus.
    pub fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).header("tus-resumable", "1.0.0")
    }

    /// The announcement of a file.
    pub fn announcing(&self, length: usize, pairs: &[(&str, &str)]) -> RequestBuilder {
        self.tus(Method::POST, "/uploads")
            .header("upload-length", length)
            .header("upload-metadata", metadata(pairs))
    }

    /// A piece of a file.
    pub fn sending(&self, upload: &str, offset: usize, bytes: impl Into<Body>) -> RequestBuilder {
        self.tus(Method::PATCH, upload)
            .header("content-type", PIECE)
            .header("upload-offset", offset)
            .body(bytes)
    }

    /// Announces a file. Answers the address of its upload.
    pub async fn announce(&self, length: usize, pairs: &[(&str, &str)]) -> String {
        let made = self.send(self.announcing(length, pairs)).await.is(201);
        made.location().to_owned()
    }

    /// Where an upload is.
    pub async fn offset(&self, upload: &str) -> usize {
        let answer = self.send(self.tus(Method::HEAD, upload)).await.is(200);
        answer.offset()
    }

    pub async fn piece(&self, upload: &str, offset: usize, bytes: impl Into<Body>) -> Answer {
        self.send(self.sending(upload, offset, bytes)).await
    }

    /// Sends a whole file. Answers the address of its upload.
    pub async fn upload(&self, bytes: Vec<u8>, pairs: &[(&str, &str)]) -> String {
        let upload = self.announce(bytes.len(), pairs).await;
        self.piece(&upload, 0, bytes).await.is(204);
        upload
    }

    /// What became of an upload.
    pub async fn report(&self, upload: &str) -> serde_json::Value {
        self.json(&format!("{upload}?lang=nl")).await
    }

    /// Sends a piece over a connection of its own. Hears what is answered even when the piece is refused and the connection breaks
    /// under the rest of it, which the other requests take for no answer.
    pub async fn wire_piece(&self, upload: &str, offset: usize, bytes: &[u8]) -> String {
        let mut sender = self.begin(upload, offset, bytes.len(), bytes).await;
        sender.rest().await
    }

    /// A piece of which only the first bytes are sent; the connection stays open.
    pub async fn begin(&self, upload: &str, offset: usize, all: usize, first: &[u8]) -> Visitor {
        let mut visitor = Visitor::to(self.host()).await.unwrap();
        let (name, value) = self.credential().unwrap();
        let head = format!(
            "PATCH {upload} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{name}: {value}\r\nTus-Resumable: 1.0.0\r\n\
             Content-Type: {PIECE}\r\nUpload-Offset: {offset}\r\nContent-Length: {all}\r\n\r\n"
        );
        visitor.say(head).await;
        visitor.say(first).await;
        visitor
    }
}

impl Answer {
    /// How far an upload is.
    #[track_caller]
    pub fn offset(&self) -> usize {
        self.header("upload-offset").unwrap().parse().unwrap()
    }
}
