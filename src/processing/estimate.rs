//! What the steps cost, for each hour of a recording: a rough measure for people who decide when. In: steps and the lengths of the
//! originals that they are to be done for. Out: computing time and storage.

/// By step: minutes of computing on two processors of a small server at 1080p, and megabytes that stay.
const PER_HOUR: &[(&str, u64, u64)] = &[
    ("full", 60, 2000),
    ("small", 12, 240),
    // The sound as Opus alone.
    ("small again", 1, 13),
    ("medium", 30, 800),
    ("hash", 1, 0),
];

const HOUR_MS: u128 = 60 * 60 * 1000;
const MINUTE_MS: u128 = 60 * 1000;
const MB: u128 = 1_000_000;

/// Milliseconds of computing and bytes of storage. `steps`: with the length of all originals of each, in milliseconds.
pub fn of(steps: &[(String, u64)]) -> (u64, u64) {
    let (mut time_ms, mut bytes) = (0, 0);
    for (step, length_ms) in steps {
        let cost = PER_HOUR.iter().find(|(name, _, _)| name == step);
        let (_, minutes, mb) = cost.copied().unwrap_or_default();
        let length_ms = u128::from(*length_ms);
        time_ms += length_ms * u128::from(minutes) * MINUTE_MS / HOUR_MS;
        bytes += length_ms * u128::from(mb) * MB / HOUR_MS;
    }
    (
        u64::try_from(time_ms).unwrap_or(u64::MAX),
        u64::try_from(bytes).unwrap_or(u64::MAX),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_costs_what_its_steps_cost() {
        let hours = |hours: u64| hours * 60 * 60 * 1000;
        let steps = [
            ("small".to_owned(), hours(10)),
            ("hash".to_owned(), hours(10)),
            ("unheard".to_owned(), hours(10)),
        ];
        assert_eq!(
            of(&steps),
            (hours(2) + 10 * 60 * 1000, 10 * 240 * 1_000_000)
        );
        assert_eq!(of(&[]), (0, 0));
        of(&[("full".to_owned(), u64::MAX)]);
    }
}
