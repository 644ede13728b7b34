//! Rule: sber-old-penalty
//!
//! A penalty is kept from the refund, so it is in the refund's currency, not below zero and not above the refund.

use super::reserved_name::PENALTY_NAME;
use crate::old::wire::form::JsonParams;
use refund_core::{
    CheckedRefund, Message, MessageDef, Money, Violation,
    rules::{RuleDef, RuleId},
};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-penalty"),
    message: &OUTSIDE,
    source: "Sber, refund.do, jsonParams: the penalty is what is kept from the refund, {\"penalty\":\"1300\"}, a string \
             (CONFIRMED), of minor units (from its second example); no bound is stated, 0 to the refund's amount is a GUESS",
};

pub(super) static OUTSIDE: MessageDef = MessageDef {
    id: "sber-old-penalty",
    en: "A penalty of { $penalty } cannot be kept from a refund of { $asked }: it is from { $least } to { $asked }.",
    ru: "Штраф { $penalty } нельзя удержать из возврата { $asked }: он может быть от { $least } до { $asked }.",
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
    found.push(Violation::new(RULE.id, "penalty", message));
    params
}
