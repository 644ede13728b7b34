//! Signing against the token library's process-wide choice of a cryptographic back end, in a process of its own.
//!
//! The library picks a back end once per process, and when the final build has both of its features on, the pick panics
//! at every use and can never be replaced. That build is made by `cargo test -p provider-robokassa --features
//! test-aws-lc`; this provider must sign in it as in any other.

use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use provider_robokassa::{TokenAlgorithm, wire::jwt::TokenSigner};
use secrecy::SecretString;

const SIGNED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJPcEtleSI6IjAwMDVGODkxLThDQ0QtNDM0Qi04NDU1LTgxNkFGRkZEQkYzNy0wVk9pc1dpa0ZGIn0";

/// Over [`SIGNED`] with the key `password3-test`, by another implementation.
const SIGNATURE: &str = "VD3zBQLgTWx1zlqzuVrjgE-v5Xg7Hso4Hrs1_7EbVzw";

#[test]
fn a_poisoned_back_end_elsewhere_in_the_process_is_not_noticed() {
    let elsewhere = std::panic::catch_unwind(|| {
        crypto::sign(SIGNED.as_bytes(), &EncodingKey::from_secret(b"password3-test"), Algorithm::HS256)
    });
    if cfg!(feature = "test-aws-lc") {
        assert!(elsewhere.is_err(), "with both back ends the library's own signing was expected to panic");
    } else {
        let signature = elsewhere.expect("one back end").expect("HMAC takes any key");
        assert_eq!(signature, SIGNATURE, "the library's own signing agrees with the vector");
    }

    let signer = TokenSigner::new(&SecretString::from("password3-test"), TokenAlgorithm::Hs256);
    let payload = br#"{"OpKey":"0005F891-8CCD-434B-8455-816AFFFDBF37-0VOisWikFF"}"#;
    let token = signer.sign(payload).expect("HMAC takes any key");
    assert_eq!(token.expose(), format!("{SIGNED}.{SIGNATURE}"));
}
