//! `InvoiceItems`: the positions of a refund receipt as Refund/Create takes them.
//!
//! The table of the refund API page calls the member a string; its example, its sample token and the vendor's plugin all
//! send an array of objects (CONFIRMED), and so does this. Member order follows the sample. It must not know carts or
//! where a tax rate comes from.

use super::roubles::{self, Roubles};
use refund_core::Quantity;
use serde::Serialize;

/// One position. Serialises with the members and the order of the refund API page's sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InvoiceItem {
    /// The goods' name as it stands on the payment receipt. Payment receipts cut it at 128 characters (CONFIRMED,
    /// Robokassa, fiscalisation page; that refunds do the same is a GUESS).
    pub name: String,
    /// How much, at most three decimals.
    #[serde(serialize_with = "roubles::quantity")]
    pub quantity: Quantity,
    /// The price of **one unit**, not of the line (CONFIRMED, Robokassa, refund API page; vendor plugin).
    pub cost: Roubles,
    /// The VAT rate.
    pub tax: Tax,
    /// How the goods are paid.
    pub payment_method: PaymentMethod,
    /// What is sold.
    pub payment_object: PaymentObject,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the documents.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The value with this word, if there is one.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}

words! {
    /// A VAT rate. Kazakhstan's own rates are absent, because refunds by API exist in Russia alone (CONFIRMED, vendor
    /// plugin); the dead `vat118` is absent too.
    Tax {
        /// No VAT.
        None = "none",
        /// 0 %.
        Vat0 = "vat0",
        /// 10 %.
        Vat10 = "vat10",
        /// 10/110.
        Vat110 = "vat110",
        /// 20 %: sales up to the end of 2025.
        Vat20 = "vat20",
        /// 20/120.
        Vat120 = "vat120",
        /// 5 %.
        Vat5 = "vat5",
        /// 7 %.
        Vat7 = "vat7",
        /// 5/105.
        Vat105 = "vat105",
        /// 7/107.
        Vat107 = "vat107",
        /// 22 %: sales from 2026 on (CONFIRMED, vendor plugin).
        Vat22 = "vat22",
        /// 22/122 (CONFIRMED, vendor plugin).
        Vat122 = "vat122",
    }
}

words! {
    /// How the goods are paid (CONFIRMED, Robokassa, fiscalisation page; vendor plugin).
    PaymentMethod {
        /// Prepaid in full.
        FullPrepayment = "full_prepayment",
        /// Prepaid in part.
        Prepayment = "prepayment",
        /// Advance.
        Advance = "advance",
        /// Paid in full on delivery; what the vendor's plugin sends.
        FullPayment = "full_payment",
        /// Paid in part, the rest on credit.
        PartialPayment = "partial_payment",
        /// Delivered on credit.
        Credit = "credit",
        /// A payment of the credit.
        CreditPayment = "credit_payment",
    }
}

words! {
    /// What is sold (CONFIRMED, Robokassa, fiscalisation page, unless marked).
    PaymentObject {
        /// Goods.
        Commodity = "commodity",
        /// Excise goods.
        Excise = "excise",
        /// Work.
        Job = "job",
        /// Service.
        Service = "service",
        /// A bet.
        GamblingBet = "gambling_bet",
        /// A gambling prize.
        GamblingPrize = "gambling_prize",
        /// A lottery ticket.
        Lottery = "lottery",
        /// A lottery prize.
        LotteryPrize = "lottery_prize",
        /// Rights to intellectual work.
        IntellectualActivity = "intellectual_activity",
        /// A payment.
        Payment = "payment",
        /// An agent's commission.
        AgentCommission = "agent_commission",
        /// Several things at once.
        Composite = "composite",
        /// Something else.
        Another = "another",
        /// A resort fee.
        ResortFee = "resort_fee",
        /// A property right.
        PropertyRight = "property_right",
        /// A gain outside the business; the word has a hyphen.
        NonOperatingGain = "non-operating_gain",
        /// An insurance premium.
        InsurancePremium = "insurance_premium",
        /// A sales tax.
        SalesTax = "sales_tax",
        /// Marked goods (REPORTED, third-party code).
        MarkedGoods = "tovar_mark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn check<T: Serialize + Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
        let words: Vec<_> = all.iter().map(|value| word(*value)).collect();
        let printed: Vec<_> = all.iter().map(|v| serde_json::to_string(v).expect("a word")).collect();
        assert_eq!(printed, words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>());
        assert_eq!(
            words.iter().collect::<BTreeSet<_>>().len(),
            words.len(),
            "a word stands twice: {words:?}"
        );
        words
    }

    #[test]
    fn words_are_the_documents_own() {
        assert_eq!(
            check(Tax::ALL, Tax::as_str).join(" "),
            "none vat0 vat10 vat110 vat20 vat120 vat5 vat7 vat105 vat107 vat22 vat122"
        );
        assert_eq!(
            check(PaymentMethod::ALL, PaymentMethod::as_str).join(" "),
            "full_prepayment prepayment advance full_payment partial_payment credit credit_payment"
        );
        assert_eq!(
            check(PaymentObject::ALL, PaymentObject::as_str).join(" "),
            "commodity excise job service gambling_bet gambling_prize lottery lottery_prize intellectual_activity \
             payment agent_commission composite another resort_fee property_right non-operating_gain \
             insurance_premium sales_tax tovar_mark"
        );
        assert_eq!(PaymentMethod::from_word("full_payment"), Some(PaymentMethod::FullPayment));
        assert_eq!(PaymentMethod::from_word("pre_payment"), None);
    }
}
