//! The signature of OpStateExt: a plain hash, in hexadecimal, of `MerchantLogin:InvoiceID:Password2`.
//!
//! The hash is the one chosen in the shop's settings (CONFIRMED, Robokassa, XML interfaces page; the vendor's plugin
//! wires MD5 in and fails with shops that chose another). The base text is never put together, because it would hold
//! the password.

use data_encoding::HEXLOWER;
use ripemd::Ripemd160;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::str::FromStr;

/// The hashes a shop can choose in the cabinet (CONFIRMED, Robokassa, pay interface page; vendor SDK's list).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// MD5, the cabinet's default.
    #[default]
    Md5,
    /// RIPEMD-160.
    Ripemd160,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Every hash.
    pub const ALL: &[Self] =
        &[Self::Md5, Self::Ripemd160, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The word in the cabinet, in capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Ripemd160 => "RIPEMD160",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }
}

/// The text names no hash of the list. There is no fallback to MD5.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a hash of Robokassa: write MD5, RIPEMD160, SHA1, SHA256, SHA384 or SHA512, as the cabinet says"
)]
pub struct UnknownHash(String);

impl FromStr for HashAlgorithm {
    type Err = UnknownHash;

    /// Reads the cabinet's word, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|hash| hash.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownHash(text.chars().take(40).collect()))
    }
}

/// Signs a question about one operation: lower-case hexadecimal digits (any case is taken).
pub fn of_operation(login: &str, invoice: u64, password2: &SecretString, hash: HashAlgorithm) -> String {
    let invoice = invoice.to_string();
    let parts = [login, ":", &invoice, ":", password2.expose_secret()];
    match hash {
        HashAlgorithm::Md5 => hex::<md5::Md5>(&parts),
        HashAlgorithm::Ripemd160 => hex::<Ripemd160>(&parts),
        HashAlgorithm::Sha1 => hex::<Sha1>(&parts),
        HashAlgorithm::Sha256 => hex::<Sha256>(&parts),
        HashAlgorithm::Sha384 => hex::<Sha384>(&parts),
        HashAlgorithm::Sha512 => hex::<Sha512>(&parts),
    }
}

fn hex<D: Digest>(parts: &[&str]) -> String {
    let mut hasher = D::new();
    parts.iter().for_each(|part| hasher.update(part));
    HEXLOWER.encode(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hash: HashAlgorithm, login: &str, invoice: u64, password2: &str, expected: &str) {
        let signature = of_operation(login, invoice, &SecretString::from(password2), hash);
        assert_eq!(signature, expected, "{hash:?}");
    }

    /// Expected values by OpenSSL's command line.
    #[test]
    fn every_hash_of_the_cabinet() {
        let demo = |hash, expected| check(hash, "demo", 42, "password2-test", expected);
        demo(HashAlgorithm::Md5, "f353ee130073f22b83d01e4c4e8b5d74");
        demo(HashAlgorithm::Ripemd160, "94967ec6ce32456b8dccdc07b65a84fa7714ccd7");
        demo(HashAlgorithm::Sha1, "ef68bc3f79c6101e5efd2f369c9154d56e55d075");
        demo(HashAlgorithm::Sha256, "c874ba5f0ce340182bfcfef1f863101acdedb7d1fdf21aa1cf3e75fdf438132c");
        demo(
            HashAlgorithm::Sha384,
            "c34da4dff6608aee89c9690c6630787c9178745ee195044cdb34f1c6bf7b3c9c71eef957da9954913c2643eda88fb6f3",
        );
        demo(
            HashAlgorithm::Sha512,
            "17dfcc6b0afce7fc3219fff1defda7d66e729ded584d94147886b504863345ec59143596dbd7afc8fc4b72061f0a2336ed66d0f896e52e4ad35e20bec1f73171",
        );
    }

    #[test]
    fn texts_are_hashed_as_utf8_and_numbers_to_the_last_digit() {
        check(
            HashAlgorithm::Sha256,
            "магазин",
            9_223_372_036_854_775_807,
            "пароль",
            "9b7ee71364106b7c63a2a6222151d9df0c512329d9b25aa4bd83d6e01a54c224",
        );
    }

    #[test]
    fn hashes_are_read_by_name_without_a_fallback() {
        assert_eq!(HashAlgorithm::default(), HashAlgorithm::Md5);
        for hash in HashAlgorithm::ALL {
            assert_eq!(hash.as_str().to_lowercase().parse(), Ok(*hash));
        }
        for wrong in ["", "sha-256", "md4", "ripemd"] {
            let error = wrong.parse::<HashAlgorithm>().expect_err("no such hash");
            assert!(error.to_string().contains("RIPEMD160"), "{error}");
        }
    }
}
