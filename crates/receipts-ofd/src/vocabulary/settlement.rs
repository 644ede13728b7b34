//! The kind of receipt (tag 1054). An ordinary return is never a correction.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason};

words! {
    /// The settlement type. Money that goes back to a buyer, a prepayment too, is [`SettlementType::IncomeRefund`]
    /// (REPORTED, letter of the tax service for Moscow 22-05/012166@). Words CONFIRMED, numbers REPORTED.
    SettlementType {
        Income = 1, "Приход", "Income (sale)";
        IncomeRefund = 2, "Возврат прихода", "Refund of income";
        Expense = 3, "Расход", "Expense (payout to a buyer)";
        ExpenseRefund = 4, "Возврат расхода", "Refund of expense";
    }
}

impl SettlementType {
    const fn word(self) -> &'static str {
        match self {
            Self::Income => "sell",
            Self::IncomeRefund => "sell_refund",
            Self::Expense => "buy",
            Self::ExpenseRefund => "buy_refund",
        }
    }
}

impl Vocabulary for SettlementType {
    const TABLE: Table = Table { tags: &[1054], ru: "Признак расчёта", en: "Settlement type" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        self.row(Evidence::Reported)
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match (back_end, self) {
            // Both decide by the method that is called.
            (BackEnd::SberOld | BackEnd::Robokassa, _) => Coding::Missing(Reason::NoField),
            (BackEnd::SberEcom, Self::Expense | Self::ExpenseRefund) => Coding::Missing(Reason::NotListed),
            _ => Coding::word(self.word(), Evidence::Confirmed),
        }
    }
}
