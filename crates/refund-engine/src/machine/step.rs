//! One step: an event arrives, the next command leaves.
//!
//! Every command is followed by the event that reports on it; an event that answers nothing is a misstep of the
//! driver and changes nothing.

use super::{
    Asked, Command, DoubtKind, Event, FiredKind, HoldReason, Misstep, Phase, Policy, PollAnswer,
    Postponement, ProbedKind, Proof, Record, Refusal, SeenVerdict, Stage, State, StatusKind, Stop,
    WithdrawReason, state::Baseline,
};
use refund_core::{Moment, Tier};

/// A refund being worked on.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// What is durable.
    pub state: State,
    /// How its gateway is driven.
    pub policy: Policy,
    /// Which command is out.
    pub stage: Stage,
    /// Chance, which a pure machine has none of: set before a step it shortens the back-offs that step makes, by up to a
    /// half for [`u16::MAX`] and by nothing for 0. Everything else is the same whatever it is.
    pub jitter: u16,
}

impl Machine {
    /// A refund as its journal tells it, before anything is done about it.
    pub fn new(state: State, policy: Policy) -> Self {
        Self { state, policy, stage: Stage::Idle, jitter: 0 }
    }
}

/// Takes one step of a copy; [`Machine::step`] takes it in place.
///
/// # Errors
/// [`Misstep`]; the caller goes on with the machine it has.
#[inline]
pub fn step(mut machine: Machine, event: Event, now: Moment) -> Result<(Machine, Command), Misstep> {
    let command = machine.step(event, now)?;
    Ok((machine, command))
}

impl Machine {
    /// Takes one step.
    ///
    /// # Errors
    /// [`Misstep`]; the machine is unchanged. Only [`Misstep::OutOfOrder`], which is a defect, may come after a record
    /// that was written is taken over: then the machine is not to be used any more, and the journal tells what holds.
    pub fn step(&mut self, event: Event, now: Moment) -> Result<Command, Misstep> {
        match (self.stage, event) {
            (Stage::Idle | Stage::Waiting | Stage::Stopped, event) => self.begin(event, now),
            // Nothing is sent against a picture that is surely old; later it will have caught up.
            (Stage::Looking, Event::LookedUp(baseline)) if baseline.lags() => {
                self.postpone(Postponement::Lagging, now)
            }
            (Stage::Looking, Event::LookedUp(baseline)) => {
                let lineage = self.next_lineage();
                Ok(self.out(Stage::Checking(baseline), Command::Check { lineage }))
            }
            (Stage::Looking, Event::LookupFailed) => self.postpone(Postponement::LookupFailed, now),
            // Nothing that has an effect is out yet; later it begins with a fresh look.
            (Stage::Looking | Stage::Opening | Stage::Arming(_), Event::Paused { until }) => {
                self.keep(Record::Postponed { why: Postponement::Paused, due: until })
            }
            (Stage::Checking(baseline), Event::Checked { amount }) => self.reserve(baseline, amount),
            (Stage::Checking(_), Event::Broken) => self.give_up(WithdrawReason::Rules),
            (Stage::Reserving(record), Event::ReserveDone) => {
                self.after(record)?;
                Ok(self.open())
            }
            // From here on the payment is ours alone, so the second look is the last.
            (Stage::Reserving(record), Event::ReserveOutdated) => {
                self.after(record)?;
                Ok(self.look())
            }
            (Stage::Reserving(_), Event::BudgetMoved) => Ok(self.look()),
            (Stage::Reserving(_), Event::OverBudget) => self.give_up(WithdrawReason::Budget),
            // Found busy also at the last moment: a sibling that let others in is in doubt since.
            (Stage::Reserving(_) | Stage::Arming(_), Event::PaymentBusy) => {
                self.postpone(Postponement::Busy, now)
            }
            (Stage::Opening, Event::OpenDone) => self.arm(now),
            (Stage::Opening | Stage::Firing, Event::NotSent(why)) => {
                let due = self.policy.back_off(now, self.state.not_sent, self.jitter);
                self.keep(Record::NotSent { why, due })
            }
            (Stage::Arming(record), Event::ArmDone) => {
                self.after(record)?;
                Ok(self.out(Stage::Firing, Command::Fire))
            }
            (Stage::Firing, Event::Fired(kind)) => self.fired(kind, now),
            (Stage::Keeping(record), Event::KeepDone) => {
                self.after(record)?;
                self.kept(record, now)
            }
            (Stage::Asking(asked), Event::Status(kind)) => self.told(asked, kind, now),
            (Stage::Probing, Event::Probed(kind)) => self.probed(kind, now),
            (stage, event) => Err(Misstep::Unexpected { event, stage }),
        }
    }

    #[inline]
    pub(super) fn out(&mut self, stage: Stage, command: Command) -> Command {
        self.stage = stage;
        command
    }

    #[inline]
    pub(super) fn stop(&mut self, stop: Stop) -> Command {
        self.out(Stage::Stopped, Command::Stop(stop))
    }

    /// Asks for a record to be written; one that cannot follow is found here, before it is written.
    #[inline]
    pub(super) fn keep(&mut self, record: Record) -> Result<Command, Misstep> {
        self.state.check(record)?;
        Ok(self.out(Stage::Keeping(record), Command::Keep(record)))
    }

    /// A record that is now durable.
    fn after(&mut self, record: Record) -> Result<(), Misstep> {
        self.state.apply_to(record)?;
        self.stage = Stage::Idle;
        Ok(())
    }

    /// When there will be something to do once this record is durable: asked for one that is about to be written.
    pub(super) fn due_after(&self, record: Record, now: Moment) -> Result<Moment, Misstep> {
        let mut copy = *self;
        copy.after(record)?;
        Ok(copy.next_due(now))
    }

    fn reserve(&mut self, baseline: Baseline, amount: i64) -> Result<Command, Misstep> {
        let record = Record::Reserved { lineage: self.next_lineage(), amount, baseline };
        self.state.check(record)?;
        Ok(self.out(Stage::Reserving(record), Command::Reserve(record)))
    }

    /// A lineage of which nothing was ever armed is kept, with a fresh baseline; any other is over.
    fn next_lineage(&self) -> u32 {
        let unused = self.state.lineage > 0 && self.state.attempt == 0;
        if unused { self.state.lineage } else { self.state.lineage + 1 }
    }

    pub(super) fn look(&mut self) -> Command {
        self.out(Stage::Looking, Command::Lookup)
    }

    /// It cannot be sent (any more). That the payment has no room for it may well be because an earlier lineage took
    /// effect, whatever a person said.
    fn give_up(&mut self, why: WithdrawReason) -> Result<Command, Misstep> {
        self.keep(match self.state.on_word {
            true => Record::Held { why: HoldReason::Contradiction },
            false => Record::Withdrawn { why },
        })
    }

    /// Not now: nothing was sent, and whoever looks for work finds it again when it is worth trying.
    fn postpone(&mut self, why: Postponement, now: Moment) -> Result<Command, Misstep> {
        let times = self.state.not_sent;
        let due = match why {
            Postponement::Busy => self.policy.busy_back_off(now, times, self.jitter),
            _ => self.policy.back_off(now, times, self.jitter),
        };
        self.keep(Record::Postponed { why, due })
    }

    /// A doubt, with the moment from which something can be done about it: what the machine would wait for.
    pub(super) fn doubted(
        &self,
        why: DoubtKind,
        refusal: Refusal,
        salvaged: bool,
        now: Moment,
    ) -> Result<Record, Misstep> {
        let dated = |due| Record::Doubted { why, refusal, salvaged, due };
        Ok(dated(self.due_after(dated(now), now)?))
    }

    pub(super) fn open(&mut self) -> Command {
        self.out(Stage::Opening, Command::Open)
    }

    fn arm(&mut self, now: Moment) -> Result<Command, Misstep> {
        let record = Record::Armed {
            lineage: self.state.lineage,
            attempt: self.state.attempt + 1,
            fire_by: now.after(self.policy.fire_within),
        };
        self.state.check(record)?;
        Ok(self.out(Stage::Arming(record), Command::Arm(record)))
    }

    fn fired(&mut self, kind: FiredKind, now: Moment) -> Result<Command, Misstep> {
        let doubted = |why, refusal, salvaged| self.doubted(why, refusal, salvaged, now);
        let resend = self.state.maybe_sent > 1;
        self.keep(match kind {
            FiredKind::Accepted => Record::Accepted { due: self.first_poll(now) },
            FiredKind::Settled => Record::Settled { by: Proof::Reply },
            // A refusal of a resend speaks for the first send: it is never a failure.
            FiredKind::Declined | FiredKind::DeclinedUnconfirmed if resend => {
                doubted(DoubtKind::AmbiguousRefusal, Refusal::None, false)?
            }
            FiredKind::Declined => self.refused(),
            FiredKind::DeclinedUnconfirmed => {
                doubted(DoubtKind::AmbiguousRefusal, Refusal::Unconfirmed, false)?
            }
            FiredKind::Unknown { why, salvaged } => doubted(why, Refusal::None, salvaged)?,
        })
    }

    /// A refusal that is proven: it ends the refund, unless only a person's word speaks against an earlier lineage.
    fn refused(&self) -> Record {
        if self.state.on_word { Record::Held { why: HoldReason::RefusedOnResend } } else { Record::Declined }
    }

    pub(super) fn first_poll(&self, now: Moment) -> Moment {
        self.policy.next_poll(now, 0).unwrap_or(now)
    }

    fn told(&mut self, asked: Asked, kind: StatusKind, now: Moment) -> Result<Command, Misstep> {
        // Of two copies the gateway may have cancelled the second because the first took effect. Lineages have keys of
        // their own, so no replay makes one refund of two of them.
        let copies = self.state.on_word || (self.state.maybe_sent > 1 && !self.policy.replays());
        let held = self.state.phase == Phase::NeedsReview;
        let answer = match kind {
            StatusKind::Settled => return self.keep(Record::Settled { by: Proof::Status }),
            StatusKind::Canceled if copies => {
                return self.keep(Record::Held { why: HoldReason::RefusedOnResend });
            }
            StatusKind::Canceled => return self.keep(Record::Canceled),
            StatusKind::Mismatch if held => return self.held(now),
            StatusKind::Mismatch => return self.keep(Record::Held { why: HoldReason::Mismatch }),
            StatusKind::Processing => PollAnswer::Processing,
            StatusKind::Unrecognised => PollAnswer::Unrecognised,
            StatusKind::Failed => PollAnswer::Failed,
        };
        if held {
            return self.held(now);
        }
        // A place of another boot's schedule says nothing to this one: it is asked as if it were due.
        if let (Asked::Nudged, Some(due)) = (asked, self.state.due.filter(|due| due.boot == now.boot)) {
            return self.told_early(answer, due);
        }
        match self.policy.next_poll(now, self.state.asked.saturating_add(1)) {
            Some(due) => self.keep(Record::Polled { answer, due }),
            None => self.keep(Record::Held { why: HoldReason::Deadline }),
        }
    }

    /// Not final yet: the schedule goes on as it was. Only news is worth a record.
    fn told_early(&mut self, answer: PollAnswer, due: Moment) -> Result<Command, Misstep> {
        let news = answer == PollAnswer::Processing && self.state.phase == Phase::Accepted;
        if news {
            self.keep(Record::Polled { answer, due })
        } else {
            Ok(self.out(Stage::Waiting, Command::Wait(due)))
        }
    }

    fn probed(&mut self, kind: ProbedKind, now: Moment) -> Result<Command, Misstep> {
        let again = |verdict, due| Record::Looked { verdict, at: now, due };
        // A gateway that shows nothing cannot show that nothing happened.
        let blind = self.policy.tier == Tier::Blind;
        match kind {
            ProbedKind::NotSeen if blind => self.hold(HoldReason::NoEvidence, now),
            ProbedKind::HappenedWithReference => self.keep(Record::Accepted { due: self.first_poll(now) }),
            // No resend, fenced or not: behind a fence a sum that has risen leaves no room for it.
            ProbedKind::Happened if self.policy.shared() => {
                self.keep(Record::Held { why: HoldReason::SharedAccount })
            }
            ProbedKind::Happened => self.keep(Record::Settled { by: Proof::Evidence }),
            ProbedKind::NotSeen if self.agreed(now) => self.keep(match self.state.refusal {
                Refusal::Unconfirmed => self.refused(),
                Refusal::None => Record::ProvenNot,
            }),
            ProbedKind::NotSeen => {
                // A look by another boot's clock is no half of a pair, and no wait can be reckoned from it.
                let first =
                    self.state.look.filter(|look| look.at.boot == now.boot).map_or(now, |look| look.at);
                self.keep(again(SeenVerdict::NotSeen, first.after(self.policy.confirm_gap)))
            }
            ProbedKind::Unreadable => {
                let due = self.policy.back_off(now, self.state.asked, self.jitter);
                self.keep(again(SeenVerdict::Unreadable, due))
            }
            ProbedKind::CannotTell if blind => self.hold(HoldReason::NoEvidence, now),
            ProbedKind::CannotTell => self.hold(HoldReason::Contradiction, now),
        }
    }

    /// A look that saw nothing stands, and it is long enough ago that a lagging replica would have caught up.
    fn agreed(&self, now: Moment) -> bool {
        self.state.look.is_some_and(|look| now.has_reached(look.at.after(self.policy.confirm_gap)))
    }
}
