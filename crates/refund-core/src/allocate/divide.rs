//! One line divided: so much money needs a quantity, so much quantity needs money, and what stays behind must still be
//! refundable.
//!
//! It must not know how much of a wish falls to the line.

use super::{
    Splitting,
    left::Left,
    price::{low_price, nearest, one_price, positions},
    refusal as why,
    refusal::Unallocatable,
    share::half_up,
};
use crate::{Currency, Line, Money, Quantity, RefundLine, cart::extend};

/// How far from its proportional quantity a share of money may be put to have an exact price, in thousandths.
const QUANTITY_SHIFT_MAX: i64 = 4_096;
/// How far it may be put to leave an exact price behind, too: beyond that its own price would stray from the sale's.
const LEAVING_SHIFT_MAX: i64 = 128;
/// How many kopecks a part's money may be moved so that both the part and what stays behind can be written.
const MONEY_SHIFT_MAX: i64 = 16;
/// How many prices below the first are tried for one that leaves an exact price behind, too.
const PRICE_STEPS: i64 = 8;

/// So much of a line, found good.
pub(super) struct Part<'a> {
    pub(super) sold: &'a Line,
    pub(super) index: usize,
    pub(super) told: Option<Money>,
    /// In thousandths.
    pub(super) quantity: i64,
    /// In minor units.
    pub(super) money: i64,
}

impl Part<'_> {
    pub(super) fn into_line(self, currency: Currency) -> RefundLine {
        let (quantity, amount) =
            (Quantity::from_thousandths(self.quantity), Money::new(self.money, currency));
        let mut line = RefundLine::new(self.sold.position.clone(), quantity);
        line.price = one_price(self.told, quantity, amount);
        line.amount = Some(amount);
        line
    }
}

impl<'a> Left<'a> {
    /// Everything that is left of the line. Where no second position is allowed it may go by its amount alone: money must
    /// not be kept because it does not divide.
    pub(super) fn whole(&self, splitting: Splitting) -> Result<Part<'a>, Unallocatable> {
        let written = splitting == Splitting::Never || self.fits(self.quantity, self.money, splitting);
        if written {
            Ok(self.part(self.quantity, self.money))
        } else {
            Err(self.not_exact(self.quantity, self.money))
        }
    }

    /// A share of the line's money, with the quantity that goes with it: in proportion, or the nearest that has an exact
    /// price and leaves one behind.
    pub(super) fn for_money(&self, money: i64, splitting: Splitting) -> Result<Part<'a>, Unallocatable> {
        if money == self.money {
            return self.whole(splitting);
        }
        let ideal = half_up(self.quantity, money, self.money).clamp(1, (self.quantity - 1).max(1));
        let around = |shift_max| nearest(ideal, 1, self.quantity - 1, shift_max);
        let fits = |quantity: &i64| self.fits(*quantity, money, splitting);
        let both = |quantity: &i64| fits(quantity) && self.leaves(*quantity, money, splitting);
        let found = around(LEAVING_SHIFT_MAX).find(both).or_else(|| match splitting {
            Splitting::Never => around(QUANTITY_SHIFT_MAX).find(fits),
            Splitting::Allowed => None,
        });
        found.map(|quantity| self.part(quantity, money)).ok_or_else(|| self.not_exact(ideal, money))
    }

    /// So much of the line, with the money that goes with it: what it costs, or all that is left when it is used up.
    pub(super) fn for_quantity(
        &self,
        quantity: Quantity,
        path: &str,
        splitting: Splitting,
    ) -> Result<Part<'a>, Unallocatable> {
        let asked = self.within(quantity, path)?;
        if asked == self.quantity {
            return self.whole(splitting);
        }
        let costs = self.costs(asked).min(self.money - 1);
        if costs < 1 {
            return Err(why::too_small(quantity, &self.sold.position, path));
        }
        let money = match splitting {
            Splitting::Never => self.reduced(asked, costs),
            Splitting::Allowed => nearest(costs, 1, self.money - 1, MONEY_SHIFT_MAX)
                .find(|money| self.fits(asked, *money, splitting) && self.leaves(asked, *money, splitting)),
        };
        money.map(|money| self.part(asked, money)).ok_or_else(|| self.not_exact(asked, costs))
    }

    /// Exactly this much for exactly this money, as somebody decided.
    pub(super) fn exactly(
        &self,
        quantity: Quantity,
        money: i64,
        splitting: Splitting,
    ) -> Result<Part<'a>, Unallocatable> {
        let asked = self.within(quantity, "allocate.quantity")?;
        let amount = Money::new(money, self.currency());
        if money > self.money {
            let left = Money::new(self.money, self.currency());
            return Err(why::line_over_left(amount, left, &self.sold.position));
        }
        if (asked == self.quantity) != (money == self.money) {
            let left = (Quantity::from_thousandths(self.quantity), Money::new(self.money, self.currency()));
            return Err(why::concession_leaves(quantity, amount, left, &self.sold.position));
        }
        if money == self.money {
            return self.whole(splitting);
        }
        let left_behind = splitting == Splitting::Never || self.leaves(asked, money, splitting);
        if self.fits(asked, money, splitting) && left_behind {
            return Ok(self.part(asked, money));
        }
        Err(self.not_exact(asked, money))
    }

    /// The money, or less at a lower price, so that price × quantity makes it; preferably leaving an exact price behind.
    fn reduced(&self, quantity: i64, money: i64) -> Option<i64> {
        if self.fits(quantity, money, Splitting::Never) {
            return Some(money);
        }
        let thousandths = Quantity::from_thousandths(quantity);
        let first = low_price(thousandths, Money::new(money, self.currency()))?.minor();
        let made = |price: i64| extend(Money::new(price, self.currency()), thousandths).map(Money::minor);
        let mut prices =
            (0..PRICE_STEPS).map(|step| first - step).filter(|price| *price > 0).filter_map(made);
        let prices = prices.by_ref().filter(|made| (1..self.money).contains(made)).collect::<Vec<_>>();
        let leaving = prices.iter().find(|made| self.leaves(quantity, **made, Splitting::Never));
        leaving.or(prices.first()).copied()
    }

    /// Whether so much for that money can be written. A line whose sale told no price goes by its amount, as the sale did,
    /// where positions are the order's own (an amount without a price is enough: BPC, CONFIRMED).
    fn fits(&self, quantity: i64, money: i64, splitting: Splitting) -> bool {
        let (quantity, amount) = (Quantity::from_thousandths(quantity), Money::new(money, self.currency()));
        match splitting {
            Splitting::Never if self.sold.price.is_none() => true,
            Splitting::Never => one_price(self.told(), quantity, amount).is_some(),
            Splitting::Allowed => positions(self.told(), quantity, amount).is_some(),
        }
    }

    /// Whether what stays behind can be written when it comes back whole.
    fn leaves(&self, quantity: i64, money: i64, splitting: Splitting) -> bool {
        self.fits(self.quantity - quantity, self.money - money, splitting)
    }

    fn within(&self, quantity: Quantity, path: &str) -> Result<i64, Unallocatable> {
        let asked = quantity.thousandths();
        let left = Quantity::from_thousandths(self.quantity);
        if asked <= 0 || asked > self.quantity {
            return Err(why::quantity_over(quantity, left, &self.sold.position, path));
        }
        if self.money == 0 {
            return Err(why::worth_nothing(&self.sold.position, path));
        }
        Ok(asked)
    }

    fn not_exact(&self, quantity: i64, money: i64) -> Unallocatable {
        let (quantity, amount) = (Quantity::from_thousandths(quantity), Money::new(money, self.currency()));
        why::not_exact(quantity, amount, &self.sold.position)
    }
}
