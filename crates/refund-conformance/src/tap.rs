//! A [`Transport`] around another one that writes down what passes and breaks what it is told to.
//!
//! For gateways that cannot break themselves: a page of code in a test, a vendor's test environment. Faults act between
//! provider and gateway, so what a [`Tap`] writes down is what the provider handed over, not what a gateway saw; where a
//! gateway can list its requests and close connections by itself, that is the better witness. It must not know what the
//! bytes mean.

use crate::{
    Call, ManualClock, Mark, Seen,
    gateway::{Ability, Fault},
};
use async_trait::async_trait;
use refund_core::{
    DoubtReason, Fired, NotSent, NotSentReason, ReadError, Ready, Reply, Request, SendPermit, Transport,
};
use std::sync::{Arc, Mutex, MutexGuard};

/// A page as a broken edge sends it.
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Service</title></head><body>OK</body></html>\n";
/// Neither UTF-8 nor JSON nor anything else.
const GARBAGE: &[u8] = b"\xff\xfe{\"\x00\x80]";

/// A function that changes a whole reply.
type Rewrite = Box<dyn FnOnce(Reply) -> Reply + Send>;

/// Sits between a provider and its transport.
pub struct Tap {
    inner: Arc<dyn Transport>,
    clock: Arc<ManualClock>,
    secrets: Vec<String>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Faults still to come, in the order they were given.
    script: Vec<(Purpose, Strike)>,
    seen: Vec<Seen>,
}

/// What a transport can tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Send,
    Read,
}

enum Strike {
    Fault(Fault),
    Rewrite(Rewrite),
}

impl Tap {
    /// Around `inner`. Permits swallowed by a fault are spent against `clock`; `secrets` are cut out of what is written
    /// down.
    pub fn new(inner: Arc<dyn Transport>, clock: Arc<ManualClock>, secrets: Vec<String>) -> Self {
        Self { inner, clock, secrets, state: Arc::default() }
    }

    /// Breaks the next call of this kind, once. Lookups and status questions are told apart by nobody here: the fault
    /// strikes the next read. What needs the gateway's language ([`Fault::MissingReference`], [`Fault::UnknownWord`])
    /// cannot be done here: see [`Tap::rewrite_next`].
    pub fn break_next(&self, call: Call, fault: Fault) -> Ability {
        if matches!(fault, Fault::MissingReference | Fault::UnknownWord) {
            return Ability::Unsupported("a transport does not speak the gateway's language");
        }
        self.state().script.push((purpose(call), Strike::Fault(fault)));
        Ability::Done
    }

    /// Changes the next whole reply to a call of this kind, once.
    pub fn rewrite_next(&self, call: Call, rewrite: impl FnOnce(Reply) -> Reply + Send + 'static) {
        self.state().script.push((purpose(call), Strike::Rewrite(Box::new(rewrite))));
    }

    /// Forgets faults that have not struck.
    pub fn clear(&self) {
        self.state().script.clear();
    }

    /// How many requests have passed so far, swallowed ones included.
    pub fn mark(&self) -> Mark {
        Mark(self.state().seen.len() as u64)
    }

    /// Every request that passed after a mark.
    pub fn seen_since(&self, mark: Mark) -> Vec<Seen> {
        let from = usize::try_from(mark.0).unwrap_or(usize::MAX);
        self.state().seen.iter().skip(from).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn strike(&self, purpose: Purpose) -> Option<Strike> {
        let mut state = self.state();
        let at = state.script.iter().position(|(meant, _)| *meant == purpose)?;
        Some(state.script.remove(at).1)
    }

    fn seen(&self, call: Call, request: &Request) -> Seen {
        let path = request.url.split_once("://").map_or(request.url.as_str(), |(_, rest)| rest);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = path.find('/').map_or("/", |at| &path[at..]);
        let mut bytes = query.as_bytes().to_vec();
        bytes.extend_from_slice(&request.body);
        let bytes = without(&self.secrets, bytes);
        Seen { call: Some(call), method: request.method.as_str().to_owned(), path: path.to_owned(), bytes }
    }
}

fn purpose(call: Call) -> Purpose {
    match call {
        Call::Refund => Purpose::Send,
        Call::Lookup | Call::Status => Purpose::Read,
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("nothing panics while it holds this lock")
}

/// The bytes with every secret replaced.
fn without(secrets: &[String], bytes: Vec<u8>) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.as_str(), "***");
    }
    text.into_bytes()
}

fn whole(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    let headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
    Reply { status, headers, body: body.into() }
}

/// A page that quotes the request, as debug pages of edges do.
fn echo(request: &Request) -> Reply {
    let Request { method, url, headers, body } = request;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = String::from_utf8_lossy(body);
    whole(502, format!("<html><pre>{} {url}\n{headers}\n{body}</pre></html>", method.as_str()))
}

/// The answer of a gateway that does nothing, or `None` where the request is passed on.
fn instead(fault: Fault, request: &Request) -> Option<Fired> {
    Some(match fault {
        Fault::DropBeforeCommit => lost(DoubtReason::ConnectionLost, None, Vec::new()),
        Fault::ErrorBeforeCommit => Fired::Reply(whole(500, "")),
        Fault::RateLimit => Fired::Reply(whole(429, "")),
        Fault::Redirect => {
            let headers = vec![("location".to_owned(), request.url.clone())];
            Fired::Reply(Reply { headers, ..whole(307, "") })
        }
        _ => return None,
    })
}

/// What arrives of a reply that was given.
fn damaged(fault: Fault, request: &Request, reply: Reply) -> Fired {
    match fault {
        Fault::DropAfterCommit => lost(DoubtReason::ConnectionLost, None, Vec::new()),
        Fault::HalfBody => {
            let half = reply.body[..reply.body.len() / 2].to_vec();
            lost(DoubtReason::TruncatedReply, Some(reply.status), half)
        }
        Fault::ErrorAfterCommit => Fired::Reply(whole(500, "")),
        Fault::HtmlSuccess => Fired::Reply(whole(200, PAGE)),
        Fault::GarbageSuccess => Fired::Reply(whole(200, GARBAGE)),
        Fault::EmptySuccess => Fired::Reply(whole(200, "")),
        Fault::Echo => Fired::Reply(echo(request)),
        _ => Fired::Reply(reply),
    }
}

fn lost(why: DoubtReason, status: Option<u16>, partial_body: Vec<u8>) -> Fired {
    Fired::MaybeSent { why, detail: "cut by the test".to_owned(), status, partial_body }
}

fn unreachable() -> NotSent {
    NotSent::new(NotSentReason::Refused, "nobody listens")
}

#[async_trait]
impl Transport for Tap {
    async fn read(&self, request: Request) -> Result<Reply, ReadError> {
        let strike = self.strike(Purpose::Read);
        if matches!(strike, Some(Strike::Fault(Fault::Unreachable))) {
            return Err(unreachable().into());
        }
        let seen = self.seen(Call::Lookup, &request);
        self.state().seen.push(seen);
        let fired = match strike {
            None => return self.inner.read(request).await,
            Some(Strike::Rewrite(rewrite)) => return self.inner.read(request).await.map(rewrite),
            Some(Strike::Fault(fault)) => match instead(fault, &request) {
                Some(fired) => fired,
                None => damaged(fault, &request, self.inner.read(request.clone()).await?),
            },
        };
        match fired {
            Fired::Reply(reply) => Ok(reply),
            Fired::NotSent(proof) => Err(proof.into()),
            Fired::MaybeSent { detail, .. } => Err(ReadError::NoAnswer(detail)),
        }
    }

    async fn open(&self, request: Request) -> Result<Box<dyn Ready>, NotSent> {
        let unreachable_now = {
            let state = self.state();
            let next = state.script.iter().find(|(meant, _)| *meant == Purpose::Send);
            matches!(next, Some((_, Strike::Fault(Fault::Unreachable))))
        };
        if unreachable_now {
            let _ = self.strike(Purpose::Send);
            return Err(unreachable());
        }
        let (tap, inner) = (self.twin(), self.inner.open(request.clone()).await?);
        Ok(Box::new(Tapped { tap, inner, request }))
    }
}

impl Tap {
    /// The same tap, for a connection to hold.
    fn twin(&self) -> Self {
        let (inner, clock) = (Arc::clone(&self.inner), Arc::clone(&self.clock));
        Self { inner, clock, secrets: self.secrets.clone(), state: Arc::clone(&self.state) }
    }
}

struct Tapped {
    tap: Tap,
    inner: Box<dyn Ready>,
    request: Request,
}

#[async_trait]
impl Ready for Tapped {
    async fn fire(self: Box<Self>, permit: SendPermit) -> Fired {
        let Self { tap, inner, request } = *self;
        let seen = tap.seen(Call::Refund, &request);
        let strike = tap.strike(Purpose::Send);
        let fired = match &strike {
            Some(Strike::Fault(fault)) => match instead(*fault, &request) {
                Some(fired) => match permit.spend(&*tap.clock) {
                    Ok(()) => fired,
                    Err(proof) => Fired::NotSent(proof),
                },
                None => inner.fire(permit).await,
            },
            _ => inner.fire(permit).await,
        };
        if !matches!(fired, Fired::NotSent(_)) {
            tap.state().seen.push(seen);
        }
        match (fired, strike) {
            (Fired::Reply(reply), Some(Strike::Fault(fault))) => damaged(fault, &request, reply),
            (Fired::Reply(reply), Some(Strike::Rewrite(rewrite))) => Fired::Reply(rewrite(reply)),
            (fired, _) => fired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, InMemory};
    use refund_core::Method;

    struct Fine;

    impl Answer for Fine {
        fn answer(&self, _: &Request) -> Reply {
            whole(200, "fine")
        }
    }

    fn request() -> Request {
        let url = "https://gate.example/a/b?token=canary&x=1".to_owned();
        Request { method: Method::Get, url, headers: Vec::new(), body: b"canary".to_vec() }
    }

    #[tokio::test]
    async fn what_passes_is_written_down_without_secrets_and_faults_wear_off() {
        let clock = Arc::new(ManualClock::default());
        let line = Arc::new(InMemory::new(Arc::new(Fine), clock.clone()));
        let tap = Tap::new(line, clock, vec!["canary".to_owned()]);
        assert_eq!(tap.break_next(Call::Lookup, Fault::Unreachable), Ability::Done);
        assert_eq!(tap.break_next(Call::Status, Fault::Echo), Ability::Done);
        assert!(matches!(tap.break_next(Call::Lookup, Fault::UnknownWord), Ability::Unsupported(_)));
        assert!(matches!(tap.read(request()).await, Err(ReadError::NotSent(_))));
        assert_eq!(tap.mark(), Mark(0), "nothing left");
        let echoed = tap.read(request()).await.expect("an answer");
        assert!(String::from_utf8_lossy(&echoed.body).contains("token=canary"), "an echo quotes everything");
        assert_eq!(tap.read(request()).await.expect("an answer"), whole(200, "fine"));
        let seen = tap.seen_since(Mark(1));
        assert_eq!(format!("{seen:?}"), r#"[GET /a/b (Some(Lookup)) "token=***&x=1***"]"#);
    }
}
