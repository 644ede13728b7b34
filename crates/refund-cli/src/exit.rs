//! Exit codes, decided in one place.

use refund_desk::Kind;
use std::process::ExitCode;

/// How the command ended.
///
/// | code | meaning |
/// |---|---|
/// | 0 | done: accepted or settled (the output says which), or already done before under the same key |
/// | 1 | internal error |
/// | 2 | wrong usage |
/// | 3 | the request breaks a rule; nothing was sent |
/// | 4 | configuration or authentication |
/// | 5 | the gateway declined, or the money will not go back |
/// | 6 | outcome unknown: do not repeat |
/// | 9 | not confirmed |
/// | 10 | the journal cannot be written: nothing more is sent |
/// | 11 | the gateway could not be reached; nothing was sent, safe to repeat |
/// | 130 | interrupted; the journal says where |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// Done.
    pub const DONE: Self = Self(0);
    /// An internal error.
    pub const INTERNAL: Self = Self(1);
    /// Wrong usage.
    pub const USAGE: Self = Self(2);
    /// Interrupted by a signal.
    pub const INTERRUPTED: Self = Self(130);

    /// The code of a kind of problem.
    pub fn of(kind: Kind) -> Self {
        Self(match kind {
            Kind::Usage => 2,
            Kind::Rules => 3,
            Kind::Configuration => 4,
            Kind::Declined => 5,
            Kind::Unknown => 6,
            Kind::NotConfirmed => 9,
            Kind::Journal => 10,
            Kind::Unreachable => 11,
            _ => 1,
        })
    }

    /// The number.
    pub fn code(self) -> u8 {
        self.0
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
