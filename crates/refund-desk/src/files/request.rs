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
//! the intent; without it, the request's own content does. The rest is for refunds with a cart and for what some
//! gateways take beside it:
//!
//! | field | what |
//! |---|---|
//! | `lines` | what comes back: `position`, `quantity`, and as far as it is to be compared or said `name`, `code`, `measure`, `price`, `amount`, `currency` |
//! | `order_file` | the order as the shop sold it (`refund/order@1`), a path relative to this file; for gateways that keep no cart |
//! | `receipt` | `cart`: a receipt from the lines; `none` (or left out): money only |
//! | `receipt_extras` | receipt fields beyond the lines: an object of strings or lists of strings |
//! | `penalty` | what is kept from the refund, in roubles |
//! | `json_params` | more parameters for the gateway: an object of strings |
//! | `language` | the language of the gateway's messages |

use super::{
    lines::{self, AskedV1},
    named::Named,
    order::{self, Order},
    read,
    sentences::{ABSOLUTE, AMOUNT_AND_FULL, EMPTY_ID, NO_AMOUNT},
    words::{bad_amount, bad_id, other_schema, tidy, wrong},
};
use crate::problem::Problem;
use refund_core::{
    AccountId, AsLine, Currency, Digest, IntentKey, Message, Money, PaymentId, PaymentRef, ProviderId,
    ReceiptChoice, RefundAmount, RefundCommand, RefundLine,
};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The schema this version reads.
const SCHEMA: &str = "refund/request@1";

/// What a request looks like, for whoever wrote none.
const EXAMPLE: &str =
    r#"{"schema":"refund/request@1","gateway":"robokassa","order":"1001","amount":"150.00"}"#;

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
    /// Which lines come back; `None` is a refund without a cart.
    pub lines: Option<Vec<RefundLine>>,
    /// Where the order's file is, relative to the request's.
    pub order_file: Option<PathBuf>,
    /// The order that file tells; read by [`read_request`] only.
    pub sold: Option<Order>,
    /// What is kept from the refund.
    pub penalty: Option<Money>,
    /// More parameters for the gateway, by name.
    pub params: BTreeMap<String, String>,
    /// The language of the gateway's messages.
    pub language: Option<String>,
    /// Receipt fields beyond the lines, by the gateway's own names.
    pub receipt_extras: BTreeMap<String, Vec<String>>,
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
        command.lines = self.lines.clone();
        command.order = self.sold.as_ref().map(|order| order.cart.clone());
        command.penalty = self.penalty;
        command.params = self.params.clone();
        command.language = self.language.clone();
        command.receipt_extras = self.receipt_extras.clone();
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

/// Reads a request file, and the order file it names.
///
/// # Errors
/// A [`Problem`] of kind [`crate::Kind::Usage`] when a file cannot be read, else as [`parse_request`].
pub fn read_request(path: &Path) -> Result<Request, Problem> {
    let mut request = read::file(path, parse_request)?;
    if let Some(named) = &request.order_file {
        let at = path.parent().unwrap_or(Path::new("")).join(named);
        let sold = order::read_order(&at)?;
        sold.is_of(&request.order).map_err(|problem| problem.at(format!("{}: order", at.display())))?;
        request.sold = Some(sold);
    }
    Ok(request)
}

/// Parses a request. The order file it may name is not read.
///
/// # Errors
/// A [`Problem`] of kind [`crate::Kind::Rules`] that names the field.
pub fn parse_request(bytes: &[u8]) -> Result<Request, Problem> {
    RequestRef::parse(bytes)?.into_request()
}

/// A request whose lines still lie in the bytes of its file.
///
/// Its numbers are not read yet: where one cannot be, [`AsLine::numbers`] answers nothing, and
/// [`RequestRef::into_request`] says why.
#[derive(Debug)]
pub struct RequestRef<'a> {
    head: Request,
    lines: Vec<AskedV1<'a>>,
}

impl<'a> RequestRef<'a> {
    /// Parses a request as far as its lines. The order file it may name is not read.
    ///
    /// # Errors
    /// As [`parse_request`], but for the values of lines.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Problem> {
        let mut file: FileV1<'a> = read::object(bytes, EXAMPLE)?;
        let lines = file.lines.take();
        let mut head = file.checked()?;
        head.lines = lines.as_ref().map(|_| Vec::new());
        Ok(Self { head, lines: lines.unwrap_or_default() })
    }

    /// The request without its lines: an empty list where it has some.
    pub fn head(&self) -> &Request {
        &self.head
    }

    /// The lines, none of them copied.
    pub fn lines(&self) -> &[impl AsLine + use<'a>] {
        &self.lines
    }

    /// The request with its lines, every value parsed.
    ///
    /// # Errors
    /// A [`Problem`] of kind [`crate::Kind::Rules`] that names the first line's field that cannot be read.
    pub fn into_request(self) -> Result<Request, Problem> {
        let Self { mut head, lines } = self;
        if let Some(own) = &mut head.lines {
            *own = asked(lines)?;
        }
        Ok(head)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileV1<'a> {
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
    #[serde(borrow, default)]
    lines: Option<Vec<AskedV1<'a>>>,
    #[serde(default)]
    order_file: Option<PathBuf>,
    #[serde(default)]
    penalty: Option<String>,
    #[serde(default)]
    json_params: Named<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    receipt_extras: Named<OneOrMore>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReceiptV1 {
    Cart,
    None,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "string or list of strings")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl FileV1<'_> {
    /// Everything but the lines.
    fn checked(self) -> Result<Request, Problem> {
        if self.schema != SCHEMA {
            return Err(other_schema(&self.schema, SCHEMA));
        }
        let amount = self.amount()?;
        if self.gateway.is_empty() {
            return Err(wrong(&EMPTY_ID, "gateway"));
        }
        if let Some(file) = self.order_file.as_ref().filter(|file| file.has_root()) {
            let message = Message::new(&ABSOLUTE).with("file", tidy(&file.display().to_string()));
            return Err(wrong(message, "order_file"));
        }
        let extras = self.receipt_extras.0.into_iter().map(|(name, values)| match values {
            OneOrMore::One(value) => (name, vec![value]),
            OneOrMore::More(values) => (name, values),
        });
        Ok(Request {
            key: self.key.map(IntentKey::parse).transpose().map_err(|error| bad_id(&error, "key"))?,
            gateway: self.gateway,
            order: PaymentId::parse(self.order).map_err(|error| bad_id(&error, "order"))?,
            amount,
            receipt: match self.receipt {
                None | Some(ReceiptV1::None) => ReceiptChoice::None,
                Some(ReceiptV1::Cart) => ReceiptChoice::Cart,
            },
            reason: self.reason.filter(|reason| !reason.trim().is_empty()),
            lines: None,
            order_file: self.order_file,
            sold: None,
            penalty: lines::money(self.penalty.as_deref(), Currency::RUB, "penalty")?,
            params: self.json_params.0,
            language: self.language,
            receipt_extras: extras.collect(),
        })
    }

    fn amount(&self) -> Result<RequestAmount, Problem> {
        match (&self.amount, self.full) {
            (Some(text), None | Some(false)) => Money::parse_major(text, Currency::RUB)
                .map(RequestAmount::Exactly)
                .map_err(|error| bad_amount(&error, "amount")),
            (None, Some(true)) => Ok(RequestAmount::Full),
            (Some(_), Some(true)) => Err(wrong(&AMOUNT_AND_FULL, "amount")),
            (None, _) => Err(wrong(&NO_AMOUNT, "amount")),
        }
    }
}

fn asked(lines: Vec<AskedV1<'_>>) -> Result<Vec<RefundLine>, Problem> {
    lines.into_iter().enumerate().map(|(index, line)| line.checked(&format!("lines[{index}]"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;
    use proptest::prelude::*;
    use refund_core::{Measure, Quantity};

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
    fn everything_a_request_can_say_reaches_the_command() {
        let text = GOOD.replacen(
            '{',
            r#"{"lines":[{"position":"1","quantity":"1.5","name":"Мёд","code":"h","measure":"кг","price":"100.10","amount":"150.15","currency":"RUB"}],
               "penalty":"1300.00","json_params":{"a":"1"},"language":"ru","receipt":"cart",
               "receipt_extras":{"customer.inn":"7707083893","phones":["1","2"]},"#,
            1,
        );
        let request = parse_request(text.as_bytes()).expect("good");
        let account = AccountId::parse("shop").expect("valid");
        let command = request.command(ProviderId::from_static("acme"), account);
        let mut line = RefundLine::new("1", Quantity::from_thousandths(1_500));
        line.name = Some("Мёд".to_owned());
        line.code = Some("h".to_owned());
        line.measure = Some(Measure("кг".to_owned()));
        line.price = Some(Money::rub(10_010));
        line.amount = Some(Money::rub(15_015));
        line.currency = Some(Currency::RUB);
        assert_eq!(command.lines, Some(vec![line]));
        assert_eq!((command.receipt, command.penalty), (ReceiptChoice::Cart, Some(Money::rub(130_000))));
        assert_eq!(command.params, BTreeMap::from([("a".to_owned(), "1".to_owned())]));
        assert_eq!(command.language.as_deref(), Some("ru"));
        let text = |text: &str| text.to_owned();
        let extras =
            [(text("customer.inn"), vec![text("7707083893")]), (text("phones"), vec![text("1"), text("2")])];
        assert_eq!(command.receipt_extras, BTreeMap::from(extras));
    }

    #[test]
    fn the_order_file_lies_beside_the_request() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        std::fs::create_dir(folder.path().join("orders")).expect("made");
        write("request.json", &with("order_file", "\"orders/1.json\""));
        let read = || read_request(&folder.path().join("request.json"));
        let missing = read().expect_err("no order file yet");
        assert_eq!((missing.code(), missing.kind), ("request-no-file", Kind::Usage));
        let order = r#"{"schema":"refund/order@1","order":"ORDER","paid":"1.00","lines":[{"position":"1","name":"n","quantity":"1","price":"1.00"}]}"#;
        write("orders/1.json", &order.replace("ORDER", "7"));
        let other = read().expect_err("another order");
        assert_eq!(other.code(), "order-file-other");
        assert!(other.place.is_some_and(|place| place.ends_with("orders/1.json: order")));
        write("orders/1.json", &order.replace("ORDER", "1001"));
        let request = read().expect("good");
        let command =
            request.command(ProviderId::from_static("acme"), AccountId::parse("shop").expect("valid"));
        assert_eq!(command.order.map(|cart| cart.lines.len()), Some(1));
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
        check(&with("penalty", "1.00"), "field-type", "penalty");
        check(&with("penalty", "\"1.005\""), "request-amount-decimals", "penalty");
        check(&with("json_params", "{\"a\":1}"), "field-type", "json_params.a");
        check(&with("json_params", "{\"a\":\"1\",\"a\":\"2\"}"), "field-twice", "json_params");
        check(&with("json_params", "[]"), "field-type", "json_params");
        check(&with("receipt_extras", "{\"a\":1}"), "request-malformed", "receipt_extras.a");
        check(&with("language", "1"), "field-type", "language");
        check(&with("order_file", "\"/etc/passwd\""), "request-order-file-absolute", "order_file");
        let line = |fields: &str| with("lines", &format!("[{{\"position\":\"1\",{fields}}}]"));
        check(&with("lines", "{}"), "field-type", "lines");
        check(&with("lines", "[{\"position\":\"1\"}]"), "field-missing", "lines[0]");
        check(&line("\"quantity\":1"), "field-type", "lines[0].quantity");
        check(&line("\"quantity\":\"0.1255\""), "request-quantity-decimals", "lines[0].quantity");
        check(&line("\"quantity\":\"1.0000\""), "request-quantity-decimals", "lines[0].quantity");
        check(&line("\"quantity\":\"a\""), "request-quantity-not-a-number", "lines[0].quantity");
        check(&line("\"quantity\":\"1\",\"amount\":\"1.001\""), "request-amount-decimals", "lines[0].amount");
        check(&line("\"quantity\":\"1\",\"currency\":\"rub\""), "request-currency", "lines[0].currency");
        check(&line("\"quantity\":\"1\",\"nmae\":\"x\""), "field-unknown", "lines[0].nmae");
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
