//! `additionalOfdParams`: what a receipt says beyond its lines, in groups that a person can read.
//!
//! The types make the impossible impossible: an agent has a type, a buyer has one contact, an operation has all three of
//! its parts, a sectoral requisite all four. What depends on the back end, the FFD version or other fields is checked by
//! [`crate::check`]. Serde is not here; [`crate::wire`] reads and writes.

mod agent;
mod buyer;
mod from;
pub(crate) mod groups;
mod key;
mod keys;

pub use agent::{Agent, TransferOperator};
pub use buyer::{Buyer, IdentityDocument};
pub use groups::{Company, OperationProperty, SectoralProperty, UserProperty};
pub use key::{AtRefund, Fields, Key, KeyDef, Privacy, Value};
pub use keys::KEYS;

use crate::{CashierInn, Phones, Text};

/// The whole block; every group is optional.
///
/// On the wire it is one flat JSON object with dotted keys, in one form field of Sber OLD's `refund.do` (CONFIRMED, Sber,
/// refund.do). The document lists the block as mandatory and says in the same row that it *may* be passed, if it was
/// passed at registration and the receipts go through ATOL, Business.ru or Evotor: it is optional with preconditions.
///
/// ```
/// use receipts_ofd::{AdditionalOfdParams, Buyer, Contact, Text, wire};
/// let params = AdditionalOfdParams::new()
///     .with_cashier(Text::parse("Иванов И.И.")?)
///     .with_buyer(Buyer::new(Contact::email("buyer@example.ru")?));
/// assert_eq!(wire::write(&params), r#"{"cashier":"Иванов И.И.","client.email":"buyer@example.ru"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdditionalOfdParams {
    /// `agent_info.*`, tag 1057 and its siblings. Receipt level: FFD 1.05 has it, 1.2 keeps agents in the items.
    pub agent: Option<Agent>,
    /// `supplier_info.phones`, tag 1171, at most 19 characters each.
    pub supplier_phones: Option<Phones>,
    /// `cashier`, tag 1021: 64 characters in the FFD, 256 in Sber OLD's table. May change at refund.
    pub cashier: Option<Text>,
    /// `additional_check_props`, tag 1192, at most 16 characters. May change at refund. A refund that undoes a wrong
    /// receipt under FFD 1.05 carries that receipt's fiscal sign here (REPORTED).
    pub check_property: Option<Text>,
    /// `additional_user_props.*`, tag 1084. May change at refund.
    pub user_property: Option<UserProperty>,
    /// `cashier_inn`, tag 1203, twelve digits, FFD 1.2. May **not** change at refund, although `cashier` may.
    pub cashier_inn: Option<CashierInn>,
    /// `client.*`, tag 1256, FFD 1.2.
    pub buyer: Option<Buyer>,
    /// `operatingCheckProps.*`, tag 1270, FFD 1.2.
    pub operation: Option<OperationProperty>,
    /// `sectoralCheckProps.*`, tag 1261, FFD 1.2.
    pub sector: Option<SectoralProperty>,
    /// `company.*`: where and by which machine the settlement was made.
    pub company: Company,
}

impl AdditionalOfdParams {
    /// An empty block.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the agent.
    #[must_use]
    pub fn with_agent(self, agent: Agent) -> Self {
        Self { agent: Some(agent), ..self }
    }

    /// Sets the supplier's telephones.
    #[must_use]
    pub fn with_supplier_phones(self, phones: Phones) -> Self {
        Self { supplier_phones: Some(phones), ..self }
    }

    /// Sets the cashier's name.
    #[must_use]
    pub fn with_cashier(self, name: Text) -> Self {
        Self { cashier: Some(name), ..self }
    }

    /// Sets the cashier's own taxpayer number (FFD 1.2).
    #[must_use]
    pub fn with_cashier_inn(self, inn: CashierInn) -> Self {
        Self { cashier_inn: Some(inn), ..self }
    }

    /// Sets the additional requisite of the receipt.
    #[must_use]
    pub fn with_check_property(self, value: Text) -> Self {
        Self { check_property: Some(value), ..self }
    }

    /// Sets the additional requisite of the user.
    #[must_use]
    pub fn with_user_property(self, name: Text, value: Text) -> Self {
        Self { user_property: Some(UserProperty { name, value }), ..self }
    }

    /// Sets the buyer (FFD 1.2).
    #[must_use]
    pub fn with_buyer(self, buyer: Buyer) -> Self {
        Self { buyer: Some(buyer), ..self }
    }

    /// Sets the operational requisite (FFD 1.2).
    #[must_use]
    pub fn with_operation(self, operation: OperationProperty) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Sets the sectoral requisite (FFD 1.2).
    #[must_use]
    pub fn with_sector(self, sector: SectoralProperty) -> Self {
        Self { sector: Some(sector), ..self }
    }

    /// Sets where the settlement was made.
    #[must_use]
    pub fn with_company(self, company: Company) -> Self {
        Self { company, ..self }
    }
}

impl Fields for AdditionalOfdParams {
    fn field(&self, key: Key) -> Option<Value<'_>> {
        use Key as K;
        match key {
            K::AgentType
            | K::AgentOperation
            | K::AgentPhones
            | K::OperatorPhones
            | K::TransferAddress
            | K::TransferInn
            | K::TransferName
            | K::TransferPhones => self.agent.as_ref()?.field(key),
            K::SupplierPhones => self.supplier_phones.as_ref().map(|phones| Value::Many(phones.as_slice())),
            K::Cashier => self.cashier.as_ref().map(Text::value),
            K::CheckProperty => self.check_property.as_ref().map(Text::value),
            K::UserPropertyName => self.user_property.as_ref().map(|property| property.name.value()),
            K::UserPropertyValue => self.user_property.as_ref().map(|property| property.value.value()),
            K::CashierInn => self.cashier_inn.as_ref().map(|inn| Value::One(inn.as_str())),
            K::BuyerAddress
            | K::BuyerBirthDate
            | K::BuyerCitizenship
            | K::BuyerDocumentCode
            | K::BuyerDocumentNumber
            | K::BuyerEmail
            | K::BuyerPhone
            | K::BuyerInn
            | K::BuyerName => self.buyer.as_ref()?.field(key),
            K::OperationName | K::OperationMoment | K::OperationValue => self.operation.as_ref()?.field(key),
            K::SectorDate | K::SectorBody | K::SectorNumber | K::SectorValue => {
                self.sector.as_ref()?.field(key)
            }
            K::MachineNumber | K::SettlementAddress | K::SettlementPlace => self.company.field(key),
        }
    }
}
