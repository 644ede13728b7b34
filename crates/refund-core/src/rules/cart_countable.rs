//! Rule: cart-countable
//!
//! Every line tells its money, and the cart's total can be counted.

use super::{
    Evidence, Findings, RuleDef, RuleId, Severity, Violation,
    lines::{JoinedLine, Total},
};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-countable"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&NO_AMOUNT, &LINE_TOO_LARGE, &TOO_LARGE],
    source: "Sber, refund.do and platform documents (BPC), cart: itemAmount is needed where itemPrice is absent \
             (CONFIRMED); sums beyond 64 bits of minor units: a limit of this program",
    contradiction: None,
};

static NO_AMOUNT: MessageDef = MessageDef {
    id: "cart-countable",
    en: "Neither the line nor the order tells a price or an amount for it. Write the line's amount.",
    ru: "Ни в позиции, ни в заказе нет её цены или суммы. Укажите сумму позиции.",
};

static LINE_TOO_LARGE: MessageDef = MessageDef {
    id: "cart-countable-line",
    en: "Price × quantity of this line is too large to be counted. Correct the price or the quantity.",
    ru: "Цена × количество этой позиции слишком велики, их не сосчитать. Исправьте цену или количество.",
};

static TOO_LARGE: MessageDef = MessageDef {
    id: "cart-countable-total",
    en: "The cart's total is too large to be counted. Correct the amounts of its lines.",
    ru: "Сумма корзины слишком велика, её не сосчитать. Исправьте суммы позиций.",
};

/// A line the order lacks has no price to go by; that is told by the rule about it.
pub(super) fn check(line: &JoinedLine<'_>, found: &mut Findings) {
    if line.minor.is_some() {
        return;
    }
    let priced = line.asked.price.or(line.sold.and_then(|sold| sold.price)).is_some();
    if priced {
        found.push(Violation::new(&RULE, line.path("amount"), Message::new(&LINE_TOO_LARGE)));
    } else if line.sold.is_some() {
        found.push(Violation::new(&RULE, line.path("amount"), Message::new(&NO_AMOUNT)));
    }
}

pub(super) fn total(total: Total, found: &mut Findings) {
    if total == Total::TooLarge {
        found.push(Violation::new(&RULE, "lines", Message::new(&TOO_LARGE)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Money, RefundLine};

    #[test]
    fn a_line_without_any_price_says_so() {
        let mut payment = order();
        payment.cart.as_mut().expect("has one").lines[0].price = None;
        let found = broken(&refund(10_000, vec![some("1", 1_000)]), &payment, &nothing_before());
        assert_eq!(found, ["cart-countable@lines[0].amount"]);
        assert!(
            broken(&refund(10_000, vec![worth("1", 1_000, 10_000)]), &payment, &nothing_before()).is_empty()
        );
        // A line the order lacks is told as such.
        let found = broken(&refund(10_000, vec![some("9", 1_000)]), &order(), &nothing_before());
        assert_eq!(found, ["cart-line-in-order@lines[0].position"]);
    }

    #[test]
    fn sums_beyond_counting_are_told_and_never_left_out() {
        let has = |lines, expected: &str| {
            let found = broken(&refund(PAID, lines), &order(), &nothing_before());
            assert!(found.contains(&expected.to_owned()), "{found:?}");
            found
        };
        let huge = |position: &str| worth(position, 1_000, i64::MAX);
        has(vec![huge("1"), huge("2")], "cart-countable@lines");
        let one = has(vec![huge("1")], "items-total-the-sum@amount");
        assert!(!one.iter().any(|found| found.starts_with("cart-countable")), "{one:?}");
        let product = RefundLine { price: Some(Money::rub(i64::MAX)), ..some("1", 1_001) };
        has(vec![product], "cart-countable@lines[0].amount");
        // Two that cancel each other out are not counted past the middle.
        has(
            vec![huge("1"), worth("2", 1_000, i64::MAX), worth("3", 1_000, i64::MIN)],
            "cart-countable@lines",
        );
    }
}
