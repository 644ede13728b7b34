//! Named points at which a test can end the process, as a power cut would: no destructor, no flush.
//!
//! Compiled in for this crate's own tests and behind the feature `crash-points`; otherwise nothing is left of it.

/// Ends the process here if `REFUND_CRASH_AT` names this point; `name@3` waits for the third time. Takes what
/// `format!` takes.
macro_rules! crash_point {
    ($($name:tt)+) => {{
        #[cfg(any(test, feature = "crash-points"))]
        $crate::crash::reach(&format!($($name)+));
        #[cfg(not(any(test, feature = "crash-points")))]
        let _ = format_args!($($name)+);
    }};
}
pub(crate) use crash_point;

/// The variable that names the point.
#[cfg(any(test, feature = "crash-points"))]
pub(crate) const VARIABLE: &str = "REFUND_CRASH_AT";

#[cfg(any(test, feature = "crash-points"))]
pub(crate) fn reach(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static REACHED: AtomicU32 = AtomicU32::new(0);

    let Ok(wanted) = std::env::var(VARIABLE) else { return };
    let (point, times) = match wanted.split_once('@') {
        Some((point, times)) => (point, times.parse().unwrap_or(1)),
        None => (wanted.as_str(), 1),
    };
    if point == name && REACHED.fetch_add(1, Ordering::SeqCst) + 1 == times {
        std::process::abort();
    }
}
