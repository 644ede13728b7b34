//! One request as the gateways see it, and one reply as they make it.
//!
//! Whole bodies in memory, no streams, no connection: how a reply leaves, or does not, is
//! `departure`'s business.

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use bytes::Bytes;
use http_body_util::BodyExt;

/// The largest body that is read: a cart of ten thousand lines, percent-encoded, fits.
pub(crate) const BODY_LIMIT: usize = 8 << 20;
/// How much of a larger one is thrown away before it is refused. Answering earlier would reset the
/// connection under the sender and lose the answer.
const DRAIN_LIMIT: usize = 64 << 20;

/// A request that has arrived.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why a request's body was not read to its end.
pub(crate) enum Unread {
    /// Over [`BODY_LIMIT`]: answered with 413.
    TooLarge,
    /// The sender went away or broke the framing: nobody is left to answer.
    Broken,
}

impl Call {
    /// Waits for the whole body. Each connection waits for itself: a slow sender blocks nobody.
    pub(crate) async fn read(parts: Parts, body: Body) -> (Self, Result<(), Unread>) {
        let (body, verdict) = match collect(body).await {
            Ok(body) => (body, Ok(())),
            Err(unread) => (Bytes::new(), Err(unread)),
        };
        (Self { method: parts.method, uri: parts.uri, headers: parts.headers, body }, verdict)
    }

    pub(crate) fn query(&self) -> &[u8] {
        self.uri.query().unwrap_or_default().as_bytes()
    }

    /// Whether the one `Content-Type` names this media type; parameters such as `charset` are free.
    pub(crate) fn is_media_type(&self, expected: &str) -> bool {
        let mut values = self.headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        media_type.trim().eq_ignore_ascii_case(expected)
    }
}

async fn collect(mut body: Body) -> Result<Bytes, Unread> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DRAIN_LIMIT {
            return Err(Unread::TooLarge);
        }
        if seen <= BODY_LIMIT {
            kept.extend_from_slice(&data);
        }
    }
    if seen > BODY_LIMIT { Err(Unread::TooLarge) } else { Ok(kept.into()) }
}

/// A reply that has not left yet.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// `Content-Type`, if there is one.
    pub(crate) media_type: Option<&'static str>,
    /// `Location`, if there is one.
    pub(crate) location: Option<String>,
    /// What exactly is wrong, for a person: a header of the sandbox's own, where the gateway's text says
    /// less than a developer needs.
    pub(crate) why: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// A status and no body at all.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, media_type: None, location: None, why: None, body: Vec::new() }
    }

    pub(crate) fn new(status: StatusCode, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, media_type: Some(media_type), location: None, why: None, body: body.into() }
    }
}

/// A switch's number as an HTTP status.
pub(crate) fn status(code: u64) -> StatusCode {
    let code = u16::try_from(code).ok();
    code.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
