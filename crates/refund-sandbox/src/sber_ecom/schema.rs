//! Strict JSON: which members an object has, of which type, characters and length.
//!
//! Knows shapes, not meanings. A member nobody lists, one given twice, another JSON type: each is a
//! violation with its path (CONFIRMED limits, ecomtest; strictness REPORTED, third-party issue thread).

use crate::text::json::{Members, array, number, string};
use crate::text::number::scaled;

/// Which characters a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// `^[ -~]*$`
    Ascii,
    /// `^[ -~А-Яа-яЁё№]*$`: no «», no long dash, no letters of other languages.
    Txt,
    Digits,
    /// `^[A-Za-z0-9-_ ]+$`
    Login,
    /// `^[a-z]+$`
    LowerCase,
    /// `^[a-f0-9\-]+$`
    Uuid,
    /// `^[A-F0-9-]+$`
    UpperHex,
    /// A space-padded number, `^[0-9 ]+$`: tax numbers of agents and suppliers are padded to twelve.
    PaddedDigits,
    /// `+` and digits.
    Phone,
    /// Letters.
    Latin,
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Self::Ascii => matches!(c, ' '..='~'),
            Self::Txt => matches!(c, ' '..='~' | 'А'..='Я' | 'а'..='я' | 'Ё' | 'ё' | '№'),
            Self::Digits => c.is_ascii_digit(),
            Self::Login => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '),
            Self::LowerCase => c.is_ascii_lowercase(),
            Self::Uuid => matches!(c, 'a'..='f' | '0'..='9' | '-'),
            Self::UpperHex => matches!(c, 'A'..='F' | '0'..='9' | '-'),
            Self::PaddedDigits => c.is_ascii_digit() || c == ' ',
            Self::Phone => c.is_ascii_digit() || c == '+',
            Self::Latin => c.is_ascii_alphabetic(),
        }
    }
}

/// What a value looks like.
pub(super) enum Shape {
    /// A string of so many characters of a class.
    Text(usize, usize, Class),
    /// One of these strings.
    Word(&'static [&'static str]),
    /// A number written as an integer.
    Integer(u64, u64),
    /// A number of at most three decimals, up to so many thousandths.
    Thousandths(u64),
    /// A number of any form, up to this integer.
    Number(u64),
    Flag,
    Object(&'static [Member]),
    /// An object that has these members and any others.
    Open(&'static [Member]),
    /// An array of at least one and at most so many of these.
    List(&'static Shape, usize),
}

/// One member of an object.
pub(super) struct Member {
    pub(super) name: &'static str,
    need: Need,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Mandatory,
    Optional,
}

/// A mandatory member.
pub(super) const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, need: Need::Mandatory, shape }
}

/// A member that may be left out.
pub(super) const fn may(name: &'static str, shape: Shape) -> Member {
    Member { name, need: Need::Optional, shape }
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// `orderBundle.cartItems.items[0].name`
    pub(super) path: String,
    pub(super) what: Wrong,
    /// Whether the member at the path is mandatory where it stands.
    pub(super) need: Need,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A mandatory member is not there.
    Missing,
    /// A member nobody lists.
    Unknown,
    /// Another JSON type than the schema's, or a member twice.
    Type,
    /// Characters, length or range.
    Value,
}

/// Checks an object; the first violation in the schema's order, unknown members last.
pub(super) fn check(text: &str, members: &'static [Member]) -> Result<(), Violation> {
    object(text, members, "", Need::Mandatory, Others::Refused)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Refused,
    Taken,
}

fn object(
    text: &str,
    members: &'static [Member],
    path: &str,
    need: Need,
    others: Others,
) -> Result<(), Violation> {
    let wrong = |what| Violation { path: path.to_owned(), what, need };
    let given = Members::parse(text).ok_or_else(|| wrong(Wrong::Type))?;
    for member in members {
        let path = if path.is_empty() { member.name.to_owned() } else { format!("{path}.{}", member.name) };
        match given.get(member.name) {
            Some(value) => fits(value, &member.shape, &path, member.need)?,
            None if member.need == Need::Mandatory => {
                return Err(Violation { path, what: Wrong::Missing, need: Need::Mandatory });
            }
            None => {}
        }
    }
    let names: Vec<&str> = members.iter().map(|member| member.name).collect();
    match given.stranger(&names) {
        Some(name) if others == Others::Refused => {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            Err(Violation { path, what: Wrong::Unknown, need: Need::Optional })
        }
        _ => Ok(()),
    }
}

fn fits(value: &str, shape: &'static Shape, path: &str, need: Need) -> Result<(), Violation> {
    let wrong = |what| Violation { path: path.to_owned(), what, need };
    let verdict = |good: bool| if good { Ok(()) } else { Err(wrong(Wrong::Value)) };
    let text = || string(value).ok_or_else(|| wrong(Wrong::Type));
    let token = || number(value).ok_or_else(|| wrong(Wrong::Type));
    match shape {
        Shape::Text(from, to, class) => {
            let text = text()?;
            let length = text.chars().count();
            verdict((*from..=*to).contains(&length) && text.chars().all(|c| class.has(c)))
        }
        Shape::Word(words) => verdict(words.contains(&text()?.as_str())),
        Shape::Integer(from, to) => {
            // `1.0` and `1e0` are numbers, but no integers of a typed reader.
            let digits = token()?;
            let integer = digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.starts_with('-');
            if !integer || digits.contains(['.', 'e', 'E']) {
                return Err(wrong(Wrong::Type));
            }
            verdict(digits.parse().is_ok_and(|number: u64| (from..=to).contains(&&number)))
        }
        Shape::Thousandths(to) => {
            let number = scaled(token()?, 3);
            verdict(number.is_ok_and(|thousandths| thousandths <= *to))
        }
        Shape::Number(to) => {
            verdict(scaled(token()?, 2).is_ok_and(|hundredths| hundredths <= to.saturating_mul(100)))
        }
        Shape::Flag => {
            if matches!(value, "true" | "false") {
                Ok(())
            } else {
                Err(wrong(Wrong::Type))
            }
        }
        Shape::Object(members) => object(value, members, path, need, Others::Refused),
        Shape::Open(members) => object(value, members, path, need, Others::Taken),
        Shape::List(shape, most) => {
            let elements = array(value).ok_or_else(|| wrong(Wrong::Type))?;
            verdict((1..=*most).contains(&elements.len()))?;
            let mut elements = elements.into_iter().enumerate();
            elements.try_for_each(|(at, element)| fits(element, shape, &format!("{path}[{at}]"), need))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: Shape =
        Shape::Object(&[must("n", Shape::Integer(0, 9)), may("t", Shape::Text(1, 3, Class::Txt))]);
    static SCHEMA: [Member; 6] = [
        must("id", Shape::Text(2, 2, Class::Uuid)),
        may("list", Shape::List(&ITEM, 2)),
        may("q", Shape::Thousandths(99_999_999)),
        may("flag", Shape::Flag),
        may("word", Shape::Word(&["sell"])),
        may("open", Shape::Open(&[may("k", Shape::Text(1, 2, Class::Ascii))])),
    ];

    #[test]
    fn the_first_violation_is_found_with_its_path() {
        let row = |text: &str| check(text, &SCHEMA).map_err(|wrong| (wrong.path, wrong.what));
        let bad = |path: &str, what| Err((path.to_owned(), what));
        for (text, expected) in [
            (r#"{"id":"a1"}"#, Ok(())),
            (
                r#"{"id":"a1","list":[{"n":0},{"n":9,"t":"№Ёж"}],"q":99999.999,"flag":true,"word":"sell","open":{"k":"x","z":[1]}}"#,
                Ok(()),
            ),
            ("[]", bad("", Wrong::Type)),
            (r#"{"id":"a1","id":"a1"}"#, bad("", Wrong::Type)),
            ("{}", bad("id", Wrong::Missing)),
            (r#"{"id":null}"#, bad("id", Wrong::Type)),
            (r#"{"id":"A1"}"#, bad("id", Wrong::Value)),
            (r#"{"id":"a"}"#, bad("id", Wrong::Value)),
            (r#"{"id":"a1","x":1}"#, bad("x", Wrong::Unknown)),
            (r#"{"id":"a1","ID":"a1"}"#, bad("ID", Wrong::Unknown)),
            (r#"{"id":"a1","list":[]}"#, bad("list", Wrong::Value)),
            (r#"{"id":"a1","list":[{"n":1},{"n":1},{"n":1}]}"#, bad("list", Wrong::Value)),
            (r#"{"id":"a1","list":{}}"#, bad("list", Wrong::Type)),
            (r#"{"id":"a1","list":[{"n":1},{}]}"#, bad("list[1].n", Wrong::Missing)),
            (r#"{"id":"a1","list":[{"n":1.0}]}"#, bad("list[0].n", Wrong::Type)),
            (r#"{"id":"a1","list":[{"n":"1"}]}"#, bad("list[0].n", Wrong::Type)),
            (r#"{"id":"a1","list":[{"n":-1}]}"#, bad("list[0].n", Wrong::Value)),
            (r#"{"id":"a1","list":[{"n":10}]}"#, bad("list[0].n", Wrong::Value)),
            (r#"{"id":"a1","list":[{"n":1,"n":1}]}"#, bad("list[0]", Wrong::Type)),
            (r#"{"id":"a1","list":[{"n":1,"t":"«»"}]}"#, bad("list[0].t", Wrong::Value)),
            (r#"{"id":"a1","list":[{"n":1,"t":"їжак"}]}"#, bad("list[0].t", Wrong::Value)),
            (r#"{"id":"a1","q":100000}"#, bad("q", Wrong::Value)),
            (r#"{"id":"a1","q":0.0001}"#, bad("q", Wrong::Value)),
            (r#"{"id":"a1","q":"1"}"#, bad("q", Wrong::Type)),
            (r#"{"id":"a1","flag":1}"#, bad("flag", Wrong::Type)),
            (r#"{"id":"a1","word":"SELL"}"#, bad("word", Wrong::Value)),
            (r#"{"id":"a1","open":{"k":"xyz"}}"#, bad("open.k", Wrong::Value)),
        ] {
            assert_eq!(row(text), expected, "{text}");
        }
    }
}
