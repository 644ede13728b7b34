//! Callbacks over real HTTP: what arrives, in which order, and when again.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::ecom::{DONE, ORDER};
use crate::support::{Bench, REFUND_DO, WHO};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

/// The shop's side: a bare socket that reads one request at a time and answers what it is told to.
struct Ear {
    listener: TcpListener,
}

/// One callback that has arrived and waits for its answer.
struct Heard {
    stream: TcpStream,
    head: String,
    body: String,
}

impl Ear {
    async fn open() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.expect("a free port") }
    }

    fn addr(&self) -> SocketAddr {
        self.listener.local_addr().expect("an address")
    }

    async fn hear(&self) -> Heard {
        let (mut stream, _) = self.listener.accept().await.expect("a callback");
        let mut bytes = Vec::new();
        let (head, body) = loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let lower = head.to_lowercase();
                let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |length| length.parse().expect("a number")) {
                    break (head.to_owned(), body.to_owned());
                }
            }
            assert_ne!(stream.read_buf(&mut bytes).await.expect("bytes"), 0, "cut short: {text}");
        };
        Heard { stream, head, body }
    }
}

impl Heard {
    async fn answer(mut self, status: u16) {
        let reply = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        self.stream.write_all(reply.as_bytes()).await.expect("written");
        let _ = self.stream.shutdown().await;
    }

    fn first_line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }
}

async fn aim(bench: &Bench, gateway: &str, ear: &Ear, method: Option<&str>) {
    let mut body = json!({"gateway": gateway, "url": format!("http://{}/callback", ear.addr())});
    if let Some(method) = method {
        body["method"] = method.into();
    }
    bench.control("POST", "callbacks", &body.to_string()).await;
}

async fn refund(bench: &Bench, amount: u64) {
    let answer = bench.form(REFUND_DO, &format!("{WHO}&orderId={FULL}&amount={amount}")).await;
    assert_eq!(answer.json()["errorCode"], "0");
}

/// What became of every callback: its state and the answers it got. Waits until none is due or on its way.
async fn fates(bench: &Bench) -> Vec<(String, Value)> {
    loop {
        let listed = bench.control("GET", "callbacks", "").await["deliveries"].clone();
        let list = listed.as_array().expect("a list");
        if list.iter().all(|entry| entry["state"] != "on_the_way" && entry["state"] != "due") {
            let fate = |entry: &Value| {
                (entry["state"].as_str().expect("a word").to_owned(), entry["answers"].clone())
            };
            return list.iter().map(fate).collect();
        }
    }
}

#[tokio::test]
async fn a_refund_of_the_old_dialect_is_told_with_its_checksum() {
    let bench = Bench::strict().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-old", &ear, None).await;
    refund(&bench, 10_000).await;
    let heard = ear.hear().await;
    // HMAC-SHA256 of "mdOrder;130ab8ed-…;operation;refunded;orderNumber;sample-full;status;1;" under
    // "callback-key-test", by Python's hmac.
    assert_eq!(
        heard.first_line(),
        format!(
            "GET /callback?checksum=C33A394161DFD6D8B269B4426A444846809737FFF38A83999F90669E29BD4191&mdOrder={FULL}&operation=refunded&orderNumber=sample-full&status=1 HTTP/1.1"
        )
    );
    assert_eq!(heard.body, "");
    heard.answer(200).await;
    assert_eq!(fates(&bench).await, [("acknowledged".to_owned(), json!([200]))]);

    bench.switch("sber.callback_amounts", "shown").await;
    aim(&bench, "sber-old", &ear, Some("POST")).await;
    refund(&bench, 5_000).await;
    let heard = ear.hear().await;
    assert_eq!(heard.first_line(), "POST /callback HTTP/1.1");
    assert!(heard.head.contains("content-type: application/x-www-form-urlencoded"));
    // The same over "depositedAmount;32000;…;operationRefundedAmount;5000;…;refundedAmount;15000;…".
    assert_eq!(
        heard.body,
        format!(
            "checksum=CF479D5CC62DCECAF46247204DECA42B494F34A9AE94AA92C40CE85E185BA990&depositedAmount=32000&mdOrder={FULL}&operation=refunded&operationRefundedAmount=5000&orderNumber=sample-full&refundedAmount=15000&status=1"
        )
    );
    heard.answer(200).await;
    bench.switch("sber.callback_checksum", "none").await;
    let cabinet = json!({"gateway": "sber-old", "id": FULL, "action": "refund", "amount": 1});
    bench.control("POST", "cabinet", &cabinet.to_string()).await;
    let heard = ear.hear().await;
    assert!(heard.body.contains("operationRefundedAmount=1&") && !heard.body.contains("checksum"));
    heard.answer(200).await;
}

#[tokio::test]
async fn the_ecom_dialect_posts_json_without_any_proof_of_every_step() {
    let bench = Bench::strict().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-ecom", &ear, None).await;
    let id = bench.registered("registerPreAuth.do", json!({"amount": 1_000})).await;
    bench.pay(&id).await;
    bench.v1_says("deposit.do", json!({"orderId": id, "amount": 1_000}), "0", DONE).await;
    bench.v1_says("refund.do", json!({"orderId": id, "amount": 10}), "0", DONE).await;
    for operation in ["created", "approved", "deposited", "refunded"] {
        let heard = ear.hear().await;
        assert_eq!(heard.first_line(), "POST /callback HTTP/1.1");
        assert!(heard.head.contains("content-type: application/json"));
        assert_eq!(
            heard.body,
            format!(
                r#"{{"mdOrder":"{id}","orderNumber":"R-1","operation":"{operation}","status":1,"additionalParams":{{}}}}"#
            )
        );
        heard.answer(200).await;
    }
}

#[tokio::test]
async fn a_refusal_is_told_to_nobody_and_neither_is_what_has_no_target() {
    let bench = Bench::ecom().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-ecom", &ear, None).await;
    bench.v1("refund.do", json!({"orderId": ORDER, "amount": 47_001})).await;
    refund(&bench, 1).await;
    bench
        .create_accepted(r#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF","RefundSum":1}"#)
        .await;
    assert_eq!(fates(&bench).await, []);
    let stop = json!({"gateway": "sber-ecom", "url": null});
    assert_eq!(bench.control("POST", "callbacks", &stop.to_string()).await["targets"], json!([]));
    bench.v1("refund.do", json!({"orderId": ORDER, "amount": 1})).await;
    assert_eq!(fates(&bench).await, []);
}

#[tokio::test]
async fn a_callback_is_repeated_by_the_sandboxes_clock_until_exactly_200() {
    for (gateway, pause) in [("sber-old", 30), ("sber-ecom", 60)] {
        let bench = Bench::ecom().await;
        let ear = Ear::open().await;
        aim(&bench, gateway, &ear, None).await;
        let deed = json!({"gateway": gateway, "id": if gateway == "sber-old" { FULL } else { ORDER }, "action": "refund", "amount": 1});
        bench.control("POST", "cabinet", &deed.to_string()).await;
        let first = ear.hear().await;
        let said = (first.first_line().to_owned(), first.body.clone());
        first.answer(204).await;
        assert_eq!(fates(&bench).await, [("waiting".to_owned(), json!([204]))]);
        bench.advance(pause - 1).await;
        assert_eq!(fates(&bench).await, [("waiting".to_owned(), json!([204]))]);
        bench.advance(1).await;
        // The connection closes without an answer.
        let second = ear.hear().await;
        assert_eq!((second.first_line().to_owned(), second.body.clone()), said);
        drop(second);
        assert_eq!(fates(&bench).await, [("waiting".to_owned(), json!([204, null]))]);
        bench.advance(pause).await;
        ear.hear().await.answer(500).await;
        assert_eq!(fates(&bench).await, [("given_up".to_owned(), json!([204, null, 500]))]);
    }
}

#[tokio::test]
async fn nobody_listening_is_a_failed_attempt() {
    let bench = Bench::strict().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-old", &ear, None).await;
    drop(ear);
    bench.switch("sber.callback_attempts", 1).await;
    refund(&bench, 1).await;
    assert_eq!(fates(&bench).await, [("given_up".to_owned(), json!([null]))]);
    assert_eq!(bench.control("DELETE", "callbacks", "").await, json!({"targets": [], "deliveries": []}));
}

#[tokio::test]
async fn a_callback_may_come_twice_or_before_the_reply() {
    let bench = Bench::ecom().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-ecom", &ear, None).await;
    bench.fault("sber-ecom", "refund", "duplicate_callback").await;
    bench.v1_says("refund.do", json!({"orderId": ORDER, "amount": 1}), "0", DONE).await;
    let listed = bench.control("GET", "callbacks", "").await["deliveries"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    let one = ear.hear().await;
    let body = one.body.clone();
    one.answer(200).await;
    let two = ear.hear().await;
    assert_eq!(two.body, body);
    two.answer(200).await;
    assert_eq!(fates(&bench).await.len(), 2);

    bench.fault("sber-ecom", "refund", "early_callback").await;
    let mut answer = std::pin::pin!(bench.v1("refund.do", json!({"orderId": ORDER, "amount": 1})));
    let heard = tokio::select! {
        heard = ear.hear() => heard,
        answer = &mut answer => panic!("the reply came first: {answer:?}"),
    };
    // The money has moved and the reply still waits for us.
    assert_eq!(bench.refunded(ORDER).await, 2);
    let (_, answer) = tokio::join!(heard.answer(200), answer);
    assert_eq!(answer.json()["errorCode"], "0");
}

#[tokio::test]
async fn a_slow_refund_is_told_when_it_is_over() {
    let bench = Bench::strict().await;
    let ear = Ear::open().await;
    aim(&bench, "sber-old", &ear, None).await;
    let slow = json!({"gateway": "sber-old", "operation": "refund", "fault": "slow_finish", "seconds": 100});
    bench.control("POST", "faults", &slow.to_string()).await;
    refund(&bench, 1).await;
    bench.advance(99).await;
    assert_eq!(fates(&bench).await, []);
    bench.advance(1).await;
    ear.hear().await.answer(200).await;
    assert_eq!(fates(&bench).await, [("acknowledged".to_owned(), json!([200]))]);
}

#[tokio::test]
async fn targets_are_on_this_machine_and_of_a_gateway_that_calls() {
    let bench = Bench::strict().await;
    for (body, place) in [
        (json!({"gateway": "robokassa", "url": "http://127.0.0.1:1/"}), "gateway"),
        (json!({"gateway": "sber-old", "url": "https://127.0.0.1:1/"}), "url"),
        (json!({"gateway": "sber-old", "url": "http://192.0.2.1/"}), "url"),
        (json!({"gateway": "sber-old", "url": "http://example.test/"}), "url"),
        (json!({"gateway": "sber-old", "url": "http://127.0.0.1:1/", "method": "PUT"}), "method"),
        (json!({"gateway": "sber-ecom", "url": "http://127.0.0.1:1/", "method": "GET"}), "method"),
    ] {
        let answer = bench.send("POST", "/_sandbox/callbacks", "", body.to_string().as_bytes()).await;
        assert_eq!((answer.status, &answer.json()["where"]), (400, &place.into()), "{body}");
    }
    assert_eq!(bench.control("GET", "callbacks", "").await, json!({"targets": [], "deliveries": []}));
}
