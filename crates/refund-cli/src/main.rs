//! The binary `refund`: the process's arguments, streams and clock, handed to the library.

use refund_cli::{Exit, Setup, run};
use std::process::ExitCode;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let work = run(std::env::args_os().collect(), Setup::process());
    tokio::pin!(work);
    // The first signal lets the call in flight end, so that its answer is recorded; the second leaves at once, which
    // is safe: the journal says how far each refund came.
    let mut asked = false;
    let exit = loop {
        tokio::select! {
            exit = &mut work => break exit,
            _ = tokio::signal::ctrl_c() => {
                if asked {
                    break Exit::INTERRUPTED;
                }
                asked = true;
                refund_cli::setup::announce_interrupt();
            }
        }
    };
    ExitCode::from(exit)
}
