//! Partial refunds with a cart on both gateways, and carts that break a rule: the rule, the place, the values, and
//! nothing sent.

use crate::{
    shop::{LANGUAGES, OP_KEY, Shop},
    tale::{Tale, parsed},
};
use refund_cli::setup::Answers;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// An order with two packets of tea at 100.00 and 1.5 kg of honey at 300.10 (450.15): 650.15 in all.
const ORDER: &str = "2f6a5d10-7c1e-4b52-9a55-000000000010";
/// The same, 150.15 of it paid with points.
const POINTS: &str = "2f6a5d10-7c1e-4b52-9a55-000000000011";

async fn shop_with_carts(lang: &'static str) -> Shop {
    let shop = Shop::open(lang).await;
    let cart = json!([
        {"positionId":1,"name":"Чай","quantity":{"value":2,"measure":"шт."},"itemPrice":10_000,"itemCode":"tea"},
        {"positionId":2,"name":"Мёд","quantity":{"value":1.5,"measure":"кг"},"itemPrice":30_010,"itemCode":"honey"},
    ]);
    for (number, order, amount, bonus) in [("A-10", ORDER, 65_015, 0), ("A-11", POINTS, 50_000, 15_015)] {
        let payment = json!({
            "gateway":"sber-old","order_number":number,"amount":amount,"bonus":bonus,"order_id":order,"cart":cart,
        });
        shop.control.post("payments", payment).await;
    }
    // The shop's own record of the Robokassa payment of 1500.00.
    let fiscal = |vat: &str| json!({"vat": vat, "method": "full_payment", "object": "commodity"});
    let mut lines = [
        json!({"position":"1","name":"Чай","code":"tea","quantity":"2","price":"500.00"}),
        json!({"position":"2","name":"Мёд","code":"honey","quantity":"1.5","price":"333.33","amount":"500.00"}),
    ];
    for (line, vat) in lines.iter_mut().zip(["vat20", "vat10"]) {
        let own = fiscal(vat).as_object().expect("an object").clone();
        line.as_object_mut().expect("an object").extend(own);
    }
    let order = json!({"schema":"refund/order@1","order":"1001","paid":"1500.00","lines":lines});
    shop.write("order-1001.json", &order.to_string());
    shop
}

fn line(position: &str, quantity: &str) -> Value {
    json!({ "position": position, "quantity": quantity })
}

#[tokio::test]
async fn sber_takes_a_part_and_then_the_rest_and_never_more_than_a_line_has() {
    let shop = shop_with_carts("en").await;
    let part = json!({"amount":"250.05","receipt":"cart","lines":[line("1","1"),line("2","0.5")]});
    let file = shop.asking("part", "sber", ORDER, &part);
    let done = parsed(&shop.run(&format!("create {file} --yes --output json")).await.out);
    assert_eq!((&done["exit"], &done["refund"]["state"]), (&json!(0), &json!("settled")), "{done}");
    let row = shop.ledger_row(ORDER).await;
    assert_eq!((&row["refunded"], &row["refunds"][0]["amount"]), (&json!(25_005), &json!(25_005)), "{row}");
    let sent = row["refunds"][0]["lines"].to_string();
    assert!(sent.contains("Чай") && sent.contains("Мёд"), "{sent}");

    let before = shop.kept().await;
    let more = json!({"amount":"200.00","receipt":"cart","lines":[line("1","2")]});
    let file = shop.asking("more", "sber", ORDER, &more);
    let ran = shop.run(&format!("create {file} --yes --output json")).await;
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
    let problem = parsed(&ran.err);
    let found = &problem["violations"][0];
    assert_eq!(
        (&found["rule"], &found["path"]),
        (&json!("cart-quantity-remaining"), &json!("lines[0].quantity"))
    );
    let values = &found["values"];
    assert_eq!(
        (&values["asked"], &values["left"], &values["sold"], &values["used"], &values["by"]),
        (&json!("2"), &json!("1"), &json!("2"), &json!("1"), &json!("part")),
        "the earlier refund that used it up is named"
    );
    assert_eq!(shop.kept().await, before, "nothing was sent or recorded");

    let rest = json!({"full":true,"receipt":"cart","lines":[line("1","1"),line("2","1")]});
    let file = shop.asking("rest", "sber", ORDER, &rest);
    let done = parsed(&shop.run(&format!("create {file} --yes --output json")).await.out);
    assert_eq!((&done["exit"], &done["refund"]["amount"]), (&json!(0), &json!("400.10")), "{done}");
    let row = shop.ledger_row(ORDER).await;
    assert_eq!(
        (&row["refunded"], row["refunds"].as_array().map(Vec::len)),
        (&json!(65_015), Some(2)),
        "{row}"
    );
}

#[tokio::test]
async fn robokassa_takes_the_cart_from_the_order_file() {
    let shop = shop_with_carts("en").await;
    let part = json!({
        "amount":"833.33","receipt":"cart","order_file":"order-1001.json",
        "lines":[line("1","1"),{"position":"2","quantity":"1","price":"333.33"}],
    });
    let file = shop.asking("part", "robokassa", "1001", &part);
    let ran = shop.run(&format!("create {file} --yes --output json")).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let row = shop.ledger_row(OP_KEY).await;
    let refund = &row["refunds"][0];
    assert_eq!(
        (&refund["amount"], &refund["receipt"]["state"]),
        (&json!(83_333), &json!("requested")),
        "{row}"
    );
    let lines = refund["lines"].as_array().expect("a list");
    assert_eq!(lines.len(), 2);
    assert!(lines[0].to_string().contains("vat20") && lines[1].to_string().contains("333.33"), "{row}");
    // The order file may say less next time: what the journal knows of the line is enough.
    let again = json!({
        "amount":"1000.00","receipt":"cart","order_file":"order-1001.json","lines":[line("1","2")],
    });
    let before = shop.kept().await;
    let file = shop.asking("again", "robokassa", "1001", &again);
    let ran = shop.run(&format!("create {file} --yes")).await;
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("cart-quantity-remaining (lines[0].quantity)"), "{}", ran.err);
    assert_eq!(shop.kept().await, before);
}

/// The documents' own examples, carried out: the sandbox knows both orders of Sber's page.
#[tokio::test]
async fn the_examples_of_the_documents_are_carried_out() {
    let shop = Shop::open("en").await;
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/requests");
    for (name, order, kopecks) in [
        ("sber-full", "130ab8ed-aeb8-7226-ba88-33300128092a", 47_000),
        ("sber-penalty", "c676d60a-67cc-7281-877a-78b300a39301", 500_000),
    ] {
        let file = examples.join(format!("{name}.json"));
        let ran = shop.run(&format!("create {} --yes", file.display())).await;
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert_eq!(shop.ledger_row(order).await["refunds"][0]["amount"], json!(kopecks), "{name}");
    }
}

#[tokio::test]
async fn an_order_too_long_for_the_journal_is_refused_before_anything_is_recorded() {
    let shop = Shop::open("en").await;
    let name = "x".repeat(128);
    let lines: Vec<_> = (1..=6_000)
        .map(|at: u32| json!({"position": at.to_string(), "name": name, "quantity": "1", "price": "0.01"}))
        .collect();
    let order = json!({"schema":"refund/order@1","paid":"60.00","lines":lines});
    shop.write("order.json", &order.to_string());
    let before = shop.kept().await;
    let fields = json!({"amount":"0.01","order_file":"order.json","lines":[line("1","1")]});
    let file = shop.asking("long", "robokassa", "1001", &fields);
    let ran = shop.run(&format!("create {file} --yes --output json")).await;
    assert_eq!((ran.code, &parsed(&ran.err)["code"]), (3, &json!("create-too-long")), "{}", ran.err);
    assert_eq!(shop.kept().await, before);
}

/// A person sees the lines before the question, and a dry run shows them and sends nothing.
#[tokio::test]
async fn the_lines_are_shown_before_anything_is_confirmed() {
    let shop = shop_with_carts("ru").await;
    let part = json!({"amount":"250.05","receipt":"cart","lines":[line("1","1"),line("2","0.5")]});
    let file = shop.asking("part", "sber", ORDER, &part);
    let before = shop.kept().await;
    let no = Answers::Lines(Arc::new(Mutex::new(vec!["нет".to_owned()])));
    for (ran, code) in [
        (shop.answering(&format!("create {file}"), no).await, 9),
        (shop.run(&format!("create {file} --dry-run")).await, 0),
    ] {
        assert_eq!(ran.code, code, "{ran:?}");
        for shown in ["Чай", "Мёд", "0.5", "150.05 RUB"] {
            assert!(ran.err.contains(shown), "{shown} is not in {}", ran.err);
        }
    }
    assert_eq!(shop.kept().await, before);
}

#[tokio::test]
async fn a_penalty_and_parameters_reach_the_gateway() {
    let shop = Shop::open("en").await;
    let order = "c676d60a-67cc-7281-877a-78b300a39301";
    let fields = json!({"amount":"5000.00","penalty":"1300.00","json_params":{"note":"a"},"language":"en"});
    let file = shop.asking("penalty", "sber", order, &fields);
    let ran = shop.run(&format!("create {file} --yes")).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let sent = shop.refund_bodies().await.last().expect("one").to_string();
    for part in ["penalty", "130000", "note", "language"] {
        assert!(sent.contains(part), "{part} is not in {sent}");
    }
    assert_eq!(shop.ledger_row(order).await["refunds"].as_array().map(Vec::len), Some(1));
}

/// The list of bad carts: the rule (or the file's code), the place, the values; nothing sent.
#[tokio::test]
async fn carts_that_break_a_rule() {
    let one = |line: Value, amount: &str| json!({"amount":amount,"receipt":"cart","lines":[line]});
    let rk = |line: Value, amount: &str| json!({"amount":amount,"receipt":"cart","order_file":"order-1001.json","lines":[line]});
    let sber = ("sber", ORDER);
    let cases = [
        (
            "line-not-in-order",
            sber,
            one(json!({"position":"3","quantity":"1","amount":"1.00"}), "1.00"),
            "cart-line-in-order (lines[0].position)",
        ),
        (
            "name-off-by-a-space",
            sber,
            one(json!({"position":"1","name":"Чай ","quantity":"1"}), "100.00"),
            "cart-line-in-order (lines[0].name)",
        ),
        (
            "other-code",
            sber,
            one(json!({"position":"1","code":"tee","quantity":"1"}), "100.00"),
            "cart-line-in-order (lines[0].code)",
        ),
        (
            "four-decimals",
            sber,
            one(json!({"position":"2","quantity":"0.5000"}), "150.05"),
            "lines[0].quantity: ",
        ),
        (
            "two-currencies",
            sber,
            one(json!({"position":"1","quantity":"1","amount":"100.00","currency":"USD"}), "100.00"),
            "cart-one-currency (lines[0].currency)",
        ),
        ("items-do-not-total", sber, one(line("1", "1"), "100.01"), "items-total-the-sum (amount)"),
        (
            "cart-over-the-remaining",
            sber,
            one(line("2", "1.501"), "450.45"),
            "cart-quantity-remaining (lines[0].quantity)",
        ),
        (
            "money-over-the-line",
            sber,
            one(json!({"position":"1","quantity":"2","amount":"200.01"}), "200.01"),
            "cart-amount-remaining (lines[0].amount)",
        ),
        (
            "price-times-quantity",
            sber,
            one(json!({"position":"1","quantity":"2","price":"100.00","amount":"199.99"}), "199.99"),
            "cart-price-times-quantity (lines[0].amount)",
        ),
        ("no-cart", sber, json!({"amount":"100.00"}), "cart-required (lines)"),
        ("empty-cart", sber, json!({"amount":"100.00","receipt":"cart","lines":[]}), "cart-formats (lines)"),
        (
            "twice",
            sber,
            json!({"amount":"200.00","receipt":"cart","lines":[line("1","1"),line("1","1")]}),
            "cart-positions-unique (lines[1].position)",
        ),
        (
            "reserved-name",
            sber,
            json!({"full":true,"json_params":{"loyaltyId":"x","sbrf_spasibo:amount_bonus":"1"}}),
            "sber-old-reserved-name (json_params.loyaltyId)",
        ),
        (
            "penalty-as-a-parameter",
            sber,
            json!({"full":true,"json_params":{"penalty":"1"}}),
            "sber-old-reserved-name (json_params.penalty)",
        ),
        (
            "penalty-over-the-refund",
            sber,
            json!({"full":true,"penalty":"650.16"}),
            "sber-old-penalty (penalty)",
        ),
        (
            "penalty-with-loyalty",
            ("sber", POINTS),
            json!({"full":true,"penalty":"1.00"}),
            "penalty-not-with-loyalty (penalty)",
        ),
        (
            "rk-no-order-file",
            ("robokassa", "1001"),
            one(line("1", "1"), "500.00"),
            "cart-line-in-order (lines)",
        ),
        (
            "rk-line-not-in-order",
            ("robokassa", "1001"),
            rk(json!({"position":"7","quantity":"1","amount":"1.00"}), "1.00"),
            "cart-line-in-order (lines[0].position)",
        ),
        (
            "rk-unit-price",
            ("robokassa", "1001"),
            rk(json!({"position":"2","quantity":"1.5","amount":"0.01"}), "0.01"),
            "robokassa-unit-price (lines[0].amount)",
        ),
        (
            "rk-penalty",
            ("robokassa", "1001"),
            json!({"amount":"1.00","penalty":"0.50"}),
            "robokassa-not-taken (penalty)",
        ),
    ];
    for lang in LANGUAGES {
        let shop = shop_with_carts(lang).await;
        let before = shop.kept().await;
        let mut tale = Tale::default();
        for (key, (gateway, order), fields, expected) in &cases {
            let file = shop.asking(key, gateway, order, fields);
            let ran = shop.run(&format!("create {file} --yes")).await;
            assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{key}: {ran:?}");
            assert!(ran.err.contains(expected), "{key}: {expected} is not in {}", ran.err);
            tale.add(&shop, &ran);
            assert_eq!(shop.kept().await, before, "{key} changed something");
        }
        assert_eq!(before.refund_requests, 0);
        tale.pin("bad-carts", lang);
    }
}
