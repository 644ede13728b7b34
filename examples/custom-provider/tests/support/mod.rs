//! A clock that stands still, a journal in memory and a network that only writes down what happens, in order.

use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, BootId, Clock, Fired, Moment, NotSent, ReadError, Ready, Reply, Request,
    SendPermit, Transport, WallTime,
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Everything that happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Trace(Arc<Mutex<Vec<String>>>);

impl Trace {
    fn note(&self, event: impl Into<String>) {
        self.0.lock().expect("no test panics while it holds the lock").push(event.into());
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.0.lock().expect("no test panics while it holds the lock").clone()
    }
}

/// Time that passes when it is told to.
#[derive(Default)]
pub(crate) struct TestClock(AtomicU64);

impl TestClock {
    pub(crate) fn advance(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).expect("a test's times are short");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::new(BootId(1), self.0.load(Ordering::SeqCst))
    }

    fn wall(&self) -> WallTime {
        WallTime(0)
    }
}

/// Arms in memory, or refuses to.
pub(crate) struct Log(pub(crate) Trace, pub(crate) Result<(), ArmError>);

#[async_trait]
impl ArmLog for Log {
    async fn arm(&self, record: &ArmRecord) -> Result<(), ArmError> {
        self.0.note(format!("armed lineage {} attempt {}", record.lineage, record.attempt));
        self.1.clone()
    }
}

/// Answers whatever is asked about payments with one reply, about refunds with another.
pub(crate) struct Net {
    pub(crate) trace: Trace,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) payment: &'static str,
    pub(crate) refund: &'static str,
}

#[async_trait]
impl Transport for Net {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        self.trace.note(format!("read {request:?}"));
        Ok(ok(if request.url.contains("/refunds/") { self.refund } else { self.payment }))
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        self.trace.note(format!("open {request:?}"));
        let (trace, clock) = (self.trace.clone(), Arc::clone(&self.clock));
        Ok(Box::new(Line { trace, clock, request, reply: ok(self.refund) }))
    }
}

struct Line {
    trace: Trace,
    clock: Arc<TestClock>,
    request: Request,
    reply: Reply,
}

#[async_trait]
impl Ready for Line {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        if let Err(proof) = permit.spend(&*self.clock) {
            return Fired::NotSent(proof);
        }
        self.trace.note(format!("bytes {}", String::from_utf8_lossy(&self.request.body)));
        Fired::Reply(self.reply)
    }
}

fn ok(body: &str) -> Reply {
    Reply { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() }
}
