//! The cases that are timed: payments, earlier refunds and amounts in every combination, with verdicts by hand.

use refund_core::{
    AccountId, Money, Opaque, Payment, PaymentId, PaymentRef, PaymentState, Prior, ProviderId, RefundAmount,
    RefundCommand,
};

/// One refund to check.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) command: RefundCommand,
    pub(crate) payment: Payment,
    pub(crate) prior: Prior,
    pub(crate) expected: Verdict,
}

impl Case {
    pub(crate) fn is_accepted(&self) -> bool {
        self.expected.is_accepted()
    }
}

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Accepted, for so many kopecks.
    Accepted(i64),
    /// Refused, because of the payment's state, of the amount, or of both.
    Refused { state: bool, amount: bool },
}

impl Verdict {
    pub(crate) fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

const REFUSED_AMOUNT: Verdict = Verdict::Refused { state: false, amount: true };

/// Amount asked (`None` is full), captured, shown as refunded by the gateway, done and open in the journal, and the
/// verdict for a captured payment; all in kopecks.
type Row = (Option<i64>, i64, Option<i64>, i64, i64, Verdict);

const TABLE: &[Row] = &[
    (None, 150_000, None, 0, 0, Verdict::Accepted(150_000)),
    (None, 150_000, Some(0), 0, 0, Verdict::Accepted(150_000)),
    (Some(150_000), 150_000, Some(0), 0, 0, Verdict::Accepted(150_000)),
    (Some(49_990), 150_000, None, 0, 0, Verdict::Accepted(49_990)),
    (Some(1), 150_000, Some(0), 0, 0, Verdict::Accepted(1)),
    (None, 150_000, Some(49_990), 49_990, 0, Verdict::Accepted(100_010)),
    (Some(50_000), 150_000, Some(50_000), 50_000, 0, Verdict::Accepted(50_000)),
    (Some(50_000), 150_000, Some(100_000), 50_000, 0, Verdict::Accepted(50_000)),
    (Some(50_000), 150_000, Some(0), 50_000, 50_000, Verdict::Accepted(50_000)),
    (None, 150_000, None, 0, 149_999, Verdict::Accepted(1)),
    (Some(50_001), 150_000, Some(0), 50_000, 50_000, REFUSED_AMOUNT),
    (Some(150_001), 150_000, None, 0, 0, REFUSED_AMOUNT),
    (None, 150_000, Some(150_000), 150_000, 0, REFUSED_AMOUNT),
    (Some(0), 150_000, None, 0, 0, REFUSED_AMOUNT),
];

/// The table 64 times over, and 64 of its rows once more with the money held instead of captured.
pub(crate) fn all() -> Vec<Case> {
    let rows = TABLE.iter().cycle().take(TABLE.len() * 64);
    let held = TABLE.iter().cycle().step_by(5).take(64);
    let captured = rows.map(|row| case(row, PaymentState::Captured));
    captured.chain(held.map(|row| case(row, PaymentState::Held))).collect()
}

fn case(&(asked, captured, shown, done, open, verdict): &Row, state: PaymentState) -> Case {
    let expected = match (&state, verdict) {
        (PaymentState::Captured, verdict) => verdict,
        (_, verdict) => Verdict::Refused { state: true, amount: !verdict.is_accepted() },
    };
    let data = Opaque::new("acme/payment@1", Vec::new()).expect("empty data is within the limit");
    let mut payment = Payment::new(Money::rub(captured), state, data);
    payment.refunded = shown.map(Money::rub);
    let amount = asked.map_or(RefundAmount::Full, |minor| RefundAmount::Exactly(Money::rub(minor)));
    let prior = Prior::of(Money::rub(done), Money::rub(open));
    Case { command: RefundCommand::new(reference(), amount), payment, prior, expected }
}

fn reference() -> PaymentRef {
    PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("letters are allowed"),
        payment: PaymentId::parse("1001").expect("digits are allowed"),
    }
}
