//! The lines of a refund receipt against those of its sale: rules R1 to R10 of a refund, as far as receipts go.
//!
//! A [`Receipt`] is what the register is told of goods and money. How a shop or a gateway keeps its cart is not known
//! here. Settlement method and object are not optional: a gateway that misses them falls back to full prepayment and
//! goods, which may be another kind of receipt than the sale's.

mod limits;
mod lines;
mod sums;

pub use limits::Limits;
pub use lines::vat;

use crate::{
    AgentType, BackEnd, CivilDate, FfdVersion, Findings, Inn, MarkCodeKind, Measure, OfdPartner, PaymentType,
    Phones, PlannedStatus, RuleDef, SettlementMethod, SettlementObject, TaxationSystem, Text, VatRate,
    Violation,
};

/// Every rule of receipts.
pub const RULES: &[&RuleDef] = &[
    &lines::LINE_ECHO,
    &lines::NOT_ABOVE_ORIGINAL,
    &sums::SUMS,
    &lines::VAT,
    &sums::TAXATION,
    &lines::METHOD_RATE,
    &limits::OBJECT,
    &sums::OWN_KEY,
    &limits::LIMITS,
    &limits::ITEM_SUPPLIER,
    &limits::EVOTOR_MARK,
];

/// What a register is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The request's own key: `external_id` at ATOL, the idempotency key elsewhere. A refund has its own.
    pub key: String,
    /// Tag 1055, where the back end is told.
    pub taxation: Option<TaxationSystem>,
    /// What is settled.
    pub lines: Vec<Line>,
    /// How it is paid, in kopecks; empty where the back end is not told (Sber OLD, Robokassa).
    pub payments: Vec<(PaymentType, u64)>,
    /// Tag 1020, in kopecks.
    pub total: u64,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What tells it from other lines of the sale: Sber's `positionId`, elsewhere its number.
    pub position: String,
    /// Tag 1030: at most 100 characters on Sber ECOM, 128 elsewhere.
    pub name: String,
    /// The goods' code, where there is one (Sber's `itemCode`).
    pub code: Option<String>,
    /// Tag 1079, the price of one unit in kopecks.
    pub price: u64,
    /// Tag 1023, in thousandths of a unit.
    pub quantity: u64,
    /// Tag 1043, in kopecks.
    pub sum: u64,
    /// Tag 1199: the rate of the sale.
    pub vat: VatRate,
    /// Tag 1214, always sent.
    pub method: SettlementMethod,
    /// Tag 1212, always sent.
    pub object: SettlementObject,
    /// Tag 2108, FFD 1.2.
    pub measure: Option<Measure>,
    /// Tag 1163, FFD 1.2: which kind of marking code the line carries, if it carries one.
    pub mark: Option<MarkCodeKind>,
    /// Tag 1291: numerator and denominator of a part of a marked piece.
    pub fraction: Option<(u32, u32)>,
    /// Tag 2003, FFD 1.2.
    pub planned_status: Option<PlannedStatus>,
    /// Tags 1222 to 1226: the item's agent, which is where FFD 1.2 keeps agents.
    pub agent: Option<ItemAgent>,
}

/// An item's agent and supplier (tags 1222, 1224, 1226).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAgent {
    /// The kind of agent.
    pub kind: AgentType,
    /// Tag 1226. [`Inn::NO_RUSSIAN_INN`] for a supplier abroad.
    pub supplier_inn: Option<Inn>,
    /// Tag 1225, at most 64 characters at Sber ECOM.
    pub supplier_name: Option<Text>,
    /// Tag 1171.
    pub supplier_phones: Option<Phones>,
}

/// Why the money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The goods come back: lines mirror the sale.
    Return,
    /// The goods are exchanged for others and no money moves: the one case in which a line's settlement method differs
    /// from the sale's (CONFIRMED, ATOL v4, example 9.9).
    Exchange,
}

/// One refund to check.
///
/// ```
/// use receipts_ofd::{BackEnd, CivilDate, FfdVersion, OfdPartner, SettlementMethod, SettlementObject, VatRate};
/// use receipts_ofd::receipt::{Line, Purpose, Receipt, RefundCheck};
/// let line = Line::new("1", "Чайник", 12_000, 1_000, VatRate::Vat20, SettlementMethod::FullPayment,
///     SettlementObject::Commodity);
/// let sale = Receipt { key: "sale-1".into(), taxation: None, lines: vec![line], payments: vec![], total: 12_000 };
/// let refund = Receipt { key: "refund-1".into(), ..sale.clone() };
/// let check = |sold_on| RefundCheck {
///     sale: &sale, sold_on: Some(sold_on), earlier: &[], refund: &refund, money: 12_000,
///     back_end: BackEnd::SberOld, ffd: FfdVersion::V1_2, partner: OfdPartner::Atol, purpose: Purpose::Return,
/// };
/// // Sold in 2025 at 20 %, refunded in 2026 at 20 %: right.
/// assert!(check(CivilDate::of(2025, 12, 31)).run().is_empty());
/// // Sold in 2026 at 20 %: the sale itself was wrong.
/// assert_eq!(check(CivilDate::of(2026, 1, 1)).run().as_slice()[0].rule().id, "r4-vat");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RefundCheck<'a> {
    /// The receipt of the sale. After a prepayment and a final receipt it is the final one.
    pub sale: &'a Receipt,
    /// The day of the sale in Moscow, if it is known.
    pub sold_on: Option<CivilDate>,
    /// Receipts of earlier refunds of the sale.
    pub earlier: &'a [Receipt],
    /// The receipt of this refund.
    pub refund: &'a Receipt,
    /// The money that goes back, in kopecks.
    pub money: u64,
    /// Who prints it.
    pub back_end: BackEnd,
    /// In which version.
    pub ffd: FfdVersion,
    /// Who the shop's receipts go through.
    pub partner: OfdPartner,
    /// Why.
    pub purpose: Purpose,
}

impl RefundCheck<'_> {
    /// Everything that is wrong, in the order of [`RULES`] and of the lines. R6 is [`crate::refund::check_block`]'s.
    pub fn run(&self) -> Findings {
        let mut found = Vec::new();
        lines::check(self, &mut found);
        sums::check(self, &mut found);
        limits::check(self, &mut found);
        let place = |one: &Violation| RULES.iter().position(|rule| rule.id == one.rule().id);
        found.sort_by_key(place);
        found.into()
    }
}

impl Line {
    /// A line without marks, measures and agents.
    pub fn new(
        position: impl Into<String>,
        name: impl Into<String>,
        price: u64,
        quantity: u64,
        vat: VatRate,
        method: SettlementMethod,
        object: SettlementObject,
    ) -> Self {
        Self {
            position: position.into(),
            name: name.into(),
            code: None,
            price,
            quantity,
            sum: price_of(price, quantity).unwrap_or(u64::MAX),
            vat,
            method,
            object,
            measure: None,
            mark: None,
            fraction: None,
            planned_status: None,
            agent: None,
        }
    }
}

/// Price times quantity, rounded half up to a kopeck (the usual reading, GUESS). `None` beyond what 64 bits hold.
fn price_of(price: u64, quantity: u64) -> Option<u64> {
    let thousandths = u128::from(price) * u128::from(quantity);
    u64::try_from((thousandths + 500) / 1000).ok()
}

/// `lines[3].vat`.
fn path(index: usize, member: &str) -> String {
    format!("lines[{index}].{member}")
}

/// Kopecks as a person reads them: `1 234.50` without the space.
fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

#[cfg(test)]
mod tests;
