//! Every rule of the provider alone and all together, and the payloads of refunds that break none.

use super::*;
use crate::{
    descriptor::{POLICY, descriptor},
    schema,
    wire::op_key::OpKey,
};
use proptest::prelude::*;
use refund_core::{
    Cart, Currency, Line, LineFiscal, Money, Opaque, PaymentId, PaymentRef, PaymentState, Prior, ProviderId,
    Quantity, ReceiptChoice, RefundAmount, RefundCommand, RefundLine, SelfFencing, rules,
};

struct Case {
    provider: &'static str,
    shop: &'static str,
    currency: Currency,
    data: Opaque,
    receipt: ReceiptChoice,
    /// In minor units; `None` is full.
    amount: Option<i64>,
    done: i64,
    /// What came with the refund, beside that.
    more: fn(&mut RefundCommand),
}

fn fine() -> Case {
    let key = OpKey::parse("ABC-1").expect("a key");
    Case {
        provider: "robokassa",
        shop: "demo",
        currency: Currency::RUB,
        data: schema::payment(Some(&key)),
        receipt: ReceiptChoice::None,
        amount: None,
        done: 0,
        more: |_| {},
    }
}

/// The payload's text, or what is broken, `rule@path`.
fn outcome(case: Case) -> Result<String, Vec<String>> {
    let amount = match case.amount {
        None => RefundAmount::Full,
        Some(minor) => RefundAmount::Exactly(Money::new(minor, case.currency)),
    };
    let of = PaymentRef {
        provider: ProviderId::parse(case.provider).expect("an id"),
        account: AccountId::parse(case.shop).expect("a login"),
        payment: PaymentId::parse("1001").expect("an id"),
    };
    let mut command = RefundCommand::new(of, amount);
    command.receipt = case.receipt;
    (case.more)(&mut command);
    let payment = Payment::new(Money::new(15_000, case.currency), PaymentState::Captured, case.data);
    let prior = Prior::of(Money::new(case.done, case.currency), Money::zero(case.currency));
    sent(&command, &payment, &prior)
}

fn sent(command: &RefundCommand, payment: &Payment, prior: &Prior) -> Result<String, Vec<String>> {
    let policy = descriptor(SelfFencing::Off).cart;
    let refund = rules::check(command, payment, prior, &policy).expect("the core's rules hold");
    match payload(&AccountId::parse("demo").expect("a login"), &refund, payment) {
        Ok(payload) => Ok(String::from_utf8(payload.to_json()).expect("JSON is UTF-8")),
        Err(found) => Err(found.as_slice().iter().map(|v| format!("{}@{}", v.rule, v.path)).collect()),
    }
}

fn check(case: Case, expected: Result<&str, &[&str]>) {
    let got = outcome(case);
    let got = got.as_deref().map_err(|ids| ids.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(got, expected.map_err(<[_]>::to_vec));
}

#[test]
fn the_sum_is_left_out_only_where_everything_of_an_untouched_operation_was_asked() {
    check(fine(), Ok(r#"{"OpKey":"ABC-1"}"#));
    // The same amount by number is sent by number: a refund in the cabinet must not turn it into "the rest".
    check(Case { amount: Some(15_000), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":150}"#));
    check(Case { amount: Some(14_999), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":149.99}"#));
    check(Case { amount: Some(100), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":1}"#));
    check(Case { done: 5_000, ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":100}"#));
    check(Case { done: 5_000, amount: Some(10_000), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":100}"#));
    check(Case { done: 5_000, amount: Some(1), ..fine() }, Ok(r#"{"OpKey":"ABC-1","RefundSum":0.01}"#));
}

/// What the core's rules, bound with this gateway's limits, say of a refund of 150.00; changed, and broken rules.
#[test]
fn the_policys_limits_hold_to_the_kopeck_and_the_character() {
    let check = |change: &dyn Fn(&mut RefundCommand, &mut Payment), expected: &str| {
        let mut command = with_receipt();
        everything(&mut command);
        let mut payment = Payment::new(Money::rub(15_000), PaymentState::Captured, fine().data);
        change(&mut command, &mut payment);
        let found = rules::check(&command, &payment, &Prior::none(Currency::RUB), &POLICY);
        assert_eq!(found.err().map(|found| found.to_string()).unwrap_or_default(), expected);
    };
    fn tea(command: &mut RefundCommand) -> &mut RefundLine {
        &mut command.lines.as_mut().expect("lines")[0]
    }
    fn sold(command: &mut RefundCommand) -> &mut Line {
        &mut command.order.as_mut().expect("an order").lines[0]
    }
    // Names are the order's: 128 characters.
    let named = |length: usize| {
        move |command: &mut RefundCommand, _: &mut Payment| {
            let name = "ж".repeat(length);
            (tea(command).name, sold(command).name) = (Some(name.clone()), name);
        }
    };
    check(&named(128), "");
    check(&named(129), "cart-formats at lines[0].name");
    // 5 digits and 3 decimals.
    let many = |thousandths| {
        move |command: &mut RefundCommand, _: &mut Payment| {
            let quantity = Quantity::from_thousandths(thousandths);
            (tea(command).quantity, sold(command).quantity) = (quantity, quantity);
        }
    };
    check(&many(99_999_999), "");
    check(&many(100_000_000), "cart-formats at lines[0].quantity");
    // 8 digits and 2 decimals for one.
    let dear = |kopecks: i64| {
        move |command: &mut RefundCommand, payment: &mut Payment| {
            let (price, one) = (Money::rub(kopecks), Quantity::from_thousandths(1_000));
            (sold(command).price, sold(command).amount, sold(command).quantity) =
                (Some(price), Some(price), one);
            (tea(command).price, tea(command).amount, tea(command).quantity) =
                (Some(price), Some(price), one);
            payment.captured = Money::rub(kopecks + 5_000);
        }
    };
    check(&dear(9_999_999_999), "");
    check(&dear(10_000_000_000), "cart-formats at lines[0].price");
    // 100 positions.
    let lines = |count: usize| {
        move |command: &mut RefundCommand, payment: &mut Payment| {
            let position = |n: usize| (n + 1).to_string();
            let sold = |n| Line {
                amount: Some(Money::rub(100)),
                ..Line::new(position(n), "n", Quantity::from_thousandths(1_000))
            };
            command.order = Some(Cart { lines: (0..count).map(sold).collect() });
            command.lines = Some((0..count).map(|n| line(&position(n), 1_000, 100)).collect());
            payment.captured = Money::rub(100 * i64::try_from(count).expect("small"));
        }
    };
    check(&lines(100), "");
    check(&lines(101), "cart-formats at lines");
    // The lines total the refund.
    check(&|command, _| tea(command).amount = Some(Money::rub(9_999)), "items-total-the-sum at amount");
    // Codes are not sent.
    check(
        &|command, _| {
            let lines = &mut command.order.as_mut().expect("an order").lines;
            lines.iter_mut().for_each(|line| line.code = Some("same".to_owned()));
        },
        "",
    );
    // Nothing here needs a cart.
    check(&|command, _| (command.lines, command.amount) = (None, RefundAmount::Exactly(Money::rub(1))), "");
}

#[test]
fn each_rule_refuses_alone_and_all_together_in_order() {
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    let foreign = Opaque::cut("acme/payment@1", b"{}".to_vec());
    check(Case { shop: "other", ..fine() }, Err(&["robokassa-account@payment"]));
    check(Case { provider: "acme", ..fine() }, Err(&["robokassa-account@payment"]));
    check(Case { data: schema::payment(None), ..fine() }, Err(&["robokassa-operation-key@payment"]));
    check(Case { data: foreign, ..fine() }, Err(&["robokassa-operation-key@payment"]));
    check(Case { currency: yen, ..fine() }, Err(&["robokassa-currency@amount"]));
    check(Case { receipt: ReceiptChoice::Cart, ..fine() }, Err(&["robokassa-receipt@lines"]));
    let everything_else = |command: &mut RefundCommand| {
        command.penalty = Some(Money::rub(0));
        command.params = [("a".to_owned(), "b".to_owned())].into();
        command.language = Some("ru".to_owned());
        command.receipt_extras = [("cashier".to_owned(), vec![])].into();
    };
    check(
        Case { more: everything_else, ..fine() },
        Err(&[
            "robokassa-not-taken@penalty",
            "robokassa-not-taken@params",
            "robokassa-not-taken@language",
            "robokassa-not-taken@receipt_extras",
        ]),
    );
    let everything = Case {
        shop: "other",
        data: schema::payment(None),
        currency: yen,
        receipt: ReceiptChoice::Cart,
        more: |command| command.language = Some("ru".to_owned()),
        ..fine()
    };
    let found = outcome(everything).expect_err("nothing is right");
    let found: Vec<_> = found.iter().map(|violation| violation.split_once('@').expect("a place").0).collect();
    let ids: Vec<_> = ALL.iter().map(|rule| rule.id.as_str()).collect();
    let refusing: Vec<_> = ids.into_iter().filter(|id| *id != "robokassa-sum-left-out").collect();
    assert_eq!(found, refusing[..5], "the other four look at lines");
}

/// A full refund of our own with a receipt.
fn with_receipt() -> RefundCommand {
    let account = AccountId::parse("demo").expect("a login");
    let payment = PaymentId::parse("1001").expect("an id");
    let mut command =
        RefundCommand::new(PaymentRef { provider: crate::ID, account, payment }, RefundAmount::Full);
    command.receipt = ReceiptChoice::Cart;
    command
}

/// Tea for 100.00 in three packets, and half a kilogram of honey for 50.00.
fn order() -> Cart {
    let fiscal = |vat: &str| {
        let word = str::to_owned;
        Some(LineFiscal { vat: word(vat), method: word("full_payment"), object: word("commodity") })
    };
    let mut tea = Line::new("1", "Чай «Ёлочка»", Quantity::from_thousandths(3_000));
    (tea.amount, tea.fiscal) = (Some(Money::rub(10_000)), fiscal("vat20"));
    let mut honey = Line::new("2", "Мёд", Quantity::from_thousandths(500));
    (honey.price, honey.amount, honey.fiscal) =
        (Some(Money::rub(10_000)), Some(Money::rub(5_000)), fiscal("none"));
    Cart { lines: vec![tea, honey] }
}

fn line(position: &str, thousandths: i64, kopecks: i64) -> RefundLine {
    let mut line = RefundLine::new(position, Quantity::from_thousandths(thousandths));
    line.amount = Some(Money::rub(kopecks));
    line
}

fn everything(command: &mut RefundCommand) {
    command.order = Some(order());
    command.lines = Some(vec![line("1", 3_000, 10_000), line("2", 500, 5_000)]);
}

#[test]
fn a_receipt_is_made_from_the_lines_and_money_alone_never_sends_any() {
    check(
        Case { receipt: ReceiptChoice::Cart, more: everything, ..fine() },
        Ok(concat!(
            r#"{"OpKey":"ABC-1","InvoiceItems":["#,
            r#"{"Name":"Чай «Ёлочка»","Quantity":2,"Cost":33.33,"Tax":"vat20","PaymentMethod":"full_payment","PaymentObject":"commodity"},"#,
            r#"{"Name":"Чай «Ёлочка»","Quantity":1,"Cost":33.34,"Tax":"vat20","PaymentMethod":"full_payment","PaymentObject":"commodity"},"#,
            r#"{"Name":"Мёд","Quantity":0.5,"Cost":100,"Tax":"none","PaymentMethod":"full_payment","PaymentObject":"commodity"}]}"#,
        )),
    );
    check(Case { more: everything, ..fine() }, Ok(r#"{"OpKey":"ABC-1"}"#));
    let part = |command: &mut RefundCommand| {
        everything(command);
        command.lines = Some(vec![line("2", 250, 2_500)]);
    };
    check(
        Case { receipt: ReceiptChoice::Cart, amount: Some(2_500), more: part, ..fine() },
        Ok(concat!(
            r#"{"OpKey":"ABC-1","RefundSum":25,"InvoiceItems":["#,
            r#"{"Name":"Мёд","Quantity":0.25,"Cost":100,"Tax":"none","PaymentMethod":"full_payment","PaymentObject":"commodity"}]}"#,
        )),
    );
}

#[test]
fn what_the_sale_did_not_say_or_says_otherwise_is_named_by_line() {
    let check = |change: fn(&mut RefundCommand), expected: &[&str]| {
        let mut command = with_receipt();
        everything(&mut command);
        change(&mut command);
        let payment = Payment::new(Money::rub(15_000), PaymentState::Captured, fine().data);
        let got = sent(&command, &payment, &Prior::none(Currency::RUB));
        assert_eq!(got.expect_err("refused"), expected);
    };
    fn sold(command: &mut RefundCommand, index: usize) -> &mut Line {
        &mut command.order.as_mut().expect("an order").lines[index]
    }
    fn fiscal(command: &mut RefundCommand, index: usize) -> &mut LineFiscal {
        sold(command, index).fiscal.as_mut().expect("a receipt")
    }
    check(|c| sold(c, 1).fiscal = None, &["robokassa-line-fiscal@lines[1].fiscal"]);
    check(|c| fiscal(c, 0).vat = "vat118".to_owned(), &["robokassa-line-fiscal@lines[0].vat"]);
    check(|c| fiscal(c, 0).vat = "VAT20".to_owned(), &["robokassa-line-fiscal@lines[0].vat"]);
    check(|c| fiscal(c, 1).method = "pre_payment".to_owned(), &["robokassa-line-fiscal@lines[1].method"]);
    check(
        |c| fiscal(c, 1).object = "non_operating_gain".to_owned(),
        &["robokassa-line-fiscal@lines[1].object"],
    );
    check(|c| sold(c, 0).name = "ж".repeat(129), &["robokassa-item-name@lines[0].name"]);
    check(|c| sold(c, 0).name = String::new(), &["robokassa-item-name@lines[0].name"]);
    check(
        |c| {
            // 1.5 × 10.01 and 0.75 × 10.02 would both be rounded up.
            (sold(c, 0).quantity, sold(c, 0).amount) = (Quantity::from_thousandths(2_250), None);
            sold(c, 0).price = Some(Money::rub(20_000));
            c.lines = Some(vec![line("1", 2_250, 2_253), line("2", 500, 5_000)]);
            c.amount = RefundAmount::Exactly(Money::rub(7_253));
        },
        &["robokassa-unit-price@lines[0].amount"],
    );
    check(
        |c| {
            sold(c, 1).fiscal = None;
            sold(c, 1).name = "a\nb".to_owned();
            (fiscal(c, 0).vat, fiscal(c, 0).object) = ("vat118".to_owned(), "x".to_owned());
        },
        &[
            "robokassa-item-name@lines[1].name",
            "robokassa-line-fiscal@lines[0].vat",
            "robokassa-line-fiscal@lines[0].object",
            "robokassa-line-fiscal@lines[1].fiscal",
        ],
    );
}

#[test]
fn the_message_names_the_line_the_word_and_what_is_known() {
    let mut cart = order();
    cart.lines[1].fiscal.as_mut().expect("a receipt").vat = "vat118".to_owned();
    let mut found = Vec::new();
    assert_eq!(line_fiscal::check(&cart.lines[1], 1, &mut found), None);
    let args: Vec<_> =
        found[0].message.args().iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        args,
        [
            "position=2",
            "name=Мёд",
            "member=vat",
            "word=vat118",
            "known=none, vat0, vat10, vat110, vat20, vat120, vat5, vat7, vat105, vat107, vat22, vat122",
        ]
    );
}

#[test]
fn a_hundred_positions_are_counted_after_splitting() {
    let big = |lines: usize, thousandths: i64, kopecks: i64| {
        let mut command = with_receipt();
        let positions = || (1..=lines).map(|position| position.to_string());
        let sold = |position: String| {
            let fiscal = order().lines.swap_remove(0).fiscal;
            let mut line = Line::new(position, "n", Quantity::from_thousandths(thousandths));
            (line.amount, line.fiscal) = (Some(Money::rub(kopecks)), fiscal);
            line
        };
        command.order = Some(Cart { lines: positions().map(sold).collect() });
        command.lines = Some(positions().map(|position| line(&position, thousandths, kopecks)).collect());
        let total = kopecks * i64::try_from(lines).expect("few");
        let payment = Payment::new(Money::rub(total), PaymentState::Captured, fine().data);
        sent(&command, &payment, &Prior::none(Currency::RUB)).map(|json| json.matches("\"Name\"").count())
    };
    assert_eq!(big(100, 1_000, 100), Ok(100));
    assert_eq!(big(50, 3_000, 10_000), Ok(100));
    assert_eq!(big(51, 3_000, 10_000), Err(vec!["robokassa-item-count@lines".to_owned()]));
}

#[test]
fn rules_and_messages_are_listed_once_and_speak_both_languages() {
    let ids: std::collections::BTreeSet<_> = MESSAGES.iter().map(|message| message.id).collect();
    assert_eq!(ids.len(), MESSAGES.len());
    for rule in ALL {
        assert!(ids.contains(rule.message().id), "{}", rule.id);
        assert_eq!(rule.id.as_str(), rule.message().id);
    }
    for message in MESSAGES {
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert!(cyrillic(message.ru) && !cyrillic(message.en), "{}", message.id);
    }
}

/// A person reads the name that request files use; the place is the command's own.
#[test]
fn what_is_not_taken_is_named_as_request_files_name_it() {
    let mut command = with_receipt();
    command.params = [("a".to_owned(), "b".to_owned())].into();
    let mut found = Vec::new();
    not_taken::check(&command, &mut found);
    assert_eq!((found.len(), found[0].path.as_str()), (1, "params"));
    assert_eq!(found[0].message.args(), [("field", "json_params".to_owned())]);
}

#[test]
fn retired_ids_never_come_back() {
    assert!(RETIRED.iter().all(|id| ALL.iter().all(|rule| rule.id.as_str() != *id)));
    assert!(POLICY.own_rules.iter().map(|rule| rule.id).eq(ALL.iter().map(|rule| rule.id)));
}

proptest! {
    /// Whatever is accepted is sent as positions that total the refund, read back from the very text.
    #[test]
    fn every_accepted_cart_totals_the_refund(
        sold in proptest::collection::vec((1..=20_000_i64, 1..=100_000_i64), 1..8),
    ) {
        let mut command = with_receipt();
        let fiscal = order().lines.swap_remove(0).fiscal;
        let (mut lines, mut asked, mut total) = (Vec::new(), Vec::new(), 0);
        for (index, (thousandths, kopecks)) in sold.iter().enumerate() {
            let position = (index + 1).to_string();
            let mut sold = Line::new(position.clone(), "n", Quantity::from_thousandths(*thousandths));
            (sold.amount, sold.fiscal) = (Some(Money::rub(*kopecks)), fiscal.clone());
            lines.push(sold);
            asked.push(line(&position, *thousandths, *kopecks));
            total += kopecks;
        }
        (command.order, command.lines) = (Some(Cart { lines }), Some(asked));
        let payment = Payment::new(Money::rub(total), PaymentState::Captured, fine().data);
        match sent(&command, &payment, &Prior::none(Currency::RUB)) {
            Ok(json) => prop_assert_eq!(items_total(&json), total),
            Err(broken) => prop_assert!(broken.iter().all(|rule| rule.starts_with("robokassa-unit-price@"))),
        }
    }
}

/// Cost × quantity of every position, half up, in kopecks; numbers are taken as text.
fn items_total(json: &str) -> i64 {
    let number = |item: &str, member: &str| -> String {
        let rest = item.split_once(&format!("\"{member}\":")).expect("the member").1;
        rest.split_once(',').expect("another member follows").0.to_owned()
    };
    json.split("{\"Name\"").skip(1).fold(0, |total, item| {
        let cost = Money::parse_major(&number(item, "Cost"), Currency::RUB).expect("roubles").minor();
        let quantity = Quantity::parse(&number(item, "Quantity")).expect("a quantity").thousandths();
        total + (cost * quantity + 500) / 1_000
    })
}
