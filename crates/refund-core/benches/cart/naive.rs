//! The same check as it is often written: a map from text to line, decimals, a text key per look-up.

use crate::cases::Case;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use std::collections::{HashMap, HashSet};

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
        let mut order: HashMap<_, _> =
            case.sold().iter().map(|sold| (sold.position.clone(), line(sold))).collect();
        for used in &case.prior.lines {
            if let Some(sold) = order.get_mut(&used.position) {
                sold.quantity -= used.quantity.to_decimal();
                sold.amount -= used.amount.to_decimal();
            }
        }
        Self(order)
    }
}

/// What the lines total in kopecks, or `None` when anything is wrong: order and refund in, verdict out.
pub(crate) fn check(case: &Case) -> Option<i64> {
    check_with(case, &Order::of(case))
}

/// The same with the order's map there already.
pub(crate) fn check_with(case: &Case, order: &Order) -> Option<i64> {
    let (mut positions, mut codes) = (HashSet::<String>::new(), HashSet::<String>::new());
    let mut total = Decimal::ZERO;
    let mut errors = Vec::new();
    for line in case.asked() {
        let Some(sold) = order.0.get(&line.position) else {
            errors.push(format!("the order has no line {}", line.position));
            continue;
        };
        if !positions.insert(line.position.clone()) {
            errors.push(format!("line {} stands twice", line.position));
        }
        if let Some(name) = &line.name
            && (*name != sold.name || !printable(name))
        {
            errors.push(format!("line {} is not {name}", line.position));
        }
        if let Some(code) = &line.code {
            if *code != sold.code || !printable(code) {
                errors.push(format!("the code of line {} is not {code}", line.position));
            }
            if !codes.insert(code.clone()) {
                errors.push(format!("the code {code} stands twice"));
            }
        }
        let (quantity, amount) = (line.quantity.to_decimal(), line.amount?.to_decimal());
        if quantity <= Decimal::ZERO || quantity > sold.quantity {
            errors.push(format!("{quantity} of line {}, {} left", line.position, sold.quantity));
        }
        if amount <= Decimal::ZERO || amount > sold.amount {
            errors.push(format!("{amount} for line {}, {} left", line.position, sold.amount));
        }
        let price = line.price?.to_decimal();
        let product = (price * quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        if product != amount {
            errors.push(format!("{price} × {quantity} is not {amount}"));
        }
        total += amount;
    }
    let minor = (total * Decimal::ONE_HUNDRED).to_i64()?;
    (errors.is_empty() && minor == case.total).then_some(minor)
}

fn printable(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 100 && !text.chars().any(char::is_control)
}
