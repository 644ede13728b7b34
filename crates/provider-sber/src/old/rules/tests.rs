//! Every rule of the dialect alone and all together, and every accepted cart encoded.

mod carts;

use super::*;
use crate::old::{
    BaseUrl,
    descriptor::{POLICY, descriptor},
    record::PaymentRecord,
    wire::refund::RefundForm,
};
use proptest::prelude::*;
use refund_core::{
    AccountId, Actors, Cart, Currency, Line, Measure, Money, Opaque, PaymentId, PaymentRef, PaymentState,
    Prior, PriorCarts, PriorRoute, ProviderId, Quantity, ReceiptChoice, RefundAmount, RefundCommand,
    RefundLine, UsedLine, rules as core_rules,
};
use secrecy::SecretString;

const ORDER: &str = "130ab8ed-aeb8-7226-ba88-33300128092a";

fn config() -> Config {
    let password = SecretString::from("password-canary");
    Config::new("shop-api", password, BaseUrl::test(), Actors::OnlyUs).expect("valid")
}

fn place(provider: &str, account: &str, order: &str) -> PaymentRef {
    PaymentRef {
        provider: ProviderId::parse(provider).expect("valid"),
        account: AccountId::parse(account).expect("valid"),
        payment: PaymentId::parse(order).expect("valid"),
    }
}

fn ours(amount: RefundAmount) -> RefundCommand {
    RefundCommand::new(place("sber-old", "shop-api", ORDER), amount)
}

fn exactly(kopecks: i64) -> RefundCommand {
    ours(RefundAmount::Exactly(Money::rub(kopecks)))
}

/// A command, changed.
fn but(mut command: RefundCommand, change: impl FnOnce(&mut RefundCommand)) -> RefundCommand {
    change(&mut command);
    command
}

/// A payment of `captured`, of which nothing was refunded, without a cart.
fn order(captured: Money) -> Payment {
    let data = Opaque::new("sber-old/payment@1", b"{}".to_vec()).expect("short");
    let mut payment = Payment::new(captured, PaymentState::Captured, data);
    payment.refunded = Some(Money::zero(captured.currency()));
    payment
}

/// Two lines, 470.00 together.
fn with_cart() -> Payment {
    let line = |position: &str, name: &str, code: &str, price| {
        let mut line = Line::new(position, name, Quantity::from_thousandths(1_000));
        (line.code, line.measure) = (Some(code.to_owned()), Some(Measure("шт.".to_owned())));
        (line.price, line.amount) = (Some(Money::rub(price)), Some(Money::rub(price)));
        line
    };
    let mut payment = order(Money::rub(47_000));
    payment.cart = Some(Cart {
        lines: vec![line("1", "Чай", "tea", 30_000), line("2", "Чашка", "cup", 17_000)],
    });
    payment
}

fn cup() -> RefundCommand {
    let mut command = exactly(17_000);
    command.lines = Some(vec![RefundLine::new("2", Quantity::from_thousandths(1_000))]);
    command.receipt = ReceiptChoice::Cart;
    command
}

fn checked(command: &RefundCommand, payment: &Payment) -> CheckedRefund {
    let (prior, policy) = (Prior::none(payment.captured.currency()), descriptor(Actors::OnlyUs).cart);
    core_rules::check(command, payment, &prior, &policy).expect("core's rules pass")
}

/// What is broken, `rule@path`, in order; empty when the refund can be sent.
fn broken(command: &RefundCommand, payment: &Payment) -> Vec<String> {
    match check(&checked(command, payment), payment, &config()) {
        Ok(_) => vec![],
        Err(found) => found.as_slice().iter().map(|v| format!("{}@{}", v.rule, v.path)).collect(),
    }
}

/// The form of a refund that breaks nothing, decoded by another implementation's rules.
fn pairs(command: &RefundCommand, payment: &Payment) -> Vec<(String, String)> {
    let checked = checked(command, payment);
    let sendable = check(&checked, payment, &config()).expect("nothing is broken");
    let form = RefundForm {
        order_id: &sendable.order_id,
        amount: sendable.amount,
        items: sendable.items.as_ref(),
        ofd_params: sendable.ofd_params.as_ref(),
        json_params: sendable.json_params.as_ref(),
        language: sendable.language,
    };
    form_urlencoded::parse(&form.encode()).into_owned().collect()
}

const NOTHING: &[&str] = &[];

#[test]
fn payments_currencies_and_amounts() {
    let full = ours(RefundAmount::Full);
    assert_eq!(broken(&full, &order(Money::rub(47_000))), NOTHING);
    assert_eq!(broken(&exactly(1), &order(Money::rub(47_000))), NOTHING);
    assert_eq!(broken(&full, &with_cart()), NOTHING);
    // Twelve digits and not one more.
    assert_eq!(broken(&full, &order(Money::rub(999_999_999_999))), NOTHING);
    assert_eq!(broken(&full, &order(Money::rub(1_000_000_000_000))), ["sber-old-amount@amount"]);
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    assert_eq!(broken(&full, &order(Money::new(500, yen))), ["sber-old-currency@amount"]);
    for (provider, account, order) in [
        ("robokassa", "shop-api", ORDER),
        ("sber-old", "other-api", ORDER),
        ("sber-old", "shop-api", "A-1"),
        ("sber-old", "shop-api", "130ab8ed-aeb8-7226-ba88-33300128092"),
    ] {
        let command = RefundCommand::new(place(provider, account, order), RefundAmount::Full);
        assert_eq!(
            broken(&command, &with_cart()),
            ["sber-old-payment@payment"],
            "{provider}/{account}/{order}"
        );
    }
}

#[test]
fn the_cart_is_the_receipt() {
    let (bare, cart) = (order(Money::rub(47_000)), with_cart());
    let check = |command: RefundCommand, payment: &Payment, receipt, expected: &[&str]| {
        assert_eq!(
            broken(&but(command, |command| command.receipt = receipt), payment),
            expected,
            "{receipt:?}"
        );
    };
    check(ours(RefundAmount::Full), &bare, ReceiptChoice::None, NOTHING);
    check(ours(RefundAmount::Full), &bare, ReceiptChoice::Cart, &["sber-old-receipt@lines"]);
    check(exactly(1), &bare, ReceiptChoice::Cart, &["sber-old-receipt@lines"]);
    check(ours(RefundAmount::Full), &cart, ReceiptChoice::None, NOTHING);
    check(ours(RefundAmount::Full), &cart, ReceiptChoice::Cart, NOTHING);
    check(cup(), &cart, ReceiptChoice::Cart, NOTHING);
    check(cup(), &cart, ReceiptChoice::None, &["sber-old-receipt@receipt"]);
    // A cart that cannot be read here is still the order's cart.
    let mut unread = order(Money::rub(47_000));
    let record = br#"{"unreadableCart":"orderBundle: 7 instead of an object"}"#.to_vec();
    unread.data = Opaque::new("sber-old/payment@1", record).expect("short");
    assert!(PaymentRecord::read(&unread.data).is_ok());
    check(ours(RefundAmount::Full), &unread, ReceiptChoice::Cart, NOTHING);
}

#[test]
fn receipt_fields_go_with_a_receipt() {
    let with = |fields: &[(&str, &[&str])], receipt| {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let receipt_extras =
            fields.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect();
        but(cup(), |command| (command.receipt_extras, command.receipt) = (receipt_extras, receipt))
    };
    let check = |fields: &[(&str, &[&str])], expected: &[&str]| {
        assert_eq!(broken(&with(fields, ReceiptChoice::Cart), &with_cart()), expected, "{fields:?}");
    };
    check(&[("cashier", &["Иванов И.И."]), ("supplier_info.phones", &["+7", "+8"])], NOTHING);
    check(&[("kassir", &["Иванов И.И."])], &["sber-old-receipt-extras@receipt_extras.kassir"]);
    check(&[("cashier", &["a", "b"])], &["sber-old-receipt-extras@receipt_extras.cashier"]);
    check(
        &[("client.inn", &["77a"]), ("additional_check_props", &["12345678901234567"])],
        &[
            "sber-old-receipt-extras@receipt_extras.additional_check_props",
            "sber-old-receipt-extras@receipt_extras.client.inn",
        ],
    );
    let mut unwanted = with(&[("cashier", &["Иванов И.И."])], ReceiptChoice::None);
    (unwanted.lines, unwanted.amount) = (None, RefundAmount::Full);
    assert_eq!(broken(&unwanted, &with_cart()), ["sber-old-receipt-extras@receipt_extras"]);
    // What is told of a wrong value is its place and length.
    let long = with(&[("client.phone", &["canary-canary-canary-canary"])], ReceiptChoice::Cart);
    let long = checked(&long, &with_cart());
    let found = self::check(&long, &with_cart(), &config());
    let shown = format!("{:?}", found.expect_err("too long"));
    assert!(shown.contains("ANS..19") && !shown.contains("canary"), "{shown}");
}

#[test]
fn penalties_and_parameters() {
    let penalty = |kopecks| but(exactly(1_300), |command| command.penalty = Some(Money::rub(kopecks)));
    let bare = order(Money::rub(47_000));
    for (kopecks, expected) in [
        (0, NOTHING),
        (1, NOTHING),
        (1_299, NOTHING),
        (1_300, NOTHING),
        (1_301, &["sber-old-penalty@penalty"]),
        (-1, &["sber-old-penalty@penalty"]),
    ] {
        assert_eq!(broken(&penalty(kopecks), &bare), expected, "{kopecks}");
    }
    let yen = Currency::from_code("JPY").expect("the yen is in ISO 4217");
    let foreign = but(exactly(1_300), |command| command.penalty = Some(Money::new(1, yen)));
    assert_eq!(broken(&foreign, &bare), ["sber-old-penalty@penalty"]);

    // The core's rule of penalties and points binds here.
    let mut loyal = order(Money::rub(47_000));
    loyal.points = Some(Money::rub(1));
    let prior = Prior::none(Currency::RUB);
    let found = core_rules::check(&penalty(0), &loyal, &prior, &POLICY).expect_err("points");
    assert_eq!(found.to_string(), "penalty-not-with-loyalty at penalty");
    assert_eq!(broken(&exactly(1_300), &loyal), NOTHING);

    let param =
        |name: &str| but(exactly(1), |command| command.params = [(name.to_owned(), "1".to_owned())].into());
    for name in [
        "sbrf_spasibo:amount_bonus",
        "sbrf_sbermiles:amount_bonus",
        "loyaltyId",
        "overridenClientId",
        "penalty",
    ] {
        assert_eq!(broken(&param(name), &bare), [format!("sber-old-reserved-name@params.{name}")]);
    }
    // Other spellings are other names.
    for name in ["phone", "loyaltyid", "overriddenClientId"] {
        assert_eq!(broken(&param(name), &bare), NOTHING);
    }
    for (language, expected) in
        [("ru", NOTHING), ("RU", &["sber-old-language@language"]), ("rus", &["sber-old-language@language"])]
    {
        let command = but(exactly(1), |command| command.language = Some(language.to_owned()));
        assert_eq!(broken(&command, &bare), expected, "{language}");
    }
}

#[test]
fn all_are_told_at_once_in_order() {
    let payment = order(Money::rub(2_000_000_000_000));
    let mut command = RefundCommand::new(
        place("sber-old", "shop-api", "A-1"),
        RefundAmount::Exactly(Money::rub(1_000_000_000_001)),
    );
    command.receipt = ReceiptChoice::Cart;
    command.receipt_extras = [("x".to_owned(), vec![])].into();
    command.params = [("loyaltyId".to_owned(), "1".to_owned())].into();
    command.penalty = Some(Money::rub(-1));
    command.language = Some("?".to_owned());
    let found = broken(&command, &payment);
    let found: Vec<_> = found.iter().map(|violation| violation.split_once('@').expect("a place").0).collect();
    let listed: Vec<_> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    // The currency is fine, and what is not sent has no size.
    let expected: Vec<_> = listed
        .iter()
        .copied()
        .filter(|id| !["sber-old-currency", "sber-old-request-size"].contains(id))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn rules_and_messages_are_listed_once_and_speak_both_languages() {
    let ids: std::collections::BTreeSet<_> = MESSAGES.iter().map(|message| message.id).collect();
    assert_eq!(ids.len(), MESSAGES.len());
    for rule in RULES {
        assert!(ids.contains(rule.message().id), "{}", rule.id);
        assert_eq!(rule.id.as_str(), rule.message().id);
    }
    for message in MESSAGES {
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert!(cyrillic(message.ru) && !cyrillic(message.en), "{}", message.id);
    }
}

/// The document's rules about carts, each broken once; warnings are told in brackets. The order is tea for 300.00 and a
/// cup for 170.00.
#[test]
fn retired_ids_never_come_back() {
    assert!(RETIRED.iter().all(|id| RULES.iter().all(|rule| rule.id.as_str() != *id)));
    assert!(POLICY.own_rules.iter().map(|rule| rule.id).eq(RULES.iter().map(|rule| rule.id)));
}

#[test]
fn a_request_that_cannot_be_written_down_is_not_sent() {
    let fits = vec![b'x'; Opaque::MAX_BYTES];
    assert!(payload(fits.clone()).is_ok());
    let found = payload([fits, vec![b'x']].concat()).expect_err("a byte too much");
    assert_eq!((found.rule.as_str(), found.path.as_str()), ("sber-old-request-size", "lines"));
    assert_eq!(found.message.args()[0], ("bytes", "1048577".to_owned()));
}

#[test]
fn everything_at_once_in_one_form() {
    let mut command = cup();
    command.penalty = Some(Money::rub(1_300));
    command.params = [("phone".to_owned(), "+79990000000".to_owned())].into();
    command.language = Some("en".to_owned());
    command.receipt_extras = [("cashier".to_owned(), vec!["Иванов И.И.".to_owned()])].into();
    let pairs = pairs(&command, &with_cart());
    let shown: Vec<_> = pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    orderId = 130ab8ed-aeb8-7226-ba88-33300128092a
    amount = 17000
    refundItems = {"items":[{"positionId":2,"name":"Чашка","quantity":{"value":1,"measure":"шт."},"itemAmount":17000,"itemPrice":17000,"itemCurrency":643,"itemCode":"cup"}]}
    additionalOfdParams = {"cashier":"Иванов И.И."}
    jsonParams = {"penalty":"1300","phone":"+79990000000"}
    language = en
    "#);
}

/// Lines of an order: quantity in thousandths, price in kopecks, whether the price is told.
fn sold() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
    proptest::collection::vec((1..=20_000_i64, 100..=100_000_i64, any::<bool>()), 1..6)
}

proptest! {
    /// Whatever core accepts is sent so that the lines total the refund, and where a line has a price, price times
    /// quantity is its amount. Money is read back by integers.
    #[test]
    fn every_accepted_cart_totals_the_refund(sold in sold(), part in 1..=1_000_i64) {
        let (mut payment, mut lines, mut cart) = (order(Money::rub(0)), Vec::new(), Vec::new());
        let (mut captured, mut asked) = (0, 0);
        for (index, (thousandths, price, told)) in sold.iter().enumerate() {
            let position = (index + 1).to_string();
            let total = (thousandths * price + 500) / 1_000;
            let mut line = Line::new(position.clone(), format!("Товар {position}"), Quantity::from_thousandths(*thousandths));
            line.price = told.then(|| Money::rub(*price));
            line.amount = Some(Money::rub(total));
            captured += total;
            cart.push(line);
            let (quantity, money) = ((thousandths * part / 1_000).max(1), total * part / 1_000);
            if money > 0 {
                let mut line = RefundLine::new(position, Quantity::from_thousandths(quantity));
                line.amount = Some(Money::rub(money));
                asked += money;
                lines.push(line);
            }
        }
        prop_assume!(asked > 0);
        payment.captured = Money::rub(captured);
        payment.cart = Some(Cart { lines: cart });
        let command = but(exactly(asked), |command| {
            (command.lines, command.receipt) = (Some(lines.clone()), ReceiptChoice::Cart);
        });
        let pairs = pairs(&command, &payment);
        let items: serde_json::Value = serde_json::from_str(&pairs[2].1).expect("JSON");
        let items = items["items"].as_array().expect("an array");
        prop_assert_eq!(items.len(), lines.len());
        let mut total = 0;
        for (item, line) in items.iter().zip(&lines) {
            let amount = item["itemAmount"].as_i64().expect("a whole number");
            total += amount;
            prop_assert_eq!(item["positionId"].to_string(), line.position.clone());
            prop_assert_eq!(Quantity::parse(&item["quantity"]["value"].to_string()), Ok(line.quantity));
            if let Some(price) = item["itemPrice"].as_i64() {
                let off = price * line.quantity.thousandths() - amount * 1_000;
                prop_assert!((-500..500).contains(&off), "{item}");
            }
        }
        prop_assert_eq!(total, asked);
    }
}
