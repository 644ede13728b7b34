//! What to do next with a refund as it stands: the part of the machine that looks at phase, tier and time.

use super::{
    Asked, Command, Decision, DoubtKind, Event, HoldReason, Machine, Misstep, Phase, Postponement, Record,
    Refusal, ResendGround, Stage, Stop, WithdrawReason,
};
use refund_core::{Moment, SelfFencing, Tier};

impl Machine {
    /// An event that comes while no command is out: go on, or what a person wants.
    pub(super) fn begin(&mut self, event: Event, now: Moment) -> Result<Command, Misstep> {
        let phase = self.state.phase;
        match event {
            // Somebody looks at a refund that waits for a person: the gateway may have an end for it by now.
            Event::Go | Event::Nudge | Event::Hint if self.state.may_still_be_told() => Ok(self.ask()),
            Event::Nudge | Event::Hint if matches!(phase, Phase::Accepted | Phase::Processing) => {
                Ok(self.ask())
            }
            Event::Nudge if matches!(phase, Phase::Approved | Phase::Reserved) => Ok(self.look()),
            Event::Hint => Ok(self.stop(Stop::Noted)),
            Event::Go | Event::Nudge => self.go(now),
            Event::Approve if phase == Phase::Planned => self.keep(Record::Approved),
            Event::Withdraw if self.not_armed() && self.state.on_word => Err(Misstep::OnWord),
            Event::Withdraw if self.not_armed() => {
                self.keep(Record::Withdrawn { why: WithdrawReason::Person })
            }
            Event::TakeByHand if phase == Phase::Reserved => self.keep(Record::TakenByHand),
            Event::Decide { decision: Decision::DidNotHappen | Decision::SendAgain, .. }
                if self.state.may_still_be_told() =>
            {
                Err(Misstep::Acknowledged)
            }
            Event::Decide { decision, seen } if matches!(phase, Phase::NeedsReview | Phase::ByHand) => {
                match self.window(now) {
                    Window::Elsewhere => self.restart(now),
                    Window::Until(until) if !seen.has_reached(until) => Err(Misstep::WindowOpen { until }),
                    _ => self.keep(Record::Decided { decision }),
                }
            }
            // Sent back on a person's word and not sent again: a person's word closes it, with its evidence.
            Event::Decide { decision: decision @ (Decision::Happened | Decision::DidNotHappen), .. }
                if self.not_armed() && self.state.on_word =>
            {
                self.keep(Record::Decided { decision })
            }
            Event::ReceiptNews(track) => self.keep(Record::Receipt(track)),
            Event::Approve | Event::Withdraw | Event::TakeByHand | Event::Decide { .. } => {
                Err(Misstep::NotNow { phase })
            }
            event => Err(Misstep::Unexpected { event, stage: self.stage }),
        }
    }

    /// What follows a record that is now durable.
    pub(super) fn kept(&mut self, record: Record, now: Moment) -> Result<Command, Misstep> {
        match record {
            Record::MayResend { .. } => Ok(self.open()),
            Record::NotSent { .. } => Ok(self.stop(Stop::NotReached)),
            Record::Postponed { why, due } => Ok(self.stop(match why {
                Postponement::LookupFailed | Postponement::Lagging => Stop::NotReached,
                Postponement::Busy => Stop::Busy,
                Postponement::Paused => Stop::Paused { until: due },
            })),
            Record::Approved | Record::Decided { .. } | Record::TakenByHand | Record::Receipt(_) => {
                Ok(self.stop(Stop::Noted))
            }
            _ => self.go(now),
        }
    }

    fn go(&mut self, now: Moment) -> Result<Command, Misstep> {
        match self.state.phase {
            Phase::Planned => Ok(self.stop(Stop::NotApproved)),
            Phase::Approved | Phase::Reserved => Ok(self.when_due(now, Stage::Looking, Command::Lookup)),
            // Found on a restart: the answer, if there was one, was not kept.
            Phase::Sending => self.keep(self.doubted(DoubtKind::Crash, Refusal::None, false, now)?),
            Phase::Accepted | Phase::Processing => {
                Ok(self.when_due(now, Stage::Asking(Asked::OnSchedule), Command::AskStatus))
            }
            Phase::Unknown => self.doubt(now),
            Phase::NeedsReview | Phase::ByHand => self.held(now),
            Phase::Settled | Phase::Canceled | Phase::Declined | Phase::Withdrawn | Phase::DidNotHappen => {
                Ok(self.stop(Stop::Final))
            }
        }
    }

    /// When there will be something to do: now, or what it would wait for. Asked for a record that is about to be
    /// written, so that whoever looks for work is not handed what can only wait.
    pub(super) fn next_due(mut self, now: Moment) -> Moment {
        match self.go(now) {
            Ok(Command::Wait(until) | Command::Stop(Stop::Held { from: Some(until) })) => until,
            _ => now,
        }
    }

    fn ask(&mut self) -> Command {
        self.out(Stage::Asking(Asked::Nudged), Command::AskStatus)
    }

    fn when_due(&mut self, now: Moment, stage: Stage, command: Command) -> Command {
        match self.state.due {
            // A moment of another boot says nothing; asking early harms nobody.
            Some(due) if due.boot == now.boot && !now.has_reached(due) => self.wait(due),
            _ => self.out(stage, command),
        }
    }

    fn wait(&mut self, until: Moment) -> Command {
        self.out(Stage::Waiting, Command::Wait(until))
    }

    /// An unknown outcome: by tier, resend what cannot double, read what can be read, else ask a person.
    fn doubt(&mut self, now: Moment) -> Result<Command, Misstep> {
        if let Some(due) = self.state.due
            && due.boot == now.boot
            && !now.has_reached(due)
        {
            return Ok(self.wait(due));
        }
        let refused = self.state.doubt == Some(DoubtKind::AmbiguousRefusal);
        if self.policy.replays() && self.may_resend() && !refused {
            return self.resend(ResendGround::KeyReplay, now);
        }
        // A reservation made while the gateway showed nothing: other refunds may have come between, or there is no sum that
        // a verdict could be read against, whatever a provider makes of that.
        let unread =
            !self.state.baseline.is_some_and(|known| known.is_evidence() && known.refunded.is_some());
        match self.policy.tier {
            // The reference alone decides here, and asking for it has no effect.
            Tier::Blind if self.state.salvaged => Ok(self.out(Stage::Probing, Command::Probe)),
            Tier::Blind => self.hold(HoldReason::NoEvidence, now),
            Tier::Keyed { .. } | Tier::Readable(_) if unread => self.hold(HoldReason::NoEvidence, now),
            Tier::Keyed { .. } | Tier::Readable(_) => match self.window(now) {
                Window::Elsewhere => self.restart(now),
                Window::Until(end) if !now.has_reached(end) => Ok(self.wait(end)),
                _ => Ok(self.out(Stage::Probing, Command::Probe)),
            },
        }
    }

    /// A person decides, unless the gateway's own balance forbids a second effect and the profile relies on that.
    pub(super) fn hold(&mut self, why: HoldReason, now: Moment) -> Result<Command, Misstep> {
        let fenced = self.policy.self_fencing == SelfFencing::On
            && self.state.baseline.is_some_and(|baseline| baseline.fences(self.state.amount.unwrap_or(0)));
        let refused = self.state.doubt == Some(DoubtKind::AmbiguousRefusal);
        if fenced && self.may_resend() && !refused && !self.state.salvaged {
            return self.resend(ResendGround::SelfFencing, now);
        }
        let why =
            if refused && self.state.refusal == Refusal::None { HoldReason::RefusedOnResend } else { why };
        self.keep(Record::Held { why })
    }

    pub(super) fn held(&mut self, now: Moment) -> Result<Command, Misstep> {
        match self.window(now) {
            Window::Elsewhere => self.restart(now),
            Window::Until(end) => Ok(self.stop(Stop::Held { from: Some(end) })),
            Window::NothingSent => Ok(self.stop(Stop::Held { from: None })),
        }
    }

    /// The same request again, and the reason written first. Found on a restart, the permit of whoever armed it has to be
    /// dead before.
    fn resend(&mut self, on: ResendGround, now: Moment) -> Result<Command, Misstep> {
        if self.state.doubt == Some(DoubtKind::Crash) {
            match self.state.window_by(now.boot) {
                None => return self.restart(now),
                Some(dead) if !now.has_reached(dead) => return Ok(self.wait(dead)),
                Some(_) => {}
            }
        }
        match self.state.resend {
            Some(known) if known == on => Ok(self.open()),
            _ => self.keep(Record::MayResend { on }),
        }
    }

    /// A window of another boot says nothing. It starts again when a permit of another machine, made just before this
    /// one took the refund over, is dead.
    fn restart(&mut self, now: Moment) -> Result<Command, Misstep> {
        let dated = |due| Record::WindowRestarted { from: now.after(self.policy.fire_within), due };
        let due = self.due_after(dated(now), now)?;
        self.keep(dated(due))
    }

    fn may_resend(&self) -> bool {
        self.state.attempt < self.policy.attempts_max
    }

    /// From when on nothing that was sent can take effect any more.
    fn window(&self, now: Moment) -> Window {
        match self.state.window_by(now.boot) {
            _ if self.state.maybe_sent == 0 => Window::NothingSent,
            Some(from) => Window::Until(from.after(self.policy.settle)),
            None => Window::Elsewhere,
        }
    }

    fn not_armed(&self) -> bool {
        matches!(self.state.phase, Phase::Planned | Phase::Approved | Phase::Reserved)
            && self.state.maybe_sent == 0
    }
}

/// The settle window as this boot knows it.
enum Window {
    /// Nothing of the lineage may have been sent.
    NothingSent,
    /// It is over from this moment on.
    Until(Moment),
    /// Only other boots know it.
    Elsewhere,
}
