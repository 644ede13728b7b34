//! `refund sandbox`: the emulator of both gateways, until it is interrupted.

use crate::{
    args::{Lenient, SandboxArgs},
    exit::Exit,
    printer::Printer,
    setup::{Doing, stop_asked},
    words,
};
use refund_core::Message;
use refund_desk::{Kind, Problem};
use refund_sandbox::{Mode, Sandbox};

pub(crate) async fn run(args: &SandboxArgs, printer: &Printer) -> Result<Exit, Problem> {
    let mode = if args.lenient == Lenient::Yes { Mode::Lenient } else { Mode::Strict };
    let builder = Sandbox::builder().listen(args.listen).mode(mode);
    let builder = args.chaos.into_iter().fold(builder, |builder, seed| builder.chaos(seed));
    let running = builder.start().await.map_err(|error| {
        let detail = Message::new(&words::SANDBOX_FAILED).with("detail", with_cause(&error));
        Problem::new(Kind::Configuration, detail).at("--listen")
    })?;
    let _serving = Doing::Serving.begin();
    printer.data(&format!("listening on {}", running.url()));
    stop_asked().await;
    running.stop().await;
    Ok(Exit::DONE)
}

/// "Cannot listen" alone does not say that somebody else does.
fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
