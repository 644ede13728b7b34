//! Every code in every back end, twice: pinned as it is, and compared with a list written down apart from the crate.

use receipts_ofd::{
    AgentType, BackEnd, Coding, DocumentCode, Evidence, FfdVersion, FoivId, Holder, Inn, MarkCodeKind,
    Measure, PaymentType, PlannedStatus, SberOldVat, SettlementMethod, SettlementObject, SettlementType,
    TaxationSystem, VatKind, VatRate, Vocabulary,
};
use serde_json::Value;
use std::fmt::Write;

const OLD: BackEnd = BackEnd::SberOld;
const ECOM: BackEnd = BackEnd::SberEcom;
const ROBOKASSA: BackEnd = BackEnd::Robokassa;
const V4: BackEnd = BackEnd::AtolV4;
const V5: BackEnd = BackEnd::AtolV5;

fn codes<T: Vocabulary>() -> String {
    let mut text = format!("{} {:?}\n", T::TABLE.en, T::TABLE.tags);
    for word in T::ALL {
        let entry = word.entry();
        let _ = write!(text, "{} {word:?} {} {}", entry.code, entry.ffd, entry.evidence);
        for back_end in BackEnd::ALL {
            let [old, new] =
                [FfdVersion::V1_05, FfdVersion::V1_2].map(|ffd| shown(word.coding(*back_end, ffd)));
            let both = if old == new { old } else { format!("{old} / {new}") };
            let _ = write!(text, " | {both}");
        }
        text.push('\n');
    }
    text
}

fn shown(coding: Coding) -> String {
    match coding {
        Coding::Sent(receipts_ofd::Wire::Word(word), evidence) => format!("\"{word}\" {}", initial(evidence)),
        Coding::Sent(wire, evidence) => format!("{wire} {}", initial(evidence)),
        Coding::Missing(reason) => reason.en().to_owned(),
    }
}

fn initial(evidence: Evidence) -> &'static str {
    &evidence.as_str()[..1]
}

/// Columns: Sber OLD, Sber ECOM, Robokassa, ATOL v4, ATOL v5; two values of one column are FFD 1.05 / 1.2.
#[test]
fn every_code_in_every_back_end() {
    insta::assert_snapshot!("vat", codes::<VatRate>());
    insta::assert_snapshot!("method", codes::<SettlementMethod>());
    insta::assert_snapshot!("object", codes::<SettlementObject>());
    insta::assert_snapshot!("measure", codes::<Measure>());
    insta::assert_snapshot!("agent", codes::<AgentType>());
    insta::assert_snapshot!("taxation", codes::<TaxationSystem>());
    insta::assert_snapshot!("payment", codes::<PaymentType>());
    insta::assert_snapshot!("document", codes::<DocumentCode>());
    insta::assert_snapshot!("foiv", codes::<FoivId>());
    insta::assert_snapshot!("planned_status", codes::<PlannedStatus>());
    insta::assert_snapshot!("mark", codes::<MarkCodeKind>());
    insta::assert_snapshot!("settlement", codes::<SettlementType>());
}

fn reads_back<T: Vocabulary>() {
    for word in T::ALL {
        assert!(!word.entry().ru.is_empty() && !word.entry().en.is_empty());
        for back_end in BackEnd::ALL {
            for ffd in FfdVersion::ALL {
                if let Some(wire) = word.coding(*back_end, *ffd).wire() {
                    let read = T::from_wire(&wire.to_string(), *back_end, *ffd);
                    assert_eq!(read.as_ref(), Ok(word), "{back_end} {ffd} {wire}");
                }
            }
        }
        let tag = T::from_tag(&word.entry().code.to_string()).expect("its own code");
        assert_eq!(tag.entry().code, word.entry().code);
    }
    for unknown in ["", "99999", "ЖЖ", "vat", " 1", "-1", "1.0", "\n"] {
        let error = T::from_wire(unknown, OLD, FfdVersion::V1_2).expect_err(unknown);
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

#[test]
fn every_code_reads_back() {
    reads_back::<VatRate>();
    reads_back::<SettlementMethod>();
    reads_back::<SettlementObject>();
    reads_back::<Measure>();
    reads_back::<AgentType>();
    reads_back::<TaxationSystem>();
    reads_back::<PaymentType>();
    reads_back::<DocumentCode>();
    reads_back::<FoivId>();
    reads_back::<PlannedStatus>();
    reads_back::<MarkCodeKind>();
    reads_back::<SettlementType>();
}

fn list() -> Value {
    serde_json::from_str(include_str!("data/ffd_codes.json")).expect("the list is JSON")
}

fn rows<'a>(list: &'a Value, name: &str) -> &'a Vec<Value> {
    list[name].as_array().unwrap_or_else(|| panic!("the list has {name}"))
}

/// Compares one back end's code: a JSON text is a word, a number a number, null none.
fn same(word: impl Vocabulary, back_end: BackEnd, ffd: FfdVersion, expected: &Value) {
    let got = match word.coding(back_end, ffd).wire() {
        None => Value::Null,
        Some(receipts_ofd::Wire::Word(text)) => text.into(),
        Some(receipts_ofd::Wire::Number(number)) => number.into(),
    };
    assert_eq!(got, *expected, "{word:?} at {back_end} under {ffd}");
}

/// Compares the list `name` with all words of `T`, column by column.
fn compare<T: Vocabulary>(name: &str, columns: &[(&str, BackEnd, FfdVersion)], more: impl Fn(T, &Value)) {
    let list = list();
    let rows = rows(&list, name);
    assert_eq!(rows.len(), T::ALL.len(), "{name}");
    for (word, row) in T::ALL.iter().zip(rows) {
        let code = row["code"].as_str().map_or_else(|| row["code"].to_string(), str::to_owned);
        assert_eq!(word.entry().code.to_string(), code, "{name}");
        for (column, back_end, ffd) in columns {
            same(*word, *back_end, *ffd, row.get(*column).unwrap_or(&Value::Null));
        }
        more(*word, row);
    }
}

/// A back end without a column has no code for the list.
fn columns(names: &[(&'static str, BackEnd)], ffd: FfdVersion) -> Vec<(&'static str, BackEnd, FfdVersion)> {
    let none = |back_end: BackEnd| !names.iter().any(|(_, named)| *named == back_end);
    let missing = BackEnd::ALL.iter().copied().filter(|one| none(*one)).map(|one| ("-", one));
    names.iter().copied().chain(missing).map(|(name, one)| (name, one, ffd)).collect()
}

#[test]
fn the_list_written_down_apart_says_the_same() {
    let new = FfdVersion::V1_2;
    let atol = [("atol_v4", V4), ("atol_v5", V5)];
    let with = |more: &[(&'static str, BackEnd)]| columns(&[&atol[..], more].concat(), new);

    compare("settlement_types", &with(&[("sber_ecom", ECOM)]), |_: SettlementType, _| {});
    let methods = with(&[("robokassa", ROBOKASSA), ("sber_ecom", ECOM), ("sber_old", OLD)]);
    compare("settlement_methods", &methods, |_: SettlementMethod, _| {});
    let measures = columns(&[("atol_v5", V5), ("sber_ecom", ECOM), ("sber_old", OLD)], new);
    compare("measures", &measures, |measure: Measure, row| assert_eq!(measure.symbol_ru(), row["symbol"]));
    let agents = with(&[("sber_ecom", ECOM), ("sber_old", OLD)]);
    compare("agent_types", &agents, |agent: AgentType, row| assert_eq!(agent.bit(), row["bit"]));
    let taxation = with(&[("robokassa", ROBOKASSA), ("sber_ecom", ECOM), ("sber_old", OLD)]);
    compare("taxation_systems", &taxation, |_: TaxationSystem, _| {});
    compare("payment_types", &with(&[("sber_ecom", ECOM)]), |one: PaymentType, row| {
        assert_eq!(one.tag(), row["tag"]);
    });
    compare("planned_statuses", &columns(&[("atol_v5", V5)], new), |one: PlannedStatus, row| {
        assert_eq!(one.is_return(), row["refund"]);
    });
    compare(
        "mark_code_kinds",
        &columns(&[("atol_v5", V5), ("sber_ecom", ECOM)], new),
        |one: MarkCodeKind, row| {
            assert_eq!(one.number(), row["tag"]);
            assert_eq!(one.evotor_takes().map_or(Value::Null, Value::from), row["evotor"]);
            let (least, most) = one.length();
            let length = row["length"].as_str().expect("a length");
            let expected = if least == most { most.to_string() } else { format!("<={most}") };
            assert!(length == expected || length.starts_with(&format!("{expected} ")), "{one:?}: {length}");
        },
    );
}

#[test]
fn documents_and_federal_bodies_are_the_list_s() {
    compare(
        "document_codes",
        &columns(&[("code", OLD), ("code", ECOM), ("code", V5)], FfdVersion::V1_2),
        |one: DocumentCode, row| {
            let holder = match one.holder() {
                Holder::Russian => "ru_citizen",
                Holder::Foreign => "foreign_citizen",
                Holder::Stateless => "stateless",
                Holder::Pending => "pending_citizenship",
            };
            assert_eq!(holder, row["holder"], "{one:?}");
        },
    );
    let ids: Vec<_> = FoivId::ALL.iter().map(|id| Value::from(id.as_str())).collect();
    assert_eq!(list()["foiv_ids"], Value::Array(ids));
}

#[test]
fn settlement_objects_are_the_list_s() {
    let old_columns = [("sber_ecom_1_05", ECOM, FfdVersion::V1_05), ("atol_v4", V4, FfdVersion::V1_05)];
    let new_columns = columns(
        &[
            ("atol_v4", V4),
            ("atol_v5", V5),
            ("robokassa", ROBOKASSA),
            ("sber_ecom_1_2", ECOM),
            ("sber_old", OLD),
        ],
        FfdVersion::V1_2,
    );
    compare(
        "settlement_objects",
        &[&old_columns[..], &new_columns].concat(),
        |one: SettlementObject, row| {
            assert_eq!(one.is_marked(), row["marked"], "{one:?}");
            assert_eq!(one.requires_mark_code(), row["with_code"], "{one:?}");
            assert_eq!(!one.entry().ffd.include(FfdVersion::V1_05), row["from_1_2"], "{one:?}");
            let confirmed = one.coding(ROBOKASSA, FfdVersion::V1_2).evidence() == Some(Evidence::Confirmed);
            assert_eq!(confirmed, row["robokassa_confirmed"], "{one:?}");
        },
    );
}

/// The list has the twelve rates in force since 2019; the two retired ones follow in the enum.
#[test]
fn vat_rates_are_the_list_s() {
    let list = list();
    let rows = rows(&list, "vat_rates");
    assert_eq!((rows.len(), VatRate::ALL.len()), (12, 14));
    for (rate, row) in VatRate::ALL.iter().zip(rows) {
        assert_eq!(rate.number(), row["code"]);
        for (name, back_end) in
            [("atol_v4", V4), ("atol_v5", V5), ("robokassa", ROBOKASSA), ("sber_ecom", ECOM)]
        {
            same(*rate, back_end, FfdVersion::V1_2, &row[name]);
        }
        assert_eq!(SberOldVat::ALFA_RBS.number(*rate), row["alfa_rbs"], "{rate:?}");
        assert_eq!(SberOldVat::ADVANTSHOP.number(*rate), row["advantshop"], "{rate:?}");
        let disputed = rate.coding(OLD, FfdVersion::V1_2).wire().is_none();
        assert_eq!(
            (disputed, rate.is_disputed_at_sber_old()),
            (row["disputed"] == true, disputed),
            "{rate:?}"
        );
        if !disputed {
            same(*rate, OLD, FfdVersion::V1_2, &row["alfa_rbs"]);
        }
        let kind = match rate.kind() {
            VatKind::OnTop => "on_top",
            VatKind::Calculated => "calculated",
            VatKind::None => "none",
        };
        assert_eq!(
            (Value::from(kind), Value::from(rate.percent())),
            (row["kind"].clone(), row["percent"].clone())
        );
        let day = |day: Option<receipts_ofd::CivilDate>| {
            day.map_or(Value::Null, |d| format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day()).into())
        };
        let force = rate.in_force();
        assert_eq!(
            (day(force.from), day(force.until)),
            (row["from"].clone(), row["until"].clone()),
            "{rate:?}"
        );
    }
}

/// The control digits once more, from the published weights and not by the crate.
#[test]
fn inn_vectors_recomputed() {
    let list = list();
    let weights = |name: &str| -> Vec<u64> {
        list["inn"][name]
            .as_array()
            .expect("weights")
            .iter()
            .map(|one| one.as_u64().expect("a number"))
            .collect()
    };
    let (ten, first, second) =
        (weights("weights_10"), weights("weights_12_first"), weights("weights_12_second"));
    let control = |digits: &[u64], weights: &[u64]| {
        let sum: u64 = weights.iter().zip(digits).map(|(weight, digit)| weight * digit).sum();
        sum % 11 % 10 == digits[weights.len()]
    };
    for (name, expected) in [("valid", true), ("invalid", false)] {
        for inn in list["inn"][name].as_array().expect("vectors") {
            let inn = inn.as_str().expect("a text");
            let digits: Vec<_> = inn.bytes().map(|byte| u64::from(byte - b'0')).collect();
            let right = match digits.len() {
                10 => control(&digits, &ten),
                _ => control(&digits, &first) && control(&digits, &second),
            };
            assert_eq!((right, Inn::parse(inn).is_ok()), (expected, expected), "{inn}");
        }
    }
    // Zeros pass the sum and are refused all the same.
    assert!(control(&[0; 10], &ten) && Inn::parse("0000000000").is_err());
    assert_eq!(Inn::NO_RUSSIAN_INN.as_str(), "000000000000");
}
