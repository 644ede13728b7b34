//! What the machine is driven with: every kind of gateway, every event, moments before and after each of its limits.
//!
//! These are values, no rules: what the machine does with them is read off the machine. A test compares the events
//! with the engine's source, so that a new one cannot be left out.

use refund_core::{Actors, BootId, DoubtReason, KeyTrust, Moment, NotSentReason, SelfFencing, Tier};
use refund_engine::{
    Policy, Record, State,
    machine::{Baseline, BaselineRole, Decision, Event, FiredKind, ProbedKind, ReceiptTrack, StatusKind},
};
use std::time::Duration;

/// The tiers, as people call them.
pub(crate) const TIERS: [(&str, Tier); 5] = [
    ("keyed, verified", Tier::Keyed { trust: KeyTrust::Verified, actors: Actors::OnlyUs }),
    ("keyed, by its documents only", Tier::Keyed { trust: KeyTrust::Documented, actors: Actors::OnlyUs }),
    ("readable, only us", Tier::Readable(Actors::OnlyUs)),
    ("readable, shared", Tier::Readable(Actors::Shared)),
    ("blind", Tier::Blind),
];

/// Every tier, and self-fencing where little else decides.
pub(crate) fn policies() -> impl Iterator<Item = Policy> {
    let fenced = [Tier::Readable(Actors::Shared), Tier::Blind];
    let plain = TIERS.into_iter().map(|(_, tier)| policy(tier, SelfFencing::Off));
    plain.chain(fenced.map(|tier| policy(tier, SelfFencing::On)))
}

/// Of 1000: 600 twice does not fit, so the gateway's balance is a fence where it is relied on.
pub(crate) const AMOUNT: i64 = 600;

/// Sends of a lineage at most.
pub(crate) const ATTEMPTS: u16 = 2;

/// A permit lives 5 seconds, the window 900, agreeing looks are 60 apart, the status is asked after 10 and 20.
pub(crate) fn policy(tier: Tier, self_fencing: SelfFencing) -> Policy {
    Policy {
        tier,
        self_fencing,
        poll: const { &[Duration::from_secs(10), Duration::from_secs(20)] },
        settle: Duration::from_secs(900),
        confirm_gap: Duration::from_secs(60),
        attempts_max: ATTEMPTS,
        fire_within: Duration::from_secs(5),
    }
}

/// So many seconds after a story begins.
pub(crate) const fn at(seconds: u64) -> Moment {
    Moment::new(BootId(1), 1_000_000 + seconds * 1_000)
}

/// The same after a restart of the machine.
pub(crate) const fn elsewhere(seconds: u64) -> Moment {
    Moment { boot: BootId(2), ..at(seconds) }
}

/// Moments a story passes, in this order: everything is fresh; the window is over; looks are far enough apart; the
/// machine was restarted.
pub(crate) const PASSING: [Moment; 4] = [at(0), at(3_600), at(7_200), elsewhere(0)];

/// What somebody wants.
pub(crate) fn plans() -> [Record; 2] {
    [Some(AMOUNT), None].map(|amount| Record::Planned { amount })
}

/// Against which an unknown outcome is read.
pub(crate) const EVIDENCE: Baseline =
    Baseline { captured: 1_000, refunded: Some(0), used: 0, role: BaselineRole::Evidence };

/// Against which nothing is read.
pub(crate) const UNUSED: Baseline =
    Baseline { captured: 1_000, refunded: None, used: 0, role: BaselineRole::Unused };

/// The gateway shows less than is known to be done.
const LAGGING: Baseline = Baseline { used: 1, ..EVIDENCE };

/// What the driver makes of a look at this kind of gateway.
pub(crate) fn baseline(tier: Tier) -> Baseline {
    if tier == Tier::Blind { UNUSED } else { EVIDENCE }
}

/// Every event, as it may come now.
pub(crate) fn events(tier: Tier, now: Moment) -> Vec<Event> {
    let mut events = vec![
        Event::Go,
        Event::Nudge,
        Event::Hint,
        Event::Paused { until: now.after(Duration::from_secs(60)) },
        Event::Approve,
        Event::Withdraw,
        Event::TakeByHand,
        Event::ReceiptNews(ReceiptTrack::Done),
        Event::LookedUp(baseline(tier)),
        Event::LookedUp(LAGGING),
        Event::LookupFailed,
        Event::Checked { amount: AMOUNT },
        Event::Broken,
        Event::ReserveDone,
        Event::ReserveOutdated,
        Event::OverBudget,
        Event::BudgetMoved,
        Event::PaymentBusy,
        Event::OpenDone,
        Event::NotSent(NotSentReason::Dns),
        Event::ArmDone,
        Event::KeepDone,
    ];
    events.extend(DECISIONS.map(|decision| Event::Decide { decision, seen: now }));
    events.extend(FIRED.map(Event::Fired));
    events.extend(STATUSES.map(Event::Status));
    events.extend(PROBED.map(Event::Probed));
    events
}

const DECISIONS: [Decision; 3] = [Decision::Happened, Decision::DidNotHappen, Decision::SendAgain];

/// No answer at all.
pub(crate) const NO_ANSWER: FiredKind = FiredKind::Unknown { why: DoubtReason::Timeout, salvaged: false };

/// An answer cut short behind the reference.
pub(crate) const CUT: FiredKind = FiredKind::Unknown { why: DoubtReason::TruncatedReply, salvaged: true };

const FIRED: [FiredKind; 6] = [
    FiredKind::Accepted,
    FiredKind::Settled,
    FiredKind::Declined,
    FiredKind::DeclinedUnconfirmed,
    NO_ANSWER,
    CUT,
];

const STATUSES: [StatusKind; 6] = [
    StatusKind::Processing,
    StatusKind::Settled,
    StatusKind::Canceled,
    StatusKind::Mismatch,
    StatusKind::Unrecognised,
    StatusKind::Failed,
];

/// What a look may show.
pub(crate) const PROBED: [ProbedKind; 5] = [
    ProbedKind::Happened,
    ProbedKind::HappenedWithReference,
    ProbedKind::NotSeen,
    ProbedKind::CannotTell,
    ProbedKind::Unreadable,
];

/// A state without what never decides where a refund goes, so that there are finitely many.
pub(crate) fn bounded(state: State) -> State {
    if state.phase.is_final() {
        return State { phase: state.phase, seq: 1, amount: state.amount, ..State::EMPTY };
    }
    State {
        seq: state.seq.min(1),
        not_sent: state.not_sent.min(1),
        asked: state.asked.min(2),
        receipt: ReceiptTrack::NotAsked,
        ..state
    }
}

/// Two lineages show everything that follows from a lineage.
pub(crate) fn within_bounds(state: &State) -> bool {
    state.lineage <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::words::{self, name};
    use std::{collections::BTreeSet, fmt::Debug};

    fn compare(kind: &str, used: &[impl Debug]) {
        let source = words::source().unwrap_or_else(|error| panic!("{error}"));
        let there = words::variants(&source, kind).unwrap_or_else(|error| panic!("{error}"));
        let there: BTreeSet<_> = there.into_iter().map(|word| word.name).collect();
        let used: BTreeSet<_> = used.iter().map(name).collect();
        assert_eq!(used, there, "{kind}: the machine is not driven with all of them");
    }

    #[test]
    fn nothing_that_can_come_is_left_out() {
        compare("Event", &events(Tier::Blind, at(0)));
        compare("FiredKind", &FIRED);
        compare("StatusKind", &STATUSES);
        compare("ProbedKind", &PROBED);
        compare("Decision", &DECISIONS);
    }
}
