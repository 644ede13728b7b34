//! Settings: which source wins, where relative paths begin, which profile is taken, where secrets come from.

use refund_core::AccountId;
use refund_desk::{
    Kind, Problem,
    settings::{Environment, Profile, Settings},
};
use secrecy::ExposeSecret as _;
use std::{collections::BTreeMap, fs, path::PathBuf};

/// A user's folder and a project's, with a settings file each.
struct Files {
    user: tempfile::TempDir,
    project: tempfile::TempDir,
}

impl Files {
    fn new(user: &str, project: &str) -> Self {
        let files = Self {
            user: tempfile::tempdir().expect("a folder"),
            project: tempfile::tempdir().expect("a folder"),
        };
        fs::write(files.user.path().join("config.toml"), user).expect("written");
        fs::write(files.project.path().join("refund.toml"), project).expect("written");
        files
    }

    fn read(&self, environment: &[(&str, &str)]) -> Result<Settings, Problem> {
        let files: Vec<PathBuf> =
            vec![self.user.path().join("config.toml"), self.project.path().join("refund.toml")];
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Settings::read(&files, environment.iter().map(owned).collect::<BTreeMap<_, _>>())
    }
}

fn profile(name: &str, gateway: &str, environment: &str) -> String {
    let url = if environment == "sandbox" { "url = \"http://127.0.0.1:1\"\n" } else { "" };
    format!(
        "[profiles.{name}]\ngateway = \"{gateway}\"\naccount = \"shop\"\nenvironment = \"{environment}\"\n{url}"
    )
}

#[test]
fn the_environment_outranks_the_project_and_the_project_the_user() {
    let user = format!("lang = \"en\"\njournal = \"user.sqlite\"\n{}", profile("shop", "acme", "test"));
    let files = Files::new(&user, "journal = \"project.sqlite\"\n[profiles.shop]\naccount = \"project\"\n");
    let settings = files.read(&[]).expect("good");
    assert_eq!(settings.lang.as_deref(), Some("en"), "only the user says");
    assert_eq!(settings.journal, Some(files.project.path().join("project.sqlite")));
    assert_eq!(settings.profiles()["shop"].account, AccountId::parse("project").expect("valid"));

    let settings = files
        .read(&[
            ("REFUND_LANG", "ru"),
            ("REFUND_JOURNAL", "environment.sqlite"),
            ("REFUND_PROFILES__SHOP__ACCOUNT", "environment"),
            ("REFUND_ACTOR", "anna"),
            ("REFUND_SECRET_SHOP_PASSWORD", "s"),
            ("UNRELATED", "x"),
        ])
        .expect("good");
    assert_eq!(settings.lang.as_deref(), Some("ru"));
    assert_eq!(settings.journal, Some(PathBuf::from("environment.sqlite")), "not a path of any file");
    assert_eq!(settings.profiles()["shop"].account, AccountId::parse("environment").expect("valid"));
}

#[test]
fn a_relative_path_begins_where_it_is_written() {
    let user = format!("journal = \"j\"\n{}ca_file = \"ca.pem\"\n", profile("shop", "acme", "test"));
    let files = Files::new(
        &user,
        "[profiles.other]\ngateway = \"acme\"\naccount = \"b\"\nenvironment = \"test\"\nca_file = \"ca.pem\"\n",
    );
    let settings = files.read(&[]).expect("good");
    assert_eq!(settings.journal, Some(files.user.path().join("j")));
    assert_eq!(settings.profiles()["shop"].ca_file, Some(files.user.path().join("ca.pem")));
    assert_eq!(settings.profiles()["other"].ca_file, Some(files.project.path().join("ca.pem")));
}

#[test]
fn a_misspelt_setting_is_refused_wherever_it_stands() {
    let check = |project: &str, environment: &[(&str, &str)], code: &str, place: &str| {
        let files = Files::new("", project);
        let problem = files.read(environment).expect_err(project);
        let found = (problem.kind, problem.code(), problem.place.as_deref().unwrap_or("").to_owned());
        let place = place.replace("PROJECT", &files.project.path().join("refund.toml").display().to_string());
        assert_eq!(found, (Kind::Configuration, code, place), "{:?}", problem.message);
    };
    let shop = profile("shop", "acme", "test");
    check("juornal = \"x\"", &[], "field-unknown", "");
    check("", &[("REFUND_JUORNAL", "x")], "settings-unknown-variable", "REFUND_JUORNAL");
    check("[profiles", &[], "settings-syntax", "PROJECT");
    check(&format!("{shop}acount = \"x\""), &[], "field-unknown", "profiles.shop");
    check(&shop.replace("test", "prod"), &[], "field-word", "profiles.shop.environment");
    check(&shop.replace("\"shop\"", "\"\""), &[], "profile-length", "profiles.shop.account");
    check(&format!("{shop}url = \"ftp://x\""), &[], "profile-url", "profiles.shop.url");
    let sandbox = profile("shop", "acme", "sandbox");
    check(
        &sandbox.replace("url = \"http://127.0.0.1:1\"\n", ""),
        &[],
        "profile-sandbox-url",
        "profiles.shop.url",
    );
    for elsewhere in [
        "example.com",
        "127.0.0.1.example.com",
        "127.0.0.1@example.com",
        "127.0.0.1:80@example.com",
        "10.0.0.1",
    ] {
        let text = sandbox.replace("127.0.0.1", elsewhere);
        check(&text, &[], "profile-sandbox-loopback", "profiles.shop.url");
    }
}

#[test]
fn two_profiles_of_one_account_are_refused() {
    let both = format!("{}{}", profile("a", "acme", "test"), profile("b", "acme", "live"));
    let problem = Files::new("", &both).read(&[]).expect_err("one account, two places");
    assert_eq!((problem.kind, problem.code()), (Kind::Configuration, "profiles-same-account"));
    let other = both.replacen("\"acme\"", "\"other\"", 1);
    assert!(Files::new("", &other).read(&[]).is_ok(), "the same name at another gateway is another account");
}

#[test]
fn a_secret_in_the_settings_is_refused_and_not_repeated() {
    let shop = profile("shop", "acme", "test");
    for inline in [
        "secrets = { password = \"hunter2\" }",
        "secrets = { password = { value = \"hunter2\" } }",
        "secrets = { password = { env = \"hunter2\" } }",
        "secrets = { password = { file = \"x\", env = \"HUNTER2\" } }",
        "secrets = { password = [\"hunter2\"] }",
    ] {
        let problem = Files::new("", &format!("{shop}{inline}\n")).read(&[]).expect_err(inline);
        assert_eq!(problem.code(), "secret-misplaced", "{inline}");
        assert_eq!(problem.place.as_deref(), Some("profiles.shop.secrets.password"));
        assert!(!format!("{problem:?}").to_lowercase().contains("hunter2"), "{inline}: {problem:?}");
    }
    let variable = [("REFUND_PROFILES__SHOP__SECRETS__PASSWORD", "hunter2")];
    let problem = Files::new("", &shop).read(&variable).expect_err("a secret in the wrong variable");
    assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
}

#[test]
fn a_profile_says_where_its_refunds_are_made() {
    let origin = |kind: &str, more: &str| {
        let text = format!("{}{more}", profile("shop", "acme", kind));
        Files::new("", &text).read(&[]).expect("good").profiles()["shop"].origin()
    };
    assert_eq!(origin("sandbox", ""), "sandbox");
    assert_eq!(origin("test", ""), "test -");
    assert_eq!(origin("live", ""), "live -");
    assert_eq!(origin("live", "url = \"https://proxy.example:8443/pay?x\"\n"), "live proxy.example:8443");
}

#[test]
fn which_profile_is_taken() {
    let check = |profiles: &[(&str, &str, &str)], named: Option<&str>, expected: Result<&str, &str>| {
        let one = |(name, gateway, kind): &(&str, &str, &str)| {
            profile(name, gateway, kind).replace("\"shop\"", &format!("\"shop-{name}\""))
        };
        let text: String = profiles.iter().map(one).collect();
        let settings = Files::new("", &text).read(&[]).expect("good");
        let chosen = settings.choose("acme", named);
        let found = chosen.as_ref().map(|profile| profile.name.as_str()).map_err(Problem::code);
        assert_eq!(found, expected, "{profiles:?} {named:?}");
    };
    let (live, test) = (("l", "acme", "live"), ("t", "acme", "test"));
    check(&[test], None, Ok("t"));
    check(&[test, ("x", "other", "test")], None, Ok("t"));
    check(&[live], None, Err("profile-live"));
    check(&[live], Some("l"), Ok("l"));
    check(&[live, test], None, Err("profile-several"));
    check(&[live, test], Some("t"), Ok("t"));
    check(&[test], Some("z"), Err("profile-not-found"));
    check(&[test, ("x", "other", "test")], Some("x"), Err("profile-other-gateway"));
    check(&[("x", "other", "test")], None, Err("gateway-not-configured"));
    check(&[], None, Err("no-profiles"));
}

#[cfg(unix)]
#[test]
fn secrets_come_from_a_private_file_or_the_environment() {
    use std::os::unix::fs::PermissionsExt as _;
    let text = format!(
        "{}secrets = {{ a = {{ file = \"a\" }}, b = {{ env = \"B_VARIABLE\" }}, d = {{ file = \"none\" }} }}\n",
        profile("my-shop", "acme", "test")
    );
    let files = Files::new(&text, "");
    let path = files.user.path().join("a");
    let write = |text: &str, mode| {
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
    };
    let environment = [("B_VARIABLE", "from b"), ("REFUND_SECRET_MY_SHOP_C", "from c")];
    let settings = files.read(&environment).expect("good");
    let shop: &Profile = &settings.profiles()["my-shop"];
    assert_eq!(shop.environment, Environment::Test);
    let secret = |name: &str| {
        let found = shop.secret(name).map(|secret| secret.expose_secret().to_owned());
        found.map_err(|problem| {
            assert_eq!(
                (problem.kind, problem.place.clone()),
                (Kind::Configuration, Some(format!("profiles.my-shop.secrets.{name}")))
            );
            assert!(!format!("{problem:?}").contains("from "), "{problem:?}");
            problem.code()
        })
    };
    for (written, read) in
        [("from a\n", "from a"), ("from a\r\n", "from a"), (" from a ", " from a "), ("a\n\n", "a\n")]
    {
        write(written, 0o600);
        assert_eq!(secret("a"), Ok(read.to_owned()), "{written:?}");
    }
    assert_eq!(secret("b"), Ok("from b".to_owned()));
    assert_eq!(secret("c"), Ok("from c".to_owned()));
    assert_eq!(secret("d"), Err("secret-no-file"));
    assert_eq!(secret("e"), Err("secret-missing"));
    for mode in [0o640, 0o604, 0o660, 0o644] {
        write("from a", mode);
        assert_eq!(secret("a"), Err("secret-readable-by-others"), "{mode:o}");
    }
    write("\n", 0o600);
    assert_eq!(secret("a"), Err("secret-empty"));
    write(&"x".repeat(70_000), 0o600);
    assert_eq!(secret("a"), Err("secret-unreadable"));
    let shown = format!("{settings:?}");
    assert!(!shown.contains("from b") && !shown.contains("from c"), "{shown}");
}
