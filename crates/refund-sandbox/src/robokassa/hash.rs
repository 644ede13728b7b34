//! The hash a shop chooses in its settings, as `OpStateExt` uses it.
//!
//! All six of the settings page; the vendor's SDK quietly falls back to MD5 for half of them, which is
//! the mistake a test should find.

use md5::Md5;
use ripemd::Ripemd160;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::switches::Hash;

/// Lower-case hex of the hash of `base`.
pub(super) fn hex(hash: Hash, base: &str) -> String {
    match hash {
        Hash::Md5 => digest::<Md5>(base),
        Hash::Ripemd160 => digest::<Ripemd160>(base),
        Hash::Sha1 => digest::<Sha1>(base),
        Hash::Sha256 => digest::<Sha256>(base),
        Hash::Sha384 => digest::<Sha384>(base),
        Hash::Sha512 => digest::<Sha512>(base),
    }
}

/// Whether `given` is the hex of the hash of `base`, in any case; compared without an early exit.
pub(super) fn matches(hash: Hash, base: &str, given: &str) -> bool {
    let (expected, given) = (hex(hash, base), given.to_ascii_lowercase());
    let pairs = expected.bytes().zip(given.bytes());
    expected.len() == given.len() && pairs.fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

fn digest<D: Digest>(base: &str) -> String {
    D::digest(base.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // The published digests of "abc".
        for (hash, expected) in [
            (Hash::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Hash::Ripemd160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
            (Hash::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Hash::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert_eq!(hex(hash, "abc"), expected);
        }
        assert!(hex(Hash::Sha384, "abc").starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"));
        assert!(hex(Hash::Sha512, "abc").starts_with("ddaf35a193617abacc417349ae204131"));
    }

    #[test]
    fn a_signature_matches_in_any_case_and_in_full_only() {
        let base = "demo:42:password2-test";
        assert!(matches(Hash::Md5, base, "F353EE130073F22B83D01E4C4E8B5D74"));
        assert!(matches(Hash::Md5, base, "f353ee130073f22b83d01e4c4e8b5d74"));
        for wrong in ["", "F353", "F353EE130073F22B83D01E4C4E8B5D75", "F353EE130073F22B83D01E4C4E8B5D7400"] {
            assert!(!matches(Hash::Md5, base, wrong), "{wrong}");
        }
    }
}
