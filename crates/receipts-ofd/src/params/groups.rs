//! The small groups: the user's requisite, the operation, the sectoral requisite, the company. Each is whole or absent.

use super::{Key, Value};
use crate::{CivilDate, CivilMoment, FoivId, Text};

/// The user's additional requisite, tag 1084: a name and a value, never one without the other. Both may change at refund.
///
/// 24 characters each on Sber OLD (CONFIRMED, Sber, refund.do), 64 and 256 in the FFD, at ATOL and on Sber ECOM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProperty {
    /// `additional_user_props.name`, tag 1085.
    pub name: Text,
    /// `additional_user_props.value`, tag 1086.
    pub value: Text,
}

/// The operational requisite of the receipt, tag 1270, FFD 1.2: all three of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationProperty {
    moment: CivilMoment,
    value: Text,
}

/// The only value of `operatingCheckProps.name` until the tax service defines others (CONFIRMED, Sber, refund.do; ATOL v5).
pub(crate) const OPERATION_NAME: &str = "0";

impl OperationProperty {
    /// An operation at this Moscow time (tag 1273), with its data (tag 1272, at most 64 characters). Its id (tag 1271) is
    /// `0`.
    pub const fn new(moment: CivilMoment, value: Text) -> Self {
        Self { moment, value }
    }

    /// When it was.
    pub const fn moment(&self) -> CivilMoment {
        self.moment
    }

    /// Its data.
    pub const fn value(&self) -> &Text {
        &self.value
    }

    pub(super) fn field(&self, key: Key) -> Option<Value<'_>> {
        match key {
            Key::OperationName => Some(Value::One(OPERATION_NAME)),
            Key::OperationMoment => Some(Value::One(self.moment.as_str())),
            Key::OperationValue => Some(self.value.value()),
            _ => None,
        }
    }
}

/// The sectoral requisite of the receipt, tag 1261, FFD 1.2: what an act of a federal body asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectoralProperty {
    /// `sectoralCheckProps.federalId`, tag 1262.
    pub body: FoivId,
    /// `sectoralCheckProps.date`, tag 1263: the act's day.
    pub date: CivilDate,
    /// `sectoralCheckProps.number`, tag 1264, at most 32 characters. Sber OLD's table says digits; real numbers have
    /// letters and slashes, which gets a warning there (rule `sect-number`).
    pub number: Text,
    /// `sectoralCheckProps.value`, tag 1265, at most 256 characters: `UUID=…&Time=…`.
    pub value: Text,
}

impl SectoralProperty {
    pub(super) fn field(&self, key: Key) -> Option<Value<'_>> {
        match key {
            Key::SectorBody => Some(Value::One(self.body.as_str())),
            Key::SectorDate => Some(Value::One(self.date.as_str())),
            Key::SectorNumber => Some(self.number.value()),
            Key::SectorValue => Some(self.value.value()),
            _ => None,
        }
    }
}

/// Where and by which machine the settlement was made. What of it is needed depends on the kind of merchant (rules
/// `automat`, `location`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// `company.automat_number`, tag 1036, at most 20 characters: vending and transport.
    pub machine: Option<Text>,
    /// `company.location`, tag 1009, at most 243 characters on Sber OLD and 256 in the FFD: the address.
    pub address: Option<Text>,
    /// `company.payment_address`, tag 1187, lengths as above: the place; for a web shop its site.
    pub place: Option<Text>,
}

impl Company {
    pub(super) fn field(&self, key: Key) -> Option<Value<'_>> {
        let text = match key {
            Key::MachineNumber => &self.machine,
            Key::SettlementAddress => &self.address,
            Key::SettlementPlace => &self.place,
            _ => return None,
        };
        text.as_ref().map(Text::value)
    }
}
