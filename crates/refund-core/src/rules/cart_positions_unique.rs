//! Rule: cart-positions-unique
//!
//! A line of the order stands in the refund once.

use super::{
    Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, index::Again, lines::JoinedLine,
};
use crate::{Message, MessageDef};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-positions-unique"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, ECOM API, cart: positionId is unique within the cart (CONFIRMED); the same for the form dialect (REPORTED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-positions-unique",
    en: "The line \"{ $position }\" stands in the refund twice; put its quantities together.",
    ru: "Позиция «{ $position }» указана в возврате дважды; объедините количество.",
};

pub(super) fn check(line: &JoinedLine<'_>, found: &mut Findings) {
    if line.again == Again::Yes {
        let position = line.shown_position();
        let message = Message::new(&MESSAGE).with("position", &position);
        found.push(Violation::new(&RULE, line.path("position"), message).with_given(Value::Text(position)));
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
