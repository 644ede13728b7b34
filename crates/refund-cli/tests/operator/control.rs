//! The sandbox's control calls, and a clock that takes the sandbox's along. It must not know the command.

use async_trait::async_trait;
use refund_core::{Clock, Method, Moment, Request, Transport, WallTime};
use refund_engine::{ManualClock, SystemClock, Timer};
use refund_http::{HttpTransport, PlainHttp};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Speaks to `/_sandbox/`.
#[derive(Clone)]
pub(crate) struct Control {
    transport: Arc<dyn Transport>,
    url: String,
}

impl Control {
    pub(crate) fn new(url: &str) -> Self {
        let transport =
            HttpTransport::builder(Arc::new(SystemClock::new())).plain_http(PlainHttp::LoopbackOnly);
        Self { transport: Arc::new(transport.build().expect("a client")), url: url.to_owned() }
    }

    pub(crate) async fn post(&self, call: &str, body: Value) -> Value {
        self.call(Method::Post, call, body.to_string().into_bytes()).await
    }

    pub(crate) async fn get(&self, call: &str) -> Value {
        self.call(Method::Get, call, Vec::new()).await
    }

    async fn call(&self, method: Method, call: &str, body: Vec<u8>) -> Value {
        let url = format!("{}/_sandbox/{call}", self.url);
        let headers = vec![("content-type", "application/json".to_owned())];
        let reply = self.transport.read(Request { method, url, headers, body }).await.expect("an answer");
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status, 200, "{call}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// A clock that jumps, and takes the sandbox's clock with it.
pub(crate) struct SharedClock {
    clock: ManualClock,
    control: Control,
}

impl SharedClock {
    pub(crate) fn new(clock: ManualClock, control: Control) -> Self {
        Self { clock, control }
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn wall(&self) -> WallTime {
        self.clock.wall()
    }
}

#[async_trait]
impl Timer for SharedClock {
    async fn wait_until(&self, until: Moment) {
        let Some(left) = self.clock.now().until(until) else { return };
        // The sandbox counts whole seconds; both go the same way.
        let seconds = u64::try_from(left.as_millis().div_ceil(1_000)).expect("a wait of this century");
        self.clock.advance(Duration::from_secs(seconds));
        self.control.post("clock", json!({ "advance_seconds": seconds })).await;
    }
}
