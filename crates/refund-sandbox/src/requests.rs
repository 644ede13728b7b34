//! Every gateway request that arrived, kept for tests that ask what a client really sent.
//!
//! Holds masked text only; the newest entries win when the limit is reached.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

use crate::call::Call;
use crate::faults::Operation;
use crate::ledger::Gateway;
use crate::mask;

/// The listing.
#[derive(Default)]
pub(crate) struct Requests {
    entries: VecDeque<Entry>,
    /// How many ever arrived, kept or not.
    seen: u64,
}

/// One request and what became of it.
#[derive(Serialize)]
pub(crate) struct Entry {
    number: u64,
    at: String,
    gateway: Option<&'static str>,
    operation: Option<&'static str>,
    method: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: String,
    outcome: Outcome,
}

/// How a request ended on the sandbox's side.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    /// HTTP status of the reply; `null` if the connection was closed without one.
    pub(crate) status: Option<u16>,
    /// The scripted fault that struck, if one did.
    pub(crate) fault: Option<&'static str>,
}

impl Requests {
    /// Enters a request. `door` is `None` for a path no gateway answers.
    pub(crate) fn enter(
        &mut self,
        call: &Call,
        door: Option<(Gateway, Operation)>,
        at: Timestamp,
        outcome: Outcome,
        kept: u64,
    ) {
        self.seen += 1;
        let number = self.seen;
        if kept > 0 {
            self.entries.push_back(entry(call, door, at, outcome, number));
        }
        while u64::try_from(self.entries.len()).is_ok_and(|length| length > kept) {
            self.entries.pop_front();
        }
    }

    /// How many arrived, and the kept ones, oldest first.
    pub(crate) fn list(&self) -> (u64, &VecDeque<Entry>) {
        (self.seen, &self.entries)
    }
}

fn entry(
    call: &Call,
    door: Option<(Gateway, Operation)>,
    at: Timestamp,
    outcome: Outcome,
    number: u64,
) -> Entry {
    Entry {
        number,
        at: at.to_string(),
        gateway: door.map(|(gateway, _)| gateway.name()),
        operation: door.map(|(_, operation)| operation.name()),
        method: call.method.to_string(),
        path: call.uri.path().to_owned(),
        query: call.uri.query().map(mask::parameters),
        headers: mask::headers(&call.headers),
        body: mask::body(&call.body),
        outcome,
    }
}
