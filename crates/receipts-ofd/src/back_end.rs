//! The back ends a receipt can go to, and how one of them codes a word of the vocabulary.
//!
//! A coding that a back end lacks, or that nobody attests, is missing with its reason and never a guess. It must not
//! know the vocabulary itself or any back end's requests.

use crate::Evidence;
use std::fmt;

/// Who prints the receipt in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackEnd {
    /// Sber's gateway on `/payment/rest/*.do`: form bodies, `additionalOfdParams` with dotted keys.
    SberOld,
    /// Sber's e-commerce gateway: JSON bodies, FFD version chosen per request.
    SberEcom,
    /// Robokassa's refund API: `InvoiceItems` with `Tax`, `PaymentMethod`, `PaymentObject`.
    Robokassa,
    /// ATOL Online, protocol v4: FFD 1.05.
    AtolV4,
    /// ATOL Online, protocol v5: FFD 1.2.
    AtolV5,
}

impl BackEnd {
    /// All of them.
    pub const ALL: &[Self] = &[Self::SberOld, Self::SberEcom, Self::Robokassa, Self::AtolV4, Self::AtolV5];

    /// The name people know it by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SberOld => "Sber OLD",
            Self::SberEcom => "Sber ECOM",
            Self::Robokassa => "Robokassa",
            Self::AtolV4 => "ATOL v4",
            Self::AtolV5 => "ATOL v5",
        }
    }

    /// Is it one of Sber's two gateways?
    pub const fn is_sber(self) -> bool {
        matches!(self, Self::SberOld | Self::SberEcom)
    }

    /// Is it ATOL Online itself?
    pub const fn is_atol(self) -> bool {
        matches!(self, Self::AtolV4 | Self::AtolV5)
    }
}

impl fmt::Display for BackEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value as a back end writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// A text: `"vat20"`, `"33"`.
    Word(&'static str),
    /// A JSON number: `6`.
    Number(u16),
}

impl Wire {
    /// Does the text say this value? A number is compared by its digits, so `"6"` and `6` are the same.
    pub fn is(self, text: &str) -> bool {
        match self {
            Self::Word(word) => word == text,
            Self::Number(number) => canonical_number(text) == Some(number),
        }
    }
}

/// Digits without a sign or leading zeros.
fn canonical_number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// How a back end codes one word of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// It is sent like this.
    Sent(Wire, Evidence),
    /// It cannot be sent, or nobody knows how.
    Missing(Reason),
}

/// Why there is no coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The back end's published list does not have this value.
    NotListed,
    /// The back end has no field for this.
    NoField,
    /// No source says how it is sent there.
    NotAttested,
    /// Published lists contradict each other: the caller must choose (see [`crate::SberOldVat`]).
    MustBeConfigured,
    /// It does not exist in the FFD version asked for.
    OtherVersion,
}

impl Reason {
    /// The reason in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::NotListed => "not in the published list",
            Self::NoField => "no such field",
            Self::NotAttested => "not attested",
            Self::MustBeConfigured => "must be configured",
            Self::OtherVersion => "not in this FFD version",
        }
    }

    /// The reason in Russian.
    pub const fn ru(self) -> &'static str {
        match self {
            Self::NotListed => "нет в опубликованном списке",
            Self::NoField => "нет такого поля",
            Self::NotAttested => "не подтверждено",
            Self::MustBeConfigured => "задаётся настройкой",
            Self::OtherVersion => "нет в этой версии ФФД",
        }
    }
}

impl Coding {
    /// What is sent, if it can be.
    pub const fn wire(self) -> Option<Wire> {
        match self {
            Self::Sent(wire, _) => Some(wire),
            Self::Missing(_) => None,
        }
    }

    /// How well the coding is known, if there is one.
    pub const fn evidence(self) -> Option<Evidence> {
        match self {
            Self::Sent(_, evidence) => Some(evidence),
            Self::Missing(_) => None,
        }
    }

    /// Why there is none.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Sent(..) => None,
            Self::Missing(reason) => Some(reason),
        }
    }

    pub(crate) const fn word(word: &'static str, evidence: Evidence) -> Self {
        Self::Sent(Wire::Word(word), evidence)
    }

    pub(crate) const fn number(number: u16, evidence: Evidence) -> Self {
        Self::Sent(Wire::Number(number), evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_value_is_compared_whole() {
        assert!(Wire::Number(6).is("6") && Wire::Number(0).is("0") && Wire::Word("33").is("33"));
        for other in ["06", "+6", " 6", "6.0", "", "66", "６"] {
            assert!(!Wire::Number(6).is(other), "{other:?}");
        }
        assert!(!Wire::Word("vat20").is("VAT20"));
    }
}
