//! The whole table, pinned: a changed id, sentence, severity or source is seen in review.

use refund_core::rules::{ALL, CoreRule, RETIRED, find};
use std::{collections::BTreeSet, fmt::Write as _};

#[test]
fn the_table_in_full() {
    let mut text = String::new();
    for rule in ALL {
        writeln!(text, "{} · {} · {}", rule.id, rule.severity, rule.evidence).expect("memory");
        for def in rule.messages {
            writeln!(text, "  {}\n    en: {}\n    ru: {}", def.id, def.en, def.ru).expect("memory");
        }
        writeln!(text, "  source: {}", rule.source).expect("memory");
        if let Some(contradiction) = rule.contradiction {
            writeln!(text, "  contradiction: {contradiction}").expect("memory");
        }
    }
    writeln!(text, "retired: {RETIRED:?}").expect("memory");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("rules", text);
    });
}

#[test]
fn ids_are_kebab_case_and_stand_once_and_no_retired_one_lives() {
    let kebab =
        |id: &str| id.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
    let ids: BTreeSet<_> = ALL.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids.len(), ALL.len());
    assert!(ids.iter().all(|id| kebab(id)), "{ids:?}");
    assert!(RETIRED.iter().all(|id| !ids.contains(id)));
    for (rule, name) in ALL.iter().zip(CoreRule::ALL) {
        assert_eq!(find(rule.id.as_str()).map(|found| found.id), Some(rule.id));
        assert_eq!(name.def().id, rule.id, "the names stand in precedence order");
    }
    assert_eq!(find("no-such-rule"), None);
}

#[test]
fn sentences_stand_once_and_begin_with_their_rules_id() {
    let mut seen = BTreeSet::new();
    for rule in ALL {
        assert_eq!(rule.message().id, rule.id.as_str());
        for def in rule.messages {
            assert!(def.id.starts_with(rule.id.as_str()), "{} of {}", def.id, rule.id);
            assert!(seen.insert(def.id), "{} stands twice", def.id);
            assert!(def.ru.chars().any(|c| c.is_alphabetic() && !c.is_ascii()), "{}", def.id);
            assert!(!def.ru.to_lowercase().contains("штраф"), "{}: what is kept is «удержание»", def.id);
        }
        let marked = ["CONFIRMED", "REPORTED", "GUESS"].iter().any(|mark| rule.source.contains(mark));
        assert!(marked, "{}: the source says how well it is known", rule.id);
    }
}
