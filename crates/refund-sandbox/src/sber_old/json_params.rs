//! `jsonParams`: one form value that is the text of a JSON object of strings.
//!
//! Knows the reserved names and the penalty; which orders take a penalty is the caller's affair.

use super::refusal::Refusal;
use crate::switches::{SberSwitches, Strictness};
use crate::text::json::{Members, number, string};
use crate::text::number::digits12;

/// Names that must not be sent (CONFIRMED, `refund.do` document; the single `d` is the document's).
const RESERVED: [&str; 4] =
    ["sbrf_spasibo:amount_bonus", "sbrf_sbermiles:amount_bonus", "loyaltyId", "overridenClientId"];

/// The penalty the request asks for, in minor units; `None` without one.
///
/// The document writes it as a string (CONFIRMED). The codes of the refusals are a GUESS.
pub(super) fn penalty(text: &str, switches: &SberSwitches) -> Result<Option<u64>, Refusal> {
    let own = |why: &str| Refusal::own(5, format!("jsonParams {why}"));
    let members = Members::parse(text).ok_or_else(|| own("is not an object of single members"))?;
    if let Some(name) = RESERVED.iter().find(|name| members.get(name).is_some())
        && switches.reserved_names == Strictness::Refuse
    {
        return Err(own(&format!("has the reserved name {name}")));
    }
    let strings = members.iter().all(|(_, value)| string(value).is_some());
    if switches.json_params_values == Strictness::Refuse && !strings {
        return Err(own("has a value that is not a string"));
    }
    let Some(value) = members.get("penalty") else { return Ok(None) };
    let digits = string(value).or_else(|| number(value).map(str::to_owned));
    let penalty = digits.as_deref().and_then(digits12);
    penalty.map(Some).ok_or_else(|| own("has a penalty that is not a whole number of minor units"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::switches::Switches;

    fn read(mode: Mode, text: &str) -> Option<Option<u64>> {
        penalty(text, &Switches::preset(mode).sber).ok()
    }

    #[test]
    fn the_penalty_is_a_string_of_minor_units() {
        for (text, strict, lenient) in [
            (r#"{"penalty":"1300"}"#, Some(Some(1300)), Some(Some(1300))),
            (r#"{"penalty":"0"}"#, Some(Some(0)), Some(Some(0))),
            (r#"{"phone":"+7999"}"#, Some(None), Some(None)),
            ("{}", Some(None), Some(None)),
            (r#"{"penalty":1300}"#, None, Some(Some(1300))),
            (r#"{"x":1}"#, None, Some(None)),
            (r#"{"penalty":"13.00"}"#, None, None),
            (r#"{"penalty":"-1"}"#, None, None),
            (r#"{"penalty":""}"#, None, None),
            (r#"{"penalty":"1","penalty":"2"}"#, None, None),
            (r#"{"loyaltyId":"1"}"#, None, None),
            (r#"{"overridenClientId":"1"}"#, None, None),
            (r#"{"sbrf_spasibo:amount_bonus":"1"}"#, None, None),
            (r#"{"sbrf_sbermiles:amount_bonus":"1"}"#, None, None),
            ("[]", None, None),
            ("", None, None),
            ("{", None, None),
        ] {
            assert_eq!(read(Mode::Strict, text), strict, "strict {text}");
            assert_eq!(read(Mode::Lenient, text), lenient, "lenient {text}");
        }
    }
}
