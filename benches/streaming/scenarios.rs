//! What is asked of the servers, and in which turns: each scenario with servers started afresh, one warm-up each, then rounds
//! in which their order is shuffled.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::films::{Film, Films};
use crate::load::{Load, Random, Request};
use crate::measured::{Measured, Quantity};
use crate::results::Results;
use crate::servers::{Kind, Server};

/// One of the loads.
pub struct Scenario {
    /// How it is chosen on the command line.
    pub name: &'static str,
    pub title: &'static str,
    pub work: Work,
}

pub enum Work {
    /// So many connections, each of which asks again at once.
    Closed(usize, Ask),
    /// So many viewers at 2.5 Mbit/s, 512 KiB at a time.
    Paced(usize),
    /// So many viewers who asked once and rest.
    Idle(usize),
    /// A film that falls out of the page cache, and people who ask for another one.
    Cold,
}

pub enum Ask {
    Range(u64),
    Whole,
    Unchanged,
}

const fn closed(name: &'static str, title: &'static str, connections: usize, ask: Ask) -> Scenario {
    Scenario {
        name,
        title,
        work: Work::Closed(connections, ask),
    }
}

pub const MIB: u64 = 1 << 20;

pub const SCENARIOS: &[Scenario] = &[
    closed("1M-c2", "1 MiB ranges, 2 connections", 2, Ask::Range(MIB)),
    closed(
        "1M-c64",
        "1 MiB ranges, 64 connections",
        64,
        Ask::Range(MIB),
    ),
    closed(
        "1M-c1000",
        "1 MiB ranges, 1,000 connections",
        1000,
        Ask::Range(MIB),
    ),
    closed(
        "256K-c2",
        "256 KiB ranges, 2 connections",
        2,
        Ask::Range(MIB / 4),
    ),
    closed(
        "256K-c64",
        "256 KiB ranges, 64 connections",
        64,
        Ask::Range(MIB / 4),
    ),
    closed(
        "256K-c1000",
        "256 KiB ranges, 1,000 connections",
        1000,
        Ask::Range(MIB / 4),
    ),
    closed(
        "whole",
        "a whole file of 64 MiB, 2 connections",
        2,
        Ask::Whole,
    ),
    closed("2B", "2 bytes, 64 connections", 64, Ask::Range(2)),
    closed("304", "304, 64 connections", 64, Ask::Unchanged),
    Scenario {
        name: "cold",
        title: "cold: 1 MiB ranges of a file that drops out of the page cache, 16 connections; latency of 50 who ask for 2 bytes of another",
        work: Work::Cold,
    },
    Scenario {
        name: "paced-1000",
        title: "1,000 viewers at 2.5 Mbit/s",
        work: Work::Paced(1000),
    },
    Scenario {
        name: "paced-5000",
        title: "5,000 viewers at 2.5 Mbit/s",
        work: Work::Paced(5000),
    },
    Scenario {
        name: "idle-1000",
        title: "1,000 viewers who rest",
        work: Work::Idle(1000),
    },
    Scenario {
        name: "idle-5000",
        title: "5,000 viewers who rest",
        work: Work::Idle(5000),
    },
];

/// Bytes that a player asks for at a time, and how often at 2.5 Mbit/s.
const CHUNK: u64 = 512 << 10;
const PERIOD: Duration = Duration::from_micros(CHUNK * 8 * 1000 / 2500);
/// How often each of those beside the cold file asks.
pub const BYSTANDER: Duration = Duration::from_millis(10);
pub const BYSTANDERS: usize = 50;
/// Pause between two times that the page cache of the cold file is dropped.
const COOLING: Duration = Duration::from_millis(100);
/// A viewer who rests asks no more.
const REST: Duration = Duration::from_secs(3600);

impl Scenario {
    pub fn columns(&self) -> &'static [Quantity] {
        use Quantity::{
            CpuPerGigabyte, CpuPerRequest, Gigabytes, Longest, Median, MemoryPerViewer,
            Percentile99, Requests,
        };
        match self.work {
            Work::Closed(_, Ask::Range(2) | Ask::Unchanged) => {
                &[Requests, CpuPerRequest, Median, Percentile99]
            }
            Work::Closed(..) => &[Requests, Gigabytes, CpuPerGigabyte, Median, Percentile99],
            Work::Paced(_) => &[
                CpuPerGigabyte,
                Gigabytes,
                Median,
                Percentile99,
                MemoryPerViewer,
            ],
            Work::Idle(_) => &[MemoryPerViewer],
            Work::Cold => &[Gigabytes, CpuPerGigabyte, Median, Percentile99, Longest],
        }
    }

    /// What is compared with nginx.
    pub fn compared(&self) -> &'static [Quantity] {
        match self.work {
            Work::Closed(_, Ask::Range(2) | Ask::Unchanged) => {
                &[Quantity::Requests, Quantity::CpuPerRequest]
            }
            Work::Closed(..) => &[Quantity::Requests, Quantity::CpuPerGigabyte],
            Work::Cold => &[Quantity::Gigabytes],
            Work::Paced(_) => &[Quantity::CpuPerGigabyte],
            Work::Idle(_) => &[Quantity::MemoryPerViewer],
        }
    }

    /// Number and length of the rounds.
    fn rounds(&self, is_quick: bool) -> (usize, Duration) {
        let (rounds, quick, seconds) = match self.work {
            Work::Closed(..) => (5, 2, 1),
            Work::Paced(_) => (3, 1, 5),
            Work::Idle(_) => (2, 1, 1),
            Work::Cold => (5, 1, 3),
        };
        match is_quick {
            true => (quick, Duration::from_secs(seconds) / 2),
            false => (rounds, Duration::from_secs(seconds)),
        }
    }

    /// Measures the servers in turns.
    pub fn run(&self, servers: &[Server], films: &Films, is_quick: bool, results: &mut Results) {
        let (rounds, time) = self.rounds(is_quick);
        let is_warmed = matches!(self.work, Work::Closed(..) | Work::Cold);
        films.heat();
        if is_warmed {
            for server in servers {
                self.measure(server, films, time / 2);
            }
        }
        let mut random = Random::new(u64::from(std::process::id()));
        for _ in 0..rounds {
            let mut turns: Vec<&Server> = servers.iter().collect();
            for last in (1..turns.len()).rev() {
                turns.swap(last, random.below(last + 1));
            }
            for server in turns {
                if let Some(round) = self.measure(server, films, time) {
                    results.add(self.name, server.kind, round);
                }
            }
        }
    }

    /// One round; `None` when the server has no such answer.
    fn measure(&self, server: &Server, films: &Films, time: Duration) -> Option<Measured> {
        let load = |connections, requests, pace| Load {
            port: server.port,
            connections,
            requests,
            pace,
        };
        let chunks = || chunks(server.path(Film::Long), CHUNK);
        let soon = Duration::from_millis(100);
        Some(match &self.work {
            Work::Closed(connections, ask) => {
                let requests = requests(server, ask)?;
                load(*connections, requests, None).measure(server, soon, time)
            }
            Work::Paced(viewers) => {
                // Each has read its receive buffer warm by then.
                load(*viewers, chunks(), Some(PERIOD)).measure(server, PERIOD, time)
            }
            Work::Idle(viewers) => {
                load(*viewers, chunks(), Some(REST)).measure(server, soon * 5, time)
            }
            Work::Cold => cold(server, films, time),
        })
    }
}

/// All requests for pieces of this length, one after the other.
fn chunks(path: &str, length: u64) -> Vec<Request> {
    let number = Film::Long.size() / length;
    (0..number)
        .map(|place| Request::range(path, place * length, length))
        .collect()
}

/// Number of different places that are asked for.
const PLACES: usize = 4096;

fn requests(server: &Server, ask: &Ask) -> Option<Vec<Request>> {
    Some(match ask {
        Ask::Whole => vec![Request::whole(server.path(Film::Short), Film::Short.size())],
        Ask::Unchanged => {
            let etag = server.etag(Film::Short)?;
            vec![Request::unchanged(server.path(Film::Short), &etag)]
        }
        Ask::Range(length) => scattered(server.path(Film::Long), Film::Long.size(), *length),
    })
}

/// Ranges of this length at places all over a film.
pub fn scattered(path: &str, size: u64, length: u64) -> Vec<Request> {
    let mut random = Random::new(length);
    let most = usize::try_from(size - length).expect("a place");
    (0..PLACES)
        .map(|_| Request::range(path, random.below(most) as u64, length))
        .collect()
}

fn cold(server: &Server, films: &Films, time: Duration) -> Measured {
    let over = AtomicBool::new(false);
    let soon = Duration::from_millis(300);
    let others = |film: Film, length, connections, pace| Load {
        port: server.port,
        connections,
        requests: scattered(server.path(film), film.size(), length),
        pace,
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                films.cool(Film::Long);
                std::thread::sleep(COOLING);
            }
        });
        let beside = scope.spawn(|| {
            others(Film::Short, 2, BYSTANDERS, Some(BYSTANDER)).measure(server, soon, time)
        });
        let cold = others(Film::Long, MIB, 16, None).measure(server, soon, time);
        let beside = beside.join().expect("those beside it");
        over.store(true, Ordering::Relaxed);
        Measured {
            latency: beside.latency,
            errors: cold.errors + beside.errors,
            ..cold
        }
    })
}

/// Who takes part.
pub fn kinds(wanted: &[String]) -> Vec<Kind> {
    let is_wanted = |kind: &Kind| {
        let name = kind.name().to_lowercase();
        wanted.is_empty()
            || wanted
                .iter()
                .any(|word| name.contains(&word.to_lowercase()))
    };
    Kind::ALL.into_iter().filter(is_wanted).collect()
}
