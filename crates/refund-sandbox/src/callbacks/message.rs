//! How a callback is spelt: form parameters with a checksum (OLD), JSON without any proof (ECOM).
//!
//! Knows both forms and the shop's key; no target, no attempt.

use std::collections::BTreeMap;
use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::{Patience, Verb};
use crate::ledger::{Gateway, News, What};
use crate::shops::SBER_CALLBACK_KEY;
use crate::switches::{CallbackAmounts, Checksum, SberSwitches};

/// A message, ready to travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// To be appended to the target's query.
    Query(String),
    Form(String),
    Json(Vec<u8>),
}

impl What {
    /// The word both dialects use (CONFIRMED, platform vendor and ecomtest).
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Approved => "approved",
            Self::Deposited => "deposited",
            Self::Reversed => "reversed",
            Self::Refunded(_) => "refunded",
        }
    }
}

/// The message of some news and how long it is repeated; `None` where the gateway has no callback for
/// it.
pub(super) fn of(news: &News, verb: Verb, switches: &SberSwitches) -> Option<(Message, Patience)> {
    match news.gateway {
        Gateway::Robokassa => None,
        // The OLD dialect tells of holds, debits, cancellations and refunds (CONFIRMED, Sber wiki).
        Gateway::SberOld if news.what == What::Created => None,
        Gateway::SberOld => {
            let text = encode(&parameters(news, switches));
            let message = match verb {
                Verb::Get => Message::Query(text),
                Verb::Post => Message::Form(text),
            };
            let patience = Patience {
                attempts: switches.callback_attempts,
                every_seconds: switches.callback_retry_seconds,
            };
            Some((message, patience))
        }
        Gateway::SberEcom => {
            let patience = Patience {
                attempts: switches.ecom.callback_attempts,
                every_seconds: switches.ecom.callback_retry_seconds,
            };
            Some((Message::Json(json(news)), patience))
        }
    }
}

fn parameters(news: &News, switches: &SberSwitches) -> BTreeMap<&'static str, String> {
    let mut parameters = BTreeMap::from([
        ("mdOrder", news.id.clone()),
        ("orderNumber", news.number.clone()),
        ("operation", news.what.word().to_owned()),
        ("status", "1".to_owned()),
    ]);
    // Each of these is switched on by the bank's support (CONFIRMED, platform vendor).
    if let (What::Refunded(amount), CallbackAmounts::Shown) = (news.what, switches.callback_amounts) {
        parameters.insert("operationRefundedAmount", amount.to_string());
        parameters.insert("refundedAmount", news.refunded.to_string());
        parameters.insert("depositedAmount", news.deposited.to_string());
    }
    if switches.callback_checksum == Checksum::Symmetric {
        let checksum = checksum(&parameters, SBER_CALLBACK_KEY.as_bytes());
        parameters.insert("checksum", checksum);
    }
    parameters
}

/// `name;value;` over the parameters in code-point order, HMAC-SHA256, upper-case hex (CONFIRMED,
/// platform vendor). The map's order is that order.
fn checksum(parameters: &BTreeMap<&'static str, String>, key: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for (name, value) in parameters {
        mac.update(format!("{name};{value};").as_bytes());
    }
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02X}");
        hex
    })
}

fn encode(parameters: &BTreeMap<&'static str, String>) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// No checksum and no amount (CONFIRMED, ecomtest): a hint to read the order again.
fn json(news: &News) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Callback<'a> {
        md_order: &'a str,
        order_number: &'a str,
        operation: &'static str,
        status: u8,
        additional_params: BTreeMap<String, String>,
    }
    let callback = Callback {
        md_order: &news.id,
        order_number: &news.number,
        operation: news.what.word(),
        status: 1,
        additional_params: BTreeMap::new(),
    };
    serde_json::to_vec(&callback).expect("a struct of strings and numbers always becomes JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_platform_vendors() {
        // The vendor's own vector for symmetric callbacks.
        let parameters = BTreeMap::from([
            ("mdOrder", "06cf5599-3f17-7c86-bdbc-bd7d00a8b38b".to_owned()),
            ("operation", "approved".to_owned()),
            ("orderNumber", "2003".to_owned()),
            ("status", "1".to_owned()),
        ]);
        assert_eq!(
            checksum(&parameters, b"ooc7slpvc61k7sf7ma7p4hrefr"),
            "EAF2FB72CAB99FD5067F4BA493DD84F4D79C1589FDE8ED29622F0F07215AA972"
        );
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escaped("A-1 №;&=+%"), "A-1%20%E2%84%96%3B%26%3D%2B%25");
    }
}
