//! `--output json`: one valid document per command, its keys stable, nothing else on stdout; problems as JSON on stderr.

use crate::{
    shop::{Shop, WINDOW_SECONDS},
    tale::parsed,
};
use serde_json::Value;

/// The keys of an object, in order.
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

const RESULT: [&str; 10] =
    ["about", "details", "exit", "news", "next", "refund", "schema", "violations", "warnings", "window_ends"];
const REFUND: [&str; 14] = [
    "account", "amount", "attempt", "changed", "currency", "doubt", "gateway", "intent", "key", "lineage",
    "order", "planned", "schema", "state",
];
const DRY: [&str; 14] = [
    "account",
    "amount",
    "captured",
    "environment",
    "exit",
    "gateway",
    "intent",
    "key",
    "order",
    "profile",
    "request",
    "schema",
    "state",
    "warnings",
];
const PROBLEM: [&str; 9] =
    ["advice", "code", "details", "exit", "place", "schema", "text", "violations", "warnings"];

/// Runs a line and answers with its document, having checked that it is alone.
async fn document(shop: &Shop, line: &str, code: u8) -> Value {
    let ran = shop.run(&format!("{line} --output json")).await;
    assert_eq!(ran.code, code, "{ran:?}");
    assert_eq!(ran.err, "", "everything is in the document: {line}");
    let document = parsed(&ran.out);
    if document["schema"] != "refund/list@1" {
        assert_eq!(document["exit"], code, "{line}");
    }
    document
}

/// Runs a line that must fail and answers with the problem, having checked that stdout is empty.
async fn problem(shop: &Shop, line: &str, code: u8) -> Value {
    let ran = shop.run(&format!("{line} --output json")).await;
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
    let problem = parsed(&ran.err);
    assert_eq!(keys(&problem), PROBLEM, "{line}");
    assert_eq!(
        (&problem["schema"], &problem["exit"]),
        (&Value::from("refund/problem@1"), &Value::from(code))
    );
    problem
}

#[tokio::test]
async fn every_command_answers_with_one_document_of_stable_keys() {
    let shop = Shop::open("en").await;
    let rk = shop.robokassa("rk-50", Some("50.00"));

    let dry = document(&shop, &format!("create {rk} --dry-run"), 0).await;
    assert_eq!(keys(&dry), DRY);
    assert_eq!((&dry["state"], &dry["amount"]), (&Value::from("new"), &Value::from("50.00")));
    for (line, state) in [
        (format!("create {rk} --yes"), "accepted"),
        (format!("create {rk} --yes"), "accepted"),
        ("status rk-50".to_owned(), "processing"),
        ("status rk-50 --wait".to_owned(), "settled"),
        ("resolve rk-50".to_owned(), "settled"),
    ] {
        let told = document(&shop, &line, 0).await;
        assert_eq!((keys(&told), keys(&told["refund"])), (RESULT.to_vec(), REFUND.to_vec()), "{line}");
        assert_eq!(
            (&told["schema"], &told["refund"]["state"]),
            (&Value::from("refund/result@1"), &Value::from(state))
        );
    }
    let mut with_history = RESULT.to_vec();
    with_history.insert(3, "history");
    let shown = document(&shop, "show rk-50", 0).await;
    assert_eq!(keys(&shown), with_history);
    let kinds: Vec<_> =
        shown["history"].as_array().expect("a list").iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["planned", "approved", "reserved", "armed", "accepted", "polled", "settled"]);
    let row = &shown["history"][0];
    assert_eq!(keys(row), ["at", "attachments", "kind", "note", "record", "seq"]);
    assert_eq!(
        (&row["note"]["actor"], &row["note"]["reason"]),
        (&Value::from("anna"), &Value::from("товар вернули"))
    );

    let list = document(&shop, "list", 0).await;
    assert_eq!((keys(&list), keys(&list["refunds"][0])), (vec!["refunds", "schema"], REFUND.to_vec()));
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    let shop = Shop::open("ru").await;
    let list = document(&shop, "list", 0).await;
    assert_eq!(list["refunds"], Value::Array(Vec::new()));
    let table = shop.run("list").await;
    assert_eq!((table.code, table.out.as_str(), table.err.as_str()), (0, "", "Возвратов нет.\n"));
}

#[tokio::test]
async fn an_unknown_outcome_says_until_when_nothing_can_be_decided() {
    let shop = Shop::open("en").await;
    let rk = shop.robokassa("rk-50", Some("50.00"));
    shop.fault("robokassa", "refund", "drop_after_commit").await;
    let told = document(&shop, &format!("create {rk} --yes"), 6).await;
    // 12:00 in Moscow, five seconds of permit, fifteen minutes of window.
    assert_eq!(told["window_ends"], "2026-11-20T09:15:05Z");
    assert_eq!(
        (&told["refund"]["state"], &told["refund"]["doubt"]),
        (&"needs_review".into(), &"connection-lost".into())
    );
    assert!(told["details"][0].as_str().is_some_and(|text| text.starts_with("connection-lost: ")), "{told}");
    let early = problem(&shop, "resolve rk-50 --happened --reason r --evidence e", 3).await;
    assert_eq!(early["code"], "window-open");
    shop.pass(WINDOW_SECONDS).await;
    let told = document(&shop, "status rk-50", 6).await;
    assert_eq!(told["window_ends"], Value::Null);
    let told = document(&shop, "resolve rk-50 --did-not-happen --reason r --evidence e", 0).await;
    assert_eq!(told["refund"]["state"], "did_not_happen");
}

#[tokio::test]
async fn problems_are_documents_on_stderr() {
    let shop = Shop::open("en").await;
    let rk = shop.robokassa("rk-50", Some("9000.00"));
    let rules = problem(&shop, &format!("create {rk} --yes"), 3).await;
    let broken = &rules["violations"][0];
    assert_eq!((&rules["code"], &broken["rule"]), (&"rules-broken".into(), &"within-remaining".into()));
    assert_eq!((&broken["path"], &broken["values"]["asked"]), (&"amount".into(), &"9000.00 RUB".into()));
    assert_eq!(problem(&shop, "create none.json --yes", 2).await["code"], "request-no-file");
    assert_eq!(problem(&shop, "show nothing", 2).await["code"], "refund-not-found");
    assert_eq!(problem(&shop, "create", 2).await["code"], "usage-missing");
    assert_eq!(problem(&shop, "list --state lost", 2).await["code"], "usage-bad-value");
    shop.robokassa("rk-50", Some("50.00"));
    assert_eq!(problem(&shop, &format!("create {rk}"), 9).await["code"], "not-confirmed");
    assert_eq!(
        problem(&shop, &format!("create {rk} --yes --journal ."), 10).await["code"],
        "journal-unusable"
    );
    // The order of the flags does not matter, nor how the value is written.
    let ran = shop.run("--output=json create --nonsense").await;
    assert_eq!(parsed(&ran.err)["code"], "usage-unknown-argument");
}
