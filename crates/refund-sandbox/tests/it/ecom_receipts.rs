//! Receipts of the ECOM dialect: a track of their own beside the money.

use serde_json::{Value, json};

use crate::ecom::{DONE, INVALID, MANDATORY, OFD, bundle, item, items, signed};
use crate::support::{Bench, JSON};

/// The receipts of an order: operation, type and status.
async fn receipts(bench: &Bench, order: &str) -> Vec<(Value, Value, Value)> {
    let answer = bench.ofd("getReceiptStatus", json!({"orderId": order})).await.json();
    assert_eq!((&answer["message"], &answer["orderId"]), (&DONE.into(), &order.into()), "{answer}");
    assert_eq!(answer.get("errorCode"), None);
    let list = answer["receipts"].as_array().expect("a list");
    list.iter()
        .map(|r| (r["operationType"].clone(), r["receiptType"].clone(), r["receiptStatus"].clone()))
        .collect()
}

fn tea() -> Value {
    json!([item("1", "Чай", "tea", "1", 10_000, 10_000)])
}

#[tokio::test]
async fn receipts_wait_six_minutes_and_are_done() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    let sale = |status: u8| ("AUTHORIZATION".into(), "SELL".into(), status.into());
    let refund = |status: u8| ("REFUND".into(), "SELL_REFUND".into(), status.into());
    assert_eq!(receipts(&bench, &id).await, [sale(1)]);
    bench.advance(300).await;
    let ask = json!({"orderId": id, "amount": 10_000, "orderBundle": bundle("sell_refund", tea())});
    bench.v1_says("refund.do", ask, "0", DONE).await;
    bench.advance(60).await;
    assert_eq!(receipts(&bench, &id).await, [sale(3), refund(1)]);
    bench.advance(300).await;
    assert_eq!(receipts(&bench, &id).await, [sale(3), refund(3)]);
    // Filtered, and by the receipt's own id.
    let waiting =
        bench.ofd("getReceiptStatus", json!({"orderNumber": "R-1", "receiptStatus": 1})).await.json();
    assert_eq!(waiting["receipts"], json!([]));
    let all = bench.ofd("getReceiptStatus", json!({"orderId": id})).await.json();
    assert_eq!(all["receipts"][1]["payload"]["total"], 10_000);
    let one = all["receipts"][1]["receiptId"].clone();
    assert_eq!(bench.payment(&id).await["refunds"][0]["receipt"]["id"], one);
    let by_id = bench.ofd("getReceiptStatus", json!({"receiptId": one})).await.json();
    assert_eq!((&by_id["receipts"][0], &by_id["orderId"]), (&all["receipts"][1], &id.into()));
}

#[tokio::test]
async fn a_failed_receipt_changes_no_money_and_may_be_repeated() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    for (outcome, status, recommendation, repeatable) in
        [("error", 4, 1, true), ("exhausted", 5, 3, true), ("bad_data", 6, 2, false)]
    {
        bench.switch("sber_ecom.receipt_outcome", outcome).await;
        let kopeck = json!([item("1", "Чай", "tea", "0.001", 1_000, 1)]);
        let ask = json!({"orderId": id, "amount": 1, "orderBundle": bundle("sell_refund", kopeck)});
        let before = bench.refunded(&id).await;
        bench.v1_says("refund.do", ask, "0", DONE).await;
        bench.advance(360).await;
        assert_eq!(bench.refunded(&id).await, before + 1);
        let refund =
            bench.payment(&id).await["refunds"].as_array().expect("a list").last().expect("one").clone();
        assert_eq!((&refund["state"], &refund["receipt"]["state"]), (&"finished".into(), &outcome.into()));
        let receipt = refund["receipt"]["id"].clone();
        let told =
            bench.ofd("getReceiptStatus", json!({"receiptId": receipt})).await.json()["receipts"][0].clone();
        assert_eq!(
            (&told["receiptStatus"], &told["error"]["recommendation"]),
            (&status.into(), &recommendation.into())
        );
        bench.switch("sber_ecom.receipt_outcome", "done").await;
        let repeat = bench.ofd("retryReceipt", json!({"receiptIds": [receipt]})).await;
        let expected = if repeatable { (200, DONE) } else { (400, INVALID) };
        assert_eq!((repeat.status, &repeat.json()["message"]), (expected.0, &expected.1.into()));
        bench.advance(360).await;
        let refund =
            bench.payment(&id).await["refunds"].as_array().expect("a list").last().expect("one").clone();
        let end = if repeatable { "done" } else { "bad_data" };
        assert_eq!(refund["receipt"]["state"], end);
    }
}

#[tokio::test]
async fn a_receipt_can_be_made_by_hand_for_an_order_or_none() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    for order in [json!({"orderId": id}), json!({"orderNumber": "R-1"}), json!({})] {
        let mut request = order.clone();
        request["orderBundle"] = bundle("sell_refund", items());
        let answer = bench.ofd("doReceipt", request).await.json();
        assert_eq!(answer["message"], DONE);
        let told = bench.ofd("getReceiptStatus", json!({"receiptId": answer["receiptId"]})).await.json();
        let owner = if order == json!({}) { None } else { Some(Value::from(id.clone())) };
        assert_eq!(told.get("orderId"), owner.as_ref());
        assert_eq!(told["receipts"][0].get("operationType"), None);
    }
    assert_eq!(bench.refunded(&id).await, 0);
    bench.advance(360).await;
    assert_eq!(receipts(&bench, &id).await.len(), 3);
}

#[tokio::test]
async fn wrong_questions_get_a_message_and_no_error_code() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let mut no_type = bundle("sell_refund", items());
    no_type.as_object_mut().expect("an object").remove("receiptType");
    for (operation, request, text) in [
        ("getReceiptStatus", json!({}), MANDATORY),
        ("getReceiptStatus", json!({"orderId": id, "orderNumber": "R-1"}), INVALID),
        ("getReceiptStatus", json!({"orderId": id, "receiptId": nobody}), INVALID),
        ("getReceiptStatus", json!({"receiptId": nobody}), INVALID),
        ("getReceiptStatus", json!({"orderId": nobody}), "Неверныий номер заказа"),
        ("getReceiptStatus", json!({"orderId": id, "receiptStatus": "1"}), INVALID),
        ("retryReceipt", json!({}), MANDATORY),
        ("retryReceipt", json!({"receiptIds": []}), MANDATORY),
        ("retryReceipt", json!({"receiptIds": [nobody]}), INVALID),
        ("doReceipt", json!({"orderId": id}), MANDATORY),
        ("doReceipt", json!({"orderBundle": no_type}), MANDATORY),
    ] {
        let answer = bench.ofd(operation, request.clone()).await;
        assert_eq!((answer.status, answer.json()), (400, json!({"message": text})), "{operation} {request}");
    }
    let mut wrong = signed(json!({"orderId": id}));
    wrong["password"] = "x".into();
    let answer = bench.post(&format!("{OFD}/getReceiptStatus"), &wrong).await;
    assert_eq!(answer.json(), json!({"message": "Доступ запрещен"}));
    assert_eq!(bench.send("POST", &format!("{OFD}/getReceiptStatus.do"), JSON, b"{}").await.status, 404);
}
