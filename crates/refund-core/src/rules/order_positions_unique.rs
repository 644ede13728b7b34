//! Rule: order-positions-unique
//!
//! A line that comes back is one line of the order: an order that has its position twice does not say which.

use super::{Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, lines::JoinedLine};
use crate::{Line, Message, MessageDef};
use std::collections::BTreeSet;

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("order-positions-unique"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, ECOM API, cart: positionId is unique within the cart (CONFIRMED); the same for the form dialect \
             (REPORTED); a shop's own order: a limit of this program",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "order-positions-unique",
    en: "The order has the position \"{ $position }\" twice, so it is not clear which line comes back. Give each line of \
         the order a position of its own.",
    ru: "В заказе позиция «{ $position }» встречается дважды, и неясно, какая возвращается. Дайте каждой позиции заказа \
         свой номер.",
};

/// The positions that several lines of the order share.
pub(super) fn shared(order: &[Line]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    order.iter().map(|line| line.position.as_str()).filter(|position| !seen.insert(*position)).collect()
}

pub(super) fn check(shared: &BTreeSet<&str>, line: &JoinedLine<'_>, found: &mut Findings) {
    if shared.contains(line.asked.position.as_str()) {
        let position = line.shown_position();
        let message = Message::new(&MESSAGE).with("position", &position);
        found.push(Violation::new(&RULE, line.path("position"), message).with_given(Value::Text(position)));
    }
}
