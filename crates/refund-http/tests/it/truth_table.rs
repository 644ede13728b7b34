//! Everything that can happen on a wire, and what the transport makes of it: the class, the reason, how often was
//! dialled, and how many bytes of the application the far side saw.

use crate::{
    sending::{Lane, authority, refund, send, transport},
    server::{Authority, Seen, Server, Step, Wire, answer},
};
use refund_core::{DoubtReason, Fired, NotSentReason, Reply};
use refund_http::Timeouts;
use std::time::Duration;
use tokio::net::TcpSocket;

/// What is expected of a send.
#[derive(Debug, PartialEq)]
enum Class {
    Reply { status: u16, body: usize },
    NotSent(NotSentReason),
    MaybeSent { why: DoubtReason, status: Option<u16>, partial: usize },
}

impl Class {
    fn lost() -> Self {
        Self::MaybeSent { why: DoubtReason::ConnectionLost, status: None, partial: 0 }
    }

    fn cut(partial: usize) -> Self {
        Self::MaybeSent { why: DoubtReason::TruncatedReply, status: Some(200), partial }
    }

    fn of(fired: Fired) -> Self {
        match fired {
            Fired::Reply(Reply { status, body, .. }) => Self::Reply { status, body: body.len() },
            Fired::NotSent(not_sent) => Self::NotSent(not_sent.reason),
            Fired::MaybeSent { why, status, partial_body, .. } => {
                Self::MaybeSent { why, status, partial: partial_body.len() }
            }
        }
    }
}

/// How much of the request the server's application read.
#[derive(Clone, Copy, Debug)]
enum Read {
    Nothing,
    All,
}

/// One event after the connection stands: script, expected class, what the server read.
async fn check(lane: Lane, event: &str, script: &[Step], expected: Class, read: Read) {
    check_within(Timeouts::default(), lane, event, script, expected, read).await;
}

async fn check_within(
    timeouts: Timeouts,
    lane: Lane,
    event: &str,
    script: &[Step],
    expected: Class,
    read: Read,
) {
    let server = Server::start(lane.wire(), &[script]).await;
    let client = transport(lane).timeouts(timeouts).build().unwrap();
    let fired = send(&client, refund(&lane.url(&server))).await.expect("it connects");
    assert_eq!(Class::of(fired), expected, "{event} over {lane:?}");
    drop(client);
    let Seen { accepted, bytes, requests, .. } = server.until(|seen| seen.ended == 1).await;
    assert_eq!(accepted, 1, "{event} over {lane:?}: one attempt, one connection");
    match read {
        Read::Nothing => assert_eq!((bytes, requests.len()), (0, 0), "{event} over {lane:?}"),
        Read::All => assert_eq!((bytes, requests.len()), (requests[0].len(), 1), "{event} over {lane:?}"),
    }
}

fn quick() -> Timeouts {
    Timeouts { first_byte: Duration::from_millis(200), ..Timeouts::default() }
}

#[tokio::test]
async fn a_connection_that_breaks_after_firing_leaves_doubt() {
    use Step::{Close, Peek, Read as ReadAll, Reset, Vanish, Write};
    for lane in Lane::BOTH {
        check(lane, "close before reading", &[Peek, Vanish], Class::lost(), Read::Nothing).await;
        check(lane, "reset before reading", &[Peek, Reset], Class::lost(), Read::Nothing).await;
        check(lane, "read all, then close", &[ReadAll, Close], Class::lost(), Read::All).await;
        check(lane, "read all, then vanish", &[ReadAll, Vanish], Class::lost(), Read::All).await;
        check(lane, "read all, then reset", &[ReadAll, Reset], Class::lost(), Read::All).await;
        let head = Write(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec());
        check(lane, "half a head", &[ReadAll, head, Close], Class::lost(), Read::All).await;
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_is_not_http_leaves_doubt() {
    let doubt = |why| Class::MaybeSent { why, status: None, partial: 0 };
    for lane in Lane::BOTH {
        let silence = doubt(DoubtReason::Timeout);
        check_within(quick(), lane, "no answer", &[Step::Read], silence, Read::All).await;
        let garbage = Step::Write(b"-ERR what is this\r\n\r\n".to_vec());
        let unreadable = doubt(DoubtReason::UnreadableReply);
        check(lane, "not HTTP", &[Step::Read, garbage, Step::Close], unreadable, Read::All).await;
    }
}

#[tokio::test]
async fn half_an_answer_is_kept() {
    use Step::{Close, Read as ReadAll, Reset, Vanish, Write};
    let half = || Write(b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"requestId\":\"e8d".to_vec());
    for lane in Lane::BOTH {
        check(lane, "half a body", &[ReadAll, half(), Close], Class::cut(17), Read::All).await;
        check(lane, "half a body, vanish", &[ReadAll, half(), Vanish], Class::cut(17), Read::All).await;
        let chunk = Write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n".to_vec());
        check(lane, "half the chunks", &[ReadAll, chunk, Close], Class::cut(5), Read::All).await;
        let long = Write(answer("200 OK", &"x".repeat(2 << 20)));
        check(lane, "2 MiB", &[ReadAll, long], Class::cut(1 << 20), Read::All).await;
        let all = Write(answer("200 OK", &"x".repeat(1 << 20)));
        let whole = Class::Reply { status: 200, body: 1 << 20 };
        check(lane, "exactly 1 MiB", &[ReadAll, all], whole, Read::All).await;
        let stalls = Timeouts { total: Duration::from_secs(1), ..Timeouts::default() };
        check_within(
            stalls,
            lane,
            "half a body, then silence",
            &[ReadAll, half()],
            Class::cut(17),
            Read::All,
        )
        .await;
        // A reset may overtake bytes that were not read yet, so how much is salvaged is the network's choice.
        let server = Server::start(lane.wire(), &[&[ReadAll, half(), Reset]]).await;
        let client = transport(lane).build().unwrap();
        let fired = send(&client, refund(&lane.url(&server))).await.expect("it connects");
        assert!(matches!(fired, Fired::MaybeSent { .. }), "half a body, reset, over {lane:?}: {fired:?}");
    }
}

#[tokio::test]
async fn without_a_length_the_end_of_tls_tells_a_whole_answer_from_a_cut_one() {
    let endless = || Step::Write(b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec());
    let whole = || Class::Reply { status: 200, body: 5 };
    for lane in Lane::BOTH {
        check(lane, "ended by closing", &[Step::Read, endless(), Step::Close], whole(), Read::All).await;
    }
    // Plain HTTP cannot tell; it goes to this machine only.
    check(Lane::Http, "ended", &[Step::Read, endless(), Step::Vanish], whole(), Read::All).await;
    check(Lane::Https, "cut", &[Step::Read, endless(), Step::Vanish], Class::cut(5), Read::All).await;
}

#[tokio::test]
async fn any_whole_answer_is_a_reply_whatever_it_says() {
    for lane in Lane::BOTH {
        for (status, code) in [("200 OK", 200), ("400 Bad Request", 400), ("503 Unavailable", 503)] {
            let script = [Step::Read, Step::Write(answer(status, "{}"))];
            check(lane, status, &script, Class::Reply { status: code, body: 2 }, Read::All).await;
        }
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_its_target_hears_nothing() {
    for lane in Lane::BOTH {
        let target = Server::start(lane.wire(), &[&[Step::Read, Step::Write(answer("200 OK", ""))]]).await;
        for status in ["307 Temporary Redirect", "308 Permanent Redirect", "302 Found"] {
            let location = format!("{}/elsewhere", lane.url(&target));
            let reply = format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            let server = Server::start(lane.wire(), &[&[Step::Read, Step::Write(reply.into())]]).await;
            let client = transport(lane).build().unwrap();
            let Ok(Fired::Reply(reply)) = send(&client, refund(&lane.url(&server))).await else {
                panic!("{status} over {lane:?} is a reply")
            };
            assert_eq!(reply.status.to_string(), status[..3]);
            assert!(reply.headers.contains(&("location".into(), location)), "{:?}", reply.headers);
        }
        assert_eq!(target.seen().accepted, 0, "{lane:?}: not even a connection");
    }
}

#[tokio::test]
async fn a_second_request_dials_for_itself() {
    let ok = || Step::Write(answer("200 OK", ""));
    let keep_alive = [Step::Read, ok(), Step::Read, ok()];
    for lane in Lane::BOTH {
        let server = Server::start(lane.wire(), &[&keep_alive, &[Step::Read, Step::Close]]).await;
        let client = transport(lane).build().unwrap();
        let first = send(&client, refund(&lane.url(&server))).await.map(Class::of);
        assert_eq!(first, Ok(Class::Reply { status: 200, body: 0 }));
        // On a kept connection this would be the case that client libraries repeat by themselves.
        let second = send(&client, refund(&lane.url(&server))).await.map(Class::of);
        assert_eq!(second, Ok(Class::lost()));
        drop(client);
        let seen = server.until(|seen| seen.ended == seen.accepted).await;
        assert_eq!((seen.accepted, seen.requests.len()), (2, 2), "{lane:?}");
    }
}

/// One way not to get a connection.
async fn check_unreached(event: &str, url: &str, timeouts: Timeouts, expected: NotSentReason) {
    let lane = if url.starts_with("https") { Lane::Https } else { Lane::Http };
    let client = transport(lane).timeouts(timeouts).build().unwrap();
    let refused = send(&client, refund(url)).await.expect_err(event);
    assert_eq!(refused.reason, expected, "{event}: {refused}");
    let place = url.split('/').nth(2).expect("a host");
    assert!(refused.detail.starts_with(place), "{event} says where: {refused}");
}

#[tokio::test]
async fn whoever_is_not_reached_got_nothing() {
    let usual = Timeouts::default();
    // Bound and not listening: the port stays ours, and nobody answers on it.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = nobody.local_addr().unwrap().port();
    for lane in Lane::BOTH {
        check_unreached("refused", &lane.url_of_port(port), usual, NotSentReason::Refused).await;
    }
    check_unreached("no such name", "https://gateway.invalid:443", usual, NotSentReason::Dns).await;
}

#[tokio::test]
async fn a_full_queue_is_no_connection_in_time() {
    let full = TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = full.listen(0).unwrap();
    let address = full.local_addr().unwrap();
    let _takes_the_only_place = tokio::net::TcpStream::connect(address).await.unwrap();
    let quick = Timeouts { connect: Duration::from_millis(200), ..Timeouts::default() };
    let url = format!("http://{address}");
    check_unreached("queue full", &url, quick, NotSentReason::ConnectTimeout).await;
}

#[tokio::test]
async fn a_handshake_that_fails_lets_nothing_out() {
    let stranger = Authority::new();
    let slow = Timeouts { tls: Duration::from_millis(200), ..Timeouts::default() };
    let cases = [
        ("TLS hangs", Wire::Mute, slow, NotSentReason::ConnectTimeout),
        ("TLS garbage", Wire::Garbage, Timeouts::default(), NotSentReason::Tls),
        ("closed in the handshake", Wire::Slam, Timeouts::default(), NotSentReason::Tls),
        ("another CA", stranger.wire(), Timeouts::default(), NotSentReason::Tls),
        ("another name", authority().wire_for(&["gateway.example"]), Timeouts::default(), NotSentReason::Tls),
    ];
    for (event, wire, timeouts, expected) in cases {
        let server = Server::start(wire, &[]).await;
        check_unreached(event, &Lane::Https.url(&server), timeouts, expected).await;
        let seen = server.until(|seen| seen.ended == 1).await;
        assert_eq!((seen.accepted, seen.ready, seen.bytes), (1, 0, 0), "{event}");
    }
}
