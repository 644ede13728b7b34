//! A planned command as bytes, version 1. What "the same request under the same key" means is equality of these.

use super::CodecError;
use refund_core::{
    AccountId, Currency, Money, Opaque, PaymentId, PaymentRef, ProviderId, ReceiptChoice, RefundAmount,
    RefundCommand,
};
use serde::{Deserialize, Serialize};

const WHAT: &str = "a planned command";
const SCHEMA: &str = "refund-engine/command@1";

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct CommandV1 {
    provider: String,
    account: String,
    payment: String,
    amount: AmountV1,
    receipt: ReceiptV1,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum AmountV1 {
    Full,
    Exactly { minor: i64, currency: String },
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
    };
    let bytes = serde_json::to_vec(&wire).expect("plain structs without maps always serialise");
    Opaque::new(SCHEMA, bytes).expect("identifiers are capped far below a megabyte")
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
        AmountV1::Exactly { minor, currency } => {
            let currency =
                Currency::from_code(&currency).ok_or_else(|| bad(&format!("currency {currency:?}")))?;
            RefundAmount::Exactly(Money::new(minor, currency))
        }
    };
    let mut command = RefundCommand::new(payment, amount);
    command.receipt = match wire.receipt {
        ReceiptV1::Cart => ReceiptChoice::Cart,
        ReceiptV1::None => ReceiptChoice::None,
    };
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

    fn command(order: &str, amount: RefundAmount) -> RefundCommand {
        let payment = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse(order).expect("valid"),
        };
        RefundCommand::new(payment, amount)
    }

    #[test]
    fn commands_round_trip_and_their_bytes_are_pinned() {
        for amount in [RefundAmount::Full, RefundAmount::Exactly(Money::rub(123_456))] {
            let command = command("7", amount);
            assert_eq!(decode_command(&encode_command(&command)), Ok(command));
        }
        let bytes = encode_command(&command("7", RefundAmount::Exactly(Money::rub(1)))).bytes().to_vec();
        assert_eq!(
            String::from_utf8(bytes).expect("JSON is UTF-8"),
            r#"{"provider":"acme","account":"shop","payment":"7","amount":{"exactly":{"minor":1,"currency":"RUB"}},"receipt":"none"}"#
        );
    }

    #[test]
    fn the_first_difference_is_named() {
        let one = encode_command(&command("7", RefundAmount::Full));
        let check = |other: RefundCommand, expected| {
            assert_eq!(difference(&one, &encode_command(&other)), Ok(expected), "{other:?}");
        };
        check(command("7", RefundAmount::Full), None);
        check(command("8", RefundAmount::Full), Some("order"));
        check(command("7", RefundAmount::Exactly(Money::rub(1))), Some("amount"));
        let foreign = Opaque::new("other@1", Vec::new()).expect("short");
        assert!(difference(&one, &foreign).is_err());
    }
}
