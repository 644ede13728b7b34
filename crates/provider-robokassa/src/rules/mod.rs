//! What this gateway cannot refund: rules beside those of the core, each in a file of its own.
//!
//! They turn a checked refund into the payload that is sent, or tell every violation at once. They must not know how it
//! is sent.

mod account;
mod currency;
mod operation_key;
mod receipt;

use crate::wire::create::CreatePayload;
use refund_core::{AccountId, CheckedRefund, Payment, Violations, refund::Extent, rules::RuleDef};

/// Every rule of this provider, in precedence order, for catalogues.
pub const ALL: &[&RuleDef] = &[&account::RULE, &operation_key::RULE, &currency::RULE, &receipt::RULE];

/// The payload of a refund that every rule accepts.
///
/// `RefundSum` is left out exactly when the operation is untouched as far as gateway and journal know and all of it goes
/// back; then the two ways to say it mean the same. Whenever they could differ the sum is explicit.
///
/// # Errors
/// Every violation at once, in precedence order.
pub(crate) fn payload(
    shop: &AccountId,
    refund: &CheckedRefund,
    payment: &Payment,
) -> Result<CreatePayload, Violations> {
    let account = account::check(shop, refund.payment());
    let key = operation_key::check(payment);
    let amount = currency::check(refund.amount());
    let receipt = receipt::check(refund.receipt());
    match (account, key, amount, receipt) {
        (Ok(()), Ok(key), Ok(amount), Ok(())) => {
            let refund_sum = (refund.extent() != Extent::Untouched).then_some(amount);
            Ok(CreatePayload { refund_sum, ..CreatePayload::new(key) })
        }
        (account, key, amount, receipt) => {
            let found = [account.err(), key.err(), amount.err(), receipt.err()];
            let found = found.into_iter().flatten().collect();
            Err(Violations::found(found).expect("the arm above takes the refund that breaks no rule"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schema, wire::op_key::OpKey};
    use refund_core::{
        Currency, Money, Opaque, PaymentId, PaymentRef, PaymentState, Prior, ProviderId, ReceiptChoice,
        RefundAmount, RefundCommand, rules,
    };

    struct Case {
        provider: &'static str,
        shop: &'static str,
        currency: Currency,
        data: Opaque,
        receipt: ReceiptChoice,
        /// In minor units; `None` is full.
        amount: Option<i64>,
        done: i64,
    }

    fn fine() -> Case {
        let key = OpKey::parse("ABC-1").expect("a key");
        Case {
            provider: "robokassa",
            shop: "demo",
            currency: Currency::RUB,
            data: schema::payment(Some(&key)),
            receipt: ReceiptChoice::None,
            amount: None,
            done: 0,
        }
    }

    fn check(case: Case, expected: Result<&str, &[&str]>) {
        let amount = match case.amount {
            None => RefundAmount::Full,
            Some(minor) => RefundAmount::Exactly(Money::new(minor, case.currency)),
        };
        let of = PaymentRef {
            provider: ProviderId::parse(case.provider).expect("an id"),
            account: AccountId::parse(case.shop).expect("a login"),
            payment: PaymentId::parse("1001").expect("an id"),
        };
        let mut command = RefundCommand::new(of, amount);
        command.receipt = case.receipt;
        let captured = Money::new(15_000, case.currency);
        let payment = Payment::new(captured, PaymentState::Captured, case.data);
        let prior = Prior { done: Money::new(case.done, case.currency), open: Money::zero(case.currency) };
        let refund = rules::check(&command, &payment, &prior).expect("the core's rules hold");
        let got = payload(&AccountId::parse("demo").expect("a login"), &refund, &payment);
        match (got, expected) {
            (Ok(payload), Ok(json)) => assert_eq!(String::from_utf8_lossy(&payload.to_json()), json),
            (Err(found), Err(ids)) => {
                let got: Vec<_> = found.as_slice().iter().map(|v| v.rule.as_str()).collect();
                assert_eq!(got, ids);
            }
            (got, expected) => panic!("{got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn the_sum_is_left_out_only_for_the_whole_of_an_untouched_operation() {
        check(fine(), Ok(r#"{"OpKey":"ABC-1"}"#));
        check(Case { amount: Some(15_000), ..fine() }, Ok(r#"{"OpKey":"ABC-1"}"#));
        check(Case { amount: Some(14_999), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":149.99}"#));
        check(Case { amount: Some(100), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":1}"#));
        check(Case { done: 5_000, ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":100}"#));
        check(
            Case { done: 5_000, amount: Some(10_000), ..fine() },
            Ok(r#"{"OpKey":"ABC-1","RefundSum":100}"#),
        );
        check(Case { done: 5_000, amount: Some(1), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":0.01}"#));
    }

    #[test]
    fn each_rule_refuses_alone_and_all_together_in_order() {
        let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
        let foreign = Opaque::cut("acme/payment@1", b"{}".to_vec());
        check(Case { shop: "other", ..fine() }, Err(&["robokassa-account"]));
        check(Case { provider: "acme", ..fine() }, Err(&["robokassa-account"]));
        check(Case { data: schema::payment(None), ..fine() }, Err(&["robokassa-operation-key"]));
        check(Case { data: foreign, ..fine() }, Err(&["robokassa-operation-key"]));
        check(Case { currency: yen, ..fine() }, Err(&["robokassa-currency"]));
        check(Case { receipt: ReceiptChoice::Cart, ..fine() }, Err(&["robokassa-receipt"]));
        let everything = Case {
            shop: "other",
            data: schema::payment(None),
            currency: yen,
            receipt: ReceiptChoice::Cart,
            ..fine()
        };
        let ids: Vec<_> = ALL.iter().map(|rule| rule.id.as_str()).collect();
        check(everything, Err(&ids));
    }
}
