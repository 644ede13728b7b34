//! Pictures in Mermaid's language: the phases with their records, and what is done about an unknown outcome.
//!
//! It draws what it is handed and knows no transition.

use super::{
    doubt::{Doubt, MOMENTS, Next},
    follow::Place,
};
use refund_engine::Phase;
use std::collections::{BTreeMap, BTreeSet};

/// Every phase and the records that lead from one to another. A record that leaves the phase as it is, is left out.
pub(crate) fn phases(cells: &BTreeMap<(Place, &'static str), BTreeSet<Phase>>) -> String {
    let mut arrows: BTreeMap<(Place, Phase), Vec<&str>> = BTreeMap::new();
    for ((from, kind), targets) in cells {
        for to in targets.iter().filter(|to| *from != Some(**to)) {
            arrows.entry((*from, *to)).or_default().push(kind);
        }
    }
    let drawn = arrows.iter().map(|((from, to), kinds)| {
        format!("    {} --> {}: {}\n", from.map_or("[*]", Phase::as_str), to.as_str(), kinds.join(", "))
    });
    let ends = Phase::ALL.into_iter().filter(|phase| phase.is_final());
    let ends = ends.map(|phase| format!("    {} --> [*]\n", phase.as_str()));
    diagram(&drawn.chain(ends).collect::<String>())
}

/// What follows each way into doubt. Ways that are followed by the same are one.
pub(crate) fn doubts(doubts: &[Doubt]) -> String {
    let mut groups: Vec<(Vec<&str>, &Doubt)> = Vec::new();
    for doubt in doubts {
        match groups.iter_mut().find(|(_, like)| like.next == doubt.next && like.looks == doubt.looks) {
            Some((ways, _)) => ways.push(doubt.way),
            None => groups.push((vec![doubt.way], doubt)),
        }
    }
    let mut lines = String::new();
    for (number, (ways, doubt)) in groups.iter().enumerate() {
        let (unknown, probe) = (format!("unknown{}", number + 1), format!("probe{}", number + 1));
        lines += &format!("    state \"unknown: {}\" as {unknown}\n", ways.join(", "));
        if doubt.next.contains(&Next::Probe) {
            lines += &format!("    state \"probe\" as {probe}\n");
        }
        let mut arrows = Arrows::default();
        for ((moment, _), next) in MOMENTS.iter().zip(&doubt.next) {
            let always = doubt.next.iter().all(|other| other == next);
            arrows.add(&unknown, next, if always { "at any moment" } else { moment }, &unknown, &probe);
        }
        for look in &doubt.looks {
            arrows.add(&probe, &look.first, &look.shows, &unknown, &probe);
            if let Some(again) = look.again.as_ref().filter(|again| **again != look.first) {
                arrows.add(&probe, again, &format!("{} again", look.shows), &unknown, &probe);
            }
        }
        lines += &arrows.drawn();
    }
    diagram(&lines)
}

/// Arrows by where they lead from and to and why, in the order in which they were first added.
#[derive(Default)]
struct Arrows(Vec<(String, String, String, Vec<String>)>);

impl Arrows {
    fn add(&mut self, from: &str, next: &Next, label: &str, unknown: &str, probe: &str) {
        let (to, why) = match next {
            Next::Wait => ("wait", ""),
            Next::Probe => (probe, ""),
            Next::Resend => ("resend", ""),
            Next::Hold(why) => ("hold", why.as_str()),
            Next::Restart => ("restart", ""),
            Next::Write(_, Phase::Unknown) => (unknown, ""),
            Next::Write(kind, phase) if *kind == phase.as_str() => (*kind, ""),
            Next::Write(kind, phase) => (phase.as_str(), *kind),
            Next::Other(command) => (command.as_str(), ""),
        };
        let same = |arrow: &&mut (String, String, String, Vec<String>)| {
            arrow.0 == from && arrow.1 == to && arrow.2 == why
        };
        match self.0.iter_mut().find(same) {
            Some((_, _, _, labels)) if labels.iter().any(|old| old == label) => {}
            Some((_, _, _, labels)) => labels.push(label.to_owned()),
            None => self.0.push((from.to_owned(), to.to_owned(), why.to_owned(), vec![label.to_owned()])),
        }
    }

    fn drawn(&self) -> String {
        let line = |(from, to, why, labels): &(String, String, String, Vec<String>)| {
            let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
            format!("    {from} --> {to}: {}{why}\n", labels.join(", "))
        };
        self.0.iter().map(line).collect()
    }
}

fn diagram(lines: &str) -> String {
    format!("```mermaid\nstateDiagram-v2\n{lines}```\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::doubt::Look;

    #[test]
    fn phases_are_drawn_with_their_records() {
        let set = |phases: &[Phase]| phases.iter().copied().collect();
        let cells = [
            ((None, "planned"), set(&[Phase::Planned])),
            ((Some(Phase::Planned), "receipt"), set(&[Phase::Planned])),
            ((Some(Phase::Sending), "a"), set(&[Phase::Unknown, Phase::Settled])),
            ((Some(Phase::Sending), "b"), set(&[Phase::Unknown])),
        ];
        let drawn = phases(&cells.into_iter().collect());
        for line in
            ["    [*] --> planned: planned\n", "    sending --> unknown: a, b\n", "    settled --> [*]\n"]
        {
            assert!(drawn.contains(line), "{line} is not in {drawn}");
        }
        assert!(!drawn.contains("receipt"), "{drawn}");
    }

    #[test]
    fn ways_that_are_followed_by_the_same_are_one() {
        let hold = Next::Hold("why".to_owned());
        let look = |shows: &str, first, again| Look { shows: shows.to_owned(), first, again };
        let one = Doubt {
            way: "one",
            next: vec![Next::Wait, Next::Wait, Next::Probe, hold.clone()],
            looks: vec![look(
                "x",
                Next::Write("looked", Phase::Unknown),
                Some(Next::Write("y", Phase::Reserved)),
            )],
        };
        let (two, three) =
            (Doubt { way: "two", ..one.clone() }, Doubt { way: "three", next: vec![hold; 4], looks: vec![] });
        let expected = "```mermaid\nstateDiagram-v2\n    state \"unknown: one, two\" as unknown1\n    state \"probe\" as probe1\n    \
                        unknown1 --> wait: permit alive, window open\n    unknown1 --> probe1: window over\n    \
                        unknown1 --> hold: another boot (why)\n    probe1 --> unknown1: x\n    probe1 --> reserved: x again (y)\n    \
                        state \"unknown: three\" as unknown2\n    unknown2 --> hold: at any moment (why)\n```\n";
        assert_eq!(doubts(&[one, two, three]), expected);
    }
}
