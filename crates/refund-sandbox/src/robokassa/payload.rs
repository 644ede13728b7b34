//! The payload of a refund token: `OpKey`, `RefundSum`, `InvoiceItems`.
//!
//! Sums are read from the digits as they were sent. Knows no balance and no ledger.

use super::Refusal;
use super::items::{self, Item};
use crate::switches::{RobokassaSwitches, Strictness};
use crate::text::json::{Members, has_whitespace, number, string};
use crate::text::number::{BadNumber, scaled};

/// What a genuine token asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Kopecks; `None` where `RefundSum` is left out.
    pub(super) sum: Option<u64>,
    pub(super) items: Vec<Item>,
}

/// The operation key, the one thing that must be read before the signature can be checked.
pub(super) fn op_key(payload: &str) -> Result<String, Refusal> {
    let members = members(payload)?;
    members.get("OpKey").and_then(string).ok_or_else(|| Refusal::own("OpKey is not a string"))
}

/// Everything else. To be called for genuine tokens only.
pub(super) fn wanted(payload: &str, switches: &RobokassaSwitches) -> Result<Wanted, Refusal> {
    if switches.payload_whitespace == Strictness::Refuse && has_whitespace(payload) {
        return Err(Refusal::own("the payload is not compact JSON"));
    }
    let members = members(payload)?;
    let known = ["OpKey", "RefundSum", "InvoiceItems"];
    if switches.unknown_members == Strictness::Refuse && members.stranger(&known).is_some() {
        return Err(Refusal::own("the payload has an unknown member"));
    }
    let sum = members.get("RefundSum").map(refund_sum).transpose()?;
    let items = members.get("InvoiceItems").map(|text| items::read(text, switches)).transpose()?;
    Ok(Wanted { sum, items: items.unwrap_or_default() })
}

fn members(payload: &str) -> Result<Members<'_>, Refusal> {
    Members::parse(payload).ok_or_else(|| Refusal::own("the payload is not an object of single members"))
}

/// A JSON number of roubles (CONFIRMED: the sample token and the vendor plugin); how many decimals
/// the server takes is not attested, so more than two are refused (GUESS).
fn refund_sum(text: &str) -> Result<u64, Refusal> {
    let digits = number(text).ok_or_else(|| Refusal::own("RefundSum is not a number"))?;
    match scaled(digits, 2) {
        Ok(0) | Err(BadNumber::Negative) => Err(Refusal::own("RefundSum is not positive")),
        Ok(kopecks) => Ok(kopecks),
        Err(BadNumber::TooManyDecimals) => Err(Refusal::own("RefundSum has more than two decimals")),
        Err(BadNumber::TooLarge) => Err(Refusal::own("RefundSum is too large")),
        Err(BadNumber::Malformed) => Err(Refusal::own("RefundSum is not a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::switches::Switches;

    fn sum(mode: Mode, payload: &str) -> Result<Option<u64>, String> {
        let switches = Switches::preset(mode).robokassa;
        wanted(payload, &switches).map(|wanted| wanted.sum).map_err(|refusal| refusal.message)
    }

    #[test]
    fn sums_are_read_from_their_digits() {
        for (digits, expected) in [
            ("1", Some(100)),
            ("1.0", Some(100)),
            ("1.000", Some(100)),
            ("12.5", Some(1250)),
            ("0.01", Some(1)),
            ("\"4.00\"", None),
            ("0", None),
            ("-1", None),
            ("0.30000000000000004", None),
            ("1e999", None),
            ("null", None),
            ("true", None),
            ("[1]", None),
        ] {
            let payload = format!(r#"{{"OpKey":"k","RefundSum":{digits}}}"#);
            for mode in [Mode::Strict, Mode::Lenient] {
                assert_eq!(sum(mode, &payload).ok().flatten(), expected, "{digits}");
            }
        }
        assert_eq!(sum(Mode::Strict, r#"{"OpKey":"k"}"#), Ok(None));
    }

    #[test]
    fn oddities_are_a_matter_of_mode() {
        for payload in [
            r#"{"OpKey":"k", "RefundSum":1}"#,
            r#"{"OpKey":"k","RefundSum":1,"iat":1}"#,
            r#"{"OpKey":"k","RefundSum":1,"refundSum":2}"#,
        ] {
            assert!(sum(Mode::Strict, payload).is_err(), "{payload}");
            assert_eq!(sum(Mode::Lenient, payload), Ok(Some(100)), "{payload}");
        }
        assert!(sum(Mode::Lenient, r#"{"OpKey":"k","RefundSum":1,"RefundSum":1}"#).is_err());
    }
}
