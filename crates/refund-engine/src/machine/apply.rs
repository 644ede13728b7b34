//! What each record does to the state.
//!
//! [`State::apply`] is the only place where a state changes, in production, on restart and in simulation alike: the
//! state is the fold of the records, and a history that does not fit is refused with the place named. It must not know
//! how records are stored.

use super::{
    record::{Decision, HoldReason, OutOfOrder, PollAnswer, Postponement, Proof, Record, SeenVerdict},
    state::{Baseline, Look, Phase, Refusal, State, Taken},
};
use refund_core::Moment;

impl State {
    /// The state after one more record.
    ///
    /// # Errors
    /// [`OutOfOrder`] when the record cannot follow; the state is unchanged.
    #[inline]
    pub fn apply(mut self, record: Record) -> Result<Self, OutOfOrder> {
        self.apply_to(record)?;
        Ok(self)
    }

    /// Takes one more record.
    ///
    /// # Errors
    /// [`OutOfOrder`] when the record cannot follow; the state is unchanged.
    pub fn apply_to(&mut self, record: Record) -> Result<(), OutOfOrder> {
        match self.change_by(record) {
            Some(()) => {
                self.seq += 1;
                Ok(())
            }
            None => Err(self.refuse(record)),
        }
    }

    /// Whether a record can follow.
    ///
    /// # Errors
    /// [`OutOfOrder`] when it cannot.
    pub(super) fn check(&self, record: Record) -> Result<(), OutOfOrder> {
        // What is written to the copy is read by nobody, so the optimiser leaves the questions and drops the rest.
        let mut copy = *self;
        match copy.change_by(record) {
            Some(()) => Ok(()),
            None => Err(self.refuse(record)),
        }
    }

    #[cold]
    fn refuse(&self, record: Record) -> OutOfOrder {
        OutOfOrder { seq: self.seq + 1, record: record.kind(), phase: self.phase }
    }

    /// The state after a whole history.
    ///
    /// # Errors
    /// [`OutOfOrder`] at the first record that cannot follow.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Result<Self, OutOfOrder> {
        records.into_iter().try_fold(Self::EMPTY, Self::apply)
    }

    /// Every way asks first and changes then: `None` leaves the state as it was.
    #[inline(always)]
    fn change_by(&mut self, record: Record) -> Option<()> {
        use Phase as P;
        let first = self.seq == 0;
        if first != matches!(record, Record::Planned { .. }) {
            return None;
        }
        match (self.phase, record) {
            (_, Record::Planned { amount }) if amount.is_none_or(|minor| minor > 0) => self.amount = amount,
            (_, Record::Receipt(receipt)) => self.receipt = receipt,
            (P::Planned, Record::Approved) => self.phase = P::Approved,
            (P::Planned | P::Approved | P::Reserved, Record::Withdrawn { .. }) if self.never_sent() => {
                self.comes_to(P::Withdrawn);
            }
            (P::Approved | P::Reserved | P::Unknown, Record::Postponed { why, due }) => {
                self.postponed(why, due);
            }
            (P::Unknown, Record::MayResend { on }) => self.resend = Some(on),
            (P::Approved | P::Reserved, Record::Reserved { lineage, amount, baseline })
                if self.may_be_reserved(lineage, amount) =>
            {
                self.reserved(lineage, amount, baseline);
            }
            (P::Reserved, Record::TakenByHand) => self.comes_to(P::ByHand),
            (P::Reserved | P::Unknown, Record::Armed { lineage, attempt, fire_by })
                if self.may_be_sent(lineage, attempt) =>
            {
                self.armed(attempt, fire_by);
            }
            (P::Reserved | P::Unknown, Record::NotSent { due, .. }) => {
                self.not_sent = self.not_sent.saturating_add(1);
                self.due = Some(due);
            }
            (P::Sending, Record::NotSent { due, .. }) => self.unsent(due),
            (P::Sending | P::Unknown, Record::Accepted { due }) => {
                self.sure();
                self.phase = P::Accepted;
                self.taken = Taken::Yes;
                (self.asked, self.not_sent) = (0, 0);
                self.due = Some(due);
            }
            (P::Sending, Record::Settled { by: Proof::Reply })
            | (P::Unknown, Record::Settled { by: Proof::Evidence })
            | (P::Accepted | P::Processing, Record::Settled { by: Proof::Status }) => self.settled(),
            (P::NeedsReview, Record::Settled { by: Proof::Status }) if self.may_still_be_told() => {
                self.settled();
            }
            (P::Sending, Record::Declined) if self.only_copy() => self.closed(P::Declined),
            (P::Unknown, Record::Declined) if self.only_copy() && self.refusal == Refusal::Unconfirmed => {
                self.closed(P::Declined);
            }
            (P::Sending, Record::Doubted { why, refusal, salvaged, due }) => {
                self.phase = P::Unknown;
                self.doubt = Some(why);
                self.refusal = refusal;
                // A reference that an earlier attempt of the lineage brought is not lost by a later doubt.
                self.salvaged |= salvaged;
                self.look = None;
                self.asked = 0;
                self.due = Some(due);
            }
            (P::Unknown, Record::WindowRestarted { from, due }) => {
                self.restarted(from);
                self.due = Some(due);
            }
            (P::NeedsReview, Record::WindowRestarted { from, .. }) => self.restarted(from),
            (P::Unknown, Record::Looked { verdict, at, due }) => self.looked(Look { verdict, at }, due),
            (P::Unknown, Record::ProvenNot) => self.closed(P::Reserved),
            (P::Accepted | P::Processing, Record::Polled { answer, due }) => self.polled(answer, due),
            // Of two copies of one lineage the other may stand, unless a key made one refund of them. That is the
            // policy's to know, so the fold takes the machine's word for it; two lineages never are one refund.
            (_, Record::Canceled) if self.may_be_asked_for() && !self.on_word => self.closed(P::Canceled),
            (P::Unknown | P::Accepted | P::Processing, Record::Held { why }) => self.held(why),
            (P::NeedsReview, Record::Held { why: why @ HoldReason::RefusedOnResend })
                if self.may_still_be_told() =>
            {
                self.held(why);
            }
            (P::Reserved | P::Sending, Record::Held { why }) if self.on_word => self.held(why),
            // Only what was taken and cancelled is approved on a word: sent again it queues as it did.
            (P::Approved, Record::Held { why }) if self.on_word => {
                self.held(why);
                self.taken = Taken::Canceled;
            }
            (P::NeedsReview | P::ByHand, Record::Decided { decision }) if self.may_be_decided(decision) => {
                self.decided(decision);
            }
            (P::Approved | P::Reserved, Record::Decided { decision })
                if self.on_word && decision != Decision::SendAgain && self.may_be_decided(decision) =>
            {
                self.decided(decision);
            }
            _ => return None,
        }
        Some(())
    }

    fn comes_to(&mut self, phase: Phase) {
        (self.phase, self.due) = (phase, None);
    }

    /// True when nothing but the last attempt may have taken effect: only then a refusal speaks of the refund.
    fn only_copy(&self) -> bool {
        self.maybe_sent == 1 && !self.on_word
    }

    /// Only a lineage of which nothing may have left can take a new baseline.
    fn may_be_reserved(&self, lineage: u32, amount: i64) -> bool {
        let expected = if self.maybe_sent == 0 && self.attempt == 0 && self.lineage > 0 {
            self.lineage
        } else {
            self.lineage + 1
        };
        self.maybe_sent == 0
            && lineage == expected
            && amount > 0
            && self.amount.is_none_or(|fixed| fixed == amount)
    }

    fn reserved(&mut self, lineage: u32, amount: i64, baseline: Baseline) {
        self.comes_to(Phase::Reserved);
        (self.lineage, self.attempt) = (lineage, 0);
        self.amount = Some(amount);
        self.baseline = Some(baseline);
    }

    /// A first send needs a reservation nothing has become of yet, a resend the reason why it cannot double.
    fn may_be_sent(&self, lineage: u32, attempt: u16) -> bool {
        let ready = self.resend.is_some() || self.may_be_armed();
        ready && lineage == self.lineage && attempt == self.attempt + 1
    }

    fn armed(&mut self, attempt: u16, fire_by: Moment) {
        self.comes_to(Phase::Sending);
        self.attempt = attempt;
        self.maybe_sent = self.maybe_sent.saturating_add(1);
        self.window_from = Some(fire_by);
        self.window_elsewhere = [None; 2];
        self.resend = None;
    }

    /// This attempt is proven unsent: back to where the lineage was before it.
    fn unsent(&mut self, due: Moment) {
        self.maybe_sent = self.maybe_sent.saturating_sub(1);
        self.phase = if self.maybe_sent == 0 { Phase::Reserved } else { Phase::Unknown };
        self.not_sent = self.not_sent.saturating_add(1);
        self.due = Some(due);
    }

    /// A pause is nobody's failure: it does not make the next back-off longer.
    fn postponed(&mut self, why: Postponement, due: Moment) {
        let counted = u16::from(why != Postponement::Paused);
        self.not_sent = self.not_sent.saturating_add(counted);
        self.due = Some(due);
    }

    /// One more boot knows the window. The moments of the others stay, the two latest of them, so that machines which
    /// look in turn do not start it again for ever.
    fn restarted(&mut self, from: Moment) {
        let known = [self.window_from, self.window_elsewhere[0], self.window_elsewhere[1]];
        let mut others = known.into_iter().flatten().filter(|moment| moment.boot != from.boot);
        self.window_elsewhere = [others.next(), others.next()];
        self.window_from = Some(from);
        self.look = None;
        self.due = None;
    }

    fn looked(&mut self, look: Look, due: Moment) {
        let stands = self.look.is_some_and(|old| old.at.boot == look.at.boot);
        if look.verdict == SeenVerdict::NotSeen && !stands {
            self.look = Some(look);
        }
        self.asked = self.asked.saturating_add(1);
        self.due = Some(due);
    }

    /// News that came between two places of the schedule (the due moment stays) use none of them up.
    fn polled(&mut self, answer: PollAnswer, due: Moment) {
        let news = self.phase == Phase::Accepted && answer == PollAnswer::Processing;
        let counted = u16::from(!(news && self.due == Some(due)));
        if answer == PollAnswer::Processing {
            self.phase = Phase::Processing;
        }
        self.asked = self.asked.saturating_add(counted);
        self.due = Some(due);
    }

    fn settled(&mut self) {
        self.sure();
        self.comes_to(Phase::Settled);
    }

    /// The doubt is over.
    fn sure(&mut self) {
        (self.doubt, self.refusal, self.look, self.resend) = (None, Refusal::None, None, None);
    }

    /// The lineage is over: nothing of it may have an effect any more. Its baseline stays.
    fn closed(&mut self, phase: Phase) {
        self.sure();
        self.comes_to(phase);
        (self.maybe_sent, self.salvaged, self.taken, self.not_sent) = (0, false, Taken::No, 0);
    }

    fn held(&mut self, why: HoldReason) {
        self.comes_to(Phase::NeedsReview);
        if self.taken == Taken::Yes && why == HoldReason::RefusedOnResend {
            self.taken = Taken::Canceled;
        }
    }

    /// Others may have reserved while this one was accepted: it queues again, or two reservations would wait for each
    /// other for ever.
    fn let_others_in(&self) -> bool {
        self.taken != Taken::No && !self.baseline.is_some_and(|baseline| baseline.is_evidence())
    }

    /// Whether the settle window is over is asked before it is written (`begin`): the fold knows no time. That the gateway
    /// may still carry it out is known here.
    fn may_be_decided(&self, decision: Decision) -> bool {
        decision == Decision::Happened || self.taken != Taken::Yes
    }

    fn decided(&mut self, decision: Decision) {
        match decision {
            Decision::Happened => self.settled(),
            Decision::DidNotHappen => self.closed(Phase::DidNotHappen),
            Decision::SendAgain => {
                let phase = if self.let_others_in() { Phase::Approved } else { Phase::Reserved };
                self.on_word |= self.maybe_sent > 0;
                self.closed(phase);
                // What was reserved before is old by now, also if nothing was sent: it is looked at and made again.
                self.baseline = None;
            }
        }
    }
}
