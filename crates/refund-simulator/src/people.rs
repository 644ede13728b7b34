//! People: who confirms, takes back, refunds by hand, decides what nobody can tell, cancels, and refunds behind our back;
//! and what comes from outside at any time, callbacks and news of receipts.
//!
//! A person who decides is honest and looks into the cabinet first, which shows what is there. What a person saw before the
//! window was over does not count; sometimes a person looks early, and sometimes what was seen is written down much later.

use crate::{
    ledger::{By, Entry},
    mutant::Mutant,
    worker::{Todo, WORKERS},
    world::{HINTS, NEVER, PERSON, STRANGER, World},
};
use refund_core::Moment;
use refund_engine::machine::{Decision, Event, Phase, ReceiptTrack};
use std::fmt::Write as _;

/// What a person saw and has not written down yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    refund: usize,
    decision: Decision,
    worker: usize,
    /// By the clock of the machine it will be written on.
    seen: Moment,
    at: u64,
}

impl<const BENT: bool> World<BENT> {
    /// Plans the refunds: full ones and parts, more than fit.
    pub(crate) fn plan(&mut self, equal: u64) {
        let captured = self.ledger.captured;
        // Equal amounts are the hardest to tell apart.
        let equal = self.dice.chance(equal).then_some(Some(300));
        for refund in 0..self.count {
            let amounts =
                [Some(100), Some(300), Some(300), Some(400), Some(600), Some(captured), None, Some(300)];
            let amount = equal.unwrap_or(self.dice.one_of(&amounts));
            self.refunds[refund].plan(amount);
            self.write_plan(refund, amount);
        }
    }

    /// Wakes the person by then at the latest.
    pub(crate) fn poke_person(&mut self, after: u64) {
        self.wakes[PERSON] = self.wakes[PERSON].min(self.now + after);
    }

    /// Somebody is wanted for a refund: mostly they come when the window is over.
    pub(crate) fn poke_person_about(&mut self, refund: usize) {
        let roll = self.dice.roll();
        let left = self.decidable_at(refund).saturating_sub(self.now);
        let early = self.stormy && roll & 7 == 0;
        let after = if early { roll >> 8 & 0x1_FFFF } else { left + (roll >> 8 & 0x3FFF) };
        self.poke_person(after + 1);
    }

    /// From when on a decision counts, as far as its machine can tell.
    fn decidable_at(&self, refund: usize) -> u64 {
        (0..WORKERS).map(|worker| self.decidable_on(refund, worker)).min().unwrap_or(0)
    }

    /// The same by the clock of one worker's machine.
    fn decidable_on(&self, refund: usize, worker: usize) -> u64 {
        let state = &self.refunds[refund].kept;
        if state.maybe_sent == 0 {
            return 0;
        }
        let site = self.workers[worker].site;
        let known = state.window_by(self.moment(site).boot);
        // A machine that does not know the window starts it again.
        known.map_or(self.now + 1_000_000, |from| self.real(site, from.after(self.policy.settle)))
    }

    /// A person does what is to be done, or what comes to mind.
    pub(crate) fn person(&mut self) {
        self.events += 1;
        let roll = self.dice.roll();
        if let Some(look) = self.look.take() {
            self.writes_down(look);
        } else {
            self.acts(roll);
        }
        let planned = (0..self.count).any(|refund| self.refunds[refund].kept.phase == Phase::Planned);
        let waiting = planned || (0..self.count).any(|refund| self.wants_person(refund));
        let after = match (waiting, self.stormy) {
            (true, _) if self.look.is_some() => {
                [1, 1, 4_000, 400_000][usize::try_from(roll >> 60 & 3).expect("two bits")]
            }
            // Some confirm a whole file at once.
            (true, true) if self.temper.batch && planned => 1 + (roll >> 40 & 0xF),
            (true, true) => 500 + (roll >> 40 & 0x7FFF),
            (true, false) => self.next_decision() + (roll >> 40 & 0xFFF),
            (false, true) => 60_000 + (roll >> 40 & 0x3_FFFF),
            (false, false) => return,
        };
        self.poke_person(after);
    }

    fn wants_person(&self, refund: usize) -> bool {
        matches!(self.refunds[refund].kept.phase, Phase::Planned | Phase::NeedsReview | Phase::ByHand)
    }

    /// How long until the first of those that wait can be decided.
    fn next_decision(&self) -> u64 {
        let waits = |refund: &usize| self.wants_person(*refund);
        let left = |refund: usize| match self.refunds[refund].kept.may_still_be_told() {
            true => 600_000,
            false => self.decidable_at(refund).saturating_sub(self.now),
        };
        (0..self.count).filter(waits).map(left).min().unwrap_or(0) + 500
    }

    fn acts(&mut self, roll: u64) {
        let first =
            usize::try_from(crate::dice::scaled(roll & 0xFFFF_FFFF, self.count as u64)).expect("few refunds");
        let wanted = (first..self.count).chain(0..first).find(|refund| self.wants_person(*refund));
        if let Some(refund) = wanted.filter(|_| !self.stormy || roll >> 32 & 15 != 0) {
            return match self.refunds[refund].kept.phase {
                Phase::Planned => self.orders(refund, Event::Approve),
                _ => self.decides(refund, roll),
            };
        }
        if !self.stormy {
            return;
        }
        if self.refunds[first].kept.on_word
            && matches!(self.refunds[first].kept.phase, Phase::Approved | Phase::Reserved)
        {
            return self.closes(first, roll);
        }
        let event = match roll >> 36 & 7 {
            0 => Event::Withdraw,
            1 => Event::TakeByHand,
            _ => Event::Nudge,
        };
        if !self.refunds[first].kept.phase.is_final() {
            self.orders(first, event);
        }
    }

    /// Somebody's wish is a run of its own, on a worker that is free.
    fn orders(&mut self, refund: usize, event: Event) {
        let free = (0..WORKERS).find(|worker| self.workers[*worker].todo == Todo::Seek);
        if let Some(worker) = free.filter(|_| !self.leased(refund)) {
            self.wakes[worker] = NEVER;
            self.take(worker, refund, event);
        }
    }

    /// Looks into the cabinet, and writes down what is there at once or later.
    fn decides(&mut self, refund: usize, roll: u64) {
        // Nobody contradicts a decision that is just being written down.
        if self.refunds[refund].watched {
            return;
        }
        let state = self.refunds[refund].kept;
        let worker = match roll >> 36 & 3 {
            0 => usize::from(roll >> 38 & 1 == 1),
            _ => usize::from(self.decidable_on(refund, 1) < self.decidable_on(refund, 0)),
        };
        if state.phase == Phase::ByHand && self.refunds[refund].effects == 0 && roll >> 38 & 3 != 0 {
            self.refunds_by_hand(refund);
        }
        let nothing = self.refunds[refund].effects == 0;
        if state.may_still_be_told() && (nothing || roll >> 44 & 1 == 0) {
            return self.orders(refund, Event::Nudge);
        }
        let decision = match nothing {
            true if self.stormy && roll >> 40 & 7 < 3 => Decision::SendAgain,
            true => Decision::DidNotHappen,
            false => Decision::Happened,
        };
        let seen = self.moment(self.workers[worker].site);
        self.tell(|_, out| write!(out, "a person looks for refund {refund}: {decision:?}"));
        self.refunds[refund].watched = true;
        let look = Seen { refund, decision, worker, seen, at: self.now };
        if self.stormy && roll >> 48 & 3 == 0 {
            self.look = Some(look);
        } else {
            self.writes_down(look);
        }
    }

    /// What was sent back on a person's word and not sent again, a person may close after another look.
    fn closes(&mut self, refund: usize, roll: u64) {
        let worker = usize::from(roll >> 38 & 1 == 1);
        if self.workers[worker].todo != Todo::Seek || self.leased(refund) || self.refunds[refund].watched {
            return;
        }
        let decision = match self.refunds[refund].effects {
            0 => Decision::DidNotHappen,
            _ => Decision::Happened,
        };
        self.refunds[refund].watched = true;
        self.refunds[refund].seen_at = self.now;
        self.wakes[worker] = NEVER;
        let seen = self.moment(self.workers[worker].site);
        self.take(worker, refund, Event::Decide { decision, seen });
    }

    fn writes_down(&mut self, look: Seen) {
        let Seen { refund, decision, worker, seen, at } = look;
        self.refunds[refund].watched = false;
        if self.workers[worker].todo != Todo::Seek || self.leased(refund) {
            return;
        }
        if !matches!(self.refunds[refund].kept.phase, Phase::NeedsReview | Phase::ByHand) {
            return;
        }
        self.refunds[refund].watched = true;
        self.refunds[refund].seen_at = at;
        self.wakes[worker] = NEVER;
        self.take(worker, refund, Event::Decide { decision, seen });
    }

    /// The run is over; a person who has looked and not written yet still watches.
    pub(crate) fn unwatch(&mut self, refund: usize) {
        if self.look.is_none_or(|look| look.refund != refund) {
            self.refunds[refund].watched = false;
        }
    }

    fn refunds_by_hand(&mut self, refund: usize) {
        let amount = self.refunds[refund].kept.amount.unwrap_or(0);
        let entry = Entry {
            by: By::Hand(refund),
            key: 0,
            amount,
            at: self.now,
            done_at: self.now,
            canceled_at: NEVER,
        };
        let applied = self.applies(entry).is_some();
        self.tell(|_, out| write!(out, "a person refunds {refund} by hand: {applied}"));
    }

    /// Somebody refunds behind our back, often as much as we want to; or cancels what the gateway still works on.
    pub(crate) fn stranger(&mut self) {
        self.events += 1;
        let roll = self.dice.roll();
        if self.cancelable() && (roll & 1 == 0 || !self.kind.strangers()) {
            self.cancels();
        } else {
            let amount = [50, 100, 300, 300][usize::try_from(roll >> 2 & 3).expect("two bits")];
            let entry = Entry {
                by: By::Stranger,
                key: 0,
                amount,
                at: self.now,
                done_at: self.now,
                canceled_at: NEVER,
            };
            let applied = self.applies(entry).is_some();
            self.tell(|_, out| write!(out, "a stranger refunds {amount}: {applied}"));
        }
        self.wakes[STRANGER] = self.now + 30_000 + self.dice.below(1_500_000);
    }

    /// At a readable gateway the refunded sum never falls: evidence is read from it, so there nobody cancels.
    pub(crate) fn cancelable(&self) -> bool {
        self.kind.keyed() || self.kind.blind() || self.is(Mutant::SumFalls)
    }

    /// What a person vouched for, or just looks at, nobody cancels.
    fn cancels(&mut self) {
        let open = self.ledger.entries.iter().position(|entry| {
            let By::Request(refund) = entry.by else { return false };
            let one = &self.refunds[refund];
            entry.done_at > self.now && !entry.canceled() && !one.vouched && !one.watched
        });
        let Some(index) = open else { return };
        let By::Request(refund) = self.ledger.entries[index].by else { return };
        self.ledger.cancel(index, self.now);
        self.refunds[refund].effects -= 1;
        self.tell(|_, out| write!(out, "refund {refund} is cancelled in the cabinet"));
        self.ends(refund);
    }

    /// A callback about this refund will come, early or late.
    pub(crate) fn hint_about(&mut self, _refund: usize) {
        if self.stormy && self.wakes[HINTS] != NEVER {
            let soon = self.now + 1 + self.dice.below(3_000);
            self.wakes[HINTS] = self.wakes[HINTS].min(soon);
        }
    }

    /// A callback or news of a receipt comes, whenever it likes, sometimes twice; or a file is planned once more.
    pub(crate) fn hint(&mut self) {
        self.events += 1;
        let roll = self.dice.roll();
        let refund =
            usize::try_from(crate::dice::scaled(roll & 0xFFFF_FFFF, self.count as u64)).expect("few refunds");
        match roll >> 32 & 7 {
            0..=3 => {
                if self.is(Mutant::CallbackSettles) {
                    self.refunds[refund].hinted = true;
                }
                self.orders(refund, Event::Hint);
            }
            4..=5 => {
                let tracks =
                    [ReceiptTrack::Pending, ReceiptTrack::Done, ReceiptTrack::Failed, ReceiptTrack::Failed];
                let track = tracks[usize::try_from(roll >> 40 & 3).expect("two bits")];
                self.orders(refund, Event::ReceiptNews(track));
            }
            _ => self.plans_again(refund, roll),
        }
        // Every fourth comes twice.
        let again = roll >> 44 & 3 == 0;
        self.wakes[HINTS] = self.now + if again { 1 } else { 30_000 + self.dice.below(600_000) };
    }

    /// The same request under the same key changes nothing; another one is refused.
    fn plans_again(&mut self, refund: usize, roll: u64) {
        let planned = self.refunds[refund].planned;
        let asked = if roll >> 46 & 1 == 0 { planned } else { Some(planned.map_or(1, |amount| amount + 1)) };
        let same = asked == planned;
        self.tell(|_, out| write!(out, "refund {refund} is planned again, the same: {same}"));
        if !same && self.is(Mutant::PlanReplaces) && self.refunds[refund].kept.lineage == 0 {
            self.refunds[refund].kept.amount = asked;
        }
        let amount = self.refunds[refund].kept.amount;
        if planned.is_some() && amount != planned {
            self.broke(crate::judge::Invariant::D5);
        }
    }

    pub(crate) fn hinted(&mut self, refund: usize) -> bool {
        std::mem::take(&mut self.refunds[refund].hinted)
    }
}
