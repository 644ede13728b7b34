//! The id of a refund request: a GUID that Refund/Create answers and Refund/GetState asks for.
//!
//! GetState has no signature, no password and no login (CONFIRMED, Robokassa, refund API page), so whoever holds the id
//! can read that refund: it is masked wherever a person reads it. It must not know which call it came from.

use std::fmt;
use uuid::Uuid;

/// A refund request's GUID, as the gateway printed it. Two ids are equal when their 128 bits are, whatever the case of
/// their letters.
///
/// ```
/// use provider_robokassa::wire::request_id::RequestId;
/// let id = RequestId::parse("68cd7fa6-1338-4745-ba5c-28d16cbcdb3d").expect("a GUID");
/// assert_eq!(Some(id), RequestId::parse("68CD7FA6-1338-4745-BA5C-28D16CBCDB3D"));
/// ```
#[derive(Clone)]
pub struct RequestId {
    text: String,
    bits: Uuid,
}

impl RequestId {
    /// Characters of the hyphenated form.
    pub const CHARS: usize = 36;

    /// Takes the hyphenated form, 8-4-4-4-12 hexadecimal digits in any case. `None` for anything else, and for the GUID
    /// of all zeros, which is how .NET prints "no id".
    pub fn parse(text: &str) -> Option<Self> {
        let hyphenated = text.len() == Self::CHARS;
        let bits = Uuid::try_parse(text).ok().filter(|bits| hyphenated && !bits.is_nil())?;
        Some(Self { text: text.to_owned(), bits })
    }

    /// The id as the gateway printed it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first eight digits, enough for a person to tell two refunds apart and too little to ask the gateway with.
    pub fn masked(&self) -> String {
        format!("{}…", &self.text[..8])
    }
}

impl PartialEq for RequestId {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl Eq for RequestId {}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        for bad in [
            "",
            "68cd7fa613384745ba5c28d16cbcdb3d",
            "{68cd7fa6-1338-4745-ba5c-28d16cbcdb3d}",
            "urn:uuid:68cd7fa6-1338-4745-ba5c-28d16cbcdb3d",
            "68cd7fa6-1338-4745-ba5c-28d16cbcdb3",
            "68cd7fa6-1338-4745-ba5c-28d16cbcdb3g",
            "68cd7fa61338-4745-ba5c-28d16cbcdb3d-",
            "00000000-0000-0000-0000-000000000000",
            "жжжжжжжжжжжжжжжжжж",
        ] {
            assert!(RequestId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_id_keeps_its_spelling_and_hides_most_of_it() {
        let id = RequestId::parse("68CD7FA6-1338-4745-ba5c-28d16cbcdb3d").expect("a GUID");
        assert_eq!(id.as_str(), "68CD7FA6-1338-4745-ba5c-28d16cbcdb3d");
        assert_eq!(format!("{id:?}"), "RequestId(68CD7FA6…)");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = RequestId::parse(&text);
        }
    }
}
