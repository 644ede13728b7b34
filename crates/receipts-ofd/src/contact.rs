//! How a buyer or an agent is reached, and the free text of every other field. All of it may be personal: `Debug` hides
//! it.
//!
//! Nothing is stripped silently: what a telephone should look like is offered as a correction by the rules.

use crate::params::Value;
use std::fmt;

/// The most characters of a telephone, the plus included (CONFIRMED, Sber, refund.do; ATOL v5).
pub(crate) const PHONE_MOST: usize = 19;
/// The most characters of an e-mail address (CONFIRMED, Sber, refund.do; ATOL).
pub(crate) const EMAIL_MOST: usize = 64;

/// Why a text is not what it was to be. It does not hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing at all.
    Empty,
    /// A control character: a line end, a tab, a zero.
    Control,
    /// Not `+` and 1 to 18 digits.
    Phone,
    /// Not an ASCII address of at most 64 characters with one `@` between two sides.
    Email,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the text is empty: leave the field out instead",
            Self::Control => "the text holds a control character (a line end or a tab)",
            Self::Phone => "a telephone is + and 1 to 18 digits without spaces, with the country's code",
            Self::Email => {
                "an e-mail has at most 64 ASCII characters, one @ and something on both sides of it"
            }
        })
    }
}

impl std::error::Error for TextError {}

/// A text of a receipt: not empty, no control characters. How long it may be depends on the key and the back end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text(String);

impl Text {
    /// Takes the text as it is.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::Control`].
    pub fn parse(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        match () {
            () if text.is_empty() => Err(TextError::Empty),
            () if text.chars().any(char::is_control) => Err(TextError::Control),
            () => Ok(Self(text)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn value(&self) -> Value<'_> {
        Value::One(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

/// A telephone: `+` and 1 to 18 digits, the country's code first. Foreign numbers are as good as Russian ones.
///
/// ```
/// use receipts_ofd::{Phone, TextError};
/// assert!(Phone::parse("+37121234567").is_ok());
/// assert_eq!(Phone::parse("+371 2 1234567"), Err(TextError::Phone));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads `+` and digits.
    ///
    /// # Errors
    /// [`TextError::Phone`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        is_phone(text).then(|| Self(text.to_owned())).ok_or(TextError::Phone)
    }

    /// `+37121234567`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({} characters)", self.0.len())
    }
}

/// One or more telephones.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phones(Vec<String>);

impl Phones {
    /// Reads them all.
    ///
    /// # Errors
    /// [`TextError::Phone`] when one of them is none, [`TextError::Empty`] when there is none at all.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, TextError> {
        let phones: Result<Vec<_>, _> =
            texts.into_iter().map(|text| Phone::parse(text).map(|phone| phone.0)).collect();
        phones.and_then(|phones| if phones.is_empty() { Err(TextError::Empty) } else { Ok(Self(phones)) })
    }

    /// The telephones, each `+` and digits.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Debug for Phones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phones({})", self.0.len())
    }
}

/// An e-mail address: at most 64 ASCII characters, one `@` with something on both sides. ATOL's own pattern is no
/// stricter than this, and an address that it takes is not refused here.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// [`TextError::Email`].
    pub fn parse(text: &str) -> Result<Self, TextError> {
        is_email(text).then(|| Self(text.to_owned())).ok_or(TextError::Email)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({} characters)", self.0.len())
    }
}

/// Where the receipt goes: an e-mail or a telephone, never both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    /// By e-mail.
    Email(Email),
    /// By telephone.
    Phone(Phone),
}

impl Contact {
    /// Reads an e-mail address.
    ///
    /// # Errors
    /// [`TextError::Email`].
    pub fn email(text: &str) -> Result<Self, TextError> {
        Email::parse(text).map(Self::Email)
    }

    /// Reads a telephone.
    ///
    /// # Errors
    /// [`TextError::Phone`].
    pub fn phone(text: &str) -> Result<Self, TextError> {
        Phone::parse(text).map(Self::Phone)
    }

    /// The e-mail, if it is one.
    pub const fn as_email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) => Some(email),
            Self::Phone(_) => None,
        }
    }

    /// The telephone, if it is one.
    pub const fn as_phone(&self) -> Option<&Phone> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::Email(_) => None,
        }
    }
}

/// A cashier's own taxpayer number: twelve digits, a cashier is a person (CONFIRMED, ATOL v5).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CashierInn(crate::Inn);

impl CashierInn {
    /// A person's number; `None` for a company's.
    pub const fn new(inn: crate::Inn) -> Option<Self> {
        if inn.is_person() { Some(Self(inn)) } else { None }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for CashierInn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CashierInn")
    }
}

/// `+` and 1 to 18 ASCII digits. ATOL's own pattern lets letters through; this does not.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    !digits.is_empty() && text.len() <= PHONE_MOST && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn is_email(text: &str) -> bool {
    let sides = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    sides && text.len() <= EMAIL_MOST && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The same telephone without the separators people write, when that makes it right.
pub(crate) fn corrected_phone(text: &str) -> Option<String> {
    let separator = |c: char| matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')' | '.' | '\u{2013}' | '\u{2011}');
    let bare: String = text.chars().filter(|c| !separator(*c)).collect();
    (bare != text && is_phone(&bare)).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn telephones_and_their_corrections() {
        let good = ["+37121234567", "+79161234567", "+1", "+123456789012345678"];
        assert!(good.iter().all(|text| Phone::parse(text).is_ok() && corrected_phone(text).is_none()));
        let bad = [
            ("+371 2 1234567", Some("+37121234567")),
            ("+7 (916) 123-45-67", Some("+79161234567")),
            ("89161234567", None),
            ("79161234567", None),
            ("+", None),
            ("", None),
            ("+1234567890123456789", None),
            ("+7916123456x", None),
            ("++79161234567", None),
            ("+７916", None),
        ];
        for (text, correction) in bad {
            assert_eq!(Phone::parse(text), Err(TextError::Phone), "{text}");
            assert_eq!(corrected_phone(text).as_deref(), correction, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for text in ["a@b", "buyer+1@example.ru", &format!("{}@b", "a".repeat(62))] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        let long = format!("{}@b", "a".repeat(63));
        for text in ["", "a", "@b", "a@", "a@b@c", "a b@c", "а@б", "a@b\n", &long] {
            assert_eq!(Email::parse(text), Err(TextError::Email), "{text}");
        }
    }

    #[test]
    fn nothing_personal_is_shown() {
        let contact = Contact::phone("+79161234567").expect("valid");
        let phones = Phones::parse(["+79161234567"]).expect("valid");
        let shown = format!("{contact:?} {phones:?} {:?}", Text::parse("Иванов"));
        assert_eq!(shown, "Phone(Phone(12 characters)) Phones(1) Ok(Text(6 characters))");
        assert_eq!(Phones::parse([]), Err(TextError::Empty));
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let (_, _, _) = (Phone::parse(&text), Email::parse(&text), corrected_phone(&text));
        }
    }
}
