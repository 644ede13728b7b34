//! The request file, schema `refund/request@1`: one refund as JSON.
//!
//! ```json
//! {
//!   "schema": "refund/request@1",
//!   "gateway": "robokassa",
//!   "order": "1001",
//!   "amount": "150.00",
//!   "reason": "the goods came back"
//! }
//! ```
//!
//! `amount` is a decimal string in roubles with at most two places, or `"full": true` stands in its place. `key` names
//! the intent; without it, the request's own content does. What this version does not do yet (`lines`, `penalty` and
//! their kin) is refused by name, never skipped.

use super::sentences::{
    AMOUNT_AND_FULL, BAD_AMOUNT, BAD_ID, EMPTY_ID, LONG_ID, MALFORMED, NO_AMOUNT, NO_FILE, NOT_A_NUMBER,
    NOT_AN_OBJECT, NOT_YET, OTHER_SCHEMA, SEE_EXAMPLE, SYNTAX, TOO_LARGE, TOO_MANY_DECIMALS, UNREADABLE,
    WRITE_AMOUNT,
};
use crate::{
    problem::{Kind, Problem},
    words::foreign,
};
use refund_core::{
    AccountId, Currency, Digest, IdError, IntentKey, Message, Money, MoneyError, PaymentId, PaymentRef,
    ProviderId, ReceiptChoice, RefundAmount, RefundCommand,
};
use serde::Deserialize;
use std::path::Path;

/// The schema this version reads.
pub(super) const SCHEMA: &str = "refund/request@1";

/// The largest request file: 1 MiB.
const BYTES_MAX: u64 = 1 << 20;

/// A request as written, every value parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The caller's key, if given.
    pub key: Option<IntentKey>,
    /// The gateway's name, as profiles spell it.
    pub gateway: String,
    /// Which payment.
    pub order: PaymentId,
    /// How much.
    pub amount: RequestAmount,
    /// With which receipt.
    pub receipt: ReceiptChoice,
    /// Why, if the file says so.
    pub reason: Option<String>,
}

/// How much a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestAmount {
    /// `"full": true`
    Full,
    /// `"amount": "150.00"`, in roubles.
    Exactly(Money),
}

impl Request {
    /// The command this request stands for, at one account of a provider.
    pub fn command(&self, provider: ProviderId, account: AccountId) -> RefundCommand {
        let amount = match self.amount {
            RequestAmount::Full => RefundAmount::Full,
            RequestAmount::Exactly(money) => RefundAmount::Exactly(money),
        };
        let payment = PaymentRef { provider, account, payment: self.order.clone() };
        let mut command = RefundCommand::new(payment, amount);
        command.receipt = self.receipt;
        command
    }

    /// The given key, or one derived from what the command says: the same request twice is the same intent.
    pub fn key_for(&self, command: &RefundCommand) -> IntentKey {
        if let Some(key) = &self.key {
            return key.clone();
        }
        let content = refund_engine::codec::encode_command(command).digest();
        let digest = Digest::of_parts(&[b"request-key/1", &content.0]).to_string();
        IntentKey::parse(format!("auto-{}", &digest[..40])).expect("hexadecimal digits are printable")
    }
}

/// Reads a request file.
///
/// # Errors
/// A [`Problem`] of kind [`Kind::Usage`] when the file cannot be read, else as [`parse_request`].
pub fn read_request(path: &Path) -> Result<Request, Problem> {
    let place = path.display().to_string();
    let unreadable = |error: &dyn std::fmt::Display| {
        Problem::new(Kind::Usage, Message::new(&UNREADABLE).with("file", &place).with("error", error))
    };
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Problem::new(Kind::Usage, Message::new(&NO_FILE).with("file", &place))
        }
        _ => unreadable(&error),
    })?;
    let size = metadata.len();
    if size > BYTES_MAX {
        let message = Message::new(&TOO_LARGE).with("bytes", size).with("limit", BYTES_MAX);
        return Err(Problem::new(Kind::Usage, message).at(place));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
    parse_request(&bytes).map_err(|problem| {
        let at = problem.place.clone().map_or_else(|| place.clone(), |path| format!("{place}: {path}"));
        problem.at(at)
    })
}

/// Parses a request.
///
/// # Errors
/// A [`Problem`] of kind [`Kind::Rules`] that names the field.
pub fn parse_request(bytes: &[u8]) -> Result<Request, Problem> {
    // serde would also take a list of values in the fields' order.
    if bytes.trim_ascii_start().first().is_some_and(|first| matches!(first, b'[' | b'"' | b'0'..=b'9')) {
        return Err(Problem::new(Kind::Rules, &NOT_AN_OBJECT).advise(see_example()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let file: FileV1 = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let advice = if path == "amount" { Message::new(&WRITE_AMOUNT) } else { see_example() };
        let problem = Problem::new(Kind::Rules, malformed(&error.into_inner())).advise(advice);
        // The path of the whole is a dot, which tells nobody anything.
        if matches!(path.as_str(), "." | "?") { problem } else { problem.at(path) }
    })?;
    reader.end().map_err(|error| Problem::new(Kind::Rules, malformed(&error)).advise(see_example()))?;
    file.checked()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileV1 {
    schema: String,
    #[serde(default)]
    key: Option<String>,
    gateway: String,
    order: String,
    #[serde(default)]
    amount: Option<String>,
    #[serde(default)]
    full: Option<bool>,
    #[serde(default)]
    receipt: Option<ReceiptV1>,
    #[serde(default)]
    reason: Option<String>,
    // Of the schema, and not done by this version: refused by name.
    #[serde(default)]
    lines: Option<serde_json::Value>,
    #[serde(default)]
    order_file: Option<serde_json::Value>,
    #[serde(default)]
    penalty: Option<serde_json::Value>,
    #[serde(default)]
    json_params: Option<serde_json::Value>,
    #[serde(default)]
    language: Option<serde_json::Value>,
    #[serde(default)]
    receipt_extras: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReceiptV1 {
    Cart,
    None,
}

impl FileV1 {
    fn checked(self) -> Result<Request, Problem> {
        if self.schema != SCHEMA {
            let message =
                Message::new(&OTHER_SCHEMA).with("found", tidy(&self.schema)).with("expected", SCHEMA);
            return Err(Problem::new(Kind::Rules, message).at("schema"));
        }
        self.refuse_what_is_not_done()?;
        let amount = match (&self.amount, self.full) {
            (Some(text), None | Some(false)) => RequestAmount::Exactly(roubles(text)?),
            (None, Some(true)) => RequestAmount::Full,
            (Some(_), Some(true)) => return Err(Problem::new(Kind::Rules, &AMOUNT_AND_FULL).at("amount")),
            (None, _) => return Err(Problem::new(Kind::Rules, &NO_AMOUNT).at("amount")),
        };
        let receipt = match self.receipt {
            None | Some(ReceiptV1::None) => ReceiptChoice::None,
            Some(ReceiptV1::Cart) => return Err(not_yet("receipt", "cart")),
        };
        if self.gateway.is_empty() {
            return Err(Problem::new(Kind::Rules, &EMPTY_ID).at("gateway"));
        }
        Ok(Request {
            key: self.key.map(IntentKey::parse).transpose().map_err(|error| bad_id("key", &error))?,
            gateway: self.gateway,
            order: PaymentId::parse(self.order).map_err(|error| bad_id("order", &error))?,
            amount,
            receipt,
            reason: self.reason.filter(|reason| !reason.trim().is_empty()),
        })
    }

    fn refuse_what_is_not_done(&self) -> Result<(), Problem> {
        let given = [
            ("lines", &self.lines),
            ("order_file", &self.order_file),
            ("penalty", &self.penalty),
            ("json_params", &self.json_params),
            ("language", &self.language),
            ("receipt_extras", &self.receipt_extras),
        ];
        match given.into_iter().find(|(_, value)| value.is_some()) {
            Some((field, _)) => Err(not_yet(field, field)),
            None => Ok(()),
        }
    }
}

fn malformed(error: &serde_json::Error) -> Message {
    let text = error.to_string();
    match foreign::misfit(&text) {
        Some(misfit) => foreign::sentence(&misfit),
        None if error.is_eof() || error.is_syntax() => {
            Message::new(&SYNTAX).with("line", error.line()).with("column", error.column())
        }
        None => Message::new(&MALFORMED).with("error", tidy(&text)),
    }
}

fn roubles(text: &str) -> Result<Money, Problem> {
    Money::parse_major(text, Currency::RUB).map_err(|error| {
        let message = match error {
            MoneyError::TooManyDecimals { .. } => Message::new(&TOO_MANY_DECIMALS).with("text", tidy(text)),
            MoneyError::NotANumber { .. } => Message::new(&NOT_A_NUMBER).with("text", tidy(text)),
            other => Message::new(&BAD_AMOUNT).with("error", other),
        };
        Problem::new(Kind::Rules, message).at("amount").advise(&WRITE_AMOUNT)
    })
}

fn bad_id(field: &str, error: &IdError) -> Problem {
    let message = match error {
        IdError::Empty { .. } => Message::new(&EMPTY_ID),
        IdError::TooLong { length, limit, .. } => {
            Message::new(&LONG_ID).with("length", length).with("limit", limit)
        }
        other => Message::new(&BAD_ID).with("error", other),
    };
    Problem::new(Kind::Rules, message).at(field)
}

fn see_example() -> Message {
    let example = r#"{"schema":"refund/request@1","gateway":"robokassa","order":"1001","amount":"150.00"}"#;
    Message::new(&SEE_EXAMPLE).with("example", example)
}

fn not_yet(field: &str, what: &str) -> Problem {
    Problem::new(Kind::Rules, Message::new(&NOT_YET).with("what", what)).at(field)
}

/// Somebody else's words in a sentence of ours: no control characters, not endless.
fn tidy(text: &str) -> String {
    refund_core::outcome::sanitize(text, 300)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = r#"{"schema":"refund/request@1","gateway":"acme","order":"1001","amount":"150.00"}"#;

    /// What is wrong with a request: the code and the place.
    fn check(text: &str, code: &str, place: &str) {
        let problem = parse_request(text.as_bytes()).expect_err(text);
        let found = (problem.code(), problem.place.as_deref().unwrap_or(""), problem.kind);
        assert_eq!(found, (code, place, Kind::Rules), "{text}: {:?}", problem.message);
    }

    fn with(field: &str, value: &str) -> String {
        GOOD.replacen('{', &format!("{{\"{field}\":{value},"), 1)
    }

    #[test]
    fn a_good_request_is_read_as_written() {
        let request = parse_request(GOOD.as_bytes()).expect("good");
        assert_eq!(request.amount, RequestAmount::Exactly(Money::rub(15_000)));
        assert_eq!((request.order.as_str(), request.key, request.reason), ("1001", None, None));
        let full = GOOD.replace(r#""amount":"150.00""#, r#""full":true,"receipt":"none","key":"k-1""#);
        let request = parse_request(full.as_bytes()).expect("good");
        assert_eq!(request.amount, RequestAmount::Full);
        assert_eq!(request.key.map(|key| key.to_string()), Some("k-1".to_owned()));
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        check("", "request-syntax", "");
        check("[]", "request-not-an-object", "");
        check(r#"["refund/request@1","k","acme","1001","1.00"]"#, "request-not-an-object", "");
        check(&with("amuont", "\"1\""), "field-unknown", "amuont");
        check(&GOOD.replace("\"150.00\"", "150.00"), "field-type", "amount");
        check(&GOOD.replace("\"1001\"", "1001"), "field-type", "order");
        check(&GOOD.replace("150.00", "150.001"), "request-amount-decimals", "amount");
        check(&GOOD.replace("150.00", "150.000"), "request-amount-decimals", "amount");
        check(&GOOD.replace("150.00", "150,00"), "request-amount-not-a-number", "amount");
        check(&GOOD.replace("150.00", "1e3"), "request-amount-not-a-number", "amount");
        check(&GOOD.replace("\"150.00\"", "null"), "request-no-amount", "amount");
        check(&with("full", "true"), "request-amount-and-full", "amount");
        check(&GOOD.replace("request@1", "request@2"), "request-schema", "schema");
        check(&GOOD.replace("1001", ""), "request-identifier-empty", "order");
        check(&GOOD.replace("1001", &"1".repeat(200)), "request-identifier-long", "order");
        check(&with("key", "\"a b\""), "request-identifier", "key");
        check(&with("lines", "[]"), "request-not-supported", "lines");
        check(&with("penalty", "\"1.00\""), "request-not-supported", "penalty");
        check(&with("receipt", "\"cart\""), "request-not-supported", "receipt");
        check(&with("receipt", "\"paper\""), "field-word", "receipt");
        check(&with("order", "\"7\""), "field-twice", "");
        check(&GOOD.replace(r#","order":"1001""#, ""), "field-missing", "");
        check(&format!("{GOOD} x"), "request-syntax", "");
    }

    #[test]
    fn without_a_key_the_content_is_the_key() {
        let account = || (ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
        let key = |text: &str| {
            let request = parse_request(text.as_bytes()).expect("good");
            let (provider, account) = account();
            request.key_for(&request.command(provider, account))
        };
        assert_eq!(key(GOOD), key(&with("reason", "\"another reason\"")), "a reason is not content");
        assert_ne!(key(GOOD), key(&GOOD.replace("150.00", "150.01")));
        assert_eq!(key(GOOD), key(&GOOD.replace("150.00", "150")), "the same amount, written otherwise");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_request(&bytes);
        }
    }
}
