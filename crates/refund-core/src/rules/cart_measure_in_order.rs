//! Rule: cart-measure-in-order
//!
//! A unit of measure that is written is the order's: 1.5 of something else would be another quantity.

use super::{
    Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, alike, lines::JoinedLine,
};
use crate::{Message, MessageDef, outcome::sanitize};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("cart-measure-in-order"),
    severity: Severity::Error,
    evidence: Evidence::Guess,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: quantity is compared with the order's, and measure is a member of quantity (CONFIRMED); that \
             the measure is compared too is a GUESS",
    contradiction: Some(
        "The document lists the members that must agree and the measure is not among them. A quantity in another unit is \
         another quantity all the same, and what is sent is the order's unit.",
    ),
};

static MESSAGE: MessageDef = MessageDef {
    id: "cart-measure-in-order",
    en: "The order's line \"{ $position }\" is measured in \"{ $sold }\", not in \"{ $given }\". Write the quantity in the \
         order's unit, or leave the unit out.",
    ru: "В заказе позиция «{ $position }» измеряется в «{ $sold }», а не в «{ $given }». Укажите количество в единицах \
         заказа или не указывайте единицу.",
};

/// An order that does not tell its unit is not compared with.
pub(super) fn check(line: &JoinedLine<'_>, found: &mut Findings) {
    let sold = line.sold.and_then(|sold| sold.measure.as_ref());
    let (Some(given), Some(sold)) = (line.asked.measure.as_ref(), sold) else { return };
    if given == sold {
        return;
    }
    let (shown, wanted) = (sanitize(&given.0, 40), sanitize(&sold.0, 40));
    let message = Message::new(&MESSAGE)
        .with("position", line.shown_position())
        .with("sold", &wanted)
        .with("given", &shown);
    let violation = Violation::new(&RULE, line.path("measure"), message).with_given(Value::Text(shown));
    let violation = violation.with_allowed(Allowed::Only(Value::Text(wanted)));
    found.push(violation.with_suggestion(alike::meant(&given.0, &sold.0)));
}
