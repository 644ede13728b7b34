//! Sber's name for an order, `orderId` (the platform also calls it `mdOrder`): the same in both dialects.
//!
//! It must not know requests or replies.

use std::fmt;

/// An order id: exactly 36 printable ASCII characters.
///
/// Sber, refund.do declares ANS36, "Latin letters, digits and symbols, length 36" (CONFIRMED). In practice it is a
/// lower-case UUID (REPORTED), which is not demanded here: the document does not promise it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderId(String);

/// Why a text is not an order id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderIdError {
    /// Not 36 characters.
    #[error(
        "an orderId is ANS36, exactly 36 characters, and this one has {length}; the shop's own order number is not it"
    )]
    Length {
        /// How many characters there are.
        length: usize,
    },
    /// A character outside printable ASCII.
    #[error(
        "an orderId is ANS36, Latin letters, digits and symbols, and this one holds {found:?} at position {position}"
    )]
    Character {
        /// The character.
        found: char,
        /// Its place, counted in characters from 1.
        position: usize,
    },
}

impl OrderId {
    /// Takes a text as an order id.
    ///
    /// # Errors
    /// [`OrderIdError`], naming the rule.
    pub fn parse(text: &str) -> Result<Self, OrderIdError> {
        if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic()) {
            return Err(OrderIdError::Character { found, position: index + 1 });
        }
        match text.len() {
            36 => Ok(Self(text.to_owned())),
            length => Err(OrderIdError::Length { length }),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_id_is_ans36() {
        let id = "130ab8ed-aeb8-7226-ba88-33300128092a";
        assert_eq!(OrderId::parse(id).map(|id| id.to_string()), Ok(id.to_owned()));
        assert_eq!(OrderId::parse(&id[1..]), Err(OrderIdError::Length { length: 35 }));
        assert_eq!(OrderId::parse(&format!("{id}0")), Err(OrderIdError::Length { length: 37 }));
        assert_eq!(OrderId::parse(""), Err(OrderIdError::Length { length: 0 }));
        // 36 bytes and 35 characters: counted in characters, refused for the letter.
        let cyrillic = id.replacen("13", "ж", 1);
        assert_eq!(cyrillic.len(), 36);
        assert_eq!(OrderId::parse(&cyrillic), Err(OrderIdError::Character { found: 'ж', position: 1 }));
        assert_eq!(
            OrderId::parse(&id.replace('-', " ")),
            Err(OrderIdError::Character { found: ' ', position: 9 })
        );
    }
}
