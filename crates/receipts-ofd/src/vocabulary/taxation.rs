//! Taxation systems (tag 1055). A refund carries the system of the sale, whatever the merchant is on today.

use super::{Entry, InForce, Table, Vocabulary, words};
use crate::{BackEnd, CivilDate, Coding, Evidence, FfdVersion, Reason};

words! {
    /// The merchant's taxation system: one bit in a receipt. Words CONFIRMED (ATOL, Sber e-commerce OpenAPI, Robokassa's
    /// module), Sber OLD's numbers CONFIRMED (Sber e-commerce OpenAPI, `taxSystem`), bits REPORTED.
    TaxationSystem {
        General = 1, "Общая система", "General system";
        SimplifiedIncome = 2, "УСН доход", "Simplified, income";
        SimplifiedIncomeMinusExpenses = 4, "УСН доход минус расход", "Simplified, income minus expenses";
        ImputedIncome = 8, "ЕНВД (отменён с 2021 года)", "Imputed income (abolished in 2021)";
        Agricultural = 16, "ЕСХН", "Agricultural";
        Patent = 32, "Патентная система", "Patent";
    }
}

impl TaxationSystem {
    /// The word of ATOL and Robokassa.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::General => "osn",
            Self::SimplifiedIncome => "usn_income",
            Self::SimplifiedIncomeMinusExpenses => "usn_income_outcome",
            Self::ImputedIncome => "envd",
            Self::Agricultural => "esn",
            Self::Patent => "patent",
        }
    }

    const fn sber_old(self) -> &'static str {
        match self {
            Self::General => "0",
            Self::SimplifiedIncome => "1",
            Self::SimplifiedIncomeMinusExpenses => "2",
            Self::ImputedIncome => "3",
            Self::Agricultural => "4",
            Self::Patent => "5",
        }
    }
}

impl Vocabulary for TaxationSystem {
    const TABLE: Table =
        Table {
            tags: &[1055], ru: "Применяемая система налогообложения", en: "Taxation system"
        };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        let in_force = match self {
            Self::ImputedIncome => InForce { from: None, until: Some(CivilDate::of(2020, 12, 31)) },
            _ => InForce::ALWAYS,
        };
        Entry { in_force, ..self.row(Evidence::Reported) }
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match (back_end, self) {
            (BackEnd::SberOld, _) => Coding::word(self.sber_old(), Evidence::Confirmed),
            (BackEnd::SberEcom, Self::ImputedIncome) => Coding::Missing(Reason::NotListed),
            // Older lists alone have it.
            (BackEnd::Robokassa, Self::ImputedIncome) => Coding::word("envd", Evidence::Reported),
            _ => Coding::word(self.word(), Evidence::Confirmed),
        }
    }
}
