//! The first lock: the last layer of the connector, which keeps an established connection until its call is fired.
//!
//! It is tied to one call by a task-local [`Slot`] that is there only while that call's own future is polled: a
//! connector that runs anywhere else finds no slot and refuses to dial. It must not know requests or permits.

use crate::reach::{self, DialLimits};
use refund_core::{NotSent, NotSentReason};
use std::{
    cell::Cell,
    error::Error,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::oneshot;

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

tokio::task_local! {
    /// The call whose future is being polled.
    static SLOT: Slot;
}

/// What one call's connector finds: leave to dial once, and a bell for the start of the TLS handshake.
pub(crate) struct Slot {
    ticket: Cell<Option<Ticket>>,
    handshake: Cell<Option<oneshot::Sender<()>>>,
}

/// Leave to dial once.
struct Ticket {
    hold: Hold,
    limits: DialLimits,
    handshake: oneshot::Receiver<()>,
}

/// What happens to the connection.
enum Hold {
    /// Handed on at once: the call has no effect at the gateway.
    No,
    /// Kept until opened.
    UntilOpened { held: oneshot::Sender<()>, open: oneshot::Receiver<()> },
}

/// The caller's side of a shut gate. Dropping it drops the connection.
pub(crate) struct Gate {
    /// Rings once the connection is established and held.
    pub(crate) held: oneshot::Receiver<()>,
    /// Hands the connection on.
    pub(crate) open: oneshot::Sender<()>,
}

impl Slot {
    /// For a call without effect.
    pub(crate) fn ungated(limits: DialLimits) -> Self {
        Self::new(Hold::No, limits)
    }

    /// For a call that waits at the gate.
    pub(crate) fn gated(limits: DialLimits) -> (Self, Gate) {
        let ((ring, held), (open, opened)) = (oneshot::channel(), oneshot::channel());
        (Self::new(Hold::UntilOpened { held: ring, open: opened }, limits), Gate { held, open })
    }

    fn new(hold: Hold, limits: DialLimits) -> Self {
        let (ring, handshake) = oneshot::channel();
        let ticket = Ticket { hold, limits, handshake };
        Self { ticket: Cell::new(Some(ticket)), handshake: Cell::new(Some(ring)) }
    }

    /// Makes this the slot of a call.
    pub(crate) async fn around<C: Future>(self, call: C) -> C::Output {
        SLOT.scope(self, call).await
    }
}

/// The TLS layer says that TCP is done and the handshake begins.
pub(crate) fn handshake_begins() {
    // Outside a call there is nobody to tell.
    let bell = SLOT.try_with(|slot| slot.handshake.take()).ok().flatten();
    if let Some(bell) = bell {
        // Nobody listens any more when the dial has been given up.
        let _ = bell.send(());
    }
}

/// Puts [`Gated`] around reqwest's connector.
#[derive(Clone)]
pub(crate) struct GateLayer;

impl<S> tower::Layer<S> for GateLayer {
    type Service = Gated<S>;

    fn layer(&self, connector: S) -> Gated<S> {
        Gated(connector)
    }
}

/// A connector that dials once per slot and holds what it gets.
#[derive(Clone)]
pub(crate) struct Gated<S>(S);

impl<S, R> tower::Service<R> for Gated<S>
where
    S: tower::Service<R, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        // Nothing happens before this future is polled.
        let dial = self.0.call(destination);
        Box::pin(async move {
            let ticket = SLOT.try_with(|slot| slot.ticket.take()).ok().flatten();
            let Some(Ticket { hold, limits, handshake }) = ticket else {
                return Err(refusal("a connection was asked for outside its call, or twice"));
            };
            let connection = reach::within(limits, dial, handshake).await?;
            if let Hold::UntilOpened { held, open } = hold {
                held.send(()).map_err(|()| refusal("the call was given up"))?;
                open.await.map_err(|_| refusal("the call was given up at the gate"))?;
            }
            Ok(connection)
        })
    }
}

fn refusal(detail: &str) -> BoxError {
    Box::new(NotSent::new(NotSentReason::NeverHanded, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{pin::pin, task::Waker, time::Duration};
    use tower::{Layer, Service};

    const LIMITS: DialLimits = DialLimits { connect: Duration::from_secs(5), tls: Duration::from_secs(5) };

    /// A connector that is done at once.
    #[derive(Clone)]
    struct AtOnce;

    impl Service<&'static str> for AtOnce {
        type Response = &'static str;
        type Error = BoxError;
        type Future = std::future::Ready<Result<&'static str, BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, destination: &'static str) -> Self::Future {
            std::future::ready(Ok(destination))
        }
    }

    async fn dial() -> Result<&'static str, NotSent> {
        let dialled = GateLayer.layer(AtOnce).call("a connection").await;
        dialled.map_err(|error| error.downcast_ref::<NotSent>().expect("our own refusal").clone())
    }

    fn poll<T>(call: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match call.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn a_connection_is_kept_however_often_it_is_asked_for_until_the_gate_opens() {
        let (slot, Gate { mut held, open }) = Slot::gated(LIMITS);
        let mut call = pin!(slot.around(dial()));
        assert!(held.try_recv().is_err(), "nothing happens before the first poll");
        for _ in 0..10 {
            assert_eq!(poll(call.as_mut()), None);
        }
        assert_eq!(held.try_recv(), Ok(()), "it stands");
        open.send(()).unwrap();
        assert_eq!(poll(call.as_mut()), Some(Ok("a connection")));
    }

    #[tokio::test]
    async fn a_gate_that_is_given_up_lets_nothing_through() {
        let (slot, Gate { held: _held, open }) = Slot::gated(LIMITS);
        let mut call = pin!(slot.around(dial()));
        assert_eq!(poll(call.as_mut()), None);
        drop(open);
        let refused = poll(call.as_mut()).expect("done").expect_err("given up");
        assert_eq!(refused.reason, NotSentReason::NeverHanded);
    }

    #[tokio::test]
    async fn a_slot_is_good_for_one_dial_and_none_for_nothing() {
        let twice = Slot::ungated(LIMITS).around(async { (dial().await, dial().await) });
        let (first, second) = twice.await;
        assert_eq!(first, Ok("a connection"));
        assert_eq!(second.map_err(|refused| refused.reason), Err(NotSentReason::NeverHanded));
        assert_eq!(dial().await.map_err(|refused| refused.reason), Err(NotSentReason::NeverHanded));
        // Another task is outside, even when the call itself started it.
        let elsewhere = Slot::ungated(LIMITS).around(async { tokio::spawn(dial()).await });
        assert!(elsewhere.await.expect("it ran").is_err());
    }
}
