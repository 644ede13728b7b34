//! What programs read of a violation: names, values and their order, pinned.

use crate::case::{Case, breaks, refusing, used};
use refund_core::Money;
use std::fmt::Write as _;

#[test]
fn the_machine_form_of_every_rule() {
    let mut text = String::new();
    for rule in refusing() {
        let case = Case::good().but(|case| {
            breaks(rule, case);
            if case.prior.lines.is_empty() {
                case.prior.lines = vec![used("1", 1, 1, "k-1")];
            }
        });
        let found = match case.check() {
            Ok(checked) => checked.warnings().to_vec(),
            Err(found) => found.as_slice().to_vec(),
        };
        let one = found.iter().find(|one| one.rule == rule.def().id).expect("broken");
        let fields: Vec<_> =
            one.fields().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        writeln!(text, "{}", fields.join(" · ")).expect("memory");
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("values", text);
    });
}

#[test]
fn names_stand_in_one_order_and_only_what_there_is() {
    let found = Case::good()
        .but(|case| {
            case.prior.lines = vec![used("1", 1_500, 0, "k-2"), used("1", 100, 0, "k-1")];
            (case.line(0).amount, case.line(0).price) = (Some(Money::rub(10_000)), None);
        })
        .check()
        .expect_err("0.4 is left");
    let fields = found.as_slice()[0].fields();
    let expected = [
        ("rule", "cart-quantity-remaining"),
        ("severity", "error"),
        ("path", "lines[0].quantity"),
        ("message", "cart-quantity-remaining"),
        ("given", "1"),
        ("given_kind", "quantity"),
        ("allowed_most", "0.4"),
        ("allowed_kind", "quantity"),
        ("taken_by", "k-1"),
        ("taken_by", "k-2"),
        ("suggestion_path", "lines[0].quantity"),
        ("suggestion", "0.4"),
        ("suggestion_kind", "quantity"),
    ];
    assert_eq!(fields, expected.map(|(name, value)| (name, value.to_owned())));
}
