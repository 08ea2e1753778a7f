//! What was decided for visitors: which file an address of a recording gives them. In: the address, the revision of the catalogue and
//! the moment. Out: the file, if the catalogue would still say the same. A range of a public recording asks no database that way.
//!
//! A decision is of one revision, which every change that visitors can see moves, and of a span of time in which no planned moment of
//! its recording lies. Only what is found is kept: a refusal is decided each time.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sendable::Sendable;
use crate::catalogue::PublicId;

/// Most decisions that are kept, at less than 1 kB each.
const MOST: usize = 1024;

/// The id and the version in an address.
pub(super) type Address = (PublicId, String);

/// The decisions of a portal. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Decisions(Arc<Mutex<HashMap<Address, Decision>>>);

struct Decision {
    revision: u64,
    /// UTC seconds.
    seconds: Range<i64>,
    file: Arc<Sendable>,
}

impl Decisions {
    /// The file that an address gives visitors in this revision and at this moment (UTC seconds); `None`: to be decided.
    pub fn get(&self, address: &Address, revision: u64, now: i64) -> Option<Arc<Sendable>> {
        let decisions = self.decisions();
        let decision = decisions.get(address)?;
        let holds = decision.revision == revision && decision.seconds.contains(&now);
        holds.then(|| Arc::clone(&decision.file))
    }

    /// Keeps what was decided in this revision, for these seconds.
    pub fn keep(&self, address: Address, revision: u64, seconds: Range<i64>, file: &Arc<Sendable>) {
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

    fn decisions(&self) -> MutexGuard<'_, HashMap<Address, Decision>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
