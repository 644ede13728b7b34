//! How a reply leaves: whole, late, cut short, or not at all.
//!
//! Knows HTTP bodies and connections. Must not know a gateway or the ledger: by the time something
//! departs, the money has or has not moved.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::call::Reply;

/// What happens to the connection.
pub(crate) enum Departure {
    /// The reply, whole and now.
    Whole(Reply),
    /// The reply after a real wait, unless the client hangs up first.
    Late(Reply, Duration),
    /// The head, the first bytes of the body (half of them without a number), and then the connection
    /// closes.
    Cut(Reply, Option<u64>),
    /// The connection closes before a single byte of a reply.
    Hangup,
}

/// Marks a response that must not be written: the server closes the connection instead.
#[derive(Clone)]
pub(crate) struct HangUp;

impl Departure {
    /// The status the client will see, if it sees one.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Whole(reply) | Self::Late(reply, _) | Self::Cut(reply, _) => Some(reply.status.as_u16()),
            Self::Hangup => None,
        }
    }

    pub(crate) async fn leave(self) -> Response {
        match self {
            Self::Whole(reply) => response(reply, Body::from),
            Self::Late(reply, wait) => {
                hold(wait).await;
                response(reply, Body::from)
            }
            Self::Cut(reply, at) => response(reply, |body| Body::new(Part::of(body, at))),
            Self::Hangup => {
                let mut response = Response::new(Body::empty());
                response.extensions_mut().insert(HangUp);
                response
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the `delay` fault is a real wait; nothing else sleeps")]
async fn hold(wait: Duration) {
    tokio::time::sleep(wait).await;
}

fn response(reply: Reply, body: impl FnOnce(Vec<u8>) -> Body) -> Response {
    let mut response = Response::new(body(reply.body));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    if let Some(media_type) = reply.media_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    if let Some(why) = reply.why.as_deref().and_then(|why| HeaderValue::try_from(why).ok()) {
        headers.insert("x-sandbox-why", why);
    }
    if let Some(location) = reply.location {
        match HeaderValue::try_from(location) {
            Ok(location) => drop(headers.insert(header::LOCATION, location)),
            Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
    response
}

/// A body that announces its full length and delivers only its beginning.
struct Part {
    announced: u64,
    steps: Vec<Step>,
}

enum Step {
    Send(Bytes),
    /// Lets the connection flush what it has before the break.
    Breathe,
    Break,
}

impl Part {
    fn of(body: Vec<u8>, at: Option<u64>) -> Self {
        let announced = u64::try_from(body.len()).unwrap_or(u64::MAX);
        // At least one byte stays behind: a cut that cuts nothing would be no cut.
        let kept = at.unwrap_or(announced / 2).min(announced.saturating_sub(1));
        let part = Bytes::from(body).split_to(usize::try_from(kept).unwrap_or(0));
        Self { announced, steps: vec![Step::Break, Step::Breathe, Step::Send(part)] }
    }
}

/// The break itself; the server sees it and closes the connection.
#[derive(Debug, thiserror::Error)]
#[error("the reply is cut short on purpose")]
struct CutShort;

impl http_body::Body for Part {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.steps.pop() {
            Some(Step::Send(part)) => Poll::Ready(Some(Ok(Frame::data(part)))),
            Some(Step::Breathe) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Break) | None => Poll::Ready(Some(Err(Box::new(CutShort)))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// A response that may leave, or the order to close the connection.
pub(crate) fn or_hang_up(response: Result<Response, Infallible>) -> Result<Response, HungUp> {
    match response {
        Ok(response) if response.extensions().get::<HangUp>().is_some() => Err(HungUp),
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}

/// The service's error: hyper closes the connection on it without writing anything.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
pub(crate) struct HungUp;
