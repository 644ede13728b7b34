//! Cuts secrets and card numbers out of a gateway's words before anybody sees or keeps them.
//!
//! The password travels in the form, so a gateway or an edge that quotes the request quotes the password. Shared by the
//! dialects. It must not know requests or replies.

use refund_core::outcome::sanitize;
use secrecy::{ExposeSecret, SecretString};

const MASK: &str = "***";

/// Knows the forms in which a password may come back: as it is, form-encoded, as JSON or HTML text.
pub(crate) struct Redactor {
    forms: Vec<SecretString>,
}

impl Redactor {
    /// Looks for this password.
    pub(crate) fn new(password: &SecretString) -> Self {
        let plain = password.expose_secret();
        let form: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let json = serde_json::Value::from(plain).to_string();
        let json = json[1..json.len() - 1].to_owned();
        let html =
            plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let mut forms = vec![plain.to_owned(), form.replace('+', "%20"), form, ascii_json(&json), json, html];
        forms.retain(|form| !form.is_empty());
        // Longest first, so that no form is broken by a shorter one inside it.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self { forms: forms.into_iter().map(SecretString::from).collect() }
    }

    /// The text without the password and without card numbers, made safe to show, at most `limit` characters.
    pub(crate) fn clean(&self, text: &str, limit: usize) -> String {
        let mut text = text.to_owned();
        for form in &self.forms {
            text = cut(text, form.expose_secret());
        }
        sanitize(&mask_digits(&text), limit)
    }
}

/// JSON text whose letters beyond ASCII are escaped, as some servers write it.
fn ascii_json(json: &str) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::with_capacity(json.len()), |mut out, c| {
        match c.is_ascii() {
            true => out.push(c),
            false => out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"))),
        }
        out
    })
}

/// Masks every occurrence, and one that the text's end cuts off (from three characters on). Capitals do not matter:
/// `%D0` and `%d0` are one letter.
fn cut(text: String, secret: &str) -> String {
    let (folded, secret) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (at, found) in folded.match_indices(&secret) {
        out.extend([&text[done..at], MASK]);
        done = at + found.len();
    }
    let rest = &folded[done..];
    let starts = secret.char_indices().map(|(at, _)| at).skip(3);
    match starts.filter(|at| rest.ends_with(&secret[..*at])).last() {
        Some(tail) => out.extend([&text[done..text.len() - tail], MASK]),
        None => out.push_str(&text[done..]),
    }
    out
}

/// Of every run of 13 to 19 digits, which a card number is, only the last four stay.
fn mask_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (run, after) = digits.split_at(length);
        out.push_str(before);
        match length {
            13..=19 => out.extend([MASK, &run[length - 4..]]),
            _ => out.push_str(run),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str, text: &str, expected: &str) {
        let redactor = Redactor::new(&SecretString::from(password));
        assert_eq!(redactor.clean(text, 200), expected, "{text}");
    }

    #[test]
    fn a_quoted_password_is_cut_out_in_every_form() {
        check("pa%s&w+d \"1", "plain pa%s&w+d \"1 end", "plain *** end");
        check(
            "pa%s&w+d \"1",
            "userName=u&password=pa%25s%26w%2Bd+%221&orderId=1",
            "userName=u&password=***&orderId=1",
        );
        check("pa%s&w+d \"1", "pa%25s%26w%2Bd%20%221", "***");
        check("pa%s&w+d \"1", r#"{"p":"pa%s&w+d \"1"}"#, r#"{"p":"***"}"#);
        check("pa%s&w+d \"1", "<b>pa%s&amp;w+d &quot;1</b>", "<b>***</b>");
        check("пароль", "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C и пароль", "*** и ***");
        check(
            "пароль",
            r"\u043f\u0430\u0440\u043E\u043b\u044C %d0%bf%d0%b0%d1%80%d0%be%d0%bb%d1%8c",
            "*** ***",
        );
        // One form inside another: the longest is cut first.
        check("%25", "p=%2525&q", "p=***&q");
        check("secret-canary", "secret-canarySECRET-CANARY twice", "****** twice");
        check("secret-canary", "cut off: secret-can", "cut off: ***");
        check("secret-canary", "no secret here: se", "no secret here: se");
    }

    #[test]
    fn card_numbers_keep_four_digits() {
        check("x1y2", "card 4111111111111111, 2202 and 133300128092", "card ***1111, 2202 and 133300128092");
        check("x1y2", "1234567890123 4567890123456789012", "***0123 ***9012");
        check("x1y2", "12345678901234567890", "12345678901234567890");
    }

    #[test]
    fn the_text_cannot_play_tricks_and_is_cut() {
        let redactor = Redactor::new(&SecretString::from("x1y2"));
        assert_eq!(redactor.clean("a\u{1b}[31m\nb", 200), "a[31mb");
        assert_eq!(redactor.clean("абвгд", 3), "абв");
    }
}
