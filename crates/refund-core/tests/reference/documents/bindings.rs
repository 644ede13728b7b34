//! Which rules bind in a case, kept by the tests themselves beside what the crate under test is told.

use std::collections::BTreeMap;

/// How a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Binding {
    Warns,
    Refuses,
}

/// Every rule that can be broken, in precedence order.
pub(crate) const RULES: &[&str] = &[
    "payment-captured",
    "within-remaining",
    "cart-required",
    "cart-continues",
    "raw-continues",
    "loyalty-in-roubles",
    "penalty-not-with-loyalty",
    "cart-formats",
    "cart-line-positive",
    "cart-countable",
    "cart-positions-unique",
    "order-positions-unique",
    "cart-codes-unique",
    "cart-one-currency",
    "cart-line-in-order",
    "cart-measure-in-order",
    "cart-quantity-remaining",
    "cart-amount-remaining",
    "cart-price-times-quantity",
    "cart-within-confirmed",
    "items-total-the-sum",
    "order-totals-the-payment",
];

/// Those a gateway's policy may leave out or soften. The others say what an accepted refund is: so much money that was
/// taken and is still there, for lines of the order that can be named, counted and added up.
pub(crate) const OPTIONAL: &[&str] = &[
    "cart-required",
    "cart-continues",
    "raw-continues",
    "loyalty-in-roubles",
    "penalty-not-with-loyalty",
    "cart-formats",
    "cart-codes-unique",
    "cart-measure-in-order",
    "cart-quantity-remaining",
    "cart-amount-remaining",
    "cart-price-times-quantity",
    "cart-within-confirmed",
    "items-total-the-sum",
    "order-totals-the-payment",
];

/// The rules that bind; all others do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bindings(pub(crate) BTreeMap<&'static str, Binding>);

impl Bindings {
    pub(crate) fn of(&self, rule: &str) -> Option<Binding> {
        self.0.get(rule).copied()
    }

    /// What a gateway with Sber's rules binds: all of them, codes that stand twice and an order that does not total the
    /// payment as warnings (the OLD dialect's document does not ask for the one; the other holds when a payment is made).
    pub(crate) fn sber() -> Self {
        let mut all: BTreeMap<_, _> = RULES.iter().map(|rule| (*rule, Binding::Refuses)).collect();
        all.insert("cart-codes-unique", Binding::Warns);
        all.insert("order-totals-the-payment", Binding::Warns);
        Self(all)
    }

    /// What a gateway binds where a cart only makes a receipt: no rule about when a cart is needed, none about loyalty.
    pub(crate) fn receipt_only() -> Self {
        let mut rules = Self::sber();
        for rule in [
            "cart-required",
            "cart-continues",
            "raw-continues",
            "loyalty-in-roubles",
            "penalty-not-with-loyalty",
        ] {
            rules.0.remove(rule);
        }
        rules
    }
}
