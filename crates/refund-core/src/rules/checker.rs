//! The door for many refunds: what one check needed on the way is used again by the next.
//!
//! Verdicts are those of [`super::check`]; it must not know any single rule.

use super::{
    Findings, Violations, lines,
    scratch::Scratch,
    total,
    view::{Comparable, View},
    whole,
};
use crate::{AsLine, CartPolicy, CheckedRefund, Money, Payment, Prior, RefundCommand};

/// Checks refund after refund.
///
/// After the first few it allocates nothing for a cart that is right, whatever the sequence of its lines. One check does
/// not depend on another: only memory is kept.
#[derive(Debug, Default)]
pub struct Checker {
    scratch: Scratch,
}

impl Checker {
    /// One that has checked nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`super::check`].
    ///
    /// # Errors
    /// As [`super::check`].
    pub fn check(
        &mut self,
        command: &RefundCommand,
        payment: &Payment,
        prior: &Prior,
        policy: &CartPolicy,
    ) -> Result<CheckedRefund, Violations> {
        let mut found = Findings::new(policy.rules, policy.extra);
        let view = View::gather(command, payment, prior, policy, &mut found);
        whole(&view, &mut found);
        self.cart(&view, &mut found);
        if view.comparable == Comparable::Yes {
            policy.extra.iter().for_each(|rule| rule.check(&view, &mut found));
        }
        found.verdict().map(|warnings| view.accepted(warnings))
    }

    /// As [`super::check_cart`].
    ///
    /// # Errors
    /// As [`super::check`].
    pub fn check_cart(
        &mut self,
        command: &RefundCommand,
        payment: &Payment,
        prior: &Prior,
        policy: &CartPolicy,
    ) -> Result<i64, Violations> {
        let mut found = Findings::new(policy.rules, policy.extra);
        let view = View::gather(command, payment, prior, policy, &mut found);
        let total = self.cart(&view, &mut found);
        found.verdict().map(|_| total.unwrap_or(0))
    }

    /// How much a refund gives back if surely nothing is wrong with it, not even a warning, without its lines being made
    /// into [`crate::RefundLine`]s first: for lines that still lie in the bytes of a file.
    ///
    /// `command` is the refund with an empty list in place of its lines, which are `lines`. `None` says nothing: make
    /// the lines and [`Checker::check`] them to find out. So it is where the policy has rules from outside.
    pub fn surely_right<L: AsLine>(
        &mut self,
        command: &RefundCommand,
        lines: &[L],
        payment: &Payment,
        prior: &Prior,
        policy: &CartPolicy,
    ) -> Option<Money> {
        if !policy.extra.is_empty() || command.lines.as_ref().is_none_or(|lines| !lines.is_empty()) {
            return None;
        }
        let mut found = Findings::new(policy.rules, policy.extra);
        let view = View::gather(command, payment, prior, policy, &mut found);
        let sum = lines::surely(&view, lines, &mut self.scratch)?;
        whole(&view, &mut found);
        total(&view, sum, &mut found);
        found.is_empty().then(|| view.asked())
    }

    /// The rules of carts; the total in minor units, where there is one.
    fn cart(&mut self, view: &View<'_>, found: &mut Findings) -> Option<i64> {
        let sum = lines::check(view, &mut self.scratch, found)?;
        total(view, sum, found);
        Some(sum)
    }
}
