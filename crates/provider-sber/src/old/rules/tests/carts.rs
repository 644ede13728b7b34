//! Every documented rule of carts, broken at this gateway's own policy.

use super::*;
#[test]
fn every_documented_rule_of_carts_binds_here() {
    let check =
        |what: &str, change: &dyn Fn(&mut RefundCommand, &mut Payment, &mut Prior), expected: &str| {
            let (mut command, mut payment, mut prior) = (cup(), with_cart(), Prior::none(Currency::RUB));
            change(&mut command, &mut payment, &mut prior);
            let told = match core_rules::check(&command, &payment, &prior, &POLICY) {
                Ok(checked) => {
                    checked.warnings().iter().map(|one| format!("({} at {})", one.rule, one.path)).collect()
                }
                Err(found) => found.to_string(),
            };
            assert_eq!(told, expected, "{what}");
        };
    fn line(command: &mut RefundCommand) -> &mut RefundLine {
        &mut command.lines.as_mut().expect("lines")[0]
    }
    fn sold(payment: &mut Payment) -> &mut Vec<Line> {
        &mut payment.cart.as_mut().expect("a cart").lines
    }
    let rub = Money::rub;
    let quantity = Quantity::from_thousandths;
    check("nothing", &|_, _, _| {}, "");
    check("a full refund", &|c, _, _| (c.lines, c.amount) = (None, RefundAmount::Full), "");
    check("a part without a cart", &|c, _, _| c.lines = None, "cart-required at lines");
    let with_cart_before = |c: &mut RefundCommand, p: &mut Payment, prior: &mut Prior| {
        (c.lines, p.cart, prior.carts) = (None, None, PriorCarts::Some);
    };
    check("a step without a cart", &with_cart_before, "cart-continues at lines");
    let too_much = |c: &mut RefundCommand, p: &mut Payment, _: &mut Prior| {
        p.captured = rub(16_999);
        c.amount = RefundAmount::Exactly(rub(16_999));
    };
    check(
        "more than was confirmed",
        &too_much,
        "cart-within-confirmed at lines, items-total-the-sum at amount",
    );
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    check(
        "another currency",
        &|c, _, _| line(c).currency = Some(yen),
        "cart-one-currency at lines[0].currency",
    );
    check(
        "another position",
        &|c, _, _| {
            line(c).position = "3".to_owned();
            line(c).amount = Some(rub(17_000));
        },
        "cart-line-in-order at lines[0].position",
    );
    check(
        "another name",
        &|c, _, _| line(c).name = Some("Кружка".to_owned()),
        "cart-line-in-order at lines[0].name",
    );
    check(
        "another code",
        &|c, _, _| line(c).code = Some("mug".to_owned()),
        "cart-line-in-order at lines[0].code",
    );
    check(
        "a thousandth too many",
        &|c, _, _| {
            (line(c).quantity, line(c).amount) = (quantity(1_001), Some(rub(17_000)));
        },
        "cart-quantity-remaining at lines[0].quantity",
    );
    check(
        "a kopeck too much",
        &|c, _, _| {
            line(c).amount = Some(rub(17_001));
            c.amount = RefundAmount::Exactly(rub(17_001));
        },
        "cart-amount-remaining at lines[0].amount",
    );
    check(
        "an overlong measure",
        &|c, p, _| {
            let measure = Measure("ш".repeat(21));
            (line(c).measure, sold(p)[1].measure) = (Some(measure.clone()), Some(measure));
        },
        "cart-formats at lines[0].measure",
    );
    check(
        "a name too long",
        &|c, p, _| {
            let name = "ж".repeat(101);
            (line(c).name, sold(p)[1].name) = (Some(name.clone()), name);
        },
        "cart-formats at lines[0].name",
    );
    check(
        "more than is left of the line",
        &|c, _, prior| {
            prior.lines = vec![UsedLine::new("2".to_owned(), quantity(1), rub(0), "k-1".to_owned())];
            line(c).amount = Some(rub(17_000));
        },
        "cart-quantity-remaining at lines[0].quantity",
    );
    check(
        "lines that total something else",
        &|c, _, _| c.amount = RefundAmount::Exactly(rub(16_999)),
        "items-total-the-sum at amount",
    );
    check(
        "an amount that is not price × quantity",
        &|c, _, _| {
            (line(c).price, line(c).amount) = (Some(rub(16_999)), Some(rub(17_000)));
        },
        "cart-price-times-quantity at lines[0].amount",
    );
    check(
        "a line twice",
        &|c, _, _| {
            let half = RefundLine { quantity: quantity(500), ..line(c).clone() };
            c.lines = Some(vec![half.clone(), half]);
        },
        "cart-positions-unique at lines[1].position",
    );
    check(
        "a code twice",
        &|c, p, _| {
            sold(p)[0].code = Some("cup".to_owned());
            c.lines = Some(vec![RefundLine::new("1", quantity(1_000)), line(c).clone()]);
            c.amount = RefundAmount::Exactly(rub(47_000));
        },
        "(cart-codes-unique at lines[1].code)",
    );
    check(
        "a quantity of nothing",
        &|c, _, _| {
            (line(c).quantity, line(c).amount) = (quantity(0), Some(rub(17_000)));
        },
        "cart-line-positive at lines[0].quantity",
    );
    check(
        "a negative line",
        &|c, _, _| {
            let tea = RefundLine { amount: Some(rub(-1)), ..RefundLine::new("1", quantity(1)) };
            c.lines.as_mut().expect("lines").push(tea);
            c.amount = RefundAmount::Exactly(rub(16_999));
        },
        "cart-line-positive at lines[1].amount",
    );
    check(
        "a penalty with points",
        &|c, p, _| (c.penalty, p.points) = (Some(rub(1)), Some(rub(1))),
        "penalty-not-with-loyalty at penalty",
    );
    check(
        "points in another currency",
        &|c, p, prior| {
            (p.captured, p.refunded, p.points, p.cart) =
                (Money::new(1, yen), None, Some(Money::new(1, yen)), None);
            (c.lines, c.amount, *prior) = (None, RefundAmount::Full, Prior::none(yen));
        },
        "loyalty-in-roubles at payment",
    );
    check("after a raw refund", &|_, _, prior| prior.route = PriorRoute::Raw, "raw-continues at payment");
}
