//! The order file, schema `refund/order@1`: an order as the shop sold it, and what was refunded of it.
//!
//! ```json
//! {
//!   "schema": "refund/order@1",
//!   "order": "1001",
//!   "paid": "650.15",
//!   "lines": [
//!     { "position": "1", "name": "Чай", "code": "tea", "quantity": "2", "price": "100.00",
//!       "vat": "vat20", "method": "full_payment", "object": "commodity" }
//!   ],
//!   "earlier": [ { "key": "r-1", "amount": "100.00", "lines": [ { "position": "1", "quantity": "1" } ] } ]
//! }
//! ```
//!
//! Gateways that keep no cart (Robokassa) take the lines from it; `refund check` takes everything from it.

use super::{
    lines::{self, AskedV1, SoldV1},
    words::{bad_amount, bad_value, malformed, other_schema},
};
use crate::problem::Problem;
use refund_core::{Cart, Currency, Money, Opaque, Payment, PaymentState, Prior, PriorCarts, UsedLine};
use serde::Deserialize;
use std::path::Path;

/// The schema this version reads.
pub(super) const SCHEMA: &str = "refund/order@1";

/// An order as its file tells it.
#[derive(Clone, Debug)]
pub struct Order {
    /// What the payer paid in money.
    pub paid: Money,
    /// What the payer paid in loyalty points, in the same currency.
    pub points: Option<Money>,
    /// The lines.
    pub cart: Cart,
    /// What was refunded before, as far as the file tells.
    pub earlier: Prior,
    /// Whether the gateway was told the cart when the order was registered.
    pub registered_with_cart: RegisteredCart,
}

/// Whether the gateway knows the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisteredCart {
    /// It was told at registration.
    Yes,
    /// The cart is the shop's alone.
    No,
}

impl Order {
    /// The payment this order would be at its gateway, for a check without one.
    pub fn as_payment(&self, data: Opaque) -> Payment {
        let mut payment = Payment::new(self.paid, PaymentState::Captured, data);
        payment.refunded = Some(self.earlier.done);
        payment.points = self.points;
        payment.cart = (self.registered_with_cart == RegisteredCart::Yes).then(|| self.cart.clone());
        payment
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileV1 {
    schema: String,
    #[serde(default, rename = "order")]
    _order: Option<String>,
    #[serde(default)]
    currency: Option<String>,
    paid: String,
    #[serde(default)]
    points: Option<String>,
    #[serde(default = "yes")]
    registered_with_cart: bool,
    lines: Vec<SoldV1>,
    #[serde(default)]
    earlier: Vec<EarlierV1>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierV1 {
    key: String,
    amount: String,
    #[serde(default)]
    lines: Vec<AskedV1>,
}

/// Reads an order file.
///
/// # Errors
/// A [`Problem`] with the file and the path within it.
pub fn read_order(path: &Path) -> Result<Order, Problem> {
    super::read(path, parse_order)
}

/// Parses an order.
///
/// # Errors
/// A [`Problem`] of kind [`crate::Kind::Rules`] that names the field.
pub fn parse_order(bytes: &[u8]) -> Result<Order, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let file: FileV1 = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| malformed(&error.path().to_string(), &error.into_inner().to_string()))?;
    reader.end().map_err(|error| malformed("", &error.to_string()))?;
    if file.schema != SCHEMA {
        return Err(other_schema(&file.schema, SCHEMA));
    }
    let currency = match &file.currency {
        None => Currency::RUB,
        Some(code) => lines::currency(code, "currency")?,
    };
    let amount = |text: &str, at: &str| Money::parse_major(text, currency).map_err(|error| bad_amount(&error, at));
    let cart = cart(file.lines, currency)?;
    let mut earlier = Prior::none(currency);
    for (index, refund) in file.earlier.into_iter().enumerate() {
        let at = format!("earlier[{index}]");
        let sum = amount(&refund.amount, &format!("{at}.amount"))?;
        earlier.done = earlier.done.checked_add(sum).map_err(|error| bad_amount(&error, &at))?;
        add_lines(refund, &cart, &at, &mut earlier)?;
    }
    let registered_with_cart = if file.registered_with_cart { RegisteredCart::Yes } else { RegisteredCart::No };
    let points = lines::money(file.points.as_deref(), currency, "points")?;
    Ok(Order { paid: amount(&file.paid, "paid")?, points, cart, earlier, registered_with_cart })
}

fn cart(lines: Vec<SoldV1>, currency: Currency) -> Result<Cart, Problem> {
    let sold = lines.into_iter().enumerate();
    let lines = sold.map(|(index, line)| line.checked(currency, &format!("lines[{index}]")));
    Ok(Cart { lines: lines.collect::<Result<_, _>>()? })
}

fn add_lines(refund: EarlierV1, cart: &Cart, at: &str, earlier: &mut Prior) -> Result<(), Problem> {
    for (index, line) in refund.lines.into_iter().enumerate() {
        let at = format!("{at}.lines[{index}]");
        let line = line.checked(&at)?;
        let sold = cart.lines.iter().find(|sold| sold.position == line.position);
        let amount = line.total(sold).ok_or_else(|| bad_value(&at, "neither the line nor the order tells its money"))?;
        earlier.carts = PriorCarts::Some;
        earlier.lines.push(UsedLine::new(line.position, line.quantity, amount, refund.key.clone()));
    }
    Ok(())
}
