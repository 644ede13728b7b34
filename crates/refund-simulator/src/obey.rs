//! Carrying a command out: what a worker reads, writes and sends, and how each of these goes wrong.
//!
//! The order of commands is the machine's; here is only what comes of one.

use crate::{
    judge::Invariant,
    kind::{PATIENCE, PERMIT},
    mutant::Mutant,
    store::Refused,
    worker::{Permit, Todo},
    world::{NEVER, World},
};
use refund_core::NotSentReason;
use refund_engine::machine::{
    Baseline, BaselineRole, Command, DoubtKind, Event, FiredKind, Phase, Record, Stage,
};
use std::fmt::Write as _;

/// How a write goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fine,
    /// Not written; the store says so.
    Unavailable,
    /// Not written, and the process dies.
    DiesBefore,
    /// Written, and the process dies.
    DiesAfter,
    /// Not written, and nobody can tell.
    CommitLost,
    /// Written, and nobody can tell.
    CommitKept,
}

impl<const BENT: bool> World<BENT> {
    /// Carries out the command that is out.
    pub(crate) fn obey(&mut self, worker: usize) {
        let command = self.workers[worker].command;
        match command {
            Command::Lookup | Command::Open | Command::AskStatus | Command::Probe => {
                let roll = self.dice.roll();
                if self.stormy && roll >> 54 < 6 {
                    return self.die(worker);
                }
                let event = match command {
                    // Too many sends of the account ended unknown: nothing goes out for a while.
                    Command::Lookup | Command::Open if self.stormy && roll >> 40 & 127 == 0 => {
                        let until = self.moment(self.workers[worker].site);
                        let pause = std::time::Duration::from_millis(1_000 + (roll >> 16 & 0xFFFF));
                        Event::Paused { until: until.after(pause) }
                    }
                    Command::Lookup => self.look_up(worker, roll),
                    Command::Open if self.stormy && roll & 63 < 4 => Event::NotSent(NotSentReason::Refused),
                    Command::Open => Event::OpenDone,
                    Command::AskStatus => self.ask(worker, roll),
                    _ => Event::Probed(self.probe(worker, roll)),
                };
                self.advance(worker, event);
            }
            Command::Reserve(record) | Command::Arm(record) | Command::Keep(record) => {
                self.writes(worker, record);
            }
            Command::Fire => self.fire(worker),
            Command::Wait(until) => self.waited(worker, until),
            Command::Check { .. } | Command::Stop(_) => {}
        }
    }

    fn look_up(&mut self, worker: usize, roll: u64) -> Event {
        if self.stormy && roll & 63 < 4 {
            return Event::LookupFailed;
        }
        let (done, _) = self.workers[worker].prior;
        let refunded = (!self.kind.blind()).then(|| self.ledger.refunded_at(self.shown_at(roll >> 8)));
        let role = if self.policy.reads_baseline() { BaselineRole::Evidence } else { BaselineRole::Unused };
        let used = refunded.unwrap_or(0).max(done);
        self.tell(|_, out| write!(out, "worker {worker} is shown {refunded:?} refunded, {done} done"));
        Event::LookedUp(Baseline { captured: self.ledger.captured, refunded, used, role })
    }

    fn weather(&mut self) -> Weather {
        if !self.stormy {
            return Weather::Fine;
        }
        match self.dice.roll() >> 54 {
            0..=7 => Weather::DiesBefore,
            8..=15 => Weather::DiesAfter,
            16..=23 => Weather::Unavailable,
            24..=27 => Weather::CommitLost,
            28..=31 => Weather::CommitKept,
            _ => Weather::Fine,
        }
    }

    fn writes(&mut self, worker: usize, record: Record) {
        let weather = self.weather();
        if weather == Weather::DiesBefore {
            return self.die(worker);
        }
        if weather == Weather::Unavailable {
            // The gateway's answer is nowhere else: it is written as soon as the store takes it.
            if self.workers[worker].machine.stage == Stage::Keeping(record)
                && self.workers[worker].machine.state.phase == Phase::Sending
            {
                self.wakes[worker] = self.now + 200;
                return;
            }
            return self.stops(worker, 1_000);
        }
        if weather == Weather::CommitLost {
            return self.stops(worker, 1_000);
        }
        if let Record::Armed { fire_by, lineage, attempt } = record {
            let site = self.workers[worker].site;
            let dead_at = self.real(site, fire_by);
            self.workers[worker].permit = Some(Permit { until: fire_by, dead_at, lineage, attempt });
        }
        let seen = self.workers[worker].prior;
        let written = self.commit(worker, record);
        if written.is_ok() {
            self.attach(worker, &record);
        }
        if weather == Weather::DiesAfter {
            return self.die(worker);
        }
        if weather == Weather::CommitKept {
            return self.stops(worker, 1_000);
        }
        let refund = self.workers[worker].refund;
        let event = match (written, record) {
            (Ok(()), Record::Reserved { .. }) => {
                self.acknowledge(worker);
                match self.prior(refund).0 == seen.0 {
                    true => Event::ReserveDone,
                    false => Event::ReserveOutdated,
                }
            }
            (Ok(()), Record::Armed { .. }) => {
                self.acknowledge(worker);
                Event::ArmDone
            }
            (Ok(()), _) => {
                self.acknowledge(worker);
                Event::KeepDone
            }
            (Err(Refused::Budget), _) if self.prior(refund) != seen => Event::BudgetMoved,
            (Err(Refused::Budget), _) => Event::OverBudget,
            (Err(Refused::Busy), Record::Reserved { .. }) => Event::PaymentBusy,
            (Err(refused), _) => {
                self.tell(|_, out| write!(out, "worker {worker} may not write: {refused:?}"));
                self.figures.overtaken += 1;
                // An armed record that was refused leaves no moment behind: whoever schedules work has to slow down.
                let one = &mut self.refunds[refund];
                one.busy = (one.busy + 1).min(7);
                let pause = 5_000 << one.busy;
                return self.stops(worker, pause);
            }
        };
        self.advance(worker, event);
    }

    /// What belongs to a record is written with it.
    fn attach(&mut self, worker: usize, record: &Record) {
        let one = &mut self.workers[worker];
        let kept = &mut self.refunds[one.refund];
        if let Record::Reserved { .. } = record {
            kept.payload = one.payload;
        }
        if one.attach != 0 {
            kept.reference = one.attach;
            one.attach = 0;
        }
        if BENT && let Record::Doubted { .. } = record {
            kept.reread = self.ledger.refunded;
        }
    }

    /// Sends under the permit, unless it is dead.
    fn fire(&mut self, worker: usize) {
        let taken_over = self.is(Mutant::LeaseExpirySends).then(|| self.fresh_permit(worker));
        let Some(permit) = self.workers[worker].permit.take().or(taken_over) else {
            return self.broke(Invariant::Defect);
        };
        let here = self.moment(self.workers[worker].site);
        let alive = here.boot == permit.until.boot && here.millis < permit.until.millis;
        if !alive && !self.is(Mutant::PermitWithoutDeadline) {
            return self.advance(worker, Event::NotSent(NotSentReason::PermitExpired));
        }
        if BENT {
            self.workers[worker].repeats = self.mutant.repeats();
            self.workers[worker].spent = Some(permit);
        }
        let one = &mut self.workers[worker];
        one.todo = Todo::Hear;
        one.heard = Event::Fired(FiredKind::Unknown { why: DoubtKind::Timeout, salvaged: false });
        self.wakes[worker] = self.now + PATIENCE;
        if !self.send(worker, &permit) {
            self.wakes[worker] = NEVER;
            self.advance(worker, Event::NotSent(NotSentReason::NeverHanded));
        }
    }

    /// A permit nobody gave (mutants).
    fn fresh_permit(&self, worker: usize) -> Permit {
        let one = &self.workers[worker];
        let (lineage, attempt) = self.refunds[one.refund].armed;
        let until = self.moment(one.site).after(std::time::Duration::from_millis(PERMIT));
        Permit { until, dead_at: self.now + PERMIT, lineage, attempt }
    }

    /// The answer came, or will not come any more.
    pub(crate) fn heard(&mut self, worker: usize, heard: Event) {
        if BENT && self.workers[worker].repeats > 0 && self.mutant.repeats_after(&heard) {
            self.workers[worker].repeats -= 1;
            self.workers[worker].heard = heard;
            self.wakes[worker] = self.now + PATIENCE;
            if let Some(permit) = self.workers[worker].spent
                && self.send(worker, &permit)
            {
                return;
            }
        }
        self.wakes[worker] = NEVER;
        self.advance(worker, heard);
    }
}
