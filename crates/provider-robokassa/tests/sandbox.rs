//! The provider over real HTTP against the sandbox, which was written from the documents by other hands. What is
//! believed here is the sandbox's ledger, not the provider's word.
//!
//! No test waits: the sandbox's clock moves when it is told to.

mod scene;
mod support;

use provider_robokassa::{HashAlgorithm, RobokassaConfig, TokenAlgorithm};
use refund_core::{
    AccountId, Cart, Currency, DoubtReason, Line, LineFiscal, LookupError, Method, Money, PaymentState,
    Prior, Quantity, ReceiptChoice, RefundAmount, RefundCommand, RefundLine, RefundProvider, RefundState,
    StatusError, Verdict, Violations, rules,
};
use refund_sandbox::shops;
use scene::{Scene, accepted, config, declined, doubt, exactly, payment_ref, request_id};
use serde_json::{Value, json};
use support::key;

#[tokio::test]
async fn a_payment_is_looked_up_with_every_hash_and_namespace() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    for namespace in ["merchant.roboxchange.com", "auth.robokassa.ru"] {
        scene.switch("robokassa.xml_namespace", json!(namespace)).await;
        for hash in HashAlgorithm::ALL {
            scene.switch("robokassa.hash", json!(hash.as_str().to_lowercase())).await;
            let shop = scene.shop(config().with_hash(*hash));
            let payment = shop.lookup(&payment_ref(1001)).await.expect("a payment");
            assert_eq!((payment.captured, payment.refunded), (Money::rub(15_000), None));
            assert_eq!(payment.state, PaymentState::Captured);
            assert_eq!(payment.data.bytes(), json!({"opKey": op_key}).to_string().as_bytes());
        }
    }
}

#[tokio::test]
async fn lookups_that_fail_say_why() {
    let scene = Scene::new().await;
    let none = scene.shop.lookup(&payment_ref(999_999)).await;
    assert!(matches!(none, Err(LookupError::NotFound { .. })), "{none:?}");

    scene.paid(1001).await;
    scene.paid(1001).await;
    let twice = scene.shop.lookup(&payment_ref(1001)).await;
    assert!(
        matches!(&twice, Err(LookupError::CannotTell { detail }) if detail.contains("two operations")),
        "{twice:?}"
    );

    let login = AccountId::parse(shops::ROBOKASSA_LOGIN).expect("a login");
    let wrong = RobokassaConfig::new(login, "another".into(), "another".into()).expect("two passwords");
    let denied = scene.shop(wrong).lookup(&payment_ref(1001)).await;
    assert!(matches!(denied, Err(LookupError::Denied { .. })), "{denied:?}");
    let wrong = scene.shop(config().with_hash(HashAlgorithm::Sha512)).lookup(&payment_ref(1001)).await;
    assert!(matches!(wrong, Err(LookupError::Denied { .. })), "{wrong:?}");

    scene.fault("lookup", "error_before_commit").await;
    let broken = scene.shop.lookup(&payment_ref(1001)).await;
    assert!(matches!(broken, Err(LookupError::Read(_))), "{broken:?}");
    for fault in ["html", "truncate"] {
        scene.fault("lookup", fault).await;
        let broken = scene.shop.lookup(&payment_ref(1001)).await;
        assert!(
            matches!(broken, Err(LookupError::CannotTell { .. } | LookupError::Read(_))),
            "{fault}: {broken:?}"
        );
    }
}

#[tokio::test]
async fn a_held_payment_and_one_without_a_key_are_not_refunded() {
    let scene = Scene::new().await;
    let held = json!({"gateway": "robokassa", "inv_id": 7, "sum": "10.00", "state": "held"});
    scene.control(Method::Post, "payments", held).await;
    let payment = scene.payment(7).await;
    assert_eq!((payment.state, payment.captured), (PaymentState::Held, Money::rub(0)));

    scene.paid(8).await;
    scene.switch("robokassa.op_state_op_key", json!("absent")).await;
    let payment = scene.payment(8).await;
    let command = RefundCommand::new(payment_ref(8), RefundAmount::Full);
    let prior = Prior::none(Currency::RUB);
    let refund = rules::check(&command, &payment, &prior, &scene.shop.describe().cart).expect("in order");
    let found: Violations = scene.shop.prepare(&refund, &payment, &key()).expect_err("no key");
    assert_eq!(found.to_string(), "robokassa-operation-key at payment");
}

#[tokio::test]
async fn a_full_refund_goes_from_accepted_to_finished() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let reference = accepted(scene.refund(1001, RefundAmount::Full, 0).await);
    assert_eq!(scene.ledger(&op_key).await, [15_000]);
    assert_eq!(scene.status(&reference, 15_000).await, Ok(RefundState::Processing));
    scene.advance(30).await;
    assert_eq!(scene.status(&reference, 15_000).await, Ok(RefundState::Settled));
    let other = scene.status(&reference, 14_999).await;
    assert!(matches!(other, Ok(RefundState::Mismatch { .. })), "{other:?}");
    // The gateway still shows nothing of it: this is why the tier is blind.
    let after = scene.payment(1001).await;
    assert_eq!(
        (after.captured, after.refunded, after.state),
        (Money::rub(15_000), None, PaymentState::Captured)
    );
}

#[tokio::test]
async fn amounts_add_up_to_the_last_kopeck() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let mut done = 0;
    for kopecks in [1_234, 1, 10, 150, 3_000] {
        let reference = accepted(scene.refund(1001, exactly(kopecks), done).await);
        done += kopecks;
        scene.advance(30).await;
        assert_eq!(scene.status(&reference, kopecks).await, Ok(RefundState::Settled), "{kopecks}");
    }
    // "Full" now means the rest, and says so in figures.
    let rest = accepted(scene.refund(1001, RefundAmount::Full, done).await);
    scene.advance(30).await;
    assert_eq!(scene.status(&rest, 15_000 - done).await, Ok(RefundState::Settled));
    assert_eq!(scene.ledger(&op_key).await, [1_234, 1, 10, 150, 3_000, 10_605]);
}

#[tokio::test]
async fn too_much_is_declined_under_either_status() {
    for status in [200, 400] {
        let scene = Scene::new().await;
        let op_key = scene.paid(1001).await;
        scene.switch("robokassa.refusal_status", json!(status)).await;
        // Refunded where no API shows it, so that our own rules let the request pass.
        scene.cabinet(&op_key, 10_000).await;
        let outcome = scene.refund(1001, exactly(5_001), 0).await;
        assert_eq!(declined(outcome), "NotEnoughOperationFunds", "{status}");
        accepted(scene.refund(1001, exactly(5_000), 0).await);
        let outcome = scene.refund(1001, RefundAmount::Full, 0).await;
        assert_eq!(declined(outcome), "NotEnoughOperationFunds", "{status}");
        assert_eq!(scene.ledger(&op_key).await, [10_000, 5_000]);
    }
}

/// Left out, the sum means "all that is left": after an unseen refund in the cabinet the amounts differ, and that is
/// told instead of taken for done.
#[tokio::test]
async fn a_full_refund_after_an_unseen_one_is_a_mismatch() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    scene.cabinet(&op_key, 10_000).await;
    let reference = accepted(scene.refund(1001, RefundAmount::Full, 0).await);
    scene.advance(30).await;
    let state = scene.status(&reference, 15_000).await;
    let detail = "asked to refund 150.00 RUB, the gateway has 50.00 RUB".to_owned();
    assert_eq!(state, Ok(RefundState::Mismatch { detail }));
    assert_eq!(scene.ledger(&op_key).await, [10_000, 5_000]);
}

#[tokio::test]
async fn every_token_algorithm_is_understood() {
    let scene = Scene::new().await;
    scene.paid(1001).await;
    for algorithm in TokenAlgorithm::ALL {
        let shop = scene.shop(config().with_token_algorithm(*algorithm));
        accepted(scene.refund_by(&shop, 1001, exactly(100), 0).await);
    }
}

#[tokio::test]
async fn a_wrong_password3_is_a_refusal_with_its_reason() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let login = AccountId::parse(shops::ROBOKASSA_LOGIN).expect("a login");
    let wrong = RobokassaConfig::new(login, shops::ROBOKASSA_PASSWORD2.into(), "another".into());
    let shop = scene.shop(wrong.expect("two passwords"));
    let code = declined(scene.refund_by(&shop, 1001, RefundAmount::Full, 0).await);
    assert!(code.starts_with("Signature key is not exists"), "{code}");
    assert!(scene.ledger(&op_key).await.is_empty());
}

/// Whatever is lost, the outcome is unknown; only the ledger knows, and it has one refund or none.
#[tokio::test]
async fn what_is_lost_is_unknown_whether_it_happened_or_not() {
    let cases = [
        ("drop_before_commit", DoubtReason::ConnectionLost, 0),
        ("drop_after_commit", DoubtReason::ConnectionLost, 1),
        ("error_before_commit", DoubtReason::Status(500), 0),
        ("error_after_commit", DoubtReason::Status(500), 1),
    ];
    for (fault, why, refunds) in cases {
        let scene = Scene::new().await;
        let op_key = scene.paid(1001).await;
        scene.fault("refund", fault).await;
        let doubt = doubt(scene.refund(1001, RefundAmount::Full, 0).await);
        assert_eq!(doubt.why, why, "{fault}");
        assert_eq!(scene.ledger(&op_key).await.len(), refunds, "{fault}");
        let report = scene.probe(1001, 15_000, doubt.salvaged.as_ref()).await;
        assert!(matches!(report.verdict, Verdict::CannotTell { .. }), "{fault}: {report:?}");
    }
}

#[tokio::test]
async fn pages_redirects_and_limits_of_the_edge() {
    let scene = Scene::new().await;
    scene.paid(1001).await;
    scene.fault("refund", "html").await;
    let page = doubt(scene.refund(1001, exactly(100), 0).await);
    assert_eq!(page.why, DoubtReason::UnreadableReply);
    scene.fault("refund", "redirect").await;
    let redirect = doubt(scene.refund(1001, exactly(100), 0).await);
    assert_eq!(redirect.why, DoubtReason::Status(307));
    scene.fault("refund", "rate_limit").await;
    assert_eq!(declined(scene.refund(1001, exactly(100), 0).await), "http-429");
}

/// The sandbox cuts a reply in the middle, before the id: nothing is evidence then.
#[tokio::test]
async fn a_reply_cut_before_its_id_is_for_a_person() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    scene.fault("refund", "truncate").await;
    let doubt = doubt(scene.refund(1001, RefundAmount::Full, 0).await);
    assert_eq!((doubt.why, &doubt.salvaged), (DoubtReason::TruncatedReply, &None));
    assert_eq!(scene.ledger(&op_key).await, [15_000]);
    let report = scene.probe(1001, 15_000, doubt.salvaged.as_ref()).await;
    assert!(matches!(report.verdict, Verdict::CannotTell { .. }), "{report:?}");
}

#[tokio::test]
async fn a_salvaged_id_proves_that_it_happened() {
    let scene = Scene::new().await;
    scene.paid(1001).await;
    let reference = accepted(scene.refund(1001, exactly(1_234), 0).await);
    let report = scene.probe(1001, 1_234, Some(&reference)).await;
    assert_eq!(report.verdict, Verdict::Happened(Some(reference.clone())));
    let other_amount = scene.probe(1001, 1_235, Some(&reference)).await;
    assert!(matches!(other_amount.verdict, Verdict::CannotTell { .. }), "{other_amount:?}");
    let nobody = request_id("68cd7fa6-1338-4745-ba5c-28d16cbcdb3e");
    let unknown = scene.probe(1001, 1_234, Some(&nobody)).await;
    assert!(matches!(unknown.verdict, Verdict::CannotTell { .. }), "{unknown:?}");
}

#[tokio::test]
async fn the_documents_own_request_is_finished() {
    let scene = Scene::new().await;
    let sample = request_id("cf15fd52-d2d1-4fc4-b9c0-25310e3bdded");
    assert_eq!(scene.status(&sample, 100).await, Ok(RefundState::Settled));
}

#[tokio::test]
async fn statuses_that_say_nothing_final() {
    let scene = Scene::new().await;
    scene.paid(1001).await;
    let reference = accepted(scene.refund(1001, exactly(100), 0).await);
    scene.fault("status", "unknown_label").await;
    let state = scene.status(&reference, 100).await;
    assert!(matches!(state, Ok(RefundState::Unrecognised { .. })), "{state:?}");
    for fault in ["html", "error_before_commit", "truncate", "drop_before_commit"] {
        scene.fault("status", fault).await;
        let error = scene.status(&reference, 100).await;
        assert!(
            matches!(error, Err(StatusError::Read(_) | StatusError::Unreadable { .. })),
            "{fault}: {error:?}"
        );
    }
    for status in [200, 400] {
        scene.switch("robokassa.bad_id_status", json!(status)).await;
        let error = scene.status(&request_id("68cd7fa6-1338-4745-ba5c-28d16cbcdb3e"), 100).await;
        assert!(matches!(error, Err(StatusError::NotFound { .. })), "{status}: {error:?}");
    }
    // None of it changed anything.
    scene.advance(30).await;
    assert_eq!(scene.status(&reference, 100).await, Ok(RefundState::Settled));
}

#[tokio::test]
async fn a_refund_cancelled_in_the_cabinet_is_seen() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let reference = accepted(scene.refund(1001, exactly(100), 0).await);
    let body = json!({"gateway": "robokassa", "id": op_key, "action": "cancel"});
    scene.control(Method::Post, "cabinet", body).await;
    assert_eq!(scene.status(&reference, 100).await, Ok(RefundState::Canceled));
}

/// Three packets of tea for 100.00 and half a kilogram of honey for 50.00, as the shop knows the order.
fn order() -> Cart {
    let fiscal = |vat: &str| {
        let word = str::to_owned;
        Some(LineFiscal { vat: word(vat), method: word("full_payment"), object: word("commodity") })
    };
    let mut tea = Line::new("1", "Чай «Ёлочка»", Quantity::from_thousandths(3_000));
    (tea.amount, tea.fiscal) = (Some(Money::rub(10_000)), fiscal("vat20"));
    let mut honey = Line::new("2", "Мёд", Quantity::from_thousandths(500));
    (honey.price, honey.amount, honey.fiscal) =
        (Some(Money::rub(10_000)), Some(Money::rub(5_000)), fiscal("vat10"));
    Cart { lines: vec![tea, honey] }
}

fn with_lines(amount: RefundAmount, lines: &[(&str, i64, i64)], receipt: ReceiptChoice) -> RefundCommand {
    let mut command = RefundCommand::new(payment_ref(1001), amount);
    let line = |(position, thousandths, kopecks): &(&str, i64, i64)| {
        let mut line = RefundLine::new(*position, Quantity::from_thousandths(*thousandths));
        line.amount = Some(Money::rub(*kopecks));
        line
    };
    (command.order, command.receipt) = (Some(order()), receipt);
    command.lines = Some(lines.iter().map(line).collect());
    command
}

/// The sandbox refuses positions that do not total the sum, so what it accepts does.
#[tokio::test]
async fn a_receipt_has_the_positions_of_the_sale_and_money_alone_has_none() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let (cart, none) = (ReceiptChoice::Cart, ReceiptChoice::None);
    // Two packets of three, 66.67 of 100.00; half of the honey; the rest, which does not divide either.
    let first = with_lines(exactly(9_167), &[("1", 2_000, 6_667), ("2", 250, 2_500)], cart);
    accepted(scene.command(&first, 1001, 0).await);
    let money = with_lines(exactly(1_000), &[("1", 300, 1_000)], none);
    accepted(scene.command(&money, 1001, 9_167).await);
    let rest = with_lines(RefundAmount::Full, &[("1", 700, 2_333), ("2", 250, 2_500)], cart);
    accepted(scene.command(&rest, 1001, 10_167).await);

    let refunds = scene.refunds(&op_key).await;
    let item = |name: &str, quantity: &str, cost: &str, tax: &str| -> Value {
        let text = format!(
            r#"{{"Name":"{name}","Quantity":{quantity},"Cost":{cost},"Tax":"{tax}","PaymentMethod":"full_payment","PaymentObject":"commodity"}}"#
        );
        serde_json::from_str(&text).expect("JSON")
    };
    let (tea, honey) = ("Чай «Ёлочка»", item("Мёд", "0.25", "100", "vat10"));
    let expected = json!([item(tea, "1", "33.33", "vat20"), item(tea, "1", "33.34", "vat20"), honey]);
    assert_eq!((&refunds[0]["amount"], &refunds[0]["lines"]), (&json!(9_167), &expected));
    assert_eq!(refunds[0]["receipt"], json!({"state": "requested"}));
    assert_eq!((&refunds[1]["lines"], &refunds[1]["receipt"]), (&json!([]), &Value::Null));
    // 33.33 × 0.7 = 23.331
    let expected = json!([item(tea, "0.7", "33.33", "vat20"), honey]);
    assert_eq!((&refunds[2]["amount"], &refunds[2]["lines"]), (&json!(4_833), &expected));
    assert_eq!(scene.ledger(&op_key).await, [9_167, 1_000, 4_833]);
}

#[tokio::test]
async fn a_whole_operation_goes_back_with_its_receipt() {
    let scene = Scene::new().await;
    let op_key = scene.paid(1001).await;
    let whole =
        with_lines(RefundAmount::Full, &[("1", 3_000, 10_000), ("2", 500, 5_000)], ReceiptChoice::Cart);
    let reference = accepted(scene.command(&whole, 1001, 0).await);
    scene.advance(30).await;
    assert_eq!(scene.status(&reference, 15_000).await, Ok(RefundState::Settled));
    assert_eq!(scene.refunds(&op_key).await[0]["lines"].as_array().map(Vec::len), Some(3));
}

/// Every refund of ours reached the gateway in a form it understands: one request each, none answered 400, 401 or 415.
#[tokio::test]
async fn one_refund_is_one_request_that_is_understood() {
    let scene = Scene::new().await;
    scene.paid(1001).await;
    for kopecks in [100, 150, 1_234] {
        accepted(scene.refund(1001, exactly(kopecks), 0).await);
    }
    let log = scene.control(Method::Get, "requests", Value::Null).await;
    let log = log["requests"].as_array().expect("requests");
    let sent: Vec<_> = log.iter().filter(|request| request["operation"] == "refund").collect();
    let statuses: Vec<_> = sent.iter().map(|request| request["outcome"]["status"].as_u64()).collect();
    assert_eq!(statuses, [Some(200); 3]);
    for request in sent {
        let body = request["body"].as_str().expect("a body");
        assert!(body.starts_with("\"eyJ") && body.ends_with('"'), "a JSON string: {body}");
    }
}
