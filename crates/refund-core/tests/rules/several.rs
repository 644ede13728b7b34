//! Several refunds of one order: what gateway and journal say was taken, put together on the strict side.

use crate::case::{Case, quantity, used};
use refund_core::{
    MessageDef, Money, Prior, Refunded, RuleId,
    rules::{self, Evidence, Findings, Rule, RuleDef, View},
};

/// What the gateway shows of the line, what the journal saw done, what it has open; in thousandths or kopecks.
type Sources = (Option<i64>, i64, i64);

fn with_quantities((shown, done, open): Sources) -> Case {
    Case::good().but(|case| {
        case.sold()[0].refunded = Refunded { quantity: shown.map(quantity), amount: None };
        case.prior.lines = vec![used("1", done, 0, "done"), used("1", open, 0, "open").open()];
    })
}

fn with_amounts((shown, done, open): Sources) -> Case {
    Case::good().but(|case| {
        case.sold()[0].refunded = Refunded { quantity: None, amount: shown.map(Money::rub) };
        case.prior.lines = vec![used("1", 0, done, "done"), used("1", 0, open, "open").open()];
    })
}

#[test]
fn the_larger_of_gateway_and_journal_counts_and_what_is_open_is_added() {
    for (sources, left) in [
        ((None, 0, 0), 2_000),
        ((Some(-1), 0, 0), 2_000),
        ((Some(-500), 500, 0), 1_500),
        ((None, 500, 0), 1_500),
        ((None, 0, 500), 1_500),
        ((None, 500, 500), 1_000),
        ((Some(0), 500, 0), 1_500),
        ((Some(499), 500, 0), 1_500),
        ((Some(501), 500, 0), 1_499),
        ((Some(500), 0, 500), 1_000),
        ((Some(1_999), 0, 0), 1),
    ] {
        let quantities = |asked: i64| {
            with_quantities(sources)
                .but(|case| {
                    (case.line(0).quantity, case.line(0).amount) =
                        (quantity(asked), Some(Money::rub(10_000)));
                })
                .broken()
        };
        assert_eq!(quantities(left), [""; 0], "{sources:?}");
        assert_eq!(quantities(left + 1), ["cart-quantity-remaining"], "{sources:?}");
        let times_ten =
            |(shown, done, open): Sources| (shown.map(|shown: i64| shown * 10), done * 10, open * 10);
        let amounts = |asked: i64| {
            with_amounts(times_ten(sources))
                .but(|case| {
                    case.line(0).amount = Some(Money::rub(asked));
                    case.asks(asked);
                })
                .broken()
        };
        assert_eq!(amounts(left * 10), [""; 0], "{sources:?}");
        assert_eq!(amounts(left * 10 + 1), ["cart-amount-remaining"], "{sources:?}");
    }
}

#[test]
fn the_refunds_that_took_it_are_named_once_each_and_those_of_other_lines_are_not() {
    let case = with_quantities((None, 0, 0)).but(|case| {
        let keys = ["k-3", "k-1", "k-1"];
        case.prior.lines = keys.iter().map(|key| used("1", 600, 0, key)).collect();
        case.prior.lines.push(used("2", 600, 0, "other"));
        case.line(0).amount = Some(Money::rub(10_000));
    });
    let found = case.check().expect_err("0.2 is left");
    assert_eq!(found.as_slice()[0].taken_by, ["k-1", "k-3"]);
    let sentence =
        found.as_slice()[0].message.args().iter().find(|(name, _)| *name == "by").expect("told").1.clone();
    assert_eq!(sentence, "k-1, k-3");
}

#[test]
fn a_sentence_names_a_few_refunds_and_the_violation_all() {
    let case = Case::good().but(|case| {
        case.prior.lines = (0..9).map(|n| used("1", 300, 0, &format!("k-{n}"))).collect();
        case.line(0).amount = Some(Money::rub(10_000));
    });
    let found = case.check().expect_err("nothing is left");
    let one = &found.as_slice()[0];
    assert_eq!((one.taken_by.len(), one.message.def().id), (9, "cart-quantity-remaining-nothing"));
    let by = one.message.args().iter().find(|(name, _)| *name == "by").expect("told").1.clone();
    assert_eq!(by, "k-0, k-1, k-2, k-3, k-4, … (9)");
}

#[test]
fn the_whole_order_goes_back_in_steps_and_not_a_kopeck_more() {
    let mut prior = Prior::of(Money::rub(0), Money::rub(0));
    for (step, (thousandths, kopecks)) in
        [(500, 5_000), (1_000, 10_000), (500, 5_000)].into_iter().enumerate()
    {
        let case = Case::good().but(|case| {
            case.prior = prior.clone();
            case.line(0).quantity = quantity(thousandths);
            case.asks(kopecks);
        });
        assert_eq!(case.broken(), [""; 0], "step {step}");
        prior.done = Money::rub(prior.done.minor() + kopecks);
        prior.lines.push(used("1", thousandths, kopecks, &format!("step-{step}")));
    }
    let again = Case::good().but(|case| {
        case.prior = prior.clone();
        case.line(0).quantity = quantity(1);
        case.asks(10);
    });
    assert_eq!(again.broken(), ["cart-quantity-remaining", "cart-amount-remaining"]);
}

/// A rule from outside sees the points that are left; the core's own compare money with money.
#[test]
fn points_are_left_by_the_stricter_of_gateway_and_journal() {
    struct Points;
    static RULE: RuleDef = RuleDef::new("test-points", Evidence::Guess, MESSAGES, "this test");
    static SAYS: MessageDef = MessageDef { id: "test-points", en: "{ $left }", ru: "{ $left }" };
    const MESSAGES: &[&MessageDef] = &[&SAYS];
    impl Rule for Points {
        fn def(&self) -> &'static RuleDef {
            &RULE
        }
        fn check(&self, view: &View<'_>, found: &mut Findings) {
            let left = view.points_left().map_or("none".to_owned(), |left| left.to_string());
            let message = refund_core::Message::new(&SAYS).with("left", left);
            found.push(rules::Violation::new(&RULE, "points", message));
        }
    }
    static EXTRA: [&dyn Rule; 1] = [&Points];
    for (paid, shown, journal, expected) in [
        (None, None, None, "none"),
        (Some(0), None, None, "none"),
        (Some(1_000), None, None, "10.00 RUB"),
        (Some(1_000), Some(-1), Some(-1), "10.00 RUB"),
        (Some(1_000), Some(300), None, "7.00 RUB"),
        (Some(1_000), Some(300), Some(301), "6.99 RUB"),
        (Some(1_000), Some(301), Some(300), "6.99 RUB"),
        (Some(1_000), None, Some(1_001), "0.00 RUB"),
    ] {
        let case = Case::good().but(|case| {
            case.policy = case.policy.with_extra(&EXTRA);
            case.payment.points = paid.map(Money::rub);
            (case.payment.points_refunded, case.prior.points) =
                (shown.map(Money::rub), journal.map(Money::rub));
        });
        let found = case.check().expect_err("the rule always speaks");
        assert_eq!(found.as_slice()[0].rule, RuleId::new("test-points"));
        assert_eq!(found.as_slice()[0].message.args()[0].1, expected, "{paid:?} {shown:?} {journal:?}");
    }
}
