//! Secrets out of everything that is kept for listing.
//!
//! Works on raw text, whatever it is: a request need not be well formed to carry a password.

use axum::http::HeaderMap;

use crate::text::form::Form;
use crate::text::json::Members;

const MASK: &str = "***";
/// Parameters whose value is a credential or proves one. Compared without regard to case.
const SECRET_PARAMETERS: [&str; 5] = ["password", "token", "signature", "signaturevalue", "checksum"];
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
/// Longer bodies are cut for the listing.
const KEPT: usize = 16 << 10;

/// A query string or a form body with the values of secret parameters replaced. Everything else
/// stays byte for byte, so that a test can see how it was encoded.
pub(crate) fn parameters(text: &str) -> String {
    let masked = text.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        if is_secret(name) { format!("{name}={MASK}") } else { pair.to_owned() }
    });
    masked.collect::<Vec<_>>().join("&")
}

fn is_secret(name: &str) -> bool {
    // A name may be spelt with escapes: `%70assword` is still the password.
    let Ok(form) = Form::parse(format!("{name}=").as_bytes()) else { return false };
    SECRET_PARAMETERS.iter().any(|secret| form.get_ignoring_case(secret).is_some())
}

/// A body for the listing: text, without its secrets, cut to a limit.
///
/// The media type is not asked: a client that mislabels its request still put its password into it.
pub(crate) fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let masked = match text.trim_start().as_bytes().first() {
        Some(b'{') => members(&text),
        _ if text.contains('&') => parameters(&text),
        _ => token(&parameters(&text)),
    };
    match masked.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &masked[..end], bytes.len()),
        None => masked,
    }
}

/// A token's signature replaced: whatever stands after the second full stop, up to a closing quote.
fn token(text: &str) -> String {
    let mut stops = text.match_indices('.').map(|(at, _)| at);
    let (Some(_), Some(second)) = (stops.next(), stops.next()) else { return text.to_owned() };
    let closing = if text.trim_end().ends_with('"') { "\"" } else { "" };
    format!("{}{MASK}{closing}", &text[..=second])
}

/// A JSON object with the values of secret members replaced; text that is no object is dropped,
/// because nobody can say where its secrets are.
fn members(text: &str) -> String {
    let Some(members) = Members::parse(text) else { return format!("{MASK} (not a JSON object)") };
    let secret = |name: &str| SECRET_PARAMETERS.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    let secrets = members.iter().filter(|(name, _)| secret(name));
    secrets.fold(text.to_owned(), |text, (_, value)| text.replace(value, &format!("\"{MASK}\"")))
}

/// Every header in the order it came, credentials replaced.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let masked = headers.iter().map(|(name, value)| {
        let secret = SECRET_HEADERS.contains(&name.as_str());
        let value = if secret { MASK.into() } else { String::from_utf8_lossy(value.as_bytes()) };
        (name.to_string(), value.into_owned())
    });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_form_are_masked_and_the_rest_is_untouched() {
        for (text, expected) in [
            ("userName=u&password=p%26q&amount=1", "userName=u&password=***&amount=1"),
            ("PASSWORD=p", "PASSWORD=***"),
            ("%70assword=p&a=%D1%88", "%70assword=***&a=%D1%88"),
            ("Signature=abc&token=t&password", "Signature=***&token=***&password=***"),
            ("passwords=1", "passwords=1"),
            ("", ""),
        ] {
            assert_eq!(parameters(text), expected);
        }
    }

    #[test]
    fn secrets_of_a_body_are_masked_whatever_it_is() {
        for (text, expected) in [
            (r#""h.p.s""#, r#""h.p.***""#),
            ("h.p.s", "h.p.***"),
            ("h.p.s=", "h.p.***"),
            (r#""h.p.s.t" "#, r#""h.p.***""#),
            (r#""h.p""#, r#""h.p""#),
            ("garbage", "garbage"),
            ("password=a.b.c", "password=***"),
            ("a.b=1&c.d=2&password=x", "a.b=1&c.d=2&password=***"),
            (r#"{"userName":"u","password":"p"}"#, r#"{"userName":"u","password":"***"}"#),
            (r#"{"password":"p""#, "*** (not a JSON object)"),
        ] {
            assert_eq!(body(text.as_bytes()), expected);
        }
    }
}
