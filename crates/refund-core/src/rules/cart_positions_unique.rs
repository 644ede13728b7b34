//! Rule: cart-positions-unique
//!
//! A line of the order stands in the refund once.

use super::{
    RuleDef, RuleId, Violation,
    lines::{Again, Joined},
};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-positions-unique"),
    message: &MESSAGE,
    source: "Sber, ECOM API, cart: positionId is unique within the cart (CONFIRMED); the same for the OLD dialect (REPORTED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-positions-unique",
    en: "The line \"{ $position }\" stands in the refund twice; put its quantities together.",
    ru: "Позиция «{ $position }» указана в возврате дважды; объедините количество.",
};

pub(super) fn check(again: Again, line: &Joined<'_>, found: &mut Vec<Violation>) {
    if again == Again::Yes {
        let message = Message::new(&MESSAGE).with("position", &line.asked.position);
        found.push(Violation::new(RULE.id, line.path("position"), message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_line_stands_once() {
        let twice = refund(10_000, vec![some("1", 500), some("1", 500)]);
        expect(&twice, &["cart-positions-unique@lines[1].position"]);
        // Out of sequence, and the second "2" is still found.
        let mixed = refund(40_010, vec![some("2", 500), some("1", 1_000), some("2", 500)]);
        expect(&mixed, &["cart-positions-unique@lines[2].position"]);
        expect(&refund(25_005, vec![some("2", 500), some("1", 1_000)]), &[]);
    }
}
