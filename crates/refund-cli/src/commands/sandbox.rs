//! `refund sandbox`: the emulator of both gateways, until it is interrupted.

use crate::{
    args::{Lenient, SandboxArgs},
    exit::Exit,
    printer::Printer,
    words,
};
use refund_core::Message;
use refund_desk::{Kind, Problem};
use refund_sandbox::{Mode, Sandbox};

pub(crate) async fn run(args: &SandboxArgs, printer: &Printer) -> Result<Exit, Problem> {
    let mode = if args.lenient == Lenient::Yes { Mode::Lenient } else { Mode::Strict };
    let running = Sandbox::builder().listen(args.listen).mode(mode).start().await.map_err(|error| {
        let detail = Message::new(&words::SANDBOX_FAILED).with("detail", error);
        Problem::new(Kind::Configuration, detail).at("--listen")
    })?;
    printer.data(&format!("listening on {}", running.url()));
    // Without a signal to wait for there is nothing but to run on.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    running.stop().await;
    Ok(Exit::DONE)
}
