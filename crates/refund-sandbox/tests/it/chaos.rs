//! Seeded chaos: repeatable, counted, never asleep.

use refund_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::ecom::ORDER;
use crate::support::{Bench, OP_KEY, REFUND_DO, START, STATUS_DO, WHO, token};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

async fn seeded(seed: u64) -> Bench {
    let running = Sandbox::builder().starts_at(START).chaos(seed).start().await.expect("a free port");
    Bench { running }
}

/// What fifty refunds and fifty questions ran into, and what has moved.
async fn run(bench: &Bench) -> (Vec<Value>, u64) {
    for _ in 0..50 {
        bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount=1")).await;
        bench.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await;
    }
    let listed = bench.control("GET", "requests", "").await["requests"].clone();
    let outcomes = listed.as_array().expect("a list").iter().map(|entry| entry["outcome"].clone()).collect();
    (outcomes, bench.refunded(FULL).await)
}

#[tokio::test]
async fn the_same_seed_and_the_same_requests_give_the_same_faults() {
    let (one, two, other) = (seeded(7).await, seeded(7).await, seeded(8).await);
    let first = run(&one).await;
    assert_eq!(first.0.len(), 100);
    assert_eq!(run(&two).await, first);
    assert_ne!(run(&other).await.0, first.0);
    // Counted, and no more than half of the calls were harmed.
    let told = one.control("GET", "faults", "").await;
    let struck: u64 =
        told["struck"].as_array().expect("a list").iter().filter_map(|f| f["times"].as_u64()).sum();
    let harmed = first.0.iter().filter(|outcome| !outcome["fault"].is_null()).count();
    assert_eq!(usize::try_from(struck), Ok(harmed));
    assert!((20..60).contains(&harmed), "{harmed}");
    assert_eq!((&told["chaos"], &told["faults"]), (&7.into(), &json!([])));
    // Reset begins the same mix anew.
    one.control("POST", "reset?reseed=true", "").await;
    assert_eq!(run(&one).await, first);
}

#[tokio::test]
async fn chaos_is_switched_on_and_off_at_run_time() {
    let (started, switched) = (seeded(7).await, Bench::strict().await);
    switched.control("POST", "faults", r#"{"chaos":7}"#).await;
    let first = run(&started).await;
    assert_eq!(run(&switched).await, first);
    for end in [("POST", r#"{"chaos":null}"#), ("DELETE", "")] {
        switched.control("POST", "faults", r#"{"chaos":7}"#).await;
        assert_eq!(switched.control(end.0, "faults", end.1).await["chaos"], Value::Null);
        for _ in 0..30 {
            let answer = switched.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await;
            assert_eq!(answer.json()["errorCode"], "0");
        }
    }
    for wrong in [r#"{"chaos":"x"}"#, r#"{"chaos":-1}"#, r#"{"chaos":1,"times":2}"#] {
        assert_eq!(
            switched.send("POST", "/_sandbox/faults", "", wrong.as_bytes()).await.status,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_scripted_fault_comes_before_the_mix_and_does_not_shift_it() {
    let (plain, scripted) = (seeded(7).await, seeded(7).await);
    let script = json!({"gateway": "sber-old", "operation": "refund", "fault": "rate_limit", "times": 3});
    scripted.control("POST", "faults", &script.to_string()).await;
    let (plain, scripted) = (run(&plain).await.0, run(&scripted).await.0);
    let refunds =
        |outcomes: &[Value]| outcomes.iter().step_by(2).map(|o| o["fault"].clone()).collect::<Vec<_>>();
    assert_eq!(refunds(&scripted)[..3], vec![Value::from("rate_limit"); 3]);
    assert_eq!(refunds(&scripted)[3..], refunds(&plain)[3..]);
}

/// Whatever goes wrong on the wire, the books are right: nobody gets back more than was paid, every call
/// moves its sum once or not at all, and the status says what the ledger says.
#[tokio::test]
async fn the_books_are_right_under_any_seed() {
    for seed in 0..12 {
        let bench = seeded(seed).await;
        let order =
            json!({"gateway": "sber-ecom", "order_number": "E-1", "order_id": ORDER, "amount": 3_000});
        bench.control("POST", "payments", &order.to_string()).await;
        for step in 0..12_u64 {
            let amount = 100 * (step % 7 + 1);
            for (id, captured) in [(OP_KEY, 10_000), (FULL, 47_000), (ORDER, 3_000)] {
                let before = bench.refunded(id).await;
                match id {
                    OP_KEY => {
                        let payload = format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":{}}}"#, amount / 100);
                        bench.create(&token(&payload)).await;
                    }
                    FULL => {
                        bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount={amount}")).await;
                    }
                    _ => {
                        let key = format!("k-{step}");
                        let ask = json!({"orderId": ORDER, "amount": amount, "jsonParams": {"externalRefundId": key}});
                        // Twice: a key moves money once, whatever became of the first answer.
                        bench.v1("refund.do", ask.clone()).await;
                        bench.v1("refund.do", ask).await;
                    }
                }
                let after = bench.refunded(id).await;
                assert!(after == before || after == before + amount, "{seed} {id} {before} {after}");
                assert!(after <= captured, "{seed} {id}");
            }
        }
        bench.control("DELETE", "faults", "").await;
        bench.advance(3_600).await;
        for (id, captured) in [(FULL, 47_000), (ORDER, 3_000)] {
            let status = match id {
                FULL => bench.form(STATUS_DO, &format!("{WHO}&orderId={FULL}")).await.json(),
                _ => bench.ecom_status(ORDER).await,
            };
            let refunded = bench.refunded(id).await;
            assert_eq!(status["paymentAmountInfo"]["refundedAmount"], refunded, "{seed} {id}");
            assert_eq!(status["paymentAmountInfo"]["depositedAmount"], captured - refunded, "{seed} {id}");
        }
    }
}
