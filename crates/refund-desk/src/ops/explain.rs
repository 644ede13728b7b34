//! The rules explained: what each says, whose it is, where it comes from.

use super::gallery;
use crate::{
    gateways::Gateway,
    problem::{Kind, Problem},
};
use refund_core::{
    AccountId, Message, MessageDef, Violation,
    outcome::sanitize,
    rules::{self, RuleDef, RuleId, Severity},
};
use std::{cmp::Reverse, sync::Arc};

/// How many near names are told.
const NEAR_MAX: usize = 3;

/// Every rule there is: the core's, then each gateway's own, in precedence order.
pub struct Catalogue {
    entries: Vec<Entry>,
    retired: Vec<&'static str>,
}

/// A rule, whose it is, where it binds, and what it looks like when it is broken.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: &'static RuleDef,
    /// The gateway it is a rule of; `None` for one of the core's.
    pub gateway: Option<&'static str>,
    /// The gateways whose policies bind it, as bad as each says.
    pub bound: Vec<Bound>,
    /// What it says of a refund that breaks it; `None` for a rule that refuses nothing, or that no sample breaks.
    pub example: Option<Violation>,
}

/// A gateway where a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The gateway's name.
    pub gateway: &'static str,
    /// How bad a violation is there.
    pub severity: Severity,
}

impl Catalogue {
    /// The rules of the core and of these gateways.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Internal`] when a gateway cannot describe itself without settings.
    pub fn of(gateways: &[Arc<dyn Gateway>]) -> Result<Self, Problem> {
        let core = rules::ALL.iter().map(|rule| Entry::new(rule, None));
        let mut catalogue = Self { entries: core.collect(), retired: rules::RETIRED.to_vec() };
        for gateway in gateways {
            catalogue.add(&**gateway)?;
        }
        Ok(catalogue)
    }

    /// What binds at a gateway, with examples.
    fn add(&mut self, gateway: &dyn Gateway) -> Result<(), Problem> {
        let account = AccountId::parse("check").expect("a word is an account");
        let offline = gateway.offline(account.clone())?;
        for (rule, severity) in offline.provider.describe().cart.bindings() {
            let entry = self.entry(rule, gateway.name());
            if !entry.bound.iter().any(|bound| bound.gateway == gateway.name()) {
                entry.bound.push(Bound { gateway: gateway.name(), severity });
            }
        }
        for (id, violation) in gallery::examples(&offline, &account) {
            if let Some(entry) = self.entries.iter_mut().find(|entry| entry.rule.id.as_str() == id) {
                entry.example.get_or_insert(violation);
            }
        }
        self.retired.extend(gateway.retired());
        Ok(())
    }

    /// The entry of a rule; a rule that is not the core's is its first gateway's.
    fn entry(&mut self, rule: &'static RuleDef, gateway: &'static str) -> &mut Entry {
        let at = self.at(rule.id).unwrap_or_else(|| {
            self.entries.push(Entry::new(rule, Some(gateway)));
            self.entries.len() - 1
        });
        &mut self.entries[at]
    }

    fn at(&self, id: RuleId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.rule.id == id)
    }

    /// All of them.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The rule with this id.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Usage`] that tells near names, or that the id is one no longer used.
    pub fn find(&self, id: &str) -> Result<&Entry, Problem> {
        self.entries.iter().find(|entry| entry.rule.id.as_str() == id).ok_or_else(|| {
            let def = if self.retired.contains(&id) { &RETIRED } else { &UNKNOWN };
            let message = Message::new(def).with("id", sanitize(id, 60));
            let near = self.near(id);
            let advice = if near.is_empty() {
                Message::new(&SEE_ALL)
            } else {
                Message::new(&NEAR).with("names", near.join(", "))
            };
            Problem::new(Kind::Usage, message).advise(advice)
        })
    }

    /// Names that differ by a third of their letters at most, or hold what was asked; the nearest first.
    fn near(&self, id: &str) -> Vec<&'static str> {
        let id = id.to_lowercase();
        let names = self.entries.iter().map(|entry| entry.rule.id.as_str());
        let mut near: Vec<_> = names
            .map(|name| (strsim::levenshtein(&id, name), Reverse(id.len() >= 3 && name.contains(&id)), name))
            .filter(|(distance, Reverse(holds), name)| *holds || distance * 3 <= name.len())
            .collect();
        near.sort_by_key(|(distance, holds, _)| (*holds, *distance));
        near.into_iter().take(NEAR_MAX).map(|(.., name)| name).collect()
    }
}

impl Entry {
    fn new(rule: &'static RuleDef, gateway: Option<&'static str>) -> Self {
        Self { rule, gateway, bound: Vec::new(), example: None }
    }
}

static UNKNOWN: MessageDef =
    MessageDef {
        id: "explain-unknown", en: "There is no rule \"{ $id }\".", ru: "Правила «{ $id }» нет."
    };
static RETIRED: MessageDef = MessageDef {
    id: "explain-retired",
    en: "\"{ $id }\" was a rule of an earlier version. The name is never used again.",
    ru: "«{ $id }» — правило прежней версии. Это имя больше не используется.",
};
static NEAR: MessageDef = MessageDef {
    id: "explain-near",
    en: "Near names: { $names }. All of them: refund explain",
    ru: "Похожие имена: { $names }. Все правила: refund explain",
};
static SEE_ALL: MessageDef =
    MessageDef {
        id: "explain-see-all", en: "All rules: refund explain", ru: "Все правила: refund explain"
    };

/// Every sentence of this module, for tests.
pub(crate) const DEFS: &[&MessageDef] = &[&UNKNOWN, &RETIRED, &NEAR, &SEE_ALL];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_core_is_found_and_near_names_are_told() {
        let catalogue = Catalogue::of(&[]).expect("the core alone");
        assert_eq!(catalogue.entries().len(), rules::ALL.len());
        for rule in rules::ALL {
            assert!(
                catalogue.find(rule.id.as_str()).is_ok_and(|entry| entry.gateway.is_none()),
                "{}",
                rule.id
            );
        }
        assert_eq!(catalogue.near("cart-requird"), ["cart-required"]);
        assert_eq!(catalogue.near("Cart-Required"), ["cart-required"]);
        assert_eq!(catalogue.near("remaining")[..2], ["within-remaining", "cart-amount-remaining"]);
        assert_eq!(catalogue.near("xyzzy"), [""; 0]);
        let codes = |id: &str| {
            let problem = catalogue.find(id).expect_err("no such rule");
            (problem.kind, problem.code(), problem.advice.map(|advice| advice.def().id))
        };
        assert_eq!(codes("cart-requird"), (Kind::Usage, "explain-unknown", Some("explain-near")));
        assert_eq!(codes(""), (Kind::Usage, "explain-unknown", Some("explain-see-all")));
    }
}
