//! Carts of a wrong shape: empty, doubled, of nobody's order.

use crate::support::{PAID, broken, check, line, named, order, paid, pieces, policy, refund, thousandths};
use refund_core::{
    Currency, Line, Money, Prior, RefundAmount,
    rules::{self, CoreRule, Severity},
};

#[test]
fn a_cart_without_lines_is_no_cart() {
    assert_eq!(
        broken(&refund(10_000, Vec::new()), &order()),
        ["cart-formats@lines", "items-total-the-sum@amount"]
    );
    let mut full = refund(PAID, Vec::new());
    full.amount = RefundAmount::Full;
    assert_eq!(broken(&full, &order()), ["cart-formats@lines", "items-total-the-sum@amount"]);
}

#[test]
fn a_position_twice_in_the_refund_is_told_once_per_repetition() {
    let tea = || line("1", pieces(1), 10_000);
    let three = refund(30_000, vec![tea(), line("2", thousandths(1), 1), tea(), tea()]);
    let found = broken(&three, &order());
    assert!(found.contains(&"cart-positions-unique@lines[2].position".to_owned()), "{found:?}");
    assert!(found.contains(&"cart-positions-unique@lines[3].position".to_owned()), "{found:?}");
    let twice = refund(20_000, vec![tea(), tea()]);
    assert_eq!(broken(&twice, &order()), ["cart-positions-unique@lines[1].position"]);
}

#[test]
fn a_position_twice_in_the_order_lets_no_position_twice_into_the_refund() {
    for order_of in [[1, 1], [1, 2], [2, 1]] {
        let sold = |pieces_sold: i64| {
            let mut line = Line::new("1", "Чай", pieces(pieces_sold));
            line.amount = Some(Money::rub(10_000 * pieces_sold));
            line
        };
        let lines: Vec<_> = order_of.map(sold).into_iter().collect();
        let payment = paid(10_000 * order_of.iter().sum::<i64>(), lines);
        let tea = || line("1", pieces(1), 10_000);
        let found = broken(&refund(20_000, vec![tea(), tea()]), &payment);
        for rule in ["cart-positions-unique", "order-positions-unique"] {
            assert!(found.contains(&format!("{rule}@lines[1].position")), "{order_of:?}: {found:?}");
        }
        let once = broken(&refund(10_000, vec![tea()]), &payment);
        assert!(
            once.contains(&"order-positions-unique@lines[0].position".to_owned()),
            "{order_of:?}: {once:?}"
        );
    }
}

#[test]
fn an_order_without_lines_has_no_line_to_refund() {
    let nothing = paid(PAID, Vec::new());
    assert_eq!(
        broken(&refund(100, vec![line("1", pieces(1), 100)]), &nothing),
        ["cart-line-in-order@lines[0].position"]
    );
    let mut unknown = order();
    unknown.cart = None;
    assert_eq!(broken(&refund(100, vec![line("1", pieces(1), 100)]), &unknown), ["cart-line-in-order@lines"]);
}

#[test]
fn a_code_that_the_order_does_not_have_is_another_line() {
    let mut honey = line("2", thousandths(1_500), 45_015);
    honey.code = Some("honey".into());
    assert_eq!(broken(&refund(45_015, vec![honey]), &order()), ["cart-line-in-order@lines[0].code"]);
}

#[test]
fn a_code_twice_is_a_warning_where_the_position_says_which_line_is_meant() {
    let mut payment = order();
    payment.cart.iter_mut().for_each(|cart| cart.lines[1].code = Some("tea".into()));
    let lines = || vec![line("1", pieces(2), 20_000), line("2", thousandths(1_500), 45_015)];
    let prior = Prior::none(Currency::RUB);
    let checked = rules::check(&refund(PAID, lines()), &payment, &prior, &policy()).expect("only a warning");
    let warned: Vec<_> =
        checked.warnings().iter().map(|found| format!("{}@{}", found.rule, found.path)).collect();
    assert_eq!(warned, ["cart-codes-unique@lines[1].code"]);
    let strict = policy().bind(CoreRule::CartCodesUnique, Severity::Error);
    let found = rules::check(&refund(PAID, lines()), &payment, &prior, &strict).expect_err("an error here");
    assert_eq!(named(&found), ["cart-codes-unique@lines[1].code"]);
}

#[test]
fn the_good_refund_these_are_variations_of_is_good() {
    let good = refund(20_000, vec![line("1", pieces(2), 20_000)]);
    assert_eq!(check(&good, &order()), Ok(Money::rub(20_000)));
}
