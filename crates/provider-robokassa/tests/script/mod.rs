//! A transport that plays a script and remembers what it was given.
//!
//! It must not know Robokassa.

use async_trait::async_trait;
use refund_core::{Fired, NotSent, ReadError, Ready, Reply, Request, SendPermit, Transport};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// Answers to come, by kind, and every request that went.
#[derive(Default)]
pub(crate) struct Script {
    reads: Mutex<VecDeque<Result<Reply, ReadError>>>,
    fires: Mutex<VecDeque<Result<Fired, NotSent>>>,
    seen: Mutex<String>,
}

impl Script {
    /// An empty script.
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// The next read gets this.
    pub(crate) fn reads(&self, answer: Result<Reply, ReadError>) {
        self.reads.lock().expect("not poisoned").push_back(answer);
    }

    /// The next opened request gets this when fired.
    pub(crate) fn answers(&self, fired: Fired) {
        self.fires.lock().expect("not poisoned").push_back(Ok(fired));
    }

    /// The next request cannot be opened.
    pub(crate) fn closes(&self, why: NotSent) {
        self.fires.lock().expect("not poisoned").push_back(Err(why));
    }

    /// Every request so far: method and address, headers, body.
    pub(crate) fn seen(&self) -> String {
        self.seen.lock().expect("not poisoned").clone()
    }

    fn note(&self, request: &Request) {
        let headers: String =
            request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let body = String::from_utf8_lossy(&request.body);
        let text = format!("{} {}\n{headers}{body}\n", request.method.as_str(), request.url);
        self.seen.lock().expect("not poisoned").push_str(&text);
    }
}

#[async_trait]
impl Transport for Script {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        self.note(&request);
        self.reads.lock().expect("not poisoned").pop_front().expect("the script has an answer for every read")
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        self.note(&request);
        let next = self.fires.lock().expect("not poisoned").pop_front();
        next.expect("the script has an answer for every open")
            .map(|fired| Box::new(Line(fired)) as Box<dyn Ready>)
    }
}

struct Line(Fired);

#[async_trait]
impl Ready for Line {
    async fn fire(self: Box<Self>, _permit: SendPermit) -> Fired {
        self.0
    }
}
