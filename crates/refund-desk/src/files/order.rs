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
    read,
    sentences::{EARLIER_WITHOUT_MONEY, OTHER_ORDER, POSITION_TWICE},
    words::{bad_amount, other_schema, tidy, wrong},
};
use crate::problem::Problem;
use refund_core::{
    Cart, Currency, Message, Money, Opaque, Payment, PaymentId, PaymentState, Prior, PriorCarts, UsedLine,
};
use serde::Deserialize;
use std::{collections::BTreeSet, path::Path};

/// The schema this version reads.
const SCHEMA: &str = "refund/order@1";

/// What an order looks like, for whoever wrote none.
const EXAMPLE: &str = r#"{"schema":"refund/order@1","paid":"100.00","lines":[{"position":"1","name":"Чай","quantity":"1","price":"100.00"}]}"#;

/// An order as its file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which order, if the file says so; a request of another one is refused.
    pub order: Option<String>,
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
    /// Sees that the file is about this order, as far as it says.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`crate::Kind::Rules`].
    pub fn is_of(&self, order: &PaymentId) -> Result<(), Problem> {
        match &self.order {
            Some(found) if found != order.as_str() => Err(wrong(
                Message::new(&OTHER_ORDER).with("found", tidy(found)).with("asked", order),
                "order",
            )),
            _ => Ok(()),
        }
    }

    /// The payment this order would be at a gateway that shows refunds and keeps carts, for a check without one.
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
struct FileV1<'a> {
    schema: String,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    currency: Option<String>,
    paid: String,
    #[serde(default)]
    points: Option<String>,
    /// Left out: yes, if there are lines.
    #[serde(default)]
    registered_with_cart: Option<bool>,
    #[serde(default)]
    lines: Vec<SoldV1>,
    #[serde(borrow, default)]
    earlier: Vec<EarlierV1<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierV1<'a> {
    key: String,
    amount: String,
    #[serde(borrow, default)]
    lines: Vec<AskedV1<'a>>,
}

/// Reads an order file.
///
/// # Errors
/// A [`Problem`] with the file and the path within it.
pub fn read_order(path: &Path) -> Result<Order, Problem> {
    read::file(path, parse_order)
}

/// Parses an order.
///
/// # Errors
/// A [`Problem`] of kind [`crate::Kind::Rules`] that names the field.
pub fn parse_order(bytes: &[u8]) -> Result<Order, Problem> {
    let file: FileV1<'_> = read::object(bytes, EXAMPLE)?;
    if file.schema != SCHEMA {
        return Err(other_schema(&file.schema, SCHEMA));
    }
    let currency = match &file.currency {
        None => Currency::RUB,
        Some(code) => lines::currency(code, "currency")?,
    };
    let amount =
        |text: &str, at: &str| Money::parse_major(text, currency).map_err(|error| bad_amount(&error, at));
    let cart = cart(file.lines, currency)?;
    let mut earlier = Prior::none(currency);
    for (index, refund) in file.earlier.into_iter().enumerate() {
        let at = format!("earlier[{index}]");
        let sum = amount(&refund.amount, &format!("{at}.amount"))?;
        earlier.done = earlier.done.checked_add(sum).map_err(|error| bad_amount(&error, &at))?;
        add_lines(refund, &cart, &at, &mut earlier)?;
    }
    let told = file.registered_with_cart.unwrap_or(!cart.lines.is_empty());
    let registered_with_cart = if told { RegisteredCart::Yes } else { RegisteredCart::No };
    let points = lines::money(file.points.as_deref(), currency, "points")?;
    let paid = amount(&file.paid, "paid")?;
    Ok(Order { order: file.order, paid, points, cart, earlier, registered_with_cart })
}

fn cart(lines: Vec<SoldV1>, currency: Currency) -> Result<Cart, Problem> {
    let sold = lines.into_iter().enumerate();
    let lines = sold.map(|(index, line)| line.checked(currency, &format!("lines[{index}]")));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        if !seen.insert(line.position.as_str()) {
            let message = Message::new(&POSITION_TWICE).with("position", tidy(&line.position));
            return Err(wrong(message, &format!("lines[{index}].position")));
        }
    }
    Ok(Cart { lines })
}

fn add_lines(refund: EarlierV1<'_>, cart: &Cart, at: &str, earlier: &mut Prior) -> Result<(), Problem> {
    for (index, line) in refund.lines.into_iter().enumerate() {
        let at = format!("{at}.lines[{index}]");
        let line = line.checked(&at)?;
        let sold = cart.lines.iter().find(|sold| sold.position == line.position);
        let unknown = || {
            let message = Message::new(&EARLIER_WITHOUT_MONEY).with("position", tidy(&line.position));
            wrong(message, &format!("{at}.amount"))
        };
        let amount = line.total(sold).ok_or_else(unknown)?;
        earlier.carts = PriorCarts::Some;
        earlier.lines.push(UsedLine::new(line.position, line.quantity, amount, refund.key.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;
    use proptest::prelude::*;

    const GOOD: &str = r#"{"schema":"refund/order@1","order":"1001","paid":"650.15","lines":[
        {"position":"1","name":"Чай","code":"tea","quantity":"2","price":"100.00",
         "vat":"vat20","method":"full_payment","object":"commodity"},
        {"position":"2","name":"Мёд","quantity":"1.5","amount":"450.15"}],
        "earlier":[{"key":"r-1","amount":"100.00","lines":[{"position":"1","quantity":"1"}]}]}"#;

    #[test]
    fn an_order_is_read_as_written() {
        let order = parse_order(GOOD.as_bytes()).expect("good");
        assert_eq!((order.paid, order.points), (Money::rub(65_015), None));
        let totals: Vec<_> = order.cart.lines.iter().map(|line| line.total().map(Money::minor)).collect();
        assert_eq!(totals, [Some(20_000), Some(45_015)]);
        assert_eq!((order.earlier.done, order.earlier.carts), (Money::rub(10_000), PriorCarts::Some));
        let used = &order.earlier.lines[0];
        assert_eq!(
            (used.quantity.thousandths(), used.amount, used.by.as_str()),
            (1_000, Money::rub(10_000), "r-1")
        );
        assert_eq!(order.registered_with_cart, RegisteredCart::Yes);
        let bare = parse_order(br#"{"schema":"refund/order@1","paid":"470"}"#).expect("good");
        assert_eq!(bare.registered_with_cart, RegisteredCart::No, "no lines, no cart");
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let check = |from: &str, to: &str, code: &str, place: &str| {
            assert!(GOOD.contains(from), "{from}");
            let problem = parse_order(GOOD.replacen(from, to, 1).as_bytes()).expect_err(to);
            let found = (problem.code(), problem.place.as_deref().unwrap_or(""), problem.kind);
            assert_eq!(found, (code, place, Kind::Rules), "{from} -> {to}");
        };
        check("order@1", "request@1", "request-schema", "schema");
        check("\"650.15\"", "650.15", "field-type", "paid");
        check("650.15", "650.155", "request-amount-decimals", "paid");
        check("\"2\",\"price", "\"2.0005\",\"price", "request-quantity-decimals", "lines[0].quantity");
        check("\"1.5\"", "\"1,5\"", "request-quantity-not-a-number", "lines[1].quantity");
        check("450.15", "x", "request-amount-not-a-number", "lines[1].amount");
        check("\"position\":\"2\"", "\"position\":\"1\"", "order-position-twice", "lines[1].position");
        check("\"vat\":\"vat20\",", "", "order-fiscal-together", "lines[0].vat");
        check("\"name\":\"Мёд\",", "", "field-missing", "lines[1]");
        check("\"paid\"", "\"currency\":\"ROUBLE\",\"paid\"", "request-currency", "currency");
        let at = "earlier[0].lines[0]";
        check(
            "[{\"position\":\"1\"",
            "[{\"position\":\"9\"",
            "order-earlier-without-money",
            &format!("{at}.amount"),
        );
        check("\"quantity\":\"1\"}", "\"quantity\":1}", "field-type", &format!("{at}.quantity"));
    }

    #[test]
    fn a_file_about_another_order_is_not_taken() {
        let order = parse_order(GOOD.as_bytes()).expect("good");
        let id = |text: &str| PaymentId::parse(text).expect("valid");
        assert!(order.is_of(&id("1001")).is_ok());
        assert_eq!(order.is_of(&id("1002")).map_err(|problem| problem.code()), Err("order-file-other"));
        assert!(Order { order: None, ..order }.is_of(&id("1002")).is_ok(), "a file may leave it out");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_order(&bytes);
        }
    }
}
