//! getOrderStatusExtended.do: what the gateway knows of an order.
//!
//! What is there depends on the account's status version (amounts from 3, refunds from 5; CONFIRMED, BPC), so every
//! member may be missing. Card, payer and bank data are not members of [`Order`]: what is never read cannot leak. It
//! must not draw conclusions from the numbers.

use super::{
    Unreadable,
    cart::{self, CartReading},
    reply,
};
use crate::raw;
use refund_core::Currency;
use serde::Deserialize;
use serde_json::value::RawValue;

pub use super::{
    form::{Language, StatusForm},
    reply::{Answer, Refusal, Unusable},
};

/// The method's file name under the base URL.
pub const METHOD: &str = "getOrderStatusExtended.do";

/// An order as the reply shows it. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// The gateway's id of the order, from `attributes` (`mdOrder`).
    pub order_id: Option<String>,
    /// The shop's number of the order.
    pub order_number: Option<String>,
    /// `orderStatus`.
    pub status: Option<OrderStatus>,
    /// `paymentAmountInfo.paymentState`, as it was spelled.
    pub payment_state: Option<String>,
    /// The registered amount; refunds do not change it.
    pub amount: Option<i64>,
    /// The order's currency.
    pub currency: Option<Currency>,
    /// `paymentAmountInfo`.
    pub sums: Option<Sums>,
    /// `refunds[]`, in the gateway's order; `None` when the member is missing, which does not mean that there are none.
    pub refunds: Option<Vec<RefundSeen>>,
    /// The cart.
    pub cart: CartReading,
}

/// The sums of an order, in minor units.
///
/// On this platform `depositedAmount` is net of refunds and `refundedAmount` cumulative (REPORTED, tests against the
/// vendor's gateway).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// `approvedAmount`: held or taken.
    pub approved: Option<i64>,
    /// `depositedAmount`: taken and not given back.
    pub deposited: Option<i64>,
    /// `refundedAmount`: given back so far.
    pub refunded: Option<i64>,
}

/// One entry of `refunds[]`. It holds no id of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundSeen {
    /// In minor units.
    pub amount: i64,
}

/// `orderStatus` (0 to 6 CONFIRMED by all documents, 7 and 8 by BPC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderStatus {
    /// 0: registered, not paid.
    Registered,
    /// 1: held, of a two-stage payment.
    Held,
    /// 2: taken.
    Deposited,
    /// 3: the authorisation was cancelled.
    Reversed,
    /// 4: something was given back, be it a part (REPORTED).
    Refunded,
    /// 5: the card holder's bank is asking for confirmation.
    Authenticating,
    /// 6: declined.
    Declined,
    /// 7: pending.
    Pending,
    /// 8: a part of a held sum is being taken.
    PartlyCompleted,
    /// A number this version does not know.
    Other(i64),
}

impl OrderStatus {
    /// By its number.
    pub fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Registered,
            1 => Self::Held,
            2 => Self::Deposited,
            3 => Self::Reversed,
            4 => Self::Refunded,
            5 => Self::Authenticating,
            6 => Self::Declined,
            7 => Self::Pending,
            8 => Self::PartlyCompleted,
            other => Self::Other(other),
        }
    }

    /// Its number.
    pub fn number(self) -> i64 {
        match self {
            Self::Registered => 0,
            Self::Held => 1,
            Self::Deposited => 2,
            Self::Reversed => 3,
            Self::Refunded => 4,
            Self::Authenticating => 5,
            Self::Declined => 6,
            Self::Pending => 7,
            Self::PartlyCompleted => 8,
            Self::Other(other) => other,
        }
    }
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default, rename = "orderNumber", deserialize_with = "raw::present")]
    order_number: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "orderStatus", deserialize_with = "raw::present")]
    order_status: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    amount: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    currency: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "paymentAmountInfo", deserialize_with = "raw::present")]
    sums: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    refunds: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "orderBundle", deserialize_with = "raw::present")]
    bundle: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct PaymentAmountInfo<'a> {
    #[serde(borrow, default, rename = "approvedAmount", deserialize_with = "raw::present")]
    approved: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "depositedAmount", deserialize_with = "raw::present")]
    deposited: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "refundedAmount", deserialize_with = "raw::present")]
    refunded: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "paymentState", deserialize_with = "raw::present")]
    state: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RefundEntry<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    amount: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Attribute<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    name: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    value: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "mdOrder", deserialize_with = "raw::present")]
    md_order: Option<&'a RawValue>,
}

/// Reads the reply.
///
/// # Errors
/// [`Unusable`]; a money member that is there and cannot be read spoils the whole reply, because half a picture of
/// money is worse than none.
pub fn decode(http_status: u16, body: &[u8]) -> Result<Answer<Order>, Unusable> {
    match reply::read(http_status, body)? {
        Answer::Refused(refusal) => Ok(Answer::Refused(refusal)),
        Answer::Done(()) => Ok(Answer::Done(order(&raw::body(body)?)?)),
    }
}

fn order(body: &Body<'_>) -> Result<Order, Unreadable> {
    let currency = raw::given(body.currency).map(|raw| currency(raw, "currency")).transpose()?;
    let status = raw::given(body.order_status).map(|raw| raw::integer(raw, "orderStatus")).transpose()?;
    let (sums, payment_state) = sums(body.sums)?;
    Ok(Order {
        order_id: order_id(body.attributes),
        order_number: body.order_number.and_then(raw::scalar),
        status: status.map(OrderStatus::from_number),
        payment_state,
        amount: amount(body.amount, "amount")?,
        currency,
        sums,
        refunds: refunds(body.refunds)?,
        cart: cart::read(body.bundle, currency),
    })
}

fn amount(raw: Option<&RawValue>, path: &str) -> Result<Option<i64>, Unreadable> {
    raw::given(raw).map(|raw| raw::amount(raw, path)).transpose()
}

/// A currency by its ISO 4217 number, as a string or a number.
///
/// 810, the rouble's number before 1998, still stands in the platform's older documents and means the rouble.
pub(super) fn currency(raw: &RawValue, path: &str) -> Result<Currency, Unreadable> {
    let refuse =
        || Unreadable::new(path, format!("{} is no currency number of ISO 4217", raw::describe(raw)));
    let text = raw::scalar(raw).ok_or_else(refuse)?;
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(810) if digits => Ok(Currency::RUB),
        Ok(number) if digits => Currency::from_numeric(number).ok_or_else(refuse),
        _ => Err(refuse()),
    }
}

fn sums(raw: Option<&RawValue>) -> Result<(Option<Sums>, Option<String>), Unreadable> {
    let Some(raw) = raw::given(raw) else { return Ok((None, None)) };
    let info: PaymentAmountInfo<'_> = raw::object(raw, "paymentAmountInfo")?;
    let sums = Sums {
        approved: amount(info.approved, "paymentAmountInfo.approvedAmount")?,
        deposited: amount(info.deposited, "paymentAmountInfo.depositedAmount")?,
        refunded: amount(info.refunded, "paymentAmountInfo.refundedAmount")?,
    };
    Ok((Some(sums), info.state.and_then(raw::scalar)))
}

/// An array in practice (REPORTED), "Object" in BPC's table: both are taken.
fn refunds(raw: Option<&RawValue>) -> Result<Option<Vec<RefundSeen>>, Unreadable> {
    let Some(raw) = raw::given(raw) else { return Ok(None) };
    let entries = raw::list(raw, "refunds")?;
    entries.iter().enumerate().map(|(index, entry)| refund(entry, index)).collect::<Result<_, _>>().map(Some)
}

fn refund(raw: &RawValue, index: usize) -> Result<RefundSeen, Unreadable> {
    let path = format!("refunds[{index}]");
    let entry: RefundEntry<'_> = raw::object(raw, &path)?;
    let path = format!("{path}.amount");
    let amount = amount(entry.amount, &path)?.ok_or_else(|| Unreadable::new(path, "missing"))?;
    Ok(RefundSeen { amount })
}

/// `[{"name":"mdOrder","value":"…"}]` or `{"mdOrder":"…"}`; anything else in there is not ours to understand.
fn order_id(raw: Option<&RawValue>) -> Option<String> {
    let entries = raw::list(raw::given(raw)?, "attributes").ok()?;
    entries.into_iter().find_map(|entry| {
        let entry: Attribute<'_> = raw::object(entry, "attributes").ok()?;
        let named = entry.name.and_then(raw::scalar).is_some_and(|name| name == "mdOrder");
        if named { entry.value } else { entry.md_order }.and_then(raw::scalar)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> Order {
        match decode(200, body.as_bytes()) {
            Ok(Answer::Done(order)) => order,
            other => panic!("{body}: {other:?}"),
        }
    }

    /// A status of version 5 and later as the platform documents it, with the card data it brings along.
    const VERSION_5: &str = r#"{
        "errorCode":"0","errorMessage":"Успешно","orderNumber":"A-1","orderStatus":4,"actionCode":0,
        "actionCodeDescription":"","amount":47000,"currency":"643","date":1763722800000,"ip":"192.0.2.7",
        "merchantOrderParams":[{"name":"phone","value":"+79990000000"}],
        "attributes":[{"name":"mdOrder","value":"130ab8ed-aeb8-7226-ba88-33300128092a"}],
        "cardAuthInfo":{"maskedPan":"220220**2424","expiration":"203012","cardholderName":"CARD HOLDER CANARY",
            "approvalCode":"123456","pan":"220220**2424"},
        "bindingInfo":{"clientId":"c"},"terminalId":"12345678",
        "paymentAmountInfo":{"paymentState":"REFUNDED","approvedAmount":47000,"depositedAmount":35000,
            "refundedAmount":12000,"totalAmount":47000},
        "refunds":[{"date":1763723800000,"amount":10000,"actionCode":"000","referenceNumber":"111111111111"},
            {"date":1763724800000,"amount":2000,"actionCode":0}]}"#;

    #[test]
    fn version_5_in_full() {
        let order = read(VERSION_5);
        let expected = Order {
            order_id: Some("130ab8ed-aeb8-7226-ba88-33300128092a".to_owned()),
            order_number: Some("A-1".to_owned()),
            status: Some(OrderStatus::Refunded),
            payment_state: Some("REFUNDED".to_owned()),
            amount: Some(47_000),
            currency: Some(Currency::RUB),
            sums: Some(Sums { approved: Some(47_000), deposited: Some(35_000), refunded: Some(12_000) }),
            refunds: Some(vec![RefundSeen { amount: 10_000 }, RefundSeen { amount: 2_000 }]),
            cart: CartReading::Absent,
        };
        assert_eq!(order, expected);
        let shown = format!("{order:?}");
        for private in ["CANARY", "2424", "203012", "123456", "192.0.2.7", "79990000000"] {
            assert!(!shown.contains(private), "{private} was read although nobody needs it");
        }
    }

    #[test]
    fn every_member_may_be_missing_or_spelled_otherwise() {
        let empty = Order {
            order_id: None,
            order_number: None,
            status: None,
            payment_state: None,
            amount: None,
            currency: None,
            sums: None,
            refunds: None,
            cart: CartReading::Absent,
        };
        assert_eq!(read("{}"), empty);
        assert_eq!(
            read(r#"{"paymentAmountInfo":null,"refunds":null,"attributes":null,"orderStatus":null}"#),
            empty
        );
        assert_eq!(read(r#"{"currency":643}"#).currency, Some(Currency::RUB));
        assert_eq!(read(r#"{"currency":"810"}"#).currency, Some(Currency::RUB));
        assert_eq!(read(r#"{"currency":"978"}"#).currency, Currency::from_code("EUR"));
        assert_eq!(read(r#"{"currency":"008"}"#).currency, Currency::from_code("ALL"));
        assert_eq!(read(r#"{"orderStatus":"2"}"#).status, Some(OrderStatus::Deposited));
        assert_eq!(read(r#"{"orderStatus":42}"#).status, Some(OrderStatus::Other(42)));
        assert_eq!(read(r#"{"orderNumber":17}"#).order_number.as_deref(), Some("17"));
        assert_eq!(read(r#"{"attributes":{"mdOrder":"x","qrcId":"q"}}"#).order_id.as_deref(), Some("x"));
        assert_eq!(read(r#"{"attributes":[3,{"name":"a","value":"b"}]}"#).order_id, None);
        assert_eq!(read(r#"{"attributes":"x"}"#).order_id, None);
        let one = r#"{"refunds":{"amount":"500","actionCode":"0"}}"#;
        assert_eq!(read(one).refunds, Some(vec![RefundSeen { amount: 500 }]));
        assert_eq!(read(r#"{"refunds":[]}"#).refunds, Some(vec![]));
        let typo = r#"{"paymentAmountInfo":{"paymentState":"DEPOSITED}"}}"#;
        assert_eq!(read(typo).payment_state.as_deref(), Some("DEPOSITED}"));
        assert_eq!(read(typo).sums, Some(Sums::default()));
    }

    #[test]
    fn money_that_cannot_be_read_spoils_the_reply() {
        let cases = [
            (r#"{"amount":470.00}"#, "amount: 470.00"),
            (r#"{"amount":4.7e4}"#, "amount: 4.7e4"),
            (r#"{"amount":-1}"#, "amount: -1 is below zero"),
            (r#"{"amount":99999999999999999999}"#, "amount: 99999999999999999999"),
            (r#"{"orderStatus":2.0}"#, "orderStatus: 2.0"),
            (r#"{"orderStatus":"paid"}"#, "orderStatus: a text"),
            (r#"{"currency":"RUB"}"#, "currency: a text"),
            (r#"{"currency":"+643"}"#, "currency: a text"),
            (r#"{"currency":1}"#, "currency: 1 is no currency number"),
            (r#"{"paymentAmountInfo":[47000,47000,0]}"#, "paymentAmountInfo: an array"),
            (r#"{"paymentAmountInfo":{"depositedAmount":1.5}}"#, "paymentAmountInfo.depositedAmount: 1.5"),
            (r#"{"paymentAmountInfo":{"refundedAmount":"1e2"}}"#, "paymentAmountInfo.refundedAmount: a text"),
            (r#"{"paymentAmountInfo":{"refundedAmount":1,"refundedAmount":2}}"#, "duplicate field"),
            (r#"{"refunds":"none"}"#, "refunds: a text"),
            (r#"{"refunds":[{"amount":1},{"date":1}]}"#, "refunds[1].amount: missing"),
            (r#"{"refunds":[{"amount":1.5}]}"#, "refunds[0].amount: 1.5"),
            (r#"{"refunds":[[1]]}"#, "refunds[0]: an array"),
        ];
        for (body, part) in cases {
            match decode(200, body.as_bytes()) {
                Err(Unusable::Unreadable(error)) => {
                    assert!(error.to_string().contains(part), "{body}: {error}");
                }
                other => panic!("{body}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_cart_that_cannot_be_read_does_not_spoil_the_money() {
        let order = read(r#"{"amount":47000,"currency":"643","orderBundle":{"cartItems":{"items":[{}]}}}"#);
        assert_eq!(order.amount, Some(47_000));
        assert!(matches!(order.cart, CartReading::Unreadable(_)));
    }

    #[test]
    fn status_numbers_round_trip() {
        for number in -2..12 {
            assert_eq!(OrderStatus::from_number(number).number(), number);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(200, &bytes);
        }

        #[test]
        fn no_change_of_one_byte_panics(at in 0..VERSION_5.len(), byte: u8) {
            let mut bytes = VERSION_5.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = decode(200, &bytes);
        }

        #[test]
        fn amounts_arrive_as_they_were_written(amount in 0..=i64::MAX, deposited in 0..=i64::MAX, refunded in 0..=i64::MAX) {
            let order = read(&format!(
                r#"{{"amount":{amount},"paymentAmountInfo":{{"depositedAmount":{deposited},"refundedAmount":"{refunded}"}}}}"#
            ));
            prop_assert_eq!(order.amount, Some(amount));
            prop_assert_eq!(order.sums, Some(Sums { approved: None, deposited: Some(deposited), refunded: Some(refunded) }));
        }
    }
}
