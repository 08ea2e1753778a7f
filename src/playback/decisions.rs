//! What was decided for visitors: which file an address of a recording gives them. In: the address, the revision of the catalogue and
//! the moment. Out: the file, if the catalogue would still say the same. A range of a public recording asks no database that way.
//!
//! A decision is of one revision, which every change that visitors can see moves, and of a span of time in which no planned moment of
//! its recording lies. Only what is found is kept: a refusal is decided each time.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sendable::Sendable;

/// Most decisions that are kept, at less than 1 kB each.
const MOST: usize = 1024;

/// The decisions of a portal, by the path of an address as the portal writes it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Decisions(Arc<Mutex<HashMap<String, Decision>>>);

struct Decision {
    revision: u64,
    /// UTC seconds.
    seconds: Range<i64>,
    file: Arc<Sendable>,
}

impl Decisions {
    /// The file that an address gives visitors in this revision and at this moment (UTC seconds); `None`: to be decided.
    pub(super) fn get(&self, address: &str, revision: u64, now: i64) -> Option<Arc<Sendable>> {
        let decisions = self.decisions();
        let decision = decisions.get(address)?;
        let holds = decision.revision == revision && decision.seconds.contains(&now);
        holds.then(|| Arc::clone(&decision.file))
    }

    /// Keeps what was decided for an address in this revision, for these seconds.
    pub(super) fn keep(
        &self,
        address: String,
        revision: u64,
        seconds: Range<i64>,
        file: &Arc<Sendable>,
    ) {
        if seconds.is_empty() {
            return;
        }
        let mut decisions = self.decisions();
        if decisions.len() >= MOST && !decisions.contains_key(&address) {
            decisions.retain(|_, decision| decision.revision == revision);
            if decisions.len() >= MOST {
                decisions.clear();
            }
        }
        let file = Arc::clone(file);
        decisions.insert(
            address,
            Decision {
                revision,
                seconds,
                file,
            },
        );
    }

    fn decisions(&self) -> MutexGuard<'_, HashMap<String, Decision>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
