//! The built-in shops and their test credentials.
//!
//! These are test values by construction: no real account has them, so they may be printed. The
//! Sber user [`SBER_DOCUMENT_USER`] and its password are the ones the `refund.do` document prints.

/// Login of the Robokassa shop.
pub const ROBOKASSA_LOGIN: &str = "demo";
/// Password1 of the Robokassa shop. No emulated call uses it; signing with it must fail.
pub const ROBOKASSA_PASSWORD1: &str = "password1-test";
/// Password2: signs `OpStateExt`.
pub const ROBOKASSA_PASSWORD2: &str = "password2-test";
/// Password3: the key of `Refund/Create`, alone and as it is (Robokassa refund API page, CONFIRMED).
pub const ROBOKASSA_PASSWORD3: &str = "password3-test";

/// The sandbox's own Sber API user.
pub const SBER_USER: &str = "demo-api";
/// Its password.
pub const SBER_PASSWORD: &str = "demo-password";
/// The API user of the samples in the `refund.do` document.
pub const SBER_DOCUMENT_USER: &str = "username-api";
/// Its password, from the same samples.
pub const SBER_DOCUMENT_PASSWORD: &str = "testPwd";
/// The shared key of the shop's callbacks (OLD dialect, symmetric checksum).
pub const SBER_CALLBACK_KEY: &str = "callback-key-test";

/// Whether this pair opens the Sber shop. Both users belong to one shop and see the same orders.
pub(crate) fn sber_admits(user: &str, password: &str) -> bool {
    [(SBER_USER, SBER_PASSWORD), (SBER_DOCUMENT_USER, SBER_DOCUMENT_PASSWORD)].contains(&(user, password))
}
