//! The TCP socket between the kernel and hyper. Incoming bytes pass the gate: only heads that [`head::judge`] accepts reach hyper,
//! one complete head at a time. Outgoing slices pass unchanged, so that a body can be sent without a copy: `poll_write_vectored`
//! gets the very slices of the handler. Activity in both directions is recorded.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::head::{self, End, Flaw, Framing, HEAD_LIMIT, Scan};
use super::idle_timer::IdleTimer;
use super::outbox::Outbox;

/// The bytes that hyper gets instead of a refused head. hyper answers them with 400 and closes the connection, after the answers
/// under way.
const NO_HEAD: &[u8] = b"\0";

/// Bytes that the kernel keeps of what was not sent yet (tcp(7), TCP_NOTSENT_LOWAT); what is under way is not counted, so that distant
/// readers are as fast as before. Without it the kernel took 2.7 MB for each reader that takes nothing, and a small machine has no more
/// than 100 MB for all connections.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 * 1024;

/// An accepted connection.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    idle_timer: Arc<IdleTimer>,
    outbox: Arc<Outbox>,
    /// Received bytes that hyper has not got yet: an incomplete head, or the bytes after a head. At most one head and one more read
    /// of the same size; freed as soon as it is empty.
    held: BytesMut,
    scan: Scan,
    /// Number of bytes that may go to hyper without judgement: the rest of an accepted head and its body.
    allowed: u64,
    /// Whether reading has ended, because the last head was refused.
    closed: bool,
}

impl Socket {
    /// Wraps an accepted stream and sets TCP_NODELAY. Without it the kernel delays the last short segment of an answer until the
    /// visitor acknowledges the previous one, up to 40 ms later: measured 330 instead of 23,900 ranges per second.
    pub fn new(
        stream: TcpStream,
        idle_timer: Arc<IdleTimer>,
        outbox: Arc<Outbox>,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        #[cfg(target_os = "linux")]
        socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT)?;
        Ok(Self {
            stream,
            idle_timer,
            outbox,
            held: BytesMut::new(),
            scan: Scan::default(),
            allowed: 0,
            closed: false,
        })
    }

    /// Whether small segments are sent at once.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.stream.nodelay()
    }

    /// Gives hyper bytes that were accepted, buffered ones first.
    fn poll_pass(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let most = usize::try_from(self.allowed).unwrap_or(usize::MAX);
        let passed = if self.held.is_empty() {
            let read = ready!(self.poll_receive(cx, out, most))?;
            self.idle_timer.read();
            read
        } else {
            let n = most.min(self.held.len()).min(out.remaining());
            out.put_slice(&self.held.split_to(n));
            if self.held.is_empty() {
                self.held = BytesMut::new();
            }
            n
        };
        self.allowed = self
            .allowed
            .saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
        Poll::Ready(Ok(()))
    }

    /// Reads at most `most` bytes and returns how many.
    fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
        most: usize,
    ) -> Poll<io::Result<usize>> {
        let before = out.filled().len();
        if out.remaining() <= most {
            ready!(Pin::new(&mut self.stream).poll_read(cx, out))?;
            return Poll::Ready(Ok(out.filled().len() - before));
        }
        let mut part = ReadBuf::new(out.initialize_unfilled_to(most));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        out.advance(read);
        Poll::Ready(Ok(read))
    }

    /// Judges the buffered bytes. False when more bytes are needed.
    fn judge_held(&mut self) -> bool {
        match self.scan.end(&self.held) {
            // RFC 9112 §2.2: an empty line before a request line is ignored. It is no head, so it does not extend the deadline.
            End::After(2) => {
                self.held.advance(2);
                self.scan = Scan::default();
            }
            End::After(length) => {
                self.scan = Scan::default();
                match head::judge(self.held.get(..length).unwrap_or_default()) {
                    Ok(framing) => self.admit(length, framing),
                    Err(flaw) => self.refuse(flaw),
                }
            }
            End::BareLf => self.refuse(Flaw::BareLf),
            End::NotYet if self.held.len() >= HEAD_LIMIT => {
                // hyper has the same limit and reaches it with the same bytes: it answers 431.
                self.allowed = u64::try_from(self.held.len()).unwrap_or(u64::MAX);
                self.closed = true;
            }
            End::NotYet => {
                if !self.held.is_empty() {
                    self.idle_timer.head_arrives();
                }
                return false;
            }
        }
        true
    }

    fn admit(&mut self, head: usize, framing: Framing) {
        let head = u64::try_from(head).unwrap_or(u64::MAX);
        self.allowed = match framing {
            Framing::Bytes(length) => head.saturating_add(length),
            // This is the last request of the connection, so all following bytes are its body.
            Framing::Chunked => u64::MAX,
        };
        self.idle_timer.exchange_begins();
    }

    fn refuse(&mut self, flaw: Flaw) {
        tracing::debug!(?flaw, "refused a request head");
        self.held = BytesMut::from(NO_HEAD);
        self.allowed = 1;
        self.closed = true;
    }

    /// Reads more bytes of a head into `held`, using the free part of hyper's buffer. Returns how many; 0 is the end of the stream.
    fn poll_head(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<usize>> {
        let before = out.filled().len();
        let read = ready!(self.poll_receive(cx, out, HEAD_LIMIT))?;
        self.held
            .extend_from_slice(out.filled().get(before..).unwrap_or_default());
        out.set_filled(before);
        Poll::Ready(Ok(read))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.allowed > 0 {
                return self.poll_pass(cx, out);
            }
            if self.closed {
                return Poll::Ready(Ok(()));
            }
            if !self.judge_held() && ready!(self.poll_head(cx, out))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
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
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        let taken = match written {
            Poll::Ready(Ok(taken)) => taken,
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        self.idle_timer.sending(taken > 0);
        self.outbox.take(taken);
        written
    }

    /// True, so that hyper queues the slices of handlers unchanged instead of copying them into one buffer.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.idle_timer.sent();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
