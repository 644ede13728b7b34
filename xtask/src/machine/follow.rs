//! Which record may follow in which phase, found by folding: every record at every state that can be folded, from the
//! empty one on.
//!
//! The records are those the machine writes itself. What it would not write here, though the fold would take it, is
//! taken too: the table is about the fold.

use super::{
    alphabet::{bounded, within_bounds},
    drive::timeless,
};
use refund_engine::{Phase, Record, State};
use std::collections::{BTreeMap, BTreeSet};

/// Before the first record, or a phase.
pub(crate) type Place = Option<Phase>;

/// What folding brought.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    /// Where each record leads from each place. What is not here is refused.
    pub(crate) cells: BTreeMap<(Place, &'static str), BTreeSet<Phase>>,
    /// Every state, as far as it decides where a refund goes.
    pub(crate) states: Vec<State>,
}

/// Folds every history of these records, within bounds.
pub(crate) fn follow(records: &[Record]) -> Followed {
    let (mut followed, mut known, mut open) = (Followed::default(), BTreeSet::new(), vec![State::EMPTY]);
    while let Some(state) = open.pop() {
        if !within_bounds(&state) || !known.insert(timeless(&state)) {
            continue;
        }
        followed.states.push(state);
        for record in records {
            if let Ok(next) = state.apply(*record) {
                followed.cells.entry((place(&state), record.kind())).or_default().insert(next.phase);
                open.push(bounded(next));
            }
        }
    }
    followed
}

/// Where a state stands.
pub(crate) fn place(state: &State) -> Place {
    (state.seq > 0).then_some(state.phase)
}

impl Followed {
    /// How a question is answered by the states of a phase: by all of them alike, or not.
    pub(crate) fn of_phase(&self, phase: Phase, holds: impl Fn(&State) -> bool) -> Answer {
        let (mut yes, mut no) = (false, false);
        for state in self.states.iter().filter(|state| place(state) == Some(phase)) {
            match holds(state) {
                true => yes = true,
                false => no = true,
            }
        }
        match (yes, no) {
            (true, false) => Answer::Always,
            (true, true) => Answer::Sometimes,
            (false, _) => Answer::Never,
        }
    }
}

/// See [`Followed::of_phase`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By every state.
    Always,
    /// By some.
    Sometimes,
    /// By none.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::alphabet::plans;
    use refund_engine::machine::WithdrawReason;

    #[test]
    fn a_small_alphabet_is_folded_to_its_end() {
        let mut records = plans().to_vec();
        records.extend([Record::Approved, Record::Withdrawn { why: WithdrawReason::Person }]);
        let followed = follow(&records);
        let cells: Vec<_> =
            followed.cells.iter().map(|((from, kind), to)| (*from, *kind, to.len())).collect();
        let expected = [
            (None, "planned", 1),
            (Some(Phase::Planned), "approved", 1),
            (Some(Phase::Planned), "withdrawn", 1),
            (Some(Phase::Approved), "withdrawn", 1),
        ];
        assert_eq!(cells, expected);
        assert_eq!(followed.of_phase(Phase::Withdrawn, |state| state.amount.is_none()), Answer::Sometimes);
        assert_eq!(followed.of_phase(Phase::Withdrawn, |state| state.phase.is_final()), Answer::Always);
        assert_eq!(followed.of_phase(Phase::Sending, |_| true), Answer::Never);
    }
}
