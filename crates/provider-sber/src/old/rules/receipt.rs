//! Rule: sber-old-receipt
//!
//! At this gateway the cart is the receipt: a refund with lines makes one from them, and a receipt needs a cart to be
//! made from.
//!
//! | receipt | lines | here |
//! |---|---|---|
//! | cart | given | the lines are sent |
//! | cart | none, whole refund of an order with a cart | sent without lines; the gateway takes the order's own cart (GUESS: implied by "the cart is optional for a full refund", stated nowhere) |
//! | cart | none, order without a cart | refused: nothing to make a receipt from |
//! | none | none | sent without lines. Whether the account's OFD prints something for an order with a cart is its setting |
//! | none | given | refused: the gateway has no way to take a cart and make no receipt |

use crate::old::record::PaymentRecord;
use refund_core::{
    CheckedRefund, Message, MessageDef, Payment, ReceiptChoice, Violation,
    rules::{Evidence, RuleDef, RuleId, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("sber-old-receipt"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&NO_CART, &CART_MAKES_ONE, &UNKNOWN],
    source: "Sber, refund.do: refundItems is the cart of the refund, the only thing in it a receipt can be made from \
             (CONFIRMED by absence of any other)",
    contradiction: Some(
        "A full refund needs no cart, and nothing says whether its receipt is then made of the order's own. It is sent \
         without lines (GUESS); a receipt that does not come is seen in the receipt's own state.",
    ),
};

pub(super) static NO_CART: MessageDef = MessageDef {
    id: "sber-old-receipt",
    en: "A receipt is asked for, and neither the refund has lines nor the order a cart to make it from. Say which lines \
         come back, or refund without a receipt.",
    ru: "Запрошен чек, но ни в возврате нет позиций, ни у заказа корзины: чек не из чего составить. Укажите позиции или \
         верните без чека.",
};
pub(super) static CART_MAKES_ONE: MessageDef = MessageDef {
    id: "sber-old-receipt-cart-makes-one",
    en: "Lines are given and no receipt is wanted; Sber makes the refund's receipt from the lines it is sent. Ask for the \
         receipt by name (receipt: cart), or leave the lines out.",
    ru: "Указаны позиции, но чек не нужен; Сбер составляет чек возврата из переданных позиций. Запросите чек явно \
         (receipt: cart) или не указывайте позиции.",
};
pub(super) static UNKNOWN: MessageDef = MessageDef {
    id: "sber-old-receipt-unknown",
    en: "This version of the Sber provider does not know this kind of receipt.",
    ru: "Эта версия модуля Сбера не знает такого вида чека.",
};

pub(super) fn check(refund: &CheckedRefund, payment: &Payment) -> Option<Violation> {
    let (path, message) = match (refund.receipt(), refund.lines()) {
        (ReceiptChoice::Cart, Some(_)) | (ReceiptChoice::None, None) => return None,
        (ReceiptChoice::Cart, None) if has_cart(payment) => return None,
        (ReceiptChoice::Cart, None) => ("lines", &NO_CART),
        (ReceiptChoice::None, Some(_)) => ("receipt", &CART_MAKES_ONE),
        _ => ("receipt", &UNKNOWN),
    };
    Some(Violation::new(&RULE, path, Message::new(message)))
}

/// True also for a cart this version could not read: the gateway can.
fn has_cart(payment: &Payment) -> bool {
    let unreadable =
        || PaymentRecord::read(&payment.data).is_ok_and(|record| record.unreadable_cart.is_some());
    payment.cart.is_some() || unreadable()
}
