//! The tables of texts, agents and contacts, and all tables together. A row's last part is everything that is found, so a rule that speaks up elsewhere is seen.

use super::{people::*, *};

pub(super) const NONE: &[&str] = &[];

pub(super) fn tables() -> Vec<(&'static str, Vec<Row>)> {
    let mut all = block_and_text();
    all.extend(agents());
    all.extend(contacts());
    all.extend(numbers_and_days());
    all.extend(identity());
    all.extend(groups());
    all.extend(company());
    all
}

fn block_and_text() -> Vec<(&'static str, Vec<Row>)> {
    let robokassa = || at(BackEnd::Robokassa, FfdVersion::V1_05);
    let cashier = |length: usize| one("cashier", &"Ж".repeat(length));
    let address = |length: usize| buyer(&format!(r#""client.address":"{}""#, "ё".repeat(length)));
    let buyer_105 = &["error ffd-version at client.email"];
    vec![
        (
            "block-unsupported",
            vec![
                (robokassa(), one("cashier", "И"), &["error block-unsupported at additionalOfdParams"]),
                (old(), one("cashier", "И"), NONE),
            ],
        ),
        (
            "ofd-partner",
            vec![
                (
                    partner(old(), OfdPartner::Other),
                    one("cashier", "И"),
                    &["error ofd-partner at additionalOfdParams"],
                ),
                (partner(old(), OfdPartner::BusinessRu), one("cashier", "И"), NONE),
                (partner(old(), OfdPartner::Evotor), one("cashier", "И"), NONE),
                (
                    partner(ecom(), OfdPartner::BusinessRu),
                    one("cashier", "И"),
                    &["error ofd-partner at additionalOfdParams"],
                ),
                (partner(v5(), OfdPartner::Other), one("cashier", "И"), NONE),
            ],
        ),
        (
            "ffd-version",
            vec![
                (old_105(), buyer(""), buyer_105),
                (old(), buyer(""), NONE),
                (old_105(), one("cashier_inn", "500100732259"), &["error ffd-version at cashier_inn"]),
                (v4(), buyer(r#""client.name":"ООО Ромашка","client.inn":"7707083893""#), NONE),
                (v4(), buyer(r#""client.address":"Москва""#), &["error ffd-version at client.address"]),
                (old_105(), one("company.location", "Москва"), NONE),
            ],
        ),
        (
            "text-empty",
            vec![
                (old(), one("cashier", ""), &["error text-empty at cashier"]),
                (old(), one("cashier", " "), NONE),
                (
                    old_105(),
                    r#"{"supplier_info.phones":["+79160000001",""]}"#.into(),
                    &["error text-empty at supplier_info.phones[1]"],
                ),
                (old(), one("client.email", ""), &["error text-empty at client.email"]),
            ],
        ),
        (
            "text-control",
            vec![
                (old(), one("cashier", "a\\nb"), &["error text-control at cashier"]),
                (old(), one("cashier", "\\u0000"), &["error text-control at cashier"]),
                (old(), one("cashier", "\\u0085"), &["error text-control at cashier"]),
                (old(), one("cashier", "a~b"), NONE),
            ],
        ),
        (
            "text-length",
            vec![
                (old(), address(256), NONE),
                (old(), address(257), &["error text-length at client.address"]),
                (
                    old_105(),
                    format!(
                        r#"{{"agent_info.type":"5","agent_info.paying.operation":"{}"}}"#,
                        "о".repeat(25)
                    ),
                    &["error text-length at agent_info.paying.operation"],
                ),
                (
                    ecom(),
                    buyer(&format!(r#""client.inn":"500100732259","client.name":"{}""#, "ё".repeat(101))),
                    &["error text-length at client.name"],
                ),
                (
                    ecom(),
                    buyer(&format!(r#""client.inn":"500100732259","client.name":"{}""#, "ё".repeat(100))),
                    NONE,
                ),
            ],
        ),
        (
            "charset",
            vec![
                (old(), one("cashier", "Ёлкин №1 ~"), NONE),
                (old(), one("company.location", "ООО «Ромашка»"), &["warning charset at company.location"]),
                (old(), one("cashier", "Петров — кассир"), &["warning charset at cashier"]),
                (old(), one("cashier", "Łukasz"), &["warning charset at cashier"]),
                (old(), one("cashier", "😀"), &["warning charset at cashier"]),
            ],
        ),
        (
            "checkprop",
            vec![
                (old(), one("additional_check_props", "1234567890123456"), NONE),
                (
                    old(),
                    one("additional_check_props", "12345678901234567"),
                    &["error checkprop at additional_check_props"],
                ),
                (
                    v4(),
                    one("additional_check_props", "12345678901234567"),
                    &["error checkprop at additional_check_props"],
                ),
            ],
        ),
        (
            "cashier-len",
            vec![
                (old(), cashier(64), NONE),
                (old(), cashier(65), &["warning cashier-len at cashier"]),
                (old(), cashier(256), &["warning cashier-len at cashier"]),
                (old(), cashier(257), &["error cashier-len at cashier"]),
                (v5(), cashier(64), NONE),
                (v5(), cashier(65), &["error cashier-len at cashier"]),
                (ecom(), cashier(65), &["error cashier-len at cashier"]),
            ],
        ),
    ]
}

fn agents() -> Vec<(&'static str, Vec<Row>)> {
    let ecom_105 = || at(BackEnd::SberEcom, FfdVersion::V1_05);
    let phones = |count: usize, phone: &str| {
        format!(r#"{{"supplier_info.phones":[{}]}}"#, vec![format!("\"{phone}\""); count].join(","))
    };
    let agent = |kind: &str, more: &str| format!(r#"{{"agent_info.type":"{kind}"{more}}}"#);
    let paying = r#","agent_info.paying.phones":["+79160000001"],"agent_info.paymentsOperator.phones":["+79160000002"]"#;
    let bank = r#","agent_info.paying.operation":"Перевод","agent_info.paying.phones":["+79160000001"],
        "agent_info.MTOperator.phones":["+79160000002"],"agent_info.MTOperator.name":"Банк",
        "agent_info.MTOperator.address":"Москва","agent_info.MTOperator.inn":"7707083893""#;
    let without_inn = &bank[..bank.rfind(",\"agent_info").unwrap_or_default()];
    vec![
        (
            "agent-type",
            vec![
                (old_105(), one("agent_info.type", "7"), NONE),
                (
                    old_105(),
                    one("agent_info.type", "1"),
                    &[
                        "warning agent-matrix at agent_info.paying.operation",
                        "warning agent-matrix at agent_info.paying.phones",
                        "warning agent-matrix at agent_info.MTOperator.phones",
                        "warning agent-matrix at agent_info.MTOperator.name",
                        "warning agent-matrix at agent_info.MTOperator.address",
                        "warning agent-matrix at agent_info.MTOperator.inn",
                    ],
                ),
                (old_105(), one("agent_info.type", "0"), &["error agent-type at agent_info.type"]),
                (old_105(), one("agent_info.type", "8"), &["error agent-type at agent_info.type"]),
                (old_105(), one("agent_info.type", "64"), &["error agent-type at agent_info.type"]),
                (old_105(), one("agent_info.type", "07"), &["error agent-type at agent_info.type"]),
                (
                    old_105(),
                    one("agent_info.paying.operation", "Оплата"),
                    &["error agent-type at agent_info.type"],
                ),
                (old_105(), r#"{"supplier_info.phones":["+79160000001"]}"#.into(), NONE),
            ],
        ),
        (
            "agent-matrix",
            vec![
                (old_105(), agent("1", bank), NONE),
                (old_105(), agent("2", bank), NONE),
                (old_105(), agent("2", without_inn), &["warning agent-matrix at agent_info.MTOperator.inn"]),
                (old_105(), agent("3", paying), NONE),
                (
                    old_105(),
                    agent("4", ""),
                    &[
                        "warning agent-matrix at agent_info.paying.phones",
                        "warning agent-matrix at agent_info.paymentsOperator.phones",
                    ],
                ),
                (old_105(), agent("5", ""), NONE),
                (
                    at(BackEnd::SberEcom, FfdVersion::V1_05),
                    agent("3", ""),
                    &[
                        "error agent-matrix at agent_info.paying.phones",
                        "error agent-matrix at agent_info.paymentsOperator.phones",
                    ],
                ),
            ],
        ),
        (
            "agent-receipt-level-12",
            vec![
                (old(), agent("7", ""), &["warning agent-receipt-level-12 at agent_info"]),
                (
                    v5(),
                    agent("6", ""),
                    &["error agent-receipt-level-12 at agent_info", "error supplier at supplier_info.inn"],
                ),
                (old_105(), agent("7", ""), NONE),
                (old(), r#"{"supplier_info.phones":["+79160000001"]}"#.into(), NONE),
            ],
        ),
        (
            "supplier",
            vec![
                (v4(), agent("6", ""), &["error supplier at supplier_info.inn"]),
                (
                    v4(),
                    agent("3", paying),
                    &["error supplier at supplier_info.inn, supplier_info.name, supplier_info.phones"],
                ),
                (
                    v4(),
                    format!(r#"{{"agent_info.type":"3"{paying},"supplier_info.phones":["+79160000003"]}}"#),
                    &["error supplier at supplier_info.inn, supplier_info.name"],
                ),
                (old_105(), agent("6", ""), NONE),
            ],
        ),
        (
            "phone-agent",
            vec![
                (old_105(), r#"{"supplier_info.phones":["+79160000001","+1"]}"#.into(), NONE),
                (old_105(), r#"{"supplier_info.phones":"+79160000001"}"#.into(), NONE),
                (
                    old_105(),
                    r#"{"supplier_info.phones":[]}"#.into(),
                    &["error phone-agent at supplier_info.phones"],
                ),
                (
                    old_105(),
                    r#"{"supplier_info.phones":["+79160000001","8-800"]}"#.into(),
                    &["error phone-agent at supplier_info.phones[1]"],
                ),
                (ecom_105(), phones(5, "+79160000001"), NONE),
                (ecom_105(), phones(6, "+79160000001"), &["error phone-agent at supplier_info.phones"]),
                (old_105(), phones(6, "+79160000001"), NONE),
                (ecom_105(), phones(1, "+123456"), &["error phone-agent at supplier_info.phones[0]"]),
                (ecom_105(), phones(1, "+1234567"), NONE),
                // ATOL's own pattern lets letters through.
                (
                    v4(),
                    r#"{"supplier_info.phones":["allo"]}"#.into(),
                    &["error phone-agent at supplier_info.phones[0]"],
                ),
            ],
        ),
    ]
}

fn contacts() -> Vec<(&'static str, Vec<Row>)> {
    let phone = |number: &str| one("client.phone", number);
    let email = |address: &str| one("client.email", address);
    let both = r#"{"client.email":"a@b.ru","client.phone":"+79160000001"}"#;
    let place = |place: &str| format!(r#"{{"client.email":"a@b.ru","company.payment_address":"{place}"}}"#);
    let online = |context: Context| context.with_settled(Settled::OnInternet);
    vec![
        (
            "phone-buyer",
            vec![
                (old(), phone("+37121234567"), NONE),
                (old(), phone("+371 2 1234567"), &["error phone-buyer at client.phone"]),
                (old(), phone("79160000001"), &["error phone-buyer at client.phone"]),
                (old(), phone("+123456789012345678"), &["warning phone-buyer at client.phone"]),
                (old(), phone("+1234567890123456789"), &["error phone-buyer at client.phone"]),
                (old(), phone("+123456789012345"), NONE),
                (old(), phone("+1234567890123456"), &["warning phone-buyer at client.phone"]),
                (old(), phone("+1234567"), NONE),
                (old(), phone("+123456"), &["warning phone-buyer at client.phone"]),
                (ecom(), phone("+123456789012345"), NONE),
                (ecom(), phone("+1234567890123456"), &["error phone-buyer at client.phone"]),
                (v5(), phone("none"), NONE),
                (old(), phone("none"), &["error phone-buyer at client.phone"]),
            ],
        ),
        (
            "email",
            vec![
                (old(), email("ivan@example.ru"), NONE),
                (old(), email("ivan"), &["error email at client.email"]),
                (old(), email("ivan@"), &["error email at client.email"]),
                (old(), email("i van@example.ru"), &["error email at client.email"]),
                (old(), email("иван@пример.рф"), &["error email at client.email"]),
                (old(), email(&format!("{}@b", "a".repeat(62))), NONE),
                (old(), email(&format!("{}@b", "a".repeat(63))), &["error email at client.email"]),
                (v5(), email("none"), NONE),
            ],
        ),
        (
            "contact-one",
            vec![
                (old(), both.into(), &["error contact-one at client.phone"]),
                (v5(), both.into(), &["warning contact-one at client.phone"]),
                (old(), phone("+79160000001"), NONE),
                (old(), one("client.address", "Москва"), &["error contact-one at client"]),
                (old(), one("cashier", "И"), NONE),
            ],
        ),
        (
            "internet",
            vec![
                (online(old()), place("https://shop.example"), NONE),
                (online(old()), place("shop.example"), NONE),
                (online(old()), place("Москва"), &["warning internet at company.payment_address"]),
                (online(old()), email("a@b.ru"), &["error internet at company.payment_address"]),
                (
                    online(old()),
                    one("company.payment_address", "shop.example"),
                    &["error internet at client.email"],
                ),
                (online(old_105()), one("company.payment_address", "shop.example"), NONE),
                (old(), email("a@b.ru"), NONE),
            ],
        ),
    ]
}
