//! Where the documents' reading stands and the check does not follow it yet. Each entry says what the document says and
//! which of its violations the check leaves out; an entry that nothing differs by any more must be taken out.

use crate::{
    case::Case,
    documents::{Broken, Reading},
};

/// One open question to the check.
pub(crate) struct Open {
    pub(crate) what: &'static str,
    /// True where it explains that the check leaves this out.
    explains: fn(&Case, &Reading<'_>, &Broken) -> bool,
}

pub(crate) const OPEN: &[Open] = &[];

/// The entry that explains all that the check leaves out; `None` where something remains unexplained.
pub(crate) fn explained(case: &Case, left_out: &[Broken]) -> Option<&'static str> {
    let reading = Reading::of(case);
    let explains = |broken: &Broken| OPEN.iter().find(|open| (open.explains)(case, &reading, broken));
    let found: Option<Vec<_>> = left_out.iter().map(explains).collect();
    found?.first().map(|open| open.what)
}
