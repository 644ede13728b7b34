//! Two readings of the same documents, compared: the client's rules and the emulator.
//!
//! For random payments, histories and amounts, "core's rules and the provider's `prepare` let it pass" must mean the same
//! as "the emulated gateway takes it, for exactly that sum". What the client refuses is sent all the same, as bytes
//! written by hand. Where the two differ, one of them misread the documents, or the difference is on this list with its
//! reason; a difference that no longer occurs must leave the list.
//!
//! | id | client | gateway | why it stays |
//! |---|---|---|---|
//! | `sber-zero-is-the-rest` | refuses 0 | takes it as "all that is left" (CONFIRMED, Sber wiki) | who types 0 does not mean everything; whoever does says "full" |
//! | `robokassa-unseen-refund` | lets pass | refuses, or gives back less | a refund made in the cabinet is shown by no API of Robokassa; the gateway's answer, and the amount in the status, tell it |
//!
//! This package may see both sides; nothing else may.
