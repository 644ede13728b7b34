//! The two locks: not a byte before firing, none without a living permit, and every call its own connection.

use crate::{
    sending::{Lane, fire, fire_by, refund, refund_of, send, transport, transport_at},
    server::{Server, Step, answer},
};
use refund_core::{BootId, Fired, Moment, NotSent, NotSentReason, Ready, Request, Transport};
use refund_http::HttpTransport;
use std::{collections::BTreeSet, sync::Arc};
use tokio::net::TcpStream;

const OK: &[Step] = &[Step::Read, Step::Echo];

async fn opened(client: &HttpTransport, request: Request) -> Box<dyn Ready> {
    client.open(request).await.map_err(|not_sent| not_sent.to_string()).unwrap()
}

/// Makes this process and the server's tasks go through a whole network round trip, so that whatever was already on its
/// way has arrived and has been noticed.
async fn round_trip(server: &Server) {
    let before = server.seen().accepted;
    let _probe = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    server.until(|seen| seen.accepted > before).await;
}

#[tokio::test]
async fn not_one_byte_before_firing() {
    for lane in Lane::BOTH {
        let server = Server::start(lane.wire(), &[OK]).await;
        let client = transport(lane).build().unwrap();
        let ready = opened(&client, refund(&lane.url(&server))).await;
        server.until(|seen| seen.ready == 1).await;
        round_trip(&server).await;
        assert_eq!(server.seen().bytes, 0, "{lane:?}: the gate is shut");
        let Fired::Reply(reply) = fire(ready).await else { panic!("{lane:?}: the server answers") };
        assert_eq!((reply.status, &reply.body[..]), (200, &b"password=canary-body&amount=1"[..]));
        let seen = server.seen();
        assert_eq!((seen.requests.len(), seen.bytes), (1, seen.requests[0].len()), "{lane:?}");
    }
}

#[tokio::test]
async fn a_connection_dropped_at_the_gate_carried_nothing() {
    for lane in Lane::BOTH {
        let server = Server::start(lane.wire(), &[OK]).await;
        let client = transport(lane).build().unwrap();
        drop(opened(&client, refund(&lane.url(&server))).await);
        // The server read to the end of the connection, so this is all there ever was.
        let seen = server.until(|seen| seen.ended == 1).await;
        assert_eq!((seen.accepted, seen.ready, seen.bytes), (1, 1, 0), "{lane:?}");
    }
}

/// The permit lives until 5 000; the clock shows these moments one after another.
async fn check_expired(lane: Lane, millis: &[u64], what: &str) {
    let server = Server::start(lane.wire(), &[OK]).await;
    let client = transport_at(lane, millis).build().unwrap();
    let fired = send(&client, refund(&lane.url(&server))).await.unwrap();
    let Fired::NotSent(NotSent { reason, .. }) = fired else { panic!("{what} over {lane:?}: {fired:?}") };
    assert_eq!(reason, NotSentReason::PermitExpired, "{what} over {lane:?}");
    let seen = server.until(|seen| seen.ended == 1).await;
    assert_eq!((seen.accepted, seen.bytes), (1, 0), "{what} over {lane:?}");
}

#[tokio::test]
async fn a_dead_permit_sends_nothing() {
    for lane in Lane::BOTH {
        check_expired(lane, &[5_000], "dead at its deadline").await;
        check_expired(lane, &[9_000], "long dead").await;
        check_expired(lane, &[4_999, 5_000], "dies between gate and body").await;
        check_expired(lane, &[5_000, 4_999], "seen dead, whatever the clock says next").await;
        let server = Server::start(lane.wire(), &[OK]).await;
        let ready = opened(&transport(lane).build().unwrap(), refund(&lane.url(&server))).await;
        let fired = fire_by(ready, Moment::new(BootId(8), 5_000)).await;
        let expired = |not_sent: &NotSent| not_sent.reason == NotSentReason::PermitExpired;
        assert!(
            matches!(&fired, Fired::NotSent(e) if expired(e)),
            "of another boot, over {lane:?}: {fired:?}"
        );
        assert_eq!(server.until(|seen| seen.ended == 1).await.bytes, 0, "{lane:?}");
        let client = transport_at(lane, &[4_999]).build().unwrap();
        let fired = send(&client, refund(&lane.url(&server))).await.unwrap();
        assert!(matches!(fired, Fired::Reply(_)), "alive to the last millisecond, over {lane:?}: {fired:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_while_the_gate_is_shut_got_nothing_and_that_is_proven() {
    for lane in Lane::BOTH {
        for end in [Step::Close, Step::Vanish, Step::Reset] {
            let server = Server::start(lane.wire(), &[&[end]]).await;
            let client = transport(lane).build().unwrap();
            let ready = opened(&client, refund(&lane.url(&server))).await;
            server.until(|seen| seen.ended == 1).await;
            round_trip(&server).await;
            let fired = fire(ready).await;
            let Fired::NotSent(not_sent) = &fired else { panic!("{lane:?}: {fired:?}") };
            assert_eq!(not_sent.reason, NotSentReason::NeverHanded, "{lane:?}: {not_sent}");
            assert_eq!(server.seen().bytes, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_at_once_each_have_their_own_connection() {
    for lane in Lane::BOTH {
        let server = Server::start(lane.wire(), &[&[Step::Read, Step::Echo, Step::Read, Step::Echo]]).await;
        let client = Arc::new(transport(lane).build().unwrap());
        // All stand at the gate before the first is fired: each one's connector found its own slot, in its own task.
        let opening = (0..200).map(|n| {
            let (client, request) = (client.clone(), refund_of(&lane.url(&server), &format!("n={n:03}")));
            tokio::spawn(async move { opened(&client, request).await })
        });
        let mut held = Vec::new();
        for task in opening.collect::<Vec<_>>() {
            held.push(task.await.unwrap());
        }
        let seen = server.until(|seen| seen.ready == 200).await;
        assert_eq!((seen.accepted, seen.bytes), (200, 0), "{lane:?}");
        // And each is fired in another task than it was opened in.
        let firing = held.into_iter().enumerate().map(|(n, ready)| {
            tokio::spawn(async move {
                let Fired::Reply(reply) = fire(ready).await else { panic!("{n} has no reply") };
                assert_eq!(reply.body, format!("n={n:03}").into_bytes(), "each its own answer");
            })
        });
        for task in firing.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let seen = server.seen();
        let bodies: BTreeSet<_> = seen.requests.iter().map(|request| request.rsplit("\r\n").next()).collect();
        assert_eq!((seen.accepted, seen.requests.len(), bodies.len()), (200, 200, 200), "{lane:?}");
    }
}

#[tokio::test]
async fn a_send_given_up_halfway_is_not_repeated() {
    for lane in Lane::BOTH {
        let late = [Step::Read, Step::Read, Step::Write(answer("200 OK", ""))];
        let server = Server::start(lane.wire(), &[&late]).await;
        let client = transport(lane).build().unwrap();
        let ready = opened(&client, refund(&lane.url(&server))).await;
        let firing = tokio::spawn(async move { fire(ready).await });
        server.until(|seen| seen.requests.len() == 1).await;
        firing.abort();
        let seen = server.until(|seen| seen.ended == 1).await;
        assert_eq!((seen.accepted, seen.requests.len()), (1, 1), "{lane:?}");
    }
}
