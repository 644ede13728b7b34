//! Programs that use the toolkit without its command. They lie beside this file, each with a test that runs it:
//!
//! - `embed.rs`: from a command to an outcome, against the sandbox. `cargo run -p refund-examples --example embed`
//! - `check_cart.rs`: a cart against its order by the rules alone.
//!   `cargo run -p refund-examples --example check_cart -- examples/orders/sber-partial.json examples/requests/sber-partial.json`
//! - `custom-provider/`: a crate of its own that adds a gateway and knows `refund-core` alone.

/// Rust in the READMEs is compiled and run with the documentation's tests of this package.
#[cfg(doctest)]
mod readmes {
    #[doc = include_str!("../crates/refund-core/README.md")]
    struct Core;
    #[doc = include_str!("../crates/refund-engine/README.md")]
    struct Engine;
    #[doc = include_str!("../crates/refund-text/README.md")]
    struct Text;
    #[doc = include_str!("../crates/refund-desk/README.md")]
    struct Desk;
    #[doc = include_str!("../crates/refund-cli/README.md")]
    struct Cli;
    #[doc = include_str!("../docs/guides/own-rules.md")]
    struct OwnRules;
}
