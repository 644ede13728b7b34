//! `additionalOfdParams`: receipt fields beyond the lines, one flat JSON object with dotted names.
//!
//! Each dotted name is a literal member (REPORTED, five independent codebases); telephones are arrays, everything else
//! a text (CONFIRMED, Sber, refund.do). Names and lengths are that document's. What the values mean, and which of them
//! belong together, is not judged here.

use refund_core::format::{Class, Format, Length, Mismatch};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{collections::BTreeMap, fmt};

/// Checked receipt fields, at least one.
#[derive(Clone, PartialEq, Eq)]
pub struct OfdParams(BTreeMap<&'static str, (Shape, Vec<String>)>);

/// Why a receipt field cannot be sent. Values are not shown: they may be personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfdParamsError {
    /// The document has no such name.
    #[error("refund.do knows no receipt field of this name")]
    Unknown,
    /// Not one value, where the field takes one; or none at all.
    #[error("{found} values are given, the field takes {takes}")]
    Count {
        /// How many there are.
        found: usize,
        /// `1`, or `1 or more`.
        takes: &'static str,
    },
    /// A value that misses its format.
    #[error("value {index} is not {format}")]
    Format {
        /// Which value, counted from 1.
        index: usize,
        /// The field's format.
        format: Format,
        /// How it misses it.
        mismatch: Mismatch,
    },
}

/// Whether a field is a text or an array of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Array,
}

struct Field {
    name: &'static str,
    shape: Shape,
    format: Format,
}

const fn text(name: &'static str, format: Format) -> Field {
    Field { name, shape: Shape::Text, format }
}

const fn phones(name: &'static str) -> Field {
    Field { name, shape: Shape::Array, format: Format::ans_up_to(19) }
}

/// Digits, exactly so many.
const fn digits(length: usize) -> Format {
    Format::new(Class::N, Length::Exact(length))
}

/// The document gives no length for these.
const LONG: Format = Format::ans_up_to(256);

/// The document's table (CONFIRMED, Sber, refund.do). Where a type printed there would forbid what the field is for, a
/// wider one stands: `cashier` is printed A..256, Latin letters without a space; numbers of acts hold letters; a
/// company's INN has ten digits.
const FIELDS: [Field; 35] = [
    text("agent_info.type", Format::n_up_to(2)),
    text("agent_info.paying.operation", Format::ans_up_to(24)),
    phones("agent_info.paying.phones"),
    phones("agent_info.paymentsOperator.phones"),
    text("agent_info.MTOperator.address", LONG),
    text("agent_info.MTOperator.inn", Format::n_up_to(12)),
    text("agent_info.MTOperator.name", Format::ans_up_to(64)),
    phones("agent_info.MTOperator.phones"),
    phones("supplier_info.phones"),
    // The two below are not in the document; the vendor's plugins send them (REPORTED).
    text("supplier_info.inn", Format::n_up_to(12)),
    text("supplier_info.name", LONG),
    text("cashier", LONG),
    text("cashier_inn", Format::n_up_to(12)),
    text("additional_check_props", Format::ans_up_to(16)),
    text("additional_user_props.name", Format::ans_up_to(24)),
    text("additional_user_props.value", Format::ans_up_to(24)),
    text("client.address", LONG),
    text("client.birth_date", Format::ans_exact(10)),
    text("client.citizenship", digits(3)),
    text("client.document_code", digits(2)),
    text("client.passport_number", Format::ans_up_to(11)),
    text("client.email", Format::ans_up_to(64)),
    text("client.phone", Format::ans_up_to(19)),
    text("client.inn", Format::n_up_to(12)),
    text("client.name", LONG),
    text("operatingCheckProps.name", LONG),
    text("operatingCheckProps.timestamp", Format::ans_exact(19)),
    text("operatingCheckProps.value", Format::ans_up_to(64)),
    text("sectoralCheckProps.date", Format::ans_exact(10)),
    text("sectoralCheckProps.federalId", LONG),
    text("sectoralCheckProps.number", Format::ans_up_to(32)),
    text("sectoralCheckProps.value", LONG),
    text("company.automat_number", Format::ans_up_to(20)),
    text("company.location", Format::ans_up_to(243)),
    text("company.payment_address", Format::ans_up_to(243)),
];

impl OfdParams {
    /// Takes fields by name; `None` when there are none.
    ///
    /// # Errors
    /// Every field that cannot be sent, by name, in the order of the names.
    pub fn parse(
        fields: &BTreeMap<String, Vec<String>>,
    ) -> Result<Option<Self>, Vec<(&str, OfdParamsError)>> {
        let (mut taken, mut wrong) = (BTreeMap::new(), Vec::new());
        for (name, values) in fields {
            match field(name, values) {
                Ok(field) => drop(taken.insert(field.name, (field.shape, values.clone()))),
                Err(error) => wrong.push((name.as_str(), error)),
            }
        }
        match (wrong.is_empty(), taken.is_empty()) {
            (true, true) => Ok(None),
            (true, false) => Ok(Some(Self(taken))),
            (false, _) => Err(wrong),
        }
    }

    /// Compact JSON text, names in order.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a map of texts is always JSON")
    }
}

fn field(name: &str, values: &[String]) -> Result<&'static Field, OfdParamsError> {
    let field = FIELDS.iter().find(|field| field.name == name).ok_or(OfdParamsError::Unknown)?;
    let (fits, takes) = match field.shape {
        Shape::Text => (values.len() == 1, "1"),
        Shape::Array => (!values.is_empty(), "1 or more"),
    };
    if !fits {
        return Err(OfdParamsError::Count { found: values.len(), takes });
    }
    for (index, value) in values.iter().enumerate() {
        let format = field.format;
        format.check(value).map_err(|mismatch| OfdParamsError::Format {
            index: index + 1,
            format,
            mismatch,
        })?;
    }
    Ok(field)
}

impl Serialize for OfdParams {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, (shape, values)) in &self.0 {
            match shape {
                Shape::Text => map.serialize_entry(name, &values.concat())?,
                Shape::Array => map.serialize_entry(name, values)?,
            }
        }
        map.end()
    }
}

impl fmt::Debug for OfdParams {
    /// The names alone: values may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &[(&str, &[&str])]) -> Result<String, String> {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let fields: BTreeMap<_, _> =
            fields.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect();
        match OfdParams::parse(&fields) {
            Ok(params) => Ok(params.map_or("nothing".to_owned(), |params| params.to_json())),
            Err(wrong) => Err(wrong
                .iter()
                .map(|(name, error)| format!("{name}: {error}"))
                .collect::<Vec<_>>()
                .join("; ")),
        }
    }

    #[test]
    fn one_flat_object_with_dotted_names() {
        let fields: &[(&str, &[&str])] = &[
            ("cashier", &["Иванов И.И."]),
            ("agent_info.type", &["6"]),
            ("supplier_info.phones", &["+74957444401", "+74957444402"]),
            ("client.email", &["a@b.ru"]),
        ];
        let json = parse(fields).expect("fine");
        insta::assert_snapshot!(json, @r#"{"agent_info.type":"6","cashier":"Иванов И.И.","client.email":"a@b.ru","supplier_info.phones":["+74957444401","+74957444402"]}"#);
        assert_eq!(parse(&[]), Ok("nothing".to_owned()));
        // One telephone is an array too.
        assert_eq!(
            parse(&[("supplier_info.phones", &["+7"])]),
            Ok(r#"{"supplier_info.phones":["+7"]}"#.to_owned())
        );
    }

    #[test]
    fn every_name_of_the_document_is_known_once() {
        let names: std::collections::BTreeSet<_> = FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), FIELDS.len());
        let arrays: Vec<_> = FIELDS.iter().filter(|f| f.shape == Shape::Array).map(|f| f.name).collect();
        assert_eq!(
            arrays.join(" "),
            "agent_info.paying.phones agent_info.paymentsOperator.phones \
             agent_info.MTOperator.phones supplier_info.phones"
        );
    }

    #[test]
    fn what_is_wrong_is_told_without_the_value() {
        let check = |fields: &[(&str, &[&str])], expected: &str| {
            assert_eq!(parse(fields), Err(expected.to_owned()));
        };
        check(&[("chef", &["canary"])], "chef: refund.do knows no receipt field of this name");
        // Names are compared as they are spelled.
        check(&[("Cashier", &["canary"])], "Cashier: refund.do knows no receipt field of this name");
        check(&[("cashier", &[])], "cashier: 0 values are given, the field takes 1");
        check(&[("cashier", &["canary", "b"])], "cashier: 2 values are given, the field takes 1");
        check(
            &[("supplier_info.phones", &[])],
            "supplier_info.phones: 0 values are given, the field takes 1 or more",
        );
        check(&[("client.citizenship", &["64"])], "client.citizenship: value 1 is not N3");
        check(&[("client.citizenship", &["64a"])], "client.citizenship: value 1 is not N3");
        let long = "7".repeat(20);
        check(&[("supplier_info.phones", &["+7", &long])], "supplier_info.phones: value 2 is not ANS..19");
        check(
            &[("company.location", &[&"ж".repeat(244)]), ("cashier_inn", &["1"]), ("x", &["y"])],
            "company.location: value 1 is not ANS..243; x: refund.do knows no receipt field of this name",
        );
        assert!(parse(&[("company.location", &[&"ж".repeat(243)])]).is_ok());
        let private = [("client.email".to_owned(), vec!["canary@b.ru".to_owned()])].into();
        let params = OfdParams::parse(&private);
        assert_eq!(format!("{params:?}"), r#"Ok(Some({"client.email"}))"#);
    }
}
