//! OpStateExt: what Robokassa knows of one paid operation.
//!
//! Only this call gives the operation key after the payment. It says nothing of refunds: a refunded operation keeps
//! answering state 100 (REPORTED, merchant on the live service). It must not know what a refund is.

use super::{op_key::OpKey, xml};
use refund_core::{Currency, Money, PaymentState, outcome::sanitize};

pub use super::xml::XmlError;

/// The path below the authorisation address.
pub const PATH: &str = "/Merchant/WebService/Service.asmx/OpStateExt";

/// The address to ask about one operation, below the authorisation address. It holds the signature
/// ([`super::signature::of_operation`]), so it is not for logs.
pub fn path_and_query(login: &str, invoice: u64, signature: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("MerchantLogin", login)
        .append_pair("InvoiceID", &invoice.to_string())
        .append_pair("Signature", signature)
        .finish();
    format!("{PATH}?{query}")
}

/// An answer that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpState {
    /// `Result/Code` 0.
    Operation(Operation),
    /// Any other `Result/Code`; nothing else is told then (CONFIRMED, XML interfaces page).
    Refused {
        /// The code.
        code: ResultCode,
        /// `Result/Description`, if it came: control characters removed, at most 200 characters.
        description: Option<String>,
    },
}

/// A paid or unpaid operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `State/Code`.
    pub state: u32,
    /// `Info/IncSum`: what the payer paid, in kopecks. Answers carry six decimals (REPORTED, third-party code).
    pub inc_sum: Option<Money>,
    /// `Info/OpKey`. One merchant saw it for card payments alone, the vendor's plugin refunds other methods too: it is
    /// optional here.
    pub op_key: Option<OpKey>,
    /// `Info/PaymentMethod/Code`, at most 64 characters.
    pub method: Option<String>,
}

impl Operation {
    /// The state in the field's words (CONFIRMED, XML interfaces page, as transcribed). State 50, money received but
    /// not yet credited to the shop, has no word there and keeps its number; so does a state nobody documented.
    pub fn payment_state(&self) -> PaymentState {
        match self.state {
            5 => PaymentState::Pending,
            10 | 60 => PaymentState::Void,
            20 => PaymentState::Held,
            80 => PaymentState::Suspended,
            100 => PaymentState::Captured,
            other => PaymentState::Other(other.to_string()),
        }
    }
}

/// `Result/Code` other than 0 (CONFIRMED, XML interfaces page, as transcribed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultCode {
    /// 1: the signature is wrong. Also the answer to the test pair's Password2 (REPORTED, merchant on the live service).
    BadSignature,
    /// 2: the shop is unknown or not activated.
    NoShop,
    /// 3: no operation with this InvoiceID. Normal right after the payer was sent to the payment page.
    NoOperation,
    /// 4: two operations with this InvoiceID, which happens when a test payment used the same number.
    TwoOperations,
    /// 1000: an internal error.
    Internal,
    /// A code nobody documented.
    Other(u32),
}

impl From<u32> for ResultCode {
    fn from(code: u32) -> Self {
        match code {
            1 => Self::BadSignature,
            2 => Self::NoShop,
            3 => Self::NoOperation,
            4 => Self::TwoOperations,
            1000 => Self::Internal,
            other => Self::Other(other),
        }
    }
}

/// Why an answer could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpStateError {
    /// Not the XML of this call.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// An element that this answer must have is absent.
    #[error("the answer has no {path}")]
    Missing {
        /// Which, from below the document element.
        path: &'static str,
    },
    /// An element with a text that is not of its kind.
    #[error("the answer's {path} cannot be read: {detail}")]
    Value {
        /// Which, from below the document element.
        path: &'static str,
        /// What is wrong with it.
        detail: String,
    },
}

const RESULT: &str = "Result/Code";
const DESCRIPTION: &str = "Result/Description";
const STATE: &str = "State/Code";
const INC_SUM: &str = "Info/IncSum";
const OP_KEY: &str = "Info/OpKey";
const METHOD: &str = "Info/PaymentMethod/Code";

/// Reads an answer.
///
/// # Errors
/// [`OpStateError`].
pub fn decode(body: &[u8]) -> Result<OpState, OpStateError> {
    let wanted = [RESULT, DESCRIPTION, STATE, INC_SUM, OP_KEY, METHOD];
    let [result, description, state, inc_sum, op_key, method] =
        xml::texts(body, "OperationStateResponse", wanted)?.map(|text| text.filter(|t| !t.is_empty()));
    let result = number(RESULT, result)?;
    if result != 0 {
        let description = description.map(|text| sanitize(&text, 200));
        return Ok(OpState::Refused { code: result.into(), description });
    }
    Ok(OpState::Operation(Operation {
        state: number(STATE, state)?,
        inc_sum: inc_sum.map(|text| roubles(INC_SUM, &text)).transpose()?,
        op_key: op_key.map(|text| key(OP_KEY, text)).transpose()?,
        method: method.map(|text| sanitize(&text, 64)),
    }))
}

fn number(path: &'static str, text: Option<String>) -> Result<u32, OpStateError> {
    let text = text.ok_or(OpStateError::Missing { path })?;
    text.parse().map_err(|_| value(path, format!("{:?} is not a code", sanitize(&text, 40))))
}

fn roubles(path: &'static str, text: &str) -> Result<Money, OpStateError> {
    Money::parse_major_padded(text, Currency::RUB)
        .map_err(|error| value(path, sanitize(&error.to_string(), 200)))
}

fn key(path: &'static str, text: String) -> Result<OpKey, OpStateError> {
    OpKey::parse(text).map_err(|error| value(path, error.to_string()))
}

fn value(path: &'static str, detail: String) -> OpStateError {
    OpStateError::Value { path, detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOCUMENTS: &str = "http://auth.robokassa.ru/Merchant/WebService/";
    const PLUGIN: &str = "http://merchant.roboxchange.com/WebService/";

    /// The documents' structure with every member.
    fn whole(namespace: &str, state: u32) -> String {
        format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<OperationStateResponse xmlns="{namespace}">
  <Result><Code>0</Code></Result>
  <State>
    <Code>{state}</Code>
    <RequestDate>2026-11-20T12:00:05.1234567+03:00</RequestDate>
    <StateDate>2026-11-20T11:58:41.4100000+03:00</StateDate>
  </State>
  <Info>
    <IncCurrLabel>BankCardPSR</IncCurrLabel>
    <IncSum>100.000000</IncSum>
    <IncAccount>411111******1111</IncAccount>
    <PaymentMethod><Code>BankCard</Code><Description>Карта &amp; др.</Description></PaymentMethod>
    <OutCurrLabel>RUR</OutCurrLabel>
    <OutSum>97.000000</OutSum>
    <OpKey>0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF</OpKey>
    <BankCardRRN>123456789012</BankCardRRN>
  </Info>
  <UserField><Field><Name>Shp_order</Name><Value>42</Value></Field></UserField>
</OperationStateResponse>"#
        )
    }

    fn short(inside: &str) -> String {
        format!("<OperationStateResponse>{inside}</OperationStateResponse>")
    }

    fn operation(body: &str) -> Operation {
        match decode(body.as_bytes()) {
            Ok(OpState::Operation(operation)) => operation,
            other => panic!("{other:?}\n{body}"),
        }
    }

    #[test]
    fn the_question_is_a_signed_address() {
        assert_eq!(
            path_and_query("demo", 42, "f353ee130073f22b83d01e4c4e8b5d74"),
            "/Merchant/WebService/Service.asmx/OpStateExt?MerchantLogin=demo&InvoiceID=42&Signature=\
             f353ee130073f22b83d01e4c4e8b5d74"
        );
        let odd = path_and_query("мой&shop", 1, "0");
        assert!(odd.contains("MerchantLogin=%D0%BC%D0%BE%D0%B9%26shop&InvoiceID=1&"), "{odd}");
    }

    #[test]
    fn an_operation_is_read_in_either_namespace_and_with_prefixes() {
        let expected = Operation {
            state: 100,
            inc_sum: Some(Money::rub(10_000)),
            op_key: OpKey::parse("0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF").ok(),
            method: Some("BankCard".to_owned()),
        };
        assert_eq!(operation(&whole(DOCUMENTS, 100)), expected);
        assert_eq!(operation(&whole(PLUGIN, 100)), expected);
        assert_eq!(operation(&format!("\u{feff}{}", whole(PLUGIN, 100))), expected);
        let prefixed = r#"<m:OperationStateResponse xmlns:m="x"><m:Result><m:Code>0</m:Code></m:Result>
            <m:State><m:Code>100</m:Code></m:State></m:OperationStateResponse>"#;
        assert_eq!(operation(prefixed), Operation { state: 100, inc_sum: None, op_key: None, method: None });
    }

    #[test]
    fn what_was_paid_is_read_from_its_digits() {
        for (text, kopecks) in [
            // 2^53 + 1 kopecks: no float holds them.
            ("90071992547409.930000", 9_007_199_254_740_993),
            ("92233720368547758.070000", i64::MAX),
            ("0.300000", 30),
            ("19.99", 1_999),
        ] {
            let answer = whole(PLUGIN, 100).replace("100.000000", text);
            assert!(answer.contains(text), "the sample has that sum");
            assert_eq!(operation(&answer).inc_sum, Some(Money::rub(kopecks)), "{text}");
        }
    }

    #[test]
    fn states_in_the_fields_words() {
        for (code, expected) in [
            (5, PaymentState::Pending),
            (10, PaymentState::Void),
            (20, PaymentState::Held),
            (50, PaymentState::Other("50".to_owned())),
            (60, PaymentState::Void),
            (80, PaymentState::Suspended),
            (100, PaymentState::Captured),
            (0, PaymentState::Other("0".to_owned())),
            (777, PaymentState::Other("777".to_owned())),
        ] {
            assert_eq!(operation(&whole(PLUGIN, code)).payment_state(), expected, "{code}");
        }
    }

    #[test]
    fn refusals_have_their_code_and_nothing_else() {
        for (code, expected) in [
            (1, ResultCode::BadSignature),
            (2, ResultCode::NoShop),
            (3, ResultCode::NoOperation),
            (4, ResultCode::TwoOperations),
            (1000, ResultCode::Internal),
            (17, ResultCode::Other(17)),
        ] {
            let body = short(&format!("<Result><Code>{code}</Code></Result>"));
            let refused = OpState::Refused { code: expected, description: None };
            assert_eq!(decode(body.as_bytes()), Ok(refused), "{code}");
        }
        let told = short(
            "<Result><Code>3</Code><Description>нет\u{202e} <![CDATA[<такой>]]> &#x21;</Description></Result>",
        );
        let description = Some("нет <такой> !".to_owned());
        assert_eq!(
            decode(told.as_bytes()),
            Ok(OpState::Refused { code: ResultCode::NoOperation, description })
        );
    }

    #[test]
    fn a_description_is_no_error_and_foreign_codes_are_not_taken() {
        let body = short(
            "<Info><PaymentMethod><Code>SBP</Code></PaymentMethod><OpKey/></Info><State><Code> 100 </Code></State>\
             <Result><Description>ok</Description><Code>0</Code></Result>",
        );
        let expected = Operation { state: 100, inc_sum: None, op_key: None, method: Some("SBP".to_owned()) };
        assert_eq!(operation(&body), expected);
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let deep = short(&format!("{}{}", "<a>".repeat(40), "</a>".repeat(40)));
        let many = short(&"<a/>".repeat(10_001));
        let ok = "<Result><Code>0</Code></Result>";
        for (body, expected) in [
            ("", "the XML is broken at byte 0"),
            ("<OperationStateResponse><Result>", "the XML is broken at byte"),
            ("<OperationStateResponse></Result>", "the XML is broken at byte"),
            (&format!("{}<x/>", short(ok)), "the XML is broken at byte"),
            (&format!("{} tail", short(ok)), "the XML is broken at byte"),
            ("<html><body>502</body></html>", "another document"),
            ("<!DOCTYPE x [<!ENTITY e 'boo'>]><OperationStateResponse/>", "document type"),
            (&short("<Result><Code>&e;</Code></Result>"), "the XML is broken at byte"),
            (&short("<Result><Code>&#0;</Code></Result>"), "the XML is broken at byte"),
            (&deep, "too many elements or nests"),
            (&many, "too many elements or nests"),
            (&short(""), "no Result/Code"),
            (&short("<Result><Code></Code></Result>"), "no Result/Code"),
            (&short("<Result><Code>-1</Code></Result>"), "Result/Code cannot be read: \"-1\" is not a code"),
            (&short(&format!("{ok}{ok}")), "Result/Code twice"),
            (&short(ok), "no State/Code"),
            (&short(&format!("{ok}<State><Code>paid</Code></State>")), "State/Code cannot be read"),
            (
                &short(&format!("{ok}<State><Code>100</Code></State><Info><IncSum>1.005</IncSum></Info>")),
                "Info/IncSum cannot be read: \"1.005\" has more than 2 decimal places",
            ),
            (
                &short(&format!("{ok}<State><Code>100</Code></State><Info><IncSum>1,00</IncSum></Info>")),
                "Info/IncSum cannot be read: \"1,00\" is not an amount",
            ),
            (
                &short(&format!("{ok}<State><Code>100</Code></State><Info><OpKey>a b</OpKey></Info>")),
                "Info/OpKey cannot be read: the operation key holds a space",
            ),
        ] {
            let error = decode(body.as_bytes()).expect_err(body).to_string();
            assert!(error.contains(expected), "{error}, expected {expected}");
        }
        let long = vec![b' '; 10].into_iter().chain(vec![b'a'; (1 << 20) + 1]).collect::<Vec<_>>();
        assert_eq!(decode(&long), Err(OpStateError::Xml(XmlError::TooLong { length: (1 << 20) + 1 })));
        let cp1251 = b"<OperationStateResponse>\xcf</OperationStateResponse>";
        assert_eq!(decode(cp1251), Err(OpStateError::Xml(XmlError::NotUtf8 { position: 24 })));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn no_markup_panics(inside in "[<>/&;!\\[\\]a-dA-Z0-9#x\"'= -]{0,120}") {
            let _ = decode(short(&inside).as_bytes());
        }

        /// A flipped, cut or inserted byte gives an answer or an error, never a panic.
        #[test]
        fn no_damage_panics(at in 0_usize..1200, byte: u8, cut in 0_usize..1200) {
            let mut body = whole(PLUGIN, 100).into_bytes();
            let index = at % body.len();
            body[index] = byte;
            body.truncate(cut.max(1));
            let _ = decode(&body);
        }
    }
}
