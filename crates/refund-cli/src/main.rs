//! The binary `refund`: the process's arguments, streams and clock, handed to the library.

use refund_cli::{
    Exit, Setup, run,
    setup::{Interrupt, interrupted, left_early},
};
use std::process::ExitCode;

/// Ctrl-C, and the signal a service manager stops with.
async fn asked_to_leave() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a signal to wait for there is nothing but to run on.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let (args, setup): (Vec<_>, _) = (std::env::args_os().collect(), Setup::process());
    let work = run(args.clone(), setup.clone());
    tokio::pin!(work);
    // After the first signal nothing more is armed, and the call in flight ends, so that its answer is recorded; the
    // second leaves at once, which is safe: the journal says how far each refund came.
    let mut asked = false;
    let exit = loop {
        tokio::select! {
        // In this order: the handler is in place before the work says anything somebody may answer with a signal.
                    biased;
                    () = asked_to_leave() => {
                        if asked || interrupted(&args, &setup) == Interrupt::Leave {
                            break Exit::INTERRUPTED;
                        }
                        asked = true;
                    }
                    exit = &mut work => break exit,
                }
    };
    ExitCode::from(if left_early() { Exit::INTERRUPTED } else { exit })
}
