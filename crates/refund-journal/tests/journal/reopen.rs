//! What was written is there after closing and opening again, and what a payment is never changes.

use super::bench::{Bench, Worker, plan_of};
use refund_core::{Currency, IntentId, Money};
use refund_engine::{Journal, JournalError, Phase, Planned};

#[tokio::test]
async fn reopening_finds_the_same() {
    let bench = Bench::new();
    let journal = bench.open();
    let mut first = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-1", 60)).await;
    first.carry(60, 100).await;
    let mut second = Worker::plan(&journal, &bench.clock, &plan_of("1001", "k-2", 40)).await;
    second.append(refund_engine::Record::Approved).await;
    second.reserve(40, 100).await;
    let (intents, at) = ([first.at.intent, second.at.intent], second.at);
    let before = everything(&journal, &intents).await;
    drop(journal);

    let journal = bench.open();
    assert_eq!(everything(&journal, &intents).await, before);
    assert_eq!(journal.plan(&[plan_of("1001", "k-1", 60)]).await, Ok(vec![Planned::Same]));
    // The lease and its fence survive too: a worker that only reopened goes on.
    assert_eq!(journal.claim(at.intent, super::bench::TERM).await.err(), Some(JournalError::Leased));
    let mut again = Worker { journal: &journal, clock: &bench.clock, at };
    again.arm().await;
    let phase = journal.find(at.intent).await.expect("readable").expect("there").state.phase;
    assert_eq!(phase, Phase::Sending);
}

async fn everything(journal: &impl Journal, intents: &[IntentId]) -> String {
    let mut told = format!("{:?}", journal.list(&Default::default()).await.expect("readable"));
    for intent in intents {
        let history = journal.history(*intent).await.expect("readable");
        told.push_str(&format!("{history:?}"));
    }
    told.push_str(&format!("{:?}", journal.verify().await.expect("in order")));
    told
}

#[tokio::test]
async fn a_payment_has_one_currency_and_an_intent_its_own_id() {
    let bench = Bench::new();
    let journal = bench.open();
    journal.plan(&[plan_of("1001", "k-1", 100)]).await.expect("planned");
    let refused = async |plan| match journal.plan(&[plan]).await {
        Err(JournalError::Broken { payment, detail, .. }) => format!("{payment}: {detail}"),
        other => panic!("{other:?}"),
    };
    let dollars = Currency::from_code("USD").expect("known");
    let mut plan = plan_of("1001", "k-2", 100);
    (plan.currency, plan.amount) = (dollars, Some(Money::new(100, dollars)));
    let told = refused(plan).await;
    assert!(told.ends_with("is in USD, its payment in RUB"), "{told}");
    let mut plan = plan_of("1001", "k-2", 100);
    plan.currency = dollars;
    let told = refused(plan).await;
    assert!(told.ends_with("is planned in another currency than its payment"), "{told}");
    let mut plan = plan_of("1001", "k-2", 100);
    plan.intent = IntentId(7);
    let told = refused(plan).await;
    assert!(told.ends_with("is not derived from its account and key"), "{told}");
    let totals = journal.totals(&super::bench::order("1001"), dollars, None).await;
    assert!(matches!(totals, Err(JournalError::Broken { .. })), "{totals:?}");
    assert_eq!(journal.verify().await.expect("in order").records, 1);
}
