//! Marked goods: kinds of marking codes (tag 1163, FFD 1.2) and the planned status of the goods (tag 2003).
//!
//! It must not read a code's content.

use super::{Code, Entry, InForce, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason, Versions};

words! {
    /// The kind of a marking code: which tag of the structure 1163 holds it (CONFIRMED, ATOL v5). The number is the tag.
    MarkCodeKind {
        Unknown = 1300, "Нераспознанный код", "Unrecognised code";
        Ean8 = 1301, "EAN-8", "EAN-8";
        Ean13 = 1302, "EAN-13", "EAN-13";
        Itf14 = 1303, "ITF-14", "ITF-14";
        Gs10 = 1304, "GS1 на немаркируемом товаре", "GS1 on goods not subject to marking";
        Gs1m = 1305, "GS1 на маркируемом товаре", "GS1 on marked goods";
        Short = 1306, "Короткий код маркировки", "Short marking code";
        Fur = 1307, "Контрольный знак мехового изделия", "Fur control mark";
        Egais20 = 1308, "ЕГАИС-2.0", "EGAIS 2.0";
        Egais30 = 1309, "ЕГАИС-3.0", "EGAIS 3.0";
    }
}

impl MarkCodeKind {
    /// The length the protocol asks for, in characters: least and most (CONFIRMED, ATOL v5). [`MarkCodeKind::Gs1m`] is
    /// counted as base64.
    pub const fn length(self) -> (u16, u16) {
        match self {
            Self::Unknown => (1, 32),
            Self::Ean8 => (8, 8),
            Self::Ean13 => (13, 13),
            Self::Itf14 => (14, 14),
            Self::Gs10 | Self::Short => (1, 38),
            Self::Gs1m => (1, 200),
            Self::Fur => (20, 20),
            Self::Egais20 => (23, 23),
            Self::Egais30 => (14, 14),
        }
    }

    /// Does Evotor's digital register take it (CONFIRMED, Sber e-commerce OpenAPI)? `None` where nobody says.
    pub const fn evotor_takes(self) -> Option<bool> {
        match self {
            Self::Unknown | Self::Ean8 | Self::Ean13 | Self::Itf14 | Self::Gs10 => Some(false),
            Self::Gs1m | Self::Short | Self::Fur => Some(true),
            Self::Egais20 | Self::Egais30 => None,
        }
    }

    /// The word of ATOL v5 and Sber ECOM.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ean8 => "ean8",
            Self::Ean13 => "ean13",
            Self::Itf14 => "itf14",
            Self::Gs10 => "gs10",
            Self::Gs1m => "gs1m",
            Self::Short => "short",
            Self::Fur => "fur",
            Self::Egais20 => "egais20",
            Self::Egais30 => "egais30",
        }
    }
}

impl Vocabulary for MarkCodeKind {
    const TABLE: Table = Table { tags: &[1163], ru: "Код товара", en: "Kind of marking code" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        let code = Code::Text(self.word());
        Entry { code, ffd: Versions::From1_2, ..self.row(Evidence::Confirmed) }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match (back_end, self) {
            // One untyped field each: NomenclatureCode there, tag 1162 in v4.
            (BackEnd::Robokassa | BackEnd::AtolV4, _) => Coding::Missing(Reason::NoField),
            _ if ffd == FfdVersion::V1_05 => Coding::Missing(Reason::OtherVersion),
            (BackEnd::SberOld, _) => Coding::Missing(Reason::NotAttested),
            (BackEnd::SberEcom, Self::Egais20 | Self::Egais30) => Coding::Missing(Reason::NotListed),
            (BackEnd::SberEcom | BackEnd::AtolV5, _) => Coding::word(self.word(), Evidence::Confirmed),
        }
    }
}

words! {
    /// What becomes of marked goods by this receipt (tag 2003). A refund uses 3 or 4. REPORTED (a library built on ATOL
    /// v5 doc 3.12).
    PlannedStatus {
        PieceSold = 1, "Штучный товар, реализован", "Piece goods, sold";
        MeasuredBeingSold = 2, "Мерный товар, в стадии реализации", "Measured goods, being sold";
        PieceReturned = 3, "Штучный товар, возвращён", "Piece goods, returned";
        PartReturned = 4, "Часть товара, возвращена", "Part of the goods, returned";
        PieceBeingSold = 5, "Штучный товар, в стадии реализации", "Piece goods, being sold";
        MeasuredSold = 6, "Мерный товар, реализован", "Measured goods, sold";
    }
}

impl PlannedStatus {
    /// May a refund receipt carry it?
    pub const fn is_return(self) -> bool {
        matches!(self, Self::PieceReturned | Self::PartReturned)
    }
}

impl Vocabulary for PlannedStatus {
    const TABLE: Table =
        Table {
            tags: &[2003], ru: "Планируемый статус товара", en: "Planned status of marked goods"
        };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        Entry { ffd: Versions::From1_2, in_force: InForce::ALWAYS, ..self.row(Evidence::Reported) }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match back_end {
            BackEnd::Robokassa | BackEnd::AtolV4 => Coding::Missing(Reason::NoField),
            _ if ffd == FfdVersion::V1_05 => Coding::Missing(Reason::OtherVersion),
            BackEnd::AtolV5 => Coding::number(self.number(), Evidence::Reported),
            BackEnd::SberOld | BackEnd::SberEcom => Coding::Missing(Reason::NotAttested),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refund_returns_marked_goods() {
        let returns: Vec<_> =
            PlannedStatus::ALL.iter().filter(|one| one.is_return()).map(|one| one.number()).collect();
        assert_eq!(returns, [3, 4]);
    }
}
