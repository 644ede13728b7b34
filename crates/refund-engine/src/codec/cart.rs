//! Lines of a planned command as bytes: private twins of core's lines.

use super::{
    CodecError,
    command::{MoneyV1, currency},
};
use refund_core::{
    Cart, CheckedLine, Line, LineFiscal, Measure, Money, Opaque, Quantity, RefundLine, UsedLine,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundLineV1 {
    position: String,
    /// In thousandths.
    quantity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measure: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<MoneyV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<MoneyV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct LineV1 {
    position: String,
    name: String,
    /// In thousandths.
    quantity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measure: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<MoneyV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<MoneyV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fiscal: Option<FiscalV1>,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct FiscalV1 {
    vat: String,
    method: String,
    object: String,
}

impl From<&RefundLine> for RefundLineV1 {
    fn from(line: &RefundLine) -> Self {
        Self {
            position: line.position.clone(),
            quantity: line.quantity.thousandths(),
            name: line.name.clone(),
            code: line.code.clone(),
            measure: line.measure.as_ref().map(|measure| measure.0.clone()),
            price: line.price.map(MoneyV1::from),
            amount: line.amount.map(MoneyV1::from),
            currency: line.currency.map(|currency| currency.code().to_owned()),
        }
    }
}

impl From<&Line> for LineV1 {
    fn from(line: &Line) -> Self {
        Self {
            position: line.position.clone(),
            name: line.name.clone(),
            quantity: line.quantity.thousandths(),
            code: line.code.clone(),
            measure: line.measure.as_ref().map(|measure| measure.0.clone()),
            price: line.price.map(MoneyV1::from),
            amount: line.amount.map(MoneyV1::from),
            fiscal: line.fiscal.as_ref().map(|fiscal| FiscalV1 {
                vat: fiscal.vat.clone(),
                method: fiscal.method.clone(),
                object: fiscal.object.clone(),
            }),
        }
    }
}

pub(super) fn refund_lines(wire: Vec<RefundLineV1>) -> Result<Vec<RefundLine>, CodecError> {
    let line = |wire: RefundLineV1| {
        let mut line = RefundLine::new(wire.position, Quantity::from_thousandths(wire.quantity));
        line.name = wire.name;
        line.code = wire.code;
        line.measure = wire.measure.map(Measure);
        line.price = wire.price.map(Money::try_from).transpose()?;
        line.amount = wire.amount.map(Money::try_from).transpose()?;
        line.currency = wire.currency.as_deref().map(currency).transpose()?;
        Ok(line)
    };
    wire.into_iter().map(line).collect()
}

pub(super) fn order(wire: Vec<LineV1>) -> Result<Cart, CodecError> {
    let line = |wire: LineV1| {
        let mut line = Line::new(wire.position, wire.name, Quantity::from_thousandths(wire.quantity));
        line.code = wire.code;
        line.measure = wire.measure.map(Measure);
        line.price = wire.price.map(Money::try_from).transpose()?;
        line.amount = wire.amount.map(Money::try_from).transpose()?;
        line.fiscal =
            wire.fiscal.map(|wire| LineFiscal { vat: wire.vat, method: wire.method, object: wire.object });
        Ok(line)
    };
    Ok(Cart { lines: wire.into_iter().map(line).collect::<Result<_, CodecError>>()? })
}

const LINES: &str = "the lines of a reservation";
const LINES_SCHEMA: &str = "refund-engine/lines@1";

/// What a refund takes of one line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TakenV1 {
    position: String,
    /// In thousandths.
    quantity: i64,
    amount: MoneyV1,
}

/// The bytes of what a refund takes of each line.
pub fn encode_lines(lines: &[CheckedLine]) -> Opaque {
    let taken = lines.iter().map(|line| TakenV1 {
        position: line.sold.position.clone(),
        quantity: line.quantity.thousandths(),
        amount: line.amount.into(),
    });
    let bytes = serde_json::to_vec(&taken.collect::<Vec<_>>()).expect("plain structs always serialise");
    Opaque::cut(LINES_SCHEMA, bytes)
}

/// What a refund took of each line; whose it was is for the caller to say.
///
/// # Errors
/// [`CodecError`] for another schema or bytes that do not parse.
pub fn decode_lines(data: &Opaque) -> Result<Vec<UsedLine>, CodecError> {
    if data.schema() != LINES_SCHEMA {
        return Err(CodecError::new(LINES, format!("schema {:?}, expected {LINES_SCHEMA:?}", data.schema())));
    }
    let wire: Vec<TakenV1> =
        serde_json::from_slice(data.bytes()).map_err(|error| CodecError::new(LINES, error))?;
    let line = |taken: TakenV1| {
        let (quantity, amount) = (Quantity::from_thousandths(taken.quantity), Money::try_from(taken.amount)?);
        Ok(UsedLine::new(taken.position, quantity, amount, String::new()))
    };
    wire.into_iter().map(line).collect()
}
