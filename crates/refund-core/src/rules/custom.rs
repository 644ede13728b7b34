//! Rules from outside: the trait a shop or a provider implements, and where what they find is put.
//!
//! It must not know any single rule.

use super::{
    View,
    bindings::RuleSet,
    book::{ALL, CoreRule},
    def::{RuleDef, RuleId, Severity},
    violation::{Violation, Violations},
};
use std::fmt;

/// A rule that is not one of this crate's.
///
/// A policy lists it ([`crate::CartPolicy::with_extra`]); it runs after the core's rules, on the same facts, and what it
/// finds is reported together with theirs. It decides by the [`View`] alone and by what it was built with; it must not
/// block, and it allocates only when something is wrong. Where sums in two currencies meet or cannot be counted, the refund
/// is refused and no such rule runs: the view has no sums to decide by.
///
/// A shop that never gives delivery back after thirty days:
///
/// ```
/// use refund_core::{
///     CartNeed, CartPolicy, Message, MessageDef, PaymentRef, Violation,
///     rules::{Evidence, Findings, Rule, RuleDef, View},
/// };
///
/// static RULE: RuleDef = RuleDef::new(
///     "shop-late-delivery",
///     Evidence::Confirmed,
///     &[&TOO_LATE],
///     "our terms of sale, section 4",
/// );
/// static TOO_LATE: MessageDef = MessageDef {
///     id: "shop-late-delivery",
///     en: "The order is { $days } days old; delivery is given back for { $most } days. Leave the line out.",
///     ru: "Заказу { $days } дн.; доставка возвращается в течение { $most } дн. Уберите эту позицию.",
/// };
///
/// /// Asks the shop's own records how old an order is.
/// struct LateDelivery {
///     days_since: fn(&PaymentRef) -> Option<u32>,
/// }
///
/// impl Rule for LateDelivery {
///     fn def(&self) -> &'static RuleDef {
///         &RULE
///     }
///
///     fn check(&self, view: &View<'_>, found: &mut Findings) {
///         let Some(days) = (self.days_since)(&view.command().payment).filter(|days| *days > 30) else { return };
///         for line in view.lines().filter(|line| line.sold().and_then(|sold| sold.code.as_deref()) == Some("delivery")) {
///             let message = Message::new(&TOO_LATE).with("days", days).with("most", 30);
///             found.push(Violation::new(&RULE, line.path("position"), message));
///         }
///     }
/// }
///
/// static LATE_DELIVERY: LateDelivery = LateDelivery { days_since: |_| Some(31) };
/// static EXTRA: [&dyn Rule; 1] = [&LATE_DELIVERY];
/// const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart).with_extra(&EXTRA);
/// # use refund_core::{AccountId, Cart, Currency, Line, Money, Opaque, Payment, PaymentId, PaymentState, Prior};
/// # use refund_core::{ProviderId, Quantity, RefundAmount, RefundCommand, RefundLine, rules};
/// # let payment = PaymentRef {
/// #     provider: ProviderId::from_static("acme"), account: AccountId::parse("shop")?, payment: PaymentId::parse("1")?,
/// # };
/// # let one = Quantity::from_thousandths(1_000);
/// # let mut sold = Line::new("1", "Доставка", one);
/// # (sold.code, sold.price, sold.amount) = (Some("delivery".to_owned()), Some(Money::rub(300_00)), Some(Money::rub(300_00)));
/// # let mut known = Payment::new(Money::rub(300_00), PaymentState::Captured, Opaque::new("acme/payment@1", Vec::new())?);
/// # known.cart = Some(Cart { lines: vec![sold] });
/// # let mut command = RefundCommand::new(payment, RefundAmount::Full);
/// # command.lines = Some(vec![RefundLine::new("1", one)]);
/// let found = rules::check(&command, &known, &Prior::none(Currency::RUB), &POLICY).expect_err("too late");
/// assert_eq!(found.to_string(), "shop-late-delivery at lines[0].position");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Rule: Send + Sync {
    /// The rule as data.
    fn def(&self) -> &'static RuleDef;

    /// Looks at a refund and reports what is wrong.
    fn check(&self, view: &View<'_>, found: &mut Findings);
}

impl fmt::Debug for dyn Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.def().id.fmt(f)
    }
}

/// What the rules found so far.
#[derive(Debug)]
pub struct Findings {
    rules: RuleSet,
    extra: &'static [&'static dyn Rule],
    found: Vec<Violation>,
}

impl Findings {
    pub(super) fn new(rules: RuleSet, extra: &'static [&'static dyn Rule]) -> Self {
        Self { rules, extra, found: Vec::new() }
    }

    /// Reports a violation. One of the core's rules is as bad as the policy binds it, any other as it says itself.
    pub fn push(&mut self, violation: Violation) {
        let bound = CoreRule::of(violation.rule).and_then(|rule| self.rules.severity(rule));
        let severity = bound.unwrap_or(violation.severity);
        self.found.push(violation.as_bad_as(severity));
    }

    /// How much was reported so far.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// Takes back what was reported after so much.
    pub(super) fn forget(&mut self, count: usize) {
        self.found.truncate(count);
    }

    /// True when nothing was reported, not even a warning.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The warnings of a refund that breaks nothing worse, else everything; both in precedence order.
    pub(super) fn verdict(mut self) -> Result<Vec<Violation>, Violations> {
        if self.found.is_empty() {
            return Ok(Vec::new());
        }
        let (extra, mut found) = (self.extra, std::mem::take(&mut self.found));
        // Stable: within a rule the order of the lines stays.
        found.sort_by_cached_key(|violation| rank(violation.rule, extra));
        if found.iter().all(|violation| violation.severity == Severity::Warning) {
            return Ok(found);
        }
        Err(Violations::found(found).expect("not all of them are warnings"))
    }
}

/// A rule's place in precedence order: the core's, then the policy's own.
fn rank(id: RuleId, extra: &[&dyn Rule]) -> usize {
    let core = CoreRule::of(id).map(|rule| rule as usize);
    core.or_else(|| extra.iter().position(|rule| rule.def().id == id).map(|at| ALL.len() + at))
        .unwrap_or(usize::MAX)
}
