//! What a request file says and what is wrong with one, by example.

use super::*;
use crate::problem::Kind;
use proptest::prelude::*;
use refund_core::{
    Measure, Quantity,
    allocate::{By, WholeOrder, WholeOrderLines},
};

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
fn how_lines_are_made_is_said_by_name() {
    let parsed = |value: &str| parse_request(with("allocate", value).as_bytes()).expect("good").allocate;
    let whole = WholeOrderLines::none;
    assert_eq!(parse_request(GOOD.as_bytes()).expect("good").allocate, None);
    assert_eq!(parsed(r#"{"by":"amount"}"#), Some(Allocation { by: By::Amount, whole_order: whole() }));
    assert_eq!(parsed(r#"{"by":"lines"}"#), Some(Allocation { by: By::Lines, whole_order: whole() }));
    let by = By::Concession { position: "2".into(), quantity: Quantity::from_thousandths(500) };
    let concession = r#"{"by":"concession","position":"2","quantity":"0.5"}"#;
    assert_eq!(parsed(concession), Some(Allocation { by, whole_order: whole() }));
    for (word, back) in [
        ("keep", WholeOrder::Keep),
        ("return", WholeOrder::Return),
        ("in_proportion", WholeOrder::InProportion),
    ] {
        let mut whole_order = WholeOrderLines::at(back, ["3"]);
        whole_order.objects = vec!["service".into()];
        let text = format!(
            r#"{{"by":"amount","delivery":"{word}","delivery_lines":["3"],"delivery_objects":["service"]}}"#
        );
        assert_eq!(parsed(&text), Some(Allocation { by: By::Amount, whole_order }));
    }
    let account = || (ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
    let command = |text: &str| {
        let (provider, account) = account();
        let request = parse_request(text.as_bytes()).expect("good");
        (
            request.key_for(&request.command(provider.clone(), account.clone())),
            request.command(provider, account),
        )
    };
    let (plain, made) = (command(GOOD), command(&with("allocate", r#"{"by":"amount"}"#)));
    assert_ne!(plain.0, made.0, "it is content, so another request");
    assert_eq!((plain.1.allocate, made.1.allocate.map(|made| made.by)), (None, Some(By::Amount)));
}

/// An amount that no float holds is the same in the file, in the command and in the journal's bytes.
#[test]
fn no_float_is_on_the_way() {
    let account = || (ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
    for (text, minor) in [
        // 2^53 + 1 kopecks: as a float of roubles or of kopecks it is another amount.
        ("90071992547409.93", 9_007_199_254_740_993),
        ("92233720368547758.07", i64::MAX),
        // 0.1 + 0.2 as floats is 0.30000000000000004, 1.005 × 100 is 100.49999999999999.
        ("0.3", 30),
        ("0.10", 10),
        ("1.01", 101),
        ("19.99", 1_999),
    ] {
        let file = GOOD.replace("150.00", text).replacen(
            '{',
            &format!(r#"{{"lines":[{{"position":"1","quantity":"9007199254740.993","price":"{text}"}}],"#),
            1,
        );
        let request = parse_request(file.as_bytes()).expect(text);
        let (provider, account) = account();
        let bytes = refund_engine::codec::encode_command(&request.command(provider, account));
        let command = refund_engine::codec::decode_command(&bytes).expect("what was encoded");
        assert_eq!(command.amount, RefundAmount::Exactly(Money::rub(minor)), "{text}");
        let line = &command.lines.expect("a line")[0];
        assert_eq!(
            (line.price, line.quantity.thousandths()),
            (Some(Money::rub(minor)), 9_007_199_254_740_993)
        );
        assert!(String::from_utf8_lossy(bytes.bytes()).contains(&format!(r#""minor":{minor},"#)), "{text}");
    }
    for number in ["90071992547409.93", "0.3", "1e2", "15000"] {
        check(&GOOD.replace("\"150.00\"", number), "field-type", "amount");
    }
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
    check(&with("allocate", "\"amount\""), "field-type", "allocate");
    check(&with("allocate", "{}"), "field-missing", "allocate");
    check(&with("allocate", r#"{"by":"guess"}"#), "field-word", "allocate.by");
    check(&with("allocate", r#"{"by":"amount","delivrey":"keep"}"#), "field-unknown", "allocate.delivrey");
    check(&with("allocate", r#"{"by":"amount","delivery":"maybe"}"#), "field-word", "allocate.delivery");
    let allocate = |members: &str, code: &str, member: &str| {
        check(&with("allocate", &format!("{{{members}}}")), code, &format!("allocate.{member}"));
    };
    allocate(r#""by":"amount","delivery":"keep""#, "request-allocate-delivery-lines", "delivery_lines");
    allocate(r#""by":"amount","delivery_lines":["3"]"#, "request-allocate-delivery", "delivery");
    allocate(r#""by":"concession","quantity":"1""#, "request-allocate-concession", "position");
    allocate(r#""by":"concession","position":"1""#, "request-allocate-concession", "quantity");
    allocate(r#""by":"lines","position":"1""#, "request-allocate-not-a-concession", "position");
    allocate(r#""by":"amount","quantity":"1""#, "request-allocate-not-a-concession", "quantity");
    allocate(
        r#""by":"concession","position":"1","quantity":"1.0000""#,
        "request-quantity-decimals",
        "quantity",
    );
    allocate(r#""by":"concession","position":"1","quantity":1"#, "field-type", "quantity");
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
