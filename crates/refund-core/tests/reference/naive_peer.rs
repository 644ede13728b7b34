//! The bench measures the check against the same thing written plainly; a peer that checks less would be an unfair one.
//! So on the bench's carts, right and wrong, the peer gives the same verdict as the check and as the documents' reading.

use crate::{
    case::Case,
    cases::{self, KINDS, Kind},
    documents::{self, Bindings},
    naive,
};
use refund_core::{CartNeed, CartPolicy, Money, Quantity, RefundLine, rules};

/// A change of one line.
type Change = fn(&mut RefundLine);

/// What is changed in a line of the bench's cart, and whether the refund is still right.
const CHANGES: &[(&str, Change, bool)] = &[
    ("nothing", |_| {}, true),
    ("another name", |line| line.name = Some("Другой товар".into()), false),
    ("no name", |line| line.name = None, true),
    ("a long name", |line| line.name = Some("Ж".repeat(101)), false),
    ("another code", |line| line.code = Some("sku".into()), false),
    ("no code", |line| line.code = None, true),
    ("another position", |line| line.position = "0".into(), false),
    ("a kopeck more", |line| line.amount = line.amount.map(|m| Money::rub(m.minor() + 1)), false),
    ("a kopeck less", |line| line.amount = line.amount.map(|m| Money::rub(m.minor() - 1)), false),
    ("another price", |line| line.price = line.price.map(|m| Money::rub(m.minor() + 1)), false),
    ("more than sold", |line| line.quantity = Quantity::from_thousandths(2_001), false),
    ("nothing of it", |line| line.quantity = Quantity::from_thousandths(0), false),
];

#[test]
fn the_peer_says_what_the_check_says() {
    for lines in [1, 2, 10, 100] {
        for at in [0, lines / 2, lines - 1] {
            for (what, change, right) in CHANGES {
                let mut case = cases::Case::build(lines, Kind::Valid);
                change(&mut case.command.lines.as_mut().expect("the bench's carts have lines")[at]);
                verdicts(&case, *right, &format!("{what} in line {at} of {lines}"));
            }
        }
        for kind in KINDS {
            let case = cases::Case::build(lines, kind);
            assert_eq!(case.expected().is_some(), kind.is_right());
            verdicts(&case, true, kind.name());
        }
        let mut twice = cases::Case::build(lines, Kind::Valid);
        twice.command.lines.iter_mut().for_each(|asked| asked.push(asked[0].clone()));
        verdicts(&twice, false, "a line twice");
        assert_eq!(twice.asked().len(), lines + 1);
    }
}

fn verdicts(bench: &cases::Case, right: bool, what: &str) {
    let policy = CartPolicy::new(CartNeed::OrdersWithCart);
    let right = right && bench.kind.is_right();
    let expected = right.then_some(bench.total);
    let checked = rules::check_cart(&bench.command, &bench.payment, &bench.prior, &policy);
    assert_eq!(checked.ok(), expected, "the check: {what}");
    assert_eq!(naive::check(bench), expected, "the peer: {what}");
    let (command, payment, prior) = (bench.command.clone(), bench.payment.clone(), bench.prior.clone());
    let opinion = documents::opinion(&Case { command, payment, prior, policy, bindings: Bindings::sber() });
    assert_eq!(opinion.accepted.is_some(), right, "the documents: {what}");
}
