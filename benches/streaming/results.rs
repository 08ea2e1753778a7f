//! What all rounds gave, and how two servers compare: the median of the ratios of each round.

use std::collections::BTreeMap;

use crate::measured::{Measured, Quantity, Spread};
use crate::servers::Kind;

#[derive(Default)]
pub struct Results(BTreeMap<(&'static str, Kind), Vec<Measured>>);

impl Results {
    pub fn add(&mut self, scenario: &'static str, kind: Kind, round: Measured) {
        self.0.entry((scenario, kind)).or_default().push(round);
    }

    pub fn rounds(&self, scenario: &'static str, kind: Kind) -> &[Measured] {
        let found = self.0.get(&(scenario, kind));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    pub fn figure(&self, scenario: &'static str, kind: Kind, quantity: Quantity) -> Option<Spread> {
        let rounds = self.rounds(scenario, kind);
        Spread::of(rounds.iter().map(|round| quantity.of(round)))
    }

    /// How a server stands to another, round by round.
    pub fn ratio(
        &self,
        scenario: &'static str,
        (kind, other): (Kind, Kind),
        quantity: Quantity,
    ) -> Option<Spread> {
        let (ours, theirs) = (self.rounds(scenario, kind), self.rounds(scenario, other));
        let pairs = ours.iter().zip(theirs);
        let pairs = pairs.map(|(one, other)| (quantity.of(one), quantity.of(other)));
        let ratios = pairs.filter(|(_, other)| *other > 0.0);
        Spread::of(ratios.map(|(one, other)| one / other))
    }

    /// The nginx with sendfile that is better at this.
    pub fn nginx(&self, scenario: &'static str, quantity: Quantity) -> Option<Kind> {
        let both = Kind::ALL.into_iter().filter(|kind| kind.is_reference());
        let both = both.filter_map(|kind| {
            let median = self.figure(scenario, kind, quantity)?.median;
            let badness = match quantity.is_better_larger() {
                true => -median,
                false => median,
            };
            Some((kind, badness))
        });
        let best = both.min_by(|(_, one), (_, other)| one.total_cmp(other));
        best.map(|(kind, _)| kind)
    }
}
