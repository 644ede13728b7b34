//! The compact JWT of `Refund/Create`: three segments, HS256, HS384 or HS512, Password3 as the key.
//!
//! Checked with a MAC and a base64 decoder alone. Knows nothing of what the payload says.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::Refusal;
use crate::switches::{RobokassaSwitches, Strictness};
use crate::text::json::{Members, string};

/// A token whose shape is right. Its signature is not checked yet.
pub(super) struct Token<'a> {
    algorithm: Algorithm,
    /// The first two segments as sent: the signature covers these bytes, not their meaning.
    signed: &'a str,
    /// The payload's JSON text.
    pub(super) payload: String,
    signature: Vec<u8>,
}

/// What the signature says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Signature {
    Genuine,
    Forged,
}

/// The three algorithms of the refund API page, "and nothing else" (CONFIRMED).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
}

impl<'a> Token<'a> {
    pub(super) fn read(text: &'a str, switches: &RobokassaSwitches) -> Result<Self, Refusal> {
        let segments: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = segments[..] else {
            return Err(Refusal::own("the token is not three segments"));
        };
        let signature = match switches.signature_padding {
            Strictness::Refuse => signature,
            Strictness::Accept => signature.trim_end_matches('='),
        };
        let algorithm = algorithm(&utf8(header)?, switches)?;
        let payload_text = utf8(payload)?;
        Ok(Self {
            algorithm,
            signed: &text[..header.len() + 1 + payload.len()],
            payload: payload_text,
            signature: bytes(signature)?,
        })
    }

    /// Compares in constant time. Must come before the payload is believed.
    pub(super) fn verify(&self, key: &[u8]) -> Signature {
        let genuine = match self.algorithm {
            Algorithm::Hs256 => matches::<Hmac<Sha256>>(key, self.signed, &self.signature),
            Algorithm::Hs384 => matches::<Hmac<Sha384>>(key, self.signed, &self.signature),
            Algorithm::Hs512 => matches::<Hmac<Sha512>>(key, self.signed, &self.signature),
        };
        if genuine { Signature::Genuine } else { Signature::Forged }
    }
}

fn matches<M: Mac + KeyInit>(key: &[u8], signed: &str, signature: &[u8]) -> bool {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    mac.verify_slice(signature).is_ok()
}

/// Member order is free: both `alg, typ` and `typ, alg` are sent by working clients (REPORTED).
fn algorithm(header: &str, switches: &RobokassaSwitches) -> Result<Algorithm, Refusal> {
    /// Members that would let a token choose its own key or rules. Never ignored.
    const DANGEROUS: [&str; 7] = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip"];
    let members =
        Members::parse(header).ok_or_else(|| Refusal::own("the token's header is not an object"))?;
    if DANGEROUS.iter().any(|name| members.get(name).is_some()) {
        return Err(Refusal::own("the token's header asks for something unsupported"));
    }
    if switches.unknown_members == Strictness::Refuse && members.stranger(&["alg", "typ"]).is_some() {
        return Err(Refusal::own("the token's header has an unknown member"));
    }
    if members.get("typ").is_some_and(|typ| string(typ).as_deref() != Some("JWT")) {
        return Err(Refusal::own("the token's typ is not JWT"));
    }
    match members.get("alg").and_then(string).as_deref() {
        Some("HS256") => Ok(Algorithm::Hs256),
        Some("HS384") => Ok(Algorithm::Hs384),
        Some("HS512") => Ok(Algorithm::Hs512),
        _ => Err(Refusal::own("the token's alg is not HS256, HS384 or HS512")),
    }
}

fn utf8(segment: &str) -> Result<String, Refusal> {
    String::from_utf8(bytes(segment)?).map_err(|_| Refusal::own("a segment of the token is not UTF-8"))
}

/// base64url without padding, canonical: no `+`, no `/`, no stray bits at the end.
fn bytes(segment: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| Refusal::own("a segment of the token is not base64url"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mode;
    use crate::switches::Switches;

    const KEY: &[u8] = b"password3-test";
    /// Computed apart from this crate: {"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF"}.
    const GENUINE: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0.VD3zBQLgTWx1zlqzuVrjgE-v5Xg7Hso4Hrs1_7EbVzw";

    fn read(text: &str, mode: Mode) -> Result<Signature, String> {
        let switches = Switches::preset(mode).robokassa;
        Token::read(text, &switches).map(|token| token.verify(KEY)).map_err(|refusal| refusal.message)
    }

    #[test]
    fn a_genuine_token_is_genuine_and_no_other_key_makes_it() {
        assert_eq!(read(GENUINE, Mode::Strict), Ok(Signature::Genuine));
        let switches = Switches::preset(Mode::Strict).robokassa;
        let token = Token::read(GENUINE, &switches).unwrap();
        assert_eq!(token.verify(b"demo:password1-test"), Signature::Forged);
        assert_eq!(token.verify(b""), Signature::Forged);
    }

    #[test]
    fn padding_on_the_signature_is_a_matter_of_mode() {
        let padded = format!("{GENUINE}=");
        assert!(read(&padded, Mode::Strict).is_err());
        assert_eq!(read(&padded, Mode::Lenient), Ok(Signature::Genuine));
    }

    #[test]
    fn shapes_that_are_no_token_are_refused_in_both_modes() {
        let (_, rest) = GENUINE.split_once('.').unwrap();
        let with_header = |header: &str| format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
        for text in [
            String::new(),
            "..".to_owned(),
            "a.b".to_owned(),
            format!("{GENUINE}.x"),
            GENUINE.replace('-', "+"),
            GENUINE.strip_suffix('w').unwrap().to_owned() + "x", // the same bytes, stray bits at the end
            with_header(r#"{"alg":"none","typ":"JWT"}"#),
            with_header(r#"{"alg":"SHA256","typ":"JWT"}"#),
            with_header(r#"{"alg":"RS256"}"#),
            with_header(r#"{"alg":"hs256"}"#),
            with_header(r#"{"alg":256}"#),
            with_header(r#"{"typ":"JWT"}"#),
            with_header(r#"{"alg":"HS256","alg":"HS256"}"#),
            with_header(r#"{"alg":"HS256","crit":["exp"]}"#),
            with_header(r#"{"alg":"HS256","jwk":{}}"#),
            with_header(r#"{"alg":"HS256","typ":"JWS"}"#),
            with_header(r#"["HS256"]"#),
            with_header("\u{feff}{\"alg\":\"HS256\"}"),
        ] {
            assert!(read(&text, Mode::Strict).is_err(), "strict {text}");
            assert_ne!(read(&text, Mode::Lenient), Ok(Signature::Genuine), "lenient {text}");
        }
    }
}
