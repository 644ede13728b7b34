//! A table per rule: rows that pass, rows that fail, rows at the boundary, each with everything that is found in it.

mod families;
mod people;

use super::*;
use crate::{
    BackEnd, Basket, CivilDate, FfdVersion, InnSums, MerchantKind, OfdPartner, Privacy, Settled,
    wire::{self, Block},
};
use std::collections::BTreeSet;

/// Context, block, everything found: `error rule at path`, warnings alike.
type Row = (Context, String, &'static [&'static str]);

/// The day of every test.
fn today() -> CivilDate {
    CivilDate::of(2026, 11, 21)
}

fn at(back_end: BackEnd, ffd: FfdVersion) -> Context {
    Context::new(back_end, ffd, OfdPartner::Atol, today())
}

fn old() -> Context {
    at(BackEnd::SberOld, FfdVersion::V1_2)
}

fn old_105() -> Context {
    at(BackEnd::SberOld, FfdVersion::V1_05)
}

fn ecom() -> Context {
    at(BackEnd::SberEcom, FfdVersion::V1_2)
}

fn v4() -> Context {
    at(BackEnd::AtolV4, FfdVersion::V1_05)
}

fn v5() -> Context {
    at(BackEnd::AtolV5, FfdVersion::V1_2)
}

fn partner(context: Context, partner: OfdPartner) -> Context {
    Context::new(context.back_end(), context.ffd(), partner, context.today())
}

/// A buyer with an e-mail and these members more.
fn buyer(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"client.email":"ivan@example.ru"{comma}{members}}}"#)
}

/// One member.
fn one(key: &str, value: &str) -> String {
    format!(r#"{{"{key}":"{value}"}}"#)
}

fn found(context: &Context, block: &Block) -> Vec<String> {
    check(block, context).as_slice().iter().map(ToString::to_string).collect()
}

fn read(json: &str) -> Block {
    let reading = wire::read(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert!(reading.notes().is_empty(), "{json}: {}", reading.notes());
    reading.into_block()
}

#[test]
fn every_rule_has_its_table() {
    let tables = families::tables();
    for (rule, rows) in &tables {
        let mut hits = 0;
        for (context, json, expected) in rows {
            let block = read(json);
            let got = found(context, &block);
            assert!(check(&block, context).as_slice().iter().all(|one| one.message().is_whole()), "{json}");
            assert_eq!(got, *expected, "{rule}: {json} for {context:?}");
            hits += usize::from(expected.iter().any(|one| one.split(' ').nth(1) == Some(rule)));
        }
        assert!(hits > 0, "{rule}: no row breaks it");
        assert!(hits < rows.len(), "{rule}: no row keeps it");
    }
    let named: BTreeSet<_> = tables.iter().map(|(rule, _)| *rule).collect();
    let all: BTreeSet<_> = ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(named, all, "every rule has one table");
}

#[test]
fn all_is_told_at_once_in_the_order_of_the_rules() {
    let json = r#"{"agent_info.MTOperator.inn":"1","cashier":"","client.email":"x","client.phone":"y",
        "client.birth_date":"31.02.2026","company.location":"a\tb"}"#;
    let expected = [
        "error text-empty at cashier",
        "error text-control at company.location",
        "error agent-type at agent_info.type",
        "warning agent-receipt-level-12 at agent_info",
        "error phone-buyer at client.phone",
        "error email at client.email",
        "error contact-one at client.phone",
        "error inn-len at agent_info.MTOperator.inn",
        "error date at client.birth_date",
        "error buyer-ident at client",
    ];
    assert_eq!(found(&old(), &read(json)), expected);
}

#[test]
fn an_empty_block_is_right_everywhere() {
    for back_end in BackEnd::ALL {
        for ffd in FfdVersion::ALL {
            let context = partner(at(*back_end, *ffd), OfdPartner::Other);
            assert_eq!(found(&context, &Block::new()), Vec::<String>::new());
        }
    }
}

#[test]
fn no_violation_shows_a_personal_value() {
    for key in Key::all().filter(|key| key.def().privacy != Privacy::Plain) {
        for secret in ["Canary77", "+7 916 Canary77", "Canary77\n", &"Canary77".repeat(60)] {
            let block = Block::new().with(key, secret);
            for context in [old(), ecom(), v5()] {
                let found = check(&block, &context);
                let wrong = secret.contains('\n') || secret.len() > 400;
                assert!(!found.is_empty() || !wrong, "{key}: {secret} passes");
                for one in found.as_slice() {
                    let said = format!("{one:?} {one} {} {}", one.message().en(), one.message().ru());
                    assert!(!said.contains("Canary") && !said.contains("77"), "{key}: {said}");
                }
            }
            assert!(!format!("{block:?}").contains("Canary"));
        }
    }
}

#[test]
fn a_correction_is_offered_and_hidden() {
    let block = Block::new()
        .with_list(Key::AgentPhones, &["+79160000001", "+371 2 1234567"])
        .with(Key::AgentType, "7");
    let found = check(&block, &old_105());
    let [violation] = found.as_slice() else { panic!("{found}") };
    assert_eq!(violation.to_string(), "error phone-agent at agent_info.paying.phones[1]");
    assert_eq!(violation.correction().map(Correction::expose), Some("+37121234567"));
    assert!(!format!("{violation:?}").contains("37121234567"));
}

#[test]
fn sentences_carry_path_value_and_limit() {
    let found = check(&Block::new().with(Key::CheckProperty, "12345678901234567"), &old());
    let one = &found.as_slice()[0];
    assert_eq!(one.value(), Some("12345678901234567"));
    assert_eq!(one.limit(), Some("ANS..16"));
    assert_eq!(one.message().en(), "additional_check_props has 17 characters; Sber OLD takes ANS..16.");
    assert_eq!(one.message().ru(), "additional_check_props: символов 17; Sber OLD принимает ANS..16.");
    let found = check(&read(&one_json()), &old_105());
    let said = found.as_slice()[0].message().en();
    assert_eq!(said, "client.email exists from FFD 1.2 on; this receipt is FFD 1.05.");
}

fn one_json() -> String {
    buyer("")
}
