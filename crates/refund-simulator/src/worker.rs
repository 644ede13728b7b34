//! A worker: a process that obeys the real machine, one command at a time, as the engine's driver does.
//!
//! It decides nothing about a refund. Between any two commands it may be paused, killed, or overtaken, and a write may be
//! the last thing it does, durable or not.

use crate::{
    dice::scaled,
    judge::Invariant,
    ledger::Reference,
    mutant::Mutant,
    store::Payload,
    world::{NEVER, World},
};
use refund_core::Moment;
use refund_engine::machine::{Command, Event, Machine, Misstep, Phase, Policy, Stage, State, Stop};
use std::fmt::Write as _;

/// How many workers there are.
pub(crate) const WORKERS: usize = 2;

/// What a worker does when it wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// The process is started again.
    Start,
    /// It looks for work.
    Seek,
    /// It carries the machine's command out.
    Obey,
    /// It hears the answer to what it fired, or stops waiting for it.
    Hear,
}

/// A live permit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permit {
    pub(crate) until: Moment,
    /// The same in real time.
    pub(crate) dead_at: u64,
    pub(crate) lineage: u32,
    pub(crate) attempt: u16,
}

/// One process and the refund it works on.
pub(crate) struct Worker {
    pub(crate) site: usize,
    pub(crate) todo: Todo,
    /// It works on a refund.
    pub(crate) busy: bool,
    pub(crate) refund: usize,
    pub(crate) fence: u32,
    pub(crate) seq: u64,
    pub(crate) machine: Machine,
    pub(crate) command: Command,
    patient: bool,
    pub(crate) prior: (i64, i64),
    pub(crate) payload: Payload,
    pub(crate) permit: Option<Permit>,
    /// The permit of the last send (mutants).
    pub(crate) spent: Option<Permit>,
    /// Which answer it waits for.
    pub(crate) ticket: u32,
    pub(crate) heard: Event,
    /// A reference the next record carries.
    pub(crate) attach: Reference,
    /// How often a broken client still sends by itself (mutants).
    pub(crate) repeats: u8,
}

impl Worker {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            site: 0,
            todo: Todo::Seek,
            busy: false,
            refund: 0,
            fence: 0,
            seq: 0,
            machine: Machine::new(State::EMPTY, policy),
            command: Command::Probe,
            patient: false,
            prior: (0, 0),
            payload: Payload::default(),
            permit: None,
            spent: None,
            ticket: 0,
            heard: Event::Go,
            attach: 0,
            repeats: 0,
        }
    }

    pub(crate) fn reset(&mut self, site: usize) {
        self.site = site;
        self.todo = Todo::Seek;
        self.busy = false;
        self.permit = None;
        self.attach = 0;
    }
}

impl<const BENT: bool> World<BENT> {
    pub(crate) fn work(&mut self, worker: usize) {
        match self.workers[worker].todo {
            Todo::Start => {
                self.events += 1;
                self.tell(|_, out| write!(out, "worker {worker} starts"));
                self.workers[worker].todo = Todo::Seek;
                self.wakes[worker] = self.now + 1;
            }
            Todo::Seek => self.seek(worker),
            Todo::Obey => self.obey(worker),
            Todo::Hear => {
                let heard = self.workers[worker].heard;
                self.workers[worker].ticket += 1;
                self.heard(worker, heard);
            }
        }
    }

    /// Takes whatever is due; else sleeps until something will be.
    fn seek(&mut self, worker: usize) {
        let first = usize::try_from(self.dice.below(self.count as u64)).expect("few refunds");
        let mut next = NEVER;
        for refund in (first..self.count).chain(0..first) {
            let at = self.workable_at(worker, refund);
            if at <= self.now {
                if self.take(worker, refund, Event::Go) {
                    return;
                }
                next = next.min(self.now + 1_000);
            } else {
                next = next.min(at);
            }
        }
        if next != NEVER {
            self.wakes[worker] = next + 1 + self.dice.below(800);
        }
    }

    /// From when on a worker may work on a refund; never while a person has it.
    fn workable_at(&self, worker: usize, refund: usize) -> u64 {
        let one = &self.refunds[refund];
        let phase = one.kept.phase;
        if phase.is_final() || matches!(phase, Phase::Planned | Phase::NeedsReview | Phase::ByHand) {
            return NEVER;
        }
        let due = one.kept.due.map_or(0, |due| self.real(self.workers[worker].site, due));
        let lease = if self.leased(refund) { one.lease_until } else { 0 };
        one.retry_at.max(due).max(lease)
    }

    /// Claims a refund and begins; false when somebody else has it.
    pub(crate) fn take(&mut self, worker: usize, refund: usize, begin: Event) -> bool {
        let Some(fence) = self.claim(refund) else { return false };
        if BENT {
            self.folds(refund);
        }
        let roll = self.dice.roll();
        let one = &mut self.workers[worker];
        let kept = &self.refunds[refund];
        (one.busy, one.refund, one.fence, one.seq) = (true, refund, fence, kept.kept.seq);
        // What `Machine::new` makes, in its place.
        (one.machine.stage, one.machine.jitter) = (Stage::Idle, 0);
        one.machine.policy = self.policy;
        one.machine.state = kept.kept;
        one.payload = kept.payload;
        one.patient = roll & 3 == 0;
        (one.permit, one.attach) = (None, 0);
        one.ticket += 1;
        self.tell(|_, out| write!(out, "worker {worker} takes refund {refund}: {begin:?}"));
        self.advance(worker, begin);
        true
    }

    /// One step of the real machine.
    pub(crate) fn advance(&mut self, worker: usize, event: Event) {
        self.events += 1;
        let now = self.moment(self.workers[worker].site);
        // Two bytes of chance for the back-offs; the driver draws them, too.
        self.workers[worker].machine.jitter = self.jitter();
        let stepped = match BENT {
            true => self.mutant.step(&mut self.workers[worker].machine, event, now),
            false => self.workers[worker].machine.step(event, now),
        };
        match stepped {
            Ok(command) => {
                self.tell(|_, out| write!(out, "worker {worker} {event:?} -> {command:?}"));
                if let Event::KeepDone | Event::ReserveDone | Event::ReserveOutdated | Event::ArmDone = event
                {
                    self.agrees(worker);
                }
                self.follow(worker, command);
            }
            Err(misstep) => {
                self.tell(|_, out| write!(out, "worker {worker} {event:?}: {misstep}"));
                if matches!(misstep, Misstep::Unexpected { .. } | Misstep::OutOfOrder(_)) {
                    self.broke(Invariant::Defect);
                }
                self.stops(worker, 1_000);
            }
        }
    }

    /// Chance for back-offs, from the time and the count of events rather than from a roll of its own.
    fn jitter(&self) -> u16 {
        let mixed = (self.now ^ u64::from(self.events)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        u16::try_from(mixed >> 48).expect("16 bits")
    }

    /// The live state is what the journal keeps, unless somebody wrote since.
    #[inline]
    fn agrees(&mut self, worker: usize) {
        let one = &self.workers[worker];
        let kept = &self.refunds[one.refund].kept;
        if kept.seq == one.machine.state.seq && *kept != one.machine.state {
            self.broke(Invariant::I9);
        }
    }

    /// Prepares what the machine wants and says when it will be done.
    fn follow(&mut self, worker: usize, command: Command) {
        let roll = self.dice.roll();
        let short = 1 + (roll & 15);
        let network = 20 + (roll >> 4 & 255);
        let takes = match command {
            Command::Lookup => {
                let prior = self.prior(self.workers[worker].refund);
                self.workers[worker].prior = prior;
                network
            }
            Command::Check { lineage } => return self.check(worker, lineage),
            Command::Open | Command::AskStatus | Command::Probe => network,
            // Now and then the disk is busy.
            Command::Reserve(_) | Command::Arm(_) | Command::Keep(_)
                if self.stormy && roll >> 16 & 15 == 0 =>
            {
                short + scaled(roll >> 20 & 0xFFFF_FFFF, 2_500)
            }
            Command::Reserve(_) | Command::Arm(_) | Command::Keep(_) => short,
            Command::Fire => roll & 3,
            Command::Wait(until) => return self.wait(worker, until, roll),
            Command::Stop(stop) => return self.stopped(worker, stop, roll),
        };
        let one = &mut self.workers[worker];
        (one.command, one.todo) = (command, Todo::Obey);
        let mut at = self.now + takes;
        // Now and then the process is paused, wherever it is.
        if self.stormy && roll >> 54 < self.temper.pauses {
            let most = [3_000, 9_000, 70_000, 1_000_000][usize::try_from(roll >> 32 & 3).expect("two bits")];
            at += scaled(roll >> 8 & 0xFFFF_FFFF, most);
        }
        self.wakes[worker] = at;
    }

    /// The rules, and the request prepared: pure, so nothing comes between.
    fn check(&mut self, worker: usize, lineage: u32) {
        let one = &self.workers[worker];
        let Stage::Checking(baseline) = one.machine.stage else {
            return self.broke(Invariant::Defect);
        };
        let (done, open) = one.prior;
        let left = baseline.captured - baseline.refunded.unwrap_or(done).max(done) - open;
        let asked = one.machine.state.amount.unwrap_or(left);
        if asked <= 0 || asked > left {
            return self.advance(worker, Event::Broken);
        }
        let key = self.key(one.refund, lineage, 0);
        self.workers[worker].payload = Payload { key, amount: asked };
        self.advance(worker, Event::Checked { amount: asked });
    }

    /// The key of a lineage; mutants name it badly.
    pub(crate) fn key(&self, refund: usize, lineage: u32, attempt: u16) -> u64 {
        let lineage = if self.is(Mutant::KeyPerIntent) { 1 } else { lineage };
        (refund as u64 + 1) << 48 | u64::from(lineage) << 16 | u64::from(attempt)
    }

    /// A patient worker keeps the lease alive and waits, the others come back later.
    fn wait(&mut self, worker: usize, until: Moment, roll: u64) {
        let at = self.real(self.workers[worker].site, until);
        let one = &mut self.workers[worker];
        if one.patient && at <= self.now + 2 * self.temper.term {
            (one.command, one.todo) = (Command::Wait(until), Todo::Obey);
            self.wakes[worker] = at.min(self.now + self.temper.term / 2);
            return;
        }
        // Most come when it is time; some come too early and are told to wait again.
        let later = if roll & 15 == 0 { self.now + 30_000 } else { at };
        let refund = one.refund;
        self.refunds[refund].retry_at = later;
        self.ends_run(worker);
    }

    pub(crate) fn waited(&mut self, worker: usize, until: Moment) {
        let (refund, fence) = (self.workers[worker].refund, self.workers[worker].fence);
        if !self.renew(refund, fence) {
            return self.stops(worker, 1_000);
        }
        let at = self.real(self.workers[worker].site, until);
        if at <= self.now {
            return self.advance(worker, Event::Go);
        }
        self.wakes[worker] = at.min(self.now + self.temper.term / 2);
    }

    fn stopped(&mut self, worker: usize, stop: Stop, roll: u64) {
        let refund = self.workers[worker].refund;
        let pause = match stop {
            // What it waits for is in its record. The queue honours it by its own clock, whichever machine wrote it; some
            // come too early all the same.
            Stop::Busy | Stop::NotReached | Stop::Paused { .. } => {
                let due = self.refunds[refund].kept.due;
                let at = due.map_or(self.now + 3_600_000, |due| self.real(self.workers[worker].site, due));
                if roll & 15 == 0 { 4_000 } else { at.saturating_sub(self.now) + (roll >> 8 & 0xFF) }
            }
            _ => 1,
        };
        self.refunds[refund].retry_at = self.now + pause;
        if matches!(stop, Stop::Held { .. }) {
            self.poke_person_about(refund);
        }
        self.ends_run(worker);
    }

    /// A run breaks off; somebody comes back later.
    pub(crate) fn stops(&mut self, worker: usize, pause: u64) {
        let refund = self.workers[worker].refund;
        self.refunds[refund].retry_at = self.now + pause;
        self.ends_run(worker);
    }

    /// The lease is given back and the worker looks for work.
    fn ends_run(&mut self, worker: usize) {
        let (refund, fence) = (self.workers[worker].refund, self.workers[worker].fence);
        self.release(refund, fence);
        let one = &mut self.workers[worker];
        (one.busy, one.todo, one.permit) = (false, Todo::Seek, None);
        self.unwatch(refund);
        for other in 0..WORKERS {
            if self.workers[other].todo == Todo::Seek {
                self.wakes[other] = self.wakes[other].min(self.now + 1);
            }
        }
    }

    /// The process is gone. What it sent is on its way all the same.
    pub(crate) fn die(&mut self, worker: usize) {
        let roll = self.dice.roll();
        let one = &mut self.workers[worker];
        one.ticket += 1;
        one.todo = Todo::Start;
        one.permit = None;
        let (busy, refund) = (std::mem::replace(&mut one.busy, false), one.refund);
        self.wakes[worker] = self.now + 500 + (roll >> 8 & 0x7FFF);
        if busy {
            self.unwatch(refund);
            self.tell(|_, out| write!(out, "worker {worker} dies with refund {refund}"));
        }
        if BENT && busy {
            self.forget(refund);
        }
    }
}
