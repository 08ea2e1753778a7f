//! Who asks a server: so many connections at once, as fast as they are answered or at the pace of a player. One thread; what
//! arrives is thrown away in the kernel, so that this side costs little beside the server that is measured.

use std::cell::RefCell;
use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until};

use crate::measured::{Latency, Measured};
use crate::servers::Server;

/// A request as it goes over the wire, and the answer that is right.
#[derive(Clone)]
pub struct Request {
    pub bytes: Vec<u8>,
    /// The status, or how it begins.
    pub status: &'static str,
    /// Bytes of the body; `None` where only the answer says it.
    pub body: Option<u64>,
}

impl Request {
    /// `first`: the first of `length` bytes.
    pub fn range(path: &str, first: u64, length: u64) -> Self {
        let last = first + length - 1;
        Self {
            bytes: head(path, &format!("Range: bytes={first}-{last}\r\n")),
            status: "206",
            body: Some(length),
        }
    }

    pub fn whole(path: &str, length: u64) -> Self {
        Self {
            bytes: head(path, ""),
            status: "200",
            body: Some(length),
        }
    }

    /// `etag`: of what the client has already.
    pub fn unchanged(path: &str, etag: &str) -> Self {
        Self {
            bytes: head(path, &format!("If-None-Match: {etag}\r\n")),
            status: "304",
            body: Some(0),
        }
    }
}

/// What a browser would send beside it is left out, for all servers alike.
pub fn head(path: &str, lines: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{lines}\r\n").into_bytes()
}

/// Most bytes of a head.
const HEAD: usize = 2048;
/// Most bytes thrown away with one call.
const BIN: usize = 4 << 20;

thread_local! {
    /// Nothing is ever written here (MSG_TRUNC), so that it takes no memory.
    static THROWN_AWAY: RefCell<Box<[MaybeUninit<u8>]>> = RefCell::new(Box::new_uninit_slice(BIN));
}

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    start: Box<[u8; HEAD]>,
}

impl Connection {
    pub async fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream))
    }

    pub fn over(stream: TcpStream) -> Self {
        Self {
            stream,
            start: Box::new([0; HEAD]),
        }
    }

    /// Sends a request and takes its answer. Returns the bytes of the body.
    pub async fn exchange(&mut self, request: &Request) -> io::Result<u64> {
        self.send(&request.bytes).await?;
        self.answer(request).await
    }

    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    async fn answer(&mut self, request: &Request) -> io::Result<u64> {
        let (body, left) = self.begin(request).await?;
        self.throw_away(left).await?;
        Ok(body)
    }

    /// Takes the head of the next answer. Returns the bytes of its body, and how many of them are still to come.
    pub async fn begin(&mut self, request: &Request) -> io::Result<(u64, u64)> {
        let mut have = 0;
        let length = loop {
            let read = self.stream.read(&mut self.start[have..]).await?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            have += read;
            if let Some(length) = head_length(&self.start[..have], request.body) {
                break length;
            }
            if have == HEAD {
                return Err(io::Error::other("a head that is too long"));
            }
        };
        let head = &self.start[..length];
        let status = head.get(9..).unwrap_or_default();
        if !status.starts_with(request.status.as_bytes()) {
            let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line);
            return Err(io::Error::other(line.into_owned()));
        }
        let begun = (have - length) as u64;
        let body = match request.body {
            // What came in one piece needs no reading of its fields.
            Some(body) if body == begun => body,
            expected => {
                let said = content_length(head).ok_or_else(|| io::Error::other("no length"))?;
                if expected.is_some_and(|expected| expected != said) {
                    return Err(io::Error::other("another length"));
                }
                said
            }
        };
        let left = body.checked_sub(begun);
        let left = left.ok_or_else(|| io::Error::other("more than was asked for"))?;
        Ok((body, left))
    }

    pub async fn throw_away(&self, mut left: u64) -> io::Result<()> {
        while left > 0 {
            self.stream.readable().await?;
            let thrown = self.stream.try_io(Interest::READABLE, || {
                THROWN_AWAY.with_borrow_mut(|bin| {
                    let most = usize::try_from(left).map_or(BIN, |left| left.min(BIN));
                    SockRef::from(&self.stream).recv_with_flags(&mut bin[..most], libc::MSG_TRUNC)
                })
            });
            match thrown {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => left -= bytes as u64,
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(())
    }
}

const END: &[u8] = b"\r\n\r\n";

/// Bytes of the head, once it is whole. `body`: what is expected behind it; looked at first, because small answers come in one piece.
fn head_length(start: &[u8], body: Option<u64>) -> Option<usize> {
    let body = body.and_then(|body| usize::try_from(body).ok());
    let guessed = body.and_then(|body| start.len().checked_sub(body));
    if let Some(length) = guessed
        && start[..length].ends_with(END)
    {
        return Some(length);
    }
    let found = start.windows(END.len()).position(|four| four == END);
    found.map(|place| place + END.len())
}

fn content_length(head: &[u8]) -> Option<u64> {
    let head = std::str::from_utf8(head).ok()?;
    head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().ok())?
    })
}

/// xorshift64: good enough to choose a place.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % most.max(1)
    }
}

/// So many connections that ask for one of the requests again and again.
pub struct Load {
    pub port: u16,
    pub connections: usize,
    pub requests: Vec<Request>,
    /// Time between two requests of a viewer; `None`: the next one at once.
    pub pace: Option<Duration>,
}

/// What is counted while it is measured.
#[derive(Default)]
struct Tally {
    micros: Vec<u32>,
    bytes: u64,
    errors: u64,
    late: u64,
}

struct Running {
    load: Load,
    answered_once: AtomicUsize,
    is_measuring: AtomicBool,
    tally: Mutex<Tally>,
}

/// Time within which viewers who ask seldom arrive.
const ARRIVING: Duration = Duration::from_secs(2);
/// Time that all connections get for their first answer.
const FIRST_ANSWERS: Duration = Duration::from_secs(10);

impl Load {
    /// `warm`: time before it is measured, after the first answer of each connection.
    pub fn measure(self, server: &Server, warm: Duration, time: Duration) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime");
        let running = Arc::new(Running {
            load: self,
            answered_once: AtomicUsize::new(0),
            is_measuring: AtomicBool::new(false),
            tally: Mutex::default(),
        });
        runtime.block_on(running.run(server, warm, time))
    }
}

impl Running {
    async fn run(self: &Arc<Self>, server: &Server, warm: Duration, time: Duration) -> Measured {
        let began = Instant::now();
        for number in 0..self.load.connections {
            let one = Arc::clone(self);
            tokio::spawn(async move { one.attend(number).await });
        }
        let everybody = self.load.connections;
        while self.answered_once.load(Ordering::Relaxed) < everybody
            && began.elapsed() < FIRST_ANSWERS
        {
            sleep(Duration::from_millis(5)).await;
        }
        let answered = self.answered_once.load(Ordering::Relaxed);
        if answered < everybody {
            println!("    only {answered} of {everybody} connections had an answer in time");
        }
        sleep(warm).await;
        let cpu = server.cpu();
        let start = Instant::now();
        self.is_measuring.store(true, Ordering::Relaxed);
        let mut memory_kib = 0;
        for _ in 0..4 {
            sleep(time / 4).await;
            memory_kib = memory_kib.max(server.memory_kib());
        }
        self.is_measuring.store(false, Ordering::Relaxed);
        let seconds = start.elapsed().as_secs_f64();
        let cpu = server.cpu() - cpu;
        let mut tally = std::mem::take(&mut *self.tally.lock().expect("the tally"));
        Measured {
            requests: tally.micros.len() as u64,
            bytes: tally.bytes,
            seconds,
            cpu,
            latency: Latency::of(&mut tally.micros),
            errors: tally.errors,
            late: tally.late,
            memory_kib: memory_kib.saturating_sub(server.rest_kib),
            viewers: self.load.connections as u64,
        }
    }

    /// One connection, as long as the runtime lives.
    async fn attend(&self, number: usize) {
        let Load {
            port,
            connections,
            requests,
            pace,
        } = &self.load;
        let mut random = Random::new(number as u64);
        let mut place = random.below(requests.len());
        let spread = pace.unwrap_or_default().min(ARRIVING);
        let share = number as f64 / *connections as f64;
        let mut due = Instant::now() + spread.mul_f64(share);
        let mut kept = None;
        let mut is_first = true;
        loop {
            match pace {
                Some(pace) => {
                    self.wait(&mut due, *pace).await;
                    place = (place + 1) % requests.len();
                }
                None => place = random.below(requests.len()),
            }
            let began = Instant::now();
            let answered = self.ask(&mut kept, *port, &requests[place]).await;
            if answered.is_err() {
                kept = None;
            }
            self.count(answered, began.elapsed());
            if std::mem::take(&mut is_first) {
                self.answered_once.fetch_add(1, Ordering::Relaxed);
            }
            if kept.is_none() {
                sleep(Duration::from_millis(10)).await;
            }
        }
    }

    async fn ask(
        &self,
        kept: &mut Option<Connection>,
        port: u16,
        request: &Request,
    ) -> io::Result<u64> {
        let connection = match kept {
            Some(connection) => connection,
            None => kept.insert(Connection::open(port).await?),
        };
        connection.exchange(request).await
    }

    /// Waits until the next request is due.
    async fn wait(&self, due: &mut Instant, pace: Duration) {
        let now = Instant::now();
        if now > *due + pace {
            *due = now;
            if self.is_measuring.load(Ordering::Relaxed) {
                self.tally.lock().expect("the tally").late += 1;
            }
        }
        sleep_until(*due).await;
        *due += pace;
    }

    fn count(&self, answered: io::Result<u64>, took: Duration) {
        if !self.is_measuring.load(Ordering::Relaxed) {
            return;
        }
        let mut tally = self.tally.lock().expect("the tally");
        match answered {
            Ok(bytes) => {
                let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
                tally.micros.push(micros);
                tally.bytes += bytes;
            }
            Err(cause) => {
                if tally.errors == 0 {
                    println!("    port {}: {cause}", self.load.port);
                }
                tally.errors += 1;
            }
        }
    }
}
