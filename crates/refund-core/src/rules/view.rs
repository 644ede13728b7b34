//! What the rules look at, computed once: the command, the payment, what earlier refunds took, and what is left.
//!
//! Read-only. It must not decide anything.

use super::{
    CoreRule,
    alike::Folded,
    custom::Findings,
    lines::{JoinedLine, Joiner},
    sums::{Sums, Unclear},
    taken::TakenIndex,
    violation::Violation,
    within_remaining,
};
use crate::{
    CartPolicy, CheckedLine, CheckedRefund, Currency, Line, Money, Payment, Prior, RefundAmount,
    RefundCommand, RefundLine, outcome::sanitize, refund::Extent,
};
use std::cell::OnceCell;

/// The facts of one refund, for rules.
///
/// Sums are in the payment's currency. What gateway and journal say is put together on the strict side: the larger of
/// what the gateway shows and what the journal saw done, and everything the journal reserved or cannot tell on top.
#[derive(Debug)]
pub struct View<'a> {
    pub(super) command: &'a RefundCommand,
    pub(super) payment: &'a Payment,
    pub(super) prior: &'a Prior,
    pub(super) policy: &'a CartPolicy,
    sums: Sums,
    /// Whether what is asked can be compared with what is left.
    pub(super) comparable: Comparable,
    /// Both are built when a rule first asks.
    taken: OnceCell<TakenIndex<'a>>,
    folded: OnceCell<Folded<'a>>,
}

/// Whether sums can be put together. Where they cannot, that is an error by itself, and rules that go by them are silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparable {
    Yes,
    No,
}

impl<'a> View<'a> {
    /// Where two currencies meet or a sum cannot be counted, that is found here, and the rest can still be looked at.
    pub(super) fn gather(
        command: &'a RefundCommand,
        payment: &'a Payment,
        prior: &'a Prior,
        policy: &'a CartPolicy,
        found: &mut Findings,
    ) -> Self {
        let (sums, unclear) = match Sums::of(payment, prior) {
            Ok(sums) => (sums, asked_otherwise(command, payment)),
            Err(unclear) => (Sums::strictest(payment), asked_otherwise(command, payment).or(Some(unclear))),
        };
        let comparable = if unclear.is_none() { Comparable::Yes } else { Comparable::No };
        if let Some(unclear) = unclear {
            found.push(within_remaining::unclear(payment, unclear));
        }
        let (taken, folded) = (OnceCell::new(), OnceCell::new());
        Self { command, payment, prior, policy, sums, comparable, taken, folded }
    }

    /// What somebody asks for.
    pub fn command(&self) -> &'a RefundCommand {
        self.command
    }

    /// The payment as its gateway knows it.
    pub fn payment(&self) -> &'a Payment {
        self.payment
    }

    /// What the journal knows of earlier refunds.
    pub fn prior(&self) -> &'a Prior {
        self.prior
    }

    /// The policy that is being applied.
    pub fn policy(&self) -> &'a CartPolicy {
        self.policy
    }

    /// Exactly how much is asked: the sum, or what is left where everything is asked for.
    pub fn asked(&self) -> Money {
        match self.command.amount {
            RefundAmount::Full => self.sums.remaining,
            RefundAmount::Exactly(amount) => amount,
        }
    }

    /// How much money is left of the payment; negative where more went back than was captured.
    pub fn remaining(&self) -> Money {
        self.sums.remaining
    }

    /// How much money earlier refunds gave back or reserved.
    pub fn used(&self) -> Money {
        self.sums.used
    }

    /// Whether what is asked is all there is.
    pub fn extent(&self) -> Extent {
        match (self.asked() == self.remaining(), self.used().is_zero()) {
            (true, true) => Extent::Untouched,
            (true, false) => Extent::Remainder,
            (false, _) => Extent::Part,
        }
    }

    /// How many of the points the order was paid with are left, in minor units of the payment's currency: the larger of
    /// what the gateway and the journal say went back counts. `None` for an order without points.
    pub fn points_left(&self) -> Option<Money> {
        let paid = self.payment.points.filter(|points| points.is_positive())?;
        let minor = |points: Option<Money>| points.map_or(0, Money::minor);
        let back = minor(self.payment.points_refunded).max(minor(self.prior.points)).max(0);
        Some(Money::new(paid.minor().saturating_sub(back).max(0), paid.currency()))
    }

    /// The payment's currency.
    pub fn currency(&self) -> Currency {
        self.payment.captured.currency()
    }

    /// The order's lines: the gateway's where it has them, else the shop's. `None` where nobody knows them.
    pub fn order(&self) -> Option<&'a [Line]> {
        let cart = self.payment.cart.as_ref().or(self.command.order.as_ref());
        cart.map(|cart| cart.lines.as_slice())
    }

    /// The refund's lines, each joined with the order's line and what earlier refunds took of it; none without a cart.
    pub fn lines(&self) -> impl Iterator<Item = JoinedLine<'a>> + use<'_, 'a> {
        Joiner::new(self)
    }

    /// The refund's lines as they were asked.
    pub(super) fn wished(&self) -> Option<&'a [RefundLine]> {
        self.command.lines.as_deref()
    }

    pub(super) fn binds(&self, rule: CoreRule) -> bool {
        self.policy.rules.binds(rule)
    }

    pub(super) fn taken(&self) -> &TakenIndex<'a> {
        self.taken.get_or_init(|| TakenIndex::new(&self.prior.lines))
    }

    pub(super) fn folded(&self) -> &Folded<'a> {
        self.folded.get_or_init(|| Folded::new(self.order().unwrap_or_default()))
    }

    /// The keys of the refunds that took some of the line: sorted, each once.
    pub(super) fn takers(&self, position: &str) -> Vec<String> {
        self.taken().takers(position).into_iter().map(|key| sanitize(key, 128)).collect()
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// The refund, joined with the order's lines. Called only when every rule has accepted it.
    pub(super) fn accepted(&self, warnings: Vec<Violation>) -> CheckedRefund {
        let checked = |line: JoinedLine<'_>| {
            let (sold, amount) = (line.sold.cloned(), line.amount());
            CheckedLine {
                sold: sold.expect("cart-line-in-order always holds"),
                quantity: line.asked.quantity,
                amount: amount.expect("cart-countable always holds"),
            }
        };
        CheckedRefund {
            command: self.command.clone(),
            amount: self.asked(),
            extent: self.extent(),
            lines: self.wished().map(|_| self.lines().map(checked).collect()),
            warnings,
        }
    }
}

/// The asked sum is in another currency than the payment.
fn asked_otherwise(command: &RefundCommand, payment: &Payment) -> Option<Unclear> {
    let RefundAmount::Exactly(asked) = command.amount else { return None };
    let given = asked.currency();
    (given != payment.captured.currency()).then_some(Unclear::Currency { whose: "asked", given })
}
