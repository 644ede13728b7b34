//! Getting a connection: name lookup, TCP and TLS, each within its limit and each with its own reason for failing.
//!
//! Everything here happens before a byte of a request exists on the connection, so every failure is a [`NotSent`]; the
//! reasons are read off library errors, which is safe because they decide nothing else.

use crate::{explain, gate::BoxError};
use refund_core::{NotSent, NotSentReason};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{io, pin::pin, time::Duration};
use tokio::{net::lookup_host, sync::oneshot, time::timeout};

/// How long the two halves of connecting may take.
#[derive(Clone, Copy)]
pub(crate) struct DialLimits {
    /// Name lookup and TCP together.
    pub(crate) connect: Duration,
    /// The TLS handshake.
    pub(crate) tls: Duration,
}

/// Drives a dial within its limits. `handshake` rings when TCP is done and TLS begins; without TLS it never does.
pub(crate) async fn within<C>(
    limits: DialLimits,
    dial: impl Future<Output = Result<C, BoxError>>,
    mut handshake: oneshot::Receiver<()>,
) -> Result<C, NotSent> {
    let mut dial = pin!(dial);
    let connecting = async {
        tokio::select! {
            biased;
            Ok(()) = &mut handshake => None,
            done = &mut dial => Some(done),
        }
    };
    match timeout(limits.connect, connecting).await {
        // TLS can begin and fail within one poll of the dial: ask the bell again.
        Ok(Some(done)) => done.map_err(|error| match handshake.try_recv() {
            Ok(()) => failed(NotSentReason::Tls, error),
            Err(_) => failed(NotSentReason::Refused, error),
        }),
        Ok(None) => match timeout(limits.tls, dial).await {
            Ok(done) => done.map_err(|error| failed(NotSentReason::Tls, error)),
            Err(_) => Err(too_slow("TLS handshake", limits.tls)),
        },
        Err(_) => Err(too_slow("name lookup and TCP connection", limits.connect)),
    }
}

fn too_slow(what: &str, limit: Duration) -> NotSent {
    let detail = format!("{what} not done within {} ms", limit.as_millis());
    NotSent::new(NotSentReason::ConnectTimeout, detail)
}

fn failed(reason: NotSentReason, error: BoxError) -> NotSent {
    match explain::find::<NotSent>(&*error) {
        Some(ours) => ours.clone(),
        None => NotSent::new(reason, explain::chain(&*error)),
    }
}

/// The machine's own resolver, with errors that can be told from refused connections.
pub(crate) struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            match lookup(name.as_str()).await {
                Ok(addresses) => Ok(addresses),
                Err(error) => {
                    let detail = format!("the name {} cannot be resolved: {error}", name.as_str());
                    Err(NotSent::new(NotSentReason::Dns, detail).into())
                }
            }
        })
    }
}

async fn lookup(host: &str) -> io::Result<Addrs> {
    let mut addresses = lookup_host((host, 0)).await?.peekable();
    match addresses.peek() {
        // Port 0 is replaced by the URL's.
        Some(_) => Ok(Box::new(addresses.collect::<Vec<_>>().into_iter())),
        None => Err(io::Error::new(io::ErrorKind::NotFound, "it has no address")),
    }
}
