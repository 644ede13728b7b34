//! Rule: payment-captured
//!
//! Only money that was taken can be given back. A held payment is reversed instead, a pending one is not paid yet.

use super::{Allowed, Evidence, Findings, RuleDef, RuleId, Severity, Value, Violation, view::View};
use crate::{Message, MessageDef, PaymentState, outcome::sanitize};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("payment-captured"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Sber, refund.do: the request fails if the order's money was not debited (CONFIRMED); Robokassa, refund \
             API: refunds are made of successfully paid operations (CONFIRMED)",
    contradiction: None,
};

static MESSAGE: MessageDef = MessageDef {
    id: "payment-captured",
    en: "The payment is in the state \"{ $state }\"; only a captured payment can be refunded. A held payment is \
         cancelled in the gateway's cabinet instead.",
    ru: "Платёж в состоянии «{ $state }»: вернуть можно только списанный платёж. Удержанный (холд) платёж отменяют в \
         кабинете шлюза.",
};

pub(super) fn check(view: &View<'_>, found: &mut Findings) {
    let state = &view.payment.state;
    if *state != PaymentState::Captured {
        // A state this version does not know is the gateway's own word.
        let state = sanitize(state.as_str(), 40);
        let message = Message::new(&MESSAGE).with("state", &state);
        let allowed = Allowed::Only(Value::text(PaymentState::Captured.as_str()));
        found.push(
            Violation::new(&RULE, "payment", message).with_given(Value::Text(state)).with_allowed(allowed),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    use crate::PaymentState;

    #[test]
    fn only_captured_money_goes_back() {
        let check = |state: PaymentState, expected: &[&str]| {
            let mut payment = order();
            payment.state = state;
            assert_eq!(broken(&bare(PAID), &payment, &nothing_before()), expected);
        };
        check(PaymentState::Captured, &[]);
        check(PaymentState::Pending, &["payment-captured@payment"]);
        check(PaymentState::Held, &["payment-captured@payment"]);
        check(PaymentState::Void, &["payment-captured@payment"]);
        check(PaymentState::Suspended, &["payment-captured@payment"]);
        check(PaymentState::Other("9\u{202e}\u{0}".to_owned()), &["payment-captured@payment"]);
    }
}
