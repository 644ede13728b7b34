//! What a durable record costs, on the disk that holds the temporary directory: alone, and when many wait at once and
//! share a commit.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use refund_core::{
    AccountId, At, Currency, IntentKey, Money, PaymentId, PaymentRef, ProviderId, RefundAmount,
    RefundCommand, WallTime,
};
use refund_engine::machine::ReceiptTrack;
use refund_engine::{Journal, Plan, Record, Recorded, SystemClock, codec, lineage};
use refund_journal::SqliteJournal;
use std::{sync::Arc, time::Duration};

const AT_ONCE: u64 = 64;

fn plan_of(number: u64) -> Plan {
    let payment = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse(format!("order-{number}")).expect("valid"),
    };
    let key = IntentKey::parse(format!("refund-{number}")).expect("valid");
    let amount = Money::rub(15_000);
    Plan {
        intent: lineage::intent_id(&payment.provider, &payment.account, &key),
        key,
        currency: Currency::RUB,
        amount: Some(amount),
        command: codec::encode_command(&RefundCommand::new(payment.clone(), RefundAmount::Exactly(amount))),
        payment,
        note: codec::encode_note(&codec::Note { actor: "bench".into(), ..Default::default() }),
        wall: WallTime(0),
    }
}

fn journal(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("journal");
    let journal = Arc::new(SqliteJournal::open(path, Arc::new(SystemClock::new())).expect("opens"));
    let first: Vec<Plan> = (0..AT_ONCE).map(plan_of).collect();
    runtime.block_on(journal.plan(&first)).expect("planned");
    let mut next = AT_ONCE..;
    let mut group = criterion.benchmark_group("journal");

    group.throughput(Throughput::Elements(AT_ONCE));
    group.bench_function("plan/64", |bencher| {
        let batch = || next.by_ref().take(AT_ONCE as usize).map(plan_of).collect::<Vec<_>>();
        let plan = |batch: Vec<Plan>| runtime.block_on(journal.plan(&batch)).expect("planned");
        bencher.iter_batched(batch, plan, BatchSize::SmallInput);
    });

    // News of a receipt can always follow.
    let news = Recorded::bare(Record::Receipt(ReceiptTrack::Pending), WallTime(0));
    let term = Duration::from_secs(86_400);
    let mut held: Vec<At> = (0..AT_ONCE)
        .map(|number| runtime.block_on(journal.claim(plan_of(number).intent, term)).expect("free").at)
        .collect();

    group.throughput(Throughput::Elements(1));
    group.bench_function("append/1", |bencher| {
        bencher.iter(|| held[0].seq = runtime.block_on(journal.append(held[0], &news)).expect("follows"));
    });

    group.throughput(Throughput::Elements(AT_ONCE));
    group.bench_function("append/64 at once", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let appends = held.iter_mut().map(|at| {
                    let (journal, news, before) = (Arc::clone(&journal), news.clone(), *at);
                    (at, tokio::spawn(async move { journal.append(before, &news).await }))
                });
                for (at, append) in appends.collect::<Vec<_>>() {
                    at.seq = append.await.expect("no panic").expect("follows");
                }
            });
        });
    });
    group.finish();
}

criterion_group!(benches, journal);
criterion_main!(benches);
