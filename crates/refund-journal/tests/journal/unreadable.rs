//! A file whose records were cut, or come from another version: the engine on top of it is told where, asks nobody and
//! sends nothing.

use super::bench::{Bench, Worker, plan_of};
use async_trait::async_trait;
use refund_core::{
    AccountId, Capabilities, CartNeed, CartPolicy, CheckedRefund, Currency, Descriptor, LineageKey,
    LookupError, MessageDef, Name, NotSent, Notifications, Opened, OperatorTexts, Payment, PaymentRef,
    Prepared, Probe, ProbeReport, ProviderId, RefundProvider, SelfFencing, StatusError, StatusQuery,
    StatusReport, Support, Tier, Timing, Traffic, Violations,
};
use refund_engine::{Engine, Halt, Journal, JournalError, Patience, Record};
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn a_record_that_was_cut_anywhere_stops_the_engine() {
    let bench = Bench::new();
    let journal = bench.open();
    let mut worker = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 60)).await;
    worker.append(Record::Approved).await;
    worker.reserve(60, 100).await;
    let intent = worker.at.intent;
    drop(journal);
    bench.clock.advance(Duration::from_secs(3_600));
    let raw = bench.raw();
    let bodies: Vec<(i64, Vec<u8>)> = raw
        .prepare("SELECT number, body FROM events ORDER BY number")
        .and_then(|mut rows| rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .expect("readable");
    assert_eq!(bodies.len(), 3);
    let mut refused = 0;
    for (number, body) in &bodies {
        let newer = String::from_utf8(body.clone()).expect("JSON").replace("\"v\":2", "\"v\":3");
        let unknown = br#"{"v":2,"type":"teleported"}"#.to_vec();
        let cut = (0..body.len()).map(|end| body[..end].to_vec());
        for damaged in cut.chain([newer.into_bytes(), unknown]) {
            let set = "UPDATE events SET body = ?1 WHERE number = ?2";
            raw.execute(set, (&damaged, number)).expect("changed");
            let engine = Engine::builder(Arc::new(bench.open()), Arc::new(bench.clock.clone()))
                .provider(AccountId::parse("shop").expect("a plain word"), Arc::new(Untouchable::new()))
                .build();
            match engine.run(intent, Patience::None).await {
                Err(Halt::Journal {
                    error: JournalError::Broken { payment, number: place, .. },
                    unrecorded: None,
                }) => assert_eq!((payment.as_str(), place), ("acme/shop/1001", number.unsigned_abs())),
                other => panic!("record {number}, {} bytes: {other:?}", damaged.len()),
            }
            raw.execute(set, (body, number)).expect("put back");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
    // What was put back is whole again.
    assert_eq!(bench.open().verify().await.map(|verified| verified.records), Ok(3));
}

/// A gateway nobody may touch.
struct Untouchable(Descriptor);

static TEXT: MessageDef = MessageDef { id: "acme", en: "acme", ru: "acme" };

impl Untouchable {
    fn new() -> Self {
        let no = Support::No;
        Self(Descriptor {
            id: ProviderId::from_static("acme"),
            name: Name { en: "Acme", ru: "Acme" },
            dialect: "test",
            capabilities: Capabilities {
                full: Support::Yes,
                partial: Support::Yes,
                several: Support::Yes,
                cart: no,
                penalty: no,
                loyalty: no,
                receipts: no,
                callbacks: no,
                currencies: &[Currency::RUB],
            },
            tier: Tier::Blind,
            self_fencing: SelfFencing::Off,
            timing: Timing { poll: &[], settle: Duration::from_secs(900), confirm_gap: Duration::ZERO },
            traffic: Traffic::UNLIMITED,
            cart: CartPolicy::new(CartNeed::ForReceiptOnly),
            texts: OperatorTexts { cabinet: &TEXT, support: &TEXT },
        })
    }
}

#[async_trait]
impl RefundProvider for Untouchable {
    fn describe(&self) -> &Descriptor {
        &self.0
    }

    async fn lookup(&self, _: &PaymentRef) -> Result<Payment, LookupError> {
        panic!("nobody may be asked")
    }

    fn prepare(&self, _: &CheckedRefund, _: &Payment, _: &LineageKey) -> Result<Prepared, Violations> {
        panic!("nothing may be prepared")
    }

    async fn open(&self, _: &Prepared) -> Result<Box<dyn Opened>, NotSent> {
        panic!("nothing may be sent")
    }

    async fn status(&self, _: &StatusQuery<'_>) -> Result<StatusReport, StatusError> {
        panic!("nobody may be asked")
    }

    async fn probe(&self, _: &Probe<'_>) -> ProbeReport {
        panic!("nobody may be asked")
    }

    fn notifications(&self) -> Option<&dyn Notifications> {
        None
    }
}
