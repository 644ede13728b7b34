//! The tables of numbers, days, identities, groups and companies.

use super::{families::NONE, *};

pub(super) fn numbers_and_days() -> Vec<(&'static str, Vec<Row>)> {
    let inn = |inn: &str| buyer(&format!(r#""client.inn":"{inn}""#));
    let transfer = |inn: &str| format!(r#"{{"agent_info.type":"7","agent_info.MTOperator.inn":"{inn}"}}"#);
    let cashier = |inn: &str| one("cashier_inn", inn);
    let samples = || old().with_inn_sums(InnSums::SamplesAllowed);
    let born = |day: &str| buyer(&format!(r#""client.inn":"500100732259","client.birth_date":"{day}""#));
    let act = |day: &str| {
        format!(
            r#"{{"sectoralCheckProps.date":"{day}","sectoralCheckProps.federalId":"030",
            "sectoralCheckProps.number":"1944","sectoralCheckProps.value":"v"}}"#
        )
    };
    let operation = |moment: &str| {
        format!(
            r#"{{"operatingCheckProps.name":"0","operatingCheckProps.timestamp":"{moment}","operatingCheckProps.value":"v"}}"#
        )
    };
    vec![
        (
            "inn-len",
            vec![
                (old(), inn("500100732259"), NONE),
                (old(), inn("50010073225"), &["error inn-len at client.inn"]),
                (old(), inn("5001007322590"), &["error inn-len at client.inn"]),
                (old(), inn("50010073225X"), &["error inn-len at client.inn"]),
                (old(), cashier("500100732259"), NONE),
                (old(), cashier("7707083893"), &["error inn-len at cashier_inn"]),
                (old_105(), transfer("7707083893"), NONE),
                (old_105(), transfer("770708389"), &["error inn-len at agent_info.MTOperator.inn"]),
            ],
        ),
        (
            "inn-sum",
            vec![
                (old(), inn("500100732258"), &["error inn-sum at client.inn"]),
                (old(), inn("500100732259"), NONE),
                (old_105(), transfer("7707083894"), &["error inn-sum at agent_info.MTOperator.inn"]),
                // Samples of the manuals: the switch turns the error into a warning.
                (old(), inn("123456789012"), &["error inn-sum at client.inn"]),
                (samples(), inn("123456789012"), &["warning inn-sum at client.inn"]),
                (samples(), cashier("331122667723"), &["warning inn-sum at cashier_inn"]),
                // Zeros pass the sum and are nobody's, switch or not.
                (old(), inn("000000000000"), &["error inn-sum at client.inn"]),
                (samples(), cashier("000000000000"), &["error inn-sum at cashier_inn"]),
                (old_105(), transfer("0000000000"), &["error inn-sum at agent_info.MTOperator.inn"]),
            ],
        ),
        (
            "inn-sber-12",
            vec![
                (old(), inn("7707083893"), &["warning inn-sber-12 at client.inn"]),
                (old(), inn("500100732259"), NONE),
                (ecom(), inn("7707083893"), NONE),
            ],
        ),
        (
            "date",
            vec![
                (old(), born("29.02.2000"), NONE),
                (old(), born("31.02.2026"), &["error date at client.birth_date"]),
                (old(), born("2000-02-29"), &["error date at client.birth_date"]),
                (old(), born("01.01.1900"), NONE),
                (old(), born("31.12.1899"), &["error date at client.birth_date"]),
                (old(), born("21.11.2026"), NONE),
                (old(), born("22.11.2026"), &["error date at client.birth_date"]),
                (old(), act("26.03.2022"), NONE),
                (old(), act("21.11.2026"), NONE),
                (old(), act("22.11.2026"), &["error date at sectoralCheckProps.date"]),
                (old(), act("29.02.2023"), &["error date at sectoralCheckProps.date"]),
            ],
        ),
        (
            "timestamp",
            vec![
                (old(), operation("21.11.2026 23:59:59"), NONE),
                (
                    old(),
                    operation("21.11.2026 24:00:00"),
                    &["error timestamp at operatingCheckProps.timestamp"],
                ),
                (
                    old(),
                    operation("31.11.2026 00:00:00"),
                    &["error timestamp at operatingCheckProps.timestamp"],
                ),
                (old(), operation("21.11.2026"), &["error timestamp at operatingCheckProps.timestamp"]),
            ],
        ),
    ]
}

pub(super) fn identity() -> Vec<(&'static str, Vec<Row>)> {
    let with_inn = |members: &str| buyer(&format!(r#""client.inn":"500100732259",{members}"#));
    let document = |code: &str, number: &str| {
        buyer(&format!(
            r#""client.birth_date":"04.05.1990","client.document_code":"{code}","client.passport_number":"{number}""#
        ))
    };
    let no_basket = || old().with_basket(Basket::NotSent);
    vec![
        (
            "oksm",
            vec![
                (old(), with_inn(r#""client.citizenship":"398""#), NONE),
                (old(), with_inn(r#""client.citizenship":"004""#), NONE),
                (old(), with_inn(r#""client.citizenship":"999""#), &["error oksm at client.citizenship"]),
                (old(), with_inn(r#""client.citizenship":"4""#), &["error oksm at client.citizenship"]),
                (old(), with_inn(r#""client.citizenship":"643""#), &["warning oksm at client.citizenship"]),
            ],
        ),
        (
            "doc-code",
            vec![
                (old(), with_inn(r#""client.document_code":"21""#), NONE),
                (old(), with_inn(r#""client.document_code":"40""#), NONE),
                (
                    old(),
                    with_inn(r#""client.document_code":"23""#),
                    &["error doc-code at client.document_code"],
                ),
                (
                    old(),
                    with_inn(r#""client.document_code":"39""#),
                    &["error doc-code at client.document_code"],
                ),
            ],
        ),
        (
            "passport",
            vec![
                (old(), document("21", "4500 123456"), NONE),
                (old(), document("21", "4500123456"), &["error passport at client.passport_number"]),
                (old(), document("21", "45 00 12345"), &["error passport at client.passport_number"]),
                (old(), document("22", "51 1234567"), NONE),
                (old(), document("31", "AB123456"), &["warning passport at client.passport_number"]),
                (old(), document("31", "12345678901"), NONE),
                (old(), document("31", "123456789012"), &["error passport at client.passport_number"]),
                (ecom(), document("21", "4500123456"), NONE),
                (ecom(), document("21", "4500 123456"), &["error passport at client.passport_number"]),
                (ecom(), document("31", "AB-1"), &["error passport at client.passport_number"]),
                (v5(), document("31", "AB-123456789012"), NONE),
            ],
        ),
        (
            "buyer-ident",
            vec![
                (old(), buyer(r#""client.address":"Москва""#), NONE),
                (old(), buyer(r#""client.name":"Иванов""#), &["error buyer-ident at client"]),
                (old(), buyer(r#""client.name":"Иванов","client.inn":"500100732259""#), NONE),
                (old(), document("21", "4500 123456"), NONE),
                (
                    old(),
                    buyer(r#""client.birth_date":"04.05.1990","client.document_code":"21""#),
                    &["error buyer-ident at client"],
                ),
                (old(), buyer(r#""client.citizenship":"398""#), &["error buyer-ident at client"]),
                (no_basket(), buyer(r#""client.name":"Иванов""#), NONE),
                (ecom(), buyer(r#""client.name":"Иванов""#), &["warning buyer-ident at client"]),
                (v5(), buyer(r#""client.name":"Иванов""#), NONE),
            ],
        ),
        (
            "doc-citizenship",
            vec![
                (
                    old(),
                    with_inn(r#""client.document_code":"21","client.citizenship":"398""#),
                    &["warning doc-citizenship at client.document_code"],
                ),
                (
                    old(),
                    with_inn(r#""client.document_code":"31","client.citizenship":"643""#),
                    &[
                        "warning oksm at client.citizenship",
                        "warning doc-citizenship at client.document_code",
                    ],
                ),
                (old(), with_inn(r#""client.document_code":"31","client.citizenship":"398""#), NONE),
                (old(), with_inn(r#""client.document_code":"34","client.citizenship":"398""#), NONE),
            ],
        ),
        (
            "doc-age",
            vec![
                (old(), with_inn(r#""client.document_code":"27","client.birth_date":"22.11.2012""#), NONE),
                (
                    old(),
                    with_inn(r#""client.document_code":"27","client.birth_date":"21.11.2012""#),
                    &["warning doc-age at client.document_code"],
                ),
                (old(), with_inn(r#""client.document_code":"28","client.birth_date":"21.11.1990""#), NONE),
            ],
        ),
    ]
}

pub(super) fn groups() -> Vec<(&'static str, Vec<Row>)> {
    let user = |name: usize, value: usize| {
        format!(
            r#"{{"additional_user_props.name":"{}","additional_user_props.value":"{}"}}"#,
            "n".repeat(name),
            "v".repeat(value)
        )
    };
    let act = |body: &str, number: &str| {
        format!(
            r#"{{"sectoralCheckProps.date":"26.03.2022","sectoralCheckProps.federalId":"{body}",
            "sectoralCheckProps.number":"{number}","sectoralCheckProps.value":"mode=horeca"}}"#
        )
    };
    let operation = |name: &str| {
        format!(
            r#"{{"operatingCheckProps.name":"{name}","operatingCheckProps.timestamp":"21.11.2026 10:00:00","operatingCheckProps.value":"v"}}"#
        )
    };
    vec![
        (
            "userprop-pair",
            vec![
                (old(), user(24, 24), NONE),
                (old(), user(25, 24), &["error userprop-pair at additional_user_props.name"]),
                (old(), user(24, 25), &["error userprop-pair at additional_user_props.value"]),
                (ecom(), user(64, 256), NONE),
                (
                    v4(),
                    user(65, 257),
                    &[
                        "error userprop-pair at additional_user_props.name",
                        "error userprop-pair at additional_user_props.value",
                    ],
                ),
                (
                    old(),
                    one("additional_user_props.name", "n"),
                    &["error userprop-pair at additional_user_props.value"],
                ),
                (
                    old(),
                    one("additional_user_props.value", "v"),
                    &["error userprop-pair at additional_user_props.name"],
                ),
            ],
        ),
        (
            "oper-trio",
            vec![
                (old(), operation("0"), NONE),
                (old(), operation("1"), &["error oper-trio at operatingCheckProps.name"]),
                (
                    old(),
                    one("operatingCheckProps.value", "v"),
                    &[
                        "error oper-trio at operatingCheckProps.name",
                        "error oper-trio at operatingCheckProps.timestamp",
                    ],
                ),
            ],
        ),
        (
            "sect-quad",
            vec![
                (old(), act("030", "1944"), NONE),
                (
                    old(),
                    one("sectoralCheckProps.federalId", "030"),
                    &[
                        "error sect-quad at sectoralCheckProps.date",
                        "error sect-quad at sectoralCheckProps.number",
                        "error sect-quad at sectoralCheckProps.value",
                    ],
                ),
            ],
        ),
        (
            "sect-number",
            vec![
                (old(), act("030", &"1".repeat(32)), NONE),
                (old(), act("030", &"1".repeat(33)), &["error sect-number at sectoralCheckProps.number"]),
                (old(), act("030", "123/43"), &["warning sect-number at sectoralCheckProps.number"]),
                (v5(), act("030", "123/43"), NONE),
            ],
        ),
        (
            "foiv",
            vec![
                (old(), act("001", "1"), NONE),
                (old(), act("072", "1"), NONE),
                (old(), act("073", "1"), &["warning foiv at sectoralCheckProps.federalId"]),
                (old(), act("074", "1"), &["error foiv at sectoralCheckProps.federalId"]),
                (old(), act("000", "1"), &["error foiv at sectoralCheckProps.federalId"]),
                (old(), act("30", "1"), &["error foiv at sectoralCheckProps.federalId"]),
            ],
        ),
    ]
}

pub(super) fn company() -> Vec<(&'static str, Vec<Row>)> {
    let merchant = |kind: MerchantKind| old_105().with_merchant(kind);
    let where_ = r#"{"company.location":"Москва","company.payment_address":"Автобус 12"}"#;
    let all = r#"{"company.automat_number":"77","company.location":"Москва","company.payment_address":"Автобус 12"}"#;
    let number = |length: usize| one("company.automat_number", &"7".repeat(length));
    let address = |length: usize| one("company.location", &"у".repeat(length));
    let evotor = || partner(old(), OfdPartner::Evotor);
    vec![
        (
            "automat",
            vec![
                (merchant(MerchantKind::Vending), all.into(), NONE),
                (
                    merchant(MerchantKind::Vending),
                    where_.into(),
                    &["error automat at company.automat_number"],
                ),
                (
                    merchant(MerchantKind::Transport),
                    where_.into(),
                    &["error automat at company.automat_number"],
                ),
                (merchant(MerchantKind::Courier), where_.into(), NONE),
                (old(), number(20), NONE),
                (old(), number(21), &["error automat at company.automat_number"]),
            ],
        ),
        (
            "location",
            vec![
                (
                    merchant(MerchantKind::Transport),
                    number(1),
                    &["error location at company.location", "error location at company.payment_address"],
                ),
                (merchant(MerchantKind::Courier), address(1), &["error location at company.payment_address"]),
                (merchant(MerchantKind::Shop), one("cashier", "И"), NONE),
                (old(), address(243), NONE),
                (old(), address(244), &["error location at company.location"]),
                (v5(), address(256), NONE),
                (v5(), address(257), &["error location at company.location"]),
            ],
        ),
        (
            "evotor-client",
            vec![
                (
                    evotor(),
                    buyer(
                        r#""client.inn":"500100732259","client.address":"Москва","client.citizenship":"398""#,
                    ),
                    &[
                        "warning evotor-client at client.address",
                        "warning evotor-client at client.citizenship",
                    ],
                ),
                (evotor(), buyer(r#""client.inn":"500100732259""#), NONE),
                (old(), buyer(r#""client.address":"Москва""#), NONE),
            ],
        ),
        (
            "evotor-company",
            vec![
                (
                    evotor(),
                    all.into(),
                    &[
                        "warning evotor-company at company.automat_number",
                        "warning evotor-company at company.location",
                    ],
                ),
                (evotor(), one("company.payment_address", "shop.example"), NONE),
            ],
        ),
    ]
}
