//! What can only be tested from inside: crash points, and how statements find their rows.

mod kill;
mod plans;

use super::SqliteJournal;
use refund_core::{
    AccountId, ArmRecord, At, Clock, Currency, IntentId, IntentKey, Money, Opaque, PaymentId, PaymentRef,
    Prepared, ProviderId, RefundAmount, RefundCommand, WallTime,
};
use refund_engine::machine::{Baseline, BaselineRole};
use refund_engine::{Journal, Plan, Record, Recorded, Reservation, Role, codec, lineage};
use std::{sync::Arc, time::Duration};

const TERM: Duration = Duration::from_secs(60);
const KOPECKS: i64 = 100;

fn plan_of(order: &str, by_key: &str) -> Plan {
    let payment = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse(order).expect("valid"),
    };
    let (key, amount) = (IntentKey::parse(by_key).expect("valid"), Money::rub(KOPECKS));
    Plan {
        intent: lineage::intent_id(&payment.provider, &payment.account, &key),
        key,
        currency: Currency::RUB,
        amount: Some(amount),
        command: codec::encode_command(&RefundCommand::new(payment.clone(), RefundAmount::Exactly(amount))),
        payment,
        note: codec::encode_note(&codec::Note::default()),
        wall: WallTime(0),
    }
}

fn prepared(intent: IntentId) -> Prepared {
    Prepared::new(Opaque::new("acme/refund@1", intent.to_string().into_bytes()).expect("short"))
}

fn reservation(at: At) -> Reservation {
    let baseline = Baseline { captured: KOPECKS, refunded: Some(0), used: 0, role: BaselineRole::Evidence };
    let record = Record::Reserved { lineage: 1, amount: KOPECKS, baseline };
    let recorded =
        Recorded::bare(record, WallTime(0)).with(Role::Prepared, prepared(at.intent).payload().clone());
    Reservation { at, recorded }
}

fn arm_record(at: At, clock: &dyn Clock) -> ArmRecord {
    let fire_by = clock.now().after(Duration::from_secs(5));
    ArmRecord { at, lineage: 1, attempt: 1, digest: prepared(at.intent).digest(), fire_by }
}

async fn claim(journal: &SqliteJournal, intent: IntentId) -> At {
    journal.claim(intent, TERM).await.expect("free").at
}

async fn append(journal: &SqliteJournal, at: &mut At, record: Record) {
    at.seq = journal.append(*at, &Recorded::bare(record, WallTime(0))).await.expect("follows");
}

fn open(path: &std::path::Path, clock: Arc<dyn Clock>) -> SqliteJournal {
    SqliteJournal::open(path, clock).expect("opens")
}
