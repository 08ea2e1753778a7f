//! Middleware that makes an answer whole before its first byte is sent, so that a slow reader holds little. In: an answer that is
//! compressed while it is read. Out: the same bytes with their length, in memory that equal answers share.
//!
//! A reader who takes one byte a second would otherwise hold the state of the compression (300 kB) and a page of its own for as long
//! as that takes; thousands of them hold one page (`cargo bench --bench abuse -- page`).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::{Error, Result};

/// Bytes of the largest answer that is not streamed: a transcript of hours takes 2 MB, captions at most 8 MB.
const LARGEST: usize = 32 * 1024 * 1024;

/// Exports are written while they are read.
const STREAMED: &[u8] = b"text/csv";

/// Answers under way that are remembered, and the bytes from which one is worth it.
const MOST: usize = 4096;
const WORTH_IT: usize = 4 * 1024;

/// Middleware that sends an answer only when it is whole.
pub async fn answers(request: Request, next: Next) -> Result<Response> {
    let has_body = *request.method() != Method::HEAD;
    let response = next.run(request).await;
    let media_type = response.headers().get(CONTENT_TYPE);
    let is_streamed = media_type.is_some_and(|it| it.as_bytes().starts_with(STREAMED));
    if !has_body || is_streamed || response.body().is_end_stream() {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await.map_err(Error::internal)?;
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Ok(Response::from_parts(parts, Body::from(shared(bytes))))
}

/// The bytes of an answer, for as long as somebody reads them.
struct Kept(Arc<Bytes>);

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

type Answers = HashMap<[u8; 32], Weak<Bytes>>;

/// What is being sent at the moment, by its BLAKE3 hash.
static SENT: LazyLock<Mutex<Answers>> = LazyLock::new(Mutex::default);

/// The same bytes, in the memory of an equal answer when one is being sent.
fn shared(bytes: Bytes) -> Bytes {
    if bytes.len() < WORTH_IT {
        return bytes;
    }
    let hash = *blake3::hash(&bytes).as_bytes();
    let mut sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = sent.get(&hash).and_then(Weak::upgrade) {
        return Bytes::from_owner(Kept(known));
    }
    if sent.len() >= MOST {
        sent.retain(|_, answer| answer.strong_count() > 0);
    }
    if sent.len() >= MOST {
        return bytes;
    }
    let kept = Arc::new(bytes);
    sent.insert(hash, Arc::downgrade(&kept));
    Bytes::from_owner(Kept(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_answers_under_way_share_their_memory_and_none_is_kept_afterwards() {
        let page = || Bytes::from(vec![b'a'; 2 * WORTH_IT]);
        let (one, other) = (shared(page()), shared(page()));
        assert_eq!(one, page());
        assert_eq!(one.as_ptr(), other.as_ptr());
        assert_ne!(
            shared(Bytes::from(vec![b'b'; 2 * WORTH_IT])).as_ptr(),
            one.as_ptr()
        );
        let hash = *blake3::hash(&one).as_bytes();
        drop(one);
        let kept = || SENT.lock().unwrap()[&hash].strong_count();
        assert_eq!(kept(), 1);
        drop(other);
        assert_eq!(kept(), 0);
    }
}
