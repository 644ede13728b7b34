//! [`HttpTransport`]: open, hold, fire; and plain reads. One call is one attempt on a connection of its own.

use crate::{
    body::PermitLock,
    builder::{HttpTransportBuilder, PlainHttp, Timeouts},
    explain,
    gate::{Gate, Slot},
    proxy::Egress,
    receive::{Broken, Call, ReplyLimits, receive},
    request::{Outgoing, Release, outgoing},
    roots::TrustedRoots,
};
use async_trait::async_trait;
use refund_core::{
    Clock, Fired, NotSent, NotSentReason, ReadError, Ready, Reply, Request, SendPermit, Transport,
};
use std::{fmt, sync::Arc};
use tokio::sync::oneshot;

/// The toolkit's HTTP client. Cheap to clone; one per set of trusted roots.
#[derive(Clone)]
pub struct HttpTransport(Arc<Parts>);

/// What a builder puts together.
pub(crate) struct Parts {
    pub(crate) client: reqwest::Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) roots: TrustedRoots,
    pub(crate) plain: PlainHttp,
    pub(crate) egress: Egress,
    pub(crate) timeouts: Timeouts,
    pub(crate) reply: ReplyLimits,
}

impl HttpTransport {
    /// Begins to set up a transport. Permits are spent against `clock`: it must be the clock their deadlines were
    /// computed on.
    pub fn builder(clock: Arc<dyn Clock>) -> HttpTransportBuilder {
        HttpTransportBuilder::new(clock)
    }

    pub(crate) fn from_parts(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A call that has not begun: it dials when first polled, by the rules of its slot.
    fn call(&self, slot: Slot, request: reqwest::Request) -> Call {
        let client = self.0.client.clone();
        Box::pin(slot.around(async move { client.execute(request).await }))
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        let Outgoing { request, place } = outgoing(request, self.0.plain, Release::AtOnce)?;
        let call = self.call(Slot::ungated(self.0.timeouts.dial()), request);
        receive(call, self.0.reply).await.map_err(|broken| match broken.unreached() {
            Some(not_sent) => at(&place, not_sent.clone()).into(),
            None => ReadError::NoAnswer(format!("{place}: {}", broken.detail())),
        })
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        let lock = PermitLock::new(self.0.clock.clone());
        let Outgoing { request, place } = outgoing(request, self.0.plain, Release::ByPermit(lock.clone()))?;
        let (slot, Gate { mut held, open }) = Slot::gated(self.0.timeouts.dial());
        let mut call = self.call(slot, request);
        tokio::select! {
            biased;
            // The only way to a Ready: the connection is in the gate, and nothing has been handed on.
            Ok(()) = &mut held => {
                let Parts { clock, reply, .. } = &*self.0;
                Ok(Box::new(Held { call, open, lock, clock: clock.clone(), reply: *reply, place }))
            }
            ended = &mut call => Err(at(&place, never_connected(ended))),
        }
    }
}

/// A call that ended before its connection was held: the dial failed, or the gate was passed by and the body refused.
/// Either way the body was not given out and the permit does not exist yet.
fn never_connected(ended: reqwest::Result<reqwest::Response>) -> NotSent {
    match ended {
        Ok(_) => NotSent::new(NotSentReason::NeverHanded, "an answer came before the request was sent"),
        Err(error) => match explain::find::<NotSent>(&error) {
            Some(ours) => ours.clone(),
            None => NotSent::new(NotSentReason::NeverHanded, explain::http(error)),
        },
    }
}

/// An established connection in the gate.
struct Held {
    call: Call,
    open: oneshot::Sender<()>,
    lock: Arc<PermitLock>,
    clock: Arc<dyn Clock>,
    reply: ReplyLimits,
    place: String,
}

#[async_trait]
impl Ready for Held {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        let Self { call, open, lock, clock, reply, place } = *self;
        // A dead permit does not even get the connection handed on. It is spent for good where the bytes are: in the
        // body, with nothing but the write after it.
        if clock.now().until(permit.fire_by()).is_none_or(|left| left.is_zero()) {
            // A clock that steps back revives nothing.
            let expired = || NotSent::new(NotSentReason::PermitExpired, "the permit has expired");
            return Fired::NotSent(at(&place, permit.spend(&*clock).err().unwrap_or_else(expired)));
        }
        lock.arm(permit);
        // The other end is in `call`; if it is gone, so is the connection, and the lock below proves it.
        let _ = open.send(());
        match receive(call, reply).await {
            Ok(reply) => Fired::Reply(reply),
            Err(broken) => match lock.revoke(|| handed_in_vain(&broken)) {
                Some(proof) => Fired::NotSent(at(&place, proof)),
                None => broken.into_maybe_sent(&place),
            },
        }
    }
}

fn handed_in_vain(broken: &Broken) -> NotSent {
    let detail = format!("the request was never handed to the connection: {}", broken.detail());
    NotSent::new(NotSentReason::NeverHanded, detail)
}

/// Says where.
fn at(place: &str, NotSent { reason, detail }: NotSent) -> NotSent {
    NotSent::new(reason, format!("{place}: {detail}"))
}

impl fmt::Debug for HttpTransport {
    /// The settings; nothing of any call.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { roots, plain, egress, timeouts, reply, .. } = &*self.0;
        f.debug_struct("HttpTransport")
            .field("roots", roots)
            .field("plain", plain)
            .field("egress", egress)
            .field("timeouts", timeouts)
            .field("max_reply", &reply.body)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{BootId, Method, Moment, WallTime};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        sync::mpsc,
        task::yield_now,
    };

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Moment {
            Moment::new(BootId(1), 0)
        }
        fn wall(&self) -> WallTime {
            WallTime(0)
        }
    }

    /// Answers every request and keeps connections; tells what each one carried when it ends.
    async fn keeps_alive() -> (u16, mpsc::UnboundedReceiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, (tell, told)) = (listener.local_addr().unwrap().port(), mpsc::unbounded_channel());
        tokio::spawn(async move {
            while let Ok((mut tcp, _)) = listener.accept().await {
                let tell = tell.clone();
                tokio::spawn(async move {
                    let mut carried = Vec::new();
                    while tcp.read_buf(&mut carried).await.is_ok_and(|n| n > 0) {
                        if carried.windows(4).any(|end| end == b"\r\n\r\n") {
                            let _ = tcp.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                        }
                    }
                    let _ = tell.send(String::from_utf8(carried).unwrap());
                });
            }
        });
        (port, told)
    }

    fn request(method: Method, port: u16, body: &str) -> Request {
        let url = format!("http://127.0.0.1:{port}/");
        Request { method, url, headers: Vec::new(), body: body.into() }
    }

    /// No public constructor makes a client with a pool. If one existed, a kept connection would pass by the gate; then
    /// the body is the lock that holds, and not even the head leaves.
    #[tokio::test]
    async fn a_client_with_a_pool_is_found_out_and_sends_nothing() {
        let (port, mut told) = keeps_alive().await;
        let builder = HttpTransport::builder(Arc::new(Stopped)).plain_http(PlainHttp::LoopbackOnly);
        let pooled = builder.assemble(8).unwrap();
        let read = pooled.read(request(Method::Get, port, "")).await;
        assert_eq!(read.map(|reply| reply.status), Ok(200), "its connection goes into the pool");
        let mut refused = None;
        // Until the connection is in the pool, the gate holds a new one, which is dropped.
        for _ in 0..10_000 {
            refused = pooled.open(request(Method::Post, port, "amount=1")).await.err();
            if refused.is_some() {
                break;
            }
            yield_now().await;
        }
        let refused = refused.expect("the kept connection is taken in the end");
        assert_eq!(refused.reason, NotSentReason::NeverHanded);
        assert!(refused.detail.ends_with("about to leave past the gate; it was stopped"), "{refused}");
        drop(pooled);
        let mut carried = String::new();
        while !carried.starts_with("GET / HTTP/1.1\r\n") {
            carried = told.recv().await.unwrap();
            assert!(!carried.contains("POST"), "{carried}");
        }
        assert!(carried.ends_with("\r\n\r\n"), "the kept connection carried the question alone: {carried}");
    }
}
