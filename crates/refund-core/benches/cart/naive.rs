//! The same check as it is often written: a map from text to line, decimals, a text key per look-up.

use crate::cases::Case;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// An order by position.
pub(crate) struct Order(HashMap<String, Sold>);

struct Sold {
    name: String,
    code: String,
    quantity: Decimal,
    amount: Decimal,
}

impl Order {
    pub(crate) fn of(case: &Case) -> Self {
        let line = |line: &refund_core::Line| Sold {
            name: line.name.clone(),
            code: line.code.clone().unwrap_or_default(),
            quantity: line.quantity.to_decimal(),
            amount: line.amount.map(refund_core::Money::to_decimal).unwrap_or_default(),
        };
        Self(case.sold().iter().map(|sold| (sold.position.clone(), line(sold))).collect())
    }
}

/// What the lines total in kopecks, or `None` when anything is wrong.
pub(crate) fn check(case: &Case, order: &Order) -> Option<i64> {
    let mut seen: HashMap<String, ()> = HashMap::new();
    let (mut total, mut wrong) = (Decimal::ZERO, false);
    for line in case.asked() {
        let position = line.position.clone();
        let Some(sold) = order.0.get(&position) else {
            wrong = true;
            continue;
        };
        wrong |= seen.insert(position, ()).is_some();
        wrong |= line.name.clone().is_some_and(|name| name != sold.name || name.chars().count() > 100);
        wrong |= line.code.clone().is_some_and(|code| code != sold.code || code.chars().count() > 100);
        let quantity = line.quantity.to_decimal();
        let amount = line.amount?.to_decimal();
        wrong |= quantity <= Decimal::ZERO || quantity > sold.quantity || amount > sold.amount;
        let price = line.price?.to_decimal();
        wrong |= (price * quantity)
            .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
            != amount;
        total += amount;
    }
    let asked = case.total;
    let minor = i64::try_from(
        (total * Decimal::ONE_HUNDRED).mantissa() / 10_i128.pow((total * Decimal::ONE_HUNDRED).scale()),
    )
    .ok()?;
    (!wrong && minor == asked).then_some(minor)
}
