//! What every reply of the dialect begins with: did it work, and if not, why.
//!
//! `errorCode` comes as a string, as a number, or not at all, sometimes capitalised, sometimes inside `error` beside
//! `success` (Sber, refund.do and wiki, CONFIRMED; capital and nested forms REPORTED). The reader is total: what it
//! does not recognise is [`Unusable`], never a success. It must not know what a code means.

use super::Unreadable;
use crate::raw;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A reply that says whether it worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// Code 0, or none at all.
    Done(T),
    /// Any other code.
    Refused(Refusal),
}

/// A code other than 0 and the words that came with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// As it was spelled, 1 to 8 ASCII letters, digits or hyphens. The document says N..2, others up to three.
    pub code: String,
    /// `errorMessage`, untrusted and uncut. The platform warns that texts vary and must not be matched (BPC).
    pub message: String,
}

/// A reply that says nothing about what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// Not HTTP 200. The gateway answers 200 for business errors too, so this is not its application speaking.
    #[error("HTTP status {0}")]
    Status(u16),
    /// HTTP 200 and no body.
    #[error("HTTP status 200 and an empty body")]
    Empty,
    /// HTTP 200 and a body that is not this gateway's.
    #[error("HTTP status 200 and a body that cannot be read: {0}")]
    Unreadable(#[from] Unreadable),
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default, rename = "errorCode", alias = "ErrorCode", deserialize_with = "raw::present")]
    code: Option<&'a RawValue>,
    #[serde(
        borrow,
        default,
        rename = "errorMessage",
        alias = "ErrorMessage",
        deserialize_with = "raw::present"
    )]
    message: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    success: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct NestedError<'a> {
    #[serde(borrow, default, deserialize_with = "raw::present")]
    code: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    message: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "raw::present")]
    description: Option<&'a RawValue>,
}

/// A code as it was spelled.
#[derive(PartialEq, Eq)]
enum Code {
    Zero,
    Other(String),
}

/// Reads the head of a reply. The content type is not looked at: the gateway sends `text/plain` as well (REPORTED).
///
/// A missing code counts as 0 only here: HTTP 200, the body one JSON object, and nothing in it that says otherwise.
///
/// # Errors
/// [`Unusable`].
pub fn read(http_status: u16, body: &[u8]) -> Result<Answer<()>, Unusable> {
    if http_status != 200 {
        return Err(Unusable::Status(http_status));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Unusable::Empty);
    }
    Ok(judge(&raw::body(body)?)?)
}

fn judge(head: &Head<'_>) -> Result<Answer<()>, Unreadable> {
    let nested = nested(head)?;
    let code = agree(code(head.code, "errorCode")?, nested_code(nested.as_ref())?)?;
    let message = message(head, nested.as_ref());
    match (success(head)?, code) {
        (Some(false), Some(Code::Zero) | None) => {
            Err(Unreadable::new("success", "false, and no error code says why"))
        }
        (Some(true), Some(Code::Other(code))) => {
            Err(Unreadable::new("success", format!("true, and the error code is {code}")))
        }
        (_, None) if nested.is_some() => Err(Unreadable::new("error", "an error without a code")),
        (_, Some(Code::Zero) | None) => Ok(Answer::Done(())),
        (_, Some(Code::Other(code))) => Ok(Answer::Refused(Refusal { code, message })),
    }
}

fn nested<'a>(head: &Head<'a>) -> Result<Option<NestedError<'a>>, Unreadable> {
    raw::given(head.error).map(|raw| raw::object(raw, "error")).transpose()
}

fn nested_code(nested: Option<&NestedError<'_>>) -> Result<Option<Code>, Unreadable> {
    code(nested.and_then(|error| error.code), "error.code")
}

/// `null` is not absent: nobody attests it, so it proves nothing.
fn code(raw: Option<&RawValue>, path: &str) -> Result<Option<Code>, Unreadable> {
    let Some(raw) = raw else { return Ok(None) };
    let refuse = || Unreadable::new(path, format!("{} instead of an error code", raw::describe(raw)));
    let text = raw::scalar(raw).ok_or_else(refuse)?;
    match text.as_str() {
        "0" => Ok(Some(Code::Zero)),
        code if spelled_like_a_code(code) => Ok(Some(Code::Other(text))),
        _ => Err(refuse()),
    }
}

/// Nothing that could be a zero in disguise (`00`, `-0`), and no fraction or exponent.
fn spelled_like_a_code(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'-'));
    let number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let whole = !number || text.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    (1..=8).contains(&text.len()) && plain && whole && !zero
}

fn agree(outer: Option<Code>, inner: Option<Code>) -> Result<Option<Code>, Unreadable> {
    match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => {
            Err(Unreadable::new("error.code", "another code than errorCode"))
        }
        (outer, inner) => Ok(outer.or(inner)),
    }
}

fn success(head: &Head<'_>) -> Result<Option<bool>, Unreadable> {
    match head.success.map(RawValue::get) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(Unreadable::new("success", "neither true nor false")),
    }
}

fn message(head: &Head<'_>, nested: Option<&NestedError<'_>>) -> String {
    let inner = nested.and_then(|error| error.message.or(error.description));
    head.message.or(inner).and_then(raw::scalar).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    enum Expected {
        Done,
        Code(&'static str),
        Unreadable(&'static str),
    }
    use Expected::{Code, Done, Unreadable as Bad};

    fn check(body: &str, expected: &Expected) {
        match (read(200, body.as_bytes()), expected) {
            (Ok(Answer::Done(())), Done) => {}
            (Ok(Answer::Refused(refusal)), Code(code)) => assert_eq!(refusal.code, *code, "{body}"),
            (Err(Unusable::Unreadable(error)), Bad(part)) => {
                assert!(error.to_string().contains(part), "{body}: {error}");
            }
            (got, _) => panic!("{body}: {got:?}"),
        }
    }

    #[test]
    fn error_codes_in_every_spelling() {
        let cases = [
            // The document's own reply, without and with its stray brace.
            (r#"{"errorCode":"0","errorMessage":"Успешно"}"#, Done),
            (r#"{{"errorCode":"0","errorMessage":"Успешно"}"#, Bad("not JSON")),
            (r#"{"errorCode":0}"#, Done),
            (r"{}", Done),
            (r#" {"somethingNew":{"deep":[1.5e9,null]}} "#, Done),
            (r#"{"errorMessage":"Успешно"}"#, Done),
            (r#"{"ErrorCode":"0","ErrorMessage":"Success"}"#, Done),
            (r#"{"success":true}"#, Done),
            (r#"{"success":true,"errorCode":"0","error":null}"#, Done),
            (r#"{"errorCode":"7","errorMessage":"Сумма возврата превышает сумму списания"}"#, Code("7")),
            (r#"{"errorCode":5}"#, Code("5")),
            (r#"{"ErrorCode":6}"#, Code("6")),
            (r#"{"errorCode":-1}"#, Code("-1")),
            (r#"{"errorCode":"E17"}"#, Code("E17")),
            (r#"{"success":false,"error":{"code":"5","description":"Доступ запрещён"}}"#, Code("5")),
            (r#"{"error":{"code":8,"message":"m"}}"#, Code("8")),
            // Nothing below may pass for a success.
            (r#"{"errorCode":null}"#, Bad("errorCode: null")),
            (r#"{"errorCode":0.0}"#, Bad("errorCode: 0.0")),
            (r#"{"errorCode":7.5}"#, Bad("errorCode: 7.5")),
            (r#"{"errorCode":0e0}"#, Bad("errorCode: 0e0")),
            (r#"{"errorCode":-0}"#, Bad("errorCode: -0")),
            (r#"{"errorCode":"00"}"#, Bad("errorCode")),
            (r#"{"errorCode":""}"#, Bad("errorCode")),
            (r#"{"errorCode":" 0"}"#, Bad("errorCode")),
            (r#"{"errorCode":"Успешно"}"#, Bad("errorCode")),
            (r#"{"errorCode":"123456789"}"#, Bad("errorCode")),
            (r#"{"errorCode":true}"#, Bad("errorCode: a truth value")),
            (r#"{"errorCode":{"value":"0"}}"#, Bad("errorCode: an object")),
            (r#"{"errorCode":["0"]}"#, Bad("errorCode: an array")),
            (r#"{"errorCode":"0","errorCode":"7"}"#, Bad("duplicate field")),
            (r#"{"errorCode":"0","ErrorCode":"7"}"#, Bad("duplicate field")),
            (r#"{"errorCode":"0","error":{"code":"7"}}"#, Bad("another code")),
            (r#"{"success":false}"#, Bad("success")),
            (r#"{"success":false,"errorCode":"0"}"#, Bad("success")),
            (r#"{"success":true,"errorCode":"7"}"#, Bad("success")),
            (r#"{"success":"true"}"#, Bad("success")),
            (r#"{"error":{}}"#, Bad("without a code")),
            (r#"{"error":"Internal Server Error"}"#, Bad("error: a text")),
            (r#"["0"]"#, Bad("not a JSON object")),
            (r#""0""#, Bad("not a JSON object")),
            ("0", Bad("not a JSON object")),
            ("null", Bad("not a JSON object")),
            ("<html><body>502 Bad Gateway</body></html>", Bad("not a JSON object")),
            (r#"{"errorCode":"0","errorMess"#, Bad("not JSON")),
            (r#"{"errorCode":"0"}{"errorCode":"7"}"#, Bad("not JSON")),
        ];
        for (body, expected) in &cases {
            check(body, expected);
        }
    }

    #[test]
    fn only_http_200_speaks() {
        for status in [100, 201, 204, 302, 307, 400, 401, 403, 404, 405, 429, 451, 500, 502, 503, 999] {
            assert_eq!(read(status, br#"{"errorCode":"0"}"#), Err(Unusable::Status(status)));
        }
        assert_eq!(read(200, b""), Err(Unusable::Empty));
        assert_eq!(read(200, b" \r\n"), Err(Unusable::Empty));
        assert!(
            matches!(read(200, b"{\"errorMessage\":\"\xCF\xEE\"}"), Err(Unusable::Unreadable(_))),
            "cp1251"
        );
    }

    #[test]
    fn messages_are_kept_as_they_came() {
        let read = |body: &str| match read(200, body.as_bytes()) {
            Ok(Answer::Refused(refusal)) => refusal.message,
            other => panic!("{body}: {other:?}"),
        };
        assert_eq!(read(r#"{"errorCode":"5","errorMessage":"Доступ \"запрещён\""}"#), "Доступ \"запрещён\"");
        assert_eq!(read(r#"{"errorCode":"5","errorMessage":17}"#), "17");
        assert_eq!(read(r#"{"errorCode":"5","errorMessage":{"a":1}}"#), "");
        assert_eq!(read(r#"{"error":{"code":"5","description":"d"}}"#), "d");
        assert_eq!(read(r#"{"errorCode":"5"}"#), "");
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_only_objects_succeed(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(Answer::Done(())) = read(200, &bytes) {
                let value: serde_json::Value = serde_json::from_slice(&bytes).expect("a success is JSON");
                prop_assert!(value.is_object());
            }
        }

        #[test]
        fn a_reply_cut_anywhere_is_never_a_success(cut in 0_usize..46) {
            let whole = r#"{"errorCode":"0","errorMessage":"Success done"}"#;
            prop_assert!(whole.len() > cut);
            prop_assert!(read(200, &whole.as_bytes()[..cut]).is_err());
        }

        #[test]
        fn a_code_is_zero_only_when_it_is_spelled_zero(code in "[0-9eE+. -]{1,5}") {
            let body = format!(r#"{{"errorCode":"{code}"}}"#);
            prop_assert_eq!(read(200, body.as_bytes()) == Ok(Answer::Done(())), code == "0");
        }
    }
}
