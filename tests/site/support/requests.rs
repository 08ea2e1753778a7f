//! The requests that are kept: every one that was ever answered otherwise than it should be, and those that are easily.

use super::rfc9110::Asked;

/// The entity tag and the date of the file that they ask for.
pub const TAG: &str = "\"v1\"";
pub const MODIFIED: u64 = 784_111_777;

const KEPT: &str = include_str!("../../fixtures/requests.txt");

/// A line of the fixture.
pub struct Kept {
    pub line: &'static str,
    pub size: u64,
    pub asked: Asked,
    pub answer: &'static str,
}

pub fn kept() -> Vec<Kept> {
    let lines = KEPT
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(read).collect()
}

/// `100 GET | Range: bytes=0-1 -> 206 0-1`: size, method, lines and answer. `\xe9` is one byte.
fn read(line: &'static str) -> Kept {
    let (request, answer) = line.rsplit_once(" -> ").unwrap();
    let mut parts = request.split(" | ");
    let (size, method) = parts.next().unwrap().split_once(' ').unwrap();
    let lines = parts.map(|part| {
        let (name, value) = part.split_once(':').unwrap();
        (name, bytes(value.strip_prefix(' ').unwrap_or(value)))
    });
    Kept {
        line,
        size: size.parse().unwrap(),
        asked: Asked {
            method,
            lines: lines.collect(),
        },
        answer,
    }
}

fn bytes(text: &str) -> Vec<u8> {
    let mut pieces = text.split("\\x");
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}
