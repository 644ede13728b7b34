//! One step: an event arrives, the next command leaves.
//!
//! Every command is followed by the event that reports on it; an event that answers nothing is a misstep of the
//! driver and changes nothing.

use super::{
    Decision, DoubtKind, HoldReason, OutOfOrder, Phase, Policy, PollAnswer, Proof, Record, Refusal,
    SeenVerdict, State, WithdrawReason, state::Baseline,
};
use refund_core::{Moment, NotSentReason, Tier};

/// A refund being worked on.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// What is durable.
    pub state: State,
    /// How its gateway is driven.
    pub policy: Policy,
    /// Which command is out.
    pub stage: Stage,
}

impl Machine {
    /// A refund as its journal tells it, before anything is done about it.
    pub fn new(state: State, policy: Policy) -> Self {
        Self { state, policy, stage: Stage::Idle }
    }
}

/// Which command is out, so that only its report is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// None.
    Idle,
    /// [`Command::Lookup`].
    Looking,
    /// [`Command::Check`], with what the gateway said.
    Checking(Baseline),
    /// [`Command::Reserve`], with the record it writes.
    Reserving(Record),
    /// [`Command::Open`].
    Opening,
    /// [`Command::Arm`], with the record it writes.
    Arming(Record),
    /// [`Command::Fire`].
    Firing,
    /// [`Command::Keep`], with the record it writes.
    Keeping(Record),
    /// [`Command::AskStatus`].
    Asking(Asked),
    /// [`Command::Probe`].
    Probing,
    /// [`Command::Wait`].
    Waiting,
    /// [`Command::Stop`].
    Stopped,
}

/// Why the status is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is due: the answer uses up one place of the schedule.
    OnSchedule,
    /// Somebody wants to know now, or a callback hints at news: the schedule stays.
    Nudged,
}

/// What the driver reports or a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Begin, or go on after a wait.
    Go,
    /// Begin, and ask the gateway now although it is not due: a person or a callback wants to know.
    Nudge,
    /// A person confirms a planned refund.
    Approve,
    /// A person takes a refund back.
    Withdraw,
    /// A person does it in the cabinet instead.
    TakeByHand,
    /// A person decides on a held refund.
    Decide {
        /// What.
        decision: Decision,
        /// When it was decided, by the same clock: what was seen before the settle window was over does not count,
        /// however late it is written.
        seen: Moment,
    },
    /// The receipt has news.
    ReceiptNews(super::ReceiptTrack),
    /// The payment was looked up.
    LookedUp(Baseline),
    /// The payment could not be looked up.
    LookupFailed,
    /// The rules accept the refund, and its request is prepared.
    Checked {
        /// Exactly how much, in minor units.
        amount: i64,
    },
    /// The rules refuse the refund.
    Broken,
    /// The reservation is durable.
    ReserveDone,
    /// The reservation is durable, but another refund of the payment was done since the look its baseline comes from.
    ReserveOutdated,
    /// Other refunds have used the payment up.
    OverBudget,
    /// Other refunds have used up what was looked at; they moved since, so what is left is to be looked at again.
    BudgetMoved,
    /// Another refund of the payment has to become final first.
    PaymentBusy,
    /// The connection stands.
    OpenDone,
    /// Surely no byte left.
    NotSent(NotSentReason),
    /// The armed record is durable.
    ArmDone,
    /// The request was fired.
    Fired(FiredKind),
    /// The record is durable.
    KeepDone,
    /// The gateway told how the refund stands.
    Status(StatusKind),
    /// The gateway was looked at after an unknown outcome.
    Probed(ProbedKind),
}

/// What firing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiredKind {
    /// The gateway took it and gave a reference.
    Accepted,
    /// Done.
    Settled,
    /// Refused, which on a first send is proof.
    Declined,
    /// Refused with a code that must be confirmed.
    DeclinedUnconfirmed,
    /// Nobody can tell.
    Unknown {
        /// Why.
        why: DoubtKind,
        /// Whether a reference was salvaged.
        salvaged: bool,
    },
}

/// What a status question brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Being carried out.
    Processing,
    /// Done.
    Settled,
    /// Cancelled in the cabinet.
    Canceled,
    /// About another refund or amount.
    Mismatch,
    /// A word nobody knows.
    Unrecognised,
    /// No usable answer.
    Failed,
}

/// What a look at the gateway showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbedKind {
    /// It happened.
    Happened,
    /// It happened and can be asked for by a reference.
    HappenedWithReference,
    /// It is not there.
    NotSeen,
    /// What is seen fits neither, or nothing is shown.
    CannotTell,
    /// The gateway could not be read.
    Unreadable,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask the gateway for the payment.
    Lookup,
    /// Check the rules and prepare the request with this lineage's key.
    Check {
        /// The lineage a reservation opens.
        lineage: u32,
    },
    /// Take the amount from the payment's budget and write the record, in one transaction.
    Reserve(Record),
    /// Connect.
    Open,
    /// Write the armed record durably and make the permit.
    Arm(Record),
    /// Send.
    Fire,
    /// Write a record durably, with what belongs to it.
    Keep(Record),
    /// Ask how the acknowledged refund stands.
    AskStatus,
    /// Look at the gateway after an unknown outcome.
    Probe,
    /// Nothing to do before this moment.
    Wait(Moment),
    /// Nothing more to do in this run.
    Stop(Stop),
}

/// Why a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The refund is final.
    Final,
    /// It waits for somebody to confirm it.
    NotApproved,
    /// It waits for a person's decision, which is taken from this moment on.
    Held {
        /// When the settle window ends; `None` when nothing was sent.
        from: Option<Moment>,
    },
    /// The gateway could not be reached, or shows less than is known to be done; nothing was sent.
    NotReached,
    /// Another refund of the payment has to become final first.
    Busy,
    /// What a person wanted is written.
    Noted,
}

/// A driver's or a person's mistake: the machine is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misstep {
    /// The event answers no command that is out.
    #[error("{event:?} does not answer {stage:?}")]
    Unexpected {
        /// What came.
        event: Event,
        /// What was out.
        stage: Stage,
    },
    /// The refund is not in a phase in which a person may do that.
    #[error("this cannot be done to a refund that is {phase}", phase = phase.as_str())]
    NotNow {
        /// Where the refund stands.
        phase: Phase,
    },
    /// A decision before the settle window is over could be overtaken by the request itself.
    #[error("the settle window is still open")]
    WindowOpen {
        /// When it ends.
        until: Moment,
    },
    /// The gateway took it and may still carry it out: before a person may say "it did not happen", its status has to
    /// say "cancelled".
    #[error("the gateway took it and may still carry it out; ask for its status, or decide that it happened")]
    Acknowledged,
    /// The record cannot follow: a defect, found before anything was written.
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
}

/// Takes one step.
///
/// # Errors
/// [`Misstep`]; the machine is unchanged, so the caller goes on with the one it has.
pub fn step(machine: Machine, event: Event, now: Moment) -> Result<(Machine, Command), Misstep> {
    match (machine.stage, event) {
        (Stage::Idle | Stage::Waiting | Stage::Stopped, event) => machine.begin(event, now),
        // Nothing is sent against a picture that is surely old; later it will have caught up.
        (Stage::Looking, Event::LookedUp(baseline)) if baseline.lags() => Ok(machine.stop(Stop::NotReached)),
        (Stage::Looking, Event::LookedUp(baseline)) => {
            let lineage = machine.next_lineage();
            Ok(machine.out(Stage::Checking(baseline), Command::Check { lineage }))
        }
        (Stage::Looking, Event::LookupFailed) => Ok(machine.stop(Stop::NotReached)),
        (Stage::Checking(baseline), Event::Checked { amount }) => machine.reserve(baseline, amount),
        (Stage::Checking(_), Event::Broken) => machine.give_up(WithdrawReason::Rules),
        (Stage::Reserving(record), Event::ReserveDone) => machine.after(record)?.open(),
        // From here on the payment is ours alone, so the second look is the last.
        (Stage::Reserving(record), Event::ReserveOutdated) => Ok(machine.after(record)?.look()),
        (Stage::Reserving(_), Event::BudgetMoved) => Ok(machine.look()),
        (Stage::Reserving(_), Event::OverBudget) => machine.give_up(WithdrawReason::Budget),
        (Stage::Reserving(_), Event::PaymentBusy) => Ok(machine.stop(Stop::Busy)),
        (Stage::Opening, Event::OpenDone) => machine.arm(now),
        (Stage::Opening | Stage::Firing, Event::NotSent(why)) => {
            machine.keep(Record::NotSent { why, due: machine.policy.back_off(now, machine.state.not_sent) })
        }
        (Stage::Arming(record), Event::ArmDone) => {
            Ok(machine.after(record)?.out(Stage::Firing, Command::Fire))
        }
        (Stage::Firing, Event::Fired(kind)) => machine.fired(kind, now),
        (Stage::Keeping(record), Event::KeepDone) => machine.after(record)?.kept(record, now),
        (Stage::Asking(asked), Event::Status(kind)) => machine.told(asked, kind, now),
        (Stage::Probing, Event::Probed(kind)) => machine.probed(kind, now),
        (stage, event) => Err(Misstep::Unexpected { event, stage }),
    }
}

impl Machine {
    pub(super) fn out(self, stage: Stage, command: Command) -> (Self, Command) {
        (Self { stage, ..self }, command)
    }

    pub(super) fn stop(self, stop: Stop) -> (Self, Command) {
        self.out(Stage::Stopped, Command::Stop(stop))
    }

    /// Asks for a record to be written; one that cannot follow is found here, before it is written.
    pub(super) fn keep(self, record: Record) -> Result<(Self, Command), Misstep> {
        self.state.apply(record)?;
        Ok(self.out(Stage::Keeping(record), Command::Keep(record)))
    }

    fn after(self, record: Record) -> Result<Self, Misstep> {
        Ok(Self { state: self.state.apply(record)?, stage: Stage::Idle, ..self })
    }

    fn reserve(self, baseline: Baseline, amount: i64) -> Result<(Self, Command), Misstep> {
        let record = Record::Reserved { lineage: self.next_lineage(), amount, baseline };
        self.state.apply(record)?;
        Ok(self.out(Stage::Reserving(record), Command::Reserve(record)))
    }

    /// A lineage of which nothing was ever armed is kept, with a fresh baseline; any other is over.
    fn next_lineage(&self) -> u32 {
        let unused = self.state.lineage > 0 && self.state.attempt == 0;
        if unused { self.state.lineage } else { self.state.lineage + 1 }
    }

    fn look(self) -> (Self, Command) {
        self.out(Stage::Looking, Command::Lookup)
    }

    /// It cannot be sent (any more). That the payment has no room for it may well be because an earlier lineage took
    /// effect, whatever a person said.
    fn give_up(self, why: WithdrawReason) -> Result<(Self, Command), Misstep> {
        self.keep(match self.state.phase {
            Phase::Reserved if self.state.on_word => Record::Held { why: HoldReason::Contradiction },
            _ => Record::Withdrawn { why },
        })
    }

    pub(super) fn open(self) -> Result<(Self, Command), Misstep> {
        Ok(self.out(Stage::Opening, Command::Open))
    }

    fn arm(self, now: Moment) -> Result<(Self, Command), Misstep> {
        let record = Record::Armed {
            lineage: self.state.lineage,
            attempt: self.state.attempt + 1,
            fire_by: now.after(self.policy.fire_within),
        };
        self.state.apply(record)?;
        Ok(self.out(Stage::Arming(record), Command::Arm(record)))
    }

    fn fired(self, kind: FiredKind, now: Moment) -> Result<(Self, Command), Misstep> {
        let doubted = |why, refusal, salvaged| Record::Doubted { why, refusal, salvaged };
        let resend = self.state.maybe_sent > 1;
        self.keep(match kind {
            FiredKind::Accepted => Record::Accepted { due: self.first_poll(now) },
            FiredKind::Settled => Record::Settled { by: Proof::Reply },
            // A refusal of a resend speaks for the first send: it is never a failure.
            FiredKind::Declined | FiredKind::DeclinedUnconfirmed if resend => {
                doubted(DoubtKind::AmbiguousRefusal, Refusal::None, false)
            }
            FiredKind::Declined => self.refused(),
            FiredKind::DeclinedUnconfirmed => {
                doubted(DoubtKind::AmbiguousRefusal, Refusal::Unconfirmed, false)
            }
            FiredKind::Unknown { why, salvaged } => doubted(why, Refusal::None, salvaged),
        })
    }

    /// A refusal that is proven: it ends the refund, unless only a person's word speaks against an earlier lineage.
    fn refused(&self) -> Record {
        if self.state.on_word { Record::Held { why: HoldReason::RefusedOnResend } } else { Record::Declined }
    }

    pub(super) fn first_poll(&self, now: Moment) -> Moment {
        self.policy.next_poll(now, 0).unwrap_or(now)
    }

    fn told(self, asked: Asked, kind: StatusKind, now: Moment) -> Result<(Self, Command), Misstep> {
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
        if asked == Asked::Nudged {
            return self.told_early(answer, now);
        }
        match self.policy.next_poll(now, self.state.asked.saturating_add(1)) {
            Some(due) => self.keep(Record::Polled { answer, due }),
            None => self.keep(Record::Held { why: HoldReason::Deadline }),
        }
    }

    /// Not final yet: the schedule goes on as it was. Only news is worth a record.
    fn told_early(self, answer: PollAnswer, now: Moment) -> Result<(Self, Command), Misstep> {
        let due = self.state.due.unwrap_or(now);
        let news = answer == PollAnswer::Processing && self.state.phase == Phase::Accepted;
        if news {
            self.keep(Record::Polled { answer, due })
        } else {
            Ok(self.out(Stage::Waiting, Command::Wait(due)))
        }
    }

    fn probed(self, kind: ProbedKind, now: Moment) -> Result<(Self, Command), Misstep> {
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
                let first = self.state.look.map_or(now, |look| look.at);
                self.keep(again(SeenVerdict::NotSeen, first.after(self.policy.confirm_gap)))
            }
            ProbedKind::Unreadable => {
                self.keep(again(SeenVerdict::Unreadable, self.policy.back_off(now, self.state.asked)))
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
