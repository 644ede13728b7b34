//! tell
#![allow(missing_docs, clippy::all, clippy::print_stdout)]
use refund_simulator::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m = a.get(3).map_or(Mutant::None, |m| Mutant::parse(m).unwrap());
    let (v, s) = Laboratory::new(m).tell(Kind::parse(&a[1]).unwrap(), a[2].parse().unwrap());
    println!("{s}{v:?}");
}
