//! Codes of identity documents (tag 1245, FFD 1.2). It must not know the shape of a document's number: that is a rule's.

use super::{Entry, Table, Vocabulary, words};
use crate::{BackEnd, Coding, Evidence, FfdVersion, Reason, Versions, Wire};

words! {
    /// The kind of a buyer's identity document: two digits (CONFIRMED, ATOL v5, appendix 2; Sber e-commerce
    /// OpenAPI, `documentType`).
    DocumentCode {
        RussianPassport = 21, "Паспорт гражданина РФ", "Passport of a citizen of the Russian Federation";
        RussianForeignTravelPassport = 22, "Загранпаспорт, дипломатический или служебный паспорт гражданина РФ", "Russian passport for travel abroad, diplomatic or service passport";
        RussianTemporaryCard = 26, "Временное удостоверение личности гражданина РФ на период оформления паспорта", "Temporary identity card of a Russian citizen";
        RussianBirthCertificate = 27, "Свидетельство о рождении гражданина РФ (до 14 лет)", "Birth certificate of a Russian citizen under 14";
        RussianOther = 28, "Иной документ, удостоверяющий личность гражданина РФ", "Other document identifying a Russian citizen";
        ForeignPassport = 31, "Паспорт иностранного гражданина", "Passport of a foreign citizen";
        ForeignOther = 32, "Иной документ, удостоверяющий личность иностранного гражданина", "Other document identifying a foreign citizen";
        StatelessForeignIssued = 33, "Документ иностранного государства, признаваемый для лица без гражданства", "Foreign-issued document recognised for a stateless person";
        ResidencePermit = 34, "Вид на жительство (для лиц без гражданства)", "Residence permit (stateless person)";
        TemporaryResidencePermit = 35, "Разрешение на временное проживание (для лиц без гражданства)", "Temporary residence permit (stateless person)";
        RefugeeApplication = 36, "Свидетельство о рассмотрении ходатайства о признании беженцем (лицо без гражданства)", "Certificate of a pending refugee application (stateless person)";
        RefugeeCertificate = 37, "Удостоверение беженца", "Refugee certificate";
        StatelessOther = 38, "Иной документ, удостоверяющий личность лица без гражданства", "Other document identifying a stateless person";
        CitizenshipPending = 40, "Документ лица без действительного документа, на период рассмотрения заявления о признании гражданином РФ или приёме в гражданство", "Document of a person without a valid identity document while a citizenship application is considered";
    }
}

/// Whose document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A citizen of Russia.
    Russian,
    /// A citizen of another country.
    Foreign,
    /// A person without citizenship.
    Stateless,
    /// A person whose citizenship application is considered.
    Pending,
}

impl DocumentCode {
    /// Reads two digits; `None` for what is not in the list.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// The two digits.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RussianPassport => "21",
            Self::RussianForeignTravelPassport => "22",
            Self::RussianTemporaryCard => "26",
            Self::RussianBirthCertificate => "27",
            Self::RussianOther => "28",
            Self::ForeignPassport => "31",
            Self::ForeignOther => "32",
            Self::StatelessForeignIssued => "33",
            Self::ResidencePermit => "34",
            Self::TemporaryResidencePermit => "35",
            Self::RefugeeApplication => "36",
            Self::RefugeeCertificate => "37",
            Self::StatelessOther => "38",
            Self::CitizenshipPending => "40",
        }
    }

    /// Whose document it is.
    pub fn holder(self) -> Holder {
        match self.number() {
            21..=28 => Holder::Russian,
            31..=32 => Holder::Foreign,
            33..=38 => Holder::Stateless,
            _ => Holder::Pending,
        }
    }
}

impl Vocabulary for DocumentCode {
    const TABLE: Table = Table {
        tags: &[1245],
        ru: "Код вида документа, удостоверяющего личность",
        en: "Identity document code",
    };
    const ALL: &'static [Self] = Self::WORDS;

    fn entry(self) -> Entry {
        Entry { ffd: Versions::From1_2, ..self.row(Evidence::Confirmed) }
    }

    fn coding(self, back_end: BackEnd, ffd: FfdVersion) -> Coding {
        match back_end {
            BackEnd::Robokassa | BackEnd::AtolV4 => Coding::Missing(Reason::NoField),
            _ if ffd == FfdVersion::V1_05 => Coding::Missing(Reason::OtherVersion),
            BackEnd::SberOld | BackEnd::SberEcom | BackEnd::AtolV5 => {
                Coding::Sent(Wire::Word(self.as_str()), Evidence::Confirmed)
            }
        }
    }
}
