//! What one round of one server gave, and the figures that are taken from it.

/// Times until an answer was whole, in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Latency {
    pub fn of(micros: &mut [u32]) -> Self {
        micros.sort_unstable();
        let at = |hundredths: usize| {
            let place = micros.len().saturating_sub(1) * hundredths / 100;
            micros.get(place).map_or(0.0, |it| f64::from(*it) / 1000.0)
        };
        Self {
            p50: at(50),
            p99: at(99),
            max: at(100),
        }
    }
}

/// One round of one server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measured {
    pub requests: u64,
    pub bytes: u64,
    pub seconds: f64,
    /// Seconds of processor of the server and of its children.
    pub cpu: f64,
    /// With cold files: of those who ask for another file, which is hot.
    pub latency: Latency,
    pub errors: u64,
    /// Requests of paced viewers that came a whole period too late.
    pub late: u64,
    /// Own memory above that of the server at rest.
    pub memory_kib: u64,
    pub viewers: u64,
}

/// A figure of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Requests,
    Gigabytes,
    CpuPerGigabyte,
    CpuPerRequest,
    Median,
    Percentile99,
    Longest,
    MemoryPerViewer,
}

impl Quantity {
    /// The column of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "req/s",
            Self::Gigabytes => "GB/s",
            Self::CpuPerGigabyte => "CPU s/GB",
            Self::CpuPerRequest => "CPU us/req",
            Self::Median => "p50 ms",
            Self::Percentile99 => "p99 ms",
            Self::Longest => "max ms",
            Self::MemoryPerViewer => "KiB/viewer",
        }
    }

    pub fn is_better_larger(self) -> bool {
        matches!(self, Self::Requests | Self::Gigabytes)
    }

    pub fn of(self, round: &Measured) -> f64 {
        let per = |whole: f64, part: f64| if part > 0.0 { whole / part } else { 0.0 };
        let (requests, gigabytes) = (round.requests as f64, round.bytes as f64 / 1e9);
        match self {
            Self::Requests => per(requests, round.seconds),
            Self::Gigabytes => per(gigabytes, round.seconds),
            Self::CpuPerGigabyte => per(round.cpu, gigabytes),
            Self::CpuPerRequest => per(round.cpu * 1e6, requests),
            Self::Median => round.latency.p50,
            Self::Percentile99 => round.latency.p99,
            Self::Longest => round.latency.max,
            Self::MemoryPerViewer => per(round.memory_kib as f64, round.viewers as f64),
        }
    }
}

/// The middle of several rounds, and how far they lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// `None` without a round.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let upper = *values.get(middle)?;
        let lower = values[(values.len() - 1) / 2];
        Some(Self {
            median: f64::midpoint(lower, upper),
            least: values[0],
            most: values[values.len() - 1],
        })
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, into: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!(
            "{} [{}-{}]",
            digits(self.median),
            digits(self.least),
            digits(self.most)
        );
        into.pad(&text)
    }
}

/// Three digits that count.
pub fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
