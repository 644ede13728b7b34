//! What the engine counts, for whoever installs a recorder of the `metrics` crate; without one nothing is kept.
//!
//! Every metric has the labels `provider` and `account`. No metric names a payment, a refund or a person.
//!
//! | name | kind | further labels | what it is |
//! |---|---|---|---|
//! | `refund_sends_total` | counter | `outcome`: `accepted`, `settled`, `declined`, `declined-unconfirmed`, `unknown`, `not-sent` | requests that move money, by what came of them |
//! | `refund_send_seconds` | histogram | `outcome` | from the armed record to the answer |
//! | `refund_reads_total` | counter | `call`: `lookup`, `status`, `probe`; `result`: `answered`, `failed` | calls without effect |
//! | `refund_read_seconds` | histogram | `call` | how long they took |
//! | `refund_ambiguity_permille` | gauge | | share of unknown outcomes among the last 50 sends, in thousandths |
//! | `refund_resends_total` | counter | `ground`: `key_replay`, `self_fencing` | requests sent again after an unknown outcome |
//! | `refund_holds_total` | counter | `reason`: the journal's word | refunds that began to wait for a person |
//! | `refund_breaker_state` | gauge | | 0 sends, 1 stopped, 2 trying one |
//! | `refund_breaker_trips_total` | counter | | how often sends were stopped |
//! | `refund_rate_permille` | gauge | | the rate of calls now, in thousandths of the full one |
//! | `refund_rate_waits_total` | counter | | calls that had to wait for their turn |
//! | `refund_rate_wait_seconds` | histogram | | how long they waited |

use crate::{
    machine::{HoldReason, ResendGround},
    traffic::Mode,
};
use metrics::{Label, SharedString, counter, gauge, histogram};
use std::time::Duration;

/// What the metrics of one account are labelled with.
#[derive(Clone, Debug)]
pub(crate) struct Labels {
    provider: SharedString,
    account: SharedString,
}

impl Labels {
    pub(crate) fn new(provider: &str, account: &str) -> Self {
        Self { provider: provider.to_owned().into(), account: account.to_owned().into() }
    }

    fn with(&self, more: &[(&'static str, &'static str)]) -> Vec<Label> {
        let own = [("provider", self.provider.clone()), ("account", self.account.clone())];
        let own = own.into_iter().map(|(name, value)| Label::new(name, value));
        own.chain(more.iter().map(|(name, value)| Label::new(*name, *value))).collect()
    }

    pub(crate) fn sent(&self, outcome: &'static str, took: Duration) {
        counter!("refund_sends_total", self.with(&[("outcome", outcome)])).increment(1);
        histogram!("refund_send_seconds", self.with(&[("outcome", outcome)])).record(took);
    }

    pub(crate) fn read(&self, call: &'static str, result: &'static str, took: Duration) {
        counter!("refund_reads_total", self.with(&[("call", call), ("result", result)])).increment(1);
        histogram!("refund_read_seconds", self.with(&[("call", call)])).record(took);
    }

    pub(crate) fn ambiguity(&self, thousandths: u32) {
        gauge!("refund_ambiguity_permille", self.with(&[])).set(thousandths);
    }

    pub(crate) fn resent(&self, ground: ResendGround) {
        let ground = match ground {
            ResendGround::KeyReplay => "key_replay",
            ResendGround::SelfFencing => "self_fencing",
        };
        counter!("refund_resends_total", self.with(&[("ground", ground)])).increment(1);
    }

    pub(crate) fn held(&self, why: HoldReason) {
        counter!("refund_holds_total", self.with(&[("reason", why.as_str())])).increment(1);
    }

    pub(crate) fn breaker(&self, mode: Mode) {
        let state = match mode {
            Mode::Closed => 0_u32,
            Mode::Open { .. } => 1,
            Mode::Trial => 2,
        };
        gauge!("refund_breaker_state", self.with(&[])).set(state);
    }

    pub(crate) fn tripped(&self) {
        counter!("refund_breaker_trips_total", self.with(&[])).increment(1);
    }

    pub(crate) fn rate_share(&self, thousandths: u32) {
        gauge!("refund_rate_permille", self.with(&[])).set(thousandths);
    }

    pub(crate) fn waited(&self, wait: Duration) {
        counter!("refund_rate_waits_total", self.with(&[])).increment(1);
        histogram!("refund_rate_wait_seconds", self.with(&[])).record(wait);
    }
}
