//! The system broken on purpose, one way at a time.
//!
//! A mutant rewrites what goes into the real [`step`] or comes out of it, or what the store, the client or a person does
//! around it. The machine's own code is never changed here.

use refund_core::{Actors, Moment, Tier};
use refund_engine::machine::{
    Command, Decision, DoubtKind, Event, FiredKind, Machine, Misstep, OutOfOrder, Phase, Policy,
    ReceiptTrack, Record, Stage, State, StatusKind, Stop, step,
};
use std::time::Duration;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mutant {
    /// Nothing.
    None,
    /// The client sends up to three times more when no answer comes.
    BlindRetry,
    /// No answer in time is taken for a refusal.
    TimeoutIsFailure,
    /// Every attempt has a key of its own.
    KeyPerAttempt,
    /// The client sends once more when the connection is closed.
    RetryOnClosed,
    /// The armed record is acknowledged before it is on disk.
    ArmNotSynced,
    /// The outcome is read at once after the permit's deadline.
    NoWindow,
    /// The window is shorter than the gateway's worst delay.
    ShortWindow,
    /// A "system error" is taken for a refusal.
    SystemErrorIsFailure,
    /// An unknown outcome is read against a baseline that was read after it.
    BaselineReread,
    /// Several refunds of a payment are worked on at once.
    NoPaymentLock,
    /// The same, and any rise of the refunded sum is taken for ours.
    AnyRise,
    /// A rise by our amount is taken for ours although others refund too.
    SharedTakenForOurs,
    /// A person decides before the window is over.
    PersonEarly,
    /// What a person saw counts as of when it is written down.
    DecidedWhenWritten,
    /// Other refunds of the payment are let in between two attempts of a lineage.
    LockDroppedBetweenAttempts,
    /// The gateway's reference is acknowledged before it is on disk.
    ReferenceNotSynced,
    /// A refusal of a resend is taken for a failure.
    RefusedResendIsFailure,
    /// A lineage goes on after the verdict that it did not happen: the same baseline, and others are let in.
    LineageLeftOpen,
    /// The client sends under a permit that is dead.
    PermitWithoutDeadline,
    /// Whoever takes over what was being sent sends it again.
    LeaseExpirySends,
    /// All lineages of a refund have one key.
    KeyPerIntent,
    /// A receipt that failed makes the refund be done again.
    ReceiptReopens,
    /// What nobody can tell takes nothing from the budget.
    BudgetReleasedOnUnknown,
    /// A callback is believed without asking the gateway.
    CallbackSettles,
    /// A reading that lags behind what the journal saw done is taken for a baseline.
    LaggingBaseline,
    /// A refund that was done between look and reservation is ignored.
    OutdatedReservation,
    /// The status "cancelled" of one copy closes the refund although another copy may stand.
    CanceledCopyCloses,
    /// A window that starts again ignores the permit of another machine.
    WindowRestartedShort,
    /// Looks that agree need not be apart.
    HastyLooks,
    /// Who lost the lease may still arm.
    FencelessArm,
    /// What is to be sent anew keeps its reservation although others were let in.
    TwoQueues,
    /// Planning a key again with another amount replaces the first.
    PlanReplaces,
    /// Refunds are cancelled in the cabinet of a readable gateway: its sum falls, which is beyond what is assumed.
    SumFalls,
}

impl Mutant {
    /// Every mutant there is.
    pub const ALL: [Self; 33] = [
        Self::BlindRetry,
        Self::TimeoutIsFailure,
        Self::KeyPerAttempt,
        Self::RetryOnClosed,
        Self::ArmNotSynced,
        Self::NoWindow,
        Self::ShortWindow,
        Self::SystemErrorIsFailure,
        Self::BaselineReread,
        Self::NoPaymentLock,
        Self::AnyRise,
        Self::SharedTakenForOurs,
        Self::PersonEarly,
        Self::DecidedWhenWritten,
        Self::LockDroppedBetweenAttempts,
        Self::ReferenceNotSynced,
        Self::RefusedResendIsFailure,
        Self::LineageLeftOpen,
        Self::PermitWithoutDeadline,
        Self::LeaseExpirySends,
        Self::KeyPerIntent,
        Self::ReceiptReopens,
        Self::BudgetReleasedOnUnknown,
        Self::CallbackSettles,
        Self::LaggingBaseline,
        Self::OutdatedReservation,
        Self::CanceledCopyCloses,
        Self::WindowRestartedShort,
        Self::HastyLooks,
        Self::FencelessArm,
        Self::TwoQueues,
        Self::PlanReplaces,
        Self::SumFalls,
    ];

    /// The word for the command line and for seed files: `blind-retry`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }

    /// The mutant of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::None]).find(|mutant| mutant.name() == word)
    }

    pub(crate) fn bend_policy(self, policy: &mut Policy) {
        match self {
            Self::NoWindow => policy.settle = Duration::ZERO,
            Self::ShortWindow => policy.settle /= 10,
            Self::HastyLooks => policy.confirm_gap = Duration::ZERO,
            Self::SharedTakenForOurs => policy.tier = Tier::Readable(Actors::OnlyUs),
            _ => {}
        }
    }

    /// The real step, with what goes in and comes out rewritten.
    pub(crate) fn step(self, machine: &mut Machine, event: Event, now: Moment) -> Result<Command, Misstep> {
        let (next, command) = self.stepped(*machine, event, now)?;
        *machine = next;
        Ok(command)
    }

    fn stepped(self, before: Machine, event: Event, now: Moment) -> Result<(Machine, Command), Misstep> {
        let state = before.state;
        let mut bent = before;
        let mut event = event;
        match (self, event) {
            (Self::TimeoutIsFailure, Event::Fired(FiredKind::Unknown { why: DoubtKind::Timeout, .. }))
            | (
                Self::SystemErrorIsFailure,
                Event::Fired(
                    FiredKind::DeclinedUnconfirmed | FiredKind::Unknown { why: DoubtKind::Status(500), .. },
                ),
            ) => event = Event::Fired(FiredKind::Declined),
            (
                Self::RefusedResendIsFailure,
                Event::Fired(FiredKind::Declined | FiredKind::DeclinedUnconfirmed),
            ) => {
                bent.state.maybe_sent = 1;
                event = Event::Fired(FiredKind::Declined);
            }
            (Self::RefusedResendIsFailure, Event::KeepDone)
                if bent.stage == Stage::Keeping(Record::Declined) =>
            {
                bent.state.maybe_sent = bent.state.maybe_sent.min(1);
                return step(bent, event, now);
            }
            (Self::PersonEarly, Event::Decide { .. }) => bent.state.maybe_sent = 0,
            (Self::DecidedWhenWritten, Event::Decide { decision, .. }) => {
                event = Event::Decide { decision, seen: now };
            }
            (Self::LeaseExpirySends, Event::Go | Event::Nudge | Event::Hint)
                if state.phase == Phase::Sending =>
            {
                return Ok((Machine { stage: Stage::Firing, ..before }, Command::Fire));
            }
            (Self::LaggingBaseline, Event::LookedUp(mut baseline)) => {
                baseline.used = baseline.refunded.unwrap_or(baseline.used);
                event = Event::LookedUp(baseline);
            }
            (Self::LineageLeftOpen, Event::LookedUp(fresh)) if state.attempt > 0 => {
                event = Event::LookedUp(state.baseline.unwrap_or(fresh));
            }
            (Self::LineageLeftOpen, Event::KeepDone) if before.stage == Stage::Keeping(Record::ProvenNot) => {
                // It goes on later, and meanwhile the payment is free.
                let (machine, _) = step(before, event, now)?;
                let stop = Stop::Busy;
                return Ok((Machine { stage: Stage::Stopped, ..machine }, Command::Stop(stop)));
            }
            (Self::OutdatedReservation, Event::ReserveOutdated) => event = Event::ReserveDone,
            (Self::CanceledCopyCloses, Event::Status(StatusKind::Canceled)) => {
                (bent.state.maybe_sent, bent.state.on_word) = (1, false);
            }
            _ => {}
        }
        let (mut machine, mut command) = step(bent, event, now)?;
        if bent.state != state {
            machine.state = state;
        }
        match (self, command, event, before.stage) {
            (Self::WindowRestartedShort, Command::Keep(Record::WindowRestarted { .. }), ..) => {
                let record = Record::WindowRestarted { from: now, due: now };
                command = Command::Keep(record);
                machine.stage = Stage::Keeping(record);
            }
            (Self::ReceiptReopens | Self::TwoQueues, _, Event::KeepDone, Stage::Keeping(record)) => {
                machine.state = self.fold(state, record)?;
            }
            _ => {}
        }
        Ok((machine, command))
    }

    /// What a record does to the kept state.
    pub(crate) fn fold(self, state: State, record: Record) -> Result<State, OutOfOrder> {
        match (self, record) {
            (Self::RefusedResendIsFailure, Record::Declined) => {
                State { maybe_sent: state.maybe_sent.min(1), ..state }.apply(record)
            }
            (Self::ReceiptReopens, Record::Receipt(ReceiptTrack::Failed))
                if state.phase == Phase::Settled =>
            {
                let next = state.apply(record)?;
                Ok(State { phase: Phase::Approved, maybe_sent: 0, ..next })
            }
            (Self::TwoQueues, Record::Decided { decision: Decision::SendAgain }) => {
                Ok(State { phase: Phase::Reserved, ..state.apply(record)? })
            }
            _ => state.apply(record),
        }
    }

    pub(crate) fn holds_payment(self, state: &State) -> bool {
        match self {
            Self::NoPaymentLock | Self::AnyRise => false,
            Self::LockDroppedBetweenAttempts if state.phase == Phase::Unknown => false,
            Self::LineageLeftOpen
                if state.phase == Phase::Reserved && (state.attempt > 0 || state.lineage > 1) =>
            {
                false
            }
            Self::BudgetReleasedOnUnknown if matches!(state.phase, Phase::Unknown | Phase::NeedsReview) => {
                false
            }
            _ => state.holds_payment(),
        }
    }

    pub(crate) fn claims(self, state: &State) -> i64 {
        let released = self == Self::BudgetReleasedOnUnknown
            && matches!(state.phase, Phase::Unknown | Phase::NeedsReview);
        if released { 0 } else { state.claims() }
    }

    /// Whether the store acknowledges this record before it is on disk.
    pub(crate) fn forgets(self, record: &Record) -> bool {
        match self {
            Self::ArmNotSynced => matches!(record, Record::Armed { .. }),
            Self::ReferenceNotSynced => matches!(record, Record::Accepted { .. }),
            _ => false,
        }
    }

    /// How often the client sends by itself.
    pub(crate) fn repeats(self) -> u8 {
        match self {
            Self::BlindRetry => 3,
            Self::RetryOnClosed => 1,
            _ => 0,
        }
    }

    pub(crate) fn repeats_after(self, heard: &Event) -> bool {
        let Event::Fired(FiredKind::Unknown { why, .. }) = heard else { return false };
        match self {
            Self::BlindRetry => matches!(why, DoubtKind::Timeout | DoubtKind::ConnectionLost),
            Self::RetryOnClosed => *why == DoubtKind::ConnectionLost,
            _ => false,
        }
    }
}
