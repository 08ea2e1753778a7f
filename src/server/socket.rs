//! The wrapped TCP socket between the kernel and hyper. Inwards it is the gate: only heads that [`head::judge`] let pass
//! reach hyper, one whole head at a time. Outwards hyper's slices pass unchanged, which is where a body can leave by
//! other ways than a copy: `poll_write_vectored` sees the very slices the handler gave. Both ways it notes what moves.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::head::{self, End, Flaw, Framing, HEAD_LIMIT, Scan};
use super::idle_timer::IdleTimer;

/// What hyper is given in place of a refused head. hyper answers it with 400 and closes, in its turn behind the answers
/// still under way.
const NO_HEAD: &[u8] = b"\0";

/// An accepted connection.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    idle_timer: Arc<IdleTimer>,
    /// Bytes that came and were not given to hyper yet: a head that is not whole, or what came behind it. At most a head
    /// and one more read of the same size; given back to the allocator as soon as it is empty.
    held: BytesMut,
    scan: Scan,
    /// So many bytes may go to hyper unseen: the rest of a judged head and its body.
    allowed: u64,
    /// Nothing more is read: the last head was refused.
    closed: bool,
}

impl Socket {
    /// Takes over an accepted stream, with TCP_NODELAY. Without it the kernel holds back the last short segment of an
    /// answer until the visitor has acknowledged the one before, which the visitor delays by 40 ms: measured 330 instead
    /// of 23,900 ranges a second.
    pub fn new(stream: TcpStream, idle_timer: Arc<IdleTimer>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            idle_timer,
            held: BytesMut::new(),
            scan: Scan::default(),
            allowed: 0,
            closed: false,
        })
    }

    /// Whether small segments leave at once.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.stream.nodelay()
    }

    /// Gives hyper bytes that are already judged, held ones first.
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

    /// Reads at most `most` bytes and says how many came.
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

    /// Judges what is held. False when more has to come before there is anything to judge.
    fn judge_held(&mut self) -> bool {
        match self.scan.end(&self.held) {
            // RFC 9112 §2.2: an empty line before a request line is passed over. It is no head, so it buys no time.
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
                // hyper has the same limit and finds it reached by the same bytes: it answers 431.
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
            // The last request of its connection, so everything that comes is its body.
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

    /// Takes more bytes of a head into `held`, with the free part of hyper's own buffer as the place to read into.
    /// Returns how many came; 0 is the end of what the visitor sends.
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
        self.idle_timer
            .sending(matches!(written, Poll::Ready(Ok(n)) if n > 0));
        written
    }

    /// True, so that hyper queues the handlers' slices as they are instead of copying them into one buffer.
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
