//! A full FFD 1.2 block of a refund receipt, with an agent and a buyer: built from types, checked, printed as it is sent.
//!
//! `cargo run -p receipts-ofd --example full_block`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use receipts_ofd::{
    AdditionalOfdParams, Agent, AgentType, BackEnd, Buyer, CashierInn, CivilDate, CivilMoment, Company,
    Contact, Context, Country, DocumentCode, FfdVersion, FoivId, IdentityDocument, Inn, OfdPartner,
    OperationProperty, Phones, SectoralProperty, Text, check, wire,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let block = AdditionalOfdParams::new()
        .with_agent(agent()?)
        .with_supplier_phones(Phones::parse(["+74957444405"])?)
        .with_cashier(Text::parse("Петрова Анна Андреевна")?)
        .with_cashier_inn(CashierInn::new(Inn::parse("169910020020")?).ok_or("a cashier is a person")?)
        .with_user_property(Text::parse("Номер заказа")?, Text::parse("A-2026-11-0042")?)
        .with_buyer(buyer()?)
        .with_operation(OperationProperty::new(
            CivilMoment::parse("21.11.2026 10:00:00").ok_or("no moment")?,
            Text::parse("данные операции")?,
        ))
        .with_sector(SectoralProperty {
            body: FoivId::MINPROMTORG,
            date: CivilDate::of(2023, 11, 21),
            number: Text::parse("1944")?,
            value: Text::parse("UUID=3a4b5c6d-1234-4321-8888-0123456789ab&Time=1763712000")?,
        })
        .with_company(Company { place: Some(Text::parse("https://shop.example")?), ..Company::default() });

    let context =
        Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, CivilDate::of(2026, 11, 21));
    let warnings = check(&block, &context).into_result()?;
    for warning in warnings.as_slice() {
        println!("{warning}: {}", warning.message().en());
    }
    println!("{}", wire::write(&block));
    Ok(())
}

fn agent() -> Result<Agent, Box<dyn Error>> {
    Ok(Agent::new(AgentType::BankPayingAgent)
        .with_operation(Text::parse("Перевод средств")?)
        .with_phones(Phones::parse(["+74957444401", "+74957444402"])?)
        .with_transfer_operator(
            Text::parse("АО Банк")?,
            Text::parse("115093, г. Москва, ул. Большая Серпуховская, д. 1")?,
            Inn::parse("7707083893")?,
            Phones::parse(["+74957444403"])?,
        ))
}

fn buyer() -> Result<Buyer, Box<dyn Error>> {
    let passport = IdentityDocument {
        birth_date: CivilDate::of(1990, 5, 4),
        code: DocumentCode::ForeignPassport,
        number: Text::parse("12345678")?,
    };
    Ok(Buyer::new(Contact::email("buyer@example.ru")?)
        .with_document(passport)
        .with_citizenship(Country::parse("398").ok_or("Kazakhstan is 398")?)
        .with_name(Text::parse("Иванов Иван Иванович")?))
}
