//! What Newgate refuses, beside the rules of `refund-core` that hold for every gateway.
//!
//! A rule is told with a stable id, a place and both values, before a byte is sent. Bytes and connections are not known
//! here.

use crate::descriptor::DESCRIPTOR;
use refund_core::{
    CheckedRefund, Message, MessageDef, Payment, ReceiptChoice, Support, Violation, refund::Extent,
    rules::{Evidence, RuleDef},
};

/// Every rule of this provider, in precedence order.
pub const ALL: &[&RuleDef] = &[&CURRENCY, &WHOLE_ONLY, &NO_RECEIPT, &NO_PENALTY];

/// Only currencies of the descriptor.
pub static CURRENCY: RuleDef =
    RuleDef::new("newgate-currency", Evidence::Confirmed, &[&OTHER_CURRENCY], "cite the document and its paragraph");

/// A payment goes back as a whole while the descriptor says so.
pub static WHOLE_ONLY: RuleDef =
    RuleDef::new("newgate-whole-only", Evidence::Confirmed, &[&NOT_WHOLE], "cite the document and its paragraph");

/// No receipts while the descriptor says so: asking for one must not be passed over in silence.
pub static NO_RECEIPT: RuleDef =
    RuleDef::new("newgate-no-receipt", Evidence::Confirmed, &[&RECEIPT], "cite the document and its paragraph");

/// No penalty is kept while the descriptor says so: one that was asked for must not be paid out in silence.
pub static NO_PENALTY: RuleDef =
    RuleDef::new("newgate-no-penalty", Evidence::Confirmed, &[&PENALTY], "cite the document and its paragraph");

static OTHER_CURRENCY: MessageDef = MessageDef {
    id: "newgate-currency",
    en: "Newgate does not refund in { $currency }.",
    ru: "Newgate не возвращает в валюте { $currency }.",
};
static NOT_WHOLE: MessageDef = MessageDef {
    id: "newgate-whole-only",
    en: "{ $asked } asked of { $captured }; Newgate gives back whole payments only.",
    ru: "Запрошено { $asked } из { $captured }: Newgate возвращает только платёж целиком.",
};
static RECEIPT: MessageDef = MessageDef {
    id: "newgate-no-receipt",
    en: "Newgate makes no receipts; ask for the refund without one and make the receipt elsewhere.",
    ru: "Newgate не формирует чеки: запросите возврат без чека и пробейте чек отдельно.",
};

static PENALTY: MessageDef = MessageDef {
    id: "newgate-no-penalty",
    en: "Newgate keeps no penalty ({ $penalty }); ask for a smaller refund instead.",
    ru: "Newgate не удерживает часть суммы ({ $penalty }): запросите возврат на меньшую сумму.",
};

/// Every violation at once, in precedence order.
pub fn check(refund: &CheckedRefund, payment: &Payment) -> Vec<Violation> {
    let (can, amount) = (&DESCRIPTOR.capabilities, refund.amount());
    let mut found = Vec::new();
    if !can.currencies.contains(&amount.currency()) {
        let message = Message::new(&OTHER_CURRENCY).with("currency", amount.currency());
        found.push(Violation::new(&CURRENCY, "amount", message));
    }
    if can.partial == Support::No && refund.extent() != Extent::Untouched {
        let message = Message::new(&NOT_WHOLE).with("asked", amount).with("captured", payment.captured);
        found.push(Violation::new(&WHOLE_ONLY, "amount", message));
    }
    if can.receipts == Support::No && refund.receipt() != ReceiptChoice::None {
        found.push(Violation::new(&NO_RECEIPT, "receipt", Message::new(&RECEIPT)));
    }
    if let Some(penalty) = refund.command().penalty.filter(|_| can.penalty == Support::No) {
        let message = Message::new(&PENALTY).with("penalty", penalty);
        found.push(Violation::new(&NO_PENALTY, "penalty", message));
    }
    found
}
