//! Cases computed by hand; the arithmetic stands beside each.

use super::*;
use crate::{Line, LineFiscal};

/// A line of so many thousandths; price and amount in kopecks, as far as they are told.
fn sold(position: &str, thousandths: i64, price: Option<i64>, amount: Option<i64>) -> Line {
    let mut line = Line::new(position, "n", Quantity::from_thousandths(thousandths));
    (line.price, line.amount) = (price.map(Money::rub), amount.map(Money::rub));
    line
}

fn cart(lines: &[Line]) -> Cart {
    Cart { lines: lines.to_vec() }
}

fn thousandths(quantity: i64) -> Quantity {
    Quantity::from_thousandths(quantity)
}

fn pieces(pieces: &[(&str, i64)]) -> Wish {
    Wish::Lines(
        pieces.iter().map(|(position, quantity)| Piece::new(*position, thousandths(*quantity))).collect(),
    )
}

fn amount(kopecks: i64) -> Wish {
    Wish::Amount(Money::rub(kopecks))
}

fn concession(position: &str, quantity: i64, kopecks: i64) -> Wish {
    Wish::Concession {
        position: position.to_owned(),
        quantity: thousandths(quantity),
        amount: Money::rub(kopecks),
    }
}

fn used(lines: &[(&str, i64, i64)]) -> Vec<UsedLine> {
    let used = lines.iter().map(|(position, quantity, kopecks)| {
        UsedLine::new((*position).to_owned(), thousandths(*quantity), Money::rub(*kopecks), "r".to_owned())
    });
    used.collect()
}

/// `1: 2 × 3333 = 6666; 2: 1 = 100` (no price), or `id at path`.
fn shown(made: Result<Vec<RefundLine>, Unallocatable>) -> String {
    let line = |line: &RefundLine| {
        let price = line.price.map_or_else(String::new, |price| format!(" × {}", price.minor()));
        let amount = line.amount.expect("every line has its money").minor();
        format!("{}: {}{price} = {amount}", line.position, line.quantity)
    };
    match made {
        Ok(lines) => lines.iter().map(line).collect::<Vec<_>>().join("; "),
        Err(refusal) => refusal.to_string(),
    }
}

fn check(order: &Cart, before: &[(&str, i64, i64)], wish: &Wish, splitting: Splitting, expected: &str) {
    let made = lines(wish, order, &used(before), &AllocationPolicy::new(splitting));
    assert_eq!(shown(made), expected, "{wish:?} {splitting:?} after {before:?}");
}

/// The same under both.
fn both(order: &Cart, before: &[(&str, i64, i64)], wish: &Wish, expected: &str) {
    for splitting in [Splitting::Allowed, Splitting::Never] {
        check(order, before, wish, splitting, expected);
    }
}

#[test]
fn a_hundred_for_three() {
    use Splitting::{Allowed, Never};
    // Three for 100.00, no price told: a third is 33.333…
    let three = cart(&[sold("1", 3_000, None, Some(10_000))]);
    both(&three, &[], &pieces(&[("1", 1_000)]), "1: 1 × 3333 = 3333");
    // Two thirds are 66.666…, half up 66.67: 1 × 33.33 + 1 × 33.34, or the amount alone, as in the sale.
    both(&three, &[], &pieces(&[("1", 2_000)]), "1: 2 = 6667");
    // 33.33 + 33.33 + 33.34 = 100.00
    both(&three, &[("1", 1_000, 3_333)], &pieces(&[("1", 1_000)]), "1: 1 × 3333 = 3333");
    both(&three, &[("1", 1_000, 3_333), ("1", 1_000, 3_333)], &pieces(&[("1", 1_000)]), "1: 1 × 3334 = 3334");
    both(&three, &[("1", 1_000, 3_333), ("1", 1_000, 3_333)], &Wish::Rest, "1: 1 × 3334 = 3334");
    both(&three, &[], &Wish::Rest, "1: 3 = 10000");

    // A price of 33.34 and a discount of 0.02 on the line: a price was told, so parts keep to an exact one.
    let priced = cart(&[sold("1", 3_000, Some(3_334), Some(10_000))]);
    // 66.67 has no price for two, so 2 × 33.33 = 66.66, and 33.34 stay for the last.
    check(&priced, &[], &pieces(&[("1", 2_000)]), Never, "1: 2 × 3333 = 6666");
    check(&priced, &[("1", 2_000, 6_666)], &Wish::Rest, Never, "1: 1 × 3334 = 3334");
    check(&priced, &[], &pieces(&[("1", 2_000)]), Allowed, "1: 2 = 6667");
    // All of it has no exact price; it is not kept back for that.
    check(&priced, &[], &Wish::Rest, Never, "1: 3 = 10000");
}

#[test]
fn an_amount_over_three_lines() {
    // 500.00 + 2 × 300.00 + 1.5 × 300.10 (450.15) = 1 550.15
    let order = cart(&[
        sold("1", 1_000, Some(50_000), None),
        sold("2", 2_000, Some(30_000), None),
        sold("3", 1_500, Some(30_010), Some(45_015)),
    ]);
    // 1 234.56 of it, in kopecks by 155 015:
    //   1: 123456 × 50000 = 6172800000 = 39820 × 155015 + 102700 (second largest remainder: +1)
    //   2: 123456 × 60000 = 7407360000 = 47784 × 155015 + 123240 (largest: +1)
    //   3: 123456 × 45015 = 5557371840 = 35850 × 155015 +  84090
    // Quantities: 1000 × 39821/50000 = 796.42; 2000 × 47785/60000 = 1592.8; 1500 × 35850/45015 = 1194.6.
    // Prices: 50026 × 0.796 = 39820.7; 29997 × 1.593 = 47785.2; 30000 × 1.195 = 35850.
    let expected = "1: 0.796 × 50026 = 39821; 2: 1.593 × 29997 = 47785; 3: 1.195 × 30000 = 35850";
    both(&order, &[], &amount(123_456), expected);
    // The same lines in another sequence.
    let turned = cart(&[order.lines[2].clone(), order.lines[0].clone(), order.lines[1].clone()]);
    let expected = "3: 1.195 × 30000 = 35850; 1: 0.796 × 50026 = 39821; 2: 1.593 × 29997 = 47785";
    both(&turned, &[], &amount(123_456), expected);
    // All of it is the rest of it.
    let all = "1: 1 × 50000 = 50000; 2: 2 × 30000 = 60000; 3: 1.5 × 30010 = 45015";
    both(&order, &[], &amount(155_015), all);
    both(&order, &[], &Wish::Rest, all);
    both(&order, &[], &amount(155_016), "cart-allocation-over-left at amount");
    // What is used up is no longer distributed over: 50.00 of line 2 alone are 50/300 of a piece, 0.1667.
    // 29940 × 0.167 = 4999.98; for the 550.00 and 1.833 that stay there is no one price (30005 and 30006 make 549.99 and
    // 550.01), so where there can be no second position 0.166 is taken: 30120 × 0.166 = 4999.92, and 29989 × 1.834 =
    // 54999.8 stays.
    let before = [("1", 1_000, 50_000), ("3", 1_500, 45_015)];
    check(&order, &before, &amount(5_000), Splitting::Allowed, "2: 0.167 × 29940 = 5000");
    check(&order, &before, &amount(5_000), Splitting::Never, "2: 0.166 × 30120 = 5000");
}

#[test]
fn the_smallest_amounts() {
    let one = cart(&[sold("1", 1_000, Some(1), None)]);
    both(&one, &[], &amount(1), "1: 1 × 1 = 1");
    both(&one, &[], &pieces(&[("1", 500)]), "cart-allocation-too-small at lines[0].quantity");
    // A kopeck of 1.00 and 2.00 goes to the second (0.33 and 0.67): 5 thousandths at 2.00.
    let two = cart(&[sold("1", 1_000, Some(100), None), sold("2", 1_000, Some(200), None)]);
    both(&two, &[], &amount(1), "2: 0.005 × 200 = 1");
    // Three pieces for a kopeck: only together.
    let three = cart(&[sold("1", 3_000, None, Some(1))]);
    both(&three, &[], &pieces(&[("1", 1_000)]), "cart-allocation-too-small at lines[0].quantity");
    check(&three, &[], &Wish::Rest, Splitting::Never, "1: 3 = 1");
    // A receipt of unit prices cannot say it: 0.01 for three is less than a kopeck for one.
    check(&three, &[], &Wish::Rest, Splitting::Allowed, "cart-allocation at amount");
    // A gift is left out.
    let gift = cart(&[sold("1", 1_000, Some(100), None), sold("2", 1_000, Some(0), None)]);
    both(&gift, &[], &Wish::Rest, "1: 1 × 100 = 100");
    both(&gift, &[], &pieces(&[("2", 1_000)]), "cart-allocation-worth-nothing at lines[0].quantity");
}

#[test]
fn a_third_of_a_kilogram() {
    // 0.333 × 1 234.56 = 411.10848, half up 411.11.
    let order = cart(&[sold("1", 333, Some(123_456), None)]);
    // 0.1 × 1 234.56 = 123.456, half up 123.46; 287.65 stay, and 0.233 × 1 234.56 = 287.65248.
    both(&order, &[], &pieces(&[("1", 100)]), "1: 0.1 × 123456 = 12346");
    both(&order, &[("1", 100, 12_346)], &Wish::Rest, "1: 0.233 × 123456 = 28765");
    // Thirds: 0.111 × 1 234.56 = 137.03616, half up 137.04 twice; the last is 137.03 = 0.111 × 1 234.50 (137.0295).
    both(&order, &[("1", 111, 13_704)], &pieces(&[("1", 111)]), "1: 0.111 × 123456 = 13704");
    let twice = [("1", 111, 13_704), ("1", 111, 13_704)];
    both(&order, &twice, &pieces(&[("1", 111)]), "1: 0.111 × 123450 = 13703");
}

#[test]
fn a_discount_over_the_pieces() {
    // Seven at 14.30 less 0.10 is 100.00; 14.2857… for one.
    let order = cart(&[sold("1", 7_000, Some(1_430), Some(10_000))]);
    // Three sevenths are 42.857…, half up 42.86: 2 × 14.28 + 1 × 14.30 does not exist, 1 × 14.28 + 2 × 14.29 does.
    check(&order, &[], &pieces(&[("1", 3_000)]), Splitting::Allowed, "1: 3 = 4286");
    // Without a second position 3 × 14.28 = 42.84; 57.16 = 4 × 14.29 stay.
    check(&order, &[], &pieces(&[("1", 3_000)]), Splitting::Never, "1: 3 × 1428 = 4284");
    check(&order, &[("1", 3_000, 4_284)], &Wish::Rest, Splitting::Never, "1: 4 × 1429 = 5716");
    let two = positions(None, Quantity::from_thousandths(3_000), Money::rub(4_286)).expect("two positions");
    let two: Vec<_> = two.iter().map(|part| (part.quantity.thousandths(), part.price.minor())).collect();
    assert_eq!(two, [(1_000, 1_428), (2_000, 1_429)]);
}

#[test]
fn delivery_is_kept_or_returned_or_shared() {
    use WholeOrder::{InProportion, Keep, Return};
    // 1 000.00 + 2 × 500.00 + delivery 300.00 = 2 300.00
    let mut delivery = sold("3", 1_000, Some(30_000), None);
    let fiscal = |object: &str| LineFiscal {
        vat: "none".into(),
        method: "full_payment".into(),
        object: object.into(),
    };
    delivery.fiscal = Some(fiscal("service"));
    let order =
        cart(&[sold("1", 1_000, Some(100_000), None), sold("2", 2_000, Some(50_000), None), delivery]);
    let check = |back: WholeOrder, wish: &Wish, expected: &str| {
        for splitting in [Splitting::Allowed, Splitting::Never] {
            for hint in [false, true] {
                let mut whole_order = WholeOrderLines::at(back, ["3"]);
                if hint {
                    (whole_order.positions, whole_order.objects) = (Vec::new(), vec!["service".to_owned()]);
                }
                let policy = AllocationPolicy { splitting, whole_order };
                assert_eq!(shown(lines(wish, &order, &[], &policy)), expected, "{back:?} {wish:?} {hint}");
            }
        }
    };
    // Kept: 300.00 of each thousand.
    check(Keep, &amount(60_000), "1: 0.3 × 100000 = 30000; 2: 0.6 × 50000 = 30000");
    // Returned: 300.00 for it, and 150.00 of each thousand.
    check(Return, &amount(60_000), "1: 0.15 × 100000 = 15000; 2: 0.3 × 50000 = 15000; 3: 1 × 30000 = 30000");
    // Shared: a tenth of everything.
    check(
        InProportion,
        &amount(23_000),
        "1: 0.1 × 100000 = 10000; 2: 0.2 × 50000 = 10000; 3: 0.1 × 30000 = 3000",
    );
    check(Return, &amount(29_999), "cart-allocation-delivery-over at amount");
    check(Return, &amount(30_000), "3: 1 × 30000 = 30000");
    check(Keep, &amount(200_001), "cart-allocation-over-left-kept at amount");
    // One of the thousands comes back.
    let first = pieces(&[("1", 1_000)]);
    check(Keep, &first, "1: 1 × 100000 = 100000");
    check(Return, &first, "1: 1 × 100000 = 100000; 3: 1 × 30000 = 30000");
    check(InProportion, &first, "1: 1 × 100000 = 100000; 3: 0.5 × 30000 = 15000");
    // Named by hand, it goes back whatever the policy is.
    check(Keep, &pieces(&[("3", 1_000)]), "3: 1 × 30000 = 30000");
    check(Keep, &Wish::Rest, "1: 1 × 100000 = 100000; 2: 2 × 50000 = 100000");
    check(Return, &Wish::Rest, "1: 1 × 100000 = 100000; 2: 2 × 50000 = 100000; 3: 1 × 30000 = 30000");

    let wrong = |positions: &[&str], objects: &[&str]| {
        let mut whole_order = WholeOrderLines::at(Keep, positions.iter().copied());
        whole_order.objects = objects.iter().map(|object| (*object).to_owned()).collect();
        let policy = AllocationPolicy { splitting: Splitting::Never, whole_order };
        shown(lines(&Wish::Rest, &order, &[], &policy))
    };
    assert_eq!(wrong(&["4"], &[]), "cart-allocation-unknown-line at allocate.delivery_lines[0]");
    assert_eq!(wrong(&[], &["job"]), "cart-allocation-delivery-object at allocate.delivery_objects[0]");
    assert_eq!(wrong(&["1", "2", "3"], &[]), "cart-allocation-nothing-left at amount");
}

#[test]
fn a_concession_says_what_it_uses_up() {
    let order = cart(&[sold("1", 1_000, Some(100_000), None), sold("2", 2_000, Some(50_000), None)]);
    both(&order, &[], &concession("2", 200, 10_000), "2: 0.2 × 50000 = 10000");
    both(&order, &[], &concession("2", 500, 10_000), "2: 0.5 × 20000 = 10000");
    // 900.00 stay for 1.5.
    both(&order, &[("2", 500, 10_000)], &pieces(&[("2", 1_500)]), "2: 1.5 × 60000 = 90000");
    // Nothing would be left to carry 900.00, or 1.5 would be left that is worth nothing.
    both(&order, &[], &concession("2", 2_000, 10_000), "cart-allocation-concession at allocate.quantity");
    both(&order, &[], &concession("2", 500, 100_000), "cart-allocation-concession at allocate.quantity");
    both(&order, &[], &concession("2", 2_000, 100_000), "2: 2 × 50000 = 100000");
    both(&order, &[], &concession("2", 1_000, 100_001), "cart-allocation-line-over at amount");
    both(&order, &[], &concession("3", 1_000, 1), "cart-allocation-unknown-line at allocate.position");
    both(&order, &[], &concession("2", 1_000, 0), "cart-allocation-not-positive at amount");
    // 66.67 for 1.5: 44.44 makes 66.66 and 44.45 makes 66.68; 0.5 × 44.44 + 1 × 44.45 = 22.22 + 44.45 = 66.67.
    let uneven = concession("2", 1_500, 6_667);
    check(&order, &[], &uneven, Splitting::Never, "cart-allocation at amount");
    check(&order, &[], &uneven, Splitting::Allowed, "2: 1.5 = 6667");
    // 0.01 would stay for 1.999: no price of a whole kopeck.
    check(&order, &[], &concession("2", 1, 99_999), Splitting::Allowed, "cart-allocation at amount");
}

#[test]
fn what_cannot_be_is_explained() {
    let order = cart(&[sold("1", 1_000, Some(100), None), sold("2", 2_000, Some(50), None)]);
    both(&cart(&[]), &[], &Wish::Rest, "cart-allocation-no-order at order_file");
    both(
        &cart(&[sold("1", 1_000, None, None)]),
        &[],
        &Wish::Rest,
        "cart-allocation-order-line at order_file",
    );
    both(&cart(&[sold("1", 0, None, Some(1))]), &[], &Wish::Rest, "cart-allocation-order-line at order_file");
    both(
        &cart(&[sold("1", 1, None, Some(-1))]),
        &[],
        &Wish::Rest,
        "cart-allocation-order-line at order_file",
    );
    let twice = cart(&[order.lines[0].clone(), order.lines[0].clone()]);
    both(&twice, &[], &Wish::Rest, "cart-allocation-order-twice at order_file");
    let huge = cart(&[sold("1", 1_000, None, Some(i64::MAX)), sold("2", 1_000, None, Some(1))]);
    both(&huge, &[], &Wish::Rest, "cart-allocation-too-large at order_file");
    both(&order, &[], &pieces(&[]), "cart-allocation-nothing-named at lines");
    both(&order, &[], &pieces(&[("1", 1), ("1", 1)]), "cart-allocation-too-small at lines[0].quantity");
    both(&order, &[], &pieces(&[("1", 500), ("1", 500)]), "cart-allocation-line-twice at lines[1].position");
    both(&order, &[], &pieces(&[("7", 1)]), "cart-allocation-unknown-line at lines[0].position");
    both(&order, &[], &pieces(&[("2", 2_001)]), "cart-allocation-quantity at lines[0].quantity");
    both(&order, &[], &pieces(&[("2", 0)]), "cart-allocation-quantity at lines[0].quantity");
    both(
        &order,
        &[("1", 1_000, 100), ("2", 2_000, 100)],
        &Wish::Rest,
        "cart-allocation-nothing-left at amount",
    );
    // An earlier refund took all of the quantity and not all of the money.
    both(&order, &[("1", 1_000, 99)], &Wish::Rest, "cart-allocation-stuck at amount");
    // More was taken than there was (a changed order): nothing is left of it, never less than nothing.
    both(&order, &[("1", 5_000, 500)], &Wish::Rest, "2: 2 × 50 = 100");
    // A line the order does not have any more takes nothing of the others.
    both(&order, &[("9", 5_000, 500)], &amount(200), "1: 1 × 100 = 100; 2: 2 × 50 = 100");
    let yen = crate::Currency::from_code("JPY").expect("the yen is in ISO 4217");
    both(&order, &[], &Wish::Amount(Money::new(1, yen)), "cart-allocation-currency at amount");
}

#[test]
fn refusals_tell_their_values() {
    let order = cart(&[sold("1", 1_000, Some(100), None), sold("2", 2_000, Some(50), None)]);
    let refused = lines(&amount(201), &order, &[], &AllocationPolicy::new(Splitting::Never));
    let message = refused.expect_err("too much").message;
    let values: Vec<_> = message.args().iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(values, ["asked=2.01 RUB", "left=2.00 RUB"]);
    for def in MESSAGES {
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert!(def.id.starts_with("cart-allocation") && cyrillic(def.ru) && !cyrillic(def.en), "{}", def.id);
    }
    assert_eq!(RULE.id.as_str(), RULE.message().id);
}

#[test]
fn points_are_laid_out_and_given_back_in_whole() {
    let rub = Money::rub;
    let laid = |order: &Cart, points: i64| {
        let laid = points::of_lines(order, rub(points), rub(100)).expect("laid out");
        laid.into_iter().map(Money::minor).collect::<Vec<_>>()
    };
    // 100 points over 100.00 and 200.00: 33.33 and 66.67, whole 33 and 67.
    let order = cart(&[sold("1", 1_000, Some(10_000), None), sold("2", 2_000, Some(10_000), None)]);
    assert_eq!(laid(&order, 10_000), [3_300, 6_700]);
    // 150.15 over 200.00 and 450.15: of 150 whole points 46.15 and 103.85 make 46 and 104; 0.15 over what is left of the
    // lines, 154.00 and 346.15, are 4.6 and 10.4 kopecks: 5 and 10.
    let tea = cart(&[sold("1", 2_000, Some(10_000), None), sold("2", 1_500, Some(30_010), None)]);
    assert_eq!(laid(&tea, 15_015), [4_605, 10_410]);
    assert!(points::of_lines(&order, rub(30_001), rub(100)).is_err());

    type Step<'a> = (&'a str, i64, i64);
    let split = |before: &[(Step<'_>, i64)], (position, thousandths, kopecks): Step<'_>| {
        let steps: Vec<_> = before.iter().map(|(step, _)| *step).collect();
        let points = before
            .iter()
            .map(|(step, points)| points::UsedPoints { position: step.0.to_owned(), points: rub(*points) });
        let mut line = RefundLine::new(position, Quantity::from_thousandths(thousandths));
        line.amount = Some(rub(kopecks));
        let points: Vec<_> = points.collect();
        let mixed =
            points::split(&[line], &order, rub(10_000), &used(&steps), &points, rub(100)).expect("split");
        (mixed[0].money.minor(), mixed[0].points.minor())
    };
    // Half of line 2: 67/2 = 33.5 points, down to 33, and 67.00 in money; the other half takes the 34 that are left.
    assert_eq!(split(&[], ("2", 1_000, 10_000)), (6_700, 3_300));
    assert_eq!(split(&[(("2", 1_000, 10_000), 3_300)], ("2", 1_000, 10_000)), (6_600, 3_400));
    // 0.99 of line 1: 0.3267 points, none.
    assert_eq!(split(&[], ("1", 10, 99)), (99, 0));
    // 99.50 of line 1, which was paid with 67.00 and 33 points: 32.8 points are 32, but 67.50 in money are not there.
    assert_eq!(split(&[], ("1", 995, 9_950)), (6_650, 3_300));
    assert_eq!(split(&[(("1", 995, 9_950), 3_300)], ("1", 5, 50)), (50, 0));
}
