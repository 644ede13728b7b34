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
