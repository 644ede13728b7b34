//! One refund from plan to end: the pure state machine, its driver, and the [`Journal`] trait that makes one intent
//! move money at most once.
//!
//! It must not know SQL, files or a concrete gateway: a gateway is a [`refund_core::RefundProvider`] with a
//! [`refund_core::Descriptor`], a store is a [`Journal`], time is a [`Timer`].
//!
//! | module | room |
//! |---|---|
//! | [`machine`] | state × event → state × command; `Copy`, no clock, no I/O; owns the order of effects |
//! | [`journal`] | what is durable, and the trait every store implements |
//! | [`codec`] | records and commands as versioned bytes |
//! | [`driver`] | obeys the machine, one command at a time |
//! | [`engine`] | plans, runs each refund in a task of its own, takes people's decisions |
//! | [`lineage`] | keys that are derived, never minted |
//! | [`traffic`] | what one account bears: rate, calls at once, and a breaker on unknown outcomes |
//! | [`metrics`] | what is counted, and under which names |
//! | [`clock`] | boot time, and waiting for it |
//! | `memory` | a journal in memory, for tests and simulation (feature `suite`) |
//! | `suite` | what every journal must pass (feature `suite`) |
#![deny(missing_docs)]

pub mod clock;
pub mod codec;
pub mod driver;
pub mod engine;
pub mod journal;
pub mod lineage;
pub mod machine;
#[cfg(feature = "suite")]
pub mod memory;
pub mod metrics;
mod prior;
mod report;
mod stop;
#[cfg(feature = "suite")]
pub mod suite;
pub mod traffic;

pub use clock::{ManualClock, SystemClock, Timer};
pub use driver::{Ended, Halt, News, Patience, Report};
pub use engine::{Engine, EngineBuilder, HintError, NewRefund, Preview, PreviewError, Wiring};
pub use journal::{
    Attachment, Journal, JournalError, Lease, ListQuery, Listed, Plan, Planned, Recorded, Reservation, Role,
    Totals, Verified,
};
pub use machine::{Phase, Policy, Record, State};
pub use stop::Drained;

/// The README's example compiles.
#[cfg(all(doctest, feature = "suite"))]
#[doc = include_str!("../README.md")]
struct Readme;
