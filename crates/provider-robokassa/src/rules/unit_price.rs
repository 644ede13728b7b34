//! Rule: robokassa-unit-price
//!
//! A position has a price of one unit and no total, and price × quantity must make the line's money to the kopeck. The
//! price is the order's where it does; else one that does; else the line becomes two positions a kopeck apart, as
//! 100.00 for three becomes 2 × 33.33 and 1 × 33.34; else the refund is refused.

use crate::wire::roubles::Roubles;
use refund_core::{
    CheckedLine, Message, MessageDef, Money, Quantity, RuleId, Violation,
    cart::extend,
    outcome::sanitize,
    rules::{Evidence, RuleDef, Severity},
};

/// The rule as data.
pub(super) static RULE: RuleDef = RuleDef {
    id: RuleId::new("robokassa-unit-price"),
    severity: Severity::Error,
    evidence: Evidence::Confirmed,
    messages: &[&MESSAGE],
    source: "Robokassa, refund API page and vendor plugin: Cost is the price of one unit (CONFIRMED), 8 digits and 2 \
             decimals (CONFIRMED); vendor plugin: positions are sent only when they total the refund (CONFIRMED); rounding \
             half up and splitting a line are GUESSES",
    contradiction: Some(
        "One third-party program writes the line's total into Cost; Robokassa's page and the plugin say the price of one \
         unit. The plugin rounds it to kopecks and sends no positions when they no longer total the refund; here such a \
         line becomes two positions, or the refund is refused.",
    ),
};

pub(super) static MESSAGE: MessageDef = MessageDef {
    id: "robokassa-unit-price",
    en: "{ $amount } for { $quantity } of the line \"{ $position }\" cannot be written as a price of one unit times a \
         quantity: Robokassa takes prices from { $least } to { $most } in whole kopecks, and two positions a kopeck apart \
         do not make it either. Change the line's amount or quantity.",
    ru: "{ $amount } за { $quantity } по позиции «{ $position }» нельзя записать как цену за единицу, умноженную на \
         количество: Robokassa принимает цены от { $least } до { $most } в целых копейках, и две позиции с разницей в \
         копейку тоже не дают этой суммы. Измените сумму или количество.",
};

/// The highest price: 8 digits and 2 decimals, in kopecks.
pub(crate) const COST_MAX: i64 = 9_999_999_999;

/// So many at such a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Priced {
    pub(super) quantity: Quantity,
    pub(super) cost: Roubles,
}

/// One position or two that total the line.
pub(super) fn check(line: &CheckedLine, index: usize) -> Result<Vec<Priced>, Violation> {
    let price = line.sold.price.filter(|price| price.currency() == line.amount.currency());
    priced(price, line.quantity, line.amount).ok_or_else(|| {
        let currency = line.amount.currency();
        let message = Message::new(&MESSAGE)
            .with("amount", line.amount)
            .with("quantity", line.quantity)
            .with("position", sanitize(&line.sold.position, 40))
            .with("least", Money::new(1, currency))
            .with("most", Money::new(COST_MAX, currency));
        Violation::new(&RULE, format!("lines[{index}].amount"), message).with_given(line.amount)
    })
}

fn priced(price: Option<Money>, quantity: Quantity, amount: Money) -> Option<Vec<Priced>> {
    let cost = |minor: i64| {
        let money = Money::new(minor, amount.currency());
        Roubles::new(money).filter(|_| (1..=COST_MAX).contains(&minor))
    };
    let (whole, money) = (i128::from(quantity.thousandths()), i128::from(amount.minor()) * 1_000);
    let low = i64::try_from(money.checked_div(whole)?).ok()?;
    let candidates = [price.map(Money::minor), Some(low), low.checked_add(1)];
    let makes = |minor: &i64| extend(Money::new(*minor, amount.currency()), quantity) == Some(amount);
    if let Some(one) = candidates.into_iter().flatten().filter(makes).find_map(cost) {
        return Some(vec![Priced { quantity, cost: one }]);
    }
    // What is left of the money after the lower price is a kopeck for each of so many thousandths.
    let dear = i64::try_from(money - i128::from(low) * whole).ok()?;
    let two = [
        Priced { quantity: Quantity::from_thousandths(quantity.thousandths() - dear), cost: cost(low)? },
        Priced { quantity: Quantity::from_thousandths(dear), cost: cost(low.checked_add(1)?)? },
    ];
    let total = two.iter().try_fold(Money::zero(amount.currency()), |sum, part| {
        sum.checked_add(extend(part.cost.money(), part.quantity)?).ok()
    });
    (total == Some(amount)).then(|| two.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `1.5 × 100, 0.5 × 101`, in kopecks.
    fn shown(price: Option<i64>, thousandths: i64, amount: i64) -> String {
        let quantity = Quantity::from_thousandths(thousandths);
        match priced(price.map(Money::rub), quantity, Money::rub(amount)) {
            None => "refused".to_owned(),
            Some(parts) => {
                let part = |part: &Priced| format!("{} × {}", part.quantity, part.cost.money().minor());
                parts.iter().map(part).collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn prices_of_one_unit() {
        let check = |price, thousandths, amount, expected| {
            assert_eq!(shown(price, thousandths, amount), expected, "{price:?} {thousandths} {amount}");
        };
        check(Some(5_000), 2_000, 10_000, "2 × 5000");
        check(None, 2_000, 10_000, "2 × 5000");
        // The order's price is kept where rounding makes the amount: 151.5 becomes 152.
        check(Some(101), 1_500, 152, "1.5 × 101");
        // A part of the line's money: another price.
        check(Some(5_000), 2_000, 9_000, "2 × 4500");
        // What does not divide becomes two positions a kopeck apart.
        check(Some(3_333), 3_000, 10_000, "2 × 3333, 1 × 3334");
        check(None, 3_000, 9_999, "3 × 3333");
        check(None, 7_000, 10_000, "3 × 1428, 4 × 1429");
        check(None, 2_000, 1_001, "1 × 500, 1 × 501");
        check(None, 375, 3_754, "0.375 × 10010");
        check(None, 2_500, 10_001, "1.5 × 4000, 1 × 4001");
        check(None, 1, 1, "0.001 × 1000");
        // Less than a kopeck for one; more than eight digits of roubles for one.
        check(None, 3_000, 2, "refused");
        check(None, 1_000, 9_999_999_999, "1 × 9999999999");
        check(None, 1_000, 10_000_000_000, "refused");
        check(None, 2_000, 19_999_999_999, "refused");
        // 1.5 × 10.01 and 0.75 × 10.02 both end in half a kopeck and both would be rounded up.
        check(None, 2_250, 2_253, "refused");
        check(None, 0, 100, "refused");
    }

    proptest! {
        #[test]
        fn what_is_sent_totals_the_line(
            price in proptest::option::of(1..=100_000_i64), thousandths in 1..=30_000_i64, amount in 1..=1_000_000_i64,
        ) {
            let quantity = Quantity::from_thousandths(thousandths);
            let parts = priced(price.map(Money::rub), quantity, Money::rub(amount));
            let Some(parts) = parts else {
                // Whole units are refused only where one would cost less than a kopeck.
                prop_assert!(thousandths % 1_000 != 0 || amount < thousandths / 1_000);
                return Ok(());
            };
            let total: i64 = parts.iter().map(|p| (p.cost.money().minor() * p.quantity.thousandths() + 500) / 1_000).sum();
            prop_assert_eq!(total, amount);
            prop_assert_eq!(parts.iter().map(|part| part.quantity.thousandths()).sum::<i64>(), thousandths);
            prop_assert!(parts.len() <= 2 && parts.iter().all(|part| part.quantity.thousandths() > 0));
            if let [cheap, dear] = parts.as_slice() {
                prop_assert_eq!(dear.cost.money().minor() - cheap.cost.money().minor(), 1);
            }
        }
    }
}
