//! Secrets never leave their files: not to stdout, stderr, the journal's bytes or any other file.

use crate::shop::{LANGUAGES, OP_KEY, Shop};
use std::{fs, path::Path};

/// What must not be found: the passwords, and the beginning of every signed token.
const CANARIES: [&str; 7] = [
    "password2-test",
    "password3-test",
    "demo-password",
    "canary-wrong-2",
    "canary-wrong-3",
    "canary-wrong-sber",
    "eyJ",
];

fn clean(text: &str, wherefrom: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} in {wherefrom}: {text}");
    }
}

/// Every file of the folder but the secrets themselves.
fn clean_files(folder: &Path) -> usize {
    let files = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut seen = 0;
    for file in files.filter(|file| !["p2", "p3", "sp"].iter().any(|name| file.ends_with(name))) {
        clean(&String::from_utf8_lossy(&fs::read(&file).expect("readable")), &file.display().to_string());
        seen += 1;
    }
    seen
}

#[tokio::test]
async fn no_flow_shows_a_secret() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let (rk, sber) = (shop.robokassa("rk-50", Some("50.00")), shop.sber("sber-all", None));
        let lost = shop.robokassa("lost", Some("1.00"));
        let mut shown = String::new();
        let lines = [
            format!("create {rk} --dry-run -v"),
            format!("create {rk} --yes -v"),
            "status rk-50 -v".to_owned(),
            "show rk-50 -v".to_owned(),
            "show rk-50 -v --output json".to_owned(),
            format!("create {sber} --yes -v"),
            "show sber-all -v".to_owned(),
            "list -v".to_owned(),
        ];
        for line in &lines {
            shown += &shop.run(line).await.shown();
        }
        shop.fault("robokassa", "refund", "truncate").await;
        shown += &shop.run(&format!("create {lost} --yes -v")).await.shown();
        shown += &shop.run("show lost -v").await.shown();
        assert!(shown.contains(OP_KEY), "the requests were shown, only without secrets");
        clean(&shown, "what was shown");
        assert!(clean_files(shop.path()) >= 5, "settings, requests, the journal");
        let journal = fs::read(shop.file("journal.sqlite")).expect("the journal");
        assert!(journal.len() > 4_096, "there is something to look through");
    }
}

#[tokio::test]
async fn wrong_secrets_are_not_repeated_in_the_complaint() {
    for lang in LANGUAGES {
        let shop = Shop::open(lang).await;
        let (rk, sber) = (shop.robokassa("rk-50", Some("50.00")), shop.sber("sber-all", None));
        shop.secret("p2", "canary-wrong-2");
        shop.secret("sp", "canary-wrong-sber");
        for file in [&rk, &sber] {
            let ran = shop.run(&format!("create {file} --yes -v")).await;
            assert_eq!(ran.code, 4, "{ran:?}");
            clean(&ran.shown(), "the complaint");
        }
        // A wrong signing key is found out only by sending.
        shop.secret("p2", "password2-test");
        shop.secret("p3", "canary-wrong-3");
        let ran = shop.run(&format!("create {rk} --yes -v")).await;
        assert_eq!(ran.code, 5, "{ran:?}");
        clean(&ran.shown(), "the refusal");
        clean(&shop.run("show rk-50 -v").await.shown(), "the history");
        clean_files(shop.path());
    }
}

/// Who knows a Robokassa request's id may ask for its state: it is masked wherever a person reads it.
#[tokio::test]
async fn a_gateways_reference_is_masked() {
    let shop = Shop::open("en").await;
    let file = shop.robokassa("rk-50", Some("50.00"));
    assert_eq!(shop.run(&format!("create {file} --yes")).await.code, 0);
    assert_eq!(shop.run("status rk-50").await.code, 0);
    for line in ["show rk-50 -v", "show rk-50 -v --output json"] {
        let shown = shop.run(line).await.out;
        let masked = shown.match_indices(&"*".repeat(32)).count();
        assert!(masked >= 3, "in the answer, as the reference, in the status: {shown}");
        let words = shown.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
        let bare = words.filter(|word| word.len() == 36 && word.matches('-').count() == 4 && *word != OP_KEY);
        assert_eq!(bare.count(), 0, "{shown}");
    }
}
