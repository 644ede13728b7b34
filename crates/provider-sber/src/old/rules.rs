//! What this dialect refuses before anything is sent: the gateway's own limits, each with its source.
//!
//! Core's rules have already passed. All violations are reported together. It must not build a request.

use super::{
    config::Config,
    descriptor::{CURRENCIES, ID},
    wire::form::Amount,
};
use crate::{OrderId, OrderIdError};
use refund_core::{
    AccountId, CheckedRefund, Message, MessageDef, Money, Payment, PaymentRef, ReceiptChoice, Violation,
    Violations,
    refund::Extent,
    rules::{RuleDef, RuleId},
};

/// The rules of this dialect, in precedence order.
pub const RULES: &[&RuleDef] = &[&PAYMENT, &CURRENCY, &AMOUNT, &RECEIPT, &CART_NEEDED];

/// Every sentence the rules say.
pub const MESSAGES: &[&MessageDef] =
    &[&NOT_OURS, &NOT_AN_ORDER_ID, &OTHER_CURRENCY, &AMOUNT_TOO_LONG, &NO_RECEIPTS, &NEEDS_CART];

const PAYMENT: RuleDef = RuleDef {
    id: RuleId::new("sber-old-payment"),
    message: &NOT_AN_ORDER_ID,
    source: "Sber, refund.do: orderId is ANS36, unique within the gateway (CONFIRMED)",
};
const CURRENCY: RuleDef = RuleDef {
    id: RuleId::new("sber-old-currency"),
    message: &OTHER_CURRENCY,
    source: "refund.do has no currency member in Sber's table (CONFIRMED); roubles alone are supported here",
};
const AMOUNT: RuleDef = RuleDef {
    id: RuleId::new("sber-old-amount"),
    message: &AMOUNT_TOO_LONG,
    source: "Sber, refund.do: amount is N..12, minor units (CONFIRMED); 0 means the whole order (CONFIRMED, Sber \
             wiki) and is never sent",
};
const RECEIPT: RuleDef = RuleDef {
    id: RuleId::new("sber-old-receipt"),
    message: &NO_RECEIPTS,
    source: "a limit of this version: refundItems are not sent yet",
};
const CART_NEEDED: RuleDef = RuleDef {
    id: RuleId::new("sber-old-cart-needed"),
    message: &NEEDS_CART,
    source: "Sber, refund.do: an order with a cart is refunded in part, or in several steps, with a cart only; code 8 \
             otherwise (CONFIRMED)",
};

static NOT_OURS: MessageDef = MessageDef {
    id: "sber-old-payment-not-ours",
    en: "The payment { $payment } is not one of { $ours }.",
    ru: "Платёж { $payment } не относится к { $ours }.",
};
static NOT_AN_ORDER_ID: MessageDef = MessageDef {
    id: "sber-old-payment",
    en: "\"{ $payment }\" is not an orderId of Sber: exactly 36 Latin letters, digits and symbols are needed (ANS36). \
         The shop's own order number is not it.",
    ru: "«{ $payment }» не является идентификатором заказа Сбера (orderId): нужно ровно 36 латинских букв, цифр и \
         символов (ANS36). Номер заказа магазина не подходит.",
};
static OTHER_CURRENCY: MessageDef = MessageDef {
    id: "sber-old-currency",
    en: "The refund is in { $asked }; this gateway refunds in { $supported } here.",
    ru: "Возврат запрошен в { $asked }; через этот шлюз поддерживается возврат в { $supported }.",
};
static AMOUNT_TOO_LONG: MessageDef = MessageDef {
    id: "sber-old-amount",
    en: "{ $asked } is outside what the gateway takes: from { $least } to { $most }, twelve digits of minor units.",
    ru: "{ $asked } вне допустимого: шлюз принимает от { $least } до { $most }, двенадцать цифр в копейках.",
};
static NO_RECEIPTS: MessageDef = MessageDef {
    id: "sber-old-receipt",
    en: "A refund with a cart and its receipt is not supported for Sber yet: refund the money alone and make the receipt \
         elsewhere, or refund in the merchant's personal account.",
    ru: "Возврат с корзиной и чеком через Сбер пока не поддерживается: верните только деньги, а чек оформите отдельно, \
         или сделайте возврат в личном кабинете продавца.",
};
static NEEDS_CART: MessageDef = MessageDef {
    id: "sber-old-cart-needed",
    en: "The order has a cart of { $lines } lines, and { $asked } is not the whole of an order nothing was refunded of: \
         Sber takes such a refund with a cart only, which is not supported yet. Refund it in full, or in the merchant's \
         personal account.",
    ru: "У заказа есть корзина (позиций: { $lines }), а { $asked } — это не полный возврат нетронутого заказа: такой \
         возврат Сбер принимает только с корзиной, что пока не поддерживается. Верните заказ целиком или сделайте \
         возврат в личном кабинете продавца.",
};

/// What a request needs, once nothing is wrong.
pub(super) struct Sendable {
    pub(super) order_id: OrderId,
    pub(super) amount: Amount,
}

/// # Errors
/// Every violation.
pub(super) fn check(
    refund: &CheckedRefund,
    payment: &Payment,
    config: &Config,
) -> Result<Sendable, Violations> {
    let (order_id, amount) = (self::payment(refund.payment(), config), twelve_digits(refund.amount()));
    let others = [currency(refund.amount()), receipt(refund), cart(refund, payment)];
    match (order_id, amount) {
        (Ok(order_id), Ok(amount)) if others.iter().all(Option::is_none) => Ok(Sendable { order_id, amount }),
        (order_id, amount) => {
            let [currency, receipt, cart] = others;
            let found = [order_id.err(), currency, amount.err(), receipt, cart];
            Err(Violations::found(found.into_iter().flatten().collect())
                .expect("this arm is reached only when one of the five is a violation"))
        }
    }
}

/// The order id of a payment of this account at this gateway.
pub(super) fn order_id(payment: &PaymentRef, config: &Config) -> Result<OrderId, NotOurs> {
    let account = config.account();
    if payment.provider != ID || payment.account != *account {
        return Err(NotOurs::Place { payment: payment.clone(), account: account.clone() });
    }
    Ok(OrderId::parse(payment.payment.as_str())?)
}

/// Why a payment cannot be asked for here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotOurs {
    #[error("{payment} is not one of {ID}/{account}")]
    Place { payment: PaymentRef, account: AccountId },
    #[error(transparent)]
    OrderId(#[from] OrderIdError),
}

fn payment(payment: &PaymentRef, config: &Config) -> Result<OrderId, Violation> {
    order_id(payment, config).map_err(|reason| {
        let message = match reason {
            NotOurs::Place { account, .. } => {
                Message::new(&NOT_OURS).with("payment", payment).with("ours", format_args!("{ID}/{account}"))
            }
            NotOurs::OrderId(_) => Message::new(&NOT_AN_ORDER_ID).with("payment", &payment.payment),
        };
        Violation::new(PAYMENT.id, "payment", message)
    })
}

fn currency(amount: Money) -> Option<Violation> {
    let supported = CURRENCIES.contains(&amount.currency());
    (!supported).then(|| {
        let names: Vec<_> = CURRENCIES.iter().map(|currency| currency.code()).collect();
        let message = Message::new(&OTHER_CURRENCY).with("asked", amount).with("supported", names.join(", "));
        Violation::new(CURRENCY.id, "amount", message)
    })
}

fn twelve_digits(asked: Money) -> Result<Amount, Violation> {
    Amount::from_minor(asked.minor()).ok_or_else(|| {
        let message = Message::new(&AMOUNT_TOO_LONG)
            .with("asked", asked)
            .with("least", Money::new(1, asked.currency()))
            .with("most", Money::new(Amount::MAX, asked.currency()));
        Violation::new(AMOUNT.id, "amount", message)
    })
}

fn receipt(refund: &CheckedRefund) -> Option<Violation> {
    (refund.receipt() != ReceiptChoice::None)
        .then(|| Violation::new(RECEIPT.id, "receipt", Message::new(&NO_RECEIPTS)))
}

fn cart(refund: &CheckedRefund, payment: &Payment) -> Option<Violation> {
    let lines = payment.cart.as_ref().map_or(0, |cart| cart.lines.len());
    (lines > 0 && refund.extent() != Extent::Untouched).then(|| {
        let message = Message::new(&NEEDS_CART).with("lines", lines).with("asked", refund.amount());
        Violation::new(CART_NEEDED.id, "amount", message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::old::BaseUrl;
    use refund_core::{
        Actors, Cart, Currency, Line, Opaque, PaymentId, PaymentState, Prior, ProviderId, Quantity,
        RefundAmount, RefundCommand, rules,
    };
    use secrecy::SecretString;

    const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

    fn config() -> Config {
        let password = SecretString::from("password-canary");
        Config::new("shop-api", password, BaseUrl::test(), Actors::OnlyUs).expect("valid")
    }

    fn place(provider: &str, account: &str, order: &str) -> PaymentRef {
        PaymentRef {
            provider: ProviderId::parse(provider).expect("valid"),
            account: AccountId::parse(account).expect("valid"),
            payment: PaymentId::parse(order).expect("valid"),
        }
    }

    /// A payment of `captured` kopecks with so many lines in its cart.
    fn order(captured: Money, refunded: i64, lines: usize) -> Payment {
        let data = Opaque::new("sber-old/payment@1", b"{}".to_vec()).expect("short");
        let mut payment = Payment::new(captured, PaymentState::Captured, data);
        payment.refunded = Some(Money::new(refunded, captured.currency()));
        let line = Line {
            position: "1".to_owned(),
            name: "n".to_owned(),
            code: None,
            quantity: Quantity::from_thousandths(1_000),
            measure: None,
            price: None,
            amount: None,
        };
        payment.cart = (lines > 0).then(|| Cart { lines: vec![line; lines] });
        payment
    }

    fn broken(command: &RefundCommand, payment: &Payment) -> Vec<&'static str> {
        let prior = Prior::none(payment.captured.currency());
        let checked = rules::check(command, payment, &prior).expect("core's rules pass");
        match check(&checked, payment, &config()) {
            Ok(_) => vec![],
            Err(found) => found.as_slice().iter().map(|violation| violation.rule.as_str()).collect(),
        }
    }

    #[test]
    fn what_is_refused() {
        let ours = place("sber-old", "shop-api", ORDER);
        let full = RefundCommand::new(ours.clone(), RefundAmount::Full);
        let part = RefundCommand::new(ours, RefundAmount::Exactly(Money::rub(1)));
        let rub = Money::rub(47_000);
        let none: &[&str] = &[];
        assert_eq!(broken(&full, &order(rub, 0, 0)), none);
        assert_eq!(broken(&part, &order(rub, 0, 0)), none);
        // A cart is not needed for the whole of an untouched order, and for nothing else.
        assert_eq!(broken(&full, &order(rub, 0, 2)), none);
        assert_eq!(broken(&part, &order(rub, 0, 2)), ["sber-old-cart-needed"]);
        assert_eq!(broken(&full, &order(rub, 100, 2)), ["sber-old-cart-needed"]);
        // Twelve digits and not one more.
        assert_eq!(broken(&full, &order(Money::rub(999_999_999_999), 0, 0)), none);
        assert_eq!(broken(&full, &order(Money::rub(1_000_000_000_000), 0, 0)), ["sber-old-amount"]);
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        assert_eq!(broken(&full, &order(Money::new(500, yen), 0, 0)), ["sber-old-currency"]);
    }

    #[test]
    fn all_are_told_at_once_in_order() {
        let mut command = RefundCommand::new(
            place("sber-old", "shop-api", "A-1"),
            RefundAmount::Exactly(Money::rub(1_000_000_000_001)),
        );
        command.receipt = ReceiptChoice::Cart;
        let found = broken(&command, &order(Money::rub(2_000_000_000_000), 0, 1));
        assert_eq!(
            found,
            ["sber-old-payment", "sber-old-amount", "sber-old-receipt", "sber-old-cart-needed"]
        );
        let listed: Vec<_> = RULES.iter().map(|rule| rule.id.as_str()).collect();
        assert!(found.is_sorted_by_key(|id| listed.iter().position(|rule| rule == id)), "precedence order");
    }

    #[test]
    fn payments_of_others_are_not_ours() {
        for (provider, account, order) in [
            ("robokassa", "shop-api", ORDER),
            ("sber-old", "other-api", ORDER),
            ("sber-old", "shop-api", "A-1"),
            ("sber-old", "shop-api", "130ab8ed-aeb8-7226-ba88-33300128092"),
        ] {
            assert!(
                payment(&place(provider, account, order), &config()).is_err(),
                "{provider}/{account}/{order}"
            );
        }
        assert!(payment(&place("sber-old", "shop-api", ORDER), &config()).is_ok());
    }
}
