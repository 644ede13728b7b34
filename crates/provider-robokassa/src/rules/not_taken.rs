//! Rule: robokassa-not-taken
//!
//! What this gateway has no place for is refused rather than silently left out.

use refund_core::{Message, MessageDef, RefundCommand, RuleId, Violation, rules::RuleDef};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-not-taken"),
    message: &MESSAGE,
    source: "Robokassa, refund API page: OpKey, RefundSum and InvoiceItems are all a refund has (CONFIRMED)",
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-not-taken",
    en: "Robokassa takes no \"{ $field }\" with a refund; leave it out.",
    ru: "Robokassa не принимает «{ $field }» при возврате; уберите это поле.",
};

pub(super) fn check(command: &RefundCommand, found: &mut Vec<Violation>) {
    let given = [
        ("penalty", command.penalty.is_some()),
        ("params", !command.params.is_empty()),
        ("language", command.language.is_some()),
        ("receipt_extras", !command.receipt_extras.is_empty()),
    ];
    found.extend(
        given
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(field, _)| Violation::new(RULE.id, field, Message::new(&MESSAGE).with("field", field))),
    );
}
