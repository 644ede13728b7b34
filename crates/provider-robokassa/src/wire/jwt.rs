//! The signed token of Refund/Create and the body that carries it.
//!
//! The body is a JSON **string literal**, the token in quotes, sent as `application/json` (CONFIRMED, vendor plugin;
//! REPORTED, merchants on the live service). A bare token is answered 415 or 400. The header's members stand in the
//! order of the refund API page, `alg` first, which is why it is written here and not by the token library.
//!
//! # The library's process-wide back end is not used
//!
//! `jsonwebtoken` 11.1 signs in `crypto::sign` with a back end chosen once per process, and the choice panics at the
//! first use when the final build has both of its features or none (read in its source). Which features the final build
//! has is decided by crates this one never hears of, and once the panicking choice has been made it cannot be replaced.
//! So signing goes straight to the library's own RustCrypto signer, which this crate's dependency switches on: nothing
//! outside can take it away, and no choice is made for the rest of the process.
//!
//! It must not know what the payload says.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::rust_crypto::DEFAULT_PROVIDER};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, str::FromStr};

/// The signing algorithms Robokassa takes, and no other (CONFIRMED, refund API page).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TokenAlgorithm {
    /// HMAC with SHA-256; what the vendor's plugin uses.
    #[default]
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

impl TokenAlgorithm {
    /// Every algorithm.
    pub const ALL: &[Self] = &[Self::Hs256, Self::Hs384, Self::Hs512];

    /// The word in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    fn library(self) -> Algorithm {
        match self {
            Self::Hs256 => Algorithm::HS256,
            Self::Hs384 => Algorithm::HS384,
            Self::Hs512 => Algorithm::HS512,
        }
    }

    /// The header's bytes.
    fn header(self) -> &'static [u8] {
        match self {
            Self::Hs256 => br#"{"alg":"HS256","typ":"JWT"}"#,
            Self::Hs384 => br#"{"alg":"HS384","typ":"JWT"}"#,
            Self::Hs512 => br#"{"alg":"HS512","typ":"JWT"}"#,
        }
    }
}

/// The text names no algorithm of the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a token algorithm of Robokassa: write HS256, HS384 or HS512")]
pub struct UnknownTokenAlgorithm(String);

impl FromStr for TokenAlgorithm {
    type Err = UnknownTokenAlgorithm;

    /// Reads `HS256`, `HS384`, `HS512`, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|a| a.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownTokenAlgorithm(text.chars().take(40).collect()))
    }
}

/// Signs payloads with Password3 alone: its UTF-8 bytes, raw, without the login (CONFIRMED, refund API page; vendor
/// plugin).
pub struct TokenSigner {
    algorithm: TokenAlgorithm,
    key: EncodingKey,
}

/// The library refused to sign. It tells nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token cannot be signed with this Password3")]
pub struct SignError;

impl TokenSigner {
    /// A signer that keeps its own copy of the password, wiped when dropped.
    pub fn new(password3: &SecretString, algorithm: TokenAlgorithm) -> Self {
        Self { algorithm, key: EncodingKey::from_secret(password3.expose_secret().as_bytes()) }
    }

    /// Signs the payload's bytes as they are.
    ///
    /// # Errors
    /// [`SignError`]; HMAC takes a key of any length, so it is not seen in practice.
    pub fn sign(&self, payload: &[u8]) -> Result<Token, SignError> {
        let header = self.algorithm.header();
        let mut quoted = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 100);
        quoted.push('"');
        BASE64URL_NOPAD.encode_append(header, &mut quoted);
        quoted.push('.');
        BASE64URL_NOPAD.encode_append(payload, &mut quoted);
        let signature = self.mac(&quoted.as_bytes()[1..])?;
        quoted.push('.');
        let signature_at = quoted.len();
        BASE64URL_NOPAD.encode_append(&signature, &mut quoted);
        quoted.push('"');
        Ok(Token { quoted, signature_at })
    }

    fn mac(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signer =
            (DEFAULT_PROVIDER.signer_factory)(&self.algorithm.library(), &self.key).map_err(|_| SignError)?;
        signer.try_sign(message).map_err(|_| SignError)
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSigner").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A signed token. Nothing makes it single-use, so whoever reads one can ask for the same refund again: `Debug` shows
/// its length alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    quoted: String,
    signature_at: usize,
}

impl Token {
    /// The token. A secret.
    pub fn expose(&self) -> &str {
        &self.quoted[1..self.quoted.len() - 1]
    }

    /// The third segment: without it the rest asks for nothing. A secret, to look for in what comes back.
    pub fn signature(&self) -> &str {
        &self.quoted[self.signature_at..self.quoted.len() - 1]
    }

    /// The body: the token as a JSON string. base64url and the point need no escaping, so quotes are all it takes.
    pub fn into_body(self) -> Vec<u8> {
        self.quoted.into_bytes()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token[{} characters]", self.expose().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{
        create::CreatePayload,
        items::{InvoiceItem, PaymentMethod, PaymentObject, Tax},
        op_key::OpKey,
        roubles::Roubles,
    };
    use proptest::prelude::*;
    use refund_core::{Digest, Money, Quantity};

    /// The token printed on the refund API page; its signing password is unknown.
    const SAMPLE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIiwiUmVmdW5kU3VtIjoxLCJJbnZvaWNlSXRlbXMiOlt7Ik5hbWUiOiLQotC10YHRgtC-0LLRi9C5INGC0L7QstCw0YAtMSIsIlF1YW50aXR5IjoxLCJDb3N0IjoxLCJUYXgiOiJ2YXQyMCIsIlBheW1lbnRNZXRob2QiOiJmdWxsX3BheW1lbnQiLCJQYXltZW50T2JqZWN0IjoiY29tbW9kaXR5In1dfQ.8TLNBdYYyl218qhdssAhs7ldiDIFeLZWh9Pf0UuN3wg";

    fn signer(algorithm: TokenAlgorithm) -> TokenSigner {
        TokenSigner::new(&SecretString::from("password3-test"), algorithm)
    }

    fn payload(kopecks: Option<i64>) -> CreatePayload {
        let key = OpKey::parse("0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF").expect("the sample's key");
        CreatePayload {
            refund_sum: kopecks.and_then(|minor| Roubles::new(Money::rub(minor))),
            ..CreatePayload::new(key)
        }
    }

    fn check(algorithm: TokenAlgorithm, payload: &CreatePayload, expected: &str) {
        let token = signer(algorithm).sign(&payload.to_json()).expect("HMAC takes any key");
        assert_eq!(token.expose(), expected);
        assert_eq!(token.signature(), expected.rsplit('.').next().expect("three segments"));
        assert_eq!(token.into_body(), format!("\"{expected}\"").into_bytes());
    }

    /// Computed by another implementation of HMAC and base64url.
    #[test]
    fn money_only_vectors() {
        let full = payload(None);
        check(
            TokenAlgorithm::Hs256,
            &full,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.VD3zBQLgTWx1zlqzuVrjgE-v5Xg7Hso4Hrs1_7EbVzw",
        );
        check(
            TokenAlgorithm::Hs384,
            &full,
            "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.4ulKGa20wzjEBfgCVnlBKR2A-I7fMFp6Z7VQMpxVE9cd4fW2AKYHZKDgX7id3ai8",
        );
        check(
            TokenAlgorithm::Hs512,
            &full,
            "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.4670SilhYOV1RE1nPKS3RVaxprE2LSDNgQyGH_T-eGhlwhIfYuByLMlKymnaYYCI1WWv9yh9eHg3cHy1WQsSpg",
        );
        check(
            TokenAlgorithm::Hs256,
            &payload(Some(150)),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIiwiUmVmdW5kU3VtIjoxLjV9.Wg96S3VXMAl1-QpGUWa3Z6nnT22SWhExQkLrXUnUL2k",
        );
    }

    #[test]
    fn the_documents_own_token_comes_out_of_the_object() {
        // The whole sample as it was copied, so that a slip of the copy cannot pass.
        assert_eq!(
            Digest::of(SAMPLE.as_bytes()).to_string(),
            "b2eb411be9df880961c038d84a78f05deccc6835f7a8c4d0fd3c417d73c4ff18"
        );
        let one = Roubles::new(Money::rub(100)).expect("roubles");
        let item = InvoiceItem {
            name: "Тестовый товар-1".to_owned(),
            quantity: Quantity::from_thousandths(1_000),
            cost: one,
            tax: Tax::Vat20,
            payment_method: PaymentMethod::FullPayment,
            payment_object: PaymentObject::Commodity,
        };
        let object = CreatePayload { invoice_items: vec![item], ..payload(Some(100)) };
        assert_eq!(object.to_json().len(), 226);
        let (segments, _unknown_password) = SAMPLE.rsplit_once('.').expect("three segments");
        let expected = format!("{segments}.ojSh2MQyBC9gyA4xiK8qfs6FLwJCW2iuTrpM0H9RHfk");
        check(TokenAlgorithm::Hs256, &object, &expected);
    }

    #[test]
    fn algorithms_are_read_by_name() {
        for algorithm in TokenAlgorithm::ALL {
            assert_eq!(algorithm.as_str().to_lowercase().parse(), Ok(*algorithm));
        }
        let error = "SHA256".parse::<TokenAlgorithm>().expect_err("not an algorithm of tokens");
        assert_eq!(
            error.to_string(),
            "\"SHA256\" is not a token algorithm of Robokassa: write HS256, HS384 or HS512"
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let signer = TokenSigner::new(&SecretString::from("canary-password"), TokenAlgorithm::Hs256);
        let token = signer.sign(b"{}").expect("HMAC takes any key");
        let shown = format!("{signer:?} {token:?} {:?}", SignError);
        assert!(!shown.contains("canary") && !shown.contains(token.signature()), "{shown}");
    }

    proptest! {
        /// Three unpadded base64url segments whose middle one is the payload, whatever the payload and the key.
        #[test]
        fn any_payload_comes_back_out(bytes in proptest::collection::vec(any::<u8>(), 0..300), key in "\\PC{1,40}") {
            let signer = TokenSigner::new(&SecretString::from(key), TokenAlgorithm::Hs512);
            let token = signer.sign(&bytes).expect("HMAC takes any key");
            let segments: Vec<_> = token.expose().split('.').map(|s| BASE64URL_NOPAD.decode(s.as_bytes())).collect();
            prop_assert_eq!(segments.len(), 3);
            prop_assert_eq!(segments[1].as_ref().ok(), Some(&bytes));
            prop_assert_eq!(segments[2].as_ref().map(Vec::len).ok(), Some(64));
        }
    }
}
