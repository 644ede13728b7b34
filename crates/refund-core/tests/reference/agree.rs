//! Both opinions of one case side by side, and a failing case made small enough to read.

use crate::{
    case::Case,
    documents::{self, Accepted, Binding, Broken, Opinion},
    generate,
    mutate::{Aspect, Mutation},
    open,
    seeded::Seeded,
};
use refund_core::{
    CartPolicy, CheckedLine, CheckedRefund, Violation,
    rules::{self, CoreRule, RuleSet, Severity},
};
use rust_decimal::Decimal;
use std::fmt::Write as _;

/// A case in the making: the seed of a valid refund and what is then changed in it.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) seed: u64,
    pub(crate) mutations: Vec<Mutation>,
}

impl Recipe {
    /// Half of all cases are left valid.
    pub(crate) fn from_seed(seed: u64) -> Self {
        let seeded = &mut Seeded::new(seed ^ 0x5EED_0000_0000_0001);
        let changes = if seeded.percent(40) { 0 } else { seeded.pick(&[1, 1, 1, 1, 2, 2, 3]) };
        let mut mutations: Vec<_> = (0..changes).map(|_| Mutation::any(seeded)).collect();
        // No document says which of two order lines of one position is meant; so they are made last, and stay alike.
        mutations.sort_by_key(|mutation| mutation.aspect == Aspect::OrderLineTwice);
        Self { seed, mutations }
    }

    pub(crate) fn case(&self) -> Case {
        let mut case = generate::valid(&mut Seeded::new(self.seed));
        for mutation in &self.mutations {
            mutation.apply(&mut case);
        }
        case
    }
}

/// What the crate under test says of a case.
struct Tested {
    opinion: Opinion,
    /// The report runs in precedence order, and within a rule in order of the lines.
    in_order: bool,
    /// What the cart alone totals, where nothing about it refuses.
    cart_total: Option<i64>,
}

fn tested(case: &Case) -> Tested {
    let policy = policy(case);
    let checked = rules::check(&case.command, &case.payment, &case.prior, &policy);
    let cart_total = rules::check_cart(&case.command, &case.payment, &case.prior, &policy).ok();
    let found = match &checked {
        Ok(checked) => checked.warnings(),
        Err(violations) => violations.as_slice(),
    };
    let opinion = Opinion { broken: named(found), accepted: checked.as_ref().ok().map(accepted) };
    Tested { opinion, in_order: found.is_sorted_by_key(place), cart_total }
}

/// The case's limits with the rules that bind.
pub(crate) fn policy(case: &Case) -> CartPolicy {
    let mut bound = RuleSet::always().with(CoreRule::CartOptionalWhenFull, Severity::Error);
    for rule in CoreRule::ALL {
        bound = match case.bindings.of(rule.def().id.as_str()) {
            Some(Binding::Warns) => bound.with(*rule, Severity::Warning),
            Some(Binding::Refuses) => bound.with(*rule, Severity::Error),
            None => bound,
        };
    }
    case.policy.with_rules(bound)
}

fn accepted(checked: &CheckedRefund) -> Accepted {
    let line = |line: &CheckedLine| {
        let quantity = Decimal::new(line.quantity.thousandths(), 3);
        (line.sold.position.clone(), quantity, Decimal::from(line.amount.minor()))
    };
    let lines = checked.lines().map(|lines| lines.iter().map(line).collect());
    Accepted { amount: Decimal::from(checked.amount().minor()), extent: checked.extent(), lines }
}

fn named(found: &[Violation]) -> Vec<Broken> {
    let binding = |violation: &Violation| match violation.severity {
        Severity::Warning => Binding::Warns,
        Severity::Error => Binding::Refuses,
    };
    let mut broken: Vec<Broken> = found
        .iter()
        .map(|violation| (violation.rule.as_str(), violation.path.clone(), binding(violation)))
        .collect();
    broken.sort();
    broken
}

/// Where a violation stands in a report: its rule, then its line.
fn place(violation: &Violation) -> (Option<usize>, Option<usize>) {
    let rule = rules::ALL.iter().position(|rule| rule.id == violation.rule);
    let index = violation.path.strip_prefix("lines[").and_then(|rest| rest.split(']').next());
    (rule, index.and_then(|index| index.parse().ok()))
}

/// How the crate under test differs from the documents' opinion; nothing where they agree. Cases that differ in the same
/// way have the same kind: the rules that only one of both finds broken, marked by who says so.
pub(crate) fn difference(case: &Case, documents: &Opinion) -> Option<String> {
    let tested = tested(case);
    if tested.opinion != *documents {
        let only = |who: &str, here: &Opinion, there: &Opinion| {
            let alone = here.broken.iter().filter(|broken| !there.broken.contains(broken));
            alone
                .map(|(rule, path, how)| format!("{who} {rule} at {} {how:?}", member(path)))
                .collect::<Vec<_>>()
        };
        let one = only("documents:", documents, &tested.opinion);
        let mut kinds = [one, only("tested:", &tested.opinion, documents)].concat();
        kinds.sort();
        kinds.dedup();
        return Some(if kinds.is_empty() { "what is accepted".to_owned() } else { kinds.join("; ") });
    }
    if !tested.in_order {
        return Some("the order of the report".to_owned());
    }
    the_carts_difference(documents, tested.cart_total)
}

/// Where the check only leaves out what is open, the entry that says so.
pub(crate) fn open_question(case: &Case, documents: &Opinion) -> Option<&'static str> {
    let tested = tested(case);
    let alone = |here: &Opinion, there: &Opinion| {
        let alone = here.broken.iter().filter(|broken| !there.broken.contains(broken));
        alone.cloned().collect::<Vec<_>>()
    };
    let told_alone = alone(&tested.opinion, documents);
    if !told_alone.is_empty() || !tested.in_order {
        return None;
    }
    open::explained(case, &alone(documents, &tested.opinion))
}

/// The same for the check of the cart alone, which answers its total.
fn the_carts_difference(documents: &Opinion, cart_total: Option<i64>) -> Option<String> {
    // What is about a cart that is there; whether there must be one is asked of the whole refund.
    let about_lines = |rule: &str| {
        let whole = ["cart-required", "cart-continues"].contains(&rule);
        rule.starts_with("cart-") && !whole
            || ["order-positions-unique", "items-total-the-sum"].contains(&rule)
    };
    let refused = documents.broken.iter().any(|(rule, _, how)| about_lines(rule) && *how == Binding::Refuses);
    let total =
        |accepted: &Accepted| accepted.lines.iter().flatten().map(|(.., money)| *money).sum::<Decimal>();
    match (cart_total, &documents.accepted) {
        (Some(_), _) if refused => Some("the cart alone is accepted".to_owned()),
        (None, Some(_)) => Some("the cart alone is refused".to_owned()),
        (Some(alone), Some(accepted)) if Decimal::from(alone) != total(accepted) => {
            Some("the cart's total".to_owned())
        }
        _ => None,
    }
}

/// A path without its line's number.
fn member(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A disagreement for a person: the case as small as it gets, and who says what.
pub(crate) fn report(recipe: &Recipe) -> String {
    let kind = kind(&recipe.case());
    let recipe = fewer_mutations(recipe, &kind);
    let case = smaller(recipe.case(), &kind);
    let (documents, tested) = (documents::opinion(&case), tested(&case).opinion);
    let mut text = format!("seed {}, changed {:?}; made small:\n\n{case}\n\n", recipe.seed, recipe.mutations);
    let missing = |here: &Opinion, there: &Opinion| {
        here.broken.iter().filter(|broken| !there.broken.contains(broken)).cloned().collect::<Vec<_>>()
    };
    let _ = writeln!(text, "only the documents' reading: {:?}", missing(&documents, &tested));
    let _ = writeln!(text, "only the crate under test:   {:?}", missing(&tested, &documents));
    let _ = writeln!(text, "documents: {documents:?}\ntested:    {tested:?}");
    text
}

fn kind(case: &Case) -> Option<String> {
    difference(case, &documents::opinion(case))
}

fn fewer_mutations(recipe: &Recipe, same: &Option<String>) -> Recipe {
    let mut recipe = recipe.clone();
    let mut at = 0;
    while at < recipe.mutations.len() {
        let mut fewer = recipe.clone();
        fewer.mutations.remove(at);
        match kind(&fewer.case()) == *same {
            true => recipe = fewer,
            false => at += 1,
        }
    }
    recipe
}

/// Leaves out what does not matter to this kind of disagreement, until nothing more can go.
fn smaller(mut case: Case, same: &Option<String>) -> Case {
    loop {
        let next = simpler(&case).into_iter().find(|simpler| kind(simpler) == *same);
        match next {
            Some(next) => case = next,
            None => return case,
        }
    }
}

/// The same case with one thing less.
fn simpler(case: &Case) -> Vec<Case> {
    let mut simpler = Vec::new();
    let mut with = |change: &dyn Fn(&mut Case)| {
        let mut changed = case.clone();
        change(&mut changed);
        // A shape without equality (rules from outside are functions): the same words are the same case.
        if changed.to_string() != case.to_string() {
            simpler.push(changed);
        }
    };
    let lines = case.command.lines.as_ref().map_or(0, Vec::len);
    let sold = case.cart().map_or(0, |cart| cart.lines.len());
    // Halves first, then one by one.
    for part in [lines / 2, 1] {
        for at in (0..lines).step_by(part.max(1)) {
            with(&|case| {
                case.command.lines.iter_mut().for_each(|l| drop(l.drain(at..(at + part).min(lines))))
            });
        }
    }
    for part in [sold / 2, 1] {
        for at in (0..sold).step_by(part.max(1)) {
            with(&|case| {
                case.cart_mut().into_iter().for_each(|c| drop(c.lines.drain(at..(at + part).min(sold))))
            });
        }
    }
    for at in 0..case.prior.lines.len() {
        with(&|case| drop(case.prior.lines.remove(at)));
    }
    with(&|case| case.command.order = case.command.order.take().filter(|_| case.payment.cart.is_none()));
    with(&|case| case.payment.points = None);
    with(&|case| case.payment.refunded = None);
    with(&|case| case.command.penalty = None);
    with(&|case| case.prior.done = refund_core::Money::zero(case.prior.done.currency()));
    with(&|case| case.prior.open = refund_core::Money::zero(case.prior.open.currency()));
    with(&|case| case.policy = CartPolicy::new(case.policy.needed));
    with(&|case| case.bindings = documents::Bindings::sber());
    with(&|case| {
        case.cart_mut().into_iter().flat_map(|c| &mut c.lines).for_each(|l| l.refunded = Default::default())
    });
    for at in 0..lines.min(20) {
        let each = |change: fn(&mut refund_core::RefundLine)| {
            move |case: &mut Case| case.command.lines.iter_mut().for_each(|lines| change(&mut lines[at]))
        };
        with(&each(|line| line.name = None));
        with(&each(|line| line.code = None));
        with(&each(|line| line.measure = None));
        with(&each(|line| line.currency = None));
        with(&each(|line| line.price = None));
    }
    simpler
}
