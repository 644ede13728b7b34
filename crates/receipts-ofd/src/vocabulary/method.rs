//! How a line is settled (tag 1214): in advance, at hand-over, on credit. It must not know lines.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion};

words! {
    /// The settlement method (признак способа расчёта). Words CONFIRMED (ATOL v4 and v5, Sber e-commerce OpenAPI,
    /// Robokassa's module); the numbers, which Sber OLD takes, REPORTED (the sister gateway's manual).
    ///
    /// Send it with every refund line: gateways that miss it fall back to full prepayment. There is no
    /// `partial_prepayment`; the word is `prepayment`.
    SettlementMethod {
        FullPrepayment = 1, "Предоплата 100 % до передачи товара", "Full prepayment, the goods come later";
        Prepayment = 2, "Частичная предоплата до передачи товара", "Part of the price prepaid, the goods come later";
        Advance = 3, "Аванс, предмет расчёта ещё не определён", "Advance, not yet known for what";
        FullPayment = 4, "Полный расчёт при передаче товара", "Settled in full at hand-over, prepayments offset";
        PartialPayment = 5, "Частичный расчёт и кредит", "Part paid at hand-over, the rest on credit";
        Credit = 6, "Передача в кредит", "Handed over on credit, nothing paid";
        CreditPayment = 7, "Оплата кредита", "Repayment of the credit after hand-over";
    }
}

impl SettlementMethod {
    /// Paid before hand-over: 1 to 3.
    pub const fn is_prepayment(self) -> bool {
        matches!(self, Self::FullPrepayment | Self::Prepayment | Self::Advance)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::FullPrepayment => "full_prepayment",
            Self::Prepayment => "prepayment",
            Self::Advance => "advance",
            Self::FullPayment => "full_payment",
            Self::PartialPayment => "partial_payment",
            Self::Credit => "credit",
            Self::CreditPayment => "credit_payment",
        }
    }

    const fn digit(self) -> &'static str {
        match self {
            Self::FullPrepayment => "1",
            Self::Prepayment => "2",
            Self::Advance => "3",
            Self::FullPayment => "4",
            Self::PartialPayment => "5",
            Self::Credit => "6",
            Self::CreditPayment => "7",
        }
    }
}

impl Vocabulary for SettlementMethod {
    const TABLE: Table =
        Table { tags: &[1214], ru: "Признак способа расчёта", en: "Settlement method" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        self.row(Evidence::Reported)
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match back_end {
            BackEnd::SberOld => Coding::word(self.digit(), Evidence::Reported),
            _ => Coding::word(self.word(), Evidence::Confirmed),
        }
    }
}
