//! Whatever is given, there is a verdict or a clear error, and never a panic; and the work grows with the lines alone.

use crate::case::{Case, quantity, used, yen};
use proptest::prelude::*;
use refund_core::{Cart, Line, Money, RefundLine, rules};

/// An order of so many lines at 1.00 each and a refund of all of it.
fn long(count: usize) -> Case {
    Case::good().but(|case| {
        let sold = |n: usize| Line {
            price: Some(Money::rub(100)),
            ..Line::new((n + 1).to_string(), "Товар", quantity(1_000))
        };
        case.payment.cart = Some(Cart { lines: (0..count).map(sold).collect() });
        let asked = |n: usize| RefundLine::new((n + 1).to_string(), quantity(1_000));
        *case.lines() = (0..count).map(asked).collect();
        case.payment.captured = Money::rub(100 * i64::try_from(count).expect("small"));
        case.asks(case.payment.captured.minor());
        case.policy = case.policy.with_lines_max(count);
    })
}

/// Quadratic work would be 10¹² steps here.
#[test]
fn a_million_lines_are_checked() {
    let case = long(1_000_000);
    let total = rules::check_cart(&case.command, &case.payment, &case.prior, &case.policy);
    assert_eq!(total, Ok(100_000_000));
}

#[test]
fn a_hundred_thousand_lines_are_kept_in_any_sequence() {
    let turned = long(100_000).but(|case| case.lines().reverse());
    let checked = turned.check().expect("nothing is wrong");
    let lines = checked.lines().expect("a cart");
    assert_eq!((lines.len(), lines[0].sold.position.as_str()), (100_000, "100000"));
}

#[test]
fn many_violations_with_as_many_earlier_lines_are_all_told() {
    let count = 20_000;
    let case = long(count).but(|case| {
        case.prior.lines = (0..count).map(|n| used(&(n + 1).to_string(), 1, 1, &format!("k-{n}"))).collect();
    });
    let found = case.check().expect_err("a thousandth too much of each");
    assert_eq!(found.as_slice().len(), 2 * count);
    let last = &found.as_slice()[count - 1];
    assert_eq!(
        (last.path.as_str(), &last.taken_by[..]),
        ("lines[19999].quantity", &["k-19999".to_owned()][..])
    );
}

#[test]
fn lines_that_the_order_lacks_are_told_one_by_one() {
    let case = long(10_000).but(|case| {
        case.lines().iter_mut().for_each(|line| line.position.insert(0, ' '));
    });
    let found = case.check().expect_err("no such lines");
    let absent: Vec<_> =
        found.as_slice().iter().filter(|one| one.rule.as_str() == "cart-line-in-order").collect();
    assert_eq!(absent.len(), 10_000);
    assert_eq!(absent[9_999].suggestion.as_ref().map(|one| one.value.to_string()), Some("10000".to_owned()));
}

#[test]
fn one_line_more_than_the_gateway_takes() {
    assert_eq!(long(100).broken(), [""; 0]);
    assert_eq!(
        long(101).but(|case| case.policy = case.policy.with_lines_max(100)).broken(),
        ["cart-formats"]
    );
}

#[test]
fn odd_shapes_are_refused_by_name() {
    let check = |change: &dyn Fn(&mut Case), expected: &[&str]| {
        assert_eq!(Case::good().but(|case| change(case)).broken(), expected);
    };
    check(&|case| case.lines().clear(), &["cart-formats", "items-total-the-sum"]);
    check(&|case| case.sold().clear(), &["cart-line-in-order"]);
    check(&|case| case.line(0).position.clear(), &["cart-formats", "cart-line-in-order"]);
    check(&|case| case.line(0).name = Some(String::new()), &["cart-formats", "cart-line-in-order"]);
    check(&|case| case.line(0).name = Some("Чай\u{0}".to_owned()), &["cart-formats", "cart-line-in-order"]);
    check(&|case| case.line(0).name = Some("\u{202e}Чай".to_owned()), &["cart-line-in-order"]);
    check(&|case| case.line(0).name = Some("Ч\u{301}\u{301}ай".to_owned()), &["cart-line-in-order"]);
    check(&|case| case.line(0).quantity = quantity(i64::MIN), &["cart-line-positive", "cart-countable"]);
    check(
        &|case| (case.line(0).quantity, case.line(0).amount) = (quantity(i64::MAX), Some(Money::rub(10_000))),
        &["cart-formats", "cart-quantity-remaining"],
    );
    check(&|case| case.line(0).amount = Some(Money::new(10_000, yen())), &["cart-one-currency"]);
    check(&|case| case.line(0).price = Some(Money::new(10_000, yen())), &["cart-one-currency"]);
}

/// What a gateway's order has in it plays no tricks in what is told.
#[test]
fn names_with_odd_characters_are_told_without_them() {
    let found = Case::good()
        .but(|case| {
            case.sold()[0].name = "Чай\u{202e}\u{1b}[31m".to_owned();
            case.line(0).name = Some("Кофе\u{1b}[0m\u{0}".to_owned());
        })
        .check()
        .expect_err("another name");
    for one in found.as_slice() {
        let values: Vec<_> = one.message.args().iter().map(|(_, value)| value.clone()).collect();
        let told = format!("{} {:?}", values.join(" "), one.fields());
        assert!(!told.contains(['\u{1b}', '\u{0}', '\u{202e}']), "{told}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[12]", "Чай ?", any::<String>()]
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![-2_i64..=2, 0_i64..=20_000, any::<i64>(), Just(i64::MAX), Just(i64::MIN)]
}

fn asked() -> impl Strategy<Value = RefundLine> {
    let money = || proptest::option::of((number(), any::<bool>()));
    (text(), proptest::option::of(text()), proptest::option::of(text()), number(), money(), money()).prop_map(
        |(position, name, code, thousandths, price, amount)| {
            let money = |(minor, roubles)| if roubles { Money::rub(minor) } else { Money::new(minor, yen()) };
            RefundLine {
                name,
                code,
                price: price.map(money),
                amount: amount.map(money),
                ..RefundLine::new(position, quantity(thousandths))
            }
        },
    )
}

proptest! {
    /// No panic, and what is accepted is whole: each line of the order once, above zero, within what is left, and all of
    /// them the refund.
    #[test]
    fn any_lines_get_a_verdict(lines in proptest::collection::vec(asked(), 0..5), taken in number(), shown in number()) {
        let case = Case::good().but(|case| {
            *case.lines() = lines;
            case.prior.lines = vec![used("1", taken, taken, "k"), used("2", shown, taken, "k").open()];
            case.sold()[1].refunded.quantity = Some(quantity(shown));
        });
        if let Ok(checked) = case.check() {
            let lines = checked.lines().expect("a cart");
            let total: i64 = lines.iter().map(|line| line.amount.minor()).sum();
            prop_assert_eq!(total, checked.amount().minor());
            prop_assert!(lines.iter().all(|line| line.amount.is_positive() && line.quantity.thousandths() > 0));
            prop_assert!(lines.iter().all(|line| line.quantity <= line.sold.quantity));
            prop_assert!(lines.len() < 2 || lines[0].sold.position != lines[1].sold.position);
        }
    }
}
