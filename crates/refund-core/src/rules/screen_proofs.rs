//! Proofs about the screen: it lets nothing through that a rule would refuse, and no verdict depends on it.

use super::{Checker, Findings, View, lines, scratch::Scratch, screen::Screen, testing::*};
use crate::{
    Cart, CartPolicy, Currency, Line, Measure, Money, Payment, Prior, PriorCarts, Quantity, RefundAmount,
    RefundCommand, RefundLine, UsedLine,
    format::Format,
    rules::{CoreRule, RuleSet, Severity},
};
use proptest::prelude::*;

/// Small numbers that decide what a case is made of, taken one by one.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn one_in(&mut self, sides: u8) -> bool {
        self.below(sides) == 1
    }

    fn below(&mut self, sides: u8) -> u8 {
        self.0.next().copied().unwrap_or(0) % sides
    }

    fn of<T: Clone>(&mut self, values: &[T]) -> T {
        values[usize::from(self.below(u8::try_from(values.len()).expect("few")))].clone()
    }
}

const TEXTS: [&str; 10] = [
    "a",
    "Чай",
    "",
    "a\u{7f}",
    "«Чай»\u{a0}",
    "a\u{85}b",
    "sku-0001",
    "a-rather-long-code-0001",
    "7",
    "0123456789012",
];
const NUMBERS: [i64; 8] = [0, 1, -1, 500, 1_000, 2_000, 1_001, i64::MAX];

fn money(dice: &mut Dice<'_>, minor: i64) -> Money {
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    let minor = if dice.one_in(12) { dice.of(&NUMBERS) } else { minor };
    Money::new(minor, if dice.one_in(60) { yen } else { Currency::RUB })
}

fn sold(dice: &mut Dice<'_>, at: usize) -> Line {
    let position = if dice.one_in(15) { dice.below(4).to_string() } else { (at + 1).to_string() };
    let quantity = Quantity::from_thousandths(if dice.one_in(15) { dice.of(&NUMBERS) } else { 2_000 });
    let name =
        if dice.one_in(4) { dice.of(&TEXTS).to_owned() } else { format!("Товар номер {at}") };
    let mut line = Line::new(position, name, quantity);
    line.code = match dice.below(8) {
        0 => None,
        1 => Some(dice.of(&TEXTS).to_owned()),
        _ => Some(format!("sku-{at}")),
    };
    line.measure = dice.one_in(6).then(|| Measure("кг".to_owned()));
    line.price = (!dice.one_in(8)).then(|| money(dice, 1_000));
    line.amount = (!dice.one_in(4)).then(|| money(dice, 2_000));
    line.refunded.quantity = dice.one_in(12).then(|| Quantity::from_thousandths(dice.of(&NUMBERS)));
    line.refunded.amount = dice.one_in(12).then(|| money(dice, 500));
    line
}

fn asked(dice: &mut Dice<'_>, sold: &Line) -> RefundLine {
    let odd = |dice: &mut Dice<'_>, text: &str| {
        if dice.one_in(20) { dice.of(&TEXTS).to_owned() } else { text.to_owned() }
    };
    let quantity = if dice.one_in(15) { dice.of(&NUMBERS) } else { 1_000 };
    let mut line = RefundLine::new(odd(dice, &sold.position), Quantity::from_thousandths(quantity));
    line.name = (!dice.one_in(6)).then(|| odd(dice, &sold.name));
    line.code = sold.code.as_ref().filter(|_| !dice.one_in(6)).map(|code| odd(dice, code));
    line.measure = dice.one_in(6).then(|| Measure(dice.of(&["кг", "шт", "\n"]).to_owned()));
    line.price = (!dice.one_in(4)).then(|| money(dice, 1_000));
    line.amount = (!dice.one_in(4)).then(|| money(dice, 1_000));
    line.currency = dice.one_in(10).then_some(Currency::RUB);
    line
}

fn policy(dice: &mut Dice<'_>) -> CartPolicy {
    let mut rules = RuleSet::always();
    for rule in CoreRule::ALL {
        if !dice.one_in(6) {
            rules = rules.with(*rule, dice.of(&[Severity::Error, Severity::Error, Severity::Warning]));
        }
    }
    let formats = [Format::n_up_to(12), Format::ans_up_to(100), Format::ans_up_to(3), Format::ans_exact(8)];
    let mut policy = super::testing::policy().with_rules(rules);
    if dice.one_in(4) {
        policy =
            policy.with_position(dice.of(&formats)).with_name(dice.of(&formats)).with_code(dice.of(&formats));
    }
    if dice.one_in(5) {
        let most = dice.of(&[i64::MAX, 999, 1_000]);
        policy = policy.with_quantity_max(most).with_price_max(most).with_amount_max(most);
    }
    policy
}

fn case(dice: &mut Dice<'_>) -> (RefundCommand, Payment, Prior, CartPolicy) {
    let order: Vec<_> = (0..usize::from(dice.below(6))).map(|at| sold(dice, at)).collect();
    let mut lines = Vec::new();
    for line in &order {
        if !dice.one_in(4) {
            lines.push(asked(dice, line));
        }
    }
    if dice.one_in(4) {
        lines.reverse();
    }
    if dice.one_in(10) {
        lines.extend(lines.first().cloned());
    }
    let mut prior = nothing_before();
    for line in &order {
        if dice.one_in(6) {
            let (quantity, amount) =
                (Quantity::from_thousandths(dice.of(&NUMBERS)), Money::rub(dice.of(&NUMBERS)));
            let used = UsedLine::new(line.position.clone(), quantity, amount, "k-1".to_owned());
            prior.lines.push(if dice.one_in(2) { used.open() } else { used });
            prior.carts = PriorCarts::Some;
        }
    }
    let mut payment = super::testing::order();
    (payment.captured, payment.cart) = (Money::rub(100_000), Some(Cart { lines: order }));
    let total = lines
        .iter()
        .filter_map(|line| line.total(None))
        .fold(0_i64, |sum, one| sum.saturating_add(one.minor()));
    let mut command = refund(total, lines);
    if dice.one_in(10) {
        command.amount = RefundAmount::Full;
    }
    let policy = policy(dice);
    (command, payment, prior, policy)
}

#[test]
fn no_verdict_depends_on_the_screen() {
    let (mut checker, mut with, mut without) = (Checker::new(), Scratch::default(), Scratch::default());
    let (mut passed, mut refused, mut surely) = (0, 0, 0);
    let config = ProptestConfig { cases: 100_000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let counts = std::cell::RefCell::new((&mut passed, &mut refused, &mut surely));
    let state = std::cell::RefCell::new((&mut checker, &mut with, &mut without));
    let dice = proptest::collection::vec(any::<u8>(), 250);
    let done = runner.run(&dice, |dice| {
        let (mut state, mut counts) = (state.borrow_mut(), counts.borrow_mut());
        let (command, payment, prior, policy) = case(&mut Dice(dice.iter()));
        let mut found = (Findings::new(policy.rules, &[]), Findings::new(policy.rules, &[]));
        View::gather(&command, &payment, &prior, &policy, &mut found.0);
        let view = View::gather(&command, &payment, &prior, &policy, &mut found.1);
        let screen = Screen::new(&policy, view.currency());
        let on = lines::check_screened(&view, Some(&screen), state.1, &mut found.0);
        let off = lines::check_screened(&view, None, state.2, &mut found.1);
        prop_assert_eq!(on, off);
        let found = (found.0.verdict(), found.1.verdict());
        prop_assert_eq!(&found.0, &found.1);
        *counts.0 += usize::from(matches!(&found.0, Ok(warnings) if warnings.is_empty()) && on.is_some());
        *counts.1 += usize::from(found.0.is_err());
        // The whole verdict, for lines that are not made into lines of this crate.
        let bare = RefundCommand { lines: Some(Vec::new()), ..command.clone() };
        let sure = state.0.surely_right(
            &bare,
            command.lines.as_deref().unwrap_or_default(),
            &payment,
            &prior,
            &policy,
        );
        let checked = state.0.check(&command, &payment, &prior, &policy);
        prop_assert_eq!(super::check(&command, &payment, &prior, &policy), checked.clone());
        if let Some(amount) = sure {
            *counts.2 += 1;
            let checked = checked.map(|refund| (refund.amount(), refund.warnings().len()));
            prop_assert_eq!(checked, Ok((amount, 0)));
        }
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    // Both sides were seen often enough to mean something.
    assert!(
        passed > 5_000 && refused > 5_000 && surely > 2_000,
        "{passed} right, {refused} refused, {surely} surely right"
    );
}
