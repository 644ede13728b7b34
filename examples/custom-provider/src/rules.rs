//! Acme's own rules, beside those of `refund-core` that hold for every gateway.
//!
//! A rule is told with a stable id, a place and both values, before a byte is sent. Bytes and connections are not known here.

use refund_core::{
    CheckedRefund, Message, MessageDef, Money, ReceiptChoice, Violation,
    rules::{Evidence, RuleDef},
};

/// The least Acme refunds.
pub const MINIMUM: Money = Money::rub(1_00);

/// Every rule of this provider, in precedence order.
pub const ALL: &[&RuleDef] = &[&AT_LEAST_MINIMUM, &NO_RECEIPT, &NO_PENALTY];

/// The smallest refund, as data.
pub static AT_LEAST_MINIMUM: RuleDef = RuleDef::new(
    "acme-minimum",
    Evidence::Confirmed,
    &[&TOO_LITTLE],
    "Acme Pay, Refunds, \"Limits\" (made up)",
);

/// Acme makes no receipts, so asking for one must not be passed over in silence.
pub static NO_RECEIPT: RuleDef = RuleDef::new(
    "acme-no-receipt",
    Evidence::Confirmed,
    &[&RECEIPT],
    "Acme Pay, Refunds, \"Receipts\" (made up)",
);

/// Acme keeps nothing back, so a penalty must not be passed over in silence: the payer would get all of it.
pub static NO_PENALTY: RuleDef = RuleDef::new(
    "acme-no-penalty",
    Evidence::Confirmed,
    &[&PENALTY],
    "Acme Pay, Refunds, \"Amount\" (made up)",
);

static TOO_LITTLE: MessageDef = MessageDef {
    id: "acme-minimum",
    en: "{ $asked } asked; Acme refunds { $minimum } and more.",
    ru: "Запрошено { $asked }: Акме возвращает от { $minimum }.",
};

static RECEIPT: MessageDef = MessageDef {
    id: "acme-no-receipt",
    en: "Acme makes no receipts; ask for the refund without one and make the receipt elsewhere.",
    ru: "Акме не формирует чеки: запросите возврат без чека и пробейте чек отдельно.",
};

static PENALTY: MessageDef = MessageDef {
    id: "acme-no-penalty",
    en: "Acme keeps no penalty; ask for a refund of the amount less { $penalty } instead.",
    ru: "Акме не делает удержаний: запросите возврат на сумму за вычетом { $penalty }.",
};

/// What Acme would refuse: every violation at once, in precedence order.
pub fn check(refund: &CheckedRefund) -> Vec<Violation> {
    [minimum(refund), receipt(refund), penalty(refund)].into_iter().flatten().collect()
}

/// Another currency than the minimum's is refused too.
fn minimum(refund: &CheckedRefund) -> Option<Violation> {
    let enough = refund.amount().checked_cmp(MINIMUM).is_ok_and(|order| order.is_ge());
    let message = || Message::new(&TOO_LITTLE).with("asked", refund.amount()).with("minimum", MINIMUM);
    (!enough).then(|| Violation::new(&AT_LEAST_MINIMUM, "amount", message()))
}

fn receipt(refund: &CheckedRefund) -> Option<Violation> {
    let asked = refund.receipt() != ReceiptChoice::None;
    asked.then(|| Violation::new(&NO_RECEIPT, "receipt", Message::new(&RECEIPT)))
}

fn penalty(refund: &CheckedRefund) -> Option<Violation> {
    let penalty = refund.command().penalty?;
    Some(Violation::new(&NO_PENALTY, "penalty", Message::new(&PENALTY).with("penalty", penalty)))
}
