//! A client of tus, one request at a time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Body, Method, RequestBuilder};

use super::Answer;
use super::people::Colleague;

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

impl Colleague<'_> {
    /// A request of tus.
    pub fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.site.ask(method, path);
        request
            .header("cookie", &self.cookie)
            .header("tus-resumable", "1.0.0")
    }

    /// Announces a file. Answers the address of its upload.
    pub async fn announce(&self, length: usize, pairs: &[(&str, &str)]) -> String {
        let request = self
            .tus(Method::POST, "/uploads")
            .header("upload-length", length)
            .header("upload-metadata", metadata(pairs));
        let made = self.site.send(request).await.is(201);
        made.header("location").unwrap().to_owned()
    }

    /// Where an upload is.
    pub async fn offset(&self, upload: &str) -> usize {
        let answer = self.site.send(self.tus(Method::HEAD, upload)).await.is(200);
        answer.header("upload-offset").unwrap().parse().unwrap()
    }

    pub async fn piece(&self, upload: &str, offset: usize, bytes: impl Into<Body>) -> Answer {
        let request = self
            .tus(Method::PATCH, upload)
            .header("content-type", PIECE)
            .header("upload-offset", offset);
        self.site.send(request.body(bytes)).await
    }

    /// Sends a whole file. Answers the address of its upload.
    pub async fn upload(&self, bytes: Vec<u8>, pairs: &[(&str, &str)]) -> String {
        let upload = self.announce(bytes.len(), pairs).await;
        self.piece(&upload, 0, bytes).await.is(204);
        upload
    }

    /// What became of an upload.
    pub async fn report(&self, upload: &str) -> serde_json::Value {
        let answer = self.get(&format!("{upload}?lang=nl")).await.is(200);
        serde_json::from_str(&answer.text()).unwrap()
    }
}
