//! Sending as the engine does it: open, arm a record, fire. Every request carries canaries, and whatever comes back is
//! searched for them.

use crate::server::{Authority, Server, Wire};
use async_trait::async_trait;
use refund_core::{
    ArmError, ArmLog, ArmRecord, At, BootId, Clock, Digest, Exchange, Fired, IntentId, Journaled, Method,
    Moment, NotSent, NotSentReason, Ready, Request, Submission, Transport, WallTime,
};
use refund_http::{HttpTransport, HttpTransportBuilder, PlainHttp, RootCertificates, TrustedRoots};
use std::{
    fmt::Debug,
    sync::{Arc, Mutex, OnceLock},
};

/// Where permits die, in milliseconds of the test's boot.
pub(crate) const DEADLINE: Moment = Moment::new(BOOT, 5_000);
const BOOT: BootId = BootId(7);

/// A clock that shows these moments one after another and stays at the last.
struct Script(Mutex<Vec<u64>>);

impl Script {
    fn new(millis: &[u64]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(millis.iter().rev().copied().collect())))
    }
}

impl Clock for Script {
    fn now(&self) -> Moment {
        let mut left = self.0.lock().unwrap();
        let now = *left.last().unwrap();
        if left.len() > 1 {
            left.pop();
        }
        Moment::new(BOOT, now)
    }

    fn wall(&self) -> WallTime {
        WallTime(0)
    }
}

/// A transport for a lane, with a clock that stands before every deadline.
pub(crate) fn transport(lane: Lane) -> HttpTransportBuilder {
    transport_at(lane, &[1_000])
}

/// The same with a clock that shows these moments.
pub(crate) fn transport_at(lane: Lane, millis: &[u64]) -> HttpTransportBuilder {
    let builder = HttpTransport::builder(Script::new(millis));
    match lane {
        Lane::Http => builder.plain_http(PlainHttp::LoopbackOnly),
        Lane::Https => builder.roots(TrustedRoots::Only(roots(authority()))),
    }
}

pub(crate) fn roots(authority: &Authority) -> RootCertificates {
    RootCertificates::from_pem(authority.root_pem.as_bytes()).unwrap()
}

/// One authority for all tests.
pub(crate) fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(Authority::new)
}

/// Both ways to travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lane {
    Http,
    Https,
}

impl Lane {
    pub(crate) const BOTH: [Lane; 2] = [Lane::Http, Lane::Https];

    pub(crate) fn wire(self) -> Wire {
        match self {
            Self::Http => Wire::Plain,
            Self::Https => authority().wire(),
        }
    }

    pub(crate) fn url(self, server: &Server) -> String {
        self.url_of_port(server.port)
    }

    pub(crate) fn url_of_port(self, port: u16) -> String {
        match self {
            Self::Http => format!("http://127.0.0.1:{port}"),
            Self::Https => format!("https://localhost:{port}"),
        }
    }
}

/// A refund full of canaries.
pub(crate) fn refund(base: &str) -> Request {
    refund_of(base, "password=canary-body&amount=1")
}

pub(crate) fn refund_of(base: &str, body: &str) -> Request {
    Request {
        method: Method::Post,
        url: format!("{base}/refund?token=canary-query"),
        headers: vec![
            ("content-type", "application/x-www-form-urlencoded".into()),
            ("authorization", "Bearer canary-header".into()),
        ],
        body: body.into(),
    }
}

/// Opens, arms and fires. `Err` when opening failed.
pub(crate) async fn send(transport: &HttpTransport, request: Request) -> Result<Fired, NotSent> {
    no_canary((transport, &request));
    match transport.open(request).await {
        Ok(ready) => Ok(fire(ready).await),
        Err(not_sent) => {
            no_canary((&not_sent, not_sent.to_string()));
            Err(not_sent)
        }
    }
}

/// Arms a record and fires.
pub(crate) async fn fire(ready: Box<dyn Ready>) -> Fired {
    fire_by(ready, DEADLINE).await
}

/// The same with a permit that dies at another moment.
pub(crate) async fn fire_by(ready: Box<dyn Ready>, fire_by: Moment) -> Fired {
    let (digest, caught) = (Digest::of(b"prepared"), Arc::new(Mutex::new(None)));
    let catch = caught.clone();
    let opened = Exchange::new(ready, digest, move |fired| {
        *catch.lock().unwrap() = Some(fired);
        Submission::NotSent(NotSent::new(NotSentReason::Unusable, "the test has the real one"))
    });
    let at = At { intent: IntentId(1), fence: 1, seq: 1 };
    let record = ArmRecord { at, lineage: 1, attempt: 1, digest, fire_by };
    let _ = Journaled::arm(Box::new(opened), &record, &Written).await.unwrap().fire().await;
    let fired = caught.lock().unwrap().take().expect("the transport was fired");
    no_canary(&fired);
    fired
}

/// A journal that always writes.
struct Written;

#[async_trait]
impl ArmLog for Written {
    async fn arm(&self, _: &ArmRecord) -> Result<(), ArmError> {
        Ok(())
    }
}

/// Nothing a person may see shows what a request held.
pub(crate) fn no_canary(shown: impl Debug) {
    let text = format!("{shown:?}");
    assert!(!text.contains("canary"), "a secret is shown: {text}");
}
