//! The buyer: `client.*`, tag 1256, FFD 1.2. Everything here is personal; `Debug` says what is there and not what it is.

use super::{Key, Value};
use crate::{CivilDate, Contact, Country, DocumentCode, Inn, Text};
use std::fmt;

/// The buyer. There is exactly one contact (CONFIRMED, Sber, refund.do: "strictly one of email and phone").
///
/// In a request with a basket, whoever is named must be identified: by the INN, or by birth date, document code and
/// document number together (rule `buyer-ident`). Do not send a name unless the law asks for one.
#[derive(Clone, PartialEq, Eq)]
pub struct Buyer {
    /// `client.email` or `client.phone`, tag 1008.
    pub contact: Contact,
    /// `client.address`, tag 1254, at most 256 characters.
    pub address: Option<Text>,
    /// `client.birth_date`, tag 1243.
    pub birth_date: Option<CivilDate>,
    /// `client.citizenship`, tag 1244. For foreigners.
    pub citizenship: Option<Country>,
    /// `client.document_code`, tag 1245.
    pub document_code: Option<DocumentCode>,
    /// `client.passport_number`, tag 1246: `1111 222222` for a Russian passport, at most 11 characters on Sber OLD.
    pub document_number: Option<Text>,
    /// `client.inn`, tag 1228. Sber OLD's table has room for a person's twelve digits only (rule `inn-sber-12`).
    pub inn: Option<Inn>,
    /// `client.name`, tag 1227, at most 256 characters.
    pub name: Option<Text>,
}

/// What identifies a buyer without an INN: all three or nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityDocument {
    /// `client.birth_date`.
    pub birth_date: CivilDate,
    /// `client.document_code`.
    pub code: DocumentCode,
    /// `client.passport_number`.
    pub number: Text,
}

impl Buyer {
    /// A buyer of whom only the contact is known, which is what most receipts need.
    pub const fn new(contact: Contact) -> Self {
        Self {
            contact,
            address: None,
            birth_date: None,
            citizenship: None,
            document_code: None,
            document_number: None,
            inn: None,
            name: None,
        }
    }

    /// Sets the INN, which identifies a buyer.
    #[must_use]
    pub fn with_inn(self, inn: Inn) -> Self {
        Self { inn: Some(inn), ..self }
    }

    /// Sets the document, which identifies a buyer without an INN.
    #[must_use]
    pub fn with_document(self, document: IdentityDocument) -> Self {
        let IdentityDocument { birth_date, code, number } = document;
        Self {
            birth_date: Some(birth_date),
            document_code: Some(code),
            document_number: Some(number),
            ..self
        }
    }

    /// Sets the name. Identify the buyer too.
    #[must_use]
    pub fn with_name(self, name: Text) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Sets the citizenship of a foreigner. Identify the buyer too.
    #[must_use]
    pub fn with_citizenship(self, country: Country) -> Self {
        Self { citizenship: Some(country), ..self }
    }

    /// Sets the address.
    #[must_use]
    pub fn with_address(self, address: Text) -> Self {
        Self { address: Some(address), ..self }
    }

    pub(super) fn field(&self, key: Key) -> Option<Value<'_>> {
        match key {
            Key::BuyerAddress => self.address.as_ref().map(Text::value),
            Key::BuyerBirthDate => self.birth_date.as_ref().map(|day| Value::One(day.as_str())),
            Key::BuyerCitizenship => self.citizenship.as_ref().map(|country| Value::One(country.as_str())),
            Key::BuyerDocumentCode => self.document_code.map(|code| Value::One(code.as_str())),
            Key::BuyerDocumentNumber => self.document_number.as_ref().map(Text::value),
            Key::BuyerEmail => self.contact.as_email().map(|email| Value::One(email.as_str())),
            Key::BuyerPhone => self.contact.as_phone().map(|phone| Value::One(phone.as_str())),
            Key::BuyerInn => self.inn.as_ref().map(|inn| Value::One(inn.as_str())),
            Key::BuyerName => self.name.as_ref().map(Text::value),
            _ => None,
        }
    }
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = Key::all().filter(|key| key.is_buyer() && self.field(*key).is_some());
        let names: Vec<_> = keys.map(Key::name).collect();
        write!(f, "Buyer({})", names.join(", "))
    }
}

impl fmt::Debug for IdentityDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityDocument({})", self.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_what_is_there() {
        let document = IdentityDocument {
            birth_date: CivilDate::of(1990, 5, 4),
            code: DocumentCode::RussianPassport,
            number: Text::parse("4500 123456").expect("valid"),
        };
        assert_eq!(format!("{document:?}"), "IdentityDocument(21)");
        let buyer = Buyer::new(Contact::email("ivan@example.ru").expect("valid")).with_document(document);
        assert_eq!(
            format!("{buyer:?}"),
            "Buyer(client.birth_date, client.document_code, client.passport_number, client.email)"
        );
    }
}
