//! Rules and policies that come from outside.

use crate::case::{Case, breaks};
use refund_core::{
    CartPolicy, Message, MessageDef, Money, Violation,
    rules::{CoreRule, Evidence, Findings, Rule, RuleDef, Severity, View},
};

static RULE: RuleDef = RuleDef {
    severity: Severity::Warning,
    ..RuleDef::new("shop-large-refund", Evidence::Confirmed, MESSAGES, "our own rule, CONFIRMED")
};
static LARGE: MessageDef = MessageDef {
    id: "shop-large-refund",
    en: "{ $asked } of { $left } asked: ask the head of finance.",
    ru: "Запрошено { $asked } из { $left }: согласуйте с финансовым директором.",
};
const MESSAGES: &[&MessageDef] = &[&LARGE];

/// Refunds above this are told of.
struct Large(i64);

impl Rule for Large {
    fn def(&self) -> &'static RuleDef {
        &RULE
    }

    fn check(&self, view: &View<'_>, found: &mut Findings) {
        let asked = view.asked();
        if asked.minor() > self.0 {
            let message = Message::new(&LARGE).with("asked", asked).with("left", view.remaining());
            found.push(Violation::new(&RULE, "amount", message).with_given(asked));
        }
    }
}

static LARGE_AT_100: Large = Large(10_000);
static EXTRA: [&dyn Rule; 1] = [&LARGE_AT_100];

fn with_extra(case: Case) -> Case {
    case.but(|case| case.policy = case.policy.with_extra(&EXTRA))
}

#[test]
fn a_rule_from_outside_runs_after_the_cores_and_is_as_bad_as_it_says() {
    assert_eq!(with_extra(Case::good()).broken(), [""; 0], "100.00 exactly");
    let larger = with_extra(Case::good()).but(|case| {
        case.asks(10_001);
        case.line(0).amount = Some(Money::rub(10_001));
    });
    let checked = larger.check().expect("it only warns");
    assert_eq!(checked.warnings().len(), 1);
    assert_eq!(
        (checked.warnings()[0].severity, checked.warnings()[0].path.as_str()),
        (Severity::Warning, "amount")
    );
    let both = larger.but(|case| breaks(CoreRule::CartLineInOrder, case));
    assert_eq!(both.broken(), ["cart-line-in-order", "shop-large-refund"]);
}

#[test]
fn a_rule_from_outside_sees_the_joined_lines() {
    struct Sees;
    impl Rule for Sees {
        fn def(&self) -> &'static RuleDef {
            &RULE
        }
        fn check(&self, view: &View<'_>, found: &mut Findings) {
            for line in view.lines() {
                let told = format!(
                    "{} {:?} {:?} {:?}",
                    line.index(),
                    line.amount(),
                    line.quantity_left(),
                    line.amount_left(),
                );
                assert_eq!(told, "0 Some(100.00 RUB) Some(1.5) Some(199.99 RUB)");
                assert_eq!(line.sold().map(|sold| sold.name.as_str()), Some("Чай"));
                found.push(Violation::new(&RULE, line.path("name"), Message::new(&LARGE)));
            }
        }
    }
    static SEES: [&dyn Rule; 1] = [&Sees];
    let case = Case::good().but(|case| {
        case.policy = case.policy.with_extra(&SEES);
        case.prior.lines = vec![crate::case::used("1", 500, 1, "k-1")];
    });
    assert_eq!(case.check().expect("it only warns").warnings()[0].path, "lines[0].name");
}

#[test]
fn a_policy_lists_every_rule_that_binds() {
    static OWN: RuleDef = RuleDef::new("acme-minimum", Evidence::Confirmed, MESSAGES, "Acme, CONFIRMED");
    const OWN_RULES: &[&RuleDef] = &[&OWN];
    let policy: CartPolicy = Case::good().policy.with_extra(&EXTRA).with_own_rules(OWN_RULES);
    let bound: Vec<_> = policy.bindings().map(|(rule, severity)| format!("{} {severity}", rule.id)).collect();
    assert_eq!(bound.len(), CoreRule::ALL.len() + 2);
    assert_eq!(bound[CoreRule::ALL.len()..], ["shop-large-refund warning", "acme-minimum error"]);
    assert!(format!("{policy:?}").contains("shop-large-refund"));
}
