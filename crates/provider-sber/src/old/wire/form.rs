//! Form bodies: refund.do and getOrderStatusExtended.do, and the credentials in front.
//!
//! A form is built without credentials, so that it can be kept in a journal; [`Credentials::in_front_of`] completes it.
//! Values are percent-encoded as UTF-8 (WHATWG form encoding); structured values are compact JSON text inside one form
//! value (REPORTED, three third-party codebases). It must not know what a reply looks like.

use super::{items::RefundItems, ofd::OfdParams};
use crate::OrderId;
use form_urlencoded::Serializer;
use refund_core::AccountId;
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, fmt};

/// Login and password of the merchant's API account. `Debug` shows no password.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// `userName`.
    pub user_name: &'a AccountId,
    /// `password`.
    pub password: &'a SecretString,
}

impl Credentials<'_> {
    /// `userName=…&password=…&` and the form: the body as it goes out. It holds the password.
    pub fn in_front_of(&self, form: &[u8]) -> Vec<u8> {
        let mut body = Serializer::new(String::new())
            .append_pair("userName", self.user_name.as_str())
            .append_pair("password", self.password.expose_secret())
            .finish()
            .into_bytes();
        body.push(b'&');
        body.extend_from_slice(form);
        body
    }
}

/// An amount as refund.do takes it: N..12, minor units (Sber, refund.do, CONFIRMED), from 1 to 999 999 999 999.
///
/// Zero is not one: it means "the whole order" there (CONFIRMED, Sber wiki), and what it means after a partial refund
/// is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(i64);

impl Amount {
    /// The largest: twelve nines.
    pub const MAX: i64 = 999_999_999_999;

    /// Takes minor units; nothing when they are outside 1 to [`Amount::MAX`].
    pub fn from_minor(minor: i64) -> Option<Self> {
        (1..=Self::MAX).contains(&minor).then_some(Self(minor))
    }

    /// The minor units.
    pub fn minor(self) -> i64 {
        self.0
    }
}

/// The language of the gateway's messages: two lower-case Latin letters of ISO 639-1 (`ru`, `en`).
///
/// Not in refund.do's own table, whose reply nevertheless speaks of it; the platform's documents have it (CONFIRMED,
/// BPC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language([u8; 2]);

impl Language {
    /// Takes two lower-case Latin letters; nothing otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_lowercase).then_some(Self(letters))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are taken in")
    }
}

/// `jsonParams`: an object of texts, at most one value per name (Sber, refund.do, CONFIRMED).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JsonParams(BTreeMap<String, String>);

impl fmt::Debug for JsonParams {
    /// The names alone: values may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Why a parameter cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonParamsError {
    /// A name the gateway keeps for itself.
    #[error(
        "jsonParams.{name}: the gateway reserves this name and may reject the order for it; leave it out"
    )]
    Reserved {
        /// The name.
        name: String,
    },
    /// The name stands twice.
    #[error("jsonParams.{name} is given twice")]
    Twice {
        /// The name.
        name: String,
    },
}

impl JsonParams {
    /// Names that must not be sent (Sber, refund.do, CONFIRMED; the last one is spelled with one "d" there).
    pub const RESERVED: [&'static str; 4] =
        ["sbrf_spasibo:amount_bonus", "sbrf_sbermiles:amount_bonus", "loyaltyId", "overridenClientId"];

    /// No parameters yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one.
    ///
    /// # Errors
    /// [`JsonParamsError`] for a reserved or repeated name.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, JsonParamsError> {
        if Self::RESERVED.contains(&name) {
            return Err(JsonParamsError::Reserved { name: name.to_owned() });
        }
        match self.0.insert(name.to_owned(), value.to_owned()) {
            Some(_) => Err(JsonParamsError::Twice { name: name.to_owned() }),
            None => Ok(self),
        }
    }

    /// Compact JSON text, names in order.
    fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("a map of texts is always JSON")
    }
}

/// refund.do without credentials.
#[derive(Clone, Copy, Debug)]
pub struct RefundForm<'a> {
    /// `orderId`.
    pub order_id: &'a OrderId,
    /// `amount`; always sent.
    pub amount: Amount,
    /// `refundItems`, for a refund with a cart.
    pub items: Option<&'a RefundItems<'a>>,
    /// `additionalOfdParams`, when there are any. The document's table calls them mandatory and its text says they may
    /// be sent where they were at registration; the text is followed.
    pub ofd_params: Option<&'a OfdParams>,
    /// `jsonParams`, when there are any.
    pub json_params: Option<&'a JsonParams>,
    /// `language`, when one is chosen.
    pub language: Option<Language>,
}

impl RefundForm<'_> {
    /// `orderId=…&amount=…[&refundItems=…][&additionalOfdParams=…][&jsonParams=…][&language=…]`.
    pub fn encode(&self) -> Vec<u8> {
        let mut form = Serializer::new(String::new());
        form.append_pair("orderId", self.order_id.as_str());
        form.append_pair("amount", &self.amount.minor().to_string());
        if let Some(items) = self.items {
            form.append_pair("refundItems", &items.to_json());
        }
        if let Some(params) = self.ofd_params {
            form.append_pair("additionalOfdParams", &params.to_json());
        }
        if let Some(params) = self.json_params {
            form.append_pair("jsonParams", &params.to_json());
        }
        append_language(&mut form, self.language);
        form.finish().into_bytes()
    }
}

/// getOrderStatusExtended.do without credentials.
#[derive(Clone, Copy, Debug)]
pub struct StatusForm<'a> {
    /// `orderId`.
    pub order_id: &'a OrderId,
    /// `language`, when one is chosen.
    pub language: Option<Language>,
}

impl StatusForm<'_> {
    /// `orderId=…[&language=…]`.
    pub fn encode(&self) -> Vec<u8> {
        let mut form = Serializer::new(String::new());
        form.append_pair("orderId", self.order_id.as_str());
        append_language(&mut form, self.language);
        form.finish().into_bytes()
    }
}

fn append_language(form: &mut Serializer<'_, String>, language: Option<Language>) {
    if let Some(language) = language {
        form.append_pair("language", language.as_str());
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

    fn refund(order: &str, minor: i64, params: Option<&JsonParams>, language: Option<&str>) -> Vec<u8> {
        let order_id = OrderId::parse(order).expect("36 characters");
        let amount = Amount::from_minor(minor).expect("in range");
        let language = language.map(|text| Language::parse(text).expect("two letters"));
        let form = RefundForm {
            order_id: &order_id,
            amount,
            items: None,
            ofd_params: None,
            json_params: params,
            language,
        };
        form.encode()
    }

    fn body(user: &str, password: &str, form: &[u8]) -> String {
        let user_name = AccountId::parse(user).expect("valid");
        let password = SecretString::from(password);
        let body = Credentials { user_name: &user_name, password: &password }.in_front_of(form);
        String::from_utf8(body).expect("a form is ASCII")
    }

    /// Pairs of a form, read by another implementation's rules: split, then percent-decoded.
    fn pairs(form: &str) -> BTreeMap<String, String> {
        form_urlencoded::parse(form.as_bytes()).into_owned().collect()
    }

    #[test]
    fn the_documents_first_example_byte_for_byte() {
        // Sber, refund.do, first example, with the line breaks of its print.
        let printed = "userName=username-api&password=testPwd&orderId=130ab8ed-aeb8-7226-\n\
                       ba88-33300128092a&amount=47000";
        let built = body("username-api", "testPwd", &refund(ORDER, 47_000, None, None));
        assert_eq!(built, printed.replace('\n', ""));
        insta::assert_snapshot!(built, @"userName=username-api&password=testPwd&orderId=130ab8ed-aeb8-7226-ba88-33300128092a&amount=47000");
    }

    #[test]
    fn the_documents_second_example_pair_by_pair() {
        // Sber, refund.do, example with a penalty: printed without percent-encoding and in another order.
        let printed = "userName=username-\napi&password=testPwd&amount=500000&orderId=c676d60a-67cc-7281-877a-78b300a39\n\
                       301&jsonParams={\"penalty\":\"130000\"}";
        let params = JsonParams::new().with("penalty", "130000").expect("a free name");
        let form = refund("c676d60a-67cc-7281-877a-78b300a39301", 500_000, Some(&params), None);
        let built = body("username-api", "testPwd", &form);
        assert_eq!(pairs(&built), pairs(&printed.replace('\n', "")));
        assert_eq!(pairs(&built).len(), 5);
        insta::assert_snapshot!(built, @"userName=username-api&password=testPwd&orderId=c676d60a-67cc-7281-877a-78b300a39301&amount=500000&jsonParams=%7B%22penalty%22%3A%22130000%22%7D");
    }

    #[test]
    fn the_kept_form_has_no_credentials_and_ends_the_body() {
        let form = refund(ORDER, 1, None, Some("ru"));
        insta::assert_snapshot!(String::from_utf8_lossy(&form), @"orderId=130ab8ed-aeb8-7226-ba88-33300128092a&amount=1&language=ru");
        let built = body("shop-api", "password-canary", &form);
        assert!(built.as_bytes().ends_with(&form));
        assert!(!String::from_utf8_lossy(&form).contains("canary"));
    }

    #[test]
    fn status_asks_by_order_id_alone() {
        let order_id = OrderId::parse(ORDER).expect("36 characters");
        let form = StatusForm { order_id: &order_id, language: Language::parse("en") }.encode();
        insta::assert_snapshot!(body("shop-api", "p", &form), @"userName=shop-api&password=p&orderId=130ab8ed-aeb8-7226-ba88-33300128092a&language=en");
    }

    #[test]
    fn passwords_are_percent_encoded() {
        // Expected values by hand: UTF-8 bytes in upper-case hex, a space as plus.
        let cases = [
            ("100%", "100%25"),
            ("a+b", "a%2Bb"),
            ("a&b=c", "a%26b%3Dc"),
            ("a b", "a+b"),
            ("пароль", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"),
            ("a#b?c/d", "a%23b%3Fc%2Fd"),
            ("\"'<>", "%22%27%3C%3E"),
            ("-._*", "-._*"),
            ("~", "%7E"),
        ];
        for (password, expected) in cases {
            let built = body("u", password, b"orderId=x");
            assert_eq!(built, format!("userName=u&password={expected}&orderId=x"));
            assert_eq!(pairs(&built)["password"], password);
        }
    }

    #[test]
    fn amounts_languages_and_parameters_are_parsed_not_hoped() {
        assert_eq!(Amount::from_minor(0), None, "zero would mean the whole order");
        assert_eq!(Amount::from_minor(-1), None);
        assert_eq!(Amount::from_minor(1_000_000_000_000), None, "thirteen digits");
        assert_eq!(Amount::from_minor(999_999_999_999).map(Amount::minor), Some(999_999_999_999));
        for bad in ["", "r", "rus", "RU", "р", "r1"] {
            assert_eq!(Language::parse(bad), None, "{bad}");
        }
        for name in JsonParams::RESERVED {
            assert!(matches!(JsonParams::new().with(name, "1"), Err(JsonParamsError::Reserved { .. })));
        }
        let twice = JsonParams::new().with("a", "1").and_then(|params| params.with("a", "2"));
        assert_eq!(twice, Err(JsonParamsError::Twice { name: "a".to_owned() }));
    }

    proptest! {
        #[test]
        fn whatever_goes_in_comes_out_of_the_form(
            user in "[!-~]{1,30}", password in "\\PC{1,40}", minor in 1..=Amount::MAX,
            name in "[a-z]{1,8}", value in "\\PC{0,20}",
        ) {
            let params = JsonParams::new().with(&name, &value).expect("a free name");
            let built = body(&user, &password, &refund(ORDER, minor, Some(&params), Some("ru")));
            let pairs = pairs(&built);
            prop_assert_eq!(&pairs["userName"], &user);
            prop_assert_eq!(&pairs["password"], &password);
            prop_assert_eq!(pairs["amount"].parse::<i64>(), Ok(minor));
            let sent: BTreeMap<String, String> = serde_json::from_str(&pairs["jsonParams"]).expect("JSON");
            prop_assert_eq!(sent, BTreeMap::from([(name, value)]));
        }
    }
}
