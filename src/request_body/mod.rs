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

/// The memory of the other bytes, for all forms together: of people who are not signed in, of coordinators, and of the files that
/// coordinators send, so that none of them can take that of the others.
const OF_STRANGERS: usize = 16 * 1024 * 1024;
const OF_COORDINATORS: usize = 16 * 1024 * 1024;
const OF_FILES: usize = 64 * 1024 * 1024;

/// The steps in which that memory is handed out, in bytes.
const STEP: usize = 1024;

/// How long a form waits for the memory of others.
const PATIENCE: Duration = Duration::from_secs(10);

/// The memory that all forms share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FormMemory {
    strangers: Arc<Semaphore>,
    coordinators: Arc<Semaphore>,
    files: Arc<Semaphore>,
}

impl Default for FormMemory {
    fn default() -> Self {
        let of = |bytes: usize| Arc::new(Semaphore::new(bytes / STEP));
        Self {
            strangers: of(OF_STRANGERS),
            coordinators: of(OF_COORDINATORS),
            files: of(OF_FILES),
        }
    }
}

/// Bytes of a form, and their share of the memory, which is free again when this is dropped.
#[derive(Debug)]
pub struct Gathered {
    bytes: Vec<u8>,
    memory: Arc<Semaphore>,
    share: Option<OwnedSemaphorePermit>,
}

impl FormMemory {
    /// A file in the form of a coordinator; nothing yet.
    pub fn gather_file(&self) -> Gathered {
        Gathered::within(&self.files)
    }

    /// Reads a body of at most `most` bytes. Keep the share until the answer is made: what is made of a form is as large as the form.
    ///
    /// [`Error::Status`] when it is larger or breaks off, [`Error::Busy`] when others take all the memory.
    pub async fn read(&self, body: Body, most: usize) -> Result<(Bytes, Share)> {
        Gathered::within(&self.coordinators)
            .all_of(body, most)
            .await
    }

    /// Reads a form of somebody who is not signed in, in whole within [`TIME_OF_STRANGER`].
    ///
    /// [`Error::Status`] when it takes longer, and as above.
    pub async fn read_of_stranger(&self, body: Body, most: usize) -> Result<(Bytes, Share)> {
        timeout(
            TIME_OF_STRANGER,
            Gathered::within(&self.strangers).all_of(body, most),
        )
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
    fn within(memory: &Arc<Semaphore>) -> Self {
        Self {
            bytes: Vec::new(),
            memory: Arc::clone(memory),
            share: None,
        }
    }

    async fn all_of(mut self, mut body: Body, most: usize) -> Result<(Bytes, Share)> {
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|problem| broken(&problem))?.into_data() {
                if self.bytes.len() + data.len() > most {
                    return Err(Error::Status(413, text!("form-large")));
                }
                self.push(&data).await?;
            }
        }
        Ok((self.bytes.into(), Share(self.share)))
    }

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
            let memory = Arc::clone(&self.memory);
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
        let mut large = memory.gather_file();
        large.push(&vec![0; OF_FILES]).await.unwrap();
        let mut small = memory.gather_file();
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
    async fn strangers_and_files_leave_the_forms_of_coordinators_their_memory() {
        let memory = FormMemory::default();
        let mut strangers = Gathered::within(&memory.strangers);
        strangers.push(&vec![0; OF_STRANGERS + FREE]).await.unwrap();
        let mut file = memory.gather_file();
        file.push(&vec![0; OF_FILES]).await.unwrap();
        let large = || Body::from(vec![0; 1024 * 1024]);
        let refused = memory.read_of_stranger(large(), usize::MAX).await;
        assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
        assert!(memory.read(large(), usize::MAX).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_is_as_long_as_it_may_be_and_whole_in_time() {
        let memory = FormMemory::default();
        let free = || memory.coordinators.available_permits();
        let (bytes, share) = memory.read(Body::from(vec![1; 9000]), 9000).await.unwrap();
        assert_eq!(bytes.len(), 9000);
        assert_eq!(free(), OF_COORDINATORS / STEP - 5);
        drop(share);
        assert_eq!(free(), OF_COORDINATORS / STEP);
        let refused = memory.read(Body::from(vec![1; 9001]), 9000).await;
        assert!(matches!(refused, Err(Error::Status(413, _))), "{refused:?}");
        let never =
            Body::from_stream(futures_util::stream::pending::<Result<Bytes, axum::Error>>());
        let refused = memory.read_of_stranger(never, 9000).await;
        assert!(matches!(refused, Err(Error::Status(408, _))), "{refused:?}");
    }
}
