//! The blocks that are timed and counted: everything a receipt without an agent can carry, an agent, and what most carry.

use receipts_ofd::{
    BackEnd, CivilDate, Context, FfdVersion, Key, OfdPartner,
    wire::{self, Block},
};

/// Every block with the context in which nothing is wrong with it.
pub(crate) fn all() -> [(&'static str, Context, Block); 3] {
    [
        ("full", context(FfdVersion::V1_2), full()),
        ("agent", context(FfdVersion::V1_05), agent()),
        ("small", context(FfdVersion::V1_2), small()),
    ]
}

/// Sber OLD through ATOL.
fn context(ffd: FfdVersion) -> Context {
    Context::new(BackEnd::SberOld, ffd, OfdPartner::Atol, CivilDate::of(2026, 11, 21))
}

/// Everything but `agent_info`, which under FFD 1.2 always gets a warning, and the second contact.
fn full() -> Block {
    wire::read(
        r#"{"supplier_info.phones":["+74957444401","+74957444402"],"cashier":"Петрова Анна Андреевна",
        "additional_check_props":"1234567890","additional_user_props.name":"Номер заказа",
        "additional_user_props.value":"A-2026-11-0042","cashier_inn":"169910020020",
        "client.address":"050000, г. Алматы, пр. Абая, д. 10, кв. 5","client.birth_date":"04.05.1990",
        "client.citizenship":"398","client.document_code":"31","client.passport_number":"12345678",
        "client.email":"buyer@example.ru","client.inn":"500100732259","client.name":"Иванов Иван Иванович",
        "operatingCheckProps.name":"0","operatingCheckProps.timestamp":"21.11.2026 10:00:00",
        "operatingCheckProps.value":"данные операции","sectoralCheckProps.date":"21.11.2023",
        "sectoralCheckProps.federalId":"030","sectoralCheckProps.number":"1944",
        "sectoralCheckProps.value":"UUID=3a4b5c6d-1234-4321-8888-0123456789ab&Time=1763712000",
        "company.automat_number":"77-0042","company.location":"115093, г. Москва, ул. Большая Серпуховская, д. 1",
        "company.payment_address":"https://shop.example/checkout"}"#,
    )
    .expect("the block is JSON")
    .into_block()
}

/// A bank's agent with everything that belongs to it: FFD 1.05.
fn agent() -> Block {
    wire::read(
        r#"{"agent_info.type":"1","agent_info.paying.operation":"Перевод средств",
        "agent_info.paying.phones":["+74957444401","+74957444402"],
        "agent_info.MTOperator.address":"115093, г. Москва, ул. Большая Серпуховская, д. 1",
        "agent_info.MTOperator.inn":"7707083893","agent_info.MTOperator.name":"АО Банк",
        "agent_info.MTOperator.phones":["+74957444403"],"supplier_info.phones":["+74957444404"],
        "cashier":"Петрова Анна Андреевна","additional_check_props":"1234567890"}"#,
    )
    .expect("the block is JSON")
    .into_block()
}

/// A contact and a cashier.
fn small() -> Block {
    Block::new().with(Key::Cashier, "Петрова А.А.").with(Key::BuyerPhone, "+79160000001")
}
