//! The command `refund` as a library: [`run`] takes arguments and a [`Setup`] and answers with an exit code.
//!
//! A team with a gateway of its own calls it with its gateway added to [`gateways::built_in`] and gets the whole
//! command. This crate is thin: it reads arguments, asks for confirmation and renders. It must not hold business
//! rules; those are the desk's and the engine's.
//!
//! | module | room |
//! |---|---|
//! | [`setup`] | what the command is run with: gateways, clock, streams, environment |
//! | [`exit`] | exit codes, decided in one place |
//! | [`gateways`] | how Robokassa and Sber are built from a profile |
//! | `args` | arguments, parsed into plain values |
//! | `describe`, `usage` | the command line, its help and usage errors in two languages |
//! | `printer` | the only writer to stdout and stderr |
//! | `findings` | broken rules and warnings, for people and for programs |
//! | `commands` | one file per command |
//! | `demo` | the demonstration: everything, on an embedded sandbox |
#![deny(missing_docs)]

mod args;
mod commands;
mod demo;
mod describe;
pub mod exit;
mod findings;
pub mod gateways;
mod printer;
mod prompt;
#[cfg(test)]
mod sentences;
pub mod setup;
mod usage;
mod words;
mod workplace;

pub use exit::Exit;
pub use setup::Setup;

use args::{Action, Parsed};
use printer::Printer;
use std::ffi::OsString;

/// Runs the command. `args` begins with the program's name.
pub async fn run(args: Vec<OsString>, setup: Setup) -> Exit {
    let lang = args::language(&args, &setup.environment);
    let parsed = match args::parse(args, lang) {
        Ok(parsed) => parsed,
        Err(refused) => return refused.print(&setup, lang),
    };
    let Parsed { global, action } = parsed;
    let lang = match workplace::language(&global, &setup, lang) {
        Ok(lang) => lang,
        Err(problem) => {
            let exit = Exit::of(problem.kind);
            Printer::new(&setup, lang, global.output, global.detail).problem(&problem, exit);
            return exit;
        }
    };
    let printer = Printer::new(&setup, lang, global.output, global.detail);
    let done = match action {
        Action::Demo(args) => demo::run(&args, &global, &setup, &printer).await,
        Action::DemoWorker(args) => demo::worker(&args).await,
        Action::Sandbox(args) => commands::sandbox::run(&args, &printer).await,
        Action::Check(args) => commands::check::run(&args, &global, &setup, &printer),
        Action::Explain(args) => commands::explain::run(&args, &setup, &printer),
        Action::Create(args) => commands::create::run(&args, &global, &setup, &printer).await,
        Action::Status(args) => commands::follow::status(&args, &global, &setup, &printer).await,
        Action::Resolve(args) => commands::follow::resolve(&args, &global, &setup, &printer).await,
        Action::Withdraw(args) => commands::follow::withdraw(&args, &global, &setup, &printer).await,
        Action::Show(args) => commands::follow::show(&args, &global, &setup, &printer).await,
        Action::List(args) => commands::follow::list(&args, &global, &setup, &printer).await,
    };
    done.unwrap_or_else(|problem| {
        let exit = Exit::of(problem.kind);
        printer.problem(&problem, exit);
        exit
    })
}
