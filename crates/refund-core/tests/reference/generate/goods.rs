//! The goods of a case: what was sold, what earlier refunds took of it, and which lines come back now.
//!
//! Whole kopecks and thousandths; it must not know the payment.

use crate::seeded::Seeded;
use refund_core::{Currency, Line, Measure, Money, Quantity, RefundLine};

/// A line of the order in whole numbers: what was sold, and what earlier refunds took of it.
pub(super) struct Stock {
    pub(super) line: Line,
    pub(super) quantity: i64,
    pub(super) paid: i64,
    used: Vec<Take>,
}

/// So much of a line, for so many kopecks.
#[derive(Clone, Copy)]
pub(super) struct Take {
    pub(super) quantity: i64,
    pub(super) amount: i64,
}

impl Stock {
    pub(super) fn left(&self) -> Take {
        let quantity = self.quantity - self.used.iter().map(|take| take.quantity).sum::<i64>();
        let amount = self.paid - self.used.iter().map(|take| take.amount).sum::<i64>();
        Take { quantity, amount }
    }
}

/// Kopecks × thousandths in kopecks, half up; the generator's numbers are small enough for 64 bits.
fn product(price: i64, thousandths: i64) -> i64 {
    (price * thousandths + 500) / 1_000
}

const NAMES: &[&str] = &[
    "Чай «Ёлочный», 100 г",
    "Мёд липовый",
    "Йогурт 2,5 %",
    "Хлеб",
    "Кабель ВВГнг 3×2,5",
    "Доставка",
    "Сыр — весовой",
    "Café latte",
    "Книга № 5",
    "Подарок",
];
const MEASURES: &[&str] = &["шт.", "кг", "0", "11"];
const CODES: &[&str] = &["sku", "чай", "A-1/2", "4601234567890"];

pub(super) fn stock(seeded: &mut Seeded) -> Vec<Stock> {
    let lines = match seeded.range(0, 999) {
        0 => 1_000,
        1..=40 => seeded.range(21, 60),
        41..=250 => seeded.range(6, 20),
        _ => seeded.range(1, 5),
    };
    let first = seeded.pick(&[1, 1, 1, 0, 100, 999_999_000_000]);
    (0..lines).map(|index| sold(seeded, first + index)).collect()
}

pub(super) fn sold(seeded: &mut Seeded, position: i64) -> Stock {
    let whole = seeded.percent(60);
    let quantity = if whole { seeded.range(1, 9) * 1_000 } else { seeded.range(1, 4_000) };
    let price = seeded.pick(&[1, 99, 3_333, 20_051, 100_000, 1_000_000]);
    let price = seeded.range(1, price);
    let gross = product(price, quantity);
    let discount = if seeded.percent(20) { seeded.range(0, gross - 1) } else { 0 };
    // A line is worth a kopeck at least; a line that a discount changed tells its amount and no price of one unit.
    let paid = (gross - discount).max(1);
    let mut line = Line::new(position.to_string(), name(seeded, position), thousandths(quantity));
    let tells_price = paid == gross && seeded.percent(75);
    line.price = tells_price.then(|| Money::rub(price));
    line.amount = (!tells_price || seeded.percent(70)).then(|| Money::rub(paid));
    line.code = seeded.percent(60).then(|| format!("{}-{position}", seeded.pick(CODES)));
    line.measure = seeded.percent(50).then(|| Measure(seeded.pick(MEASURES).to_owned()));
    Stock { line, quantity, paid, used: Vec::new() }
}

fn name(seeded: &mut Seeded, position: i64) -> String {
    match seeded.range(0, 9) {
        0..=3 => seeded.pick(NAMES).to_owned(),
        _ => format!("{} {position}", seeded.pick(NAMES)),
    }
}

pub(super) fn thousandths(quantity: i64) -> Quantity {
    Quantity::from_thousandths(quantity)
}

/// One earlier refund and what it took of which positions.
pub(super) struct Earlier {
    pub(super) by: &'static str,
    pub(super) takes: Vec<(String, Take)>,
    pub(super) open: bool,
}

/// One or two earlier refunds; every line that has something left has both quantity and money left.
pub(super) fn earlier(seeded: &mut Seeded, stock: &mut [Stock]) -> Vec<Earlier> {
    let names: &[&str] = if seeded.percent(50) { &["a-1"] } else { &["a-1", "b-2"] };
    let spared = seeded.below(stock.len());
    let mut refunds = Vec::new();
    for by in names {
        let mut takes = Vec::new();
        for (index, stock) in stock.iter_mut().enumerate() {
            let left = stock.left();
            if left.quantity == 0 || seeded.percent(50) {
                continue;
            }
            let splits = left.quantity > 1 && left.amount > 1;
            let take = match splits && (index == spared || seeded.percent(70)) {
                true => Take {
                    quantity: seeded.range(1, left.quantity - 1),
                    amount: seeded.range(1, left.amount - 1),
                },
                false if index == spared => continue,
                false => left,
            };
            stock.used.push(take);
            takes.push((stock.line.position.clone(), take));
        }
        refunds.push(Earlier { by, takes, open: seeded.percent(30) });
    }
    refunds
}

/// The refund's lines, each with what it takes; at least one.
pub(super) fn asked(seeded: &mut Seeded, stock: &[Stock]) -> Vec<(RefundLine, Take)> {
    let stock: Vec<_> = stock.iter().filter(|stock| stock.left().quantity > 0).collect();
    let everything = seeded.percent(30);
    let mut lines = Vec::new();
    for stock in &stock {
        if everything || seeded.percent(60) {
            lines.push(refund_line(seeded, stock, everything));
        }
    }
    if lines.is_empty() {
        lines.push(refund_line(seeded, stock[0], everything));
    }
    if seeded.percent(20) {
        let turn = seeded.below(lines.len());
        lines.rotate_left(turn);
    }
    lines
}

fn refund_line(seeded: &mut Seeded, stock: &Stock, everything: bool) -> (RefundLine, Take) {
    let left = stock.left();
    let (take, price, amount) = match part(seeded, stock, left) {
        Some(part) if !everything && seeded.percent(60) => part,
        // All that is left of the line; its money is written, unless the order tells it.
        _ => {
            let price = stock
                .line
                .price
                .map(Money::minor)
                .filter(|price| product(*price, left.quantity) == left.amount);
            let written = price.is_none() || seeded.percent(60);
            let price = price.filter(|_| seeded.percent(50));
            (left, price, written.then_some(left.amount))
        }
    };
    let mut line = RefundLine::new(stock.line.position.clone(), thousandths(take.quantity));
    line.price = price.map(Money::rub);
    line.amount = amount.map(Money::rub);
    line.name = seeded.percent(50).then(|| stock.line.name.clone());
    line.code = stock.line.code.clone().filter(|_| seeded.percent(50));
    line.measure = stock.line.measure.clone().filter(|_| seeded.percent(50));
    line.currency = seeded.percent(30).then_some(Currency::RUB);
    (line, take)
}

/// A part of what is left, with the price and the amount that are written for it; `None` where it would be worth less
/// than a kopeck or more than is left.
fn part(seeded: &mut Seeded, stock: &Stock, left: Take) -> Option<(Take, Option<i64>, Option<i64>)> {
    let step = if left.quantity % 1_000 == 0 && seeded.percent(80) { 1_000 } else { 1 };
    let quantity = seeded.range(1, left.quantity / step) * step;
    match stock.line.price.map(Money::minor) {
        Some(price) if seeded.percent(80) => {
            let amount = product(price, quantity);
            if amount < 1 || amount > left.amount {
                return None;
            }
            let (writes_price, writes_amount) = (seeded.percent(50), seeded.percent(50));
            let take = Take { quantity, amount };
            Some((take, writes_price.then_some(price), writes_amount.then_some(amount)))
        }
        _ => {
            let amount = seeded.range(1, left.amount);
            Some((Take { quantity, amount }, None, Some(amount)))
        }
    }
}
