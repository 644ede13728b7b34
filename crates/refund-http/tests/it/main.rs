//! The transport against real sockets that misbehave by script.
#![expect(clippy::unwrap_used, reason = "a test whose scenery does not stand fails")]

mod gate;
mod proxy;
mod reads;
mod requests;
mod sending;
mod server;
mod trust;
mod truth_table;
