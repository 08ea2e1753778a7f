//! Sends pieces of files from the kernel's own memory to a connection. In: the slices that hyper wants to write, of which some stand
//! in for pieces ([`crate::zero_copy`]). Out: how many of their bytes the kernel took.
//!
//! Before a piece is sent, and again when its reader was not ready for it, the file is asked whether its bytes are still those that
//! were opened, and whether they are in memory: sendfile(2) would make this thread, and everybody else on it, wait for the disk.
//! What is not there is read by another thread first.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::Interest;
use tokio::net::TcpStream;

use crate::zero_copy::{Piece, Pieces, stands_in};

/// What sends the pieces of one connection.
#[derive(Default)]
pub(super) struct FileSender {
    pieces: Pieces,
    /// Bytes of the first piece that may be sent without asking its file again.
    checked_bytes: usize,
    /// Whether time has passed since the body gave it.
    has_waited: bool,
    /// What is being read, with its length.
    reading: Option<(Reading, usize)>,
}

type Reading = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Bytes that are read and then sent at a time: their reader gets them while the disk goes on with the next.
const READ_BYTES: usize = 256 * 1024;

impl FileSender {
    pub fn new(pieces: Pieces) -> Self {
        Self {
            pieces,
            ..Self::default()
        }
    }

    /// Writes what it can of slices of which the one at `first` is the first that stands in for a piece.
    pub fn poll_write(
        &mut self,
        stream: &TcpStream,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
        first: usize,
    ) -> Poll<io::Result<usize>> {
        let (before, piece) = slices.split_at(first);
        let Some(piece) = piece.first() else {
            return Poll::Ready(Ok(0));
        };
        let wanted: usize = before.iter().map(|slice| slice.len()).sum();
        let mut written = 0;
        if wanted > 0 {
            written = ready!(poll_write_more(stream, cx, before))?;
            if written < wanted {
                return Poll::Ready(Ok(written));
            }
        }
        match self.poll_send(stream, cx, piece) {
            Poll::Ready(Ok(sent)) => Poll::Ready(Ok(written + sent)),
            // What was written before it is told first; an error meets the next call as well.
            Poll::Ready(Err(_)) | Poll::Pending if written > 0 => Poll::Ready(Ok(written)),
            unsent => unsent,
        }
    }

    /// Sends what it can of the piece that a slice stands in for.
    fn poll_send(
        &mut self,
        stream: &TcpStream,
        cx: &mut Context<'_>,
        slice: &[u8],
    ) -> Poll<io::Result<usize>> {
        let piece = self.pieces.rest(slice)?;
        if self.checked_bytes == 0 {
            self.checked_bytes = ready!(self.poll_check(cx, &piece))?;
        }
        let most = piece.len_bytes.min(self.checked_bytes);
        loop {
            if stream.poll_write_ready(cx)?.is_pending() {
                // Its reader may come back in minutes.
                (self.checked_bytes, self.has_waited) = (0, true);
                return Poll::Pending;
            }
            match stream.try_io(Interest::WRITABLE, || sendfile(stream, &piece, most)) {
                // A file that has no more bytes became shorter.
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Ok(sent) => {
                    self.checked_bytes -= sent.min(self.checked_bytes);
                    if sent == piece.len_bytes {
                        self.pieces.pop();
                        (self.checked_bytes, self.has_waited) = (0, false);
                    }
                    return Poll::Ready(Ok(sent));
                }
                Err(cause) if is_for_later(&cause) => {}
                Err(cause) => return Poll::Ready(Err(cause)),
            }
        }
    }

    /// Ready when the first bytes of a piece can be sent without waiting for a disk: how many.
    fn poll_check(&mut self, cx: &mut Context<'_>, piece: &Piece) -> Poll<io::Result<usize>> {
        let (offset, len_bytes) = (piece.offset, piece.len_bytes as u64);
        if self.reading.is_none() {
            if !piece.is_checked || self.has_waited {
                piece.file.has_its_bytes()?;
            }
            if piece.file.is_in_memory(offset, len_bytes) {
                return Poll::Ready(Ok(piece.len_bytes));
            }
            let now = piece.len_bytes.min(READ_BYTES);
            let reading = Arc::clone(&piece.file).wait_for_disk(move |file| {
                file.will_need(offset, len_bytes);
                file.get_into_memory(offset, now as u64)
            });
            self.reading = Some((Box::pin(reading), now));
        }
        let Some((reading, read)) = &mut self.reading else {
            return Poll::Ready(Ok(0));
        };
        let (done, read) = (ready!(reading.as_mut().poll(cx)), *read);
        self.reading = None;
        done?;
        // That may have taken a while.
        piece.file.has_its_bytes()?;
        Poll::Ready(Ok(read))
    }
}

/// The first of the slices that stands in for a piece.
pub(super) fn first_piece(slices: &[IoSlice<'_>]) -> Option<usize> {
    slices.iter().position(|slice| stands_in(slice))
}

/// Writes slices after which more follow at once, so that the kernel puts the head of an answer and the first bytes of its file into
/// one segment (`MSG_MORE`, send(2)).
#[cfg(target_os = "linux")]
fn poll_write_more(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    slices: &[IoSlice<'_>],
) -> Poll<io::Result<usize>> {
    let socket = socket2::SockRef::from(stream);
    let flags = libc::MSG_MORE | libc::MSG_NOSIGNAL;
    loop {
        ready!(stream.poll_write_ready(cx))?;
        let write = || socket.send_vectored_with_flags(slices, flags);
        match stream.try_io(Interest::WRITABLE, write) {
            Err(cause) if is_for_later(&cause) => {}
            written => return Poll::Ready(written),
        }
    }
}

#[cfg(target_os = "linux")]
fn sendfile(stream: &TcpStream, piece: &Piece, most: usize) -> io::Result<usize> {
    let mut offset = piece.offset;
    let sent = rustix::fs::sendfile(stream, &*piece.file, Some(&mut offset), most);
    Ok(sent?)
}

/// No file says that it can be sent there.
#[cfg(not(target_os = "linux"))]
fn poll_write_more(
    _: &TcpStream,
    _: &mut Context<'_>,
    _: &[IoSlice<'_>],
) -> Poll<io::Result<usize>> {
    Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
}

#[cfg(not(target_os = "linux"))]
fn sendfile(_: &TcpStream, _: &Piece, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

fn is_for_later(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}
