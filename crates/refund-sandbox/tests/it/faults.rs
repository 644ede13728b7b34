//! Every fault, on every gateway it fits: what the client sees and where the money is.

use serde_json::json;

use crate::support::{Answer, Bench, CREATE, FORM, JSON, OP_KEY, REFUND_DO, STATUS_DO, WHO, token};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
const GATEWAYS: [&str; 2] = ["robokassa", "sber-old"];

/// A refund of 1.00 that would be accepted.
async fn refund(bench: &Bench, gateway: &str) -> Answer {
    if gateway == "robokassa" {
        bench.create(&token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1}}"#))).await
    } else {
        bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount=100")).await
    }
}

async fn moved(bench: &Bench, gateway: &str) -> u64 {
    match gateway {
        "robokassa" => bench.refunded(OP_KEY).await - 100,
        _ => bench.refunded(FULL).await,
    }
}

/// One row: the fault strikes once, the client sees `status` (0: the connection closed without a
/// byte), `kopecks` have moved, and the next call is healthy.
async fn check(fault: &str, status: u16, kopecks: u64, looks_right: fn(&Answer) -> bool) {
    for gateway in GATEWAYS {
        let bench = Bench::strict().await;
        bench.fault(gateway, "refund", fault).await;
        let answer = refund(&bench, gateway).await;
        assert_eq!(answer.status, status, "{fault} at {gateway}: {answer:?}");
        assert!(looks_right(&answer), "{fault} at {gateway}: {answer:?}");
        assert_eq!(moved(&bench, gateway).await, kopecks, "{fault} at {gateway}");
        let healthy = refund(&bench, gateway).await;
        assert_eq!(healthy.status, 200, "{fault} at {gateway}: {healthy:?}");
        assert_eq!(moved(&bench, gateway).await, kopecks + 100, "{fault} at {gateway}");
        let listed = bench.control("GET", "requests", "").await;
        assert_eq!(listed["requests"][0]["outcome"]["fault"], fault);
        let seen = if status == 0 { json!(null) } else { json!(status) };
        assert_eq!(listed["requests"][0]["outcome"]["status"], seen);
        assert_eq!(listed["requests"][1]["outcome"], json!({"status": 200, "fault": null}));
    }
}

#[tokio::test]
async fn connections_close_without_a_byte() {
    check("drop_before_commit", 0, 0, |answer| answer.head.is_empty()).await;
    check("drop_after_commit", 0, 100, |answer| answer.head.is_empty()).await;
}

#[tokio::test]
async fn errors_come_before_or_after_the_money_moved() {
    check("error_before_commit", 500, 0, |answer| answer.body.is_empty()).await;
    check("error_after_commit", 500, 100, |answer| answer.body.is_empty()).await;
    check("rate_limit", 429, 0, |answer| answer.body.is_empty() && answer.header("retry-after").is_none())
        .await;
    check("html", 200, 100, |answer| {
        answer.header("content-type") == Some("text/html; charset=utf-8")
            && answer.body.starts_with("<!DOCTYPE")
    })
    .await;
}

#[tokio::test]
async fn half_of_an_answer_comes_and_the_connection_closes() {
    check("truncate", 200, 100, |answer| {
        let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
        announced > 20 && answer.body.len() == announced / 2 && answer.body.starts_with('{')
    })
    .await;
}

#[tokio::test]
async fn a_redirect_leads_back_to_the_same_address_and_moves_nothing() {
    check("redirect", 307, 0, |answer| {
        matches!(answer.header("location"), Some(CREATE | REFUND_DO)) && answer.body.is_empty()
    })
    .await;
}

#[tokio::test]
async fn the_status_of_an_error_can_be_chosen() {
    let bench = Bench::strict().await;
    for status in [502, 503, 504] {
        let fault = json!({"gateway": "sber-old", "operation": "refund", "fault": "error_before_commit", "status": status});
        bench.control("POST", "faults", &fault.to_string()).await;
        assert_eq!(refund(&bench, "sber-old").await.status, status);
    }
}

#[tokio::test]
async fn a_delay_moves_the_money_and_keeps_silent_until_the_client_hangs_up() {
    for gateway in GATEWAYS {
        let bench = Bench::strict().await;
        bench.fault(gateway, "refund", "delay").await;
        let mut answer = std::pin::pin!(refund(&bench, gateway));
        // The money moves while the answer is held back; the control API stays reachable meanwhile.
        loop {
            tokio::select! {
                biased;
                kopecks = moved(&bench, gateway) => if kopecks == 100 { break },
                answer = &mut answer => panic!("an answer: {answer:?}"),
            }
        }
    }
    let bench = Bench::strict().await;
    let short = json!({"gateway": "sber-old", "operation": "refund", "fault": "delay", "seconds": 0});
    bench.control("POST", "faults", &short.to_string()).await;
    assert_eq!(refund(&bench, "sber-old").await.json()["errorCode"], "0");
}

#[tokio::test]
async fn error_code_forms_strike_once() {
    let bench = Bench::strict().await;
    bench.switch("sber.error_code", "number").await;
    for (fault, expected) in [
        ("error_code_string", r#"{"errorCode":"0","errorMessage":"Успешно"}"#),
        ("error_code_missing", r#"{"errorMessage":"Успешно"}"#),
    ] {
        bench.fault("sber-old", "refund", fault).await;
        assert_eq!(refund(&bench, "sber-old").await.body, expected);
    }
    assert_eq!(refund(&bench, "sber-old").await.body, r#"{"errorCode":0,"errorMessage":"Успешно"}"#);
    bench.switch("sber.error_code", "string").await;
    bench.fault("sber-old", "lookup", "error_code_number").await;
    let status = bench.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await;
    assert_eq!(status.json()["errorCode"], 0);
}

#[tokio::test]
async fn labels_nobody_lists() {
    let bench = Bench::strict().await;
    bench.fault("robokassa", "status", "unknown_label").await;
    let get_state = "/RefundService/Refund/GetState?id=cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";
    assert_eq!(bench.get(get_state).await.json()["label"], "suspended");
    assert_eq!(bench.get(get_state).await.json()["label"], "finished");
    let fault = json!({"gateway": "robokassa", "operation": "status", "fault": "unknown_label", "label": "от\"каз", "times": 2});
    bench.control("POST", "faults", &fault.to_string()).await;
    for _ in 0..2 {
        assert_eq!(bench.get(get_state).await.json()["label"], "от\"каз");
    }
    let ask = format!("{WHO}&orderId={FULL}");
    for operation in ["status", "lookup"] {
        bench.fault("sber-old", operation, "unknown_label").await;
        let status = bench.form(STATUS_DO, &ask).await.json();
        assert_eq!(status["paymentAmountInfo"]["paymentState"], "suspended", "{operation}");
    }
}

#[tokio::test]
async fn reading_calls_fail_too() {
    let bench = Bench::strict().await;
    let get_state = "/RefundService/Refund/GetState?id=cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";
    let lookup = "/Merchant/WebService/Service.asmx/OpStateExt?MerchantLogin=demo&InvoiceID=42&Signature=F353EE130073F22B83D01E4C4E8B5D74";
    for (operation, path) in [("status", get_state), ("lookup", lookup)] {
        for (fault, status) in
            [("drop_before_commit", 0), ("error_after_commit", 500), ("rate_limit", 429), ("html", 200)]
        {
            bench.fault("robokassa", operation, fault).await;
            assert_eq!(bench.get(path).await.status, status, "{fault} {operation}");
        }
        bench.fault("robokassa", operation, "redirect").await;
        assert_eq!(bench.get(path).await.header("location"), Some(path));
    }
}

#[tokio::test]
async fn faults_queue_up_strike_their_own_operation_and_can_be_cleared() {
    let bench = Bench::strict().await;
    let twice = json!({"gateway": "sber-old", "operation": "refund", "fault": "rate_limit", "times": 2});
    bench.control("POST", "faults", &twice.to_string()).await;
    bench.fault("sber-old", "refund", "drop_after_commit").await;
    assert_eq!(refund(&bench, "robokassa").await.status, 200);
    let seen = [refund(&bench, "sber-old").await.status, refund(&bench, "sber-old").await.status];
    assert_eq!(seen, [429, 429]);
    let left = bench.control("GET", "faults", "").await;
    let one =
        json!([{"gateway": "sber-old", "operation": "refund", "fault": "drop_after_commit", "times": 1}]);
    assert_eq!(left["faults"], one);
    assert_eq!(bench.control("DELETE", "faults", "").await["faults"], json!([]));
    assert_eq!(refund(&bench, "sber-old").await.status, 200);
}

#[tokio::test]
async fn a_fault_hides_a_refusal_as_well() {
    let bench = Bench::strict().await;
    bench.fault("robokassa", "refund", "drop_after_commit").await;
    assert_eq!(bench.send("POST", CREATE, JSON, b"\"a.b.c\"").await.status, 0);
    bench.fault("sber-old", "refund", "html").await;
    assert!(bench.send("POST", REFUND_DO, FORM, b"").await.body.contains("html"));
    assert_eq!((moved(&bench, "robokassa").await, moved(&bench, "sber-old").await), (0, 0));
}
