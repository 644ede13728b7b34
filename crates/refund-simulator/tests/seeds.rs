//! Schedules that once broke something, kept for ever: each ends well with the machine as it is, and breaks again what it
//! broke when the mutant beside it puts the defect back.

use refund_simulator::{Broken, Invariant, Kind, Laboratory, Mutant};
use std::{fs, path::Path};

/// One file of `seeds/`: lines of `word: value`, and lines of explanation that begin with `#`.
struct Seed {
    name: String,
    tier: Kind,
    seed: u64,
    mutant: Mutant,
    broke: Broken,
}

impl Seed {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let value = |word: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
            found.unwrap_or_else(|| panic!("{name}: no line `{word}: …`")).trim().to_owned()
        };
        assert!(text.starts_with("# "), "{name}: say what it once broke");
        let broke = value("broke");
        let broke =
            broke.split(' ').map(|word| Invariant::parse(word).unwrap_or_else(|| panic!("{name}: {word}")));
        Self {
            tier: Kind::parse(&value("tier")).unwrap_or_else(|| panic!("{name}: an unknown tier")),
            seed: value("seed").parse().unwrap_or_else(|error| panic!("{name}: {error}")),
            mutant: Mutant::parse(&value("mutant")).unwrap_or_else(|| panic!("{name}: an unknown mutant")),
            broke: Broken::of(&broke.collect::<Vec<_>>()),
            name,
        }
    }
}

fn seeds() -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.iter().map(|path| Seed::read(path)).collect()
}

#[test]
fn what_once_broke_ends_well() {
    let seeds = seeds();
    assert!(seeds.len() >= 12, "only {} seeds are kept", seeds.len());
    for seed in seeds {
        let verdict = Laboratory::new(Mutant::None).play(seed.tier, seed.seed);
        assert!(verdict.broken.is_empty(), "{}: {} broke again", seed.name, verdict.broken);
    }
}

#[test]
fn what_once_broke_breaks_again_without_its_repair() {
    for seed in seeds().into_iter().filter(|seed| seed.mutant != Mutant::None) {
        let verdict = Laboratory::new(seed.mutant).play(seed.tier, seed.seed);
        let missing = seed.broke.without(verdict.broken);
        assert!(missing.is_empty(), "{}: {missing} did not break; find another seed", seed.name);
    }
}
