//! Rule: robokassa-sum-left-out
//!
//! `RefundSum` is left out exactly when everything was asked for ("full") and the operation is untouched as far as gateway
//! and journal know; any other amount is sent as a number, also one that equals the whole payment. The rule permits: it
//! never refuses.

use refund_core::{
    CheckedRefund, MessageDef, RefundAmount, RuleId,
    refund::Extent,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-sum-left-out"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Vendor plugin: RefundSum is left out for all that is unrefunded (CONFIRMED); that it means \"all that is left\" \
             is the plugin's assumption (REPORTED)",
    contradiction: Some(
        "The plugin leaves the sum out for the remainder too, after earlier partial refunds. Refunds made in the cabinet \
         are invisible here, so a number is always sent as that number: the gateway refuses it when something was already \
         returned, where a sum left out would quietly become the rest.",
    ),
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-sum-left-out",
    en: "A full refund of an untouched payment is sent without a sum; every other refund with its exact sum.",
    ru: "Полный возврат нетронутого платежа отправляется без суммы, любой другой — с точной суммой.",
};

/// True when the sum is left out.
pub(super) fn permits(refund: &CheckedRefund) -> bool {
    refund.command().amount == RefundAmount::Full && refund.extent() == Extent::Untouched
}
