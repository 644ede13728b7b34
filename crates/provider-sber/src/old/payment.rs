//! What the gateway knows of a payment: an order's status turned into core's words, or the reason why it cannot be.
//!
//! The arithmetic of the platform is here and only here. It must not know a baseline or an earlier refund of ours.

use super::{
    record::{FiscalRecord, PaymentRecord},
    wire::{
        cart::CartReading,
        status::{Order, OrderStatus, Refusal, Unusable},
    },
};
use crate::{OrderId, redact::Redactor};
use refund_core::{LookupError, Money, Payment, PaymentState, ReadError, outcome::sanitize};

/// An order as core's payment.
///
/// # Errors
/// [`LookupError::CannotTell`] when the answer is about another order, or does not say what was captured.
pub(super) fn payment(order: &Order, asked: &OrderId) -> Result<Payment, LookupError> {
    let cannot_tell = |detail| LookupError::CannotTell { detail };
    same_order(order, asked).map_err(cannot_tell)?;
    let state = state(order).map_err(cannot_tell)?;
    let sums = sums(order, &state).map_err(cannot_tell)?;
    let currency = order
        .currency
        .ok_or_else(|| cannot_tell("the answer does not name the order's currency".to_owned()))?;
    let data = PaymentRecord::of(order).keep().map_err(|error| cannot_tell(error.to_string()))?;
    let mut payment = Payment::new(Money::new(sums.captured, currency), state, data);
    payment.refunded = sums.refunded.map(|minor| Money::new(minor, currency));
    payment.points = points(order, &payment.state).map(|minor| Money::new(minor, currency));
    if let CartReading::Read { cart, codes } = &order.cart {
        payment.fiscal = FiscalRecord::keep(cart, codes);
        payment.cart = Some(cart.clone());
    }
    Ok(payment)
}

/// Loyalty points of a paid order: what was registered beyond what was approved in money.
///
/// This dialect's status has no member for points in any document. An order is registered for its whole amount and
/// points are taken off when it is paid, so the difference is taken for points (GUESS). Where the status shows no
/// approved sum, nothing is said of points.
fn points(order: &Order, state: &PaymentState) -> Option<i64> {
    let approved = order.sums?.approved.filter(|approved| *approved > 0)?;
    let points = order.amount?.checked_sub(approved)?;
    (*state == PaymentState::Captured && points > 0).then_some(points)
}

/// The answer names its order in `attributes`, where it names it at all.
pub(super) fn same_order(order: &Order, asked: &OrderId) -> Result<(), String> {
    match &order.order_id {
        Some(answered) if answered != asked.as_str() => {
            Err(format!("asked for the order {asked}, the answer is about {}", sanitize(answered, 64)))
        }
        _ => Ok(()),
    }
}

/// What was taken and what was given back, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) captured: i64,
    /// `None` where the gateway does not show it.
    pub(super) refunded: Option<i64>,
}

/// Captured is `depositedAmount + refundedAmount`: on this platform the first is net of refunds, the second cumulative
/// (REPORTED, tests against the vendor's gateway; BPC's callback and compare-and-set fields agree).
///
/// | shown | captured | refunded |
/// |---|---|---|
/// | both sums | their sum | as shown |
/// | status 2, `depositedAmount` alone | it: nothing has been given back yet | not shown |
/// | status 2, no `paymentAmountInfo` (status version below 3) | `amount`, the registered sum | not shown |
/// | nothing was ever taken (0, 1, 3, 5, 6, 7) | zero | as shown |
/// | anything else | cannot tell: a net sum alone does not say what was taken | |
///
/// More than the registered `amount` cannot have been taken; if the sum says so, `depositedAmount` is not net on this
/// account, and nobody can tell.
pub(super) fn sums(order: &Order, state: &PaymentState) -> Result<Sums, String> {
    let shown = order.sums.unwrap_or_default();
    let taken_whole = order.status == Some(OrderStatus::Deposited);
    let captured = match (shown.deposited, shown.refunded) {
        (Some(deposited), Some(refunded)) => deposited.checked_add(refunded),
        (Some(deposited), None) if taken_whole => Some(deposited),
        (None, _) if taken_whole && order.sums.is_none() => order.amount,
        _ if matches!(state, PaymentState::Pending | PaymentState::Held | PaymentState::Void) => Some(0),
        _ => None,
    };
    let captured =
        captured.ok_or_else(|| format!("the answer does not say what was captured: {}", numbers(order)))?;
    match order.amount {
        Some(amount) if captured > amount => Err(format!(
            "deposited and refunded together exceed the registered amount, so the sums do not mean what they should: {}",
            numbers(order)
        )),
        _ => Ok(Sums { captured, refunded: shown.refunded }),
    }
}

/// From `orderStatus`, or from `paymentState` where there is no number. When both are known words and differ, neither
/// is believed.
///
/// | `orderStatus` | `paymentState` | state |
/// |---|---|---|
/// | 0, 5, 7 | CREATED | pending |
/// | 1 | APPROVED | held |
/// | 2, 4 | DEPOSITED, REFUNDED | captured; 4 stands already after a partial refund (REPORTED) |
/// | 3, 6 | REVERSED, DECLINED | void |
/// | 8, any other | any other | as spelled |
pub(super) fn state(order: &Order) -> Result<PaymentState, String> {
    let word = order.payment_state.as_deref().and_then(by_word);
    let spelled = || sanitize(order.payment_state.as_deref().unwrap_or_default(), 32);
    match (order.status, word) {
        (None, None) => Err("the answer names neither orderStatus nor paymentState".to_owned()),
        (None, Some(word)) => Ok(word),
        (Some(status), word) => match by_number(status) {
            Some(state) if word.as_ref().is_none_or(|word| *word == state) => Ok(state),
            Some(_) => Ok(PaymentState::Other(format!("{}/{}", status.number(), spelled()))),
            None => Ok(PaymentState::Other(status.number().to_string())),
        },
    }
}

fn by_number(status: OrderStatus) -> Option<PaymentState> {
    match status {
        OrderStatus::Registered | OrderStatus::Authenticating | OrderStatus::Pending => {
            Some(PaymentState::Pending)
        }
        OrderStatus::Held => Some(PaymentState::Held),
        OrderStatus::Deposited | OrderStatus::Refunded => Some(PaymentState::Captured),
        OrderStatus::Reversed | OrderStatus::Declined => Some(PaymentState::Void),
        OrderStatus::PartlyCompleted | OrderStatus::Other(_) => None,
    }
}

fn by_word(word: &str) -> Option<PaymentState> {
    match word {
        "CREATED" => Some(PaymentState::Pending),
        "APPROVED" => Some(PaymentState::Held),
        "DEPOSITED" | "REFUNDED" => Some(PaymentState::Captured),
        "REVERSED" | "DECLINED" => Some(PaymentState::Void),
        _ => None,
    }
}

/// The order's numbers for a person.
pub(super) fn numbers(order: &Order) -> String {
    let sums = order.sums.unwrap_or_default();
    let shown = |number: Option<i64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
    format!(
        "orderStatus {}, amount {}, depositedAmount {}, refundedAmount {}",
        shown(order.status.map(OrderStatus::number)),
        shown(order.amount),
        shown(sums.deposited),
        shown(sums.refunded)
    )
}

/// A refusal to show the order. Codes of getOrderStatusExtended.do: 5 access denied, 6 unknown order (CONFIRMED).
pub(super) fn refused(refusal: &Refusal, redactor: &Redactor) -> LookupError {
    let detail = said(refusal, redactor);
    match refusal.code.as_str() {
        "5" => LookupError::Denied { detail },
        "6" => LookupError::NotFound { detail },
        _ => LookupError::CannotTell { detail },
    }
}

/// An answer that says nothing: overload and faults may pass, anything else stays.
pub(super) fn unusable(unusable: &Unusable, redactor: &Redactor) -> LookupError {
    let detail = redactor.clean(&unusable.to_string(), 512);
    match unusable {
        Unusable::Status(429 | 500..=599) => LookupError::Read(ReadError::NoAnswer(detail)),
        Unusable::Status(404) => {
            let detail = format!("{detail}: check the base address, it ends in /payment/rest/");
            LookupError::CannotTell { detail }
        }
        _ => LookupError::CannotTell { detail },
    }
}

/// A refusal in the gateway's words.
pub(super) fn said(refusal: &Refusal, redactor: &Redactor) -> String {
    redactor.clean(&format!("code {}: {}", refusal.code, refusal.message), 512)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::old::wire::status::{self, Answer};
    use proptest::prelude::*;
    use secrecy::SecretString;

    const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

    fn read(body: &str) -> Result<Payment, LookupError> {
        match status::decode(200, body.as_bytes()) {
            Ok(Answer::Done(order)) => payment(&order, &OrderId::parse(ORDER).expect("36 characters")),
            other => panic!("{body}: {other:?}"),
        }
    }

    /// Members of the reply beside the currency → state, captured, refunded; or a part of the reason.
    type Case = (&'static str, Result<(&'static str, i64, Option<i64>), &'static str>);

    fn check((members, expected): &Case) {
        let body = format!(r#"{{"errorCode":"0","currency":"643",{members}}}"#);
        match (read(&body), expected) {
            (Ok(payment), Ok((state, captured, refunded))) => {
                let got = (payment.state.as_str(), payment.captured, payment.refunded);
                assert_eq!(got, (*state, Money::rub(*captured), refunded.map(Money::rub)), "{members}");
            }
            (Err(LookupError::CannotTell { detail }), Err(part)) => {
                assert!(detail.contains(part), "{members}: {detail}");
            }
            (got, expected) => panic!("{members}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn sums_and_states() {
        let cases: &[Case] = &[
            // The platform's own table, one line per state.
            (
                r#""orderStatus":0,"amount":500,"paymentAmountInfo":{"paymentState":"CREATED","approvedAmount":0,"depositedAmount":0,"refundedAmount":0}"#,
                Ok(("pending", 0, Some(0))),
            ),
            (
                r#""orderStatus":1,"amount":500,"paymentAmountInfo":{"paymentState":"APPROVED","approvedAmount":500,"depositedAmount":0,"refundedAmount":0}"#,
                Ok(("held", 0, Some(0))),
            ),
            (
                r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"paymentState":"DEPOSITED","approvedAmount":500,"depositedAmount":500,"refundedAmount":0}"#,
                Ok(("captured", 500, Some(0))),
            ),
            (
                r#""orderStatus":4,"amount":500,"paymentAmountInfo":{"paymentState":"REFUNDED","approvedAmount":500,"depositedAmount":380,"refundedAmount":120}"#,
                Ok(("captured", 500, Some(120))),
            ),
            (
                r#""orderStatus":4,"amount":500,"paymentAmountInfo":{"paymentState":"REFUNDED","approvedAmount":500,"depositedAmount":0,"refundedAmount":500}"#,
                Ok(("captured", 500, Some(500))),
            ),
            (
                r#""orderStatus":3,"amount":500,"paymentAmountInfo":{"paymentState":"REVERSED","approvedAmount":500,"depositedAmount":0,"refundedAmount":0}"#,
                Ok(("void", 0, Some(0))),
            ),
            (
                r#""orderStatus":6,"amount":500,"paymentAmountInfo":{"paymentState":"DECLINED","approvedAmount":0,"depositedAmount":0,"refundedAmount":0}"#,
                Ok(("void", 0, Some(0))),
            ),
            // A held sum that was completed in part: less was taken than registered.
            (
                r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"approvedAmount":500,"depositedAmount":300,"refundedAmount":0}"#,
                Ok(("captured", 300, Some(0))),
            ),
            // Older status versions.
            (r#""orderStatus":2,"amount":500"#, Ok(("captured", 500, None))),
            (
                r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"depositedAmount":300}"#,
                Ok(("captured", 300, None)),
            ),
            (r#""orderStatus":0,"amount":500"#, Ok(("pending", 0, None))),
            (r#""orderStatus":5,"amount":500"#, Ok(("pending", 0, None))),
            (r#""orderStatus":7,"amount":500"#, Ok(("pending", 0, None))),
            (r#""orderStatus":1,"amount":500"#, Ok(("held", 0, None))),
            (r#""orderStatus":3,"amount":500"#, Ok(("void", 0, None))),
            // What does not say what was captured.
            (r#""orderStatus":4,"amount":500"#, Err("orderStatus 4, amount 500, depositedAmount none")),
            (r#""orderStatus":4,"amount":500,"paymentAmountInfo":{"depositedAmount":300}"#, Err("captured")),
            (r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"approvedAmount":500}"#, Err("captured")),
            (r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"refundedAmount":0}"#, Err("captured")),
            (r#""orderStatus":2"#, Err("captured")),
            (r#""orderStatus":8,"amount":500"#, Err("captured")),
            (r#""orderStatus":42,"amount":500"#, Err("captured")),
            (r#""amount":500"#, Err("neither orderStatus nor paymentState")),
            // Gross instead of net: 500 taken, 120 given back, and still 500 "deposited".
            (
                r#""orderStatus":4,"amount":500,"paymentAmountInfo":{"depositedAmount":500,"refundedAmount":120}"#,
                Err("exceed the registered amount"),
            ),
            (
                r#""orderStatus":4,"paymentAmountInfo":{"depositedAmount":9223372036854775807,"refundedAmount":1}"#,
                Err("captured"),
            ),
            // Unknown numbers and words.
            (
                r#""orderStatus":8,"amount":500,"paymentAmountInfo":{"depositedAmount":300,"refundedAmount":0}"#,
                Ok(("8", 300, Some(0))),
            ),
            (
                r#""orderStatus":42,"amount":500,"paymentAmountInfo":{"depositedAmount":300,"refundedAmount":0}"#,
                Ok(("42", 300, Some(0))),
            ),
            (
                r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"paymentState":"DEPOSITED}","depositedAmount":500,"refundedAmount":0}"#,
                Ok(("captured", 500, Some(0))),
            ),
            (
                r#""amount":500,"paymentAmountInfo":{"paymentState":"REFUNDED","depositedAmount":400,"refundedAmount":100}"#,
                Ok(("captured", 500, Some(100))),
            ),
            // Two known words that differ: neither is believed.
            (
                r#""orderStatus":2,"amount":500,"paymentAmountInfo":{"paymentState":"REVERSED","depositedAmount":0,"refundedAmount":0}"#,
                Ok(("2/REVERSED", 0, Some(0))),
            ),
        ];
        cases.iter().for_each(check);
    }

    #[test]
    fn the_answer_must_be_about_the_order_and_name_a_currency() {
        let members = r#""orderStatus":2,"amount":500"#;
        let other = format!(r#"{{"currency":"643",{members},"attributes":{{"mdOrder":"other"}}}}"#);
        assert!(
            matches!(read(&other), Err(LookupError::CannotTell { detail }) if detail.contains("about other"))
        );
        let bare = format!("{{{members}}}");
        assert!(
            matches!(read(&bare), Err(LookupError::CannotTell { detail }) if detail.contains("currency"))
        );
        let euro = format!(r#"{{"currency":978,{members}}}"#);
        assert_eq!(read(&euro).map(|payment| payment.captured.to_string()), Ok("5.00 EUR".to_owned()));
    }

    #[test]
    fn what_is_kept_holds_no_card_and_no_payer() {
        let body = r#"{"errorCode":"0","orderNumber":"A-1","orderStatus":4,"amount":47000,"currency":"643",
            "ip":"192.0.2.7","cardAuthInfo":{"maskedPan":"220220**2424","expiration":"203012",
            "cardholderName":"CARD HOLDER CANARY"},"payerData":{"email":"payer@example.com"},
            "paymentAmountInfo":{"paymentState":"REFUNDED","depositedAmount":35000,"refundedAmount":12000},
            "refunds":[{"amount":10000,"referenceNumber":"111111111111"},{"amount":2000}],
            "orderBundle":{"customerDetails":{"email":"payer@example.com"},"cartItems":{"items":[{"positionId":1}]}}}"#;
        let payment = read(body).expect("readable");
        assert_eq!(payment.data.schema(), "sber-old/payment@1");
        let kept = String::from_utf8(payment.data.bytes().to_vec()).expect("JSON is UTF-8");
        insta::assert_snapshot!(kept, @r#"{"orderNumber":"A-1","orderStatus":4,"paymentState":"REFUNDED","refunds":[10000,2000],"unreadableCart":"orderBundle.cartItems.items[0].quantity: missing"}"#);
        for private in ["CANARY", "2424", "203012", "192.0.2.7", "example.com"] {
            assert!(!kept.contains(private) && !format!("{payment:?}").contains(private), "{private}");
        }
        assert_eq!(payment.cart, None);
        let record = PaymentRecord::read(&payment.data).expect("our own schema");
        assert_eq!(record.refunds, Some(vec![10_000, 2_000]));
    }

    #[test]
    fn what_was_not_approved_in_money_was_paid_with_points() {
        let points = |members: &str| {
            let body = format!(r#"{{"amount":500,"currency":"643",{members}}}"#);
            read(&body).expect("readable").points
        };
        let sums = |status: u8, approved: i64, deposited: i64, refunded: i64| {
            format!(
                r#""orderStatus":{status},"paymentAmountInfo":{{"approvedAmount":{approved},"depositedAmount":{deposited},"refundedAmount":{refunded}}}"#
            )
        };
        assert_eq!(points(&sums(2, 500, 500, 0)), None);
        assert_eq!(points(&sums(2, 400, 400, 0)), Some(Money::rub(100)));
        // A refund changes what is deposited, not what was approved.
        assert_eq!(points(&sums(4, 400, 150, 250)), Some(Money::rub(100)));
        assert_eq!(points(&sums(4, 500, 250, 250)), None);
        // A hold that was completed in part was approved whole.
        assert_eq!(points(&sums(2, 500, 300, 0)), None);
        assert_eq!(points(&sums(0, 0, 0, 0)), None);
        assert_eq!(points(&sums(1, 400, 0, 0)), None);
        assert_eq!(points(r#""orderStatus":2"#), None);
    }

    #[test]
    fn fiscal_numbers_are_kept_by_position() {
        let body = r#"{"orderStatus":2,"amount":500,"currency":"643","orderBundle":{"cartItems":{"items":[
            {"positionId":1,"name":"n","quantity":{"value":1},"itemAmount":400,"tax":{"taxType":12}},
            {"positionId":2,"name":"m","quantity":{"value":1},"itemAmount":100}]}}}"#;
        let payment = read(body).expect("readable");
        let fiscal = payment.fiscal.expect("one line says something");
        assert_eq!(fiscal.schema(), "sber-old/fiscal@1");
        insta::assert_snapshot!(String::from_utf8_lossy(fiscal.bytes()), @r#"{"1":[12,null,null]}"#);
        let record = FiscalRecord::read(Some(&fiscal));
        assert_eq!((record.of("1").tax, record.of("2").tax, record.of("3").tax), (Some(12), None, None));
        let foreign = refund_core::Opaque::new("acme/fiscal@1", b"{\"1\":[1,1,1]}".to_vec()).expect("short");
        assert_eq!(FiscalRecord::read(Some(&foreign)), FiscalRecord::default());
        assert_eq!(FiscalRecord::read(None), FiscalRecord::default());
    }

    #[test]
    fn carts_are_passed_on() {
        let body = r#"{"orderStatus":2,"amount":500,"currency":"643","orderBundle":{"cartItems":{"items":[
            {"positionId":"1","name":"n","quantity":{"value":1,"measure":"0"},"itemAmount":500}]}}}"#;
        let cart = read(body).expect("readable").cart.expect("a cart");
        assert_eq!(cart.lines[0].amount, Some(Money::rub(500)));
    }

    #[test]
    fn refusals_and_broken_answers_keep_their_kind() {
        let redactor = Redactor::new(&SecretString::from("password-canary"));
        let refuse = |code: &str| {
            refused(&Refusal { code: code.to_owned(), message: "m password-canary".to_owned() }, &redactor)
        };
        assert_eq!(refuse("5"), LookupError::Denied { detail: "code 5: m ***".to_owned() });
        assert_eq!(refuse("6"), LookupError::NotFound { detail: "code 6: m ***".to_owned() });
        for code in ["1", "7", "8", "99"] {
            assert_eq!(refuse(code), LookupError::CannotTell { detail: format!("code {code}: m ***") });
        }
        let unusable = |reply| unusable(&reply, &redactor);
        for status in [429, 500, 502, 503] {
            assert!(matches!(unusable(Unusable::Status(status)), LookupError::Read(_)), "{status}");
        }
        for status in [204, 302, 400, 401, 403, 405] {
            assert!(matches!(unusable(Unusable::Status(status)), LookupError::CannotTell { .. }), "{status}");
        }
        assert!(unusable(Unusable::Status(404)).to_string().contains("/payment/rest/"));
        assert!(matches!(unusable(Unusable::Empty), LookupError::CannotTell { .. }));
    }

    proptest! {
        #[test]
        fn captured_is_what_was_taken_however_much_went_back(deposited in 0..=499_999_999_999_i64, refunded in 0..=499_999_999_999_i64) {
            let captured = deposited + refunded;
            let members = format!(
                r#""orderStatus":4,"amount":{captured},"paymentAmountInfo":{{"depositedAmount":{deposited},"refundedAmount":{refunded}}}"#
            );
            let payment = read(&format!(r#"{{"currency":"643",{members}}}"#)).expect("readable");
            prop_assert_eq!(payment.captured, Money::rub(captured));
            prop_assert_eq!(payment.refunded, Some(Money::rub(refunded)));
        }
    }
}
