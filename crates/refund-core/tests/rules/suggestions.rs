//! Corrections: offered where there is exactly one, never made.

use crate::case::{Case, used};
use refund_core::{Measure, Money, Prior, RefundLine, rules::Value};

/// What is offered for the first violation of a rule: `path = value`.
fn offered(rule: &str, change: impl FnOnce(&mut Case)) -> Option<String> {
    let case = Case::good().but(change);
    let before = case.clone();
    let found = case.check().expect_err("something is wrong");
    assert_eq!((&case.command, &case.payment), (&before.command, &before.payment), "nothing is changed");
    let found = found.as_slice().iter().find(|one| one.rule.as_str() == rule).expect("this rule");
    found.suggestion.as_ref().map(|one| format!("{} = {}", one.path, one.value))
}

fn taken(case: &mut Case, thousandths: i64, kopecks: i64) {
    case.prior = Prior::of(Money::rub(kopecks), Money::rub(0));
    case.prior.lines = vec![used("1", thousandths, kopecks, "k-1")];
}

#[test]
fn what_is_left_is_offered_unless_nothing_is() {
    let quantity = |asked, gone| {
        offered("cart-quantity-remaining", |case| {
            taken(case, gone, 1);
            (case.line(0).quantity, case.line(0).amount) =
                (crate::case::quantity(asked), Some(Money::rub(10_000)));
        })
    };
    assert_eq!(quantity(2_001, 0).as_deref(), Some("lines[0].quantity = 2"));
    assert_eq!(quantity(2_000, 1_999).as_deref(), Some("lines[0].quantity = 0.001"));
    assert_eq!(quantity(1, 2_000), None);
    assert_eq!(quantity(1, 2_001), None);
    let amount = |asked, gone| {
        offered("cart-amount-remaining", |case| {
            taken(case, 1, gone);
            case.line(0).amount = Some(Money::rub(asked));
        })
    };
    assert_eq!(amount(20_001, 0).as_deref(), Some("lines[0].amount = 200.00 RUB"));
    assert_eq!(amount(2, 19_999).as_deref(), Some("lines[0].amount = 0.01 RUB"));
    assert_eq!(amount(1, 20_000), None);
    let whole = |asked, gone| {
        offered("within-remaining", |case| {
            taken(case, 1, gone);
            case.asks(asked);
        })
    };
    assert_eq!(whole(65_016, 0).as_deref(), Some("amount = 650.15 RUB"));
    assert_eq!(whole(1, 65_015), None);
}

#[test]
fn the_orders_own_text_is_offered_where_only_the_spelling_differs() {
    let name = |text: &str| offered("cart-line-in-order", |case| case.line(0).name = Some(text.to_owned()));
    let expected = Some("lines[0].name = Чай");
    assert_eq!(name("Чай ").as_deref(), expected);
    assert_eq!(name("чАЙ").as_deref(), expected);
    assert_eq!(name("Чаи\u{306}").as_deref(), expected);
    assert_eq!(name("Чаёк"), None);
    assert_eq!(name("\u{202e}Чай"), None, "another text, whatever it looks like");
    let code = |text: &str| offered("cart-line-in-order", |case| case.line(0).code = Some(text.to_owned()));
    assert_eq!(code("TEA").as_deref(), Some("lines[0].code = tea"));
    assert_eq!(code("coffee"), None);
    let position = |text: &str| {
        offered("cart-line-in-order", |case| {
            case.line(0).position = text.to_owned();
            case.line(0).amount = Some(Money::rub(10_000));
        })
    };
    assert_eq!(position(" 1").as_deref(), Some("lines[0].position = 1"));
    assert_eq!(position("3"), None);
    let measure = |text: &str| {
        offered("cart-measure-in-order", |case| case.line(0).measure = Some(Measure(text.to_owned())))
    };
    assert_eq!(measure("ШТ.").as_deref(), Some("lines[0].measure = шт."));
    assert_eq!(measure("кг"), None);
}

#[test]
fn price_times_quantity_is_offered_where_only_the_rounding_differs() {
    // 300.11 × 0.5 is 150.055: half up 150.06.
    let amount = |price: i64, kopecks: i64| {
        offered("cart-price-times-quantity", |case| {
            let line = RefundLine::new("2", crate::case::quantity(500));
            *case.lines() = vec![RefundLine {
                price: Some(Money::rub(price)),
                amount: Some(Money::rub(kopecks)),
                ..line
            }];
            case.asks(kopecks);
        })
    };
    assert_eq!(amount(30_011, 15_005).as_deref(), Some("lines[0].amount = 150.06 RUB"));
    assert_eq!(amount(30_011, 15_007), None, "more than a rounding");
    assert_eq!(amount(30_011, 15_004), None);
    assert_eq!(amount(30_010, 15_006), None, "150.05 exactly: price, quantity or amount may be wrong");
}

#[test]
fn a_sum_that_differs_from_the_lines_has_two_sides_and_no_correction() {
    assert_eq!(offered("items-total-the-sum", |case| case.asks(9_999)), None);
    assert_eq!(offered("cart-formats", |case| case.line(0).code = Some("x".repeat(101))), None);
}

#[test]
fn a_suggestion_moves_with_its_place() {
    let found = Case::good().but(|case| case.asks(65_016)).check().expect_err("too much");
    let moved = found.as_slice()[0].clone().at("sum");
    let suggestion = moved.suggestion.expect("what is left");
    assert_eq!((moved.path.as_str(), suggestion.path.as_str()), ("sum", "sum"));
    assert_eq!(suggestion.value, Value::Money(Money::rub(65_015)));
}
