//! `check` and `explain`: without a journal, settings, secrets or a gateway.

use crate::{shop::LANGUAGES, tale::parsed};
use refund_cli::{
    Setup,
    gateways::built_in,
    run,
    setup::{Answers, Stream},
};
use refund_core::WallTime;
use refund_engine::ManualClock;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Where the examples lie.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// Runs the command with no settings and no environment: code, stdout, stderr.
async fn refund(folder: &Path, line: &str) -> (u8, String, String) {
    let (out, err) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let setup = Setup {
        gateways: built_in(),
        timer: Arc::new(ManualClock::starting(WallTime(0))),
        out: out.clone() as Stream,
        err: err.clone() as Stream,
        answers: Answers::Nobody,
        environment: BTreeMap::new(),
        folder: folder.to_owned(),
        program: None,
    };
    let words = std::iter::once("refund").chain(line.split_whitespace());
    let exit = run(words.map(OsString::from).collect(), setup).await;
    let text =
        |stream: &Mutex<Vec<u8>>| String::from_utf8(stream.lock().expect("no panic").clone()).expect("UTF-8");
    (exit.code(), text(&out), text(&err))
}

/// Every example is checked, and its request is what the documents print.
#[tokio::test]
async fn every_example_holds() {
    // File, amount, and the request: Robokassa's sample token and Sber's two examples are the documents' own bytes.
    let expected = [
        ("robokassa-money-only", "3.00", r#"{"OpKey":"SAMPLE"}"#),
        (
            "robokassa-sample",
            "1.00",
            r#"{"OpKey":"SAMPLE","RefundSum":1,"InvoiceItems":[{"Name":"Тестовый товар-1","Quantity":1,"Cost":1,"Tax":"vat20","PaymentMethod":"full_payment","PaymentObject":"commodity"}]}"#,
        ),
        ("sber-full", "470.00", "orderId=130ab8ed-aeb8-7226-ba88-33300128092a&amount=47000"),
        ("sber-partial", "250.08", "orderId=2f6a5d10-7c1e-4b52-9a55-000000000010&amount=25008&refundItems="),
        (
            "sber-penalty",
            "5000.00",
            "orderId=c676d60a-67cc-7281-877a-78b300a39301&amount=500000&jsonParams=%7B%22penalty%22%3A%22130000%22%7D",
        ),
    ];
    let files = std::fs::read_dir(examples().join("requests")).expect("a folder");
    let mut names: Vec<_> = files.map(|file| file.expect("a file").file_name()).collect();
    names.sort();
    assert_eq!(names, expected.map(|(name, ..)| OsString::from(format!("{name}.json"))));
    for (name, amount, request) in expected {
        let (code, out, err) =
            refund(&examples(), &format!("check requests/{name}.json --output json")).await;
        assert_eq!((code, err.as_str()), (0, ""), "{name}: {out}");
        let verdict = parsed(&out);
        assert_eq!((&verdict["amount"], &verdict["violations"]), (&json!(amount), &json!([])), "{name}");
        let text = verdict["request"].as_str().expect("a request");
        let same = if request.ends_with('=') { text.starts_with(request) } else { text == request };
        assert!(same, "{name}: {text}");
        // The order is named by hand as well as by the request.
        let (code, told, _) =
            refund(&examples(), &format!("check requests/{name}.json --order orders/{}", order_of(name)))
                .await;
        assert_eq!(code, 0, "{name}");
        assert!(told.contains(amount), "{told}");
    }
}

fn order_of(request: &str) -> String {
    let name = if request == "robokassa-money-only" { "robokassa-sample" } else { request };
    format!("{name}.json")
}

const KEYS: [&str; 12] = [
    "amount",
    "captured",
    "currency",
    "exit",
    "gateway",
    "lines",
    "order",
    "penalty",
    "request",
    "schema",
    "violations",
    "exit",
];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[tokio::test]
async fn every_violation_is_told_at_once_as_a_table_and_as_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, value: &Value| {
        std::fs::write(folder.path().join(name), value.to_string()).expect("written");
    };
    write(
        "order.json",
        &json!({
            "schema":"refund/order@1","order":"2f6a5d10-7c1e-4b52-9a55-000000000010","paid":"650.15",
            "lines":[
                {"position":"1","name":"Чай","code":"tea","quantity":"2","price":"100.00"},
                {"position":"2","name":"Мёд","code":"honey","quantity":"1.5","price":"300.10"},
            ],
            "earlier":[{"key":"first","amount":"100.00","lines":[{"position":"1","quantity":"1"}]}],
        }),
    );
    write(
        "bad.json",
        &json!({
            "schema":"refund/request@1","gateway":"sber","order":"2f6a5d10-7c1e-4b52-9a55-000000000010",
            "amount":"600.00","receipt":"cart",
            "lines":[{"position":"1","quantity":"2"},{"position":"2","name":"Мёд ","quantity":"1.501"}],
        }),
    );
    for lang in LANGUAGES {
        let (code, out, err) =
            refund(folder.path(), &format!("--lang {lang} check bad.json --order order.json")).await;
        assert_eq!(code, 3);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("check@{lang}"), format!("{out}-- stderr\n{err}"));
        });
    }
    let (code, out, err) = refund(folder.path(), "check bad.json --order order.json --output json").await;
    assert_eq!((code, err.as_str()), (3, ""));
    let verdict = parsed(&out);
    assert_eq!(keys(&verdict), KEYS[..11]);
    assert_eq!((&verdict["schema"], &verdict["exit"]), (&json!("refund/check@1"), &json!(3)));
    let found = verdict["violations"].as_array().expect("a list");
    let told: Vec<_> = found
        .iter()
        .map(|one| (one["rule"].as_str().expect("an id"), one["path"].as_str().expect("a path")))
        .collect();
    assert_eq!(
        told,
        [
            ("within-remaining", "amount"),
            ("cart-line-in-order", "lines[1].name"),
            ("cart-quantity-remaining", "lines[0].quantity"),
            ("cart-quantity-remaining", "lines[1].quantity"),
            ("cart-amount-remaining", "lines[0].amount"),
            ("cart-amount-remaining", "lines[1].amount"),
            // 2 × 100.00 + 1.501 × 300.10 = 650.4501, half up.
            ("cart-within-confirmed", "lines"),
            ("items-total-the-sum", "amount"),
        ]
    );
    assert_eq!(found[2]["values"]["by"], "first");
}

#[tokio::test]
async fn the_gateways_own_rules_are_checked_offline_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let points = json!({"schema":"refund/order@1","paid":"500.00","points":"150.15"});
    let order = json!({
        "schema":"refund/order@1","paid":"100.00",
        "lines":[{"position":"1","name":"Чай","quantity":"3","amount":"100.00","vat":"vat20","method":"full_payment","object":"commodity"}],
    });
    let sber = |fields: Value| with("sber", "2f6a5d10-7c1e-4b52-9a55-000000000010", fields);
    let rk = |fields: Value| with("robokassa", "1001", fields);
    for (request, order, rule, path) in [
        (sber(json!({"full":true,"penalty":"1.00"})), &points, "penalty-not-with-loyalty", "penalty"),
        (
            sber(json!({"full":true,"json_params":{"penalty":"1"}})),
            &points,
            "sber-old-reserved-name",
            "json_params.penalty",
        ),
        (sber(json!({"full":true,"language":"Russian"})), &points, "sber-old-language", "language"),
        (sber(json!({"full":true,"receipt":"cart"})), &points, "sber-old-receipt", "lines"),
        (rk(json!({"full":true,"penalty":"1.00"})), &order, "robokassa-not-taken", "penalty"),
        (rk(json!({"full":true,"receipt":"cart"})), &order, "robokassa-receipt", "lines"),
    ] {
        std::fs::write(folder.path().join("request.json"), request.to_string()).expect("written");
        std::fs::write(folder.path().join("order.json"), order.to_string()).expect("written");
        let (code, out, err) =
            refund(folder.path(), "check request.json --order order.json --output json").await;
        assert_eq!((code, err.as_str()), (3, ""), "{request}: {out}");
        let found = &parsed(&out)["violations"][0];
        assert_eq!((&found["rule"], &found["path"]), (&json!(rule), &json!(path)), "{request}");
    }
}

fn with(gateway: &str, order: &str, fields: Value) -> Value {
    let mut request = json!({"schema":"refund/request@1","gateway":gateway,"order":order});
    request.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
    request
}

#[tokio::test]
async fn what_cannot_be_checked_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, value: Value| {
        std::fs::write(folder.path().join(name), value.to_string()).expect("written");
    };
    write("request.json", with("robokassa", "1001", json!({"full":true})));
    write("paypal.json", with("paypal", "1001", json!({"full":true})));
    write("other.json", json!({"schema":"refund/order@1","order":"1002","paid":"1.00"}));
    write("broken.json", json!({"schema":"refund/order@1","paid":1}));
    for (line, code, error) in [
        ("check request.json", 2, "check-no-order"),
        ("check none.json", 2, "request-no-file"),
        ("check request.json --order none.json", 2, "request-no-file"),
        ("check request.json --order other.json", 3, "order-file-other"),
        ("check request.json --order broken.json", 3, "field-type"),
        ("check paypal.json --order other.json", 3, "gateway-unknown"),
        ("check", 2, "usage-missing"),
        ("explain cart-requird", 2, "explain-unknown"),
    ] {
        let (got, out, err) = refund(folder.path(), &format!("{line} --output json")).await;
        assert_eq!((got, out.as_str()), (code, ""), "{line}: {err}");
        assert_eq!(parsed(&err)["code"], error, "{line}");
    }
}

#[tokio::test]
async fn every_rule_is_explained_in_both_languages() {
    let here = std::env::temp_dir();
    let (code, out, _) = refund(&here, "explain --output json").await;
    assert_eq!(code, 0);
    let all = parsed(&out);
    let rules = all["rules"].as_array().expect("a list");
    let own = provider_robokassa::rules::ALL.len() + provider_sber::old::RULES.len();
    assert_eq!(rules.len(), refund_core::rules::ALL.len() + own);
    for rule in rules {
        let id = rule["rule"].as_str().expect("an id");
        let mut texts = Vec::new();
        for lang in LANGUAGES {
            let (code, out, _) = refund(&here, &format!("--lang {lang} explain {id} --output json")).await;
            assert_eq!(code, 0, "{id}");
            let one = parsed(&out);
            assert_eq!((&one["rule"], &one["source"]), (&rule["rule"], &rule["source"]));
            assert!(!one["source"].as_str().expect("a source").is_empty(), "{id}");
            let text = one["text"].as_str().expect("a text").to_owned();
            assert!(!text.contains(['{', '}']), "{id}: {text}");
            texts.push(text);
        }
        assert_ne!(texts[0], texts[1], "{id} says the same in both languages");
    }
    let (_, table, _) = refund(&here, "--lang en explain cart-required").await;
    let (code, _, err) = refund(&here, "--lang en explain cart-requird").await;
    assert_eq!(code, 2);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("explain", format!("{table}{err}"));
    });
}
