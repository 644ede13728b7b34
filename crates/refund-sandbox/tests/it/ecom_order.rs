//! Orders of the ECOM dialect from registration to cancellation, and what their status says.

use serde_json::{Value, json};

use crate::ecom::{
    CART_CURRENCY, CART_FORMAT, CART_TOTAL, DONE, INVALID, MANDATORY, ORDER, V1, bundle, head, item, items,
    plain, signed,
};
use crate::support::{Bench, JSON, START};

fn order(members: Value) -> Value {
    let mut request = json!({"orderNumber": "R-1", "amount": 27_000, "currency": "643", "returnUrl": "https://shop.test/back"});
    for (name, value) in members.as_object().expect("an object") {
        request[name] = value.clone();
    }
    request
}

#[tokio::test]
async fn an_order_is_registered_and_its_number_is_taken() {
    let bench = Bench::strict().await;
    let answer = bench.v1("register.do", order(json!({}))).await.json();
    assert_eq!((&answer["errorCode"], &answer["errorMessage"]), (&"0".into(), &DONE.into()));
    let id = answer["orderId"].as_str().expect("an id");
    assert_eq!(id.len(), 36);
    assert!(answer["formUrl"].as_str().is_some_and(|url| url.ends_with(id)));
    assert!(answer["externalParams"]["sbolDeepLink"].is_string());
    let taken = "Заказ с таким номером уже обработан";
    bench.v1_says("register.do", order(json!({})), "1", taken).await;
    bench.v1_says("registerPreAuth.do", order(json!({})), "1", taken).await;
    assert_eq!(bench.payment(id).await["captured"], 0);
    let status = bench.ecom_status(id).await;
    assert_eq!((&status["orderStatus"], &status["amount"]), (&0.into(), &27_000.into()));
    assert_eq!(bench.pay(id).await, json!({"paid": 27_000}));
    assert_eq!(bench.payment(id).await["captured"], 27_000);
    // Nobody pays twice.
    let deed = json!({"gateway": "sber-ecom", "id": id, "action": "pay"}).to_string();
    let again = bench.send("POST", "/_sandbox/cabinet", JSON, deed.as_bytes()).await;
    assert_eq!((again.status, &again.json()["where"]), (400, &"id".into()));
}

#[tokio::test]
async fn requests_are_read_strictly() {
    let bench = Bench::strict().await;
    let cyrillic = |length: usize| "ё".repeat(length);
    for (members, code, text, why) in [
        (json!({"extra": 1}), "5", INVALID, "extra: no such member"),
        (json!({"OrderNumber": "x"}), "5", INVALID, "OrderNumber: no such member"),
        (json!({"additionalOfdParams": "{}"}), "5", INVALID, "additionalOfdParams: no such member"),
        // REPORTED: an integer currency is refused.
        (json!({"currency": 643}), "5", INVALID, "currency: wrong type"),
        (json!({"currency": "RUB"}), "5", INVALID, "currency: wrong characters"),
        (json!({"amount": "27000"}), "4", MANDATORY, "amount: wrong type"),
        (json!({"amount": 270.0}), "4", MANDATORY, "amount: wrong type"),
        (json!({"amount": -1}), "4", MANDATORY, "amount: wrong characters"),
        (json!({"amount": 1_000_000_000_000_u64}), "4", MANDATORY, "amount: wrong characters"),
        (json!({"amount": 0}), "5", "Неверная сумма", ""),
        (json!({"orderNumber": 1}), "4", MANDATORY, "orderNumber: wrong type"),
        (json!({"orderNumber": "x".repeat(37)}), "4", MANDATORY, "orderNumber: wrong characters"),
        (json!({"orderNumber": ""}), "4", MANDATORY, "orderNumber: wrong characters"),
        (json!({"returnUrl": "http://a.b"}), "4", MANDATORY, "returnUrl: wrong characters"),
        (json!({"language": "RU"}), "5", INVALID, "language: wrong characters"),
        (json!({"language": "rus"}), "5", INVALID, "language: wrong characters"),
        (json!({"description": cyrillic(599)}), "5", INVALID, "description: wrong characters"),
        (json!({"description": "«ёлка»"}), "5", INVALID, "description: wrong characters"),
        (json!({"jsonParams": "{}"}), "5", INVALID, "jsonParams: wrong type"),
        (
            json!({"jsonParams": {"externalRefundId": 1}}),
            "5",
            INVALID,
            "jsonParams.externalRefundId: wrong type",
        ),
        (
            json!({"jsonParams": {"sbrf_spasibo:amount_bonus": "5"}}),
            "5",
            INVALID,
            "jsonParams.sbrf_spasibo:amount_bonus: not an integer",
        ),
        (
            json!({"jsonParams": {"sbrf_spasibo:amount_bonus": 4_294_967_201_u64}}),
            "5",
            INVALID,
            "jsonParams.sbrf_spasibo:amount_bonus: not an integer",
        ),
        (json!({"jsonParams": {"sbrf_spasibo:amount_bonus": 27_000}}), "5", "Неверная сумма", ""),
        (json!({"orderBundle": {}}), "8", CART_FORMAT, "orderBundle.cartItems: missing"),
        (
            json!({"orderBundle": plain(json!([]))}),
            "8",
            CART_FORMAT,
            "orderBundle.cartItems.items: wrong characters",
        ),
    ] {
        let answer = bench.v1("register.do", order(members.clone())).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, head(code, text).as_str()), "{members}");
        let told = answer.header("x-sandbox-why").unwrap_or_default();
        assert!(told.starts_with(why), "{members}: {told}");
    }
    let longest = order(
        json!({"orderNumber": "x".repeat(36), "description": cyrillic(598), "email": "a@b.ru",
        "phone": "+79990000000", "sessionTimeoutSecs": 1200, "expirationDate": "2026-11-22T09:00:00",
        "features": "FORCE_SSL;VERIFY", "clientId": "c", "merchantLogin": "shop", "failUrl": "https://shop.test/fail",
        "language": "ru", "jsonParams": {"any": [1, {"thing": null}]}}),
    );
    assert_eq!(bench.v1("register.do", longest).await.json()["errorCode"], "0");
}

#[tokio::test]
async fn cart_members_are_read_strictly() {
    let bench = Bench::strict().await;
    // One line of 270.00; each row breaks one member of it.
    let line = || item("1", "Чай", "tea", "1", 27_000, 27_000);
    for (name, value) in [
        ("positionId", json!(1)),
        ("positionId", json!("a")),
        ("positionId", json!("1234567890123")),
        ("name", json!("")),
        ("name", json!("ё".repeat(101))),
        ("name", json!("Чай «Майский»")),
        ("name", json!("чай — чёрный")),
        ("itemCode", json!("x".repeat(101))),
        ("quantity", json!({"value": "1", "measure": "0"})),
        ("quantity", json!({"value": 1.0001, "measure": "0"})),
        ("quantity", json!({"value": 100_000, "measure": "0"})),
        ("quantity", json!({"value": -1, "measure": "0"})),
        ("quantity", json!({"value": 1, "measure": 0})),
        ("quantity", json!({"value": 1, "measure": "шт."})),
        ("quantity", json!({"value": 1, "measure": "0", "unit": "x"})),
        ("itemPrice", json!("27000")),
        ("itemPrice", json!(27_000.5)),
        ("itemAmount", json!(4_294_967_201_u64)),
        ("itemAmount", json!(null)),
        ("itemCurrency", json!("643")),
        ("paymentMethod", json!("4")),
        ("paymentMethod", json!(4)),
        ("paymentObject", json!("товар")),
        ("paymentObject", json!("x".repeat(22))),
        ("tax", json!({"taxType": "2"})),
        ("tax", json!({"taxType": 14})),
        ("tax", json!({"taxType": 2, "taxSum": 1})),
        ("markCode", json!({"ean8": "1234567"})),
        ("markCode", json!({"ean8": "12345678", "short": "x"})),
        ("excise", json!("12345678901")),
        ("countryCode", json!("RU")),
        ("agentInfo", json!({"type": "6"})),
        ("agentInfo", json!({"type": "another", "payingAgent": {"phones": ["1", "2", "3", "4", "5", "6"]}})),
        ("agentInfo", json!({"type": "another", "moneyTransferOperator": {"inn": "5027119066"}})),
        ("supplierInfo", json!({"name": "x".repeat(65)})),
        ("discount", json!({"discountType": "percent", "discountValue": 10})),
        ("itemAttributes", json!({"attributes": []})),
        ("depositedItemAmount", json!(1)),
    ] {
        let mut broken = line();
        broken[name] = value.clone();
        // A sum over the limit breaks the payments of a whole bundle first.
        let cart =
            if name == "itemAmount" { plain(json!([broken])) } else { bundle("sell", json!([broken])) };
        let request = order(json!({"email": "a@b.ru", "orderBundle": cart}));
        let answer = bench.v1("register.do", request).await;
        assert_eq!(answer.body, head("8", CART_FORMAT), "{name} {value}");
    }
    for name in [
        "positionId",
        "name",
        "itemCode",
        "quantity",
        "itemPrice",
        "itemAmount",
        "paymentMethod",
        "paymentObject",
    ] {
        let mut broken = line();
        broken.as_object_mut().expect("an object").remove(name);
        let request = order(json!({"orderBundle": plain(json!([broken]))}));
        assert_eq!(bench.v1("register.do", request).await.body, head("8", CART_FORMAT), "{name}");
    }
    // Everything the schema lists at once.
    let mut full = line();
    for (name, value) in [
        ("itemCurrency", json!(643)),
        ("tax", json!({"taxType": 12})),
        ("markCode", json!({"gs1m": "MDEwNDYwNjIw"})),
        ("markQuantity", json!({"markQuantityNumerator": "1", "markQuantityDenominator": "2"})),
        ("markProcessingMode", json!("0")),
        ("excise", json!("12")),
        ("countryCode", json!("643")),
        ("declarationNumber", json!("10702020/060520/0013422")),
        ("userData", json!("№ 5")),
        (
            "agentInfo",
            json!({"type": "attorney", "payingAgent": {"operation": "Оплата", "phones": ["+79990000000"]},
                "receivePaymentsOperator": {"phones": ["+79990000001"]},
                "moneyTransferOperator": {"phones": ["+7"], "name": "ООО", "address": "Москва", "inn": "5027119066  "}}),
        ),
        ("supplierInfo", json!({"phones": ["+79990000000"], "name": "ООО", "inn": "502711906600"})),
        (
            "sectoralItemProps",
            json!([{"federalId": "001", "date": "01.01.2026", "number": "5", "value": "x"}]),
        ),
        ("itemDetails", json!({"itemDetailsParams": [{"name": "minPrice", "value": "1"}]})),
        ("discount", json!({"discountType": "percent", "discountValue": "10"})),
        ("agentInterest", json!({"interestType": "percent", "interestValue": "5"})),
    ] {
        full[name] = value;
    }
    let request = order(json!({"email": "a@b.ru", "orderBundle": bundle("sell", json!([full.clone()]))}));
    assert_eq!(bench.v1("register.do", request.clone()).await.json()["errorCode"], "0");
    // The schema of 2024 ends at 7.
    bench.switch("sber_ecom.tax_type_max", 7).await;
    let mut another = request;
    another["orderNumber"] = "R-2".into();
    assert_eq!(bench.v1("register.do", another).await.body, head("8", CART_FORMAT));
}

#[tokio::test]
async fn a_registered_cart_totals_the_order_in_one_currency() {
    let bench = Bench::strict().await;
    let with = |items: Value| order(json!({"orderBundle": plain(items)}));
    let cheap = json!([item("1", "Чай", "tea", "1", 26_999, 26_999)]);
    bench.v1_says("register.do", with(cheap), "8", CART_TOTAL).await;
    let mut dollars = items();
    dollars[1]["itemCurrency"] = 840.into();
    bench.v1_says("register.do", with(dollars), "8", CART_CURRENCY).await;
    let no_contact = order(json!({"orderBundle": bundle("sell", items())}));
    bench.v1_says("register.do", no_contact, "4", MANDATORY).await;
    let backwards = order(json!({"email": "a@b.ru", "orderBundle": bundle("sell_refund", items())}));
    bench.v1_says("register.do", backwards, "8", CART_FORMAT).await;
    let good = order(json!({"phone": "+79990000000", "orderBundle": bundle("sell", items())}));
    assert_eq!(bench.v1("register.do", good).await.json()["errorCode"], "0");
}

#[tokio::test]
async fn only_json_by_post_gets_in() {
    let bench = Bench::ecom().await;
    let path = format!("{V1}/refund.do");
    let good = signed(json!({"orderId": ORDER, "amount": 1})).to_string();
    let form = format!("userName=username-api&password=testPwd&orderId={ORDER}&amount=1");
    for media_type in ["", "application/x-www-form-urlencoded", "text/plain", "application/jsonp"] {
        assert_eq!(bench.send("POST", &path, media_type, good.as_bytes()).await.status, 415, "{media_type}");
    }
    assert_eq!(
        bench.send("POST", &path, "application/x-www-form-urlencoded", form.as_bytes()).await.status,
        415
    );
    for method in ["GET", "PUT", "DELETE", "HEAD"] {
        assert_eq!(bench.send(method, &format!("{path}?{form}"), JSON, b"").await.status, 405, "{method}");
    }
    // Exactly these spellings (CONFIRMED): no `.do` where there is none, and none left out.
    for other in
        ["autoRefund.do", "refund", "Refund.do", "register", "processRawSumRefund.do", "instantRefund.do"]
    {
        assert_eq!(
            bench.send("POST", &format!("{V1}/{other}"), JSON, good.as_bytes()).await.status,
            404,
            "{other}"
        );
    }
    for (body, why) in [
        ("", "empty"),
        ("null", "no object"),
        ("[1]", "no object"),
        ("{\"amount\":1", "cut"),
        ("{\"amount\":1}{}", "two"),
        ("{\"amount\":1,\"amount\":2}", "twice"),
        ("{\"amount\":1,\"\\u0061mount\":2}", "twice in disguise"),
        ("{'amount':1}", "quotes"),
        ("{\"amount\":01}", "octal"),
        ("{\"amount\":NaN}", "no number"),
    ] {
        let answer = bench.send("POST", &path, JSON, body.as_bytes()).await;
        assert_eq!((answer.status, answer.body), (400, head("5", INVALID)), "{why}");
    }
    bench.switch("sber_ecom.malformed_status", 200).await;
    assert_eq!(bench.send("POST", &path, JSON, b"[]").await.status, 200);
    let charset = "application/json; charset=utf-8";
    assert_eq!(bench.send("POST", &path, charset, good.as_bytes()).await.body, head("0", DONE));
    assert_eq!(bench.refunded(ORDER).await, 1);
    bench.fault("sber-ecom", "refund", "rate_limit").await;
    assert_eq!(bench.send("POST", &path, JSON, good.as_bytes()).await.status, 429);
}

#[tokio::test]
async fn a_hold_is_completed_in_whole_or_in_part_once() {
    let bench = Bench::strict().await;
    bench.switch("sber_ecom.operations", "shown").await;
    let id = bench
        .registered("registerPreAuth.do", json!({"amount": 27_000, "orderBundle": plain(items())}))
        .await;
    let deposit = |amount: u64| json!({"orderId": id, "amount": amount});
    let not_held = "Не найдена успешная предавторизация";
    bench.v1_says("deposit.do", deposit(27_000), "7", not_held).await;
    assert_eq!(bench.pay(&id).await, json!({"held": 27_000}));
    let held = bench.ecom_status(&id).await;
    assert_eq!(
        (&held["orderStatus"], &held["paymentAmountInfo"]["approvedAmount"]),
        (&1.into(), &27_000.into())
    );
    assert_eq!(held["paymentAmountInfo"]["depositedAmount"], 0);
    bench.v1_says("deposit.do", deposit(27_001), "5", "Сумма завершения превышает сумму холдирования").await;
    bench.v1_says("deposit.do", deposit(0), "5", "Неверная сумма").await;
    bench.v1_says("refund.do", deposit(1), "7", "Не найдена успешная платежная операция").await;
    let tea = json!([item("1", "Чай", "tea", "2", 10_000, 20_000)]);
    let with_cart = |amount: u64| json!({"orderId": id, "amount": amount, "orderBundle": plain(tea.clone())});
    bench.v1_says("deposit.do", with_cart(19_999), "8", CART_TOTAL).await;
    bench.advance(5).await;
    bench.v1_says("deposit.do", with_cart(20_000), "0", DONE).await;
    bench.v1_says("deposit.do", with_cart(20_000), "7", not_held).await;
    let taken = bench.ecom_status(&id).await;
    assert_eq!(
        taken["paymentAmountInfo"],
        json!({"paymentState": "DEPOSITED", "approvedAmount": 27_000, "depositedAmount": 20_000, "refundedAmount": 0, "feeAmount": 0})
    );
    let kinds: Vec<_> = taken["operations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|o| (o["type"].clone(), o["amount"].clone()))
        .collect();
    assert_eq!(kinds, [("PREAUTHORIZATION".into(), 27_000.into()), ("COMPLETION".into(), 20_000.into())]);
    // Refunds are measured against what was taken.
    let sugar = json!({"orderId": id, "amount": 7_000, "orderBundle": plain(json!([items()[1]]))});
    bench.v1_says("refund.do", sugar, "8", CART_FORMAT).await;
    bench.v1_says("refund.do", deposit(20_001), "7", "Общая сумма возвратов превышает сумму заказа").await;
    bench.v1_says("refund.do", deposit(20_000), "0", DONE).await;
}

#[tokio::test]
async fn a_reversal_comes_before_completion_or_on_the_banking_day() {
    // 2026-11-21T09:00:00Z is noon in Moscow: twelve hours of the banking day are left.
    let bench = Bench::strict().await;
    let number = |n: u8| json!({"orderNumber": format!("R-{n}"), "amount": 1_000});
    let reverse = |id: &str| json!({"orderId": id});
    let part = |id: &str, amount: u64| json!({"orderId": id, "amount": amount});
    let once = "Нельзя провести частичную отмену более одного раза";
    let paid = bench.registered("register.do", number(1)).await;
    bench.v1_says("reverse.do", reverse(&paid), "5", "Неверный статус заказа").await;
    bench.pay(&paid).await;
    bench.v1_says("reverse.do", part(&paid, 1_001), "5", "Неверная сумма").await;
    bench.v1_says("reverse.do", part(&paid, 300), "0", DONE).await;
    assert_eq!(bench.payment(&paid).await["captured"], 700);
    bench.v1_says("reverse.do", part(&paid, 300), "5", once).await;
    bench.v1_says("reverse.do", reverse(&paid), "0", DONE).await;
    bench.v1_says("reverse.do", reverse(&paid), "5", "Неверный статус заказа").await;
    let reversed = bench.ecom_status(&paid).await;
    assert_eq!(
        (&reversed["orderStatus"], &reversed["paymentAmountInfo"]["paymentState"]),
        (&3.into(), &"REVERSED".into())
    );
    assert_eq!(reversed["paymentAmountInfo"]["approvedAmount"], 1_000);
    assert_eq!(reversed["paymentAmountInfo"]["depositedAmount"], 0);

    let refunded = bench.registered("register.do", number(2)).await;
    bench.pay(&refunded).await;
    bench.v1_says("refund.do", part(&refunded, 1), "0", DONE).await;
    bench.v1_says("reverse.do", reverse(&refunded), "5", "Неверный статус заказа").await;

    let taken = bench.registered("registerPreAuth.do", number(3)).await;
    bench.pay(&taken).await;
    bench.v1_says("deposit.do", part(&taken, 1_000), "0", DONE).await;
    bench.v1_says("reverse.do", reverse(&taken), "5", "Неверный статус заказа").await;

    let (last, late, held) = (
        bench.registered("register.do", number(4)).await,
        bench.registered("register.do", number(5)).await,
        bench.registered("registerPreAuth.do", number(6)).await,
    );
    for id in [&last, &late, &held] {
        bench.pay(id).await;
    }
    bench.advance(12 * 3_600 - 1).await; // 23:59:59 in Moscow
    bench.v1_says("reverse.do", reverse(&last), "0", DONE).await;
    bench.advance(1).await;
    bench.v1_says("reverse.do", reverse(&late), "5", "Операция запрещена").await;
    bench.v1_says("reverse.do", reverse(&held), "0", DONE).await;
    bench.v1_says("refund.do", part(&late, 1_000), "0", DONE).await;
}

#[tokio::test]
async fn an_unpaid_order_is_declined() {
    let bench = Bench::strict().await;
    let id = bench.registered("register.do", json!({"amount": 1_000})).await;
    bench.v1_says("decline.do", json!({"orderId": id}), "0", DONE).await;
    bench.v1_says("decline.do", json!({"orderId": id}), "5", "Неверный статус заказа").await;
    let status = bench.ecom_status(&id).await;
    assert_eq!(
        (&status["orderStatus"], &status["paymentAmountInfo"]["approvedAmount"]),
        (&6.into(), &0.into())
    );
}

#[tokio::test]
async fn the_status_tells_amounts_and_operations_as_it_is_switched() {
    let bench = Bench::ecom().await;
    let paid = bench.ecom_status(ORDER).await;
    assert_eq!((&paid["errorCode"], &paid["orderNumber"]), (&"0".into(), &"E-1".into()));
    assert_eq!(
        (&paid["orderStatus"], &paid["amount"], &paid["currency"]),
        (&2.into(), &47_000.into(), &"643".into())
    );
    assert_eq!((&paid["date"], &paid["attributes"]), (&(START * 1_000).into(), &json!({"mdOrder": ORDER})));
    assert_eq!((paid.get("operations"), paid.get("refunds"), paid.get("refundedDate")), (None, None, None));
    assert_eq!(paid["cardAuthInfo"]["cardHolderName"], "SANDBOX PAYER");
    bench.advance(60).await;
    let ask = json!({"orderId": ORDER, "amount": 10_000, "jsonParams": {"externalRefundId": "k-1"}});
    bench.v1_says("refund.do", ask, "0", DONE).await;
    for (name, value) in [("operations", "shown"), ("attributes", "array"), ("deposited_amount", "gross")] {
        bench.switch(&format!("sber_ecom.{name}"), value).await;
    }
    let status = bench.ecom_status(ORDER).await;
    assert_eq!((&status["orderStatus"], &status["amount"]), (&4.into(), &47_000.into()));
    assert_eq!(
        status["paymentAmountInfo"],
        json!({"paymentState": "REFUNDED", "approvedAmount": 47_000, "depositedAmount": 47_000, "refundedAmount": 10_000, "feeAmount": 0})
    );
    assert_eq!(status["attributes"], json!([{"name": "mdOrder", "value": ORDER}]));
    assert_eq!(status["refundedDate"], "2026-11-21T09:01:00Z");
    assert_eq!(
        status["operations"],
        json!([
            {"date": START * 1_000, "type": "AUTHORIZATION", "amount": 47_000, "referenceNumber": "000000000001",
             "approvalCode": "654321", "actionCode": 0},
            {"date": (START + 60) * 1_000, "type": "REFUND", "amount": 10_000, "referenceNumber": "000000000002",
             "externalRefundId": "k-1", "approvalCode": "654321", "actionCode": 0},
        ])
    );
    bench.switch("sber_ecom.deposited_amount", "net").await;
    assert_eq!(bench.ecom_status(ORDER).await["paymentAmountInfo"]["depositedAmount"], 37_000);
    // By number too; by exactly one of the two.
    let by_number = bench.v1("getOrderStatusExtended.do", json!({"orderNumber": "E-1"})).await.json();
    assert_eq!(by_number["amount"], 47_000);
    bench.v1_says("getOrderStatusExtended.do", json!({}), "4", MANDATORY).await;
    let both = json!({"orderNumber": "E-1", "orderId": ORDER});
    bench.v1_says("getOrderStatusExtended.do", both, "5", INVALID).await;
}
