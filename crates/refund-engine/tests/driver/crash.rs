//! Writes that fail, and programs that are started again.

use crate::{
    READABLE, Shop, VERIFIED,
    acme::{accepted, data, refused, settled, timeout, words},
    said,
};
use refund_core::{
    ArmError, ArmLog, ArmRecord, Clock, Currency, Digest, Money, NotSentReason, RefundAmount, RefundCommand,
    RefundOutcome, Tier, Verdict,
};
use refund_engine::{
    Ended, Halt, Journal, JournalError, News, Patience, Phase, Plan, Record, Recorded, Reservation, Role,
    codec::{encode_command, encode_note},
    lineage::intent_id,
    machine::{Baseline, BaselineRole, DoubtKind, Refusal, Stop},
    memory::{Failure, Write},
};
use std::time::Duration;

/// The gateway answered and the answer could not be written: it is handed to the caller, and the journal says "may have
/// been sent".
#[tokio::test]
async fn an_answer_that_cannot_be_written_is_not_lost_to_the_caller() {
    for failure in [Failure::Poison, Failure::CommitLost] {
        let shop = Shop::new(READABLE);
        let intent = shop.approved("k-1").await;
        shop.journal.fail_next(Write::Append, failure);
        match shop.engine.run(intent, Patience::None).await {
            Err(Halt::Journal { unrecorded: Some(RefundOutcome::Settled(None)), .. }) => {}
            other => panic!("{failure:?}: {other:?}"),
        }
        assert_eq!((shop.phase(intent).await, shop.acme.fired()), (Phase::Sending, 1));

        // Started again: it may have been sent. It is read, not sent.
        let shop = shop.restarted();
        let report = shop.run(intent).await;
        assert!(matches!(report.ended, Ended::Due(_)), "{:?}", report.ended);
        let Ended::Due(due) = report.ended else { panic!("{:?}", report.ended) };
        let crash = Record::Doubted { why: DoubtKind::Crash, refusal: Refusal::None, salvaged: false, due };
        assert_eq!(shop.history(intent).await.last().map(|last| last.record), Some(crash));
        assert!(shop.engine.work(10, Patience::None).await.expect("readable").is_empty(), "it waits");
        shop.acme.shows([Verdict::Happened(None)]);
        shop.clock.advance(Duration::from_secs(905));
        assert_eq!(shop.run(intent).await.state.phase, Phase::Settled);
        assert_eq!(shop.acme.fired(), 1);
    }
}

/// A journal that is only busy is asked again: 0.2 s, 0.4 s, and so on, until it has the gateway's answer.
#[tokio::test]
async fn an_answer_that_finds_the_journal_busy_is_written_later() {
    for (times, waited) in [(1, 200), (2, 600), (5, 6_200)] {
        let shop = Shop::new(Tier::Blind);
        shop.acme.answers([accepted("R-77")]);
        let intent = shop.approved("k-1").await;
        for _ in 0..times {
            shop.journal.fail_next(Write::Append, Failure::Unavailable);
        }
        let before = shop.clock.now();
        let report = shop.run(intent).await;
        assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Accepted, 1));
        assert_eq!(before.until(shop.clock.now()), Some(Duration::from_millis(waited)), "{times} times");
        let reference = shop.newest(intent, "accepted").await.attached(Role::Reference).map(words);
        assert_eq!(reference.as_deref(), Some("R-77"));
        assert_eq!(shop.kinds(intent).await.last(), Some(&"accepted"), "written once");
    }
}

/// It is not asked for ever: after a lease's life the answer is handed to the caller.
#[tokio::test]
async fn an_answer_that_finds_the_journal_busy_too_long_is_handed_to_the_caller() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    for _ in 0..100 {
        shop.journal.fail_next(Write::Append, Failure::Unavailable);
    }
    let before = shop.clock.now();
    match shop.engine.run(intent, Patience::None).await {
        Err(Halt::Journal { error: JournalError::Unavailable { .. }, unrecorded: Some(_) }) => {}
        other => panic!("{other:?}"),
    }
    // 0.2 s x (1 + 2 + ... + 2048) fits into the 900 seconds of a lease, one more does not.
    assert_eq!(before.until(shop.clock.now()), Some(Duration::from_secs(819)));
    assert_eq!((shop.phase(intent).await, shop.acme.fired()), (Phase::Sending, 1));
}

/// Records that carry no answer are not insisted on: what they say is found again by looking.
#[tokio::test]
async fn a_record_without_an_answer_is_tried_once() {
    let shop = Shop::new(READABLE);
    shop.acme.opens([Some(refused())]);
    let intent = shop.approved("k-1").await;
    shop.journal.fail_next(Write::Append, Failure::Unavailable);
    let before = shop.clock.now();
    match shop.engine.run(intent, Patience::None).await {
        Err(Halt::Journal { error: JournalError::Unavailable { .. }, unrecorded: None }) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!((shop.clock.now(), shop.acme.fired()), (before, 0));
}

#[tokio::test]
async fn a_reference_that_cannot_be_written_is_handed_to_the_caller_and_a_person_decides() {
    let shop = Shop::new(Tier::Blind);
    shop.acme.answers([accepted("R-77")]);
    let intent = shop.approved("k-1").await;
    shop.journal.fail_next(Write::Append, Failure::Poison);
    match shop.engine.run(intent, Patience::None).await {
        Err(Halt::Journal { unrecorded: Some(RefundOutcome::Accepted(reference)), .. }) => {
            assert_eq!(words(&reference.0), "R-77");
        }
        other => panic!("{other:?}"),
    }
    let shop = shop.restarted();
    let report = shop.run(intent).await;
    assert!(matches!(report.ended, Ended::Stopped(Stop::Held { from: Some(_) })), "{:?}", report.ended);
    assert_eq!(shop.acme.fired(), 1);
}

/// The answer's commit was lost and had happened: nothing is lost but the caller's certainty.
#[tokio::test]
async fn an_answer_whose_commit_is_unknown_and_was_written_is_found_again() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    shop.journal.fail_next(Write::Append, Failure::CommitKept);
    let halt = shop.engine.run(intent, Patience::None).await.expect_err("unknown");
    assert!(
        matches!(halt, Halt::Journal { error: JournalError::CommitUnknown, unrecorded: Some(_) }),
        "{halt}"
    );
    assert_eq!(shop.restarted().run(intent).await.state.phase, Phase::Settled);
}

/// Never send on an unconfirmed commit.
#[tokio::test]
async fn a_record_that_may_not_be_on_disk_fires_nothing() {
    for (failure, error, phase) in [
        (Failure::CommitLost, ArmError::CommitUnknown, Phase::Reserved),
        (Failure::CommitKept, ArmError::CommitUnknown, Phase::Sending),
        (Failure::Poison, ArmError::Unavailable(String::new()), Phase::Reserved),
        (Failure::Unavailable, ArmError::Unavailable(String::new()), Phase::Reserved),
    ] {
        let shop = Shop::new(READABLE);
        let intent = shop.approved("k-1").await;
        shop.journal.fail_next(Write::Arm, failure);
        let halt = shop.engine.run(intent, Patience::None).await.expect_err("not armed");
        let Halt::Arm(found) = halt else { panic!("{failure:?}: {halt}") };
        assert_eq!(std::mem::discriminant(&found), std::mem::discriminant(&error), "{failure:?}");
        assert_eq!((shop.phase(intent).await, shop.acme.fired()), (phase, 0), "{failure:?}");

        let shop = shop.restarted();
        shop.acme.shows([Verdict::NotSeen]);
        let report = shop.engine.run(intent, Patience::Patient).await.expect("runs");
        assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Settled, 1), "{failure:?}");
        let lineage = if phase == Phase::Sending { 2 } else { 1 };
        assert_eq!(report.state.lineage, lineage, "what may have been sent gets a new key");
    }
}

#[tokio::test]
async fn a_reservation_that_fails_sends_nothing_and_can_be_made_again() {
    for (failure, phase) in [
        (Failure::CommitLost, Phase::Approved),
        (Failure::CommitKept, Phase::Reserved),
        (Failure::Poison, Phase::Approved),
    ] {
        let shop = Shop::new(READABLE);
        let intent = shop.approved("k-1").await;
        shop.journal.fail_next(Write::Reserve, failure);
        assert!(shop.engine.run(intent, Patience::None).await.is_err(), "{failure:?}");
        assert_eq!((shop.phase(intent).await, shop.acme.fired()), (phase, 0), "{failure:?}");
        assert_eq!(shop.restarted().run(intent).await.state.phase, Phase::Settled, "{failure:?}");
        assert_eq!(shop.acme.fired(), 1);
    }
}

/// The program dies with its n-th write, whichever that is: what was committed stays, and the refund is sent once.
#[tokio::test]
async fn dying_with_any_write_sends_once() {
    let mut deaths = 0;
    for answer in [settled(), timeout()] {
        for n in 1..8 {
            let shop = Shop::new(READABLE);
            let intent = shop.approved("k-1").await;
            shop.acme.answers([answer.clone()]);
            shop.journal.crash_after(n);
            let mut shop = shop;
            let report = loop {
                match shop.engine.run(intent, Patience::Patient).await {
                    Ok(report) => break report,
                    Err(_) => {
                        deaths += 1;
                        shop = shop.restarted();
                    }
                }
            };
            assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Settled, 1), "write {n}");
            shop.journal.verify().await.expect("in order");
        }
    }
    // Reserved, armed, settled; and reserved, armed, doubted, settled.
    assert_eq!(deaths, 3 + 4);
}

/// A command of a newer version is no reason to throw a refund away.
#[tokio::test]
async fn a_command_that_cannot_be_read_stops_and_loses_nothing() {
    let shop = Shop::new(READABLE);
    let key = refund_core::IntentKey::parse("k-1").expect("a plain word");
    let payment = crate::payment();
    let plan = Plan {
        intent: intent_id(&payment.provider, &payment.account, &key),
        key,
        payment,
        currency: Currency::RUB,
        amount: Some(Money::rub(30_000)),
        command: data("refund-engine/command@9", "{}"),
        note: encode_note(&said("from the future")),
        wall: shop.clock.wall(),
    };
    shop.journal.plan(std::slice::from_ref(&plan)).await.expect("planned");
    shop.engine.approve(plan.intent, said("yes")).await.expect("approved");
    let halt = shop.engine.run(plan.intent, Patience::None).await.expect_err("unreadable");
    assert!(matches!(&halt, Halt::Codec(error) if error.to_string().contains("command@9")), "{halt}");
    assert_eq!((shop.phase(plan.intent).await, shop.acme.fired()), (Phase::Approved, 0));
    assert!(
        shop.journal.claim(plan.intent, Duration::from_secs(1)).await.is_ok(),
        "the lease was given back"
    );
}

/// Personal data of an old request was erased: it cannot be sent again, and that is said, not a panic.
#[tokio::test]
async fn a_request_that_was_erased_is_not_sent_again() {
    let shop = Shop::new(VERIFIED);
    let intent = shop.approved("k-1").await;
    let mut at = shop.journal.claim(intent, Duration::from_secs(60)).await.expect("free").at;
    let wall = shop.clock.wall();
    let baseline = Baseline { captured: 100_000, refunded: Some(0), used: 0, role: BaselineRole::Evidence };
    let reserved = Record::Reserved { lineage: 1, amount: 30_000, baseline };
    let reservation = Reservation { at, recorded: Recorded::bare(reserved, wall) };
    at.seq = shop.journal.reserve(&reservation).await.expect("fits");
    let fire_by = shop.clock.now().after(Duration::from_secs(5));
    let arm = ArmRecord { at, lineage: 1, attempt: 1, digest: Digest::of(b"erased"), fire_by };
    shop.journal.arm(&arm).await.expect("armed");
    at.seq += 1;
    let lost = Record::Doubted {
        why: DoubtKind::Timeout,
        refusal: Refusal::None,
        salvaged: false,
        due: shop.clock.now(),
    };
    at.seq = shop.journal.append(at, &Recorded::bare(lost, wall)).await.expect("follows");
    shop.journal.release(at).await.expect("given back");

    let report = shop.run(intent).await;
    assert_eq!((report.state.phase, shop.acme.fired()), (Phase::Unknown, 0));
    match &report.news[..] {
        [News::NotSent(not_sent)] => assert_eq!(not_sent.reason, NotSentReason::Unusable),
        other => panic!("{other:?}"),
    }
}

/// The plan is the same request whoever reads it: what the engine writes is what the trait's codec writes.
#[tokio::test]
async fn the_planned_command_is_kept_as_it_was_asked() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let planned = shop.newest(intent, "planned").await;
    let asked = RefundCommand::new(crate::payment(), RefundAmount::Exactly(Money::rub(30_000)));
    assert_eq!(planned.attached(Role::Command), Some(&encode_command(&asked)));
}
