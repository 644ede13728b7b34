//! The rules explained: what each says, whose it is, where it comes from.

use crate::{
    gateways::Gateway,
    problem::{Kind, Problem},
};
use refund_core::{
    Message, MessageDef,
    outcome::sanitize,
    rules::{self, RuleDef},
};
use std::{cmp::Reverse, sync::Arc};

/// How many near names are told.
const NEAR_MAX: usize = 3;

/// Every rule there is: the core's, then each gateway's own, in precedence order.
pub struct Catalogue(Vec<Entry>);

/// A rule and whose it is.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: &'static RuleDef,
    /// The gateway it is a rule of; `None` for a rule of every gateway.
    pub gateway: Option<&'static str>,
}

impl Catalogue {
    /// The rules of the core and of these gateways.
    pub fn of(gateways: &[Arc<dyn Gateway>]) -> Self {
        let core = rules::ALL.iter().map(|rule| Entry { rule, gateway: None });
        let own = gateways.iter().flat_map(|gateway| {
            gateway.rules().iter().map(|rule| Entry { rule, gateway: Some(gateway.name()) })
        });
        Self(core.chain(own).collect())
    }

    /// All of them.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The rule with this id.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`Kind::Usage`] that tells near names.
    pub fn find(&self, id: &str) -> Result<&Entry, Problem> {
        self.0.iter().find(|entry| entry.rule.id.as_str() == id).ok_or_else(|| {
            let message = Message::new(&UNKNOWN).with("id", sanitize(id, 60));
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
        let names = self.0.iter().map(|entry| entry.rule.id.as_str());
        let mut near: Vec<_> = names
            .map(|name| (strsim::levenshtein(&id, name), Reverse(id.len() >= 3 && name.contains(&id)), name))
            .filter(|(distance, Reverse(holds), name)| *holds || distance * 3 <= name.len())
            .collect();
        near.sort_by_key(|(distance, holds, _)| (*holds, *distance));
        near.into_iter().take(NEAR_MAX).map(|(.., name)| name).collect()
    }
}

/// A sentence with the names of its values in their places, to show what it says without any values.
pub fn shape(def: &'static MessageDef) -> Message {
    let mut message = Message::new(def);
    for part in def.en.split('$').skip(1) {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        message = message.with(&part[..end], format_args!("<{}>", &part[..end]));
    }
    message
}

static UNKNOWN: MessageDef =
    MessageDef {
        id: "explain-unknown", en: "There is no rule \"{ $id }\".", ru: "Правила «{ $id }» нет."
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
pub(crate) const DEFS: &[&MessageDef] = &[&UNKNOWN, &NEAR, &SEE_ALL];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_core_is_found_and_near_names_are_told() {
        let catalogue = Catalogue::of(&[]);
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

    #[test]
    fn a_shape_names_its_values() {
        static SAMPLE: MessageDef = MessageDef {
            id: "sample",
            en: "{ $asked } of { $left_over }.",
            ru: "{ $asked } из { $left_over }.",
        };
        let args = shape(&SAMPLE).args().to_vec();
        assert_eq!(args, [("asked", "<asked>".to_owned()), ("left_over", "<left_over>".to_owned())]);
    }
}
