//! The journal on real files: the engine's behaviour suite, and what is particular to a file.

mod bench;
mod faults;
mod open;
mod processes;
mod property;
mod queue;
mod reopen;
mod suite;
mod tamper;
mod teeth;
mod unreadable;
