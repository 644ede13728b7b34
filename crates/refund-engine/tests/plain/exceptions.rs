//! Where machine and text differ and the comparison knows it, each by name; `differences` shows the shortest lives.
//!
//! `LAX`: the fold takes more than the text allows. Tolerated in the comparison of records only; what the machine itself
//! writes is judged without it. `AMBIGUITIES`: the text can be read in two ways, and a record is judged by the machine's
//! reading. Readings that are no exception to a clause stand where the clause does, and in `differences`.

use super::{
    chances::{Proves, Terms},
    life::{Fact, Life},
    rules::Clause,
};

/// One tolerated difference.
pub(crate) struct Lax {
    pub name: &'static str,
    pub clause: Clause,
    pub fits: fn(&Life, &Fact) -> bool,
}

pub(crate) const LAX: &[Lax] = &[Lax {
    // With a verified key all copies of a lineage are one refund; the fold does not know the policy.
    name: "a cancellation is folded as the end although another copy of the lineage may stand",
    clause: Clause::CancelledCopyIsNotTheOnlyOne,
    fits: |life, fact| *fact == Fact::CancelledInCabinet && !life.rests_on_a_word(),
}];

/// Where the text can be read in two ways and the machine chose one: the facts that are judged by its reading.
pub(crate) struct Ambiguity {
    pub name: &'static str,
    pub clause: Clause,
    pub fits: fn(&Life, &Terms, &Fact) -> bool,
}

pub(crate) const AMBIGUITIES: &[Ambiguity] = &[Ambiguity {
    // "A cancellation of a resend speaks for the first send" (no tier named), but also "the gateway takes a key and
    // replays its first answer": with a verified key all copies of the lineage are one refund, and it was cancelled.
    name: "with a verified key a cancelled copy is the only one",
    clause: Clause::CancelledCopyIsNotTheOnlyOne,
    fits: |life, terms, fact| {
        *fact == Fact::CancelledInCabinet && terms.proves == Proves::Replays && !life.rests_on_a_word()
    },
}];
