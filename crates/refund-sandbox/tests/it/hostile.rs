//! Bytes nobody should send: each gets a plain answer or a closed connection, and the sandbox lives on.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ecom::{ORDER, V1};
use crate::support::{Bench, CREATE, FORM, JSON, OP_KEY, REFUND_DO, STATUS_DO, WHO, encoded, token};

const FULL: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

/// The seeded data answers as ever and no money has moved.
async fn unharmed(bench: &Bench) {
    assert_eq!((bench.refunded(OP_KEY).await, bench.refunded(FULL).await), (100, 0));
}

#[tokio::test]
async fn bodies_of_every_kind_of_garbage() {
    let bench = Bench::strict().await;
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let deep_object = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let deep_payload = token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":{deep}}}"#));
    let long_number = token(&format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":{}}}"#, "9".repeat(500_000)));
    let bodies: Vec<(&str, &str, Vec<u8>)> = vec![
        (CREATE, JSON, vec![]),
        (CREATE, JSON, vec![0xff, 0xfe, 0x00]),
        (CREATE, JSON, b"\"\xff\"".to_vec()),
        (CREATE, JSON, b"\xef\xbb\xbf\"a.b.c\"".to_vec()),
        (CREATE, JSON, br#""\ud800""#.to_vec()),
        (CREATE, JSON, br#""..""#.to_vec()),
        (CREATE, JSON, deep.clone().into_bytes()),
        (CREATE, JSON, deep_object.clone().into_bytes()),
        (CREATE, JSON, format!("\"{deep_payload}\"").into_bytes()),
        (CREATE, JSON, format!("\"{long_number}\"").into_bytes()),
        (CREATE, JSON, format!("\"{}\"", ".".repeat(1_000_000)).into_bytes()),
        (REFUND_DO, FORM, vec![0xff; 1000]),
        (REFUND_DO, FORM, b"a=%".to_vec()),
        (REFUND_DO, FORM, b"a=%zz".to_vec()),
        (REFUND_DO, FORM, b"a=%ff".to_vec()),
        (REFUND_DO, FORM, b"&&&===&%00=%00".to_vec()),
        (REFUND_DO, FORM, format!("{WHO}&{WHO}&orderId={FULL}&amount=1").into_bytes()),
        (
            REFUND_DO,
            FORM,
            format!("{WHO}&orderId={FULL}&amount=1&jsonParams={}", encoded(&deep_object)).into_bytes(),
        ),
        (
            REFUND_DO,
            FORM,
            format!("{WHO}&orderId={FULL}&amount=1&refundItems={}", encoded(&deep)).into_bytes(),
        ),
        (REFUND_DO, FORM, format!("{WHO}&orderId={FULL}&amount={}", "1".repeat(1_000_000)).into_bytes()),
        (STATUS_DO, FORM, format!("{WHO}&orderNumber={}", "%00".repeat(10_000)).into_bytes()),
        (STATUS_DO, FORM, "a&".repeat(200_000).into_bytes()),
    ];
    for (path, media_type, body) in bodies {
        let answer = bench.send("POST", path, media_type, &body).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let business = answer.status == 200 && path != CREATE && answer.json()["errorCode"] != "0";
        assert!((400..500).contains(&answer.status) || business, "{path} {shown}: {answer:?}");
    }
    for path in ["payments", "switches", "faults", "clock", "cabinet", "reset"] {
        for body in [&b"\xff"[..], deep.as_bytes(), deep_object.as_bytes(), b"{\"a\":1,\"a\":2}"] {
            let answer = bench.send("POST", &format!("/_sandbox/{path}"), JSON, body).await;
            assert_eq!(answer.status, 400, "{path}: {answer:?}");
        }
    }
    unharmed(&bench).await;
}

#[tokio::test]
async fn ten_megabytes_are_too_much() {
    let bench = Bench::strict().await;
    let body = vec![b'a'; 10 << 20];
    for (path, media_type) in
        [(CREATE, JSON), (REFUND_DO, FORM), ("/_sandbox/payments", JSON), ("/nowhere", "")]
    {
        assert_eq!(bench.send("POST", path, media_type, &body).await.status, 413, "{path}");
    }
    let chunk = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let head = format!(
        "POST {CREATE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let answer = bench.raw(&[head.as_bytes(), &chunk].concat()).await;
    assert!(answer.starts_with(b"HTTP/1.1 413 "));
    unharmed(&bench).await;
}

#[tokio::test]
async fn broken_framing() {
    let bench = Bench::strict().await;
    let long_header = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    let two_types = format!(
        "POST {CREATE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {JSON}\r\nContent-Type: {JSON}\r\nContent-Length: 0\r\n\r\n"
    );
    for (bytes, expected) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..], "400"), // a TLS greeting
        (b"hello\r\n\r\n", "400"),
        (b"GET / HTTP/9.9\r\n\r\n", "400"),
        (b"POST /payment/rest/refund.do HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400"),
        (b"POST /payment/rest/refund.do HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"),
        (b"GET /%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404"),
        (b"GET /payment/rest/refund.do?%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400"),
        (long_header.as_bytes(), "431"),
        (two_types.as_bytes(), "415"),
    ] {
        let answer = String::from_utf8_lossy(&bench.raw(bytes).await).into_owned();
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert_eq!(status, expected, "{shown}: {answer}");
    }
    unharmed(&bench).await;
}

#[tokio::test]
async fn a_slow_sender_blocks_nobody_and_moves_nothing_when_it_gives_up() {
    let bench = Bench::strict().await;
    let form = format!("{WHO}&orderId={FULL}&amount=100");
    let head = format!(
        "POST {REFUND_DO} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    let mut slow: Vec<TcpStream> = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(bench.addr()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&form.as_bytes()[..form.len() - 1]).await.unwrap();
        slow.push(stream);
    }
    // Half a request line, and then nothing.
    let mut silent = TcpStream::connect(bench.addr()).await.unwrap();
    silent.write_all(b"POST /pay").await.unwrap();
    unharmed(&bench).await;
    let mut finished = slow.pop().unwrap();
    drop(slow);
    finished.write_all(&form.as_bytes()[form.len() - 1..]).await.unwrap();
    let mut answer = String::new();
    finished.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with(r#"{"errorCode":"0","errorMessage":"Успешно"}"#));
    assert_eq!(bench.refunded(FULL).await, 100);
}

#[tokio::test]
async fn one_connection_carries_many_requests_and_refunds_race_in_order() {
    let bench = Bench::strict().await;
    let form = format!("{WHO}&orderId={FULL}&amount=10000");
    let request = format!(
        "POST {REFUND_DO} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let last = request.replace("Host: x", "Host: x\r\nConnection: close");
    let pipelined = bench.raw(format!("{request}{request}{last}").as_bytes()).await;
    assert_eq!(String::from_utf8_lossy(&pipelined).matches("Успешно").count(), 3);
    // 170.00 are left: of eight at once, one fits.
    let race = (0..8).map(|_| bench.form(REFUND_DO, &form));
    let mut won = 0;
    for answer in join_all(race).await {
        won += usize::from(answer.json()["errorCode"] == "0");
    }
    assert_eq!((won, bench.refunded(FULL).await), (1, 40_000));
}

/// Runs futures side by side on this task.
async fn join_all<F: Future<Output = T>, T>(futures: impl Iterator<Item = F>) -> Vec<T> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |context| {
        let mut waiting = 0;
        for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => *done = Some(value),
                std::task::Poll::Pending => waiting += 1,
            }
        }
        if waiting > 0 {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(running.drain(..).filter_map(|(_, done)| done).collect())
    })
    .await
}

#[tokio::test]
async fn bodies_of_every_kind_of_garbage_for_strict_json() {
    let bench = Bench::ecom().await;
    let credentials = r#""userName":"username-api","password":"testPwd""#;
    let refund = format!(r#"{credentials},"orderId":"{ORDER}","amount":1"#);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_object = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let bodies: Vec<Vec<u8>> = vec![
        vec![],
        vec![0],
        vec![0xff; 1_000],
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"userName\":\"\xff\"}".to_vec(),
        br#"{"userName":"\ud800"}"#.to_vec(),
        b"a=1&b=%zz".to_vec(),
        deep.clone().into_bytes(),
        deep_object.clone().into_bytes(),
        format!("{{{refund},\"jsonParams\":{deep_object}").into_bytes(),
        // A free member may be anything; with a key it has to be compared with something.
        format!(r#"{{{refund},"jsonParams":{{"externalRefundId":"k","x":{deep}}}}}"#).into_bytes(),
        format!(r#"{{{refund},"orderBundle":{deep}}}"#).into_bytes(),
        format!(r#"{{{refund},"orderBundle":{deep_object}}}"#).into_bytes(),
        format!(r#"{{{refund},"orderBundle":{{"cartItems":{{"items":{deep}}}}}}}"#).into_bytes(),
        format!(r#"{{{credentials},"orderId":"{ORDER}","amount":{}}}"#, "9".repeat(500_000)).into_bytes(),
        format!(r#"{{{credentials},"orderId":"{ORDER}","amount":1e400}}"#).into_bytes(),
        format!(r#"{{{credentials},"orderId":"{}","amount":1}}"#, "a".repeat(200_000)).into_bytes(),
        format!(r#"{{{refund},"amount":1}}"#).into_bytes(),
        format!(
            r#"{{{refund},{}}}"#,
            (0..20_000).map(|n| format!("\"x{n}\":0")).collect::<Vec<_>>().join(",")
        )
        .into_bytes(),
    ];
    let paths = ["v1/refund.do", "v1/register.do", "v1/getOrderStatusExtended.do", "ofd/v1/doReceipt"];
    for body in &bodies {
        for path in paths {
            let path = format!("/ecomm/gw/partner/api/{path}");
            let answer = bench.send("POST", &path, JSON, body).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(90)]).into_owned();
            let business = answer.status == 200 && answer.json()["errorCode"] != "0";
            assert!((400..500).contains(&answer.status) || business, "{path} {shown}: {answer:?}");
        }
    }
    let large = vec![b'{'; 10 << 20];
    assert_eq!(bench.send("POST", &format!("{V1}/refund.do"), JSON, &large).await.status, 413);
    assert_eq!(bench.refunded(ORDER).await, 0);
    unharmed(&bench).await;
}

#[tokio::test]
async fn percent_encoding_that_is_broken_or_doubled() {
    let bench = Bench::strict().await;
    let ask = |order: &str| format!("{WHO}&orderId={order}&amount=100");
    for (form, status) in [
        (format!("{}&x=%", ask(FULL)), 400),
        (format!("{}&x=%2", ask(FULL)), 400),
        (format!("{}&x=%GG", ask(FULL)), 400),
        (format!("{}&%=1", ask(FULL)), 400),
        (format!("{}&x=%C3%28", ask(FULL)), 400),
        (format!("{}&x=%ED%A0%80", ask(FULL)), 400), // a lone surrogate
        (format!("{}&amoun%74=200", ask(FULL)), 400), // the same name in disguise
        (ask(&encoded(&encoded(FULL))), 200),        // encoded twice: another order
        (ask(&format!("{FULL}%00")), 200),
        (ask(&format!("{FULL}%20")), 200),
    ] {
        let answer = bench.form(REFUND_DO, &form).await;
        assert_eq!(answer.status, status, "{form}");
        assert!(status == 400 || answer.json()["errorCode"] == "6", "{form}: {answer:?}");
    }
    unharmed(&bench).await;
    // And one that is only unusual.
    let unusual = ask(&FULL.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>());
    assert_eq!(bench.form(REFUND_DO, &unusual).await.json()["errorCode"], "0");
}

#[tokio::test]
async fn tokens_that_claim_to_need_no_signature() {
    let bench = Bench::strict().await;
    let payload = format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":1}}"#);
    for header in [
        r#"{"alg":"none","typ":"JWT"}"#,
        r#"{"alg":"None","typ":"JWT"}"#,
        r#"{"alg":"","typ":"JWT"}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":null,"typ":"JWT"}"#,
        r#"{"alg":"RS256","typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"none","typ":"JWT"}"#,
    ] {
        let signed = crate::support::token_with(header, &payload, b"password3-test");
        let (unsigned, _) = signed.rsplit_once('.').expect("three parts");
        for token in [signed.clone(), format!("{unsigned}."), unsigned.to_owned(), format!("{signed}.")] {
            let answer = bench.create(&token).await;
            assert!((400..500).contains(&answer.status), "{header}: {answer:?}");
        }
    }
    unharmed(&bench).await;
}

#[tokio::test]
async fn slow_headers_and_endless_ones() {
    let bench = Bench::ecom().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(bench.addr()).await.unwrap();
        stream
            .write_all(format!("POST {V1}/refund.do HTTP/1.1\r\nHost: x\r\nX-A: ").as_bytes())
            .await
            .unwrap();
        slow.push(stream);
    }
    // Everybody else is served meanwhile.
    assert_eq!(bench.v1("refund.do", serde_json::json!({"orderId": ORDER, "amount": 1})).await.status, 200);
    // The slow ones may finish whenever they like.
    let mut last = slow.pop().unwrap();
    last.write_all(b"1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    last.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 415 "), "{answer}");
    drop(slow);
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: b\r\n".repeat(10_000));
    assert!(bench.raw(many.as_bytes()).await.starts_with(b"HTTP/1.1 431 "));
    assert_eq!(bench.refunded(ORDER).await, 1);
    unharmed(&bench).await;
}
