//! The control API: what it makes, what it lists, and what it says to wrong input.

use refund_sandbox::{Mode, Sandbox, StartError};
use serde_json::{Value, json};

use crate::support::{Bench, CREATE, JSON, OP_KEY, REFUND_DO, START, WHO, token};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

#[tokio::test]
async fn a_new_sandbox_holds_the_documents_own_data() {
    let bench = Bench::strict().await;
    let expected = json!({"payments": [
        {"gateway": "robokassa", "id": OP_KEY, "captured": 10_000, "refunded": 100, "points": 0, "refunds": [
            {"amount": 100, "at": "2026-11-21T09:00:00Z", "state": "finished", "penalty": 0, "lines": [], "receipt": null}
        ]},
        {"gateway": "sber-old", "id": FULL, "captured": 47_000, "refunded": 0, "points": 0, "refunds": []},
        {"gateway": "sber-old", "id": "c676d60a-67cc-7281-877a-78b300a39301", "captured": 500_000, "refunded": 0, "points": 0, "refunds": []},
    ]});
    assert_eq!(bench.control("GET", "ledger", "").await, expected);
    bench.control("POST", "reset", "").await;
    assert_eq!(bench.control("GET", "ledger", "").await, json!({"payments": []}));
    for (path, body) in [("reset?reseed=true", ""), ("reset", r#"{"reseed":true}"#)] {
        assert_eq!(bench.control("POST", path, body).await, json!({"reseed": true}));
        assert_eq!(bench.control("GET", "ledger", "").await, expected);
    }
}

#[tokio::test]
async fn payments_get_ids_of_the_gateways_form() {
    let bench = Bench::strict().await;
    let robokassa = r#"{"gateway":"robokassa","inv_id":1001,"sum":"150.00","items":[{"Name":"a"}]}"#;
    let op_key = bench.control("POST", "payments", robokassa).await["op_key"].as_str().unwrap().to_owned();
    assert_eq!((op_key.len(), bench.payment(&op_key).await["captured"].as_u64()), (47, Some(15_000)));
    let sber = r#"{"gateway":"sber-old","order_number":"A-1","amount":47000,"cart":[],"bonus":0}"#;
    let order_id = bench.control("POST", "payments", sber).await["order_id"].as_str().unwrap().to_owned();
    assert_eq!((order_id.len(), bench.payment(&order_id).await["captured"].as_u64()), (36, Some(47_000)));
}

/// One row: wrong input, the member it is blamed on, and nothing has changed.
async fn blamed(bench: &Bench, method: &str, path: &str, body: &str, place: &str) {
    let before = bench.control("GET", "ledger", "").await;
    let answer = bench.send(method, &format!("/_sandbox/{path}"), JSON, body.as_bytes()).await;
    assert_eq!(answer.status, 400, "{path} {body}: {answer:?}");
    let json = answer.json();
    assert!(json["where"].as_str().expect("a place").starts_with(place), "{path} {body}: {json}");
    assert!(!json["error"].as_str().expect("a text").is_empty());
    assert_eq!(bench.control("GET", "ledger", "").await, before);
}

#[tokio::test]
async fn wrong_payments_are_blamed_on_the_member() {
    let bench = Bench::strict().await;
    let line = r#"{"positionId":1,"name":"a","quantity":{"value":1},"itemPrice":100,"itemCode":"c"}"#;
    let robokassa = |rest: &str| format!(r#"{{"gateway":"robokassa","inv_id":1,"sum":"1"{rest}}}"#);
    let sber = |rest: &str| format!(r#"{{"gateway":"sber-old","order_number":"n","amount":100{rest}}}"#);
    for (body, place) in [
        (String::new(), "body, line 1"),
        ("{".to_owned(), "body, line 1"),
        ("[]".to_owned(), "body, line 1"),
        ("{}".to_owned(), "body, line 1 column 2"),
        (r#"{"gateway":"paypal"}"#.to_owned(), "gateway"),
        (r#"{"gateway":"sber-ecom","order_number":"n","amount":0}"#.to_owned(), "amount"),
        (
            r#"{"gateway":"sber-ecom","order_number":"n","amount":100,"cart":[{"positionId":1}]}"#.to_owned(),
            "cart[0]",
        ),
        (
            r#"{"gateway":"sber-ecom","order_number":"n","amount":100,"additional_ofd_params":{}}"#
                .to_owned(),
            "additional_ofd_params",
        ),
        (robokassa(r#","state":"created""#), "state"),
        (sber(r#","currency":"RUB""#), "currency"),
        (sber(r#","currency":"840","bonus":1"#), "currency"),
        (sber(r#","additional_ofd_params":{"cashier":""}"#), "additional_ofd_params"),
        (r#"{"gateway":"robokassa","gateway":"sber-old"}"#.to_owned(), "body"),
        (robokassa(r#","unknown":1"#), "body"),
        (robokassa(r#","state":"refunded""#), "body"),
        (robokassa(r#","op_key":"a b""#), "op_key"),
        (robokassa(&format!(r#","op_key":"{OP_KEY}""#)), "op_key"),
        (robokassa(r#","out_sum":"1.01""#), "out_sum"),
        (robokassa(r#","items":[{},1]"#), "items[1]"),
        (robokassa(r#","paid_at":"yesterday""#), "paid_at"),
        (robokassa("").replace("\"1\"", "\"0\""), "sum"),
        (robokassa("").replace("\"1\"", "\"1.005\""), "sum"),
        (robokassa("").replace("\"1\"", "1"), "body"),
        (robokassa("").replace("\"inv_id\":1", "\"inv_id\":0"), "inv_id"),
        (sber(r#","order_id":"short""#), "order_id"),
        (sber(&format!(r#","order_id":"{FULL}""#)), "order_id"),
        (sber("").replace("\"n\"", "\"sample-full\""), "order_number"),
        (sber("").replace("\"n\"", "\"\""), "order_number"),
        (sber("").replace("100", "0"), "amount"),
        (sber("").replace("100", "1.5"), "body"),
        (sber("").replace("100", "-1"), "body"),
        (sber("").replace("100", "1000000000000"), "amount"),
        (sber(&format!(r#","cart":[{line},{line}]"#)), "cart"),
        (sber(&format!(r#","cart":[{line},{line}]"#)).replace("\"amount\":100", "\"amount\":200"), "cart"),
        (sber(r#","cart":[{"positionId":1}]"#), "cart[0]"),
        (sber(r#","cart":[1]"#), "cart[0]"),
    ] {
        blamed(&bench, "POST", "payments", &body, place).await;
    }
}

#[tokio::test]
async fn other_wrong_input_is_blamed_on_the_member_too() {
    let bench = Bench::strict().await;
    let fault =
        |rest: &str| format!(r#"{{"gateway":"robokassa","operation":"refund","fault":"html"{rest}}}"#);
    let cabinet =
        |rest: &str| format!(r#"{{"gateway":"robokassa","id":"{OP_KEY}","action":"refund"{rest}}}"#);
    for (path, body, place) in [
        ("switches", "[]".to_owned(), "body"),
        ("switches", r#"{"robokassa.nothing":1}"#.to_owned(), "robokassa.nothing"),
        ("switches", r#"{"robokassa.refusal_status":404}"#.to_owned(), "robokassa.refusal_status"),
        ("switches", r#"{"robokassa.hash":"crc32"}"#.to_owned(), "robokassa.hash"),
        ("switches", r#"{"sber.status_version":5.0}"#.to_owned(), "sber.status_version"),
        ("switches", r#"{"sber.status_version":5,"sber.status_version":6}"#.to_owned(), "body"),
        ("faults", fault(r#","times":0"#), "times"),
        ("faults", fault(r#","times":-1"#), "body"),
        ("faults", fault(r#","seconds":1"#), "seconds"),
        ("faults", fault("").replace("html", "delay\",\"seconds\":4000,\"fault2\":\""), "body"),
        ("faults", fault(r#","seconds":4000"#).replace("html", "delay"), "seconds"),
        ("faults", fault(r#","status":404"#).replace("html", "error_after_commit"), "status"),
        ("faults", fault("").replace("html", "gremlin"), "fault"),
        ("faults", fault("").replace("html", "unknown_label"), "fault"),
        ("faults", fault("").replace("html", "error_code_string"), "fault"),
        ("faults", fault("").replace("\"refund\"", "\"capture\""), "operation"),
        ("faults", fault("").replace("robokassa", "stripe"), "gateway"),
        ("clock", r#"{"advance_seconds":-1}"#.to_owned(), "body"),
        ("clock", r#"{"advance_seconds":999999999999}"#.to_owned(), "advance_seconds"),
        ("clock", "{}".to_owned(), "body"),
        ("cabinet", cabinet(r#","amount":0"#), "amount"),
        ("cabinet", cabinet(r#","amount":9901"#), "amount"),
        ("cabinet", cabinet("").replace("0005", "0006"), "id"),
        ("cabinet", cabinet("").replace("\"refund\"", "\"steal\""), "body"),
        ("cabinet", cabinet(r#","request_id":"x""#).replace("\"refund\"", "\"cancel\""), "request_id"),
        (
            "cabinet",
            cabinet("").replace("\"refund\"", "\"cancel\"").replace("robokassa", "sber-old"),
            "action",
        ),
        ("reset", r#"{"reseed":1}"#.to_owned(), "body"),
        ("reset?reseed=maybe", String::new(), "reseed"),
    ] {
        blamed(&bench, "POST", path, &body, place).await;
    }
}

#[tokio::test]
async fn unknown_calls_and_methods_say_what_there_is() {
    let bench = Bench::strict().await;
    let unknown = bench.get("/_sandbox/nothing").await;
    assert_eq!((unknown.status, unknown.json()["where"].as_str()), (404, Some("path")));
    assert!(unknown.body.contains("POST /_sandbox/payments"));
    let wrong = bench.get("/_sandbox/payments").await;
    assert_eq!((wrong.status, wrong.json()["where"].as_str()), (405, Some("method")));
    let index = bench.get("/_sandbox/").await.json();
    assert!(index["calls"].as_array().unwrap().contains(&"DELETE /_sandbox/faults".into()));
}

#[tokio::test]
async fn switches_are_listed_set_together_or_not_at_all_and_preset_by_mode() {
    let bench = Bench::strict().await;
    let listed = bench.control("GET", "switches", "").await;
    assert_eq!(listed["mode"], "strict");
    for switch in listed["switches"].as_array().unwrap() {
        let name = switch["name"].as_str().unwrap();
        assert_eq!(listed["values"][name], switch["value"], "{name}");
        assert_eq!(switch["value"], switch["default"], "{name}");
        assert!(switch["about"].as_str().unwrap().len() > 20 && !switch["allowed"].is_null(), "{name}");
    }
    let both = r#"{"robokassa.refusal_status":400,"sber.status_version":5}"#;
    let set = bench.control("POST", "switches", both).await;
    assert_eq!(
        (&set["values"]["robokassa.refusal_status"], &set["values"]["sber.status_version"]),
        (&400.into(), &5.into())
    );
    let half = r#"{"robokassa.refusal_status":200,"sber.status_version":"five"}"#;
    assert_eq!(bench.send("POST", "/_sandbox/switches", "", half.as_bytes()).await.status, 400);
    assert_eq!(bench.control("GET", "switches", "").await["values"], set["values"]);
    bench.control("POST", "reset", "").await;
    assert_eq!(bench.control("GET", "switches", "").await["values"], listed["values"]);

    let lenient = Bench::in_mode(Mode::Lenient).await.control("GET", "switches", "").await;
    let differ: Vec<&String> = lenient["values"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, value)| listed["values"][*name] != **value)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        differ,
        [
            "robokassa.item_values",
            "robokassa.items_sum",
            "robokassa.payload_whitespace",
            "robokassa.signature_padding",
            "robokassa.unknown_members",
            "sber.cart_arithmetic",
            "sber.duplicate_parameters",
            "sber.json_params_values",
            "sber.ofd_changed_values",
            "sber.ofd_unknown_keys",
            "sber.ofd_without_registration",
            "sber.unique_item_codes",
            "sber_ecom.item_arithmetic",
            "sber_ecom.refund_cart",
        ]
    );
}

#[tokio::test]
async fn the_clock_moves_only_when_told_to() {
    let bench = Bench::strict().await;
    assert_eq!(bench.control("GET", "clock", "").await["now"], "2026-11-21T09:00:00Z");
    assert_eq!(
        bench.control("POST", "clock", r#"{"advance_seconds":86400}"#).await["now"],
        "2026-11-22T09:00:00Z"
    );
    assert_eq!(bench.control("GET", "clock", "").await["now"], "2026-11-22T09:00:00Z");
    bench.control("POST", "reset", "").await;
    assert_eq!(bench.control("GET", "clock", "").await["now"], "2026-11-21T09:00:00Z");
}

#[tokio::test]
async fn every_gateway_request_is_listed_without_its_secrets() {
    let bench = Bench::strict().await;
    let token = token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1}}"#));
    let (unsigned, signature) = token.rsplit_once('.').unwrap();
    bench.create(&token).await;
    bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount=1")).await;
    bench
        .get(
            "/Merchant/WebService/Service.asmx/OpStateExt?MerchantLogin=demo&InvoiceID=42&Signature=F353EE13",
        )
        .await;
    bench.send("POST", REFUND_DO, JSON, br#"{"userName":"u","password":"hidden"}"#).await;
    bench.get("/nowhere?token=hidden").await;
    let auth = b"GET /nowhere HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hidden\r\nX-Trace: 7\r\nConnection: close\r\n\r\n";
    bench.raw(auth).await;
    let listed = bench.control("GET", "requests", "").await;
    let text = listed.to_string();
    for secret in ["hidden", "testPwd", signature, "F353EE13"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(listed["seen"], 6);
    let entry = |at: usize, member: &str| listed["requests"][at][member].clone();
    assert_eq!(entry(0, "body"), format!("\"{unsigned}.***\""));
    assert_eq!(
        [entry(0, "gateway"), entry(0, "operation"), entry(0, "method")],
        ["robokassa", "refund", "POST"]
    );
    assert_eq!([entry(0, "path"), entry(0, "at")], [CREATE, "2026-11-21T09:00:00Z"]);
    assert_eq!(entry(1, "body"), format!("userName=username-api&password=***&orderId={FULL}&amount=1"));
    assert_eq!(entry(2, "query"), "MerchantLogin=demo&InvoiceID=42&Signature=***");
    assert_eq!([entry(2, "operation"), entry(2, "body")], ["lookup", ""]);
    assert_eq!(entry(4, "gateway"), Value::Null);
    assert_eq!(
        entry(5, "headers"),
        json!([["host", "x"], ["authorization", "***"], ["x-trace", "7"], ["connection", "close"]])
    );
    assert_eq!(entry(5, "outcome"), json!({"status": 404, "fault": null}));
    bench.switch("sandbox.requests_kept", 1).await;
    bench.get("/last").await;
    let listed = bench.control("GET", "requests", "").await;
    assert_eq!((listed["seen"].as_u64(), listed["requests"].as_array().unwrap().len()), (Some(7), 1));
    assert_eq!(listed["requests"][0]["path"], "/last");
}

#[tokio::test]
async fn sandboxes_share_nothing_and_stop() {
    let (one, two) = (Bench::strict().await, Bench::strict().await);
    one.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}"}}"#)).await;
    one.switch("sber.status_version", 9).await;
    one.advance(5).await;
    assert_eq!((one.refunded(OP_KEY).await, two.refunded(OP_KEY).await), (10_000, 100));
    assert_eq!(two.control("GET", "switches", "").await["values"]["sber.status_version"], 3);
    assert_eq!(two.control("GET", "clock", "").await["now"], "2026-11-21T09:00:00Z");
    let addr = one.addr();
    assert_eq!(one.running.url(), format!("http://{addr}"));
    one.running.stop().await;
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
    // The port is free again, and a taken one is an error.
    let again = Sandbox::builder().listen(addr).starts_at(START).start().await.unwrap();
    let taken = Sandbox::builder().listen(addr).start().await;
    assert!(matches!(taken, Err(StartError::Listen { addr: asked, .. }) if asked == addr));
    again.stop().await;
    let early = Sandbox::builder().starts_at(-1).start().await;
    assert!(matches!(early, Err(StartError::FirstInstant { unix_seconds: -1 })));
}

#[tokio::test]
async fn stop_closes_connections_that_are_waiting() {
    let bench = Bench::strict().await;
    bench.fault("robokassa", "refund", "delay").await;
    let bytes = format!("\"{}\"", token(&format!(r#"{{"OpKey":"{OP_KEY}"}}"#)));
    let request = format!(
        "POST {CREATE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{bytes}",
        bytes.len()
    );
    let mut stream = tokio::net::TcpStream::connect(bench.addr()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    while bench.refunded(OP_KEY).await == 100 {}
    bench.running.stop().await;
    let mut rest = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
    assert!(rest.is_empty());
}
