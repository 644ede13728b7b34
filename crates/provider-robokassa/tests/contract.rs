//! The provider against a transport that plays a script: which requests leave, what is made of every answer, what may
//! be seen of it afterwards. No network.

mod base64url;
mod receipts;
mod script;
mod support;

use base64url::from_base64url;
use provider_robokassa::{
    Endpoints, HashAlgorithm, Robokassa, RobokassaConfig, TokenAlgorithm, descriptor::ID, schema,
};
use refund_core::{
    AccountId, Certainty, DoubtReason, Fired, LookupError, Money, NotSent, NotSentReason, Opaque, Payment,
    PaymentId, PaymentRef, PaymentState, Prepared, Prior, Probe, ProviderRef, ReadError, RefundAmount,
    RefundCommand, RefundOutcome, RefundProvider, RefundState, Reply, SelfFencing, StatusError, StatusQuery,
    Submission, Verdict, rules,
};
use script::Script;
use std::sync::Arc;
use support::{fire, key};

const OP_KEY: &str = "0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF";
const REQUEST: &str = "68cd7fa6-1338-4745-ba5c-28d16cbcdb3d";
/// Vector: the operation key above, no sum, HS256, `password3-test`.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.VD3zBQLgTWx1zlqzuVrjgE-v5Xg7Hso4Hrs1_7EbVzw";

fn login(name: &str) -> AccountId {
    AccountId::parse(name).expect("a login")
}

fn config() -> RobokassaConfig {
    RobokassaConfig::new(login("demo"), "password2-test".into(), "password3-test".into())
        .expect("two passwords")
}

fn shop(script: &Arc<Script>) -> Robokassa {
    Robokassa::new(config(), script.clone())
}

fn payment_ref(id: &str) -> PaymentRef {
    PaymentRef { provider: ID, account: login("demo"), payment: PaymentId::parse(id).expect("an id") }
}

fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into() }
}

fn operation(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><OperationStateResponse xmlns="http://merchant.roboxchange.com/WebService/">{inside}</OperationStateResponse>"#
    )
}

fn paid(state: u32, info: &str) -> String {
    operation(&format!(
        "<Result><Code>0</Code></Result><State><Code>{state}</Code></State><Info>{info}</Info>"
    ))
}

fn whole_info() -> String {
    format!(
        "<IncSum>150.000000</IncSum><OutSum>145.500000</OutSum><PaymentMethod><Code>BankCard</Code></PaymentMethod>\
         <OpKey>{OP_KEY}</OpKey>"
    )
}

async fn looked_up(body: impl Into<Vec<u8>>) -> Result<Payment, LookupError> {
    let script = Script::new();
    script.reads(Ok(reply(200, body)));
    shop(&script).lookup(&payment_ref("1001")).await
}

/// A full refund of 150 roubles, prepared.
async fn prepared(robokassa: &Robokassa, amount: RefundAmount) -> Prepared {
    let payment = looked_up(paid(100, &whole_info())).await.expect("a payment");
    let command = RefundCommand::new(payment_ref("1001"), amount);
    let prior = Prior::none(Money::rub(0).currency());
    let refund = rules::check(&command, &payment, &prior, &robokassa.describe().cart).expect("in order");
    robokassa.prepare(&refund, &payment, &key()).expect("a request")
}

#[tokio::test]
async fn a_payment_is_asked_for_by_a_signed_question() {
    let script = Script::new();
    script.reads(Ok(reply(200, paid(100, &whole_info()))));
    let payment = shop(&script).lookup(&payment_ref("1001")).await.expect("a payment");
    assert_eq!(
        (payment.captured, payment.refunded, payment.state),
        (Money::rub(15_000), None, PaymentState::Captured)
    );
    assert_eq!((payment.method.as_deref(), payment.cart, payment.fiscal), (Some("BankCard"), None, None));
    assert_eq!(payment.data.schema(), "robokassa/payment@1");
    assert_eq!(payment.data.bytes(), format!(r#"{{"opKey":"{OP_KEY}"}}"#).as_bytes());
    // MD5 of `demo:1001:password2-test` by OpenSSL's command line.
    assert_eq!(
        script.seen(),
        "GET https://auth.robokassa.ru/Merchant/WebService/Service.asmx/OpStateExt?MerchantLogin=demo&InvoiceID=1001&\
         Signature=c074058be0a37c8fe175ae02644d9764\naccept: text/xml\n\n"
    );
}

#[tokio::test]
async fn a_shops_own_hash_and_addresses_are_used() {
    let script = Script::new();
    script.reads(Ok(reply(200, paid(100, &whole_info()))));
    let endpoints = Endpoints::parse("http://127.0.0.1:1/a/", "http://127.0.0.1:2").expect("two addresses");
    let config = config().with_hash(HashAlgorithm::Sha1).with_endpoints(endpoints);
    let shop = Robokassa::new(config, script.clone());
    shop.lookup(&payment_ref("42")).await.expect("a payment");
    // SHA-1 of `demo:42:password2-test` by OpenSSL's command line.
    let expected = "GET http://127.0.0.1:1/a/Merchant/WebService/Service.asmx/OpStateExt?MerchantLogin=demo&\
                    InvoiceID=42&Signature=ef68bc3f79c6101e5efd2f369c9154d56e55d075";
    assert!(script.seen().starts_with(expected), "{}", script.seen());
}

#[tokio::test]
async fn a_payment_has_one_name_and_one_shop() {
    let script = Script::new();
    let shop = shop(&script);
    for bad in ["0", "-1", "+1", "01", "1.0", "9223372036854775808", "18446744073709551616", "A-1", OP_KEY] {
        let error = shop.lookup(&payment_ref(bad)).await.expect_err(bad);
        assert!(matches!(&error, LookupError::NotOurs { detail } if detail.contains(bad)), "{bad}: {error}");
    }
    let other_shop = PaymentRef { account: login("other"), ..payment_ref("1") };
    let other_gateway =
        PaymentRef { provider: refund_core::ProviderId::from_static("acme"), ..payment_ref("1") };
    for bad in [other_shop, other_gateway] {
        assert!(matches!(shop.lookup(&bad).await, Err(LookupError::NotOurs { .. })), "{bad}");
    }
    assert_eq!(script.seen(), "", "nothing was asked");
    script.reads(Ok(reply(200, paid(100, &whole_info()))));
    shop.lookup(&payment_ref("9223372036854775807")).await.expect("the largest number");
}

#[tokio::test]
async fn states_decide_what_was_captured() {
    for (state, expected, captured) in [
        (5, PaymentState::Pending, 0),
        (10, PaymentState::Void, 0),
        (20, PaymentState::Held, 0),
        (50, PaymentState::Other("50".to_owned()), 15_000),
        (60, PaymentState::Void, 0),
        (80, PaymentState::Suspended, 15_000),
        (100, PaymentState::Captured, 15_000),
        (4711, PaymentState::Other("4711".to_owned()), 15_000),
    ] {
        let payment = looked_up(paid(state, &whole_info())).await.expect("a payment");
        assert_eq!((payment.state, payment.captured), (expected, Money::rub(captured)), "{state}");
    }
    let unpaid = looked_up(paid(5, "")).await.expect("a payment nobody paid has no sum");
    assert_eq!(unpaid.captured, Money::rub(0));
    let nameless = looked_up(paid(100, "<IncSum>1.00</IncSum>")).await.expect("a payment without a key");
    assert_eq!(nameless.data.bytes(), b"{}");
    let error = looked_up(paid(100, "")).await.expect_err("paid, but how much?");
    assert!(
        matches!(&error, LookupError::CannotTell { detail } if detail.contains("Info/IncSum")),
        "{error}"
    );
}

#[tokio::test]
async fn lookup_errors_by_code_and_status() {
    let kind = |error: &LookupError| match error {
        LookupError::NotFound { .. } => "not found",
        LookupError::Denied { .. } => "denied",
        LookupError::CannotTell { .. } => "cannot tell",
        LookupError::Read(_) => "read",
        _ => "other",
    };
    for (code, expected) in [
        (1, "denied"),
        (2, "denied"),
        (3, "not found"),
        (4, "cannot tell"),
        (1000, "cannot tell"),
        (17, "cannot tell"),
    ] {
        let body =
            operation(&format!("<Result><Code>{code}</Code><Description>слова</Description></Result>"));
        let error = looked_up(body).await.expect_err("refused");
        assert_eq!(kind(&error), expected, "{code}");
        let told = error.to_string();
        assert!(told.contains(&format!("code {code}")) && told.contains("слова"), "{told}");
    }
    for (status, expected) in [
        (301, "cannot tell"),
        (401, "denied"),
        (403, "denied"),
        (404, "cannot tell"),
        (429, "read"),
        (503, "read"),
    ] {
        let script = Script::new();
        script.reads(Ok(reply(status, paid(100, &whole_info()))));
        let error = shop(&script).lookup(&payment_ref("1")).await.expect_err("no answer");
        assert_eq!(kind(&error), expected, "{status}");
    }
    assert_eq!(kind(&looked_up("<html>").await.expect_err("not XML")), "cannot tell");
    let script = Script::new();
    script.reads(Err(ReadError::NoAnswer("slow".to_owned())));
    assert_eq!(kind(&shop(&script).lookup(&payment_ref("1")).await.expect_err("no answer")), "read");
}

#[tokio::test]
async fn a_prepared_refund_is_the_payload_and_holds_no_secret() {
    let script = Script::new();
    let shop = shop(&script);
    let full = prepared(&shop, RefundAmount::Full).await;
    assert_eq!(full.payload().schema(), "robokassa/refund@1");
    assert_eq!(full.payload().bytes(), format!(r#"{{"OpKey":"{OP_KEY}"}}"#).as_bytes());
    let part = prepared(&shop, RefundAmount::Exactly(Money::rub(1_234))).await;
    assert_eq!(part.payload().bytes(), format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":12.34}}"#).as_bytes());
    assert_eq!(full, prepared(&shop, RefundAmount::Full).await, "the same input gives the same bytes");
    assert_ne!(full.digest(), part.digest());
}

#[tokio::test]
async fn the_body_of_a_refund_is_a_json_string() {
    let script = Script::new();
    let shop = shop(&script);
    let full = prepared(&shop, RefundAmount::Full).await;
    script.answers(Fired::Reply(reply(
        200,
        format!(r#"{{"success":true,"message":null,"requestId":"{REQUEST}"}}"#),
    )));
    let opened = shop.open(&full).await.expect("a connection");
    assert_eq!(opened.digest(), full.digest());
    let Submission::Outcome { outcome, evidence } = fire(opened).await else { panic!("it was sent") };
    assert_eq!(outcome, RefundOutcome::Accepted(ProviderRef(opaque("robokassa/request@1", REQUEST))));
    assert_eq!(evidence.schema(), "robokassa/reply@1");
    let expected = format!(
        "POST https://services.robokassa.ru/RefundService/Refund/Create\ncontent-type: application/json\naccept: \
         application/json\n\"{TOKEN}\"\n"
    );
    assert_eq!(script.seen(), expected);
    // What is sent is what was prepared, signed; nothing else of the request depends on time or chance.
    let middle = TOKEN.split('.').nth(1).expect("three segments");
    assert_eq!(from_base64url(middle), full.payload().bytes());
}

fn opaque(schema: &'static str, text: &str) -> Opaque {
    Opaque::cut(schema, text.as_bytes().to_vec())
}

#[tokio::test]
async fn several_shops_sign_with_their_own_password_and_algorithm() {
    let (one, other) = (Script::new(), Script::new());
    let first = shop(&one);
    let second = RobokassaConfig::new(login("demo"), "x".into(), "another-password".into())
        .expect("two passwords")
        .with_token_algorithm(TokenAlgorithm::Hs512)
        .with_self_fencing(SelfFencing::On);
    let second = Robokassa::new(second, other.clone());
    let full = prepared(&first, RefundAmount::Full).await;
    for (shop, script) in [(&first, &one), (&second, &other)] {
        script.answers(Fired::NotSent(NotSent::new(NotSentReason::NeverHanded, "closed")));
        let submission = fire(shop.open(&full).await.expect("a connection")).await;
        assert!(matches!(submission, Submission::NotSent(_)));
    }
    assert!(one.seen().contains(TOKEN));
    // The header of HS512 in base64url, and another signature behind the same payload.
    assert!(other.seen().contains("\"eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."), "{}", other.seen());
    assert_eq!(
        (first.describe().self_fencing, second.describe().self_fencing),
        (SelfFencing::Off, SelfFencing::On)
    );
    assert!(first.notifications().is_none());
}

#[tokio::test]
async fn a_foreign_request_is_not_sent() {
    let script = Script::new();
    let shop = shop(&script);
    let foreign = Prepared::new(opaque("robokassa/refund@2", "{}"));
    let error = shop.open(&foreign).await.err().expect("not ours");
    assert_eq!(error.reason, NotSentReason::Unusable);
    assert!(error.detail.contains("robokassa/refund@2"), "{error}");
    script.closes(NotSent::new(NotSentReason::Refused, "nobody listens"));
    let full = prepared(&shop, RefundAmount::Full).await;
    assert_eq!(shop.open(&full).await.err().map(|e| e.reason), Some(NotSentReason::Refused));
    assert!(!script.seen().contains("refund@2"));
}

async fn status(
    answer: Result<Reply, ReadError>,
    kopecks: i64,
) -> (Result<RefundState, StatusError>, String) {
    let script = Script::new();
    script.reads(answer);
    let reference = ProviderRef(opaque("robokassa/request@1", REQUEST));
    let payment = payment_ref("1001");
    let query = StatusQuery { payment: &payment, reference: &reference, amount: Money::rub(kopecks) };
    let report = shop(&script).status(&query).await;
    (report.map(|report| report.state), script.seen())
}

fn standing(amount: &str, label: &str) -> Result<Reply, ReadError> {
    Ok(reply(
        200,
        format!(r#"{{"requestId":"{}","amount":{amount},"label":"{label}"}}"#, REQUEST.to_uppercase()),
    ))
}

#[tokio::test]
async fn status_is_asked_by_the_id_and_compared() {
    let (state, seen) = status(standing("150.000000", "finished"), 15_000).await;
    assert_eq!(state, Ok(RefundState::Settled));
    assert_eq!(
        seen,
        format!(
            "GET https://services.robokassa.ru/RefundService/Refund/GetState?id={REQUEST}\naccept: application/json\n\n"
        )
    );
    assert_eq!(status(standing("150.000000", "processing"), 15_000).await.0, Ok(RefundState::Processing));
    assert_eq!(status(standing("150.000000", "canceled"), 15_000).await.0, Ok(RefundState::Canceled));
    let (state, _) = status(standing("149.990000", "finished"), 15_000).await;
    assert!(matches!(state, Ok(RefundState::Mismatch { .. })), "{state:?}");
    let (state, _) = status(standing("150.000000", "rejected"), 15_000).await;
    assert_eq!(state, Ok(RefundState::Unrecognised { label: "rejected".to_owned() }));
}

#[tokio::test]
async fn a_status_that_cannot_be_had_changes_nothing() {
    let unknown = r#"{"message":"Id is invalid or request id does not exist"}"#;
    let (error, _) = status(Ok(reply(400, unknown)), 1).await;
    assert!(matches!(error, Err(StatusError::NotFound { .. })), "{error:?}");
    let (error, _) = status(Ok(reply(503, "")), 1).await;
    assert!(matches!(error, Err(StatusError::Read(ReadError::NoAnswer(_)))), "{error:?}");
    let (error, _) = status(Ok(reply(200, "<html>")), 1).await;
    assert!(matches!(error, Err(StatusError::Unreadable { .. })), "{error:?}");
    let (error, _) = status(Err(ReadError::NoAnswer("slow".to_owned())), 1).await;
    assert!(matches!(error, Err(StatusError::Read(_))), "{error:?}");

    let script = Script::new();
    let (payment, foreign) = (payment_ref("1"), ProviderRef(opaque("sber-old/refund@1", REQUEST)));
    let query = StatusQuery { payment: &payment, reference: &foreign, amount: Money::rub(1) };
    assert!(matches!(shop(&script).status(&query).await, Err(StatusError::Unreadable { .. })));
    assert_eq!(script.seen(), "", "nothing was asked");
}

async fn probed(salvaged: Option<&ProviderRef>, answer: Option<Result<Reply, ReadError>>) -> Verdict {
    let script = Script::new();
    if let Some(answer) = answer {
        script.reads(answer);
    }
    let shop = shop(&script);
    let payment = looked_up(paid(100, &whole_info())).await.expect("a payment");
    let request = prepared(&shop, RefundAmount::Full).await;
    let (of, key) = (payment_ref("1001"), key());
    let probe = Probe {
        payment: &of,
        baseline: &payment,
        prepared: &request,
        amount: Money::rub(15_000),
        key: &key,
        salvaged,
    };
    let report = shop.probe(&probe).await;
    assert_eq!(report.evidence.schema(), schema::REPLY);
    report.verdict
}

#[tokio::test]
async fn a_probe_proves_by_a_salvaged_id_or_not_at_all() {
    let id = ProviderRef(opaque("robokassa/request@1", REQUEST));
    let cannot_tell = |verdict: &Verdict| matches!(verdict, Verdict::CannotTell { .. });
    assert!(cannot_tell(&probed(None, None).await));
    for label in ["finished", "processing", "canceled", "rejected"] {
        let verdict = probed(Some(&id), Some(standing("150.000000", label))).await;
        assert_eq!(verdict, Verdict::Happened(Some(id.clone())), "{label}");
    }
    let other_amount = probed(Some(&id), Some(standing("1.000000", "finished"))).await;
    assert!(cannot_tell(&other_amount), "{other_amount:?}");
    let unknown = Ok(reply(200, r#"{"message":"Id is invalid or request id does not exist"}"#));
    assert!(cannot_tell(&probed(Some(&id), Some(unknown)).await));
    for broken in [Ok(reply(500, "")), Ok(reply(200, "")), Err(ReadError::NoAnswer("slow".to_owned()))] {
        let verdict = probed(Some(&id), Some(broken)).await;
        assert!(matches!(verdict, Verdict::Unreadable { .. }), "{verdict:?}");
    }
}

/// An edge that repeats the request in its error page must not put a token into the journal.
#[tokio::test]
async fn what_an_edge_repeats_is_not_kept() {
    let signature = TOKEN.rsplit('.').next().expect("three segments");
    let echo = format!("<pre>POST \"{TOKEN}\"</pre> {signature} {}", signature.to_uppercase());
    let whole = Fired::Reply(reply(502, echo.clone()));
    let cut = Fired::MaybeSent {
        why: DoubtReason::TruncatedReply,
        detail: "cut".to_owned(),
        status: Some(502),
        partial_body: echo.into(),
    };
    let own = Fired::Reply(reply(200, format!(r#"{{"success":false,"message":"bad {signature}"}}"#)));
    for fired in [whole, cut, own] {
        let script = Script::new();
        let shop = shop(&script);
        let full = prepared(&shop, RefundAmount::Full).await;
        script.answers(fired);
        let submission = fire(shop.open(&full).await.expect("a connection")).await;
        let Submission::Outcome { outcome, evidence } = submission else { panic!("it was sent") };
        let kept = format!("{outcome:?} {}", String::from_utf8_lossy(evidence.bytes()));
        assert!(!kept.to_lowercase().contains(&signature.to_lowercase()), "{kept}");
        assert!(kept.contains("[signature]"), "{kept}");
    }
    // The question about an operation is signed too.
    let script = Script::new();
    let echo = operation(
        "<Result><Code>1</Code><Description>F353EE130073F22B83D01E4C4E8B5D74</Description></Result>",
    );
    script.reads(Ok(reply(200, echo)));
    let error = shop(&script).lookup(&payment_ref("42")).await.expect_err("refused").to_string();
    assert!(error.contains("[signature]") && !error.contains("F353EE"), "{error}");
}

#[tokio::test]
async fn secrets_never_show() {
    let script = Script::new();
    let canaries =
        RobokassaConfig::new(login("demo"), "canary2".into(), "canary3".into()).expect("two passwords");
    let shop = Robokassa::new(canaries, script.clone());
    let full = prepared(&shop, RefundAmount::Full).await;
    script.closes(NotSent::new(NotSentReason::Tls, "certificate"));
    let error = shop.open(&full).await.err().expect("no connection");
    script.reads(Err(ReadError::NoAnswer("slow".to_owned())));
    let lookup = shop.lookup(&payment_ref("42")).await.expect_err("no answer");
    let shown = format!(
        "{shop:?} {full:?} {error:?} {lookup:?} {:?}",
        String::from_utf8_lossy(full.payload().bytes())
    );
    assert!(!shown.contains("canary"), "{shown}");
    // Nor does a password travel: what leaves is signed with them.
    assert!(!script.seen().contains("canary"), "{}", script.seen());
}

#[tokio::test]
async fn a_refusal_is_final_and_explained() {
    let script = Script::new();
    let shop = shop(&script);
    let full = prepared(&shop, RefundAmount::Full).await;
    let refusal = r#"{"success":false,"message":"NotEnoughOperationFunds","requestId":null}"#;
    script.answers(Fired::Reply(reply(400, refusal)));
    let submission = fire(shop.open(&full).await.expect("a connection")).await;
    let Submission::Outcome { outcome: RefundOutcome::Declined(decline), evidence } = submission else {
        panic!("{submission:?}")
    };
    assert_eq!((decline.code.as_str(), decline.certainty), ("NotEnoughOperationFunds", Certainty::Final));
    assert_eq!(decline.hints.len(), 1);
    assert_eq!(evidence.bytes(), format!("status 400\n{refusal}").as_bytes());
}
