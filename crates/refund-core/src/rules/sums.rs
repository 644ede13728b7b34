//! What gateway and journal leave of a payment, put together on the strict side; or why nobody can tell.
//!
//! It must not know what is asked, nor any rule.

use super::Value;
use crate::{Currency, Money, Payment, Prior};

/// What earlier refunds took of a payment and what they left, in the payment's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    /// What was given back or is reserved; never below zero.
    pub(crate) used: Money,
    /// What is left; below zero where more went back than was captured.
    pub(crate) remaining: Money,
}

/// Why the sums of a payment say nothing about what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// A sum is in another currency than the payment.
    Currency { whose: &'static str, given: Currency },
    /// Earlier refunds took less than nothing. Somebody counts with another sign, or is wrong; either way, to go by it
    /// would give back more than was paid.
    BelowZero { whose: &'static str, given: Value },
    /// A sum does not fit 64 bits of minor units.
    Beyond,
}

impl Sums {
    /// Our open refunds, and the larger of what we saw done and what the gateway shows. The gateway may already count an
    /// open refund of ours; counting it twice refuses too much for a while, never too little.
    pub(crate) fn of(payment: &Payment, prior: &Prior) -> Result<Self, Unclear> {
        let currency = payment.captured.currency();
        let told =
            [("gateway", payment.refunded), ("journal", Some(prior.done)), ("journal", Some(prior.open))];
        for (whose, sum) in told {
            sum.map_or(Ok(()), |sum| sound(whose, sum, currency))?;
        }
        for line in &prior.lines {
            sound("journal", line.amount, currency)?;
            if line.quantity.thousandths() < 0 {
                return Err(Unclear::BelowZero { whose: "journal", given: line.quantity.into() });
            }
        }
        let done = payment.refunded.map_or(0, Money::minor).max(prior.done.minor());
        let used = Money::new(done, currency).checked_add(prior.open);
        let used = used.map_err(|_| Unclear::Beyond)?;
        let remaining = payment.captured.checked_sub(used).map_err(|_| Unclear::Beyond)?;
        Ok(Self { used, remaining })
    }

    /// What is gone by where nobody can tell: nothing is left.
    pub(super) fn strictest(payment: &Payment) -> Self {
        Self { used: payment.captured, remaining: Money::zero(payment.captured.currency()) }
    }
}

fn sound(whose: &'static str, sum: Money, currency: Currency) -> Result<(), Unclear> {
    if sum.currency() != currency {
        return Err(Unclear::Currency { whose, given: sum.currency() });
    }
    if sum.minor() < 0 {
        return Err(Unclear::BelowZero { whose, given: sum.into() });
    }
    Ok(())
}
