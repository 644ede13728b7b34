//! `Refund/Create` row by row: what goes in, what comes out, what the ledger says afterwards.

use refund_sandbox::Mode;

use crate::support::{Bench, CREATE, JSON, OP_KEY, token, token_with};

/// Tokens computed apart from this crate with `password3-test`; the sums they ask for beside them.
/// The seeded operation is 100.00 with 1.00 refunded.
const VECTORS: [(&str, u64, &str); 5] = [
    (
        "HS256, everything that is left",
        10_000,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.VD3zBQLgTWx1zlqzuVrjgE-v5Xg7Hso4Hrs1_7EbVzw",
    ),
    (
        "HS384, the same",
        10_000,
        "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.4ulKGa20wzjEBfgCVnlBKR2A-I7fMFp6Z7VQMpxVE9cd4fW2AKYHZKDgX7id3ai8",
    ),
    (
        "HS512, the same",
        10_000,
        "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.4670SilhYOV1RE1nPKS3RVaxprE2LSDNgQyGH_T-eGhlwhIfYuByLMlKymnaYYCI1WWv9yh9eHg3cHy1WQsSpg",
    ),
    (
        "RefundSum 1.5",
        250,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIiwiUmVmdW5kU3VtIjoxLjV9.Wg96S3VXMAl1-QpGUWa3Z6nnT22SWhExQkLrXUnUL2k",
    ),
    (
        "the page's sample, Cyrillic item and all, signed with our password",
        200,
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIiwiUmVmdW5kU3VtIjoxLCJJbnZvaWNlSXRlbXMiOlt7Ik5hbWUiOiLQotC10YHRgtC-0LLRi9C5INGC0L7QstCw0YAtMSIsIlF1YW50aXR5IjoxLCJDb3N0IjoxLCJUYXgiOiJ2YXQyMCIsIlBheW1lbnRNZXRob2QiOiJmdWxsX3BheW1lbnQiLCJQYXltZW50T2JqZWN0IjoiY29tbW9kaXR5In1dfQ.ojSh2MQyBC9gyA4xiK8qfs6FLwJCW2iuTrpM0H9RHfk",
    ),
];

/// The sample token exactly as the refund API page prints it; its password is unknown to us.
const PAGE_SAMPLE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIiwiUmVmdW5kU3VtIjoxLCJJbnZvaWNlSXRlbXMiOlt7Ik5hbWUiOiLQotC10YHRgtC-0LLRi9C5INGC0L7QstCw0YAtMSIsIlF1YW50aXR5IjoxLCJDb3N0IjoxLCJUYXgiOiJ2YXQyMCIsIlBheW1lbnRNZXRob2QiOiJmdWxsX3BheW1lbnQiLCJQYXltZW50T2JqZWN0IjoiY29tbW9kaXR5In1dfQ.8TLNBdYYyl218qhdssAhs7ldiDIFeLZWh9Pf0UuN3wg";

const UNAUTHORIZED: &str = r#"{"success":false,"message":"Signature key is not exists or partner have not access to API","requestId":null}"#;
const NOT_ENOUGH: &str = r#"{"success":false,"message":"NotEnoughOperationFunds","requestId":null}"#;

#[tokio::test]
async fn vectors_are_accepted_and_move_their_sum() {
    for (what, refunded, token) in VECTORS {
        let bench = Bench::strict().await;
        let answer = bench.create(token).await;
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        let json = answer.json();
        let id = json["requestId"].as_str().unwrap();
        assert_eq!(answer.body, format!(r#"{{"success":true,"message":null,"requestId":"{id}"}}"#));
        assert_eq!((id.len(), &id[14..15]), (36, "4"), "{what}: a version-4 UUID");
        assert_eq!(bench.refunded(OP_KEY).await, refunded, "{what}");
    }
}

#[tokio::test]
async fn the_sample_of_the_page_has_another_shops_signature() {
    let bench = Bench::strict().await;
    let answer = bench.create(PAGE_SAMPLE).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, UNAUTHORIZED));
    assert_eq!(bench.refunded(OP_KEY).await, 100);
}

/// One row: a request that moves no money.
async fn refused(bench: &Bench, media_type: &str, body: &str, status: u16, expected: &str) {
    let answer = bench.send("POST", CREATE, media_type, body.as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (status, expected), "{media_type} {body}");
    assert_eq!(bench.refunded(OP_KEY).await, 100, "{media_type} {body}");
}

#[tokio::test]
async fn the_body_must_be_a_json_string_sent_as_json() {
    let bench = Bench::strict().await;
    let bare = VECTORS[0].2;
    let quoted = format!("\"{bare}\"");
    for media_type in
        ["", "text/plain", "application/jwt", "application/jose", "application/jose+json", "text/json"]
    {
        refused(&bench, media_type, bare, 415, "").await;
        refused(&bench, media_type, &quoted, 415, "").await;
    }
    let problem = r#"{"title":"Bad Request","status":400}"#;
    for body in [bare, "", "\"", "{}", "[]", "null", "1", "\"a\" \"b\"", "'a'", &format!("\"{bare}")] {
        refused(&bench, JSON, body, 400, problem).await;
    }
    refused(&bench, "application/json; charset=utf-8", bare, 400, problem).await;
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_unauthorized() {
    let bench = Bench::strict().await;
    let payload = format!(r#"{{"OpKey":"{OP_KEY}"}}"#);
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    for key in ["demo:password1-test", "password1-test", "password2-test", "", "Password3-test"] {
        let body = format!("\"{}\"", token_with(header, &payload, key.as_bytes()));
        refused(&bench, JSON, &body, 401, UNAUTHORIZED).await;
    }
    // A signature for another payload, and one of the right length that is nobody's.
    let (head, _) = VECTORS[3].2.rsplit_once('.').unwrap();
    let (_, signature) = VECTORS[0].2.rsplit_once('.').unwrap();
    refused(&bench, JSON, &format!("\"{head}.{signature}\""), 401, UNAUTHORIZED).await;
    refused(&bench, JSON, &format!("\"{head}.{}\"", "A".repeat(43)), 401, UNAUTHORIZED).await;
    refused(&bench, JSON, &format!("\"{head}.\""), 401, UNAUTHORIZED).await;
}

fn own(message: &str) -> String {
    format!(r#"{{"success":false,"message":"sandbox: {message}","requestId":null}}"#)
}

#[tokio::test]
async fn shapes_and_payloads_are_refused_with_our_own_words() {
    let bench = Bench::strict().await;
    let with = |rest: &str| token(&format!(r#"{{"OpKey":"{OP_KEY}"{rest}}}"#));
    let alg = |header: &str| token_with(header, &format!(r#"{{"OpKey":"{OP_KEY}"}}"#), b"password3-test");
    let item = |item: &str| with(&format!(r#","RefundSum":1,"InvoiceItems":[{item}]"#));
    for (token, message) in [
        (alg(r#"{"alg":"none"}"#), "the token's alg is not HS256, HS384 or HS512"),
        (alg(r#"{"alg":"SHA256","typ":"JWT"}"#), "the token's alg is not HS256, HS384 or HS512"),
        (alg(r#"{"alg":"HS256","crit":["x"],"x":1}"#), "the token's header asks for something unsupported"),
        (alg(r#"{"alg":"HS256","kid":"1"}"#), "the token's header has an unknown member"),
        (alg(r#"{"alg":"none","alg":"HS256"}"#), "the token's header is not an object"),
        (token("[]"), "the payload is not an object of single members"),
        (token("{}"), "OpKey is not a string"),
        (token(r#"{"OpKey":1932809606}"#), "OpKey is not a string"),
        (token("{\"OpKey\":\"k\"} x"), "the payload is not an object of single members"),
        (with(r#","OpKey":"x""#), "the payload is not an object of single members"),
        (with(r#", "RefundSum":1"#), "the payload is not compact JSON"),
        (with(r#","iat":1795251600"#), "the payload has an unknown member"),
        (with(r#","refundSum":1"#), "the payload has an unknown member"),
        (with(r#","RefundSum":"4.00""#), "RefundSum is not a number"),
        (with(r#","RefundSum":null"#), "RefundSum is not a number"),
        (with(r#","RefundSum":0"#), "RefundSum is not positive"),
        (with(r#","RefundSum":0.00"#), "RefundSum is not positive"),
        (with(r#","RefundSum":-1"#), "RefundSum is not positive"),
        (with(r#","RefundSum":1.005"#), "RefundSum has more than two decimals"),
        (with(r#","RefundSum":0.30000000000000004"#), "RefundSum has more than two decimals"),
        (with(r#","RefundSum":1e30"#), "RefundSum is too large"),
        (with(r#","InvoiceItems":"[]""#), "InvoiceItems is not an array"),
        (item("1"), "an item is not an object of single members"),
        (item(r#"{"name":"a","Quantity":1,"Cost":1,"Tax":"none"}"#), "an item has an unknown member"),
        (item(r#"{"Name":"a","Quantity":1,"Cost":1}"#), "an item has no Tax"),
        (
            item(r#"{"Name":"a","Quantity":1,"Cost":1,"Tax":"none","PaymentMethod":"partial_prepayment"}"#),
            "an item's PaymentMethod is not a documented value",
        ),
        // The line's total in Cost: twice the sum for two pieces.
        (item(r#"{"Name":"a","Quantity":2,"Cost":1,"Tax":"none"}"#), "InvoiceItems do not total the refund"),
        (
            item(r#"{"Name":"a","Quantity":1,"Cost":0.99,"Tax":"none"}"#),
            "InvoiceItems do not total the refund",
        ),
    ] {
        refused(&bench, JSON, &format!("\"{token}\""), 400, &own(message)).await;
    }
    refused(&bench, JSON, "\"a.b\"", 400, &own("the token is not three segments")).await;
    refused(&bench, JSON, "\"a.b.c\"", 400, &own("a segment of the token is not base64url")).await;
}

#[tokio::test]
async fn member_order_escapes_and_printed_forms_do_not_matter() {
    for (header, payload) in [
        (r#"{"typ":"JWT","alg":"HS256"}"#, r#"{"RefundSum":1.000,"OpKey":"KEY"}"#),
        (r#"{"alg":"HS256"}"#, r#"{"OpKey":"KEY","RefundSum":1e0}"#),
        (
            r#"{"alg":"HS256","typ":"JWT"}"#,
            r#"{"OpKey":"KEY","RefundSum":1.0,"InvoiceItems":[{"Name":"\u0427\u0430\u0439","Quantity":0.5,"Cost":2.00,"Tax":"none"}]}"#,
        ),
    ] {
        let bench = Bench::strict().await;
        let payload = payload.replace("KEY", OP_KEY);
        let answer = bench.create(&token_with(header, &payload, b"password3-test")).await;
        assert_eq!(answer.status, 200, "{payload}: {answer:?}");
        assert_eq!(bench.refunded(OP_KEY).await, 200, "{payload}");
    }
}

#[tokio::test]
async fn items_are_recorded_as_they_were_sent() {
    let bench = Bench::strict().await;
    let items = r#"[{"Name":"Чай","Quantity":2,"Cost":1.50,"Tax":"vat22","PaymentMethod":"full_payment","PaymentObject":"commodity"}]"#;
    bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":3,"InvoiceItems":{items}}}"#)).await;
    let refund = bench.payment(OP_KEY).await["refunds"][1].clone();
    assert_eq!(refund["lines"], serde_json::from_str::<serde_json::Value>(items).unwrap());
    assert_eq!((refund["amount"].as_u64(), &refund["receipt"]["state"]), (Some(300), &"requested".into()));
}

#[tokio::test]
async fn money_runs_out_with_the_documented_message_and_a_switchable_status() {
    for (status, setting) in [(200, None), (400, Some(400))] {
        let bench = Bench::strict().await;
        if let Some(setting) = setting {
            bench.switch("robokassa.refusal_status", setting).await;
        }
        let over = format!("\"{}\"", token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":99.01}}"#)));
        refused(&bench, JSON, &over, status, NOT_ENOUGH).await;
        bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":99}}"#)).await;
        let all = bench.create(&token(&format!(r#"{{"OpKey":"{OP_KEY}"}}"#))).await;
        assert_eq!((all.status, all.body.as_str()), (status, NOT_ENOUGH));
        assert_eq!(bench.refunded(OP_KEY).await, 10_000);
    }
}

#[tokio::test]
async fn the_same_token_again_is_another_refund_while_money_remains() {
    let bench = Bench::strict().await;
    let payload = format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":40}}"#);
    let first = bench.create_accepted(&payload).await;
    let second = bench.create_accepted(&payload).await;
    assert_ne!(first, second);
    assert_eq!(bench.refunded(OP_KEY).await, 8_100);
    // The rest, after partial refunds: the original sum would exceed.
    bench.create_accepted(&format!(r#"{{"OpKey":"{OP_KEY}"}}"#)).await;
    let amounts: Vec<_> = bench.payment(OP_KEY).await["refunds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["amount"].as_u64())
        .collect();
    assert_eq!(amounts, [Some(100), Some(4_000), Some(4_000), Some(1_900)]);
}

#[tokio::test]
async fn an_unknown_key_is_unauthorized_or_not_found() {
    let bench = Bench::strict().await;
    let unknown = token(r#"{"OpKey":"A2180579-78EE-4E5C-957B-A5ED2C18A7B2-ffmLtLVZTm"}"#);
    let quoted = format!("\"{unknown}\"");
    refused(&bench, JSON, &quoted, 401, UNAUTHORIZED).await;
    bench.switch("robokassa.unknown_op_key", "operation_not_found").await;
    let not_found = r#"{"success":false,"message":"OperationNotFound","requestId":null}"#;
    refused(&bench, JSON, &quoted, 400, not_found).await;
    // The tail is case-sensitive.
    let other_case = token(&format!(r#"{{"OpKey":"{}"}}"#, OP_KEY.to_uppercase()));
    refused(&bench, JSON, &format!("\"{other_case}\""), 400, not_found).await;
}

#[tokio::test]
async fn a_shop_without_access_and_a_hold_refund_nothing() {
    let bench = Bench::strict().await;
    bench.switch("robokassa.password3", "missing").await;
    refused(&bench, JSON, &format!("\"{}\"", VECTORS[0].2), 401, UNAUTHORIZED).await;
    bench.switch("robokassa.password3", "issued").await;
    let held = r#"{"gateway":"robokassa","inv_id":7,"sum":"5","op_key":"HELD-1","state":"held"}"#;
    bench.control("POST", "payments", held).await;
    let answer = bench.create(&token(r#"{"OpKey":"HELD-1"}"#)).await;
    assert_eq!((answer.status, answer.body), (400, own("a hold is cancelled, not refunded")));
}

#[tokio::test]
async fn lenient_mode_takes_what_clients_get_away_with() {
    let bench = Bench::in_mode(Mode::Lenient).await;
    let unlisted = r#""InvoiceItems":[{"Name":"a","Quantity":1,"Cost":5,"Tax":"vat18","sno":"osn"}]"#;
    for payload in [
        format!(r#"{{"OpKey": "{OP_KEY}", "RefundSum": 1}}"#),
        format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1,"iat":1}}"#),
        format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1,{unlisted}}}"#),
    ] {
        bench.create_accepted(&payload).await;
    }
    let padded = format!("{}=", VECTORS[3].2);
    assert_eq!(bench.create(&padded).await.status, 200);
    assert_eq!(bench.refunded(OP_KEY).await, 100 + 300 + 150);
    // Not even here: a bare token and a sum as a string.
    assert_eq!(bench.send("POST", CREATE, JSON, VECTORS[3].2.as_bytes()).await.status, 400);
    let string = token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":"1"}}"#));
    assert_eq!(bench.create(&string).await.status, 400);
}
