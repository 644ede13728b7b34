//! What a block is checked against: the back end, the FFD version, who prints, what kind of merchant, which day it is.
//!
//! Nothing here is guessed: what a check needs to know, the caller says. There is no clock.

use crate::{BackEnd, CivilDate, FfdVersion};
use std::fmt;

/// Against what a block is checked.
///
/// ```
/// use receipts_ofd::{BackEnd, CivilDate, Context, FfdVersion, MerchantKind, OfdPartner};
/// let today = CivilDate::of(2026, 11, 21);
/// let context = Context::new(BackEnd::SberOld, FfdVersion::V1_2, OfdPartner::Atol, today)
///     .with_merchant(MerchantKind::Courier);
/// assert_eq!(context.ffd(), FfdVersion::V1_2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    back_end: BackEnd,
    ffd: FfdVersion,
    partner: OfdPartner,
    today: CivilDate,
    merchant: MerchantKind,
    basket: Basket,
    inn_sums: InnSums,
    settled: Settled,
}

impl Context {
    /// A web shop's request with a basket, INN sums checked, not flagged as an Internet settlement.
    ///
    /// `today` is the day in Moscow.
    pub const fn new(back_end: BackEnd, ffd: FfdVersion, partner: OfdPartner, today: CivilDate) -> Self {
        Self {
            back_end,
            ffd,
            partner,
            today,
            merchant: MerchantKind::Shop,
            basket: Basket::Sent,
            inn_sums: InnSums::Checked,
            settled: Settled::Unflagged,
        }
    }

    /// Sets the kind of merchant.
    #[must_use]
    pub fn with_merchant(self, merchant: MerchantKind) -> Self {
        Self { merchant, ..self }
    }

    /// Says whether the request carries a basket.
    #[must_use]
    pub fn with_basket(self, basket: Basket) -> Self {
        Self { basket, ..self }
    }

    /// Says what is made of INNs with wrong sums.
    #[must_use]
    pub fn with_inn_sums(self, inn_sums: InnSums) -> Self {
        Self { inn_sums, ..self }
    }

    /// Says whether the receipt is flagged as an Internet settlement (tag 1125).
    #[must_use]
    pub fn with_settled(self, settled: Settled) -> Self {
        Self { settled, ..self }
    }

    /// The back end.
    pub const fn back_end(&self) -> BackEnd {
        self.back_end
    }

    /// The receipt's FFD version.
    pub const fn ffd(&self) -> FfdVersion {
        self.ffd
    }

    /// Who the shop's receipts go through.
    pub const fn partner(&self) -> OfdPartner {
        self.partner
    }

    /// The day in Moscow.
    pub const fn today(&self) -> CivilDate {
        self.today
    }

    /// The kind of merchant.
    pub const fn merchant(&self) -> MerchantKind {
        self.merchant
    }

    /// Does the request carry a basket?
    pub const fn basket(&self) -> Basket {
        self.basket
    }

    /// What is made of INNs with wrong sums.
    pub const fn inn_sums(&self) -> InnSums {
        self.inn_sums
    }

    /// Is the receipt flagged as an Internet settlement?
    pub const fn settled(&self) -> Settled {
        self.settled
    }
}

/// Who the shop's receipts go through at Sber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfdPartner {
    /// ATOL Online.
    Atol,
    /// Business.ru: Sber OLD only (CONFIRMED, Sber e-commerce OpenAPI).
    BusinessRu,
    /// Evotor's digital register, which does not take every field.
    Evotor,
    /// Somebody else, or nobody: the block cannot be sent.
    Other,
}

impl fmt::Display for OfdPartner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Atol => "ATOL",
            Self::BusinessRu => "Business.ru",
            Self::Evotor => "Evotor",
            Self::Other => "—",
        })
    }
}

/// The kind of merchant, as far as it decides which fields of `company` are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MerchantKind {
    /// A shop: none is needed.
    Shop,
    /// Vending machines: number, address and place.
    Vending,
    /// Transport: number, address and place.
    Transport,
    /// Couriers: address and place.
    Courier,
}

/// Does the request carry a basket?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basket {
    /// It does: a buyer who is named must be identified.
    Sent,
    /// It does not.
    NotSent,
}

/// What is made of an INN whose control digits are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InnSums {
    /// An error: for production.
    Checked,
    /// A warning: for replaying the samples of the manuals, whose sums are wrong.
    SamplesAllowed,
}

/// Is the receipt flagged as a settlement on the Internet (tag 1125, since 2025-09-01)?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settled {
    /// It is: a contact and the site are needed (REPORTED, order ЕД-7-20/236@).
    OnInternet,
    /// It is not, or the register decides.
    Unflagged,
}
