//! Whether a line is surely right: every rule of single lines in one pass, without finding out what is wrong.
//!
//! Nearly every line of nearly every refund is right. A line that passes here breaks no rule; one that does not pass may
//! be right all the same, and the rules say. So nothing here decides a refusal, and no rule is defined here.

use super::{
    CoreRule,
    taken::Taken,
    texts::{Fits, Key},
};
use crate::{CartPolicy, Currency, Line, LineRef, Money, cart::extend, format::Format};

/// What lines are compared with, made ready for many of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    currency: Currency,
    position: Fits,
    name: Fits,
    code: Fits,
    measure: Format,
    quantity_max: i64,
    price_max: i64,
    amount_max: i64,
    product: Product,
}

/// Whether amount and price × quantity must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Product {
    Agrees,
    Any,
}

/// The largest amount a thousand times of which is counted in 64 bits.
const COUNTABLE: i64 = i64::MAX / 1_000;

impl Screen {
    pub(super) fn new(policy: &CartPolicy, currency: Currency) -> Self {
        let agrees = policy.rules.binds(CoreRule::CartPriceTimesQuantity);
        Self {
            currency,
            position: Fits::new(policy.position),
            name: Fits::new(policy.name),
            code: Fits::new(policy.code),
            measure: policy.measure,
            quantity_max: policy.quantity_max,
            price_max: policy.price_max,
            amount_max: policy.amount_max.min(COUNTABLE),
            product: if agrees { Product::Agrees } else { Product::Any },
        }
    }

    /// The line's money in minor units if nothing is wrong with it; `None` when the rules must look.
    ///
    /// `position` is the key of the line's position, `code` that of the order's code; `taken` is what earlier refunds
    /// took of the order's line.
    #[inline(always)]
    pub(super) fn right(
        &self,
        asked: &LineRef<'_>,
        position: Key,
        sold: &Line,
        code: Key,
        taken: Taken,
    ) -> Option<i64> {
        // The order's position is what the line was found by, so one key stands for both.
        let texts = self.position.same_short((asked.position, position), (asked.position, position))
            && asked.name.is_none_or(|name| self.name.same(name, &sold.name))
            && self.code_right(asked.code, sold.code.as_deref(), code)
            && (asked.measure.is_none() || self.measure_right(asked, sold));
        let quantity = asked.quantity.thousandths();
        let sold_quantity = sold.quantity.thousandths();
        let numbers = (quantity > 0)
            & (quantity <= self.quantity_max)
            & (quantity <= sold_quantity.saturating_sub(taken.quantity))
            & self.ours(sold.price)
            & self.ours(sold.amount)
            & self.ours(sold.refunded.amount)
            & asked.currency.is_none_or(|currency| currency == self.currency);
        if !(texts & numbers) {
            return None;
        }
        let minor = self.money(asked, sold, quantity)?;
        let paid = match sold.amount {
            Some(amount) => amount.minor(),
            None => sold.total().map_or(i64::MAX, Money::minor),
        };
        let fits = (minor > 0) & (minor <= self.amount_max) & (minor <= paid.saturating_sub(taken.amount));
        fits.then_some(minor)
    }

    #[inline(always)]
    fn code_right(&self, asked: Option<&str>, sold: Option<&str>, sold_key: Key) -> bool {
        match (asked, sold) {
            (None, _) => true,
            (Some(asked), Some(sold)) => self.code.same_short((asked, Key::of(asked)), (sold, sold_key)),
            (Some(_), None) => false,
        }
    }

    #[inline(never)]
    fn measure_right(&self, asked: &LineRef<'_>, sold: &Line) -> bool {
        asked.measure.is_none_or(|measure| {
            sold.measure.as_ref().is_none_or(|sold| sold.0 == measure) && self.measure.check(measure).is_ok()
        })
    }

    /// What the line comes to, if its price and amount are in order and agree.
    #[inline(always)]
    fn money(&self, asked: &LineRef<'_>, sold: &Line, quantity: i64) -> Option<i64> {
        let Some(price) = asked.price else {
            return match asked.amount {
                Some(amount) => self.ours(Some(amount)).then_some(amount.minor()),
                None => extend(sold.price?, asked.quantity).map(Money::minor),
            };
        };
        if !((price.minor() > 0) & (price.minor() <= self.price_max) & self.ours(Some(price))) {
            return None;
        }
        let Some(amount) = asked.amount else { return extend(price, asked.quantity).map(Money::minor) };
        let minor = amount.minor();
        // Rounded half up: the exact product lies within half a kopeck, so nothing is divided. Above zero and below what
        // a thousand times of is counted: the caller sees to that, whatever comes out here.
        let product = price.minor().checked_mul(quantity)?;
        let off = product.wrapping_sub(minor.wrapping_mul(1_000)).wrapping_add(500);
        let agrees = (0..1_000).contains(&off) | (self.product == Product::Any);
        (agrees & self.ours(Some(amount))).then_some(minor)
    }

    #[inline(always)]
    fn ours(&self, money: Option<Money>) -> bool {
        money.is_none_or(|money| money.currency() == self.currency)
    }
}
