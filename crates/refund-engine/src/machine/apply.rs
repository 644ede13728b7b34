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
    pub fn apply(self, record: Record) -> Result<Self, OutOfOrder> {
        let refuse = OutOfOrder { seq: self.seq + 1, record: record.kind(), phase: self.phase };
        let mut next = self.changed_by(record).ok_or(refuse)?;
        next.seq = self.seq + 1;
        Ok(next)
    }

    /// The state after a whole history.
    ///
    /// # Errors
    /// [`OutOfOrder`] at the first record that cannot follow.
    pub fn fold(records: impl IntoIterator<Item = Record>) -> Result<Self, OutOfOrder> {
        records.into_iter().try_fold(Self::EMPTY, Self::apply)
    }

    #[inline]
    fn changed_by(self, record: Record) -> Option<Self> {
        use Phase as P;
        let first = self.seq == 0;
        if first != matches!(record, Record::Planned { .. }) {
            return None;
        }
        match (self.phase, record) {
            (_, Record::Planned { amount }) => {
                (amount.is_none_or(|minor| minor > 0)).then_some(Self { amount, ..self })
            }
            (_, Record::Receipt(receipt)) => Some(Self { receipt, ..self }),
            (P::Planned, Record::Approved) => Some(Self { phase: P::Approved, ..self }),
            (P::Planned | P::Approved | P::Reserved, Record::Withdrawn { .. }) if self.never_sent() => {
                Some(Self { phase: P::Withdrawn, due: None, ..self })
            }
            (P::Approved | P::Reserved | P::Unknown, Record::Postponed { why, due }) => {
                Some(self.postponed(why, due))
            }
            (P::Unknown, Record::MayResend { on }) => Some(Self { resend: Some(on), ..self }),
            (P::Approved | P::Reserved, Record::Reserved { lineage, amount, baseline }) => {
                self.reserved(lineage, amount, baseline)
            }
            (P::Reserved, Record::TakenByHand) => Some(Self { phase: P::ByHand, due: None, ..self }),
            (P::Reserved | P::Unknown, Record::Armed { lineage, attempt, fire_by }) => {
                self.armed(lineage, attempt, fire_by)
            }
            (P::Reserved | P::Unknown, Record::NotSent { due, .. }) => {
                Some(Self { not_sent: self.not_sent.saturating_add(1), due: Some(due), ..self })
            }
            (P::Sending, Record::NotSent { due, .. }) => Some(self.unsent(due)),
            (P::Sending | P::Unknown, Record::Accepted { due }) => {
                let taken = Taken::Yes;
                Some(Self { phase: P::Accepted, taken, asked: 0, not_sent: 0, due: Some(due), ..self.sure() })
            }
            (P::Sending, Record::Settled { by: Proof::Reply })
            | (P::Unknown, Record::Settled { by: Proof::Evidence })
            | (P::Accepted | P::Processing, Record::Settled { by: Proof::Status }) => {
                Some(Self { phase: P::Settled, due: None, ..self.sure() })
            }
            (P::NeedsReview, Record::Settled { by: Proof::Status }) if self.may_still_be_told() => {
                Some(Self { phase: P::Settled, due: None, ..self.sure() })
            }
            (P::Sending, Record::Declined) if self.only_copy() => Some(self.closed(P::Declined)),
            (P::Unknown, Record::Declined) if self.only_copy() && self.refusal == Refusal::Unconfirmed => {
                Some(self.closed(P::Declined))
            }
            // A reference that an earlier attempt of the lineage brought is not lost by a later doubt.
            (P::Sending, Record::Doubted { why, refusal, salvaged, due }) => Some(Self {
                phase: P::Unknown,
                doubt: Some(why),
                refusal,
                salvaged: self.salvaged || salvaged,
                look: None,
                asked: 0,
                due: Some(due),
                ..self
            }),
            (P::Unknown, Record::WindowRestarted { from, due }) => {
                Some(Self { due: Some(due), ..self.restarted(from) })
            }
            (P::NeedsReview, Record::WindowRestarted { from, .. }) => Some(self.restarted(from)),
            (P::Unknown, Record::Looked { verdict, at, due }) => Some(self.looked(Look { verdict, at }, due)),
            (P::Unknown, Record::ProvenNot) => Some(self.closed(P::Reserved)),
            (P::Accepted | P::Processing, Record::Polled { answer, due }) => Some(self.polled(answer, due)),
            // Of two copies of one lineage the other may stand, unless a key made one refund of them. That is the
            // policy's to know, so the fold takes the machine's word for it; two lineages never are one refund.
            (_, Record::Canceled) if self.may_be_asked_for() && !self.on_word => {
                Some(self.closed(P::Canceled))
            }
            (P::Unknown | P::Accepted | P::Processing, Record::Held { why }) => Some(self.held(why)),
            (P::NeedsReview, Record::Held { why: why @ HoldReason::RefusedOnResend })
                if self.may_still_be_told() =>
            {
                Some(self.held(why))
            }
            (P::Reserved | P::Sending, Record::Held { why }) if self.on_word => Some(self.held(why)),
            // Only what was taken and cancelled is approved on a word: sent again it queues as it did.
            (P::Approved, Record::Held { why }) if self.on_word => {
                Some(Self { taken: Taken::Canceled, ..self.held(why) })
            }
            (P::NeedsReview | P::ByHand, Record::Decided { decision }) => self.decided(decision),
            (P::Approved | P::Reserved, Record::Decided { decision })
                if self.on_word && decision != Decision::SendAgain =>
            {
                self.decided(decision)
            }
            _ => None,
        }
    }

    /// True when nothing but the last attempt may have taken effect: only then a refusal speaks of the refund.
    fn only_copy(&self) -> bool {
        self.maybe_sent == 1 && !self.on_word
    }

    /// Only a lineage of which nothing may have left can take a new baseline.
    fn reserved(self, lineage: u32, amount: i64, baseline: Baseline) -> Option<Self> {
        let expected = if self.maybe_sent == 0 && self.attempt == 0 && self.lineage > 0 {
            self.lineage
        } else {
            self.lineage + 1
        };
        let fits = self.maybe_sent == 0
            && lineage == expected
            && amount > 0
            && self.amount.is_none_or(|fixed| fixed == amount);
        fits.then_some(Self {
            phase: Phase::Reserved,
            lineage,
            attempt: 0,
            amount: Some(amount),
            baseline: Some(baseline),
            due: None,
            ..self
        })
    }

    fn armed(self, lineage: u32, attempt: u16, fire_by: Moment) -> Option<Self> {
        // A first send needs a reservation nothing has become of yet, a resend the reason why it cannot double.
        let ready = self.resend.is_some() || self.may_be_armed();
        let fits = ready && lineage == self.lineage && attempt == self.attempt + 1;
        fits.then_some(Self {
            phase: Phase::Sending,
            attempt,
            maybe_sent: self.maybe_sent.saturating_add(1),
            window_from: Some(fire_by),
            window_elsewhere: [None; 2],
            resend: None,
            due: None,
            ..self
        })
    }

    /// This attempt is proven unsent: back to where the lineage was before it.
    fn unsent(self, due: Moment) -> Self {
        let maybe_sent = self.maybe_sent.saturating_sub(1);
        let phase = if maybe_sent == 0 { Phase::Reserved } else { Phase::Unknown };
        let not_sent = self.not_sent.saturating_add(1);
        Self { phase, maybe_sent, not_sent, due: Some(due), ..self }
    }

    /// A pause is nobody's failure: it does not make the next back-off longer.
    fn postponed(self, why: Postponement, due: Moment) -> Self {
        let counted = u16::from(why != Postponement::Paused);
        Self { not_sent: self.not_sent.saturating_add(counted), due: Some(due), ..self }
    }

    /// One more boot knows the window. The moments of the others stay, the two latest of them, so that machines which
    /// look in turn do not start it again for ever.
    fn restarted(self, from: Moment) -> Self {
        let known = [self.window_from, self.window_elsewhere[0], self.window_elsewhere[1]];
        let mut others = known.into_iter().flatten().filter(|moment| moment.boot != from.boot);
        let window_elsewhere = [others.next(), others.next()];
        Self { window_from: Some(from), window_elsewhere, look: None, due: None, ..self }
    }

    fn looked(self, look: Look, due: Moment) -> Self {
        let asked = self.asked.saturating_add(1);
        let look = match look.verdict {
            SeenVerdict::NotSeen => self.look.filter(|old| old.at.boot == look.at.boot).or(Some(look)),
            SeenVerdict::Unreadable => self.look,
        };
        Self { look, asked, due: Some(due), ..self }
    }

    /// News that came between two places of the schedule (the due moment stays) use none of them up.
    fn polled(self, answer: PollAnswer, due: Moment) -> Self {
        let news = self.phase == Phase::Accepted && answer == PollAnswer::Processing;
        let counted = u16::from(!(news && self.due == Some(due)));
        let phase = if answer == PollAnswer::Processing { Phase::Processing } else { self.phase };
        Self { phase, asked: self.asked.saturating_add(counted), due: Some(due), ..self }
    }

    /// The doubt is over.
    fn sure(self) -> Self {
        Self { doubt: None, refusal: Refusal::None, look: None, resend: None, ..self }
    }

    /// The lineage is over: nothing of it may have an effect any more.
    fn closed(self, phase: Phase) -> Self {
        Self {
            phase,
            maybe_sent: 0,
            salvaged: false,
            taken: Taken::No,
            not_sent: 0,
            due: None,
            baseline: self.baseline,
            ..self.sure()
        }
    }

    fn held(self, why: HoldReason) -> Self {
        let taken = match (self.taken, why) {
            (Taken::Yes, HoldReason::RefusedOnResend) => Taken::Canceled,
            (taken, _) => taken,
        };
        Self { phase: Phase::NeedsReview, taken, due: None, ..self }
    }

    /// Others may have reserved while this one was accepted: it queues again, or two reservations would wait for each
    /// other for ever.
    fn let_others_in(&self) -> bool {
        self.taken != Taken::No && !self.baseline.is_some_and(|baseline| baseline.is_evidence())
    }

    /// Whether the settle window is over is asked before it is written (`begin`): the fold knows no time. That the gateway
    /// may still carry it out is known here.
    fn decided(self, decision: Decision) -> Option<Self> {
        if decision != Decision::Happened && self.taken == Taken::Yes {
            return None;
        }
        match decision {
            Decision::Happened => Some(Self { phase: Phase::Settled, due: None, ..self.sure() }),
            Decision::DidNotHappen => Some(self.closed(Phase::DidNotHappen)),
            Decision::SendAgain => {
                let phase = if self.let_others_in() { Phase::Approved } else { Phase::Reserved };
                let on_word = self.on_word || self.maybe_sent > 0;
                // What was reserved before is old by now, also if nothing was sent: it is looked at and made again.
                Some(Self { on_word, baseline: None, ..self.closed(phase) })
            }
        }
    }
}
