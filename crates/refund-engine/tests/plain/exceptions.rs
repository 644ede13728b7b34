//! Where machine and text differ and the comparison knows it, each by name; `differences` shows the shortest lives.
//!
//! `LAX`: the fold takes more than the text allows. Tolerated in the comparison of records only; what the machine itself
//! writes is judged without it. `AMBIGUITIES`: the text can be read in two ways, and a record is judged by the machine's
//! reading. `KNOWN_DEFECT`: what the machine does against the text. Readings that are no exception to a clause stand where
//! the clause does, and in `differences`.

use super::{
    chances::{Proves, Terms},
    life::{Fact, Life, Place, Reservation, Word},
    rules::Clause,
};

/// One tolerated difference.
pub(crate) struct Lax {
    pub name: &'static str,
    pub clause: Clause,
    pub fits: fn(&Life, &Fact) -> bool,
}

pub(crate) const LAX: &[Lax] = &[
    Lax {
        name: "a plain refusal is folded although an earlier lineage rests on a person's word",
        clause: Clause::RefusalAgainstAWordProvesNothing,
        fits: |_, fact| *fact == Fact::Refused,
    },
    Lax {
        name: "a confirmed refusal is folded although a second copy is out",
        clause: Clause::RefusalOfAFirstSendOnly,
        fits: |life, fact| *fact == Fact::Refused && life.place == Place::Unknown,
    },
    Lax {
        name: "a cancellation is folded as the end although another copy may stand",
        clause: Clause::CancelledCopyIsNotTheOnlyOne,
        fits: |_, fact| *fact == Fact::CancelledInCabinet,
    },
    Lax {
        name: "\"it did not happen\" is folded although the gateway took it and may still carry it out",
        clause: Clause::TakenMayStillBeCarriedOut,
        fits: |_, fact| matches!(fact, Fact::PersonSays(Word::DidNotHappen | Word::SendAgain)),
    },
    Lax {
        name: "a reservation older than what a person did since may still be armed",
        clause: Clause::OneReservationOneSend,
        fits: |life, _| life.reservation == Reservation::Old,
    },
];

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

/// What the machine does against the text, until it is mended.
pub(crate) struct Defect {
    pub name: &'static str,
    meets: fn(&Life) -> bool,
}

impl Defect {
    pub(crate) fn is_met(&self, life: &Life) -> bool {
        (self.meets)(life)
    }
}

/// "`withdrawn`: taken back before anything was sent." A refund that is to be sent again on a person's word, and had let
/// others in, is merely approved; when a rule or the budget then refuses it, it is withdrawn, although an earlier
/// lineage of it was sent. The same refund one step later, reserved, is held for a person.
pub(crate) const KNOWN_DEFECT: Defect = Defect {
    name: "withdrawn by itself after a person's word, while approved",
    meets: |life| life.place == Place::Approved,
};
