//! raw
#![allow(missing_docs, clippy::all, clippy::disallowed_types, clippy::float_arithmetic, clippy::disallowed_methods, clippy::print_stdout)]
use refund_simulator::*;
use std::time::Instant;
fn main() {
    let n: u64 = std::env::args().nth(1).map_or(20_000, |a| a.parse().unwrap());
    for kind in Kind::ALL {
        let mut sim = Simulator::new();
        let t = Instant::now();
        let mut bad = Vec::new();
        for seed in 0..n {
            let v = sim.play(kind, seed);
            if !v.broken.is_empty() { bad.push((seed, v)); }
        }
        let d = t.elapsed().as_secs_f64();
        let f = sim.take_figures();
        println!("{:18} {:.0}k sched/s {:.2}M ev/s ev/sched {:.1} {:?}", kind.as_str(), n as f64/d/1e3, f.events as f64/d/1e6, f.events as f64/n as f64, f);
        for (seed, v) in bad.iter().take(3) { println!("   {seed} {v:?}"); }
        if !bad.is_empty() { println!("   {} bad", bad.len()); }
    }
}
