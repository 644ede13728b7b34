//! The driver and the engine with a gateway that does what it is told: what is written where, who may drop what, and
//! what is left when a write fails.

mod acme;
mod attach;
mod bent;
mod calls;
mod crash;
mod hints;
mod history;
mod leaving;
mod observed;
mod payment;
mod traffic;
mod words;

use acme::Acme;
use refund_core::{
    AccountId, Clock, IntentId, IntentKey, Money, PaymentId, PaymentRef, ProviderId, RefundAmount,
    RefundCommand, Tier, WallTime,
};
use refund_engine::{
    Engine, Journal, ManualClock, NewRefund, Patience, Phase, Record, Recorded, Report, State, codec::Note,
    memory::MemoryJournal,
};
use std::sync::Arc;

const READABLE: Tier = Tier::Readable(refund_core::Actors::OnlyUs);
const VERIFIED: Tier =
    Tier::Keyed { trust: refund_core::KeyTrust::Verified, actors: refund_core::Actors::OnlyUs };

/// One shop with one gateway.
struct Shop {
    clock: ManualClock,
    journal: MemoryJournal,
    acme: Acme,
    engine: Engine,
}

impl Shop {
    fn new(tier: Tier) -> Self {
        let clock = ManualClock::starting(WallTime(1_795_000_000_000));
        let acme = Acme::new(tier, &clock);
        Self::with(clock, acme)
    }

    fn with(clock: ManualClock, acme: Acme) -> Self {
        let journal = MemoryJournal::new(Arc::new(clock.clone()));
        let engine = engine(&journal, &clock, &acme);
        Self { clock, journal, acme, engine }
    }

    /// The same shop after its program was started again.
    fn restarted(&self) -> Self {
        let journal = self.journal.reopen();
        let engine = engine(&journal, &self.clock, &self.acme);
        Self { clock: self.clock.clone(), journal, acme: self.acme.clone(), engine }
    }

    /// Plans and approves a refund of 300.00.
    async fn approved(&self, key: &str) -> IntentId {
        self.approved_amount(key, RefundAmount::Exactly(Money::rub(30_000))).await
    }

    async fn approved_amount(&self, key: &str, amount: RefundAmount) -> IntentId {
        let (intent, _) = self.engine.plan(&wanted(key, amount)).await.expect("planned");
        self.engine.approve(intent, said("yes")).await.expect("approved");
        intent
    }

    async fn run(&self, intent: IntentId) -> Report {
        self.engine.run(intent, Patience::None).await.expect("runs")
    }

    async fn state(&self, intent: IntentId) -> State {
        self.journal.find(intent).await.expect("readable").expect("planned").state
    }

    async fn phase(&self, intent: IntentId) -> Phase {
        self.state(intent).await.phase
    }

    async fn history(&self, intent: IntentId) -> Vec<Recorded> {
        self.journal.history(intent).await.expect("readable")
    }

    /// The kinds of all records.
    async fn kinds(&self, intent: IntentId) -> Vec<&'static str> {
        self.history(intent).await.iter().map(|recorded| recorded.record.kind()).collect()
    }

    /// The newest record of a kind.
    async fn newest(&self, intent: IntentId, kind: &str) -> Recorded {
        let history = self.history(intent).await;
        history.into_iter().rev().find(|recorded| recorded.record.kind() == kind).expect("written")
    }
}

fn engine(journal: &MemoryJournal, clock: &ManualClock, acme: &Acme) -> Engine {
    Engine::builder(Arc::new(journal.clone()), Arc::new(clock.clone()))
        .provider(account(), Arc::new(acme.clone()))
        .build()
}

fn account() -> AccountId {
    AccountId::parse("shop").expect("a plain word")
}

fn payment() -> PaymentRef {
    PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: account(),
        payment: PaymentId::parse("1001").expect("a plain word"),
    }
}

fn wanted(key: &str, amount: RefundAmount) -> NewRefund {
    NewRefund {
        key: IntentKey::parse(key).expect("a plain word"),
        command: RefundCommand::new(payment(), amount),
        note: said("the customer asked"),
    }
}

fn said(reason: &str) -> Note {
    Note { actor: "anna".into(), reason: reason.into(), ..Note::default() }
}

#[tokio::test]
async fn a_refund_from_plan_to_end() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let report = shop.run(intent).await;
    assert_eq!((report.state.phase, report.news.len()), (Phase::Settled, 0));
    assert_eq!(report.state, shop.state(intent).await, "what is reported is what is written");
    let kinds = ["planned", "approved", "reserved", "armed", "settled"];
    assert_eq!(shop.kinds(intent).await, kinds);
    let asked = shop.acme.asked();
    assert_eq!(asked[..2], ["lookup", "open"]);
    assert!(asked.len() == 3 && asked[2].starts_with("fire ") && asked[2].ends_with(" 30000"), "{asked:?}");
    // Once more changes nothing and asks nobody.
    assert_eq!(shop.run(intent).await.state, report.state);
    assert_eq!(shop.acme.asked().len(), 3);
    let Record::Armed { fire_by, .. } = shop.newest(intent, "armed").await.record else { panic!("armed") };
    assert_eq!(shop.clock.now().until(fire_by).map(|left| left.as_secs()), Some(5));
}
