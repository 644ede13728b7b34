//! Rule: payment-captured
//!
//! Only money that was taken can be given back. A held payment is reversed instead, a pending one is not paid yet.

use super::{Facts, RuleDef, RuleId, Violation};
use crate::{Message, MessageDef, PaymentState};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("payment-captured"),
    message: &MESSAGE,
    source: "Sber, refund.do: the request fails if the order's money was not debited (CONFIRMED); Robokassa, refund \
             API: refunds are made of successfully paid operations (CONFIRMED)",
};

static MESSAGE: MessageDef = MessageDef {
    id: "payment-captured",
    en: "The payment is in the state \"{ $state }\"; only a captured payment can be refunded. A held payment is \
         cancelled in the gateway's cabinet instead.",
    ru: "Платёж в состоянии «{ $state }»: вернуть можно только списанный платёж. Удержанный (холд) платёж отменяют в \
         кабинете шлюза.",
};

pub(super) fn check(facts: &Facts<'_>) -> Option<Violation> {
    let state = &facts.payment.state;
    (*state != PaymentState::Captured)
        .then(|| Violation::new(RULE.id, "payment", Message::new(&MESSAGE).with("state", state.as_str())))
}
