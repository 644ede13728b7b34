//! Lines of a cart as files write them: what an order sold, and what a request wants back.
//!
//! Quantities and amounts are decimal strings, so that no reader ever makes a float of them.

use super::{
    sentences::FISCAL_TOGETHER,
    text::Text,
    words::{bad_amount, bad_currency, bad_quantity, wrong},
};
use crate::problem::Problem;
use refund_core::{
    AsLine, Currency, Line, LineFiscal, LineNumbers, Measure, Money, Quantity, QuantityError, RefundLine,
};
use serde::Deserialize;

/// A line of a request. `quantity` is needed; what else is left out is taken from the order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedV1<'a> {
    #[serde(borrow)]
    position: Text<'a>,
    #[serde(borrow)]
    quantity: Text<'a>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    code: Option<Text<'a>>,
    #[serde(borrow, default)]
    measure: Option<Text<'a>>,
    #[serde(borrow, default)]
    price: Option<Text<'a>>,
    #[serde(borrow, default)]
    amount: Option<Text<'a>>,
    #[serde(borrow, default)]
    currency: Option<Text<'a>>,
}

/// A line of an order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SoldV1 {
    position: String,
    name: String,
    quantity: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    measure: Option<String>,
    #[serde(default)]
    price: Option<String>,
    #[serde(default)]
    amount: Option<String>,
    #[serde(default)]
    vat: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    object: Option<String>,
}

impl AsLine for AskedV1<'_> {
    fn position(&self) -> &str {
        &self.position
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    fn measure(&self) -> Option<&str> {
        self.measure.as_deref()
    }

    /// Nothing where [`AskedV1::checked`] would find a mistake.
    fn numbers(&self) -> Option<LineNumbers> {
        let written = match &self.currency {
            None => None,
            Some(code) => Some(Currency::from_code(code)?),
        };
        let currency = written.unwrap_or(Currency::RUB);
        let money = |text: &Option<Text<'_>>| match text {
            None => Some(None),
            Some(text) => Money::parse_major(text, currency).ok().map(Some),
        };
        Some(LineNumbers {
            quantity: exact_quantity(&self.quantity).ok()?,
            price: money(&self.price)?,
            amount: money(&self.amount)?,
            currency: written,
        })
    }
}

impl AskedV1<'_> {
    pub(super) fn checked(self, at: &str) -> Result<RefundLine, Problem> {
        let field = |name: &str| format!("{at}.{name}");
        let quantity = quantity(&self.quantity, &field("quantity"))?;
        let mut line = RefundLine::new(self.position.into_string(), quantity);
        line.currency = match self.currency {
            None => None,
            Some(code) => Some(currency(&code, &field("currency"))?),
        };
        let currency = line.currency.unwrap_or(Currency::RUB);
        line.name = self.name.map(Text::into_string);
        line.code = self.code.map(Text::into_string);
        line.measure = self.measure.map(Text::into_string).map(Measure);
        line.price = money(self.price.as_deref(), currency, &field("price"))?;
        line.amount = money(self.amount.as_deref(), currency, &field("amount"))?;
        Ok(line)
    }
}

impl SoldV1 {
    pub(super) fn checked(self, currency: Currency, at: &str) -> Result<Line, Problem> {
        let field = |name: &str| format!("{at}.{name}");
        let mut line = Line::new(self.position, self.name, quantity(&self.quantity, &field("quantity"))?);
        line.code = self.code;
        line.measure = self.measure.map(Measure);
        line.price = money(self.price.as_deref(), currency, &field("price"))?;
        line.amount = money(self.amount.as_deref(), currency, &field("amount"))?;
        line.fiscal = match (self.vat, self.method, self.object) {
            (None, None, None) => None,
            (Some(vat), Some(method), Some(object)) => Some(LineFiscal { vat, method, object }),
            _ => return Err(wrong(&FISCAL_TOGETHER, &field("vat"))),
        };
        Ok(line)
    }
}

pub(super) fn currency(code: &str, at: &str) -> Result<Currency, Problem> {
    Currency::from_code(code).ok_or_else(|| bad_currency(code, at))
}

pub(super) fn money(text: Option<&str>, currency: Currency, at: &str) -> Result<Option<Money>, Problem> {
    text.map(|text| Money::parse_major(text, currency).map_err(|error| bad_amount(&error, at))).transpose()
}

pub(super) fn quantity(text: &str, at: &str) -> Result<Quantity, Problem> {
    exact_quantity(text).map_err(|error| bad_quantity(&error, at))
}

/// A fourth decimal is refused even if it is zero: what is written is what is meant.
fn exact_quantity(text: &str) -> Result<Quantity, QuantityError> {
    let parsed = Quantity::parse(text)?;
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals <= 3 {
        return Ok(parsed);
    }
    Err(QuantityError::TooManyDecimals { text: text.chars().take(40).collect() })
}
