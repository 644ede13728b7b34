//! Whether a line is surely right: every rule of single lines in one pass, without finding out what is wrong.
//!
//! Nearly every line of nearly every refund is right. A line that passes here breaks no rule; one that does not pass may
//! be right all the same, and the rules say. So nothing here decides a refusal, and no rule is defined here.

use super::{
    CoreRule,
    taken::{Taken, shown},
    texts::{Fits, Key, Rising},
};
use crate::{AsLine, CartPolicy, Currency, Line, LineNumbers, Measure, Money, cart::extend, format::Format};

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
    /// `position` is the key of the line's position, by which the order's line was found; `taken` is what earlier refunds
    /// took of that line, where the journal knows of some; the codes of lines that are right pass by `codes`.
    #[inline(always)]
    pub(super) fn right<'a, L: AsLine>(
        &self,
        asked: &L,
        position: Key,
        sold: &'a Line,
        taken: Option<Taken>,
        codes: &mut Rising<'a>,
    ) -> Option<i64> {
        let right = self.position.in_format(asked.position(), position)
            && asked.name().is_none_or(|name| self.name.same(name, &sold.name))
            && (asked.measure().is_none() || self.measure_right(asked.measure(), sold.measure.as_ref()));
        if !right {
            return None;
        }
        let minor = self.numbers_right(asked, sold, taken)?;
        self.code_right(asked.code(), sold.code.as_deref(), codes).then_some(minor)
    }

    #[inline(never)]
    fn code_right<'a>(&self, asked: Option<&str>, sold: Option<&'a str>, codes: &mut Rising<'a>) -> bool {
        let Some(sold) = sold else { return asked.is_none() };
        let key = Key::of(sold);
        let right = asked.is_none_or(|asked| self.code.same_short((asked, Key::of(asked)), (sold, key)));
        if right {
            codes.see(sold, key);
        }
        right
    }

    #[inline(never)]
    fn measure_right(&self, asked: Option<&str>, sold: Option<&Measure>) -> bool {
        asked.is_none_or(|measure| {
            sold.is_none_or(|sold| sold.0 == measure) && self.measure.check(measure).is_ok()
        })
    }

    /// The usual line first: price and amount are written, and nothing speaks of a currency or of earlier refunds.
    #[inline(never)]
    fn numbers_right<L: AsLine>(&self, asked: &L, sold: &Line, taken: Option<Taken>) -> Option<i64> {
        let asked = asked.numbers()?;
        let ours = Some(self.currency);
        let usual = asked.price.map(Money::currency) == ours
            && asked.amount.map(Money::currency) == ours
            && sold.amount.map(Money::currency) == ours
            && asked.currency.is_none()
            && sold.refunded.quantity.is_none()
            && sold.refunded.amount.is_none()
            && taken.is_none()
            && self.ours(sold.price);
        let (true, Some(price), Some(amount), Some(paid)) = (usual, asked.price, asked.amount, sold.amount)
        else {
            return self.numbers_otherwise(&asked, sold, taken.unwrap_or_else(|| shown(sold)));
        };
        let (quantity, minor) = (asked.quantity.thousandths(), amount.minor());
        let fits = quantity > 0
            && quantity <= self.quantity_max
            && quantity <= sold.quantity.thousandths()
            && price.minor() > 0
            && price.minor() <= self.price_max
            && minor > 0
            && minor <= self.amount_max
            && minor <= paid.minor()
            && self.agrees(price.minor(), quantity, minor);
        fits.then_some(minor)
    }

    #[inline(never)]
    fn numbers_otherwise(&self, asked: &LineNumbers, sold: &Line, taken: Taken) -> Option<i64> {
        let quantity = asked.quantity.thousandths();
        let left = sold.quantity.thousandths().saturating_sub(taken.quantity);
        let right = quantity > 0
            && quantity <= self.quantity_max
            && quantity <= left
            && self.ours(sold.price)
            && self.ours(sold.amount)
            && self.ours(sold.refunded.amount)
            && asked.currency.is_none_or(|currency| currency == self.currency);
        let minor = self.money(asked, sold, quantity)?;
        let paid = sold.total().map_or(i64::MAX, Money::minor);
        let fits = minor > 0 && minor <= self.amount_max && minor <= paid.saturating_sub(taken.amount);
        (right && fits).then_some(minor)
    }

    /// What the line comes to, if its price and amount are in order and agree.
    fn money(&self, asked: &LineNumbers, sold: &Line, quantity: i64) -> Option<i64> {
        let Some(price) = asked.price else {
            return match asked.amount {
                Some(amount) => self.ours(Some(amount)).then_some(amount.minor()),
                None => extend(sold.price?, asked.quantity).map(Money::minor),
            };
        };
        if price.minor() <= 0 || price.minor() > self.price_max || !self.ours(Some(price)) {
            return None;
        }
        let Some(amount) = asked.amount else { return extend(price, asked.quantity).map(Money::minor) };
        let minor = amount.minor();
        let agrees = minor > 0 && minor <= self.amount_max && self.agrees(price.minor(), quantity, minor);
        (agrees && self.ours(Some(amount))).then_some(minor)
    }

    /// Whether an amount is price × quantity, rounded half up: the exact product lies within half a kopeck, so nothing is
    /// divided. For amounts a thousand times of which is counted.
    #[inline(always)]
    fn agrees(&self, price: i64, quantity: i64, minor: i64) -> bool {
        let Some(product) = price.checked_mul(quantity) else { return false };
        let off = product.wrapping_sub(minor.wrapping_mul(1_000)).wrapping_add(500);
        (0..1_000).contains(&off) || self.product == Product::Any
    }

    #[inline(always)]
    fn ours(&self, money: Option<Money>) -> bool {
        money.is_none_or(|money| money.currency() == self.currency)
    }
}
