//! The way out: through a tunnel if one is set, and never through one that only the environment names.

use crate::{
    sending::{Lane, fire, no_canary, refund, send, transport},
    server::{Server, Step, answer},
};
use refund_core::{Fired, NotSentReason, Transport};
use refund_http::{Egress, HttpProxy, HttpTransport};
use std::{env, process::Command};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// A proxy for one connection: answers this to CONNECT, passes bytes on to `port` if it is a yes, tells what it was asked.
async fn proxy(reply: &'static str, port: u16) -> (u16, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (own, (tell, asked)) = (listener.local_addr().unwrap().port(), oneshot::channel());
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        tell.send(String::from_utf8(head).unwrap()).unwrap();
        client.write_all(reply.as_bytes()).await.unwrap();
        if reply.contains("200") {
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    });
    (own, asked)
}

fn through(port: u16) -> HttpTransport {
    let proxy = HttpProxy::parse(&format!("http://shop:canary-proxy@127.0.0.1:{port}")).unwrap();
    let client = transport(Lane::Https).egress(Egress::Tunnel(proxy)).build().unwrap();
    no_canary(&client);
    client
}

#[tokio::test]
async fn a_tunnel_carries_tls_and_the_gate_stays_shut_behind_it() {
    let server = Server::start(Lane::Https.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
    let (port, asked) = proxy("HTTP/1.1 200 Connected\r\n\r\n", server.port).await;
    let ready =
        through(port).open(refund(&Lane::Https.url(&server))).await.map_err(|e| e.to_string()).unwrap();
    server.until(|seen| seen.ready == 1).await;
    assert_eq!(server.seen().bytes, 0);
    let asked = asked.await.unwrap();
    assert!(asked.starts_with(&format!("CONNECT localhost:{} HTTP/1.1\r\n", server.port)), "{asked}");
    // printf 'shop:canary-proxy' | base64
    assert!(asked.contains("c2hvcDpjYW5hcnktcHJveHk="), "{asked}");
    assert!(!asked.contains("token"), "the proxy sees host and port only: {asked}");
    assert!(matches!(fire(ready).await, Fired::Reply(reply) if reply.status == 200));
    assert!(!server.seen().requests[0].contains("roxy"), "the gateway does not see the proxy's password");
}

#[tokio::test]
async fn a_proxy_that_refuses_means_nothing_was_sent() {
    let (port, _asked) = proxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 0).await;
    let refused = send(&through(port), refund("https://gateway.example")).await.expect_err("no tunnel");
    assert_eq!(refused.reason, NotSentReason::Refused, "{refused}");
}

/// Runs the test below again in a process whose environment names a proxy that is not there.
#[test]
fn the_environments_proxy_is_not_taken() {
    let nowhere = "http://127.0.0.1:1";
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "proxy::a_plain_send", "--ignored"]);
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, nowhere);
    }
    let run = again.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn a_plain_send() {
    for lane in Lane::BOTH {
        let server = Server::start(lane.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
        let client = transport(lane).build().unwrap();
        let sent = send(&client, refund(&lane.url(&server))).await;
        assert!(matches!(sent, Ok(Fired::Reply(_))), "{lane:?}: {sent:?}");
    }
}
