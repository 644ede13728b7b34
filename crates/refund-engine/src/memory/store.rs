//! What a [`super::MemoryJournal`] holds and the checks of each call, without locks and faults.
//!
//! Every method is one transaction: it either does all of its work or changes nothing.

use super::{Failure, Write};
use crate::{
    codec,
    journal::{
        Attachment, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Role,
        Totals, Verified,
    },
    machine::{OutOfOrder, Phase, Record, State},
};
use refund_core::{
    ArmRecord, At, Currency, Digest, IntentId, IntentKey, Moment, Money, PaymentRef, Prepared, WallTime,
};
use std::{collections::BTreeMap, time::Duration};

/// All refunds and payments, and the faults that were ordered.
#[derive(Default)]
pub(super) struct Store {
    refunds: BTreeMap<IntentId, Refund>,
    payments: BTreeMap<PaymentRef, Payment>,
    pub(super) writes: u64,
    pub(super) faults: Vec<(Write, Failure)>,
    pub(super) crash_at: Option<u64>,
}

#[derive(Default)]
struct Payment {
    /// Its refunds, as they were planned.
    refunds: Vec<IntentId>,
    /// Whose record came when.
    chain: Vec<(IntentId, u64)>,
}

struct Refund {
    key: IntentKey,
    payment: PaymentRef,
    currency: Currency,
    history: Vec<Recorded>,
    /// The fold of the history, kept beside it.
    state: State,
    fence: u64,
    lease: Option<Moment>,
    /// The how-manieth refund of the journal it is.
    number: usize,
}

impl Store {
    pub(super) fn take_fault(&mut self, kind: Write) -> Option<Failure> {
        let index = self.faults.iter().position(|(write, _)| *write == kind)?;
        Some(self.faults.remove(index).1)
    }

    pub(super) fn plan(&mut self, plans: &[Plan]) -> Result<Vec<Planned>, JournalError> {
        let mut answers = Vec::with_capacity(plans.len());
        let mut fresh: BTreeMap<IntentId, &Plan> = BTreeMap::new();
        for plan in plans {
            let known = match (self.refunds.get(&plan.intent), fresh.get(&plan.intent)) {
                (Some(refund), _) => refund.history[0].attached(Role::Command),
                (None, Some(earlier)) => Some(&earlier.command),
                (None, None) => {
                    State::EMPTY.apply(planned(plan)).map_err(|error| broken(&plan.payment, 1, error))?;
                    fresh.insert(plan.intent, plan);
                    answers.push(Planned::Fresh);
                    continue;
                }
            };
            let known = known.ok_or_else(|| broken(&plan.payment, 1, "the planned command is not there"))?;
            let differs = codec::difference(known, &plan.command);
            let differs = differs.map_err(|error| broken(&plan.payment, 1, error))?;
            answers.push(differs.map_or(Planned::Same, |field| Planned::Differs { field }));
        }
        for (plan, _) in plans.iter().zip(&answers).filter(|(_, answer)| **answer == Planned::Fresh) {
            self.add(plan);
        }
        Ok(answers)
    }

    fn add(&mut self, plan: &Plan) {
        let recorded = Recorded::bare(planned(plan), plan.wall)
            .with(Role::Command, plan.command.clone())
            .with(Role::Note, plan.note.clone());
        let refund = Refund {
            key: plan.key.clone(),
            payment: plan.payment.clone(),
            currency: plan.currency,
            history: Vec::new(),
            state: State::EMPTY,
            fence: 0,
            lease: None,
            number: self.refunds.len(),
        };
        self.payments.entry(plan.payment.clone()).or_default().refunds.push(plan.intent);
        self.refunds.insert(plan.intent, refund);
        self.push(plan.intent, recorded).expect("the first record was tried before");
    }

    /// Folds the record into the state and writes it; one that cannot follow changes nothing.
    fn push(&mut self, intent: IntentId, recorded: Recorded) -> Result<u64, JournalError> {
        let refund = self.refunds.get_mut(&intent).ok_or(JournalError::NotFound)?;
        let chain = &mut self.payments.entry(refund.payment.clone()).or_default().chain;
        let refuse =
            |error: &dyn ToString| broken(&refund.payment, chain.len() as u64 + 1, error.to_string());
        if let Some(role) = twice(&recorded.attachments) {
            return Err(refuse(&format!("two attachments are {}", role.as_str())));
        }
        let state = refund.state.apply(recorded.record).map_err(|error: OutOfOrder| refuse(&error))?;
        chain.push((intent, state.seq));
        refund.state = state;
        refund.history.push(recorded);
        Ok(state.seq)
    }

    pub(super) fn claim(
        &mut self,
        intent: IntentId,
        now: Moment,
        term: Duration,
    ) -> Result<Lease, JournalError> {
        let refund = self.refunds.get_mut(&intent).ok_or(JournalError::NotFound)?;
        if refund.leased(now) {
            return Err(JournalError::Leased);
        }
        refund.fence += 1;
        refund.lease = Some(now.after(term));
        Ok(Lease {
            at: At { intent, fence: refund.fence, seq: refund.state.seq },
            payment: refund.payment.clone(),
            currency: refund.currency,
            key: refund.key.clone(),
            history: refund.history.clone(),
        })
    }

    pub(super) fn claim_due(
        &mut self,
        limit: u16,
        now: Moment,
        term: Duration,
    ) -> Result<Vec<Lease>, JournalError> {
        let mut due: Vec<(u64, usize, IntentId)> = self
            .refunds
            .iter()
            .filter(|(_, refund)| workable(refund.state.phase) && !refund.leased(now))
            .filter_map(|(intent, refund)| Some((since(refund.state.due, now)?, refund.number, *intent)))
            .collect();
        due.sort_unstable();
        due.truncate(usize::from(limit));
        due.into_iter().map(|(_, _, intent)| self.claim(intent, now, term)).collect()
    }

    pub(super) fn renew(&mut self, at: At, until: Moment) -> Result<(), JournalError> {
        let refund = self.refunds.get_mut(&at.intent).ok_or(JournalError::NotFound)?;
        refund.held_by(at)?;
        refund.lease = Some(until);
        Ok(())
    }

    pub(super) fn release(&mut self, at: At) {
        if let Some(refund) = self.refunds.get_mut(&at.intent)
            && refund.held_by(at).is_ok()
        {
            refund.lease = None;
        }
    }

    pub(super) fn reserve(&mut self, reservation: &Reservation) -> Result<u64, JournalError> {
        let refund = self.writable(reservation.at)?;
        let Record::Reserved { amount, baseline, .. } = reservation.recorded.record else {
            return Err(broken(&refund.payment, refund.state.seq + 1, "only a reservation can be reserved"));
        };
        refund.state.apply(reservation.recorded.record).map_err(|error| broken(&refund.payment, 0, error))?;
        let intent = reservation.at.intent;
        self.payment_free(intent)?;

        // Sums in 128 bits: amounts near the limit of 64 must not wrap into a budget.
        let others = || self.siblings(intent).map(|(_, other)| other.state);
        let claimed: i128 = others().map(|state| i128::from(state.claims())).sum();
        let unseen: i128 = others().filter(cannot_be_shown_yet).map(|state| i128::from(state.claims())).sum();
        let shown = i128::from(baseline.refunded.unwrap_or(0));
        let left = i128::from(baseline.captured) - claimed.max(shown + unseen);
        if left < i128::from(amount) {
            let left = i64::try_from(left).unwrap_or(if left < 0 { i64::MIN } else { i64::MAX });
            return Err(JournalError::Budget { left });
        }
        self.push(intent, reservation.recorded.clone())
    }

    pub(super) fn append(&mut self, at: At, recorded: &Recorded) -> Result<u64, JournalError> {
        let refund = self.writable(at)?;
        if matches!(recorded.record, Record::Planned { .. } | Record::Reserved { .. } | Record::Armed { .. })
        {
            let detail = format!("{} has a call of its own", recorded.record.kind());
            return Err(broken(&refund.payment, refund.state.seq + 1, detail));
        }
        self.push(at.intent, recorded.clone())
    }

    /// Refuses a payload that was not reserved, which is told apart by `other_payload`.
    pub(super) fn arm(
        &mut self,
        record: &ArmRecord,
        wall: WallTime,
        other_payload: &mut bool,
    ) -> Result<(), JournalError> {
        let refund = self.writable(record.at)?;
        let prepared = refund.history.iter().rev().find_map(|recorded| recorded.attached(Role::Prepared));
        if prepared.is_some_and(|payload| Prepared::new(payload.clone()).digest() != record.digest) {
            *other_payload = true;
            return Err(broken(&refund.payment, refund.state.seq + 1, "another payload was reserved"));
        }
        // A first send needs the payment to itself; a resend has had it since.
        if refund.state.maybe_sent == 0 {
            self.not_overtaken(record.at.intent)?;
        }
        let ArmRecord { lineage, attempt, fire_by, .. } = *record;
        self.push(record.at.intent, Recorded::bare(Record::Armed { lineage, attempt, fire_by }, wall))
            .map(drop)
    }

    /// Fence and number, as every writing call checks them.
    fn writable(&self, at: At) -> Result<&Refund, JournalError> {
        let refund = self.refunds.get(&at.intent).ok_or(JournalError::NotFound)?;
        refund.held_by(at)?;
        if refund.state.seq != at.seq {
            return Err(JournalError::Stale { expected: at.seq, found: refund.state.seq });
        }
        Ok(refund)
    }

    fn payment_free(&self, intent: IntentId) -> Result<(), JournalError> {
        let holder = self.siblings(intent).find(|(_, other)| other.state.holds_payment());
        holder.map_or(Ok(()), |(by, _)| Err(JournalError::PaymentBusy { by }))
    }

    /// No sibling came into doubt since the reservation. One that is reserved too was let in by this one, or this one by
    /// it; whichever is sent first is on its own.
    fn not_overtaken(&self, intent: IntentId) -> Result<(), JournalError> {
        let sent = |state: &State| state.holds_payment() && state.phase != Phase::Reserved;
        let holder = self.siblings(intent).find(|(_, other)| sent(&other.state));
        holder.map_or(Ok(()), |(by, _)| Err(JournalError::PaymentBusy { by }))
    }

    /// The other refunds of the same payment.
    fn siblings(&self, intent: IntentId) -> impl Iterator<Item = (IntentId, &Refund)> {
        let payment = self.refunds.get(&intent).map(|refund| &refund.payment);
        payment.into_iter().flat_map(|payment| self.of(payment)).filter(move |(other, _)| *other != intent)
    }

    fn of(&self, payment: &PaymentRef) -> impl Iterator<Item = (IntentId, &Refund)> {
        let refunds = self.payments.get(payment).into_iter().flat_map(|payment| &payment.refunds);
        refunds.filter_map(|intent| Some((*intent, self.refunds.get(intent)?)))
    }

    pub(super) fn totals(
        &self,
        payment: &PaymentRef,
        currency: Currency,
        except: Option<IntentId>,
    ) -> Result<Totals, JournalError> {
        let (mut done, mut open) = (0_i64, 0_i64);
        for (_, refund) in self.of(payment).filter(|(intent, _)| Some(*intent) != except) {
            let sum = if refund.state.phase == Phase::Settled { &mut done } else { &mut open };
            *sum = sum
                .checked_add(refund.state.claims())
                .ok_or_else(|| broken(payment, 0, "the sum of its refunds does not fit 64 bits"))?;
        }
        Ok(Totals { done: Money::new(done, currency), open: Money::new(open, currency) })
    }

    pub(super) fn find(&self, intent: IntentId) -> Option<Listed> {
        self.refunds.get(&intent).map(|refund| refund.listed(intent))
    }

    pub(super) fn newest_first(&self, wanted: impl Fn(&Listed) -> bool) -> Vec<Listed> {
        let mut found: Vec<_> =
            self.refunds.iter().map(|(id, refund)| (refund.number, refund.listed(*id))).collect();
        found.retain(|(_, listed)| wanted(listed));
        found.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        found.into_iter().map(|(_, listed)| listed).collect()
    }

    pub(super) fn list(&self, query: &ListQuery) -> Vec<Listed> {
        let mut found = self.newest_first(|listed| {
            query.payment.as_ref().is_none_or(|payment| *payment == listed.payment)
                && (query.phases.is_empty() || query.phases.contains(&listed.state.phase))
        });
        if query.limit > 0 {
            found.truncate(query.limit as usize);
        }
        found
    }

    pub(super) fn history(&self, intent: IntentId) -> Result<Vec<Recorded>, JournalError> {
        self.refunds.get(&intent).map(|refund| refund.history.clone()).ok_or(JournalError::NotFound)
    }

    /// There is no file to tamper with, so the hashes are made when asked; what can be wrong is the kept state.
    pub(super) fn verify(&self) -> Result<Verified, JournalError> {
        let (mut heads, mut records) = (Vec::new(), 0);
        for (payment, Payment { chain, .. }) in &self.payments {
            let mut head = Digest::of_parts(&[b"memory/1", payment.to_string().as_bytes()]);
            for (number, (intent, seq)) in (1..).zip(chain) {
                let recorded =
                    usize::try_from(seq - 1).ok().and_then(|i| self.refunds[intent].history.get(i));
                let recorded = recorded.ok_or_else(|| broken(payment, number, "the record is gone"))?;
                head = linked(head, *intent, *seq, recorded);
                records += 1;
            }
            heads.push(head);
        }
        for refund in self.refunds.values() {
            let folded = State::fold(refund.history.iter().map(|recorded| recorded.record));
            let folded = folded.map_err(|error| broken(&refund.payment, error.seq, error))?;
            if folded != refund.state {
                return Err(broken(
                    &refund.payment,
                    folded.seq,
                    "the kept state is not the fold of the records",
                ));
            }
        }
        let parts: Vec<&[u8]> = heads.iter().map(|head| head.0.as_slice()).collect();
        Ok(Verified { payments: self.payments.len() as u64, records, root: Digest::of_parts(&parts) })
    }
}

impl Refund {
    fn leased(&self, now: Moment) -> bool {
        self.lease.is_some_and(|until| until.boot == now.boot && !now.has_reached(until))
    }

    /// A lease that has ended and was not taken over still holds.
    fn held_by(&self, at: At) -> Result<(), JournalError> {
        let held = self.lease.is_some() && self.fence == at.fence;
        if held { Ok(()) } else { Err(JournalError::Fenced) }
    }

    fn listed(&self, intent: IntentId) -> Listed {
        let wall = |recorded: Option<&Recorded>| recorded.map_or(WallTime(0), |found| found.wall);
        Listed {
            intent,
            key: self.key.clone(),
            payment: self.payment.clone(),
            currency: self.currency,
            state: self.state,
            planned: wall(self.history.first()),
            changed: wall(self.history.last()),
        }
    }
}

fn planned(plan: &Plan) -> Record {
    Record::Planned { amount: plan.amount.map(Money::minor) }
}

fn workable(phase: Phase) -> bool {
    !phase.is_final() && !matches!(phase, Phase::Planned | Phase::NeedsReview | Phase::ByHand)
}

/// Since when a refund is due, in milliseconds of this boot; `None` when it is not due yet. A moment of another boot
/// says nothing: it is due.
fn since(due: Option<Moment>, now: Moment) -> Option<u64> {
    match due.filter(|due| due.boot == now.boot) {
        Some(due) => now.has_reached(due).then_some(due.millis),
        None => Some(0),
    }
}

/// The gateway has not been asked for it, so what it shows as refunded does not hold it.
fn cannot_be_shown_yet(state: &State) -> bool {
    matches!(state.phase, Phase::Approved | Phase::Reserved | Phase::ByHand)
}

fn twice(attachments: &[Attachment]) -> Option<Role> {
    let mut roles = attachments.iter().enumerate();
    let found = roles.find(|(index, one)| attachments[..*index].iter().any(|other| other.role == one.role));
    found.map(|(_, one)| one.role)
}

fn linked(head: Digest, intent: IntentId, seq: u64, recorded: &Recorded) -> Digest {
    let mut pieces = vec![
        head.0.to_vec(),
        intent.0.to_be_bytes().to_vec(),
        seq.to_be_bytes().to_vec(),
        recorded.wall.0.to_be_bytes().to_vec(),
        codec::encode_record(&recorded.record),
    ];
    for Attachment { role, data } in &recorded.attachments {
        pieces.extend([role.as_str().as_bytes().to_vec(), data.digest().0.to_vec()]);
    }
    Digest::of_parts(&pieces.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn broken(payment: &PaymentRef, number: u64, detail: impl ToString) -> JournalError {
    JournalError::Broken { payment: payment.to_string(), number, detail: detail.to_string() }
}
