//! R3, R5, R9: the receipt as a whole against the money and the sale.

use super::{RefundCheck, roubles};
use crate::{Evidence, MessageDef, RuleDef, Severity, Violation, shown};

pub(super) static SUMS: RuleDef = RuleDef {
    id: "r3-sums",
    severity: Severity::Error,
    messages: &[&DIFFERS],
    evidence: Evidence::Confirmed,
    source: "ATOL v4 and v5: total is the sum of the lines, payments cover it; that it is also the money refunded: GUESS",
};
static DIFFERS: MessageDef = MessageDef {
    id: "ofd-r3-sums",
    en: "{ $path } come to { $value }, the receipt's total is { $limit }.",
    ru: "{ $path }: в сумме { $value }, а итог чека { $limit }.",
};

pub(super) static TAXATION: RuleDef = RuleDef {
    id: "r5-taxation",
    severity: Severity::Error,
    messages: &[&OTHER_SYSTEM],
    evidence: Evidence::Guess,
    source: "a refund mirrors its sale, whatever the merchant is on today",
};
static OTHER_SYSTEM: MessageDef = MessageDef {
    id: "ofd-r5-taxation",
    en: "{ $path } is \"{ $value }\"; the sale was made under \"{ $limit }\".",
    ru: "{ $path }: «{ $value }», а продажа была на системе «{ $limit }».",
};

pub(super) static OWN_KEY: RuleDef = RuleDef {
    id: "r9-own-key",
    severity: Severity::Error,
    messages: &[&SAME_KEY],
    evidence: Evidence::Confirmed,
    source: "ATOL v5, error 33: a key is unique per group of registers, the sale's too",
};
static SAME_KEY: MessageDef = MessageDef {
    id: "ofd-r9-own-key",
    en: "{ $path } { $value } is the key of the sale or of an earlier refund: give every receipt its own.",
    ru: "{ $path } { $value } — это ключ продажи или прежнего возврата: у каждого чека должен быть свой.",
};

pub(super) fn check(check: &RefundCheck<'_>, found: &mut Vec<Violation>) {
    sums(check, found);
    taxation(check, found);
    let keys = [check.sale].into_iter().chain(check.earlier).map(|receipt| &receipt.key);
    if keys.into_iter().any(|key| *key == check.refund.key) {
        let violation = Violation::at_path(&OWN_KEY, &SAME_KEY, "key".to_owned());
        found.push(violation.with("value", shown::plain(&check.refund.key)));
    }
}

fn sums(check: &RefundCheck<'_>, found: &mut Vec<Violation>) {
    let refund = check.refund;
    let lines: u128 = refund.lines.iter().map(|line| u128::from(line.sum)).sum();
    let payments: u128 = refund.payments.iter().map(|(_, sum)| u128::from(*sum)).sum();
    let mut compare = |path: &str, sum: u128| {
        if sum != u128::from(refund.total) {
            let violation = Violation::at_path(&SUMS, &DIFFERS, path.to_owned());
            let value = format!("{}.{:02}", sum / 100, sum % 100);
            found.push(violation.with("value", value).with("limit", roubles(refund.total)));
        }
    };
    compare("lines", lines);
    if !refund.payments.is_empty() {
        compare("payments", payments);
    }
    compare("money", check.money.into());
}

fn taxation(check: &RefundCheck<'_>, found: &mut Vec<Violation>) {
    let (sale, refund) = (check.sale.taxation, check.refund.taxation);
    if let (Some(sale), Some(refund)) = (sale, refund)
        && sale != refund
    {
        let violation = Violation::at_path(&TAXATION, &OTHER_SYSTEM, "taxation".to_owned());
        found.push(violation.with("value", refund.word()).with("limit", sale.word()));
    }
}
