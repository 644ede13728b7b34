//! Requests on their way, the gateway that takes them, and its answers.
//!
//! A request that leaves may be lost, or arrive at any time until the window after its permit's deadline is over. What the
//! gateway then answers may be lost, late, cut, unreadable, or a refusal although the refund took effect.

use crate::{
    dice::scaled,
    judge::Invariant,
    kind::{GAP, WINDOW},
    ledger::{By, Entry, Reference},
    mutant::Mutant,
    store::Payload,
    worker::{Permit, Todo},
    world::{NEVER, Sent, World},
};
use refund_engine::machine::{DoubtKind, Event, FiredKind, ProbedKind, StatusKind};
use std::fmt::Write as _;

/// How many requests can be on their way at once.
pub(crate) const MESSAGES: usize = 6;

/// A request on its way.
#[derive(Clone, Copy, Default)]
pub(crate) struct Message {
    pub(crate) on_its_way: bool,
    refund: usize,
    payload: Payload,
    worker: usize,
    /// The answer its sender waits for.
    ticket: u32,
    fate: Fate,
}

/// What becomes of a request that leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Answered,
    /// Answered, later than anybody waits.
    AnsweredLate,
    /// Arrives when nobody waits any more.
    Late,
    /// Carried out, and the answer is lost.
    ReplyLost,
    /// Carried out, and the connection is closed without an answer.
    Closed,
    /// Carried out, and answered with a status that proves nothing.
    SystemError,
    /// Carried out, and the answer is cut behind the reference.
    Cut,
    /// Carried out, and the answer is of no kind that is known.
    Garbled,
    /// Carried out, and refused with a code that must be confirmed.
    AppliedAndRefused,
    /// Refused for a reason of its own.
    Refused,
    /// Refused with a code that must be confirmed.
    RefusedUnconfirmed,
    /// Too many requests.
    Throttled,
}

impl<const BENT: bool> World<BENT> {
    /// A request leaves; false when surely no byte did.
    pub(crate) fn send(&mut self, worker: usize, permit: &Permit) -> bool {
        let roll = self.dice.roll();
        let faulty = self.stormy && roll & 1_023 < self.temper.faults;
        let pick = scaled(roll >> 32, 100);
        if faulty && pick < 5 {
            return false;
        }
        self.leaves(worker, permit);
        let mut delay = 20 + (roll >> 10 & 511);
        let mut fate = Fate::Answered;
        if faulty {
            match pick {
                5..=17 => {
                    self.tell(|_, out| write!(out, "the request is lost"));
                    self.loses(worker, roll);
                    return true;
                }
                18..=39 => {
                    fate = Fate::Late;
                    let left = permit.dead_at.saturating_sub(self.now) + WINDOW - 1;
                    delay = match roll >> 20 & 3 {
                        0 => left - scaled(roll >> 22 & 0x3FF, 60),
                        1 => scaled(self.dice.roll() >> 32, left),
                        _ => scaled(self.dice.roll() >> 32, left / 20),
                    };
                    self.loses(worker, roll);
                }
                40..=49 => fate = Fate::ReplyLost,
                50..=55 => fate = Fate::Closed,
                56..=62 => fate = Fate::SystemError,
                63..=70 => fate = Fate::Cut,
                71..=75 => fate = Fate::Garbled,
                76..=82 if !self.kind.blind() => fate = Fate::AppliedAndRefused,
                76..=82 => fate = Fate::AnsweredLate,
                83..=88 => fate = Fate::Refused,
                89..=94 => fate = Fate::RefusedUnconfirmed,
                95..=96 => fate = Fate::AnsweredLate,
                _ => fate = Fate::Throttled,
            }
        }
        let message = Message {
            on_its_way: true,
            refund: self.workers[worker].refund,
            payload: self.payload(worker, permit),
            worker,
            ticket: self.workers[worker].ticket,
            fate,
        };
        match self.messages.iter().position(|message| !message.on_its_way) {
            Some(place) => {
                self.messages[place] = message;
                self.comes(place, self.now + delay);
            }
            None => self.meets(message),
        }
        true
    }

    fn payload(&self, worker: usize, permit: &Permit) -> Payload {
        let one = &self.workers[worker];
        if self.is(Mutant::KeyPerAttempt) {
            let key = self.key(one.refund, permit.lineage, permit.attempt);
            return Payload { key, ..one.payload };
        }
        one.payload
    }

    /// I6, I8 and D6 as a request leaves.
    fn leaves(&mut self, worker: usize, permit: &Permit) {
        let payload = self.payload(worker, permit);
        let refund = self.workers[worker].refund;
        let one = &mut self.refunds[refund];
        let on_record =
            one.armed == (permit.lineage, permit.attempt) && one.armed_payload.amount == payload.amount;
        // A record that is not on disk when the request leaves is none.
        let covered = on_record && !one.fired && one.behind.is_none();
        one.fired = true;
        one.dead_at = one.dead_at.max(permit.dead_at);
        self.tell(|_, out| {
            write!(out, "worker {worker} sends {} under key {:x}", payload.amount, payload.key)
        });
        if !covered {
            self.broke(Invariant::I6);
        }
        let other_lives = self.workers.iter().enumerate().any(|(other, rival)| {
            other != worker
                && rival.busy
                && rival.refund == refund
                && rival.permit.is_some_and(|permit| permit.dead_at > self.now)
        });
        if permit.dead_at <= self.now || other_lives {
            self.broke(Invariant::D6);
        }
        let (lineage, amount) = (permit.lineage, payload.amount);
        let mut known = false;
        let mut broken = false;
        for sent in &self.sent {
            let same_lineage = sent.refund == refund && sent.lineage == lineage;
            known |= sent.key == payload.key && same_lineage;
            broken |= (sent.key == payload.key) != same_lineage || (same_lineage && sent.amount != amount);
        }
        if broken {
            self.broke(Invariant::I8);
        }
        if !known {
            self.sent.push(Sent { key: payload.key, refund, lineage, amount });
        }
    }

    /// The sender will hear nothing: it is told at once, or waits until it gives up.
    fn loses(&mut self, worker: usize, roll: u64) {
        if roll >> 60 & 1 == 1 {
            self.hears(worker, doubt(DoubtKind::ConnectionLost), 50 + (roll >> 50 & 0x3FF));
        }
    }

    fn hears(&mut self, worker: usize, event: FiredKind, after: u64) {
        let at = self.now + after;
        if at < self.wakes[worker] {
            self.workers[worker].heard = Event::Fired(event);
            self.wakes[worker] = at;
        }
    }

    pub(crate) fn arrives(&mut self, place: usize) {
        self.events += 1;
        let message = self.messages[place];
        self.messages[place].on_its_way = false;
        self.meets(message);
    }

    /// The gateway takes a request and answers.
    fn meets(&mut self, message: Message) {
        let roll = self.dice.roll();
        let Message { refund, payload, fate, .. } = message;
        let answer = match fate {
            Fate::Refused | Fate::RefusedUnconfirmed => {
                let last = fate == Fate::Refused;
                self.replayed(payload).unwrap_or_else(|| {
                    self.refuses(refund, payload, last);
                    if last { FiredKind::Declined } else { FiredKind::DeclinedUnconfirmed }
                })
            }
            // Robokassa answers 429 before it takes anything; elsewhere it may come from any edge.
            Fate::Throttled if self.kind.blind() => FiredKind::Declined,
            Fate::Throttled => doubt(DoubtKind::Status(429)),
            _ => self.takes(refund, payload, roll),
        };
        self.tell(|_, out| write!(out, "the gateway meets refund {refund}: {fate:?}, {answer:?}"));
        let waits = {
            let sender = &self.workers[message.worker];
            sender.ticket == message.ticket && sender.todo == Todo::Hear
        };
        if !waits {
            return;
        }
        let taken = matches!(answer, FiredKind::Accepted | FiredKind::Settled);
        let heard = match fate {
            Fate::Late | Fate::ReplyLost => return,
            Fate::Closed => doubt(DoubtKind::ConnectionLost),
            Fate::SystemError => doubt(DoubtKind::Status(500)),
            Fate::Garbled => doubt(
                [DoubtKind::UnreadableReply, DoubtKind::EmptyReply, DoubtKind::MissingReference]
                    [usize::try_from(scaled(roll & 0xFFFF_FFFF, 3)).expect("below 3")],
            ),
            Fate::Cut if taken => FiredKind::Unknown { why: DoubtKind::TruncatedReply, salvaged: true },
            Fate::Cut => doubt(DoubtKind::TruncatedReply),
            Fate::AppliedAndRefused => FiredKind::DeclinedUnconfirmed,
            _ => answer,
        };
        let with_reference = match heard {
            FiredKind::Accepted | FiredKind::Settled => true,
            FiredKind::Unknown { salvaged, .. } => salvaged,
            _ => false,
        };
        if with_reference {
            let reference = self.ledger.by_key(payload.key, self.now).map_or(0, |(reference, _)| reference);
            let newest = u32::try_from(self.ledger.entries.len()).expect("few entries");
            self.workers[message.worker].attach = if self.kind.keyed() { reference } else { newest };
        }
        let after = if fate == Fate::AnsweredLate { 30_000 } else { 20 + (roll >> 8 & 255) };
        self.hears(message.worker, heard, after);
    }

    /// Carries a refund out, if the balance allows; a gateway that knows the key repeats what it said.
    fn takes(&mut self, refund: usize, payload: Payload, roll: u64) -> FiredKind {
        if let Some(answer) = self.replayed(payload) {
            return answer;
        }
        let done_at = match self.at_once {
            true => self.now,
            false => {
                self.now
                    + [1_000, 20_000, 200_000, 3_000_000][usize::try_from(roll >> 60 & 3).expect("two bits")]
            }
        };
        let entry = Entry {
            by: By::Request(refund),
            key: payload.key,
            amount: payload.amount,
            at: self.now,
            done_at,
            canceled_at: NEVER,
        };
        if self.applies(entry).is_none() {
            let last = roll >> 58 & 1 == 0;
            self.refuses(refund, payload, last);
            return if last { FiredKind::Declined } else { FiredKind::DeclinedUnconfirmed };
        }
        if self.at_once { FiredKind::Settled } else { FiredKind::Accepted }
    }

    fn replayed(&self, payload: Payload) -> Option<FiredKind> {
        if !self.kind.keyed() {
            return None;
        }
        if let Some((_, last)) = self.refused.iter().find(|(key, _)| *key == payload.key) {
            return Some(if *last { FiredKind::Declined } else { FiredKind::DeclinedUnconfirmed });
        }
        self.ledger.by_key(payload.key, self.now)?;
        Some(if self.at_once { FiredKind::Settled } else { FiredKind::Accepted })
    }

    fn refuses(&mut self, refund: usize, payload: Payload, last: bool) {
        self.refunds[refund].refusals = self.refunds[refund].refusals.saturating_add(1);
        if self.kind.keyed() {
            self.refused.push((payload.key, last));
        }
    }

    /// Something takes effect, and everything that could break by it is looked at.
    pub(crate) fn applies(&mut self, entry: Entry) -> Option<Reference> {
        let reference = self.ledger.apply(entry)?;
        if self.ledger.refunded > self.ledger.captured {
            self.broke(Invariant::I2);
        }
        if let By::Request(refund) | By::Hand(refund) = entry.by {
            let one = &mut self.refunds[refund];
            one.effects += 1;
            one.applied = one.applied.saturating_add(1);
            self.ends(refund);
            self.hint_about(refund);
        }
        Some(reference)
    }

    /// The moment a read shows: now, or a little before.
    pub(crate) fn shown_at(&self, roll: u64) -> u64 {
        let lags = self.stormy && roll & 15 < self.temper.lags;
        if lags { self.now - scaled(roll >> 4 & 0xFFFF_FFFF, GAP) } else { self.now }
    }

    /// The status of an acknowledged refund.
    pub(crate) fn ask(&mut self, worker: usize, roll: u64) -> Event {
        let refund = self.workers[worker].refund;
        if self.is(Mutant::CallbackSettles) && self.hinted(refund) {
            return Event::Status(StatusKind::Settled);
        }
        let fault = if self.stormy { roll & 127 } else { 127 };
        let entry = self.ledger.get(self.refunds[refund].reference);
        Event::Status(match (fault, entry) {
            (0..=9, _) | (_, None) => StatusKind::Failed,
            (10..=12, _) => StatusKind::Mismatch,
            (13..=16, _) => StatusKind::Unrecognised,
            (_, Some(entry)) if entry.canceled() => StatusKind::Canceled,
            (_, Some(entry)) if entry.done_at <= self.now => StatusKind::Settled,
            _ => StatusKind::Processing,
        })
    }

    /// What the gateway shows after an unknown outcome.
    pub(crate) fn probe(&mut self, worker: usize, roll: u64) -> ProbedKind {
        if self.stormy && roll & 127 < 12 {
            return ProbedKind::Unreadable;
        }
        let time = self.shown_at(roll >> 8);
        let one = &self.workers[worker];
        let refund = one.refund;
        if self.kind.blind() {
            let reference = self.refunds[refund].reference;
            if one.machine.state.salvaged && reference != 0 {
                self.workers[worker].attach = reference;
                return ProbedKind::HappenedWithReference;
            }
            return ProbedKind::CannotTell;
        }
        if self.kind.keyed() {
            let Some((reference, _)) = self.ledger.by_key(one.payload.key, time) else {
                return ProbedKind::NotSeen;
            };
            self.workers[worker].attach = reference;
            return ProbedKind::HappenedWithReference;
        }
        let Some(baseline) = one.machine.state.baseline else { return ProbedKind::CannotTell };
        let before = match self.is(Mutant::BaselineReread) {
            true => self.refunds[refund].reread,
            false => baseline.refunded.unwrap_or(0),
        };
        let amount = one.machine.state.amount.unwrap_or(0);
        match self.ledger.refunded_at(time) - before {
            0 => ProbedKind::NotSeen,
            delta if delta == amount => ProbedKind::Happened,
            delta if delta > 0 && self.is(Mutant::AnyRise) => ProbedKind::Happened,
            _ => ProbedKind::CannotTell,
        }
    }
}

fn doubt(why: DoubtKind) -> FiredKind {
    FiredKind::Unknown { why, salvaged: false }
}
