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
    assert!(world.check(&command, &look, &Prior::none(Currency::RUB)).is_err());
}

/// Tea by weight and a cup, 470.00.
fn tea_and_cup() -> serde_json::Value {
    json!([
        {"positionId":1,"name":"Чай «Ёлочка»","quantity":{"value":1.5,"measure":"кг"},"itemPrice":20000,"itemAmount":30000,
         "itemCode":"tea","tax":{"taxType":6},"itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},
         {"name":"paymentObject","value":"1"}]}},
        {"positionId":2,"name":"Чашка","quantity":{"value":1,"measure":"шт."},"itemPrice":17000,"itemAmount":17000,"itemCode":"cup"},
    ])
}

fn some(position: &str, thousandths: i64) -> RefundLine {
    RefundLine::new(position, Quantity::from_thousandths(thousandths))
}

fn with_lines(order: &PaymentRef, kopecks: i64, lines: Vec<RefundLine>) -> RefundCommand {
    let mut command = RefundCommand::new(order.clone(), RefundAmount::Exactly(Money::rub(kopecks)));
    command.lines = Some(lines);
    command.receipt = ReceiptChoice::Cart;
    command
}

fn took(position: &str, thousandths: i64, kopecks: i64, by: &str) -> UsedLine {
    UsedLine::new(
        position.to_owned(),
        Quantity::from_thousandths(thousandths),
        Money::rub(kopecks),
        by.to_owned(),
    )
}

#[tokio::test]
async fn an_order_with_a_cart_shows_it_and_is_refunded_whole_without_lines() {
    for receipt in [ReceiptChoice::None, ReceiptChoice::Cart] {
        let world = World::start().await;
        let order = world.order("A-2", json!({"amount":47000,"cart":tea_and_cup()})).await;
        let look = world.look(&order).await;
        let lines = look.cart.clone().expect("a cart").lines;
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].name.as_str(), lines[0].code.as_deref()), ("Чай «Ёлочка»", Some("tea")));
        assert_eq!((lines[0].quantity.thousandths(), lines[0].amount), (1_500, Some(Money::rub(30_000))));
        assert_eq!(lines[0].fiscal.as_ref().map(|fiscal| fiscal.vat.as_str()), Some("vat20"));
        assert_eq!(look.points, None);
        let mut whole = RefundCommand::new(order.clone(), RefundAmount::Full);
        whole.receipt = receipt;
        assert_eq!(world.refund(&whole, &Prior::none(Currency::RUB)).await, RefundOutcome::Settled(None));
        assert_eq!(world.really_refunded(&order).await, [47_000]);
    }
}

#[tokio::test]
async fn lines_come_back_one_after_another_until_nothing_is_left() {
    for version in [3, 5] {
        let world = World::start().await;
        world.switch("sber.status_version", json!(version)).await;
        let order = world.order("A-4", json!({"amount":47000,"cart":tea_and_cup()})).await;
        let first = with_lines(
            &order,
            13_334,
            vec![RefundLine { amount: Some(Money::rub(13_334)), ..some("1", 667) }],
        );
        let none = Prior::none(Currency::RUB);
        assert_eq!(world.refund(&first, &none).await, RefundOutcome::Settled(None), "version {version}");

        let mut prior = Prior::of(Money::rub(13_334), Money::rub(0));
        (prior.lines, prior.carts) = (vec![took("1", 667, 13_334, "first")], PriorCarts::Some);
        // A second one that would take more tea than is left is stopped here, and the first one is named.
        let look = world.look(&order).await;
        let too_much = with_lines(&order, 16_680, vec![some("1", 834)]);
        let found = world.check(&too_much, &look, &prior).expect_err("0.833 is left");
        let rules: Vec<_> = found.as_slice().iter().map(|violation| violation.rule.as_str()).collect();
        assert_eq!(rules, ["cart-quantity-remaining", "cart-amount-remaining"]);
        let args = found.as_slice()[0].message.args();
        assert!(args.contains(&("by", "first".to_owned())), "{args:?}");
        assert_eq!(world.really_refunded(&order).await, [13_334]);

        let tea = RefundLine { amount: Some(Money::rub(16_666)), ..some("1", 833) };
        let rest = with_lines(&order, 33_666, vec![tea, some("2", 1_000)]);
        assert_eq!(world.refund(&rest, &prior).await, RefundOutcome::Settled(None), "version {version}");
        assert_eq!(world.really_refunded(&order).await, [13_334, 33_666]);
        let after = world.look(&order).await;
        assert_eq!((after.captured, after.refunded), (Money::rub(47_000), Some(Money::rub(47_000))));
    }
}

/// What the gateway was given, as its ledger has it: the order's own words, and numbers that survived.
#[tokio::test]
async fn the_ledger_has_the_lines_as_they_were_registered() {
    let world = World::start().await;
    let order = world.order("A-5", json!({"amount":47000,"cart":tea_and_cup()})).await;
    let half = with_lines(&order, 10_100, vec![some("1", 505)]);
    assert_eq!(world.refund(&half, &Prior::none(Currency::RUB)).await, RefundOutcome::Settled(None));
    let refunds = world.refunds(&order).await;
    let expected = json!([{"positionId":1,"name":"Чай «Ёлочка»","quantity":{"value":0.505,"measure":"кг"},
        "itemAmount":10100,"itemPrice":20000,"itemCurrency":643,"itemCode":"tea","tax":{"taxType":6},
        "itemAttributes":{"attributes":[{"name":"paymentMethod","value":"4"},{"name":"paymentObject","value":"1"}]}}]);
    assert_eq!(refunds[0]["lines"], expected);
    assert_eq!(refunds[0]["receipt"], json!({"state":"requested"}));
}

#[tokio::test]
async fn a_lost_answer_to_a_refund_with_a_cart_is_read_from_the_order() {
    for (fault, expected) in
        [("drop_before_commit", Verdict::NotSeen), ("drop_after_commit", Verdict::Happened(None))]
    {
        let world = World::start().await;
        let order = world.order("A-6", json!({"amount":47000,"cart":tea_and_cup()})).await;
        let baseline = world.look(&order).await;
        let cup = with_lines(&order, 17_000, vec![some("2", 1_000)]);
        let prepared = world.prepare_command(&cup, &baseline).expect("nothing is broken");
        world.fault(fault).await;
        assert!(matches!(world.send(&prepared).await, RefundOutcome::Unknown(_)), "{fault}");
        assert_eq!(world.probe(&order, &baseline, &prepared, Money::rub(17_000)).await, expected, "{fault}");
    }
}

#[tokio::test]
async fn a_penalty_is_kept_and_never_from_points() {
    let world = World::start().await;
    let penalty = |order: &PaymentRef| {
        let mut command = RefundCommand::new(order.clone(), RefundAmount::Full);
        command.penalty = Some(Money::rub(130_000));
        command.language = Some("en".to_owned());
        command
    };
    // The document's own example: 5000.00, of which 1300.00 are kept.
    let order = place(PENALTY);
    assert_eq!(
        world.refund(&penalty(&order), &Prior::none(Currency::RUB)).await,
        RefundOutcome::Settled(None)
    );
    let refunds = world.refunds(&order).await;
    assert_eq!((&refunds[0]["amount"], &refunds[0]["penalty"]), (&json!(500_000), &json!(130_000)));

    // 4000.00 in money and 1000.00 in points.
    let loyal = world.order("A-7", json!({"amount":400_000,"bonus":100_000})).await;
    let look = world.look(&loyal).await;
    assert_eq!((look.captured, look.points), (Money::rub(400_000), Some(Money::rub(100_000))));
    let found = world.prepare_command(&penalty(&loyal), &look).expect_err("refused before sending");
    assert_eq!(found.to_string(), "penalty-not-with-loyalty at penalty");
    // Made ready from a look that shows no points, so that our own rule does not stop it: the gateway does.
    let mut blind = look;
    blind.points = None;
    let prepared = world.prepare_command(&penalty(&loyal), &blind).expect("nothing is seen to be broken");
    let refusal = decline(world.send(&prepared).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("5", Certainty::Final));
    assert!(refusal.hints.iter().any(|hint| hint.id == "sber-old-code-5-penalty-with-loyalty"));
    assert_eq!(world.really_refunded(&loyal).await, Vec::<i64>::new());
    // The money alone goes back.
    let money = RefundCommand::new(loyal.clone(), RefundAmount::Full);
    assert_eq!(world.refund(&money, &Prior::none(Currency::RUB)).await, RefundOutcome::Settled(None));
    assert_eq!(world.really_refunded(&loyal).await, [400_000]);
}

#[tokio::test]
async fn parameters_of_the_callers_own_are_understood() {
    let world = World::start().await;
    let order = world.order("A-8", json!({"amount":47000,"cart":tea_and_cup()})).await;
    let mut cup = with_lines(&order, 17_000, vec![some("2", 1_000)]);
    cup.params = [("phone".to_owned(), "+79990000000".to_owned())].into();
    assert_eq!(world.refund(&cup, &Prior::none(Currency::RUB)).await, RefundOutcome::Settled(None));
    assert_eq!(world.really_refunded(&order).await, [17_000]);
}

/// A line that is not the order's is refused by the gateway too, and nothing moves.
#[tokio::test]
async fn the_gateway_refuses_the_line_we_would_not_send() {
    let world = World::start().await;
    let order = world.order("A-9", json!({"amount":47000,"cart":tea_and_cup()})).await;
    let mut look = world.look(&order).await;
    look.cart.as_mut().expect("a cart").lines[1].name.push(' ');
    let cup = with_lines(&order, 17_000, vec![some("2", 1_000)]);
    let prepared = world.prepare_command(&cup, &look).expect("the look is wrong, not the refund");
    let refusal = decline(world.send(&prepared).await);
    assert_eq!((refusal.code.as_str(), refusal.certainty), ("8", Certainty::Final));
    assert_eq!(world.really_refunded(&order).await, Vec::<i64>::new());
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
#[tokio::test]
async fn receipt_fields_are_taken_for_an_order_registered_with_them_and_refused_otherwise() {
    let fields = |command: &mut RefundCommand| {
        command.receipt_extras = [
            ("cashier".to_owned(), vec!["Петров П.П.".to_owned()]),
            ("supplier_info.phones".to_owned(), vec!["+74957444401".to_owned()]),
        ]
        .into();
    };
    let world = World::start().await;
    let block = json!({"cashier":"Иванов И.И.","supplier_info.phones":["+74957444401"]});
    let order =
        world.order("B-1", json!({"amount":47000,"cart":tea_and_cup(),"additional_ofd_params":block})).await;
    let mut cup = with_lines(&order, 17_000, vec![some("2", 1_000)]);
    fields(&mut cup);
    assert_eq!(world.refund(&cup, &Prior::none(Currency::RUB)).await, RefundOutcome::Settled(None));

    let without = world.order("B-2", json!({"amount":47000,"cart":tea_and_cup()})).await;
    let mut cup = with_lines(&without, 17_000, vec![some("2", 1_000)]);
    fields(&mut cup);
    let refusal = decline(world.refund(&cup, &Prior::none(Currency::RUB)).await);
    assert_eq!(refusal.certainty, Certainty::Final);
    assert!(refusal.hints.iter().any(|hint| hint.id == "sber-old-code-5-parameters"), "{refusal:?}");
    assert_eq!(world.really_refunded(&without).await, Vec::<i64>::new());
}
