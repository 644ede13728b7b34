//! Texts that are empty, invisible, or made to be misread.

use crate::support::{broken, check, line, order, pieces, policy, refund};
use refund_core::{Measure, Money, Prior, PriorCarts, RefundLine, UsedLine, Violations, rules};

/// Texts that deceive an eye, a terminal or a log, and one that only looks like half of a surrogate pair: Rust's texts
/// cannot hold one, so a decoder that lost it left its escape or a replacement character.
const HOSTILE: &[(&str, &str)] = &[
    ("NUL", "Чай\u{0}"),
    ("a new line", "Чай\nОдобрено"),
    ("a terminal's escape", "\u{1b}[2JЧай"),
    ("C1 control", "Чай\u{9b}31m"),
    ("right-to-left override", "Чай\u{202e}001"),
    ("an isolate left open", "\u{2067}Чай"),
    ("a zero-width space", "Ч\u{200b}ай"),
    ("a byte order mark", "\u{feff}Чай"),
    ("a line separator", "Чай\u{2028}Мёд"),
    ("combining marks", "Ч\u{301}\u{301}\u{301}ай"),
    ("the escape of a lone surrogate", "\\ud83d"),
    ("a lost surrogate", "Чай \u{fffd}"),
    ("a private-use character", "Чай\u{e000}"),
    ("the last character there is", "\u{10ffff}"),
    ("a tag character", "Чай\u{e0041}"),
];

fn with(change: impl Fn(&mut RefundLine)) -> Result<Money, Violations> {
    let mut tea = line("1", pieces(2), 20_000);
    change(&mut tea);
    check(&refund(20_000, vec![tea]), &order())
}

#[test]
fn hostile_texts_are_never_taken_for_the_orders_own() {
    for (what, text) in HOSTILE {
        assert!(with(|line| line.name = Some((*text).into())).is_err(), "name: {what}");
        assert!(with(|line| line.code = Some((*text).into())).is_err(), "code: {what}");
        assert!(with(|line| line.position = (*text).into()).is_err(), "position: {what}");
    }
}

#[test]
fn texts_that_only_look_the_same_are_other_texts() {
    let mut payment = order();
    payment.cart.iter_mut().for_each(|cart| cart.lines[0].name = "Чай «Ёлочный» 1й".into());
    let looks_the_same = [
        "Чай «Е\u{308}лочный» 1и\u{306}", // decomposed
        "Чай «Ёлочный» 1й ",
        " Чай «Ёлочный» 1й",
        "Чай\u{a0}«Ёлочный» 1й",
        "чай «ёлочный» 1й",
        "Чaй «Ёлочный» 1й", // a Latin a
    ];
    for text in looks_the_same {
        let mut tea = line("1", pieces(2), 20_000);
        tea.name = Some(text.into());
        let found = broken(&refund(20_000, vec![tea]), &payment);
        assert_eq!(found, ["cart-line-in-order@lines[0].name"], "{text:?}");
    }
}

#[test]
fn a_control_character_is_refused_even_where_the_order_has_it_too() {
    for text in ["Чай\u{0}", "Чай\n", "\u{1b}[2JЧай", "Чай\u{9b}31m", "Чай\u{7f}"] {
        let mut payment = order();
        payment.cart.iter_mut().for_each(|cart| cart.lines[0].name = text.into());
        let mut tea = line("1", pieces(2), 20_000);
        tea.name = Some(text.into());
        let found = broken(&refund(20_000, vec![tea]), &payment);
        assert_eq!(found, ["cart-formats@lines[0].name"], "{text:?}");
    }
}

#[test]
fn empty_texts_are_not_texts() {
    let empty = |found: Result<Money, Violations>| crate::support::named(&found.expect_err("empty"));
    let both = |member: &str| {
        vec![format!("cart-formats@lines[0].{member}"), format!("cart-line-in-order@lines[0].{member}")]
    };
    assert_eq!(empty(with(|line| line.name = Some(String::new()))), both("name"));
    assert_eq!(empty(with(|line| line.code = Some(String::new()))), both("code"));
    assert_eq!(empty(with(|line| line.position = String::new())), both("position"));
    let measure = empty(with(|line| line.measure = Some(Measure(String::new()))));
    assert_eq!(measure[0], "cart-formats@lines[0].measure");
}

/// What a violation shows reaches terminals, logs and letters: a text from outside must not carry anything that moves a
/// cursor, turns the direction of writing, or cannot be seen.
#[test]
fn nothing_shown_of_a_refund_moves_a_cursor_or_turns_the_direction() {
    for (what, text) in HOSTILE {
        let text = (*text).to_owned();
        let found = [
            with(|line| line.name = Some(text.clone())),
            with(|line| line.code = Some(text.clone())),
            with(|line| line.position = text.clone()),
            with(|line| line.measure = Some(Measure(text.clone()))),
        ];
        for violations in found.into_iter().filter_map(Result::err) {
            shows_nothing_that_deceives(what, &violations);
        }
    }
}

/// Also where the text is the order's own, which may be offered as a correction.
#[test]
fn nothing_shown_of_an_order_does_either() {
    for (what, text) in HOSTILE {
        let mut payment = order();
        payment.cart.iter_mut().for_each(|cart| {
            let tea = &mut cart.lines[0];
            (tea.name, tea.code) = ((*text).into(), Some((*text).into()));
            tea.measure = Some(Measure((*text).into()));
        });
        let mut tea = line("1", pieces(2), 20_000);
        (tea.name, tea.code) = (Some("Чай".into()), Some("tea".into()));
        tea.measure = Some(Measure("шт.".into()));
        let found = check(&refund(20_000, vec![tea]), &payment).expect_err("another line");
        shows_nothing_that_deceives(what, &found);
        // Nearly the same: the hostile text itself, in other letters and with a space.
        let mut nearly = line("1", pieces(2), 20_000);
        nearly.name = Some(format!("{} ", text.to_uppercase()));
        let found = check(&refund(20_000, vec![nearly]), &payment).expect_err("another line");
        shows_nothing_that_deceives(what, &found);
    }
}

/// And where it is the key of an earlier refund.
#[test]
fn nothing_shown_of_an_earlier_refund_does_either() {
    for (what, text) in HOSTILE {
        let mut prior = Prior::of(Money::rub(20_000), Money::rub(0));
        prior.lines.push(UsedLine::new("1".into(), pieces(2), Money::rub(20_000), (*text).into()));
        prior.carts = PriorCarts::Some;
        let again = refund(20_000, vec![line("1", pieces(2), 20_000)]);
        let found = rules::check(&again, &order(), &prior, &policy()).expect_err("nothing of it is left");
        assert!(
            !found.as_slice()[0].taken_by.is_empty(),
            "the test is about what is shown of earlier refunds"
        );
        shows_nothing_that_deceives(what, &found);
    }
}

fn shows_nothing_that_deceives(what: &str, found: &Violations) {
    for violation in found.as_slice() {
        let shown = violation.message.args().iter().map(|(name, value)| (*name, value.clone()));
        for (name, value) in shown.chain(violation.fields()) {
            assert!(!value.chars().any(deceives), "{what}: {} shows {name} = {value:?}", violation.rule);
        }
    }
}

/// Control characters, and those that turn the direction of writing (Unicode, bidirectional algorithm: LRE, RLE, PDF,
/// LRO, RLO, LRI, RLI, FSI, PDI, and the marks LRM, RLM, ALM).
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}
