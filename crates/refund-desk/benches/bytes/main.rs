//! How long it takes from the bytes of a request file to its verdict, beside parsing alone and beside the same written
//! plainly.
//!
//! One group, `cart/bytes`, at 1 to 10 000 lines; the order is parsed beforehand for all of them:
//!
//! | bench | what |
//! |---|---|
//! | `check` | [`refund_desk::ops::check_bytes`] |
//! | `floor` | serde into the same fields, borrowed where they can be, and nothing else |
//! | `owned` | serde into `String`s, `rust_decimal`, `HashMap<String, _>` |
//!
//! Before anything is timed, `check` and `owned` must give the same verdict on a right and on a wrong file. Times are for
//! reading, they fail nothing. `bytes count WORK LINES` does a work three times, the last one inside [`measured`], for a
//! counter of instructions.

mod floor;
mod owned;

use criterion::{BenchmarkId, Criterion, Throughput};
use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, Line, Money, Opaque, Payment, PaymentState, Prior, ProviderId,
    Quantity, rules::Checker,
};
use refund_desk::ops::{Against, check_bytes};
use std::{fmt::Write as _, hint::black_box, process::ExitCode, time::Duration};

const POLICY: CartPolicy = CartPolicy::new(CartNeed::OrdersWithCart);

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if let ["count", work, lines] = args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        let Ok(lines) = lines.parse() else { return ExitCode::from(2) };
        count(work, &Case::build(lines, Name::Right));
        return ExitCode::SUCCESS;
    }
    let criterion = Criterion::default().sample_size(20);
    let criterion =
        criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(700));
    let mut criterion = criterion.configure_from_args();
    cart_bytes(&mut criterion);
    criterion.final_summary();
    ExitCode::SUCCESS
}

fn cart_bytes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cart/bytes");
    for lines in [1, 10, 100, 1_000, 10_000] {
        for name in [Name::LastWrong, Name::Right] {
            agree(&Case::build(lines, name));
        }
        let case = Case::build(lines, Name::Right);
        let order = owned::Order::of(&case);
        let mut checker = Checker::new();
        group.throughput(Throughput::Bytes(case.bytes.len() as u64));
        let id = |name: &str| BenchmarkId::new(name, lines);
        group.bench_function(id("check"), |bench| bench.iter(|| case.check(&mut checker)));
        group.bench_function(id("floor"), |bench| {
            bench.iter(|| floor::parse(black_box(&case.bytes)).is_some())
        });
        group
            .bench_function(id("owned"), |bench| bench.iter(|| owned::check(black_box(&case.bytes), &order)));
    }
    group.finish();
}

fn agree(case: &Case) {
    let expected = (case.name == Name::Right).then_some(case.total);
    assert_eq!(case.check(&mut Checker::new()), expected, "check");
    assert_eq!(owned::check(&case.bytes, &owned::Order::of(case)), expected, "owned");
    assert_eq!(floor::parse(&case.bytes), Some(case.lines), "floor");
}

fn count(work: &str, case: &Case) {
    let (order, mut checker) = (owned::Order::of(case), Checker::new());
    let mut work = || match work {
        "floor" => assert_eq!(floor::parse(black_box(&case.bytes)), Some(case.lines)),
        "owned" => assert_eq!(owned::check(black_box(&case.bytes), &order), Some(case.total)),
        _ => assert_eq!(case.check(&mut checker), Some(case.total)),
    };
    work();
    work();
    measured(&mut work);
}

/// What is counted.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

/// What the last line's name is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Right,
    LastWrong,
}

/// A request file, and the order it is about.
struct Case {
    name: Name,
    bytes: Vec<u8>,
    payment: Payment,
    prior: Prior,
    provider: ProviderId,
    account: AccountId,
    lines: usize,
    /// What the lines total, in kopecks.
    total: i64,
}

impl Case {
    fn build(lines: usize, name: Name) -> Self {
        let sold: Vec<_> = (0..lines).map(sold).collect();
        let price = |line: &Line| line.price.expect("every line has one");
        let total: i64 = sold.iter().map(|line| price(line).minor()).sum();
        let mut text = format!(
            r#"{{"schema":"refund/request@1","gateway":"acme","order":"1001","amount":"{}","receipt":"cart","lines":["#,
            Money::rub(total).to_major_string()
        );
        for (at, line) in sold.iter().enumerate() {
            let wrong = if name == Name::LastWrong && at + 1 == lines { "ъ" } else { "" };
            let (comma, code) =
                (if at == 0 { "" } else { "," }, line.code.as_deref().expect("every line has one"));
            let money = price(line).to_major_string();
            write!(
                text,
                r#"{comma}{{"position":"{}","name":"{}{wrong}","code":"{code}","quantity":"1","price":"{money}","amount":"{money}"}}"#,
                line.position, line.name
            )
            .expect("a string takes everything");
        }
        text.push_str("]}");
        let data = Opaque::new("acme/payment@1", Vec::new()).expect("short");
        let mut payment = Payment::new(Money::rub(total * 2), PaymentState::Captured, data);
        payment.cart = Some(Cart { lines: sold });
        Self {
            name,
            bytes: text.into_bytes(),
            payment,
            prior: Prior::of(Money::rub(0), Money::rub(0)),
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            lines,
            total,
        }
    }

    fn check(&self, checker: &mut Checker) -> Option<i64> {
        let Self { payment, prior, provider, account, .. } = self;
        let against = Against { provider, account, payment, prior, policy: &POLICY };
        check_bytes(checker, black_box(&self.bytes), &against).ok().map(Money::minor)
    }
}

fn sold(index: usize) -> Line {
    let price = 1_000 + i64::try_from(index % 977).expect("small") * 2;
    Line {
        code: Some(format!("sku-{index:06}")),
        price: Some(Money::rub(price)),
        amount: Some(Money::rub(price * 2)),
        ..Line::new(
            (index + 1).to_string(),
            format!("Товар номер {index:06}, упаковка"),
            Quantity::from_thousandths(2_000),
        )
    }
}
