//! Rule: robokassa-not-taken
//!
//! What this gateway has no place for is refused rather than silently left out.

use refund_core::{
    Message, MessageDef, RefundCommand, RuleId, Violation,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-not-taken"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, refund API page: OpKey, RefundSum and InvoiceItems are all a refund has (CONFIRMED)",
    contradiction: None,
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-not-taken",
    en: "Robokassa takes no \"{ $field }\" with a refund; leave it out.",
    ru: "Robokassa не принимает «{ $field }» при возврате; уберите это поле.",
};

pub(super) fn check(command: &RefundCommand, found: &mut Vec<Violation>) {
    // What a request file calls it, and where it is in the command.
    let given = [
        ("penalty", "penalty", command.penalty.is_some()),
        ("json_params", "params", !command.params.is_empty()),
        ("language", "language", command.language.is_some()),
        ("receipt_extras", "receipt_extras", !command.receipt_extras.is_empty()),
    ];
    found.extend(
        given
            .into_iter()
            .filter(|(.., given)| *given)
            .map(|(field, path, _)| Violation::new(&RULE, path, Message::new(&MESSAGE).with("field", field))),
    );
}
