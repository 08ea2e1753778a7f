//! One connection on which somebody asks for files: requests go out one by one or several at once, and each answer is read as bytes
//! and held against the file.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};

use super::rfc9110::Form::Fixdate;
use super::rfc9110::{Asked, Expected, Known, date, expected};
use super::wire::header;

const MIB: usize = 1 << 20;

pub struct Talk {
    stream: BufReader<TcpStream>,
    host: String,
}

/// An answer, as far as it came.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub head: String,
    /// What the head announces.
    pub length: usize,
    pub body: Vec<u8>,
}

impl Talk {
    pub async fn to(host: &str) -> Self {
        Self::of(host, TcpStream::connect(host).await.unwrap())
    }

    /// With somebody whose kernel takes only so many bytes that were not read yet.
    pub async fn slowly(host: &str, bytes: u32) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(bytes).unwrap();
        Self::of(host, socket.connect(host.parse().unwrap()).await.unwrap())
    }

    /// From now on the kernel takes as much as it likes.
    pub fn hurry(&self) {
        let socket = socket2::SockRef::from(self.stream.get_ref());
        socket.set_recv_buffer_size(MIB).unwrap();
    }

    fn of(host: &str, stream: TcpStream) -> Self {
        // Without it small requests wait for each other.
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::with_capacity(16 * 1024, stream),
            host: host.to_owned(),
        }
    }

    /// The bytes of a request.
    pub fn written(&self, asked: &Asked, address: &str) -> Vec<u8> {
        let Asked { method, lines } = asked;
        let mut bytes =
            format!("{method} {address} HTTP/1.1\r\nHost: {}\r\n", self.host).into_bytes();
        for (name, value) in lines {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }

    pub async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Asks for a file, or a part of it.
    pub async fn ask(&mut self, asked: &Asked, address: &str) {
        let bytes = self.written(asked, address);
        self.say(&bytes).await;
    }

    /// The head of the next answer; nothing when the connection ends before it.
    pub async fn head(&mut self) -> Option<Heard> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if self.stream.read_until(b'\n', &mut head).await.ok()? == 0 {
                return None;
            }
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse();
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        Some(Heard {
            status: status.unwrap(),
            length,
            body: Vec::new(),
            head,
        })
    }

    /// The next answer, which is one to this method; nothing when the connection ends before it is whole.
    pub async fn hear(&mut self, method: &str) -> Option<Heard> {
        let mut heard = self.head().await?;
        if method != "HEAD" && heard.status != 304 {
            heard.body = vec![0; heard.length];
            self.stream.read_exact(&mut heard.body).await.ok()?;
        }
        Some(heard)
    }

    /// Takes this many bytes of what comes.
    pub async fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).await.unwrap();
        bytes
    }

    /// Takes what still comes, at most this many bytes, until the connection ends.
    pub async fn rest(&mut self, most: usize) -> Vec<u8> {
        let mut rest = Vec::new();
        let most = u64::try_from(most).unwrap();
        // A reset is an end as well.
        let _ = (&mut self.stream).take(most).read_to_end(&mut rest).await;
        rest
    }
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// A file that is asked for.
#[derive(Debug, Clone)]
pub struct Shelved {
    pub address: String,
    pub bytes: Vec<u8>,
    pub etag: String,
    pub modified: u64,
    pub media_type: &'static str,
}

impl Shelved {
    pub fn known(&self) -> Known<'_> {
        Known {
            size: self.bytes.len() as u64,
            etag: &self.etag,
            modified: Some(self.modified),
        }
    }

    /// How the request must be answered over the wire: files are only read.
    pub fn expected(&self, asked: &Asked) -> Expected {
        match asked.method {
            "GET" | "HEAD" => expected(asked, &self.known()),
            _ => Expected {
                status: 405,
                spans: Vec::new(),
            },
        }
    }

    /// The bytes that the answer to such a request brings, but for the heads of parts.
    pub fn length(&self, asked: &Asked) -> u64 {
        let Expected { status, spans } = self.expected(asked);
        let parts = spans.iter().map(|(first, last)| last - first + 1);
        match (asked.method, status) {
            ("GET", 200) => self.known().size,
            _ => parts.sum(),
        }
    }

    /// Holds an answer against the file and the second reading of the RFC, byte by byte.
    #[track_caller]
    pub fn check(&self, asked: &Asked, heard: &Heard) {
        let wanted = self.expected(asked);
        let told = || format!("{} {:?}: {}", self.address, Readable(asked), heard.head);
        assert_eq!(heard.status, wanted.status, "{}", told());
        let size = self.bytes.len();
        let piece = |(first, last): &(u64, u64)| {
            let [first, last] = [*first, *last].map(|at| usize::try_from(at).unwrap());
            &self.bytes[first..=last]
        };
        let (body, range): (Vec<u8>, _) = match (heard.status, wanted.spans.as_slice()) {
            (200, _) => {
                assert_eq!(heard.length, size, "{}", told());
                (
                    if asked.method == "HEAD" {
                        Vec::new()
                    } else {
                        self.bytes.clone()
                    },
                    None,
                )
            }
            (206, [only]) => (
                piece(only).to_vec(),
                Some(format!("bytes {}-{}/{size}", only.0, only.1)),
            ),
            (206, several) => {
                let kind = heard.header("content-type").unwrap();
                let boundary = kind
                    .strip_prefix("multipart/byteranges; boundary=")
                    .unwrap();
                let mut body = Vec::new();
                for (at, span) in several.iter().enumerate() {
                    let (begin, kind) = (if at == 0 { "" } else { "\r\n" }, self.media_type);
                    let head = format!(
                        "{begin}--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: bytes {}-{}/{size}\r\n\r\n",
                        span.0, span.1
                    );
                    body.extend_from_slice(head.as_bytes());
                    body.extend_from_slice(piece(span));
                }
                body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
                (body, None)
            }
            (416, _) => (Vec::new(), Some(format!("bytes */{size}"))),
            (304 | 412, _) => (Vec::new(), None),
            _ => return,
        };
        assert_eq!(
            heard.header("content-range"),
            range.as_deref(),
            "{}",
            told()
        );
        assert_eq!(heard.header("etag"), Some(&*self.etag), "{}", told());
        if heard.status == 200 {
            let modified = date(self.modified, Fixdate);
            assert_eq!(
                heard.header("last-modified"),
                Some(&*modified),
                "{}",
                told()
            );
        }
        if heard.body != body {
            let mut pairs = heard.body.iter().zip(&body);
            let (got, of) = (heard.body.len(), body.len());
            let differs = pairs.position(|(one, other)| one != other);
            panic!(
                "{got} of {of} bytes, the first other one at {differs:?}: {}",
                told()
            );
        }
    }
}

/// A request as people read it.
struct Readable<'a>(&'a Asked);

impl std::fmt::Debug for Readable<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.method)?;
        for (name, value) in &self.0.lines {
            write!(f, " | {name}: {}", value.escape_ascii())?;
        }
        Ok(())
    }
}
