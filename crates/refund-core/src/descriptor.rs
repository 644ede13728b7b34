//! A gateway described as data: what it can do, how its unknown outcomes are resolved, when to ask, what to tell an
//! operator.
//!
//! Everything above a provider decides by these values and never by a gateway's name.

use crate::{
    Currency, MessageDef, ProviderId,
    allocate::Splitting,
    format::Format,
    rules::{CoreRule, Rule, RuleDef, RuleSet, Severity},
};
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
    /// Which rules bind a refund, and with which limits.
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

/// Which rules bind a refund at this gateway, and with which limits: data, built as a constant.
///
/// A provider keeps its own in its descriptor. The core's rules are bound one by one; rules of the provider that only it
/// can check are listed so that a catalogue knows them, and rules of a shop or a provider that can be checked on the
/// core's facts are run with the core's.
///
/// ```
/// use refund_core::{CartNeed, CartPolicy, format::Format, rules::{CoreRule, Severity}};
/// const POLICY: CartPolicy = CartPolicy::new(CartNeed::ForReceiptOnly)
///     .with_name(Format::ans_up_to(64))
///     .with_lines_max(50)
///     .bind(CoreRule::CartCodesUnique, Severity::Warning)
///     .without(CoreRule::CartAmountRemaining);
/// assert_eq!(POLICY.rules.severity(CoreRule::CartCodesUnique), Some(Severity::Warning));
/// assert_eq!(POLICY.rules.severity(CoreRule::CartAmountRemaining), None);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CartPolicy {
    /// When a refund needs a cart. The rules that say so are in [`CartPolicy::rules`]; this is for explanations.
    pub needed: CartNeed,
    /// The core's rules that bind, each with its severity.
    pub rules: RuleSet,
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
    /// The largest price of one unit, in minor units.
    pub price_max: i64,
    /// The largest amount of a line, in minor units.
    pub amount_max: i64,
    /// The most lines.
    pub lines_max: usize,
    /// Rules from outside, run after the core's in this order.
    pub extra: &'static [&'static dyn Rule],
    /// The provider's own rules, which it checks itself when it prepares a request; in precedence order.
    pub own_rules: &'static [&'static RuleDef],
    /// Whether a line may become two positions where its money does not divide.
    pub splitting: Splitting,
}

/// When a refund needs a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartNeed {
    /// An order registered with a cart, refunded by another amount than the whole; and every refund after one with a
    /// cart.
    OrdersWithCart,
    /// Never; a cart makes a receipt.
    ForReceiptOnly,
}

impl CartPolicy {
    /// Rules and limits for gateways that say nothing of their own.
    ///
    /// The rules are every one of the core's, codes that stand twice as a warning; where a cart only makes a receipt
    /// without those about when a cart is needed and about loyalty. The limits are the widest that are documented
    /// anywhere (GUESS where another gateway is meant): position N..12, name and code ANS..100, measure ANS..20,
    /// quantity up to 99999.999, price and amount N..12, 10 000 lines.
    pub const fn new(needed: CartNeed) -> Self {
        let rules = RuleSet::documented().with(CoreRule::CartCodesUnique, Severity::Warning);
        let rules = match needed {
            CartNeed::OrdersWithCart => rules,
            CartNeed::ForReceiptOnly => rules
                .without(CoreRule::CartOptionalWhenFull)
                .without(CoreRule::CartRequired)
                .without(CoreRule::CartContinues)
                .without(CoreRule::RawContinues)
                .without(CoreRule::LoyaltyInRoubles)
                .without(CoreRule::PenaltyNotWithLoyalty),
        };
        Self {
            needed,
            rules,
            position: Format::n_up_to(12),
            name: Format::ans_up_to(100),
            code: Format::ans_up_to(100),
            measure: Format::ans_up_to(20),
            quantity_max: 99_999_999,
            price_max: 999_999_999_999,
            amount_max: 999_999_999_999,
            lines_max: 10_000,
            extra: &[],
            own_rules: &[],
            splitting: Splitting::Never,
        }
    }

    /// Binds one of the core's rules, as bad as is said here.
    #[must_use]
    pub const fn bind(mut self, rule: CoreRule, severity: Severity) -> Self {
        self.rules = self.rules.with(rule, severity);
        self
    }

    /// Leaves one of the core's rules out; one that always holds stays.
    #[must_use]
    pub const fn without(mut self, rule: CoreRule) -> Self {
        self.rules = self.rules.without(rule);
        self
    }

    /// Binds exactly these of the core's rules, and those that always hold.
    #[must_use]
    pub const fn with_rules(mut self, rules: RuleSet) -> Self {
        self.rules = rules;
        self
    }

    /// Sets the format of a line's position.
    #[must_use]
    pub const fn with_position(mut self, format: Format) -> Self {
        self.position = format;
        self
    }

    /// Sets the format of a line's name.
    #[must_use]
    pub const fn with_name(mut self, format: Format) -> Self {
        self.name = format;
        self
    }

    /// Sets the format of a line's code.
    #[must_use]
    pub const fn with_code(mut self, format: Format) -> Self {
        self.code = format;
        self
    }

    /// Sets the format of a unit of measure.
    #[must_use]
    pub const fn with_measure(mut self, format: Format) -> Self {
        self.measure = format;
        self
    }

    /// Sets the largest quantity of a line, in thousandths.
    #[must_use]
    pub const fn with_quantity_max(mut self, thousandths: i64) -> Self {
        self.quantity_max = thousandths;
        self
    }

    /// Sets the largest price of one unit, in minor units.
    #[must_use]
    pub const fn with_price_max(mut self, minor: i64) -> Self {
        self.price_max = minor;
        self
    }

    /// Sets the largest amount of a line, in minor units.
    #[must_use]
    pub const fn with_amount_max(mut self, minor: i64) -> Self {
        self.amount_max = minor;
        self
    }

    /// Sets the most lines.
    #[must_use]
    pub const fn with_lines_max(mut self, lines: usize) -> Self {
        self.lines_max = lines;
        self
    }

    /// Says whether a line may become two positions where its money does not divide.
    #[must_use]
    pub const fn with_splitting(mut self, splitting: Splitting) -> Self {
        self.splitting = splitting;
        self
    }

    /// Sets the rules from outside.
    #[must_use]
    pub const fn with_extra(mut self, rules: &'static [&'static dyn Rule]) -> Self {
        self.extra = rules;
        self
    }

    /// Declares the provider's own rules.
    #[must_use]
    pub const fn with_own_rules(mut self, rules: &'static [&'static RuleDef]) -> Self {
        self.own_rules = rules;
        self
    }

    /// Every rule that binds here, as bad as it is here: the core's, the rules from outside, the provider's own.
    pub fn bindings(&self) -> impl Iterator<Item = (&'static RuleDef, Severity)> {
        let core = self.rules.iter().map(|(rule, severity)| (rule.def(), severity));
        let itself = |def: &'static RuleDef| (def, def.severity);
        core.chain(self.extra.iter().map(move |rule| itself(rule.def())))
            .chain(self.own_rules.iter().map(move |def| itself(def)))
    }
}
