//! What a transport sees of a gateway's complaints, told to the engine past the provider: a provider's answers are
//! about refunds, and "too many requests" is about all of them.
//!
//! It must not know a gateway.

use async_trait::async_trait;
use refund_core::{Fired, NotSent, ReadError, Ready, Reply, Request, SendPermit, Transport};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// "Too many requests", and from when on to ask again if it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    /// The reply's `Retry-After` where it is a number of seconds. A date is not read: the two clocks may differ.
    pub retry_after: Option<Duration>,
}

/// Where a [`Metered`] transport leaves what it saw and an engine takes it. Clones are the same place.
#[derive(Clone, Debug, Default)]
pub struct Feedback(Arc<Mutex<Option<Limited>>>);

impl Feedback {
    /// Leaves a complaint.
    pub fn leave(&self, limited: Limited) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(limited);
    }

    /// Takes the latest complaint.
    pub fn take(&self) -> Option<Limited> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A transport whose replies are looked at for complaints (status 429, or 503 with a `Retry-After`) and otherwise left
/// alone.
pub struct Metered {
    inner: Arc<dyn Transport>,
    feedback: Feedback,
}

impl Metered {
    /// Looks at what `inner` brings.
    pub fn new(inner: Arc<dyn Transport>, feedback: Feedback) -> Self {
        Self { inner, feedback }
    }
}

/// The complaint a reply makes, if it makes one.
fn complaint(reply: &Reply) -> Option<Limited> {
    let header = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    let seconds = header.and_then(|(_, value)| value.trim().parse().ok()).map(Duration::from_secs);
    match (reply.status, seconds) {
        (429, retry_after) => Some(Limited { retry_after }),
        (503, Some(_)) => Some(Limited { retry_after: seconds }),
        _ => None,
    }
}

#[async_trait]
impl Transport for Metered {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        let reply = self.inner.read(request).await?;
        if let Some(limited) = complaint(&reply) {
            self.feedback.leave(limited);
        }
        Ok(reply)
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        let ready = self.inner.open(request).await?;
        Ok(Box::new(MeteredReady { ready, feedback: self.feedback.clone() }))
    }
}

struct MeteredReady {
    ready: Box<dyn Ready>,
    feedback: Feedback,
}

#[async_trait]
impl Ready for MeteredReady {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        let fired = self.ready.fire(permit).await;
        if let Fired::Reply(reply) = &fired
            && let Some(limited) = complaint(reply)
        {
            self.feedback.leave(limited);
        }
        fired
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_complaint() {
        let reply = |status, header: Option<(&str, &str)>| Reply {
            status,
            headers: header.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect(),
            body: Vec::new(),
        };
        let after = |seconds| Some(Limited { retry_after: Some(Duration::from_secs(seconds)) });
        for (status, header, expected) in [
            (429, None, Some(Limited { retry_after: None })),
            (429, Some(("retry-after", "7")), after(7)),
            (429, Some(("Retry-After", " 7 ")), after(7)),
            (429, Some(("retry-after", "-7")), Some(Limited { retry_after: None })),
            (
                429,
                Some(("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")),
                Some(Limited { retry_after: None }),
            ),
            (503, Some(("retry-after", "120")), after(120)),
            (503, None, None),
            (200, Some(("retry-after", "7")), None),
        ] {
            assert_eq!(complaint(&reply(status, header)), expected, "{status} {header:?}");
        }
    }
}
