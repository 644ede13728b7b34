//! The provider against the emulator over real HTTP. The emulator was written from the documents by somebody else, and
//! its ledger says what really happened to the money.

mod support;

use refund_core::*;
use serde_json::json;
use support::{World, place, send};

/// The orders the document's own examples are about: 470.00 and 5000.00, paid, without a cart.
const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
const PENALTY: &str = "c676d60a-67cc-7281-877a-78b300a39301";

fn decline(outcome: RefundOutcome) -> Decline {
    match outcome {
        RefundOutcome::Declined(decline) => decline,
        other => panic!("not declined: {other:?}"),
    }
}

#[tokio::test]
async fn the_documents_full_refund_settles() {
    let world = World::start().await;
    let (before, prepared) = world.prepare(&place(FULL), RefundAmount::Full).await;
    assert_eq!((before.captured, before.refunded), (Money::rub(47_000), Some(Money::rub(0))));
    assert_eq!((&before.state, &before.cart), (&PaymentState::Captured, &None));
    assert_eq!(world.send(&prepared).await, RefundOutcome::Settled(None));
    assert_eq!(world.really_refunded(&place(FULL)).await, [47_000]);
    let after = world.look(&place(FULL)).await;
    assert_eq!((after.captured, after.refunded), (Money::rub(47_000), Some(Money::rub(47_000))));
    assert_eq!(after.state, PaymentState::Captured);
    assert_eq!(world.really_refunded(&place(PENALTY)).await, Vec::<i64>::new());
}

#[tokio::test]
async fn amounts_are_refunded_one_after_another() {
    for version in [3, 5, 46] {
        let world = World::start().await;
        world.switch("sber.status_version", json!(version)).await;
        let order = place(PENALTY);
        for (minor, so_far) in [(1, 1), (123_456, 123_457), (1, 123_458)] {
            let (_, prepared) = world.prepare(&order, RefundAmount::Exactly(Money::rub(minor))).await;
            assert_eq!(world.send(&prepared).await, RefundOutcome::Settled(None), "version {version}");
            let after = world.look(&order).await;
            assert_eq!((after.captured, after.refunded), (Money::rub(500_000), Some(Money::rub(so_far))));
        }
        let (_, rest) = world.prepare(&order, RefundAmount::Full).await;
        assert_eq!(world.send(&rest).await, RefundOutcome::Settled(None));
        assert_eq!(world.really_refunded(&order).await, [1, 123_456, 1, 376_542]);
    }
}

#[tokio::test]
async fn more_than_is_left_is_declined_and_must_be_confirmed() {
    let world = World::start().await;
    let order = place(FULL);
    let stale = world.look(&order).await;
    world.cabinet(&order, 1).await;
    let too_much = world.prepare_from(&order, &stale, RefundAmount::Full);
    let refusal = decline(world.send(&too_much).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("7", Certainty::Confirm));
    assert_eq!(world.really_refunded(&order).await, [1]);
}

#[tokio::test]
async fn an_order_nobody_knows() {
    let world = World::start().await;
    let nowhere = place("00000000-0000-0000-0000-000000000000");
    assert!(matches!(world.sber.lookup(&nowhere).await, Err(LookupError::NotFound { .. })));
    let look = world.look(&place(FULL)).await;
    let prepared = world.prepare_from(&nowhere, &look, RefundAmount::Full);
    let refusal = decline(world.send(&prepared).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("6", Certainty::Final));
}

#[tokio::test]
async fn a_wrong_password_is_denied_and_not_shown() {
    let world = World::start().await;
    let wrong = world.with_password("wrong-canary");
    let error = wrong.lookup(&place(FULL)).await.expect_err("a wrong password");
    assert!(matches!(error, LookupError::Denied { .. }), "{error:?}");
    let (_, prepared) = world.prepare(&place(FULL), RefundAmount::Full).await;
    let refusal = decline(send(&wrong, &prepared).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("5", Certainty::Final));
    assert!(!format!("{error:?} {refusal:?}").contains("canary"));
    assert_eq!(world.really_refunded(&place(FULL)).await, Vec::<i64>::new());
}

#[tokio::test]
async fn every_lost_or_broken_answer_is_unknown_and_the_order_tells() {
    let cases = [
        ("drop_before_commit", DoubtReason::ConnectionLost, false),
        ("drop_after_commit", DoubtReason::ConnectionLost, true),
        ("error_before_commit", DoubtReason::Status(500), false),
        ("error_after_commit", DoubtReason::Status(500), true),
        ("rate_limit", DoubtReason::Status(429), false),
        ("redirect", DoubtReason::Status(307), false),
        ("html", DoubtReason::UnreadableReply, true),
        ("truncate", DoubtReason::TruncatedReply, true),
    ];
    for version in [3, 5] {
        for (fault, why, moved) in cases {
            let world = World::start().await;
            world.switch("sber.status_version", json!(version)).await;
            let order = place(FULL);
            // An earlier refund of the same amount, so that neither zero nor an empty list is the baseline.
            let (_, earlier) = world.prepare(&order, RefundAmount::Exactly(Money::rub(12_000))).await;
            assert_eq!(world.send(&earlier).await, RefundOutcome::Settled(None));
            world.fault(fault).await;
            let (outcome, verdict) = world.send_and_probe(&order, 12_000).await;
            match outcome {
                RefundOutcome::Unknown(doubt) => assert_eq!(doubt.why, why, "{fault}: {doubt:?}"),
                other => panic!("{fault}: {other:?}"),
            }
            let expected = if moved { Verdict::Happened(None) } else { Verdict::NotSeen };
            assert_eq!(verdict, expected, "{fault}, version {version}");
            let refunds = world.really_refunded(&order).await;
            assert_eq!(refunds.len(), if moved { 2 } else { 1 }, "{fault}: {refunds:?}");
        }
    }
}

#[tokio::test]
async fn a_success_is_known_in_every_spelling() {
    let world = World::start().await;
    for (minor, fault) in [(1, "error_code_string"), (2, "error_code_number"), (3, "error_code_missing")] {
        world.fault(fault).await;
        let (outcome, verdict) = world.send_and_probe(&place(PENALTY), minor).await;
        assert_eq!((outcome, verdict), (RefundOutcome::Settled(None), Verdict::Happened(None)), "{fault}");
    }
    assert_eq!(world.really_refunded(&place(PENALTY)).await, [1, 2, 3]);
}

#[tokio::test]
async fn refusals_and_orders_are_known_in_every_spelling() {
    for spelling in ["string", "number", "missing_on_success"] {
        for content_type in ["json", "text"] {
            let world = World::start().await;
            world.switch("sber.error_code", json!(spelling)).await;
            world.switch("sber.content_type", json!(content_type)).await;
            let (_, prepared) = world.prepare(&place(FULL), RefundAmount::Full).await;
            let wrong = world.with_password("wrong");
            assert_eq!(decline(send(&wrong, &prepared).await).code, "5", "{spelling}, {content_type}");
            assert_eq!(
                world.send(&prepared).await,
                RefundOutcome::Settled(None),
                "{spelling}, {content_type}"
            );
            assert_eq!(decline(world.send(&prepared).await).code, "7", "{spelling}, {content_type}");
        }
    }
}

#[tokio::test]
async fn an_account_whose_status_shows_no_sums_still_refunds_and_proves_nothing() {
    let world = World::start().await;
    world.switch("sber.status_version", json!(2)).await;
    let order = place(FULL);
    let look = world.look(&order).await;
    assert_eq!((look.captured, look.refunded), (Money::rub(47_000), None));
    world.fault("drop_after_commit").await;
    let (outcome, verdict) = world.send_and_probe(&order, 12_000).await;
    assert!(matches!(outcome, RefundOutcome::Unknown(_)), "{outcome:?}");
    assert!(matches!(verdict, Verdict::CannotTell { .. }), "{verdict:?}");
    // Status 4 without sums does not say what was captured.
    assert!(matches!(world.sber.lookup(&order).await, Err(LookupError::CannotTell { .. })));
}

#[tokio::test]
async fn refunds_by_others_are_not_taken_for_ours() {
    for version in [3, 5] {
        let world = World::start().await;
        world.switch("sber.status_version", json!(version)).await;
        let order = place(PENALTY);
        let amount = Money::rub(10_000);
        let (baseline, prepared) = world.prepare(&order, RefundAmount::Exactly(amount)).await;
        world.cabinet(&order, 4_000).await;
        let verdict = world.probe(&order, &baseline, &prepared, amount).await;
        assert!(matches!(&verdict, Verdict::CannotTell { detail } if detail.contains("4000")), "{verdict:?}");
        // Two by others that add up to ours: only the list can tell them apart.
        world.cabinet(&order, 6_000).await;
        let verdict = world.probe(&order, &baseline, &prepared, amount).await;
        match version {
            3 => assert_eq!(
                verdict,
                Verdict::Happened(None),
                "the sum is all there is: hence `Actors::OnlyUs`"
            ),
            _ => assert!(matches!(verdict, Verdict::CannotTell { .. }), "{verdict:?}"),
        }
    }
}

#[tokio::test]
async fn a_held_order_is_reversed_and_not_refunded() {
    let world = World::start().await;
    let held = world.order("A-1", json!({"amount":47000,"state":"held"})).await;
    let look = world.look(&held).await;
    assert_eq!((&look.state, look.captured), (&PaymentState::Held, Money::rub(0)));
    let command = RefundCommand::new(held, RefundAmount::Full);
    assert!(rules::check(&command, &look, &Prior::none(Currency::RUB)).is_err());
}

#[tokio::test]
async fn an_order_with_a_cart_shows_it_and_is_refunded_whole_only() {
    let world = World::start().await;
    let cart = json!([
        {"positionId":1,"name":"Чай","quantity":{"value":1.5,"measure":"кг"},"itemPrice":20000,"itemAmount":30000,"itemCode":"tea"},
        {"positionId":2,"name":"Чашка","quantity":{"value":1,"measure":"шт."},"itemPrice":17000,"itemAmount":17000,"itemCode":"cup"},
    ]);
    let order = world.order("A-2", json!({"amount":47000,"cart":cart})).await;
    let look = world.look(&order).await;
    let lines = look.cart.clone().expect("a cart").lines;
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].name.as_str(), lines[0].code.as_deref()), ("Чай", Some("tea")));
    assert_eq!((lines[0].quantity.thousandths(), lines[0].amount), (1_500, Some(Money::rub(30_000))));

    let command = RefundCommand::new(order.clone(), RefundAmount::Exactly(Money::rub(17_000)));
    let checked = rules::check(&command, &look, &Prior::none(Currency::RUB)).expect("core's rules pass");
    let key = LineageKey::parse("lineage1").expect("valid");
    let found = world.sber.prepare(&checked, &look, &key).expect_err("a part needs a cart");
    assert_eq!(found.as_slice()[0].rule.as_str(), "sber-old-cart-needed");

    let whole = world.prepare_from(&order, &look, RefundAmount::Full);
    assert_eq!(world.send(&whole).await, RefundOutcome::Settled(None));
    assert_eq!(world.really_refunded(&order).await, [47_000]);
}

#[tokio::test]
async fn the_gateway_itself_wants_the_cart_we_would_not_leave_out() {
    let world = World::start().await;
    let cart = json!([{"positionId":1,"name":"Чай","quantity":{"value":1,"measure":"шт."},"itemPrice":47000,
        "itemAmount":47000,"itemCode":"tea"}]);
    let with_cart = world.order("A-3", json!({"amount":47000,"cart":cart})).await;
    // Made ready from a look at an order without a cart, so that our own rule does not stop it.
    let bare = world.look(&place(FULL)).await;
    let prepared = world.prepare_from(&with_cart, &bare, RefundAmount::Exactly(Money::rub(1)));
    let refusal = decline(world.send(&prepared).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("8", Certainty::Final));
    assert_eq!(world.really_refunded(&with_cart).await, Vec::<i64>::new());
}
