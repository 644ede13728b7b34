//! `check` and `explain`: without a journal, settings, secrets or a gateway.

use crate::{shop::LANGUAGES, tale::parsed};
use refund_cli::{
    Setup,
    gateways::built_in,
    run,
    setup::{Answers, Stream},
};
use refund_core::WallTime;
use refund_desk::gateways::Gateway;
use refund_engine::ManualClock;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Where the examples lie.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// Runs the command with no settings and no environment: code, stdout, stderr.
async fn refund(folder: &Path, line: &str) -> (u8, String, String) {
    refund_with(built_in(), folder, line).await
}

/// The same with other gateways.
pub(crate) async fn refund_with(
    gateways: Vec<Arc<dyn Gateway>>,
    folder: &Path,
    line: &str,
) -> (u8, String, String) {
    let (out, err) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let setup = Setup {
        gateways,
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
        (
            "sber-allocate",
            "1234.56",
            "orderId=2f6a5d10-7c1e-4b52-9a55-000000000020&amount=123456&refundItems=",
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

/// An amount becomes lines that are shown: 1 234.56 over 500.00, 2 × 300.00 and 1.5 × 300.10 (450.15), the delivery kept.
/// In kopecks by 155 015: 39820 + 102700/155015, 47784 + 123240/155015, 35850 + 84090/155015; the two kopecks that are
/// over go to the second and the first.
#[tokio::test]
async fn an_amount_is_shown_as_lines() {
    let (code, out, err) = refund(&examples(), "check requests/sber-allocate.json --output json").await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let lines = parsed(&out)["lines"].clone();
    let row = |line: &Value| (line["position"].clone(), line["quantity"].clone(), line["amount"].clone());
    let rows: Vec<_> = lines.as_array().expect("a list").iter().map(row).collect();
    let expected = [("1", "0.796", "398.21"), ("2", "1.593", "477.85"), ("3", "1.195", "358.50")];
    let expected =
        expected.map(|(position, quantity, amount)| (json!(position), json!(quantity), json!(amount)));
    assert_eq!(rows, expected);
    let (_, table, _) = refund(&examples(), "check requests/sber-allocate.json").await;
    assert!(table.contains("477.85 RUB") && !table.contains("Доставка"), "{table}");
}

/// What a wish for lines cannot have is told as a rule, before anything else, with the place in the request.
#[tokio::test]
async fn what_cannot_be_allocated_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = json!({
        "schema":"refund/order@1","paid":"100.00",
        "lines":[{"position":"1","name":"Чашка","quantity":"3","amount":"100.00","vat":"vat20","method":"full_payment","object":"commodity"}],
    });
    std::fs::write(folder.path().join("order.json"), order.to_string()).expect("written");
    let lines = |line: Value| json!([line]);
    for (fields, path) in [
        (json!({"amount":"100.01","allocate":{"by":"amount"}}), "amount"),
        (
            json!({"amount":"1.00","allocate":{"by":"amount","delivery":"keep","delivery_lines":["2"]}}),
            "allocate.delivery_lines[0]",
        ),
        (json!({"full":true,"allocate":{"by":"amount","delivery":"keep","delivery_lines":["1"]}}), "amount"),
        (
            json!({"amount":"1.00","allocate":{"by":"amount"},"lines":lines(json!({"position":"1","quantity":"1"}))}),
            "lines",
        ),
        (json!({"amount":"1.00","allocate":{"by":"lines"}}), "lines"),
        (
            json!({"amount":"1.00","allocate":{"by":"lines"},"lines":lines(json!({"position":"1","quantity":"4"}))}),
            "lines[0].quantity",
        ),
        (
            json!({"amount":"1.00","allocate":{"by":"concession","position":"1","quantity":"3"}}),
            "allocate.quantity",
        ),
    ] {
        let request = with("robokassa", "1001", fields);
        std::fs::write(folder.path().join("request.json"), request.to_string()).expect("written");
        let (code, out, _) =
            refund(folder.path(), "check request.json --order order.json --output json").await;
        let found = parsed(&out)["violations"].clone();
        assert_eq!(
            (code, &found[0]["rule"], &found[0]["path"]),
            (3, &json!("cart-allocation"), &json!(path)),
            "{request}"
        );
    }
    // The amount of lines is the operator's own check: 33.33 for one, not 33.34.
    let one = json!({"amount":"33.34","allocate":{"by":"lines"},"lines":lines(json!({"position":"1","quantity":"1"}))});
    std::fs::write(folder.path().join("request.json"), with("robokassa", "1001", one).to_string())
        .expect("written");
    let (code, out, _) = refund(folder.path(), "check request.json --order order.json --output json").await;
    let found = &parsed(&out)["violations"][0];
    assert_eq!(
        (code, &found["rule"], &found["values"]["total"]),
        (3, &json!("items-total-the-sum"), &json!("33.33 RUB"))
    );
}

fn order_of(request: &str) -> String {
    let name = if request == "robokassa-money-only" { "robokassa-sample" } else { request };
    format!("{name}.json")
}

/// The keys of a verdict.
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
    "warnings",
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
    assert_eq!(keys(&verdict), KEYS);
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
}

/// One that refuses everywhere, one whose documents contradict each other and that only warns at one gateway, one of each
/// gateway's own, one that permits; an unknown name and one that is no longer used.
#[tokio::test]
async fn explanations_in_full() {
    let here = std::env::temp_dir();
    for lang in LANGUAGES {
        let mut told = String::new();
        for rule in [
            "within-remaining",
            "cart-quantity-remaining",
            "cart-codes-unique",
            "cart-optional-when-full",
            "sber-old-penalty",
            "robokassa-unit-price",
            "cart-requird",
            "sber-old-penalty-loyalty",
        ] {
            let (code, out, err) = refund(&here, &format!("--lang {lang} explain {rule}")).await;
            writeln!(told, "$ refund explain {rule}\n[exit {code}]\n{out}-- stderr\n{err}").expect("memory");
        }
        let (code, out, err) = refund(&here, &format!("--lang {lang} explain")).await;
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("explain@{lang}"), told);
            insta::assert_snapshot!(format!("explain-all@{lang}"), format!("[exit {code}]\n{out}-- stderr\n{err}"));
        });
    }
}

/// Every rule that can refuse shows what it looks like when it does, and what it says is what the catalogue lists.
#[tokio::test]
async fn every_rule_has_an_example() {
    let (_, out, _) = refund(&std::env::temp_dir(), "explain --output json").await;
    let all = parsed(&out);
    let mut without = Vec::new();
    for rule in all["rules"].as_array().expect("a list") {
        let sentences = rule["sentences"].as_array().expect("a list");
        assert_eq!(sentences[0]["id"], rule["rule"], "the first sentence is the rule's own");
        assert!(["error", "warning"].contains(&rule["severity"].as_str().expect("a word")), "{rule}");
        assert!(rule["bound"].as_array().is_some_and(|bound| !bound.is_empty()), "{rule}");
        let example = &rule["example"];
        if example.is_null() {
            without.push(rule["rule"].as_str().expect("an id").to_owned());
            continue;
        }
        assert_eq!((&example["rule"], &example["schema"]), (&rule["rule"], &json!("refund/violation@1")));
        assert!(sentences.iter().any(|sentence| sentence["id"] == example["message"]), "{rule}");
    }
    assert_eq!(
        without,
        ["cart-optional-when-full", "robokassa-sum-left-out"],
        "they permit and never refuse"
    );
}

/// The same goods under one code on two lines: Sber's form dialect is not known to mind, so it is told and not refused.
#[tokio::test]
async fn a_warning_is_told_apart_and_refuses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, value: Value| {
        std::fs::write(folder.path().join(name), value.to_string()).expect("written");
    };
    let line = |position: &str| json!({"position":position,"name":"Чай","code":"tea","quantity":"1","price":"100.00"});
    write("order.json", json!({"schema":"refund/order@1","paid":"200.00","lines":[line("1"),line("2")]}));
    let back = |position: &str| json!({"position":position,"quantity":"1"});
    let asked = json!({"full":true,"receipt":"cart","lines":[back("1"),back("2")]});
    write("good.json", with("sber", "2f6a5d10-7c1e-4b52-9a55-000000000010", asked.clone()));
    let mut too_much = asked;
    too_much["lines"][1]["quantity"] = json!("2");
    write("bad.json", with("sber", "2f6a5d10-7c1e-4b52-9a55-000000000010", too_much));
    for lang in LANGUAGES {
        let mut told = String::new();
        for file in ["good", "bad"] {
            let line = format!("--lang {lang} check {file}.json --order order.json");
            let (code, out, err) = refund(folder.path(), &line).await;
            writeln!(told, "$ refund check {file}.json\n[exit {code}]\n{out}-- stderr\n{err}")
                .expect("memory");
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("warnings@{lang}"), told);
        });
    }
    let (code, out, _) = refund(folder.path(), "check good.json --order order.json --output json").await;
    let verdict = parsed(&out);
    assert_eq!((code, &verdict["violations"]), (0, &json!([])));
    let warning = &verdict["warnings"][0];
    assert_eq!(
        (&warning["rule"], &warning["severity"], &warning["path"]),
        (&json!("cart-codes-unique"), &json!("warning"), &json!("lines[1].code"))
    );
    let (code, out, _) = refund(folder.path(), "check bad.json --order order.json --output json").await;
    let verdict = parsed(&out);
    let rules = |list: &str| {
        let found = verdict[list].as_array().expect("a list");
        found.iter().map(|one| one["rule"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((code, rules("warnings")), (3, vec!["cart-codes-unique".to_owned()]));
    assert!(!rules("violations").contains(&"cart-codes-unique".to_owned()));
}

/// `refund/violation@1`, key by key, and that the page about output names each of them.
#[tokio::test]
async fn a_violation_is_told_to_programs_in_one_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = json!({
        "schema":"refund/order@1","paid":"200.00",
        "lines":[{"position":"1","name":"Чай","quantity":"2","price":"100.00"}],
        "earlier":[{"key":"first","amount":"100.00","lines":[{"position":"1","quantity":"1"}]}],
    });
    std::fs::write(folder.path().join("order.json"), order.to_string()).expect("written");
    let asked = json!({"amount":"100.00","receipt":"cart","lines":[{"position":"1","quantity":"2"}]});
    let request = with("sber", "2f6a5d10-7c1e-4b52-9a55-000000000010", asked);
    std::fs::write(folder.path().join("request.json"), request.to_string()).expect("written");
    let line = "--lang en check request.json --order order.json --output json";
    let (_, out, _) = refund(folder.path(), line).await;
    let verdict = parsed(&out);
    let found = verdict["violations"].as_array().expect("a list");
    let found =
        found.iter().find(|one| one["rule"] == "cart-quantity-remaining").expect("one more than is left");
    insta::assert_json_snapshot!("violation", found);
    let page = std::fs::read_to_string(examples().join("../docs/output.md")).expect("the page");
    for key in keys(found).into_iter().chain(KEYS) {
        assert!(page.contains(&format!("`{key}`")), "docs/output.md does not tell of `{key}`");
    }
}
