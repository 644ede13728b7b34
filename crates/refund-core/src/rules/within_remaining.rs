//! Rule: within-remaining
//!
//! A refund is above zero and within what is left: captured, less what the gateway shows as refunded or this journal
//! saw done (the larger), less what this journal has in flight or cannot tell.

use super::{Facts, RuleDef, RuleId, Violation};
use crate::{Message, MessageDef, Payment, RefundAmount, RefundCommand};

/// The rule as data.
pub(super) const RULE: RuleDef = RuleDef {
    id: RuleId::new("within-remaining"),
    message: &EXCEEDS,
    source: "Sber, refund.do: code 7, the refund exceeds the debited sum (CONFIRMED); Robokassa, refund API: \
             NotEnoughOperationFunds (CONFIRMED)",
};

static EXCEEDS: MessageDef = MessageDef {
    id: "within-remaining",
    en: "{ $asked } asked, { $remaining } can still be refunded: { $captured } was captured, { $used } is refunded or \
         reserved by other refunds.",
    ru: "Запрошено { $asked }, вернуть можно ещё { $remaining }: списано { $captured }, возвращено или занято другими \
         возвратами { $used }.",
};

static NOTHING_LEFT: MessageDef = MessageDef {
    id: "within-remaining-nothing-left",
    en: "Nothing is left to refund: { $captured } was captured, { $used } is refunded or reserved by other refunds.",
    ru: "Возвращать нечего: списано { $captured }, возвращено или занято другими возвратами { $used }.",
};

static NOT_POSITIVE: MessageDef = MessageDef {
    id: "within-remaining-not-positive",
    en: "{ $asked } asked; a refund must be above zero.",
    ru: "Запрошено { $asked }: сумма возврата должна быть больше нуля.",
};

static OTHER_CURRENCY: MessageDef = MessageDef {
    id: "within-remaining-currency",
    en: "The refund is asked in { $asked }, the payment is in { $captured }; both must be the same currency.",
    ru: "Возврат запрошен в { $asked }, а платёж в { $captured }: валюты должны совпадать.",
};

pub(super) fn check(facts: &Facts<'_>) -> Option<Violation> {
    let message = match facts.command.amount {
        RefundAmount::Full if facts.remaining.is_positive() => return None,
        RefundAmount::Full => Message::new(&NOTHING_LEFT),
        RefundAmount::Exactly(asked) if !asked.is_positive() => {
            Message::new(&NOT_POSITIVE).with("asked", asked)
        }
        RefundAmount::Exactly(asked) if asked.minor() <= facts.remaining.minor() => return None,
        RefundAmount::Exactly(asked) => {
            let left = facts.remaining.minor().max(0);
            let remaining = crate::Money::new(left, facts.remaining.currency());
            Message::new(&EXCEEDS).with("asked", asked).with("remaining", remaining)
        }
    };
    let message = message.with("captured", facts.payment.captured).with("used", facts.used);
    Some(Violation::new(RULE.id, "amount", message))
}

/// The refund, the payment or the journal speak of different currencies.
pub(super) fn other_currency(command: &RefundCommand, payment: &Payment) -> Message {
    let asked = match command.amount {
        RefundAmount::Full => payment.captured.currency(),
        RefundAmount::Exactly(asked) => asked.currency(),
    };
    Message::new(&OTHER_CURRENCY).with("asked", asked).with("captured", payment.captured.currency())
}
