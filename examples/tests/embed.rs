//! `embed.rs` is run, twice, and the sandbox is asked what happened to the money.

#[path = "../embed.rs"]
#[expect(dead_code, reason = "its `main` is for people; the function it calls is what is tested")]
mod embed;

use refund_core::{Method, Request, Transport};
use refund_engine::{Ended, Phase, SystemClock, machine::Stop};
use refund_http::{HttpTransport, PlainHttp};
use refund_sandbox::Sandbox;
use std::sync::Arc;

#[tokio::test]
async fn the_money_moves_once_and_the_second_call_replays_the_outcome() {
    let sandbox = Sandbox::builder().start().await.expect("a free port");
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal.sqlite");

    let first = embed::refund(&sandbox.url(), &journal).await.expect("refunded");
    assert_eq!((first.state.phase, first.state.amount), (Phase::Settled, Some(10_000)));
    assert_eq!(asked(&sandbox.url(), "requests").await.matches("/payment/rest/refund.do").count(), 1);

    let second = embed::refund(&sandbox.url(), &journal).await.expect("replayed");
    assert_eq!((second.state, second.ended), (first.state, Ended::Stopped(Stop::Final)));
    assert_eq!(asked(&sandbox.url(), "requests").await.matches("/payment/rest/refund.do").count(), 1);

    let ledger = asked(&sandbox.url(), "ledger").await;
    assert!(ledger.contains(r#""captured":47000,"refunded":10000"#), "{ledger}");
    sandbox.stop().await;
}

/// What the sandbox's control API answers to a question.
async fn asked(url: &str, call: &str) -> String {
    let http =
        HttpTransport::builder(Arc::new(SystemClock::new())).plain_http(PlainHttp::LoopbackOnly).build();
    let url = format!("{url}/_sandbox/{call}");
    let request = Request { method: Method::Get, url, headers: Vec::new(), body: Vec::new() };
    let reply = http.expect("default settings").read(request).await.expect("the sandbox answers");
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.body).expect("JSON is UTF-8")
}
