//! What every `RefundProvider` must pass, run against any gateway under test.
//!
//! It may know `refund-core` alone. It must not know a concrete provider, the journal or an HTTP client.
//!
//! The crate is empty so far: the providers' own tests talk to the sandbox directly.
