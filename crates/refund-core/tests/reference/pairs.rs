//! Two rules broken at once are both reported, in precedence order: for every pair of rules, two changes of one good
//! refund, each of which breaks its rule.

use crate::{
    agree,
    case::Case,
    documents::{self, Binding, Bindings, RULES},
    generate,
    seeded::Seeded,
};
use refund_core::{
    Cart, Currency, Line, Measure, Money, PaymentState, PriorCarts, PriorRoute, Quantity, RefundAmount,
    RefundLine, rules,
};

/// A change that breaks one rule, made so that another such change can be made beside it.
struct Breach {
    rule: &'static str,
    /// Changes are made in this sequence: what changes everything first, what takes the lines away last.
    turn: u8,
    break_it: fn(&mut Case),
}

const fn breach(rule: &'static str, break_it: fn(&mut Case)) -> Breach {
    Breach { rule, turn: 1, break_it }
}

/// In precedence order. Each change stays with lines of its own, so that no change undoes another.
const BREACHES: &[Breach] = &[
    breach("payment-captured", |case| case.payment.state = PaymentState::Held),
    breach("within-remaining", |case| case.prior.open = money(case, 999_999)),
    Breach { rule: "cart-required", turn: 2, break_it: |case| case.command.lines = None },
    Breach {
        rule: "cart-continues",
        turn: 2,
        break_it: |case| {
            case.prior.carts = PriorCarts::Some;
            case.command.lines = None;
        },
    },
    breach("raw-continues", |case| case.prior.route = PriorRoute::Raw),
    Breach {
        rule: "loyalty-in-roubles",
        turn: 0,
        break_it: |case| {
            generate::in_currency(case, Currency::from_code("USD").expect("a currency of ISO 4217"));
            case.payment.points = Some(money(case, 1));
        },
    },
    breach("penalty-not-with-loyalty", |case| {
        (case.command.penalty, case.payment.points) = (Some(money(case, 1)), Some(money(case, 1)));
    }),
    breach("cart-formats", |case| line(case, 0).measure = Some(Measure(String::new()))),
    breach("cart-line-positive", |case| line(case, 0).quantity = Quantity::from_thousandths(0)),
    breach("cart-countable", |case| line(case, 9).amount = None),
    breach("cart-positions-unique", |case| {
        let again = line(case, 1).clone();
        case.command.lines.iter_mut().for_each(|lines| lines.push(again.clone()));
    }),
    breach("order-positions-unique", |case| {
        let again = sold(case, 9).clone();
        cart(case).lines.push(again);
    }),
    breach("cart-codes-unique", |case| {
        for index in [2, 3] {
            sold(case, index).code = Some("sku".into());
            line(case, index).code = Some("sku".into());
        }
    }),
    breach("cart-one-currency", |case| line(case, 2).currency = Currency::from_code("JPY")),
    breach("cart-line-in-order", |case| line(case, 3).name = Some("другое".into())),
    breach("cart-measure-in-order", |case| {
        sold(case, 3).measure = Some(Measure("кг".into()));
        line(case, 3).measure = Some(Measure("шт.".into()));
    }),
    breach("cart-quantity-remaining", |case| line(case, 4).quantity = Quantity::from_thousandths(1_001)),
    breach("cart-amount-remaining", |case| line(case, 5).amount = Some(money(case, 10_001))),
    breach("cart-price-times-quantity", |case| line(case, 6).price = Some(money(case, 9_999))),
    breach("cart-within-confirmed", |case| line(case, 7).amount = Some(money(case, 90_000))),
    breach("items-total-the-sum", |case| case.command.amount = RefundAmount::Exactly(money(case, 1))),
    breach("order-totals-the-payment", |case| {
        let mut order = case.payment.cart.take().expect("the good order is the gateway's");
        order.lines.push(order.lines[11].clone());
        order.lines.last_mut().expect("it was just put there").position = "13".into();
        case.command.order = Some(order);
    }),
];

/// Rules that cannot be broken together, and why.
fn together(one: &str, other: &str) -> bool {
    let no_lines = ["cart-required", "cart-continues"];
    let of_lines = |rule: &str| {
        let whole = ["payment-captured", "within-remaining", "raw-continues", "loyalty-in-roubles"];
        let whole =
            whole.contains(&rule) || ["penalty-not-with-loyalty", "order-totals-the-payment"].contains(&rule);
        !whole && !no_lines.contains(&rule)
    };
    let either = |a: &str, b: &str| one == a && other == b;
    // Without lines no rule of lines is broken.
    let lines_are_gone = no_lines.contains(&one) && of_lines(other);
    // A total that cannot be counted is not compared.
    let uncounted =
        either("cart-countable", "cart-within-confirmed") || either("cart-countable", "items-total-the-sum");
    // The one is about a cart the gateway has, the other about one it does not have.
    let whose_cart = either("cart-required", "order-totals-the-payment");
    !lines_are_gone && !uncounted && !whose_cart
}

fn money(case: &Case, minor: i64) -> Money {
    Money::new(minor, case.payment.captured.currency())
}

fn line(case: &mut Case, index: usize) -> &mut RefundLine {
    &mut case.command.lines.as_mut().expect("this rule is about lines")[index]
}

fn cart(case: &mut Case) -> &mut Cart {
    case.cart_mut().expect("the good order has a cart")
}

fn sold(case: &mut Case, index: usize) -> &mut Line {
    &mut cart(case).lines[index]
}

/// Twelve lines of one piece at 100.00; the first ten come back. Every rule refuses.
fn good() -> Case {
    let mut case = generate::untouched(&mut Seeded::new(0));
    let one = Quantity::from_thousandths(1_000);
    let sold = |position: usize| {
        let mut line = Line::new(position.to_string(), format!("Товар {position}"), one);
        line.amount = Some(Money::rub(10_000));
        line
    };
    case.payment.captured = Money::rub(120_000);
    case.payment.cart = Some(Cart { lines: (1..=12).map(sold).collect() });
    case.command.amount = RefundAmount::Exactly(Money::rub(100_000));
    let asked = |position: usize| {
        let mut line = RefundLine::new(position.to_string(), one);
        line.amount = Some(Money::rub(10_000));
        line
    };
    case.command.lines = Some((1..=10).map(asked).collect());
    case.bindings = Bindings(RULES.iter().map(|rule| (*rule, Binding::Refuses)).collect());
    case
}

#[test]
fn every_breach_breaks_its_rule() {
    assert_eq!(documents::opinion(&good()).broken, []);
    for breach in BREACHES {
        let mut case = good();
        (breach.break_it)(&mut case);
        let broken = documents::opinion(&case).broken;
        assert!(broken.iter().any(|(rule, ..)| *rule == breach.rule), "{}: {broken:?}", breach.rule);
    }
    assert_eq!(BREACHES.iter().map(|breach| breach.rule).collect::<Vec<_>>(), RULES);
}

#[test]
fn two_broken_rules_are_both_reported_in_precedence_order() {
    let mut pairs = 0;
    for (at, one) in BREACHES.iter().enumerate() {
        for other in &BREACHES[at + 1..] {
            if !together(one.rule, other.rule) {
                continue;
            }
            pairs += 1;
            let mut case = good();
            let mut both = [one, other];
            both.sort_by_key(|breach| breach.turn);
            both.iter().for_each(|breach| (breach.break_it)(&mut case));
            let found = rules::check(&case.command, &case.payment, &case.prior, &agree::policy(&case));
            let found = found.expect_err("two rules are broken");
            let ids: Vec<_> = found.as_slice().iter().map(|violation| violation.rule.as_str()).collect();
            let (one, other) = (one.rule, other.rule);
            assert!(ids.contains(&one) && ids.contains(&other), "{one} and {other}: {found}");
            let place = |id: &str| RULES.iter().position(|rule| *rule == id).expect("a known rule");
            assert!(ids.is_sorted_by_key(|id| place(id)), "not in precedence order: {found}");
            assert_eq!(
                agree::difference(&case, &documents::opinion(&case)),
                None,
                "{one} and {other}: {found}\n{case}"
            );
        }
    }
    // 22 rules make 231 pairs; two rules about missing lines exclude 14 about lines each, three more pairs are named.
    assert_eq!(pairs, 231 - 2 * 14 - 3);
}
