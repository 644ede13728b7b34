//! What the cases are told with: a shop, its orders, and a worker who holds one refund.

use super::Subject;
use crate::codec::{Note, encode_command, encode_note};
use crate::machine::{Baseline, BaselineRole, DoubtKind, Proof, Refusal};
use crate::{
    Journal, JournalError, Listed, Plan, Planned, Record, Recorded, Reservation, Role, State, lineage,
};
use refund_core::{
    AccountId, ArmError, ArmRecord, At, BootId, Clock, Currency, IntentId, IntentKey, Moment, Money, Opaque,
    PaymentId, PaymentRef, Prepared, ProviderId, RefundAmount, RefundCommand,
};
use std::{sync::Arc, time::Duration};

/// How long a worker claims.
pub(super) const TERM: Duration = Duration::from_secs(60);

/// One order of the shop.
pub(super) fn order(name: &str) -> PaymentRef {
    PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("a plain word"),
        payment: PaymentId::parse(name).expect("a plain word"),
    }
}

pub(super) fn key(text: &str) -> IntentKey {
    IntentKey::parse(text).expect("a plain word")
}

pub(super) fn data(schema: &'static str, text: &str) -> Opaque {
    Opaque::new(schema, text.as_bytes().to_vec()).expect("short")
}

/// What the gateway shows; where it shows what was refunded, outcomes are read against that.
pub(super) fn shown(captured: i64, refunded: Option<i64>) -> Baseline {
    let role = if refunded.is_some() { BaselineRole::Evidence } else { BaselineRole::Unused };
    Baseline { captured, refunded, used: refunded.unwrap_or(0), role }
}

/// A refund of so many kopecks of an order, planned now.
pub(super) fn plan_of(subject: &Subject, name: &str, by_key: &str, kopecks: i64) -> Plan {
    let amount = Money::rub(kopecks);
    plan(subject, by_key, Some(amount), &RefundCommand::new(order(name), RefundAmount::Exactly(amount)))
}

/// A plan of this command.
pub(super) fn plan(subject: &Subject, by_key: &str, amount: Option<Money>, command: &RefundCommand) -> Plan {
    let (payment, key) = (command.payment.clone(), key(by_key));
    let note = Note { actor: "suite".into(), reason: format!("because of {by_key}"), ..Note::default() };
    Plan {
        intent: lineage::intent_id(&payment.provider, &payment.account, &key),
        key,
        payment,
        currency: Currency::RUB,
        amount,
        command: encode_command(command),
        note: encode_note(&note),
        wall: subject.clock.wall(),
    }
}

/// Plans a refund that is new.
pub(super) async fn planned(subject: &Subject, name: &str, by_key: &str, kopecks: i64) -> IntentId {
    let plan = plan_of(subject, name, by_key, kopecks);
    let answer = subject.journal.plan(std::slice::from_ref(&plan)).await;
    assert_eq!(answer, Ok(vec![Planned::Fresh]), "{by_key}");
    plan.intent
}

/// Plans, claims and approves a refund.
pub(super) async fn approved(subject: &Subject, name: &str, by_key: &str, kopecks: i64) -> Worker {
    let intent = planned(subject, name, by_key, kopecks).await;
    let mut worker = Worker::claim(subject, intent).await;
    worker.must(Record::Approved).await;
    worker
}

/// Brings a refund to where its amount is taken.
pub(super) async fn reserved(
    subject: &Subject,
    name: &str,
    by_key: &str,
    kopecks: i64,
    baseline: Baseline,
) -> Worker {
    let mut worker = approved(subject, name, by_key, kopecks).await;
    worker.must_reserve(kopecks, baseline).await;
    worker
}

/// Brings a refund to where it may have been sent.
pub(super) async fn sending(
    subject: &Subject,
    name: &str,
    by_key: &str,
    kopecks: i64,
    baseline: Baseline,
) -> Worker {
    let mut worker = reserved(subject, name, by_key, kopecks, baseline).await;
    worker.must_arm().await;
    worker
}

/// A moment of a boot nobody is of: it holds nothing back.
pub(super) const LONG_AGO: Moment = Moment::new(BootId(0), 0);

/// A doubt as a lost reply leaves it, with something to be done about it now.
pub(super) const LOST: Record =
    Record::Doubted { why: DoubtKind::Timeout, refusal: Refusal::None, salvaged: false, due: LONG_AGO };

/// Done, as the gateway's reply said.
pub(super) const DONE: Record = Record::Settled { by: Proof::Reply };

/// Whoever holds one refund: knows its fence and its last number.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) at: At,
    subject: Subject,
}

impl Worker {
    pub(super) async fn claim(subject: &Subject, intent: IntentId) -> Self {
        let lease = subject.journal.claim(intent, TERM).await.expect("nobody else holds it");
        Self { journal: Arc::clone(&subject.journal), at: lease.at, subject: subject.clone() }
    }

    /// A moment from now.
    pub(super) fn soon(&self, seconds: u64) -> Moment {
        self.subject.clock.now().after(Duration::from_secs(seconds))
    }

    pub(super) async fn listed(&self) -> Listed {
        self.journal.find(self.at.intent).await.expect("readable").expect("planned")
    }

    pub(super) async fn state(&self) -> State {
        self.listed().await.state
    }

    pub(super) async fn append(&mut self, record: Record) -> Result<u64, JournalError> {
        let recorded = Recorded::bare(record, self.subject.clock.wall());
        let seq = self.journal.append(self.at, &recorded).await?;
        self.at.seq = seq;
        Ok(seq)
    }

    pub(super) async fn must(&mut self, record: Record) {
        let expected = self.at.seq + 1;
        assert_eq!(self.append(record).await, Ok(expected), "{record:?}");
    }

    pub(super) fn prepared(&self) -> Prepared {
        Prepared::new(data("acme/refund@1", &format!("the request of {}", self.at.intent)))
    }

    /// The reservation a driver would make: the lineage it keeps or opens, request and baseline attached.
    pub(super) async fn reservation(&self, kopecks: i64, baseline: Baseline) -> Reservation {
        let state = self.state().await;
        let untouched = state.lineage > 0 && state.attempt == 0;
        let lineage = if untouched { state.lineage } else { state.lineage + 1 };
        let record = Record::Reserved { lineage, amount: kopecks, baseline };
        let recorded = Recorded::bare(record, self.subject.clock.wall())
            .with(Role::Prepared, self.prepared().payload().clone())
            .with(Role::Baseline, data("acme/payment@1", "what the gateway showed"));
        Reservation { at: self.at, recorded }
    }

    pub(super) async fn reserve(&mut self, kopecks: i64, baseline: Baseline) -> Result<u64, JournalError> {
        let reservation = self.reservation(kopecks, baseline).await;
        let seq = self.journal.reserve(&reservation).await?;
        self.at.seq = seq;
        Ok(seq)
    }

    pub(super) async fn must_reserve(&mut self, kopecks: i64, baseline: Baseline) {
        let expected = self.at.seq + 1;
        assert_eq!(self.reserve(kopecks, baseline).await, Ok(expected));
    }

    pub(super) async fn arm_record(&self) -> ArmRecord {
        let state = self.state().await;
        ArmRecord {
            at: self.at,
            lineage: state.lineage,
            attempt: state.attempt + 1,
            digest: self.prepared().digest(),
            fire_by: self.soon(5),
        }
    }

    pub(super) async fn arm(&mut self) -> Result<(), ArmError> {
        let record = self.arm_record().await;
        self.journal.arm(&record).await?;
        self.at.seq += 1;
        Ok(())
    }

    pub(super) async fn must_arm(&mut self) {
        assert_eq!(self.arm().await, Ok(()));
    }

    pub(super) async fn release(&self) {
        assert_eq!(self.journal.release(self.at).await, Ok(()));
    }
}
