//! A request id out of a reply that cannot be read whole.
//!
//! A reply of Refund/Create that was cut after the id is the one piece of evidence this gateway ever gives about a
//! refund whose outcome is unknown: with the id, GetState answers. It must not decide what the id means.

use super::request_id::RequestId;

const MEMBER: &[u8] = b"\"requestId\"";

/// The GUID behind `"requestId":`, if it is there whole. `None` when there is none, or when several differ.
///
/// ```
/// use provider_robokassa::wire::salvage;
/// let cut = br#"{"success":true,"message":null,"requestId":"68cd7fa6-1338-4745-ba5c-28d16cbcdb3d"#;
/// assert!(salvage::request_id(cut).is_some());
/// assert!(salvage::request_id(&cut[..cut.len() - 1]).is_none());
/// ```
pub fn request_id(partial: &[u8]) -> Option<RequestId> {
    let partial = &partial[..partial.len().min(super::MAX_ANSWER)];
    let mut found: Option<RequestId> = None;
    for start in 0..partial.len().saturating_sub(MEMBER.len()) {
        if !partial[start..].starts_with(MEMBER) {
            continue;
        }
        let Some(id) = value(&partial[start + MEMBER.len()..]) else { continue };
        if found.as_ref().is_some_and(|earlier| *earlier != id) {
            return None;
        }
        found = Some(id);
    }
    found
}

/// The GUID in `: "…"`. The closing quote may have been cut; if there is a next byte it must be that quote.
fn value(rest: &[u8]) -> Option<RequestId> {
    let rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let (digits, after) = rest.split_at_checked(RequestId::CHARS)?;
    if after.first().is_some_and(|byte| *byte != b'"') {
        return None;
    }
    RequestId::parse(std::str::from_utf8(digits).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "68cd7fa6-1338-4745-ba5c-28d16cbcdb3d";

    fn check(text: &str, expected: Option<&str>) {
        let got = request_id(text.as_bytes()).map(|id| id.as_str().to_owned());
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn an_id_is_taken_whole_or_not_at_all() {
        check(&format!(r#"{{"success":true,"message":null,"requestId":"{ID}"}}"#), Some(ID));
        check(&format!(r#"{{"success":true,"message":null,"requestId":"{ID}""#), Some(ID));
        check(&format!(r#"{{"success":true,"message":null,"requestId":"{ID}"#), Some(ID));
        check(&format!("{{\n  \"requestId\" :\t\"{ID}\""), Some(ID));
        check(&format!(r#"{{"requestId":"{}"#, &ID[..35]), None);
        check(&format!(r#"{{"requestId":"{ID}0"#), None);
        check(r#"{"requestId":null}"#, None);
        check(r#"{"requestId":"#, None);
        check(r#"{"requestId""#, None);
        check("", None);
        check(r#"{"requestId":"00000000-0000-0000-0000-000000000000"}"#, None);
    }

    #[test]
    fn two_different_ids_are_no_id() {
        let other = "cf15fd52-d2d1-4fc4-b9c0-25310e3bdded";
        check(&format!(r#"{{"requestId":"{ID}","requestId":"{other}""#), None);
        check(&format!(r#"{{"requestId":"{ID}","requestId":"{ID}""#), Some(ID));
        check(&format!(r#"{{"requestId":null,"requestId":"{ID}""#), Some(ID));
    }

    #[test]
    fn an_id_inside_a_text_is_not_the_member() {
        check(&format!(r#"{{"message":"\"requestId\":\"{ID}\"""#), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = request_id(&bytes);
        }

        #[test]
        fn wherever_a_reply_is_cut_the_id_is_right_or_absent(cut in 0_usize..91) {
            let whole = format!(r#"{{"success":true,"message":null,"requestId":"{ID}"}}"#);
            let got = request_id(&whole.as_bytes()[..cut.min(whole.len())]);
            prop_assert!(got.is_none_or(|id| id.as_str() == ID));
        }
    }
}
