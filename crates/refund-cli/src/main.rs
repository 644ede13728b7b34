//! The binary `refund`: the process's arguments, streams and clock, handed to the library.

use refund_cli::{
    Exit, Setup, run,
    setup::{Interrupt, interrupted},
};
use std::process::ExitCode;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let (args, setup): (Vec<_>, _) = (std::env::args_os().collect(), Setup::process());
    let work = run(args.clone(), setup.clone());
    tokio::pin!(work);
    // The first signal lets the call in flight end, so that its answer is recorded; the second leaves at once, which
    // is safe: the journal says how far each refund came.
    let mut asked = false;
    let exit = loop {
        tokio::select! {
            // In this order: the handler is in place before the work says anything somebody may answer with a signal.
            biased;
            _ = tokio::signal::ctrl_c() => {
                if asked || interrupted(&args, &setup) == Interrupt::Leave {
                    break Exit::INTERRUPTED;
                }
                asked = true;
            }
            exit = &mut work => break exit,
        }
    };
    ExitCode::from(exit)
}
