//! What is said about a bad block: everything at once, in both languages, with nothing personal shown.
//!
//! `cargo run -p receipts-ofd --example bad_block`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use receipts_ofd::{
    BackEnd, CivilDate, Context, FfdVersion, MerchantKind, OfdPartner, Violation, check, wire,
};

const BAD: &str = r#"{
    "agent_info.MTOperator.inn": "7707083894",
    "Cashier": "Петрова — кассир",
    "additional_user_props": {"name": "Номер заказа в интернет-магазине"},
    "client.phone": "+371 2 1234567",
    "client.email": "buyer@example.ru",
    "client.birth_date": "31.02.2026",
    "client.citizenship": 999,
    "client.document_code": "23",
    "sectoralCheckProps.federalId": "073",
    "use_legacy_vat": true
}"#;

fn main() -> Result<(), wire::ReadError> {
    let reading = wire::read(BAD)?;
    let context =
        Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, CivilDate::of(2026, 11, 21))
            .with_merchant(MerchantKind::Courier);
    let found = check(reading.block(), &context);
    for violation in reading.notes().as_slice().iter().chain(found.as_slice()) {
        say(violation);
    }
    Ok(())
}

fn say(violation: &Violation) {
    println!("{violation}\n    {}\n    {}", violation.message().en(), violation.message().ru());
    if let Some(correction) = violation.correction() {
        println!("    -> {}", correction.expose());
    }
}
