//! `refund-simulator`: plays schedules, tells one, or shows what each mutant breaks.
//!
//! Figures go to standard output, progress and violations to standard error. It must not know what a schedule is made of.
#![deny(missing_docs)]

use clap::{Arg, ArgMatches, Command, value_parser};
use refund_simulator::{Catalogue, Figures, Hunt, Kind, Laboratory, Mutant, Order, Played, run};
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
};

fn main() -> ExitCode {
    let done = match command().get_matches().subcommand() {
        Some(("run", args)) => match args.get_one::<u64>("tell") {
            Some(seed) => tell(args, *seed),
            None => play(args),
        },
        Some(("mutants", args)) => mutants(args),
        _ => Ok(ExitCode::from(2)),
    };
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error}");
        ExitCode::FAILURE
    })
}

fn command() -> Command {
    let number = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("N").help(help).value_parser(value_parser!(u64))
    };
    let tier = Arg::new("tier")
        .long("tier")
        .value_name("TIER")
        .help("One tier only; by default they take turns, one seed each")
        .value_parser(Kind::ALL.map(Kind::as_str));
    let names = Mutant::ALL.map(|mutant| &*mutant.name().leak());
    let mutant = Arg::new("mutant")
        .long("mutant")
        .value_name("NAME")
        .help("Break this on purpose (with --tell)")
        .requires("tell")
        .value_parser(names);
    Command::new("refund-simulator")
        .about("Drives the real machine of one refund through seeded schedules")
        .subcommand_required(true)
        .subcommand(
            Command::new("run")
                .about("Plays schedules; ends with 1 and the seed when an invariant breaks")
                .arg(number("schedules", "How many schedules").default_value("1000000"))
                .arg(number("from-seed", "The first seed").default_value("0"))
                .arg(number("threads", "How many threads; by default one per processor"))
                .arg(number("tell", "Tell the story of this seed instead").requires("tier"))
                .arg(tier)
                .arg(mutant)
                .arg(
                    Arg::new("report")
                        .long("report")
                        .value_name("FILE")
                        .help("Write the figures there as JSON, too")
                        .value_parser(value_parser!(PathBuf)),
                ),
        )
        .subcommand(
            Command::new("mutants")
                .about("Shows what each mutant breaks, and the first seed that shows it")
                .arg(number("seeds", "Seeds per mutant and tier").default_value("10000")),
        )
}

fn kind_of(args: &ArgMatches) -> Option<Kind> {
    args.get_one::<String>("tier").and_then(|word| Kind::parse(word))
}

fn tell(args: &ArgMatches, seed: u64) -> io::Result<ExitCode> {
    let mutant =
        args.get_one::<String>("mutant").and_then(|name| Mutant::parse(name)).unwrap_or(Mutant::None);
    let kind = kind_of(args).unwrap_or(Kind::Exclusive);
    let (verdict, story) = Laboratory::new(mutant).tell(kind, seed);
    let mut out = io::stdout().lock();
    out.write_all(story.as_bytes())?;
    match verdict.first {
        None => writeln!(out, "nothing broke").map(|()| ExitCode::SUCCESS),
        Some((first, event)) => {
            writeln!(out, "broken: {}, first {first} at event {event}", verdict.broken)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn play(args: &ArgMatches) -> io::Result<ExitCode> {
    let number = |name: &str| args.get_one::<u64>(name).copied();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = number("threads").and_then(|threads| usize::try_from(threads).ok()).unwrap_or(processors);
    let order = Order {
        schedules: number("schedules").unwrap_or(0),
        from_seed: number("from-seed").unwrap_or(0),
        threads,
        kind: kind_of(args),
    };
    let shown = AtomicU64::new(0);
    let step = (order.schedules / 20).max(1);
    let played = run(order, |done| {
        if shown.fetch_max(done / step, Ordering::Relaxed) < done / step {
            let _ = write!(io::stderr(), "\r{done} of {} schedules", order.schedules);
        }
    });
    writeln!(io::stderr())?;
    print(&played, &mut io::stdout().lock())?;
    if let Some(path) = args.get_one::<PathBuf>("report") {
        std::fs::write(path, report(order, &played))?;
    }
    let Some(found) = played.violation else { return Ok(ExitCode::SUCCESS) };
    let (tier, seed) = (found.kind.as_str(), found.seed);
    let mut err = io::stderr().lock();
    writeln!(err, "{} broke at event {} of seed {seed}, {tier}", found.invariant, found.event)?;
    writeln!(err, "its story: refund-simulator run --tier {tier} --tell {seed}")?;
    Ok(ExitCode::FAILURE)
}

fn print(played: &Played, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<17}{:>12}{:>14}{:>10}{:>12}{:>12}{:>11}{:>11}{:>11}{:>11}{:>9}",
        "tier",
        "schedules",
        "events",
        "per one",
        "sends",
        "unknowns",
        "holds",
        "decided",
        "resends",
        "overtaken",
        "doubles"
    )?;
    for (kind, figures) in &played.tiers {
        row(kind.as_str(), figures, out)?;
    }
    let total = played.total();
    row("all", &total, out)?;
    let per_second = |count: u64| per_second(count, played.processor_nanos);
    writeln!(
        out,
        "per core: {}.{:02} million events/s, {} schedules/s",
        per_second(total.events) / 1_000_000,
        per_second(total.events) / 10_000 % 100,
        per_second(total.schedules)
    )
}

fn row(name: &str, figures: &Figures, out: &mut impl Write) -> io::Result<()> {
    let per_one = figures.events * 10 / figures.schedules.max(1);
    writeln!(
        out,
        "{name:<17}{:>12}{:>14}{:>8}.{}{:>12}{:>12}{:>11}{:>11}{:>11}{:>11}{:>9}",
        figures.schedules,
        figures.events,
        per_one / 10,
        per_one % 10,
        figures.sends,
        figures.unknowns,
        figures.holds,
        figures.decisions,
        figures.resends,
        figures.overtaken,
        figures.doubles
    )
}

/// How many a second of processor time.
fn per_second(count: u64, nanos: u64) -> u64 {
    let rate = u128::from(count) * 1_000_000_000 / u128::from(nanos.max(1));
    u64::try_from(rate).unwrap_or(u64::MAX)
}

fn report(order: Order, played: &Played) -> String {
    let tiers: Vec<_> = played
        .tiers
        .iter()
        .map(|(kind, figures)| {
            serde_json::json!({
                "tier": kind.as_str(), "schedules": figures.schedules, "events": figures.events,
                "sends": figures.sends, "resends": figures.resends, "unknowns": figures.unknowns,
                "holds": figures.holds, "decisions": figures.decisions, "overtaken": figures.overtaken,
                "doubles": figures.doubles,
            })
        })
        .collect();
    let total = played.total();
    let violation = played.violation.map(|found| {
        serde_json::json!({
            "tier": found.kind.as_str(), "seed": found.seed, "event": found.event,
            "invariant": found.invariant.to_string(),
        })
    });
    let report = serde_json::json!({
        "schedules": total.schedules, "events": total.events, "from_seed": order.from_seed,
        "threads": order.threads, "processor_ms": played.processor_nanos / 1_000_000,
        "events_per_core_second": per_second(total.events, played.processor_nanos),
        "schedules_per_core_second": per_second(total.schedules, played.processor_nanos),
        "violation": violation, "tiers": tiers,
    });
    format!("{report:#}\n")
}

fn mutants(args: &ArgMatches) -> io::Result<ExitCode> {
    let seeds = args.get_one::<u64>("seeds").copied().unwrap_or(0);
    let mut out = io::stdout().lock();
    for row in Catalogue::ROWS {
        let hunt = Hunt::of(row.mutant, row.kind, seeds);
        let first: Vec<_> = hunt.first.iter().map(|(one, seed)| format!("{one} at {seed}")).collect();
        let (name, kind) = (row.mutant.name(), row.kind.as_str());
        writeln!(
            out,
            "{name:<32}{kind:<17}{:>7} caught, {:>7} holds: {}",
            hunt.caught,
            hunt.figures.holds,
            first.join(", ")
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
