//! Reads: one attempt like a send, no gate, and an error that says whether the gateway was asked at all.

use crate::{
    sending::{Lane, no_canary, transport},
    server::{Server, Step, Wire, answer},
};
use refund_core::{Method, NotSentReason, ReadError, Reply, Request, Transport};
use refund_http::Timeouts;
use std::{num::NonZeroUsize, time::Duration};

fn question(base: &str) -> Request {
    Request {
        method: Method::Get,
        url: format!("{base}/state?id=canary-query"),
        headers: vec![("authorization", "canary-header".into())],
        body: Vec::new(),
    }
}

async fn ask(lane: Lane, wire: Wire, script: &[Step]) -> (Result<Reply, ReadError>, Server) {
    let server = Server::start(wire, &[script]).await;
    let quick = Timeouts { first_byte: Duration::from_millis(200), ..Timeouts::default() };
    let client =
        transport(lane).timeouts(quick).max_reply_bytes(NonZeroUsize::new(1_000).unwrap()).build().unwrap();
    let answered = client.read(question(&lane.url(&server))).await;
    no_canary(answered.as_ref().map_err(|error| (error, error.to_string())));
    (answered, server)
}

#[tokio::test]
async fn a_question_is_asked_once() {
    for lane in Lane::BOTH {
        for (status, code) in [("200 OK", 200), ("503 Unavailable", 503), ("302 Found", 302)] {
            let (answered, server) =
                ask(lane, lane.wire(), &[Step::Read, Step::Write(answer(status, "state"))]).await;
            let reply = answered.expect("a whole reply");
            assert_eq!((reply.status, &reply.body[..]), (code, &b"state"[..]), "{lane:?}");
            assert_eq!((server.seen().accepted, server.seen().requests.len()), (1, 1), "{lane:?}");
        }
    }
}

#[tokio::test]
async fn a_question_without_a_whole_answer_has_none() {
    use Step::{Close, Read, Reset, Write};
    let half = || Write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_vec());
    for lane in Lane::BOTH {
        let scripts: [&[Step]; 6] = [
            &[Read, Close],
            &[Read, Reset],
            &[Read],
            &[Read, half(), Close],
            &[Read, Write(answer("200 OK", &"x".repeat(1_001)))],
            &[Read, Write(b"nonsense\r\n\r\n".to_vec()), Close],
        ];
        for (nth, script) in scripts.into_iter().enumerate() {
            let (answered, server) = ask(lane, lane.wire(), script).await;
            assert!(matches!(answered, Err(ReadError::NoAnswer(_))), "{nth} over {lane:?}: {answered:?}");
            assert_eq!(server.seen().accepted, 1, "{nth} over {lane:?}: no retry");
        }
    }
}

#[tokio::test]
async fn a_question_that_reached_nobody_says_so() {
    let (answered, _) = ask(Lane::Https, Wire::Garbage, &[]).await;
    assert!(matches!(answered, Err(ReadError::NotSent(e)) if e.reason == NotSentReason::Tls));
    let client = transport(Lane::Https).build().unwrap();
    let nobody = client.read(question("https://gateway.invalid")).await;
    assert!(matches!(nobody, Err(ReadError::NotSent(e)) if e.reason == NotSentReason::Dns));
    let unusable = client.read(question("http://127.0.0.1:1")).await;
    assert!(matches!(unusable, Err(ReadError::NotSent(e)) if e.reason == NotSentReason::Unusable));
}
