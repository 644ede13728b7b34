//! Rule: sber-old-payment
//!
//! A payment is named by the gateway's own order id, and belongs to the account that asks.

use crate::{
    OrderId, OrderIdError,
    old::{config::Config, descriptor::ID},
};
use refund_core::{
    AccountId, Message, MessageDef, PaymentRef, Violation,
    rules::{Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-payment"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&NOT_AN_ORDER_ID, &NOT_OURS],
    source: "Sber, refund.do: orderId is ANS36, unique within the gateway (CONFIRMED)",
    contradiction: None,
};

pub(super) static NOT_OURS: MessageDef = MessageDef {
    id: "sber-old-payment-not-ours",
    en: "The payment { $payment } is not one of { $ours }.",
    ru: "Платёж { $payment } не относится к { $ours }.",
};
pub(super) static NOT_AN_ORDER_ID: MessageDef = MessageDef {
    id: "sber-old-payment",
    en: "\"{ $payment }\" is not an orderId of Sber: exactly 36 Latin letters, digits and symbols are needed (ANS36). \
         The shop's own order number is not it.",
    ru: "«{ $payment }» не является идентификатором заказа Сбера (orderId): нужно ровно 36 латинских букв, цифр и \
         символов (ANS36). Номер заказа магазина не подходит.",
};

/// The order id of a payment of this account at this gateway.
pub(in crate::old) fn order_id(payment: &PaymentRef, config: &Config) -> Result<OrderId, NotOurs> {
    let account = config.account();
    if payment.provider != ID || payment.account != *account {
        return Err(NotOurs::Place { payment: payment.clone(), account: account.clone() });
    }
    Ok(OrderId::parse(payment.payment.as_str())?)
}

/// Why a payment cannot be asked for here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::old) enum NotOurs {
    #[error("{payment} is not one of {ID}/{account}")]
    Place { payment: PaymentRef, account: AccountId },
    #[error(transparent)]
    OrderId(#[from] OrderIdError),
}

pub(super) fn check(payment: &PaymentRef, config: &Config) -> Result<OrderId, Violation> {
    order_id(payment, config).map_err(|reason| {
        let message = match reason {
            NotOurs::Place { account, .. } => {
                Message::new(&NOT_OURS).with("payment", payment).with("ours", format_args!("{ID}/{account}"))
            }
            NotOurs::OrderId(_) => Message::new(&NOT_AN_ORDER_ID).with("payment", &payment.payment),
        };
        Violation::new(&RULE, "payment", message)
    })
}
