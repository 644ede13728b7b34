//! What is written, byte for byte, and what is read of everything people write.

use super::*;
use crate::{
    AdditionalOfdParams, Agent, AgentType, Buyer, CashierInn, CivilDate, CivilMoment, Company, Contact,
    Country, DocumentCode, FoivId, IdentityDocument, Inn, Key, OperationProperty, Phones, SectoralProperty,
    Text,
};

fn text(text: &str) -> Text {
    Text::parse(text).expect("valid")
}

fn phones(texts: &[&str]) -> Phones {
    Phones::parse(texts.iter().copied()).expect("valid")
}

fn everything() -> AdditionalOfdParams {
    let inn = Inn::parse("7707083893").expect("valid");
    let agent = Agent::new(AgentType::BankPayingAgent)
        .with_operation(text("Перевод"))
        .with_phones(phones(&["+79160000001", "+79160000002"]))
        .with_operator_phones(phones(&["+79160000003"]))
        .with_transfer_operator(text("Банк"), text("Москва"), inn, phones(&["+79160000004"]));
    let document = IdentityDocument {
        birth_date: CivilDate::of(1990, 5, 4),
        code: DocumentCode::ForeignPassport,
        number: text("12345678"),
    };
    let buyer = Buyer::new(Contact::email("buyer@example.ru").expect("valid"))
        .with_document(document)
        .with_citizenship(Country::parse("398").expect("Kazakhstan"))
        .with_inn(Inn::parse("500100732259").expect("valid"))
        .with_name(text("Иванов Иван"))
        .with_address(text("Алматы"));
    let moment = CivilMoment::parse("21.11.2026 10:00:00").expect("valid");
    AdditionalOfdParams::new()
        .with_agent(agent)
        .with_supplier_phones(phones(&["+79160000005"]))
        .with_cashier(text("Петрова А.А."))
        .with_check_property(text("1234567890"))
        .with_user_property(text("Заказ"), text("42"))
        .with_cashier_inn(CashierInn::new(Inn::parse("169910020020").expect("valid")).expect("a person's"))
        .with_buyer(buyer)
        .with_operation(OperationProperty::new(moment, text("данные")))
        .with_sector(SectoralProperty {
            body: FoivId::MINPROMTORG,
            date: CivilDate::of(2023, 11, 21),
            number: text("1944"),
            value: text("UUID=1&Time=2"),
        })
        .with_company(Company {
            machine: Some(text("77")),
            address: Some(text("Москва")),
            place: Some(text("https://shop.example")),
        })
}

/// The keys are those of Sber's table, in its order and spelling: compared with the document by eye.
#[test]
fn the_whole_block_as_bytes() {
    let json = write(&everything());
    insta::assert_snapshot!(json.replace(",\"", ",\n\""));
    assert_eq!(Block::of(&everything()).keys().count(), 32, "every key but client.phone");
}

#[test]
fn a_typed_block_reads_back_whole() {
    let context = crate::Context::new(
        crate::BackEnd::SberOld,
        crate::FfdVersion::V1_2,
        crate::OfdPartner::Atol,
        CivilDate::of(2026, 11, 21),
    );
    let reading = read(&write(&everything())).expect("JSON");
    assert!(reading.notes().is_empty(), "{}", reading.notes());
    let (back, warnings) =
        AdditionalOfdParams::from_block(reading.block(), &context).expect("nothing is wrong");
    assert_eq!(back, everything());
    assert_eq!(warnings.to_string(), "warning agent-receipt-level-12 at agent_info");
}

fn notes(json: &str) -> (String, Vec<String>) {
    let reading = read(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert!(reading.notes().as_slice().iter().all(|one| one.message().is_whole()), "{json}");
    let notes = reading.notes().as_slice().iter().map(ToString::to_string).collect();
    (write(reading.block()), notes)
}

#[test]
fn liberties_are_taken_and_told() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("{}", "{}", &[]),
        (r#"{"cashier":"И"}"#, r#"{"cashier":"И"}"#, &[]),
        // Case, as the sister gateway spells it.
        (
            r#"{"operatingcheckprops.name":"0"}"#,
            r#"{"operatingCheckProps.name":"0"}"#,
            &["warning key-spelling at operatingCheckProps.name"],
        ),
        (r#"{"CASHIER":"И"}"#, r#"{"cashier":"И"}"#, &["warning key-spelling at cashier"]),
        // Nested.
        (
            r#"{"additional_user_props":{"name":"n","value":"v"}}"#,
            r#"{"additional_user_props.name":"n","additional_user_props.value":"v"}"#,
            &[
                "warning key-nested at additional_user_props.name",
                "warning key-nested at additional_user_props.value",
            ],
        ),
        (
            r#"{"agent_info":{"type":"7","MTOperator":{"inn":"1"}}}"#,
            r#"{"agent_info.type":"7","agent_info.MTOperator.inn":"1"}"#,
            &["warning key-nested at agent_info.type", "warning key-nested at agent_info.MTOperator.inn"],
        ),
        (
            r#"{"Client":{"EMAIL":"a@b"}}"#,
            r#"{"client.email":"a@b"}"#,
            &["warning key-nested at client.email", "warning key-spelling at client.email"],
        ),
        // Telephones as a plain text.
        (r#"{"supplier_info.phones":"+1"}"#, r#"{"supplier_info.phones":["+1"]}"#, &[]),
        (r#"{"supplier_info.phones":["+1","+2"]}"#, r#"{"supplier_info.phones":["+1","+2"]}"#, &[]),
        // Numbers where texts belong keep their digits.
        (
            r#"{"agent_info.type":7}"#,
            r#"{"agent_info.type":"7"}"#,
            &["warning value-kind at agent_info.type"],
        ),
        (r#"{"client.inn":1e11}"#, r#"{"client.inn":"1e11"}"#, &["warning value-kind at client.inn"]),
        (
            r#"{"supplier_info.phones":[79160000001]}"#,
            r#"{"supplier_info.phones":["79160000001"]}"#,
            &["warning value-kind at supplier_info.phones[0]"],
        ),
        (r#"{"cashier":null}"#, "{}", &["warning value-kind at cashier"]),
    ];
    for (json, expected, told) in cases {
        assert_eq!(
            notes(json),
            ((*expected).to_owned(), told.iter().map(ToString::to_string).collect()),
            "{json}"
        );
    }
}

#[test]
fn nothing_is_dropped_in_silence() {
    let cases: &[(&str, &[&str])] = &[
        (r#"{"cashier":true}"#, &["error value-kind at cashier"]),
        (r#"{"cashier":["a"]}"#, &["error value-kind at cashier"]),
        (r#"{"cashier":{"a":1}}"#, &["error value-kind at cashier"]),
        (r#"{"supplier_info.phones":[["+1"]]}"#, &["error value-kind at supplier_info.phones[0]"]),
        (r#"{"use_legacy_vat":true}"#, &["error unknown-key at use_legacy_vat"]),
        (
            r#"{"sectoralcheckprops.federal_id":"030"}"#,
            &["error unknown-key at sectoralcheckprops.federal_id"],
        ),
        (r#"{"client":{"passport":"1"}}"#, &["error unknown-key at client.passport"]),
        (r#"{"client":"x"}"#, &["error unknown-key at client"]),
        (r#"{"a":{"b":{"c":{"d":1}}}}"#, &["error unknown-key at a"]),
        (r#"{"cashier":"a","cashier":"b"}"#, &["error duplicate-key at cashier"]),
        (
            r#"{"cashier":"a","Cashier":"b"}"#,
            &["warning key-spelling at cashier", "error duplicate-key at cashier"],
        ),
        (
            r#"{"client.email":"a@b","client":{"email":"c@d"}}"#,
            &["warning key-nested at client.email", "error duplicate-key at client.email"],
        ),
    ];
    for (json, told) in cases {
        assert_eq!(notes(json).1, *told, "{json}");
    }
}

#[test]
fn what_is_no_object_is_an_error_without_its_text() {
    for json in ["", "[]", "\"canary\"", "{\"cashier\":canary}", "{\"cashier\":\"canary\"", "{} canary"] {
        let error = read(json).expect_err(json);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let deep = format!("{}1{}", "{\"client\":".repeat(200), "}".repeat(200));
    let _ = read(&deep);
}

#[test]
fn blocks_are_built_key_by_key() {
    let block = Block::new().with(Key::Cashier, "a").with_list(Key::SupplierPhones, &["+1", "+2"]);
    assert_eq!(format!("{block:?}"), r#"["supplier_info.phones", "cashier"]"#);
    assert!(block.clone().without(Key::Cashier).without(Key::SupplierPhones).is_empty());
    assert_eq!(
        write(&block.with(Key::SupplierPhones, "+3")),
        r#"{"supplier_info.phones":["+3"],"cashier":"a"}"#
    );
}
