//! The rules of single lines that need no order: each line alone, or beside the refund's other lines.

use super::{LineMoney, Places, Reading, times};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// «quantity.value … слишком большое или слишком маленькое» is an error (Sber wiki); prices are sent after discounts
/// (ECOM), so there is no line of zero or less: a discount is no line.
pub(super) fn cart_line_positive(reading: &Reading<'_>) -> Places {
    let mut places = Places::new();
    for (index, line) in reading.asked_lines().iter().enumerate() {
        if line.quantity.thousandths() <= 0 {
            places.push(path(index, "quantity"));
        }
        if line.price.is_some_and(|price| price.minor() <= 0) {
            places.push(path(index, "price"));
        }
        // An amount that is not written follows from price and quantity; it is spoken of where those are fine.
        let followed = line.amount.is_none()
            && !places.is_empty()
            && places.last().is_some_and(|at| at.starts_with(&path(index, "")));
        if !followed && matches!(reading.line_money(index), LineMoney::Known(money) if money <= Decimal::ZERO)
        {
            places.push(path(index, "amount"));
        }
    }
    places
}

/// «positionId … уникален в рамках корзины» (Sber, ECOM cart; the same reported for OLD).
pub(super) fn cart_positions_unique(reading: &Reading<'_>) -> Places {
    let mut seen = HashSet::new();
    let lines = reading.asked_lines().iter().enumerate();
    lines
        .filter(|(_, line)| !seen.insert(line.position.clone()))
        .map(|(at, _)| path(at, "position"))
        .collect()
}

/// «itemCode … уникален в рамках запроса» (Sber, ECOM cart; the same reported for OLD). What the request carries is the
/// order's own code, written in the refund or not. A line that stands there twice has its code twice too; that is said of
/// its position.
pub(super) fn cart_codes_unique(reading: &Reading<'_>) -> Places {
    let mut first: HashMap<String, String> = HashMap::new();
    let mut places = Places::new();
    for (index, line) in reading.asked_lines().iter().enumerate() {
        let code = match reading.sold(&line.position) {
            Some(sold) => sold.code.clone(),
            None => line.code.clone(),
        };
        let Some(code) = code else { continue };
        let position = first.entry(code).or_insert_with(|| line.position.clone());
        if *position != line.position {
            places.push(path(index, "code"));
        }
    }
    places
}

/// «Все товарные позиции корзины должны быть выражены в одной и той же валюте (если валюта позиций указывается),
/// совпадающей с валютой оригинального заказа» (Sber, refund.do). A gateway's line has one currency; here it may be told
/// three times. The order's own line, which it is a part of, is in the order's currency too.
pub(super) fn cart_one_currency(reading: &Reading<'_>) -> Places {
    let order = reading.case.payment.captured.currency();
    let mut places = Places::new();
    for (index, line) in reading.asked_lines().iter().enumerate() {
        let told = [line.currency, line.price.map(|m| m.currency()), line.amount.map(|m| m.currency())];
        if told.iter().flatten().any(|currency| *currency != order) {
            places.push(path(index, "currency"));
        }
        let sold = reading.sold(&line.position);
        let sold = sold.map(|sold| [sold.price, sold.amount, sold.refunded.amount]).unwrap_or_default();
        if sold.iter().flatten().any(|money| money.currency() != order) {
            places.push(path(index, "position"));
        }
    }
    places
}

/// The platform's documents (BPC): if both `itemPrice` and `itemAmount` are sent, `itemAmount` must equal `itemPrice` ×
/// `quantity`.
pub(super) fn cart_price_times_quantity(reading: &Reading<'_>) -> Places {
    let mut places = Places::new();
    for (index, line) in reading.asked_lines().iter().enumerate() {
        let (Some(price), Some(amount)) = (line.price, line.amount) else { continue };
        // Two currencies are another rule's; a product of roubles is not compared with yen.
        let equal = times(price, line.quantity.thousandths()) == Some(Decimal::from(amount.minor()));
        if !equal && price.currency() == amount.currency() {
            places.push(path(index, "amount"));
        }
    }
    places
}

/// A place in a line.
pub(super) fn path(index: usize, member: &str) -> String {
    format!("lines[{index}].{member}")
}
