//! Every fault, on every gateway it fits: what the client sees and where the money is.

use serde_json::json;

use crate::ecom::{ACCEPTED, DONE, ORDER, V1};
use crate::support::{Answer, Bench, CREATE, FORM, JSON, OP_KEY, REFUND_DO, STATUS_DO, WHO, token};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";
const GATEWAYS: [&str; 3] = ["robokassa", "sber-old", "sber-ecom"];

/// A refund of 1.00 that would be accepted.
async fn refund(bench: &Bench, gateway: &str) -> Answer {
    match gateway {
        "robokassa" => bench.create(&token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1}}"#))).await,
        "sber-old" => bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount=100")).await,
        _ => bench.v1("refund.do", json!({"orderId": ORDER, "amount": 100})).await,
    }
}

async fn moved(bench: &Bench, gateway: &str) -> u64 {
    match gateway {
        "robokassa" => bench.refunded(OP_KEY).await - 100,
        "sber-old" => bench.refunded(FULL).await,
        _ => bench.refunded(ORDER).await,
    }
}

/// One row: the fault strikes once, the client sees `status` (0: the connection closed without a
/// byte), `kopecks` have moved, and the next call is healthy.
async fn check(fault: &str, status: u16, kopecks: u64, looks_right: fn(&Answer) -> bool) {
    for gateway in GATEWAYS {
        let bench = Bench::ecom().await;
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
        let ecom = format!("{V1}/refund.do");
        answer.header("location").is_some_and(|to| [CREATE, REFUND_DO, &ecom].contains(&to))
            && answer.body.is_empty()
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
        let bench = Bench::ecom().await;
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

#[tokio::test]
async fn an_answer_is_cut_where_it_is_asked_to_be() {
    // The id of a Robokassa answer ends 86 bytes in: 48 before it, 36 of it and a quote before and after.
    let bench = Bench::strict().await;
    let cut = async |at: Option<u64>| {
        let mut fault = json!({"gateway": "robokassa", "operation": "refund", "fault": "truncate"});
        if let Some(at) = at {
            fault["at"] = at.into();
        }
        bench.control("POST", "faults", &fault.to_string()).await;
        refund(&bench, "robokassa").await
    };
    let whole = refund(&bench, "robokassa").await.body.len();
    let after_the_id = cut(Some(86)).await.body;
    let id = after_the_id.split_once(r#""requestId":""#).map(|(_, id)| id.trim_end_matches('"').to_owned());
    assert_eq!(id.as_deref().map(str::len), Some(36), "{after_the_id}");
    let state = bench.get(&format!("/RefundService/Refund/GetState?id={}", id.expect("an id"))).await;
    assert_eq!(state.json()["label"], "processing");
    for (at, length) in [(Some(0), 0), (Some(1), 1), (Some(1_000_000), whole - 1), (None, whole / 2)] {
        let answer = cut(at).await;
        assert_eq!((answer.status, answer.body.len()), (200, length), "{at:?}");
        assert_eq!(answer.header("content-length"), Some(whole.to_string().as_str()));
    }
    let told = bench.control("GET", "faults", "").await;
    let expected = json!([{"gateway": "robokassa", "operation": "refund", "fault": "truncate", "times": 5}]);
    assert_eq!((&told["faults"], &told["struck"]), (&json!([]), &expected));
    assert_eq!(bench.control("DELETE", "faults", "").await["struck"], json!([]));
    let misplaced =
        json!({"gateway": "robokassa", "operation": "refund", "fault": "html", "at": 1}).to_string();
    let answer = bench.send("POST", "/_sandbox/faults", "", misplaced.as_bytes()).await;
    assert_eq!((answer.status, &answer.json()["where"]), (400, &"at".into()));
}

#[tokio::test]
async fn a_slow_refund_is_reserved_at_once_and_finished_by_the_clock() {
    for gateway in GATEWAYS {
        let bench = Bench::ecom().await;
        bench.switch("sber.status_version", 5).await;
        let slow = json!({"gateway": gateway, "operation": "refund", "fault": "slow_finish", "seconds": 600});
        bench.control("POST", "faults", &slow.to_string()).await;
        let answer = refund(&bench, gateway).await.json();
        match gateway {
            "robokassa" => assert_eq!(answer["success"], true),
            "sber-old" => assert_eq!(answer["errorMessage"], "Успешно"),
            _ => assert_eq!(answer["errorMessage"], ACCEPTED),
        }
        let id = match gateway {
            "robokassa" => OP_KEY,
            "sber-old" => FULL,
            _ => ORDER,
        };
        let state = async || {
            let refunds = bench.payment(id).await["refunds"].clone();
            refunds.as_array().expect("a list").last().expect("one")["state"].clone()
        };
        assert_eq!((moved(&bench, gateway).await, state().await), (100, "processing".into()));
        if gateway == "sber-old" {
            let status = bench.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await.json();
            assert_eq!(
                (&status["orderStatus"], &status["refunds"][0]["actionCode"]),
                (&2.into(), &"1120".into())
            );
            assert_eq!(status["paymentAmountInfo"]["refundedAmount"], 0);
        }
        bench.advance(599).await;
        assert_eq!(state().await, "processing");
        bench.advance(1).await;
        assert_eq!(state().await, "finished");
    }
}

#[tokio::test]
async fn faults_of_the_ecom_dialect_strike_its_own_operations() {
    let bench = Bench::ecom().await;
    for (operation, path, members) in [
        (
            "register",
            "register.do",
            json!({"orderNumber": "n", "amount": 1, "returnUrl": "https://shop.test"}),
        ),
        ("deposit", "deposit.do", json!({"orderId": ORDER, "amount": 1})),
        ("reverse", "reverse.do", json!({"orderId": ORDER})),
        ("decline", "decline.do", json!({"orderId": ORDER})),
        ("lookup", "getOrderStatusExtended.do", json!({"orderId": ORDER})),
        ("status", "getOrderStatusExtended.do", json!({"orderId": ORDER})),
        ("refund", "autoRefund", json!({"orderId": ORDER, "compositeAmount": 1})),
    ] {
        bench.fault("sber-ecom", operation, "drop_before_commit").await;
        assert_eq!(bench.v1(path, members).await.status, 0, "{operation}");
    }
    bench.fault("sber-ecom", "receipt", "html").await;
    assert!(bench.ofd("getReceiptStatus", json!({"orderId": ORDER})).await.body.contains("html"));
    assert_eq!(bench.refunded(ORDER).await, 0);
    for (fault, expected) in [
        ("error_code_number", format!(r#"{{"errorCode":0,"errorMessage":"{DONE}"}}"#)),
        ("error_code_missing", format!(r#"{{"errorMessage":"{DONE}"}}"#)),
        ("error_code_string", format!(r#"{{"errorCode":"0","errorMessage":"{DONE}"}}"#)),
    ] {
        bench.fault("sber-ecom", "refund", fault).await;
        assert_eq!(refund(&bench, "sber-ecom").await.body, expected);
    }
    bench.fault("sber-ecom", "lookup", "unknown_label").await;
    assert_eq!(bench.ecom_status(ORDER).await["paymentAmountInfo"]["paymentState"], "suspended");
    for (gateway, operation, fault, place) in [
        ("robokassa", "register", "html", "operation"),
        ("sber-old", "deposit", "html", "operation"),
        ("sber-ecom", "receipt", "error_code_number", "fault"),
        ("sber-ecom", "lookup", "slow_finish", "fault"),
        ("sber-ecom", "lookup", "early_callback", "fault"),
        ("robokassa", "refund", "duplicate_callback", "fault"),
    ] {
        let body = json!({"gateway": gateway, "operation": operation, "fault": fault}).to_string();
        let answer = bench.send("POST", "/_sandbox/faults", "", body.as_bytes()).await;
        assert_eq!((answer.status, &answer.json()["where"]), (400, &place.into()), "{body}");
    }
}

#[tokio::test]
async fn refusals_can_be_made_up_and_may_be_lies() {
    // Every text of the two tables can be asked for, also those no rule of the sandbox leads to.
    for (gateway, fault, kopecks) in [
        ("sber-old", "refuse_before_commit", 0),
        ("sber-old", "refuse_after_commit", 100),
        ("sber-ecom", "refuse_before_commit", 0),
        ("sber-ecom", "refuse_after_commit", 100),
    ] {
        let bench = Bench::ecom().await;
        bench.fault(gateway, "refund", fault).await;
        let answer = refund(&bench, gateway).await;
        let expected = r#"{"errorCode":"7","errorMessage":"Системная ошибка"}"#;
        assert_eq!((answer.status, answer.body.as_str()), (200, expected), "{gateway} {fault}");
        assert_eq!(moved(&bench, gateway).await, kopecks, "{gateway} {fault}");
        let other = json!({"gateway": gateway, "operation": "refund", "fault": "refuse_before_commit", "code": 5,
            "message": "Пользователь должен сменить свой пароль"});
        bench.control("POST", "faults", &other.to_string()).await;
        assert_eq!(
            refund(&bench, gateway).await.body,
            r#"{"errorCode":"5","errorMessage":"Пользователь должен сменить свой пароль"}"#
        );
    }
    let bench = Bench::strict().await;
    for (gateway, rest, place) in [
        ("robokassa", json!({}), "fault"),
        ("sber-old", json!({"code": 0}), "code"),
        ("sber-old", json!({"code": 1000}), "code"),
        ("sber-old", json!({"seconds": 1}), "seconds"),
    ] {
        let mut body = json!({"gateway": gateway, "operation": "refund", "fault": "refuse_after_commit"});
        for (name, value) in rest.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let answer = bench.send("POST", "/_sandbox/faults", "", body.to_string().as_bytes()).await;
        assert_eq!((answer.status, &answer.json()["where"]), (400, &place.into()), "{body}");
    }
}
