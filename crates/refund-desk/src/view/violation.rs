//! A broken rule or a warning for programs, schema `refund/violation@1`: the same keys in every document that has one.
//!
//! The sentence itself is added by whoever knows the language. It must not know any single rule.

use refund_core::{
    Violation,
    rules::{Allowed, Suggestion, Value},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The schema of [`ViolationView`].
pub const VIOLATION_SCHEMA: &str = "refund/violation@1";

/// One broken rule or warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ViolationView {
    /// The schema of this object.
    pub schema: &'static str,
    /// The rule's stable id.
    pub rule: &'static str,
    /// `error` or `warning`, as the gateway's policy has it.
    pub severity: &'static str,
    /// Where in the request: `amount`, `lines[3].quantity`.
    pub path: String,
    /// The stable id of the sentence.
    pub message: &'static str,
    /// The values of the sentence by name, as it shows them.
    pub values: BTreeMap<&'static str, String>,
    /// What was given, where that is a value.
    pub given: Option<ValueView>,
    /// What would be allowed in its place.
    pub allowed: Option<AllowedView>,
    /// The keys of the earlier refunds that used up what is missing.
    pub taken_by: Vec<String>,
    /// The one correction there is, where there is exactly one. It is only offered.
    pub suggestion: Option<SuggestionView>,
}

/// A value with its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueView {
    /// `money`, `quantity`, `count` or `text`.
    pub kind: &'static str,
    /// Money in major units (`"150.00"`), a quantity with at most three decimals, digits, or the text.
    pub value: String,
    /// The currency's letter code, of money alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
}

/// What is allowed: exactly one value, a range open at one side or none, or one of several. Only what there is stands
/// here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AllowedView {
    /// Exactly this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<ValueView>,
    /// This and more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<ValueView>,
    /// This and less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<ValueView>,
    /// One of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<ValueView>,
}

/// A value that would obey the rule, and where it would stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuggestionView {
    /// Where.
    pub path: String,
    /// What.
    #[serde(flatten)]
    pub value: ValueView,
}

impl ViolationView {
    /// The view of a violation.
    pub fn of(violation: &Violation) -> Self {
        let suggested = |Suggestion { path, value }: &Suggestion| SuggestionView {
            path: path.clone(),
            value: ValueView::of(value),
        };
        Self {
            schema: VIOLATION_SCHEMA,
            rule: violation.rule.as_str(),
            severity: violation.severity.as_str(),
            path: violation.path.clone(),
            message: violation.message.def().id,
            values: violation.message.args().iter().cloned().collect(),
            given: violation.given.as_ref().map(ValueView::of),
            allowed: violation.allowed.as_ref().map(AllowedView::of),
            taken_by: violation.taken_by.clone(),
            suggestion: violation.suggestion.as_ref().map(suggested),
        }
    }
}

impl ValueView {
    fn of(value: &Value) -> Self {
        let (printed, currency) = match value {
            Value::Money(money) => (money.to_major_string(), Some(money.currency().code())),
            other => (other.to_string(), None),
        };
        Self { kind: value.kind(), value: printed, currency }
    }
}

impl AllowedView {
    fn of(allowed: &Allowed) -> Self {
        let (none, some) = (Self::default(), |value| Some(ValueView::of(value)));
        match allowed {
            Allowed::Only(value) => Self { only: some(value), ..none },
            Allowed::AtMost(most) => Self { most: some(most), ..none },
            Allowed::AtLeast(least) => Self { least: some(least), ..none },
            Allowed::Between(least, most) => Self { least: some(least), most: some(most), ..none },
            Allowed::OneOf(values) => Self { one_of: values.iter().map(ValueView::of).collect(), ..none },
            // A kind of bound that came later than this schema: the sentence tells it.
            _ => none,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use refund_core::{
        Message, MessageDef, Money, Quantity,
        rules::{Evidence, RuleDef},
    };
    use serde_json::json;

    static RULE: RuleDef = RuleDef::new("some-rule", Evidence::Guess, &[&MESSAGE], "nobody's word");
    static MESSAGE: MessageDef = MessageDef { id: "some-rule", en: "{ $asked }", ru: "{ $asked }" };

    fn view(change: impl Fn(Violation) -> Violation) -> serde_json::Value {
        let message = Message::new(&MESSAGE).with("asked", "2");
        let violation = change(Violation::new(&RULE, "lines[0].quantity", message));
        serde_json::to_value(ViolationView::of(&violation)).expect("JSON")
    }

    #[test]
    fn the_whole_form_is_pinned() {
        let two = Quantity::from_thousandths(2_000);
        let left = Quantity::from_thousandths(1_500);
        let full = view(|violation| {
            let violation = violation.with_given(two).with_allowed(Allowed::AtMost(left.into()));
            violation.with_taken_by(vec!["k-1".to_owned()]).with_suggestion(Some(left.into()))
        });
        let expected = json!({
            "schema": "refund/violation@1",
            "rule": "some-rule",
            "severity": "error",
            "path": "lines[0].quantity",
            "message": "some-rule",
            "values": { "asked": "2" },
            "given": { "kind": "quantity", "value": "2" },
            "allowed": { "most": { "kind": "quantity", "value": "1.5" } },
            "taken_by": ["k-1"],
            "suggestion": { "path": "lines[0].quantity", "kind": "quantity", "value": "1.5" },
        });
        assert_eq!(full, expected);
        let bare = view(|violation| violation);
        assert_eq!(
            (&bare["given"], &bare["allowed"], &bare["taken_by"], &bare["suggestion"]),
            (&json!(null), &json!(null), &json!([]), &json!(null))
        );
    }

    #[test]
    fn every_bound_has_its_keys_and_money_its_currency() {
        let (one, two) = (Value::from(Money::rub(1)), Value::from(Money::rub(65_015)));
        let printed = |value: &str| json!({ "kind": "money", "value": value, "currency": "RUB" });
        let (least, most) = (printed("0.01"), printed("650.15"));
        for (allowed, expected) in [
            (Allowed::Only(two.clone()), json!({ "only": most })),
            (Allowed::AtMost(two.clone()), json!({ "most": most })),
            (Allowed::AtLeast(one.clone()), json!({ "least": least })),
            (Allowed::Between(one.clone(), two.clone()), json!({ "least": least, "most": most })),
            (Allowed::OneOf(vec![one, two]), json!({ "one_of": [least, most] })),
        ] {
            assert_eq!(view(|violation| violation.with_allowed(allowed.clone()))["allowed"], expected);
        }
        let text = view(|violation| violation.with_given(Value::text("Чай ")));
        assert_eq!(text["given"], json!({ "kind": "text", "value": "Чай " }));
    }
}
