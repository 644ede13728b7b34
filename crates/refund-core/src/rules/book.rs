//! The rule book: every rule of this crate, in precedence order, and the ids that are never used again.

use super::{
    cart_amount_remaining, cart_codes_unique, cart_continues, cart_countable, cart_formats,
    cart_line_in_order, cart_line_positive, cart_measure_in_order, cart_one_currency,
    cart_optional_when_full, cart_positions_unique, cart_price_times_quantity, cart_quantity_remaining,
    cart_required, cart_within_confirmed,
    def::{RuleDef, RuleId, Severity},
    items_total_the_sum, loyalty_in_roubles, order_positions_unique, order_totals_the_payment,
    payment_captured, penalty_not_with_loyalty, raw_continues, within_remaining,
};
use crate::allocate;

/// Whether a policy may leave a rule out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It always holds and always refuses: what a [`crate::CheckedRefund`] promises rests on it.
    Always,
    /// It holds where a policy binds it.
    WhereBound,
}

macro_rules! book {
    ($($(#[doc = $doc:literal])+ $name:ident, $module:ident, $hold:ident, $severity:ident;)+) => {
        /// A rule of this crate, to name it in policies. Their order is the precedence order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum CoreRule { $($(#[doc = $doc])+ $name),+ }

        /// Every rule of this crate, in precedence order.
        pub const ALL: &[&RuleDef] = &[$(&$module::RULE),+];

        impl CoreRule {
            /// Every rule of this crate, in precedence order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Whether a policy may leave it out.
            pub const fn hold(self) -> Hold {
                match self { $(Self::$name => Hold::$hold),+ }
            }

            pub(super) const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }
        }
    };
}

book! {
    /// `payment-captured`
    PaymentCaptured, payment_captured, Always, Error;
    /// `within-remaining`
    WithinRemaining, within_remaining, Always, Error;
    /// `cart-optional-when-full`: permits, never refuses
    CartOptionalWhenFull, cart_optional_when_full, WhereBound, Error;
    /// `cart-required`
    CartRequired, cart_required, WhereBound, Error;
    /// `cart-continues`
    CartContinues, cart_continues, WhereBound, Error;
    /// `raw-continues`
    RawContinues, raw_continues, WhereBound, Error;
    /// `loyalty-in-roubles`
    LoyaltyInRoubles, loyalty_in_roubles, WhereBound, Error;
    /// `penalty-not-with-loyalty`
    PenaltyNotWithLoyalty, penalty_not_with_loyalty, WhereBound, Error;
    /// `cart-formats`
    CartFormats, cart_formats, WhereBound, Error;
    /// `cart-line-positive`
    CartLinePositive, cart_line_positive, Always, Error;
    /// `cart-countable`
    CartCountable, cart_countable, Always, Error;
    /// `cart-positions-unique`
    CartPositionsUnique, cart_positions_unique, Always, Error;
    /// `order-positions-unique`
    OrderPositionsUnique, order_positions_unique, Always, Error;
    /// `cart-codes-unique`
    CartCodesUnique, cart_codes_unique, WhereBound, Error;
    /// `cart-one-currency`
    CartOneCurrency, cart_one_currency, Always, Error;
    /// `cart-line-in-order`
    CartLineInOrder, cart_line_in_order, Always, Error;
    /// `cart-measure-in-order`
    CartMeasureInOrder, cart_measure_in_order, WhereBound, Error;
    /// `cart-quantity-remaining`
    CartQuantityRemaining, cart_quantity_remaining, WhereBound, Error;
    /// `cart-amount-remaining`
    CartAmountRemaining, cart_amount_remaining, WhereBound, Error;
    /// `cart-price-times-quantity`
    CartPriceTimesQuantity, cart_price_times_quantity, WhereBound, Error;
    /// `cart-within-confirmed`
    CartWithinConfirmed, cart_within_confirmed, WhereBound, Error;
    /// `items-total-the-sum`
    ItemsTotalTheSum, items_total_the_sum, WhereBound, Error;
    /// `order-totals-the-payment`
    OrderTotalsThePayment, order_totals_the_payment, WhereBound, Warning;
    /// `cart-allocation`: told before the others, where lines were to be made and cannot be
    CartAllocation, allocate, Always, Error;
}

/// Ids that were rules once. None of them is ever used again, so that an old answer is never explained by a new rule.
pub const RETIRED: &[&str] = &[];

/// The rule of this crate with this id.
pub fn find(id: &str) -> Option<&'static RuleDef> {
    ALL.iter().copied().find(|rule| rule.id.as_str() == id)
}

impl CoreRule {
    /// The rule as data.
    pub fn def(self) -> &'static RuleDef {
        ALL[self as usize]
    }

    pub(super) fn of(id: RuleId) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.def().id == id)
    }

    pub(super) const fn bit(self) -> u64 {
        1 << (self as u32)
    }
}
