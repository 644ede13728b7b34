//! Carries callbacks over real HTTP, one after another, and tells the outbox what was answered.
//!
//! Knows sockets. One courier per sandbox, so that callbacks arrive in the order things happened.

use std::time::Duration;

use axum::http::{Method, Request, header};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Delivery, Message, Target};
use crate::world::Shared;

/// How long a listener may keep the courier waiting; an answer that comes later is none. A bound and
/// not a sleep: a listener that answers never waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Delivers whatever falls due, for as long as the sandbox runs.
pub(crate) async fn serve(shared: Shared) {
    loop {
        while let Some(delivery) = shared.with(|world| world.outbox.take(world.clock.now())) {
            carry(&shared, delivery).await;
        }
        shared.rung().await;
    }
}

/// One attempt, and its outcome entered.
pub(crate) async fn carry(shared: &Shared, delivery: Delivery) {
    let answer = tokio::time::timeout(PATIENCE, attempt(&delivery.target, &delivery.message)).await;
    let status = answer.unwrap_or(None);
    shared.with(|world| world.outbox.returned(delivery.number, status, world.clock.now()));
    // A callback may wait for its turn again right away.
    shared.ring();
}

/// The status that was answered; `None` where nobody answered.
async fn attempt(target: &Target, message: &Message) -> Option<u16> {
    let stream = TcpStream::connect(target.addr).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let mut answer = std::pin::pin!(sender.send_request(request(target, message)?));
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        // The other side may close right behind its answer; what it said before is what counts.
        _ = connection => answer.await,
    };
    answer.ok().map(|answer| answer.status().as_u16())
}

fn request(target: &Target, message: &Message) -> Option<Request<Full<Bytes>>> {
    let (method, path, media_type, body) = match message {
        Message::Query(query) => {
            let joint = if target.path.contains('?') { '&' } else { '?' };
            (Method::GET, format!("{}{joint}{query}", target.path), None, Bytes::new())
        }
        Message::Form(form) => {
            let media_type = Some("application/x-www-form-urlencoded");
            (Method::POST, target.path.clone(), media_type, Bytes::from(form.clone()))
        }
        Message::Json(json) => {
            (Method::POST, target.path.clone(), Some("application/json"), Bytes::from(json.clone()))
        }
    };
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, &target.authority);
    if let Some(media_type) = media_type {
        request = request.header(header::CONTENT_TYPE, media_type);
    }
    request.header(header::CONNECTION, "close").body(Full::new(body)).ok()
}
