//! What is kept beside the records, and the rules that need more than one refund: pure, for every store.
//!
//! A summary is a cache of what [`State::apply`] says, written in the record's transaction and compared with the
//! records by `verify`. This module must not know where any of it is kept.

use refund_core::IntentId;
use refund_engine::machine::Baseline;
use refund_engine::{JournalError, Phase, Record, Recorded, State};

/// What a store keeps of a state, so that it need not fold histories to find its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Where the refund stands.
    pub phase: Phase,
    /// How much, in minor units.
    pub amount: Option<i64>,
    /// The number of the last record.
    pub seq: u64,
    /// True while no other refund of the payment may be reserved.
    pub holds: bool,
    /// What it takes from the payment's budget, in minor units.
    pub claims: i64,
    /// True when a worker can go on with it: approved or later, not final, not waiting for a person.
    pub workable: bool,
}

impl From<&State> for Summary {
    fn from(state: &State) -> Self {
        Self {
            phase: state.phase,
            amount: state.amount,
            seq: state.seq,
            holds: state.holds_payment(),
            claims: state.claims(),
            workable: workable(state.phase),
        }
    }
}

/// True when a worker can go on with a refund in this phase.
pub fn workable(phase: Phase) -> bool {
    let waits = matches!(phase, Phase::Planned | Phase::NeedsReview | Phase::ByHand);
    !waits && !phase.is_final()
}

/// Where a journal's own words for phases are read back.
pub fn phase(word: &str) -> Option<Phase> {
    Phase::ALL.into_iter().find(|phase| phase.as_str() == word)
}

/// The state after this record, or why it cannot be written: it does not follow, or carries two attachments of a role.
///
/// # Errors
/// What is wrong, for [`JournalError::Broken`].
pub fn follow(state: State, recorded: &Recorded) -> Result<State, String> {
    let attachments = &recorded.attachments;
    for (index, attachment) in attachments.iter().enumerate() {
        if attachments[..index].iter().any(|earlier| earlier.role == attachment.role) {
            return Err(format!("two attachments are its {}", attachment.role.as_str()));
        }
    }
    state.apply(recorded.record).map_err(|error| error.to_string())
}

/// True for records that are written by `append`; the others have calls of their own, which check more.
pub fn is_appended(record: &Record) -> bool {
    !matches!(record, Record::Planned { .. } | Record::Reserved { .. } | Record::Armed { .. })
}

/// Another refund of the same payment, as a reservation sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sibling {
    /// Its id.
    pub intent: IntentId,
    /// Where it stands.
    pub phase: Phase,
    /// What it takes from the budget, in minor units.
    pub claims: i64,
    /// True while no other refund of the payment may be reserved.
    pub holds: bool,
}

/// Whether a refund of `amount` fits beside its siblings, given what the gateway showed.
///
/// # Errors
/// [`JournalError::PaymentBusy`] with the first sibling that holds the payment, [`JournalError::Budget`] with what is
/// left of it.
pub fn admit(amount: i64, baseline: &Baseline, siblings: &[Sibling]) -> Result<(), JournalError> {
    if let Some(holder) = siblings.iter().find(|sibling| sibling.holds) {
        return Err(JournalError::PaymentBusy { by: holder.intent });
    }
    let sum = |counted: fn(&&Sibling) -> bool| -> i128 {
        siblings.iter().filter(counted).map(|sibling| i128::from(sibling.claims)).sum()
    };
    let captured = i128::from(baseline.captured);
    let ours = captured - sum(|_| true);
    // What the gateway shows as refunded holds everything that took effect; what was never armed cannot be in it.
    let theirs = baseline
        .refunded
        .map(|refunded| captured - i128::from(refunded) - sum(|sibling| !may_be_shown(sibling.phase)));
    let left = theirs.map_or(ours, |theirs| theirs.min(ours));
    if i128::from(amount) <= left {
        return Ok(());
    }
    let left = i64::try_from(left).unwrap_or(if left < 0 { i64::MIN } else { i64::MAX });
    Err(JournalError::Budget { left })
}

/// The sibling that forbids a first send: one that was sent and holds the payment. It can come to that after our
/// reservation, when an accepted refund turns out to need a person.
pub fn overtaken_by(siblings: &[Sibling]) -> Option<IntentId> {
    let sent = |sibling: &&Sibling| sibling.holds && sibling.phase != Phase::Reserved;
    siblings.iter().find(sent).map(|sibling| sibling.intent)
}

/// True when something of it may have reached the gateway.
fn may_be_shown(phase: Phase) -> bool {
    !matches!(phase, Phase::Planned | Phase::Approved | Phase::Reserved | Phase::ByHand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_engine::machine::BaselineRole;

    fn sibling(phase: Phase, claims: i64) -> Sibling {
        Sibling { intent: IntentId(claims.unsigned_abs().into()), phase, claims, holds: false }
    }

    #[test]
    fn a_reservation_fits_or_says_what_is_left() {
        let check = |amount, captured, refunded, siblings: &[Sibling], expected| {
            let baseline = Baseline { captured, refunded, used: 0, role: BaselineRole::Unused };
            let verdict = admit(amount, &baseline, siblings);
            assert_eq!(verdict, expected, "{amount} of {captured}, {refunded:?} beside {siblings:?}");
        };
        let left = |left| Err(JournalError::Budget { left });
        let settled = sibling(Phase::Settled, 60);
        check(100, 100, None, &[], Ok(()));
        check(101, 100, None, &[], left(100));
        check(40, 100, None, &[settled], Ok(()));
        check(41, 100, None, &[settled], left(40));
        check(40, 100, Some(60), &[settled], Ok(()));
        check(40, 100, Some(0), &[settled], Ok(()));
        check(41, 100, Some(0), &[settled], left(40));
        check(40, 100, Some(61), &[settled], left(39));
        check(1, 100, Some(150), &[], left(-50));
        check(1, 100, None, &[sibling(Phase::Settled, 150)], left(-50));
        // Not armed and yet not in the way: such a sibling cannot be in the gateway's sum.
        check(40, 100, Some(0), &[sibling(Phase::Reserved, 60)], Ok(()));
        check(40, 100, Some(1), &[sibling(Phase::Reserved, 60)], left(39));
        check(1, i64::MIN, Some(i64::MAX), &[sibling(Phase::Settled, i64::MAX)], left(i64::MIN));
        let holder = Sibling { holds: true, ..sibling(Phase::Unknown, 5) };
        check(1, 100, None, &[settled, holder], Err(JournalError::PaymentBusy { by: IntentId(5) }));
    }

    #[test]
    fn only_a_sibling_that_was_sent_overtakes() {
        for phase in Phase::ALL {
            let one = Sibling { holds: true, ..sibling(phase, 1) };
            assert_eq!(overtaken_by(&[one]).is_some(), phase != Phase::Reserved, "{phase:?}");
            assert_eq!(overtaken_by(&[sibling(phase, 1)]), None, "{phase:?}");
        }
    }

    #[test]
    fn phases_are_read_back_and_sorted_by_who_goes_on() {
        let words: Vec<_> =
            Phase::ALL.into_iter().filter(|phase| workable(*phase)).map(Phase::as_str).collect();
        assert_eq!(words, ["approved", "reserved", "sending", "accepted", "processing", "unknown"]);
        for one in Phase::ALL {
            assert_eq!(phase(one.as_str()), Some(one));
        }
        assert_eq!(phase("Settled"), None);
    }
}
