//! `GetState` and `OpStateExt`: what a client can learn, and what it never can.

use crate::support::{Bench, FORM, OP_KEY};

const BAD_ID: &str = r#"{"message":"Id is invalid or request id does not exist"}"#;
const ASMX: &str = "/Merchant/WebService/Service.asmx/OpStateExt";
/// MD5 of `demo:42:password2-test`, computed apart from this crate.
const SIGNED_42: &str = "MerchantLogin=demo&InvoiceID=42&Signature=F353EE130073F22B83D01E4C4E8B5D74";

async fn state(bench: &Bench, id: &str) -> (u16, String) {
    let answer = bench.get(&format!("/RefundService/Refund/GetState?id={id}")).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn the_example_of_the_page_answers_as_printed() {
    let bench = Bench::strict().await;
    let printed =
        r#"{"requestId":"cf15fd52-d2d1-4fc4-b9c0-25310e3bdded","amount":1.000000,"label":"finished"}"#;
    let id = "cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";
    assert_eq!(state(&bench, id).await, (200, printed.to_owned()));
    assert_eq!(state(&bench, &id.to_uppercase()).await, (200, printed.to_owned()));
}

#[tokio::test]
async fn a_bad_id_has_one_message_and_a_switchable_status() {
    let bench = Bench::strict().await;
    let queries = [
        "?id=68cd7fa6-1338-4745-ba5c-28d16cbcdb3d",
        "?id=cf15fd52d2d14fc4b9c025310e3bdded",
        "?id=%7Bcf15fd52-d2d1-4fc4-b9c0-25310e3bdded%7D",
        "?id=cf15fd52-d2d1-4fc4-b9c0-25310e3bdded&id=cf15fd52-d2d1-4fc4-b9c0-25310e3bdded",
        "?ID=cf15fd52-d2d1-4fc4-b9c0-25310e3bdded",
        "?id=42",
        "?id=",
        "?id=%",
        "",
    ];
    for status in [400_u16, 200] {
        bench.switch("robokassa.bad_id_status", status).await;
        for query in queries {
            let answer = bench.get(&format!("/RefundService/Refund/GetState{query}")).await;
            assert_eq!((answer.status, answer.body.as_str()), (status, BAD_ID), "{query}");
        }
    }
}

#[tokio::test]
async fn a_refund_is_processing_until_the_sandboxes_clock_says_otherwise() {
    let bench = Bench::strict().await;
    let id = bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":12.5}}"#)).await;
    let printed = |label: &str| format!(r#"{{"requestId":"{id}","amount":12.500000,"label":"{label}"}}"#);
    assert_eq!(state(&bench, &id).await, (200, printed("processing")));
    bench.advance(29).await;
    assert_eq!(state(&bench, &id).await, (200, printed("processing")));
    bench.advance(1).await;
    assert_eq!(state(&bench, &id).await, (200, printed("finished")));
    bench.switch("robokassa.finish_after_seconds", 0).await;
    let at_once = bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1}}"#)).await;
    assert!(state(&bench, &at_once).await.1.contains("finished"));
}

#[tokio::test]
async fn the_cabinet_cancels_only_what_is_processing() {
    let bench = Bench::strict().await;
    let id = bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":9}}"#)).await;
    assert_eq!(bench.refunded(OP_KEY).await, 1_000);
    let cancel = format!(r#"{{"gateway":"robokassa","id":"{OP_KEY}","action":"cancel"}}"#);
    assert_eq!(bench.control("POST", "cabinet", &cancel).await["canceled"], id);
    assert!(state(&bench, &id).await.1.ends_with(r#""amount":9.000000,"label":"canceled"}"#));
    assert_eq!(bench.refunded(OP_KEY).await, 100);
    bench.advance(60).await;
    assert!(state(&bench, &id).await.1.contains("canceled"));
    let again = bench.send("POST", "/_sandbox/cabinet", "", cancel.as_bytes()).await;
    assert_eq!((again.status, again.json()["where"].as_str()), (400, Some("id")));
}

#[tokio::test]
async fn a_processing_request_reserves_its_money_or_does_not() {
    let bench = Bench::strict().await;
    bench.switch("robokassa.reservation", "at_finish").await;
    let all = format!(r#"{{"OpKey":"{OP_KEY}"}}"#);
    let first = bench.create_accepted(&all).await;
    let second = bench.create_accepted(&all).await;
    bench.advance(30).await;
    assert!(state(&bench, &first).await.1.contains(r#""amount":99.000000,"label":"finished""#));
    assert!(state(&bench, &second).await.1.contains(r#""amount":99.000000,"label":"canceled""#));
    assert_eq!(bench.refunded(OP_KEY).await, 10_000);
}

async fn lookup(bench: &Bench, query: &str) -> String {
    let answer = bench.get(&format!("{ASMX}?{query}")).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/xml; charset=utf-8")),
        "{query}"
    );
    let posted = bench.send("POST", ASMX, FORM, query.as_bytes()).await;
    assert_eq!(posted.body, answer.body, "GET and POST agree");
    answer.body
}

fn only(code: u8) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OperationStateResponse \
         xmlns=\"http://merchant.roboxchange.com/WebService/\"><Result><Code>{code}</Code></Result>\
         </OperationStateResponse>\n"
    )
}

#[tokio::test]
async fn a_lookup_tells_the_operation_key_and_never_a_refund() {
    let bench = Bench::strict().await;
    let before = lookup(&bench, SIGNED_42).await;
    for part in [
        "<Result><Code>0</Code></Result><State><Code>100</Code>",
        "<RequestDate>2026-11-21T12:00:00.0000000+03:00</RequestDate>",
        "<StateDate>2026-11-21T12:00:00.0000000+03:00</StateDate>",
        "<IncSum>100.000000</IncSum>",
        "<OutSum>100.000000</OutSum>",
        "<OpKey>0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF</OpKey>",
        "<PaymentMethod><Code>BankCard</Code>",
    ] {
        assert!(before.contains(part), "{part} in {before}");
    }
    let cabinet = format!(r#"{{"gateway":"robokassa","id":"{OP_KEY}","action":"refund","amount":500}}"#);
    assert_eq!(bench.control("POST", "cabinet", &cabinet).await["refunded"], 500);
    bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}"}}"#)).await;
    assert_eq!(bench.refunded(OP_KEY).await, 10_000);
    assert_eq!(lookup(&bench, SIGNED_42).await, before);
}

#[tokio::test]
async fn result_codes() {
    let bench = Bench::strict().await;
    for (query, code) in [
        (SIGNED_42.replace("F353", "f353"), 0),
        (SIGNED_42.replace("F353", "F354"), 1),
        (SIGNED_42.replace("Signature=F353EE130073F22B83D01E4C4E8B5D74", "Signature="), 1),
        (SIGNED_42.replace("demo", "other"), 2),
        // Signed right for an invoice nobody paid.
        ("MerchantLogin=demo&InvoiceID=43&Signature=308b6a2fdb504df6f394438e0de987e7".to_owned(), 3),
    ] {
        let body = lookup(&bench, &query).await;
        if code == 0 {
            assert!(body.contains("<OpKey>"), "{query}");
        } else {
            assert_eq!(body, only(code), "{query}");
        }
    }
    // The docs allow several operations under one number; then nobody's key is told.
    bench.control("POST", "payments", r#"{"gateway":"robokassa","inv_id":42,"sum":"1"}"#).await;
    assert_eq!(lookup(&bench, SIGNED_42).await, only(4));
    bench.control("POST", "reset", "").await;
    assert_eq!(lookup(&bench, SIGNED_42).await, only(3));
}

#[tokio::test]
async fn the_signature_follows_the_shops_hash() {
    let bench = Bench::strict().await;
    // Hex of each hash of demo:42:password2-test, computed with coreutils and openssl.
    for (hash, signature) in SIGNATURES {
        bench.switch("robokassa.hash", hash).await;
        let query = format!("MerchantLogin=demo&InvoiceID=42&Signature={signature}");
        assert!(lookup(&bench, &query).await.contains("<OpKey>"), "{hash}");
        if hash != "md5" {
            assert_eq!(lookup(&bench, SIGNED_42).await, only(1), "{hash}");
        }
    }
}

const SIGNATURES: [(&str, &str); 6] = [
    ("md5", "f353ee130073f22b83d01e4c4e8b5d74"),
    ("ripemd160", "94967ec6ce32456b8dccdc07b65a84fa7714ccd7"),
    ("sha1", "ef68bc3f79c6101e5efd2f369c9154d56e55d075"),
    ("sha256", "c874ba5f0ce340182bfcfef1f863101acdedb7d1fdf21aa1cf3e75fdf438132c"),
    (
        "sha384",
        "c34da4dff6608aee89c9690c6630787c9178745ee195044cdb34f1c6bf7b3c9c71eef957da9954913c2643eda88fb6f3",
    ),
    (
        "sha512",
        "17dfcc6b0afce7fc3219fff1defda7d66e729ded584d94147886b504863345ec59143596dbd7afc8fc4b72061f0a2336ed66d0f896e52e4ad35e20bec1f73171",
    ),
];

#[tokio::test]
async fn namespace_key_sums_and_hold_follow_the_scene() {
    let bench = Bench::strict().await;
    bench.switch("robokassa.xml_namespace", "auth.robokassa.ru").await;
    bench.switch("robokassa.op_state_op_key", "absent").await;
    let body = lookup(&bench, SIGNED_42).await;
    assert!(body.contains("xmlns=\"http://auth.robokassa.ru/Merchant/WebService/\""));
    assert!(!body.contains("OpKey"));
    bench.control("POST", "reset", "").await;
    let held = r#"{"gateway":"robokassa","inv_id":42,"sum":"150.00","out_sum":"145.5","state":"held","op_key":"K","paid_at":"2026-11-20T12:00:05+03:00"}"#;
    assert_eq!(bench.control("POST", "payments", held).await["op_key"], "K");
    let body = lookup(&bench, SIGNED_42).await;
    for part in [
        "<State><Code>20</Code>",
        "150.000000</IncSum>",
        "145.500000</OutSum>",
        "<StateDate>2026-11-20T12:00:05.0000000+03:00<",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
}

#[tokio::test]
async fn malformed_lookups_get_a_plain_400() {
    let bench = Bench::strict().await;
    for query in [
        "",
        "InvoiceID=42",
        "MerchantLogin=demo&InvoiceID=42",
        &SIGNED_42.replace("42", "x"),
        &SIGNED_42.replace("42", "-42"),
        &SIGNED_42.replace("42", "9223372036854775808"),
        &format!("{SIGNED_42}&InvoiceID=43"),
        &SIGNED_42.replace("demo", "%ff"),
    ] {
        let answer = bench.get(&format!("{ASMX}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
    }
    assert_eq!(bench.send("POST", ASMX, "application/json", SIGNED_42.as_bytes()).await.status, 400);
}

#[tokio::test]
async fn endpoints_nobody_attests_are_not_there() {
    let bench = Bench::strict().await;
    for path in [
        "/Merchant/WebService/Service.asmx/OpRefund",
        "/Merchant/WebService/Service.asmx/OpRefundStatus",
        "/Merchant/WebService/Service.asmx/OpReturn",
        "/Merchant/WebService/Service.asmx/RefundPayment",
        "/Merchant/Refund.ashx",
        "/RefundService/Refund/Status",
        "/refundservice/refund/create",
        "/payment/rest/reverse.do",
        "/",
    ] {
        for method in ["GET", "POST"] {
            let answer = bench.send(method, path, "", b"").await;
            assert_eq!((answer.status, answer.json()["where"].as_str()), (404, Some("path")), "{path}");
        }
    }
}
