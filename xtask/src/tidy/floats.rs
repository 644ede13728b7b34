//! No floating-point number anywhere in the crates: 0.1 + 0.2 is not 0.3, and money meets every one of them.
//!
//! Clippy bans the types where it sees them; this also looks into macros and at suffixes of literals.

use super::{assert_none, rust_files};
use proc_macro2::{TokenStream, TokenTree};
use std::str::FromStr;

/// Files that may name a float, with the reason.
const ALLOWED: &[(&str, &str)] = &[];

#[test]
fn no_source_names_a_float() {
    let files = rust_files();
    let sources = files.iter().filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/"));
    let mut found = Vec::new();
    for file in sources {
        let tokens =
            TokenStream::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let floats = floats(tokens);
        let allowed = ALLOWED.iter().any(|(path, _)| *path == file.path);
        if !floats.is_empty() && !allowed {
            found.push(format!("{}: {}; count in integers", file.path, floats.join(", ")));
        }
        if floats.is_empty() && allowed {
            found.push(format!("{}: names no float; take it off the list", file.path));
        }
    }
    for (path, reason) in ALLOWED {
        assert!(
            !reason.is_empty() && files.iter().any(|file| file.path == *path),
            "{path}: gone, or no reason given"
        );
    }
    assert_none(&found);
}

/// Names and literals of floating-point types, not counting comments and strings.
fn floats(tokens: TokenStream) -> Vec<String> {
    let is_float = |text: &str| {
        let suffixed = text.ends_with("f32") || text.ends_with("f64");
        suffixed
            && (text.len() == 3
                || text.starts_with(|first: char| first.is_ascii_digit()) && !text.starts_with("0x"))
    };
    let mut found = Vec::new();
    for token in tokens {
        let text = match token {
            TokenTree::Group(group) => {
                found.extend(floats(group.stream()));
                continue;
            }
            TokenTree::Ident(name) => name.to_string(),
            TokenTree::Literal(literal) => literal.to_string(),
            TokenTree::Punct(_) => continue,
        };
        if is_float(&text) {
            found.push(text);
        }
    }
    found
}

#[test]
fn the_check_finds_what_it_is_for() {
    let found = |source: &str| floats(TokenStream::from_str(source).expect("it is Rust"));
    assert_eq!(found("fn f(a: f64) { m! { b as f32, 1f64, 1.5f32 } }"), ["f64", "f32", "1f64", "1.5f32"]);
    assert_eq!(found("/// f64\nfn f() { \"f64\"; 0xf64; try_f64; as_f64(); } // f32"), Vec::<String>::new());
}
