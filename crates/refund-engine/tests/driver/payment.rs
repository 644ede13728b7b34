//! The payment's sums: what is left, who else was there, and in which currency.

use crate::{
    READABLE, Shop,
    acme::{accepted, refused, shown, timeout},
};
use refund_core::{Currency, LookupError, Money, RefundAmount, RefundState, Tier, Verdict};
use refund_engine::{
    Ended, News, Patience, Phase, Record,
    machine::{Baseline, BaselineRole, Stop},
};
use std::time::Duration;

const FULL: RefundAmount = RefundAmount::Full;

fn exactly(kopecks: i64) -> RefundAmount {
    RefundAmount::Exactly(Money::rub(kopecks))
}

/// "Everything that is left" is decided once; if less is left by the time it can be sent, it is refused, not shrunk.
#[tokio::test]
async fn a_full_refund_is_fixed_by_its_first_reservation() {
    for (later, phase, sent) in
        [(10_000, Phase::Settled, 1), (0, Phase::Settled, 1), (10_001, Phase::Withdrawn, 0)]
    {
        let shop = Shop::new(READABLE);
        shop.acme.looks([Ok(shown(100_000, Some(10_000))), Ok(shown(100_000, Some(later)))]);
        shop.acme.opens([Some(refused()), None]);
        let intent = shop.approved_amount("k-1", FULL).await;
        assert_eq!(shop.run(intent).await.state.amount, Some(90_000));
        shop.clock.advance(Duration::from_secs(1));
        let state = shop.run(intent).await.state;
        assert_eq!((state.phase, state.amount, shop.acme.fired()), (phase, Some(90_000), sent), "{later}");
        assert!(sent == 0 || shop.acme.asked().iter().any(|line| line.ends_with(" 90000")));
    }
}

#[tokio::test]
async fn a_payment_in_another_currency_is_refused_with_the_rule() {
    let yen = Currency::from_code("JPY").expect("ISO 4217 has it");
    for amount in [FULL, exactly(30_000)] {
        for refunded in [None, Some(Money::new(0, yen))] {
            let shop = Shop::new(READABLE);
            let mut payment = shown(100_000, None);
            payment.captured = Money::new(100_000, yen);
            payment.refunded = refunded;
            shop.acme.looks([Ok(payment)]);
            let intent = shop.approved_amount("k-1", amount).await;
            let report = shop.run(intent).await;
            assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Withdrawn, 0), "{amount:?}");
            match &report.news[..] {
                [News::Rules(found)] => assert_eq!(found.to_string(), "within-remaining at amount"),
                other => panic!("{amount:?}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn the_baseline_is_what_gateway_and_journal_know_before_the_first_send() {
    let shop = Shop::new(READABLE);
    shop.acme.looks([Ok(shown(100_000, Some(0))), Ok(shown(100_000, Some(30_000)))]);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    shop.run(first).await;
    shop.acme.answers([timeout()]);
    shop.run(second).await;
    let Record::Reserved { baseline, .. } = shop.newest(second, "reserved").await.record else {
        panic!("reserved")
    };
    let expected =
        Baseline { captured: 100_000, refunded: Some(30_000), used: 30_000, role: BaselineRole::Evidence };
    assert_eq!(baseline, expected);
    // It is what the probe compares with, from the journal and not from the gateway's next word.
    shop.acme.looks([Ok(shown(100_000, Some(99_999)))]);
    shop.acme.shows([Verdict::Happened(None)]);
    shop.clock.advance(Duration::from_secs(905));
    assert_eq!(shop.restarted().run(second).await.state.phase, Phase::Settled);
    let asked = shop.acme.asked();
    let probe = "probe 30000 before Some(30000) data \"what it showed\" salvaged None";
    assert_eq!(asked.last().map(String::as_str), Some(probe));
}

/// The gateway does not show our last refund yet. Read against that, it would pass for the next one.
#[tokio::test]
async fn a_gateway_that_lags_behind_the_journal_is_waited_for() {
    let shop = Shop::new(READABLE);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    shop.run(first).await;
    let report = shop.run(second).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::NotReached), Phase::Approved));
    match &report.news[..] {
        [News::Lookup(LookupError::CannotTell { detail })] => {
            assert!(detail.contains("0.00") && detail.contains("300.00"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(shop.acme.fired(), 1);
    shop.acme.looks([Ok(shown(100_000, Some(30_000)))]);
    shop.clock.advance(Duration::from_secs(1));
    assert_eq!(shop.run(second).await.state.phase, Phase::Settled);

    // A gateway that shows no refunds at all cannot lag.
    let shop = Shop::new(Tier::Blind);
    shop.acme.looks([Ok(shown(100_000, None))]);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    assert_eq!(shop.run(first).await.state.phase, Phase::Settled);
    assert_eq!(shop.run(second).await.state.phase, Phase::Settled);
}

/// Another refund of the payment is done while this one looks: its reservation is made again on a fresh look.
#[tokio::test]
async fn a_look_that_was_overtaken_is_taken_again() {
    let shop = Shop::new(READABLE);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    let engine = shop.engine.clone();
    shop.acme.meanwhile(Box::new(move || {
        Box::pin(async move {
            let report = engine.run(second, Patience::None).await.expect("runs");
            assert_eq!(report.state.phase, Phase::Settled);
        })
    }));
    // The first looks, then the second wholly, then the first again.
    shop.acme.looks([
        Ok(shown(100_000, Some(0))),
        Ok(shown(100_000, Some(0))),
        Ok(shown(100_000, Some(30_000))),
    ]);
    let report = shop.run(first).await;
    assert_eq!((report.state.phase, report.state.lineage), (Phase::Settled, 1));
    let kinds = ["planned", "approved", "reserved", "reserved", "armed", "settled"];
    assert_eq!(shop.kinds(first).await, kinds);
    let Record::Reserved { baseline, .. } = shop.newest(first, "reserved").await.record else {
        panic!("reserved")
    };
    assert_eq!((baseline.refunded, baseline.used), (Some(30_000), 30_000));
}

/// "Everything that is left" looked at before another refund took its part: it is looked at again, not thrown away.
#[tokio::test]
async fn a_full_refund_that_was_overtaken_takes_what_is_left() {
    for (tier, before, after) in [(READABLE, Some(0), Some(30_000)), (Tier::Blind, None, None)] {
        let shop = Shop::new(tier);
        let full = shop.approved_amount("k-1", FULL).await;
        let part = shop.approved("k-2").await;
        let engine = shop.engine.clone();
        shop.acme.meanwhile(Box::new(move || {
            Box::pin(async move {
                engine.run(part, Patience::None).await.expect("runs");
            })
        }));
        shop.acme.looks([Ok(shown(100_000, before)), Ok(shown(100_000, before)), Ok(shown(100_000, after))]);
        let report = shop.run(full).await;
        assert_eq!((report.state.phase, report.state.amount), (Phase::Settled, Some(70_000)), "{tier:?}");
        assert_eq!(shop.acme.fired(), 2);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_withdrawn_with_the_reason_and_nothing_is_sent() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved_amount("k-1", exactly(100_001)).await;
    let report = shop.run(intent).await;
    assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Withdrawn, 0));
    assert!(matches!(&report.news[..], [News::Rules(_)]), "{:?}", report.news);
}

#[tokio::test]
async fn a_payment_in_doubt_keeps_others_waiting() {
    let shop = Shop::new(READABLE);
    shop.acme.answers([timeout()]);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    shop.run(first).await;
    let report = shop.run(second).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::Busy), Phase::Approved));
    assert!(matches!(&report.news[..], [News::Busy(_)]), "{:?}", report.news);
    assert_eq!(shop.acme.fired(), 1);
}

/// An acknowledged refund lets the next one in, and is given to a person while that one connects: nothing is armed, and the
/// payment is waited for like one that was busy before.
#[tokio::test]
async fn a_payment_that_comes_into_doubt_at_the_last_moment_is_waited_for() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([accepted("r-1")]);
    let (first, second) = (shop.approved("k-1").await, shop.approved("k-2").await);
    assert_eq!(shop.run(first).await.state.phase, Phase::Accepted);
    let works = || Ok(RefundState::Processing);
    shop.acme.tells([works(), works(), works()]);
    let (engine, clock) = (shop.engine.clone(), shop.clock.clone());
    shop.acme.while_opening(Box::new(move || {
        Box::pin(async move {
            // The schedule is used up.
            for seconds in [10, 20, 30] {
                clock.advance(Duration::from_secs(seconds));
                engine.run(first, Patience::None).await.expect("runs");
            }
        })
    }));
    let report = shop.run(second).await;
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::Busy), Phase::Reserved));
    assert_eq!((report.state.attempt, shop.acme.fired()), (0, 1));
    assert_eq!(shop.kinds(second).await, ["planned", "approved", "reserved", "postponed"]);
    // It is not found again at once.
    assert!(report.state.due.is_some_and(|due| !refund_core::Clock::now(&shop.clock).has_reached(due)));
    assert_eq!(shop.run(first).await.state.phase, Phase::NeedsReview);
}
