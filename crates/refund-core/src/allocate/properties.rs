//! What holds of every answer, over orders and sequences of refunds nobody thought of.

use super::*;
use crate::{Line, cart::extend};
use proptest::prelude::*;

/// How an order's line tells its money.
#[derive(Clone, Copy, Debug)]
enum Told {
    Price,
    Amount,
    /// A price, and an amount that a discount made smaller.
    Discounted,
}

fn line() -> impl Strategy<Value = (i64, i64, i64, Told)> {
    let quantity = prop_oneof![(1..=20_i64).prop_map(|whole| whole * 1_000), 2..=20_000_i64];
    let told = prop_oneof![Just(Told::Price), Just(Told::Amount), Just(Told::Discounted)];
    (quantity, 100..=200_000_i64, 0..=99_i64, told)
}

/// An order every line of which can be written in prices of one unit.
fn order() -> impl Strategy<Value = Cart> {
    proptest::collection::vec(line(), 1..6).prop_map(|lines| {
        let line = |(at, (thousandths, price, off, told)): (usize, (i64, i64, i64, Told))| {
            let quantity = Quantity::from_thousandths(thousandths);
            let mut line = Line::new((at + 1).to_string(), "n", quantity);
            let full = extend(Money::rub(price), quantity).expect("small");
            let paid = Money::rub((full.minor() - full.minor() * off / 100).max(1));
            (line.price, line.amount) = match told {
                Told::Price if full.is_positive() => (Some(Money::rub(price)), None),
                Told::Price | Told::Amount => (None, Some(paid)),
                Told::Discounted => (Some(Money::rub(price)), Some(paid)),
            };
            line
        };
        Cart { lines: lines.into_iter().enumerate().map(line).collect() }
    })
}

/// A wish in per mille of what is there when it is made.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Amount(i64),
    Line(usize, i64),
    Concession(usize, i64, i64),
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        (1..=1_000_i64).prop_map(Ask::Amount),
        (0..6_usize, 1..=1_000_i64).prop_map(|(at, part)| Ask::Line(at, part)),
        (0..6_usize, 1..=1_000_i64, 1..=1_000_i64).prop_map(|(at, q, m)| Ask::Concession(at, q, m)),
    ]
}

/// What is left of each line: thousandths and kopecks.
fn left(order: &Cart, used: &[UsedLine]) -> Vec<(i64, i64)> {
    let left = order.lines.iter().map(|line| {
        let taken = used.iter().filter(|used| used.position == line.position);
        let (quantity, money) = taken.fold((0, 0), |(quantity, money), used| {
            (quantity + used.quantity.thousandths(), money + used.amount.minor())
        });
        let paid = line.total().expect("told").minor();
        (line.quantity.thousandths() - quantity, paid - money)
    });
    left.collect()
}

fn wish(ask: Ask, order: &Cart, left: &[(i64, i64)]) -> Wish {
    let part = |whole: i64, per_mille: i64| (whole * per_mille / 1_000).max(1);
    let at = |at: usize| at % order.lines.len();
    match ask {
        Ask::Amount(of) => Wish::Amount(Money::rub(part(left.iter().map(|(_, money)| money).sum(), of))),
        Ask::Line(line, of) => {
            let quantity = Quantity::from_thousandths(part(left[at(line)].0, of));
            Wish::Lines(vec![Piece::new(&order.lines[at(line)].position, quantity)])
        }
        Ask::Concession(line, quantity, money) => Wish::Concession {
            position: order.lines[at(line)].position.clone(),
            quantity: Quantity::from_thousandths(part(left[at(line)].0, quantity)),
            amount: Money::rub(part(left[at(line)].1, money)),
        },
    }
}

fn total(lines: &[RefundLine]) -> i64 {
    lines.iter().map(|line| line.amount.expect("told").minor()).sum()
}

fn take(used: &mut Vec<UsedLine>, lines: &[RefundLine]) {
    used.extend(lines.iter().map(|line| {
        let amount = line.amount.expect("told");
        UsedLine::new(line.position.clone(), line.quantity, amount, "r".to_owned())
    }));
}

/// What must hold of one answer.
fn good(wish: &Wish, made: &[RefundLine], order: &Cart, left: &[(i64, i64)], splitting: Splitting) {
    let mut seen = BTreeSet::new();
    for line in made {
        let at =
            order.lines.iter().position(|sold| sold.position == line.position).expect("the order's line");
        assert!(seen.insert(at), "{} stands twice", line.position);
        let (quantity, money) = (line.quantity.thousandths(), line.amount.expect("told").minor());
        assert!(
            quantity > 0 && money > 0 && quantity <= left[at].0 && money <= left[at].1,
            "{line:?} of {left:?}"
        );
        assert_eq!(quantity == left[at].0, money == left[at].1, "used up together: {line:?} of {left:?}");
        if let Some(price) = line.price {
            assert_eq!(extend(price, line.quantity), line.amount);
        } else if splitting == Splitting::Allowed {
            let two = positions(None, line.quantity, line.amount.expect("told")).expect("written in two");
            let sum: i64 =
                two.iter().map(|part| extend(part.price, part.quantity).expect("small").minor()).sum();
            let pieces: i64 = two.iter().map(|part| part.quantity.thousandths()).sum();
            assert_eq!((sum, pieces, two.len()), (money, quantity, 2));
            assert_eq!(two[1].price.minor() - two[0].price.minor(), 1);
        } else if quantity != left[at].0 {
            assert_eq!(order.lines[at].price, None, "a part of a priced line has a price");
        }
    }
    match wish {
        Wish::Amount(amount) | Wish::Concession { amount, .. } => assert_eq!(total(made), amount.minor()),
        Wish::Lines(pieces) => {
            let asked: Vec<_> = pieces.iter().map(|piece| (&piece.position, piece.quantity)).collect();
            let got: Vec<_> = made.iter().map(|line| (&line.position, line.quantity)).collect();
            assert_eq!(got, asked);
        }
        Wish::Rest => assert_eq!(total(made), left.iter().map(|(_, money)| money).sum::<i64>()),
    }
}

fn splitting() -> impl Strategy<Value = Splitting> {
    prop_oneof![Just(Splitting::Allowed), Just(Splitting::Never)]
}

/// The same lines, the last first.
fn turned(order: &Cart) -> Cart {
    Cart { lines: order.lines.iter().rev().cloned().collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is accepted is exact and within what is left, does not depend on the sequence of lines, and the rest
    /// always closes money and quantity to zero.
    #[test]
    fn any_sequence_of_parts_closes(
        order in order(), asks in proptest::collection::vec(ask(), 0..6), splitting in splitting(),
    ) {
        let policy = AllocationPolicy::new(splitting);
        let mut used = Vec::new();
        for ask in asks {
            let left = left(&order, &used);
            if left.iter().all(|(_, money)| *money == 0) {
                break;
            }
            let wish = wish(ask, &order, &left);
            let made = lines(&wish, &order, &used, &policy);
            let again = lines(&wish, &turned(&order), &used, &policy);
            match (made, again) {
                (Ok(made), Ok(mut again)) => {
                    good(&wish, &made, &order, &left, splitting);
                    again.sort_by_key(|line| made.iter().position(|one| one.position == line.position));
                    prop_assert_eq!(&again, &made);
                    take(&mut used, &made);
                }
                (Err(made), Err(again)) => prop_assert!(!made.path.is_empty() && !again.path.is_empty()),
                (made, again) => prop_assert!(false, "{made:?} and {again:?} of {wish:?}"),
            }
        }
        let before = left(&order, &used);
        if before.iter().any(|(_, money)| *money > 0) {
            let rest = lines(&Wish::Rest, &order, &used, &policy).expect("the rest always goes back");
            good(&Wish::Rest, &rest, &order, &before, splitting);
            take(&mut used, &rest);
        }
        prop_assert!(left(&order, &used).iter().all(|left| *left == (0, 0)));
    }

    /// Points and money close, too, on every line and in all.
    #[test]
    fn points_close_with_the_money(
        order in order(), asks in proptest::collection::vec(ask(), 0..5), of in 0..=1_000_i64,
        unit in prop_oneof![Just(1_i64), Just(100)],
    ) {
        let policy = AllocationPolicy::new(Splitting::Never);
        let paid: i64 = left(&order, &[]).iter().map(|(_, money)| money).sum();
        let (points, unit) = (Money::rub(paid * of / 1_000), Money::rub(unit));
        let laid = points::of_lines(&order, points, unit).expect("within the order");
        let sum: i64 = laid.iter().map(|points| points.minor()).sum();
        prop_assert_eq!(sum, points.minor());
        let (mut used, mut given) = (Vec::new(), Vec::new());
        let mut money = 0;
        let wishes = asks.into_iter().map(Some).chain([None]);
        for ask in wishes {
            let left = left(&order, &used);
            let wish = ask.map_or(Wish::Rest, |ask| wish(ask, &order, &left));
            let Ok(made) = lines(&wish, &order, &used, &policy) else { continue };
            let mixed = points::split(&made, &order, points, &used, &given, unit).expect("divisible");
            for (one, line) in mixed.iter().zip(&made) {
                prop_assert!(one.money.minor() >= 0 && one.points.minor() >= 0);
                prop_assert_eq!(one.money.minor() + one.points.minor(), line.amount.expect("told").minor());
                money += one.money.minor();
                given.push(points::UsedPoints { position: line.position.clone(), points: one.points });
            }
            take(&mut used, &made);
        }
        prop_assert!(left(&order, &used).iter().all(|left| *left == (0, 0)));
        for (line, laid) in order.lines.iter().zip(&laid) {
            let back = given.iter().filter(|used| used.position == line.position);
            prop_assert_eq!(back.map(|used| used.points.minor()).sum::<i64>(), laid.minor(), "line {}", line.position);
        }
        prop_assert_eq!(money, paid - points.minor());
    }

    /// An ordinary shop's amount is never refused: up to twenty pieces a line, from 1.00 each.
    #[test]
    fn an_ordinary_amount_is_always_distributed(
        pieces in proptest::collection::vec((1..=20_i64, 100..=200_000_i64), 1..8), of in 1..=1_000_i64,
        splitting in splitting(),
    ) {
        let line = |(at, (pieces, price)): (usize, (i64, i64))| {
            let quantity = Quantity::whole(pieces).expect("small");
            Line { price: Some(Money::rub(price)), ..Line::new((at + 1).to_string(), "n", quantity) }
        };
        let order = Cart { lines: pieces.into_iter().enumerate().map(line).collect() };
        let left = left(&order, &[]);
        let wish = wish(Ask::Amount(of), &order, &left);
        let made = lines(&wish, &order, &[], &AllocationPolicy::new(splitting)).expect("distributed");
        good(&wish, &made, &order, &left, splitting);
    }

    /// Delivery is kept, returned whole or shared, whatever else is asked, and nothing is off by a kopeck.
    #[test]
    fn whole_order_lines_do_as_they_are_told(
        order in order(), special in proptest::collection::btree_set(0..6_usize, 1..4), of in 1..=1_000_i64,
        back in prop_oneof![Just(WholeOrder::Keep), Just(WholeOrder::Return), Just(WholeOrder::InProportion)],
        splitting in splitting(),
    ) {
        let special: BTreeSet<_> = special.into_iter().map(|at| at % order.lines.len()).collect();
        let positions = special.iter().map(|at| order.lines[*at].position.clone());
        let policy = AllocationPolicy { splitting, whole_order: WholeOrderLines::at(back, positions) };
        let left = left(&order, &[]);
        let part = |wanted: &dyn Fn(usize) -> bool| -> i64 {
            left.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, (_, money))| money).sum()
        };
        let (delivery, goods) = (part(&|at| special.contains(&at)), part(&|at| !special.contains(&at)));
        let wish = wish(Ask::Amount(of), &order, &left);
        let Wish::Amount(asked) = &wish else { panic!("an amount was asked") };
        let possible = match back {
            WholeOrder::Keep => asked.minor() <= goods,
            WholeOrder::Return => asked.minor() >= delivery,
            WholeOrder::InProportion => true,
        };
        match lines(&wish, &order, &[], &policy) {
            Err(refusal) => {
                let exact = refusal.message.def().id == "cart-allocation";
                prop_assert!(!possible || exact, "{refusal}");
            }
            Ok(made) => {
                prop_assert!(possible);
                good(&wish, &made, &order, &left, splitting);
                let at = |at: usize| made.iter().find(|line| line.position == order.lines[at].position);
                for index in special {
                    match back {
                        WholeOrder::Keep => prop_assert!(at(index).is_none()),
                        WholeOrder::Return => {
                            let money = at(index).and_then(|line| line.amount).map(Money::minor);
                            prop_assert_eq!(money, Some(left[index].1));
                        }
                        // Its share of the amount, less than a kopeck away.
                        WholeOrder::InProportion => {
                            let money = at(index).and_then(|line| line.amount).map_or(0, Money::minor);
                            let off = i128::from(money) * i128::from(delivery + goods)
                                - i128::from(asked.minor()) * i128::from(left[index].1);
                            prop_assert!(off.abs() < i128::from(delivery + goods), "{off}");
                        }
                    }
                }
            }
        }
    }
}
