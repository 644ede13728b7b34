//! What to do next with a refund as it stands: the part of the machine that looks at phase, tier and time.

use super::{
    Asked, Command, Decision, DoubtKind, Event, HoldReason, Machine, Misstep, Phase, Record, Refusal, Stage,
    Stop, WithdrawReason,
};
use refund_core::{Moment, SelfFencing, Tier};

impl Machine {
    /// An event that comes while no command is out: go on, or what a person wants.
    pub(super) fn begin(self, event: Event, now: Moment) -> Result<(Self, Command), Misstep> {
        let phase = self.state.phase;
        match event {
            // Somebody looks at a refund that waits for a person: the gateway may have an end for it by now.
            Event::Go | Event::Nudge if self.state.may_still_be_told() => Ok(self.ask()),
            Event::Nudge if matches!(phase, Phase::Accepted | Phase::Processing) => Ok(self.ask()),
            Event::Go | Event::Nudge => self.go(now),
            Event::Approve if phase == Phase::Planned => self.keep(Record::Approved),
            Event::Withdraw if self.can_withdraw() => {
                self.keep(Record::Withdrawn { why: WithdrawReason::Person })
            }
            Event::TakeByHand if phase == Phase::Reserved => self.keep(Record::TakenByHand),
            Event::Decide { decision: Decision::DidNotHappen | Decision::SendAgain, .. }
                if self.state.may_still_be_told() =>
            {
                Err(Misstep::Acknowledged)
            }
            Event::Decide { decision, seen } if matches!(phase, Phase::NeedsReview | Phase::ByHand) => {
                match self.window_end() {
                    Some(until) if until.boot != now.boot => self.restart(now),
                    Some(until) if !seen.has_reached(until) => Err(Misstep::WindowOpen { until }),
                    _ => self.keep(Record::Decided { decision }),
                }
            }
            Event::ReceiptNews(track) => self.keep(Record::Receipt(track)),
            Event::Approve | Event::Withdraw | Event::TakeByHand | Event::Decide { .. } => {
                Err(Misstep::NotNow { phase })
            }
            event => Err(Misstep::Unexpected { event, stage: self.stage }),
        }
    }

    /// What follows a record that is now durable.
    pub(super) fn kept(self, record: Record, now: Moment) -> Result<(Self, Command), Misstep> {
        match record {
            Record::NotSent { .. } => Ok(self.stop(Stop::NotReached)),
            Record::Approved | Record::Decided { .. } | Record::TakenByHand | Record::Receipt(_) => {
                Ok(self.stop(Stop::Noted))
            }
            _ => self.go(now),
        }
    }

    fn go(self, now: Moment) -> Result<(Self, Command), Misstep> {
        match self.state.phase {
            Phase::Planned => Ok(self.stop(Stop::NotApproved)),
            Phase::Approved | Phase::Reserved => Ok(self.when_due(now, Stage::Looking, Command::Lookup)),
            // Found on a restart: the answer, if there was one, was not kept.
            Phase::Sending => {
                self.keep(Record::Doubted { why: DoubtKind::Crash, refusal: Refusal::None, salvaged: false })
            }
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

    fn ask(self) -> (Self, Command) {
        self.out(Stage::Asking(Asked::Nudged), Command::AskStatus)
    }

    fn when_due(self, now: Moment, stage: Stage, command: Command) -> (Self, Command) {
        match self.state.due {
            // A moment of another boot says nothing; asking early harms nobody.
            Some(due) if due.boot == now.boot && !now.has_reached(due) => self.wait(due),
            _ => self.out(stage, command),
        }
    }

    fn wait(self, until: Moment) -> (Self, Command) {
        self.out(Stage::Waiting, Command::Wait(until))
    }

    /// An unknown outcome: by tier, resend what cannot double, read what can be read, else ask a person.
    fn doubt(self, now: Moment) -> Result<(Self, Command), Misstep> {
        if let Some(due) = self.state.due
            && due.boot == now.boot
            && !now.has_reached(due)
        {
            return Ok(self.wait(due));
        }
        let refused = self.state.doubt == Some(DoubtKind::AmbiguousRefusal);
        if self.policy.replays() && self.may_resend() && !refused {
            return self.resend(now);
        }
        // A reservation made while the gateway showed nothing: other refunds may have come between.
        let unread = !self.state.baseline.is_some_and(|baseline| baseline.is_evidence());
        match self.policy.tier {
            // The reference alone decides here, and asking for it has no effect.
            Tier::Blind if self.state.salvaged => Ok(self.out(Stage::Probing, Command::Probe)),
            Tier::Blind => self.hold(HoldReason::NoEvidence, now),
            Tier::Keyed(_) | Tier::Readable(_) if unread => self.hold(HoldReason::NoEvidence, now),
            Tier::Keyed(_) | Tier::Readable(_) => match self.window_end() {
                Some(end) if end.boot != now.boot => self.restart(now),
                Some(end) if !now.has_reached(end) => Ok(self.wait(end)),
                _ => Ok(self.out(Stage::Probing, Command::Probe)),
            },
        }
    }

    /// A person decides, unless the gateway's own balance forbids a second effect and the profile relies on that.
    pub(super) fn hold(self, why: HoldReason, now: Moment) -> Result<(Self, Command), Misstep> {
        let fenced = self.policy.self_fencing == SelfFencing::On
            && self.state.baseline.is_some_and(|baseline| baseline.fences(self.state.amount.unwrap_or(0)));
        let refused = self.state.doubt == Some(DoubtKind::AmbiguousRefusal);
        if fenced && self.may_resend() && !refused && !self.state.salvaged {
            return self.resend(now);
        }
        let why =
            if refused && self.state.refusal == Refusal::None { HoldReason::RefusedOnResend } else { why };
        self.keep(Record::Held { why })
    }

    pub(super) fn held(self, now: Moment) -> Result<(Self, Command), Misstep> {
        match self.window_end() {
            Some(end) if end.boot != now.boot => self.restart(now),
            from => Ok(self.stop(Stop::Held { from })),
        }
    }

    /// The same request again. Found on a restart, the permit of whoever armed it has to be dead first.
    fn resend(self, now: Moment) -> Result<(Self, Command), Misstep> {
        match self.state.window_from.filter(|_| self.state.doubt == Some(DoubtKind::Crash)) {
            Some(dead) if dead.boot != now.boot => self.restart(now),
            Some(dead) if !now.has_reached(dead) => Ok(self.wait(dead)),
            _ => self.open(),
        }
    }

    /// A window of another boot says nothing. It starts again when a permit of another machine, made just before this
    /// one took the refund over, is dead.
    fn restart(self, now: Moment) -> Result<(Self, Command), Misstep> {
        self.keep(Record::WindowRestarted { from: now.after(self.policy.fire_within) })
    }

    fn may_resend(&self) -> bool {
        self.state.attempt < self.policy.attempts_max
    }

    /// From when on nothing that was sent can take effect any more; `None` when nothing may have been sent.
    fn window_end(&self) -> Option<Moment> {
        let sent = self.state.maybe_sent > 0;
        self.state.window_from.filter(|_| sent).map(|from| from.after(self.policy.settle))
    }

    fn can_withdraw(&self) -> bool {
        matches!(self.state.phase, Phase::Planned | Phase::Approved | Phase::Reserved)
            && self.state.maybe_sent == 0
    }
}
