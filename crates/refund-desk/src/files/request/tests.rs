//! What a request file says and what is wrong with one, by example.

use super::*;
use crate::problem::Kind;
use proptest::prelude::*;
use refund_core::{Measure, Quantity};

const GOOD: &str = r#"{"schema":"refund/request@1","gateway":"acme","order":"1001","amount":"150.00"}"#;

/// What is wrong with a request: the code and the place.
fn check(text: &str, code: &str, place: &str) {
    let problem = parse_request(text.as_bytes()).expect_err(text);
    let found = (problem.code(), problem.place.as_deref().unwrap_or(""), problem.kind);
    assert_eq!(found, (code, place, Kind::Rules), "{text}: {:?}", problem.message);
}

fn with(field: &str, value: &str) -> String {
    GOOD.replacen('{', &format!("{{\"{field}\":{value},"), 1)
}

#[test]
fn a_good_request_is_read_as_written() {
    let request = parse_request(GOOD.as_bytes()).expect("good");
    assert_eq!(request.amount, RequestAmount::Exactly(Money::rub(15_000)));
    assert_eq!((request.order.as_str(), request.key, request.reason), ("1001", None, None));
    let full = GOOD.replace(r#""amount":"150.00""#, r#""full":true,"receipt":"none","key":"k-1""#);
    let request = parse_request(full.as_bytes()).expect("good");
    assert_eq!(request.amount, RequestAmount::Full);
    assert_eq!(request.key.map(|key| key.to_string()), Some("k-1".to_owned()));
}

#[test]
fn everything_a_request_can_say_reaches_the_command() {
    let text = GOOD.replacen(
        '{',
        r#"{"lines":[{"position":"1","quantity":"1.5","name":"Мёд","code":"h","measure":"кг","price":"100.10","amount":"150.15","currency":"RUB"}],
               "penalty":"1300.00","json_params":{"a":"1"},"language":"ru","receipt":"cart",
               "receipt_extras":{"customer.inn":"7707083893","phones":["1","2"]},"#,
        1,
    );
    let request = parse_request(text.as_bytes()).expect("good");
    let account = AccountId::parse("shop").expect("valid");
    let command = request.command(ProviderId::from_static("acme"), account);
    let mut line = RefundLine::new("1", Quantity::from_thousandths(1_500));
    line.name = Some("Мёд".to_owned());
    line.code = Some("h".to_owned());
    line.measure = Some(Measure("кг".to_owned()));
    line.price = Some(Money::rub(10_010));
    line.amount = Some(Money::rub(15_015));
    line.currency = Some(Currency::RUB);
    assert_eq!(command.lines, Some(vec![line]));
    assert_eq!((command.receipt, command.penalty), (ReceiptChoice::Cart, Some(Money::rub(130_000))));
    assert_eq!(command.params, BTreeMap::from([("a".to_owned(), "1".to_owned())]));
    assert_eq!(command.language.as_deref(), Some("ru"));
    let text = |text: &str| text.to_owned();
    let extras =
        [(text("customer.inn"), vec![text("7707083893")]), (text("phones"), vec![text("1"), text("2")])];
    assert_eq!(command.receipt_extras, BTreeMap::from(extras));
}

#[test]
fn the_order_file_lies_beside_the_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    std::fs::create_dir(folder.path().join("orders")).expect("made");
    write("request.json", &with("order_file", "\"orders/1.json\""));
    let read = || read_request(&folder.path().join("request.json"));
    let missing = read().expect_err("no order file yet");
    assert_eq!((missing.code(), missing.kind), ("request-no-file", Kind::Usage));
    let order = r#"{"schema":"refund/order@1","order":"ORDER","paid":"1.00","lines":[{"position":"1","name":"n","quantity":"1","price":"1.00"}]}"#;
    write("orders/1.json", &order.replace("ORDER", "7"));
    let other = read().expect_err("another order");
    assert_eq!(other.code(), "order-file-other");
    assert!(other.place.is_some_and(|place| place.ends_with("orders/1.json: order")));
    write("orders/1.json", &order.replace("ORDER", "1001"));
    let request = read().expect("good");
    let command = request.command(ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
    assert_eq!(command.order.map(|cart| cart.lines.len()), Some(1));
}

#[test]
fn every_mistake_is_named_with_its_place() {
    check("", "request-syntax", "");
    check("[]", "request-not-an-object", "");
    check(r#"["refund/request@1","k","acme","1001","1.00"]"#, "request-not-an-object", "");
    check(&with("amuont", "\"1\""), "field-unknown", "amuont");
    check(&GOOD.replace("\"150.00\"", "150.00"), "field-type", "amount");
    check(&GOOD.replace("\"1001\"", "1001"), "field-type", "order");
    check(&GOOD.replace("150.00", "150.001"), "request-amount-decimals", "amount");
    check(&GOOD.replace("150.00", "150.000"), "request-amount-decimals", "amount");
    check(&GOOD.replace("150.00", "150,00"), "request-amount-not-a-number", "amount");
    check(&GOOD.replace("150.00", "1e3"), "request-amount-not-a-number", "amount");
    check(&GOOD.replace("\"150.00\"", "null"), "request-no-amount", "amount");
    check(&with("full", "true"), "request-amount-and-full", "amount");
    check(&GOOD.replace("request@1", "request@2"), "request-schema", "schema");
    check(&GOOD.replace("1001", ""), "request-identifier-empty", "order");
    check(&GOOD.replace("1001", &"1".repeat(200)), "request-identifier-long", "order");
    check(&with("key", "\"a b\""), "request-identifier", "key");
    check(&with("penalty", "1.00"), "field-type", "penalty");
    check(&with("penalty", "\"1.005\""), "request-amount-decimals", "penalty");
    check(&with("json_params", "{\"a\":1}"), "field-type", "json_params.a");
    check(&with("json_params", "{\"a\":\"1\",\"a\":\"2\"}"), "field-twice", "json_params");
    check(&with("json_params", "[]"), "field-type", "json_params");
    check(&with("receipt_extras", "{\"a\":1}"), "request-malformed", "receipt_extras.a");
    check(&with("language", "1"), "field-type", "language");
    check(&with("order_file", "\"/etc/passwd\""), "request-order-file-absolute", "order_file");
    let line = |fields: &str| with("lines", &format!("[{{\"position\":\"1\",{fields}}}]"));
    check(&with("lines", "{}"), "field-type", "lines");
    check(&with("lines", "[{\"position\":\"1\"}]"), "field-missing", "lines[0]");
    check(&line("\"quantity\":1"), "field-type", "lines[0].quantity");
    check(&line("\"quantity\":\"0.1255\""), "request-quantity-decimals", "lines[0].quantity");
    check(&line("\"quantity\":\"1.0000\""), "request-quantity-decimals", "lines[0].quantity");
    check(&line("\"quantity\":\"a\""), "request-quantity-not-a-number", "lines[0].quantity");
    check(&line("\"quantity\":\"1\",\"amount\":\"1.001\""), "request-amount-decimals", "lines[0].amount");
    check(&line("\"quantity\":\"1\",\"currency\":\"rub\""), "request-currency", "lines[0].currency");
    check(&line("\"quantity\":\"1\",\"nmae\":\"x\""), "field-unknown", "lines[0].nmae");
    check(&with("receipt", "\"paper\""), "field-word", "receipt");
    check(&with("order", "\"7\""), "field-twice", "");
    check(&GOOD.replace(r#","order":"1001""#, ""), "field-missing", "");
    check(&format!("{GOOD} x"), "request-syntax", "");
}

#[test]
fn without_a_key_the_content_is_the_key() {
    let account = || (ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
    let key = |text: &str| {
        let request = parse_request(text.as_bytes()).expect("good");
        let (provider, account) = account();
        request.key_for(&request.command(provider, account))
    };
    assert_eq!(key(GOOD), key(&with("reason", "\"another reason\"")), "a reason is not content");
    assert_ne!(key(GOOD), key(&GOOD.replace("150.00", "150.01")));
    assert_eq!(key(GOOD), key(&GOOD.replace("150.00", "150")), "the same amount, written otherwise");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_request(&bytes);
    }
}
