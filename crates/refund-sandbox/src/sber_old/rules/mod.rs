//! Which refund cart fits which order: the document's rules, one file each, in the order they are
//! checked.
//!
//! Pure: a book of the order's positions, a cart and a sum in, the first broken rule out. Nothing is
//! refunded if one is broken (CONFIRMED, `refund.do` document; that no part of the cart goes through is
//! a GUESS). Formats and lengths are the reader's business: a line that breaks them never gets here.

mod arithmetic;
mod currency;
mod limits;
mod presence;
mod total;
mod unique;

use super::book::Book;
use super::cart::Line;
use super::refusal::Refusal;
use crate::switches::SberSwitches;

/// What a rule looks at.
pub(super) struct Case<'a> {
    /// The order's positions and what earlier refunds have used up.
    pub(super) book: &'a Book,
    pub(super) lines: &'a [Line],
    /// The sum of the refund, minor units: money, or money and points where both go back.
    pub(super) amount: u64,
    /// The order's currency, ISO 4217 numeric.
    pub(super) currency: &'a str,
    /// Loyalty points of the order.
    pub(super) points: u64,
    pub(super) switches: &'a SberSwitches,
}

impl Case<'_> {
    /// A violation in words of the sandbox's own: the document only says `an error`.
    fn broken(&self, text: impl AsRef<str>) -> Refusal {
        Refusal::own(self.switches.cart_violation_code, text)
    }

    /// A violation in words another dialect's document has for the same case.
    fn borrowed(&self, text: &'static str) -> Refusal {
        Refusal::borrowed(self.switches.cart_violation_code, text)
    }
}

type Rule = fn(&Case<'_>) -> Result<(), Refusal>;

/// The likeliest order (GUESS).
const RULES: [Rule; 7] = [
    unique::positions_and_codes,
    currency::one_and_the_orders,
    presence::in_the_order,
    limits::quantity,
    limits::amount,
    arithmetic::price_times_quantity,
    total::lines_make_the_refund,
];

pub(super) fn check(case: &Case<'_>) -> Result<(), Refusal> {
    RULES.iter().try_for_each(|rule| rule(case))
}

#[cfg(test)]
mod tests {
    use super::super::book::tests::book;
    use super::super::cart::refund_lines;
    use super::*;
    use crate::config::Mode;
    use crate::switches::Switches;

    /// The order: two packs of tea at 100.00, 3 kg of sugar for 100.00, 1.005 m of cloth at 100.25
    /// (100.75125, so 100.75). One pack and 1 kg (33.33) went back earlier.
    const CART: [&str; 3] = [
        r#"{"positionId":1,"name":"Чай","quantity":{"value":2,"measure":"шт."},"itemPrice":10000,"itemAmount":20000,"itemCode":"tea"}"#,
        r#"{"positionId":2,"name":"Сахар","quantity":{"value":3,"measure":"кг"},"itemAmount":10000,"itemCode":"sugar"}"#,
        r#"{"positionId":3,"name":"Ткань","quantity":{"value":1.005,"measure":"м"},"itemPrice":10025,"itemCode":"cloth"}"#,
    ];
    const EARLIER: [&str; 2] = [
        r#"{"positionId":1,"quantity":{"value":1}}"#,
        r#"{"positionId":2,"quantity":{"value":1},"itemAmount":3333}"#,
    ];

    /// `Ok`, or the text of the first broken rule.
    fn verdict(items: &str, amount: u64, change: impl Fn(&mut SberSwitches)) -> Result<(), String> {
        let mut switches = Switches::preset(Mode::Strict).sber;
        change(&mut switches);
        let lines = refund_lines(&format!(r#"{{"items":[{items}]}}"#), 255).unwrap();
        let book = book(&CART, &EARLIER);
        let case =
            Case { book: &book, lines: &lines, amount, currency: "643", points: 0, switches: &switches };
        check(&case).map_err(|refusal| refusal.text(crate::switches::Language::Ru).to_owned())
    }

    fn check_rows(rows: &[(&str, u64, Result<(), &str>)], change: impl Fn(&mut SberSwitches)) {
        for (items, amount, expected) in rows {
            let seen = verdict(items, *amount, &change);
            let seen = seen.as_ref().copied().map_err(|text| text.trim_start_matches("sandbox: "));
            assert_eq!(seen, *expected, "{items} {amount}");
        }
    }

    const SUM: Result<(), &str> = Err("Сумма товарных позиций в Корзине не совпадает с общей суммой заказа");
    const CURRENCY: Result<(), &str> = Err("Валюта в Корзине не совпадает с валютой заказа");
    const TEA: &str = r#"{"positionId":1,"quantity":{"value":1}}"#;

    #[test]
    fn positions_are_the_orders() {
        check_rows(
            &[
                (TEA, 10_000, Ok(())),
                (
                    r#"{"positionId":"1","name":"Чай","itemCode":"tea","quantity":{"value":1}}"#,
                    10_000,
                    Ok(()),
                ),
                (r#"{"positionId":9,"quantity":{"value":1}}"#, 10_000, Err("position 9 is not in the order")),
                (
                    r#"{"positionId":1,"name":"Чай ","quantity":{"value":1}}"#,
                    10_000,
                    Err("position 1 is not in the order"),
                ),
                (
                    r#"{"positionId":1,"itemCode":"TEA","quantity":{"value":1}}"#,
                    10_000,
                    Err("position 1 is not in the order"),
                ),
            ],
            |_| {},
        );
        check_rows(&[(TEA, 10_000, Err("position 1 is not in the order"))], |switches| {
            switches.cart_match = crate::switches::CartMatch::Triple;
        });
    }

    #[test]
    fn quantities_fit_what_is_left_to_the_thousandth() {
        let cloth = |quantity: &str| format!(r#"{{"positionId":3,"quantity":{{"value":{quantity}}}}}"#);
        check_rows(
            &[
                (&cloth("1.005"), 10_075, Ok(())), // 10 075.125, half up
                (&cloth("1.004"), 10_065, Ok(())), // 10 065.1
                (&cloth("1.006"), 10_085, Err("position 3: quantity 1.006 exceeds 1.005, which is left")),
                (
                    r#"{"positionId":1,"quantity":{"value":1.001}}"#,
                    10_010,
                    Err("position 1: quantity 1.001 exceeds 1, which is left"),
                ),
                (
                    r#"{"positionId":2,"quantity":{"value":2.001},"itemAmount":6667}"#,
                    6_667,
                    Err("position 2: quantity 2.001 exceeds 2, which is left"),
                ),
            ],
            |_| {},
        );
        // Against the order as registered both packs may go back once more.
        check_rows(
            &[
                (r#"{"positionId":1,"quantity":{"value":2}}"#, 20_000, Ok(())),
                (
                    r#"{"positionId":1,"quantity":{"value":2.001}}"#,
                    20_010,
                    Err("position 1: quantity 2.001 exceeds 2, which is left"),
                ),
            ],
            |switches| switches.cart_limits = crate::switches::CartLimits::Original,
        );
    }

    #[test]
    fn item_amounts_fit_what_is_left_to_the_kopeck() {
        let sugar =
            |amount: u64| format!(r#"{{"positionId":2,"quantity":{{"value":2}},"itemAmount":{amount}}}"#);
        check_rows(
            &[
                (&sugar(6_666), 6_666, Ok(())),
                (&sugar(6_667), 6_667, Ok(())),
                (&sugar(6_668), 6_668, Err("position 2: itemAmount 6668 exceeds 6667, which is left")),
                // Without itemAmount the position's share counts: two thirds of 100.00.
                (r#"{"positionId":2,"quantity":{"value":2}}"#, 6_667, Ok(())),
                (
                    r#"{"positionId":1,"quantity":{"value":1},"itemPrice":10001}"#,
                    10_001,
                    Err("position 1: itemAmount 10001 exceeds 10000, which is left"),
                ),
            ],
            |_| {},
        );
    }

    #[test]
    fn price_times_quantity_rounds_half_up_for_each_position() {
        let cloth = |amount: u64, quantity: &str| {
            format!(
                r#"{{"positionId":3,"quantity":{{"value":{quantity}}},"itemPrice":5,"itemAmount":{amount}}}"#
            )
        };
        check_rows(
            &[
                (&cloth(1, "0.1"), 1, Ok(())), // 0.5 of a kopeck goes up
                (&cloth(0, "0.1"), 0, Err("position 3: itemAmount 0 is not 1, price times quantity")),
                (&cloth(0, "0.099"), 0, Ok(())), // 0.495 goes down
                (&cloth(1, "0.099"), 1, Err("position 3: itemAmount 1 is not 0, price times quantity")),
            ],
            |_| {},
        );
        check_rows(&[(&cloth(1, "0.099"), 1, Ok(()))], |switches| {
            switches.cart_arithmetic = crate::switches::Checked::NotChecked;
        });
        // Rounded before summing: 0.5 + 0.5 is two kopecks and not one.
        let half =
            |position: u8| format!(r#"{{"positionId":{position},"quantity":{{"value":0.1}},"itemPrice":5}}"#);
        let both = format!("{},{}", half(1), half(3));
        check_rows(&[(&both, 2, Ok(())), (&both, 1, SUM)], |_| {});
    }

    #[test]
    fn currencies_are_one_and_the_orders() {
        let with = |currency: &str| {
            format!(r#"{{"positionId":1,"quantity":{{"value":1}},"itemCurrency":{currency}}}"#)
        };
        let mixed =
            format!("{},{}", with("643"), with("840").replace("\"positionId\":1", "\"positionId\":3"));
        check_rows(
            &[
                (&with("643"), 10_000, Ok(())),
                (&with("\"643\""), 10_000, Ok(())),
                (&with("840"), 10_000, CURRENCY),
                (&mixed, 20_000, CURRENCY),
            ],
            |_| {},
        );
    }

    #[test]
    fn positions_and_codes_come_once() {
        let tea = r#"{"positionId":1,"itemCode":"tea","quantity":{"value":0.5}}"#;
        let twice = format!("{tea},{tea}");
        let same_code = format!("{tea},{}", tea.replace("\"positionId\":1", "\"positionId\":3"));
        check_rows(
            &[
                (&twice, 10_000, Err("positionId 1 is given twice")),
                (&same_code, 10_000, Err("itemCode tea is given twice")),
            ],
            |_| {},
        );
        // Where codes may repeat, the position decides, and its code is another one.
        check_rows(&[(&same_code, 10_000, Err("position 3 is not in the order"))], |switches| {
            switches.unique_item_codes = crate::switches::Checked::NotChecked;
        });
    }

    #[test]
    fn lines_total_the_refund_and_an_earlier_rule_wins() {
        check_rows(
            &[
                (TEA, 9_999, SUM),
                (TEA, 10_001, SUM),
                (
                    &format!(r#"{TEA},{{"positionId":9,"quantity":{{"value":1}},"itemCurrency":840}}"#),
                    1,
                    CURRENCY,
                ),
            ],
            |_| {},
        );
    }
}
