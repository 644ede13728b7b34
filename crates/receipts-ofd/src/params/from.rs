//! From a block as it was read to the typed one: everything is checked first, so that nothing is dropped on the way.

use super::{
    AdditionalOfdParams, Agent, Buyer, Company, Fields, Key, OperationProperty, SectoralProperty,
    TransferOperator, UserProperty,
};
use crate::{
    AgentType, CashierInn, CivilDate, CivilMoment, Contact, Context, Country, DocumentCode, Email, Findings,
    FoivId, Inn, InnSums, Phone, Phones, Text, check, rules, wire::Block,
};

impl AdditionalOfdParams {
    /// Checks a block and turns it into its types. The warnings come with it.
    ///
    /// # Errors
    /// Everything that was found, warnings too, when there is an error among them; also when a value that some back end
    /// tolerates has no place in the types (both contacts at ATOL, directory id 073), which is then found as an error of
    /// its own rule.
    pub fn from_block(block: &Block, context: &Context) -> Result<(Self, Findings), Findings> {
        let mut found = check(block, context);
        rules::without_place(block, context, &mut found);
        if found.has_errors() {
            return Err(found);
        }
        let read = Reader { block, sums: context.inn_sums() };
        Ok((read.params(), found))
    }
}

/// Takes values out of a block that has passed every rule.
struct Reader<'a> {
    block: &'a Block,
    sums: InnSums,
}

/// Why every `expect` below holds.
const CHECKED: &str = "the rules have accepted the value";

impl Reader<'_> {
    fn params(&self) -> AdditionalOfdParams {
        AdditionalOfdParams {
            agent: self.one(Key::AgentType, AgentType::parse).map(|kind| self.agent(kind)),
            supplier_phones: self.phones(Key::SupplierPhones),
            cashier: self.text(Key::Cashier),
            check_property: self.text(Key::CheckProperty),
            user_property: self.user_property(),
            cashier_inn: self.one(Key::CashierInn, |text| self.cashier_inn(text)),
            buyer: self.contact().map(|contact| self.buyer(contact)),
            operation: self.operation(),
            sector: self.sector(),
            company: Company {
                machine: self.text(Key::MachineNumber),
                address: self.text(Key::SettlementAddress),
                place: self.text(Key::SettlementPlace),
            },
        }
    }

    fn agent(&self, kind: AgentType) -> Agent {
        Agent {
            kind,
            operation: self.text(Key::AgentOperation),
            phones: self.phones(Key::AgentPhones),
            operator_phones: self.phones(Key::OperatorPhones),
            transfer: TransferOperator {
                address: self.text(Key::TransferAddress),
                inn: self.one(Key::TransferInn, |text| self.inn(text)),
                name: self.text(Key::TransferName),
                phones: self.phones(Key::TransferPhones),
            },
        }
    }

    fn buyer(&self, contact: Contact) -> Buyer {
        Buyer {
            contact,
            address: self.text(Key::BuyerAddress),
            birth_date: self.one(Key::BuyerBirthDate, CivilDate::parse),
            citizenship: self.one(Key::BuyerCitizenship, Country::parse),
            document_code: self.one(Key::BuyerDocumentCode, DocumentCode::parse),
            document_number: self.text(Key::BuyerDocumentNumber),
            inn: self.one(Key::BuyerInn, |text| self.inn(text)),
            name: self.text(Key::BuyerName),
        }
    }

    fn contact(&self) -> Option<Contact> {
        let email = self.one(Key::BuyerEmail, |text| Email::parse(text).ok()).map(Contact::Email);
        email.or_else(|| self.one(Key::BuyerPhone, |text| Phone::parse(text).ok()).map(Contact::Phone))
    }

    fn user_property(&self) -> Option<UserProperty> {
        let (name, value) = (self.text(Key::UserPropertyName)?, self.text(Key::UserPropertyValue)?);
        Some(UserProperty { name, value })
    }

    fn operation(&self) -> Option<OperationProperty> {
        let moment = self.one(Key::OperationMoment, CivilMoment::parse)?;
        Some(OperationProperty::new(moment, self.text(Key::OperationValue)?))
    }

    fn sector(&self) -> Option<SectoralProperty> {
        Some(SectoralProperty {
            body: self.one(Key::SectorBody, FoivId::parse)?,
            date: self.one(Key::SectorDate, CivilDate::parse)?,
            number: self.text(Key::SectorNumber)?,
            value: self.text(Key::SectorValue)?,
        })
    }

    fn one<T>(&self, key: Key, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.block.text(key).map(|text| parse(text).expect(CHECKED))
    }

    fn text(&self, key: Key) -> Option<Text> {
        self.one(key, |text| Text::parse(text).ok())
    }

    fn phones(&self, key: Key) -> Option<Phones> {
        let value = self.block.field(key)?;
        Some(Phones::parse(value.texts().map(|(_, text)| text)).expect(CHECKED))
    }

    fn inn(&self, text: &str) -> Option<Inn> {
        match self.sums {
            InnSums::Checked => Inn::parse(text).ok(),
            InnSums::SamplesAllowed => Inn::sample(text).ok(),
        }
    }

    fn cashier_inn(&self, text: &str) -> Option<CashierInn> {
        self.inn(text).and_then(CashierInn::new)
    }
}
