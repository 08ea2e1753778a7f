//! A portal of a few addresses behind the real accept loop, and the one raw socket: for stories of what goes over the wire.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::get;
use futures_util::StreamExt;
use terugkijken::server::{Drained, Limits, Stop, Stopper, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, ToSocketAddrs};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant, sleep};

/// Does something while the clock stands really still. The kernel takes real milliseconds over large bodies, and a paused
/// clock would take that for leisure and jump to the next timer. Lets go after ten real seconds, so that a story in which
/// nothing happens any more comes to an end and fails.
pub async fn in_no_time<T>(work: impl Future<Output = T>) -> T {
    let (done, end) = std::sync::mpsc::channel::<()>();
    // tokio does not move a paused clock while a blocking task runs.
    let holding = tokio::task::spawn_blocking(move || end.recv_timeout(Duration::from_secs(10)));
    let result = work.await;
    drop(done);
    let _ = holding.await.unwrap();
    result
}

/// Far more than the kernel holds for one connection.
pub const LARGE: usize = 64 << 20;

/// What was asked, and what handlers wait for.
#[derive(Clone)]
pub struct Handlers {
    asked: Arc<Mutex<Vec<String>>>,
    pub go_on: Arc<Notify>,
    pub waiting: Arc<Notify>,
    stream: Arc<Mutex<Option<mpsc::Receiver<Bytes>>>>,
}

pub struct Portal {
    pub address: SocketAddr,
    pub handlers: Handlers,
    pub feed: mpsc::Sender<Bytes>,
    pub stopper: Stopper,
    pub serving: JoinHandle<Drained>,
}

impl Portal {
    pub async fn open() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let (feed, stream) = mpsc::channel(16);
        let handlers = Handlers {
            asked: Arc::default(),
            go_on: Arc::default(),
            waiting: Arc::default(),
            stream: Arc::new(Mutex::new(Some(stream))),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stopper, stop) = Stop::by_hand();
        let serving = tokio::spawn(serve(listener, router(handlers.clone()), limits, stop));
        Self {
            address,
            handlers,
            feed,
            stopper,
            serving,
        }
    }

    /// How often a path reached the router.
    pub fn asked(&self, path: &str) -> usize {
        self.handlers
            .asked
            .lock()
            .unwrap()
            .iter()
            .filter(|asked| *asked == path)
            .count()
    }

    pub async fn visitor(&self) -> Visitor {
        Visitor::to(self.address).await.unwrap()
    }

    /// Sends the pieces in one go and returns everything that comes back until the portal, not the clock, closes the
    /// connection.
    pub async fn exchange(&self, pieces: &[&str]) -> String {
        let mut visitor = self.visitor().await;
        let began = Instant::now();
        let answers = in_no_time(async {
            visitor.say(&pieces.concat()).await;
            visitor.rest().await
        });
        let answers = answers.await;
        assert_eq!(
            began.elapsed().as_secs(),
            0,
            "closed by the clock: {answers}"
        );
        answers
    }
}

/// One connection of somebody's.
pub struct Visitor(pub TcpStream);

impl Visitor {
    /// Nothing when nobody answers there.
    pub async fn to(address: impl ToSocketAddrs) -> Option<Self> {
        TcpStream::connect(address).await.ok().map(Self)
    }

    /// From this address of the machine, all of `127.0.0.0/8` among them.
    pub async fn from(own: [u8; 4], portal: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((own, 0).into()).unwrap();
        Self(socket.connect(portal).await.unwrap())
    }

    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        // Refused in the middle of what is said is refused all the same; the answer tells.
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Says nothing any more, and still hears.
    pub async fn hush(&mut self) {
        self.0.shutdown().await.unwrap();
    }

    pub async fn get(&mut self, path: &str) {
        self.say(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"))
            .await;
    }

    /// The next answer that says its length, head and body.
    pub async fn answer(&mut self) -> String {
        let mut answer = self.head().await;
        let body = self.body_of(&answer).await;
        answer.push_str(&body);
        answer
    }

    /// The body after this head, which says its length.
    pub async fn body_of(&mut self, head: &str) -> String {
        let length = header(head, "content-length").unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        String::from_utf8(body).unwrap()
    }

    /// The next head, up to its empty line.
    pub async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    /// Whatever still comes until the connection is closed or reset.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest).await;
        String::from_utf8_lossy(&rest).into_owned()
    }
}

/// What the first of these answers says in this header.
pub fn header<'a>(answers: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = answers.lines().take_while(|line| !line.is_empty());
    lines.find_map(|line| {
        let (key, value) = line.split_once(": ")?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

/// The statuses of the answers in what came back.
pub fn statuses(answers: &str) -> Vec<u16> {
    answers
        .split("HTTP/1.")
        .skip(1)
        .map(|answer| answer[2..5].parse().unwrap())
        .collect()
}

fn router(handlers: Handlers) -> Router {
    Router::new()
        .route(
            "/",
            get(|| async { "hello" })
                .post(|body: Bytes| async move { format!("{} bytes", body.len()) }),
        )
        .route("/second", get(|| async { "second" }))
        .route(
            "/panic",
            get(|| async {
                if true {
                    panic!("a handler's own fault")
                }
            }),
        )
        .route(
            "/slow",
            get(|State(handlers): State<Handlers>| async move {
                handlers.waiting.notify_one();
                handlers.go_on.notified().await;
                "at last"
            }),
        )
        .route(
            "/four-minutes",
            get(|| async {
                sleep(Duration::from_secs(240)).await;
                "thought about it"
            }),
        )
        .route("/large", get(|| async { Bytes::from(vec![b'x'; LARGE]) }))
        .route(
            "/stream",
            get(|State(handlers): State<Handlers>| async move {
                let fed = handlers.stream.lock().unwrap().take().unwrap();
                Body::from_stream(
                    futures_util::stream::unfold(fed, |mut fed| async {
                        let piece = fed.recv().await?;
                        Some((Ok::<_, std::convert::Infallible>(piece), fed))
                    })
                    .boxed(),
                )
            }),
        )
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn_with_state(handlers.clone(), note))
        .with_state(handlers)
}

async fn note(
    State(handlers): State<Handlers>,
    request: Request,
    next: Next,
) -> axum::response::Response {
    handlers
        .asked
        .lock()
        .unwrap()
        .push(request.uri().path().to_owned());
    next.run(request).await
}
