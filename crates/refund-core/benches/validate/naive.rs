//! A peer: the check as it is often written, over maps by field name with decimals of major units.

use crate::cases::{Case, Verdict};
use refund_core::RefundAmount;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::{collections::HashMap, hint::black_box};

/// The fields by name.
pub(crate) type Map = HashMap<String, Value>;

/// A field's value.
pub(crate) enum Value {
    Amount(Decimal),
    Text(String),
}

pub(crate) fn fields(case: &Case) -> Map {
    let mut fields = Map::new();
    let mut amount = |name: &str, value: Decimal| fields.insert(name.to_owned(), Value::Amount(value));
    amount("captured", case.payment.captured.to_decimal());
    amount("done", case.prior.done.to_decimal());
    amount("open", case.prior.open.to_decimal());
    if let Some(shown) = case.payment.refunded {
        amount("refunded", shown.to_decimal());
    }
    if let RefundAmount::Exactly(asked) = case.command.amount {
        amount("asked", asked.to_decimal());
    }
    fields.insert("state".to_owned(), Value::Text(case.payment.state.as_str().to_owned()));
    fields
}

pub(crate) fn check(fields: &Map) -> Verdict {
    let amount = |name: &str| match fields.get(name) {
        Some(Value::Amount(amount)) => Some(*amount),
        _ => None,
    };
    let or_zero = |name| amount(name).unwrap_or_default();
    let used = or_zero("refunded").max(or_zero("done")) + or_zero("open");
    let remaining = or_zero("captured") - used;
    let asked = amount("asked").unwrap_or(remaining);
    let captured = matches!(fields.get("state"), Some(Value::Text(state)) if state == "captured");
    let fits = asked > Decimal::ZERO && asked <= remaining;
    let mut wrong = Vec::new();
    if !captured {
        wrong.push("the payment is not captured".to_owned());
    }
    if !fits {
        wrong.push(format!("{asked} asked, {remaining} can still be refunded"));
    }
    match black_box(&wrong).is_empty() {
        true => {
            let kopecks = (asked * Decimal::ONE_HUNDRED).to_i64();
            Verdict::Accepted(kopecks.expect("the cases are small"))
        }
        false => Verdict::Refused { state: !captured, amount: !fits },
    }
}
