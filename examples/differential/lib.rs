//! Two readings of the same documents, compared: the client's rules and the emulator.
//!
//! For random payments, histories, amounts and carts, "core's rules and the provider's `prepare` let it pass" must mean the same
//! as "the emulated gateway takes it, for exactly that sum". What the client refuses is sent all the same, as bytes
//! written by hand. Where the two differ, one of them misread the documents, or the difference is on this list with its
//! reason; a difference that no longer occurs must leave the list.
//!
//! | id | client | gateway | why it stays |
//! |---|---|---|---|
//! | `sber-zero-is-the-rest` | refuses 0 | takes it as "all that is left" (CONFIRMED, Sber wiki) | who types 0 does not mean everything; whoever does says "full" |
//! | `robokassa-unseen-refund` | lets pass | refuses, or gives back less | a refund made in the cabinet is shown by no API of Robokassa; the gateway's answer, and the amount in the status, tell it |
//! | `sber-cart-worthless-line` | refuses | takes a line of 0 kopecks, written or rounded, beside others | a receipt's line that gives nothing back is a mistake; whether the gateway takes 0 for a line is written nowhere (GUESS) |
//! | `sber-cart-rounded-share` | refuses | takes a line without a sum, although its share, rounded up again, exceeds what is left of the line's money | the client always sends the sum, and a written one must not exceed the order's (CONFIRMED, Sber, refund.do); that an unwritten one is not compared is the emulator's reading (GUESS) |
//!
//! Carts are compared on two orders that are alike: what is asked goes to one by hand, exactly as written, and to the
//! other as the client would send it; when the client lets it pass, both must give back exactly that sum.
//!
//! This package may see both sides; nothing else may.
