//! The TCP socket between the kernel and hyper. Bytes pass unchanged, except that a piece of a file leaves for what stands in for it,
//! and their activity is recorded. Slices are
//! not gathered, so that a body can be sent without a copy: `poll_write_vectored` gets the very slices of the handler.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::idle_timer::IdleTimer;
use super::outbox::Outbox;
use super::send::{FileSender, first_piece};
use crate::zero_copy::Pieces;

/// Bytes that the kernel keeps of what was not sent yet (tcp(7), TCP_NOTSENT_LOWAT); what is under way is not counted, so that distant
/// readers are as fast as before. Without it the kernel took 2.7 MB for each reader that takes nothing, and a small machine has no more
/// than 100 MB for all connections.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 * 1024;

/// Bytes after which a connection whose reader is fast lets the others of its thread go first.
const TURN: usize = 1024 * 1024;

/// Bytes read at a time of what can only be heads.
const HEADS: usize = 4 * 1024;

/// Bytes taken at a time of what nobody reads.
const UNREAD: usize = 16 * 1024;

/// An accepted connection.
pub struct Socket {
    stream: TcpStream,
    idle_timer: Arc<IdleTimer>,
    outbox: Arc<Outbox>,
    pieces: Pieces,
    files: FileSender,
    /// Bytes that the kernel took since the connection last waited for anything.
    turn: usize,
    /// Whether the answers have ended.
    is_shut: bool,
}

impl Socket {
    /// Wraps an accepted stream and sets TCP_NODELAY. Without it the kernel delays the last short segment of an answer until the
    /// visitor acknowledges the previous one, up to 40 ms later: measured 330 instead of 23,900 ranges per second.
    pub fn new(
        stream: TcpStream,
        idle_timer: Arc<IdleTimer>,
        outbox: Arc<Outbox>,
        pieces: Pieces,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        #[cfg(target_os = "linux")]
        socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT)?;
        Ok(Self {
            stream,
            idle_timer,
            outbox,
            files: FileSender::new(pieces.clone()),
            pieces,
            turn: 0,
            is_shut: false,
        })
    }

    /// Whether the visitor has closed its side. hyper would find out by reading, and for that keeps a second buffer of 8 KiB for each
    /// request under way; the kernel says so together with what it says anyway.
    fn visitor_left(&self, cx: &mut Context<'_>) -> bool {
        match self.stream.poll_read_ready(cx) {
            Poll::Pending => false,
            Poll::Ready(Err(_)) => true,
            Poll::Ready(Ok(())) => (self.stream.ready(Interest::READABLE).now_or_never())
                .is_some_and(|state| state.is_ok_and(|state| state.is_read_closed())),
        }
    }

    /// Reads what can only be heads, in small pieces: hyper doubles its buffer whenever a read fills it, up to 400 kB, and keeps it
    /// while the connection is idle. Thousands of short requests sent at once would choose its size.
    fn poll_head(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut room = [MaybeUninit::uninit(); HEADS];
        let mut room = ReadBuf::uninit(&mut room[..out.remaining().min(HEADS)]);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut room))?;
        out.put_slice(room.filled());
        Poll::Ready(Ok(()))
    }

    /// Whether small segments are sent at once.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.stream.nodelay()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = out.filled().len();
        let polled = match self.idle_timer.has_unread_body() {
            true => Pin::new(&mut self.stream).poll_read(cx, out),
            false => self.poll_head(cx, out),
        };
        if polled.is_pending() {
            self.turn = 0;
        }
        ready!(polled)?;
        let read = out.filled().get(before..).unwrap_or_default();
        if !read.is_empty() {
            self.idle_timer.read(read);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.turn >= TURN {
            this.turn = 0;
            this.idle_timer.sending(false);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let written = match first_piece(slices) {
            Some(first) => this.files.poll_write(&this.stream, cx, slices, first),
            None => Pin::new(&mut this.stream).poll_write_vectored(cx, slices),
        };
        let taken = match written {
            Poll::Ready(Ok(taken)) => taken,
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        self.turn = match written {
            Poll::Ready(_) => self.turn + taken,
            Poll::Pending => 0,
        };
        self.idle_timer.sending(taken > 0);
        self.outbox.take(taken);
        self.pieces.take(taken);
        written
    }

    /// True, so that hyper queues the slices of handlers unchanged instead of copying them into one buffer.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.idle_timer.sent();
        if self.idle_timer.only_answers() && self.visitor_left(cx) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Poll::Ready(Ok(()))
    }

    /// Ends the answers, and then takes what the visitor still sends: one whose connection is closed under it is sent a reset, which
    /// may throw away the answer before it was read (RFC 9112 §9.6). The [`IdleTimer`] bounds the time.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.is_shut = true;
        }
        if !self.idle_timer.ends() {
            return Poll::Ready(Ok(()));
        }
        loop {
            let mut room = [MaybeUninit::uninit(); UNREAD];
            let mut room = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut room))?;
            if room.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
