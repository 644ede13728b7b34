//! Refund after refund of one payment, each checked with what the accepted ones before it took: what is left never goes
//! below zero, per line and in total, and a full refund at the end closes every line and the payment to exactly zero.

use crate::{
    agree,
    case::Case,
    documents::{self, Bindings},
    generate,
    seeded::Seeded,
};
use refund_core::{Money, PriorCarts, Quantity, RefundAmount, RefundLine, UsedLine, refund::Extent, rules};
use rust_decimal::Decimal;
use std::collections::HashMap;

const PAYMENTS: u64 = 3_000;

/// What is left of a payment, kept by the test alone.
struct Left {
    money: i64,
    lines: HashMap<String, (i64, i64)>,
}

#[test]
fn refunds_never_take_more_than_was_paid_and_a_full_one_closes_to_zero() {
    let (mut accepted, mut refused, mut closed_with_lines) = (0, 0, 0);
    for seed in 0..PAYMENTS {
        let seeded = &mut Seeded::new(seed ^ 0x5E90_0000);
        let mut case = generate::untouched(seeded);
        let mut left = left(&case);
        for step in 0..seeded.range(1, 8) {
            wish(seeded, &mut case, &left);
            match take(&mut case, &mut left, &format!("refund {step}")) {
                true => accepted += 1,
                false => refused += 1,
            }
        }
        if left.money == 0 {
            continue;
        }
        // A line may have money left and no quantity, or the other way round; then only money can be closed.
        let stuck = left.lines.values().any(|(quantity, money)| (*quantity > 0) != (*money > 0));
        close(&mut case, &mut left, if stuck { Closing::MoneyOnly } else { Closing::WithLines });
        assert_eq!(left.money, 0, "seed {seed}\n{case}");
        closed_with_lines += u64::from(!stuck);
        let empty = left.lines.values().all(|line| *line == (0, 0));
        assert!(empty || stuck, "seed {seed}: {:?}\n{case}", left.lines);
    }
    assert!(accepted > PAYMENTS && refused > PAYMENTS, "{accepted} accepted, {refused} refused");
    assert!(closed_with_lines > PAYMENTS / 4, "{closed_with_lines} closed with lines");
}

/// Everything that was paid: by the documents' reading, a line is worth its amount, else price × quantity.
fn left(case: &Case) -> Left {
    let lines = case.cart().expect("generated with a cart").lines.iter().map(|line| {
        let minor = |decimal: Decimal| i64::try_from(decimal).expect("generated small");
        let paid = documents::paid(line).map(minor).expect("generated with a price or an amount");
        (line.position.clone(), (line.quantity.thousandths(), paid))
    });
    Left { money: case.payment.captured.minor(), lines: lines.collect() }
}

/// Some lines, sometimes for more than is left: quantity and money up to a thousandth and a kopeck too much.
fn wish(seeded: &mut Seeded, case: &mut Case, left: &Left) {
    let positions: Vec<_> =
        case.cart().expect("a cart").lines.iter().map(|line| line.position.clone()).collect();
    let first = seeded.below(positions.len());
    let some = seeded.range(1, 3).min(positions.len() as i64) as usize;
    let mut total = 0;
    let lines = positions.iter().cycle().skip(first).take(some).map(|position| {
        let (quantity, money) = left.lines[position];
        let whole = seeded.percent(40);
        let quantity = if whole { quantity } else { seeded.range(1, quantity + 1) };
        let money = if whole { money } else { seeded.range(1, money + 1) };
        let mut line = RefundLine::new(position.clone(), Quantity::from_thousandths(quantity));
        line.amount = Some(Money::rub(money));
        total += money;
        line
    });
    case.command.lines = Some(lines.collect());
    case.command.amount = RefundAmount::Exactly(Money::rub(total));
}

/// Checks the refund; an accepted one is written to the journal's sums and taken off what is left.
fn take(case: &mut Case, left: &mut Left, by: &str) -> bool {
    let Ok(checked) = rules::check(&case.command, &case.payment, &case.prior, &agree::policy(case)) else {
        return false;
    };
    left.money -= checked.amount().minor();
    case.prior.done = Money::rub(case.prior.done.minor() + checked.amount().minor());
    case.prior.carts = PriorCarts::Some;
    let mut total = 0;
    for line in checked.lines().expect("asked with lines") {
        let rest = left.lines.get_mut(&line.sold.position).expect("a line of the order");
        rest.0 -= line.quantity.thousandths();
        rest.1 -= line.amount.minor();
        total += line.amount.minor();
        case.prior.lines.push(UsedLine::new(
            line.sold.position.clone(),
            line.quantity,
            line.amount,
            by.to_owned(),
        ));
    }
    assert_eq!(total, checked.amount().minor(), "the lines are the refund");
    let fine = left.money >= 0 && left.lines.values().all(|line| line.0 >= 0 && line.1 >= 0);
    assert!(fine, "{by} took more than was left: {} {:?}\n{case}", left.money, left.lines);
    true
}

/// How a payment is closed.
#[derive(Clone, Copy)]
enum Closing {
    WithLines,
    MoneyOnly,
}

/// "Full": with every line that has something left, or, where a gateway asks for no cart, without lines.
fn close(case: &mut Case, left: &mut Left, how: Closing) {
    case.command.amount = RefundAmount::Full;
    case.command.lines = match how {
        Closing::MoneyOnly => None,
        Closing::WithLines => {
            let order = case.cart().expect("a cart").lines.iter();
            let rest = order.map(|line| (line.position.clone(), left.lines[&line.position]));
            let lines =
                rest.filter(|(_, (quantity, _))| *quantity > 0).map(|(position, (quantity, money))| {
                    let mut line = RefundLine::new(position, Quantity::from_thousandths(quantity));
                    line.amount = Some(Money::rub(money));
                    line
                });
            Some(lines.collect())
        }
    };
    if case.command.lines.is_none() {
        case.bindings = Bindings::receipt_only();
    }
    let checked = rules::check(&case.command, &case.payment, &case.prior, &agree::policy(case));
    let checked = checked.unwrap_or_else(|broken| panic!("a full refund of what is left: {broken}\n{case}"));
    assert_eq!(checked.amount(), Money::rub(left.money));
    assert_ne!(checked.extent(), Extent::Part, "all that is left\n{case}");
    left.money -= checked.amount().minor();
    for line in checked.lines().unwrap_or_default() {
        let rest = left.lines.get_mut(&line.sold.position).expect("a line of the order");
        (rest.0, rest.1) = (rest.0 - line.quantity.thousandths(), rest.1 - line.amount.minor());
    }
    case.prior.done = Money::rub(case.prior.done.minor() + checked.amount().minor());
    let again = rules::check(&case.command, &case.payment, &case.prior, &agree::policy(case));
    assert!(again.is_err(), "nothing is left, and it was given back again\n{case}");
}
