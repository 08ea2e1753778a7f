//! Floods of requests, and people beside them who ask for two bytes of another film: what each flood takes of the memory, the
//! most that is sent for one request, and how much longer the others wait than in quiet.
//!
//! Who floods does so from another machine, so these threads yield to the server and to those beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::sleep;

use crate::films::{Film, Films};
use crate::load::{Connection, Load, Request, head};
use crate::measured::{Quantity, Spread, digits};
use crate::scenarios::{BYSTANDER, BYSTANDERS, MIB, scattered};
use crate::servers::{Kind, Ours, Server};

pub struct Abuse {
    pub name: &'static str,
    title: &'static str,
    connections: usize,
    flood: Flood,
    /// Most descriptors of the server, and its setting `connections`.
    descriptors: Option<u32>,
    most: &'static str,
}

#[derive(Clone, Copy)]
enum Flood {
    /// 1,300 ranges in one request, each within the one before it.
    Overlapping,
    OneByte,
    /// The whole film into a receive buffer of 4 kB, of which a byte is read now and then.
    SmallWindow,
    /// A hundred requests in one write.
    Pipelined,
}

const MANY: &str = "10000";

pub const ABUSE: &[Abuse] = &[
    Abuse {
        name: "abuse-overlapping",
        title: "1,300 overlapping ranges, 200 connections",
        connections: 200,
        flood: Flood::Overlapping,
        descriptors: None,
        most: MANY,
    },
    Abuse {
        name: "abuse-one-byte",
        title: "ranges of 1 byte at full rate, 64 connections",
        connections: 64,
        flood: Flood::OneByte,
        descriptors: None,
        most: MANY,
    },
    Abuse {
        name: "abuse-window",
        title: "1,000 readers with a receive window of 4 kB",
        connections: 1000,
        flood: Flood::SmallWindow,
        descriptors: None,
        most: MANY,
    },
    Abuse {
        name: "abuse-connections",
        title: "400 connections where 256 are allowed",
        connections: 400,
        flood: Flood::SmallWindow,
        descriptors: None,
        most: "256",
    },
    Abuse {
        name: "abuse-descriptors",
        title: "400 connections with 256 descriptors",
        connections: 400,
        flood: Flood::SmallWindow,
        descriptors: Some(256),
        most: MANY,
    },
    Abuse {
        name: "abuse-pipelining",
        title: "100 requests in one write, 64 connections",
        connections: 64,
        flood: Flood::Pipelined,
        descriptors: None,
        most: MANY,
    },
];

/// MiB that a flood may take meanwhile, and that may be left of it.
const MOST: f64 = 256.0;
const LEFT: f64 = 20.0;
/// Time within which memory is given back.
const SOON: Duration = Duration::from_secs(30);
/// How much longer those beside it may wait.
const SLOWER: f64 = 2.0;
/// Time that those beside it have to connect before the flood begins, and the flood to reach its height.
const FIRST: Duration = Duration::from_millis(500);

/// What a flood was given.
#[derive(Default)]
struct Given {
    requests: AtomicU64,
    bytes: AtomicU64,
    /// For one request.
    most: AtomicU64,
    /// Requests that were refused, and connections that were closed.
    refused: AtomicU64,
}

/// What a flood did.
struct Done {
    before: f64,
    most: f64,
    after: f64,
    given: Given,
    quiet: Spread,
    meanwhile: Spread,
    ratio: Spread,
}

pub fn run(wanted: &[&Abuse], films: &Films, is_quick: bool) {
    if wanted.is_empty() {
        return;
    }
    println!(
        "\nabuse of ours (zero copy): own memory before, most and after, what one request was sent, and how long others wait"
    );
    for abuse in wanted {
        let ours = Ours::new(Kind::ZeroCopy, films);
        let ours = ours.limited(abuse.most, abuse.descriptors);
        match ours.start_and_rest() {
            Some(server) => print(abuse, &measure(abuse, &server, films, is_quick)),
            None => println!("{:46} does not start", abuse.title),
        }
    }
    println!(
        "goals: at most {MOST} MiB, {LEFT} MiB more than before within {} s, no more than the film for one request, p99 of others ≤ {SLOWER} × quiet",
        SOON.as_secs()
    );
}

fn print(abuse: &Abuse, done: &Done) {
    let Given {
        requests,
        bytes,
        most,
        refused,
    } = &done.given;
    let number = |it: &AtomicU64| it.load(Ordering::Relaxed);
    let is_met = |is_met: bool| if is_met { "met" } else { "MISSED" };
    let is_bounded = done.most <= MOST && done.after <= done.before + LEFT;
    let (before, meanwhile, after) = (digits(done.before), digits(done.most), digits(done.after));
    println!("\n{} ({})", abuse.title, abuse.name);
    println!(
        "    memory        {before} MiB before, {meanwhile} most, {after} after: {}",
        is_met(is_bounded)
    );
    println!(
        "    sent          {} bytes most for one request ({} requests, {} bytes in all, {} refused or closed): {}",
        number(most),
        number(requests),
        number(bytes),
        number(refused),
        is_met(number(most) <= Film::Short.size())
    );
    println!(
        "    others, p99   {} ms in quiet, {} ms meanwhile, ratio {}: {}",
        done.quiet,
        done.meanwhile,
        done.ratio,
        is_met(done.ratio.median <= SLOWER)
    );
}

fn measure(abuse: &Abuse, server: &Server, films: &Films, is_quick: bool) -> Done {
    films.heat();
    let (rounds, time) = match is_quick {
        true => (2, Duration::from_millis(700)),
        false => (5, Duration::from_millis(1500)),
    };
    let mib = |kib: u64| kib as f64 / 1024.0;
    let given = Arc::new(Given::default());
    let most = AtomicU64::new(0);
    let (mut quiet, mut meanwhile) = (Vec::new(), Vec::new());
    beside(server, time);
    for _ in 0..rounds {
        quiet.push(beside(server, time));
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| flood(abuse, server, &given, &over));
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    most.fetch_max(server.memory_kib(), Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            meanwhile.push(beside(server, time));
            over.store(true, Ordering::Relaxed);
        });
    }
    let ratios: Vec<f64> = quiet
        .iter()
        .zip(&meanwhile)
        .map(|(quiet, it)| it / quiet)
        .collect();
    let before = mib(server.rest_kib);
    let began = std::time::Instant::now();
    while mib(server.memory_kib()) > before + LEFT && began.elapsed() < SOON {
        std::thread::sleep(Duration::from_millis(200));
    }
    let spread = |values| Spread::of(values).expect("a round");
    Done {
        before,
        most: mib(most.into_inner()),
        after: mib(server.memory_kib()),
        given: Arc::into_inner(given).expect("no flood any more"),
        quiet: spread(quiet),
        meanwhile: spread(meanwhile),
        ratio: spread(ratios),
    }
}

/// The p99 of those beside it, in ms.
fn beside(server: &Server, time: Duration) -> f64 {
    let load = Load {
        port: server.port,
        connections: BYSTANDERS,
        requests: scattered(server.path(Film::Long), Film::Long.size(), 2),
        pace: Some(BYSTANDER),
    };
    let round = load.measure(server, FIRST * 2, time);
    if round.errors > 0 {
        println!("    {} requests of others failed", round.errors);
    }
    Quantity::Percentile99.of(&round)
}

/// Runs a flood until it is over.
fn flood(abuse: &Abuse, server: &Server, given: &Arc<Given>, over: &AtomicBool) {
    // Of this thread alone, on Linux.
    let _ = rustix::process::setpriority_process(None, 19);
    std::thread::sleep(FIRST);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        for _ in 0..abuse.connections {
            let (given, port) = (Arc::clone(given), server.port);
            let request = request(abuse.flood, server.path(Film::Short));
            match abuse.flood {
                Flood::SmallWindow => tokio::spawn(read_slowly(port, request, given)),
                Flood::Pipelined => tokio::spawn(ask_for_ever(port, request, PIPELINED, given)),
                Flood::Overlapping | Flood::OneByte => {
                    tokio::spawn(ask_for_ever(port, request, 1, given))
                }
            };
        }
        while !over.load(Ordering::Relaxed) {
            sleep(Duration::from_millis(10)).await;
        }
    });
}

const PIPELINED: usize = 100;
const RANGES: u64 = 1300;

fn request(flood: Flood, path: &str) -> Request {
    match flood {
        Flood::OneByte => Request::range(path, MIB, 1),
        Flood::Pipelined => Request::range(path, MIB, MIB / 16),
        Flood::SmallWindow => Request::whole(path, Film::Short.size()),
        Flood::Overlapping => {
            let ranges: Vec<String> = (0..RANGES).map(|first| format!("{first}-")).collect();
            Request {
                bytes: head(path, &format!("Range: bytes={}\r\n", ranges.join(","))),
                // The whole, a part or a refusal: all of these may be.
                status: "",
                body: None,
            }
        }
    }
}

/// Sends a request so many times in one write, takes the answers, and begins anew.
async fn ask_for_ever(port: u16, request: Request, times: usize, given: Arc<Given>) {
    let burst = request.bytes.repeat(times);
    loop {
        let Ok(mut connection) = Connection::open(port).await else {
            return;
        };
        while connection.send(&burst).await.is_ok() {
            let answered = take(&mut connection, &request, times, &given).await;
            if answered.is_err() {
                break;
            }
        }
        given.refused.fetch_add(1, Ordering::Relaxed);
        sleep(Duration::from_millis(10)).await;
    }
}

/// Takes so many answers, and counts also what came of one that does not end.
async fn take(
    connection: &mut Connection,
    request: &Request,
    times: usize,
    given: &Given,
) -> std::io::Result<()> {
    for _ in 0..times {
        let (body, mut left) = connection.begin(request).await?;
        given.requests.fetch_add(1, Ordering::Relaxed);
        given.bytes.fetch_add(body - left, Ordering::Relaxed);
        given.most.fetch_max(body, Ordering::Relaxed);
        while left > 0 {
            let part = left.min(MIB);
            connection.throw_away(part).await?;
            given.bytes.fetch_add(part, Ordering::Relaxed);
            left -= part;
        }
    }
    Ok(())
}

async fn read_slowly(port: u16, request: Request, given: Arc<Given>) {
    let socket = TcpSocket::new_v4().expect("a socket");
    let _ = socket.set_recv_buffer_size(4096);
    let Ok(mut stream) = socket.connect(([127, 0, 0, 1], port).into()).await else {
        return;
    };
    let _ = stream.write_all(&request.bytes).await;
    given.requests.fetch_add(1, Ordering::Relaxed);
    let mut taken = 0;
    while stream.read_u8().await.is_ok() {
        taken += 1;
        given.bytes.fetch_add(1, Ordering::Relaxed);
        given.most.fetch_max(taken, Ordering::Relaxed);
        sleep(Duration::from_millis(200)).await;
    }
    given.refused.fetch_add(1, Ordering::Relaxed);
}
