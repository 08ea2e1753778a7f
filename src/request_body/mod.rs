//! The bodies of requests, within limits: how many bytes, how slowly, and how much memory all of them take together. In: the body of
//! a request. Out: its bytes, or a refusal in words.

pub mod minimum_rate;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Error, Result};
use crate::text;

/// Most bytes of a form of somebody who is not signed in: a name, a password and an address, many times over.
pub const LARGEST_OF_STRANGER: usize = 64 * 1024;

/// The time within which such a form has arrived; a person types before it is sent, not while it is.
pub const TIME_OF_STRANGER: Duration = Duration::from_secs(30);

/// Bytes of each body that are free: a flood of large ones does not keep a sign-in waiting.
const FREE: usize = 4 * 1024;

/// The memory of the other bytes, for all forms together.
const TOGETHER: usize = 64 * 1024 * 1024;

/// The steps in which that memory is handed out, in bytes.
const STEP: usize = 1024;

/// How long a form waits for the memory of others.
const PATIENCE: Duration = Duration::from_secs(10);

/// The memory that all forms share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FormMemory(Arc<Semaphore>);

impl Default for FormMemory {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(TOGETHER / STEP)))
    }
}

/// Bytes of a form, and their share of the memory, which is free again when this is dropped.
#[derive(Debug)]
pub struct Gathered {
    bytes: Vec<u8>,
    memory: FormMemory,
    share: Option<OwnedSemaphorePermit>,
}

impl FormMemory {
    /// Nothing yet.
    pub fn gather(&self) -> Gathered {
        Gathered {
            bytes: Vec::new(),
            memory: self.clone(),
            share: None,
        }
    }

    /// Reads a body of at most `most` bytes. Keep the share until the answer is made: what is made of a form is as large as the form.
    ///
    /// [`Error::Status`] when it is larger or breaks off, [`Error::Busy`] when others take all the memory.
    pub async fn read(&self, mut body: Body, most: usize) -> Result<(Bytes, Share)> {
        let mut gathered = self.gather();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|problem| broken(&problem))?.into_data() {
                if gathered.bytes.len() + data.len() > most {
                    return Err(Error::Status(413, text!("form-large")));
                }
                gathered.push(&data).await?;
            }
        }
        Ok((gathered.bytes.into(), Share(gathered.share)))
    }

    /// Reads a form of somebody who is not signed in, in whole within [`TIME_OF_STRANGER`].
    ///
    /// [`Error::Status`] when it takes longer, and as above.
    pub async fn read_of_stranger(&self, body: Body, most: usize) -> Result<(Bytes, Share)> {
        timeout(TIME_OF_STRANGER, self.read(body, most))
            .await
            .unwrap_or_else(|_| Err(Error::Status(408, text!("form-slow"))))
    }
}

/// The share of a form in the memory of all.
#[derive(Debug)]
pub struct Share(
    #[expect(dead_code, reason = "it is held, and never looked at")] Option<OwnedSemaphorePermit>,
);

impl Gathered {
    /// Adds bytes, once there is memory for them.
    ///
    /// [`Error::Busy`] when others do not leave any in time.
    pub async fn push(&mut self, data: &[u8]) -> Result<()> {
        let length = self.bytes.len() + data.len();
        let wanted = length.saturating_sub(FREE).div_ceil(STEP);
        let has = self
            .share
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        if let Ok(more) = u32::try_from(wanted.saturating_sub(has))
            && more > 0
        {
            let memory = Arc::clone(&self.memory.0);
            let more = timeout(PATIENCE, memory.acquire_many_owned(more)).await;
            let more = more.map_err(|_| Error::Busy)?.map_err(Error::internal)?;
            match &mut self.share {
                Some(share) => share.merge(more),
                None => self.share = Some(more),
            }
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the bytes out; their share of the memory stays here.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// The error for a body that broke off, or was cut because it was too slow.
pub fn broken(problem: &axum::Error) -> Error {
    match minimum_rate::is_too_slow(problem) {
        true => Error::Status(408, text!("form-slow")),
        false => Error::Status(400, text!("form-unreadable")),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_forms_together_have_so_much_memory_and_small_ones_need_none() {
        let memory = FormMemory::default();
        let mut large = memory.gather();
        large.push(&vec![0; TOGETHER]).await.unwrap();
        let mut small = memory.gather();
        small.push(&[0; FREE]).await.unwrap();
        small.push(&vec![0; FREE]).await.unwrap();
        let refused = small.push(&[0; 1]).await;
        assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
        // What others give back is waited for.
        let mut waits = small.push(&[0; 1]).boxed();
        assert!((&mut waits).now_or_never().is_none());
        drop(large);
        waits.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_is_as_long_as_it_may_be_and_whole_in_time() {
        let memory = FormMemory::default();
        let (bytes, share) = memory.read(Body::from(vec![1; 9000]), 9000).await.unwrap();
        assert_eq!(bytes.len(), 9000);
        assert_eq!(memory.0.available_permits(), TOGETHER / STEP - 5);
        drop(share);
        assert_eq!(memory.0.available_permits(), TOGETHER / STEP);
        let refused = memory.read(Body::from(vec![1; 9001]), 9000).await;
        assert!(matches!(refused, Err(Error::Status(413, _))), "{refused:?}");
        let never =
            Body::from_stream(futures_util::stream::pending::<Result<Bytes, axum::Error>>());
        let refused = memory.read_of_stranger(never, 9000).await;
        assert!(matches!(refused, Err(Error::Status(408, _))), "{refused:?}");
    }
}
