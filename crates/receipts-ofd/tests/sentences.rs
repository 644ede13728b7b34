//! Every sentence is a Fluent pattern, says the same things in both languages, and has an id of its own.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use receipts_ofd::{MessageDef, RULES, RuleDef, receipt, refund, wire};
use std::collections::{BTreeMap, BTreeSet};

fn all_rules() -> Vec<&'static RuleDef> {
    [RULES, receipt::RULES, refund::RULES, wire::READING_RULES].concat()
}

/// The variables of a pattern, parsed by Fluent itself.
fn variables(pattern: &str) -> BTreeSet<String> {
    let source = format!("message = {pattern}\n");
    let resource = fluent_syntax::parser::parse(source.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{pattern}: {errors:?}"));
    let [Entry::Message(message)] = &resource.body[..] else { panic!("{pattern}: not one message") };
    let Pattern { elements } = message.value.as_ref().unwrap_or_else(|| panic!("{pattern}: no value"));
    let variable = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { .. } => None,
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Some(id.name.to_owned()),
        PatternElement::Placeable { .. } => panic!("{pattern}: only variables are rendered here"),
    };
    elements.iter().filter_map(variable).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let mut said: BTreeMap<&str, &MessageDef> = BTreeMap::new();
    for rule in all_rules() {
        assert!(!rule.messages.is_empty() && !rule.source.is_empty(), "{}", rule.id);
        for message in rule.messages {
            assert!(message.id.starts_with("ofd-"), "{}", message.id);
            assert_eq!(variables(message.en), variables(message.ru), "{}", message.id);
            let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
            assert!(cyrillic(message.ru), "{}", message.id);
            let other = said.insert(message.id, message);
            assert!(other.is_none_or(|other| *other == **message), "{} stands for two sentences", message.id);
        }
    }
    assert!(said.len() > 50, "the sentences were not read");
}

#[test]
fn ids_are_kebab_case_and_unique() {
    let mut ids = BTreeMap::new();
    for rule in all_rules() {
        let kebab =
            rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(kebab, "{}", rule.id);
        *ids.entry(rule.id).or_insert(0) += 1;
    }
    // One rule, two places: in the block and in a line.
    let twice: Vec<_> = ids.iter().filter(|(_, count)| **count > 1).map(|(id, _)| *id).collect();
    assert_eq!(twice, ["evotor-client", "supplier"]);
}
