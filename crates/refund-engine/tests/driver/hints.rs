//! News that comes by itself: receipts, and callbacks as hints that never decide anything.

use crate::{
    READABLE, Shop, account,
    acme::{Acme, accepted, shown, timeout},
    payment, said,
};
use refund_core::{Callback, Notice, NotifyError, ProviderId, RefundState, Tier, WallTime};
use refund_engine::{
    Ended, HintError, ManualClock, Phase, Role,
    machine::{ReceiptTrack, Stop},
};

const ACME: ProviderId = ProviderId::from_static("acme");

fn callback(words: &str) -> Callback {
    Callback {
        method: "POST".into(),
        query: String::new(),
        headers: Vec::new(),
        body: words.as_bytes().to_vec(),
        received: WallTime(0),
    }
}

/// Sends callbacks, believed when they begin with "genuine".
fn telling(tier: Tier) -> Shop {
    let clock = ManualClock::starting(WallTime(0));
    let acme = Acme::new(tier, &clock).calling(|raw| match raw.body.as_slice() {
        b"genuine" => Ok(Notice { payment: payment(), reference: None }),
        b"elsewhere" => {
            let account = refund_core::AccountId::parse("other").expect("a plain word");
            Ok(Notice { payment: refund_core::PaymentRef { account, ..payment() }, reference: None })
        }
        _ => Err(NotifyError::Forged),
    });
    acme.looks([Ok(shown(100_000, None))]);
    Shop::with(clock, acme)
}

#[tokio::test]
async fn a_genuine_callback_only_asks_for_the_status() {
    let shop = telling(Tier::Blind);
    shop.acme.answers([accepted("R-1")]);
    shop.acme.tells([Ok(RefundState::Settled)]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    let ends = shop.engine.notified(&ACME, &account(), &callback("genuine")).await.expect("genuine");
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].1.as_ref().expect("runs").state.phase, Phase::Settled);
    assert!(shop.acme.asked().last().is_some_and(|asked| asked.starts_with("status")));
    // Once more there is nothing to ask for.
    let asked = shop.acme.asked();
    let ends = shop.engine.notified(&ACME, &account(), &callback("genuine")).await.expect("genuine");
    assert!(ends.is_empty() && shop.acme.asked() == asked);
}

#[tokio::test]
async fn a_callback_that_is_not_verified_asks_nobody_and_writes_nothing() {
    let shop = telling(Tier::Blind);
    shop.acme.answers([accepted("R-1")]);
    let intent = shop.approved("k-1").await;
    shop.run(intent).await;
    let (asked, written) = (shop.acme.asked(), shop.journal.writes());
    for (words, expected) in [("forged", NotifyError::Forged), ("elsewhere", NotifyError::Irrelevant)] {
        match shop.engine.notified(&ACME, &account(), &callback(words)).await {
            Err(HintError::Refused(error)) => assert_eq!(error, expected),
            other => panic!("{words}: {other:?}"),
        }
    }
    // A gateway that sends none, and one that is not here.
    let silent = Shop::new(Tier::Blind);
    for provider in [ACME, ProviderId::from_static("nobody")] {
        let answer = silent.engine.notified(&provider, &account(), &callback("genuine")).await;
        assert!(matches!(answer, Err(HintError::NoCallbacks)), "{answer:?}");
    }
    assert_eq!((shop.acme.asked(), shop.journal.writes()), (asked, written));
}

/// Where there is nothing to ask for, a hint does nothing: above all it does not send.
#[tokio::test]
async fn a_hint_never_sends() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    let report = shop.engine.hint(intent).await.expect("runs");
    assert_eq!((report.ended, report.state.phase), (Ended::Stopped(Stop::Noted), Phase::Approved));
    assert!(shop.acme.asked().is_empty());
    shop.acme.answers([timeout()]);
    shop.run(intent).await;
    let (asked, written) = (shop.acme.asked(), shop.journal.writes());
    shop.clock.advance(std::time::Duration::from_secs(2_000));
    assert_eq!(shop.engine.hint(intent).await.expect("runs").state.phase, Phase::Unknown);
    assert_eq!((shop.acme.asked(), shop.journal.writes()), (asked, written));
}

#[tokio::test]
async fn news_of_a_receipt_is_written_in_any_phase_and_moves_no_money() {
    let shop = Shop::new(READABLE);
    let intent = shop.approved("k-1").await;
    for (track, ended) in [(ReceiptTrack::Pending, Phase::Approved), (ReceiptTrack::Failed, Phase::Settled)] {
        let report = shop.engine.receipt_news(intent, track, said("the OFD said so")).await.expect("runs");
        assert_eq!((report.state.phase, report.state.receipt), (ended, track));
        shop.run(intent).await;
    }
    assert_eq!(shop.acme.fired(), 1);
    assert!(shop.newest(intent, "receipt").await.attached(Role::Note).is_some());
    let kinds = ["planned", "approved", "receipt", "reserved", "armed", "settled", "receipt"];
    assert_eq!(shop.kinds(intent).await, kinds);
}
