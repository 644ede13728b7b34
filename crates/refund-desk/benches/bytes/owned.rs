//! The same as it is often written: every text a `String`, decimals, a map from text to line.

use crate::Case;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

#[derive(Deserialize)]
struct File {
    schema: String,
    gateway: String,
    order: String,
    amount: String,
    #[serde(rename = "receipt")]
    _receipt: Option<String>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    position: String,
    quantity: String,
    name: Option<String>,
    code: Option<String>,
    #[serde(rename = "measure")]
    _measure: Option<String>,
    price: String,
    amount: String,
    #[serde(rename = "currency")]
    _currency: Option<String>,
}

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
        let cart = case.payment.cart.as_ref().expect("every case has a cart");
        Self(cart.lines.iter().map(|sold| (sold.position.clone(), line(sold))).collect())
    }
}

/// What is refunded in kopecks, or `None` when anything is wrong.
pub(crate) fn check(bytes: &[u8], order: &Order) -> Option<i64> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    if file.schema != "refund/request@1" || file.gateway.is_empty() || file.order.is_empty() {
        return None;
    }
    let (mut positions, mut codes) = (HashSet::new(), HashSet::new());
    let (mut total, mut right) = (Decimal::ZERO, true);
    for line in &file.lines {
        let sold = order.0.get(&line.position)?;
        right &= positions.insert(line.position.clone());
        right &= line.name.as_ref().is_none_or(|name| *name == sold.name && printable(name));
        if let Some(code) = &line.code {
            right &= *code == sold.code && printable(code) && codes.insert(code.clone());
        }
        let (quantity, price): (Decimal, Decimal) = (line.quantity.parse().ok()?, line.price.parse().ok()?);
        let amount: Decimal = line.amount.parse().ok()?;
        right &= quantity > Decimal::ZERO && quantity <= sold.quantity && amount <= sold.amount;
        right &=
            (price * quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero) == amount;
        total += amount;
    }
    let asked: Decimal = file.amount.parse().ok()?;
    (right && asked == total).then(|| (total * Decimal::ONE_HUNDRED).to_i64()).flatten()
}

fn printable(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 100 && !text.chars().any(char::is_control)
}
