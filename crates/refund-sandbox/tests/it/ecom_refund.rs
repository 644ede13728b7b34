//! `refund.do` and `autoRefund` of the ECOM dialect, row by row.

use serde_json::{Value, json};

use crate::ecom::{
    ACCEPTED, CART_CURRENCY, CART_FORMAT, CART_TOTAL, DENIED, DONE, EXCEEDS, INVALID, MANDATORY, ORDER, V1,
    bundle, head, item, items, plain, signed,
};
use crate::support::{Bench, JSON};

/// One row: the reply and what the ledger has refunded afterwards.
async fn check(bench: &Bench, request: Value, code: &str, text: &str, refunded: u64) {
    let order = request["orderId"].as_str().unwrap_or(ORDER).to_owned();
    bench.v1_says("refund.do", request.clone(), code, text).await;
    assert_eq!(bench.refunded(&order).await, refunded, "{request}");
}

#[tokio::test]
async fn money_goes_back_in_steps_until_it_is_gone() {
    let bench = Bench::ecom().await;
    let ask = |amount: u64| json!({"orderId": ORDER, "amount": amount});
    check(&bench, ask(47_001), "7", EXCEEDS, 0).await;
    check(&bench, ask(10_000), "0", DONE, 10_000).await;
    check(&bench, ask(10_000), "0", DONE, 20_000).await; // no key: again is another one
    check(&bench, ask(27_001), "7", EXCEEDS, 20_000).await;
    check(&bench, ask(27_000), "0", DONE, 47_000).await;
    check(&bench, ask(1), "7", EXCEEDS, 47_000).await;
    bench.switch("sber_ecom.exceeds_code", 5).await;
    check(&bench, ask(1), "5", EXCEEDS, 47_000).await;
}

#[tokio::test]
async fn zero_states_and_strangers() {
    let bench = Bench::ecom().await;
    let ask = |amount: u64| json!({"orderId": ORDER, "amount": amount});
    check(&bench, ask(0), "5", "Неверная сумма", 0).await;
    bench.switch("sber_ecom.zero_amount", "rest").await;
    check(&bench, ask(0), "0", DONE, 47_000).await;

    let nobody = json!({"orderId": "00000000-0000-4000-8000-000000000000", "amount": 1});
    bench.v1_says("refund.do", nobody.clone(), "6", "Неверныий номер заказа").await;
    bench.switch("sber_ecom.unknown_order_code", 5).await;
    bench.v1_says("refund.do", nobody, "5", "Заказ не найден").await;
    for state in ["created", "held", "reversed", "declined"] {
        let order = json!({"gateway": "sber-ecom", "order_number": state, "amount": 100, "state": state});
        let id = bench.control("POST", "payments", &order.to_string()).await["order_id"].clone();
        let ask = json!({"orderId": id, "amount": 1});
        bench.switch("sber_ecom.wrong_state_code", 7).await;
        bench.v1_says("refund.do", ask.clone(), "7", "Не найдена успешная платежная операция").await;
        bench.switch("sber_ecom.wrong_state_code", 5).await;
        bench.v1_says("refund.do", ask, "5", "Неверный статус заказа").await;
    }
    let foreign = json!({"gateway": "sber-ecom", "order_number": "F", "amount": 100, "user": "demo-api"});
    let id = bench.control("POST", "payments", &foreign.to_string()).await["order_id"].clone();
    bench.v1_says("refund.do", json!({"orderId": id, "amount": 1}), "5", "Заказ не найден").await;
    // The two dialects do not see each other's orders.
    let old = json!({"orderId": "130ab8ed-aeb8-7226-ba88-33300128092a", "amount": 1});
    bench.v1_says("refund.do", old, "5", "Заказ не найден").await;
}

#[tokio::test]
async fn a_key_with_the_same_data_repeats_the_answer_and_moves_nothing() {
    let bench = Bench::ecom().await;
    let key = |amount: u64, key: &str| json!({"orderId": ORDER, "amount": amount, "jsonParams": {"externalRefundId": key}});
    check(&bench, key(4_700, "rf-2024-000001"), "0", DONE, 4_700).await;
    check(&bench, key(4_700, "rf-2024-000001"), "0", DONE, 4_700).await;
    // Other credentials and another order of members are the same data.
    let reordered = format!(
        r#"{{ "jsonParams":{{"externalRefundId":"rf-2024-000001"}}, "amount":4700, "orderId":"{ORDER}", "password":"demo-password", "userName":"demo-api"}}"#
    );
    let answer = bench.send("POST", &format!("{V1}/refund.do"), JSON, reordered.as_bytes()).await;
    assert_eq!(answer.body, head("0", DONE));
    assert_eq!(bench.refunded(ORDER).await, 4_700);
    // Other data is a conflict: another sum, another language, a cart.
    check(&bench, key(4_701, "rf-2024-000001"), "5", INVALID, 4_700).await;
    let mut english = key(4_700, "rf-2024-000001");
    english["language"] = "en".into();
    check(&bench, english, "5", INVALID, 4_700).await;
    bench.switch("sber_ecom.key_conflict_code", 7).await;
    check(&bench, key(4_701, "rf-2024-000001"), "7", "Системная ошибка", 4_700).await;
    // Another key is another refund; there is no time limit.
    check(&bench, key(4_700, "rf-2024-000002"), "0", DONE, 9_400).await;
    bench.advance(31_536_000).await;
    check(&bench, key(4_700, "rf-2024-000001"), "0", DONE, 9_400).await;
    let refunds = bench.payment(ORDER).await["refunds"].clone();
    assert_eq!(refunds[0]["external_refund_id"], "rf-2024-000001");
}

#[tokio::test]
async fn a_key_belongs_to_one_order_and_a_refusal_is_not_remembered() {
    let bench = Bench::ecom().await;
    let other = json!({"gateway": "sber-ecom", "order_number": "E-2", "amount": 500});
    let other = bench.control("POST", "payments", &other.to_string()).await["order_id"].clone();
    let ask = |order: &Value, amount: u64| json!({"orderId": order, "amount": amount, "jsonParams": {"externalRefundId": "k"}});
    check(&bench, ask(&ORDER.into(), 47_001), "7", EXCEEDS, 0).await;
    check(&bench, ask(&ORDER.into(), 100), "0", DONE, 100).await;
    check(&bench, ask(&other, 100), "0", DONE, 100).await;
    // A repeat after everything is gone is still the first answer.
    check(&bench, json!({"orderId": ORDER, "amount": 46_900}), "0", DONE, 47_000).await;
    check(&bench, ask(&ORDER.into(), 100), "0", DONE, 47_000).await;
}

#[tokio::test]
async fn code_0_may_mean_accepted_for_processing() {
    let bench = Bench::ecom().await;
    bench.switch("sber_ecom.finish_after_seconds", 90).await;
    bench.switch("sber_ecom.operations", "shown").await;
    let ask = json!({"orderId": ORDER, "amount": 100, "jsonParams": {"externalRefundId": "k"}});
    check(&bench, ask.clone(), "0", ACCEPTED, 100).await;
    assert_eq!(bench.payment(ORDER).await["refunds"][0]["state"], "processing");
    let running = bench.ecom_status(ORDER).await;
    assert_eq!((&running["orderStatus"], &running["actionCode"]), (&2.into(), &(-99).into()));
    assert_eq!(running["paymentAmountInfo"]["refundedAmount"], 0);
    assert_eq!(running["operations"][1]["actionCode"], -99);
    // Reserved all the same.
    check(&bench, json!({"orderId": ORDER, "amount": 46_901}), "7", EXCEEDS, 100).await;
    bench.advance(90).await;
    let over = bench.ecom_status(ORDER).await;
    assert_eq!((&over["orderStatus"], &over["actionCode"]), (&4.into(), &0.into()));
    assert_eq!(over["paymentAmountInfo"]["refundedAmount"], 100);
    // The first answer is repeated as it was.
    check(&bench, ask, "0", ACCEPTED, 100).await;
}

#[tokio::test]
async fn a_receipt_needs_a_bundle_with_its_fiscal_members() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    let tea = || json!([item("1", "Чай", "tea", "1", 10_000, 10_000)]);
    check(&bench, json!({"orderId": id, "amount": 100}), "0", DONE, 100).await;
    check(&bench, json!({"orderId": id, "amount": 10_000, "orderBundle": plain(tea())}), "0", DONE, 10_100)
        .await;
    let sugar = json!([item("2", "Сахар", "sugar", "0.5", 10_000, 5_000)]);
    let with_receipt =
        json!({"orderId": id, "amount": 5_000, "orderBundle": bundle("sell_refund", sugar.clone())});
    check(&bench, with_receipt, "0", DONE, 15_100).await;
    let refunds = bench.payment(&id).await["refunds"].clone();
    assert_eq!((&refunds[0]["receipt"], &refunds[1]["receipt"]), (&Value::Null, &Value::Null));
    assert_eq!((&refunds[0]["lines"], &refunds[1]["lines"]), (&json!([]), &tea()));
    assert_eq!((&refunds[2]["receipt"]["state"], &refunds[2]["lines"]), (&"requested".into(), &sugar));
    assert_eq!(refunds[2]["receipt"]["bundle"]["receiptType"], "sell_refund");
    bench.advance(359).await;
    assert_eq!(bench.payment(&id).await["refunds"][2]["receipt"]["state"], "requested");
    bench.advance(1).await;
    assert_eq!(bench.payment(&id).await["refunds"][2]["receipt"]["state"], "done");
}

#[tokio::test]
async fn carts_that_do_not_fit_are_refused_whole() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    let tea = || item("1", "Чай", "tea", "1", 10_000, 10_000);
    let changed = |name: &str, value: Value| {
        let mut item = tea();
        item[name] = value;
        plain(json!([item]))
    };
    let mut dollars = tea();
    dollars["itemCurrency"] = 840.into();
    let mut half = bundle("sell_refund", json!([tea()]));
    half.as_object_mut().expect("an object").remove("company");
    let mut total = bundle("sell_refund", json!([tea()]));
    total["total"] = 9_999.into();
    let mut no_measure = bundle("sell_refund", json!([tea()]));
    no_measure["cartItems"]["items"][0]["quantity"] = json!({"value": 1});
    let mut counter = tea();
    counter["itemDetails"] = json!({"itemDetailsParams": [{"name": "refundedQuantity", "value": "1"}]});
    for (cart, amount, code, text, why) in [
        (plain(json!([tea()])), 9_999, "8", CART_TOTAL, ""),
        (total, 10_000, "8", CART_TOTAL, ""),
        (plain(json!([dollars])), 10_000, "8", CART_CURRENCY, ""),
        (changed("positionId", "3".into()), 10_000, "8", CART_FORMAT, "items[0].positionId: no such"),
        (changed("name", "Чай ".into()), 10_000, "8", CART_FORMAT, "items[0].positionId: no such"),
        (changed("itemCode", "Tea".into()), 10_000, "8", CART_FORMAT, "items[0].positionId: no such"),
        (
            plain(json!([item("1", "Чай", "tea", "2.001", 5_000, 10_005)])),
            10_005,
            "8",
            CART_FORMAT,
            "items[0].quantity.value: exceeds",
        ),
        (
            plain(json!([item("1", "Чай", "tea", "2", 10_001, 20_002)])),
            20_002,
            "8",
            CART_FORMAT,
            "items[0].itemAmount: exceeds",
        ),
        (
            plain(json!([item("2", "Сахар", "sugar", "0.333", 10_000, 3_333)])),
            3_333,
            "8",
            CART_FORMAT,
            "items[0].itemAmount: not price",
        ),
        (plain(json!([tea(), tea()])), 20_000, "8", CART_FORMAT, "items[1].positionId: given twice"),
        (
            plain(json!([tea(), item("2", "Сахар", "tea", "0.1", 10_000, 1_000)])),
            11_000,
            "8",
            CART_FORMAT,
            "items[1].itemCode: given twice",
        ),
        (plain(json!([counter])), 10_000, "8", CART_FORMAT, "items[0].itemDetails"),
        (no_measure, 10_000, "8", CART_FORMAT, "items[0].quantity.measure"),
        (bundle("sell", json!([tea()])), 10_000, "8", CART_FORMAT, "orderBundle.receiptType"),
        (half, 10_000, "4", MANDATORY, "orderBundle.company"),
    ] {
        let request = json!({"orderId": id, "amount": amount, "orderBundle": cart});
        let answer = bench.v1("refund.do", request.clone()).await;
        assert_eq!(answer.body, head(code, text), "{request}");
        let told = answer.header("x-sandbox-why").unwrap_or_default();
        assert!(told.contains(why), "{told} is not {why}");
        assert_eq!(bench.refunded(&id).await, 0);
    }
}

#[tokio::test]
async fn lines_are_used_up_by_earlier_refunds() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    let tea = |quantity: &str, amount: u64| json!({"orderId": id, "amount": amount, "orderBundle": plain(json!([item("1", "Чай", "tea", quantity, 10_000, amount)]))});
    check(&bench, tea("1.5", 15_000), "0", DONE, 15_000).await;
    check(&bench, tea("0.501", 5_010), "8", CART_FORMAT, 15_000).await;
    // Each limit by itself: cheap goods over the quantity, dear goods over the sum.
    for (quantity, price, amount, why) in
        [("0.501", 1_000, 501, "quantity.value: exceeds"), ("0.5", 10_002, 5_001, "itemAmount: exceeds")]
    {
        let cart = plain(json!([item("1", "Чай", "tea", quantity, price, amount)]));
        let answer =
            bench.v1("refund.do", json!({"orderId": id, "amount": amount, "orderBundle": cart})).await;
        assert_eq!(answer.body, head("8", CART_FORMAT));
        assert!(answer.header("x-sandbox-why").is_some_and(|told| told.contains(why)), "{answer:?}");
    }
    check(&bench, tea("0.5", 5_000), "0", DONE, 20_000).await;
    check(&bench, tea("0.001", 10), "8", CART_FORMAT, 20_000).await;
    let echoed = bench.ecom_status(&id).await["orderBundle"]["cartItems"]["items"].clone();
    assert_eq!(
        echoed[0]["itemDetails"],
        json!({"itemDetailsParams": [{"name": "refundedQuantity", "value": "2"}]})
    );
    assert_eq!(echoed[1], items()[1]);
    // Where carts are not measured against the order, the money still is.
    bench.switch("sber_ecom.refund_cart", "not_checked").await;
    check(&bench, tea("0.5", 5_000), "0", DONE, 25_000).await;
    check(&bench, tea("0.5", 5_000), "7", EXCEEDS, 25_000).await;
}

#[tokio::test]
async fn a_partial_refund_without_a_cart_is_contested() {
    let bench = Bench::strict().await;
    let id = bench.sold().await;
    bench.switch("sber_ecom.partial_without_cart", "refuse").await;
    check(&bench, json!({"orderId": id, "amount": 1}), "8", CART_TOTAL, 0).await;
    bench.switch("sber_ecom.partial_without_cart", "accept").await;
    check(&bench, json!({"orderId": id, "amount": 1}), "0", DONE, 1).await;
    bench.switch("sber_ecom.partial_without_cart", "refuse").await;
    check(&bench, json!({"orderId": id, "amount": 26_999}), "8", CART_TOTAL, 1).await;
}

#[tokio::test]
async fn an_automatic_refund_returns_points_in_proportion() {
    let bench = Bench::strict().await;
    let order = json!({"amount": 1_000, "jsonParams": {"sbrf_spasibo:amount_bonus": 300}});
    let id = bench.registered("register.do", order).await;
    assert_eq!(bench.pay(&id).await, json!({"paid": 700}));
    bench.v1_says("autoRefund", json!({"orderId": id, "compositeAmount": 1_001}), "7", EXCEEDS).await;
    bench.v1_says("autoRefund", json!({"orderId": id, "compositeAmount": 105}), "0", DONE).await;
    let seen = bench.payment(&id).await;
    // 105 x 700 / 1000 = 73.5, half up.
    assert_eq!((&seen["refunds"][0]["amount"], &seen["refunds"][0]["points"]), (&74.into(), &31.into()));
    let info = bench.ecom_status(&id).await;
    assert_eq!(
        info["loyaltyInfo"]["paymentBonus"],
        json!({"approvedAmountBonus": 300, "depositedAmountBonus": 269, "refundedAmountBonus": 31})
    );
    // Without an amount: everything that is left.
    bench.v1_says("autoRefund", json!({"orderId": id}), "0", DONE).await;
    let seen = bench.payment(&id).await;
    assert_eq!((&seen["refunds"][1]["amount"], &seen["refunds"][1]["points"]), (&626.into(), &269.into()));
    bench.v1_says("autoRefund", json!({"orderId": id}), "7", EXCEEDS).await;
    // It has no amount of money alone, and refund.do no composite one.
    for (operation, member) in [("autoRefund", "amount"), ("refund.do", "compositeAmount")] {
        let answer = bench.v1(operation, json!({"orderId": id, "amount": 1, member: 1})).await;
        assert_eq!(answer.header("x-sandbox-why"), Some(format!("{member}: no such member").as_str()));
    }
}

#[tokio::test]
async fn credentials_come_in_the_body_and_after_the_schema() {
    let bench = Bench::ecom().await;
    let mut wrong = signed(json!({"orderId": ORDER, "amount": 1}));
    wrong["password"] = "testpwd".into();
    assert_eq!(bench.post(&format!("{V1}/refund.do"), &wrong).await.body, head("5", DENIED));
    for name in ["userName", "password"] {
        let mut missing = signed(json!({"orderId": ORDER, "amount": 1}));
        missing.as_object_mut().expect("an object").remove(name);
        assert_eq!(bench.post(&format!("{V1}/refund.do"), &missing).await.body, head("4", MANDATORY));
    }
    assert_eq!(bench.refunded(ORDER).await, 0);
    let listed = bench.control("GET", "requests", "").await.to_string();
    assert!(!listed.contains("testPwd") && !listed.contains("testpwd"), "{listed}");
}
