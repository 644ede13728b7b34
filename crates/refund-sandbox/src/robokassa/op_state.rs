//! `OpStateExt`: the state of an operation by its invoice number, as XML.
//!
//! The place where a client finds `OpKey`. A refund never shows here: state stays 100 and the sums
//! stay as they were (REPORTED, merchant, live, for a refund in the cabinet; the same is assumed for
//! refunds by API). Moves no money.

use std::fmt::Write;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::hash;
use crate::call::{Call, Reply};
use crate::funnel::Twist;
use crate::ledger::{Gateway, Payment, Phase};
use crate::money::six_decimals;
use crate::shops::{ROBOKASSA_LOGIN, ROBOKASSA_PASSWORD2};
use crate::switches::{OpKeyShown, XmlNamespace};
use crate::text::form::Form;
use crate::world::World;

const XML: &str = "text/xml; charset=utf-8";

/// Result.Code (CONFIRMED, transcript).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResultCode {
    Processed = 0,
    BadSignature = 1,
    UnknownShop = 2,
    NoOperation = 3,
    SeveralOperations = 4,
}

pub(crate) fn op_state_ext(world: &mut World, call: &Call, _: &Twist) -> Reply {
    let asked = match Question::read(call) {
        Ok(asked) => asked,
        Err(complaint) => return Reply::new(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", complaint),
    };
    let xml = match answer(world, &asked) {
        Ok(payment) => document(world, ResultCode::Processed, Some(payment)),
        Err(code) => document(world, code, None),
    };
    Reply::new(StatusCode::OK, XML, xml)
}

/// The three parameters.
struct Question {
    login: String,
    invoice: String,
    signature: String,
}

impl Question {
    /// Each exactly once. What the service says to anything else is not attested: 400 and a text.
    fn read(call: &Call) -> Result<Self, String> {
        let text = if call.method == Method::GET { call.query() } else { &call.body };
        if call.method == Method::POST && !call.is_media_type("application/x-www-form-urlencoded") {
            return Err("sandbox: the body is not a form".to_owned());
        }
        let form = Form::parse(text).map_err(|_| "sandbox: the parameters are badly encoded".to_owned())?;
        let single = |name: &str| {
            let value = form.single(name).map(str::to_owned);
            value.ok_or_else(|| format!("sandbox: {name} is not given exactly once"))
        };
        let question = Self {
            login: single("MerchantLogin")?,
            invoice: single("InvoiceID")?,
            signature: single("Signature")?,
        };
        // InvId is 1..9223372036854775807 (CONFIRMED, transcript).
        let integer = question.invoice.bytes().all(|byte| byte.is_ascii_digit())
            && question.invoice.parse::<i64>().is_ok();
        if integer { Ok(question) } else { Err("sandbox: InvoiceID is not an integer".to_owned()) }
    }
}

fn answer<'a>(world: &'a World, asked: &Question) -> Result<&'a Payment, ResultCode> {
    if asked.login != ROBOKASSA_LOGIN {
        return Err(ResultCode::UnknownShop);
    }
    // Over the values as they were sent (CONFIRMED, transcript; vendor plugin).
    let base = format!("{}:{}:{ROBOKASSA_PASSWORD2}", asked.login, asked.invoice);
    if !hash::matches(world.switches.robokassa.hash, &base, &asked.signature) {
        return Err(ResultCode::BadSignature);
    }
    let number = asked.invoice.trim_start_matches('0');
    match world.ledger.numbered(Gateway::Robokassa, number)[..] {
        [] => Err(ResultCode::NoOperation),
        [payment] => Ok(payment),
        // A test payment that used the same number, for one (CONFIRMED, transcript).
        _ => Err(ResultCode::SeveralOperations),
    }
}

/// On a non-zero code only `Result` is there (CONFIRMED, docs).
fn document(world: &World, code: ResultCode, payment: Option<&Payment>) -> String {
    let namespace = match world.switches.robokassa.xml_namespace {
        XmlNamespace::Roboxchange => "http://merchant.roboxchange.com/WebService/",
        XmlNamespace::Robokassa => "http://auth.robokassa.ru/Merchant/WebService/",
    };
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let code = code as u8;
    // Writing to a String cannot fail, here and below.
    let _ = write!(xml, "<OperationStateResponse xmlns=\"{namespace}\"><Result><Code>{code}</Code></Result>");
    if let Some(payment) = payment {
        state(&mut xml, payment, world.clock.now());
        info(&mut xml, payment, world.switches.robokassa.op_state_op_key);
    }
    xml.push_str("</OperationStateResponse>\n");
    xml
}

fn state(xml: &mut String, payment: &Payment, now: Timestamp) {
    // 5 only initialised, 10 cancelled, 20 HOLD, 100 paid and credited (CONFIRMED, transcript).
    let code = match payment.phase {
        Phase::Created => 5,
        Phase::Reversed | Phase::Declined => 10,
        Phase::Held => 20,
        Phase::Paid => 100,
    };
    let (asked, changed) = (moscow(now), moscow(payment.paid_at));
    let _ = write!(
        xml,
        "<State><Code>{code}</Code><RequestDate>{asked}</RequestDate><StateDate>{changed}</StateDate></State>"
    );
}

fn info(xml: &mut String, payment: &Payment, shown: OpKeyShown) {
    let (paid, credited) = (six_decimals(payment.captured), six_decimals(payment.credited));
    let _ = write!(
        xml,
        "<Info><IncCurrLabel>BankCardPSR</IncCurrLabel><IncSum>{paid}</IncSum>\
         <IncAccount>411111******1111</IncAccount><PaymentMethod><Code>BankCard</Code>\
         <Description>Банковская карта</Description></PaymentMethod><OutCurrLabel>RUR</OutCurrLabel>\
         <OutSum>{credited}</OutSum>"
    );
    if shown == OpKeyShown::Shown {
        // Letters, digits and hyphens only: the control API takes no other key, nothing to escape.
        let _ = write!(xml, "<OpKey>{}</OpKey>", payment.id);
    }
    xml.push_str("<BankCardRRN>123456789012</BankCardRRN></Info><UserField />");
}

/// ISO 8601 with seven fraction digits and Moscow's offset, the form of the docs' sample.
fn moscow(instant: Timestamp) -> String {
    let zoned = instant.to_zoned(TimeZone::fixed(Offset::constant(3)));
    zoned.strftime("%Y-%m-%dT%H:%M:%S.0000000%:z").to_string()
}
