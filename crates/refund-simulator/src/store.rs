//! The journal as its contract says: every call one transaction that checks fence and number, folds the record into the
//! state, and keeps a payment's budget and its one-at-a-time rule.
//!
//! It can fail as stores do: not written and said so, not written or written and the answer lost, the process dead before
//! or after the commit. What it acknowledged it keeps; mutants do not.

use crate::{judge::Invariant, kind::WINDOW, ledger::Reference, mutant::Mutant, world::World};
use refund_engine::machine::{Decision, Phase, ReceiptTrack, Record, State};
use std::fmt::Write as _;

/// The most refunds of the payment.
pub(crate) const REFUNDS: usize = 4;

/// What is sent: the lineage's key and the amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) key: u64,
    pub(crate) amount: i64,
}

/// One refund: what is on disk, and what the judge knows of it.
pub(crate) struct Refund {
    /// As it was planned.
    pub(crate) planned: Option<i64>,
    /// The fold of the history, kept beside it.
    pub(crate) kept: State,
    pub(crate) history: Vec<Record>,
    pub(crate) fence: u32,
    pub(crate) leased: bool,
    pub(crate) lease_until: u64,
    pub(crate) lease_boot: u32,
    /// The prepared request of the last reservation.
    pub(crate) payload: Payload,
    /// The newest reference, 0 for none.
    pub(crate) reference: Reference,
    /// Workers leave it alone until then.
    pub(crate) retry_at: u64,
    /// How often it was found busy in a row.
    pub(crate) busy: u8,
    /// The last record was acknowledged and is not on disk (mutants): what is.
    pub(crate) behind: Option<(State, usize)>,

    /// Lineage and attempt of the last armed record, its payload, and whether it was fired.
    pub(crate) armed: (u32, u16),
    pub(crate) armed_payload: Payload,
    pub(crate) fired: bool,
    /// When the last permit it was sent under was dead, in real time.
    pub(crate) dead_at: u64,
    /// The highest number that was acknowledged.
    pub(crate) acknowledged: u64,
    /// When a person looked, in real time.
    pub(crate) seen_at: u64,
    pub(crate) effects: u8,
    pub(crate) applied: u8,
    pub(crate) refusals: u8,
    /// A person's decision, or evidence, ended it: nobody cancels it any more.
    pub(crate) vouched: bool,
    /// A person has looked and not yet decided.
    pub(crate) watched: bool,
    /// What a mutant read again after a doubt.
    pub(crate) reread: i64,
    /// A callback came that nobody checked (mutants).
    pub(crate) hinted: bool,
}

impl Default for Refund {
    fn default() -> Self {
        Self {
            planned: None,
            kept: State::EMPTY,
            history: Vec::with_capacity(64),
            fence: 0,
            leased: false,
            lease_until: 0,
            lease_boot: 0,
            payload: Payload::default(),
            reference: 0,
            retry_at: 0,
            busy: 0,
            behind: None,
            armed: (0, 0),
            armed_payload: Payload::default(),
            fired: true,
            dead_at: 0,
            seen_at: 0,
            acknowledged: 0,
            effects: 0,
            applied: 0,
            refusals: 0,
            vouched: false,
            watched: false,
            reread: 0,
            hinted: false,
        }
    }
}

impl Refund {
    /// Empties it for the next schedule; its history keeps its room.
    pub(crate) fn plan(&mut self, amount: Option<i64>) {
        let mut history = std::mem::take(&mut self.history);
        history.clear();
        *self = Self { planned: amount, history, ..Self { history: Vec::new(), ..Self::default() } };
    }
}

/// Why a transaction did nothing, as far as its caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The lease was taken over.
    Fenced,
    /// The number is another one.
    Stale,
    /// Another refund of the payment has to become final first.
    Busy,
    /// The budget does not hold it.
    Budget,
    /// The record cannot follow.
    Broken,
}

impl<const BENT: bool> World<BENT> {
    pub(crate) fn leased(&self, refund: usize) -> bool {
        let one = &self.refunds[refund];
        one.leased && one.lease_boot == self.sites[self.store_site()].boot && one.lease_until > self.now
    }

    /// Takes a refund to work on; answers the fence.
    pub(crate) fn claim(&mut self, refund: usize) -> Option<u32> {
        if self.leased(refund) {
            return None;
        }
        let (boot, term) = (self.sites[self.store_site()].boot, self.temper.term);
        let one = &mut self.refunds[refund];
        one.fence += 1;
        (one.leased, one.lease_until, one.lease_boot) = (true, self.now + term, boot);
        if one.kept.seq < one.acknowledged {
            self.broke(Invariant::I10);
        }
        Some(self.refunds[refund].fence)
    }

    pub(crate) fn renew(&mut self, refund: usize, fence: u32) -> bool {
        let (boot, term) = (self.sites[self.store_site()].boot, self.temper.term);
        let one = &mut self.refunds[refund];
        let held = one.leased && one.fence == fence;
        if held {
            (one.lease_until, one.lease_boot) = (self.now + term, boot);
        }
        held
    }

    pub(crate) fn release(&mut self, refund: usize, fence: u32) {
        let one = &mut self.refunds[refund];
        if one.fence == fence {
            one.leased = false;
        }
    }

    /// Done and open amounts of the payment's other refunds.
    pub(crate) fn prior(&self, except: usize) -> (i64, i64) {
        let (mut done, mut open) = (0, 0);
        for (_, other) in self.others(except) {
            let sum = if other.kept.phase == Phase::Settled { &mut done } else { &mut open };
            *sum += self.claims_of(&other.kept);
        }
        (done, open)
    }

    /// One transaction of a worker: checks, writes, or says why not.
    pub(crate) fn commit(&mut self, worker: usize, record: Record) -> Result<(), Refused> {
        let (refund, fence, seq) = {
            let one = &self.workers[worker];
            (one.refund, one.fence, one.seq)
        };
        let one = &self.refunds[refund];
        let fenceless = self.is(Mutant::FencelessArm) && matches!(record, Record::Armed { .. });
        let held = one.leased && one.fence == fence;
        if !held && !fenceless {
            return Err(Refused::Fenced);
        }
        if one.kept.seq != seq && !fenceless {
            return Err(Refused::Stale);
        }
        match record {
            Record::Reserved { amount, baseline, .. } => {
                self.free(refund)?;
                let (mut claimed, mut unseen) = (0, 0);
                for (_, other) in self.others(refund) {
                    let claims = self.claims_of(&other.kept);
                    claimed += claims;
                    unseen += if matches!(other.kept.phase, Phase::Approved | Phase::Reserved | Phase::ByHand)
                    {
                        claims
                    } else {
                        0
                    };
                }
                let shown = baseline.refunded.unwrap_or(0);
                if baseline.captured - claimed.max(shown + unseen) < amount {
                    return Err(Refused::Budget);
                }
            }
            Record::Armed { .. } => self.free(refund)?,
            _ => {}
        }
        if fence != self.refunds[refund].fence {
            self.broke(Invariant::D6);
            if self.refunds[refund].kept.seq != seq {
                // The mutant says yes although nothing of it fits any more.
                return Ok(());
            }
        }
        self.write(refund, record)?;
        if BENT && self.mutant.forgets(&record) {
            let len = self.refunds[refund].history.len();
            self.refunds[refund].behind.get_or_insert((self.workers[worker].machine.state, len - 1));
        } else if BENT {
            self.refunds[refund].behind = None;
        }
        Ok(())
    }

    /// The writer was told that its record is durable.
    pub(crate) fn acknowledge(&mut self, worker: usize) {
        let refund = self.workers[worker].refund;
        let seq = self.refunds[refund].kept.seq;
        self.refunds[refund].acknowledged = seq;
        self.workers[worker].seq = seq;
    }

    /// Writes the very first record.
    pub(crate) fn write_plan(&mut self, refund: usize, amount: Option<i64>) {
        if self.write(refund, Record::Planned { amount }).is_err() {
            self.broke(Invariant::Defect);
        }
        self.refunds[refund].acknowledged = 1;
    }

    fn write(&mut self, refund: usize, record: Record) -> Result<(), Refused> {
        let one = &mut self.refunds[refund];
        let before = Brief::of(&one.kept);
        // Only a receipt's record has to leave everything else as it was, to the last field.
        let whole = matches!(record, Record::Receipt(_)).then_some(one.kept);
        let applied = match BENT {
            true => self.mutant.fold(one.kept, record).map(|next| one.kept = next),
            false => one.kept.apply_to(record),
        };
        if applied.is_err() {
            self.tell(|_, out| write!(out, "{record:?} does not fit"));
            self.broke(Invariant::Defect);
            return Err(Refused::Broken);
        }
        one.history.push(record);
        one.busy = 0;
        if let Some(whole) = whole {
            let after = State { receipt: whole.receipt, seq: whole.seq, ..one.kept };
            if after != whole {
                self.broke(Invariant::D8);
            }
        }
        self.tell(|_, out| write!(out, "refund {refund} writes {record:?}"));
        self.changed(refund, &before, record);
        Ok(())
    }

    /// What a record may have broken.
    #[inline]
    fn changed(&mut self, refund: usize, before: &Brief, record: Record) {
        let one = &mut self.refunds[refund];
        let after = &one.kept;
        let (was, is) = (before.phase, after.phase);
        let mut broken = [None; 4];
        let receipt = if let Record::Receipt(track) = record { track } else { before.receipt };
        if after.receipt != receipt {
            broken[0] = Some(Invariant::D8);
        }
        match record {
            Record::Reserved { amount, .. } => {
                let other = before.amount.is_some_and(|fixed| fixed != amount)
                    || one.planned.is_some_and(|planned| planned != amount);
                broken[1] = other.then_some(Invariant::D5);
            }
            Record::Armed { lineage, attempt, .. } => {
                one.armed = (lineage, attempt);
                one.armed_payload = one.payload;
                one.fired = false;
                let baseline = one.kept.baseline.filter(|_| self.kind.fenced());
                let fenced = baseline.is_some_and(|baseline| baseline.fences(one.payload.amount));
                let licensed = before.maybe_sent == 0 || self.kind == crate::kind::Kind::Verified || fenced;
                broken[1] = (!licensed).then_some(Invariant::D6);
                self.figures.sends += 1;
                self.figures.resends += u64::from(before.maybe_sent > 0);
            }
            Record::Doubted { .. } => self.figures.unknowns += 1,
            Record::Held { .. } => self.figures.holds += 1,
            Record::Settled { by } => one.vouched = by != refund_engine::machine::Proof::Status,
            Record::Decided { decision } => {
                one.vouched = true;
                self.figures.decisions += 1;
                let early = before.maybe_sent > 0 && one.seen_at < one.dead_at + WINDOW;
                broken[1] = early.then_some(Invariant::I14);
                if decision == Decision::SendAgain {
                    one.vouched = false;
                }
            }
            _ => {}
        }
        let taken = matches!(is, Phase::Accepted | Phase::Processing | Phase::Settled);
        if taken && one.applied == 0 && one.refusals > 0 {
            broken[2] = Some(Invariant::I15);
        }
        if was == is && before.amount == after.amount && broken == [None; 4] {
            return;
        }
        let now = Brief::of(after);
        self.claims += now.claims - before.claims;
        self.unresolved = self.unresolved + u32::from(now.unresolved) - u32::from(before.unresolved);
        if is.is_final() != was.is_final() {
            self.ended = if is.is_final() { self.ended + 1 } else { self.ended - 1 };
        }
        if self.claims > self.ledger.captured {
            broken[3] = Some(Invariant::I5);
        }
        if broken != [None; 4] {
            broken.into_iter().flatten().for_each(|invariant| self.broke(invariant));
        }
        if self.unresolved > 1 {
            self.broke(Invariant::I7);
        }
        self.ends(refund);
        if matches!(is, Phase::NeedsReview | Phase::ByHand) {
            self.poke_person_about(refund);
        }
    }

    /// What journal and ledger say of one refund together.
    pub(crate) fn ends(&mut self, refund: usize) {
        let one = &self.refunds[refund];
        let (phase, effects) = (one.kept.phase, one.effects);
        if effects > 1 {
            self.figures.doubles += 1;
            self.broke(Invariant::I1);
        }
        if phase == Phase::Settled {
            if effects == 0 {
                self.broke(Invariant::I3);
            }
        } else if phase.is_final() && effects > 0 {
            self.broke(Invariant::I4);
        }
    }

    /// The kept state is what its records add up to.
    pub(crate) fn folds(&mut self, refund: usize) {
        let one = &self.refunds[refund];
        if State::fold(one.history.iter().copied()) != Ok(one.kept) {
            self.broke(Invariant::I9);
        }
    }

    /// A process is gone, and with it what was said to be on disk and was not.
    pub(crate) fn forget(&mut self, refund: usize) {
        if let Some((state, len)) = self.refunds[refund].behind.take() {
            let one = &mut self.refunds[refund];
            let before = std::mem::replace(&mut one.kept, state);
            one.history.truncate(len);
            self.claims += state.claims() - before.claims();
            self.unresolved =
                self.unresolved + u32::from(unresolved(&state)) - u32::from(unresolved(&before));
            self.tell(|_, out| write!(out, "refund {refund} loses what was not on disk"));
        }
    }

    fn free(&self, refund: usize) -> Result<(), Refused> {
        let held = |other: &Refund| {
            if BENT { self.mutant.holds_payment(&other.kept) } else { other.kept.holds_payment() }
        };
        if self.others(refund).any(|(_, other)| held(other)) { Err(Refused::Busy) } else { Ok(()) }
    }

    fn claims_of(&self, state: &State) -> i64 {
        if BENT { self.mutant.claims(state) } else { state.claims() }
    }

    fn others(&self, refund: usize) -> impl Iterator<Item = (usize, &Refund)> {
        self.refunds[..self.count].iter().enumerate().filter(move |(other, _)| *other != refund)
    }
}

/// What of a state the invariants compare.
#[derive(Clone, Copy)]
struct Brief {
    phase: Phase,
    amount: Option<i64>,
    claims: i64,
    unresolved: bool,
    receipt: ReceiptTrack,
    maybe_sent: u16,
}

impl Brief {
    #[inline]
    fn of(state: &State) -> Self {
        Self {
            phase: state.phase,
            amount: state.amount,
            claims: state.claims(),
            unresolved: unresolved(state),
            receipt: state.receipt,
            maybe_sent: state.maybe_sent,
        }
    }
}

/// Nobody can tell what came of it. A refund that waits for a person because its status lags has a reference to be told
/// apart by.
fn unresolved(state: &State) -> bool {
    match state.phase {
        Phase::Sending | Phase::Unknown => true,
        Phase::NeedsReview => state.doubt.is_some(),
        _ => false,
    }
}
