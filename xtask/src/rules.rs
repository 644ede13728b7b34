//! The page of the rules, printed from the rules themselves: the core's, and what each provider's policy binds.
//!
//! It knows Markdown and which providers there are; what a rule says is the rule's own.

use provider_robokassa::descriptor as robokassa;
use provider_sber::old as sber;
use refund_core::{
    CartNeed, CartPolicy, Money, Quantity,
    rules::{self, Evidence, RuleDef, Severity},
};
use refund_text::{Lang, forms, render};
use std::collections::BTreeSet;

/// A provider as the page names it.
struct Provider {
    id: &'static str,
    policy: &'static CartPolicy,
    retired: &'static [&'static str],
}

/// Every provider of this workspace.
const PROVIDERS: &[Provider] = &[
    Provider { id: "robokassa", policy: &robokassa::POLICY, retired: provider_robokassa::rules::RETIRED },
    Provider { id: "sber-old", policy: &sber::POLICY, retired: sber::RETIRED },
];

/// The core's rules by what they look at.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "The payment and the refund as a whole / Платёж и возврат в целом",
        &[
            "payment-captured",
            "within-remaining",
            "cart-optional-when-full",
            "cart-required",
            "cart-continues",
            "raw-continues",
            "loyalty-in-roubles",
            "penalty-not-with-loyalty",
        ],
    ),
    (
        "The form of a line / Как записана позиция",
        &["cart-formats", "cart-line-positive", "cart-countable", "cart-one-currency"],
    ),
    (
        "Lines beside each other / Позиции рядом друг с другом",
        &["cart-positions-unique", "order-positions-unique", "cart-codes-unique"],
    ),
    (
        "A line against the order / Позиция и заказ",
        &[
            "cart-line-in-order",
            "cart-measure-in-order",
            "cart-quantity-remaining",
            "cart-amount-remaining",
            "cart-price-times-quantity",
        ],
    ),
    ("Totals / Итоги", &["cart-within-confirmed", "items-total-the-sum", "order-totals-the-payment"]),
    ("Making lines / Составление позиций", &["cart-allocation"]),
];

/// The page.
pub(crate) fn page() -> String {
    let groups = GROUPS.iter().map(|(title, ids)| {
        let rules = ids.iter().filter_map(|id| rules::find(id));
        section(title, rules)
    });
    let own = PROVIDERS.iter().map(|provider| {
        let own = provider.policy.bindings().map(|(rule, _)| rule).filter(|rule| !is_core(rule));
        section(&format!("Rules of `{0}` alone / Собственные правила `{0}`", provider.id), own)
    });
    let sections: String = groups.chain(own).collect();
    format!("{HEAD}{}\n{}\n{sections}{}", bindings(), limits(), retired())
}

const HEAD: &str = "<!-- Written by `cargo xtask docs` from the rules of refund-core and the providers. Do not edit. -->\n\n\
     # Rules / Правила\n\n\
     What a refund must obey before a byte is sent. An *error* refuses, a *warning* is told and refuses nothing; which\n\
     rules bind, and how bad each is, a provider's policy says. Evidence mark: *confirmed* stands in the gateway's documents\n\
     or in its vendor's code, *reported* is told by somebody who works with it, a *guess* follows from what is known or\n\
     is the careful side. Words in angle brackets stand for values. `refund explain RULE` shows an example.\n\n\
     Чему должен отвечать возврат, прежде чем что-либо отправлено. *Ошибка* (error) запрещает возврат,\n\
     *предупреждение* (warning) только сообщается; какие правила действуют и насколько строго, решает политика шлюза.\n\
     Достоверность: *confirmed* — так в документах шлюза или в коде его разработчика, *reported* — так говорят те, кто с ним\n\
     работает, *guess* — следует из известного или выбрано из осторожности. Слова в угловых скобках — места значений.\n\
     Пример к правилу: `refund explain ПРАВИЛО`.\n\n";

/// Which provider binds which rule, and how bad it is there.
fn bindings() -> String {
    let heads: String = PROVIDERS.iter().map(|provider| format!(" `{}` |", provider.id)).collect();
    let line = "---|".repeat(PROVIDERS.len());
    let core = rules::ALL.iter().copied();
    let own = PROVIDERS.iter().flat_map(|provider| provider.policy.own_rules.iter().copied());
    let rows: String = core.chain(own).map(binding).collect();
    format!(
        "## Which rule binds where / Где какое правило действует\n\n\
         | rule | evidence mark |{heads}\n|---|---|{line}\n{rows}"
    )
}

fn binding(rule: &'static RuleDef) -> String {
    let cells: String = PROVIDERS
        .iter()
        .map(|provider| format!(" {} |", severity_at(provider, rule).map_or("—", Severity::as_str)))
        .collect();
    format!("| [`{0}`](#{0}) | {1} |{cells}\n", rule.id, rule.evidence)
}

fn severity_at(provider: &Provider, rule: &RuleDef) -> Option<Severity> {
    let mut bindings = provider.policy.bindings();
    bindings.find(|(bound, _)| bound.id == rule.id).map(|(_, severity)| severity)
}

/// The limits of each provider's policy.
fn limits() -> String {
    let heads: String = PROVIDERS.iter().map(|provider| format!(" `{}` |", provider.id)).collect();
    let line = "---|".repeat(PROVIDERS.len());
    let row = |name: &str, of: &dyn Fn(&CartPolicy) -> String| {
        let cells: String = PROVIDERS.iter().map(|provider| format!(" {} |", of(provider.policy))).collect();
        format!("| {name} |{cells}\n")
    };
    let rows = [
        row("a cart is needed / нужна корзина", &|policy| needed(policy.needed).to_owned()),
        row("position / позиция", &|policy| policy.position.to_string()),
        row("name / название", &|policy| policy.name.to_string()),
        row("code / код", &|policy| policy.code.to_string()),
        row("measure / мера", &|policy| policy.measure.to_string()),
        row("quantity up to / количество до", &|policy| {
            Quantity::from_thousandths(policy.quantity_max).to_string()
        }),
        row("price of one unit up to / цена единицы до", &|policy| {
            Money::rub(policy.price_max).to_string()
        }),
        row("amount of a line up to / сумма позиции до", &|policy| {
            Money::rub(policy.amount_max).to_string()
        }),
        row("lines up to / позиций до", &|policy| policy.lines_max.to_string()),
    ];
    format!(
        "## Limits of the policies / Пределы\n\n\
         `N` digits, `ANS` anything that prints, `..n` up to n characters.\n\n\
         | limit |{heads}\n|---|{line}\n{}",
        rows.concat()
    )
}

fn needed(need: CartNeed) -> &'static str {
    match need {
        CartNeed::OrdersWithCart => "where the order has one / если она есть у заказа",
        CartNeed::ForReceiptOnly => "for a receipt only / только для чека",
    }
}

fn section(title: &str, rules: impl Iterator<Item = &'static RuleDef>) -> String {
    let rules: String = rules.map(rule).collect();
    format!("## {title}\n\n{rules}")
}

fn rule(rule: &'static RuleDef) -> String {
    let bound = PROVIDERS.iter().filter_map(|provider| {
        severity_at(provider, rule).map(|severity| match severity == rule.severity {
            true => format!("`{}`", provider.id),
            false => format!("`{}` ({severity})", provider.id),
        })
    });
    let bound = bound.collect::<Vec<_>>();
    let bound = if bound.is_empty() { "nowhere".to_owned() } else { bound.join(", ") };
    let contradiction =
        rule.contradiction.map_or_else(String::new, |text| format!("- Contradiction: {}\n", plain(text)));
    format!(
        "### `{}`\n\n{}, {}; binds at {bound}\n\n| sentence | English | Русский |\n|---|---|---|\n{}\n\
         - Source: {}\n{contradiction}\n",
        rule.id,
        severity_word(rule.severity),
        evidence_word(rule.evidence),
        sentences(rule),
        plain(rule.source),
    )
}

/// Every sentence the rule can say, in both languages.
fn sentences(rule: &'static RuleDef) -> String {
    let mut told = BTreeSet::new();
    let forms = rule.messages.iter().flat_map(|def| forms(def));
    let rows = forms.map(|form| {
        let (en, ru) = (render(&form, Lang::En), render(&form, Lang::Ru));
        format!("| `{}` | {} | {} |\n", form.def().id, plain(&en), plain(&ru))
    });
    rows.filter(|row| told.insert(row.clone())).collect()
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error / ошибка",
        Severity::Warning => "Warning / предупреждение",
    }
}

fn evidence_word(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Confirmed => "confirmed / подтверждено",
        Evidence::Reported => "reported / сообщено",
        Evidence::Guess => "a guess / предположение",
    }
}

fn retired() -> String {
    let ids: Vec<_> = rules::RETIRED
        .iter()
        .chain(PROVIDERS.iter().flat_map(|provider| provider.retired))
        .map(|id| format!("- `{id}`\n"))
        .collect();
    if ids.is_empty() {
        return String::new();
    }
    format!(
        "## No longer rules / Больше не правила\n\nThese names are never used again. / Эти имена больше не \
         используются.\n\n{}",
        ids.concat()
    )
}

/// A text as a cell of a table, with nothing in it that Markdown would take for its own.
fn plain(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*");
    text.replace('\n', " ")
}

fn is_core(rule: &RuleDef) -> bool {
    rules::find(rule.id.as_str()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_core_has_its_place() {
        let placed: Vec<_> = GROUPS.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        for rule in rules::ALL {
            let times = placed.iter().filter(|id| **id == rule.id.as_str()).count();
            assert_eq!(times, 1, "{}: place it in a group of xtask/src/rules.rs", rule.id);
        }
        for id in placed {
            assert!(rules::find(id).is_some(), "{id} is no rule of the core; take it out of its group");
        }
    }

    #[test]
    fn every_rule_is_a_section_with_all_its_sentences_in_both_languages() {
        let page = page();
        let own = PROVIDERS.iter().flat_map(|provider| provider.policy.own_rules);
        for rule in rules::ALL.iter().chain(own) {
            assert_eq!(page.matches(&format!("### `{}`\n", rule.id)).count(), 1, "{}", rule.id);
            for def in rule.messages {
                assert!(page.contains(&format!("| `{}` | ", def.id)), "{}", def.id);
            }
        }
        assert!(page.contains("- `sber-old-penalty-loyalty`"), "retired names are told");
    }

    #[test]
    fn a_policy_says_how_bad_a_rule_is_at_its_gateway() {
        let page = page();
        // Robokassa leaves it out; at Sber's form dialect it only warns.
        assert!(page.contains("| [`cart-codes-unique`](#cart-codes-unique) | confirmed | — | warning |\n"));
        assert!(page.contains("| [`within-remaining`](#within-remaining) | confirmed | error | error |\n"));
        // 100 positions (fiscalisation page), N..12 of kopecks (refund.do).
        assert!(page.contains("| lines up to / позиций до | 100 | "), "{page}");
        assert!(page.contains("9999999999.99 RUB |"), "{page}");
    }

    #[test]
    fn values_and_markup_survive_as_text() {
        assert_eq!(plain("<asked> | *x*\n\\"), "&lt;asked> \\| \\*x\\* \\\\");
    }
}
