//! Transports that break the promise of one attempt: between a good provider and a good line.
//!
//! Each mints a permit of its own, as a client with a private journal could. The kit must see it by the gateway's requests.

use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, BootId, Digest, DoubtReason, Fired, IntentId, Journaled, Moment,
    NotSent, NotSentReason, Opened, ReadError, Ready, Reply, Request, SendPermit, Submission, Transport,
};
use std::sync::{Arc, Mutex};

/// What is wrong with the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Sends again after a 5xx, as "resilient" clients do.
    RetriesErrors,
    /// Sends again when the connection closed without an answer, as pooled HTTP clients do.
    ResendsOnClosed,
    /// Follows a 307 with the same method and body.
    FollowsRedirects,
    /// Sends when it connects.
    SendsInOpen,
    /// Sends whatever the permit says.
    IgnoresDeadlines,
    /// Sends everything twice "to be sure".
    SendsTwice,
}

pub(crate) struct Breaker {
    pub(crate) wrong: Wrong,
    pub(crate) inner: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for Breaker {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        self.inner.read(request).await
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        let first = self.inner.open(request.clone()).await?;
        let (wrong, inner) = (self.wrong, Arc::clone(&self.inner));
        let early = match wrong {
            Wrong::SendsInOpen => Some(first.fire(forged(ANY).await).await),
            _ => return Ok(Box::new(Broken { wrong, inner, request, first: Some(first), early: None })),
        };
        Ok(Box::new(Broken { wrong, inner, request, first: None, early }))
    }
}

struct Broken {
    wrong: Wrong,
    inner: Arc<dyn Transport>,
    request: Request,
    first: Option<Box<dyn Ready>>,
    early: Option<Fired>,
}

#[async_trait]
impl Ready for Broken {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        let Self { wrong, inner, request, first, early } = *self;
        let Some(first) = first else { return early.expect("sent in open") };
        let fired = match wrong {
            Wrong::IgnoresDeadlines => first.fire(forged(ANY).await).await,
            _ => first.fire(permit).await,
        };
        let again = match (wrong, &fired) {
            (Wrong::RetriesErrors, Fired::Reply(reply)) => reply.status >= 500,
            (Wrong::ResendsOnClosed, Fired::MaybeSent { why, .. }) => *why == DoubtReason::ConnectionLost,
            (Wrong::FollowsRedirects, Fired::Reply(reply)) => reply.status == 307,
            (Wrong::SendsTwice, Fired::Reply(reply)) => reply.status == 200,
            _ => false,
        };
        if !again {
            return fired;
        }
        match inner.open(request).await {
            Ok(second) => second.fire(forged(ANY).await).await,
            Err(proof) => Fired::NotSent(proof),
        }
    }
}

/// A transport does not ask what a permit is for.
const ANY: Digest = Digest([0; 32]);

/// A permit from a record nobody keeps, good for ever.
pub(crate) async fn forged(digest: Digest) -> SendPermit {
    let caught = Arc::new(Mutex::new(None));
    let at = At { intent: IntentId(0), fence: 0, seq: 0 };
    let fire_by = Moment::new(BootId(1), u64::MAX);
    let record = ArmRecord { at, lineage: 1, attempt: 1, digest, fire_by };
    let catcher = Box::new(Catcher(digest, Arc::clone(&caught)));
    let journaled = Journaled::arm(catcher, &record, &NoLog).await.expect("nobody checks");
    let _ = journaled.fire().await;
    caught.lock().expect("nobody panics with it").take().expect("the catcher keeps it")
}

struct NoLog;

#[async_trait]
impl ArmLog for NoLog {
    async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
        Ok(())
    }
}

struct Catcher(Digest, Arc<Mutex<Option<SendPermit>>>);

#[async_trait]
impl Opened for Catcher {
    fn digest(&self) -> Digest {
        self.0
    }

    async fn fire(self: Box<Self>, permit: SendPermit) -> Submission {
        *self.1.lock().expect("nobody panics with it") = Some(permit);
        Submission::NotSent(NotSent::new(NotSentReason::NeverHanded, "caught"))
    }
}
