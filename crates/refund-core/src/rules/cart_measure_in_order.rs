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

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::{Measure, RefundLine, rules};

    #[test]
    fn a_unit_that_is_written_is_the_orders() {
        let check = |given: Option<&str>, sold: Option<&str>, expected: &[&str], offered: Option<&str>| {
            let measure = |text: Option<&str>| text.map(|text| Measure(text.to_owned()));
            let mut payment = order();
            payment.cart.as_mut().expect("a cart").lines[0].measure = measure(sold);
            let line = RefundLine { measure: measure(given), ..some("1", 1_000) };
            let asked = refund(10_000, vec![line]);
            assert_eq!(broken(&asked, &payment, &nothing_before()), expected, "{given:?} of {sold:?}");
            let found = rules::check(&asked, &payment, &nothing_before(), &policy()).err();
            let found = found.and_then(|found| found.as_slice()[0].suggestion.clone());
            assert_eq!(found.map(|one| one.value.to_string()).as_deref(), offered);
        };
        let broken = &["cart-measure-in-order@lines[0].measure"];
        check(Some("шт."), Some("шт."), &[], None);
        check(None, Some("шт."), &[], None);
        check(Some("шт."), None, &[], None);
        check(Some("шт"), Some("шт."), broken, None);
        check(Some("Шт. "), Some("шт."), broken, Some("шт."));
        check(Some("кг"), Some("г"), broken, None);
    }
}
