//! `orderBundle`: the schema of a cart with its fiscal members, and what the gateway reads out of it.
//!
//! Limits are the ecomtest documentation's (CONFIRMED). Knows one bundle; whether it fits an order is
//! for `cart` to say.

use serde_json::value::RawValue;

use super::refusal::Refusal;
use super::schema::{Class, Shape, may, must};
use crate::ledger::Direction;
use crate::text::json::{Members, array, number, owned, string};
use crate::text::number::scaled;

/// The largest sum of a cart, in minor units.
const LARGEST: u64 = 4_294_967_200;
/// A list without a documented maximum; the body limit is the only one.
const MANY: usize = usize::MAX;

const SUM: Shape = Shape::Integer(0, LARGEST);
const PHONES: Shape = Shape::List(&Shape::Text(1, 19, Class::Phone), 5);

const fn txt(from: usize, to: usize) -> Shape {
    Shape::Text(from, to, Class::Txt)
}

const fn ascii(from: usize, to: usize) -> Shape {
    Shape::Text(from, to, Class::Ascii)
}

const fn digits(from: usize, to: usize) -> Shape {
    Shape::Text(from, to, Class::Digits)
}

const COMPANY: Shape = Shape::Object(&[
    must("email", ascii(3, 64)),
    must("sno", Shape::Word(&["osn", "usn_income", "usn_income_outcome", "esn", "patent"])),
    must("inn", digits(10, 12)),
    must("paymentAddress", ascii(1, 256)),
]);

const PAYMENT: Shape =
    Shape::Object(&[must("type", Shape::Integer(1, 4)), must("sum", Shape::Number(LARGEST))]);

const CUSTOMER: Shape = Shape::Object(&[
    may("fullName", txt(1, 100)),
    may("inn", digits(10, 12)),
    may("address", txt(1, 256)),
    may("birthdate", ascii(10, 10)),
    may("citizenship", digits(3, 3)),
    may("documentType", digits(2, 2)),
    may("documentNo", txt(1, 64)),
    may(
        "deliveryInfo",
        Shape::Object(&[
            may("deliveryType", txt(1, 20)),
            may("country", Shape::Text(3, 3, Class::Latin)),
            may("city", txt(1, 40)),
            may("postAddress", txt(1, 255)),
        ]),
    ),
]);

const NAME_VALUE: Shape = Shape::Object(&[must("name", txt(1, 64)), must("value", txt(1, 256))]);

/// The schema says exactly 20 characters where the form has 19 (a bug of the document's): both pass.
const OPERATING_PROPS: Shape =
    Shape::Object(&[must("name", txt(1, 40)), must("value", txt(1, 64)), must("timestamp", ascii(19, 20))]);

const SECTORAL: Shape = Shape::Object(&[
    must("federalId", digits(3, 3)),
    must("date", ascii(1, 10)),
    must("number", txt(1, 32)),
    must("value", txt(1, 256)),
]);

const AGENT: Shape = Shape::Object(&[
    must(
        "type",
        Shape::Word(&[
            "bank_paying_agent",
            "bank_paying_subagent",
            "paying_agent",
            "paying_subagent",
            "attorney",
            "commission_agent",
            "another",
        ]),
    ),
    may("payingAgent", Shape::Object(&[may("operation", txt(1, 24)), may("phones", PHONES)])),
    may("receivePaymentsOperator", Shape::Object(&[may("phones", PHONES)])),
    may(
        "moneyTransferOperator",
        Shape::Object(&[
            may("phones", PHONES),
            may("name", txt(1, 64)),
            may("address", txt(1, 256)),
            may("inn", Shape::Text(12, 12, Class::PaddedDigits)),
        ]),
    ),
]);

const SUPPLIER: Shape = Shape::Object(&[
    may("phones", PHONES),
    may("name", txt(1, 64)),
    may("inn", Shape::Text(12, 12, Class::PaddedDigits)),
]);

const MEASURES: Shape = Shape::Word(&[
    "0", "10", "11", "12", "20", "21", "22", "30", "31", "32", "40", "41", "42", "50", "51", "70", "71",
    "72", "73", "80", "81", "82", "83", "255",
]);

/// Each is one kind of marking code with its length.
const MARK_CODE: Shape = Shape::Object(&[
    may("gs1m", ascii(1, 200)),
    may("fur", ascii(20, 20)),
    may("gs10", ascii(1, 38)),
    may("ean8", digits(8, 8)),
    may("ean13", digits(13, 13)),
    may("itf14", digits(14, 14)),
    may("short", ascii(1, 38)),
    may("unknown", ascii(1, 32)),
]);

const DETAIL: Shape = Shape::Object(&[must("name", txt(1, 255)), must("value", txt(1, 255))]);

const ITEM: Shape = Shape::Object(&[
    must("positionId", digits(1, 12)),
    must("name", txt(1, 100)),
    must("itemCode", txt(1, 100)),
    must(
        "quantity",
        Shape::Object(&[must("value", Shape::Thousandths(99_999_999)), may("measure", MEASURES)]),
    ),
    may("measurementUnit", txt(1, 16)),
    must("itemPrice", SUM),
    must("itemAmount", SUM),
    // A number here, although the order's own currency is a string (CONFIRMED both).
    may("itemCurrency", Shape::Integer(0, 999)),
    must(
        "paymentMethod",
        Shape::Word(&[
            "full_prepayment",
            "prepayment",
            "advance",
            "full_payment",
            "partial_payment",
            "credit",
            "credit_payment",
        ]),
    ),
    must("paymentObject", Shape::Text(1, 21, Class::Login)),
    may("tax", Shape::Object(&[must("taxType", Shape::Integer(0, 13))])),
    may("nomenclatureCode", Shape::Text(18, 150, Class::UpperHex)),
    may("markCode", MARK_CODE),
    may(
        "markQuantity",
        Shape::Object(&[
            must("markQuantityNumerator", digits(1, 12)),
            must("markQuantityDenominator", digits(1, 12)),
        ]),
    ),
    may("markProcessingMode", digits(1, 1)),
    may("excise", digits(1, 10)),
    may("countryCode", digits(3, 3)),
    may("declarationNumber", txt(1, 32)),
    may("userData", txt(1, 64)),
    may("agentInfo", AGENT),
    may("supplierInfo", SUPPLIER),
    may("sectoralItemProps", Shape::List(&SECTORAL, MANY)),
    may("itemDetails", Shape::Object(&[may("itemDetailsParams", Shape::List(&DETAIL, MANY))])),
    may("discount", Shape::Object(&[must("discountType", txt(1, 20)), must("discountValue", digits(1, 20))])),
    may(
        "agentInterest",
        Shape::Object(&[must("interestType", txt(1, 20)), must("interestValue", digits(1, 20))]),
    ),
]);

const CART_ITEMS: Shape = Shape::Object(&[must("items", Shape::List(&ITEM, MANY))]);

/// The whole object, wherever it stands.
pub(super) const BUNDLE: Shape = Shape::Object(&[
    may("ffdVersion", Shape::Word(&["1.05", "1.2"])),
    may("receiptType", Shape::Word(&["sell", "sell_refund"])),
    may("ismOptional", Shape::Flag),
    may("company", COMPANY),
    may("payments", Shape::List(&PAYMENT, MANY)),
    may("total", Shape::Number(LARGEST)),
    may("customerDetails", CUSTOMER),
    may("additionalCheckProps", txt(1, 16)),
    may("additionalUserProps", NAME_VALUE),
    may("operatingCheckProps", OPERATING_PROPS),
    may("sectoralCheckProps", Shape::List(&SECTORAL, MANY)),
    may("orderCreationDate", ascii(1, 32)),
    may("installments", Shape::Open(&[])),
    must("cartItems", CART_ITEMS),
]);

/// A bundle that has passed the schema.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) items: Vec<Item>,
    /// Minor units.
    pub(super) total: Option<u64>,
    /// The receipt it asks for; without FFD version and type there is none (CONFIRMED).
    pub(super) receipt: Option<Direction>,
    pub(super) raw: Box<RawValue>,
}

/// One item, read into integers.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) position: String,
    pub(super) name: String,
    pub(super) code: String,
    /// Thousandths.
    pub(super) quantity: u64,
    pub(super) price: u64,
    pub(super) amount: u64,
    pub(super) currency: Option<String>,
    pub(super) raw: Box<RawValue>,
}

impl Bundle {
    /// Reads a bundle that has passed the schema and checks what no schema says.
    pub(super) fn read(text: &str, tax_type_max: u64) -> Result<Self, Refusal> {
        let members = Members::parse(text).ok_or_else(|| Refusal::cart_format("orderBundle"))?;
        let items = members.get("cartItems").and_then(Members::parse);
        let items = items.as_ref().and_then(|cart| cart.get("items")).and_then(array);
        let ffd = members.get("ffdVersion").and_then(string);
        let mut read = Vec::new();
        for (at, item) in items.unwrap_or_default().into_iter().enumerate() {
            let place =
                |name: &str| Refusal::cart_format(format!("orderBundle.cartItems.items[{at}].{name}"));
            let item_members = Members::parse(item).ok_or_else(|| place("positionId"))?;
            extras(&item_members, ffd.as_deref(), tax_type_max).map_err(place)?;
            read.push(Item::read(item).ok_or_else(|| place("positionId"))?);
        }
        let direction = members.get("receiptType").and_then(string);
        let direction = direction.as_deref().and_then(Direction::named);
        // The sums of both are minor units: the official sample has 4700 for 47.00.
        let total = members.get("total").and_then(number).and_then(|total| scaled(total, 0).ok());
        if members.get("total").is_some() && total.is_none() {
            return Err(Refusal::cart_format("orderBundle.total"));
        }
        let bundle = Self {
            items: read,
            total,
            receipt: direction.filter(|_| ffd.is_some()),
            raw: owned(text).ok_or_else(|| Refusal::cart_format("orderBundle"))?,
        };
        // A receipt needs all of these (CONFIRMED); half of them is a mistake and no wish for none.
        if bundle.receipt.is_some() || ffd.is_some() {
            for name in ["receiptType", "company", "payments", "total"] {
                if members.get(name).is_none() {
                    return Err(Refusal::mandatory(format!("orderBundle.{name}")));
                }
            }
        }
        Ok(bundle)
    }
}

/// Members that depend on the FFD version or on each other; the name of the one that is wrong.
fn extras(item: &Members<'_>, ffd: Option<&str>, tax_type_max: u64) -> Result<(), &'static str> {
    let measure = item.get("quantity").and_then(Members::parse).is_some_and(|q| q.get("measure").is_some());
    match ffd {
        Some("1.2") if !measure => return Err("quantity.measure"),
        Some("1.05") if measure => return Err("quantity.measure"),
        Some("1.2") if item.get("measurementUnit").is_some() => return Err("measurementUnit"),
        _ => {}
    }
    let tax = item.get("tax").and_then(Members::parse);
    let tax = tax.as_ref().and_then(|tax| tax.get("taxType")).and_then(|text| text.parse::<u64>().ok());
    if tax.is_some_and(|tax| tax > tax_type_max) {
        return Err("tax.taxType");
    }
    if item.get("markCode").and_then(Members::parse).is_some_and(|codes| codes.iter().count() != 1) {
        return Err("markCode");
    }
    // Reserved for the gateway's own count (CONFIRMED).
    let details = item.get("itemDetails").and_then(Members::parse);
    let details = details.as_ref().and_then(|details| details.get("itemDetailsParams")).and_then(array);
    let reserved = |entry: &&str| {
        let name = Members::parse(entry).and_then(|entry| entry.get("name").and_then(string));
        name.as_deref() == Some("refundedQuantity")
    };
    if details.unwrap_or_default().iter().any(reserved) {
        return Err("itemDetails.itemDetailsParams");
    }
    Ok(())
}

impl Item {
    /// `None` if a member the gateway counts with is not there or not of its form.
    pub(super) fn read(text: &str) -> Option<Self> {
        let members = Members::parse(text)?;
        let quantity = Members::parse(members.get("quantity")?)?;
        Some(Self {
            position: string(members.get("positionId")?)?,
            name: string(members.get("name")?)?,
            code: string(members.get("itemCode")?)?,
            quantity: scaled(number(quantity.get("value")?)?, 3).ok()?,
            price: members.get("itemPrice")?.parse().ok()?,
            amount: members.get("itemAmount")?.parse().ok()?,
            currency: members.get("itemCurrency").map(|code| format!("{code:0>3}")),
            raw: owned(text)?,
        })
    }
}
