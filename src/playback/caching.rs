//! What caches may do with the bytes of a recording: a file, a hand-out or a picture.

use crate::catalogue::recording::Sharing;

/// Seconds for which a browser may keep public bytes without asking. What was watched a moment ago plays on without a question,
/// and what may be withdrawn has to be asked for again, which costs a 304.
const BROWSER_SECONDS: i64 = 600;

/// Seconds for which a cache that many people share may do so (RFC 9111 §5.2.2.10): what is withdrawn is gone there within a minute.
const SHARED_SECONDS: i64 = 60;

/// How an answer with bytes may be kept.
#[derive(Debug, Clone)]
pub(super) struct Caching {
    /// The `Cache-Control` of the answer.
    pub control: String,
    /// Whether everybody gets this answer.
    is_public: bool,
}

impl Caching {
    /// Caches keep only what everybody may see, never beyond the moment at which it stops being so. The rest is asked for again each
    /// time, because a password, a link or a sign-in may end at any moment.
    pub fn of(sharing: &Sharing, now: i64) -> Self {
        let control = if sharing.is_public {
            let [browser, shared] =
                [BROWSER_SECONDS, SHARED_SECONDS].map(|most| sharing.seconds(most, now));
            format!("public, max-age={browser}, s-maxage={shared}")
        } else {
            "private, no-cache".to_owned()
        };
        Self {
            control,
            is_public: sharing.is_public,
        }
    }

    /// Until when visitors get the same answer, if nothing is changed (UTC seconds): what ends soon is said to be kept for less and less
    /// time.
    pub fn same_until(sharing: &Sharing) -> i64 {
        sharing
            .visible_until
            .map_or(i64::MAX, |until| until.saturating_sub(BROWSER_SECONDS))
    }

    /// For the picture of a recording that visitors may not see any more: it says nothing of it, and is asked for each time, because
    /// the recording may come back.
    pub fn neutral() -> Self {
        Self {
            control: "no-cache".to_owned(),
            is_public: true,
        }
    }

    /// The same answer while a better one is being made: everybody asks for it each time.
    pub fn soon(self) -> Self {
        match self.is_public {
            true => Self::neutral(),
            false => self,
        }
    }

    /// For an answer that only a coordinator gets, and that no cache keeps.
    pub fn none() -> Self {
        Self {
            control: "no-store".to_owned(),
            is_public: false,
        }
    }

    /// The strong entity tag of an answer. `name`: what names the bytes.
    ///
    /// What is not public has tags of its own: a shared cache that kept the bytes while they were public asks whether they still
    /// hold in the name of whoever comes, also of a coordinator. A 304 would make it keep them for everybody (nginx goes by the
    /// headers it has stored).
    pub fn etag(&self, name: &str) -> String {
        match self.is_public {
            true => format!("\"{name}\""),
            false => format!("\"{name}-private\""),
        }
    }

    /// Whether a date is a validator of the answer, for the same reason.
    pub fn has_date(&self) -> bool {
        self.is_public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_keeps_a_file_no_longer_than_it_may_be_seen() {
        let now = 1_000_000_000;
        for (is_public, left, expected) in [
            (true, None, "public, max-age=600, s-maxage=60"),
            (true, Some(601), "public, max-age=600, s-maxage=60"),
            (true, Some(90), "public, max-age=90, s-maxage=60"),
            (true, Some(30), "public, max-age=30, s-maxage=30"),
            (true, Some(0), "public, max-age=0, s-maxage=0"),
            (true, Some(-60), "public, max-age=0, s-maxage=0"),
            (false, None, "private, no-cache"),
            (false, Some(60), "private, no-cache"),
        ] {
            let visible_until = left.map(|left| now + left);
            let sharing = Sharing {
                is_public,
                visible_until,
            };
            assert_eq!(Caching::of(&sharing, now).control, expected);
        }
    }
}
