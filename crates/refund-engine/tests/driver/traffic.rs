//! What an account bears: the rate of its calls, how many at once, and the breaker on unknown outcomes. Time is a clock
//! that moves only when somebody waits.

use crate::{
    Shop, account,
    acme::{Acme, accepted, no_answer, settled, shown, status, timeout},
    said,
};
use refund_core::{
    Clock, IntentId, IntentKey, LookupError, Moment, Money, PaymentId, PaymentRef, RefundAmount,
    RefundCommand, Submission, Tier, Traffic, WallTime,
};
use refund_engine::{
    Ended, Engine, ManualClock, NewRefund, News, Patience, Phase, Record, Report, Wiring,
    machine::Stop,
    traffic::{Feedback, Limited},
};
use std::{sync::Arc, time::Duration};

const CALM: Traffic = Traffic { every: Duration::from_millis(200), at_once: 1 };

/// A blind gateway that bears so much.
pub(crate) fn bearing(traffic: Traffic, answers: impl IntoIterator<Item = Submission>) -> Shop {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(Tier::Blind, &clock).bearing(traffic);
    acme.looks([Ok(shown(100_000, None))]);
    acme.answers(answers);
    Shop::with(clock, acme)
}

/// Approved refunds of payments of their own.
pub(crate) async fn approved(shop: &Shop, count: usize) -> Vec<IntentId> {
    let mut intents = Vec::new();
    for number in 0..count {
        let name = format!("order-{}-{number}", intents.len() + shop.acme.asked().len() * 100);
        let payment =
            PaymentRef { payment: PaymentId::parse(&name).expect("a plain word"), ..crate::payment() };
        let wanted = NewRefund {
            key: IntentKey::parse(&name).expect("a plain word"),
            command: RefundCommand::new(payment, RefundAmount::Exactly(Money::rub(30_000))),
            note: said("the customer asked"),
        };
        let (intent, _) = shop.engine.plan(&wanted).await.expect("planned");
        shop.engine.approve(intent, said("yes")).await.expect("approved");
        intents.push(intent);
    }
    intents
}

fn paused(report: &Report) -> Option<Moment> {
    match report.ended {
        Ended::Stopped(Stop::Paused { until }) => Some(until),
        _ => None,
    }
}

#[tokio::test]
async fn calls_follow_each_other_at_the_accounts_rate_and_nothing_waits_between_arming_and_sending() {
    let shop = bearing(CALM, [settled()]);
    for intent in approved(&shop, 5).await {
        assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
        let Record::Armed { fire_by, .. } = shop.newest(intent, "armed").await.record else {
            panic!("armed")
        };
        let fired = shop.acme.times().into_iter().rev().find(|(_, line)| line.starts_with("fire"));
        assert_eq!(
            fired.map(|(at, _)| at + 5_000),
            Some(fire_by.millis),
            "a permit's life begins when it is used"
        );
    }
    let calls = shop.acme.times().into_iter().filter(|(_, line)| !line.starts_with("fire"));
    let times: Vec<u64> = calls.map(|(at, _)| at).collect();
    assert_eq!(times.len(), 10, "a look and a send each");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 200), "{times:?}");
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_the_account_bears() {
    let shop = bearing(Traffic { at_once: 2, ..Traffic::UNLIMITED }, [settled()]);
    let mut runs = tokio::task::JoinSet::new();
    for intent in approved(&shop, 12).await {
        let engine = shop.engine.clone();
        runs.spawn(async move { engine.run(intent, Patience::None).await.expect("runs").state.phase });
    }
    assert_eq!(runs.join_all().await, [Phase::Settled; 12]);
    assert_eq!(shop.acme.most(), 2);
}

/// The transport saw a 429 with "retry after 7": nothing for so long, then at half the rate.
#[tokio::test]
async fn a_complaint_is_obeyed_and_halves_the_rate() {
    let shop = bearing(CALM, [settled()]);
    let feedback = Feedback::default();
    let wiring = Wiring { traffic: CALM, feedback: feedback.clone() };
    let engine = Engine::builder(Arc::new(shop.journal.clone()), Arc::new(shop.clock.clone()))
        .provider_with(account(), Arc::new(shop.acme.clone()), wiring)
        .build();
    let intents = approved(&shop, 2).await;
    shop.acme.meanwhile(Box::new(move || {
        Box::pin(async move {
            feedback.leave(Limited { retry_after: Some(Duration::from_secs(7)) });
        })
    }));
    let begun = shop.clock.now().millis;
    for intent in intents {
        engine.run(intent, Patience::None).await.expect("runs");
    }
    let calls = shop.acme.times().into_iter().filter(|(_, line)| !line.starts_with("fire"));
    let times: Vec<u64> = calls.map(|(at, _)| at - begun).collect();
    assert_eq!(times, [0, 7_000, 7_400, 7_800]);
}

/// A gateway that answers 429 to a refund itself: unknown, and too many.
#[tokio::test]
async fn a_429_to_a_refund_halves_the_rate_too() {
    let shop = bearing(CALM, [status(429), settled()]);
    let begun = shop.clock.now().millis;
    for intent in approved(&shop, 2).await {
        shop.run(intent).await;
    }
    let calls = shop.acme.times().into_iter().filter(|(_, line)| !line.starts_with("fire"));
    assert_eq!(calls.map(|(at, _)| at - begun).collect::<Vec<_>>(), [0, 200, 600, 1_000]);
}

#[tokio::test]
async fn three_unknown_in_a_row_stop_the_sends_until_a_read_is_answered() {
    let shop = bearing(Traffic::UNLIMITED, [timeout(), timeout(), timeout(), settled()]);
    let intents = approved(&shop, 5).await;
    for intent in &intents[..3] {
        shop.run(*intent).await;
    }
    assert_eq!(shop.acme.fired(), 3);
    let asked = shop.acme.asked();
    let report = shop.run(intents[3]).await;
    let until = paused(&report).expect("stopped");
    assert_eq!(shop.clock.now().until(until), Some(Duration::from_secs(60)));
    assert!(matches!(report.news[..], [News::Paused { until: told }] if told == until), "{:?}", report.news);
    assert_eq!((report.state.phase, shop.acme.asked()), (Phase::Approved, asked), "nobody is asked anything");
    // A loop that looks for work is not handed it again before.
    shop.run(intents[4]).await;
    assert!(shop.engine.work(10, Patience::None).await.expect("readable").is_empty());

    // When it is time, a look that fails prolongs the pause; no refund is spent on finding out.
    shop.clock.advance(Duration::from_secs(60));
    shop.acme.looks([Err(LookupError::Read(no_answer())), Ok(shown(100_000, None))]);
    assert_eq!(shop.run(intents[3]).await.ended, Ended::Stopped(Stop::NotReached));
    let again = paused(&shop.run(intents[4]).await).expect("still stopped");
    assert_eq!(shop.clock.now().until(again), Some(Duration::from_secs(120)));
    assert_eq!(shop.acme.fired(), 3);

    // One that is answered lets one be sent, and that one's answer all others.
    shop.clock.advance(Duration::from_secs(120));
    for intent in &intents[3..] {
        assert_eq!(shop.run(*intent).await.state.phase, Phase::Settled);
    }
}

/// While one is tried, nobody else is sent, however many ask at once.
#[tokio::test]
async fn one_refund_at_a_time_is_tried() {
    let shop = bearing(Traffic::UNLIMITED, [timeout(), timeout(), timeout(), timeout()]);
    let intents = approved(&shop, 9).await;
    for intent in &intents[..3] {
        shop.run(*intent).await;
    }
    shop.clock.advance(Duration::from_secs(60));
    let mut runs = tokio::task::JoinSet::new();
    for intent in intents[3..].iter().copied() {
        let engine = shop.engine.clone();
        runs.spawn(async move { engine.run(intent, Patience::None).await.expect("runs") });
    }
    let ends = runs.join_all().await;
    let stopped = ends.iter().filter(|report| paused(report).is_some()).count();
    assert_eq!(
        (shop.acme.fired(), stopped),
        (4, 5),
        "{:?}",
        ends.iter().map(|one| one.ended).collect::<Vec<_>>()
    );
}

/// Its connection stood when the others' answers came: it is not armed.
#[tokio::test]
async fn what_was_connected_when_it_happened_is_not_armed() {
    let shop = bearing(Traffic::UNLIMITED, [timeout()]);
    let intents = approved(&shop, 4).await;
    let (engine, others) = (shop.engine.clone(), intents[1..].to_vec());
    shop.acme.while_opening(Box::new(move || {
        Box::pin(async move {
            for intent in others {
                engine.run(intent, Patience::None).await.expect("runs");
            }
        })
    }));
    let report = shop.run(intents[0]).await;
    assert!(paused(&report).is_some(), "{:?}", report.ended);
    assert_eq!((report.state.phase, report.state.attempt, shop.acme.fired()), (Phase::Reserved, 0, 3));
    assert_eq!(shop.kinds(intents[0]).await, ["planned", "approved", "reserved", "postponed"]);
}

/// A tenth is borne; more is not.
#[tokio::test]
async fn more_than_a_tenth_of_the_last_fifty_stop_the_sends() {
    let ten = || [timeout(), settled(), settled(), settled(), settled()];
    let shop = bearing(Traffic::UNLIMITED, (0..6).flat_map(|_| ten()));
    let mut ends = Vec::new();
    for intent in approved(&shop, 28).await {
        ends.push(paused(&shop.run(intent).await).is_some());
    }
    // Unknown are the sends 1, 6, 11, 16, 21 and 26; the sixth of them is more than five of fifty.
    assert_eq!(ends.iter().position(|stopped| *stopped), Some(26));
    assert_eq!(shop.acme.fired(), 26);
}

/// The same seed draws the same back-offs, another one others; none is longer than the whole and none shorter than half.
#[tokio::test]
async fn back_offs_are_spread_by_a_seed() {
    let mut drawn = Vec::new();
    for seed in [1, 1, 2] {
        let shop = bearing(Traffic::UNLIMITED, [accepted("R-1")]);
        let engine = Engine::builder(Arc::new(shop.journal.clone()), Arc::new(shop.clock.clone()))
            .provider(account(), Arc::new(shop.acme.clone()))
            .seed(seed)
            .build();
        shop.acme.looks([Err(LookupError::Read(no_answer()))]);
        let intent = approved(&shop, 1).await[0];
        let mut waits = Vec::new();
        for doubling in 0..6 {
            engine.run(intent, Patience::None).await.expect("runs");
            let due = shop.state(intent).await.due.expect("it waits");
            let wait =
                u64::try_from(shop.clock.now().until(due).expect("one boot").as_millis()).expect("short");
            assert!((500 << doubling..=1_000 << doubling).contains(&wait), "{wait} ms after {doubling}");
            waits.push(wait);
            shop.clock.advance(Duration::from_millis(wait));
        }
        drawn.push(waits);
    }
    assert_eq!(drawn[0], drawn[1]);
    assert_ne!(drawn[0], drawn[2]);
}
