//! `application/x-www-form-urlencoded`, read strictly.
//!
//! A broken escape or a byte sequence that is not UTF-8 is an error here, not a guess: a client that
//! sends one has an encoding bug, and the sandbox is where it should show.

/// Decoded parameters in the order they came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

/// A `%` without two hex digits behind it, or a name or value that does not decode to UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadEncoding;

impl Form {
    pub(crate) fn parse(text: &[u8]) -> Result<Self, BadEncoding> {
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(at + 1..).unwrap_or_default();
            Ok((decode(&pair[..at])?, decode(value)?))
        });
        decoded.collect::<Result<_, _>>().map(Form)
    }

    /// The first value of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of that ASCII name in any case.
    pub(crate) fn get_ignoring_case(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a name that occurs exactly once.
    pub(crate) fn single(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// Whether some name occurs more than once.
    pub(crate) fn has_duplicates(&self) -> bool {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// One name or value: `+` is a space, `%XX` a byte, the rest stands for itself.
fn decode(text: &[u8]) -> Result<String, BadEncoding> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let [high, low, ..] = tail else { return Err(BadEncoding) };
                bytes.push(hex(*high)? << 4 | hex(*low)?);
                rest = &tail[2..];
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| BadEncoding)
}

fn hex(digit: u8) -> Result<u8, BadEncoding> {
    let value = char::from(digit).to_digit(16).ok_or(BadEncoding)?;
    u8::try_from(value).map_err(|_| BadEncoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Result<Vec<(String, String)>, BadEncoding> {
        Form::parse(text.as_bytes()).map(|form| form.0)
    }

    #[test]
    fn a_form_is_decoded_byte_for_byte() {
        let expected = [("a", "1 2"), ("b", "шт."), ("c", ""), ("d", ""), ("e", "x=y")];
        let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(pairs("a=1+2&b=%D1%88%D1%82.&&c=&d&e=x=y"), Ok(expected));
    }

    #[test]
    fn broken_escapes_and_broken_utf8_are_errors() {
        for text in ["a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%D1"] {
            assert_eq!(pairs(text), Err(BadEncoding), "{text}");
        }
        assert_eq!(Form::parse(b"a=\xff"), Err(BadEncoding));
    }

    #[test]
    fn a_repeated_name_is_seen() {
        let form = Form::parse(b"a=1&b=2&a=3").unwrap();
        assert!(form.has_duplicates());
        assert_eq!((form.get("a"), form.single("a"), form.single("b")), (Some("1"), None, Some("2")));
    }
}
