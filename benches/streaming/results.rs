//! What all rounds gave, and how two servers compare: the median of the ratios of each round.

use std::collections::BTreeMap;

use crate::measured::{Measured, Quantity, Spread};
use crate::scenarios::{Scenario, lower_is_better};
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

    /// The better nginx with sendfile of a scenario.
    pub fn nginx(&self, scenario: &Scenario) -> Option<Kind> {
        let quantity = scenario.compared()[0];
        let both = Kind::ALL.into_iter().filter(|kind| kind.is_reference());
        let both = both.filter_map(|kind| {
            let median = self.figure(scenario.name, kind, quantity)?.median;
            let badness = if lower_is_better(quantity) {
                median
            } else {
                -median
            };
            Some((kind, badness))
        });
        let best = both.min_by(|(_, one), (_, other)| one.total_cmp(other));
        best.map(|(kind, _)| kind)
    }
}
