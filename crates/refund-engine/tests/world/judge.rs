//! The invariants, checked after every write of the journal and every change of the ledger.
//!
//! | | |
//! |---|---|
//! | I1 | a refund is in effect at most once |
//! | I2 | what is refunded never exceeds what was captured |
//! | I3 | settled: it is in effect |
//! | I4 | declined, withdrawn, cancelled, did not happen: it is not in effect, then or ever after |
//! | I5 | what the journal claims for a payment never exceeds what was captured |
//! | I6 | every request that leaves has a durable armed record of its own, with its digest, and a live permit |
//! | I7 | one refund of a payment is unresolved at a time |
//! | I8 | a lineage has one key and one payload, and no other lineage has them |
//! | I9 | the kept state is the fold of the records, and what a run reports |
//! | I12 | once faults end, every refund becomes final in a bounded number of steps, people included |
//! | Defect | no task dies, the driver and the machine agree, the journal is never damaged |

use crate::ledger::{CAPTURED, Ledger, owner};
use refund_core::{Digest, IntentId};
use refund_engine::{Listed, Phase, Record, Recorded, State};
use std::collections::BTreeMap;

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invariant {
    I1,
    I2,
    I3,
    I4,
    I5,
    I6,
    I7,
    I8,
    I9,
    I12,
    Defect,
}

type Found = Vec<(Invariant, String)>;

/// What the judge remembers.
#[derive(Default)]
pub(crate) struct Judge {
    /// The gateway knows keys.
    pub(crate) keyed: bool,
    pub(crate) broken: BTreeMap<Invariant, String>,
    states: BTreeMap<IntentId, State>,
    /// Digests of armed records, as they were asked for.
    asked: BTreeMap<(IntentId, u32, u16), Digest>,
    /// Which armed records were fired.
    fired: BTreeMap<(IntentId, u32, u16), u32>,
    /// Key and payload of each lineage.
    lineages: BTreeMap<(IntentId, u32), (String, Digest)>,
}

/// A request as it leaves.
pub(crate) struct Leaving<'a> {
    pub(crate) key: &'a str,
    pub(crate) digest: Digest,
    /// The permit's deadline had not passed.
    pub(crate) in_time: bool,
}

impl Judge {
    /// A record was asked for; whether it is durable is seen when it is used.
    pub(crate) fn asked_to_arm(&mut self, intent: IntentId, lineage: u32, attempt: u16, digest: Digest) {
        self.asked.insert((intent, lineage, attempt), digest);
    }

    pub(crate) fn states(&mut self, listed: &[Listed]) {
        self.states = listed.iter().map(|one| (one.intent, one.state)).collect();
    }

    pub(crate) fn state(&self, intent: IntentId) -> State {
        self.states.get(&intent).copied().unwrap_or(State::EMPTY)
    }

    /// I1 to I5 and I7.
    pub(crate) fn look(&self, ledger: &Ledger) -> Found {
        let mut found = Found::new();
        for (intent, state) in &self.states {
            let effects = ledger.effects(*intent);
            if effects > 1 {
                found.push((Invariant::I1, format!("{intent} is in effect {effects} times")));
            }
            if state.phase == Phase::Settled && effects == 0 {
                found.push((Invariant::I3, format!("{intent} is settled and not in effect")));
            }
            if state.phase.is_final() && state.phase != Phase::Settled && effects > 0 {
                found.push((Invariant::I4, format!("{intent} is {} and in effect", state.phase.as_str())));
            }
        }
        let refunded = ledger.refunded(u64::MAX);
        if refunded > CAPTURED {
            found.push((Invariant::I2, format!("{refunded} refunded of {CAPTURED}")));
        }
        let claims: i64 = self.states.values().map(State::claims).sum();
        if claims > CAPTURED {
            found.push((Invariant::I5, format!("{claims} claimed of {CAPTURED}")));
        }
        let unresolved = self.states.values().filter(|state| unresolved(state)).count();
        if unresolved > 1 {
            found.push((Invariant::I7, format!("{unresolved} refunds are unresolved")));
        }
        found
    }

    /// I6 and I8, against the history as it is on disk.
    pub(crate) fn leaves(&mut self, request: &Leaving<'_>, history: &[Recorded]) -> Found {
        let mut found = Found::new();
        let Some((intent, lineage)) = owner(request.key) else {
            return vec![(Invariant::I8, format!("{} is nobody's key", request.key))];
        };
        let last = history.iter().rev().find_map(|recorded| match recorded.record {
            Record::Armed { lineage, attempt, .. } => Some((lineage, attempt)),
            _ => None,
        });
        let armed =
            last.filter(|(armed, _)| *armed == lineage).map(|(_, attempt)| (intent, lineage, attempt));
        match armed {
            Some(record) => {
                let times = self.fired.entry(record).or_default();
                *times += 1;
                if *times > 1 || self.asked.get(&record) != Some(&request.digest) || !request.in_time {
                    found.push((
                        Invariant::I6,
                        format!("{record:?} does not cover this send, number {times}"),
                    ));
                }
            }
            None => found.push((Invariant::I6, format!("{intent} lineage {lineage} leaves unarmed"))),
        }
        let known =
            self.lineages.entry((intent, lineage)).or_insert((request.key.to_owned(), request.digest));
        if *known != (request.key.to_owned(), request.digest) {
            found.push((Invariant::I8, format!("{intent} lineage {lineage} has two keys or payloads")));
        }
        found
    }
}

/// Nobody can tell what came of it. A refund that waits for a person because its status lags has a reference to be
/// told apart by.
fn unresolved(state: &State) -> bool {
    match state.phase {
        Phase::Sending | Phase::Unknown => true,
        Phase::NeedsReview => state.doubt.is_some(),
        _ => false,
    }
}
