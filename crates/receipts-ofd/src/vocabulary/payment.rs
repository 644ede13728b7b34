//! How a receipt's sum is paid (tags 1031, 1081, 1215 to 1217). It must not know amounts.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason};

words! {
    /// The kind of payment (CONFIRMED: ATOL v5, Sber e-commerce OpenAPI). An online refund is [`PaymentType::Cashless`].
    ///
    /// Each kind is a tag of its own; the number is ATOL's. ATOL's 5 to 9 ("extended kinds") have no stated meaning and
    /// are left out.
    PaymentType {
        Cash = 0, "Наличными", "Cash";
        Cashless = 1, "Безналичными", "Cashless";
        PrepaymentOffset = 2, "Предоплатой (зачёт аванса)", "Offset of an advance or prepayment";
        Credit = 3, "Постоплатой (в кредит)", "Post-payment (credit)";
        CounterProvision = 4, "Встречным предоставлением", "Counter-provision";
    }
}

impl PaymentType {
    /// The tag that holds the sum paid like this.
    pub const fn tag(self) -> u16 {
        match self {
            Self::Cash => 1031,
            Self::Cashless => 1081,
            Self::PrepaymentOffset => 1215,
            Self::Credit => 1216,
            Self::CounterProvision => 1217,
        }
    }
}

impl Vocabulary for PaymentType {
    const TABLE: Table =
        Table { tags: &[1031, 1081, 1215, 1216, 1217], ru: "Вид оплаты", en: "Kind of payment" };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        self.row(Evidence::Confirmed)
    }

    fn coding(self, back_end: BackEnd, _: FfdVersion) -> Coding {
        match (back_end, self) {
            // Neither tells the receipt's payments: the money is all there is.
            (BackEnd::SberOld | BackEnd::Robokassa, _) => Coding::Missing(Reason::NoField),
            (BackEnd::SberEcom, Self::Cash) => Coding::Missing(Reason::NotListed),
            _ => Coding::number(self.number(), Evidence::Confirmed),
        }
    }
}
