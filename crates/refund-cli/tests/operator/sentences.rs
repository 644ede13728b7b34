//! Every sentence a broken rule can say, in both languages, pinned: the core's with the values of a broken refund, the
//! gateways' own with the names of their values.

use refund_core::{
    AccountId, Cart, CartNeed, CartPolicy, Currency, Line, Measure, Message, Money, Opaque, Payment,
    PaymentId, PaymentRef, PaymentState, Prior, PriorCarts, PriorRoute, ProviderId, Quantity, RefundAmount,
    RefundCommand, RefundLine, UsedLine, rules,
};
use refund_desk::ops::shape;
use refund_text::{Lang, render};
use std::{collections::BTreeMap, fmt::Write as _};

#[test]
fn every_violations_text_in_both_languages() {
    let mut text = String::new();
    let core = core_sentences();
    // The one rule that permits and never refuses.
    let permits = "cart-optional-when-full";
    for rule in rules::ALL {
        let broken = rule.messages.iter().any(|def| core.contains_key(def.id));
        assert_eq!(broken, rule.id.as_str() != permits, "a refund here breaks {}", rule.id);
        for def in rule.messages {
            // The rarest sentences are told with the names of their values.
            let message = core.get(def.id).cloned().unwrap_or_else(|| shape(def));
            tell(&mut text, def.id, &message);
        }
    }
    for def in provider_robokassa::rules::MESSAGES.iter().chain(provider_sber::old::MESSAGES) {
        tell(&mut text, def.id, &shape(def));
    }
    let own = [provider_robokassa::rules::ALL, provider_sber::old::RULES].concat();
    assert!(own.iter().all(|rule| text.contains(&format!("{}\n", rule.message().id))));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("sentences", text);
    });
}

fn tell(text: &mut String, id: &str, message: &Message) {
    let (en, ru) = (render(message, Lang::En), render(message, Lang::Ru));
    writeln!(text, "{id}\n  en: {en}\n  ru: {ru}").expect("memory");
}

/// What the core's rules say of refunds that break them in every way, by the sentence's id.
fn core_sentences() -> BTreeMap<&'static str, Message> {
    let usd = Currency::from_code("USD").expect("of ISO 4217");
    let line =
        |position: &str, thousandths| RefundLine::new(position, Quantity::from_thousandths(thousandths));
    let worth = |amount: Money| RefundLine { amount: Some(amount), ..line("1", 1_000) };
    let lines = |lines: Vec<RefundLine>| move |case: &mut Case| case.command.lines = Some(lines.clone());
    let asks =
        |minor: i64| move |case: &mut Case| case.command.amount = RefundAmount::Exactly(Money::rub(minor));
    let mut said = BTreeMap::new();
    let mut of = |change: &dyn Fn(&mut Case)| {
        let mut case = Case::new();
        change(&mut case);
        for message in case.violations() {
            said.entry(message.def().id).or_insert(message);
        }
    };
    of(&|case| case.payment.state = PaymentState::Held);
    of(&asks(65_016));
    of(&asks(0));
    of(&|case| case.payment.refunded = Some(Money::rub(65_015)));
    of(&|case| case.command.amount = RefundAmount::Exactly(Money::new(100, usd)));
    of(&asks(100));
    of(&|case| {
        case.prior.carts = PriorCarts::Some;
        let quantity = Quantity::from_thousandths(1_000);
        case.prior.lines.push(UsedLine::new("1".into(), quantity, Money::rub(10_000), "r-1".into()));
    });
    of(&lines(Vec::new()));
    of(&lines(vec![line("1", 0)]));
    of(&lines(vec![RefundLine { code: Some("x".repeat(101)), ..line("1", 1_000) }]));
    of(&lines(vec![RefundLine { code: Some("a\tb".into()), ..line("1", 1_000) }]));
    of(&|case| {
        case.payment.cart.as_mut().expect("a cart").lines[0].price = None;
        case.command.lines = Some(vec![line("1", 1_000)]);
    });
    of(&lines(vec![line("1", 1_000), line("1", 1_000)]));
    of(&lines(vec![worth(Money::new(100, usd))]));
    of(&|case| {
        case.payment.points = Some(Money::new(100, usd));
        case.payment.captured = Money::new(65_015, usd);
        case.payment.refunded = None;
        case.prior = Prior::none(usd);
        case.command.lines = Some(vec![line("1", 1_000)]);
    });
    of(&lines(vec![line("9", 1_000)]));
    of(&lines(vec![RefundLine { name: Some("Чай ".into()), ..line("1", 1_000) }]));
    of(&|case| {
        case.payment.cart = None;
        case.command.lines = Some(vec![line("1", 1_000)]);
    });
    of(&|case| {
        let quantity = Quantity::from_thousandths(1_000);
        case.prior.lines.push(UsedLine::new("1".into(), quantity, Money::rub(10_000), "r-1".into()));
        case.command.lines = Some(vec![line("1", 2_000)]);
    });
    of(&lines(vec![RefundLine { price: Some(Money::rub(9_999)), ..worth(Money::rub(10_000)) }]));
    of(&lines(vec![worth(Money::rub(65_016))]));
    of(&lines(vec![
        worth(Money::rub(i64::MAX)),
        RefundLine { position: "2".into(), ..worth(Money::rub(1)) },
    ]));
    of(&|case| case.prior.route = PriorRoute::Raw);
    of(&|case| {
        (case.payment.points, case.command.penalty) = (Some(Money::rub(100)), Some(Money::rub(100)));
    });
    of(&|case| {
        let lines = &mut case.payment.cart.as_mut().expect("a cart").lines;
        let again = lines[0].clone();
        lines.push(again);
        case.command.lines = Some(vec![line("1", 1_000)]);
    });
    of(&|case| {
        for line in &mut case.payment.cart.as_mut().expect("a cart").lines {
            line.code = Some("tea".into());
            line.measure = Some(Measure("шт.".into()));
        }
        let measured = RefundLine { measure: Some(Measure("кг".into())), ..line("1", 1_000) };
        case.command.lines = Some(vec![measured, line("2", 500)]);
    });
    of(&|case| {
        case.command.order = case.payment.cart.take();
        case.payment.captured = Money::rub(65_016);
    });
    of(&lines(vec![line("1", 100_000_000)]));
    of(&lines(vec![worth(Money::rub(0))]));
    of(&|case| {
        let quantity = Quantity::from_thousandths(2_000);
        case.prior.lines.push(UsedLine::new("1".into(), quantity, Money::rub(20_000), "r-1".into()));
        case.command.lines = Some(vec![line("1", 1)]);
    });
    said
}

/// A refund of everything of an order of two packets of tea and 1.5 kg of honey, 650.15 in all.
struct Case {
    command: RefundCommand,
    payment: Payment,
    prior: Prior,
}

impl Case {
    fn new() -> Self {
        let reference = PaymentRef {
            provider: ProviderId::from_static("acme"),
            account: AccountId::parse("shop").expect("valid"),
            payment: PaymentId::parse("1").expect("valid"),
        };
        let sold = |position: &str, name: &str, thousandths, price| Line {
            price: Some(Money::rub(price)),
            ..Line::new(position, name, Quantity::from_thousandths(thousandths))
        };
        let data = Opaque::cut("acme/payment@1", Vec::new());
        let mut payment = Payment::new(Money::rub(65_015), PaymentState::Captured, data);
        payment.refunded = Some(Money::rub(0));
        let lines = vec![sold("1", "Чай", 2_000, 10_000), sold("2", "Мёд", 1_500, 30_010)];
        payment.cart = Some(Cart { lines });
        let command = RefundCommand::new(reference, RefundAmount::Full);
        Self { command, payment, prior: Prior::none(Currency::RUB) }
    }

    fn violations(&self) -> Vec<Message> {
        let policy = CartPolicy::new(CartNeed::OrdersWithCart);
        let found = rules::check(&self.command, &self.payment, &self.prior, &policy);
        let found = match found {
            Ok(checked) => checked.warnings().to_vec(),
            Err(found) => found.as_slice().to_vec(),
        };
        found.into_iter().map(|violation| violation.message).collect()
    }
}
