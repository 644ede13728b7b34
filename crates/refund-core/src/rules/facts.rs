//! What the rules look at, computed once: sums, the order's lines, what earlier refunds took of them.

use crate::{
    CartNeed, CartPolicy, CheckedLine, CheckedRefund, Currency, Line, Money, MoneyError, Payment, Prior,
    Quantity, RefundAmount, RefundCommand, RefundLine, refund::Extent,
};

pub(super) struct Facts<'a> {
    pub(super) command: &'a RefundCommand,
    pub(super) payment: &'a Payment,
    pub(super) prior: &'a Prior,
    pub(super) policy: &'a CartPolicy,
    /// What gateway and journal leave, whichever is stricter; may be negative.
    pub(super) remaining: Money,
    pub(super) used: Money,
}

/// What earlier refunds took of one line.
#[derive(Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) quantity: i64,
    pub(super) amount: i64,
}

impl<'a> Facts<'a> {
    /// Fails when two currencies meet.
    pub(super) fn gather(
        command: &'a RefundCommand,
        payment: &'a Payment,
        prior: &'a Prior,
        policy: &'a CartPolicy,
    ) -> Result<Self, MoneyError> {
        let used = used(payment, prior)?;
        let remaining = payment.captured.checked_sub(used)?;
        let facts = Self { command, payment, prior, policy, remaining, used };
        facts.asked().checked_cmp(remaining)?;
        Ok(facts)
    }

    /// Exactly how much is asked.
    pub(super) fn asked(&self) -> Money {
        match self.command.amount {
            RefundAmount::Full => self.remaining,
            RefundAmount::Exactly(amount) => amount,
        }
    }

    pub(super) fn extent(&self) -> Extent {
        match (self.asked() == self.remaining, self.used.is_zero()) {
            (true, true) => Extent::Untouched,
            (true, false) => Extent::Remainder,
            (false, _) => Extent::Part,
        }
    }

    pub(super) fn currency(&self) -> Currency {
        self.payment.captured.currency()
    }

    /// The refund's lines, if it has a cart.
    pub(super) fn lines(&self) -> Option<&'a [RefundLine]> {
        self.command.lines.as_deref()
    }

    /// The order's lines: the gateway's where it has them, else the shop's.
    pub(super) fn sold(&self) -> Option<&'a [Line]> {
        let cart = self.payment.cart.as_ref().or(self.command.order.as_ref());
        cart.map(|cart| cart.lines.as_slice())
    }

    /// True when this gateway was told a cart at registration and insists on it.
    pub(super) fn binds_cart(&self) -> bool {
        self.policy.needed == CartNeed::OrdersWithCart
    }

    /// What earlier refunds took of the line at this position.
    pub(super) fn taken(&self, position: &str) -> Taken {
        let earlier = self.prior.lines.iter().filter(|line| line.position == position);
        earlier.fold(Taken::default(), |sum, line| Taken {
            quantity: sum.quantity.saturating_add(line.quantity.thousandths()),
            amount: sum.amount.saturating_add(line.amount.minor()),
        })
    }

    /// The keys of the refunds that took some of the line, for people.
    pub(super) fn takers(&self, position: &str) -> String {
        let mut keys: Vec<_> = self
            .prior
            .lines
            .iter()
            .filter(|line| line.position == position)
            .map(|line| line.by.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() { "-".to_owned() } else { keys.join(", ") }
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency())
    }

    /// The refund, joined with the order's lines. Called only when every rule has accepted it.
    pub(super) fn accepted(&self) -> CheckedRefund {
        let joined = |line: &RefundLine| {
            let sold = self.sold()?.iter().find(|sold| sold.position == line.position)?;
            let amount = line.total(Some(sold))?;
            Some(CheckedLine { sold: sold.clone(), quantity: line.quantity, amount })
        };
        CheckedRefund {
            command: self.command.clone(),
            amount: self.asked(),
            extent: self.extent(),
            lines: self.lines().map(|lines| lines.iter().filter_map(joined).collect()),
        }
    }
}

/// What is used up: our open refunds, and the larger of what we saw done and what the gateway shows. The gateway may
/// already count an open refund of ours; counting it twice refuses too much for a while, never too little.
fn used(payment: &Payment, prior: &Prior) -> Result<Money, MoneyError> {
    let shown = payment.refunded.unwrap_or(prior.done);
    let done = if shown.checked_cmp(prior.done)?.is_ge() { shown } else { prior.done };
    done.checked_add(prior.open)
}

/// A quantity for people.
pub(super) fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths)
}
