//! The page of the machine: phases, records, commands and what is done in doubt, all read off the machine itself.
//!
//! The machine is driven and its records are folded; a transition written here by hand would be a second opinion. It
//! knows Markdown, and of the engine only how to ask it.

mod alphabet;
mod doubt;
mod drive;
mod follow;
mod picture;
mod words;

use crate::Result;
use alphabet::TIERS;
use doubt::{Doubt, MOMENTS, Next};
use drive::Driven;
use follow::{Answer, Followed, Place};
use refund_core::SelfFencing;
use refund_engine::Phase;
use std::collections::BTreeSet;
use words::{Word, snake, spaced};

/// The page.
///
/// # Errors
/// When the machine cannot be driven, which is a defect of it, or its source cannot be read.
pub(crate) fn page() -> Result<String> {
    let source = words::source()?;
    let driven = drive::drive()?;
    let records: Vec<_> = driven.records.values().copied().collect();
    let followed = follow::follow(&records);
    Ok([
        HEAD.to_owned(),
        phases(&followed, &words::variants(&source, "Phase")?),
        table(&followed, &words::variants(&source, "Record")?),
        doubts()?,
        commands(&driven, &source)?,
    ]
    .concat())
}

const HEAD: &str = "<!-- Written by `cargo xtask docs` from crates/refund-engine/src/machine. Do not edit. -->\n\n\
    # The machine of one refund\n\n\
    No transition here was written by hand. The machine was driven with every event at every command, for every kind of\n\
    gateway, with a crash at every point; every history that its records make was folded. Meanings are the comments of\n\
    the code. Bounds: one refund, two lineages, two sends of each. Why it is built this way:\n\
    [reliability](../reliability.md), [architecture](../ARCHITECTURE.md).\n\n";

fn phases(followed: &Followed, words: &[Word]) -> String {
    let mut text = "## Phases\n\n\
        *Uses the budget*: its amount is taken from what the payment has left. *Holds the payment*: no other refund of the\n\
        payment can be reserved meanwhile.\n\n\
        | phase | what it means | uses the budget | holds the payment | final |\n|---|---|---|---|---|\n"
        .to_owned();
    for (phase, word) in Phase::ALL.iter().zip(words) {
        let holds = holds_payment(followed, *phase);
        let cells = [
            format!("`{}`", phase.as_str()),
            word.says.clone(),
            yes(phase.uses_budget()),
            holds,
            yes(phase.is_final()),
        ];
        text += &row(&cells);
    }
    text
}

fn holds_payment(followed: &Followed, phase: Phase) -> String {
    let evidence =
        |state: &refund_engine::State| state.baseline.is_some_and(|baseline| baseline.is_evidence());
    match followed.of_phase(phase, |state| state.holds_payment()) {
        Answer::Always => yes(true),
        Answer::Never => String::new(),
        Answer::Sometimes => match followed.of_phase(phase, |state| state.holds_payment() == evidence(state))
        {
            Answer::Always => "where its outcome is read against the payment's sums".to_owned(),
            Answer::Sometimes | Answer::Never => "sometimes".to_owned(),
        },
    }
}

/// Records by rows, phases by columns; phases that take the same are one column.
fn table(followed: &Followed, words: &[Word]) -> String {
    let kinds: Vec<_> = words.iter().map(|word| snake(&word.name)).collect();
    let cell = |place: Place, kind: &str| {
        let led = followed.cells.iter().find(|((from, record), _)| *from == place && *record == kind);
        led.map_or_else(String::new, |(_, to)| leads_to(place, to))
    };
    let mut columns: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for place in std::iter::once(None).chain(Phase::ALL.map(Some)) {
        let cells: Vec<_> = kinds.iter().map(|kind| cell(place, kind)).collect();
        let title = place.map_or_else(|| "*(nothing)*".to_owned(), |phase| format!("`{}`", phase.as_str()));
        match columns.iter_mut().find(|(_, like)| *like == cells) {
            Some((titles, _)) => titles.push(title),
            None => columns.push((vec![title], cells)),
        }
    }
    let titles = columns.iter().map(|(titles, _)| titles.join(" "));
    let mut text = "\n## What may follow\n\n\
        Which record may be written in which phase, and which phase it leads to. An empty cell: the fold refuses it, and\n\
        nothing is written. `=` leaves the phase as it is. Where a cell has more than one, the rest of the state decides.\n\n"
        .to_owned();
    let titles: Vec<_> = std::iter::once("record".to_owned()).chain(titles).collect();
    text += &(row(&titles) + &rule(titles.len()));
    for (index, kind) in kinds.iter().enumerate() {
        let cells = columns.iter().map(|(_, cells)| cells[index].clone());
        text += &row(&std::iter::once(format!("`{kind}`")).chain(cells).collect::<Vec<_>>());
    }
    text += "\nThe same as a picture, without the records that leave a phase as it is:\n\n";
    text += &picture::phases(&followed.cells);
    text += "\n| record | what it says |\n|---|---|\n";
    for (word, kind) in words.iter().zip(&kinds) {
        text += &row(&[format!("`{kind}`"), word.says.clone()]);
    }
    text
}

fn leads_to(place: Place, targets: &BTreeSet<Phase>) -> String {
    let names = targets.iter().map(|to| if place == Some(*to) { "=" } else { to.as_str() });
    names.collect::<Vec<_>>().join(", ")
}

/// What is done about an unknown outcome, once per kind of gateway; kinds that do the same are one section.
fn doubts() -> Result<String> {
    let mut sections: Vec<(Vec<String>, Vec<Doubt>)> = Vec::new();
    for (tier, which) in TIERS {
        for (fencing, how) in [(SelfFencing::Off, ""), (SelfFencing::On, ", self-fencing on")] {
            let (title, doubts) = (format!("{tier}{how}"), doubt::doubts(which, fencing)?);
            match sections.iter_mut().find(|(_, like)| *like == doubts) {
                Some((titles, _)) => titles.push(title),
                None => sections.push((vec![title], doubts)),
            }
        }
    }
    let sections: String = sections.iter().map(|(titles, doubts)| section(titles, doubts)).collect();
    Ok(format!(
        "\n## In doubt\n\n\
         What the machine commands when a refund is `unknown` and it is told to go on. Played here: one refund, sent once\n\
         or twice, of which two copies do not fit into the payment, so that a fence, where it is relied on, stands. What a\n\
         probe brings is shown for a window that is over, or for the reference it asks by.\n\n\
         *wait*: nothing before a moment. *probe*: look at the gateway. *resend*: the same bytes with the same key, under a\n\
         new armed record. *hold*: a person is asked, for the reason given. *restart*: the settle window starts again.\n\
         *another boot*: the machine was restarted since, and moments of two boots are never compared.\n{sections}"
    ))
}

fn section(titles: &[String], doubts: &[Doubt]) -> String {
    let mut text = format!("\n### {}\n\n{}\n", titles.join("; "), picture::doubts(doubts));
    let heads: Vec<_> =
        std::iter::once("came into doubt by").chain(MOMENTS.map(|(moment, _)| moment)).collect();
    text += &(row(&heads) + &rule(heads.len()));
    for doubt in doubts {
        let cells = doubt.next.iter().map(said);
        text += &row(&std::iter::once(doubt.way.to_owned()).chain(cells).collect::<Vec<_>>());
    }
    text
}

fn said(next: &Next) -> String {
    match next {
        Next::Wait => "wait".to_owned(),
        Next::Probe => "probe".to_owned(),
        Next::Resend => "resend".to_owned(),
        Next::Hold(why) => format!("hold: {why}"),
        Next::Restart => "restart".to_owned(),
        Next::Write(kind, phase) => format!("`{kind}`, {}", phase.as_str()),
        Next::Other(command) => format!("`{command}`"),
    }
}

fn commands(driven: &Driven, source: &str) -> Result<String> {
    let mut text = "\n## Commands\n\n\
        The driver carries out one command at a time and reports with one of the events beside it. Any other event is\n\
        refused and changes nothing. What a person may do depends on the phase as well.\n\n\
        | command | what it asks for | answered by |\n|---|---|---|\n"
        .to_owned();
    for word in words::variants(source, "Command")? {
        // What asks for nothing is answered by whatever begins something.
        let key = Some(word.name.clone()).filter(|name| driven.answers.contains_key(&Some(name.clone())));
        let events = driven.answers.get(&key).map(ticked).unwrap_or_default();
        text += &row(&[format!("`{}`", word.name), word.says, events]);
    }
    text += "\n### Why a run ends\n\n| stop | meaning |\n|---|---|\n";
    for word in words::variants(source, "Stop")? {
        text += &row(&[spaced(&word.name), word.says]);
    }
    text += "\n### Why a person is asked\n\n| reason | meaning |\n|---|---|\n";
    for word in words::variants(source, "HoldReason")? {
        text += &row(&[spaced(&word.name), word.says]);
    }
    Ok(text)
}

fn ticked(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn yes(answer: bool) -> String {
    if answer { "yes".to_owned() } else { String::new() }
}

fn row(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.as_ref().replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn rule(columns: usize) -> String {
    "|---".repeat(columns) + "|\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use alphabet::plans;
    use refund_engine::{Record, machine::WithdrawReason};

    #[test]
    fn records_are_rows_and_phases_that_take_the_same_are_one_column() {
        let mut records = plans().to_vec();
        records.extend([Record::Approved, Record::Withdrawn { why: WithdrawReason::Person }]);
        let word = |name: &str| Word { name: name.to_owned(), says: format!("It is {name}.") };
        let table = table(&follow::follow(&records), &[word("Planned"), word("Approved"), word("Withdrawn")]);
        for line in [
            "| `planned` | planned |  |  |  |",
            "| `approved` |  | approved |  |  |",
            "| `withdrawn` |  | withdrawn | withdrawn |  |",
            "| `withdrawn` | It is Withdrawn. |",
            "    approved --> withdrawn: withdrawn",
        ] {
            assert!(table.lines().any(|found| found == line), "{line} is not in\n{table}");
        }
    }

    #[test]
    fn a_bar_in_a_cell_is_no_column() {
        assert_eq!(row(&["a|b", "c"]) + &rule(2), "| a\\|b | c |\n|---|---|\n");
        assert_eq!(
            leads_to(Some(Phase::Accepted), &[Phase::Accepted, Phase::Processing].into()),
            "=, processing"
        );
    }
}
