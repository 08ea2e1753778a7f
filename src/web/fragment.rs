//! A fragment of a recording in an address: `?t=12m34s&end=13m`. In: the query of a page, of a frame or of a share page. Out: the
//! seconds at which playback begins and ends (Media Fragments URI 1.0 §4.2.1), and the same in other addresses.

use super::urls;
use crate::catalogue::timecode;

/// The parameters of a page: begin and end.
pub const PARAMETERS: [&str; 2] = ["t", "end"];

/// The parameters with which a frame begins; pages have only the last of them, but people change one address into the other.
pub const OF_FRAME: [&str; 2] = ["start", "t"];

/// The seconds at which playback begins and ends. Without `start` it begins where the recording does, without `end` it goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fragment {
    pub start: Option<u64>,
    pub end: Option<u64>,
}

impl Fragment {
    /// The fragment that a page was asked for.
    pub fn of(query: Option<&str>) -> Self {
        Self::beginning(query, &PARAMETERS[..1])
    }

    /// The fragment in a query, where the first of these parameters that is a moment counts as the begin. A value that is none counts
    /// as absent, and so does an end that is not after the begin.
    pub fn beginning(query: Option<&str>, starts: &[&str]) -> Self {
        let moment = |name: &str| {
            urls::parameter(query, name).and_then(|text| timecode::parse_seconds(&text))
        };
        let start = starts.iter().find_map(|name| moment(name));
        Self {
            start,
            end: moment(PARAMETERS[1]).filter(|end| *end > start.unwrap_or(0)),
        }
    }

    /// The fragment of a recording of this length: an end after that of the recording does not count, and the whole is no fragment.
    /// An unknown length limits nothing.
    pub fn within(self, length_ms: Option<u64>) -> Self {
        let is_inside = |end: &u64| {
            length_ms.is_none_or(|length| {
                let part = end - self.start.unwrap_or(0);
                part.saturating_mul(1000) < length && *end <= length.div_ceil(1000)
            })
        };
        Self {
            start: self.start,
            end: self.end.filter(is_inside),
        }
    }

    /// An address with the fragment. `start`: the parameter with which the page or the frame begins.
    pub fn behind(self, address: &str, start: &str) -> String {
        let begin = self.start.filter(|at| *at > 0).map(|at| (start, at));
        let end = self.end.map(|at| (PARAMETERS[1], at));
        let parameters = [begin, end].into_iter().flatten();
        parameters.fold(address.to_owned(), |address, (name, at)| {
            urls::with(&address, name, &at.to_string())
        })
    }

    /// The address of a page with the fragment.
    pub fn of_page(self, address: &str) -> String {
        self.behind(address, PARAMETERS[0])
    }

    /// The address of a frame with the fragment.
    pub fn of_frame(self, address: &str) -> String {
        self.behind(address, OF_FRAME[0])
    }

    /// The address of a page that goes on where the fragment ends.
    pub fn from_end(self, address: &str) -> String {
        let rest = Self {
            start: self.end,
            end: None,
        };
        rest.of_page(address)
    }

    /// Begin and end as people read them, when it has an end: `12:34`, `13:00`.
    pub fn part(self) -> Option<[String; 2]> {
        let end = self.end?;
        Some([self.start.unwrap_or(0), end].map(words))
    }
}

/// A moment as people read it.
pub fn words(seconds: u64) -> String {
    timecode::short(seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> (Option<u64>, Option<u64>) {
        let Fragment { start, end } = Fragment::of(Some(query));
        (start, end)
    }

    #[test]
    fn an_end_counts_only_after_the_begin() {
        for (query, expected) in [
            ("t=754&end=780", (Some(754), Some(780))),
            ("t=12m34s&end=13m", (Some(754), Some(780))),
            ("t=12:34&end=1:02:03", (Some(754), Some(3723))),
            ("end=13", (None, Some(13))),
            ("t=20&end=20", (Some(20), None)),
            ("t=20&end=5", (Some(20), None)),
            ("t=20&end=x", (Some(20), None)),
            ("t=-5&end=0", (None, None)),
            ("t=1e9&end=1e9", (None, None)),
            ("start=5", (None, None)),
        ] {
            assert_eq!(of(query), expected, "{query}");
        }
    }

    #[test]
    fn a_fragment_lies_inside_its_recording() {
        let whole = Fragment::default();
        for (query, length, expected) in [
            ("t=5&end=8", Some(10_000), (Some(5), Some(8))),
            ("t=5&end=10", Some(10_000), (Some(5), Some(10))),
            ("t=5&end=11", Some(10_000), (Some(5), None)),
            ("t=0&end=10", Some(10_000), (Some(0), None)),
            ("end=10", Some(10_500), (None, Some(10))),
            ("t=0", Some(0), (Some(0), None)),
            ("t=10&end=12", Some(10_000), (Some(10), None)),
            ("t=5&end=800", None, (Some(5), Some(800))),
        ] {
            let Fragment { start, end } = Fragment::of(Some(query)).within(length);
            assert_eq!((start, end), expected, "{query}");
        }
        assert_eq!(whole.of_page("/watch/x"), "/watch/x");
        assert_eq!(
            Fragment::of(Some("t=5&end=8")).of_frame("/embed/x?lang=nl"),
            "/embed/x?lang=nl&start=5&end=8"
        );
    }
}
