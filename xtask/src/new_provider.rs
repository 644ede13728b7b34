//! `cargo xtask new-provider NAME`: the skeleton of a provider, from `xtask/templates/provider`.
//!
//! The template is a crate that compiles under the name `newgate`; writing it means putting another name in its place.
//! It must not know what a provider does.

use crate::{
    Result,
    run::{Line, say},
    workspace,
};
use std::{fs, path::Path};

/// The template's files, from its folder.
const FILES: &[&str] = &[
    "Cargo.toml",
    "src/lib.rs",
    "src/descriptor.rs",
    "src/rules.rs",
    "src/wire.rs",
    "src/provider.rs",
    "tests/conformance.rs",
    "tests/gateway/mod.rs",
];

/// Writes `crates/provider-NAME` and says what is left to do by hand.
///
/// # Errors
/// A name that cannot be one, a folder that exists, a file that cannot be written.
pub(crate) fn write(name: &str) -> Result {
    let name = Name::parse(name)?;
    let folder = workspace::root().join("crates").join(name.package());
    if folder.exists() {
        return Err(format!("{} exists already", folder.display()).into());
    }
    write_into(&folder, &name)?;
    let package = name.package();
    // Another name is longer or shorter than the template's.
    Line::new(&format!("cargo fmt --package {package}")).run()?;
    say(&format!("crates/{package} is written. By hand, so that somebody decides it:"));
    say(&format!("  Cargo.toml, [workspace.dependencies]: {package} = {{ path = \"crates/{package}\" }}"));
    say(&format!(
        "  xtask/src/arrows.rs, HOUSE: place(2, \"{package}\", &[\"receipts-ofd\", \"refund-core\"], BENCH),"
    ));
    say("  crates/refund-cli: its Cargo.toml and its list of providers, once the kit passes");
    say(&format!(
        "Then `cargo test -p {package}` says what is missing; docs/guides/adding-a-provider.md helps."
    ));
    Ok(())
}

fn write_into(folder: &Path, name: &Name) -> Result {
    let template = workspace::root().join("xtask/templates/provider");
    for file in FILES {
        let text = fs::read_to_string(template.join(file)).map_err(|error| format!("{file}: {error}"))?;
        let target = folder.join(file);
        fs::create_dir_all(target.parent().expect("every file lies in a folder"))?;
        fs::write(&target, name.put_into(&text)).map_err(|error| format!("{}: {error}", target.display()))?;
    }
    Ok(())
}

/// A provider's name: lower-case letters, digits and hyphens, as `ProviderId` wants it.
#[derive(Debug, PartialEq, Eq)]
struct Name(String);

impl Name {
    fn parse(text: &str) -> Result<Self> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let words = text.split('-').all(|word| word.starts_with(|first: char| first.is_ascii_lowercase()));
        match text.len() {
            1..=32 if words && text.bytes().all(allowed) => Ok(Self(text.to_owned())),
            _ => Err(format!(
                "{text:?} cannot be a provider's name: 1 to 32 lower-case letters, digits and hyphens, every word \
                 beginning with a letter, for example `paypoint-v2`"
            )
            .into()),
        }
    }

    /// The crate: `provider-paypoint-v2`.
    fn package(&self) -> String {
        format!("provider-{}", self.0)
    }

    /// The type: `PaypointV2`.
    fn camel(&self) -> String {
        let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
        self.0.split('-').map(capital).collect()
    }

    /// The template's text under this name.
    fn put_into(&self, text: &str) -> String {
        let snake = self.0.replace('-', "_");
        let text = text.replace("provider_newgate", &format!("provider_{snake}"));
        let text = text.replace("newgate_passes", &format!("{snake}_passes"));
        let text = text.replace("let newgate =", "let provider =").replace("&newgate,", "&provider,");
        text.replace("Newgate", &self.camel()).replace("newgate", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{path::PathBuf, process::Command};

    /// The folder for trying it out: a workspace of its own inside `target`, so that nothing here changes.
    fn trial() -> PathBuf {
        workspace::root().join("target/new-provider")
    }

    /// The root manifest with one member and with our own crates where they really are.
    fn root_manifest(member: &str) -> String {
        let root = workspace::root();
        let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace has a manifest");
        let lines = manifest.lines().filter(|line| !line.starts_with("exclude"));
        let moved = lines.map(|line| match line {
            line if line.starts_with("members") => format!("members = [\"{member}\"]"),
            line => line.replace("path = \"crates/", &format!("path = \"{}/crates/", root.display())),
        });
        moved.collect::<Vec<_>>().join("\n")
    }

    /// Runs cargo there, on what is downloaded and built already.
    fn cargo(words: &[&str]) -> (bool, String) {
        let output = Command::new("cargo")
            .args(words)
            .args(["--offline", "--quiet"])
            .current_dir(trial())
            .env("CARGO_TARGET_DIR", workspace::root().join("target"))
            .env("RUST_BACKTRACE", "0")
            .output()
            .expect("cargo can be started");
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (output.status.success(), text.concat())
    }

    #[test]
    fn the_skeleton_compiles_and_its_kit_run_fails_for_the_right_reasons() {
        let name = Name::parse("pay-point").expect("a name");
        let _ = fs::remove_dir_all(trial());
        write_into(&trial().join("provider-pay-point"), &name).unwrap_or_else(|error| panic!("{error}"));
        fs::write(trial().join("Cargo.toml"), root_manifest("provider-pay-point"))
            .expect("target can be written");
        fs::copy(workspace::root().join("Cargo.lock"), trial().join("Cargo.lock"))
            .expect("there is a lock file");

        let (passed, told) = cargo(&["test", "--test", "conformance"]);
        assert!(!passed, "nothing is written yet, and yet the kit passes:\n{told}");
        assert!(!told.contains("error[") && !told.contains("warning:"), "it does not compile:\n{told}");
        // A finished provider that promises as little passes the 7 and the 42; the 8 are for gateways with more.
        assert!(told.contains("7 passed, 42 failed, 8 skipped"), "{told}");
        let failed: Vec<_> = told.lines().filter(|line| line.starts_with("FAILED  ")).collect();
        assert_eq!(failed.len(), 42, "{told}");
        for line in failed {
            assert!(line.contains("write wire::decode_payment"), "it fails for another reason: {line}");
        }
    }

    #[test]
    fn names_are_parsed_and_put_in_place() {
        let name = Name::parse("paypoint-v2").expect("a name");
        assert_eq!((name.package().as_str(), name.camel().as_str()), ("provider-paypoint-v2", "PaypointV2"));
        let text = "use provider_newgate::Newgate; \"newgate/refund@1\"";
        assert_eq!(name.put_into(text), "use provider_paypoint_v2::PaypointV2; \"paypoint-v2/refund@1\"");
        for wrong in ["", "Pay", "pay point", "-pay", "pay-", "2pay", "pay--x", "оплата", &"a".repeat(33)]
        {
            assert!(Name::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn every_file_of_the_template_is_written() {
        let root = workspace::root().join("xtask/templates/provider");
        let walk = walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.expect("it can be read"));
        let files = walk.filter(|entry| entry.file_type().is_file());
        let mut found: Vec<_> = files
            .map(|entry| entry.path().strip_prefix(&root).expect("below it").to_string_lossy().into_owned())
            .collect();
        let mut listed: Vec<_> = FILES.iter().map(|file| (*file).to_owned()).collect();
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
    }
}
