//! Fiscal vocabulary of refund receipts (54-FZ, FFD 1.05 and 1.2): field types, their formats and local checks, and
//! their codes per back end.
//!
//! A leaf crate, usable alone. It must not know gateways' HTTP, carts, the journal or a runtime. Serde will derive
//! only on its wire structs.
//!
//! The crate is empty so far: providers of this version send money-only refunds, which carry no fiscal field.
