//! Bad input: its own exit code, a sentence that says what, where and what to do, and nothing lost or sent.

use crate::{
    shop::{Kept, LANGUAGES, SBER_ORDER, Shop},
    tale::{Tale, parsed},
};
use serde_json::json;

const GOOD: &str = r#"{"schema":"refund/request@1","key":"bad","gateway":"robokassa","order":"1001","amount":"50.00","reason":"r"}"#;

/// Runs a line that must fail with a code, in a shop where `before` was kept, and sees that all of it is still so.
async fn refused(shop: &Shop, before: &Kept, line: &str, code: u8, tale: &mut Tale) {
    let ran = shop.run(line).await;
    assert_eq!(ran.code, code, "{ran:?}");
    assert_eq!(ran.out, "", "errors never go to stdout: {line}");
    assert!(ran.err.starts_with("refund: "), "{ran:?}");
    tale.add(shop, &ran);
    assert_eq!(&shop.kept().await, before, "{line} changed something");
}

/// A shop with one refund in its books, so that there is something to lose.
async fn busy_shop(lang: &'static str) -> (Shop, Kept) {
    let shop = Shop::open(lang).await;
    let file = shop.robokassa("first", Some("100.00"));
    assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
    let kept = shop.kept().await;
    assert_eq!((kept.refund_requests, kept.journal.len()), (1, 2));
    (shop, kept)
}

#[tokio::test]
async fn malformed_requests() {
    let with = |field: &str| GOOD.replacen('{', &format!("{{{field},"), 1);
    let cases = [
        ("unknown-field", GOOD.replace("amount", "amuont")),
        ("number-for-text", GOOD.replace("\"50.00\"", "50.00")),
        ("text-for-boolean", GOOD.replace(r#""amount":"50.00""#, r#""full":"yes""#)),
        ("three-decimals", GOOD.replace("50.00", "50.001")),
        ("decimal-comma", GOOD.replace("50.00", "50,00")),
        ("zero", GOOD.replace("50.00", "0.00")),
        ("negative", GOOD.replace("50.00", "-1.00")),
        ("no-amount", GOOD.replace(r#""amount":"50.00","#, "")),
        ("amount-and-full", with(r#""full":true"#)),
        ("unknown-gateway", GOOD.replace("robokassa", "paypal")),
        ("no-order", GOOD.replace(r#""order":"1001","#, "")),
        ("empty-order", GOOD.replace("1001", "")),
        ("twice", with(r#""order":"7""#)),
        ("cart", with(r#""receipt":"cart""#)),
        ("lines", with(r#""lines":[]"#)),
        ("other-schema", GOOD.replace("request@1", "request@9")),
        ("not-json", "key = 1".to_owned()),
        ("half", GOOD[..40].to_owned()),
        ("empty", String::new()),
        ("a-list", "[]".to_owned()),
    ];
    for lang in LANGUAGES {
        let (shop, before) = busy_shop(lang).await;
        let mut tale = Tale::default();
        for (name, text) in &cases {
            shop.write(&format!("{name}.json"), text);
            refused(&shop, &before, &format!("create {name}.json --yes"), 3, &mut tale).await;
        }
        shop.write("no-reason.json", &GOOD.replace(r#","reason":"r""#, ""));
        refused(&shop, &before, "create no-reason.json --yes", 2, &mut tale).await;
        refused(&shop, &before, "create is-not-there.json --yes", 2, &mut tale).await;
        tale.pin("bad-request", lang);
    }
}

#[tokio::test]
async fn requests_that_break_a_rule() {
    for lang in LANGUAGES {
        let (shop, _) = busy_shop(lang).await;
        let held = "2f6a5d10-7c1e-4b52-9a55-000000000002";
        let payment =
            json!({"gateway":"sber-old","order_number":"A-2","amount":100,"order_id":held,"state":"held"});
        shop.control.post("payments", payment).await;
        let mut tale = Tale::default();
        for file in [
            shop.request("unknown-invoice", "robokassa", "777", Some("1.00")),
            shop.request("unknown-order", "sber", "2f6a5d10-7c1e-4b52-9a55-00000000dead", None),
            shop.request("shop-number", "sber", "A-1", None),
            shop.request("too-much", "robokassa", "1001", Some("1400.01")),
            shop.request("held", "sber", held, None),
        ] {
            let before = shop.kept().await;
            refused(&shop, &before, &format!("create {file} --yes"), 3, &mut tale).await;
        }
        tale.pin("bad-rules", lang);
    }
}

#[tokio::test]
async fn settings_and_credentials() {
    for lang in LANGUAGES {
        let (mut shop, before) = busy_shop(lang).await;
        let (good, url) = (shop.settings(), shop.url().to_owned());
        let file = shop.robokassa("bad", Some("50.00"));
        let file = file.as_str();
        let mut tale = Tale::default();
        for (name, text) in [
            ("broken", good.replacen(']', "", 1)),
            (
                "live",
                good.replacen("\"sandbox\"", "\"live\"", 1).replacen(&format!("url = \"{url}\"\n"), "", 1),
            ),
            ("unknown-option", good.replacen("secrets", "options = { hahs = \"MD5\" }\nsecrets", 1)),
            ("unknown-hash", good.replacen("secrets", "options = { hash = \"MD4\" }\nsecrets", 1)),
            ("unknown-field", good.replacen("secrets", "acount = \"x\"\nsecrets", 1)),
            ("unknown-environment", good.replacen("\"sandbox\"", "\"prod\"", 1)),
            ("no-account", good.replacen("account = \"demo\"\n", "", 1)),
            ("elsewhere", good.replacen(&url, "http://192.0.2.1:80", 1)),
            ("no-url", good.replacen("http://", "ftp://", 1)),
            ("other-gateway", good.replacen("\"robokassa\"", "\"paypal\"", 1)),
            ("no-profile", "journal = \"journal.sqlite\"\n".to_owned()),
            ("no-secret-file", good.replacen("{ file = \"p3\" }", "{ file = \"p4\" }", 1)),
            ("secret-variable", good.replacen("{ file = \"p3\" }", "{ env = \"SHOP_P3\" }", 1)),
            ("unknown-secret", good.replacen("password3", "pasword3", 1)),
            ("language", format!("lang = \"fr\"\n{good}")),
        ] {
            shop.write(&format!("{name}.toml"), &text);
            let line = format!("create {file} --yes --config {name}.toml");
            refused(&shop, &before, &line, 4, &mut tale).await;
        }
        refused(&shop, &before, &format!("create {file} --yes --config none.toml"), 4, &mut tale).await;
        refused(&shop, &before, &format!("create {file} --yes --profile none"), 4, &mut tale).await;
        refused(&shop, &before, &format!("create {file} --yes --profile shop-sber"), 4, &mut tale).await;
        shop.mode("p3", 0o640);
        refused(&shop, &before, &format!("create {file} --yes"), 4, &mut tale).await;
        shop.secret("p3", "");
        refused(&shop, &before, &format!("create {file} --yes"), 4, &mut tale).await;
        shop.secret("p3", "password3-test");
        shop.secret("p2", "wrong-password");
        refused(&shop, &before, &format!("create {file} --yes"), 4, &mut tale).await;
        shop.secret("p2", "password2-test");
        shop.environment.insert("REFUND_JUORNAL".to_owned(), "elsewhere.sqlite".to_owned());
        let misspelt = shop.run(&format!("create {file} --yes")).await;
        assert_eq!(misspelt.code, 4, "{misspelt:?}");
        tale.add(&shop, &misspelt);
        shop.environment.remove("REFUND_JUORNAL");
        assert_eq!(shop.kept().await, before);
        tale.pin("bad-settings", lang);
    }
}

#[tokio::test]
async fn usage() {
    for lang in LANGUAGES {
        let (shop, before) = busy_shop(lang).await;
        let mut tale = Tale::default();
        for line in [
            "",
            "creat x.json",
            "create",
            "create a.json b.json",
            "create first.json --dry",
            "create first.json --password3 secret",
            "list --limit many",
            "list --limit",
            "list --state lost",
            "status",
            "status nobody",
            "resolve first --wait --happened",
            "resolve first --happened --reason r --evidence",
            "resolve first --happened --evidence e",
            "resolve first --happened --reason r",
            "withdraw first --reason",
            "sandbox --listen nowhere",
            "--output yaml list",
        ] {
            refused(&shop, &before, line, 2, &mut tale).await;
        }
        tale.pin("bad-usage", lang);
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_used() {
    for lang in LANGUAGES {
        let (shop, before) = busy_shop(lang).await;
        let file = shop.robokassa("bad", Some("50.00"));
        std::fs::create_dir(shop.file("folder")).expect("a folder");
        shop.secret("text.sqlite", &"this is no database. ".repeat(100));
        shop.write("file", "a file where a folder should be");
        // A journal written by a later version: the number stands in SQLite's header, bytes 60 to 63.
        let mut newer = std::fs::read(shop.file("journal.sqlite")).expect("the journal");
        newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
        std::fs::write(shop.file("newer.sqlite"), &newer).expect("written");
        shop.mode("newer.sqlite", 0o600);
        let mut tale = Tale::default();
        refused(&shop, &before, &format!("create {file} --yes --journal newer.sqlite"), 10, &mut tale).await;
        assert_eq!(std::fs::read(shop.file("newer.sqlite")).expect("still there"), newer, "not touched");
        for journal in
            ["folder", "no/such/folder/journal.sqlite", "text.sqlite", "file/journal.sqlite", "/dev/full"]
        {
            let line = format!("create {file} --yes --journal {journal}");
            refused(&shop, &before, &line, 10, &mut tale).await;
        }
        assert!(!shop.file("no").exists(), "nothing is made up");
        tale.pin("bad-journal", lang);
    }
}

#[tokio::test]
async fn a_gateway_that_is_down_gets_nothing_and_the_same_command_goes_on_later() {
    for lang in LANGUAGES {
        let mut shop = Shop::open(lang).await;
        let (rk, sber) = (shop.robokassa("rk-50", Some("50.00")), shop.sber("sber-all", None));
        shop.close_gateway().await;
        let mut tale = Tale::default();
        for file in [&rk, &sber] {
            for more in ["", " -v", " --dry-run"] {
                let ran = shop.run(&format!("create {file} --yes{more}")).await;
                assert_eq!((ran.code, ran.out.as_str()), (11, ""), "{ran:?}");
                tale.add(&shop, &ran);
            }
        }
        let listed = parsed(&shop.run("list --output json").await.out);
        assert_eq!(listed["refunds"], json!([]), "nothing was recorded");
        shop.open_gateway().await;
        for file in [&rk, &sber] {
            assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
        }
        assert_eq!(shop.refund_requests().await, 2);
        // An acknowledged refund whose gateway is away: the journal is told, and that nobody answered.
        shop.close_gateway().await;
        let asked = shop.run("status rk-50").await;
        assert_eq!(asked.code, 11, "{asked:?}");
        tale.add(&shop, &asked);
        tale.pin("gateway-down", lang);
    }
}

/// Whatever a gateway says after it may have moved the money: unknown, held, and never sent a second time.
#[tokio::test]
async fn garbage_for_an_answer() {
    let faults = [
        "drop_before_commit",
        "drop_after_commit",
        "error_before_commit",
        "error_after_commit",
        "html",
        "truncate",
    ];
    for lang in LANGUAGES {
        let mut tale = Tale::default();
        for gateway in ["robokassa", "sber-old"] {
            for fault in faults {
                let shop = Shop::open(lang).await;
                let file = match gateway {
                    "robokassa" => shop.robokassa("garbage", Some("50.00")),
                    _ => shop.sber("garbage", None),
                };
                shop.fault(gateway, "refund", fault).await;
                let ran = shop.run(&format!("create {file} --yes")).await;
                assert_eq!(ran.code, 6, "{gateway} {fault}: {ran:?}");
                if fault.starts_with("error") || fault == "html" {
                    tale.add(&shop, &ran);
                }
                let after = shop.kept().await;
                let again = shop.run(&format!("create {file} --yes")).await;
                assert_eq!(again.code, 6, "{gateway} {fault}: {again:?}");
                assert_eq!(
                    shop.kept().await,
                    after,
                    "{gateway} {fault}: the same command again does nothing"
                );
                assert_eq!(after.refund_requests, 1);
            }
        }
        tale.pin("garbage", lang);
    }
}

#[tokio::test]
async fn a_refusal_of_the_gateway() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        // Somebody refunded in the cabinet, which Robokassa does not show: our rules cannot know, the gateway does.
        let cabinet =
            json!({"gateway":"robokassa","id":crate::shop::OP_KEY,"action":"refund","amount":150_000});
        shop.control.post("cabinet", cabinet).await;
        let file = shop.robokassa("declined", Some("50.00"));
        let mut tale = Tale::default();
        let ran = shop.run(&format!("create {file} --yes")).await;
        assert_eq!(ran.code, 5, "{ran:?}");
        tale.add(&shop, &ran);
        tale.add(&shop, &shop.run("show declined").await);
        assert_eq!(
            shop.run(&format!("create {file} --yes")).await.code,
            5,
            "the same key again: the same answer"
        );
        assert_eq!(shop.refund_requests().await, 1);
        tale.pin("declined", lang);
    }
    assert_eq!(SBER_ORDER.len(), 36);
}
