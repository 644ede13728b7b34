//! A request as JSON: read strictly, admitted by its credentials, or answered right away.
//!
//! Knows envelopes: media type, encoding, schema, user and password. Must not know an operation.

use axum::http::StatusCode;

use super::refusal::Refusal;
use super::schema::{self, Class, Member, Need, Shape, Violation, Wrong, may, must};
use crate::call::{Call, Reply, status};
use crate::shops::sber_admits;
use crate::switches::EcomSwitches;
use crate::text::json::{Members, string};

/// Credentials, mandatory in every body (CONFIRMED). The password's 36 are a later page's; the schema of
/// 2024 has 30.
pub(super) const USER: Member = must("userName", Shape::Text(1, 30, Class::Login));
pub(super) const PASSWORD: Member = must("password", Shape::Text(1, 36, Class::Ascii));
pub(super) const LANGUAGE: Member = may("language", Shape::Text(2, 2, Class::LowerCase));
pub(super) const ORDER_ID: Member = must("orderId", Shape::Text(36, 36, Class::Uuid));
/// Sums of requests, in minor units.
pub(super) const SUM: Shape = Shape::Integer(0, 999_999_999_999);
/// Free members and the key a repeat is recognised by.
pub(super) const JSON_PARAMS: Member =
    may("jsonParams", Shape::Open(&[may("externalRefundId", Shape::Text(1, 36, Class::Txt))]));

/// A request that has passed the schema and belongs to a user of the shop.
pub(super) struct Request<'a> {
    members: Members<'a>,
    text: &'a str,
    pub(super) user: String,
}

/// Why there is no request.
pub(super) enum Unreadable {
    /// An answer below the level of error codes.
    Plain(Reply),
    Refused(Refusal),
}

impl<'a> Request<'a> {
    /// Reads a call against a schema.
    ///
    /// Another media type is 415 (GUESS: only 400, 404, 405 and 429 are listed); a body that is no JSON
    /// object, or has a member twice, is 400 (REPORTED) or a code, by switch.
    pub(super) fn open(
        call: &'a Call,
        schema: &'static [Member],
        switches: &EcomSwitches,
    ) -> Result<Self, Unreadable> {
        if !call.is_media_type("application/json") {
            return Err(Unreadable::Plain(Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE)));
        }
        let text = std::str::from_utf8(&call.body).ok();
        let members = text.and_then(|text| Members::parse(text).map(|members| (members, text)));
        let Some((members, text)) = members else {
            let refusal = Refusal::invalid("the body is not one JSON object of single members");
            return Err(match status(switches.malformed_status) {
                StatusCode::OK => Unreadable::Refused(refusal),
                code => Unreadable::Plain(super::reply::at(code, &super::reply::Head::refusal(&refusal))),
            });
        };
        schema::check(text, schema).map_err(|violation| Unreadable::Refused(refusal(&violation)))?;
        let credential = |name: &str| members.get(name).and_then(string).unwrap_or_default();
        let (user, password) = (credential("userName"), credential("password"));
        if !sber_admits(&user, &password) {
            return Err(Unreadable::Refused(Refusal::access_denied()));
        }
        Ok(Self { members, text, user })
    }

    pub(super) fn raw(&self, name: &str) -> Option<&'a str> {
        self.members.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.members.get(name).and_then(string)
    }

    /// An integer; the schema has seen to its range.
    pub(super) fn integer(&self, name: &str) -> Option<u64> {
        self.members.get(name)?.parse().ok()
    }

    /// A member of `jsonParams`.
    pub(super) fn param(&self, name: &str) -> Option<&'a str> {
        Members::parse(self.members.get("jsonParams")?)?.get(name)
    }

    /// The data of the request: everything but its credentials. `None` if it is nested too deep to be
    /// compared with anything.
    pub(super) fn data(&self) -> Option<serde_json::Value> {
        let mut value: serde_json::Value = serde_json::from_str(self.text).ok()?;
        let members = value.as_object_mut()?;
        members.remove("userName");
        members.remove("password");
        Some(value)
    }
}

/// Missing or wrong mandatory parameters are 4, a cart is 8, everything else that is wrong is 5. The
/// texts are CONFIRMED, which case gets which is a GUESS.
fn refusal(violation: &Violation) -> Refusal {
    let path = match violation.what {
        Wrong::Missing => format!("{}: missing", violation.path),
        Wrong::Unknown => format!("{}: no such member", violation.path),
        Wrong::Type => format!("{}: wrong type", violation.path),
        Wrong::Value => format!("{}: wrong characters, length or range", violation.path),
    };
    if violation.path.starts_with("orderBundle.cartItems") {
        Refusal::cart_format(path)
    } else if violation.need == Need::Mandatory {
        Refusal::mandatory(path)
    } else {
        Refusal::invalid(path)
    }
}
