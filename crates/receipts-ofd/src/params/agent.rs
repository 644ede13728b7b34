//! The agent at receipt level: `agent_info.*`. Which members belong to which kind is a rule's business.

use super::{Key, Value};
use crate::{AgentType, Inn, Phones, Text};

/// An agent. There is none without a kind, so a `type` of nothing or of 0 cannot be sent.
///
/// Kinds 1 and 2 go with an operation, telephones and a transfer operator; 3 and 4 with telephones and those of the
/// payments operator; 5 to 7 with nothing more (CONFIRMED for Sber ECOM, Sber e-commerce OpenAPI; a warning on OLD).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// `agent_info.type`, tag 1057: 1 to 7.
    pub kind: AgentType,
    /// `agent_info.paying.operation`, tag 1044, at most 24 characters.
    pub operation: Option<Text>,
    /// `agent_info.paying.phones`, tag 1073, at most 19 characters each.
    pub phones: Option<Phones>,
    /// `agent_info.paymentsOperator.phones`, tag 1074, at most 19 characters each.
    pub operator_phones: Option<Phones>,
    /// `agent_info.MTOperator.*`.
    pub transfer: TransferOperator,
}

/// The operator that transfers the money: `agent_info.MTOperator.*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferOperator {
    /// Tag 1005, at most 256 characters.
    pub address: Option<Text>,
    /// Tag 1016, 10 or 12 digits.
    pub inn: Option<Inn>,
    /// Tag 1026, at most 64 characters.
    pub name: Option<Text>,
    /// Tag 1075, at most 19 characters each.
    pub phones: Option<Phones>,
}

impl Agent {
    /// An agent of this kind and nothing more: enough for an attorney, a commission agent and "other".
    pub const fn new(kind: AgentType) -> Self {
        let transfer = TransferOperator { address: None, inn: None, name: None, phones: None };
        Self { kind, operation: None, phones: None, operator_phones: None, transfer }
    }

    /// Sets the operation of a bank's agent.
    #[must_use]
    pub fn with_operation(self, operation: Text) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Sets the agent's telephones.
    #[must_use]
    pub fn with_phones(self, phones: Phones) -> Self {
        Self { phones: Some(phones), ..self }
    }

    /// Sets the telephones of the payments operator.
    #[must_use]
    pub fn with_operator_phones(self, phones: Phones) -> Self {
        Self { operator_phones: Some(phones), ..self }
    }

    /// Sets the transfer operator, with everything a bank's agent must say of it.
    #[must_use]
    pub fn with_transfer_operator(self, name: Text, address: Text, inn: Inn, phones: Phones) -> Self {
        let transfer = TransferOperator {
            address: Some(address),
            inn: Some(inn),
            name: Some(name),
            phones: Some(phones),
        };
        Self { transfer, ..self }
    }

    pub(super) fn field(&self, key: Key) -> Option<Value<'_>> {
        match key {
            Key::AgentType => Some(Value::One(self.kind.as_str())),
            Key::AgentOperation => self.operation.as_ref().map(Text::value),
            Key::AgentPhones => many(&self.phones),
            Key::OperatorPhones => many(&self.operator_phones),
            Key::TransferAddress => self.transfer.address.as_ref().map(Text::value),
            Key::TransferInn => self.transfer.inn.as_ref().map(|inn| Value::One(inn.as_str())),
            Key::TransferName => self.transfer.name.as_ref().map(Text::value),
            Key::TransferPhones => many(&self.transfer.phones),
            _ => None,
        }
    }
}

fn many(phones: &Option<Phones>) -> Option<Value<'_>> {
    phones.as_ref().map(|phones| Value::Many(phones.as_slice()))
}
