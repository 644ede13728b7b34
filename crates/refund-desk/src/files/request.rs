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
//! | `allocate` | how the lines are made, where they are not written out: see the module `allocate` beside this one |

use super::{
    allocate::AllocateV1,
    lines::{self, AskedV1},
    named::Named,
    order::{self, Order},
    read,
    sentences::{ABSOLUTE, AMOUNT_AND_FULL, EMPTY_ID, NO_AMOUNT},
    words::{bad_amount, bad_id, other_schema, tidy, wrong},
};
use crate::problem::Problem;
use refund_core::{
    AccountId, Allocation, AsLine, Currency, Digest, IntentKey, Message, Money, PaymentId, PaymentRef,
    ProviderId, ReceiptChoice, RefundAmount, RefundCommand, RefundLine,
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
    /// How the lines are made, where they are not written out.
    pub allocate: Option<Allocation>,
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
        command.allocate = self.allocate.clone();
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
    #[serde(default)]
    allocate: Option<AllocateV1>,
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
            allocate: self.allocate.map(AllocateV1::checked).transpose()?,
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
mod tests;
