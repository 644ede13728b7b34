//! A refund with a receipt as it leaves: the payload and the token around it, byte for byte. No network.

use super::{OP_KEY, base64url::from_base64url, looked_up, paid, payment_ref, shop, whole_info};
use crate::{
    script::Script,
    support::{fire, key},
};
use provider_robokassa::Robokassa;
use refund_core::{
    Cart, Currency, Fired, Line, LineFiscal, Money, NotSent, NotSentReason, Payment, Prepared, Prior,
    Quantity, ReceiptChoice, RefundAmount, RefundCommand, RefundLine, RefundProvider, rules,
};

fn prepare(robokassa: &Robokassa, command: &RefundCommand, payment: &Payment) -> Prepared {
    let prior = Prior::none(Currency::RUB);
    let refund = rules::check(command, payment, &prior, &robokassa.describe().cart).expect("in order");
    robokassa.prepare(&refund, payment, &key()).expect("a request")
}

/// Two of three packets of tea, 66.67, and half of the honey, with the receipt.
fn two_lines() -> RefundCommand {
    let fiscal = |vat: &str| {
        let word = str::to_owned;
        Some(LineFiscal { vat: word(vat), method: word("full_payment"), object: word("commodity") })
    };
    let mut tea = Line::new("1", "Чай «Ёлочка», 100 г", Quantity::from_thousandths(3_000));
    (tea.amount, tea.fiscal) = (Some(Money::rub(10_000)), fiscal("vat20"));
    let mut honey = Line::new("2", "Мёд \"липовый\"", Quantity::from_thousandths(500));
    (honey.price, honey.amount, honey.fiscal) =
        (Some(Money::rub(10_000)), Some(Money::rub(5_000)), fiscal("vat10"));
    let mut command = RefundCommand::new(payment_ref("1001"), RefundAmount::Exactly(Money::rub(9_167)));
    let mut packets = RefundLine::new("1", Quantity::from_thousandths(2_000));
    packets.amount = Some(Money::rub(6_667));
    command.lines = Some(vec![packets, RefundLine::new("2", Quantity::from_thousandths(250))]);
    (command.order, command.receipt) = (Some(Cart { lines: vec![tea, honey] }), ReceiptChoice::Cart);
    command
}

#[tokio::test]
async fn positions_are_pinned_as_payload_and_as_the_token_that_left() {
    let script = Script::new();
    let shop = shop(&script);
    let payment = looked_up(paid(100, &whole_info())).await.expect("a payment");
    let part = prepare(&shop, &two_lines(), &payment);
    insta::assert_snapshot!("items_payload", String::from_utf8_lossy(part.payload().bytes()));
    script.answers(Fired::NotSent(NotSent::new(NotSentReason::NeverHanded, "closed")));
    fire(shop.open(&part).await.expect("a connection")).await;
    let seen = script.seen();
    let token = seen.lines().last().expect("a body").trim_matches('"');
    insta::assert_snapshot!("items_token", token);
    let middle = token.split('.').nth(1).expect("three segments");
    assert_eq!(from_base64url(middle), part.payload().bytes());
    // The same lines without a receipt send no position.
    let mut money = two_lines();
    money.receipt = ReceiptChoice::None;
    let money = prepare(&shop, &money, &payment);
    assert_eq!(money.payload().bytes(), format!(r#"{{"OpKey":"{OP_KEY}","RefundSum":91.67}}"#).as_bytes());
}
