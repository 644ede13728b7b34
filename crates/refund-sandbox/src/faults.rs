//! Faults: which call goes wrong, how, and how often, by script.
//!
//! Knows operations and moments (before or after the money moved). Must not know a protocol: what
//! "an unknown label" looks like stands with the gateway that prints labels.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;

use crate::call::{Call, Reply};
use crate::departure::Departure;
use crate::ledger::Gateway;
use crate::switches::CodeForm;

/// What a client was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Asking for money back.
    Refund,
    /// Asking how a refund is doing.
    Status,
    /// Asking about the payment.
    Lookup,
    /// Making an order.
    Register,
    /// Taking a hold.
    Deposit,
    /// Cancelling a payment.
    Reverse,
    /// Giving up an order nobody paid.
    Decline,
    /// Asking about fiscal receipts, or for one.
    Receipt,
}

impl Operation {
    pub(crate) const NAMES: [(&'static str, Self); 8] = [
        ("refund", Self::Refund),
        ("status", Self::Status),
        ("lookup", Self::Lookup),
        ("register", Self::Register),
        ("deposit", Self::Deposit),
        ("reverse", Self::Reverse),
        ("decline", Self::Decline),
        ("receipt", Self::Receipt),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, operation)| *operation)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, operation)| *operation == self).map_or("", |(name, _)| name)
    }

    /// Whether the gateway is asked for this at all.
    pub(crate) fn exists_at(self, gateway: Gateway) -> bool {
        matches!(self, Self::Refund | Self::Status | Self::Lookup) || gateway == Gateway::SberEcom
    }
}

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeCommit,
    AfterCommit,
}

/// One way to go wrong. "Commit" is the moment money moves in the ledger; for calls that move none
/// the two moments are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    DropBeforeCommit,
    DropAfterCommit,
    /// After commit; real seconds.
    Delay(u64),
    ErrorBeforeCommit(StatusCode),
    ErrorAfterCommit(StatusCode),
    /// 200 with a page instead of the answer, after commit.
    Html,
    /// The beginning of the answer, after commit: this many bytes, half of it without a number. Never
    /// the whole answer.
    Truncate(Option<u64>),
    /// 307 to the same address, before commit: a client that follows it sends its money twice over.
    Redirect,
    /// 429 before commit, without `Retry-After`: none is attested.
    RateLimit,
    ErrorCode(CodeForm),
    /// A refusal of the gateway's own form with this code and text, whatever the call deserves. After
    /// commit it is a lie.
    Refuse(Moment, u64, String),
    UnknownLabel(String),
    /// The callback of this refund arrives twice.
    DuplicateCallback,
    /// The callback of this refund is answered before the refund is.
    EarlyCallback,
    /// The refund is still processing for so many seconds of the sandbox's clock.
    SlowFinish(u64),
}

impl Fault {
    /// The name the control API uses.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::DropBeforeCommit => "drop_before_commit",
            Self::DropAfterCommit => "drop_after_commit",
            Self::Delay(_) => "delay",
            Self::ErrorBeforeCommit(_) => "error_before_commit",
            Self::ErrorAfterCommit(_) => "error_after_commit",
            Self::Html => "html",
            Self::Truncate(_) => "truncate",
            Self::Redirect => "redirect",
            Self::RateLimit => "rate_limit",
            Self::ErrorCode(CodeForm::String) => "error_code_string",
            Self::ErrorCode(CodeForm::Number) => "error_code_number",
            Self::ErrorCode(CodeForm::Missing) => "error_code_missing",
            Self::Refuse(Moment::BeforeCommit, ..) => "refuse_before_commit",
            Self::Refuse(Moment::AfterCommit, ..) => "refuse_after_commit",
            Self::UnknownLabel(_) => "unknown_label",
            Self::DuplicateCallback => "duplicate_callback",
            Self::EarlyCallback => "early_callback",
            Self::SlowFinish(_) => "slow_finish",
        }
    }

    /// Whether this gateway and operation can go wrong this way at all.
    pub(crate) fn fits(&self, gateway: Gateway, operation: Operation) -> bool {
        let sber = gateway != Gateway::Robokassa;
        let reads = matches!(operation, Operation::Status | Operation::Lookup);
        match self {
            // The receipts of the ECOM dialect have no errorCode, and Robokassa has no codes at all.
            Self::ErrorCode(_) | Self::Refuse(..) => sber && operation != Operation::Receipt,
            Self::UnknownLabel(_) if sber => reads,
            Self::UnknownLabel(_) => operation == Operation::Status,
            Self::SlowFinish(_) => operation == Operation::Refund,
            // Robokassa tells nobody about refunds (CONFIRMED by absence).
            Self::DuplicateCallback | Self::EarlyCallback => sber && operation == Operation::Refund,
            _ => true,
        }
    }

    /// How the call ends before any money moves, if this fault ends it there.
    pub(crate) fn before_commit(&self, call: &Call) -> Option<Departure> {
        match self {
            Self::DropBeforeCommit => Some(Departure::Hangup),
            Self::ErrorBeforeCommit(status) => Some(Departure::Whole(Reply::empty(*status))),
            Self::RateLimit => Some(Departure::Whole(Reply::empty(StatusCode::TOO_MANY_REQUESTS))),
            Self::Redirect => {
                let mut reply = Reply::empty(StatusCode::TEMPORARY_REDIRECT);
                reply.location = call.uri.path_and_query().map(ToString::to_string);
                Some(Departure::Whole(reply))
            }
            _ => None,
        }
    }

    /// How the finished reply leaves.
    pub(crate) fn after_commit(&self, reply: Reply) -> Departure {
        const PAGE: &str =
            "<!DOCTYPE html>\n<html><head><title>Service</title></head><body>OK</body></html>\n";
        match self {
            Self::DropAfterCommit => Departure::Hangup,
            Self::Delay(seconds) => Departure::Late(reply, Duration::from_secs(*seconds)),
            Self::ErrorAfterCommit(status) => Departure::Whole(Reply::empty(*status)),
            Self::Html => Departure::Whole(Reply::new(StatusCode::OK, "text/html; charset=utf-8", PAGE)),
            Self::Truncate(at) => Departure::Cut(reply, *at),
            _ => Departure::Whole(reply),
        }
    }
}

/// A fault and where it strikes.
#[derive(Debug, Clone)]
pub(crate) struct Scripted {
    pub(crate) gateway: Gateway,
    pub(crate) operation: Operation,
    pub(crate) fault: Fault,
    /// How many more calls it strikes; never 0 inside a [`Script`].
    pub(crate) times: u64,
}

/// The faults still to come, in the order they were given, and how often which one has struck.
#[derive(Default)]
pub(crate) struct Script {
    waiting: Vec<Scripted>,
    struck: BTreeMap<(Gateway, Operation, &'static str), u64>,
}

impl Script {
    pub(crate) fn add(&mut self, scripted: Scripted) {
        if scripted.times > 0 {
            self.waiting.push(scripted);
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Scripted> {
        self.waiting.iter()
    }

    /// Spends one stroke of the first fault that is meant for one of these operations. A call may
    /// answer to two: Sber has one endpoint for the payment and for its refunds.
    pub(crate) fn strike(&mut self, gateway: Gateway, operations: &[Operation]) -> Option<Fault> {
        let meant = |s: &Scripted| s.gateway == gateway && operations.contains(&s.operation);
        let at = self.waiting.iter().position(meant)?;
        let scripted = self.waiting.get_mut(at)?;
        scripted.times = scripted.times.saturating_sub(1);
        let fault = scripted.fault.clone();
        if scripted.times == 0 {
            self.waiting.remove(at);
        }
        Some(fault)
    }

    /// Notes that a fault struck, wherever it came from.
    pub(crate) fn count(&mut self, gateway: Gateway, operation: Operation, fault: &Fault) {
        *self.struck.entry((gateway, operation, fault.name())).or_default() += 1;
    }

    /// What struck, and how often.
    pub(crate) fn struck(&self) -> impl Iterator<Item = (Gateway, Operation, &'static str, u64)> {
        self.struck.iter().map(|((gateway, operation, fault), times)| (*gateway, *operation, *fault, *times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_strike_in_order_and_wear_off() {
        let mut script = Script::default();
        let scripted =
            |operation, fault, times| Scripted { gateway: Gateway::SberOld, operation, fault, times };
        script.add(scripted(Operation::Refund, Fault::Html, 2));
        script.add(scripted(Operation::Refund, Fault::RateLimit, 1));
        script.add(scripted(Operation::Lookup, Fault::Truncate(None), 1));
        script.add(scripted(Operation::Refund, Fault::Redirect, 0));
        let refund = [Operation::Refund];
        assert_eq!(script.strike(Gateway::Robokassa, &refund), None);
        assert_eq!(script.strike(Gateway::SberOld, &refund), Some(Fault::Html));
        assert_eq!(script.strike(Gateway::SberOld, &refund), Some(Fault::Html));
        assert_eq!(script.strike(Gateway::SberOld, &refund), Some(Fault::RateLimit));
        assert_eq!(script.strike(Gateway::SberOld, &refund), None);
        let both = [Operation::Status, Operation::Lookup];
        assert_eq!(script.strike(Gateway::SberOld, &both), Some(Fault::Truncate(None)));
    }
}
