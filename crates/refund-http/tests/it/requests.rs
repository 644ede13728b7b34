//! What goes over the wire, byte for byte, and which requests are refused before anything is dialled.

use crate::{
    sending::{Lane, no_canary, refund, send, transport},
    server::{Server, Step, answer},
};
use refund_core::{Method, NotSentReason, Request, Transport};

#[tokio::test]
async fn the_request_on_the_wire() {
    let server = Server::start(Lane::Https.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
    let client = transport(Lane::Https).build().unwrap();
    send(&client, refund(&Lane::Https.url(&server))).await.unwrap();
    let sent = server.seen().requests[0].replace(&server.port.to_string(), "PORT").replace('\r', "");
    insta::assert_snapshot!(sent, @r"
    POST /refund?token=canary-query HTTP/1.1
    content-type: application/x-www-form-urlencoded
    authorization: Bearer canary-header
    accept: */*
    user-agent: refund/0.1.0
    host: localhost:PORT
    content-length: 29

    password=canary-body&amount=1
    ");
}

fn with(url: &str, headers: Vec<(&'static str, String)>, body: &str) -> Request {
    Request { method: Method::Post, url: url.into(), headers, body: body.into() }
}

/// Refused by the strict transport (`https` only) before it dials.
async fn check(request: Request, expected: &str) {
    check_on(Lane::Https, request, expected).await;
}

async fn check_on(lane: Lane, request: Request, expected: &str) {
    let client = transport(lane).build().unwrap();
    let refused = client.open(request).await.map(|_| "opened").expect_err(expected);
    no_canary(&refused);
    assert_eq!((refused.reason, &refused.detail[..]), (NotSentReason::Unusable, expected));
}

#[tokio::test]
async fn unusable_requests_are_refused_before_a_dial_and_without_their_secrets() {
    let place = "https://127.0.0.1:1/?token=canary";
    let header = |name, value: &str| with(place, vec![(name, value.to_owned())], "canary");
    check(
        with(place, vec![], ""),
        "a request that moves money needs a body: it is what the permit holds back",
    )
    .await;
    check(with("canary", vec![], "x"), "the URL cannot be read: relative URL without a base").await;
    check(with("https://u:canary@127.0.0.1:1", vec![], "x"), "the URL holds a user name or a password").await;
    check(with("ftp://127.0.0.1/canary", vec![], "x"), "the scheme ftp is not https").await;
    check(with("http://127.0.0.1:1/canary", vec![], "x"), "plain http to 127.0.0.1: use https").await;
    check(
        header("x-a", "canary\r\nhost: evil"),
        "the value of the header x-a has characters no header can have",
    )
    .await;
    check(header("bad name", "canary"), "\"bad name\" is not a header name").await;
    check(header("Content-Length", "1"), "the header content-length is the transport's own").await;
    check(header("transfer-encoding", "chunked"), "the header transfer-encoding is the transport's own")
        .await;
    let long = header("x-long", &"x".repeat(65_536));
    check(long, "URL and headers have 65579 bytes, the limit is 65536").await;
}

#[tokio::test]
async fn plain_http_goes_to_this_machine_only() {
    let expected = "plain http to 192.0.2.1: allowed to this machine only, use https";
    check_on(Lane::Http, with("http://192.0.2.1/canary", vec![], "x"), expected).await;
    let expected = "plain http to localhost.example: allowed to this machine only, use https";
    check_on(Lane::Http, with("http://localhost.example/", vec![], "x"), expected).await;
    let server = Server::start(Lane::Http.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
    let client = transport(Lane::Http).build().unwrap();
    for host in ["127.0.0.1", "localhost", "LOCALHOST"] {
        let sent = send(&client, refund(&format!("http://{host}:{}", server.port))).await;
        assert!(sent.is_ok(), "{host}: {sent:?}");
    }
}
