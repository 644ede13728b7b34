//! The keys of the block, what each of them is, and how to ask anything that has them for a value.
//!
//! A key is data: its tag, formats, limits per back end, versions, and whether a refund may change it. The rows stand in
//! [`super::KEYS`].

use super::KEYS;
use crate::{BackEnd, Format, Versions, shown};
use std::fmt;

/// A key of `additionalOfdParams`, in the order of Sber's table. [`Key::def`] has everything about it.
///
/// Keys and formats are Sber OLD's (CONFIRMED, Sber, refund.do); tags are the FFD's (REPORTED, a register driver's table,
/// in agreement with ATOL v5 where that names them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `agent_info.type`: Kind of agent. Tag 1057, `N..2`.
    AgentType,
    /// `agent_info.paying.operation`: Operation of the paying agent. Tag 1044, `ANS..24`.
    AgentOperation,
    /// `agent_info.paying.phones`: Telephones of the paying agent. Tag 1073, `ANS..19` each.
    AgentPhones,
    /// `agent_info.paymentsOperator.phones`: Telephones of the payments operator. Tag 1074, `ANS..19` each.
    OperatorPhones,
    /// `agent_info.MTOperator.address`: Address of the money transfer operator. Tag 1005, `ANS..256`.
    TransferAddress,
    /// `agent_info.MTOperator.inn`: INN of the money transfer operator. Tag 1016, `N10..12`.
    TransferInn,
    /// `agent_info.MTOperator.name`: Name of the money transfer operator. Tag 1026, `ANS..64`.
    TransferName,
    /// `agent_info.MTOperator.phones`: Telephones of the money transfer operator. Tag 1075, `ANS..19` each.
    TransferPhones,
    /// `supplier_info.phones`: Telephones of the supplier. Tag 1171 in 1224, `ANS..19` each.
    SupplierPhones,
    /// `cashier`: Cashier. Tag 1021, `A..256`.
    Cashier,
    /// `additional_check_props`: Additional requisite of the receipt. Tag 1192, `ANS..16`.
    CheckProperty,
    /// `additional_user_props.name`: Name of the user's additional requisite. Tag 1085 in 1084, `ANS..24`.
    UserPropertyName,
    /// `additional_user_props.value`: Value of the user's additional requisite. Tag 1086 in 1084, `ANS..24`.
    UserPropertyValue,
    /// `cashier_inn`: INN of the cashier. Tag 1203, `N..12`.
    CashierInn,
    /// `client.address`: Address of the buyer. Tag 1254 in 1256, `ANS..256`.
    BuyerAddress,
    /// `client.birth_date`: Birth date of the buyer, dd.mm.yyyy. Tag 1243 in 1256, `NS10`.
    BuyerBirthDate,
    /// `client.citizenship`: Citizenship, OKSM number. Tag 1244 in 1256, `N3`.
    BuyerCitizenship,
    /// `client.document_code`: Kind of identity document. Tag 1245 in 1256, `N2`.
    BuyerDocumentCode,
    /// `client.passport_number`: Number of the document: 1111 222222. Tag 1246 in 1256, `NS..11`.
    BuyerDocumentNumber,
    /// `client.email`: E-mail of the buyer. Tag 1008, `ANS..64`.
    BuyerEmail,
    /// `client.phone`: Telephone of the buyer, +N. Tag 1008, `NS..19`.
    BuyerPhone,
    /// `client.inn`: INN of the buyer. Tag 1228 in 1256, `N12`.
    BuyerInn,
    /// `client.name`: Name of the buyer. Tag 1227 in 1256, `ANS..256`.
    BuyerName,
    /// `operatingCheckProps.name`: Operation id, "0". Tag 1271 in 1270, `ANS`.
    OperationName,
    /// `operatingCheckProps.timestamp`: Date and time of the operation, dd.mm.yyyy HH:MM:SS. Tag 1273 in 1270, `NS19`.
    OperationMoment,
    /// `operatingCheckProps.value`: Data of the operation. Tag 1272 in 1270, `ANS..64`.
    OperationValue,
    /// `sectoralCheckProps.date`: Date of the act, dd.mm.yyyy. Tag 1263 in 1261, `NS10`.
    SectorDate,
    /// `sectoralCheckProps.federalId`: Federal executive body. Tag 1262 in 1261, `ANS`.
    SectorBody,
    /// `sectoralCheckProps.number`: Number of the act. Tag 1264 in 1261, `N..32`.
    SectorNumber,
    /// `sectoralCheckProps.value`: Value of the sectoral requisite. Tag 1265 in 1261, `ANS..256`.
    SectorValue,
    /// `company.automat_number`: Number of the vending machine. Tag 1036, `ANS..20`.
    MachineNumber,
    /// `company.location`: Address of the settlement. Tag 1009, `ANS..243`.
    SettlementAddress,
    /// `company.payment_address`: Place of the settlement (a web shop's site). Tag 1187, `ANS..243`.
    SettlementPlace,
}

/// Everything about one key.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyDef {
    /// The key.
    pub key: Key,
    /// As it is spelled on the wire.
    pub name: &'static str,
    /// The FFD tag.
    pub tag: u16,
    /// The tag of the structure it lies in, if it lies in one.
    pub inside: Option<u16>,
    /// What it is, in Russian.
    pub ru: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// Sber OLD's format (CONFIRMED, Sber, refund.do).
    pub old: Format,
    /// The most characters the FFD itself has room for (REPORTED unless a protocol document repeats it).
    pub ffd: Option<u16>,
    /// The most characters Sber ECOM takes; `None` where it has no such field or states no limit.
    pub ecom: Option<u16>,
    /// The most characters ATOL takes; `None` as above.
    pub atol: Option<u16>,
    /// The FFD versions that have it.
    pub versions: Versions,
    /// What a refund may do with it.
    pub at_refund: AtRefund,
    /// May its value be shown?
    pub privacy: Privacy,
}

/// What a refund may do with a value that was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtRefund {
    /// It may differ: the table says so of four keys (CONFIRMED, Sber, refund.do).
    MayChange,
    /// It repeats the registration or is left out. The table says that only *some* may change (CONFIRMED by reading); that
    /// the gateway checks it is a GUESS.
    MustEcho,
}

/// May a value be shown in errors and logs?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// It says nothing about a person.
    Plain,
    /// It is a person's, or may hold something of a person: its shape alone is shown.
    Personal,
    /// It is a directory's code of a person (a country, a kind of document): shown while it looks like one, because a
    /// name typed into the wrong field does not.
    Code,
}

impl Privacy {
    /// The value as it may be shown.
    pub(crate) fn show(self, text: &str) -> String {
        let code = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Plain => shown::plain(text),
            Self::Code if code => shown::plain(text),
            Self::Code | Self::Personal => shown::masked(text),
        }
    }
}

impl Key {
    /// Every key, in the order of Sber's table.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.iter().map(|def| def.key)
    }

    /// Everything about it.
    pub fn def(self) -> &'static KeyDef {
        &KEYS[self as usize]
    }

    /// As it is spelled on the wire: `client.email`.
    pub fn name(self) -> &'static str {
        self.def().name
    }

    /// Finds a key by its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|key| key.name() == name)
    }

    /// Finds a key whatever the case of its letters: the sister gateway lower-cases them.
    pub fn parse_any_case(name: &str) -> Option<Self> {
        Self::all().find(|key| key.name().eq_ignore_ascii_case(name))
    }

    /// Does it hold a list of telephones?
    pub const fn is_list(self) -> bool {
        matches!(self, Self::AgentPhones | Self::OperatorPhones | Self::TransferPhones | Self::SupplierPhones)
    }

    /// `agent_info.*`.
    pub(crate) const fn is_agent(self) -> bool {
        (self as u8) <= Self::TransferPhones as u8
    }

    /// `client.*`.
    pub(crate) const fn is_buyer(self) -> bool {
        Self::BuyerAddress as u8 <= self as u8 && self as u8 <= Self::BuyerName as u8
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl KeyDef {
    /// The most characters a back end takes, if a limit is known.
    pub const fn most(&self, back_end: BackEnd) -> Option<u16> {
        match back_end {
            BackEnd::SberOld => self.old.most(),
            BackEnd::SberEcom => self.ecom,
            BackEnd::AtolV4 | BackEnd::AtolV5 => self.atol,
            BackEnd::Robokassa => None,
        }
    }
}

/// A value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// One text.
    One(&'a str),
    /// A list of texts: telephones.
    Many(&'a [String]),
}

impl<'a> Value<'a> {
    /// The text; `None` for a list.
    pub const fn one(self) -> Option<&'a str> {
        match self {
            Self::One(text) => Some(text),
            Self::Many(_) => None,
        }
    }

    /// The texts, with their places in the list if it is one.
    pub fn texts(self) -> impl Iterator<Item = (Option<usize>, &'a str)> {
        let (one, many) = match self {
            Self::One(text) => (Some((None, text)), &[][..]),
            Self::Many(texts) => (None, texts),
        };
        let many = many.iter().enumerate().map(|(at, text)| (Some(at), text.as_str()));
        one.into_iter().chain(many)
    }
}

/// Something that has values by key: the typed block, or the one that was read from the wire.
pub trait Fields {
    /// The value of a key, if it is there.
    fn field(&self, key: Key) -> Option<Value<'_>>;

    /// The single text of a key.
    fn text(&self, key: Key) -> Option<&str> {
        self.field(key).and_then(Value::one)
    }

    /// Is it there?
    fn has(&self, key: Key) -> bool {
        self.field(key).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (index, def) in KEYS.iter().enumerate() {
            assert_eq!(def.key as usize, index, "{}", def.name);
            assert_eq!(Key::parse(def.name), Some(def.key));
            assert_eq!(Key::parse_any_case(&def.name.to_uppercase()), Some(def.key));
        }
        assert_eq!(KEYS.len(), Key::SettlementPlace as usize + 1);
        assert_eq!(Key::parse("Cashier"), None);
    }

    #[test]
    fn four_keys_may_change() {
        let free: Vec<_> =
            KEYS.iter().filter(|def| def.at_refund == AtRefund::MayChange).map(|def| def.name).collect();
        assert_eq!(
            free,
            [
                "cashier",
                "additional_check_props",
                "additional_user_props.name",
                "additional_user_props.value"
            ]
        );
    }

    #[test]
    fn families() {
        let agent: Vec<_> = Key::all().filter(|key| key.is_agent()).collect();
        assert!(agent.len() == 8 && agent.iter().all(|key| key.name().starts_with("agent_info.")));
        let buyer: Vec<_> = Key::all().filter(|key| key.is_buyer()).collect();
        assert!(buyer.len() == 9 && buyer.iter().all(|key| key.name().starts_with("client.")));
    }
}
