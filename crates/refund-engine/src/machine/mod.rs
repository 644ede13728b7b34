//! The machine of one refund: state and event in, state and the next command out.
//!
//! Pure, `Copy`, fixed-size. It owns the order of effects (nothing is fired that was not armed, nobody is told what is
//! not kept), so that the simulator and its mutants see all of it; the driver only obeys. It must not know a clock, a
//! store, a runtime or a gateway: time comes with every event, everything else as handles.

mod apply;
mod decide;
mod policy;
mod record;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod words;

pub use policy::Policy;
pub use record::{
    Decision, DoubtKind, HoldReason, OutOfOrder, PollAnswer, Postponement, Proof, ReceiptTrack, Record,
    ResendGround, SeenVerdict, WithdrawReason,
};
pub use state::{Baseline, BaselineRole, Look, Phase, Refusal, State, Taken};
pub use step::{Machine, step};
pub use words::{Asked, Command, Event, FiredKind, Misstep, ProbedKind, Stage, StatusKind, Stop};
