//! Orders of the OLD dialect paid with points: `autoRefund.do`, and the platform vendor's own guards.

use serde_json::{Value, json};

use crate::support::{Answer, Bench, REFUND_DO, STATUS_DO, WHO, encoded};

const AUTO: &str = "/payment/rest/autoRefund.do";
const OK: &str = r#"{"errorCode":"0","errorMessage":"Успешно"}"#;
const ORDER: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// 700.00 of money and 300.00 of points for ten notebooks at 100.00.
async fn bench() -> Bench {
    let bench = Bench::strict().await;
    let order = json!({
        "gateway": "sber-old", "order_number": "L-1", "order_id": ORDER, "amount": 70_000, "bonus": 30_000,
        "cart": [{"positionId": 1, "name": "Тетрадь", "quantity": {"value": 10, "measure": "шт."}, "itemPrice": 10_000, "itemCode": "n"}]
    });
    bench.control("POST", "payments", &order.to_string()).await;
    bench
}

async fn auto(bench: &Bench, rest: &str) -> Answer {
    bench.form(AUTO, &format!("{WHO}&orderId={ORDER}{rest}")).await
}

/// What went back by now: money and points of every refund.
async fn gone(bench: &Bench) -> Vec<(u64, u64)> {
    let refunds = bench.payment(ORDER).await["refunds"].clone();
    let number = |entry: &Value, name: &str| entry[name].as_u64().unwrap_or(0);
    refunds.as_array().expect("a list").iter().map(|r| (number(r, "amount"), number(r, "points"))).collect()
}

fn notebooks(quantity: &str) -> String {
    format!(
        "&refundItems={}",
        encoded(&format!(r#"{{"items":[{{"positionId":1,"quantity":{{"value":{quantity}}}}}]}}"#))
    )
}

#[tokio::test]
async fn a_full_refund_returns_money_and_points_as_they_were_paid() {
    let bench = bench().await;
    let answer = auto(&bench, "&compositeRefundAmount=100000").await.json();
    assert_eq!(
        (&answer["errorCode"], &answer["operations"][0]["bonusAmount"]),
        (&"0".into(), &30_000.into())
    );
    assert_eq!(gone(&bench).await, [(70_000, 30_000)]);
    assert!(auto(&bench, "&compositeRefundAmount=1").await.body.contains(r#""errorCode":"7""#));
}

#[tokio::test]
async fn a_partial_refund_is_divided_in_proportion_and_the_last_takes_the_rest() {
    let bench = bench().await;
    let step =
        |quantity: &str, amount: u64| format!("&compositeRefundAmount={amount}{}", notebooks(quantity));
    for (quantity, amount) in [("1", 10_000), ("0.001", 10), ("0.005", 50), ("8.994", 89_940)] {
        assert_eq!(auto(&bench, &step(quantity, amount)).await.json()["errorCode"], "0", "{quantity}");
    }
    assert_eq!(gone(&bench).await, [(7_000, 3_000), (7, 3), (35, 15), (62_958, 26_982)]);
}

#[tokio::test]
async fn the_composite_sum_is_compared_with_both() {
    let bench = bench().await;
    let refused = |answer: Answer| answer.json();
    let over = refused(auto(&bench, "&compositeRefundAmount=100001").await);
    assert_eq!((&over["errorCode"], over.get("operations")), (&"7".into(), None));
    // A part needs a cart whose sums are money and points together.
    let bare = refused(auto(&bench, "&compositeRefundAmount=70000").await);
    assert_eq!(bare["errorCode"], "8");
    let short = refused(auto(&bench, &format!("&compositeRefundAmount=9999{}", notebooks("1"))).await);
    assert_eq!(short["errorMessage"], "Сумма товарных позиций в Корзине не совпадает с общей суммой заказа");
    for wrong in ["", "&compositeRefundAmount=x", "&compositeRefundAmount=1.5", "&amount=100"] {
        let answer = auto(&bench, wrong).await;
        let text = r#"{"errorCode":"1","errorMessage":"[compositeRefundAmount] is not a number"}"#;
        assert_eq!(answer.body, text, "{wrong}");
    }
    let penalty = format!("&compositeRefundAmount=100000&jsonParams={}", encoded(r#"{"penalty":"1"}"#));
    assert_eq!(
        auto(&bench, &penalty).await.body,
        r#"{"errorCode":"5","errorMessage":"Penalty is not supported for orders with loyalty"}"#
    );
    assert_eq!(gone(&bench).await, []);
}

#[tokio::test]
async fn refund_do_returns_money_only_and_points_stay() {
    let bench = bench().await;
    assert_eq!(bench.form(REFUND_DO, &format!("{WHO}&orderId={ORDER}&amount=70000")).await.body, OK);
    assert_eq!(gone(&bench).await, [(70_000, 0)]);
    // What is left are points, and an automatic refund returns them alone.
    let rest = format!("&compositeRefundAmount=30000{}", notebooks("3"));
    assert_eq!(auto(&bench, &rest).await.json()["errorCode"], "0");
    assert_eq!(gone(&bench).await, [(70_000, 0), (0, 30_000)]);
}

#[tokio::test]
async fn the_platform_vendors_guards_are_off_until_they_are_switched_on() {
    const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
    let bench = Bench::strict().await;
    let ask = |rest: &str| format!("{WHO}&orderId={FULL}&amount=100{rest}");
    for _ in 0..2 {
        assert_eq!(
            bench.form(REFUND_DO, &ask("&externalRefundId=k&expectedDepositedAmount=1")).await.body,
            OK
        );
    }
    assert_eq!(bench.refunded(FULL).await, 200);
    bench.switch("sber.external_refund_id", "replay").await;
    for _ in 0..2 {
        assert_eq!(bench.form(REFUND_DO, &ask("&externalRefundId=k-1")).await.body, OK);
        assert_eq!(bench.refunded(FULL).await, 300);
    }
    let long = format!("&externalRefundId={}", "x".repeat(33));
    assert_eq!(bench.form(REFUND_DO, &ask(&long)).await.json()["errorCode"], "5");
    assert_eq!(bench.form(REFUND_DO, &ask("&expectedDepositedAmount=46699")).await.json()["errorCode"], "7");
    assert_eq!(bench.form(REFUND_DO, &ask("&expectedDepositedAmount=46700")).await.body, OK);
    bench.switch("sber.external_refund_id", "refuse").await;
    assert_eq!(
        bench.form(REFUND_DO, &ask("&externalRefundId=k-1")).await.body,
        r#"{"errorCode":"5","errorMessage":"refund with this externalRefundId already exists for merchant"}"#
    );
    assert_eq!(bench.refunded(FULL).await, 400);
    bench.switch("sber.status_version", 21).await;
    let status = bench.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await.json();
    assert_eq!(status["refunds"][2]["externalRefundId"], "k-1");
}
