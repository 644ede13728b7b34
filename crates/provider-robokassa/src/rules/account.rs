//! Rule: robokassa-account
//!
//! A refund is signed with the Password3 of the shop that took the payment.

use crate::ID;
use refund_core::{
    AccountId, Message, MessageDef, PaymentRef, RuleId, Violation,
    rules::{Evidence, RuleDef, Severity, Value},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-account"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, refund API page: the key is the shop's own Password3 (CONFIRMED)",
    contradiction: None,
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-account",
    en: "The payment { $payment } does not belong to the Robokassa shop { $shop }; refund it with the settings of its \
         own shop.",
    ru: "Платёж { $payment } не относится к магазину Robokassa { $shop }: возвращайте его с настройками его магазина.",
};

pub(super) fn check(shop: &AccountId, payment: &PaymentRef) -> Result<(), Violation> {
    if payment.provider == ID && payment.account == *shop {
        return Ok(());
    }
    let message = Message::new(&MESSAGE).with("payment", payment).with("shop", shop);
    Err(Violation::new(&RULE, "payment", message).with_given(Value::text(payment)))
}
