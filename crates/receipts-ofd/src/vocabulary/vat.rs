//! VAT rates (tag 1199), from the retired 18 % to 22 %, with the days on which sales could carry them.
//!
//! A refund carries the rate of the sale, never that of the day of the refund. It must not know sums of receipts.

use super::{Entry, InForce, Table, Vocabulary, words};
use crate::{BackEnd, CivilDate, Coding, Evidence, FfdVersion, Reason};

words! {
    /// A VAT rate. Tag numbers 1 to 12 REPORTED (press on order ЕД-7-20/1050@ for 11 and 12; a driver's table). The
    /// retired 18 % shares its number with 20 %, as 18/118 does with 20/120: the day of the sale tells them apart.
    VatRate {
        Vat20 = 1, "НДС 20 %", "VAT 20 %";
        Vat10 = 2, "НДС 10 %", "VAT 10 %";
        Vat20of120 = 3, "НДС 20/120", "VAT 20/120 (calculated)";
        Vat10of110 = 4, "НДС 10/110", "VAT 10/110 (calculated)";
        Vat0 = 5, "НДС 0 %", "VAT 0 %";
        None = 6, "Без НДС", "Not subject to VAT";
        Vat5 = 7, "НДС 5 %", "VAT 5 %";
        Vat7 = 8, "НДС 7 %", "VAT 7 %";
        Vat5of105 = 9, "НДС 5/105", "VAT 5/105 (calculated)";
        Vat7of107 = 10, "НДС 7/107", "VAT 7/107 (calculated)";
        Vat22 = 11, "НДС 22 %", "VAT 22 %";
        Vat22of122 = 12, "НДС 22/122", "VAT 22/122 (calculated)";
        Vat18 = 1, "НДС 18 % (до 2019 года)", "VAT 18 % (before 2019)";
        Vat18of118 = 3, "НДС 18/118 (до 2019 года)", "VAT 18/118 (calculated, before 2019)";
    }
}

/// How a rate is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VatKind {
    /// On top of the net price: `22 %`.
    OnTop,
    /// Taken out of a prepayment: `22/122`.
    Calculated,
    /// No VAT at all, which is not a rate of 0 %.
    None,
}

impl VatRate {
    /// How it is applied.
    pub const fn kind(self) -> VatKind {
        match self {
            Self::None => VatKind::None,
            Self::Vat20of120
            | Self::Vat10of110
            | Self::Vat5of105
            | Self::Vat7of107
            | Self::Vat22of122
            | Self::Vat18of118 => VatKind::Calculated,
            _ => VatKind::OnTop,
        }
    }

    /// The rate in whole percent; 0 for [`VatRate::None`] too.
    pub const fn percent(self) -> u8 {
        match self {
            Self::Vat5 | Self::Vat5of105 => 5,
            Self::Vat7 | Self::Vat7of107 => 7,
            Self::Vat10 | Self::Vat10of110 => 10,
            Self::Vat18 | Self::Vat18of118 => 18,
            Self::Vat20 | Self::Vat20of120 => 20,
            Self::Vat22 | Self::Vat22of122 => 22,
            Self::Vat0 | Self::None => 0,
        }
    }

    /// The VAT inside a price, in kopecks, rounded half up: price · r / (100 + r), for `r %` and for `r/(100+r)` alike
    /// (CONFIRMED formula, ATOL v5; the rounding is the usual reading, GUESS).
    ///
    /// ```
    /// use receipts_ofd::VatRate;
    /// assert_eq!(VatRate::Vat20.included_in(12_000), 2_000);
    /// assert_eq!(VatRate::Vat22.included_in(1), 0);
    /// ```
    pub const fn included_in(self, price: u64) -> u64 {
        let percent = self.percent() as u128;
        let (share, whole) = (price as u128 * percent, 100 + percent);
        ((share * 2 + whole) / (whole * 2)) as u64
    }

    /// Could a sale of that day carry it? Ask with the day of the sale, never with that of the refund.
    ///
    /// ```
    /// use receipts_ofd::{CivilDate, VatRate};
    /// assert!(VatRate::Vat20.is_valid_on(CivilDate::of(2025, 12, 31)));
    /// assert!(!VatRate::Vat20.is_valid_on(CivilDate::of(2026, 1, 1)));
    /// ```
    pub fn is_valid_on(self, sale: CivilDate) -> bool {
        self.in_force().includes(sale)
    }

    /// When sales could carry it: 20 % 2019 to 2025, 5 and 7 % from 2025, 22 % from 2026, 18 % to 2018 (REPORTED: ATOL's
    /// notes on the switch of 2019, change logs of payment services, press on order ЕД-7-20/1050@).
    pub const fn in_force(self) -> InForce {
        let (from, until) = match self.percent() {
            5 | 7 => (Some(CivilDate::of(2025, 1, 1)), None),
            18 => (None, Some(CivilDate::of(2018, 12, 31))),
            20 => (Some(CivilDate::of(2019, 1, 1)), Some(CivilDate::of(2025, 12, 31))),
            22 => (Some(CivilDate::of(2026, 1, 1)), None),
            _ => (None, None),
        };
        InForce { from, until }
    }

    /// The word of ATOL and Robokassa.
    const fn word(self) -> &'static str {
        match self {
            Self::Vat20 => "vat20",
            Self::Vat10 => "vat10",
            Self::Vat20of120 => "vat120",
            Self::Vat10of110 => "vat110",
            Self::Vat0 => "vat0",
            Self::None => "none",
            Self::Vat5 => "vat5",
            Self::Vat7 => "vat7",
            Self::Vat5of105 => "vat105",
            Self::Vat7of107 => "vat107",
            Self::Vat22 => "vat22",
            Self::Vat22of122 => "vat122",
            Self::Vat18 => "vat18",
            Self::Vat18of118 => "vat118",
        }
    }

    /// The rate as a text both languages read: `22 %`, `22/122`; a dash for no VAT.
    pub(crate) fn label(self) -> String {
        let percent = u16::from(self.percent());
        match self.kind() {
            VatKind::OnTop => format!("{percent} %"),
            VatKind::Calculated => format!("{percent}/{}", 100 + percent),
            VatKind::None => "—".to_owned(),
        }
    }

    /// Is it one of the six rates whose number at Sber OLD is published in two contradicting lists?
    pub const fn is_disputed_at_sber_old(self) -> bool {
        matches!(self.percent(), 5 | 7 | 22)
    }

    /// Sber's number where all lists agree; 18 % and 18/118 are in the sister gateway's list alone.
    pub(super) const fn sber_number(self) -> Option<u16> {
        Some(match self {
            Self::None => 0,
            Self::Vat0 => 1,
            Self::Vat10 => 2,
            Self::Vat18 => 3,
            Self::Vat10of110 => 4,
            Self::Vat18of118 => 5,
            Self::Vat20 => 6,
            Self::Vat20of120 => 7,
            _ => return None,
        })
    }

    fn sber_old(self) -> Coding {
        match self.sber_number() {
            Some(number) => Coding::number(number, Evidence::Reported),
            None => Coding::Missing(Reason::MustBeConfigured),
        }
    }

    fn sber_ecom(self) -> Coding {
        match (self.percent(), self.sber_number()) {
            (18, _) | (_, None) => Coding::Missing(Reason::NotListed),
            (_, Some(number)) => Coding::number(number, Evidence::Confirmed),
        }
    }

    /// ATOL's words; v5 prints the six old ones, later documents the rest.
    fn atol(self, back_end: BackEnd) -> Coding {
        match (self.percent(), back_end) {
            (18, BackEnd::AtolV4) => Coding::word(self.word(), Evidence::Reported),
            (18, _) => Coding::Missing(Reason::NotListed),
            (5 | 7 | 22, _) => Coding::word(self.word(), Evidence::Reported),
            _ => Coding::word(self.word(), Evidence::Confirmed),
        }
    }

    fn robokassa(self) -> Coding {
        match self.percent() {
            // `vat118` is met there, and stands for 20/120 in the vendor's module: too doubtful to send.
            18 => Coding::Missing(Reason::NotAttested),
            _ => Coding::word(self.word(), Evidence::Confirmed),
        }
    }
}

impl Vocabulary for VatRate {
    const TABLE: Table = Table { tags: &[1199], ru: "Ставка НДС", en: "VAT rate" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        Entry { in_force: self.in_force(), ..self.row(Evidence::Reported) }
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match back_end {
            BackEnd::SberOld => self.sber_old(),
            BackEnd::SberEcom => self.sber_ecom(),
            BackEnd::Robokassa => self.robokassa(),
            BackEnd::AtolV4 | BackEnd::AtolV5 => self.atol(back_end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tax_inside_a_price() {
        // By hand: 1000.00 at 20 % holds 166.67, at 22 % 180.33 (180.327…), at 5 % 47.62 (47.619…), at 7 % 65.42.
        let cases = [
            (VatRate::Vat20, 100_000, 16_667),
            (VatRate::Vat20of120, 100_000, 16_667),
            (VatRate::Vat22, 100_000, 18_033),
            (VatRate::Vat22of122, 100_000, 18_033),
            (VatRate::Vat5, 100_000, 4_762),
            (VatRate::Vat7of107, 100_000, 6_542),
            (VatRate::Vat10, 11, 1),
            (VatRate::Vat10, 5, 0),
            (VatRate::Vat10, 6, 1),
            (VatRate::None, 100_000, 0),
            (VatRate::Vat0, u64::MAX, 0),
        ];
        for (rate, price, expected) in cases {
            assert_eq!(rate.included_in(price), expected, "{rate:?} of {price}");
        }
        assert!(VatRate::Vat22.included_in(u64::MAX) > 0);
    }

    #[test]
    fn rates_by_the_day_of_the_sale() {
        let day = CivilDate::of;
        let cases = [
            (VatRate::Vat18, day(2018, 12, 31), true),
            (VatRate::Vat18, day(2019, 1, 1), false),
            (VatRate::Vat20, day(2018, 12, 31), false),
            (VatRate::Vat20, day(2019, 1, 1), true),
            (VatRate::Vat20, day(2025, 12, 31), true),
            (VatRate::Vat20, day(2026, 1, 1), false),
            (VatRate::Vat20of120, day(2026, 1, 1), false),
            (VatRate::Vat22, day(2025, 12, 31), false),
            (VatRate::Vat22, day(2026, 1, 1), true),
            (VatRate::Vat22of122, day(2026, 1, 1), true),
            (VatRate::Vat5, day(2024, 12, 31), false),
            (VatRate::Vat7of107, day(2025, 1, 1), true),
            (VatRate::Vat10, day(2004, 1, 1), true),
            (VatRate::None, day(2026, 11, 21), true),
        ];
        for (rate, sale, expected) in cases {
            assert_eq!(rate.is_valid_on(sale), expected, "{rate:?} on {sale}");
        }
    }
}
