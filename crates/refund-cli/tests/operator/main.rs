//! The command as an operator meets it: a real sandbox over HTTP, a real journal, captured streams.
#![cfg(unix)]

mod bad_input;
mod carts;
mod checks;
mod control;
mod documents;
mod flows;
mod outside;
mod process;
mod secrets;
mod sentences;
mod shop;
mod tale;
