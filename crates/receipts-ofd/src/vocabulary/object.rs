//! What is settled (tag 1212): goods, a service, an advance, a fee. It must not know lines or marking codes.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason, Versions};

words! {
    /// The settlement object (предмет расчёта). Numbers CONFIRMED (ATOL v5); 28 and 29 do not exist.
    ///
    /// Send it with every refund line: a gateway that misses it falls back to goods.
    SettlementObject {
        Commodity = 1, "Товар (кроме подакцизного и маркируемого)", "Goods (not excisable, not subject to marking)";
        Excise = 2, "Подакцизный товар (немаркируемый)", "Excisable goods (not subject to marking)";
        Work = 3, "Работа", "Work";
        Service = 4, "Услуга", "Service";
        GamblingBet = 5, "Приём ставки азартной игры", "Gambling bet";
        GamblingPrize = 6, "Выплата выигрыша азартной игры", "Gambling prize";
        Lottery = 7, "Лотерейный билет / ставка", "Lottery ticket or bet";
        LotteryPrize = 8, "Выплата выигрыша лотереи", "Lottery prize";
        IntellectualProperty = 9, "Права на РИД", "Rights to intellectual property";
        Payment = 10, "Платёж: аванс, задаток, предоплата, кредит", "Payment: advance, deposit, prepayment, credit";
        AgentCommission = 11, "Агентское вознаграждение", "Agent commission";
        Award = 12, "Взнос в счёт пени, штрафа, вознаграждения, бонуса (в ранних версиях: составной предмет расчёта)", "Penalty, fine, reward, bonus and similar (formerly 'composite')";
        Other = 13, "Иной предмет расчёта", "Other";
        PropertyRight = 14, "Имущественное право", "Property right";
        NonOperatingIncome = 15, "Внереализационный доход", "Non-operating income";
        TaxReducingPayment = 16, "Иные платежи и взносы, уменьшающие налог (ранее: страховые взносы)", "Payments reducing the tax (formerly insurance premiums)";
        TradeLevy = 17, "Торговый сбор", "Trade levy";
        ResortFee = 18, "Курортный сбор / туристический налог", "Resort fee; tourist tax since 2025";
        Pledge = 19, "Залог", "Pledge / deposit";
        Expense = 20, "Расход (ст. 346.16 НК)", "Expense reducing income (art. 346.16 Tax Code)";
        PensionInsuranceSelf = 21, "Взносы на ОПС ИП", "Pension insurance, sole trader without payroll";
        PensionInsurance = 22, "Взносы на ОПС", "Pension insurance, employer";
        MedicalInsuranceSelf = 23, "Взносы на ОМС ИП", "Medical insurance, sole trader without payroll";
        MedicalInsurance = 24, "Взносы на ОМС", "Medical insurance, employer";
        SocialInsurance = 25, "Взносы на ОСС", "Social insurance";
        CasinoPayment = 26, "Платёж казино", "Casino payment (exchange tokens)";
        CashPayout = 27, "Выдача денежных средств банковским платёжным агентом", "Cash paid out by a bank paying agent";
        MarkedExciseWithoutCode = 30, "Подакцизный маркируемый товар без кода маркировки", "Excisable marked goods without a marking code";
        MarkedExciseWithCode = 31, "Подакцизный маркируемый товар с кодом маркировки", "Excisable marked goods with a marking code";
        MarkedWithoutCode = 32, "Маркируемый товар без кода маркировки (неподакцизный)", "Marked goods without a marking code (not excisable)";
        MarkedWithCode = 33, "Маркируемый товар с кодом маркировки (неподакцизный)", "Marked goods with a marking code (not excisable)";
    }
}

impl SettlementObject {
    /// Marked goods with their code: the line must carry one.
    pub const fn requires_mark_code(self) -> bool {
        matches!(self, Self::MarkedExciseWithCode | Self::MarkedWithCode)
    }

    /// Goods subject to marking, with or without a code.
    pub const fn is_marked(self) -> bool {
        matches!(
            self,
            Self::MarkedExciseWithoutCode
                | Self::MarkedExciseWithCode
                | Self::MarkedWithoutCode
                | Self::MarkedWithCode
        )
    }

    /// The codes that the item's name must be under FFD 1.05: 1 to 25 for 15, 26 to 31 for 16 (CONFIRMED, ATOL v4 doc
    /// 4.6, appendix 1). `None` where the name is free.
    pub const fn name_codes(self, ffd: FfdVersion) -> Option<(u16, u16)> {
        match (self, ffd) {
            (Self::NonOperatingIncome, FfdVersion::V1_05) => Some((1, 25)),
            (Self::TaxReducingPayment, FfdVersion::V1_05) => Some((26, 31)),
            _ => None,
        }
    }

    /// ATOL's word; the numbers from 27 on have none, because v4 is FFD 1.05.
    const fn atol_word(self) -> Option<&'static str> {
        Some(match self {
            Self::Commodity => "commodity",
            Self::Excise => "excise",
            Self::Work => "job",
            Self::Service => "service",
            Self::GamblingBet => "gambling_bet",
            Self::GamblingPrize => "gambling_prize",
            Self::Lottery => "lottery",
            Self::LotteryPrize => "lottery_prize",
            Self::IntellectualProperty => "intellectual_activity",
            Self::Payment => "payment",
            Self::AgentCommission => "agent_commission",
            Self::Award => "award",
            Self::Other => "another",
            Self::PropertyRight => "property_right",
            Self::NonOperatingIncome => "non-operating_gain",
            Self::TaxReducingPayment => "insurance_premium",
            Self::TradeLevy => "sales_tax",
            Self::ResortFee => "resort_fee",
            Self::Pledge => "deposit",
            Self::Expense => "expense",
            Self::PensionInsuranceSelf => "pension_insurance_ip",
            Self::PensionInsurance => "pension_insurance",
            Self::MedicalInsuranceSelf => "medical_insurance_ip",
            Self::MedicalInsurance => "medical_insurance",
            Self::SocialInsurance => "social_insurance",
            Self::CasinoPayment => "casino_payment",
            _ => return None,
        })
    }

    fn versions(self) -> Versions {
        match self.number() {
            27.. => Versions::From1_2,
            _ => Versions::Both,
        }
    }

    /// OLD's list is known from the sister gateway's manual alone.
    fn sber_old(self) -> Coding {
        match self.number() {
            19..=27 => Coding::Missing(Reason::NotAttested),
            _ => Coding::word(self.digits(), Evidence::Reported),
        }
    }

    /// ECOM: words under 1.05, numbers as texts under 1.2; 6, 8 and 30 stand in neither column.
    fn sber_ecom(self, ffd: FfdVersion) -> Coding {
        match (ffd, self.number()) {
            (_, 6 | 8 | 30) => Coding::Missing(Reason::NotListed),
            (FfdVersion::V1_2, _) => Coding::word(self.digits(), Evidence::Confirmed),
            (FfdVersion::V1_05, 18) => Coding::Missing(Reason::NotListed),
            (FfdVersion::V1_05, _) => self.word_or(Reason::OtherVersion, Evidence::Confirmed),
        }
    }

    /// 1 to 13 and `tovar_mark` from the vendor's own module, 14 to 18 from a library.
    fn robokassa(self) -> Coding {
        match self.number() {
            // The vendor kept the old name of 12.
            12 => Coding::word("composite", Evidence::Confirmed),
            1..=13 => self.word_or(Reason::NotAttested, Evidence::Confirmed),
            14..=18 => self.word_or(Reason::NotAttested, Evidence::Reported),
            33 => Coding::word("tovar_mark", Evidence::Confirmed),
            _ => Coding::Missing(Reason::NotAttested),
        }
    }

    fn word_or(self, reason: Reason, evidence: Evidence) -> Coding {
        self.atol_word().map_or(Coding::Missing(reason), |word| Coding::word(word, evidence))
    }

    /// The number as a text, which is how Sber's gateways take it.
    const fn digits(self) -> &'static str {
        match self {
            Self::Commodity => "1",
            Self::Excise => "2",
            Self::Work => "3",
            Self::Service => "4",
            Self::GamblingBet => "5",
            Self::GamblingPrize => "6",
            Self::Lottery => "7",
            Self::LotteryPrize => "8",
            Self::IntellectualProperty => "9",
            Self::Payment => "10",
            Self::AgentCommission => "11",
            Self::Award => "12",
            Self::Other => "13",
            Self::PropertyRight => "14",
            Self::NonOperatingIncome => "15",
            Self::TaxReducingPayment => "16",
            Self::TradeLevy => "17",
            Self::ResortFee => "18",
            Self::Pledge => "19",
            Self::Expense => "20",
            Self::PensionInsuranceSelf => "21",
            Self::PensionInsurance => "22",
            Self::MedicalInsuranceSelf => "23",
            Self::MedicalInsurance => "24",
            Self::SocialInsurance => "25",
            Self::CasinoPayment => "26",
            Self::CashPayout => "27",
            Self::MarkedExciseWithoutCode => "30",
            Self::MarkedExciseWithCode => "31",
            Self::MarkedWithoutCode => "32",
            Self::MarkedWithCode => "33",
        }
    }
}

impl Vocabulary for SettlementObject {
    const TABLE: Table = Table {
        tags: &[1212], ru: "Признак предмета расчёта", en: "Settlement object"
    };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        Entry { ffd: self.versions(), ..self.row(Evidence::Confirmed) }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match back_end {
            BackEnd::SberOld => self.sber_old(),
            BackEnd::SberEcom => self.sber_ecom(ffd),
            BackEnd::Robokassa => self.robokassa(),
            BackEnd::AtolV4 => self.word_or(Reason::OtherVersion, Evidence::Confirmed),
            BackEnd::AtolV5 => Coding::number(self.number(), Evidence::Confirmed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_codes() {
        let old = FfdVersion::V1_05;
        assert_eq!(SettlementObject::NonOperatingIncome.name_codes(old), Some((1, 25)));
        assert_eq!(SettlementObject::TaxReducingPayment.name_codes(old), Some((26, 31)));
        assert_eq!(SettlementObject::NonOperatingIncome.name_codes(FfdVersion::V1_2), None);
        assert_eq!(SettlementObject::Commodity.name_codes(old), None);
    }

    #[test]
    fn marked_goods_are_the_last_four() {
        let marked: Vec<_> =
            SettlementObject::ALL.iter().filter(|one| one.is_marked()).map(|one| one.number()).collect();
        assert_eq!(marked, [30, 31, 32, 33]);
        let with_code: Vec<_> = SettlementObject::ALL
            .iter()
            .filter(|one| one.requires_mark_code())
            .map(|one| one.number())
            .collect();
        assert_eq!(with_code, [31, 33]);
    }
}
