//! How a provider's bytes travel: a transport that opens a connection first and fires later, and the exchange that
//! most providers' [`Opened`] is.
//!
//! It must not know which HTTP library stands behind it. One call is one attempt; nothing here repeats a request.

use crate::{Digest, NotSent, NotSentReason, Opened, SendPermit, Submission};
use async_trait::async_trait;
use std::fmt;

/// The methods gateways use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A whole HTTP request. It may hold credentials: `Debug` shows neither the query nor header values nor the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.url.split(['?', '#']).next().unwrap_or_default();
        write!(f, "{} {place} [{} bytes]", self.method.as_str(), self.body.len())
    }
}

/// A whole HTTP reply.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header names (lower case) and values.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{} bytes]", self.status, self.body.len())
    }
}

/// What came of firing. `Debug` shows how much of a body came, never the body: it may hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub enum Fired {
    /// A whole reply.
    Reply(Reply),
    /// Proven by the transport's own gate or body: not one byte left.
    NotSent(NotSent),
    /// Anything else.
    MaybeSent {
        /// What broke.
        why: crate::DoubtReason,
        /// Details for a person; no secrets.
        detail: String,
        /// The reply's status, if it came.
        status: Option<u16>,
        /// The beginning of the reply's body, if it came.
        partial_body: Vec<u8>,
    },
}

impl fmt::Debug for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(reply) => f.debug_tuple("Reply").field(reply).finish(),
            Self::NotSent(not_sent) => f.debug_tuple("NotSent").field(not_sent).finish(),
            Self::MaybeSent { why, detail, status, partial_body } => f
                .debug_struct("MaybeSent")
                .field("why", why)
                .field("detail", detail)
                .field("status", status)
                .field("partial_body", &format_args!("[{} bytes]", partial_body.len()))
                .finish(),
        }
    }
}

/// Why a read without effect did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The gateway was not reached.
    #[error("the gateway was not reached: {0}")]
    NotSent(#[from] NotSent),
    /// It was asked and did not answer whole and in time.
    #[error("the gateway did not answer: {0}")]
    NoAnswer(String),
}

/// An HTTP client as providers see it.
#[async_trait]
pub trait Transport: Send + Sync {
    /// A call without effect at the gateway (status, lookup). One attempt.
    ///
    /// # Errors
    /// [`ReadError`].
    async fn read(&self, request: Request) -> Result<Reply, ReadError>;

    /// Takes the whole request, resolves, connects, shakes hands; not one byte of the request leaves before
    /// [`Ready::fire`].
    ///
    /// # Errors
    /// [`NotSent`].
    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent>;
}

/// An open connection that holds a request back.
#[async_trait]
pub trait Ready: Send {
    /// Spends the permit against the transport's clock and lets the request go: exactly one attempt.
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired;
}

/// Most providers' [`Opened`]: a ready connection, the digest of what it holds, and a pure decoder of what comes back.
pub struct Exchange<D> {
    ready: Box<dyn Ready>,
    digest: Digest,
    decode: D,
}

impl<D: FnOnce(Fired) -> Submission + Send> Exchange<D> {
    /// Joins a connection with the decoder of its reply.
    pub fn new(ready: Box<dyn Ready>, digest: Digest, decode: D) -> Self {
        Self { ready, digest, decode }
    }
}

#[async_trait]
impl<D: FnOnce(Fired) -> Submission + Send> Opened for Exchange<D> {
    fn digest(&self) -> Digest {
        self.digest
    }

    async fn fire(self: Box<Self>, permit: SendPermit) -> Submission {
        let Self { ready, digest, decode } = *self;
        if permit.digest() != digest {
            let detail = "the permit was given for another request";
            return Submission::NotSent(NotSent::new(NotSentReason::PermitMismatch, detail));
        }
        decode(ready.fire(permit).await)
    }
}
