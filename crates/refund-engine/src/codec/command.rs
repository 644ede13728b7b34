//! A planned command as bytes, version 1. What "the same request under the same key" means is equality of these.
//!
//! Fields that a command does not use are left out, so a money-only refund has the same bytes as ever.

use super::{CodecError, allocation::AllocationV1, cart};
use refund_core::{
    AccountId, Allocation, Currency, Money, Opaque, PaymentId, PaymentRef, ProviderId, ReceiptChoice,
    RefundAmount, RefundCommand,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) const WHAT: &str = "a planned command";
const SCHEMA: &str = "refund-engine/command@1";

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct CommandV1 {
    provider: String,
    account: String,
    payment: String,
    amount: AmountV1,
    receipt: ReceiptV1,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<cart::RefundLineV1>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Vec<cart::LineV1>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    penalty: Option<MoneyV1>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    params: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    receipt_extras: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allocate: Option<AllocationV1>,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum AmountV1 {
    Full,
    Exactly { minor: i64, currency: String },
}

/// An amount with its currency's letter code.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct MoneyV1 {
    minor: i64,
    currency: String,
}

impl From<Money> for MoneyV1 {
    fn from(money: Money) -> Self {
        Self { minor: money.minor(), currency: money.currency().code().to_owned() }
    }
}

impl TryFrom<MoneyV1> for Money {
    type Error = CodecError;

    fn try_from(wire: MoneyV1) -> Result<Self, CodecError> {
        Ok(Money::new(wire.minor, currency(&wire.currency)?))
    }
}

pub(super) fn currency(code: &str) -> Result<Currency, CodecError> {
    Currency::from_code(code).ok_or_else(|| CodecError::new(WHAT, format!("currency {code:?}")))
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum ReceiptV1 {
    Cart,
    None,
}

/// The bytes of a command.
pub fn encode_command(command: &RefundCommand) -> Opaque {
    let amount = match command.amount {
        RefundAmount::Full => AmountV1::Full,
        RefundAmount::Exactly(money) => {
            AmountV1::Exactly { minor: money.minor(), currency: money.currency().code().to_owned() }
        }
    };
    let receipt = match command.receipt {
        ReceiptChoice::Cart => ReceiptV1::Cart,
        _ => ReceiptV1::None,
    };
    let wire = CommandV1 {
        provider: command.payment.provider.to_string(),
        account: command.payment.account.to_string(),
        payment: command.payment.payment.to_string(),
        amount,
        receipt,
        lines: command.lines.as_ref().map(|lines| lines.iter().map(cart::RefundLineV1::from).collect()),
        order: command.order.as_ref().map(|order| order.lines.iter().map(cart::LineV1::from).collect()),
        penalty: command.penalty.map(MoneyV1::from),
        params: command.params.clone(),
        language: command.language.clone(),
        receipt_extras: command.receipt_extras.clone(),
        allocate: command.allocate.as_ref().map(AllocationV1::from),
    };
    let bytes = serde_json::to_vec(&wire).expect("plain structs with text keys always serialise");
    // A cart beyond the cap is cut here and refused when it is read back: nothing is sent from a cut command.
    Opaque::cut(SCHEMA, bytes)
}

/// The command of these bytes.
///
/// # Errors
/// [`CodecError`] for another schema, an unknown field or a value that does not parse.
pub fn decode_command(data: &Opaque) -> Result<RefundCommand, CodecError> {
    let wire = read(data)?;
    let bad = |error: &dyn std::fmt::Display| CodecError::new(WHAT, error);
    let payment = PaymentRef {
        provider: ProviderId::parse(wire.provider).map_err(|error| bad(&error))?,
        account: AccountId::parse(wire.account).map_err(|error| bad(&error))?,
        payment: PaymentId::parse(wire.payment).map_err(|error| bad(&error))?,
    };
    let amount = match wire.amount {
        AmountV1::Full => RefundAmount::Full,
        AmountV1::Exactly { minor, currency: code } => {
            RefundAmount::Exactly(Money::new(minor, currency(&code)?))
        }
    };
    let mut command = RefundCommand::new(payment, amount);
    command.receipt = match wire.receipt {
        ReceiptV1::Cart => ReceiptChoice::Cart,
        ReceiptV1::None => ReceiptChoice::None,
    };
    command.lines = wire.lines.map(cart::refund_lines).transpose()?;
    command.order = wire.order.map(cart::order).transpose()?;
    command.penalty = wire.penalty.map(Money::try_from).transpose()?;
    command.params = wire.params;
    command.language = wire.language;
    command.receipt_extras = wire.receipt_extras;
    command.allocate = wire.allocate.map(Allocation::from);
    Ok(command)
}

/// The first field in which two commands differ, as request files call it; `None` when they are the same.
///
/// # Errors
/// [`CodecError`] when one of them cannot be read.
pub fn difference(left: &Opaque, right: &Opaque) -> Result<Option<&'static str>, CodecError> {
    let (left, right) = (read(left)?, read(right)?);
    let fields = [
        ("gateway", left.provider != right.provider || left.account != right.account),
        ("order", left.payment != right.payment),
        ("amount", left.amount != right.amount),
        ("receipt", left.receipt != right.receipt),
        ("lines", left.lines != right.lines),
        ("order_file", left.order != right.order),
        ("penalty", left.penalty != right.penalty),
        ("json_params", left.params != right.params),
        ("language", left.language != right.language),
        ("receipt_extras", left.receipt_extras != right.receipt_extras),
        ("allocate", left.allocate != right.allocate),
    ];
    Ok(fields.into_iter().find(|(_, differs)| *differs).map(|(name, _)| name))
}

fn read(data: &Opaque) -> Result<CommandV1, CodecError> {
    if data.schema() != SCHEMA {
        return Err(CodecError::new(WHAT, format!("schema {:?}, expected {SCHEMA:?}", data.schema())));
    }
    serde_json::from_slice(data.bytes()).map_err(|error| CodecError::new(WHAT, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{
        Cart, Line, LineFiscal, Measure, Quantity, RefundLine,
        allocate::{By, WholeOrder, WholeOrderLines},
    };

    fn command(order: &str, amount: RefundAmount) -> RefundCommand {
        let payment = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse(order).expect("valid"),
        };
        RefundCommand::new(payment, amount)
    }

    fn with_cart() -> RefundCommand {
        let mut command = command("7", RefundAmount::Exactly(Money::rub(15_050)));
        let quantity = Quantity::from_thousandths(1_500);
        let sold = Line {
            code: Some("tea".into()),
            measure: Some(Measure("шт.".into())),
            price: Some(Money::rub(10_033)),
            amount: Some(Money::rub(15_050)),
            fiscal: Some(LineFiscal {
                vat: "vat20".into(),
                method: "full_payment".into(),
                object: "commodity".into(),
            }),
            ..Line::new("1", "Чай", quantity)
        };
        let asked = RefundLine {
            name: Some("Чай".into()),
            code: Some("tea".into()),
            measure: Some(Measure("шт.".into())),
            price: Some(Money::rub(10_033)),
            amount: Some(Money::rub(15_050)),
            currency: Some(Currency::RUB),
            ..RefundLine::new("1", quantity)
        };
        command.receipt = ReceiptChoice::Cart;
        command.lines = Some(vec![asked]);
        command.order = Some(Cart { lines: vec![sold] });
        command.penalty = Some(Money::rub(1_300));
        command.params = [("note".to_owned(), "x".to_owned())].into();
        command.language = Some("ru".into());
        command.receipt_extras = [("client.email".to_owned(), vec!["a@b.ru".to_owned()])].into();
        command.allocate = Some(Allocation {
            by: By::Concession { position: "1".into(), quantity: Quantity::from_thousandths(500) },
            whole_order: WholeOrderLines::at(WholeOrder::Keep, ["3"]),
        });
        command
    }

    #[test]
    fn commands_round_trip_and_their_bytes_are_pinned() {
        for amount in [RefundAmount::Full, RefundAmount::Exactly(Money::rub(123_456))] {
            let command = command("7", amount);
            assert_eq!(decode_command(&encode_command(&command)), Ok(command));
        }
        assert_eq!(decode_command(&encode_command(&with_cart())), Ok(with_cart()));
        for by in [By::Amount, By::Lines] {
            for back in [WholeOrder::Return, WholeOrder::InProportion] {
                let mut other = with_cart();
                let mut whole_order = WholeOrderLines::at(back, [""; 0]);
                whole_order.objects = vec!["service".into()];
                other.allocate = Some(Allocation { by: by.clone(), whole_order });
                assert_eq!(decode_command(&encode_command(&other)), Ok(other));
            }
        }
        let mut allocated = command("7", RefundAmount::Exactly(Money::rub(1)));
        allocated.allocate = Some(Allocation { by: By::Amount, whole_order: WholeOrderLines::none() });
        let bytes = encode_command(&allocated).bytes().to_vec();
        assert_eq!(
            String::from_utf8(bytes).expect("JSON is UTF-8"),
            r#"{"provider":"acme","account":"shop","payment":"7","amount":{"exactly":{"minor":1,"currency":"RUB"}},"receipt":"none","allocate":{"by":"amount","whole_order":"in_proportion"}}"#
        );
        let bytes = encode_command(&command("7", RefundAmount::Exactly(Money::rub(1)))).bytes().to_vec();
        assert_eq!(
            String::from_utf8(bytes).expect("JSON is UTF-8"),
            r#"{"provider":"acme","account":"shop","payment":"7","amount":{"exactly":{"minor":1,"currency":"RUB"}},"receipt":"none"}"#
        );
    }

    #[test]
    fn the_first_difference_is_named() {
        let one = encode_command(&with_cart());
        let check = |change: &dyn Fn(&mut RefundCommand), expected| {
            let mut other = with_cart();
            change(&mut other);
            assert_eq!(difference(&one, &encode_command(&other)), Ok(expected), "{other:?}");
        };
        check(&|_| {}, None);
        check(&|c| c.payment.payment = PaymentId::parse("8").expect("valid"), Some("order"));
        check(&|c| c.amount = RefundAmount::Full, Some("amount"));
        check(&|c| c.receipt = ReceiptChoice::None, Some("receipt"));
        check(&|c| c.lines = None, Some("lines"));
        check(&|c| c.order = None, Some("order_file"));
        check(&|c| c.penalty = None, Some("penalty"));
        check(&|c| c.params.clear(), Some("json_params"));
        check(&|c| c.language = None, Some("language"));
        check(&|c| c.receipt_extras.clear(), Some("receipt_extras"));
        check(&|c| c.allocate = None, Some("allocate"));
        let foreign = Opaque::new("other@1", Vec::new()).expect("short");
        assert!(difference(&one, &foreign).is_err());
    }
}
