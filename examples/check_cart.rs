//! Checks the cart of a refund against its order: no gateway, no journal, no settings. Amounts are exact from file to
//! verdict. `cargo run -p refund-examples --example check_cart -- ORDER.json REQUEST.json`

use provider_sber::old::{ID, POLICY};
use refund_core::{AccountId, Opaque, rules};
use refund_desk::{Problem, files};
use refund_text::{Lang, render};
use std::{path::Path, process::ExitCode};

/// The verdict in words, one line for whatever was found. `Err` is a file that cannot be read.
pub(crate) fn verdict(order: &Path, request: &Path, lang: Lang) -> Result<String, Problem> {
    let (order, request) = (files::read_order(order)?, files::read_request(request)?);
    let command = request.command(ID, AccountId::parse("shop").expect("a word is an account"));
    let payment = order.as_payment(Opaque::cut("example/payment@1", Vec::new()));
    let (mut told, found) = match rules::check(&command, &payment, &order.earlier, &POLICY) {
        Ok(refund) => (format!("ok: {}\n", refund.amount()), refund.warnings().to_vec()),
        Err(found) => ("refused\n".to_owned(), found.as_slice().to_vec()),
    };
    for one in &found {
        let said = render(&one.message, lang);
        told.push_str(&format!("{} {} at {}: {said}\n", one.severity, one.rule, one.path));
        if let Some(fix) = &one.suggestion {
            told.push_str(&format!("  {} = {}\n", fix.path, fix.value));
        }
    }
    Ok(told)
}

#[expect(clippy::print_stdout, reason = "the program's only output")]
fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let [order, request] = &args[..] else {
        println!("usage: check_cart ORDER.json REQUEST.json");
        return ExitCode::from(2);
    };
    let told = verdict(order.as_ref(), request.as_ref(), Lang::En);
    let told = told.unwrap_or_else(|problem| format!("{}\n", render(&problem.message, Lang::En)));
    print!("{told}");
    if told.starts_with("ok") { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
