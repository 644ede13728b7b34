//! The second lock: a request body that gives its bytes out once, against a living permit, and never otherwise.
//!
//! This is where a permit is spent: when the HTTP library asks for the bytes, nothing but the write comes after. It must
//! not know connections.
//!
//! Why a refusal keeps the head back, too: hyper encodes the head into its buffer, asks the body for its first bytes and
//! only then writes; a body that fails ends the connection with the buffer unwritten (hyper 1.12, HTTP/1 dispatcher). A
//! body that merely waited would let the head go. `request.rs` keeps heads far below the buffer's size, and the tests
//! count bytes on the far side.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use refund_core::{Clock, NotSent, NotSentReason, SendPermit};
use std::{
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

/// Whether the body may be given out. Shared by the body and by whoever waits for the reply; every change is one step
/// under the mutex, so "given out" and "withdrawn" exclude each other.
pub(crate) struct PermitLock {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
}

enum State {
    /// No permit yet.
    Shut,
    /// The permit is here and not spent.
    Armed(SendPermit),
    /// The permit is spent, the bytes are with the HTTP library.
    Released,
    /// The bytes will never be given out.
    Refused(NotSent),
}

impl PermitLock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State::Shut), clock })
    }

    /// Puts the permit in. A lock that has refused stays refused.
    pub(crate) fn arm(&self, permit: SendPermit) {
        let mut state = self.state();
        if matches!(*state, State::Shut) {
            *state = State::Armed(permit);
        }
    }

    /// Withdraws the body for good, if that is still possible: the proof that no byte left and none will. `None` when the
    /// bytes were given out.
    pub(crate) fn revoke(&self, why: impl FnOnce() -> NotSent) -> Option<NotSent> {
        let mut state = self.state();
        let proof = match &*state {
            State::Released => return None,
            State::Refused(earlier) => earlier.clone(),
            State::Shut | State::Armed(_) => why(),
        };
        *state = State::Refused(proof.clone());
        Some(proof)
    }

    /// Spends the permit; after `Ok` the bytes count as sent.
    fn release(&self) -> Result<(), NotSent> {
        let mut state = self.state();
        let spent = match mem::replace(&mut *state, State::Released) {
            State::Armed(permit) => permit.spend(&*self.clock),
            State::Shut => Err(never_handed("the request was about to leave past the gate; it was stopped")),
            State::Refused(earlier) => Err(earlier),
            // The only frame has been given out: refuse this one, and keep the fact.
            State::Released => return Err(never_handed("the request was asked for twice")),
        };
        if let Err(refusal) = &spent {
            *state = State::Refused(refusal.clone());
        }
        spent
    }

    /// A panic elsewhere never leaves the state half-changed, so a poisoned mutex is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn never_handed(detail: &str) -> NotSent {
    NotSent::new(NotSentReason::NeverHanded, detail)
}

/// The body itself: one frame with all the bytes.
pub(crate) struct LockedBody {
    bytes: Option<Bytes>,
    lock: Arc<PermitLock>,
}

impl LockedBody {
    /// `bytes` are not empty: an empty body is never asked for, so it could not be a lock.
    pub(crate) fn new(bytes: Vec<u8>, lock: Arc<PermitLock>) -> Self {
        debug_assert!(!bytes.is_empty(), "an empty body cannot hold a request back");
        Self { bytes: Some(Bytes::from(bytes)), lock }
    }
}

impl Body for LockedBody {
    type Data = Bytes;
    type Error = NotSent;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NotSent>>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        Poll::Ready(Some(self.lock.release().map(|()| Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use refund_core::{
        ArmError, ArmLog, ArmRecord, At, BootId, Digest, IntentId, Journaled, Moment, Opened, Submission,
        WallTime,
    };
    use std::{sync::Barrier, task::Waker, thread};

    struct Stopped(u64);

    impl Clock for Stopped {
        fn now(&self) -> Moment {
            Moment::new(BootId(1), self.0)
        }
        fn wall(&self) -> WallTime {
            WallTime(0)
        }
    }

    fn ask(body: &mut LockedBody) -> Option<Result<usize, NotSentReason>> {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame.map(|frame| match frame {
                Ok(frame) => Ok(frame.into_data().map_or(0, |data| data.len())),
                Err(refusal) => Err(refusal.reason),
            }),
            Poll::Pending => panic!("a body that waits lets the head go"),
        }
    }

    /// A permit that lives until 5 000, caught on its way.
    async fn permit() -> SendPermit {
        let (digest, caught) = (Digest::of(b""), Arc::new(Mutex::new(None)));
        let at = At { intent: IntentId(1), fence: 1, seq: 1 };
        let fire_by = Moment::new(BootId(1), 5_000);
        let record = ArmRecord { at, lineage: 1, attempt: 1, digest, fire_by };
        let opened = Box::new(Catch(digest, caught.clone()));
        let _ = Journaled::arm(opened, &record, &Written).await.unwrap().fire().await;
        caught.lock().unwrap().take().expect("it was fired")
    }

    struct Catch(Digest, Arc<Mutex<Option<SendPermit>>>);

    #[async_trait]
    impl Opened for Catch {
        fn digest(&self) -> Digest {
            self.0
        }
        async fn fire(self: Box<Self>, permit: SendPermit) -> Submission {
            *self.1.lock().unwrap() = Some(permit);
            Submission::NotSent(never_handed("caught"))
        }
    }

    struct Written;

    #[async_trait]
    impl ArmLog for Written {
        async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
            Ok(())
        }
    }

    fn withdrawn() -> NotSent {
        NotSent::new(NotSentReason::Refused, "withdrawn")
    }

    #[test]
    fn without_a_permit_the_bytes_stay_and_the_refusal_is_for_good() {
        let lock = PermitLock::new(Arc::new(Stopped(0)));
        let mut body = LockedBody::new(b"sum=1".to_vec(), lock.clone());
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(5), false));
        assert_eq!(ask(&mut body), Some(Err(NotSentReason::NeverHanded)));
        assert_eq!(ask(&mut body), None, "and there is nothing to ask for again");
        let proof = lock.revoke(withdrawn).expect("nothing was given out");
        assert_eq!(proof.reason, NotSentReason::NeverHanded, "the first refusal stands");
    }

    #[tokio::test]
    async fn a_living_permit_gives_the_bytes_out_once_and_a_dead_one_never() {
        for (now, given) in [(4_999, Ok(5)), (5_000, Err(NotSentReason::PermitExpired))] {
            let lock = PermitLock::new(Arc::new(Stopped(now)));
            let mut body = LockedBody::new(b"sum=1".to_vec(), lock.clone());
            lock.arm(permit().await);
            assert_eq!((ask(&mut body), ask(&mut body)), (Some(given), None));
            assert_eq!(lock.revoke(withdrawn).map(|proof| proof.reason), given.err());
        }
    }

    #[tokio::test]
    async fn a_withdrawn_body_is_never_given_out() {
        let lock = PermitLock::new(Arc::new(Stopped(0)));
        let mut body = LockedBody::new(b"sum=1".to_vec(), lock.clone());
        lock.arm(permit().await);
        assert_eq!(lock.revoke(withdrawn), Some(withdrawn()));
        lock.arm(permit().await);
        assert_eq!(ask(&mut body), Some(Err(NotSentReason::Refused)), "not even for another permit");
    }

    #[tokio::test]
    async fn of_giving_out_and_withdrawing_exactly_one_wins() {
        for _ in 0..500 {
            let lock = PermitLock::new(Arc::new(Stopped(0)));
            let mut body = LockedBody::new(b"sum=1".to_vec(), lock.clone());
            lock.arm(permit().await);
            let start = Arc::new(Barrier::new(2));
            let other = start.clone();
            let asking = thread::spawn(move || {
                other.wait();
                matches!(ask(&mut body), Some(Ok(5)))
            });
            start.wait();
            let proven_unsent = lock.revoke(withdrawn).is_some();
            assert_ne!(asking.join().unwrap(), proven_unsent);
        }
    }
}
