//! Every sentence of `refund-core` is fit for both languages, and shows the values it is given.

use refund_core::{
    AccountId, CartNeed, CartPolicy, Currency, Message, Money, Opaque, Payment, PaymentId, PaymentRef,
    PaymentState, Prior, ProviderId, RefundAmount, RefundCommand, rules,
};
use refund_text::{Lang, check_def, render};

#[test]
fn every_rule_speaks_both_languages() {
    assert!(!rules::ALL.is_empty());
    for rule in rules::ALL {
        for def in rule.messages {
            check_def(def).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// Sentences that no rule's definition names are reached by breaking rules in every way.
#[test]
fn what_the_rules_say_is_whole_in_both_languages() {
    let mut said = Vec::new();
    for state in [PaymentState::Captured, PaymentState::Held, PaymentState::Other("ODD".into())] {
        for amount in [None, Some(Money::rub(-1)), Some(Money::rub(101)), Some(Money::new(1, yen()))] {
            for refunded in [0, 100] {
                said.extend(violations(amount, &state, Money::rub(refunded)));
            }
        }
    }
    let mut ids: Vec<_> = said.iter().map(|message| message.def().id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() >= 5, "the table reaches too few sentences: {ids:?}");
    for message in &said {
        check_def(message.def()).unwrap_or_else(|error| panic!("{error}"));
        for lang in [Lang::En, Lang::Ru] {
            let text = render(message, lang);
            assert!(!text.contains(['{', '}', '\u{2068}', '\u{2069}']), "{lang:?}: {text}");
        }
    }
}

#[test]
fn a_rule_speaks_of_both_values() {
    let [message] = &violations(Some(Money::rub(15_050)), &PaymentState::Captured, Money::rub(100))[..]
    else {
        panic!("one rule is broken");
    };
    let (en, ru) = (render(message, Lang::En), render(message, Lang::Ru));
    for text in [&en, &ru] {
        assert!(["150.50 RUB", "1.00 RUB"].iter().all(|value| text.contains(value)), "{text}");
    }
    assert!(en.starts_with("150.50 RUB asked") && ru.starts_with("Запрошено 150.50 RUB"), "{en}\n{ru}");
}

fn yen() -> Currency {
    Currency::from_code("JPY").expect("the yen is in ISO 4217")
}

/// What the rules say about a refund of a payment of one rouble. `None` asks for everything that is left.
fn violations(amount: Option<Money>, state: &PaymentState, refunded: Money) -> Vec<Message> {
    let reference = PaymentRef {
        provider: ProviderId::from_static("acme"),
        account: AccountId::parse("shop").expect("valid"),
        payment: PaymentId::parse("1").expect("valid"),
    };
    let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
    let mut payment = Payment::new(Money::rub(100), state.clone(), data);
    payment.refunded = Some(refunded);
    let command = RefundCommand::new(reference, amount.map_or(RefundAmount::Full, RefundAmount::Exactly));
    let policy = CartPolicy::new(CartNeed::OrdersWithCart);
    match rules::check(&command, &payment, &Prior::none(Currency::RUB), &policy) {
        Ok(_) => Vec::new(),
        Err(found) => found.as_slice().iter().map(|violation| violation.message.clone()).collect(),
    }
}
