//! A gateway without a socket: a [`Transport`] over a function from request to reply.
//!
//! Keeps the transport's promises (open without effect, permit spent before the request is handed over), so that a
//! provider cannot tell it from a network. It must not know what the bytes mean.

use async_trait::async_trait;
use refund_core::{Clock, Fired, NotSent, ReadError, Ready, Reply, Request, SendPermit, Transport};
use std::sync::Arc;

/// A gateway that lives in the test's own memory.
pub trait Answer: Send + Sync {
    /// Carries out one request.
    fn answer(&self, request: &Request) -> Reply;
}

/// The way to a gateway in memory.
#[derive(Clone)]
pub struct InMemory {
    gateway: Arc<dyn Answer>,
    clock: Arc<dyn Clock>,
}

impl InMemory {
    /// Joins a gateway with the clock that permits are spent against.
    pub fn new(gateway: Arc<dyn Answer>, clock: Arc<dyn Clock>) -> Self {
        Self { gateway, clock }
    }
}

#[async_trait]
impl Transport for InMemory {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        Ok(self.gateway.answer(&request))
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        Ok(Box::new(Held { line: self.clone(), request }))
    }
}

struct Held {
    line: InMemory,
    request: Request,
}

#[async_trait]
impl Ready for Held {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        match permit.spend(&*self.line.clock) {
            Ok(()) => Fired::Reply(self.line.gateway.answer(&self.request)),
            Err(proof) => Fired::NotSent(proof),
        }
    }
}
