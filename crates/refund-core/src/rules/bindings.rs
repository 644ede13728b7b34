//! Which of the core's rules bind at a gateway, and how bad each is there. Data, built as constants.
//!
//! It must not know what a rule looks at.

use super::{
    book::{ALL, CoreRule, Hold},
    def::Severity,
};
use std::fmt;

/// A set of the core's rules, each with its severity.
///
/// A rule that is not in it is not run. Rules that a [`crate::CheckedRefund`] rests on ([`Hold::Always`]) are in every
/// set and always refuse.
///
/// ```
/// use refund_core::rules::{CoreRule, RuleSet, Severity};
/// const RULES: RuleSet = RuleSet::documented().without(CoreRule::CartRequired).with(CoreRule::CartCodesUnique, Severity::Warning);
/// assert_eq!(RULES.severity(CoreRule::CartRequired), None);
/// assert_eq!(RULES.severity(CoreRule::CartCodesUnique), Some(Severity::Warning));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RuleSet {
    /// A bit for each rule that is bound.
    bound: u64,
    /// A bit for each of them that only warns.
    warns: u64,
}

const _: () = assert!(ALL.len() <= 64, "a bit for each rule");

impl RuleSet {
    /// The rules that always hold, and no other.
    pub const fn always() -> Self {
        let mut set = Self { bound: 0, warns: 0 };
        let mut at = 0;
        while at < CoreRule::ALL.len() {
            if matches!(CoreRule::ALL[at].hold(), Hold::Always) {
                set.bound |= CoreRule::ALL[at].bit();
            }
            at += 1;
        }
        set
    }

    /// Every rule of the core, as bad as its definition says.
    pub const fn documented() -> Self {
        let mut set = Self::always();
        let mut at = 0;
        while at < CoreRule::ALL.len() {
            set = set.with(CoreRule::ALL[at], CoreRule::ALL[at].severity());
            at += 1;
        }
        set
    }

    /// The same with this rule, as bad as is said here. A rule that always holds stays an error.
    #[must_use]
    pub const fn with(mut self, rule: CoreRule, severity: Severity) -> Self {
        self.bound |= rule.bit();
        match (severity, rule.hold()) {
            (Severity::Warning, Hold::WhereBound) => self.warns |= rule.bit(),
            _ => self.warns &= !rule.bit(),
        }
        self
    }

    /// The same without this rule. A rule that always holds stays.
    #[must_use]
    pub const fn without(mut self, rule: CoreRule) -> Self {
        if matches!(rule.hold(), Hold::WhereBound) {
            self.bound &= !rule.bit();
            self.warns &= !rule.bit();
        }
        self
    }

    /// How bad the rule is here; `None` where it does not bind.
    pub const fn severity(self, rule: CoreRule) -> Option<Severity> {
        match (self.bound & rule.bit() != 0, self.warns & rule.bit() != 0) {
            (false, _) => None,
            (true, true) => Some(Severity::Warning),
            (true, false) => Some(Severity::Error),
        }
    }

    /// The rules that bind, in precedence order.
    pub fn iter(self) -> impl Iterator<Item = (CoreRule, Severity)> {
        CoreRule::ALL.iter().filter_map(move |rule| Some((*rule, self.severity(*rule)?)))
    }

    pub(super) const fn binds(self, rule: CoreRule) -> bool {
        self.bound & rule.bit() != 0
    }
}

impl fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(rule, severity)| (rule.def().id, severity))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, from the book: what a checked refund rests on.
    #[test]
    fn what_always_holds_is_bound_and_nothing_else() {
        let bound: Vec<_> =
            RuleSet::always().iter().map(|(rule, severity)| (rule.def().id, severity)).collect();
        let ids = [
            "payment-captured",
            "within-remaining",
            "cart-line-positive",
            "cart-countable",
            "cart-positions-unique",
            "order-positions-unique",
            "cart-one-currency",
            "cart-line-in-order",
            "cart-allocation",
        ];
        assert_eq!(bound, ids.map(|id| (crate::RuleId::new(id), Severity::Error)));
    }
}
