//! Kinds of agents (tag 1057 at receipt level, 1222 in an item). Which fields go with which kind is a rule's business.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason};

words! {
    /// The kind of agent. Sber OLD takes the numbers 1 to 7 (CONFIRMED, Sber, refund.do), the tag holds a bit
    /// (REPORTED, a register driver's table), ATOL and Sber ECOM take words (CONFIRMED).
    AgentType {
        BankPayingAgent = 1, "Банковский платёжный агент", "Bank paying agent";
        BankPayingSubagent = 2, "Банковский платёжный субагент", "Bank paying subagent";
        PayingAgent = 3, "Платёжный агент", "Paying agent";
        PayingSubagent = 4, "Платёжный субагент", "Paying subagent";
        Attorney = 5, "Поверенный", "Attorney (mandatary)";
        CommissionAgent = 6, "Комиссионер", "Commission agent";
        Other = 7, "Иной агент", "Other agent";
    }
}

impl AgentType {
    /// The bit of tags 1057 and 1222: 1, 2, 4, … 64.
    pub const fn bit(self) -> u8 {
        1 << (self.number() - 1)
    }

    /// Reads one bit of tags 1057 and 1222; `None` for a mask of several, for none and for unknown bits.
    pub fn from_bit(bit: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|agent| agent.bit() == bit)
    }

    /// A bank's agent or subagent: 1 and 2.
    pub const fn is_bank(self) -> bool {
        matches!(self, Self::BankPayingAgent | Self::BankPayingSubagent)
    }

    /// A paying agent or subagent that is not a bank's: 3 and 4.
    pub const fn is_paying(self) -> bool {
        matches!(self, Self::PayingAgent | Self::PayingSubagent)
    }

    /// Reads Sber OLD's number, `1` to `7`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|agent| agent.as_str() == text)
    }

    /// Sber OLD's number as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BankPayingAgent => "1",
            Self::BankPayingSubagent => "2",
            Self::PayingAgent => "3",
            Self::PayingSubagent => "4",
            Self::Attorney => "5",
            Self::CommissionAgent => "6",
            Self::Other => "7",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::BankPayingAgent => "bank_paying_agent",
            Self::BankPayingSubagent => "bank_paying_subagent",
            Self::PayingAgent => "paying_agent",
            Self::PayingSubagent => "paying_subagent",
            Self::Attorney => "attorney",
            Self::CommissionAgent => "commission_agent",
            Self::Other => "another",
        }
    }
}

impl Vocabulary for AgentType {
    const TABLE: Table =
        Table { tags: &[1222, 1057], ru: "Признак агента", en: "Kind of agent" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        self.row(Evidence::Confirmed)
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match back_end {
            BackEnd::SberOld => Coding::word(self.as_str(), Evidence::Confirmed),
            BackEnd::Robokassa => Coding::Missing(Reason::NoField),
            BackEnd::SberEcom | BackEnd::AtolV4 | BackEnd::AtolV5 => {
                Coding::word(self.word(), Evidence::Confirmed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_bits() {
        let bits: Vec<_> = AgentType::ALL.iter().map(|agent| agent.bit()).collect();
        assert_eq!(bits, [1, 2, 4, 8, 16, 32, 64]);
        assert_eq!(AgentType::from_bit(64), Some(AgentType::Other));
        for no_agent in [0, 3, 65, 128] {
            assert_eq!(AgentType::from_bit(no_agent), None, "{no_agent}");
        }
        for text in ["0", "8", "07", "", "one"] {
            assert_eq!(AgentType::parse(text), None, "{text}");
        }
    }
}
