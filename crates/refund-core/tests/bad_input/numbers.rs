//! Zero, less than zero, more than can be counted, and two currencies at once.

use crate::support::{PAID, broken, line, named, order, paid, pieces, policy, refund, thousandths};
use refund_core::{Currency, Line, Money, Prior, Quantity, RefundAmount, RefundLine, UsedLine, rules};

/// What a machine's numbers end with.
const EDGES: &[i64] =
    &[i64::MIN, i64::MIN + 1, -1_000, -1, 0, 1, 999, i64::MAX / 1_000, i64::MAX - 1, i64::MAX];

#[test]
fn quantities_are_above_zero() {
    for quantity in [i64::MIN, -1_000, -1, 0] {
        let found = broken(&refund(10_000, vec![line("1", thousandths(quantity), 10_000)]), &order());
        assert_eq!(found, ["cart-line-positive@lines[0].quantity"], "{quantity}");
    }
}

#[test]
fn amounts_are_above_zero_and_do_not_cancel_each_other() {
    let lines = vec![line("1", pieces(1), -5_000), line("2", thousandths(500), 15_000)];
    let found = broken(&refund(10_000, lines), &order());
    assert_eq!(found, ["cart-line-positive@lines[0].amount"]);
    let found = broken(&refund(-5_000, vec![line("1", pieces(1), -5_000)]), &order());
    assert_eq!(found, ["within-remaining@amount", "cart-line-positive@lines[0].amount"]);
    let found = broken(&refund(0, vec![line("1", pieces(1), 0)]), &order());
    assert_eq!(found, ["within-remaining@amount", "cart-line-positive@lines[0].amount"]);
}

#[test]
fn a_line_that_rounds_to_nothing_is_nothing() {
    let mut dust = Line::new("1", "Чай россыпью", thousandths(400));
    dust.price = Some(Money::rub(1));
    let mut tea = Line::new("2", "Чай", pieces(1));
    tea.amount = Some(Money::rub(10_000));
    let lines = vec![RefundLine::new("1", thousandths(400)), line("2", pieces(1), 10_000)];
    let found = broken(&refund(10_000, lines), &paid(10_000, vec![dust, tea]));
    assert_eq!(found, ["cart-line-positive@lines[0].amount"]);
}

#[test]
fn a_negative_price_is_told_and_not_the_amount_that_follows_from_it() {
    let mut tea = RefundLine::new("1", pieces(1));
    tea.price = Some(Money::rub(-10_000));
    let found = broken(&refund(10_000, vec![tea]), &order());
    assert_eq!(found, ["cart-line-positive@lines[0].price", "items-total-the-sum@amount"]);
}

/// Every edge in every number of a refund at once: a verdict, and an accepted refund is never above what was captured.
#[test]
fn no_number_panics_and_none_gives_back_more_than_was_paid() {
    for &captured in EDGES {
        for &asked in EDGES {
            for &quantity in EDGES {
                for &amount in EDGES {
                    for told in [Told::Amount, Told::Price, Told::ByTheOrder] {
                        edge(captured, asked, quantity, amount, told);
                    }
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Amount,
    Price,
    ByTheOrder,
}

fn edge(captured: i64, asked: i64, quantity: i64, amount: i64, told: Told) {
    let mut sold = Line::new("1", "Чай", thousandths(quantity));
    (sold.price, sold.amount) = match told {
        Told::Amount => (None, Some(Money::rub(amount))),
        _ => (Some(Money::rub(amount)), None),
    };
    let mut line = RefundLine::new("1", thousandths(quantity));
    match told {
        Told::Amount => line.amount = Some(Money::rub(amount)),
        Told::Price => line.price = Some(Money::rub(amount)),
        Told::ByTheOrder => {}
    }
    let mut limitless = policy();
    (limitless.amount_max, limitless.quantity_max) = (i64::MAX, i64::MAX);
    let payment = paid(captured, vec![sold]);
    let mut prior = Prior::none(Currency::RUB);
    prior.lines.push(UsedLine::new("1".into(), thousandths(0), Money::rub(0), "a-1".into()));
    if let Ok(checked) = rules::check(&refund(asked, vec![line]), &payment, &prior, &limitless) {
        let given = checked.amount().minor();
        assert!(given > 0 && given <= captured, "{given} of {captured}: {quantity} {amount} {told:?}");
        assert_eq!(checked.lines().map(|lines| lines[0].amount), Some(Money::rub(given)));
    }
}

#[test]
fn earlier_refunds_at_the_edges_give_nothing_more_away() {
    for &done in EDGES {
        for &open in EDGES {
            for &shown in EDGES {
                for asked in [1, PAID, PAID + 1, i64::MAX] {
                    let mut payment = order();
                    payment.refunded = Some(Money::rub(shown));
                    payment.cart = None;
                    let prior = Prior::of(Money::rub(done), Money::rub(open));
                    let mut command = refund(asked, Vec::new());
                    command.lines = None;
                    for amount in [RefundAmount::Full, RefundAmount::Exactly(Money::rub(asked))] {
                        command.amount = amount;
                        if let Ok(checked) = rules::check(&command, &payment, &prior, &policy()) {
                            let given = checked.amount().minor();
                            assert!(given > 0 && given <= PAID, "{given} of {PAID}: {done} {open} {shown}");
                        }
                    }
                }
            }
        }
    }
}

/// The lines' total does not fit 64 bits; it is refused, whichever way the lines tell their money.
#[test]
fn a_total_beyond_counting_is_never_accepted() {
    let mut limitless = policy();
    limitless.amount_max = i64::MAX;
    let sold = |position: &str, amount: Option<i64>, price: Option<i64>| {
        let mut line = Line::new(position, "Слиток", pieces(1));
        (line.amount, line.price) = (amount.map(Money::rub), price.map(Money::rub));
        line
    };
    let cart = vec![sold("1", Some(i64::MAX), None), sold("2", None, Some(10_000))];
    for second in [Some(10_000), None] {
        let mut last = RefundLine::new("2", pieces(1));
        last.amount = second.map(Money::rub);
        let lines = vec![line("1", pieces(1), i64::MAX), last];
        for asked in [10_000, i64::MAX, i64::MIN + 10_000 - 1] {
            let payment = paid(i64::MAX, cart.clone());
            let command = refund(asked, lines.clone());
            let found = rules::check(&command, &payment, &Prior::none(Currency::RUB), &limitless);
            let found = found.expect_err("the lines total more than can be counted");
            let found = named(&found);
            assert!(found.contains(&"cart-countable@lines".to_owned()), "{asked}, {second:?}: {found:?}");
        }
    }
}

#[test]
fn currencies_are_never_mixed() {
    let yen = Currency::from_code("JPY").expect("in ISO 4217");
    let good = || refund(20_000, vec![line("1", pieces(2), 20_000)]);
    let mut line_in_yen = good();
    line_in_yen.lines.iter_mut().for_each(|lines| lines[0].currency = Some(yen));
    assert_eq!(broken(&line_in_yen, &order()), ["cart-one-currency@lines[0].currency"]);
    let mut amount_in_yen = good();
    amount_in_yen.lines.iter_mut().for_each(|lines| lines[0].amount = Some(Money::new(20_000, yen)));
    assert_eq!(broken(&amount_in_yen, &order()), ["cart-one-currency@lines[0].currency"]);
    let mut asked_in_yen = good();
    asked_in_yen.amount = RefundAmount::Exactly(Money::new(20_000, yen));
    assert_eq!(broken(&asked_in_yen, &order()), ["within-remaining@amount"]);
    let prior_in_yen = rules::check(&good(), &order(), &Prior::none(yen), &policy());
    assert_eq!(
        prior_in_yen.map_err(|found| named(&found)).err(),
        Some(vec!["within-remaining@amount".to_owned()])
    );
    let mut paid_in_yen = order();
    paid_in_yen.captured = Money::new(PAID, yen);
    assert!(!broken(&good(), &paid_in_yen).is_empty());
}

#[test]
fn a_journals_line_in_another_currency_is_not_counted_as_roubles() {
    let yen = Currency::from_code("JPY").expect("in ISO 4217");
    let mut prior = Prior::none(Currency::RUB);
    prior.lines.push(UsedLine::new(
        "1".into(),
        Quantity::from_thousandths(1),
        Money::new(-20_000, yen),
        "a".into(),
    ));
    let more_than_paid = refund(30_000, vec![line("1", pieces(1), 30_000)]);
    let found = rules::check(&more_than_paid, &order(), &prior, &policy());
    assert!(found.is_err(), "a line was refunded for more than was paid for it");
}
