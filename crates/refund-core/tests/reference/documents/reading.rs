//! A case in decimals, with what several rules ask of it.

use crate::case::Case;
use refund_core::{Cart, Line, Money, RefundAmount, RefundLine, UsedStage};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::HashMap;

/// What earlier refunds took of one line, by whom it is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    done: (Decimal, Decimal),
    open: (Decimal, Decimal),
}

/// A case, ready for the rules.
pub(crate) struct Reading<'a> {
    pub(crate) case: &'a Case,
    /// What the journal's refunds took of each line.
    used: HashMap<String, Used>,
    /// The order's lines by position; `None` when nobody knows the order's cart.
    pub(crate) order: Option<HashMap<String, Vec<&'a Line>>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(case: &'a Case) -> Self {
        let mut used: HashMap<String, Used> = HashMap::new();
        for earlier in &case.prior.lines {
            let entry = used.entry(earlier.position.clone()).or_default();
            let side = match earlier.stage {
                UsedStage::Done => &mut entry.done,
                UsedStage::Open => &mut entry.open,
            };
            side.0 += units(earlier.quantity.thousandths());
            side.1 += Decimal::from(earlier.amount.minor());
        }
        let order = Self::cart_that_counts(case).map(|cart| {
            let mut lines: HashMap<String, Vec<&Line>> = HashMap::new();
            for line in &cart.lines {
                lines.entry(line.position.clone()).or_default().push(line);
            }
            lines
        });
        Self { case, used, order }
    }

    /// The gateway's own cart comes first where it has one, else the shop's.
    fn cart_that_counts(case: &'a Case) -> Option<&'a Cart> {
        case.payment.cart.as_ref().or(case.command.order.as_ref())
    }

    /// What the payer paid, in minor units.
    pub(crate) fn captured(&self) -> Decimal {
        Decimal::from(self.case.payment.captured.minor())
    }

    /// True when the payment, its refunds and the journal's refunds are told in one currency, so that they can be put
    /// together at all.
    fn comparable(&self) -> bool {
        let currency = self.case.payment.captured.currency();
        let prior = &self.case.prior;
        let told = [Some(prior.done), Some(prior.open), self.case.payment.refunded];
        told.iter().flatten().all(|money| money.currency() == currency)
    }

    /// What earlier refunds took of the payment: the larger of what the gateway shows and what the journal saw done
    /// (they are the same refunds, seen by two), and what is still in flight.
    pub(crate) fn taken(&self) -> Decimal {
        let shown = self.case.payment.refunded.map_or(Decimal::ZERO, |money| Decimal::from(money.minor()));
        let done = Decimal::from(self.case.prior.done.minor());
        shown.max(done) + Decimal::from(self.case.prior.open.minor())
    }

    /// What can still be given back.
    pub(crate) fn remaining(&self) -> Decimal {
        self.captured() - self.taken()
    }

    /// How much is asked; `None` when it cannot be compared with the payment.
    pub(crate) fn asked(&self) -> Option<Decimal> {
        if !self.comparable() || !countable(&self.taken()) || !countable(&self.remaining()) {
            return None;
        }
        match self.case.command.amount {
            RefundAmount::Full => Some(self.remaining()),
            RefundAmount::Exactly(money) if money.currency() == self.case.payment.captured.currency() => {
                Some(Decimal::from(money.minor()))
            }
            RefundAmount::Exactly(_) => None,
        }
    }

    /// True when part of the order was paid with loyalty points.
    pub(crate) fn has_points(&self) -> bool {
        self.case.payment.points.is_some_and(|points| points.minor() > 0)
    }

    /// True for a refund with a cart.
    pub(crate) fn has_cart(&self) -> bool {
        self.case.command.lines.is_some()
    }

    /// The refund's lines; none for a refund without a cart.
    pub(crate) fn asked_lines(&self) -> &'a [RefundLine] {
        self.case.command.lines.as_deref().unwrap_or_default()
    }

    /// The order's line of a position, the first of them.
    pub(crate) fn sold(&self, position: &str) -> Option<&'a Line> {
        self.order.as_ref()?.get(position)?.first().copied()
    }

    /// The refund's lines that are in the order, with the order's lines.
    pub(crate) fn joined(&self) -> Vec<(usize, &'a RefundLine, &'a Line)> {
        let lines = self.asked_lines().iter().enumerate();
        lines.filter_map(|(index, line)| Some((index, line, self.sold(&line.position)?))).collect()
    }

    /// How much of a line is left, not below nothing: what was sold, less the larger of what the gateway counts and what
    /// the journal saw done, less what is in flight.
    pub(crate) fn quantity_left(&self, sold: &Line) -> Decimal {
        let used = self.used.get(&sold.position).copied().unwrap_or_default();
        let shown = sold.refunded.quantity.map_or(Decimal::ZERO, |quantity| units(quantity.thousandths()));
        (units(sold.quantity.thousandths()) - used.done.0.max(shown) - used.open.0).max(Decimal::ZERO)
    }

    /// How much money of a line is left, by the same reckoning; `None` where the order does not tell what was paid.
    pub(crate) fn money_left(&self, sold: &Line) -> Option<Decimal> {
        let used = self.used.get(&sold.position).copied().unwrap_or_default();
        let shown = sold.refunded.amount.map_or(Decimal::ZERO, |amount| Decimal::from(amount.minor()));
        Some((paid(sold)? - used.done.1.max(shown) - used.open.1).max(Decimal::ZERO))
    }

    /// The money of one line of the refund: as written, else its own price × quantity, else the order's price ×
    /// quantity.
    pub(crate) fn line_money(&self, index: usize) -> LineMoney {
        let line = &self.asked_lines()[index];
        let sold = self.sold(&line.position);
        if let Some(amount) = line.amount {
            return LineMoney::Known(Decimal::from(amount.minor()));
        }
        match line.price.or_else(|| sold.and_then(|sold| sold.price)) {
            Some(price) => {
                times(price, line.quantity.thousandths()).map_or(LineMoney::Beyond, LineMoney::Known)
            }
            None if sold.is_some() => LineMoney::Untold,
            None => LineMoney::NoSuchLine,
        }
    }
}

/// What is known of the money of one line of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineMoney {
    /// So many minor units.
    Known(Decimal),
    /// Neither the refund nor the order tells a price or an amount.
    Untold,
    /// The order would have to tell, and it has no such line.
    NoSuchLine,
    /// More than an amount can be.
    Beyond,
}

/// True for what fits an amount of 64 bits; a sum beyond is no sum anybody paid.
pub(crate) fn countable(minor: &Decimal) -> bool {
    i64::try_from(*minor).is_ok()
}

/// What was paid for a line of the order: its amount, else its price × quantity.
pub(crate) fn paid(sold: &Line) -> Option<Decimal> {
    match (sold.amount, sold.price) {
        (Some(amount), _) => Some(Decimal::from(amount.minor())),
        (None, Some(price)) => times(price, sold.quantity.thousandths()),
        (None, None) => None,
    }
}

/// Thousandths as units.
pub(crate) fn units(thousandths: i64) -> Decimal {
    Decimal::new(thousandths, 3)
}

/// Sber wiki, credit register page: the product of price and quantity is rounded to a whole kopeck, half up, for each
/// line before summing (100.255 becomes 100.26). `None` where it does not fit an amount of 64 bits.
pub(crate) fn times(price: Money, thousandths: i64) -> Option<Decimal> {
    let exact = Decimal::from(price.minor()).checked_mul(units(thousandths))?;
    let product =
        (exact + Decimal::new(5, 1)).round_dp_with_strategy(0, RoundingStrategy::ToNegativeInfinity);
    countable(&product).then_some(product)
}
