//! Reads a token without the encoder under test.

/// base64url without padding, by hand: the test must not use the encoder under test.
pub(crate) fn from_base64url(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = text
        .chars()
        .map(|c| alphabet.find(c).expect("base64url"))
        .flat_map(|six| (0..6).rev().map(move |bit| u8::from(six >> bit & 1 == 1)))
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}
