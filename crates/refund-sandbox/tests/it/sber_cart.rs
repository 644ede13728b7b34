//! Carts of the OLD dialect: the nine rules of the `refund.do` document over HTTP, partial refunds one
//! after another, fiscal parameters.

use serde_json::{Value, json};

use crate::support::{Answer, Bench, REFUND_DO, STATUS_DO, WHO, encoded};

const OK: &str = r#"{"errorCode":"0","errorMessage":"Успешно"}"#;
const CART_NEEDED: &str = r#"{"errorCode":"8","errorMessage":"Указанная сумма завершения не совпадает с полной суммой заказа. Необходима корзина для завершения на неполную сумму предавторизации"}"#;
const EXCEEDS: &str = r#"{"errorCode":"7","errorMessage":"Сумма возврата превышает сумму списания"}"#;
const SUM: &str = r#"{"errorCode":"8","errorMessage":"Сумма товарных позиций в Корзине не совпадает с общей суммой заказа"}"#;
const CURRENCY: &str = r#"{"errorCode":"8","errorMessage":"Валюта в Корзине не совпадает с валютой заказа"}"#;
const ORDER: &str = "dddddddd-0000-4000-8000-000000000004";

fn own(code: u8, text: &str) -> String {
    format!(r#"{{"errorCode":"{code}","errorMessage":"sandbox: {text}"}}"#)
}

/// 570.00: two packs of tea at 200.00, 0.7 kg of sugar at 100.00, delivery for 100.00.
async fn bench_with(members: Value) -> Bench {
    let bench = Bench::strict().await;
    let mut order = json!({
        "gateway": "sber-old", "order_number": "A-1", "order_id": ORDER, "amount": 57_000,
        "cart": [
            {"positionId": 1, "name": "Чай", "quantity": {"value": 2, "measure": "шт."}, "itemPrice": 20_000, "itemAmount": 40_000, "itemCode": "tea"},
            {"positionId": 2, "name": "Сахар", "quantity": {"value": 0.7, "measure": "кг"}, "itemPrice": 10_000, "itemCode": "sugar"},
            {"positionId": 3, "name": "Доставка", "quantity": {"value": 1, "measure": "шт."}, "itemAmount": 10_000, "itemCode": "delivery"},
        ]
    });
    for (name, value) in members.as_object().expect("an object") {
        order[name] = value.clone();
    }
    bench.control("POST", "payments", &order.to_string()).await;
    bench
}

async fn refund(bench: &Bench, amount: u64, rest: &str) -> Answer {
    bench.form(REFUND_DO, &format!("{WHO}&orderId={ORDER}&amount={amount}{rest}")).await
}

fn items(items: &str) -> String {
    format!("&refundItems={}", encoded(&format!("{{\"items\":[{items}]}}")))
}

/// One row: the reply and what the ledger has refunded afterwards.
async fn check(bench: &Bench, amount: u64, rest: &str, expected: &str, refunded: u64) {
    let answer = refund(bench, amount, rest).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, expected), "{amount} {rest}");
    assert_eq!(bench.refunded(ORDER).await, refunded, "{amount} {rest}");
}

fn line(position: u8, quantity: &str) -> String {
    format!(r#"{{"positionId":{position},"quantity":{{"value":{quantity}}}}}"#)
}

#[tokio::test]
async fn rule_1_a_full_refund_needs_no_cart() {
    for amount in [57_000, 0] {
        check(&bench_with(json!({})).await, amount, "", OK, 57_000).await;
    }
    let all = format!("{},{},{}", line(1, "2"), line(2, "0.7"), line(3, "1"));
    check(&bench_with(json!({})).await, 57_000, &items(&all), OK, 57_000).await;
}

#[tokio::test]
async fn rules_2_and_3_another_sum_and_every_further_step_need_one() {
    let bench = bench_with(json!({})).await;
    check(&bench, 56_999, "", CART_NEEDED, 0).await;
    check(&bench, 20_000, &items(&line(1, "1")), OK, 20_000).await;
    check(&bench, 37_000, "", CART_NEEDED, 20_000).await;
    check(&bench, 0, "", CART_NEEDED, 20_000).await;
    let rest = format!("{},{},{}", line(1, "1"), line(2, "0.7"), line(3, "1"));
    check(&bench, 0, &items(&rest), OK, 57_000).await;
}

#[tokio::test]
async fn rule_4_the_cart_stays_within_the_confirmed_sum() {
    let bench = bench_with(json!({})).await;
    let all = format!("{},{},{}", line(1, "2"), line(2, "0.7"), line(3, "1"));
    check(&bench, 57_001, &items(&all), EXCEEDS, 0).await;
    check(&bench, 56_999, &items(&all), SUM, 0).await;
    // Somebody in the cabinet took a kopeck without naming a line: the cart still fits, the money does not.
    let cabinet = json!({"gateway": "sber-old", "id": ORDER, "action": "refund", "amount": 1});
    bench.control("POST", "cabinet", &cabinet.to_string()).await;
    check(&bench, 57_000, &items(&all), EXCEEDS, 1).await;
}

#[tokio::test]
async fn rule_5_one_currency_and_it_is_the_orders() {
    let bench = bench_with(json!({})).await;
    let with = |currency: &str| {
        line(3, "1").replace("\"positionId\"", &format!("\"itemCurrency\":{currency},\"positionId\""))
    };
    check(&bench, 10_000, &items(&with("840")), CURRENCY, 0).await;
    check(
        &bench,
        30_000,
        &items(&format!(
            "{},{}",
            with("643"),
            line(1, "1").replace('{', "{\"itemCurrency\":\"978\",").replacen(
                "{\"itemCurrency\":\"978\",\"value",
                "{\"value",
                1
            )
        )),
        CURRENCY,
        0,
    )
    .await;
    check(&bench, 10_000, &items(&with("643")), OK, 10_000).await;
    let dollars = bench_with(json!({"currency": "840"})).await;
    check(&dollars, 10_000, &items(&with("643")), CURRENCY, 0).await;
    check(&dollars, 10_000, &items(&with("840")), OK, 10_000).await;
    let status = dollars.form(STATUS_DO, &format!("{WHO}&orderId={ORDER}")).await.json();
    assert_eq!(status["currency"], "840");
}

#[tokio::test]
async fn rule_6_no_position_the_order_lacks() {
    let bench = bench_with(json!({})).await;
    let absent = own(8, "position 1 is not in the order");
    for other in [
        r#""name":"Чай ","#,
        r#""name":"чай","#,
        r#""itemCode":"Tea","#,
        r#""name":"Чай","itemCode":"sugar","#,
    ] {
        let tea = line(1, "1").replace("\"positionId\"", &format!("{other}\"positionId\""));
        check(&bench, 20_000, &items(&tea), &absent, 0).await;
    }
    check(&bench, 20_000, &items(&line(4, "1")), &own(8, "position 4 is not in the order"), 0).await;
    bench.switch("sber.cart_match", "whole_triple").await;
    check(&bench, 20_000, &items(&line(1, "1")), &absent, 0).await;
    let triple =
        line(1, "1").replace("\"positionId\"", "\"name\":\"Чай\",\"itemCode\":\"tea\",\"positionId\"");
    check(&bench, 20_000, &items(&triple), OK, 20_000).await;
}

#[tokio::test]
async fn rules_7_and_8_quantity_and_sum_within_what_is_left() {
    let bench = bench_with(json!({})).await;
    check(
        &bench,
        40_020,
        &items(&line(1, "2.001")),
        &own(8, "position 1: quantity 2.001 exceeds 2, which is left"),
        0,
    )
    .await;
    let costly =
        line(3, "1").replace('}', "").replace("\"value\":1", "\"value\":1}") + ",\"itemAmount\":10001}";
    check(
        &bench,
        10_001,
        &items(&costly),
        &own(8, "position 3: itemAmount 10001 exceeds 10000, which is left"),
        0,
    )
    .await;
    check(&bench, 30_000, &items(&line(1, "1.5")), OK, 30_000).await;
    check(
        &bench,
        10_020,
        &items(&line(1, "0.501")),
        &own(8, "position 1: quantity 0.501 exceeds 0.5, which is left"),
        30_000,
    )
    .await;
    let cheap = costly.replace("10001", "4000").replace("\"value\":1", "\"value\":0.5");
    check(&bench, 4_000, &items(&cheap), OK, 34_000).await;
    check(
        &bench,
        6_001,
        &items(&cheap.replace("4000", "6001")),
        &own(8, "position 3: itemAmount 6001 exceeds 6000, which is left"),
        34_000,
    )
    .await;
    check(&bench, 10_000, &items(&line(1, "0.5")), OK, 44_000).await;
    // Against the order as registered one line goes back again, as long as there is money.
    bench.switch("sber.cart_limits", "original").await;
    check(&bench, 10_000, &items(&line(1, "0.5")), OK, 54_000).await;
    check(&bench, 10_000, &items(&line(1, "0.5")), EXCEEDS, 54_000).await;
}

#[tokio::test]
async fn rule_9_formats_and_lengths() {
    let bench = bench_with(json!({})).await;
    let with =
        |member: &str| items(&line(3, "1").replace("\"positionId\"", &format!("{member},\"positionId\"")));
    for (rest, text) in [
        (items(&line(3, "1.0001")), "quantity.value is not a number of at most three decimals"),
        (items(&line(3, "0")), "quantity.value is not positive"),
        (with(r#""itemPrice":1.5"#), "itemPrice is not N..12"),
        (with(r#""itemAmount":"1e3""#), "itemAmount is not N..12"),
        (with(r#""itemCurrency":"RUB""#), "itemCurrency is not N3"),
        (with(&format!(r#""name":"{}""#, "ё".repeat(256))), "name is not 1 to 255 characters"),
        (with(&format!(r#""itemCode":"{}""#, "x".repeat(101))), "itemCode is not 1 to 100 characters"),
        (with(r#""tax":{"taxType":"vat20"}"#), "tax.taxType is not N..12"),
        (
            with(r#""itemAttributes":{"attributes":[{"name":"paymentObject","value":"99"}]}"#),
            "attribute paymentObject is none of its values",
        ),
        (items(&format!("{},{}", line(3, "0.5"), line(3, "0.5"))), "positionId 3 is given twice"),
    ] {
        check(&bench, 10_000, &rest, &own(8, text), 0).await;
    }
    bench.switch("sber.name_limit", 100).await;
    let long = with(&format!(r#""name":"{}""#, "ё".repeat(101)));
    check(&bench, 10_000, &long, &own(8, "name is not 1 to 100 characters"), 0).await;
}

#[tokio::test]
async fn sums_are_rounded_half_up_for_each_position() {
    let order = json!({"amount": 151, "cart": [
        {"positionId": 1, "name": "a", "quantity": {"value": 1.5}, "itemPrice": 67, "itemCode": "a"},
        {"positionId": 2, "name": "b", "quantity": {"value": 0.75}, "itemPrice": 67, "itemCode": "b"},
    ]});
    // 100.5 and 50.25: 101 and 50 make 151, where 150.75 as one sum would have made 151 as well; 0.5 of
    // each: 33.5 and 33.5 make 68 and not 67.
    let bench = bench_with(order).await;
    let both = format!("{},{}", line(1, "0.5"), line(2, "0.5"));
    check(&bench, 67, &items(&both), SUM, 0).await;
    check(&bench, 68, &items(&both), OK, 68).await;
    let with = |amount: u8| {
        items(&format!(
            r#"{{"positionId":1,"quantity":{{"value":0.5}},"itemPrice":67,"itemAmount":{amount}}}"#
        ))
    };
    check(&bench, 33, &with(33), &own(8, "position 1: itemAmount 33 is not 34, price times quantity"), 68)
        .await;
    bench.switch("sber.cart_arithmetic", "not_checked").await;
    check(&bench, 33, &with(33), OK, 101).await;
}

#[tokio::test]
async fn the_status_follows_every_partial_refund() {
    let bench = bench_with(json!({})).await;
    let mut seen = Vec::new();
    for (amount, cart) in [
        (20_000, line(1, "1")),
        (7_000, line(2, "0.7")),
        (30_000, format!("{},{}", line(1, "1"), line(3, "1"))),
    ] {
        assert_eq!(refund(&bench, amount, &items(&cart)).await.body, OK);
        let status = bench.form(STATUS_DO, &format!("{WHO}&orderId={ORDER}")).await.json();
        let info = &status["paymentAmountInfo"];
        seen.push((
            status["orderStatus"].as_u64(),
            info["approvedAmount"].as_u64(),
            info["depositedAmount"].as_u64(),
            info["refundedAmount"].as_u64(),
        ));
    }
    // A, A - R, R (cumulative); 4 from the first partial refund on.
    let row = |deposited, refunded| (Some(4), Some(57_000), Some(deposited), Some(refunded));
    assert_eq!(seen, [row(37_000, 20_000), row(30_000, 27_000), row(0, 57_000)]);
}

#[tokio::test]
async fn every_state_has_its_amounts() {
    let bench = Bench::strict().await;
    for (state, order_status, name, approved, deposited) in [
        ("created", 0, "CREATED", 0, 0),
        ("held", 1, "APPROVED", 500, 0),
        ("paid", 2, "DEPOSITED", 500, 500),
        ("reversed", 3, "REVERSED", 500, 0),
        ("declined", 6, "DECLINED", 0, 0),
    ] {
        let order = json!({"gateway": "sber-old", "order_number": state, "amount": 500, "state": state});
        bench.control("POST", "payments", &order.to_string()).await;
        let status = bench.form(STATUS_DO, &format!("{WHO}&orderNumber={state}")).await.json();
        assert_eq!(
            (&status["orderStatus"], &status["amount"]),
            (&order_status.into(), &500.into()),
            "{state}"
        );
        assert_eq!(
            status["paymentAmountInfo"],
            json!({"paymentState": name, "approvedAmount": approved, "depositedAmount": deposited, "refundedAmount": 0}),
            "{state}"
        );
    }
}

const REGISTERED: &str = r#"{"agent_info.type":"6","supplier_info.phones":["+74957444401"],"cashier":"Иванов И.И.","client.email":"a@b.ru"}"#;

fn extras(text: &str) -> String {
    format!("&additionalOfdParams={}", encoded(text))
}

#[tokio::test]
async fn fiscal_parameters_reach_the_receipt_in_the_documents_names() {
    let block: Value = serde_json::from_str(REGISTERED).expect("JSON");
    let bench = bench_with(json!({"additional_ofd_params": block})).await;
    let cart = items(&line(3, "1"));
    // The cashier may differ; nesting is undone, case does not matter.
    let sent = r#"{"Cashier":"Петрова А.А.","agent_info":{"type":"6"},"client.email":"a@b.ru"}"#;
    check(&bench, 10_000, &format!("{cart}{}", extras(sent)), OK, 10_000).await;
    let receipt = bench.payment(ORDER).await["refunds"][0]["receipt"].clone();
    assert_eq!(
        receipt,
        json!({"state": "requested", "extras": {"agent_info.type": "6", "cashier": "Петрова А.А.", "client.email": "a@b.ru"}})
    );
    check(&bench, 20_000, &items(&line(1, "1")), OK, 30_000).await;
    assert_eq!(bench.payment(ORDER).await["refunds"][1]["receipt"], json!({"state": "requested"}));
}

#[tokio::test]
async fn fiscal_parameters_need_a_registration_with_them() {
    let sent = extras(r#"{"cashier":"Иванов И.И."}"#);
    let refused = own(5, "additionalOfdParams was not sent at registration");
    let bench = bench_with(json!({})).await;
    check(&bench, 57_000, &sent, &refused, 0).await;
    bench.switch("sber.ofd_without_registration", "accept").await;
    check(&bench, 57_000, &sent, OK, 57_000).await;
    assert_eq!(bench.payment(ORDER).await["refunds"][0]["receipt"]["extras"]["cashier"], "Иванов И.И.");
}

#[tokio::test]
async fn fiscal_parameters_are_checked_before_the_cart() {
    let block: Value = serde_json::from_str(REGISTERED).expect("JSON");
    let bench = bench_with(json!({"additional_ofd_params": block})).await;
    for (text, expected) in [
        ("x", "is not an object of single members"),
        (r#"{"cashier":""}"#, "cashier has another format or length"),
        (r#"{"agent_info.type":"5"}"#, "agent_info.type differs from the registration"),
        (r#"{"use_legacy_vat":true}"#, "use_legacy_vat is no name of the document"),
        (
            r#"{"client.email":"a@b.ru","client":{"phone":"+79990000000"}}"#,
            "client.email and client.phone exclude each other",
        ),
    ] {
        let rest = format!("{}{}", items("1"), extras(text));
        check(&bench, 10_000, &rest, &own(5, &format!("additionalOfdParams {expected}")), 0).await;
    }
    bench.switch("sber.ofd_changed_values", "accept").await;
    bench.switch("sber.ofd_unknown_keys", "accept").await;
    let rest =
        format!("{}{}", items(&line(3, "1")), extras(r#"{"agent_info.type":"5","use_legacy_vat":true}"#));
    check(&bench, 10_000, &rest, OK, 10_000).await;
}

#[tokio::test]
async fn ten_thousand_lines_are_checked_whole() {
    let cart: Vec<Value> = (1..=10_000)
        .map(|n| json!({"positionId": n, "name": "x", "quantity": {"value": 1}, "itemAmount": 5, "itemCode": format!("c{n}")}))
        .collect();
    let bench = bench_with(json!({"amount": 50_000, "cart": cart})).await;
    let lines = |last: &str| {
        let mut lines: Vec<String> =
            (1..10_000).map(|n| format!(r#"{{"positionId":{n},"quantity":{{"value":1}}}}"#)).collect();
        lines.push(format!(r#"{{"positionId":10000,"quantity":{{"value":{last}}}}}"#));
        items(&lines.join(","))
    };
    check(
        &bench,
        50_000,
        &lines("1.001"),
        &own(8, "position 10000: quantity 1.001 exceeds 1, which is left"),
        0,
    )
    .await;
    check(&bench, 50_000, &lines("1"), OK, 50_000).await;
}
