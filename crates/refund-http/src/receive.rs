//! Reading a reply piece by piece, so that half of one is kept: its status, and the beginning of its body, in which a
//! reference may be found. It must not know what a reply means.

use crate::explain;
use refund_core::{DoubtReason, Fired, NotSent, Reply};
use reqwest::Response;
use std::{pin::Pin, time::Duration};
use tokio::time::timeout;

/// A call on its way.
pub(crate) type Call = Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send>>;

/// How long and how much.
#[derive(Clone, Copy)]
pub(crate) struct ReplyLimits {
    /// Until the reply's head.
    pub(crate) first_byte: Duration,
    /// Until the reply's last byte.
    pub(crate) total: Duration,
    /// The longest body taken, in bytes.
    pub(crate) body: usize,
}

/// A reply that did not come whole.
#[derive(Debug)]
pub(crate) struct Broken {
    why: DoubtReason,
    detail: String,
    status: Option<u16>,
    partial_body: Vec<u8>,
    /// Our own connector's word that it never got a connection.
    unreached: Option<NotSent>,
}

impl Broken {
    /// One line for a person.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Our own connector's word that no connection was made, if that is what broke.
    pub(crate) fn unreached(&self) -> Option<&NotSent> {
        self.unreached.as_ref()
    }

    /// As the outcome of a request that may have left.
    pub(crate) fn into_maybe_sent(self, place: &str) -> Fired {
        let Self { why, detail, status, partial_body, .. } = self;
        Fired::MaybeSent { why, detail: format!("{place}: {detail}"), status, partial_body }
    }
}

/// Why reading ended early.
struct End {
    why: DoubtReason,
    detail: String,
    unreached: Option<NotSent>,
}

impl End {
    fn new(why: DoubtReason, detail: String) -> Self {
        Self { why, detail, unreached: None }
    }

    fn too_slow(what: &str, limit: Duration) -> Self {
        Self::new(DoubtReason::Timeout, format!("no {what} within {} ms", limit.as_millis()))
    }

    /// Sorts failures before the head, for a person's eyes: an answer that is not HTTP is not a lost connection.
    fn without_head(error: reqwest::Error) -> Self {
        let why = match explain::find::<hyper::Error>(&error) {
            Some(hyper) if hyper.is_parse() => DoubtReason::UnreadableReply,
            _ => DoubtReason::ConnectionLost,
        };
        let unreached = explain::find::<NotSent>(&error).cloned();
        Self { why, detail: explain::http(error), unreached }
    }

    fn cut(detail: String) -> Self {
        Self::new(DoubtReason::TruncatedReply, detail)
    }
}

/// Drives a call to a whole reply, or to what there is of one.
pub(crate) async fn receive(call: Call, limits: ReplyLimits) -> Result<Reply, Broken> {
    let mut received = None;
    let end = match timeout(limits.total, read_into(&mut received, call, limits)).await {
        Ok(end) => end,
        Err(_) => Err(End::too_slow("whole reply", limits.total)),
    };
    match (end, received) {
        (Ok(()), Some(reply)) => Ok(reply),
        // A reply that began and did not end is cut, whatever cut it.
        (Err(End { detail, .. }), Some(Reply { status, body, .. })) => {
            let why = DoubtReason::TruncatedReply;
            Err(Broken { why, detail, status: Some(status), partial_body: body, unreached: None })
        }
        (end, None) => {
            let lost = || End::new(DoubtReason::ConnectionLost, "no reply".into());
            let End { why, detail, unreached } = end.err().unwrap_or_else(lost);
            Err(Broken { why, detail, status: None, partial_body: Vec::new(), unreached })
        }
    }
}

/// Fills `into` as bytes come in.
async fn read_into(into: &mut Option<Reply>, call: Call, limits: ReplyLimits) -> Result<(), End> {
    let mut response = match timeout(limits.first_byte, call).await {
        Ok(response) => response.map_err(End::without_head)?,
        Err(_) => return Err(End::too_slow("reply", limits.first_byte)),
    };
    let headers = headers_of(&response);
    let body = &mut into.insert(Reply { status: response.status().as_u16(), headers, body: Vec::new() }).body;
    while let Some(chunk) = response.chunk().await.map_err(|error| End::cut(explain::http(error)))? {
        let room = limits.body - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Err(End::cut(format!("the reply is longer than {} bytes", limits.body)));
        }
    }
    Ok(())
}

/// Names are lower case already; a value that is not UTF-8 is shown with replacement characters.
fn headers_of(response: &Response) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    response.headers().iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}
