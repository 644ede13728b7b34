//! A gateway described as data: what it can do, how its unknown outcomes are resolved, when to ask, what to tell an
//! operator.
//!
//! Everything above a provider decides by these values and never by a gateway's name.

use crate::{Currency, MessageDef, ProviderId, format::Format};
use std::time::Duration;

/// A provider's description of itself. It never changes while the program runs.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// The stable id, written to journals.
    pub id: ProviderId,
    /// The gateway's name for people.
    pub name: Name,
    /// The dialect spoken, where a gateway has several (`form`, `json`).
    pub dialect: &'static str,
    /// What it can do.
    pub capabilities: Capabilities,
    /// How an unknown outcome is resolved.
    pub tier: Tier,
    /// Whether the gateway's own balance may be relied on to forbid a second effect.
    pub self_fencing: SelfFencing,
    /// When to ask and how long to wait.
    pub timing: Timing,
    /// How many calls it is asked to bear.
    pub traffic: Traffic,
    /// Which rules bind a cart, and with which limits.
    pub cart: CartPolicy,
    /// What to tell an operator.
    pub texts: OperatorTexts,
}

/// A name in two languages, as plain text (no pattern).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// In English.
    pub en: &'static str,
    /// In Russian.
    pub ru: &'static str,
}

/// Whether a gateway can do a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Yes,
    /// It cannot: asking for it is refused before anything is sent.
    No,
}

/// What a gateway can do.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Give back everything that is left.
    pub full: Support,
    /// Give back a part.
    pub partial: Support,
    /// Several refunds of one payment.
    pub several: Support,
    /// Tell the order's cart.
    pub cart: Support,
    /// Keep a penalty.
    pub penalty: Support,
    /// Refund loyalty points.
    pub loyalty: Support,
    /// Make a refund receipt.
    pub receipts: Support,
    /// Send callbacks about refunds.
    pub callbacks: Support,
    /// Currencies it refunds in.
    pub currencies: &'static [Currency],
}

/// How an unknown outcome can be resolved. A type, because what is safe differs and a boolean would hide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The gateway takes a key and replays its first answer: the byte-identical request may be sent again.
    Keyed {
        /// How far that promise is trusted.
        trust: KeyTrust,
        /// Who refunds the orders, for when the outcome is read against the payment's sums after all: under a trust that is
        /// only documented always, under a verified one when the resends are used up. A refund that is found by its key is
        /// reported with a reference, which is proof also where the account is shared.
        actors: Actors,
    },
    /// The gateway shows what has been refunded, so an unknown outcome can be read against the baseline. That sum must never
    /// fall (assumption G5): a gateway whose refunds can be cancelled after it took them is not readable by its sums.
    Readable(Actors),
    /// The gateway shows nothing: a person decides.
    Blind,
}

/// How far a gateway's promise to replay a key is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTrust {
    /// Its documents say so. The key is sent, but the tier behaves as readable.
    Documented,
    /// A test on the merchant's own account has shown it.
    Verified,
}

/// Who refunds the orders of this account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actors {
    /// This journal alone: a change of the refunded sum by our amount is our refund.
    OnlyUs,
    /// People use the cabinet too: such a change proves only that somebody refunded.
    Shared,
}

/// Whether "refunded + 2 × amount > captured" may be taken as proof that a resend cannot double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfFencing {
    /// Not relied on.
    Off,
    /// Relied on: assumes that the gateway enforces refunded ≤ captured atomically (assumption G1).
    On,
}

/// When to ask a gateway and how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Waits between status questions after an accepted refund; when they are used up a person is asked.
    pub poll: &'static [Duration],
    /// How long after a permit's deadline a request may still take effect (assumption G2).
    pub settle: Duration,
    /// How far apart two agreeing reads must be before a verdict is taken from them.
    pub confirm_gap: Duration,
}

/// How many calls a gateway is asked to bear, all kinds together, per account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// The time between two calls at full rate; zero for no limit.
    pub every: Duration,
    /// How many calls may be under way at once, and how many an account that rested may make in one go; at least 1.
    pub at_once: usize,
}

impl Traffic {
    /// For a gateway that documents no limit: two calls a second, four at once (GUESS).
    pub const CAREFUL: Self = Self { every: Duration::from_millis(500), at_once: 4 };
    /// No limit of our own: for gateways that are not real.
    pub const UNLIMITED: Self = Self { every: Duration::ZERO, at_once: 1_024 };
}

/// What an operator is told, in the gateway's terms.
#[derive(Clone, Copy, Debug)]
pub struct OperatorTexts {
    /// Where in the merchant's cabinet to look for a refund, and with which filter.
    pub cabinet: &'static MessageDef,
    /// What the gateway's support must be told and never be told.
    pub support: &'static MessageDef,
}

/// Which rules bind a cart at this gateway, and with which limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CartPolicy {
    /// When a refund needs a cart.
    pub needed: CartNeed,
    /// Format of a line's position.
    pub position: Format,
    /// Format of a line's name.
    pub name: Format,
    /// Format of a line's code.
    pub code: Format,
    /// Format of a unit of measure.
    pub measure: Format,
    /// The largest quantity of a line, in thousandths.
    pub quantity_max: i64,
    /// The largest amount of a line, in minor units.
    pub amount_max: i64,
    /// The most lines.
    pub lines_max: usize,
}

/// When a refund needs a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartNeed {
    /// An order registered with a cart, refunded by another amount than the whole; and every refund after one with a
    /// cart (Sber).
    OrdersWithCart,
    /// Never; a cart makes a receipt (Robokassa).
    ForReceiptOnly,
}

impl CartPolicy {
    /// The limits Sber's documents give, for gateways that say nothing of their own: position N..12, name and code
    /// ANS..100, measure ANS..20, quantity up to 99999.999, amount N..12 (GUESS where another gateway is meant).
    pub const fn new(needed: CartNeed) -> Self {
        Self {
            needed,
            position: Format::n_up_to(12),
            name: Format::ans_up_to(100),
            code: Format::ans_up_to(100),
            measure: Format::ans_up_to(20),
            quantity_max: 99_999_999,
            amount_max: 999_999_999_999,
            lines_max: 10_000,
        }
    }
}
