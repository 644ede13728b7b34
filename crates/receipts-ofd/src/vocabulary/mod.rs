//! The fiscal vocabulary: closed lists of words, each with its FFD tag, number, meaning in two languages, FFD versions,
//! dates and coding per back end.
//!
//! One file per list. All lists answer the same questions through [`Vocabulary`], so a page, a test or a codec is written
//! once. Nothing here is checked against a receipt.

mod agent;
mod document;
mod foiv;
mod marking;
mod measure;
mod method;
mod object;
mod payment;
mod settlement;
mod taxation;
mod vat;
mod vat_old;

pub use agent::AgentType;
pub use document::{DocumentCode, Holder};
pub use foiv::FoivId;
pub use marking::{MarkCodeKind, PlannedStatus};
pub use measure::Measure;
pub use method::SettlementMethod;
pub use object::SettlementObject;
pub use payment::PaymentType;
pub use settlement::SettlementType;
pub use taxation::TaxationSystem;
pub use vat::{VatKind, VatRate};
pub use vat_old::{SberOldVat, SberOldVatError};

use crate::{BackEnd, CivilDate, Coding, Evidence, FfdVersion, Versions};
use std::fmt;

/// What a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The FFD tags that hold a value of this list; the first is the one people name it by.
    pub tags: &'static [u16],
    /// What it is, in Russian.
    pub ru: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

/// One word of a list, without its codings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value of the tag, as documents print it: `1`, `048`. Of agents it is their number; the tag holds
    /// [`AgentType::bit`].
    pub code: Code,
    /// Its meaning in Russian.
    pub ru: &'static str,
    /// Its meaning in English.
    pub en: &'static str,
    /// The FFD versions that have it.
    pub ffd: Versions,
    /// When sales could carry it; open on both ends for most.
    pub in_force: InForce,
    /// How well the number is known. How a back end spells the word has a mark of its own, in its [`Coding`].
    pub evidence: Evidence,
}

/// A tag's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A number.
    Number(u16),
    /// A text: directory ids keep their zeros.
    Text(&'static str),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// From when until when; both days included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// The first day, if there is one.
    pub from: Option<CivilDate>,
    /// The last day, if there is one.
    pub until: Option<CivilDate>,
}

impl InForce {
    /// Without ends.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Does the day lie inside?
    pub fn includes(self, day: CivilDate) -> bool {
        self.from.is_none_or(|from| day >= from) && self.until.is_none_or(|until| day <= until)
    }
}

/// A closed list of the fiscal vocabulary.
pub trait Vocabulary: Copy + Eq + fmt::Debug + Sized + 'static {
    /// What the list is about.
    const TABLE: Table;
    /// Every word, in the order documents print them.
    const ALL: &'static [Self];

    /// The word as data.
    fn entry(self) -> Entry;

    /// How the back end codes it in a receipt of this version.
    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding;

    /// Reads a back end's code. Retired words are read too.
    ///
    /// # Errors
    /// [`UnknownCode`] when no word of the list is coded like this there.
    fn from_wire(text: &str, back_end: BackEnd, ffd: FfdVersion) -> Result<Self, UnknownCode> {
        let is = |word: &Self| word.coding(back_end, ffd).wire().is_some_and(|wire| wire.is(text));
        Self::ALL.iter().copied().find(is).ok_or_else(|| UnknownCode {
            list: Self::TABLE.en,
            back_end: Some(back_end),
            code: crate::shown::plain(text),
        })
    }

    /// Reads the number or text of the FFD tag itself. Of two words that share a number the one in force is read.
    ///
    /// # Errors
    /// [`UnknownCode`] when the list has no such value.
    fn from_tag(text: &str) -> Result<Self, UnknownCode> {
        let is = |word: &Self| match word.entry().code {
            Code::Number(number) => crate::Wire::Number(number).is(text),
            Code::Text(code) => code == text,
        };
        Self::ALL.iter().copied().find(is).ok_or_else(|| UnknownCode {
            list: Self::TABLE.en,
            back_end: None,
            code: crate::shown::plain(text),
        })
    }
}

/// A code that no word of a list has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCode {
    /// The list, in English.
    pub list: &'static str,
    /// The back end whose codes were read; `None` for the numbers of the FFD itself.
    pub back_end: Option<BackEnd>,
    /// The code, cut to 40 characters, control characters escaped.
    pub code: String,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, back_end, code } = self;
        let writer = back_end.map_or("the FFD", BackEnd::as_str);
        write!(f, "\"{code}\" is not a code of the list \"{list}\" as {writer} writes it")
    }
}

impl std::error::Error for UnknownCode {}

/// An enum with its rows: variant, the tag's number, Russian, English. The meanings become the variants' documentation.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $ru:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $code, "`: ", $en, ". ", $ru, ".")]
                $variant,
            )+
        }

        impl $name {
            /// The value of the FFD tag.
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The meaning in Russian.
            pub const fn ru(self) -> &'static str {
                match self { $(Self::$variant => $ru,)+ }
            }

            /// The meaning in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }

            const WORDS: &'static [Self] = &[$(Self::$variant),+];

            /// The row with everything that most words have in common.
            const fn row(self, evidence: crate::Evidence) -> crate::vocabulary::Entry {
                crate::vocabulary::Entry {
                    code: crate::vocabulary::Code::Number(self.number()),
                    ru: self.ru(),
                    en: self.en(),
                    ffd: crate::Versions::Both,
                    in_force: crate::vocabulary::InForce::ALWAYS,
                    evidence,
                }
            }
        }
    };
}
use words;
