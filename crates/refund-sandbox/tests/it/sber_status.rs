//! `getOrderStatusExtended.do`: the arithmetic of amounts, and what each status version shows.

use serde_json::{Value, json};

use crate::support::{Bench, REFUND_DO, STATUS_DO, WHO, encoded};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
/// 2026-11-21T09:00:00Z in milliseconds.
const START_MS: i64 = 1_795_251_600_000;

async fn status(bench: &Bench, order: &str) -> Value {
    bench.form(STATUS_DO, &format!("{WHO}&orderId={order}")).await.json()
}

async fn refund(bench: &Bench, order: &str, amount: u64) {
    let answer = bench.form(REFUND_DO, &format!("{WHO}&orderId={order}&amount={amount}")).await;
    assert_eq!(answer.json()["errorCode"], "0", "{answer:?}");
}

fn amounts(state: &str, approved: u64, deposited: u64, refunded: u64) -> Value {
    json!({"paymentState": state, "approvedAmount": approved, "depositedAmount": deposited, "refundedAmount": refunded})
}

#[tokio::test]
async fn deposited_is_net_and_refunded_is_cumulative() {
    let bench = Bench::strict().await;
    let paid = status(&bench, FULL).await;
    assert_eq!((&paid["orderStatus"], &paid["amount"]), (&2.into(), &47_000.into()));
    assert_eq!(paid["paymentAmountInfo"], amounts("DEPOSITED", 47_000, 47_000, 0));
    refund(&bench, FULL, 10_000).await;
    let part = status(&bench, FULL).await;
    assert_eq!((&part["orderStatus"], &part["amount"]), (&4.into(), &47_000.into()));
    assert_eq!(part["paymentAmountInfo"], amounts("REFUNDED", 47_000, 37_000, 10_000));
    // Somebody in the cabinet; the status shows it.
    let cabinet = format!(r#"{{"gateway":"sber-old","id":"{FULL}","action":"refund"}}"#);
    assert_eq!(bench.control("POST", "cabinet", &cabinet).await["refunded"], 37_000);
    let all = status(&bench, FULL).await;
    assert_eq!((&all["orderStatus"], &all["amount"]), (&4.into(), &47_000.into()));
    assert_eq!(all["paymentAmountInfo"], amounts("REFUNDED", 47_000, 0, 47_000));
}

#[tokio::test]
async fn a_hold_is_approved_and_not_deposited() {
    let bench = Bench::strict().await;
    let held = r#"{"gateway":"sber-old","order_number":"H","amount":500,"bonus":70,"state":"held"}"#;
    let id = bench.control("POST", "payments", held).await["order_id"].as_str().unwrap().to_owned();
    let status = status(&bench, &id).await;
    assert_eq!((&status["orderStatus"], &status["amount"]), (&1.into(), &570.into()));
    assert_eq!(status["paymentAmountInfo"], amounts("APPROVED", 500, 0, 0));
    assert_eq!(status.get("depositedDate"), None);
}

#[tokio::test]
async fn members_appear_with_the_status_version() {
    let bench = Bench::strict().await;
    refund(&bench, FULL, 10_000).await;
    bench.advance(60).await;
    refund(&bench, FULL, 5_000).await;
    let (first, second) = (START_MS, START_MS + 60_000);
    for (version, amount_info, refunds, refunded_date, total, approval) in [
        (1, false, false, false, false, false),
        (2, false, false, false, false, false),
        (3, true, false, false, false, false),
        (4, true, false, false, false, false),
        (5, true, true, false, false, false),
        (12, true, true, true, false, false),
        (18, true, true, true, true, false),
        (26, true, true, true, true, true),
    ] {
        bench.switch("sber.status_version", version).await;
        let status = status(&bench, FULL).await;
        assert_eq!(status.get("paymentAmountInfo").is_some(), amount_info, "{version}");
        assert_eq!(status["paymentAmountInfo"].get("totalAmount").is_some(), total, "{version}");
        assert_eq!(status.get("refundedDate").is_some(), refunded_date, "{version}");
        let mut expected = json!([
            {"date": first, "amount": 10_000, "actionCode": "0", "referenceNumber": "000000000001"},
            {"date": second, "amount": 5_000, "actionCode": "0", "referenceNumber": "000000000002"},
        ]);
        if approval {
            expected[0]["approvalCode"] = "654321".into();
            expected[1]["approvalCode"] = "654321".into();
        }
        assert_eq!(status.get("refunds"), refunds.then_some(&expected), "{version}");
    }
    assert_eq!(status(&bench, FULL).await["refundedDate"], second);
}

#[tokio::test]
async fn no_refunds_no_list() {
    let bench = Bench::strict().await;
    bench.switch("sber.status_version", 46).await;
    assert_eq!(status(&bench, FULL).await.get("refunds"), None);
}

#[tokio::test]
async fn the_cart_is_echoed_and_attributes_name_the_order() {
    let bench = Bench::strict().await;
    let line = r#"{"positionId":"1","name":"Чай","quantity":{"value":1.50,"measure":"кг"},"itemPrice":1000,"itemCode":"t","tax":{"taxType":6,"taxSum":250}}"#;
    let order = format!(r#"{{"gateway":"sber-old","order_number":"A-1","amount":1500,"cart":[{line}]}}"#);
    let id = bench.control("POST", "payments", &order).await["order_id"].as_str().unwrap().to_owned();
    let answer = bench.form(STATUS_DO, &format!("{WHO}&orderNumber=A-1")).await;
    assert!(
        answer.body.contains(&format!(r#""orderBundle":{{"cartItems":{{"items":[{line}]}}}}"#)),
        "{answer:?}"
    );
    let status = answer.json();
    assert_eq!(status["attributes"], json!([{"name": "mdOrder", "value": id}]));
    assert_eq!(status["merchantOrderParams"], json!([]));
    assert_eq!((&status["orderNumber"], &status["currency"]), (&"A-1".into(), &"643".into()));
    assert_eq!((&status["date"], &status["depositedDate"]), (&START_MS.into(), &START_MS.into()));
}

#[tokio::test]
async fn the_order_is_found_by_id_or_number_and_the_id_wins() {
    let bench = Bench::strict().await;
    for (form, expected) in [
        (format!("{WHO}&orderId={FULL}"), Ok("sample-full")),
        (format!("{WHO}&orderNumber=sample-penalty"), Ok("sample-penalty")),
        (format!("{WHO}&orderNumber=sample-penalty&orderId={FULL}"), Ok("sample-full")),
        (format!("{WHO}&orderNumber=nobody"), Err("6")),
        (format!("{WHO}&orderId=nobody&orderNumber=sample-full"), Err("6")),
        (WHO.to_owned(), Err("5")),
        (format!("orderId={FULL}"), Err("5")),
        (format!("userName=username-api&password={}&orderId={FULL}", encoded("p%&+")), Err("5")),
    ] {
        let status = bench.form(STATUS_DO, &form).await.json();
        match expected {
            Ok(number) => assert_eq!(status["orderNumber"], number, "{form}"),
            Err(code) => {
                assert_eq!(status["errorCode"], code, "{form}");
                assert_eq!(status.get("orderStatus"), None, "{form}");
            }
        }
    }
    let by_get = bench.get(&format!("{STATUS_DO}?{WHO}&orderId={FULL}")).await;
    assert_eq!(by_get.json()["errorCode"], "0");
}
