//! A directory with a journal in it, and a worker who carries refunds through.

use refund_core::{
    AccountId, ArmLog, ArmRecord, At, Clock, Currency, IntentId, IntentKey, Money, Opaque, PaymentId,
    PaymentRef, Prepared, ProviderId, RefundAmount, RefundCommand, WallTime,
};
use refund_engine::machine::{Baseline, BaselineRole, Proof};
use refund_engine::{Journal, ManualClock, Plan, Record, Recorded, Reservation, Role, codec, lineage};
use refund_journal::SqliteJournal;
use std::{path::PathBuf, sync::Arc, time::Duration};

pub(crate) const TERM: Duration = Duration::from_secs(60);
pub(crate) const DONE: Record = Record::Settled { by: Proof::Reply };

/// A directory, the journal's path in it, and the clock of whoever opens it.
pub(crate) struct Bench {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) clock: ManualClock,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal.db");
        Self { directory, path, clock: ManualClock::starting(WallTime(1_700_000_000_000)) }
    }

    pub(crate) fn open(&self) -> SqliteJournal {
        SqliteJournal::open(&self.path, Arc::new(self.clock.clone())).expect("opens")
    }

    /// SQLite itself on the file, with nothing that refuses: what somebody who tampers would use.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(&self.path).expect("opens");
        connection
            .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            .expect("set");
        let triggers: Vec<String> = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
            .expect("readable");
        assert_eq!(triggers.len(), 11, "{triggers:?}");
        for trigger in triggers {
            connection.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("dropped");
        }
        connection
    }
}

pub(crate) fn order(name: &str) -> PaymentRef {
    PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse(name).expect("valid"),
    }
}

pub(crate) fn plan_of(name: &str, by_key: &str, kopecks: i64) -> Plan {
    let (payment, amount) = (order(name), Money::rub(kopecks));
    let key = IntentKey::parse(by_key).expect("valid");
    Plan {
        intent: lineage::intent_id(&payment.provider, &payment.account, &key),
        key,
        currency: Currency::RUB,
        amount: Some(amount),
        command: codec::encode_command(&RefundCommand::new(payment.clone(), RefundAmount::Exactly(amount))),
        payment,
        note: codec::encode_note(&codec::Note { actor: "Анна".into(), ..Default::default() }),
        wall: WallTime(1_700_000_000_000),
    }
}

pub(crate) fn shown(captured: i64) -> Baseline {
    Baseline { captured, refunded: None, used: 0, role: BaselineRole::Unused }
}

pub(crate) fn prepared(intent: IntentId) -> Prepared {
    Prepared::new(Opaque::new("acme/refund@1", format!("request {intent}").into_bytes()).expect("short"))
}

/// Who holds a refund.
pub(crate) struct Worker<'a> {
    pub(crate) journal: &'a dyn Journal,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) at: At,
}

impl<'a> Worker<'a> {
    pub(crate) async fn plan(journal: &'a dyn Journal, clock: &'a dyn Clock, plan: &Plan) -> Self {
        journal.plan(std::slice::from_ref(plan)).await.expect("planned");
        Self::claim(journal, clock, plan.intent).await
    }

    pub(crate) async fn claim(journal: &'a dyn Journal, clock: &'a dyn Clock, intent: IntentId) -> Self {
        let lease = journal.claim(intent, TERM).await.expect("free");
        Self { journal, clock, at: lease.at }
    }

    pub(crate) async fn append(&mut self, record: Record) {
        let recorded = Recorded::bare(record, self.clock.wall());
        self.at.seq = self.journal.append(self.at, &recorded).await.expect("follows");
    }

    pub(crate) fn reservation(&self, lineage: u32, kopecks: i64, baseline: Baseline) -> Reservation {
        let record = Record::Reserved { lineage, amount: kopecks, baseline };
        let recorded = Recorded::bare(record, self.clock.wall())
            .with(Role::Prepared, prepared(self.at.intent).payload().clone());
        Reservation { at: self.at, recorded }
    }

    pub(crate) async fn reserve(&mut self, kopecks: i64, captured: i64) {
        let reservation = self.reservation(1, kopecks, shown(captured));
        self.at.seq = self.journal.reserve(&reservation).await.expect("fits");
    }

    pub(crate) fn arm_record(&self, lineage: u32, attempt: u16) -> ArmRecord {
        let fire_by = self.clock.now().after(Duration::from_secs(5));
        ArmRecord { at: self.at, lineage, attempt, digest: prepared(self.at.intent).digest(), fire_by }
    }

    pub(crate) async fn arm(&mut self) {
        ArmLog::arm(self.journal, &self.arm_record(1, 1)).await.expect("armed");
        self.at.seq += 1;
    }

    /// From planned to settled.
    pub(crate) async fn carry(&mut self, kopecks: i64, captured: i64) {
        self.append(Record::Approved).await;
        self.reserve(kopecks, captured).await;
        self.arm().await;
        self.append(DONE).await;
    }
}
