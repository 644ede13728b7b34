//! The cart of an order as a gateway or a shop reports it.
//!
//! A report, not a promise: nothing here is checked. It must not know fiscal codes (they are `receipts-ofd`'s) or a
//! gateway's member names.

use crate::{Money, Quantity};

/// The lines of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cart {
    /// In the gateway's order.
    pub lines: Vec<Line>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line's number or name within the cart (Sber's `positionId`); a shop's own cart may count from 1.
    pub position: String,
    /// The goods' name, as it stands on the receipt.
    pub name: String,
    /// The goods' code (Sber's `itemCode`), where there is one.
    pub code: Option<String>,
    /// How much was sold.
    pub quantity: Quantity,
    /// In which unit.
    pub measure: Option<Measure>,
    /// Price of one unit after discounts, where it is told.
    pub price: Option<Money>,
    /// Price of the whole line after discounts, where it is told.
    pub amount: Option<Money>,
}

/// A unit of measure as the gateway spells it: free text under FFD 1.05 (`шт.`), a numeric code under 1.2 (`0`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure(pub String);
