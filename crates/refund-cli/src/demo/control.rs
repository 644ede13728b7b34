//! The sandbox's control API, as the demonstration uses it, and the clock the engine shares with it.

use super::words;
use async_trait::async_trait;
use refund_core::{Clock, Message, Method, Moment, Request, Transport, WallTime};
use refund_desk::{Kind, Problem};
use refund_engine::{ManualClock, Timer};
use serde_json::{Value, json};
use std::sync::Arc;

/// Speaks to `/_sandbox/`.
#[derive(Clone)]
pub(super) struct Control {
    transport: Arc<dyn Transport>,
    url: String,
}

impl Control {
    pub(super) fn new(transport: Arc<dyn Transport>, url: String) -> Self {
        Self { transport, url }
    }

    pub(super) async fn post(&self, call: &str, body: &Value) -> Result<Value, Problem> {
        self.call(Method::Post, call, body.to_string().into_bytes()).await
    }

    pub(super) async fn get(&self, call: &str) -> Result<Value, Problem> {
        self.call(Method::Get, call, Vec::new()).await
    }

    async fn call(&self, method: Method, call: &str, body: Vec<u8>) -> Result<Value, Problem> {
        let url = format!("{}/_sandbox/{call}", self.url);
        let headers = vec![("content-type", "application/json".to_owned())];
        let answer = self.transport.read(Request { method, url, headers, body }).await;
        let reply = answer.map_err(|error| failed(call, &error))?;
        if reply.status != 200 {
            return Err(failed(
                call,
                &format!("HTTP {}: {}", reply.status, String::from_utf8_lossy(&reply.body)),
            ));
        }
        serde_json::from_slice(&reply.body).map_err(|error| failed(call, &error))
    }
}

fn failed(call: &str, detail: &dyn std::fmt::Display) -> Problem {
    Problem::new(Kind::Internal, Message::new(&words::CONTROL).with("call", call).with("detail", detail))
}

/// A clock that jumps, and takes the sandbox's clock with it.
pub(super) struct SharedClock {
    clock: ManualClock,
    control: Control,
}

impl SharedClock {
    pub(super) fn new(clock: ManualClock, control: Control) -> Self {
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
        let seconds = left.as_millis().div_ceil(1_000);
        self.clock.advance(std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX)));
        // A sandbox whose time stands still shows in the scenes: nothing finishes there.
        let _ = self.control.post("clock", &json!({ "advance_seconds": seconds })).await;
    }
}
