//! The goals: a figure of ours, alone or beside another server, and the bound it is held to.

use crate::measured::{Quantity, Spread, digits};
use crate::results::Results;
use crate::servers::Kind;

pub struct Goal {
    pub figure: &'static str,
    scenario: &'static str,
    of: Kind,
    beside: Beside,
    quantity: Quantity,
    must: Bound,
    /// What is hoped for beyond it.
    aim: Option<Bound>,
    unit: &'static str,
}

enum Beside {
    /// The figure itself.
    Nobody,
    /// nginx with sendfile, the one that is better at it.
    Nginx,
    Other(Kind),
}

#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    pub fn value(self) -> f64 {
        match self {
            Self::AtLeast(value) | Self::AtMost(value) => value,
        }
    }

    pub fn is_least(self) -> bool {
        matches!(self, Self::AtLeast(_))
    }

    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl std::fmt::Display for Bound {
    fn fmt(&self, into: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(least) => write!(into, "≥ {least}"),
            Self::AtMost(most) => write!(into, "≤ {most}"),
        }
    }
}

/// A goal of zero copy to nginx with sendfile.
const fn to_nginx(
    figure: &'static str,
    scenario: &'static str,
    quantity: Quantity,
    must: Bound,
) -> Goal {
    Goal {
        figure,
        scenario,
        of: Kind::ZeroCopy,
        beside: Beside::Nginx,
        quantity,
        must,
        aim: None,
        unit: "×",
    }
}

use Bound::{AtLeast, AtMost};
use Quantity::{CpuPerGigabyte, Gigabytes, MemoryPerViewer, Percentile99, Requests};

pub const GOALS: &[Goal] = &[
    to_nginx(
        "1 MiB, 64 connections: req/s to nginx",
        "1M-c64",
        Requests,
        AtLeast(1.0),
    ),
    to_nginx(
        "256 KiB, 64 connections: req/s to nginx",
        "256K-c64",
        Requests,
        AtLeast(1.0),
    ),
    to_nginx(
        "1 MiB, 64 connections: CPU per GB to nginx",
        "1M-c64",
        CpuPerGigabyte,
        AtMost(1.05),
    ),
    to_nginx(
        "256 KiB, 64 connections: CPU per GB to nginx",
        "256K-c64",
        CpuPerGigabyte,
        AtMost(1.05),
    ),
    to_nginx(
        "1 MiB, 1,000 connections: req/s to nginx",
        "1M-c1000",
        Requests,
        AtLeast(0.9),
    ),
    to_nginx(
        "256 KiB, 1,000 connections: req/s to nginx",
        "256K-c1000",
        Requests,
        AtLeast(0.9),
    ),
    Goal {
        beside: Beside::Other(Kind::ServeDir),
        ..to_nginx(
            "1 MiB: CPU per GB to ServeDir",
            "1M-c64",
            CpuPerGigabyte,
            AtMost(0.25),
        )
    },
    Goal {
        beside: Beside::Other(Kind::ServeDir),
        ..to_nginx(
            "256 KiB: CPU per GB to ServeDir",
            "256K-c64",
            CpuPerGigabyte,
            AtMost(0.25),
        )
    },
    to_nginx("cold file: GB/s to nginx", "cold", Gigabytes, AtLeast(2.0)),
    Goal {
        beside: Beside::Nobody,
        unit: " ms",
        ..to_nginx(
            "beside a cold file: p99 of a hot one",
            "cold",
            Percentile99,
            AtMost(10.0),
        )
    },
    to_nginx(
        "5,000 paced viewers: CPU per GB to nginx",
        "paced-5000",
        CpuPerGigabyte,
        AtMost(1.2),
    ),
    Goal {
        beside: Beside::Nobody,
        unit: " KiB",
        aim: Some(AtMost(8.0)),
        ..to_nginx(
            "own memory per paced viewer (5,000)",
            "paced-5000",
            MemoryPerViewer,
            AtMost(16.0),
        )
    },
    Goal {
        beside: Beside::Nobody,
        unit: " KiB",
        aim: Some(AtMost(8.0)),
        ..to_nginx(
            "own memory per resting viewer (5,000)",
            "idle-5000",
            MemoryPerViewer,
            AtMost(16.0),
        )
    },
    to_nginx("2-byte probe: req/s to nginx", "2B", Requests, AtLeast(1.0)),
    Goal {
        aim: Some(AtLeast(1.0)),
        ..to_nginx("304: req/s to nginx", "304", Requests, AtLeast(0.75))
    },
    Goal {
        of: Kind::Copying,
        beside: Beside::Other(Kind::NginxCopying),
        ..to_nginx(
            "copying, 1 MiB: CPU per GB to nginx copying",
            "1M-c64",
            CpuPerGigabyte,
            AtMost(0.7),
        )
    },
    Goal {
        of: Kind::Copying,
        beside: Beside::Other(Kind::NginxCopying),
        ..to_nginx(
            "copying, 256 KiB: CPU per GB to nginx copying",
            "256K-c64",
            CpuPerGigabyte,
            AtMost(0.7),
        )
    },
];

/// A goal, and what was measured.
pub struct Judged {
    pub figure: &'static str,
    pub must: Bound,
    aim: Option<Bound>,
    unit: &'static str,
    pub measured: Option<Spread>,
    pub verdict: Verdict,
}

impl Judged {
    pub fn goal(&self) -> String {
        let aim = self.aim.map(|aim| format!(", aim {aim}"));
        format!("{}{}{}", self.must, self.unit, aim.unwrap_or_default())
    }

    pub fn value(&self) -> String {
        match self.measured {
            None => "-".to_owned(),
            Some(it) => format!("{}{}", digits(it.median), self.unit),
        }
    }

    pub fn spread(&self) -> String {
        match self.measured {
            None => String::new(),
            Some(it) => format!("[{}-{}]", digits(it.least), digits(it.most)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Met,
    AimMet,
    Missed,
    NotMeasured,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::AimMet => "met, and the aim",
            Self::Missed => "MISSED",
            Self::NotMeasured => "not measured",
        }
    }
}

impl Goal {
    pub fn judge(&self, results: &Results) -> Judged {
        let measured = self.measured(results);
        let verdict = match measured {
            None => Verdict::NotMeasured,
            Some(it) if !self.must.is_met(it.median) => Verdict::Missed,
            Some(it) if self.aim.is_some_and(|aim| aim.is_met(it.median)) => Verdict::AimMet,
            Some(_) => Verdict::Met,
        };
        Judged {
            figure: self.figure,
            must: self.must,
            aim: self.aim,
            unit: self.unit,
            measured,
            verdict,
        }
    }

    fn measured(&self, results: &Results) -> Option<Spread> {
        let other = match self.beside {
            Beside::Nobody => return results.figure(self.scenario, self.of, self.quantity),
            Beside::Other(kind) => kind,
            Beside::Nginx => results.nginx(self.scenario, self.quantity)?,
        };
        results.ratio(self.scenario, (self.of, other), self.quantity)
    }
}
