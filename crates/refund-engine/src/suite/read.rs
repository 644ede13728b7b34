//! Reading: what was written comes back whole, and lists say where everything stands.

use super::{
    Subject,
    scene::{DONE, LOST, Worker, approved, data, key, order, planned, reserved, sending, shown},
};
use crate::machine::ReceiptTrack;
use crate::{ListQuery, Phase, Record, Recorded, Role, State};
use refund_core::{Clock, Currency, IntentId, Money, Opaque};
use std::time::Duration;

/// Every record, its time and everything attached comes back as it was written, in order.
pub async fn a_history_comes_back_as_it_was_written(subject: &Subject) {
    let mut worker = approved(subject, "1001", "k-1", 100).await;
    subject.clock.advance(Duration::from_secs(1));
    let reservation = worker.reservation(100, shown(100, Some(0))).await;
    worker.at.seq = worker.journal.reserve(&reservation).await.expect("fits");
    subject.clock.advance(Duration::from_secs(1));
    worker.must_arm().await;
    subject.clock.advance(Duration::from_secs(1));
    let every_role = Recorded::bare(Record::Accepted { due: worker.soon(2) }, subject.clock.wall())
        .with(Role::Reference, data("acme/reference@1", "R-77"))
        .with(Role::Evidence, Opaque::new("acme/reply@1", (0..=255).collect()).expect("short"))
        .with(Role::Note, data("acme/empty@1", ""))
        .with(Role::Command, data("acme/same-bytes@1", "R-77"))
        .with(Role::Prepared, data("acme/reference@1", "R-77"))
        .with(Role::Baseline, Opaque::new("acme/long@1", vec![7; Opaque::MAX_BYTES]).expect("at the limit"));
    worker.at.seq = worker.journal.append(worker.at, &every_role).await.expect("follows");
    let receipt = Recorded::bare(Record::Receipt(ReceiptTrack::Done), subject.clock.wall());
    worker.at.seq = worker.journal.append(worker.at, &receipt).await.expect("follows");

    let history = worker.journal.history(worker.at.intent).await.expect("readable");
    assert_eq!(history.len(), 6);
    assert_eq!(history[1].record, Record::Approved);
    assert_eq!(history[2], reservation.recorded);
    assert_eq!(history[3].record.kind(), "armed");
    assert_eq!(history[4], every_role);
    assert_eq!(history[5], receipt);
    assert_eq!(history[3].wall.0 - history[1].wall.0, 2_000);

    let state = State::fold(history.iter().map(|recorded| recorded.record)).expect("a legal history");
    let listed = worker.listed().await;
    assert_eq!(listed.state, state, "the list tells what the records add up to");
    assert_eq!((listed.planned, listed.changed), (history[0].wall, history[5].wall));
    worker.release().await;
    let lease = worker.journal.claim(worker.at.intent, super::scene::TERM).await.expect("free");
    assert_eq!((lease.history, lease.at.seq, lease.currency), (history, 6, Currency::RUB));
}

/// Done and open refunds of a payment are summed; withdrawn, declined and merely planned ones are not.
pub async fn totals_are_what_is_done_and_what_is_open(subject: &Subject) {
    let none = shown(10_000, None);
    let totals = async |name: &str, except| {
        let totals = subject.journal.totals(&order(name), Currency::RUB, except).await.expect("readable");
        assert_eq!((totals.done.currency(), totals.open.currency()), (Currency::RUB, Currency::RUB));
        (totals.done.minor(), totals.open.minor())
    };
    assert_eq!(totals("1001", None).await, (0, 0), "no refund of it is known");
    sending(subject, "1001", "k-1", 1_000, none).await.must(DONE).await;
    sending(subject, "1001", "k-2", 200, none).await.must(DONE).await;
    sending(subject, "1001", "k-3", 7_000, none).await.must(Record::Declined).await;
    planned(subject, "1001", "k-4", 7_000).await;
    approved(subject, "1001", "k-5", 7_000).await;
    assert_eq!(totals("1001", None).await, (1_200, 0));
    let mut accepted = sending(subject, "1001", "k-6", 30, none).await;
    accepted.must(Record::Accepted { due: accepted.soon(1) }).await;
    let mut unknown = sending(subject, "1001", "k-7", 4, none).await;
    unknown.must(LOST).await;
    assert_eq!(totals("1001", None).await, (1_200, 34));
    assert_eq!(totals("1001", Some(unknown.at.intent)).await, (1_200, 30));
    assert_eq!(totals("1001", Some(IntentId(7))).await, (1_200, 34));
    assert_eq!(totals("1002", None).await, (0, 0), "another payment");
    let prior = refund_core::Prior::from(
        subject.journal.totals(&order("1001"), Currency::RUB, None).await.expect("readable"),
    );
    assert_eq!((prior.done, prior.open), (Money::rub(1_200), Money::rub(34)));
}

/// A refund is found by its id, and every refund with a key by the key, whatever its account.
pub async fn refunds_are_found_by_id_and_by_key(subject: &Subject) {
    let intent = planned(subject, "1001", "k-1", 100).await;
    planned(subject, "1001", "k-11", 100).await;
    let found = subject.journal.find(intent).await.expect("readable").expect("planned");
    assert_eq!((found.intent, found.key.as_str(), found.payment), (intent, "k-1", order("1001")));
    assert_eq!(subject.journal.find(IntentId(7)).await, Ok(None));

    let mut elsewhere = super::scene::plan_of(subject, "1001", "k-1", 100);
    elsewhere.payment.account = refund_core::AccountId::parse("another-shop").expect("a plain word");
    elsewhere.intent =
        crate::lineage::intent_id(&elsewhere.payment.provider, &elsewhere.payment.account, &elsewhere.key);
    subject.journal.plan(std::slice::from_ref(&elsewhere)).await.expect("planned");
    let found = subject.journal.find_key(&key("k-1")).await.expect("readable");
    let mut accounts: Vec<_> = found.iter().map(|listed| listed.payment.account.to_string()).collect();
    accounts.sort();
    assert_eq!(accounts, ["another-shop", "shop"]);
    assert_eq!(subject.journal.find_key(&key("k-2")).await, Ok(vec![]));
}

/// Newest first; of one payment, in some phases, at most so many, and all of that together.
pub async fn a_list_is_newest_first_and_obeys_its_query(subject: &Subject) {
    for (name, by_key) in [("1001", "a"), ("1002", "b"), ("1001", "c"), ("1003", "d"), ("1001", "e")] {
        planned(subject, name, by_key, 100).await;
        subject.clock.advance(Duration::from_secs(1));
    }
    for by_key in ["b", "a"] {
        let intent = subject.journal.find_key(&key(by_key)).await.expect("readable")[0].intent;
        Worker::claim(subject, intent).await.must(Record::Approved).await;
    }
    let keys = async |query: ListQuery| -> String {
        let listed = subject.journal.list(&query).await.expect("readable");
        listed.iter().map(|one| one.key.as_str()).collect()
    };
    let of = |name: &str, phases: &[Phase], limit| ListQuery {
        payment: (!name.is_empty()).then(|| order(name)),
        phases: phases.to_vec(),
        limit,
    };
    assert_eq!(keys(ListQuery::default()).await, "edcba");
    assert_eq!(keys(of("", &[], 2)).await, "ed");
    assert_eq!(keys(of("1001", &[], 0)).await, "eca");
    assert_eq!(keys(of("1001", &[], 2)).await, "ec");
    assert_eq!(keys(of("", &[Phase::Approved], 0)).await, "ba");
    assert_eq!(keys(of("", &[Phase::Approved, Phase::Planned], 4)).await, "edcb");
    assert_eq!(keys(of("", &[Phase::Planned, Phase::Planned], 0)).await, "edc");
    assert_eq!(keys(of("1001", &[Phase::Planned], 0)).await, "ec");
    assert_eq!(keys(of("1001", &[Phase::Settled], 0)).await, "");
    assert_eq!(keys(of("1009", &[], 0)).await, "");
}

/// A journal in order is counted, and its root changes with every record.
pub async fn verifying_counts_and_sums_up(subject: &Subject) {
    let empty = subject.journal.verify().await.expect("in order");
    assert_eq!((empty.payments, empty.records), (0, 0));
    let mut worker = reserved(subject, "1001", "k-1", 100, shown(100, None)).await;
    sending(subject, "1002", "k-2", 100, shown(100, None)).await.must(LOST).await;
    planned(subject, "1001", "k-3", 100).await;
    let before = subject.journal.verify().await.expect("in order");
    assert_eq!((before.payments, before.records), (2, 3 + 5 + 1));
    assert_ne!(before.root, empty.root);
    assert_eq!(subject.journal.verify().await, Ok(before.clone()), "reading changes nothing");
    worker.must_arm().await;
    let after = subject.journal.verify().await.expect("in order");
    assert_eq!((after.payments, after.records), (2, 10));
    assert_ne!(after.root, before.root);
}
