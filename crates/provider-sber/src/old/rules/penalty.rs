//! Rule: sber-old-penalty
//!
//! A penalty is kept from the refund, so it is in the refund's currency, not below zero and not above the refund.

use super::reserved_name::PENALTY_NAME;
use crate::old::wire::form::JsonParams;
use refund_core::{
    CheckedRefund, Message, MessageDef, Money, Violation,
    rules::{Allowed, Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-penalty"),
    severity: Severity::Error,
    evidence: Evidence::Guess,
    messages: &[&OUTSIDE],
    source: "Sber, refund.do, jsonParams: the penalty is what is kept from the refund, {\"penalty\":\"1300\"}, a string \
             (CONFIRMED), of minor units (from its second example); no bound is stated, 0 to the refund's amount is a GUESS",
    contradiction: Some(
        "The table writes \"1300\" and the example \"130000\" beside an amount in kopecks; minor units are taken, and the \
         payer gets the amount less the penalty.",
    ),
};

pub(super) static OUTSIDE: MessageDef = MessageDef {
    id: "sber-old-penalty",
    en: "A penalty of { $penalty } cannot be kept from a refund of { $asked }: it is from { $least } to { $asked }. Lower the penalty.",
    ru: "Удержание { $penalty } из возврата { $asked } невозможно: оно может быть от { $least } до { $asked }. Уменьшите удержание.",
};

/// The parameters, with the penalty if there is one and it fits.
pub(super) fn check(refund: &CheckedRefund, params: JsonParams, found: &mut Vec<Violation>) -> JsonParams {
    let (Some(penalty), asked) = (refund.command().penalty, refund.amount()) else { return params };
    let fits = penalty.currency() == asked.currency() && (0..=asked.minor()).contains(&penalty.minor());
    if fits {
        let text = penalty.minor().to_string();
        return params.with(PENALTY_NAME, &text).expect("the caller's own parameters never hold this name");
    }
    let message = Message::new(&OUTSIDE)
        .with("penalty", penalty)
        .with("asked", asked)
        .with("least", Money::zero(asked.currency()));
    let least = Money::zero(asked.currency());
    let allowed = Allowed::Between(least.into(), asked.into());
    found.push(Violation::new(&RULE, "penalty", message).with_given(penalty).with_allowed(allowed));
    params
}
