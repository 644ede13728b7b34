//! `refund.do` row by row, in the order it checks.

use refund_sandbox::Mode;

use crate::support::{Bench, REFUND_DO, WHO, encoded};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
const PENALTY: &str = "c676d60a-67cc-7281-877a-78b300a39301";
const OK: &str = r#"{"errorCode":"0","errorMessage":"Успешно"}"#;
const DENIED: &str = r#"{"errorCode":"5","errorMessage":"Доступ запрещён"}"#;
const WRONG_AMOUNT: &str = r#"{"errorCode":"5","errorMessage":"Неверная сумма"}"#;
const WRONG_ORDER: &str = r#"{"errorCode":"6","errorMessage":"Неверный номер заказа"}"#;
const WRONG_STATE: &str = r#"{"errorCode":"7","errorMessage":"Платёж должен быть в корректном состоянии"}"#;
const EXCEEDS: &str = r#"{"errorCode":"7","errorMessage":"Сумма возврата превышает сумму списания"}"#;
const CART_NEEDED: &str = r#"{"errorCode":"8","errorMessage":"Указанная сумма завершения не совпадает с полной суммой заказа. Необходима корзина для завершения на неполную сумму предавторизации"}"#;
const CART_SUM: &str = r#"{"errorCode":"8","errorMessage":"Сумма товарных позиций в Корзине не совпадает с общей суммой заказа"}"#;

/// One row: a form, the whole reply, and what the ledger has refunded afterwards.
async fn check(bench: &Bench, order: &str, form: &str, expected: &str, refunded: u64) {
    let answer = bench.form(REFUND_DO, form).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, expected), "{form}");
    assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(bench.refunded(order).await, refunded, "{form}");
}

#[tokio::test]
async fn the_samples_of_the_document_answer_as_printed() {
    let bench = Bench::strict().await;
    let full = format!("userName=username-api&password=testPwd&orderId={FULL}&amount=47000");
    check(&bench, FULL, &full, OK, 47_000).await;
    // Printed raw in the document; a form parser takes the braces as they are.
    let penalty = format!(
        "userName=username-api&password=testPwd&amount=500000&orderId={PENALTY}&jsonParams={{\"penalty\":\"130000\"}}"
    );
    check(&bench, PENALTY, &penalty, OK, 500_000).await;
    let refund = bench.payment(PENALTY).await["refunds"][0].clone();
    assert_eq!(
        refund,
        serde_json::json!({
            "amount": 500_000, "at": "2026-11-21T09:00:00Z", "state": "finished", "penalty": 130_000,
            "lines": [], "receipt": null
        })
    );
}

#[tokio::test]
async fn checks_come_in_order_and_move_nothing() {
    let bench = Bench::strict().await;
    let order = format!("orderId={FULL}");
    let own = |code: u8, text: &str| format!(r#"{{"errorCode":"{code}","errorMessage":"sandbox: {text}"}}"#);
    let json = |text: &str| format!("{WHO}&{order}&amount=1&jsonParams={}", encoded(text));
    for (form, expected) in [
        (String::new(), DENIED.to_owned()),
        (format!("userName=username-api&{order}&amount=1"), DENIED.to_owned()),
        (format!("userName=username-api&password=testpwd&{order}&amount=1"), DENIED.to_owned()),
        (format!("userName=demo-api&password=testPwd&{order}&amount=1"), DENIED.to_owned()),
        (format!("token=anything&{order}&amount=1"), DENIED.to_owned()),
        (format!("{WHO}&amount=1"), r#"{"errorCode":"5","errorMessage":"[orderId] не указан"}"#.to_owned()),
        (
            format!("{WHO}&orderId=&amount=1"),
            r#"{"errorCode":"5","errorMessage":"[orderId] не указан"}"#.to_owned(),
        ),
        (format!("{WHO}&orderId=sample-full&amount=1"), WRONG_ORDER.to_owned()),
        (format!("{WHO}&orderId={}&amount=1", FULL.to_uppercase()), WRONG_ORDER.to_owned()),
        (format!("{WHO}&{order}"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount="), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount=470.00"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount=-1"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount=1e3"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount=1000000000000"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&amount=%D9%A1"), WRONG_AMOUNT.to_owned()),
        (format!("{WHO}&{order}&refundAmount=1"), WRONG_AMOUNT.to_owned()),
        (json("{"), own(5, "jsonParams is not an object of single members")),
        (json(r#"{"penalty":0}"#), own(5, "jsonParams has a value that is not a string")),
        (json(r#"{"loyaltyId":"x"}"#), own(5, "jsonParams has the reserved name loyaltyId")),
        (json(r#"{"penalty":"2"}"#), own(5, "the penalty exceeds the refund")),
        (format!("{WHO}&{order}&amount=47001"), EXCEEDS.to_owned()),
        (format!("{WHO}&{order}&amount=999999999999"), EXCEEDS.to_owned()),
        (
            format!(
                "{WHO}&{order}&amount=1&refundItems={}",
                encoded(r#"{"items":[{"positionId":1,"quantity":{"value":1}}]}"#)
            ),
            own(8, "position 1 is not in the order"),
        ),
    ] {
        check(&bench, FULL, &form, &expected, 0).await;
    }
    // An earlier check wins: a wrong amount of an order that exists, for a stranger.
    check(&bench, FULL, &format!("userName=x&password=y&{order}&amount=x"), DENIED, 0).await;
}

#[tokio::test]
async fn money_goes_back_in_steps_until_it_is_gone() {
    let bench = Bench::strict().await;
    let ask = |amount: &str| format!("{WHO}&orderId={FULL}&amount={amount}");
    check(&bench, FULL, &ask("10000"), OK, 10_000).await;
    check(&bench, FULL, &ask("10000"), OK, 20_000).await; // no idempotency: again is another one
    check(&bench, FULL, &ask("27001"), EXCEEDS, 20_000).await;
    check(&bench, FULL, &ask("000000027000"), OK, 47_000).await;
    check(&bench, FULL, &ask("1"), WRONG_STATE, 47_000).await;
    check(&bench, FULL, &ask("0"), WRONG_STATE, 47_000).await;
}

#[tokio::test]
async fn zero_and_missing_amounts_are_contested() {
    let bench = Bench::strict().await;
    let ask = |rest: &str| format!("{WHO}&orderId={FULL}{rest}");
    check(&bench, FULL, &ask("&amount=7000"), OK, 7_000).await;
    bench.switch("sber.zero_amount", "whole").await;
    check(&bench, FULL, &ask("&amount=0"), EXCEEDS, 7_000).await;
    bench.switch("sber.zero_amount", "rest").await;
    bench.switch("sber.missing_amount", "rest").await;
    check(&bench, FULL, &ask(""), OK, 47_000).await;
    check(&bench, PENALTY, &format!("{WHO}&orderId={PENALTY}&amount=0"), OK, 500_000).await;
}

#[tokio::test]
async fn holds_loyalty_and_foreign_orders() {
    let bench = Bench::strict().await;
    let order = |id: &str, rest: &str| {
        format!(
            r#"{{"gateway":"sber-old","order_number":"{}","order_id":"{id}","amount":1000{rest}}}"#,
            &id[..4]
        )
    };
    let (held, loyal, foreign) = (
        "aaaaaaaa-0000-4000-8000-000000000001",
        "bbbbbbbb-0000-4000-8000-000000000002",
        "cccccccc-0000-4000-8000-000000000003",
    );
    for (id, rest) in
        [(held, r#","state":"held""#), (loyal, r#","bonus":50"#), (foreign, r#","user":"demo-api""#)]
    {
        assert_eq!(bench.control("POST", "payments", &order(id, rest)).await["order_id"], id);
    }
    check(&bench, held, &format!("{WHO}&orderId={held}&amount=1000"), WRONG_STATE, 0).await;
    let penalty = format!("{WHO}&orderId={loyal}&amount=1000&jsonParams={}", encoded(r#"{"penalty":"1"}"#));
    let unsupported =
        r#"{"errorCode":"5","errorMessage":"Penalty is not supported for orders with loyalty"}"#;
    check(&bench, loyal, &penalty, unsupported, 0).await;
    check(&bench, loyal, &format!("{WHO}&orderId={loyal}&amount=1000"), OK, 1_000).await;
    assert_eq!(bench.payment(loyal).await["points"], 50);
    let ask = format!("{WHO}&orderId={foreign}&amount=1000");
    check(&bench, foreign, &ask, WRONG_ORDER, 0).await;
    bench.switch("sber.foreign_order_code", 5).await;
    check(&bench, foreign, &ask, DENIED, 0).await;
    let owner = format!("userName=demo-api&password=demo-password&orderId={foreign}&amount=1000");
    check(&bench, foreign, &owner, OK, 1_000).await;
}

const WITH_CART: &str = "dddddddd-0000-4000-8000-000000000004";

/// 470.00: two packs of tea at 200.00 and 0.7 kg of sugar at 100.00.
async fn bench_with_cart() -> Bench {
    let bench = Bench::strict().await;
    let cart = r#"[
        {"positionId":1,"name":"Чай","quantity":{"value":2,"measure":"шт."},"itemPrice":20000,"itemAmount":40000,"itemCode":"tea"},
        {"positionId":"2","name":"Сахар","quantity":{"value":0.7,"measure":"кг"},"itemPrice":"10000","itemCode":"sugar"}]"#;
    let order = format!(
        r#"{{"gateway":"sber-old","order_number":"A-1","order_id":"{WITH_CART}","amount":47000,"cart":{cart},"bonus":0}}"#
    );
    bench.control("POST", "payments", &order).await;
    bench
}

fn with_items(amount: u64, items: &str) -> String {
    format!(
        "{WHO}&orderId={WITH_CART}&amount={amount}&refundItems={}",
        encoded(&format!("{{\"items\":[{items}]}}"))
    )
}

const TEA: &str = r#"{"positionId":1,"name":"Чай","quantity":{"value":1,"measure":"шт."},"itemPrice":20000,"itemAmount":20000,"itemCode":"tea"}"#;
const SUGAR: &str = r#"{"positionId":"2","quantity":{"value":0.7,"measure":"кг"}}"#;

#[tokio::test]
async fn an_order_with_a_cart_is_refunded_in_part_only_with_a_cart() {
    let bench = bench_with_cart().await;
    let bare = |amount: u64| format!("{WHO}&orderId={WITH_CART}&amount={amount}");
    check(&bench, WITH_CART, &bare(20_000), CART_NEEDED, 0).await;
    check(&bench, WITH_CART, &with_items(19_999, TEA), CART_SUM, 0).await;
    check(&bench, WITH_CART, &with_items(20_000, TEA), OK, 20_000).await;
    // Every further step needs one too, whatever it asks for.
    check(&bench, WITH_CART, &bare(27_000), CART_NEEDED, 20_000).await;
    check(&bench, WITH_CART, &bare(0), CART_NEEDED, 20_000).await;
    check(&bench, WITH_CART, &with_items(0, &format!("{TEA},{SUGAR}")), OK, 47_000).await;
    let refunds = bench.payment(WITH_CART).await["refunds"].clone();
    let expected: serde_json::Value = serde_json::from_str(&format!("[{TEA},{SUGAR}]")).unwrap();
    assert_eq!((&refunds[1]["amount"], &refunds[1]["lines"]), (&27_000.into(), &expected));
    assert_eq!(refunds[0]["receipt"]["state"], "requested");
}

#[tokio::test]
async fn a_full_refund_needs_no_cart() {
    for amount in ["47000", "0"] {
        let bench = bench_with_cart().await;
        check(&bench, WITH_CART, &format!("{WHO}&orderId={WITH_CART}&amount={amount}"), OK, 47_000).await;
        assert_eq!(bench.payment(WITH_CART).await["refunds"][0]["receipt"], serde_json::Value::Null);
    }
}

#[tokio::test]
async fn carts_that_do_not_fit_are_refused_whole() {
    let bench = bench_with_cart().await;
    let own = |text: &str| format!(r#"{{"errorCode":"8","errorMessage":"sandbox: {text}"}}"#);
    for (items, expected) in [
        (TEA.replace("\"positionId\":1", "\"positionId\":9"), own("position 9 is not in the order")),
        (TEA.replace("\"tea\"", "\"tea-2\""), own("position 1 is not in the order")),
        (TEA.replace("Чай", "чай"), own("position 1 is not in the order")),
        (format!("{TEA},{}", SUGAR.replace('2', "3")), own("position 3 is not in the order")),
        (TEA.replace("\"value\":1", "\"value\":\"1\""), own("quantity.value is not a number")),
        (TEA.replace("20000,\"itemCode\"", "200.00,\"itemCode\""), own("itemAmount is not N..12")),
        (TEA.replace("\"positionId\":1,", ""), own("an item has no positionId")),
        (String::new(), own("refundItems.items is empty")),
    ] {
        check(&bench, WITH_CART, &with_items(20_000, &items), &expected, 0).await;
    }
    let php = format!("{WHO}&orderId={WITH_CART}&amount=20000&refundItems=Array");
    check(&bench, WITH_CART, &php, &own("refundItems is not an object of single members"), 0).await;
    bench.switch("sber.cart_violation_code", 4).await;
    let four = r#"{"errorCode":"4","errorMessage":"Сумма товарных позиций в Корзине не совпадает с общей суммой заказа"}"#;
    check(&bench, WITH_CART, &with_items(1, TEA), four, 0).await;
}

#[tokio::test]
async fn the_reply_is_written_in_every_documented_form() {
    let bench = Bench::strict().await;
    let ask = |amount: &str| format!("{WHO}&orderId={FULL}&amount={amount}");
    bench.switch("sber.error_code", "number").await;
    check(&bench, FULL, &ask("1"), r#"{"errorCode":0,"errorMessage":"Успешно"}"#, 1).await;
    check(&bench, FULL, &ask("x"), r#"{"errorCode":5,"errorMessage":"Неверная сумма"}"#, 1).await;
    bench.switch("sber.error_code", "missing_on_success").await;
    check(&bench, FULL, &ask("1"), r#"{"errorMessage":"Успешно"}"#, 2).await;
    check(&bench, FULL, &ask("x"), WRONG_AMOUNT, 2).await;
    bench.switch("sber.error_code", "string").await;
    check(&bench, FULL, &ask("1&language=en"), r#"{"errorCode":"0","errorMessage":"Success"}"#, 3).await;
    check(&bench, FULL, &ask("x&language=en"), r#"{"errorCode":"5","errorMessage":"Incorrect amount"}"#, 3)
        .await;
    bench.switch("sber.language", "en").await;
    check(
        &bench,
        FULL,
        &ask("99999"),
        r#"{"errorCode":"7","errorMessage":"The refund amount exceeds the debited amount"}"#,
        3,
    )
    .await;
    check(&bench, FULL, &ask("x&language=ru"), WRONG_AMOUNT, 3).await;
    bench.switch("sber.content_type", "text").await;
    let answer = bench.form(REFUND_DO, &ask("1")).await;
    assert_eq!(answer.header("content-type"), Some("text/plain;charset=UTF-8"));
}

#[tokio::test]
async fn parameters_come_in_a_form_or_a_query_and_nowhere_else() {
    let bench = Bench::strict().await;
    let form = format!("{WHO}&orderId={FULL}&amount=1");
    assert_eq!(bench.get(&format!("{REFUND_DO}?{form}")).await.body, OK);
    let charset = "application/x-www-form-urlencoded; charset=UTF-8";
    assert_eq!(bench.send("POST", REFUND_DO, charset, form.as_bytes()).await.body, OK);
    for media_type in ["", "application/json", "multipart/form-data", "text/plain"] {
        assert_eq!(
            bench.send("POST", REFUND_DO, media_type, form.as_bytes()).await.body,
            DENIED,
            "{media_type}"
        );
    }
    assert_eq!(bench.send("POST", &format!("{REFUND_DO}?{form}"), "", b"").await.body, DENIED);
    for method in ["PUT", "HEAD", "DELETE"] {
        assert_eq!(bench.send(method, &format!("{REFUND_DO}?{form}"), "", b"").await.status, 405, "{method}");
    }
    assert_eq!(bench.refunded(FULL).await, 2);
    let twice = format!("{form}&amount=2");
    assert_eq!(bench.form(REFUND_DO, &twice).await.status, 400);
    let lenient = Bench::in_mode(Mode::Lenient).await;
    check(&lenient, FULL, &twice, OK, 1).await;
}
