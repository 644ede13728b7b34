//! The least that reading such a file with serde must do: the same fields, each text left where it stands.

use serde::Deserialize;
use std::borrow::Cow;

/// Serde copies an `Option<Cow<str>>`; a type of its own is borrowed.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(borrow)]
    schema: Text<'a>,
    #[serde(borrow)]
    gateway: Text<'a>,
    #[serde(borrow)]
    order: Text<'a>,
    #[serde(borrow, default)]
    amount: Option<Text<'a>>,
    #[serde(borrow, default)]
    receipt: Option<Text<'a>>,
    #[serde(borrow, default)]
    lines: Vec<Line<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
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

/// How many lines there are.
pub(crate) fn parse(bytes: &[u8]) -> Option<usize> {
    let file: File<'_> = serde_json::from_slice(bytes).ok()?;
    std::hint::black_box((
        &file.schema.0,
        &file.gateway.0,
        &file.order.0,
        file.amount.is_some(),
        file.receipt.is_some(),
    ));
    for line in &file.lines {
        let members = [&line.name, &line.code, &line.measure, &line.price, &line.amount, &line.currency];
        std::hint::black_box((&line.position.0, &line.quantity.0, members));
    }
    Some(file.lines.len())
}
